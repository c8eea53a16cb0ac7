"""A learned extractor: trained on the train split, kept in a folder, found again by what it was trained on.

Knows training, folders and taggers as such; a tagger's class says how spans are found.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from conflictwire.corpus import files, load
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document
from conflictwire.extractors.trained import assemble, data
from conflictwire.extractors.trained.links import Links
from conflictwire.model import Article, Prediction, to_json
from conflictwire.reading import Page

MODELS = "CONFLICTWIRE_MODELS"


class Tagger(Protocol):
    """Finds spans; learns them from articles."""

    name: str

    def __init__(self, folder: Path) -> None: ...

    @classmethod
    def train(cls, articles: Sequence[Article], folder: Path) -> None:
        """Learns from articles and writes the model into a folder."""
        ...

    def find(self, page: Page) -> dict[str, list[data.Labelled]]:
        """The spans of a page by track."""
        ...


def models_folder() -> Path:
    """Where trained models are kept: `CONFLICTWIRE_MODELS`, or the user's cache."""
    import platformdirs

    return Path(os.environ.get(MODELS) or Path(platformdirs.user_cache_dir("conflictwire")) / "models")


class Learned:
    """Base of the learned extractors: makes its model where there is none for this train split yet."""

    tagger: type[Tagger]

    def __init__(self, articles: Sequence[Article] | None = None, folder: Path | None = None) -> None:
        """Loads the model, or trains it first.

        Args:
            articles: what to learn from; the train split as far as its text is at hand if left out.
            folder: where the model is or shall be; a folder named by what it learned from if left out.

        Raises:
            UnusableInput: a library of the extra is missing, or no article has text.
        """
        learned_from = list(load.articles("train") if articles is None else articles)
        where = folder or models_folder() / f"{self.tagger.name}-{fingerprint(learned_from)}"
        if not (where / "links.json").is_file():
            self.train(learned_from, where)
        self._tagger = self.tagger(where)
        self._links = Links.load(where / "links.json")

    @classmethod
    def train(cls, articles: Sequence[Article], folder: Path) -> None:
        """Trains and writes a model; a broken-off training leaves nothing that is taken for one.

        Raises:
            UnusableInput: a library of the extra is missing, or no article has text.
        """
        readable = [a for a in articles if a.text is not None]
        if not readable:
            raise UnusableInput("there is nothing to learn from: none of these articles has its text here")
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".training-") as work:
                cls.tagger.train(readable, Path(work))
                files.write_text(Path(work) / "links.json", Links.train(readable).dumps())
                folder.mkdir(exist_ok=True)
                # `links.json` goes first and comes last: with it the model is whole.
                (folder / "links.json").unlink(missing_ok=True)
                for path in sorted(Path(work).iterdir(), key=lambda p: p.name == "links.json"):
                    if (folder / path.name).is_dir():
                        shutil.rmtree(folder / path.name)
                    path.replace(folder / path.name)
        except ModuleNotFoundError as error:
            extra = cls.tagger.name
            raise UnusableInput(f"{extra} needs {error.name}: pip install 'conflictwire[{extra}]'") from error

    def extract(self, document: Document) -> Prediction:
        """The five layers of one document."""
        page = Page(document.text)
        return assemble.prediction(document, page, self._tagger.find(page), self._links)


def fingerprint(articles: Sequence[Article]) -> str:
    """What a model was learned from, in 16 letters: the articles with text and this package's version."""
    digest = hashlib.sha256(version("conflictwire").encode())
    for article in sorted((a for a in articles if a.text is not None), key=lambda a: a.id):
        digest.update(files.json_line(to_json(article)).encode())
    return digest.hexdigest()[:16]
