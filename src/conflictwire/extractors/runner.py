"""Runs an extractor over documents: an article that fails is recorded and the run goes on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from conflictwire import engine
from conflictwire.extractors.base import Document, Extractor, make
from conflictwire.model import Prediction

_MADE: dict[str, Extractor] = {}  # one extractor a process: some learn when they are made


@dataclass(frozen=True)
class Outcome:
    """What became of one document: its prediction, or the error that stopped the extractor there."""

    id: str
    prediction: Prediction | None
    error: str | None = None


def _one(name: str, document: Document) -> Outcome:
    if name not in _MADE:
        _MADE[name] = make(name)
    try:
        return Outcome(document.id, _MADE[name].extract(document))
    except Exception as error:  # whatever an extractor does wrong, the others' work stays
        return Outcome(document.id, None, f"{type(error).__name__}: {error}")


def run(
    name: str,
    documents: Iterable[Document],
    workers: int = 1,
    progress: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Extracts every document.

    Args:
        name: a registered extractor.
        documents: what to read.
        workers: number of processes; the result is the same for any.
        progress: called after each document.

    Raises:
        UnusableInput: no extractor has this name.
    """
    if name not in _MADE:
        _MADE[name] = make(name)
    outcomes = []
    for outcome in engine.run(partial(_one, name), documents, workers):
        outcomes.append(outcome)
        if progress:
            progress(outcome)
    return outcomes
