"""Text for stand-off articles, from the user's own copies of it.

Any file is read as one stream of characters; the segments of all articles are looked for in it by
their lengths and confirmed by SHA-256. Knows hashes and files, not what is annotated.

Why no rolling hash: a record holds only a segment's SHA-256 and length, and a rolling hash would
need a third, weaker hash beside them. A segment begins and ends where words do, and those few
windows can be hashed outright: one pass a file, whatever the number of articles.
"""

import hashlib
import html
import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from conflictwire import text as texts
from conflictwire.model import Json, iter_spans, with_text

PLACEHOLDER = "▒"  # U+2592 stands for each code point of a segment that was not found
MAX_FILE = 64 * 1024 * 1024
SUFFIXES = {
    ".json",
    ".jsonl",
    ".txt",
    ".text",
    ".html",
    ".htm",
    ".xhtml",
    ".md",
    ".markdown",
    ".conllu",
    ".conll",
    ".xml",
}


# ---- any file as one stream --------------------------------------------------------------------------

_BLOCKS = frozenset(
    "address article aside blockquote br dd details div dl dt figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section table td th tr ul title body".split()
)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden += tag in ("script", "style")
        self.parts.append("\n" if tag in _BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0
        self.parts.append("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


_MARKDOWN = [
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)"), r"\1"),
    (re.compile(r"(?m)^\s{0,3}(?:[-*+]|\d+\.|#{1,6}|>)\s+"), ""),
    (re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
]
_CONLLU = re.compile(r"(?m)^# text = (.*)$")


class Stream:
    """A text in matching form that remembers the characters it was made of."""

    def __init__(self, raw: str):
        self.raw = unicodedata.normalize("NFC", raw)
        tokens = [(m.start(), m.group()) for m in re.finditer(r"\S+", self.raw)]
        self.text = texts.matching_form(" ".join(word for _, word in tokens))
        self._raw_starts = [start for start, _ in tokens]
        self._starts = [0, *accumulate(len(word) + 1 for _, word in tokens)][: len(tokens)]

    def original(self, start: int, end: int) -> str:
        """The characters at `[start, end)` as the user has them: as many code points, white space collapsed.

        White space with a line break in it becomes a line feed, other white space a space.
        """
        raw = self.raw[self._raw_at(start) : self._raw_at(end - 1) + 1]
        return re.sub(r"\s+", lambda white: "\n" if "\n" in white.group() else " ", raw)

    def _raw_at(self, at: int) -> int:
        token = bisect_right(self._starts, at) - 1
        return self._raw_starts[token] + at - self._starts[token]


def streams(content: str, suffix: str) -> Iterator[Stream]:
    """The readings of a file's content: as what its name says, and as plain text.

    A page with one paragraph a `<p>`, CoNLL-U with its `# text =` lines, JSON with its strings in
    order, markdown without its marks.
    """
    if _is_html(content, suffix):
        yield Stream(_html_text(content))
        return
    if suffix in (".json", ".jsonl"):
        for parts in ([content], content.split("\n")):  # one document, or one a line, whatever the file is called
            try:
                values = [json.loads(part) for part in parts if part.strip()]
                yield Stream("\n".join(s for value in values for s in _strings(value)))
                return
            except (ValueError, RecursionError):
                pass
        # not JSON after all: plain text below
    if suffix in (".conllu", ".conll") and _CONLLU.search(content):
        yield Stream("\n".join(_CONLLU.findall(content)))
        return
    if suffix in (".md", ".markdown"):
        yield Stream(_markdown_text(content))
    yield Stream(content)


def page(content: str, suffix: str) -> str:
    """The text of a page with its line breaks: HTML and markdown without their marks, else as it is."""
    if _is_html(content, suffix):
        return re.sub(r"\s*\n\s*", "\n", _html_text(content))
    return _markdown_text(content) if suffix in (".md", ".markdown") else content


def _is_html(content: str, suffix: str) -> bool:
    marked = re.match(r"\s*<(?:!doctype|html)\b", content[:200], re.IGNORECASE)
    return bool(marked) or suffix in (".html", ".htm", ".xhtml", ".xml")


def _html_text(content: str) -> str:
    parser = _Text()
    parser.feed(content)
    parser.close()
    return "".join(parser.parts)


def _markdown_text(content: str) -> str:
    for pattern, replacement in _MARKDOWN:
        content = pattern.sub(replacement, content)
    return html.unescape(content)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


# ---- finding segments --------------------------------------------------------------------------------


class Finder:
    """Looks for a set of segments, given as `(sha256, length)`, in streams of text."""

    def __init__(self, wanted: Iterable[tuple[str, int]]):
        self.lengths: dict[int, set[bytes]] = {}
        for sha, length in wanted:
            self.lengths.setdefault(length, set()).add(bytes.fromhex(sha))

    def find(self, source: Stream) -> dict[tuple[str, int], str]:
        """`{(sha256, length): words}` of the wanted segments that stand in a stream, as they stand there."""
        stream = source.text
        found: dict[tuple[str, int], str] = {}
        starts = [i for i, c in enumerate(stream) if not c.isspace() and _edge(stream, i)]
        ends = [i + 1 for i, c in enumerate(stream) if not c.isspace() and _edge(stream, i + 1)]
        is_end = bytearray(len(stream) + 1)
        for end in ends:
            is_end[end] = 1
        lengths = sorted(self.lengths)
        for start in starts:
            stop = bisect_left(lengths, len(stream) - start + 1)
            for length in lengths[:stop]:
                end = start + length
                if is_end[end]:
                    words = stream[start:end]
                    digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()
                    if digest in self.lengths[length]:
                        found[(digest.hex(), length)] = source.original(start, end)
        return found


def _edge(stream: str, at: int) -> bool:
    """Whether a segment may begin or end here: not between two letters or digits."""
    return at <= 0 or at >= len(stream) or not (stream[at - 1].isalnum() and stream[at].isalnum())


# ---- articles ----------------------------------------------------------------------------------------

Status = Literal["ok", "partial", "missing"]


@dataclass
class Hydrated:
    """One article with as much of its text as was found.

    `record` has the text (missing stretches filled with `PLACEHOLDER`, so offsets stay valid) and the
    words of every span that no missing stretch touches; `touched` counts the others, which keep null.
    """

    id: str
    status: Status
    found: int
    segments: int
    touched: int
    record: Json
    sources: list[str] = field(default_factory=list)


def text_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read: those named, and all of a readable kind below the folders named."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
        else:
            yield path


def read_stream(path: Path) -> str | None:
    """A file's content as text: UTF-8, else Windows-1252; None where it is unreadable, binary or over the limit."""
    try:
        if path.stat().st_size > MAX_FILE:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    if b"\0" in data[:4096]:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


class Hydrator:
    """Fills articles in from files that are read once, looked through for the segments of all of them.

    Only articles whose segments were asked for at the start can be filled in; memory grows with what
    is asked for and found, not with the files.
    """

    def __init__(self, records: Iterable[Json], paths: Iterable[Path]):
        """Args: the articles that will be filled in, of which only the hashes are kept; files or folders of text."""
        wanted = {(s["sha256"], s["length"]) for r in records if r["text"] is None for s in _segments(r)}
        self._found: dict[tuple[str, int], tuple[str, str]] = {}
        for path in text_files(paths) if wanted else []:
            content = read_stream(path)
            for stream in streams(content, path.suffix.lower()) if content is not None else []:
                for key, words in Finder(wanted - self._found.keys()).find(stream).items():
                    self._found[key] = (words, str(path))

    def fill(self, record: Json) -> Hydrated:
        """The article with its text; one that carries its text comes back as it is."""
        return _fill(record, self._found)


def hydrate(records: Iterable[Json], paths: Iterable[Path]) -> list[Hydrated]:
    """The articles with text filled in from the files at hand; those that carry their text come back as they are."""
    articles = list(records)
    hydrator = Hydrator(articles, paths)
    return [hydrator.fill(record) for record in articles]


def _segments(record: Json) -> list[Json]:
    title = (record.get("origin") or {}).get("title")
    return [*record["segments"], *([title] if title else [])]


def _unwrapped(words: str, last: bool) -> str:
    """A unit with only those line feeds that canonical form can have put there.

    They follow a piece too short for a hash of its own, or in the last unit stand before one; all
    others are somebody's line wrapping.
    """
    head, *rest = words.split("\n")
    for piece in rest:
        before = len(head) - head.rfind("\n") - 1
        after = len(words) - len(head) - 1
        head += ("\n" if before < texts.MIN_SEGMENT or (last and after < texts.MIN_SEGMENT) else " ") + piece
    return head


def _fill(record: Json, found: dict[tuple[str, int], tuple[str, str]]) -> Hydrated:
    total = len(record["segments"])
    if record["text"] is not None:
        return Hydrated(record["id"], "ok", total, total, 0, record)
    parts: list[str] = []
    gaps: list[tuple[int, int]] = []
    sources: list[str] = []
    at = 0
    for number, segment in enumerate(record["segments"], start=1):
        words = found.get((segment["sha256"], segment["length"]))
        if words is None:
            gaps.append((at, at + segment["length"]))
            parts.append(PLACEHOLDER * segment["length"])
        else:
            parts.append(_unwrapped(words[0], last=number == total))
            sources.append(words[1])
        at += segment["length"] + 1
    title = record["origin"]["title"]
    heading = found.get((title["sha256"], title["length"])) if title else None
    whole = with_text(record, "\n".join(parts), heading[0] if heading else None, gaps)
    touched = sum(container[key]["text"] is None for _, container, key in iter_spans(whole))
    status: Status = "ok" if not gaps else "missing" if len(gaps) == total else "partial"
    return Hydrated(record["id"], status, total - len(gaps), total, touched, whole, sorted(set(sources)))
