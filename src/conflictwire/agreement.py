"""Two annotations of one article compared, item by item, as a person would say it.

For adjudication and for `conflictwire diff`; how much two passes agree in figures is the scorer's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from conflictwire import text as texts
from conflictwire.model import Article, Attribution, Span
from conflictwire.scoring.align import assign, span_range


@dataclass(frozen=True)
class Difference:
    """One difference: in which layer, of what kind, where, and what each side has (None: nothing)."""

    layer: str
    kind: str
    where: str
    first: str | None
    second: str | None

    def __str__(self) -> str:
        return f"{self.layer}, {self.kind}: {self.where}\n    A: {self.first or '–'}\n    B: {self.second or '–'}"


def differences(first: Article, second: Article) -> list[Difference]:
    """Every difference of two annotations of one article, layer by layer in text order.

    Raises:
        ValueError: the two are of different articles.
    """
    if first.id != second.id:
        raise ValueError(f"two annotations of one article are compared, not {first.id} and {second.id}")
    return list(_Comparison(first, second).all())


class _Comparison:
    def __init__(self, a: Article, b: Article):
        self.a, self.b = a, b
        self.text = a.text or b.text
        self.entities = _aligned(
            [{span_range(m.span) for m in e.mentions} for e in a.entities],
            [{span_range(m.span) for m in e.mentions} for e in b.entities],
        )
        self.events = _aligned(
            [{span_range(t) for t in e.triggers} for e in a.events],
            [{span_range(t) for t in e.triggers} for e in b.events],
        )
        self.claims = assign(
            [span_range(c.span) for c in a.claims], [span_range(c.span) for c in b.claims], lambda i, j: 0
        )
        self.attributions = _aligned([_words(x) for x in a.attributions], [_words(x) for x in b.attributions])
        # What an id of A is called in B, so that references can be compared.
        self.names: dict[str, str] = {}
        for layer, pairs in (
            ("entities", self.entities),
            ("events", self.events),
            ("claims", self.claims),
            ("attributions", self.attributions),
        ):
            for i, j in pairs.items():
                self.names[getattr(a, layer)[i].id] = getattr(b, layer)[j].id

    def at(self, span: Span) -> str:
        return texts.excerpt(self.text, span.start, span.end, 30) if self.text else f"[{span.start}, {span.end})"

    def all(self) -> Iterator[Difference]:
        yield from self._alone()
        yield from self._mentions()
        yield from self._events()
        yield from self._claims()
        yield from self._attributions()

    def _fields(self, layer: str, where: str, pairs: dict[str, tuple[Any, Any]]) -> Iterator[Difference]:
        for name, (x, y) in pairs.items():
            if x != y:
                yield Difference(layer, name, where, _shown(x), _shown(y))

    def _mentions(self) -> Iterator[Difference]:
        sides = []
        for article in (self.a, self.b):
            sides.append({span_range(m.span): (m, e) for e in article.entities for m in e.mentions})
        left, right = sides
        for at in sorted(left.keys() | right.keys()):
            (m, e), (n, f) = left.get(at, (None, None)), right.get(at, (None, None))
            where = self.at((m or n).span)  # type: ignore[union-attr]
            if m is None or n is None or e is None or f is None:
                yield Difference("mentions", "only one side", where, _entity(m, e), _entity(n, f))
                continue
            yield from self._fields("mentions", where, {"kind": (m.kind, n.kind)})
            if self.names.get(e.id) != f.id:
                yield Difference("coreference", "of another entity", where, _entity(m, e), _entity(n, f))
        for i, j in self.entities.items():
            e, f = self.a.entities[i], self.b.entities[j]
            yield from self._fields(
                "entities", f"{e.id}/{f.id} {e.name}", {"type": (e.type, f.type), "subtype": (e.subtype, f.subtype)}
            )

    def _events(self) -> Iterator[Difference]:
        for i, j, where in self._pairs("events", self.events, lambda e: e.triggers[0]):
            e, f = self.a.events[i], self.b.events[j]
            spans = tuple({span_range(t): t.text for t in x.triggers} for x in (e, f))
            yield from self._fields(
                "events",
                where,
                {
                    "type": (e.type, f.type),
                    "modality": (e.modality, f.modality),
                    "polarity": (e.polarity, f.polarity),
                    "genericity": (e.genericity, f.genericity),
                    "time": (e.time.edtf if e.time else None, f.time.edtf if f.time else None),
                    "part_of": (self.names.get(e.part_of or "", e.part_of), f.part_of),
                    "triggers": (
                        [w for at, w in spans[0].items() if at not in spans[1]],
                        [w for at, w in spans[1].items() if at not in spans[0]],
                    ),
                },
            )
            mine = {(g.role, self.names.get(g.entity, f"A:{g.entity}")) for g in e.arguments}
            theirs = {(g.role, g.entity) for g in f.arguments}
            label = {x.id: x.name for x in self.b.entities} | {f"A:{x.id}": x.name for x in self.a.entities}
            for role, entity in sorted(mine ^ theirs):
                said = f"{role}: {label[entity]} ({entity})"
                yield Difference(
                    "arguments",
                    "only one side",
                    where,
                    said if (role, entity) in mine else None,
                    said if (role, entity) in theirs else None,
                )

    def _claims(self) -> Iterator[Difference]:
        for i, j, where in self._pairs("claims", self.claims, lambda c: c.span):
            c, d = self.a.claims[i], self.b.claims[j]
            yield from self._fields(
                "claims",
                where,
                {
                    "span": (span_range(c.span), span_range(d.span)),
                    **{
                        name: (getattr(c, name), getattr(d, name))
                        for name in (
                            "form",
                            "bound",
                            "approximation",
                            "values",
                            "measure",
                            "unit",
                            "as_of",
                            "reading",
                            "stance",
                            "attribution_unclear",
                        )
                    },
                    "measure_span": (_text(c.measure_span), _text(d.measure_span)),
                    "counted.span": (_text(c.counted.span), _text(d.counted.span)),
                    "counted.role": (c.counted.role, d.counted.role),
                    "counted.status": (c.counted.status, d.counted.status),
                    "counted.entity": (self._name(c.counted.entity), d.counted.entity),
                    "scope.event": (self._name(c.scope.event), d.scope.event),
                    "scope.places": (sorted(str(self._name(p)) for p in c.scope.places), sorted(d.scope.places)),
                    "scope.period": (c.scope.period, d.scope.period),
                    "relations": (
                        sorted((r.type, str(self._name(r.target))) for r in c.relations),
                        sorted((r.type, r.target) for r in d.relations),
                    ),
                },
            )

    def _attributions(self) -> Iterator[Difference]:
        names = [{s.id: (s, _text(s.mentions[0]) if s.mentions else s.id) for s in x.sources} for x in (self.a, self.b)]
        for i, j, where in self._pairs("attributions", self.attributions, lambda x: x.content[0]):
            x, y = self.a.attributions[i], self.b.attributions[j]
            kinds = [
                sorted((s.category, s.naming, s.affiliation) for s in (side[n][0] for n in z.sources))
                for side, z in zip(names, (x, y), strict=True)
            ]
            yield from self._fields(
                "attributions",
                where,
                {
                    "source_span": (_text(x.source_span), _text(y.source_span)),
                    "source kind": tuple(kinds),  # type: ignore[dict-item]
                    "cue": ([_text(c) for c in x.cue], [_text(c) for c in y.cue]),
                    "content": ([span_range(c) for c in x.content], [span_range(c) for c in y.content]),
                    "mode": (x.mode, y.mode),
                    "act": (x.act, y.act),
                    "parent": (self._name(x.parent), y.parent),
                    "parent_relation": (x.parent_relation, y.parent_relation),
                    "asserts": (
                        sorted((self._target(t.target), t.polarity) for t in x.asserts),
                        sorted((self._their_target(t.target), t.polarity) for t in y.asserts),
                    ),
                },
            )

    def _pairs(self, layer: str, pairs: dict[int, int], where: Callable[[Any], Span]) -> Iterator[tuple[int, int, str]]:
        """Aligned items as `(i, j, where)`."""
        mine, theirs = getattr(self.a, layer), getattr(self.b, layer)
        for i, j in sorted(pairs.items()):
            yield i, j, f"{mine[i].id}/{theirs[j].id} {self.at(where(mine[i]))}"

    def _alone(self) -> Iterator[Difference]:
        """Events, claims and attributions that only one side has."""
        layers: list[tuple[str, dict[int, int], Callable[[Any], Span], str]] = [
            ("events", self.events, lambda e: e.triggers[0], "type"),
            ("claims", self.claims, lambda c: c.span, "measure"),
            ("attributions", self.attributions, lambda x: x.content[0], "act"),
        ]
        for layer, pairs, where, about in layers:
            for side, items, paired in (
                ("A", getattr(self.a, layer), set(pairs)),
                ("B", getattr(self.b, layer), set(pairs.values())),
            ):
                for item in (x for i, x in enumerate(items) if i not in paired):
                    said = f"{item.id} {getattr(item, about)}"
                    yield Difference(
                        layer,
                        "only one side",
                        self.at(where(item)),
                        said if side == "A" else None,
                        said if side == "B" else None,
                    )

    def _name(self, id: str | None) -> str | None:
        return None if id is None else self.names.get(id, f"A:{id}")

    def _target(self, target: str) -> str:
        event, _, argument = target.partition("#")
        name = str(self._name(event))
        if not argument:
            return name
        found = next((g for e in self.a.events if e.id == event for g in e.arguments if g.id == argument), None)
        return f"{name}#{found.role}:{self._name(found.entity)}" if found else f"{name}#{argument}"

    def _their_target(self, target: str) -> str:
        event, _, argument = target.partition("#")
        found = next((g for e in self.b.events if e.id == event for g in e.arguments if g.id == argument), None)
        return f"{event}#{found.role}:{found.entity}" if found else target


def _aligned(first: list[set[Any]], second: list[set[Any]]) -> dict[int, int]:
    """The one-to-one pairs of sets that share most."""
    if not first or not second:
        return {}
    shared = np.array([[len(x & y) for y in second] for x in first])
    return {int(i): int(j) for i, j in zip(*linear_sum_assignment(shared, maximize=True), strict=True) if shared[i, j]}


def _words(attribution: Attribution) -> set[Any]:
    """What makes two attributions the same: their cue, their speaker's words, and where their content begins and ends."""
    spans = [*attribution.cue, *attribution.content, *([attribution.source_span] if attribution.source_span else [])]
    edges = {("start", c.start) for c in attribution.content} | {("end", c.end) for c in attribution.content}
    return {span_range(s) for s in spans} | edges


def _text(span: Span | None) -> str | None:
    return None if span is None else span.text or f"[{span.start}, {span.end})"


def _entity(mention: Any, entity: Any) -> str | None:
    return None if mention is None else f"{mention.kind} of {entity.id} {entity.name} ({entity.type})"


def _shown(value: Any) -> str | None:
    return None if value is None or value == [] else str(value)
