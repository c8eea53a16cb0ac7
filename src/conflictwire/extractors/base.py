"""What an extractor is, what it is shown, and how it is found by name.

An extractor sees a `Document`: text and date, never the annotation. Ours register by decorator;
those of other packages by the entry point group `conflictwire.extractors`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import Protocol

from conflictwire.corpus.files import UnusableInput
from conflictwire.model import Article, Json, Prediction, Record

ENTRY_POINTS = "conflictwire.extractors"


class Document(Record, frozen=True):
    """What an extractor may read: the canonical text and what stands around an article."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    publisher: str | None = None


def document(article: Article) -> Document:
    """The document of an article whose text is at hand.

    Raises:
        UnusableInput: a reported article that has not been hydrated.
    """
    if article.text is None:
        raise UnusableInput(f"{article.id} has no text here; give your own copies with --texts")
    return Document(article.id, article.text, article.title, article.published, article.publisher)


@dataclass(frozen=True)
class Outcome:
    """What became of one document: its prediction, or the error that stopped the extractor there.

    `beside` is what else a run keeps of it, such as a model's raw answer, tokens and cost.
    """

    id: str
    prediction: Prediction | None
    error: str | None = None
    beside: Json | None = None


class Extractor(Protocol):
    """Reads one document into a prediction with offsets; layers it does not attempt stay None.

    One that works on many at once also has `extract_all(documents) -> Iterator[Outcome]`, in their order.
    """

    def extract(self, document: Document) -> Prediction:
        """The prediction of one document."""
        ...


class Factory(Protocol):
    """Makes an extractor; its docstring's first line is what `conflictwire extractors` shows."""

    __doc__: str | None

    def __call__(self) -> Extractor:
        """A new extractor, ready to extract."""
        ...


REGISTRY: dict[str, Callable[[], Extractor]] = {}


def extractor(name: str) -> Callable[[type], type]:
    """Registers an extractor class under a name."""

    def register(cls: type) -> type:
        if name in REGISTRY:
            raise ValueError(f"extractor {name!r} is registered twice")
        REGISTRY[name] = cls
        return cls

    return register


def available() -> dict[str, str]:
    """The names of all extractors with one line about each; those of other packages are not loaded for it."""
    lines = {name: (made.__doc__ or "").strip().split("\n")[0] for name, made in REGISTRY.items()}
    outside = {p.name: f"from {p.value}" for p in entry_points(group=ENTRY_POINTS)}
    return {**outside, **lines}


def make(name: str) -> Extractor:
    """The extractor of a name.

    Raises:
        UnusableInput: no extractor is called so; the nearest name is offered.
    """
    if name in REGISTRY:
        return REGISTRY[name]()
    for point in entry_points(group=ENTRY_POINTS):
        if point.name == name:
            made: Extractor = point.load()()
            return made
    close = get_close_matches(name, available(), n=1)
    raise UnusableInput(
        f"no extractor is called {name!r}"
        + (f"; did you mean {close[0]}?" if close else f"; there are {', '.join(available())}")
    )
