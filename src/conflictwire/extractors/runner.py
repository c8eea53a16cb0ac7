"""Runs an extractor over documents: results stream to disk, an article that fails is recorded, a killed run goes on.

A predictions file is JSON lines, one row a document in the order of the documents: `{"id", "extractor",
"document", "prediction"}`, or `"error"` in place of the prediction. `document` is a hash of what the
extractor was shown, so that a row is taken over only for the very same document. What an extractor keeps
beside a prediction (raw answer, usage, placement) stands in the row too.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

from conflictwire import engine
from conflictwire.corpus import files, strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document, Extractor, Outcome, make
from conflictwire.formats import predictions as format
from conflictwire.model import Json, prediction_from_json, to_json

_MADE: dict[str, Extractor] = {}  # one extractor a process: some learn when they are made


def _made(name: str) -> Extractor:
    if name not in _MADE:
        _MADE[name] = make(name)
    return _MADE[name]


def _one(name: str, document: Document) -> Outcome:
    try:
        return Outcome(document.id, _made(name).extract(document))
    except Exception as error:  # whatever an extractor does wrong, the others' work stays
        return Outcome(document.id, None, f"{type(error).__name__}: {error}")


def run(name: str, documents: Iterable[Document], workers: int = 1) -> Iterator[Outcome]:
    """What becomes of each document, in order and as soon as it is known.

    Args:
        name: a registered extractor.
        documents: what to read.
        workers: number of processes; the result is the same for any.

    Raises:
        UnusableInput: no extractor has this name, or a worker was killed.
    """
    made = _made(name)
    if hasattr(made, "extract_all"):  # it knows better than we how many to work on at once
        yield from made.extract_all(list(documents))
        return
    try:
        yield from engine.run(partial(_one, name), documents, workers)
    except BrokenProcessPool as error:
        raise UnusableInput(f"a worker process of {name} was killed; run the same command again to go on") from error


def rows(name: str, documents: Iterable[Document]) -> Iterator[Json]:
    """The rows of a predictions file, one a document, as soon as each is known."""
    for document in documents:
        yield _row(name, _hash(document), _one(name, document))


def run_to_file(
    name: str,
    documents: list[Document],
    out: Path,
    workers: int = 1,
    progress: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Extracts every document into a predictions file; what an earlier, broken-off run finished is kept.

    Each row is on disk as soon as its document is done. Documents that failed before are tried again.
    At the end the file holds one row a document, in order, whatever happened on the way.

    Args:
        name: a registered extractor.
        documents: what to read, each id once.
        out: the file; it may hold rows of an earlier run.
        workers: number of processes; the file is the same for any.
        progress: called for each document, those kept from before included.

    Raises:
        UnusableInput: no extractor has this name, a worker was killed, or `out` holds another extractor's rows.
    """
    hashes = {d.id: _hash(d) for d in documents}
    kept = {row["id"]: row for row in _finished(out, name) if row["document"] == hashes.get(row["id"])}
    made = dict(kept)
    for row in kept.values():
        if progress:
            progress(_outcome(row))
    out.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(out, "".join(files.json_line(r) + "\n" for r in kept.values()))
    with out.open("a", encoding="utf-8") as file:
        for outcome in run(name, (d for d in documents if d.id not in kept), workers):
            made[outcome.id] = _row(name, hashes[outcome.id], outcome)
            file.write(files.json_line(made[outcome.id]) + "\n")
            file.flush()
            if progress:
                progress(outcome)
    if list(made) != [d.id for d in documents]:
        files.write_text(out, "".join(files.json_line(made[d.id]) + "\n" for d in documents))
    return [_outcome(made[d.id]) for d in documents]


def _hash(document: Document) -> str:
    return hashlib.sha256(files.json_line(to_json(document)).encode()).hexdigest()[:16]


def _row(name: str, document: str, outcome: Outcome) -> Json:
    head: Json = {"id": outcome.id, "extractor": name, "document": document, **(outcome.beside or {})}
    if outcome.prediction is None:
        return {**head, "error": outcome.error}
    return {**head, "prediction": format.row(outcome.prediction)["prediction"]}


def _outcome(row: Json) -> Outcome:
    beside = {k: v for k, v in row.items() if k not in ("id", "extractor", "document", "prediction", "error")} or None
    if "error" in row:
        return Outcome(row["id"], None, row["error"], beside)
    return Outcome(row["id"], prediction_from_json({"id": row["id"], **row["prediction"]}), None, beside)


def _finished(out: Path, name: str) -> Iterator[Json]:
    """The rows of a file whose document is done; a last line that was cut off is passed over."""
    if not out.is_file():
        return
    for _, row in strict.records(out):
        if isinstance(row, strict.Unreadable) or not {"id", "document", "prediction"} <= row.keys():
            continue
        if row.get("extractor") != name:
            raise UnusableInput(f"{out} holds predictions of {row.get('extractor')!r}; name another file, or remove it")
        yield row
