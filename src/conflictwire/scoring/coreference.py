"""Coreference of mentions: MUC, B3, CEAFm, CEAFe, BLANC, LEA and the CoNLL average.

Mentions match by exact span. Each metric is a function from a gold and a predicted clustering of
hashable mentions to exact counts, and a class that applies it to a layer; neither knows what was
clustered. A mention that overlaps nothing in the gold raises none of them, whether it stands in a
cluster of its own or joins one, as long as singletons are kept: with `singletons=drop` a false mention
lifts the singleton that it joins over the bar, and B3, CEAFm, CEAFe and BLANC may rise. MUC does not
see singletons at all, so that a false one costs it nothing.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import heaviest
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, ratio
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.side import Side

Cluster = frozenset[Hashable]
Clusters = Sequence[Cluster]
"""Disjoint, not empty sets of mentions."""


def _meetings(clusters: Clusters, others: Clusters) -> dict[tuple[int, int], int]:
    """How many mentions a cluster shares with another of the other side, where they share any."""
    return _met(tuple(clusters), tuple(others))


@lru_cache(maxsize=8)
def _met(clusters: tuple[Cluster, ...], others: tuple[Cluster, ...]) -> dict[tuple[int, int], int]:
    """The meetings, kept for the next metric of the same document; a frozen set remembers its hash."""
    where = {mention: j for j, cluster in enumerate(others) for mention in cluster}
    found: dict[tuple[int, int], int] = {}
    for i, cluster in enumerate(clusters):
        for mention in cluster:
            j = where.get(mention)
            if j is not None:
                found[i, j] = found.get((i, j), 0) + 1
    return found


def _pairs(size: int) -> int:
    """Pairs among so many mentions."""
    return size * (size - 1) // 2


def _size(clusters: Clusters) -> int:
    return sum(map(len, clusters))


def _equal_credit(right: int, gold: int, predicted: int) -> Counts:
    """Counts of a metric whose credit is the same on both sides, given in whole items."""
    return Counts(right * SCALE, gold * SCALE, right * SCALE, predicted * SCALE)


# ---- the definitions -----------------------------------------------------------------------------


def muc_counts(gold: Clusters, predicted: Clusters) -> Counts:
    """Links that chain the mentions of a cluster (Vilain et al., 1995), of which a cluster of n has n - 1.

    The links to add to a side's clusters to get the other's are those between the parts into which the
    other splits them; the rest, n - 1 for each two clusters that share n mentions, is the same on both sides.
    """
    right = sum(n - 1 for n in _meetings(gold, predicted).values())
    return _equal_credit(right, _size(gold) - len(gold), _size(predicted) - len(predicted))


def b3_counts(gold: Clusters, predicted: Clusters) -> Counts:
    """Shares of clusters, a mention (Bagga and Baldwin, 1998); a mention of one side alone has share 0.

    A mention's share is what the other side keeps together with it, of its own cluster.
    """
    of_gold, of_predicted = [0] * len(gold), [0] * len(predicted)
    for (i, j), n in _meetings(gold, predicted).items():
        of_gold[i] += n * n
        of_predicted[j] += n * n
    return Counts(
        sum(map(ratio, of_gold, map(len, gold))),
        _size(gold) * SCALE,
        sum(map(ratio, of_predicted, map(len, predicted))),
        _size(predicted) * SCALE,
    )


def lea_counts(gold: Clusters, predicted: Clusters) -> Counts:
    """Importance times resolution, a cluster (Moosavi and Strube, 2016): its size times the share of its links resolved.

    A singleton has one link, to itself; it is resolved by the same singleton only.
    """
    of_gold, of_predicted = [0] * len(gold), [0] * len(predicted)
    for (i, j), n in _meetings(gold, predicted).items():
        alone = len(gold[i]) == 1, len(predicted[j]) == 1
        of_gold[i] += alone[1] if alone[0] else _pairs(n)
        of_predicted[j] += alone[0] if alone[1] else _pairs(n)
    return Counts(
        _importance(of_gold, gold), _size(gold) * SCALE, _importance(of_predicted, predicted), _size(predicted) * SCALE
    )


def _importance(resolved: Sequence[int], clusters: Clusters) -> int:
    """Size times the share of resolved links, over all clusters."""
    sizes = list(map(len, clusters))
    return sum(ratio(size * links, _pairs(size) or 1) for links, size in zip(resolved, sizes, strict=True) if links)


def _aligned_similarity(gold: Clusters, predicted: Clusters, similarity: Callable[[int, int, int], int]) -> int:
    """The largest sum of similarities over one-to-one alignments of clusters, in fixed point.

    `similarity` takes the mentions shared and the sizes of both clusters. The weights are integers below
    2**53 and so are their sums, hence the assignment is exact and its sum does not depend on order.
    """
    edges = {(i, j): similarity(n, len(gold[i]), len(predicted[j])) for (i, j), n in _meetings(gold, predicted).items()}
    return sum(edges[pair] for pair in heaviest(edges).items())


def ceafm_counts(gold: Clusters, predicted: Clusters) -> Counts:
    """Mentions shared by aligned clusters (Luo, 2005, phi3)."""
    shared = _aligned_similarity(gold, predicted, lambda n, g, p: n)
    return _equal_credit(shared, _size(gold), _size(predicted))


def ceafe_counts(gold: Clusters, predicted: Clusters) -> Counts:
    """Dice coefficients of aligned clusters, a cluster (Luo, 2005, phi4)."""
    shared = _aligned_similarity(gold, predicted, lambda n, g, p: ratio(2 * n, g + p))
    return Counts(shared, len(gold) * SCALE, shared, len(predicted) * SCALE)


def blanc_counts(gold: Clusters, predicted: Clusters) -> Breakdown:
    """Pairs of mentions in one cluster, and pairs in two (Recasens and Hovy, 2011; Luo et al., 2014).

    A pair counts as right where both sides have both mentions and say the same of them. The two kinds
    have a key each; `""` is their sum.
    """
    meetings = _meetings(gold, predicted)
    in_gold, in_predicted = Counter[int](), Counter[int]()
    for (i, j), n in meetings.items():
        in_gold[i] += n
        in_predicted[j] += n
    together = sum(map(_pairs, meetings.values()))
    gold_links, predicted_links = (sum(_pairs(len(c)) for c in clusters) for clusters in (gold, predicted))
    # Of the pairs of common mentions, those that gold or prediction puts together are no right non-links.
    either = sum(map(_pairs, in_gold.values())) + sum(map(_pairs, in_predicted.values())) - together
    apart = _pairs(sum(meetings.values())) - either
    links = _equal_credit(together, gold_links, predicted_links)
    others = _equal_credit(apart, _pairs(_size(gold)) - gold_links, _pairs(_size(predicted)) - predicted_links)
    return {"": links + others, "coreference": links, "non-coreference": others}


# ---- the metrics ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coreference:
    """What the metrics of the family share: which clusters they compare, with singletons or without."""

    singletons: str = "keep"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "singletons", ("keep", "drop"))

    def clusters(self, side: Side) -> Clusters:
        """The clusters of one side of a document."""
        return side.clusters

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """The exact counts of two clusterings, in units of 1/SCALE."""
        raise NotImplementedError

    def counts(self, document: Aligned) -> Breakdown:
        """The exact counts of one document, in units of 1/SCALE."""
        gold, predicted = self.clusters(document.gold), self.clusters(document.predicted)
        if self.singletons == "drop":
            gold, predicted = ([cluster for cluster in side if len(cluster) > 1] for side in (gold, predicted))
        return self.count(gold, predicted)


@metric
@dataclass(frozen=True)
class Muc(Coreference):
    """Link-based F1; undefined (0/0) where neither side has a cluster of two."""

    name: ClassVar[str] = "coref.muc"
    source: ClassVar[str] = "Vilain et al., 1995"

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One item a link."""
        return {"": muc_counts(gold, predicted)}


