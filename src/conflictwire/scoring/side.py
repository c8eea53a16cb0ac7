"""One side of a document, gold or predicted, as the metrics see it: copies removed, order decided by content alone.

Knows nothing of the other side; what goes with what is `align`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter, eq
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from conflictwire import derive
from conflictwire.model import LAYERS, Article, Attribution, Claim, Entity, Event, Prediction, Scope, Source
from conflictwire.scoring.assignment import Range, span_range

S = TypeVar("S", bound=msgspec.Struct)
_NOWHERE = (-1, -1)  # an item without a span stands before all others


class MentionItem(msgspec.Struct, frozen=True, gc=False):
    """A mention with the type and id of its entity."""

    range: Range
    type: str
    entity: str


class TriggerItem(msgspec.Struct, frozen=True, gc=False):
    """A trigger with the type and id of its event."""

    range: Range
    type: str
    event: str


Item = TypeVar("Item", MentionItem, TriggerItem)


def disjoint(clusters: Iterable[Iterable[Range]]) -> list[frozenset[Range]]:
    """Clusters that share no mention, in an order that content decides.

    A mention that stands in several different clusters becomes a cluster of its own: it earns no link,
    whatever else stands in them.
    """
    parts = {frozenset(c) for c in clusters}
    parts.discard(frozenset())
    if len(frozenset().union(*parts)) < sum(map(len, parts)):
        count = Counter(mention for cluster in parts for mention in cluster)
        several = {mention for mention, n in count.items() if n > 1}
        parts = {cluster - several for cluster in parts} | {frozenset({mention}) for mention in several}
        parts.discard(frozenset())
    return sorted(parts, key=min)


def _to(item: S, field: str, same: dict[str, str]) -> S:
    """An item whose reference names the copy that stays."""
    name = getattr(item, field)
    return replace(item, **{field: same[name]}) if name in same else item


def _places(scope: Scope, same: dict[str, str]) -> Scope:
    return replace(scope, places=[same.get(p, p) for p in scope.places])


def _retarget(attribution: Attribution, same: dict[str, str]) -> Attribution:
    """An attribution whose assertions name the copies that stay; what then stands twice is said once."""
    asserts = []
    for assertion in attribution.asserts:
        name, mark, argument = assertion.target.partition("#")
        asserts.append(replace(assertion, target=same.get(name, name) + mark + argument))
    return replace(attribution, asserts=list({(a.target, a.polarity): a for a in asserts}.values()))


def _distinct(items: Sequence[S], first: Sequence[Range], key: Callable[[S], Any]) -> tuple[list[int], dict[str, str]]:
    """The places of the items without exact copies, and for each dropped id that of the copy that stays.

    Of copies the one whose encoding sorts first stays, so that the order of a file decides nothing.

    Args:
        items: records with an `id`.
        first: where each begins, which orders most of them.
        key: all that makes an item what it is, its first range before the rest; asked for where two begin alike.
    """
    if len(set(first)) == len(first):
        return sorted(range(len(first)), key=first.__getitem__), {}
    alike: dict[Range, list[int]] = {}
    for i, at in enumerate(first):
        alike.setdefault(at, []).append(i)
    kept: list[int] = []
    same: dict[str, str] = {}
    for at in sorted(alike):
        if len(alike[at]) == 1:
            kept += alike[at]
            continue
        groups: dict[Any, list[int]] = {}
        for i in alike[at]:
            groups.setdefault(key(items[i]), []).append(i)
        for group_key in sorted(groups):
            stays, *rest = sorted(groups[group_key], key=lambda i: msgspec.json.encode(items[i]))
            kept.append(stays)
            same.update({items[i].id: items[stays].id for i in rest})  # type: ignore[attr-defined]
    return kept, same


class Side:
    """The layers of one document on one side, copies removed, items in an order that content alone decides."""

    def __init__(self, record: Article | Prediction | None, id: str):
        self.id = id
        self._layers: dict[str, Any] = {name: getattr(record, name, None) for name in LAYERS}
        self.attempted = {name for name, items in self._layers.items() if items is not None}

    @cached_property
    def _as_given(self) -> tuple[list[Entity], list[list[Range]]]:
        """The entities in the order of the file, copies included, and the ranges of their mentions."""
        entities: list[Entity] = self._layers["entities"] or []
        return entities, [[(span.start, span.end) for m in e.mentions for span in (m.span,)] for e in entities]

    @cached_property
    def _entities(self) -> tuple[list[Entity], list[list[Range]], dict[str, str]]:
        entities, ranges = self._as_given
        kept, same = _distinct(
            entities, [(min(r) if len(r) > 1 else r[0]) if r else _NOWHERE for r in ranges], _entity_key
        )
        return [entities[i] for i in kept], [ranges[i] for i in kept], same

    @cached_property
    def _events(self) -> tuple[list[Event], dict[str, str]]:
        events: list[Event] = self._layers["events"] or []
        if same := self._entities[2]:
            events = [replace(e, arguments=[_to(g, "entity", same) for g in e.arguments]) for e in events]
        first = [min(map(span_range, e.triggers), default=_NOWHERE) for e in events]
        places, same = _distinct(events, first, self._event_key)
        kept = [events[i] for i in places]
        return [_to(e, "part_of", same) for e in kept] if same else kept, same

    @cached_property
    def _claims(self) -> tuple[list[Claim], dict[str, str]]:
        claims: list[Claim] = self._layers["claims"] or []
        if same := self._entities[2]:
            claims = [replace(c, counted=_to(c.counted, "entity", same), scope=_places(c.scope, same)) for c in claims]
        if same := self._events[1]:
            claims = [replace(c, scope=_to(c.scope, "event", same)) for c in claims]
        places, same = _distinct(claims, [(c.span.start, c.span.end) for c in claims], _claim_key)
        kept = [claims[i] for i in places]
        if same:
            kept = [replace(c, relations=[_to(r, "target", same) for r in c.relations]) for c in kept]
        return kept, same

    @property
    def entities(self) -> list[Entity]:
        """Entities without exact copies."""
        return self._entities[0]

    @property
    def entity_ranges(self) -> list[list[Range]]:
        """The ranges of each entity's mentions, in the order of `entities`."""
        return self._entities[1]

    @property
    def events(self) -> list[Event]:
        """Events without exact copies, their references to copies mended."""
        return self._events[0]

    @property
    def claims(self) -> list[Claim]:
        """Claims without exact copies, their references to copies mended."""
        return self._claims[0]

    @cached_property
    def sources(self) -> list[Source]:
        """Sources, their references to copies mended."""
        sources: list[Source] = self._layers["sources"] or []
        same = self._entities[2]
        return [_to(s, "entity", same) for s in sources] if same else sources

    @cached_property
    def attributions(self) -> list[Attribution]:
        """Attributions, their references to copies mended."""
        attributions: list[Attribution] = self._layers["attributions"] or []
        same = self._events[1] | self._claims[1]
        return [_retarget(a, same) for a in attributions] if same else attributions

    @property
    def copies(self) -> int:
        """How many exact copies of entities, events and claims were left out."""
        return sum(len(same) for same in (self._entities[2], self._events[1], self._claims[1]))

    def _event_key(self, event: Event) -> Any:
        """An event without its ids: triggers, type, realis, and who fills which role."""
        spans = self.mentions_of
        fillers = (
            (g.role, spans.get(g.entity, ()), span_range(g.mention) if g.mention else ()) for g in event.arguments
        )
        return (
            tuple(sorted(map(span_range, event.triggers))),
            (event.type, event.modality, event.polarity, event.genericity),
            (event.time.edtf if event.time else "", event.incident or ""),
            tuple(sorted(fillers)),
        )

    @cached_property
    def mentions_of(self) -> dict[str, tuple[Range, ...]]:
        """The ranges of an entity's mentions by its id, in text order."""
        return {e.id: tuple(sorted(ranges)) for e, ranges in zip(self.entities, self.entity_ranges, strict=True)}

    @cached_property
    def mentions(self) -> list[MentionItem]:
        """Distinct mentions by span and type, in text order."""
        found = _mentions(*self._as_given)
        # Where no two have one span, no entity is a copy and there is no tie that the order of the file could break.
        return _first(_mentions(self.entities, self.entity_ranges)) if _repeat(found) else found

    @cached_property
    def triggers(self) -> list[TriggerItem]:
        """Distinct triggers by span and type, in text order."""
        items = [TriggerItem((t.start, t.end), e.type, e.id) for e in self.events for t in e.triggers]
        items.sort(key=_RANGE)
        return _first(items) if _repeat(items) else items

    @cached_property
    def clusters(self) -> list[frozenset[Range]]:
        """Entities as sets of mentions."""
        return disjoint(self.entity_ranges)

    @cached_property
    def entity_by_id(self) -> dict[str, Entity]:
        """Entities by id."""
        return {e.id: e for e in self.entities}

    @cached_property
    def statements(self) -> dict[str, list[tuple[Attribution, str]]]:
        """For each target the statements about it."""
        return derive.asserting(self.attributions)


