"""Bytes to JSON objects, whatever the bytes are.

Bounded in size and depth, strict about encoding, duplicate keys and numbers. Never raises for
content: what cannot be read is an `Unreadable`, whose codes are explained by validation's level 1.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

MAX_BYTES = 8 * 1024 * 1024  # the largest article of the corpus is under 0.2 MB
MAX_DEPTH = 64  # the schema nests 6 deep
MAX_DIGITS = 1000


@dataclass(frozen=True)
class Unreadable:
    """Why some bytes are no record: a stable code, what was found, what to do, and the line if there is one."""

    code: str
    message: str
    hint: str
    line: int | None = None


class _Stop(Exception):
    def __init__(self, problem: Unreadable):
        self.problem = problem


def read_bytes(path: Path) -> bytes | Unreadable:
    """The bytes of a file within the size limit."""
    try:
        if path.is_dir():
            return Unreadable(
                "unreadable-file", f"{path} is a folder", "name a file in it, or validate the whole folder"
            )
        if (size := path.stat().st_size) > MAX_BYTES:
            return _too_large(size)
        with path.open("rb") as file:
            data = file.read(size + 1)  # not more, because room is made for all that is asked for
            if len(data) != size:  # a pipe or device has no size, and a file may grow
                data += file.read(MAX_BYTES + 1 - len(data))
        return data if len(data) <= MAX_BYTES else _too_large(len(data))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Unreadable("unreadable-file", f"cannot be read: {reason}", "check the path and its permissions")


def _too_large(size: int) -> Unreadable:
    return Unreadable(
        "too-large",
        f"has {size:,} bytes or more, the limit is {MAX_BYTES:,}",
        "split it, or check that it is the right file",
    )


def parse(data: bytes) -> dict[str, Any] | Unreadable:
    """The JSON object in some bytes."""
    if len(data) > MAX_BYTES:
        return _too_large(len(data))
    sound = _sound(data)
    return sound if sound is not None else _scrutinised(data)


_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_TOO_MANY_DIGITS = b"0" * (MAX_DIGITS + 1)
_TOO_DEEP = b"\n" + b" " * MAX_DEPTH  # how a line begins that deep, at one space a level


def _sound(data: bytes) -> dict[str, Any] | None:
    """The object, by the fast reader, or None where anything at all is doubtful: then the other one words it.

    `msgspec` is strict about JSON, UTF-8 and what a float holds, but keeps the last of two equal keys. A key
    was lost if the value has fewer quotation marks when it is written again: a source without `\\u` has no
    other spelling for the marks inside its strings.
    """
    try:
        value = msgspec.json.decode(data)
        if type(value) is not dict:
            return None
        again = msgspec.json.encode(value)  # refuses half a surrogate pair
        lines = msgspec.json.format(again, indent=1)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        return None
    if _TOO_DEEP in lines or _TOO_MANY_DIGITS in again.translate(_AS_ZEROS):
        return None
    if rb"\u" in data:
        data, again = _unescaped(data), _unescaped(again)
    return value if data.count(b'"') == again.count(b'"') else None


def _unescaped(data: bytes) -> bytes:
    """JSON in which every quotation mark begins or ends a string."""
    return data.replace(rb"\\", b"").replace(rb"\"", b"")


def _scrutinised(data: bytes) -> dict[str, Any] | Unreadable:
    """The object, by the reader that says for everything else what is wrong with it."""
    if not data.strip():
        return Unreadable("empty-file", "holds nothing", "write an article, or take the file away")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"byte {error.start} ({data[error.start]:#04x}) is not UTF-8"
        return Unreadable("not-utf-8", found, "save the file as UTF-8", line)
    if (depth := _depth(text)) > MAX_DEPTH:
        return Unreadable("too-deep", f"nests {depth:,} deep, the limit is {MAX_DEPTH}", "check what wrote this file")
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except _Stop as stop:
        return stop.problem
    except json.JSONDecodeError as error:
        said, hint = _explained(error, text)
        here = text[error.pos : error.pos + 20].split("\n")[0]
        found = f"{said} at line {error.lineno} column {error.colno}" + (f", before {here!r}" if here else "")
        return Unreadable("not-json", found, hint, error.lineno)
    if not isinstance(value, dict):
        found = f"holds {_kind(value)}, not an object"
        return Unreadable(
            "not-an-object", found, "one file holds one record; lists of records go into .jsonl, one a line"
        )
    if _has_surrogate(value):
        found = "a string holds half of a surrogate pair"
        return Unreadable("lone-surrogate", found, "write the character itself, or both halves")
    return value


def _explained(error: json.JSONDecodeError, text: str) -> tuple[str, str]:
    """What is wrong with some JSON, and how to mend it: first what people do when they edit by hand."""
    before, here = text[: error.pos].rstrip()[-1:], text[error.pos : error.pos + 1]
    if not text[error.pos :].strip() and error.msg != "Extra data":
        return "the text ends before the record does", "close what is open, or get the rest of the file"
    if before == "," and here in ("]", "}"):
        return "a comma stands before a closing bracket", "take the comma away"
    if error.msg == "Expecting ',' delimiter":
        return (
            "a comma is missing",
            'write it; or, if this is inside a string, write the quotation mark before it as \\"',
        )
    if error.msg.startswith("Expecting property name"):
        return "a key is missing", 'keys stand in straight quotation marks: "id"'
    if error.msg == "Extra data":
        return "the record has ended and something follows", "one record a file; a bracket too many, or two records"
    if error.msg.startswith("Invalid control character"):
        return "a line break or tab stands inside a string", "write it as \\n or \\t, or close the quotation mark"
    return error.msg, "mend the JSON there, or just before"


_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # possessive: a string left open is not tried again


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _BRACKETS.finditer(_STRINGS.sub("", text)):
        depth += len(match.group()) if match.group()[0] in "[{" else -len(match.group())
        deepest = max(deepest, depth)
    return deepest


_BRACKETS = re.compile(r"[\[{]+|[\]}]+")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counted.items() if count > 1)
        raise _Stop(
            Unreadable("duplicate-key", f"the key {twice[:60]!r} stands twice in one object", "keep one of the two")
        )
    return result


def _constant(name: str) -> Any:
    raise _Stop(Unreadable("not-finite", f"{name} is no JSON number", "write null, or the number"))


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        found = f"a number has {len(digits):,} digits"
        raise _Stop(Unreadable("number-too-long", found, "check what wrote this file"))
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


def records(path: Path) -> Iterator[tuple[int | None, dict[str, Any] | Unreadable]]:
    """The records of a file with their line numbers: one of a `.json`, one a line of a `.jsonl`."""
    if path.suffix != ".jsonl" or not path.is_file():
        data = read_bytes(path)
        yield None, data if isinstance(data, Unreadable) else parse(data)
        return
    empty = True
    for number, line in lines(path):
        empty = False
        if line.strip():
            yield number, parse(line)
    if empty:
        yield None, parse(b"")


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, each cut just past the size limit, whatever its length."""
    number = 0
    with path.open("rb") as file:
        while line := file.readline(MAX_BYTES + 1):
            number += 1
            yield number, line
            while len(line) > MAX_BYTES and not line.endswith(b"\n"):  # pass over the rest of it
                line = file.readline(MAX_BYTES + 1)
