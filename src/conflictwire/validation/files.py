"""Level 1: bytes to JSON values, whatever the bytes are.

Bounded in size and depth, strict about encoding, duplicate keys and numbers; never raises for content.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflictwire.validation.findings import Finding, declare

MAX_BYTES = 32 * 1024 * 1024  # the largest article of the corpus is under 0.2 MB
MAX_DEPTH = 64  # the schema nests 6 deep
MAX_DIGITS = 1000

_UNREADABLE = declare("unreadable-file", 1, "The file cannot be opened: it is missing, a folder, or not readable.")
_EMPTY = declare("empty-file", 1, "The file holds nothing but white space, so there is no record in it.")
_SIZE = declare("too-large", 1, f"The file or line has more than {MAX_BYTES:,} bytes; no record is that large.")
_UTF8 = declare("not-utf-8", 1, "JSON files are UTF-8; these bytes are not.")
_DEPTH = declare("too-deep", 1, f"Brackets nest more than {MAX_DEPTH} deep; the schema needs 6.")
_JSON = declare("not-json", 1, "The text is not JSON (RFC 8259); the position is where the reader stopped.")
_KEY = declare("duplicate-key", 1, "An object has the same key twice; most readers would silently drop one value.")
_FINITE = declare("not-finite", 1, "NaN and Infinity are no JSON numbers, and no field holds them.")
_DIGITS = declare("number-too-long", 1, f"A number has more than {MAX_DIGITS} digits; no figure in the news has.")
_SURROGATE = declare(
    "lone-surrogate", 1, "A \\uD800-\\uDFFF escape stands alone: it is no character and cannot be stored."
)
_OBJECT = declare(
    "not-an-object", 1, "A record is a JSON object: a list of records goes into a .jsonl file, one a line."
)


class _Bad(Exception):
    def __init__(self, finding: Finding):
        self.finding = finding


def read_bytes(path: Path) -> bytes | Finding:
    """The bytes of a file within the size limit, or the finding that says why not."""
    try:
        if path.is_dir():
            return Finding(
                "unreadable-file",
                1,
                "error",
                "",
                f"{path} is a folder",
                "name a file in it, or the folder to validate all of it",
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            return _too_large(size)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # a pipe or device has no size
        return data if len(data) <= MAX_BYTES else _too_large(len(data))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Finding(
            "unreadable-file",
            1,
            "error",
            "",
            f"cannot be read: {reason}",
            "check the path and its permissions",
        )


def _too_large(size: int) -> Finding:
    return Finding(
        _SIZE.code,
        1,
        "error",
        "",
        f"has {size:,} bytes or more, the limit is {MAX_BYTES:,}",
        "split it, or check that it is the right file",
    )


def parse(data: bytes) -> dict[str, Any] | Finding:
    """The JSON object in some bytes, or the first finding of level 1."""
    if len(data) > MAX_BYTES:
        return _too_large(len(data))
    if not data.strip():
        return Finding(_EMPTY.code, 1, "error", "", "holds nothing", "write an article, or take the file away")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Finding(
            _UTF8.code,
            1,
            "error",
            "",
            f"byte {error.start} ({data[error.start]:#04x}) is not UTF-8",
            "save the file as UTF-8",
            line=line,
        )
    depth = _depth(text)
    if depth > MAX_DEPTH:
        return Finding(
            _DEPTH.code,
            1,
            "error",
            "",
            f"nests {depth:,} deep, the limit is {MAX_DEPTH}",
            "check what wrote this file",
        )
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except _Bad as bad:
        return bad.finding
    except json.JSONDecodeError as error:
        return Finding(
            _JSON.code,
            1,
            "error",
            "",
            f"{error.msg} at line {error.lineno} column {error.colno}",
            "mend the JSON there, or just before",
            line=error.lineno,
        )
    if not isinstance(value, dict):
        return Finding(
            _OBJECT.code,
            1,
            "error",
            "",
            f"holds {_kind(value)}, not an object",
            "one file holds one record; lists of records go into .jsonl, one a line",
        )
    if _has_surrogate(value):
        return Finding(
            _SURROGATE.code,
            1,
            "error",
            "",
            "a string holds half of a surrogate pair",
            "write the character itself, or both halves",
        )
    return value


_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in re.findall(r"[\[\]{}]", _STRINGS.sub("", text)):
        depth += 1 if char in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Bad(
            Finding(
                _KEY.code,
                1,
                "error",
                "",
                f"the key {twice!r} stands twice in one object",
                "keep one of the two",
            )
        )
    return result


def _constant(name: str) -> Any:
    raise _Bad(Finding(_FINITE.code, 1, "error", "", f"{name} is no JSON number", "write null, or the number"))


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _Bad(
            Finding(
                _DIGITS.code,
                1,
                "error",
                "",
                f"a number has {len(digits):,} digits",
                "check what wrote this file",
            )
        )
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        _constant(f"{digits[:20]} (beyond what a float holds)")
    return value


def _has_surrogate(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a string", int: "a number", float: "a number", bool: "true or false"}
    return names.get(type(value), "null")


def records(path: Path) -> Iterator[tuple[int | None, dict[str, Any] | Finding]]:
    """The records of a file with their line numbers: one of a `.json`, one a line of a `.jsonl`."""
    if path.suffix == ".jsonl" and path.is_file():
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_BYTES + 1):
                number += 1
                if line.strip():
                    yield number, parse(line)
                while len(line) > MAX_BYTES and not line.endswith(b"\n"):  # pass over the rest of it
                    line = file.readline(MAX_BYTES + 1)
        if number == 0:
            yield None, parse(b"")
        return
    data = read_bytes(path)
    yield None, data if isinstance(data, Finding) else parse(data)