_RANGE = attrgetter("range")


def _mentions(entities: list[Entity], ranges: list[list[Range]]) -> list[MentionItem]:
    items = [MentionItem(at, e.type, e.id) for e, own in zip(entities, ranges, strict=True) for at in own]
    items.sort(key=_RANGE)
    return items


def _repeat(items: list[Item]) -> bool:
    """Whether two of the items, which are in text order, have one span."""
    ranges = [item.range for item in items]
    return any(map(eq, ranges, ranges[1:]))


def _first(items: list[Item]) -> list[Item]:
    """Of those with one span and type the first, which content decides where it decides their order."""
    first: dict[tuple[Range, str], Item] = {}
    for item in items:
        first.setdefault((item.range, item.type), item)
    return list(first.values())


def _entity_key(entity: Entity) -> Any:
    spans = [
        (m.span.start, m.span.end, m.head.start, m.head.end) if m.head else (m.span.start, m.span.end)
        for m in entity.mentions
    ]
    spans.sort()
    return tuple(spans), entity.type, entity.name, entity.kb is not None, entity.kb or ""


def _claim_key(claim: Claim) -> Any:
    # Ids inside (scope, entity, relations) are free in a prediction and do not make a claim another one.
    return (span_range(claim.span), claim.form, claim.bound, claim.approximation, tuple(claim.values), claim.measure,
            claim.unit, claim.counted.role, claim.counted.status, claim.reading, claim.stance, claim.as_of or "")  # fmt: skip
