"""Two annotations compared: one article's item by item, as a person would say it, and whole passes in figures.

For adjudication, `conflictwire diff` and `conflictwire agree`. What is the same is for the scorer to say,
with neither annotation as the truth; how it looks is `report`'s.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import combinations
from operator import attrgetter
from typing import Any, Literal

import numpy as np
from msgspec.structs import replace as change
from scipy.optimize import linear_sum_assignment

from conflictwire import derive
from conflictwire import text as texts
from conflictwire.formats.predictions import from_gold
from conflictwire.model import SCHEMA_VERSION, Article, Attribution, Span

# Importing a family of metrics registers it.
from conflictwire.scoring import claim_fields, coreference, event_coreference, events, statistics  # noqa: F401
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, assign, span_range
from conflictwire.scoring.attributions.statements import matched
from conflictwire.scoring.claim_fields import SYMMETRIC
from conflictwire.scoring.claims import same_speaker
from conflictwire.scoring.counts import Breakdown, Counts, finalise_parts, merge
from conflictwire.scoring.registry import parse
from conflictwire.scoring.scores import _version, gold_hash
from conflictwire.scoring.side import Side
from conflictwire.scoring.statistics import MIN_STORIES, Floats, Resampling


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

    def at(self, span: Span | None) -> str:
        if span is None:
            return "no span"
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
        for i, j, where in self._pairs("events", self.events, lambda e: _first(e.triggers)):
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
        mine, theirs = _relations(self.a), _relations(self.b)
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
                        sorted((type, self._claim(target)) for type, target in mine.get(c.id, ())),
                        sorted(theirs.get(d.id, ())),
                    ),
                },
            )

    def _attributions(self) -> Iterator[Difference]:
        names = [{s.id: (s, _text(s.mentions[0]) if s.mentions else s.id) for s in x.sources} for x in (self.a, self.b)]
        for i, j, where in self._pairs("attributions", self.attributions, lambda x: _first(x.content)):
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

    def _pairs(
        self, layer: str, pairs: dict[int, int], where: Callable[[Any], Span | None]
    ) -> Iterator[tuple[int, int, str]]:
        """Aligned items as `(i, j, where)`."""
        mine, theirs = getattr(self.a, layer), getattr(self.b, layer)
        for i, j in sorted(pairs.items()):
            yield i, j, f"{mine[i].id}/{theirs[j].id} {self.at(where(mine[i]))}"

    def _alone(self) -> Iterator[Difference]:
        """Events, claims and attributions that only one side has."""
        layers: list[tuple[str, dict[int, int], Callable[[Any], Span | None], str]] = [
            ("events", self.events, lambda e: _first(e.triggers), "type"),
            ("claims", self.claims, lambda c: c.span, "measure"),
            ("attributions", self.attributions, lambda x: _first(x.content), "act"),
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

    def _claim(self, target: str) -> str:
        # What another article's claim is called there, this comparison cannot know.
        return target if "#" in target else str(self._name(target))

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


def _relations(article: Article) -> dict[str, set[tuple[str, str]]]:
    """Relations `(type, target)` by claim; one that says the same from either end is with the later claim."""
    place = {c.id: (span_range(c.span), i) for i, c in enumerate(article.claims)}
    result: dict[str, set[tuple[str, str]]] = {}
    for claim in article.claims:
        for r in claim.relations:
            source, target = claim.id, r.target
            if r.type in SYMMETRIC and target in place and place[target] > place[source]:
                source, target = target, source
            result.setdefault(source, set()).add((r.type, target))
    return result


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


def _first(spans: Sequence[Span]) -> Span | None:
    return next(iter(spans), None)


def _text(span: Span | None) -> str | None:
    return None if span is None else span.text or f"[{span.start}, {span.end})"


def _entity(mention: Any, entity: Any) -> str | None:
    return None if mention is None else f"{mention.kind} of {entity.id} {entity.name} ({entity.type})"


def _shown(value: Any) -> str | None:
    return None if value is None or value == [] else str(value)


# ---- in figures ----------------------------------------------------------------------------------

Kind = Literal["same span", "overlapping span", "link", "field"]
Pairs = list[tuple[Any, Any]]
Interval = tuple[float, float] | None

ROUNDS = 1_000
# Where alpha is often undefined, an interval over the other draws would leave out the telling ones.
_MOSTLY_DEFINED = 0.95
_EXAMPLES = 3


@dataclass(frozen=True)
class Row:
    """How much two passes agree on one thing.

    Of spans and links (`kind`) `value` is F1, and `first` and `second` say how many each pass has (of more
    than two passes, the first and second of all pairs together). Of
    fields it is the share of `compared` pairs of items whose values are the same; `matched` is the share
    of the items of both passes that found a partner to be compared with, and `alpha` what is left of
    `value` once chance is taken off, None where the values are no categories or `alpha_note` says why.
    """

    layer: str
    what: str
    kind: Kind
    first: int
    second: int
    value: float | None
    interval: Interval
    note: str
    compared: int | None = None
    matched: float | None = None
    alpha: float | None = None
    alpha_interval: Interval = None
    alpha_note: str = ""


@dataclass(frozen=True)
class Disagreement:
    """One kind of difference: how often, in how many articles, and a few examples, from different articles if possible."""

    layer: str
    kind: str
    count: int
    articles: int
    examples: tuple[tuple[str, Difference], ...]


@dataclass(frozen=True)
class Agreement:
    """How much two passes agree, thing by thing, and what to look at first.

    `alone` are the articles that only one of the passes has; they do not count. `signature` is all that the
    figures depend on.
    """

    articles: tuple[str, ...]
    alone: tuple[str, ...]
    rows: tuple[Row, ...]
    disagreements: tuple[Disagreement, ...]
    resampling: Resampling
    signature: str
    passes: int = 2

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def agree(
    first: Iterable[Article],
    second: Iterable[Article],
    resampling: Resampling | None = None,
    further: Iterable[Iterable[Article]] = (),
) -> Agreement:
    """How much passes over the same articles agree, layer by layer and field by field.

    No pass is the truth: each article is aligned twice, with either annotation as the gold, and what
    was counted is added, so the passes may change places. Of more than two passes every pair that has
    an article is compared, and what was counted is added too. Intervals are by bootstrap over articles.

    Args:
        first: one annotation an article.
        second: another annotation of the same articles, matched by id.
        resampling: rounds, seed and coverage of the intervals.
        further: any number of further passes.

    Raises:
        ValueError: the passes have no article in common, one has an article twice, or two annotations
            of an article are of different texts.
    """
    how = resampling or Resampling(rounds=ROUNDS)
    passes = [_by_id(annotated) for annotated in (first, second, *further)]
    times = Counter(id for annotated in passes for id in annotated)
    shared = sorted(id for id, count in times.items() if count > 1)
    if not shared:
        raise ValueError(f"the {'two' if len(passes) == 2 else len(passes)} passes have no article in common")
    pairs = {id: list(combinations([a[id] for a in passes if id in a], 2)) for id in shared}
    for id in shared:
        if any(a.segments != b.segments for a, b in pairs[id]):
            raise ValueError(f"the annotations of {id} are of different texts: their segments differ")
    compared = [[(_Compared(a, b), _Compared(b, a)) for a, b in pairs[id]] for id in shared]
    sampled = _Sampled(how, len(shared))
    things: tuple[_Items | _Field, ...] = (*_ITEMS, *_FIELDS)
    names = ["first", "second", *(f"pass {n}" for n in range(3, len(passes) + 1))]
    return Agreement(
        articles=tuple(shared),
        alone=tuple(sorted(times.keys() - set(shared))),
        rows=tuple(row for thing in things for row in thing.rows(compared, sampled)),
        disagreements=tuple(_most_frequent((id, d) for id in shared for a, b in pairs[id] for d in differences(a, b))),
        resampling=how,
        signature="|".join(
            (
                "agreement",
                f"conflictwire:{_version()}",
                f"schema:{SCHEMA_VERSION}",
                *(
                    f"{name}:{gold_hash(annotated[id] for id in shared if id in annotated)[:12]}"
                    for name, annotated in zip(names, passes, strict=True)
                ),
                f"articles:{len(shared)}",
                f"rounds:{how.rounds}",
                f"seed:{how.seed}",
            )
        ),
        passes=len(passes),
    )


def _by_id(articles: Iterable[Article]) -> dict[str, Article]:
    result: dict[str, Article] = {}
    for article in articles:
        if article.id in result:
            raise ValueError(f"a pass has one annotation an article; this one has {article.id} twice")
        result[article.id] = _in_text_order(article)
    return result


def _in_text_order(article: Article) -> Article:
    """The article with its items, and what stands in them, in the order of the text, so that no tie hangs on theirs."""

    def spans(several: Iterable[Span]) -> list[Span]:
        return sorted(several, key=span_range)

    def place(several: Iterable[Span]) -> list[Range]:
        return sorted(map(span_range, several))

    return change(
        article,
        entities=sorted(
            (change(e, mentions=sorted(e.mentions, key=lambda m: span_range(m.span))) for e in article.entities),
            key=lambda e: (place(m.span for m in e.mentions), e.type, e.id),
        ),
        events=sorted(
            (
                change(
                    e,
                    triggers=spans(e.triggers),
                    arguments=sorted(
                        e.arguments, key=lambda g: (g.role, place([g.mention] if g.mention else []), g.entity, g.id)
                    ),
                )
                for e in article.events
            ),
            key=lambda e: (place(e.triggers), e.type, e.id),
        ),
        claims=sorted(
            (change(c, relations=sorted(c.relations, key=lambda r: (r.type, r.target))) for c in article.claims),
            key=lambda c: (span_range(c.span), c.id),
        ),
        sources=sorted(
            (change(s, mentions=spans(s.mentions)) for s in article.sources), key=lambda s: (place(s.mentions), s.id)
        ),
        attributions=sorted(
            (
                change(
                    a,
                    sources=sorted(a.sources),
                    cue=spans(a.cue),
                    content=spans(a.content),
                    asserts=sorted(a.asserts, key=lambda x: (x.target, x.polarity)),
                )
                for a in article.attributions
            ),
            key=lambda a: (place(a.content), place(a.cue), a.id),
        ),
    )


def _most_frequent(found: Iterable[tuple[str, Difference]]) -> list[Disagreement]:
    """Kinds of difference, most frequent first."""
    by_kind: dict[tuple[str, str], list[tuple[int, str, Difference]]] = {}
    seen = Counter[tuple[str, str, str]]()
    for id, difference in found:
        kind = difference.layer, difference.kind
        by_kind.setdefault(kind, []).append((seen[*kind, id], id, difference))
        seen[*kind, id] += 1
    result = []
    for (layer, what), each in by_kind.items():
        # The first of every article before the second of any.
        chosen = sorted(each, key=lambda example: example[0])[:_EXAMPLES]
        articles = len({id for _, id, _ in each})
        result.append(Disagreement(layer, what, len(each), articles, tuple((id, d) for _, id, d in chosen)))
    return sorted(result, key=lambda d: (-d.count, d.layer, d.kind))


# ---- alpha ---------------------------------------------------------------------------------------


def nominal_alpha(pairs: Sequence[tuple[Any, Any]]) -> float | None:
    """Krippendorff's alpha (Content Analysis, chapter on reliability) of two annotators and categories without order.

    Args:
        pairs: for each unit the category that either annotator put it into.

    Returns:
        At most 1; 0 is what chance would give. None where it is undefined: no unit, or one category only,
        of which nobody can tell whether the annotators agree or do not look.
    """
    value = float(_alpha(_coincidences(pairs, _categories(pairs))))
    return None if np.isnan(value) else value


def _categories(pairs: Sequence[tuple[Any, Any]]) -> list[str]:
    return sorted({str(value) for pair in pairs for value in pair})


def _coincidences(pairs: Sequence[tuple[Any, Any]], categories: Sequence[str]) -> Floats:
    """How often two values met in a unit, either way round: symmetric, its sum twice the number of units."""
    place = {category: k for k, category in enumerate(categories)}
    result = np.zeros((len(categories), len(categories)))
    for pair in pairs:
        x, y = (place[str(value)] for value in pair)
        result[x, y] += 1
        result[y, x] += 1
    return result


def _alpha(coincidences: Floats) -> Floats:
    """Alpha of coincidences (... x categories x categories), NaN where no disagreement is expected.

    One less observed by expected disagreement: off the diagonal lie `off` of n values; of the n (n - 1)
    pairs of values, whatever their unit, n**2 - sum of n_c**2 would.
    """
    of_category = coincidences.sum(-1)
    n = of_category.sum(-1)
    off = n - np.trace(coincidences, axis1=-2, axis2=-1)
    would = n**2 - (of_category**2).sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = np.where(would > 0, 1 - (n - 1) * off / would, np.nan)
    return result


class _Sampled:
    """The articles drawn with replacement, once for all rows."""

    def __init__(self, how: Resampling, articles: int):
        self.how, self.articles = how, articles
        self.drawn = np.concatenate(list(statistics.draws(articles, how))) if articles >= MIN_STORIES else None

    def interval(self, counts: Floats, statistic: Callable[[Floats], Floats]) -> tuple[Interval, str]:
        """The percentile interval of a statistic of sums over articles, or why there is none.

        Args:
            counts: articles x anything.
            statistic: from sums (draws x anything) to one value a draw, NaN where it is undefined.
        """
        if self.drawn is None:
            return None, f"too few articles ({self.articles})"
        values = statistic((self.drawn @ counts.reshape(self.articles, -1)).reshape(-1, *counts.shape[1:]))
        defined = values[~np.isnan(values)]
        if len(defined) < _MOSTLY_DEFINED * len(values):
            return None, f"undefined in {1 - len(defined) / len(values):.0%} of draws"
        tail = (1 - self.how.level) / 2
        low, high = np.quantile(defined, [tail, 1 - tail])
        return (float(low), float(high)), ""


# ---- what is compared ----------------------------------------------------------------------------


class _Compared:
    """Two annotations of an article: the items of the one with their partners in the other."""

    def __init__(self, first: Article, second: Article):
        (other,) = from_gold([second])
        self.document = Aligned(first, other)
        self.first, self.second = self.document.gold, self.document.predicted

    def size(self, layer: str) -> int:
        """How many items of a layer the first has, exact copies left out."""
        if layer == "attributions":
            return len(matched(self.document).gold.items)
        return len(getattr(self.first, layer))

    @cached_property
    def pairs(self) -> dict[str, Pairs]:
        """The aligned items of each layer."""
        first, second, document = self.first, self.second, self.document
        mine, theirs = {e.id: e for e in first.events}, {e.id: e for e in second.events}
        said = matched(document)
        mentions = [(first.mentions[i], second.mentions[j]) for i, j in document.mentions.items()]
        return {
            "mentions": mentions,
            # Those that share most mentions, one exact one before any number that overlap.
            "entities": _heaviest(
                first.entities,
                second.entities,
                ((x.entity, y.entity, 1000 if x.range == y.range else 1) for x, y in mentions),
            ),
            "events": [(mine[i], theirs[j]) for i, j in document.events.items()],
            "claims": [(first.claims[i], second.claims[j]) for i, j in document.claims.items()],
            # Those who are the same speaker in most aligned statements.
            "sources": _heaviest(
                first.sources,
                second.sources,
                (
                    (x.id, y.id, 1)
                    for i, j in said.pairs.items()
                    for x in said.gold.speakers[i]
                    for y in said.predicted.speakers[j]
                    if same_speaker(document, x, y)
                ),
            ),
            "attributions": [(said.gold.items[i], said.predicted.items[j]) for i, j in said.pairs.items()],
        }

    @cached_property
    def _names(self) -> dict[str, str]:
        return {x.id: y.id for layer in ("entities", "events") for x, y in self.pairs[layer]}

    def called(self, side: Side, id: str | None) -> str | None:
        """What the second calls an entity or event; one of the first without a partner is marked."""
        return id if id is None or side is self.second else self._names.get(id, f"first: {id}")

    @cached_property
    def _mention_kinds(self) -> tuple[dict[tuple[Range, str], str], ...]:
        return tuple(
            {(span_range(m.span), e.type): m.kind for e in side.entities for m in e.mentions}
            for side in (self.first, self.second)
        )

    def mention_kind(self, side: Side, at: Range, type: str) -> str:
        """Whether the mention with that span and entity type is a name, nominal or pronoun."""
        return self._mention_kinds[side is self.second][at, type]


def _heaviest(first: Sequence[Any], second: Sequence[Any], links: Iterable[tuple[str, str, int]]) -> Pairs:
    """Items one to one by the largest sum of the weights of links `(id, id, weight)` between them."""
    row, column = ({x.id: k for k, x in enumerate(side)} for side in (first, second))
    weights = np.zeros((len(first), len(second)))
    for x, y, weight in links:
        weights[row[x], column[y]] += weight
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(first[i], second[j]) for i, j in zip(rows, columns, strict=True) if weights[i, j]]


Both = Sequence[Sequence[tuple[_Compared, _Compared]]]
"""Of each article every pair of its annotations, aligned either way round."""


@dataclass(frozen=True)
class _Items:
    """Spans or links: agreement is F1."""

    layer: str
    what: str
    kind: Kind
    counts: Callable[[Aligned], Breakdown]
    parts: tuple[str, ...] = ("",)
    unit: int = 1

    def rows(self, both: Both, sampled: _Sampled) -> Iterator[Row]:
        """One row."""
        counts = [
            merge([c for x, y in pairs for c in (self.counts(x.document), _turned(self.counts(y.document)))])
            for pairs in both
        ]
        total = merge(counts)
        value = finalise_parts(total, self.parts).f1
        interval, note = None, "nothing to compare"
        if value is not None:
            interval, note = sampled.interval(statistics.table(counts, self.parts), statistics.f1)
        twice = 2 * self.unit  # counted either way round
        first, second = total[""].gold // twice, total[""].predicted // twice
        yield Row(self.layer, self.what, self.kind, first, second, value, interval, note)


def _turned(counts: Breakdown) -> Breakdown:
    """Counts with gold and prediction in each other's place."""
    return {key: Counts(c.predicted_credit, c.predicted, c.gold_credit, c.gold) for key, c in counts.items()}


