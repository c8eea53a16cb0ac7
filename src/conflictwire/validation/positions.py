"""Where the place that a JSON path names stands in the source of a record: lines and columns.

Knows JSON text and the paths that findings carry; knows nothing of rules or of what a record means.
Lines and columns count from 1; columns are code points, as an editor shows them.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conflictwire.corpus.strict import MAX_DEPTH, MAX_DIGITS


@dataclass(frozen=True)
class Place:
    """A stretch of the source: from `(line, column)` to the column after its last code point."""

    line: int
    column: int
    end_line: int
    end_column: int


_SPACE = re.compile(r"[ \t\r\n]*")
_STEP = re.compile(r"\[(\d+)\]|(?:^|\.)([^.\[\]]+)")
Members = Iterator[tuple[str | int, tuple[int, int]]]
_scan = json.JSONDecoder().raw_decode


class Positions:
    """Finds paths in the source of one record.

    Only the containers on the way to a path are taken apart, each once; what stands beside the way is
    passed over by the scanner of the standard library. So a file with few findings costs little
    more than reading it.
    """

    def __init__(self, source: bytes | str, first_line: int = 1):
        """Args: the source, and the line of the file on which it begins (for JSON lines)."""
        self._text = source if isinstance(source, str) else decoded(source)
        self._first_line = first_line
        self._inside: dict[int, tuple[dict[str | int, tuple[int, int]], Members]] = {}

    def find(self, path: str) -> Place:
        """The place of a path such as `claims[3].scope.event`; of its nearest ancestor where it is not there."""
        start, end = self._root()
        for index, key in _STEP.findall(path):
            child = self._child(start, int(index) if index else key)
            if child is None:
                break
            start, end = child
        return self.between(start, end)

    def between(self, start: int, end: int) -> Place:
        """The place of the code points `[start, end)` of the source."""
        line, column = self._at(start)
        end_line, end_column = self._at(max(start, end))
        return Place(line, column, end_line, end_column)

    def _at(self, offset: int) -> tuple[int, int]:
        line = self._text.count("\n", 0, offset) + self._first_line
        return line, offset - self._text.rfind("\n", 0, offset)

    def _root(self) -> tuple[int, int]:
        return self._space(0), len(self._text.rstrip())

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _child(self, start: int, key: str | int) -> tuple[int, int] | None:
        """Where a value stands inside the object or list that begins at `start`; what follows it is not read yet."""
        if start not in self._inside:
            self._inside[start] = ({}, self._members(start))
        known, further = self._inside[start]
        while key not in known:
            member = next(further, None)
            if member is None:
                return None
            known[member[0]] = member[1]
        return known[key]

    def _members(self, start: int) -> Members:
        text, opening = self._text, self._text[start : start + 1]
        if opening not in ("{", "["):
            return
        at, index = self._space(start + 1), 0
        while text[at : at + 1] not in ("}", "]", ""):
            name: str | int = index
            if opening == "{":
                name, at = _scan(text, at)
                at = self._space(self._space(at) + 1)  # past the colon
            _, end = _scan(text, at)
            yield name, (at, end)
            index += 1
            at = self._space(end)
            if text[at : at + 1] == ",":
                at = self._space(at + 1)


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
            return Positions(decoded(source), first_line).between(len(before), len(before) + 1)
        return None
    text = decoded(source)
    span = _span_of_problem(code, text)
    return Positions(text, first_line).between(*span) if span else None


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
