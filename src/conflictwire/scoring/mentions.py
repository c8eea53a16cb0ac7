"""Mentions: the SemEval-2013 task 9 ways of matching (Segura-Bedmar et al., 2013), heads and soft spans.

All count from the one alignment of the document, which goes by spans; none aligns anew for its own benefit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned, MentionItem, Range, Side, TriggerItem, overlap, span_range
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, fixed
from conflictwire.scoring.registry import metric
from conflictwire.scoring.spans import overlap_credit

Item = MentionItem | TriggerItem
Credit = Callable[[Item, Item], int]


def count_spans(
    gold: Sequence[Item], predicted: Sequence[Item], pairs: dict[int, int], unit: int, credit: Credit
) -> Breakdown:
    """Counts of aligned spans, for the whole and for each type.

    A pair's credit, of at most `unit`, counts for the gold item's type in recall and the predicted
    item's in precision.
    """
    sums: dict[str, list[int]] = {}
    for place, items in ((1, gold), (3, predicted)):
        for item in items:
            sums.setdefault(item.type, [0, 0, 0, 0])[place] += unit
    for i, j in pairs.items():
        earned = credit(gold[i], predicted[j])
        if earned:
            sums[gold[i].type][0] += earned
            sums[predicted[j].type][2] += earned
    by_type = {key: Counts(*values) for key, values in sums.items()}
    return {"": sum(by_type.values(), Counts()), **by_type}


def same_span_and_type(gold: Item, predicted: Item) -> int:
    """1 for the same span and type."""
    return int(gold.range == predicted.range and gold.type == predicted.type)


def same_span(gold: Item, predicted: Item) -> int:
    """1 for the same span."""
    return int(gold.range == predicted.range)


def same_type(gold: Item, predicted: Item) -> int:
    """1 for the same type; that the spans overlap is the alignment's doing."""
    return int(gold.type == predicted.type)


def halves(gold: Item, predicted: Item) -> int:
    """2 for the same span, 1 for an overlap."""
    return 2 if gold.range == predicted.range else 1


def intersection_over_union(gold: Item, predicted: Item) -> int:
    """Code points that both spans cover, of those that either covers, in fixed point."""
    return fixed(overlap_credit([gold.range], [predicted.range]))


def heads(side: Side) -> dict[tuple[Range, str], Range]:
    """The head of each mention by span and type: as given, else the whole span; of several the first in the text."""
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
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = True

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention."""
        return count_spans(
            document.gold.mentions, document.predicted.mentions, document.mentions, 1, same_span_and_type
        )


@metric
@dataclass(frozen=True)
class Exact:
    """Same span, whatever the type."""

    name: ClassVar[str] = "mentions.exact"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = 1

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention."""
        return count_spans(document.gold.mentions, document.predicted.mentions, document.mentions, 1, same_span)


@metric
@dataclass(frozen=True)
class Partial:
    """Overlapping spans, whatever the type: an exact one counts 1, another overlap 1/2."""

    name: ClassVar[str] = "mentions.partial"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = 2

    def counts(self, document: Aligned) -> Breakdown:
        """Two units a mention: 2 for an exact span, 1 for an overlap."""
        return count_spans(
            document.gold.mentions,
            document.predicted.mentions,
            document.mentions,
            2,
            halves,
        )


@metric
@dataclass(frozen=True)
class Type:
    """Overlapping spans of the same entity type."""

    name: ClassVar[str] = "mentions.type"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = False

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention; any overlap counts as long as the types agree."""

        return count_spans(document.gold.mentions, document.predicted.mentions, document.mentions, 1, same_type)


@metric
@dataclass(frozen=True)
class Head:
    """Overlapping spans with the same head (`same_head`), whatever the type."""

    name: ClassVar[str] = "mentions.head"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = 1

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention."""
        of_gold, of_predicted = heads(document.gold), heads(document.predicted)

        def credit(gold: Item, predicted: Item) -> int:
            return int(
                same_head(
                    gold.range,
                    of_gold[gold.range, gold.type],
                    predicted.range,
                    of_predicted[predicted.range, predicted.type],
                )
            )

        return count_spans(document.gold.mentions, document.predicted.mentions, document.mentions, 1, credit)


@metric
@dataclass(frozen=True)
class Iou:
    """Overlapping spans, whatever the type, each pair by its intersection over union: a soft exact match."""

    name: ClassVar[str] = "mentions.iou"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = SCALE

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a mention."""
        return count_spans(
            document.gold.mentions, document.predicted.mentions, document.mentions, SCALE, intersection_over_union
        )