def _spans(layer: str, what: str, ranges: Callable[[Side], Iterable[Range]]) -> tuple[_Items, _Items]:
    """One kind of span: the same offsets, and overlapping, one to one."""

    def count(document: Aligned, exact: bool) -> Breakdown:
        first, second = sorted(ranges(document.gold)), sorted(ranges(document.predicted))
        pairs = assign(first, second, lambda i, j: 0)
        right = sum(first[i] == second[j] or not exact for i, j in pairs.items())
        return {"": Counts(right, len(first), right, len(second))}

    return (
        _Items(layer, what, "same span", lambda document: count(document, True)),
        _Items(layer, what, "overlapping span", lambda document: count(document, False)),
    )


def _distinct(spans: Iterable[Span | None]) -> set[Range]:
    """Offsets; a span that several items share counts once."""
    return {span_range(s) for s in spans if s is not None}


def _link(layer: str, what: str, name: str) -> _Items:
    metric = parse(name)
    return _Items(layer, what, "link", metric.counts, metric.parts, metric.unit)


_ITEMS: tuple[_Items, ...] = (
    *_spans("mentions", "mentions", lambda side: {m.range for m in side.mentions}),
    *_spans("events", "triggers", lambda side: {t.range for t in side.triggers}),
    *_spans("claims", "claims", lambda side: [span_range(c.span) for c in side.claims]),
    *_spans("claims", "measure spans", lambda side: _distinct(c.measure_span for c in side.claims)),
    *_spans("claims", "counted spans", lambda side: _distinct(c.counted.span for c in side.claims)),
    *_spans("attributions", "source spans", lambda side: _distinct(a.source_span for a in side.attributions)),
    *_spans("attributions", "cues", lambda side: _distinct(s for a in side.attributions for s in a.cue)),
    *_spans("attributions", "contents", lambda side: _distinct(s for a in side.attributions for s in a.content)),
    _link("entities", "coreference, LEA", "coref.lea"),
    _link("entities", "coreference, B3", "coref.b3"),
    _link("entities", "coreference, CoNLL", "coref.conll"),
    _link("events", "coreference, LEA", "events.coref.lea"),
    _link("events", "arguments", "events.arguments"),
    _link("claims", "relations", "claims.relations"),
    _link("attributions", "speakers", "attributions.speaker"),
    _link("attributions", "assertions with polarity", "attributions.asserts"),
    _link("attributions", "nesting", "attributions.nesting"),
)


