"""Mentions: the SemEval-2013 task 9 ways of matching (Segura-Bedmar et al., 2013), heads and soft spans.

All count from the one alignment of the document, which goes by spans; none aligns anew for its own benefit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned, Kinds
from conflictwire.scoring.assignment import Range, overlap, span_range
from conflictwire.scoring.counts import SCALE, Breakdown, Counts
from conflictwire.scoring.registry import metric
from conflictwire.scoring.side import MentionItem, Side
from conflictwire.scoring.spans import intersection_over_union


def count_kinds(kinds: Kinds, unit: int, credit: Callable[[bool, bool], int]) -> Breakdown:
    """Counts of aligned spans, for the whole and for each type.

    Args:
        kinds: the aligned spans by kind.
        unit: the most credit of a pair.
        credit: what a pair earns, by whether the spans and whether the types are the same; that the spans
            overlap is the alignment's doing.
    """
    return _count(kinds, unit, [(g, p, number * credit(same, g == p)) for g, p, same, number in kinds.pairs])


def _count(kinds: Kinds, unit: int, earned: Iterable[tuple[str, str, int]]) -> Breakdown:
    """Counts for the whole and for each type; credit counts for the gold item's type in recall, the predicted one's in precision."""
    sums = {type: [0, unit * gold, 0, unit * predicted] for type, (gold, predicted) in kinds.sizes.items()}
    for gold_type, predicted_type, credit in earned:
        if credit:
            sums[gold_type][0] += credit
            sums[predicted_type][2] += credit
    by_type = {type: Counts(*found) for type, found in sums.items()}
    return {"": Counts(*map(sum, zip(*sums.values(), strict=True))), **by_type}


def _count_each(document: Aligned, unit: int, credit: Callable[[MentionItem, MentionItem], int]) -> Breakdown:
    """Counts of aligned mentions whose credit is the pair's own."""
    gold, predicted = document.gold.mentions, document.predicted.mentions
    pairs = ((gold[i], predicted[j]) for i, j in document.mentions.items())
    return _count(document.mention_kinds, unit, ((g.type, p.type, credit(g, p)) for g, p in pairs))


def _heads(side: Side) -> dict[tuple[Range, str], Range]:
    """The head of each mention: as given, else the whole span; of several the first in the text."""
    given: dict[tuple[Range, str], Range] = {}
    for entity in side.entities:
        for mention in entity.mentions:
            key = span_range(mention.span), entity.type
            head = span_range(mention.head or mention.span)
            given[key] = min(given.get(key, head), head)
    return given


def same_head(gold: Range, gold_head: Range, predicted: Range, predicted_head: Range) -> bool:
    """Whether the heads overlap and each lies inside the other's span.

    For a prediction without heads this is MUC's rule (Hirschman and Chinchor, 1997, section 4): include the
    gold head and do not go beyond the gold span, so a span drawn around everything earns nothing.
    """

    def inside(head: Range, span: Range) -> bool:
        return span[0] <= head[0] and head[1] <= span[1]

    return bool(overlap(gold_head, predicted_head)) and inside(gold_head, predicted) and inside(predicted_head, gold)


@metric
@dataclass(frozen=True)
class Strict:
    """Same span and same entity type."""

    name: ClassVar[str] = "mentions.strict"
    source: ClassVar[str] = "SemEval-2013 task 9 (Segura-Bedmar et al., 2013)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = True

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention."""
        return count_kinds(document.mention_kinds, 1, lambda same_span, same_type: int(same_span and same_type))


@metric
@dataclass(frozen=True)
class Exact:
    """Same span, whatever the type."""

    name: ClassVar[str] = "mentions.exact"
    source: ClassVar[str] = "SemEval-2013 task 9 (Segura-Bedmar et al., 2013)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention."""
        return count_kinds(document.mention_kinds, 1, lambda same_span, same_type: int(same_span))


@metric
@dataclass(frozen=True)
class Partial:
    """Overlapping spans, whatever the type: an exact one counts 1, another overlap 1/2."""

    name: ClassVar[str] = "mentions.partial"
    source: ClassVar[str] = "SemEval-2013 task 9 (Segura-Bedmar et al., 2013)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    unit: ClassVar[int] = 2

    def counts(self, document: Aligned) -> Breakdown:
        """Two units a mention: 2 for an exact span, 1 for an overlap."""
        return count_kinds(document.mention_kinds, 2, lambda same_span, same_type: 1 + same_span)


@metric
@dataclass(frozen=True)
class Type:
    """Overlapping spans of the same entity type."""

    name: ClassVar[str] = "mentions.type"
    source: ClassVar[str] = "SemEval-2013 task 9 (Segura-Bedmar et al., 2013)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention; any overlap counts as long as the types agree."""
        return count_kinds(document.mention_kinds, 1, lambda same_span, same_type: int(same_type))


@metric
@dataclass(frozen=True)
class Head:
    """Overlapping spans with the same head (`same_head`), whatever the type."""

    name: ClassVar[str] = "mentions.head"
    source: ClassVar[str] = "MUC-7 (Hirschman and Chinchor, 1997, section 4)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention."""
        ours, theirs = _heads(document.gold), _heads(document.predicted)

        def credit(gold: MentionItem, predicted: MentionItem) -> int:
            heads = ours[gold.range, gold.type], theirs[predicted.range, predicted.type]
            return int(same_head(gold.range, heads[0], predicted.range, heads[1]))

        return _count_each(document, 1, credit)


@metric
@dataclass(frozen=True)
class Iou:
    """Overlapping spans, whatever the type, each pair by its intersection over union: a soft exact match."""

    name: ClassVar[str] = "mentions.iou"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    unit: ClassVar[int] = SCALE

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a mention."""
        return _count_each(document, SCALE, lambda g, p: intersection_over_union((g.range,), (p.range,)))
