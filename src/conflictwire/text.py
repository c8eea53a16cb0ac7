"""Spans of text: canonical form, matching form, segment hashes, and quotations turned into offsets.

Pure functions over strings. Knows nothing of files, records beyond a quotation's keys, or scores.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from types import NoneType
from typing import Any, Literal

# A segment shorter than this is hashed together with the next one, so that no hash guards a mere
# heading that could be found by trying words (DESIGN 3).
MIN_SEGMENT = 20

_WHITE = re.compile(r"\s+")
# One code point to one, so that matching form and canonical form share their offsets.
_FOLD = dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′`´", "'") | dict.fromkeys("‐‑‒–—―−", "-")


def clean(segment: str) -> str:
    """A segment in canonical form: NFC, white space collapsed to single spaces and trimmed."""
    return _WHITE.sub(" ", unicodedata.normalize("NFC", segment)).strip()


def canonical_text(segments: list[str]) -> str:
    """The canonical text of an article: its cleaned segments, empty ones left out, joined by line feeds."""
    return "\n".join(s for s in map(clean, segments) if s)


def matching_form(text: str) -> str:
    """Text for comparison: NFC, white space collapsed, quotation marks and dashes folded.

    Of a canonical text it keeps every offset, because each folded code point becomes one other.
    """
    return _plain_marks(_single_spaces(unicodedata.normalize("NFC", text)))


def _single_spaces(text: str) -> str:
    """Each stretch of white space as one space; by splitting, which is faster than a pattern."""
    if not text:
        return ""
    return " " * text[0].isspace() + " ".join(text.split()) + " " * (text[-1].isspace() and not text.isspace())


def _plain_marks(text: str) -> str:
    """Quotation marks and dashes folded; mark by mark, because most texts have few of them."""
    for mark, plain in _FOLD.items():
        if mark in text:
            text = text.replace(mark, plain)
    return text


def fold(text: str) -> str:
    """Quotation marks, dashes and white space folded one code point to one: offsets stay as they were."""
    return _plain_marks(re.sub(r"\s", " ", text))


def digest(segment: str) -> str:
    """SHA-256 (hexadecimal) of a segment in matching form."""
    return hashlib.sha256(matching_form(segment).encode()).hexdigest()


def hash_units(text: str) -> list[str]:
    """The stretches of a canonical text that are hashed: its segments, each too short one with the next.

    The units joined by line feeds are the text again; a short last segment goes with the one before.
    """
    units: list[str] = []
    pending = ""
    for segment in text.split("\n"):
        joined = f"{pending}\n{segment}" if pending else segment
        if len(joined) < MIN_SEGMENT:
            pending = joined
        else:
            units.append(joined)
            pending = ""
    if pending:
        units = [*units[:-1], f"{units[-1]}\n{pending}"] if units else [pending]
    return units


def segment_hashes(text: str) -> list[dict[str, Any]]:
    """The `segments` of an article: `[{"sha256", "length"}]` of its hash units, lengths in code points."""
    units = hash_units(text)
    form = matching_form(text)
    if len(form) != len(text):  # not canonical: offsets differ, and each unit is folded alone
        return [{"sha256": digest(unit), "length": len(unit)} for unit in units]
    segments, start = [], 0
    for unit in units:
        folded = form[start : start + len(unit)].encode()
        segments.append({"sha256": hashlib.sha256(folded).hexdigest(), "length": len(unit)})
        start += len(unit) + 1
    return segments


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _at_boundary(text: str, start: int, end: int) -> bool:
    """Whether a stretch neither begins nor ends inside a word or a printed number such as 1,500."""
    if start > 0 and _is_word(text[start]):
        before = text[start - 1]
        if _is_word(before) or (text[start].isdigit() and before in ".," and text[max(0, start - 2)].isdigit()):
            return False
    if end < len(text) and _is_word(text[end - 1]):
        after = text[end]
        in_number = text[end - 1].isdigit() and after in ".," and text[end + 1 : end + 2].isdigit()
        if _is_word(after) or in_number:
            return False
    return True


@lru_cache(maxsize=65536)
def occurrences(text: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Where a quotation stands in a text, in order: exact matches that begin and end at word boundaries."""
    found = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        if _at_boundary(text, at, at + len(quote)):
            found.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return tuple(found)