@dataclass(frozen=True)
class _Field:
    """A field of aligned items: `value` takes the annotations, the side and the item.

    Values are `categories`; or `exact`, too many for that; or `optional`: then first is compared whether
    there is one, and, where either side has one, whether they are the same.
    """

    layer: str
    what: str
    value: Callable[[_Compared, Side, Any], object]
    values: Literal["categories", "exact", "optional"] = "categories"

    def rows(self, both: Both, sampled: _Sampled) -> Iterator[Row]:
        """One row, or two for an optional field."""
        seen = [[p for pair in pairs for direction in pair for p in self._pairs(direction)] for pairs in both]
        if self.values != "optional":
            yield self._row(self.what, seen, both, sampled, self.values == "categories")
            return
        given = [[(_given(x), _given(y)) for x, y in pairs] for pairs in seen]
        yield self._row(f"{self.what}, given or not", given, both, sampled, True)
        either = [[(x, y) for x, y in pairs if _given(x) or _given(y)] for pairs in seen]
        yield self._row(f"{self.what}, where given", either, both, sampled, False)

    def _pairs(self, pair: _Compared) -> Pairs:
        return [(self.value(pair, pair.first, x), self.value(pair, pair.second, y)) for x, y in pair.pairs[self.layer]]

    def _row(self, what: str, seen: list[Pairs], both: Both, sampled: _Sampled, categories: bool) -> Row:
        every_pair = [pair for pairs in both for pair in pairs]
        first, second = (sum(pair[side].size(self.layer) for pair in every_pair) for side in (0, 1))
        aligned = sum(len(direction.pairs[self.layer]) for pair in every_pair for direction in pair)
        matched = aligned / (first + second) if first + second else None
        every = [p for pairs in seen for p in pairs]
        compared = round(len(every) / 2)  # counted either way round
        if not every:
            return Row(self.layer, what, "field", first, second, None, None, "nothing to compare", compared, matched)
        shares = np.array([[sum(x == y for x, y in pairs), len(pairs)] for pairs in seen], dtype=float)
        value = float(_share(shares.sum(0)))
        interval, note = sampled.interval(shares, _share)
        row = Row(self.layer, what, "field", first, second, value, interval, note, compared, matched)
        if not categories:
            return row
        names = _categories(every)
        counts = np.array([_coincidences(pairs, names) / 2 for pairs in seen])
        alpha = float(_alpha(counts.sum(0)))
        if np.isnan(alpha):
            return replace(row, alpha_note=f"one category only ({names[0]})")
        alpha_interval, alpha_note = sampled.interval(counts, _alpha)
        return replace(row, alpha=alpha, alpha_interval=alpha_interval, alpha_note=alpha_note)


