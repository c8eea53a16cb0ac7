"""One alignment a document, from which all metrics count.

Items are aligned one to one: exact spans first, then by the largest overlap, ties broken by content
and never by order. Exact copies inside a prediction are removed first.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from msgspec.structs import replace
from scipy.optimize import linear_sum_assignment

from conflictwire import derive
from conflictwire.model import LAYERS, Article, Attribution, Claim, Entity, Event, Prediction, Scope, Source, Span

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
Range = tuple[int, int]

# Weights of one assignment, apart by more than any sum of the smaller ones: an exact span outweighs
# any overlap, overlap outweighs agreement of content, which only breaks ties.
_EXACT = 10**9
_OVERLAP = 10**3
_LONGEST = _EXACT // _OVERLAP // 2 - 1  # two overlaps never outweigh one exact span


def span_range(span: Span) -> Range:
    """A span's offsets."""
    return span.start, span.end


def overlap(a: Range, b: Range) -> int:
    """Code points that two ranges share."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def assign(gold: Sequence[Range], predicted: Sequence[Range], bonus: Callable[[int, int], int]) -> dict[int, int]:
    """The best one-to-one assignment of overlapping ranges, `{gold index: predicted index}`.

    Args:
        gold: offsets of the gold items, in an order that depends on content alone.
        predicted: the same for the predicted ones.
        bonus: for two indices 0 to 999, how well the items agree beyond their spans.
    """
    result = _only_exact(gold, predicted)
    taken = set(result.values())
    left = [i for i in range(len(gold)) if i not in result]
    right = sorted((j for j in range(len(predicted)) if j not in taken), key=lambda j: (predicted[j], j))
    starts = [predicted[j][0] for j in right]
    longest = max((predicted[j][1] - predicted[j][0] for j in right), default=0)
    edges: dict[tuple[int, int], int] = {}
    for i in left:
        start, end = gold[i]
        for at in range(bisect_left(starts, start - longest), len(right)):
            j = right[at]
            if starts[at] >= end:
                break
            shared = overlap(gold[i], predicted[j])
            if shared:
                exact = _EXACT if gold[i] == predicted[j] else 0
                edges[(i, j)] = exact + min(shared, _LONGEST) * _OVERLAP + bonus(i, j)
    for rows, columns in components(edges):
        if len(rows) == 1 or len(columns) == 1:
            # The first of the heaviest: what the assignment below would choose, without its set-up.
            i, j = max(((i, j) for i in rows for j in columns), key=lambda pair: edges.get(pair, 0))
            result[i] = j
            continue
        weights = np.zeros((len(rows), len(columns)))
        for a, i in enumerate(rows):
            for b, j in enumerate(columns):
                weights[a, b] = edges.get((i, j), 0)
        for a, b in zip(*linear_sum_assignment(weights, maximize=True), strict=True):
            if weights[a, b] > 0:
                result[rows[a]] = columns[b]
    return result


def _only_exact(gold: Sequence[Range], predicted: Sequence[Range]) -> dict[int, int]:
    """Pairs of equal ranges that have no rival with the same range: every best assignment holds them."""
    where: dict[Range, int] = {}
    several: set[Range] = set()
    for j, p in enumerate(predicted):
        if where.setdefault(p, j) != j:
            several.add(p)
    count: dict[Range, int] = {}
    for g in gold:
        count[g] = count.get(g, 0) + 1
    return {i: where[g] for i, g in enumerate(gold) if count[g] == 1 and g in where and g not in several}


def components(edges: Iterable[tuple[int, int]]) -> list[tuple[list[int], list[int]]]:
    """Connected parts of a bipartite graph, so that assignment stays small."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, j in edges:
        parent[root(("g", i))] = root(("p", j))
    groups: dict[tuple[str, int], tuple[set[int], set[int]]] = {}
    for i, j in edges:
        rows, columns = groups.setdefault(root(("g", i)), (set(), set()))
        rows.add(i)
        columns.add(j)
    return [(sorted(rows), sorted(columns)) for rows, columns in groups.values()]


