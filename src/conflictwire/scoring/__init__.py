"""Scoring: metrics from exact counts, summed by story, with uncertainty and a signature.

`counts -> merge -> finalise` is importable from `scoring.counts`; a metric is one small class in the
module of its family.
"""

from conflictwire.scoring.registry import METRICS, Metric, MetricError, metric, parse, text_form
from conflictwire.scoring.scores import DEFAULT, Score, Scores, score

__all__ = [
    "DEFAULT",
    "METRICS",
    "Metric",
    "MetricError",
    "Score",
    "Scores",
    "metric",
    "parse",
    "score",
    "text_form",
]
