"""An outside baseline for claims: quantulum3, a reader of quantities and units that knows nothing of casualties.

Its quantities are taken as they are; nothing of our grammar mends them. Needs the extra
`conflictwire[quantulum3]`, imported when the extractor is made.
"""

from decimal import Decimal
from typing import Any

from conflictwire import numerals
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document, extractor
from conflictwire.model import Claim, Measure, Prediction, Span

_MEASURES: dict[str, Measure] = {
    "currency": "money",
    "length": "distance",
    "area": "area",
    "time": "duration",
    "percentage": "share",
}
_UNITS = {
    "percentage": "percent", "kilometre": "km", "metre": "m", "mile": "[mi_i]", "foot": "[ft_i]", "second": "s", "minute": "min",
    "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a", "dollar": "USD", "united states dollar": "USD", "euro": "EUR",
    "pound sterling": "GBP",
}  # fmt: skip


@extractor("quantulum3")
class Quantulum:
    """The quantities that quantulum3 reads, as claims: an outside baseline; needs conflictwire[quantulum3]."""

    def __init__(self) -> None:
        try:
            from quantulum3 import parser
        except ImportError as error:
            raise UnusableInput(
                "the extractor quantulum3 needs its package: pip install 'conflictwire[quantulum3]'"
            ) from error
        self._parse = parser.parse

    def extract(self, document: Document) -> Prediction:
        """Claims with figure, and measure and unit where quantulum3 knows the unit; everything else at its default."""
        claims: list[Claim] = []
        last = 0
        for line in document.text.split("\n"):  # its time grows faster than a text's length
            for quantity in self._quantities(line):
                start, end = (last + offset for offset in quantity.span)
                claims.append(_claim(f"c{len(claims) + 1}", quantity, Span(start, end, document.text[start:end])))
            last += len(line) + 1
        return Prediction(document.id, claims=claims)

    def _quantities(self, line: str) -> list[Any]:
        try:
            found = self._parse(line)
        except Exception:  # it fails on some lines in many ways; what it cannot read it does not find
            return []
        return [q for q in found if 0 <= q.span[0] < q.span[1] <= len(line)]


def _claim(id: str, quantity: Any, span: Span) -> Claim:
    """One quantity; its uncertainty, as of "between 5 and 10", makes a range."""
    value, margin = Decimal(str(quantity.value)), Decimal(str(quantity.uncertainty or 0))
    values = [value - margin, value + margin] if margin else [value]
    unit, kind = quantity.unit.name, quantity.unit.entity.name
    return Claim(
        id=id,
        span=span,
        form="range" if margin else "numeral",
        values=[numerals.decimal_string(v) for v in values],
        measure=_MEASURES.get(unit, _MEASURES.get(kind, "other")),
        unit=_UNITS.get(unit, "person"),
    )
