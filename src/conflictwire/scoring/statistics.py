"""Uncertainty, from counts alone: bootstrap intervals over stories, and paired tests between systems.

Percentile bootstrap (Efron, 1979; for NLP Berg-Kirkpatrick et al., 2012) and approximate randomisation
(Noreen, 1989; Yeh, 2000), with Holm's correction (1979). Knows counts, not what was counted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from conflictwire.scoring.counts import Breakdown, Counts

MIN_STORIES = 10  # with fewer, resampling says nothing a reader should trust (DESIGN 3)
SEED = 20310902
_CELLS = 2**20  # numbers held at once while resampling, 8 MiB

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


def f1_intervals(tables: Sequence[Floats], how: Resampling) -> list[tuple[float, float] | None]:
    """Percentile intervals of F1 when stories are drawn with replacement; None with fewer than `MIN_STORIES`.

    Draws in which a metric is 0/0 tell it nothing and are left out; None also where all are.

    Metrics over the same number of stories share their draws, so one pass serves a whole table of scores.

    Args:
        tables: from `table`, one a metric, stories in an order that content decides.
        how: rounds, seed and coverage.
    """
    result: list[tuple[float, float] | None] = [None] * len(tables)
    for stories in sorted({len(t) for t in tables if len(t) >= MIN_STORIES}):
        places = [i for i, t in enumerate(tables) if len(t) == stories]
        sums = np.concatenate([drawn @ _columns(tables, places) for drawn in draws(stories, how)])
        for i, own in zip(places, _apart(sums, tables, places), strict=True):
            values = f1(own)
            defined = values[~np.isnan(values)]
            if len(defined):
                tail = (1 - how.level) / 2
                low, high = np.quantile(defined, [tail, 1 - tail])
                result[i] = float(low), float(high)
    return result


def draws(stories: int, how: Resampling) -> Iterator[Floats]:
    """How often each story is drawn in each round, so many rounds at a time that memory stays small (rounds x stories)."""
    generator = np.random.default_rng(how.seed)
    for rounds in _blocks(stories, how.rounds):
        drawn = generator.integers(0, stories, (rounds, stories)) + stories * np.arange(rounds)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rounds * stories).reshape(rounds, stories).astype(float)


def _blocks(stories: int, rounds: int) -> Iterator[int]:
    """Rounds in blocks of at most `_CELLS` numbers each."""
    most = max(1, _CELLS // stories)
    for start in range(0, rounds, most):
        yield min(most, rounds - start)


def _columns(tables: Sequence[Floats], places: Sequence[int]) -> Floats:
    """Tables side by side: stories x columns."""
    result: Floats = np.concatenate([tables[i].reshape(len(tables[i]), -1) for i in places], axis=1)
    return result


def _apart(sums: Floats, tables: Sequence[Floats], places: Sequence[int]) -> list[Floats]:
    """Sums of tables side by side, table by table: rounds x parts x 4."""
    ends = np.cumsum([tables[i][0].size for i in places])[:-1]
    return [
        own.reshape(len(sums), *tables[i].shape[1:])
        for i, own in zip(places, np.split(sums, ends, axis=1), strict=True)
    ]


class Difference(NamedTuple):
    """Two systems on one metric: F1 of each, p of a two-sided paired test, and the smallest p there could be."""

    first: float
    second: float
    p: float
    smallest_p: float


def paired_tests(first: Sequence[Floats], second: Sequence[Floats], how: Resampling) -> list[Difference]:
    """Approximate randomisation: in each round every story's counts change sides or not, by the toss of a coin.

    p = (c + 1) / (n + 1), c being the rounds whose difference is at least the one seen (Noreen, 1989).
    With S stories only 2^S arrangements exist, half of them mirror images: 2 / 2^S bounds p from below.

    Args:
        first: from `table`, one a metric, for the one system.
        second: the same metrics, stories and parts for the other.
        how: rounds and seed.
    """
    if not first:
        return []
    stories, every = len(first[0]), range(len(first))
    change = _columns(second, every) - _columns(first, every)
    generator = np.random.default_rng(how.seed)
    tossed = (generator.integers(0, 2, (rounds, stories)).astype(float) for rounds in _blocks(stories, how.rounds))
    moved = _apart(np.concatenate([swap @ change for swap in tossed]), first, every)
    smallest = min(1.0, max(1 / (how.rounds + 1), 2.0 ** (1 - stories)))
    result = []
    for one, other, own in zip(first, second, moved, strict=True):
        a, b = float(f1(one.sum(0))), float(f1(other.sum(0)))
        differences = np.abs(f1(one.sum(0) + own) - f1(other.sum(0) - own))
        # Equal up to rounding counts as "at least": arrangements that only mirror the one seen must.
        at_least = int((differences >= abs(a - b) - 1e-12).sum())
        result.append(Difference(a, b, (at_least + 1) / (how.rounds + 1), smallest))
    return result


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction: p values that hold for the whole table at once, in the order given."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    corrected = [0.0] * len(ps)
    running = 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(ps) - rank) * ps[i]))
        corrected[i] = running
    return corrected
