"""How far tolls are off, of those that both sides have: errors, of which less is better."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Breakdown, Tally, fixed
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.tolls.policies import POLICIES, Toll
from conflictwire.scoring.tolls.right import LAYERS, compare


def _mean(pairs: Iterable[tuple[str, int, int]], unit: int) -> Breakdown:
    """A mean over answered pairs, the same on both sides.

    `pairs` holds measure, error in units and its sign; keys are measures, and `over` and `under`, whose
    credit is of the errors with that sign and whose number is of all: over less under is the signed mean.
    """
    tally = Tally()
    for measure, error, sign in pairs:
        tally.pair(error, unit, measure)
        for key, has in (("over", sign > 0), ("under", sign < 0)):
            tally.beside(key, error * has, unit)
    return tally.breakdown()


def _sign(gold: Toll, predicted: Toll) -> int:
    return (predicted.number > gold.number) - (predicted.number < gold.number)


@metric
@dataclass(frozen=True)
class LogError:
    """Mean |ln((predicted + 1) / (gold + 1))| over the tolls that both sides have: an error, lower is better.

    No ratio: 0 is perfect, 0.69 about double or half, and it may exceed 1. The keys `over` and `under` split
    it by sign: their difference is the signed mean. Conditional on being answered (see `toll.answered`);
    P, R and F1 are the same number.
    """

    policy: str = "latest"
    name: ClassVar[str] = "toll.log_error"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = LAYERS
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a pair, on both sides alike."""
        found = compare(document, self.policy)
        pairs = ((key[1], found.gold[key], found.predicted[other]) for key, other in found.pairs.items())
        return _mean(((m, fixed(Fraction(log_error(g, p))), _sign(g, p)) for m, g, p in pairs), SCALE)


def log_error(gold: Toll, predicted: Toll) -> float:
    """|ln((p + 1) / (g + 1))|; numbers of persons are not negative, and one that is counts as none."""
    return abs(math.log((max(predicted.number, Fraction(0)) + 1) / (max(gold.number, Fraction(0)) + 1)))


@metric
@dataclass(frozen=True)
class Tenfold:
    """The rate of tolls off by a factor of ten or more, of those that both sides have: lower is better.

    A lost or added zero; against a toll of 0, ten or more. Conditional on being answered; keys `over` and
    `under` split it by sign; P, R and F1 are the same number.
    """

    policy: str = "latest"
    name: ClassVar[str] = "toll.tenfold"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a pair, on both sides alike."""
        found = compare(document, self.policy)
        pairs = ((key[1], found.gold[key], found.predicted[other]) for key, other in found.pairs.items())
        return _mean(((m, int(tenfold(g, p)), _sign(g, p)) for m, g, p in pairs), 1)


def tenfold(gold: Toll, predicted: Toll) -> bool:
    """Whether the larger is at least ten times the smaller, which counts as one where it is less."""
    low, high = sorted((gold.number, predicted.number))
    return high >= 10 * max(low, Fraction(1))
