"""What a user may hand to an extractor: a split, article files, or the plain text or HTML of any article."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from conflictwire import text as texts
from conflictwire.corpus import hydrate, load, strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.formats import tables
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


def articles(value: Any, own_texts: Path | None = None) -> Iterator[Article]:
    """The articles that an INPUT names: a split (or `all`), a file or folder of articles, or rows in memory.

    Raises:
        UnusableInput: none of these, or an article that fails the schema.
    """
    if isinstance(value, str) and value in (*load.SPLITS, "all"):
        yield from load.articles(None if value == "all" else value, texts=own_texts)
        return
    found = [(number, row) for number, row in tables.rows(value)]
    records, made = [], []
    for number, record in found:
        where = f"{value}, row {number}" if number else str(value)
        if isinstance(record, strict.Unreadable):
            raise UnusableInput(f"{where}: {record.message} ({record.hint})")
        try:
            made.append(article_from_json(record))
        except msgspec.ValidationError as error:
            raise UnusableInput(f"{where} is no article: {error}; `conflictwire validate` says more") from error
        records.append(record)
    if own_texts is not None:
        made = [article_from_json(h.record) for h in hydrate.hydrate(records, [own_texts])]
    yield from made


def is_page(value: str) -> bool:
    """Whether an INPUT is the text or HTML of an article, rather than annotated articles."""
    path = Path(value)
    return path.is_file() and path.suffix.lower() not in (".json", ".jsonl")
