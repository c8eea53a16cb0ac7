"""Counts: the exact integers that a metric takes from one document, and what becomes of them.

`counts -> merge -> finalise` is the whole scorer; this module knows nothing of what is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import msgspec

# Metrics whose credit is a fraction (B3, LEA, partial matches) count in units of 1/SCALE, rounded
# once an item, so that sums are exact integers whatever the order in which shards are merged.
SCALE = 10**12


def fixed(value: Fraction) -> int:
    """A fraction of credit in fixed point."""
    return ratio(value.numerator, value.denominator)


def ratio(numerator: int, denominator: int) -> int:
    """A quotient of two counts in fixed point, rounded to the nearest unit; without a `Fraction`, because it is called often."""
    return (2 * numerator * SCALE + denominator) // (2 * denominator)


class Counts(msgspec.Struct, frozen=True, gc=False):
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
    """Counts of one document while they are being taken: each item adds to the whole and to its own keys."""

    def __init__(self) -> None:
        self._whole = [0, 0, 0, 0]
        self._by_key: dict[str, list[int]] = {}

    def gold(self, credit: int, size: int, *keys: str) -> None:
        """One gold item, with the credit it earned, of at most `size` units."""
        for sums in self._each(keys):
            sums[0] += credit
            sums[1] += size

    def predicted(self, credit: int, size: int, *keys: str) -> None:
        """One predicted item, with the credit it earned, of at most `size` units."""
        for sums in self._each(keys):
            sums[2] += credit
            sums[3] += size

    def pair(self, credit: int, size: int, *keys: str) -> None:
        """One aligned pair, an item on both sides, in metrics that are conditional on alignment."""
        self.gold(credit, size, *keys)
        self.predicted(credit, size, *keys)

    def beside(self, key: str, credit: int, size: int) -> None:
        """What one aligned pair adds to one more key, where that is not what it adds to the whole."""
        self._by_key[key] = [a + b for a, b in zip(self._each((key,))[1], (credit, size, credit, size), strict=True)]

    def _each(self, keys: tuple[str, ...]) -> list[list[int]]:
        found = [self._whole]
        for key in keys:
            found.append(self._by_key.get(key) or self._by_key.setdefault(key, [0, 0, 0, 0]))
        return found

    def breakdown(self) -> Breakdown:
        """The counts taken so far."""
        return {"": Counts(*self._whole), **{key: Counts(*sums) for key, sums in self._by_key.items()}}


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
