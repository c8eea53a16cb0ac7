"""The simplest extractor that is not a floor: numbers near casualty words, one layer only."""

import re

from conflictwire import numerals
from conflictwire.extractors.base import Document, extractor
from conflictwire.model import Claim, Counted, Measure, Prediction, Span

_MEASURES: list[tuple[Measure, str]] = [
    ("killed", r"killed|kill|killing|kills|dead|died|deaths?|lives|bodies|slain|fatalities"),
    ("injured", r"injured|injuring|wounded|wounding|hurt|injuries"),
    ("missing", r"missing"),
    ("abducted", r"abducted|kidnapped|seized"),
    ("detained", r"detained|arrested"),
    ("displaced", r"displaced|fled"),
]
_WORDS = [(measure, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for measure, words in _MEASURES]
_MODIFIER = re.compile(rf"(?:{numerals.MODIFIER})\s+$", re.IGNORECASE)
WINDOW = 50  # code points on either side in which a casualty word counts as near


@extractor("regex")
class Regex:
    """Numbers within 50 characters of a casualty word; claims only, no sources."""

    def extract(self, document: Document) -> Prediction:
        """Claims with figure, measure and unit; everything else at its default."""
        claims: list[Claim] = []
        excluded = list(numerals.not_counts(document.text))
        for number in numerals.numbers(document.text):
            if any(start < number.end and number.start < end for start, end in excluded):
                continue
            near = self._nearest(document.text, number.start, number.end)
            if near is None:
                continue
            measure, start, end = near
            before = _MODIFIER.search(document.text[max(0, number.start - 30) : number.start])
            begin = number.start - len(before.group()) if before else number.start
            words = document.text[begin : number.end]
            parsed = numerals.parse(words)
            if parsed is None:
                continue
            claims.append(
                Claim(
                    id=f"c{len(claims) + 1}",
                    span=Span(begin, number.end, words),
                    form=parsed.form,
                    bound=parsed.bound,
                    approximation=parsed.approximation,
                    values=list(parsed.values),
                    measure=measure,
                    measure_span=Span(start, end, document.text[start:end]),
                    counted=Counted(role="victim"),
                )
            )
        return Prediction(document.id, claims=claims)

    @staticmethod
    def _nearest(text: str, start: int, end: int) -> tuple[Measure, int, int] | None:
        """The casualty word nearest to a number, inside its line."""
        line = text.rfind("\n", 0, start) + 1, (text.find("\n", end) + 1 or len(text) + 1) - 1
        low, high = max(line[0], start - WINDOW), min(line[1], end + WINDOW)
        found = [
            (min(abs(m.start() - end), abs(start - m.end())), measure, m.start(), m.end())
            for measure, words in _WORDS
            for m in words.finditer(text, low, high)
        ]
        return min(found)[1:] if found else None