Placement = Literal["offsets", "exact", "normalised", "fuzzy", "assumed", "absent", "ambiguous"]


@dataclass(frozen=True)
class Placed:
    """How a quotation was placed: its offsets (None when it was not) and, where it failed, the candidates."""

    how: Placement
    start: int | None = None
    end: int | None = None
    candidates: tuple[tuple[int, int], ...] = ()


def is_quotation(value: Any) -> bool:
    """Whether a value has one of the shapes that `place` takes."""
    if not isinstance(value, dict):
        return isinstance(value, str)
    start, end, n = value.get("start", 0), value.get("end", 0), value.get("n")
    return (
        isinstance(start, int)
        and isinstance(end, int)
        and (n is None or isinstance(n, int))
        and isinstance(value.get("text"), (str, NoneType))
        and isinstance(value.get("within"), (str, NoneType))
    )


def place(text: str, quote: Any) -> Placed:
    """Finds the one place that a quotation means, or says why there is none.

    Args:
        text: the article's text.
        quote: `"words"`, `{"text": "words", "n": 2}` (the second occurrence), `{"text": "he",
            "within": "when he fled"}` (inside a longer quotation; `n` then counts inside it), or a
            span that already has `start` and `end`; anything for which `is_quotation` holds.

    Returns:
        `exact`, or `normalised` where only quotation marks, dashes or white space differ; `absent`
        where the words are not there (candidates: where they stand ignoring case, or nearly);
        `ambiguous` where they occur more than once and no `n` tells which (candidates: all).
    """
    if isinstance(quote, str):
        quote = {"text": quote}
    if "start" in quote and "end" in quote:
        return _check_offsets(text, quote)
    words, n, within = quote.get("text") or "", quote.get("n"), quote.get("within")
    how: Placement = "exact"
    low, high = 0, len(text)
    if within is not None:
        outer = place(text, {"text": within})
        if outer.start is None or outer.end is None:
            return outer
        low, high, how = outer.start, outer.end, outer.how
    found = [span for span in occurrences(text, words) if low <= span[0] and span[1] <= high]
    if not found:
        how = "normalised"
        found = [span for span in occurrences(fold(text), fold(words)) if low <= span[0] and span[1] <= high]
    if n is not None:
        if 1 <= n <= len(found):
            return Placed(how, *found[n - 1])
        return Placed("absent", candidates=tuple(found) or near(text, words))
    if len(found) == 1:
        return Placed(how, *found[0])
    return Placed("ambiguous", candidates=tuple(found)) if found else Placed("absent", candidates=near(text, words))


def _check_offsets(text: str, span: dict[str, Any]) -> Placed:
    start, end, words = span["start"], span["end"], span.get("text")
    if not (0 <= start < end <= len(text)):
        return Placed("absent")
    if words is not None and text[start:end] != words:
        return Placed("absent", candidates=occurrences(text, words) or near(text, words))
    return Placed("offsets", start, end)


