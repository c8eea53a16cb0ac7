"""Coreference of entity mentions: B3 (Bagga and Baldwin, 1998) and LEA (Moosavi and Strube, 2016).

Mentions match by exact span. Singletons are kept unless a metric says `singletons=drop`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from conflictwire.scoring.align import Aligned, Range
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, fixed
from conflictwire.scoring.registry import choice, metric

Clusters = list[frozenset[Range]]


def _chosen(clusters: Clusters, singletons: str) -> Clusters:
    return clusters if singletons == "keep" else [c for c in clusters if len(c) > 1]


def _counts(document: Aligned, singletons: str, side: Callable[[Clusters, Clusters], tuple[int, int]]) -> Breakdown:
    gold = _chosen(document.gold.clusters, singletons)
    predicted = _chosen(document.predicted.clusters, singletons)
    return {"": Counts(*side(gold, predicted), *side(predicted, gold))}


def _shared(cluster: frozenset[Range], others: Clusters, where: dict[Range, int]) -> dict[int, int]:
    """How many mentions a cluster shares with each other cluster that it meets."""
    meets: dict[int, int] = {}
    for mention in cluster:
        if mention in where:
            meets[where[mention]] = meets.get(where[mention], 0) + 1
    return meets


def _index(clusters: Clusters) -> dict[Range, int]:
    return {mention: i for i, cluster in enumerate(clusters) for mention in cluster}


def b3_side(clusters: Clusters, others: Clusters) -> tuple[int, int]:
    """B3 of one side in fixed point: for each mention the share of its cluster that the other side keeps with it."""
    where, credit, total = _index(others), 0, 0
    for cluster in clusters:
        total += len(cluster) * SCALE
        credit += fixed(
            sum((Fraction(n * n, len(cluster)) for n in _shared(cluster, others, where).values()), Fraction(0))
        )
    return credit, total


def lea_side(clusters: Clusters, others: Clusters) -> tuple[int, int]:
    """LEA of one side in fixed point: each cluster weighs its size, times the share of its links that are resolved.

    A singleton has one link, to itself; it is resolved by the same singleton only.
    """
    where, credit, total = _index(others), 0, 0
    for cluster in clusters:
        size = len(cluster)
        total += size * SCALE
        meets = _shared(cluster, others, where)
        if size == 1:
            credit += SCALE * sum(len(others[i]) == 1 for i in meets)
        else:
            links = sum(n * (n - 1) // 2 for n in meets.values())
            credit += fixed(Fraction(size * links, size * (size - 1) // 2))
    return credit, total


@metric
@dataclass(frozen=True)
class Lea:
    """Link-based entity-aware F1 (Moosavi and Strube, 2016)."""

    singletons: str = "keep"
    name: ClassVar[str] = "coref.lea"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = True
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "singletons", ("keep", "drop"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed-point importance times resolution, both sides."""
        return _counts(document, self.singletons, lea_side)


@metric
@dataclass(frozen=True)
class B3:
    """B-cubed F1 (Bagga and Baldwin, 1998)."""

    singletons: str = "keep"
    name: ClassVar[str] = "coref.b3"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "singletons", ("keep", "drop"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed-point credit a mention, both sides."""
        return _counts(document, self.singletons, b3_side)
