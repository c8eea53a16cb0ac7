"""How near wrong figures are: diagnostics, never scores, for no level gives credit for a number that is merely close."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from conflictwire import derive
from conflictwire.model import Claim
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Breakdown, Tally, fixed
from conflictwire.scoring.registry import choice, metric


def distance(gold: Claim, predicted: Claim) -> Fraction | None:
    """The smaller figure plus one by the larger plus one, the mean over low and high ends.

    An end that only one of them has counts 0; None where neither has any number. For exact figures that is
    exp(-|ln((p + 1) / (g + 1))|), without its rounding.
    """
    a, b = derive.interval(gold), derive.interval(predicted)
    ends = [(x, y) for x, y in ((a.low, b.low), (a.high, b.high)) if x is not None or y is not None]
    if not ends:
        return None
    return sum((_ratio(x, y) for x, y in ends), Fraction(0)) / len(ends)


def _ratio(x: Fraction | None, y: Fraction | None) -> Fraction:
    if x is None or y is None:
        return Fraction(0)
    low, high = sorted((x + 1, y + 1))
    return low / high if low > 0 else Fraction(int(low == high))


def overlap(gold: Claim, predicted: Claim) -> Fraction | None:
    """1 if some number is in both intervals, else 0 ("at least 9" and 12 share 12); None where neither has any number."""
    sides = derive.interval(gold), derive.interval(predicted)
    # Ends with those that do not belong to their interval further in.
    lows = [(i.low, not i.low_included) for i in sides if i.low is not None]
    highs = [(i.high, i.high_included) for i in sides if i.high is not None]
    bounded = [i.low is not None or i.high is not None for i in sides]
    if not all(bounded):
        return Fraction(0) if any(bounded) else None
    if not lows or not highs:
        return Fraction(1)
    (low, low_open), (high, high_included) = max(lows), min(highs)
    return Fraction(int(low < high or (low == high and not low_open and high_included)))


def numerals(gold: Claim, predicted: Claim) -> Fraction | None:
    """Printed numbers in common, twice over all of both; None where neither prints any."""
    a, b = (Counter(map(Fraction, c.values)) for c in (gold, predicted))
    both = a.total() + b.total()
    return Fraction(2 * (a & b).total(), both) if both else None


WAYS: dict[str, Callable[[Claim, Claim], Fraction | None]] = {
    "distance": distance,
    "overlap": overlap,
    "numerals": numerals,
}


@metric
@dataclass(frozen=True)
class Close:
    """How near the figures of aligned claims are, on average: a diagnostic that tells slips from howlers.

    `by=distance`: the smaller by the larger; `by=overlap`: intervals with a number in common;
    `by=numerals`: printed numbers in common. Conditional on alignment, with the reserves of `claims.field`.
    """

    by: str = "distance"
    name: ClassVar[str] = "claims.close"
    layers: ClassVar[tuple[str, ...]] = ("claims",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "by", tuple(WAYS))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a pair with a number on either side; keys are measures."""
        gold, predicted = document.gold.claims, document.predicted.claims
        tally = Tally()
        for i, j in document.claims.items():
            near = WAYS[self.by](gold[i], predicted[j])
            if near is not None:
                tally.pair(fixed(near), SCALE, gold[i].measure)
        return tally.breakdown()
