"""What a user may hand to an extractor: a split, article files, or the plain text or HTML of any article."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from conflictwire import text as texts
from conflictwire.corpus import hydrate, load
from conflictwire.corpus.files import UnusableInput, read_record
from conflictwire.model import Article, article_from_json


def page_text(path: Path) -> str:
    """The canonical text of a page, as far as it can be told without knowing the article.

    Raises:
        UnusableInput: the file is missing, binary, too large or empty.
    """
    content = hydrate.read_stream(path)
    if content is None:
        raise UnusableInput(f"{path} cannot be read as text")
    raw = hydrate.page(content, path.suffix.lower())
    paragraphs = raw.split("\n\n") if "\n\n" in raw else raw.split("\n")
    text = texts.canonical_text(paragraphs)
    if not text:
        raise UnusableInput(f"{path} holds no text")
    return text


def articles(value: str, own_texts: Path | None = None) -> Iterator[Article]:
    """The articles that an INPUT names: a split (or `all`), an article file, or a folder of them.

    Raises:
        UnusableInput: none of these, or an article that fails the schema.
    """
    if value in (*load.SPLITS, "all"):
        yield from load.articles(None if value == "all" else value, texts=own_texts)
        return
    path = Path(value)
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not files:
        raise UnusableInput(f"{path} holds no .json file")
    records = []
    for file in files:
        record = read_record(file)
        try:
            article_from_json(record)
        except msgspec.ValidationError as error:
            raise UnusableInput(f"{file} is no article: {error}; `conflictwire validate {file}` says more") from error
        records.append(record)
    if own_texts is not None:
        records = [h.record for h in hydrate.hydrate(records, [own_texts])]
    for record in records:
        yield article_from_json(record)


def is_page(value: str) -> bool:
    """Whether an INPUT is the text or HTML of an article, rather than annotated articles."""
    path = Path(value)
    return path.is_file() and path.suffix.lower() not in (".json", ".jsonl")