def _given(value: object) -> bool:
    return value is not None and value != []


def _share(counts: Floats) -> Floats:
    """The first of two sums (... x 2) by the second, NaN for 0/0."""
    with np.errstate(invalid="ignore"):
        result: Floats = counts[..., 0] / counts[..., 1]
    return result


def _plain(layer: str, *names: str) -> Iterator[_Field]:
    """Fields of categories, compared as they stand."""
    for name in names:
        read = attrgetter(name)
        yield _Field(layer, name, lambda pair, side, item, read=read: read(item))  # type: ignore[misc]


_FIELDS: tuple[_Field, ...] = (
    _Field("mentions", "kind", lambda pair, side, m: pair.mention_kind(side, m.range, m.type)),
    *_plain("entities", "type"),
    _Field("entities", "subtype", lambda pair, side, e: e.subtype, "optional"),
    *_plain("events", "type", "modality", "polarity", "genericity"),
    _Field("events", "time", lambda pair, side, e: e.time and e.time.edtf, "optional"),
    _Field("events", "part_of", lambda pair, side, e: pair.called(side, e.part_of), "optional"),
    _Field("claims", "values", lambda pair, side, c: c.values, "exact"),
    _Field("claims", "low and high (derived)", lambda pair, side, c: derive.interval(c), "exact"),
    *_plain("claims", "form", "bound", "approximation", "measure", "unit", "counted.role", "counted.status"),
    _Field("claims", "counted.entity", lambda pair, side, c: pair.called(side, c.counted.entity), "optional"),
    _Field("claims", "scope.event", lambda pair, side, c: pair.called(side, c.scope.event), "optional"),
    _Field(
        "claims", "scope.places", lambda pair, side, c: sorted(f"{pair.called(side, p)}" for p in c.scope.places), "optional"
    ),
    _Field("claims", "scope.period", lambda pair, side, c: c.scope.period, "optional"),
    _Field("claims", "as_of", lambda pair, side, c: c.as_of, "optional"),
    *_plain("claims", "reading", "stance", "attribution_unclear"),
    _Field("claims", "voice (derived)", lambda pair, side, c: derive.voice(c, side.statements)),
    *_plain("sources", "category", "naming", "affiliation"),
    *_plain("attributions", "act", "mode"),
)  # fmt: skip
