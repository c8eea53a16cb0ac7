"""One alignment a document, from which all metrics count.

Items are aligned one to one: exact spans first, then by the largest overlap, ties broken by content
and never by order. Nothing here knows a metric.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from conflictwire import derive
from conflictwire.model import Article, Prediction
from conflictwire.scoring.assignment import assign, heaviest, span_range
from conflictwire.scoring.side import MentionItem, Side, TriggerItem


class Kinds:
    """Aligned spans by kind: all that metrics of span and type need to know of them.

    `sizes` has the number of gold and predicted items of each type; `pairs` holds gold type, predicted type,
    whether the spans are the same, and how many pairs there are of that kind.
    """

    def __init__(
        self,
        gold: Sequence[MentionItem | TriggerItem],
        predicted: Sequence[MentionItem | TriggerItem],
        pairs: dict[int, int],
    ):
        ours, theirs = Counter([item.type for item in gold]), Counter([item.type for item in predicted])
        self.sizes = {type: (ours[type], theirs[type]) for type in {**ours, **theirs}}
        aligned = [(gold[i], predicted[j]) for i, j in pairs.items()]
        kinds = Counter([(g.type, p.type, g.range == p.range) for g, p in aligned])
        self.pairs = [(*kind, number) for kind, number in kinds.items()]


class Aligned:
    """A gold and a predicted document, aligned once, layer by layer, when a metric asks for it."""

    def __init__(self, gold: Article, predicted: Prediction | None):
        self.article = gold
        self.gold = Side(gold, gold.id)
        self.predicted = Side(predicted, gold.id)

    @cached_property
    def mentions(self) -> dict[int, int]:
        """`{gold: predicted}` indices of mentions; type breaks ties."""
        return _spans(self.gold.mentions, self.predicted.mentions)

    @cached_property
    def mention_kinds(self) -> Kinds:
        """The aligned mentions by kind."""
        return Kinds(self.gold.mentions, self.predicted.mentions, self.mentions)

    @cached_property
    def entities(self) -> dict[str, str]:
        """`{gold entity id: predicted entity id}`: one to one, by the number of mentions with the same span, then overlapping."""
        shared: dict[tuple[str, str], int] = {}
        for i, j in self.mentions.items():
            a, b = self.gold.mentions[i], self.predicted.mentions[j]
            edge = a.entity, b.entity
            shared[edge] = shared.get(edge, 0) + (1000 if a.range == b.range else 1)
        ours, theirs = ([e.id for e in side.entities] for side in (self.gold, self.predicted))
        row, column = ({id: n for n, id in enumerate(ids)} for ids in (ours, theirs))
        edges = {(row[a], column[b]): weight for (a, b), weight in shared.items()}
        return {ours[i]: theirs[j] for i, j in heaviest(edges).items()}

    @cached_property
    def triggers(self) -> dict[int, int]:
        """`{gold: predicted}` indices of triggers; type breaks ties."""
        return _spans(self.gold.triggers, self.predicted.triggers)

    @cached_property
    def trigger_kinds(self) -> Kinds:
        """The aligned triggers by kind."""
        return Kinds(self.gold.triggers, self.predicted.triggers, self.triggers)

    @cached_property
    def claims(self) -> dict[int, int]:
        """`{gold: predicted}` indices of claims; figure, then measure, unit and role break ties."""
        g, p = self.gold.claims, self.predicted.claims

        def agreement(i: int, j: int) -> int:
            a, b = g[i], p[j]
            return (
                100 * (derive.interval(a) == derive.interval(b))
                + 10 * (a.measure == b.measure)
                + (a.unit == b.unit)
                + (a.counted.role == b.counted.role)
            )

        return assign([span_range(c.span) for c in g], [span_range(c.span) for c in p], agreement)

    @cached_property
    def events(self) -> dict[str, str]:
        """`{gold event id: predicted event id}`: one to one, by the number of aligned triggers, type breaking ties."""
        g, p = self.gold.events, self.predicted.events
        row, column = {e.id: i for i, e in enumerate(g)}, {e.id: j for j, e in enumerate(p)}
        weights: dict[tuple[int, int], int] = {}
        for i, j in self.triggers.items():
            a, b = self.gold.triggers[i], self.predicted.triggers[j]
            edge = row[a.event], column[b.event]
            weights[edge] = weights.get(edge, 0) + 10 + (a.type == b.type)
        return {g[i].id: p[j].id for i, j in heaviest(weights).items()}


def _spans(gold: Sequence[MentionItem | TriggerItem], predicted: Sequence[MentionItem | TriggerItem]) -> dict[int, int]:
    return assign(
        [item.range for item in gold],
        [item.range for item in predicted],
        lambda i, j: int(gold[i].type == predicted[j].type),
    )
