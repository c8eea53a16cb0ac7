"""Events: triggers and arguments, found and classified."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.model import Argument
from conflictwire.scoring.align import Aligned, Range, Side, span_range
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.mentions import count_spans, same_span, same_span_and_type
from conflictwire.scoring.registry import metric


@metric
@dataclass(frozen=True)
class TriggersFound:
    """Trigger identification: same span, whatever the type."""

    name: ClassVar[str] = "events.triggers.found"
    layers: ClassVar[tuple[str, ...]] = ("events",)
    headline: ClassVar[bool] = False

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a trigger."""
        return count_spans(document.gold.triggers, document.predicted.triggers, document.triggers, 1, same_span)


@metric
@dataclass(frozen=True)
class TriggersTyped:
    """Trigger classification: same span and same event type."""

    name: ClassVar[str] = "events.triggers"
    layers: ClassVar[tuple[str, ...]] = ("events",)
    headline: ClassVar[bool] = True

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a trigger."""
        return count_spans(
            document.gold.triggers, document.predicted.triggers, document.triggers, 1, same_span_and_type
        )


def _fillers(side: Side, argument: Argument) -> frozenset[Range]:
    """The spans that may stand for a filler: its entity's mentions and its own."""
    entity = side.entity_by_id.get(argument.entity)
    spans = {span_range(m.span) for m in entity.mentions} if entity else set()
    return frozenset(spans | ({span_range(argument.mention)} if argument.mention else set()))


@metric
@dataclass(frozen=True)
class Arguments:
    """Argument classification, attached: in aligned events of the same type, same role, and a filler that is the same entity.

    A predicted filler is the gold entity when its own span is any mention of it (any-coreferent-mention
    matching, Li et al., 2021); without a span of its own, when its entity shares a mention.
    """

    name: ClassVar[str] = "events.arguments"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = True

    def counts(self, document: Aligned) -> Breakdown:
        """One unit an argument; keys are roles."""
        tally = Tally()
        predicted_events = {e.id: e for e in document.predicted.events}
        matched: dict[str, list[str]] = {}
        for event in document.gold.events:
            other = predicted_events.get(document.events.get(event.id, ""))
            attached = other if other and other.type == event.type else None
            pairs = _pair(document, event.arguments, attached.arguments) if attached else []
            if attached:
                matched[attached.id] = pairs
            left = list(pairs)
            for argument in event.arguments:
                hit = argument.role in left
                if hit:
                    left.remove(argument.role)
                tally.gold(argument.role, int(hit))
        for event in document.predicted.events:
            left = list(matched.get(event.id, []))
            for role in _distinct_roles(document.predicted, event.arguments):
                hit = role in left
                if hit:
                    left.remove(role)
                tally.predicted(role, int(hit))
        return tally.breakdown()


def _distinct_roles(side: Side, arguments: list[Argument]) -> list[str]:
    """The roles of an event's arguments, exact copies counted once."""
    return [role for role, _, _ in sorted({(a.role, tuple(sorted(_fillers(side, a))), a.entity) for a in arguments})]


def _pair(document: Aligned, gold: list[Argument], predicted: list[Argument]) -> list[str]:
    """The roles of arguments that match, one to one: a maximum matching, so that order does not matter."""
    own = [(a, span_range(a.mention) if a.mention else None, _fillers(document.predicted, a)) for a in predicted]
    taken: dict[int, int] = {}

    def fits(i: int, j: int) -> bool:
        argument, span, spans = own[j]
        wanted = _fillers(document.gold, gold[i])
        return gold[i].role == argument.role and (span in wanted if span else bool(spans & wanted))

    def augment(i: int, seen: set[int]) -> bool:
        for j in range(len(own)):
            if j not in seen and fits(i, j):
                seen.add(j)
                if j not in taken or augment(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    return [gold[i].role for i in range(len(gold)) if augment(i, set())]
