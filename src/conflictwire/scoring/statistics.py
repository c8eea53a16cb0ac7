"""Uncertainty: percentile bootstrap over stories, from counts alone (Efron, 1979; Berg-Kirkpatrick et al., 2012)."""

from dataclasses import dataclass

import numpy as np

from conflictwire.scoring.counts import Counts

MIN_STORIES = 10  # with fewer, resampling says nothing a reader should trust (DESIGN 3)
RESAMPLES = 1000
SEED = 20310902
LEVEL = 0.95


@dataclass(frozen=True)
class Bootstrap:
    """How intervals were made: number of resamples, seed of the generator, coverage aimed at."""

    resamples: int = RESAMPLES
    seed: int = SEED
    level: float = LEVEL


def f1_interval(stories: list[Counts], how: Bootstrap) -> tuple[float, float] | None:
    """Percentile interval of F1 when stories are drawn with replacement; None with fewer than `MIN_STORIES`.

    Args:
        stories: the counts of each story, in an order that content decides.
        how: resamples, seed and coverage.
    """
    if len(stories) < MIN_STORIES:
        return None
    table = np.array([(c.gold_credit, c.gold, c.predicted_credit, c.predicted) for c in stories], dtype=float)
    generator = np.random.default_rng(how.seed)
    drawn = generator.multinomial(len(stories), np.full(len(stories), 1 / len(stories)), how.resamples)
    gold_credit, gold, predicted_credit, predicted = (drawn @ table).T
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = np.where(gold > 0, gold_credit / gold, 0.0)
        precision = np.where(predicted > 0, predicted_credit / predicted, 0.0)
        f1 = np.where(recall + precision > 0, 2 * recall * precision / (recall + precision), 0.0)
    f1 = f1[(gold > 0) | (predicted > 0)]
    tail = (1 - how.level) / 2
    low, high = np.quantile(f1, [tail, 1 - tail])
    return float(low), float(high)
