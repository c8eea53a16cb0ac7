"""Level 1: what the strict reader refuses, as findings with a rule each."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from conflictwire.corpus import strict
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


def records(path: Path) -> Iterator[tuple[int | None, bytes | None, dict[str, Any] | Finding]]:
    """The records of a file, or the findings that stand in their place: `(line, source, record)`.

    A `.json` file has one, without a line number. The sources of JSON lines are left out, so that
    memory does not grow with what is asked for late or never: `lines` gives them again.
    """
    if path.suffix == ".jsonl" and path.is_file():
        for line, read in strict.records(path):
            yield line, None, finding(read) if isinstance(read, strict.Unreadable) else read
        return
    source = strict.read_bytes(path)
    if isinstance(source, strict.Unreadable):
        yield None, None, finding(source)
    else:
        yield None, source, record(source)


def record(source: bytes) -> dict[str, Any] | Finding:
    """The record in some bytes, or the finding that stands in its place."""
    read = strict.parse(source)
    return finding(read) if isinstance(read, strict.Unreadable) else read


def lines(path: Path, wanted: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file whose numbers are wanted, in order, each cut at the size limit."""
    yield from ((number, line) for number, line in strict.lines(path) if number in wanted)
