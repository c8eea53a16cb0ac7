"""Where the place that a JSON path names stands in the source of a record: lines and columns.

Knows JSON text and the paths that findings carry; knows nothing of rules or of what a record means.
Lines and columns count from 1; columns are code points, as an editor shows them.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import msgspec

from conflictwire.corpus.strict import MAX_DEPTH, MAX_DIGITS


@dataclass(frozen=True)
class Place:
    """A stretch of the source: from `(line, column)` to the column after its last code point."""

    line: int
    column: int
    end_line: int
    end_column: int


_STEP = re.compile(r"\[(\d+)\]|(?:^|\.)([^.\[\]]+)")
_KEY = re.compile(rb'[\s,{]*("(?:[^"\\]|\\.)*")\s*:\s*')
_OBJECT, _LIST = msgspec.json.Decoder(dict[str, msgspec.Raw]), msgspec.json.Decoder(list[msgspec.Raw])
Members = dict[str | int, tuple[int, int]]


class Positions:
    """Finds paths in the source of one record.

    Only the containers on the way to a path are taken apart, each once; what stands beside the way is
    passed over without being read. So a file with few findings costs little more than reading it.
    """

    def __init__(self, source: bytes | str, first_line: int = 1):
        """Args: the source, and the line of the file on which it begins (for JSON lines)."""
        words = source.encode() if isinstance(source, str) else source
        self._source = words.removeprefix(b"\xef\xbb\xbf")  # the mark before the text is no column
        self._first_line = first_line
        self._inside: dict[int, Members] = {}

    def find(self, path: str) -> Place:
        """The place of a path such as `claims[3].scope.event`; of its nearest ancestor where it is not there."""
        source = self._source
        start, end = len(source) - len(source.lstrip()), len(source.rstrip())
        for index, key in _STEP.findall(path):
            child = self._members(start, end).get(int(index) if index else key)
            if child is None:
                break
            start, end = child
        return Place(*self._at(start), *self._at(max(start, end)))

    def _at(self, offset: int) -> tuple[int, int]:
        line = self._source.count(b"\n", 0, offset) + self._first_line
        before = self._source[self._source.rfind(b"\n", 0, offset) + 1 : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def _members(self, start: int, end: int) -> Members:
        """Where the values inside an object or list stand; none in anything else, or in what is no JSON."""
        if start not in self._inside:
            try:
                self._inside[start] = self._taken_apart(start, end)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                self._inside[start] = {}
        return self._inside[start]

    def _taken_apart(self, start: int, end: int) -> Members:
        source, members = self._source, Members()
        at = start + 1
        if source[start : start + 1] == b"[":
            for index, value in enumerate(_LIST.decode(source[start:end])):
                words = bytes(value)
                at = source.index(words, at)  # only white space and commas stand before it
                members[index] = at, at + len(words)
                at += len(words)
        elif source[start : start + 1] == b"{":
            values = _OBJECT.decode(source[start:end])
            while match := _KEY.match(source, at):
                key = msgspec.json.decode(match[1])
                at = match.end() + len(values[key])
                members[key] = match.end(), at
        return members


def decoded(source: bytes) -> str:
    """The source as text, as the strict reader decodes it; bytes that are not UTF-8 become U+FFFD."""
    return source.decode("utf-8-sig", errors="replace")


_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\[^u]")


def of_problem(code: str, source: bytes, first_line: int = 1) -> Place | None:
    """Where a source that is no record goes wrong, by the code of its level-1 finding; None where no place is meant."""
    if code == "not-utf-8":
        try:
            source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # The codec counts after the mark that may stand before the text.
            before = decoded(error.object[: error.start])
            return _between(before + "?", len(before), len(before) + 1, first_line)
        return None
    text = decoded(source)
    span = _span_of_problem(code, text)
    return _between(text, *span, first_line) if span else None


def _between(text: str, start: int, end: int, first_line: int) -> Place:
    """The place of the code points `[start, end)` of a text."""

    def at(offset: int) -> tuple[int, int]:
        return text.count("\n", 0, offset) + first_line, offset - text.rfind("\n", 0, offset)

    return Place(*at(start), *at(max(start, end)))


def _span_of_problem(code: str, text: str) -> tuple[int, int] | None:
    match code:
        case "not-json":
            try:
                json.loads(text)
            except json.JSONDecodeError as error:
                return error.pos, error.pos
            except (ValueError, RecursionError):  # a number that is too long, before the fault that was reported
                return None
        case "not-an-object":
            start = len(text) - len(text.lstrip())
            return start, start
        case "too-deep":
            return _too_deep(text)
        case "duplicate-key":
            return _duplicate(text)
        case "not-finite" | "number-too-long" | "lone-surrogate":
            return next((m.span() for m in _TOKEN.finditer(text) if _is_wrong(code, m.group())), None)
    return None


def _is_wrong(code: str, token: str) -> bool:
    if code == "lone-surrogate":
        return token[0] == '"' and bool(_SURROGATE.search(_PAIR.sub("", token)))
    if token[0] in '"[]{}:,':
        return False
    if code == "number-too-long":
        return len(token.lstrip("-")) > MAX_DIGITS
    try:
        return float(token.replace("_", "?")) in (float("inf"), float("-inf")) or token == "NaN"
    except ValueError:
        return False


def _too_deep(text: str) -> tuple[int, int] | None:
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
        if depth > MAX_DEPTH:
            return match.span()
    return None


def _duplicate(text: str) -> tuple[int, int] | None:
    """The second of two equal keys, of the object that ends first (that is the one a reader reports)."""
    # One frame an open bracket: the keys so far (None in a list), and the first that stands twice.
    frames: list[tuple[set[str] | None, list[tuple[int, int]]]] = []
    previous: re.Match[str] | None = None
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in "[{":
            frames.append((set() if token == "{" else None, []))
        elif token in "]}" and frames:
            twice = frames.pop()[1]
            if twice:
                return twice[0]
        elif token == ":" and frames and previous is not None:
            keys, found = frames[-1]
            key = _key(previous.group())
            if keys is not None and key in keys:
                found.append(previous.span())
            elif keys is not None and isinstance(key, str):
                keys.add(key)
        previous = match
    return None


def _key(token: str) -> Any:
    try:
        return json.loads(token)
    except ValueError:
        return None
