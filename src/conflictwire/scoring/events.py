"""Events: triggers and arguments, found and classified."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.model import Event
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, matching, span_range
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.mentions import count_kinds
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.side import Side


@metric
@dataclass(frozen=True)
class TriggersFound:
    """Trigger identification: same span, whatever the type."""

    name: ClassVar[str] = "events.triggers.found"
    source: ClassVar[str] = "Li et al., 2013"
    layers: ClassVar[tuple[str, ...]] = ("events",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a trigger."""
        return count_kinds(document.trigger_kinds, 1, lambda same_span, same_type: int(same_span))


@metric
@dataclass(frozen=True)
class TriggersTyped:
    """Trigger classification: same span and same event type."""

    name: ClassVar[str] = "events.triggers"
    source: ClassVar[str] = "Li et al., 2013"
    layers: ClassVar[tuple[str, ...]] = ("events",)
    headline: ClassVar[bool] = True

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a trigger."""
        return count_kinds(document.trigger_kinds, 1, lambda same_span, same_type: int(same_span and same_type))


@dataclass(frozen=True)
class Filler:
    """An argument in the pool it competes in: its role, the spans that may stand for it, and where it is first named."""

    role: str
    spans: frozenset[Range]
    at: Range


@metric
@dataclass(frozen=True)
class Arguments:
    """Arguments found, in the right role: the same entity fills the role of an event of the same type.

    `attached=yes` compares the arguments of aligned events of one type; `attached=no` those of all events of
    a type in the document together, so that telling incidents apart does not matter. `role=no` asks for the
    filler alone (identification). `match=coref`: the predicted span is any mention of the gold entity
    (any-coreferent-mention matching, Li et al., 2021); `exact`: it is the gold argument's span; `head`: it
    has that span's head. A filler without a span of its own stands for its entity's mentions; with
    `coref` an entity is one filler of a role, however often and wherever it is named in it.
    """

    attached: str = "yes"
    role: str = "yes"
    match: str = "coref"
    name: ClassVar[str] = "events.arguments"
    source: ClassVar[str] = "Li et al., 2013; by coreference Li et al., 2021"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = True

    def __post_init__(self) -> None:
        choice(self, "attached", ("yes", "no"))
        choice(self, "role", ("yes", "no"))
        choice(self, "match", ("coref", "exact", "head"))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit an argument; keys are roles."""
        tally = Tally()
        for gold, predicted in self.pools(document):
            pairs = same_fillers(gold, predicted, roles=self.role == "yes")
            taken = set(pairs.values())
            for i, filler in enumerate(gold):
                tally.gold(int(i in pairs), 1, filler.role)
            for j, filler in enumerate(predicted):
                tally.predicted(int(j in taken), 1, filler.role)
        return tally.breakdown()

    def pools(self, document: Aligned) -> Iterator[tuple[list[Filler], list[Filler]]]:
        """Gold and predicted fillers that may be matched with each other."""
        if self.attached == "no":
            types = sorted({e.type for side in (document.gold, document.predicted) for e in side.events})
            for type in types:
                yield (
                    self._fillers(document.gold, [e for e in document.gold.events if e.type == type], gold=True),
                    self._fillers(document.predicted, [e for e in document.predicted.events if e.type == type]),
                )
            return
        by_id = {e.id: e for e in document.predicted.events}
        used: set[str] = set()
        for event in document.gold.events:
            other = by_id.get(document.events.get(event.id, ""))
            attached = [other] if other and other.type == event.type else []
            used.update(e.id for e in attached)
            yield self._fillers(document.gold, [event], gold=True), self._fillers(document.predicted, attached)
        for event in document.predicted.events:
            if event.id not in used:
                yield [], self._fillers(document.predicted, [event])

    def _fillers(self, side: Side, events: Sequence[Event], gold: bool = False) -> list[Filler]:
        """The distinct fillers of some events, in an order that content decides."""
        found: dict[tuple[str, tuple[Range, ...]], tuple[set[Range], Range]] = {}
        for event, argument in ((e, a) for e in events for a in e.arguments):
            mentions = side.mentions_of.get(argument.entity, ())
            own = (span_range(argument.mention),) if argument.mention else ()
            spans = {*mentions, *own} if gold and self.match == "coref" else {*(own or mentions)}
            if self.match == "head":
                heads = self._heads(side, argument.entity)
                spans = {heads.get(s, s) for s in spans}
            # By coreference one entity in one role is one filler, whichever of its mentions its arguments stand at.
            who = mentions if self.match == "coref" and mentions else tuple(sorted(spans))
            at = min(own or spans, default=min(map(span_range, event.triggers), default=(0, 0)))
            known, first = found.get((argument.role, who), (set(), at))
            found[argument.role, who] = known | spans, min(first, at)
        return [Filler(role, frozenset(found[role, who][0]), found[role, who][1]) for role, who in sorted(found)]

    @staticmethod
    def _heads(side: Side, entity: str) -> dict[Range, Range]:
        mentions = side.entity_by_id[entity].mentions if entity in side.entity_by_id else []
        return {span_range(m.span): span_range(m.head or m.span) for m in mentions}


def same_fillers(gold: Sequence[Filler], predicted: Sequence[Filler], roles: bool) -> dict[int, int]:
    """The fillers of a pool that share a span (and have the same role, if asked for), `{gold: predicted}`, one to one."""

    def fits(i: int, j: int) -> bool:
        return (not roles or gold[i].role == predicted[j].role) and not gold[i].spans.isdisjoint(predicted[j].spans)

    return matching(len(gold), len(predicted), fits)


REALIS: dict[str, Callable[[Event], str]] = {
    "modality": lambda event: event.modality,
    "polarity": lambda event: event.polarity,
    "genericity": lambda event: event.genericity,
}


@metric
@dataclass(frozen=True)
class Realis:
    """Accuracy of modality, polarity or genericity on aligned events: conditional on alignment, so exempt from the rest.

    Gold and predicted items are both the aligned pairs; a pair is right if the values agree.
    """

    field: str
    name: ClassVar[str] = "events.realis"
    layers: ClassVar[tuple[str, ...]] = ("events",)

    def __post_init__(self) -> None:
        choice(self, "field", tuple(REALIS))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a pair of aligned events; keys are the gold's values."""
        tally = Tally()
        value = REALIS[self.field]
        predicted = {e.id: e for e in document.predicted.events}
        for event in document.gold.events:
            if event.id in document.events:
                right = int(value(event) == value(predicted[document.events[event.id]]))
                tally.pair(right, 1, value(event))
        return tally.breakdown()
