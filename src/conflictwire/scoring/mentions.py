"""Mentions: the SemEval-2013 task 9 ways of matching (Segura-Bedmar et al., 2013), on one alignment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned, MentionItem, TriggerItem
from conflictwire.scoring.counts import Breakdown, Counts
from conflictwire.scoring.registry import metric

Item = MentionItem | TriggerItem
Credit = Callable[[Item, Item], int]


def count_spans(
    gold: Sequence[Item], predicted: Sequence[Item], pairs: dict[int, int], unit: int, credit: Credit
) -> Breakdown:
    """Counts of aligned spans, for the whole and for each type.

    A pair's credit, of at most `unit`, counts for the gold item's type in recall and the predicted
    item's in precision.
    """
    total: Breakdown = {"": Counts()}

    def add(key: str, counts: Counts) -> None:
        for where in ("", key):
            total[where] = total.get(where, Counts()) + counts

    back = {j: i for i, j in pairs.items()}
    for i, g in enumerate(gold):
        add(g.type, Counts(gold_credit=credit(g, predicted[pairs[i]]) if i in pairs else 0, gold=unit))
    for j, p in enumerate(predicted):
        add(p.type, Counts(predicted_credit=credit(gold[back[j]], p) if j in back else 0, predicted=unit))
    return total


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