def near(text: str, words: str, most: int = 3) -> tuple[tuple[int, int], ...]:
    """Places a reader may have meant by absent words: the same ignoring case, else the closest stretches."""
    if not words:
        return ()
    same = occurrences(text.lower(), words.lower()) if len(text.lower()) == len(text) else ()
    if same:
        return same[:most]
    match = SequenceMatcher(None, text, words, autojunk=False).find_longest_match()
    if match.size < max(4, len(words) // 3):
        return ()
    start = max(0, match.a - match.b)
    return ((start, min(len(text), start + len(words))),)


def excerpt(text: str, start: int, end: int, context: int = 40) -> str:
    """The text around a span on one line, the span in ›angle quotes‹."""
    before = text[max(0, start - context) : start]
    after = text[end : end + context]
    head = "…" if start > context else ""
    tail = "…" if end + context < len(text) else ""
    return f"{head}{before}›{text[start:end]}‹{after}{tail}".replace("\n", " ¶ ")


class Cover:
    """The stretches of a text that some spans cover, for many questions whether a span overlaps any of them."""

    def __init__(self, spans: Iterable[tuple[int, int]]):
        """Args: spans `[start, end)`, in any order; none of them is empty."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a span has a code point in common with what is covered."""
        before = bisect_left(self._starts, end) - 1
        return before >= 0 and self._ends[before] > start


class Holders:
    """Spans with an owner each, for many questions whether a span lies inside one of somebody else's."""

    def __init__(self, spans: Iterable[tuple[int, int, int]]):
        """Args: `(start, end, owner)`, in any order."""
        self._starts: list[int] = []
        self._furthest: list[tuple[int, int, int]] = []  # up to here: the furthest end, its owner, that of any other
        furthest, owner, other = -1, -1, -1
        for start, end, whose in sorted(spans):
            if whose == owner:
                furthest = max(furthest, end)
            elif end > furthest:
                furthest, owner, other = end, whose, furthest
            else:
                other = max(other, end)
            self._starts.append(start)
            self._furthest.append((furthest, owner, other))

    def hold(self, start: int, end: int, but: int) -> bool:
        """Whether a span lies inside one whose owner is not `but`."""
        at = bisect_right(self._starts, start) - 1
        if at < 0:
            return False
        furthest, owner, other = self._furthest[at]
        return end <= (other if owner == but else furthest)


_ABBREVIATION = re.compile(
    r"Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Brig|Capt|Cpl|Sgt|Adm|Rev|Sen|Gov|St|No|vs|Jr|Sr|approx|etc|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|\w|(?:\w\.)+\w"
)
# "SOUMRA, March 3 (Halden Wire) --" before the first sentence of a dispatch.
_DATELINE = re.compile(r"[^\n\"]{0,60}\([^()\n]{0,40}\)\s*-{1,2}(?=\s)")
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9])")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text as offsets `[start, end)`; a line feed ends one, and a dateline is one."""
    folded = _plain_marks(text)
    start = 0
    for segment in folded.split("\n"):
        end = start + len(segment)
        cuts = [m.end() for m in _SENTENCE_END.finditer(folded, start, end) if not _abbreviated(folded, start, m)]
        dateline = _DATELINE.match(folded, start, end)
        if dateline and dateline.group()[:2].isupper():
            cuts = [dateline.end(), *(c for c in cuts if c > dateline.end())]
        yield from zip([start, *cuts], [*cuts, end], strict=True)
        start = end + 1


def _abbreviated(folded: str, start: int, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return False
    before = folded[max(start, match.start() - 12) : match.start()]
    word = before[max(before.rfind(" "), before.rfind("(")) + 1 :]
    return (len(word) < 7 or "." in word) and bool(_ABBREVIATION.fullmatch(word))


_HEAD_STOP = re.compile(
    r",(?!\d)|\(|\b(?:who|whom|whose|which|that|of|in|at|from|on|for|with|by|near|to|into|inside|outside|among|between|"
    r"under|over|against|after|before|around|across|along|behind|during|since|without|via|as)\b"
)


def derive_head(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """The head of a mention by the written rule of the guidelines.

    A name or pronoun is its own head; of a nominal it is the last word before the first preposition,
    comma or relative pronoun.
    """
    if kind != "nominal":
        return start, end
    phrase = text[start:end]
    stop = next((m.start() for m in _HEAD_STOP.finditer(phrase) if m.start() > 0), len(phrase))
    words = list(re.finditer(r"\d[\d,.]*\d(?!\w)|[\w’'.&/-]*\w[\w’'.&/-]*", phrase[:stop]))
    if not words:
        return start, end
    return start + words[-1].start(), start + words[-1].end()
