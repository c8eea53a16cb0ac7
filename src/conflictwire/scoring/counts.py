"""Counts: the exact integers that a metric takes from one document, and what becomes of them.

`counts -> merge -> finalise` is the whole scorer; this module knows nothing of what is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

# Metrics whose credit is a fraction (B3, LEA, partial matches) count in units of 1/SCALE, rounded
# once an item, so that sums are exact integers whatever the order in which shards are merged.
SCALE = 10**12


def fixed(value: Fraction) -> int:
    """A fraction of credit in fixed point."""
    return ratio(value.numerator, value.denominator)


def ratio(numerator: int, denominator: int) -> int:
    """A quotient of two counts in fixed point, rounded to the nearest unit; without a `Fraction`, because it is called often."""
    return (2 * numerator * SCALE + denominator) // (2 * denominator)


@dataclass(frozen=True)
class Counts:
    """Credit and number of items on both sides: recall is `gold_credit / gold`, precision `predicted_credit / predicted`.

    All four are integers in one unit (items, or 1/SCALE of an item).
    """

    gold_credit: int = 0
    gold: int = 0
    predicted_credit: int = 0
    predicted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.gold_credit + other.gold_credit,
            self.gold + other.gold,
            self.predicted_credit + other.predicted_credit,
            self.predicted + other.predicted,
        )


Breakdown = dict[str, Counts]
"""Counts under the key `""` for the whole, and one key a type of item where a metric tells them apart."""


class Tally:
    """Counts of one document while they are being taken: each item adds to the whole and to its own key."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[int]] = {}
        self._beside = Counts()  # what was added by `add`, of which an item may have several keys

    def gold(self, key: str, credit: int, size: int = 1) -> None:
        """One gold item of a type, with the credit it earned, of at most `size` units."""
        sums = self._by_key.get(key) or self._by_key.setdefault(key, [0] * 8)
        sums[0] += credit
        sums[1] += size

    def predicted(self, key: str, credit: int, size: int = 1) -> None:
        """One predicted item of a type, with the credit it earned, of at most `size` units."""
        sums = self._by_key.get(key) or self._by_key.setdefault(key, [0] * 8)
        sums[2] += credit
        sums[3] += size

    def add(self, keys: Iterable[str], counts: Counts) -> None:
        """Counts that add to the whole once and to each key."""
        self._beside += counts
        for key in dict.fromkeys(keys):
            sums = self._by_key.setdefault(key, [0] * 8)
            for place, value in enumerate((counts.gold_credit, counts.gold, counts.predicted_credit, counts.predicted)):
                sums[4 + place] += value

    def breakdown(self) -> Breakdown:
        """The counts taken so far."""
        single = [Counts(*sums[:4]) for sums in self._by_key.values()]
        by_key = {key: Counts(*sums[:4]) + Counts(*sums[4:]) for key, sums in self._by_key.items()}
        return {"": sum(single, self._beside), **by_key}


def merge(parts: Iterable[Breakdown]) -> Breakdown:
    """The sum of breakdowns, key by key: associative, commutative and exact."""
    total: Breakdown = {"": Counts()}
    for part in parts:
        for key, counts in part.items():
            total[key] = total.get(key, Counts()) + counts
    return total


@dataclass(frozen=True)
class PRF:
    """Precision, recall and F1; all None where neither gold nor prediction has an item (0/0: undefined)."""

    precision: float | None
    recall: float | None
    f1: float | None


def finalise(counts: Counts) -> PRF:
    """Precision, recall and F1 of counts.

    0/0 is decided thus: no gold and no predicted items is undefined; one side empty makes the other
    side's ratio 0 and F1 0, because something was missed or made up.
    """
    if counts.gold == 0 and counts.predicted == 0:
        return PRF(None, None, None)
    precision = counts.predicted_credit / counts.predicted if counts.predicted else 0.0
    recall = counts.gold_credit / counts.gold if counts.gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return PRF(precision, recall, f1)


def finalise_parts(counts: Breakdown, parts: Sequence[str]) -> PRF:
    """The mean of precision, recall and F1 over parts of a breakdown; parts that are 0/0 do not enter.

    Most metrics have the one part `""`; BLANC and the CoNLL average are means over several.
    """
    each = [found for found in (finalise(counts.get(part, Counts())) for part in parts) if found.f1 is not None]
    if not each:
        return PRF(None, None, None)
    return PRF(*(sum(getattr(e, name) for e in each) / len(each) for name in ("precision", "recall", "f1")))