@metric
@dataclass(frozen=True)
class B3(Coreference):
    """B-cubed F1: for each mention the share of its cluster that the other side keeps with it."""

    name: ClassVar[str] = "coref.b3"
    source: ClassVar[str] = "Bagga and Baldwin, 1998"

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One item a mention."""
        return {"": b3_counts(gold, predicted)}


@metric
@dataclass(frozen=True)
class CeafM(Coreference):
    """Mention-based CEAF F1: mentions that aligned clusters share."""

    name: ClassVar[str] = "coref.ceafm"
    source: ClassVar[str] = "Luo, 2005, phi 3"

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One item a mention."""
        return {"": ceafm_counts(gold, predicted)}


@metric
@dataclass(frozen=True)
class CeafE(Coreference):
    """Entity-based CEAF F1: Dice coefficients of aligned clusters."""

    name: ClassVar[str] = "coref.ceafe"
    source: ClassVar[str] = "Luo, 2005, phi 4"

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One item a cluster."""
        return {"": ceafe_counts(gold, predicted)}


@metric
@dataclass(frozen=True)
class Blanc(Coreference):
    """BLANC: the mean over coreference and non-coreference links.

    A kind of link that neither side has (0/0) does not enter; one that a side alone has scores 0, also
    where that side is the prediction: the CoNLL reference scorer looks at the gold only and lets such
    links pass (preset `conll-2012`). A document of one mention has no link and tells nothing.
    """

    name: ClassVar[str] = "coref.blanc"
    source: ClassVar[str] = "Recasens and Hovy, 2011; Luo et al., 2014"
    parts: ClassVar[tuple[str, ...]] = ("coreference", "non-coreference")

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One item a pair of mentions."""
        return blanc_counts(gold, predicted)


@metric
@dataclass(frozen=True)
class Lea(Coreference):
    """Link-based entity-aware F1: for each cluster, weighed by its size, the share of its links resolved."""

    name: ClassVar[str] = "coref.lea"
    source: ClassVar[str] = "Moosavi and Strube, 2016"
    headline: ClassVar[bool] = True

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One item a mention."""
        return {"": lea_counts(gold, predicted)}


@metric
@dataclass(frozen=True)
class Conll(Coreference):
    """The CoNLL average: the mean of the F1 of MUC, B3 and CEAFe, and of their P and R beside it.

    MUC does not enter where it is undefined, so that a perfect prediction of singletons scores 1.
    """

    name: ClassVar[str] = "coref.conll"
    source: ClassVar[str] = "CoNLL-2012 (Pradhan et al., 2012)"
    parts: ClassVar[tuple[str, ...]] = ("muc", "b3", "ceafe")

    def count(self, gold: Clusters, predicted: Clusters) -> Breakdown:
        """One key a metric; `""` counts mentions."""
        b3 = b3_counts(gold, predicted)
        return {"": b3, "muc": muc_counts(gold, predicted), "b3": b3, "ceafe": ceafe_counts(gold, predicted)}
