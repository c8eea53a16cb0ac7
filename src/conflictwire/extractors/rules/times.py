"""Times as printed, read as EDTF: of events, of periods that figures count, and of the moment at which a figure held.

Knows dates, weekdays and the date of publication; knows nothing of what they belong to.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from conflictwire.casualties.vocabulary import MONTHS, WEEKDAYS
from conflictwire.reading import Page, Sentence

_MONTH = "|".join((*MONTHS[0], "sept", *MONTHS[1]))
_PRINTED = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH})|(?:(?P<past>last|this) )?(?P<m2>{_MONTH})\.?(?: (?P<d2>\d{{1,2}})\b(?!:))?)\b"
    rf"(?:,? (?P<y>(?:19|20)\d\d))?"
    rf"|\b(?P<weekday>{'|'.join(WEEKDAYS)})\b|(?P<relative>\b(?:last|this) (?:year|month)\b)|\b(?P<day>yesterday|today)\b"
    r"|\b(?:in|since|of|during|until|by) (?:(?:early|late|mid-?)\s?)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_CLOCK = r"(?:\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|noon|midnight|nightfall|dawn|dusk)"
_AS_OF = re.compile(
    rf"\b(?:as of|as at|by|until)\s+(?:(?:early|late)\s+)?(?:(?P<clock>{_CLOCK})(?:\s+on)?\s*)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Printed:
    """A printed time: its EDTF and `[start, end)`, without preposition."""

    edtf: str
    start: int
    end: int


class Calendar:
    """Reads the times of one page against its date of publication."""

    def __init__(self, page: Page, published: str | None) -> None:
        self._page = page
        try:
            self._day = date.fromisoformat(published[:10]) if published else None
        except ValueError:  # a month or a year
            self._day = None

    def near(self, sentence: Sentence, offset: int) -> Printed | None:
        """The time printed nearest to an offset in its sentence."""
        found = self._times(sentence.start, sentence.end)
        return min(found, key=lambda t: (abs(t.start - offset), t.start), default=None)

    def period_after(self, start: int, end: int) -> str | None:
        """The first period printed in a stretch: "in 2018", "last year", "since 2027", "so far this year"."""
        stop = re.search(r"[,;]", self._page.folded[start:end])
        found = self._times(start, start + stop.start() if stop else end)
        if not found:
            return None
        since = re.search(r"\bsince (?:\w+ )?\Z", self._page.folded[start : found[0].start], re.IGNORECASE)
        return f"{found[0].edtf}/.." if since else found[0].edtf

    def as_of(self, sentence: Sentence, start: int, end: int) -> str | None:
        """The moment that a figure's clause names: "by 10 a.m.", "as of 2018", "By Tuesday evening the hospital had"."""
        for match in _AS_OF.finditer(self._page.folded, sentence.start, sentence.end):
            between = self._page.folded[min(match.end(), end) : max(start, match.start())]
            if ";" in between or between.count(",") > 1:
                continue
            day = _PRINTED.match(self._page.folded, match.end()) or _PRINTED.match(self._page.folded, match.start())
            if day is not None:
                return self._edtf(day)
            if match["clock"]:
                return self._day.isoformat() if self._day else None
            year = re.match(r"(?:19|20)\d\d\b", self._page.folded[match.end() : match.end() + 5])
            if year:
                return year.group()
        return None

    def _times(self, start: int, end: int) -> list[Printed]:
        found = []
        for match in _PRINTED.finditer(self._page.folded, start, end):
            edtf = self._edtf(match)
            if edtf:
                found.append(Printed(edtf, match.start("year") if match["year"] else match.start(), match.end()))
        return found

    def _edtf(self, match: re.Match[str]) -> str | None:
        day = self._day
        if match["year"]:
            return match["year"]
        if match["relative"] or match["weekday"] or match["day"]:
            return self._relative(match, day) if day is not None else None
        name = (match["m1"] or match["m2"]).lower()
        number = match["d1"] or match["d2"]
        if (
            name in ("may", "march", "mar")
            and not (number or match["y"] or match["past"])
            and not (match["m2"] or "")[:1].isupper()
        ):
            return None  # "may" and "march" are verbs too
        if name == "may" and not (number or match["y"]):
            return None
        month = MONTHS[1].index(name[:3]) + 1
        if match["y"]:
            year = int(match["y"])
        elif day is not None:
            before = month > day.month or (
                month == day.month and bool(match["past"]) and match["past"].lower() == "last"
            )
            year = day.year - before
        else:
            return None
        if not number:
            return f"{year:04}-{month:02}"
        try:
            return date(year, month, int(number)).isoformat()
        except ValueError:
            return None

    @staticmethod
    def _relative(match: re.Match[str], day: date) -> str:
        if match["day"]:
            return (day - timedelta(days=match["day"].lower() == "yesterday")).isoformat()
        if match["weekday"]:
            back = (day.weekday() - WEEKDAYS.index(match["weekday"].lower())) % 7
            return (day - timedelta(days=back)).isoformat()
        last, unit = match["relative"].lower().split()
        if unit == "year":
            return str(day.year - (last == "last"))
        shifted = day.replace(day=1) - timedelta(days=1) if last == "last" else day
        return f"{shifted.year:04}-{shifted.month:02}"
