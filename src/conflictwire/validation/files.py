"""Level 1: what the strict reader refuses, as findings with a rule each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflictwire.corpus import strict
from conflictwire.corpus.files import UnusableInput
from conflictwire.formats import tables
from conflictwire.validation.findings import Finding, declare

for _code, _explanation in {
    "unreadable-file": "The file cannot be opened: it is missing, a folder, or not readable.",
    "empty-file": "The file holds nothing but white space, so there is no record in it.",
    "too-large": f"The file or line has more than {strict.MAX_BYTES:,} bytes; no record is that large.",
    "not-utf-8": "JSON files are UTF-8 (RFC 8259); these bytes are not.",
    "too-deep": f"Brackets nest more than {strict.MAX_DEPTH} deep; the schema needs 6.",
    "not-json": "The text is not JSON (RFC 8259); the position is where the reader stopped.",
    "duplicate-key": "An object has the same key twice; most readers would silently drop one value.",
    "not-finite": "NaN and Infinity are no JSON numbers, and no field holds them.",
    "number-too-long": f"A number has more than {strict.MAX_DIGITS} digits; no figure in the news has.",
    "lone-surrogate": "A \\uD800-\\uDFFF escape stands alone: it is no character and cannot be stored.",
    "not-an-object": "A record is a JSON object: a list of records goes into a .jsonl file, one a line.",
}.items():
    declare(_code, 1, _explanation)


def finding(problem: strict.Unreadable) -> Finding:
    """The finding of what could not be read."""
    return Finding(problem.code, 1, "error", "", problem.message, problem.hint, line=problem.line)


SUFFIXES = (".json", ".jsonl", ".parquet")


Source = bytes | dict[str, Any] | Finding


def sources(path: Path) -> Iterator[tuple[int | None, Source]]:
    """What stands for each record of a file, one by one, with its line: bytes, of a Parquet row the record itself.

    A `.json` file has one, without a line number; of a `.parquet` the line is the row. What cannot be
    read is a finding. Memory holds one record at a time (of Parquet, one batch).
    """
    if path.suffix == ".jsonl" and path.is_file():
        yield from _lines(path)
    elif path.suffix == ".parquet" and path.is_file():
        yield from _rows(path)
    else:
        source = strict.read_bytes(path)
        yield None, finding(source) if isinstance(source, strict.Unreadable) else source


def _lines(path: Path) -> Iterator[tuple[int | None, Source]]:
    empty = True
    try:
        for number, source in strict.lines(path):
            empty = False
            if source.strip():
                yield number, source
    except OSError as error:
        yield None, _unreadable(f"cannot be read: {error.strerror or error}")
    else:
        if empty:
            yield None, b""


def _rows(path: Path) -> Iterator[tuple[int | None, Source]]:
    try:
        for row, read in tables.rows(path):
            yield row, finding(read) if isinstance(read, strict.Unreadable) else read
    except UnusableInput as error:
        yield None, _unreadable(str(error))


def _unreadable(message: str) -> Finding:
    hint = "check the path, its permissions, and what wrote the file"
    return finding(strict.Unreadable("unreadable-file", message, hint))


def record(source: Source) -> dict[str, Any] | Finding:
    """The record in a source, or the finding that stands in its place."""
    if not isinstance(source, bytes):
        return source
    read = strict.parse(source)
    return finding(read) if isinstance(read, strict.Unreadable) else read
