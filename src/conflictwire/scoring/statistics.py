"""Uncertainty, from counts alone: bootstrap intervals over stories, and paired tests between systems.

Percentile bootstrap (Efron, 1979; for NLP Berg-Kirkpatrick et al., 2012) and approximate randomisation
(Noreen, 1989; Yeh, 2000), with Holm's correction (1979). Knows counts, not what was counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from conflictwire.scoring.counts import Breakdown, Counts

MIN_STORIES = 10  # with fewer, resampling says nothing a reader should trust (DESIGN 3)
SEED = 20310902

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Resampling:
    """How resampling was done: rounds, seed of the generator, coverage that intervals aim at."""

    rounds: int = 10_000
    seed: int = SEED
    level: float = 0.95


def table(stories: Sequence[Breakdown], parts: Sequence[str]) -> Floats:
    """The counts of stories as an array: stories x parts x (gold credit, gold, predicted credit, predicted)."""
    rows = [[_row(story.get(part, Counts())) for part in parts] for story in stories]
    return np.array(rows, dtype=float).reshape(len(stories), len(parts), 4)


def _row(counts: Counts) -> tuple[int, int, int, int]:
    return counts.gold_credit, counts.gold, counts.predicted_credit, counts.predicted


def f1(sums: Floats) -> Floats:
    """F1 of sums of counts (... x parts x 4), the mean over the parts that are defined; NaN where none is."""
    gold_credit, gold, predicted_credit, predicted = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = np.where(gold > 0, gold_credit / gold, 0.0)
        precision = np.where(predicted > 0, predicted_credit / predicted, 0.0)
        each = np.where(recall + precision > 0, 2 * recall * precision / (recall + precision), 0.0)
        defined = (gold > 0) | (predicted > 0)
        result: Floats = np.where(defined, each, 0.0).sum(-1) / defined.sum(-1)
    return result


def f1_interval(counts: Floats, how: Resampling) -> tuple[float, float] | None:
    """Percentile interval of F1 when stories are drawn with replacement; None with fewer than `MIN_STORIES`.

    Args:
        counts: from `table`, stories in an order that content decides.
        how: rounds, seed and coverage.
    """
    stories = len(counts)
    if stories < MIN_STORIES:
        return None
    drawn = _drawn(stories, how.rounds, how.seed)
    values = f1((drawn @ counts.reshape(stories, -1)).reshape(how.rounds, *counts.shape[1:]))
    tail = (1 - how.level) / 2
    low, high = np.nanquantile(values, [tail, 1 - tail])
    return float(low), float(high)


@lru_cache(maxsize=2)
def _drawn(stories: int, rounds: int, seed: int) -> Floats:
    """How often each story is drawn in each round: one draw serves all metrics of a table."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(stories, np.full(stories, 1 / stories), rounds).astype(float)


@dataclass(frozen=True)
class Difference:
    """Two systems on one metric: F1 of each, p of a two-sided paired test, and the smallest p there could be."""

    first: float
    second: float
    p: float
    smallest_p: float


def paired_test(first: Floats, second: Floats, how: Resampling) -> Difference:
    """Approximate randomisation: in each round every story's counts change sides or not, by the toss of a coin.

    p = (c + 1) / (n + 1), c being the rounds whose difference is at least the one seen (Noreen, 1989).
    With S stories only 2^S arrangements exist, half of them mirror images: 2 / 2^S bounds p from below.

    Args:
        first: from `table`, for the one system.
        second: the same stories and parts for the other.
        how: rounds and seed.
    """
    a, b = float(f1(first.sum(0))), float(f1(second.sum(0)))
    generator = np.random.default_rng(how.seed)
    swap = generator.integers(0, 2, (how.rounds, len(first))).astype(float)
    moved = np.tensordot(swap, second - first, axes=1)
    differences = np.abs(f1(first.sum(0) + moved) - f1(second.sum(0) - moved))
    # Equal up to rounding counts as "at least": arrangements that only mirror the one seen must.
    at_least = int((differences >= abs(a - b) - 1e-12).sum())
    p = (at_least + 1) / (how.rounds + 1)
    return Difference(a, b, p, min(1.0, max(1 / (how.rounds + 1), 2.0 ** (1 - len(first)))))


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction: p values that hold for the whole table at once, in the order given."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected = [0.0] * len(ps)
    running = 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(ps) - rank) * ps[i]))
        corrected[i] = running
    return corrected