def disjoint(clusters: Iterable[set[Range]]) -> list[frozenset[Range]]:
    """Clusters that share no mention, in an order that content decides.

    A mention that stands in several different clusters becomes a cluster of its own: it earns no link,
    whatever else stands in them.
    """
    distinct = {frozenset(c) for c in clusters if c}
    count = Counter(mention for cluster in distinct for mention in cluster)
    several = {mention for mention, n in count.items() if n > 1}
    parts = {cluster - several for cluster in distinct} | {frozenset({mention}) for mention in several}
    return sorted(filter(None, parts), key=sorted)


class MentionItem(NamedTuple):
    """A mention with the type and id of its entity."""

    range: Range
    type: str
    entity: str


class TriggerItem(NamedTuple):
    """A trigger with the type and id of its event."""

    range: Range
    type: str
    event: str


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


def _distinct(items: list[T], key: Callable[[T], Any]) -> tuple[list[T], dict[str, str]]:
    """The items without exact copies, and for each dropped id that of the copy that stays.

    Of copies the one whose encoding sorts first stays, so that the order of a file decides nothing.
    """
    groups: dict[Any, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    kept: list[T] = []
    same: dict[str, str] = {}
    for group_key in sorted(groups):
        group = groups[group_key]
        first, *rest = sorted(group, key=msgspec.json.encode) if len(group) > 1 else group
        kept.append(first)
        same.update({item.id: first.id for item in rest})  # type: ignore[attr-defined]
    return kept, same


def matching(gold: int, predicted: int, fits: Callable[[int, int], bool]) -> dict[int, int]:
    """A maximum one-to-one matching `{gold index: predicted index}` (Kuhn's augmenting paths)."""
    taken: dict[int, int] = {}

    def augment(i: int, seen: set[int]) -> bool:
        for j in range(predicted):
            if j not in seen and fits(i, j):
                seen.add(j)
                if j not in taken or augment(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in range(gold):
        augment(i, set())
    return {i: j for j, i in taken.items()}


class Side:
    """The layers of one document on one side, copies removed, items in an order that content alone decides."""

    def __init__(self, record: Article | Prediction | None, id: str):
        self.id = id
        self._layers: dict[str, Any] = {name: getattr(record, name, None) for name in LAYERS}
        self.attempted = {name for name, items in self._layers.items() if items is not None}

    @cached_property
    def _entities(self) -> tuple[list[Entity], dict[str, str]]:
        return _distinct(self._layers["entities"] or [], self._entity_key)

    @cached_property
    def _events(self) -> tuple[list[Event], dict[str, str]]:
        events: list[Event] = self._layers["events"] or []
        if same := self._entities[1]:
            events = [replace(e, arguments=[_to(g, "entity", same) for g in e.arguments]) for e in events]
        kept, same = _distinct(events, self._event_key)
        return [_to(e, "part_of", same) for e in kept] if same else kept, same

    @cached_property
    def _claims(self) -> tuple[list[Claim], dict[str, str]]:
        claims: list[Claim] = self._layers["claims"] or []
        if same := self._entities[1]:
            claims = [replace(c, counted=_to(c.counted, "entity", same), scope=_places(c.scope, same)) for c in claims]
        if same := self._events[1]:
            claims = [replace(c, scope=_to(c.scope, "event", same)) for c in claims]
        kept, same = _distinct(claims, self._claim_key)
        if same:
            kept = [replace(c, relations=[_to(r, "target", same) for r in c.relations]) for c in kept]
        return kept, same

    @cached_property
    def entities(self) -> list[Entity]:
        """Entities without exact copies."""
        return self._entities[0]

    @cached_property
    def events(self) -> list[Event]:
        """Events without exact copies, their references to copies mended."""
        return self._events[0]

    @cached_property
    def claims(self) -> list[Claim]:
        """Claims without exact copies, their references to copies mended."""
        return self._claims[0]

    @cached_property
    def sources(self) -> list[Source]:
        """Sources, their references to copies mended."""
        sources: list[Source] = self._layers["sources"] or []
        same = self._entities[1]
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
        return sum(len(same) for _, same in (self._entities, self._events, self._claims))

    @staticmethod
    def _entity_key(entity: Entity) -> Any:
        spans = [
            (m.span.start, m.span.end, m.head.start, m.head.end) if m.head else (m.span.start, m.span.end)
            for m in entity.mentions
        ]
        spans.sort()
        return tuple(spans), entity.type, entity.name, entity.kb is not None, entity.kb or ""

    def _event_key(self, event: Event) -> Any:
        """An event without its ids: triggers, type, realis, and who fills which role."""
        spans = self._entity_spans
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
    def _entity_spans(self) -> dict[str, tuple[Range, ...]]:
        return {e.id: tuple(sorted(span_range(m.span) for m in e.mentions)) for e in self.entities}

    @staticmethod
    def _claim_key(claim: Claim) -> Any:
        # Ids inside (scope, entity, relations) are free in a prediction and do not make a claim another one.
        return (span_range(claim.span), claim.form, claim.bound, claim.approximation, tuple(claim.values), claim.measure,
                claim.unit, claim.counted.role, claim.counted.status, claim.reading, claim.stance, claim.as_of or "")  # fmt: skip

    @cached_property
    def mentions(self) -> list[MentionItem]:
        """Distinct mentions by span and type, in text order."""
        found: dict[tuple[Range, str], MentionItem] = {}
        for e in self.entities:
            for m in e.mentions:
                at = (m.span.start, m.span.end)
                found.setdefault((at, e.type), MentionItem(at, e.type, e.id))
        return sorted(found.values())

    @cached_property
    def triggers(self) -> list[TriggerItem]:
        """Distinct triggers by span and type, in text order."""
        found: dict[tuple[Range, str], TriggerItem] = {}
        for e in self.events:
            for trigger in e.triggers:
                at = (trigger.start, trigger.end)
                found.setdefault((at, e.type), TriggerItem(at, e.type, e.id))
        return sorted(found.values())

    @cached_property
    def clusters(self) -> list[frozenset[Range]]:
        """Entities as sets of mentions."""
        return disjoint({(m.span.start, m.span.end) for m in e.mentions} for e in self.entities)

    @cached_property
    def entity_by_id(self) -> dict[str, Entity]:
        """Entities by id."""
        return {e.id: e for e in self.entities}

    @cached_property
    def statements(self) -> dict[str, list[tuple[Attribution, str]]]:
        """For each target the statements about it."""
        return derive.asserting(self.attributions)


class Aligned:
    """A gold and a predicted document, aligned once, layer by layer, when a metric asks for it."""

    def __init__(self, gold: Article, predicted: Prediction | None):
        self.article = gold
        self.gold = Side(gold, gold.id)
        self.predicted = Side(predicted, gold.id)

    @cached_property
    def mentions(self) -> dict[int, int]:
        """`{gold: predicted}` indices of mentions; type breaks ties."""
        g, p = self.gold.mentions, self.predicted.mentions
        return assign([m.range for m in g], [m.range for m in p], lambda i, j: int(g[i].type == p[j].type))

    @cached_property
    def triggers(self) -> dict[int, int]:
        """`{gold: predicted}` indices of triggers; type breaks ties."""
        g, p = self.gold.triggers, self.predicted.triggers
        return assign([t.range for t in g], [t.range for t in p], lambda i, j: int(g[i].type == p[j].type))

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
        weights = np.zeros((len(g), len(p)))
        for i, j in self.triggers.items():
            a, b = self.gold.triggers[i], self.predicted.triggers[j]
            weights[row[a.event], column[b.event]] += 10 + (a.type == b.type)
        return {
            g[i].id: p[j].id
            for i, j in zip(*linear_sum_assignment(weights, maximize=True), strict=True)
            if weights[i, j]
        }
