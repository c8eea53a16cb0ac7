"""Attributions: spans of source, cue and content, who speaks, what is asserted, and statements in statements.

All count from one alignment of statements, one to one by what is said; how spans earn credit elsewhere,
and whether a claim has the right source, is not decided here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar
from weakref import WeakKeyDictionary

import numpy as np
from scipy.optimize import linear_sum_assignment

from conflictwire.model import Argument, Attribution, Source, Span
from conflictwire.scoring.align import Aligned, Range, Side, matching, overlap, span_range
from conflictwire.scoring.claims import same_speaker
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, Tally, fixed
from conflictwire.scoring.registry import choice, metric

Spans = tuple[Range, ...]

# Weights of the assignment, apart by more than any sum of the smaller ones in a document of up to a
# thousand statements, of which up to a hundred share words; sums stay exact in a double.
_EXACT = 10**12
_CONTENT = 10**5
_STEPS = 10**4  # content overlap is weighed in ten-thousandths
UNKNOWN = -1  # the place of a parent that is named but not there


def joined(spans: Iterable[Span]) -> Spans:
    """The code points of spans as ordered, disjoint ranges: what overlaps or touches is joined, empty ones go."""
    result: list[Range] = []
    for start, end in sorted(span_range(s) for s in spans if s.start < s.end):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)


def agreement(first: Spans, second: Spans) -> Fraction:
    """F over the code points of two sets of spans (2 x shared / both sizes); 0 where both are empty."""
    shared = sum(overlap(a, b) for a in first for b in second)
    both = sum(end - start for start, end in (*first, *second))
    return Fraction(2 * shared, both) if both else Fraction(0)


class Statements:
    """One side's attributions in an order that content alone decides, exact copies removed.

    A copy has the same spans, mode, act, speakers, targets and outer statements; ids do not tell it
    from the original, and a reference to the copy is one to the original.
    """

    def __init__(self, side: Side):
        self.side = side
        self._sources = {s.id: s for s in side.sources}
        self._claims = {c.id: c for c in side.claims}
        self._events = {e.id: e for e in side.events}
        own = [(self._own(a), a) for a in side.attributions]
        outer: dict[str, tuple[str, Attribution]] = {}
        for key, a in sorted(own, key=lambda pair: pair[0], reverse=True):
            outer[a.id] = key, a
        first: dict[tuple[Spans, str], Attribution] = {}
        keys: dict[str, tuple[Spans, str]] = {}
        for key, a in own:
            full = joined(a.content), repr([key, *self._outward(key, a, outer)])
            first.setdefault(full, a)
            keys[a.id] = min(full, keys.get(a.id, full))
        order = sorted(first)
        place = {key: index for index, key in enumerate(order)}
        index = {id: place[key] for id, key in keys.items()}
        self.items: list[Attribution] = [first[key] for key in order]
        self.content: list[Spans] = [joined(a.content) for a in self.items]
        self.cue: list[Spans] = [joined(a.cue) for a in self.items]
        self.source: list[Spans] = [joined([a.source_span] if a.source_span else []) for a in self.items]
        self.speakers: list[list[Source]] = [self._speakers(a) for a in self.items]
        self.parent: list[int | None] = [None if a.parent is None else index.get(a.parent, UNKNOWN) for a in self.items]

    def _own(self, a: Attribution) -> str:
        spans = joined(a.content), joined(a.cue), joined([a.source_span] if a.source_span else [])
        speakers = sorted({self._source_key(s) for s in self._speakers(a)})
        asserts = sorted({(self._target_key(x.target), x.polarity) for x in a.asserts})
        return repr((spans, a.mode, a.act, a.parent_relation, speakers, asserts))

    @staticmethod
    def _outward(key: str, a: Attribution, outer: dict[str, tuple[str, Attribution]]) -> list[str]:
        """The content of the statements outside this one; in a ring of parents, until one like it comes again."""
        chain: list[str] = []
        seen = {key}
        while a.parent in outer and outer[a.parent][0] not in seen:
            key, a = outer[a.parent]
            seen.add(key)
            chain.append(key)
        return chain

    def _speakers(self, a: Attribution) -> list[Source]:
        found = {self._source_key(self._sources[s]): self._sources[s] for s in a.sources if s in self._sources}
        return [found[key] for key in sorted(found)]

    def _source_key(self, source: Source) -> str:
        entity = self.side.entity_by_id.get(source.entity or "")
        mentions = sorted(span_range(m.span) for m in entity.mentions) if entity else None
        return repr(
            (sorted(map(span_range, source.mentions)), source.category, source.naming, source.affiliation, mentions)
        )

    def argument(self, target: str) -> Argument | None:
        """The argument that `event#argument` names."""
        event, _, id = target.partition("#")
        found = self._events.get(event)
        return next((g for g in found.arguments if g.id == id), None) if found else None

    def fillers(self, argument: Argument) -> frozenset[Range]:
        """The spans that may stand for an argument's filler: its entity's mentions and its own."""
        entity = self.side.entity_by_id.get(argument.entity)
        own = {span_range(argument.mention)} if argument.mention else set()
        return frozenset(own | ({span_range(m.span) for m in entity.mentions} if entity else set()))

    def _target_key(self, target: str) -> str:
        if target in self._claims:
            claim = self._claims[target]
            return repr((span_range(claim.span), claim.measure, claim.values))
        event = self._events.get(target.partition("#")[0])
        if event is None:
            return repr(target)
        argument = self.argument(target)
        filler = (argument.role, sorted(self.fillers(argument))) if argument else target.partition("#")[2]
        return repr((event.type, sorted(map(span_range, event.triggers)), filler))

    def edges(self, i: int) -> list[tuple[str, str]]:
        """What a statement asserts, `(target, polarity)`, each once, in an order that content alone decides."""
        found = {(self._target_key(x.target), x.polarity): (x.target, x.polarity) for x in self.items[i].asserts}
        return [found[key] for key in sorted(found)]

    def kind(self, target: str) -> str:
        """Whether a target is a claim, an event or an argument."""
        return "argument" if "#" in target else "event" if target in self._events else "claim"

    def chain(self, i: int) -> list[int]:
        """The places of a statement and of those it stands in, innermost first; `UNKNOWN` where the outer is not there."""
        result = [i]
        outer = self.parent[i]
        while outer is not None and outer not in result:
            result.append(outer)
            outer = self.parent[outer] if outer != UNKNOWN else None
        return result

    def nested(self) -> list[list[int]]:
        """The chains of two or more statements, one for each innermost statement."""
        outer = set(self.parent)
        return [self.chain(i) for i, parent in enumerate(self.parent) if parent is not None and i not in outer]


@dataclass(frozen=True)
class Matched:
    """The statements of both sides and their alignment, `{gold place: predicted place}`."""

    gold: Statements
    predicted: Statements
    pairs: dict[int, int]

    def speakers(self, document: Aligned, i: int, j: int) -> dict[int, int]:
        """The speakers of a gold and a predicted statement that are the same, one to one."""
        wanted, given = self.gold.speakers[i], self.predicted.speakers[j]
        return matching(len(wanted), len(given), lambda a, b: same_speaker(document, wanted[a], given[b]))

    def same_speakers(self, document: Aligned, i: int, j: int) -> bool:
        """Whether both statements have the same speakers, none on both sides included."""
        same = len(self.speakers(document, i, j))
        return same == len(self.gold.speakers[i]) == len(self.predicted.speakers[j])


# One alignment a document, whichever metrics ask for it; it goes when the document does.
_MATCHED: WeakKeyDictionary[Aligned, Matched] = WeakKeyDictionary()


def matched(document: Aligned) -> Matched:
    """The alignment of a document's attributions.

    One to one: the same content first, then the largest sum of content overlap (`agreement`); cue, source
    span, speakers and the rest only break ties, so the same words in two statements (an outlet's, and that
    of the officer who told it) find each its own. What shares no code point of content is never aligned.
    """
    if document not in _MATCHED:
        gold, predicted = Statements(document.gold), Statements(document.predicted)
        _MATCHED[document] = Matched(gold, predicted, _assign(document, gold, predicted))
    return _MATCHED[document]


def _assign(document: Aligned, gold: Statements, predicted: Statements) -> dict[int, int]:
    weights = np.zeros((len(gold.items), len(predicted.items)))
    for i, content in enumerate(gold.content):
        for j, other in enumerate(predicted.content):
            if not content or not other or content[-1][1] <= other[0][0] or other[-1][1] <= content[0][0]:
                continue
            shared = agreement(content, other)
            if shared:
                same = _EXACT if content == other else 0
                weights[i, j] = same + max(1, round(shared * _STEPS)) * _CONTENT + _tie(document, gold, predicted, i, j)
    return {
        int(i): int(j) for i, j in zip(*linear_sum_assignment(weights, maximize=True), strict=True) if weights[i, j] > 0
    }


def _tie(document: Aligned, gold: Statements, predicted: Statements, i: int, j: int) -> int:
    """0 to 999: cue before source span before speakers before the rest."""
    a, b = gold.items[i], predicted.items[j]
    wanted, given = gold.speakers[i], predicted.speakers[j]
    cue = 9 if gold.cue[i] == predicted.cue[j] else round(8 * agreement(gold.cue[i], predicted.cue[j]))
    span = 9 if gold.source[i] == predicted.source[j] else round(8 * agreement(gold.source[i], predicted.source[j]))
    speaker = any(same_speaker(document, g, p) for g in wanted for p in given) or not (wanted or given)
    rest = 2 * (a.parent_relation == b.parent_relation) + (a.act == b.act) + (a.mode == b.mode)
    return 100 * cue + 10 * span + 4 * speaker + rest + (len(a.asserts) == len(b.asserts))


def _count_spans(document: Aligned, spans: Callable[[Statements], Sequence[Spans]], match: str) -> Breakdown:
    """Credit of one kind of span on aligned statements, in fixed point; a statement without such a span is no item."""
    found = matched(document)
    gold, predicted = spans(found.gold), spans(found.predicted)
    back = {j: i for i, j in found.pairs.items()}
    tally = Tally()

    def credit(i: int | None, j: int | None) -> int:
        if i is None or j is None:
            return 0
        return SCALE * (gold[i] == predicted[j]) if match == "exact" else fixed(agreement(gold[i], predicted[j]))

    for i, own in enumerate(gold):
        if own:
            tally.add([found.gold.items[i].act], Counts(gold_credit=credit(i, found.pairs.get(i)), gold=SCALE))
    for j, own in enumerate(predicted):
        if own:
            tally.add([found.predicted.items[j].act], Counts(predicted_credit=credit(back.get(j), j), predicted=SCALE))
    return tally.breakdown()


@metric
@dataclass(frozen=True)
class Content:
    """Contents found: `exact` the same code points, `overlap` F over code points of the aligned pair."""

    match: str = "exact"
    name: ClassVar[str] = "attributions.content"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "match", ("exact", "overlap"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a statement; keys are acts."""
        return _count_spans(document, lambda side: side.content, self.match)


@metric
@dataclass(frozen=True)
class Cue:
    """Cues of aligned statements: `exact` the same code points, `overlap` F over code points; no cue, no item."""

    match: str = "exact"
    name: ClassVar[str] = "attributions.cue"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "match", ("exact", "overlap"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a statement with a cue; keys are acts."""
        return _count_spans(document, lambda side: side.cue, self.match)


@metric
@dataclass(frozen=True)
class SourceSpan:
    """Source spans of aligned statements: `exact` the same span, `overlap` F over code points; no span, no item."""

    match: str = "exact"
    name: ClassVar[str] = "attributions.source"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "match", ("exact", "overlap"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a statement with a source span; keys are acts."""
        return _count_spans(document, lambda side: side.source, self.match)


@metric
@dataclass(frozen=True)
class Speaker:
    """Who speaks: the speakers of aligned statements that are the same at cluster level (`claims.same_speaker`).

    An item is a speaker of a statement; a statement without one has none, and whoever is put there counts
    against precision.
    """

    name: ClassVar[str] = "attributions.speaker"
    layers: ClassVar[tuple[str, ...]] = ("attributions", "sources")

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a speaker of a statement; keys are the source's category and naming, each a whole of its own."""
        found = matched(document)
        right = {i: found.speakers(document, i, j) for i, j in found.pairs.items()}
        back = {j: set(right[i].values()) for i, j in found.pairs.items()}
        tally = Tally()
        for i, speakers in enumerate(found.gold.speakers):
            for a, source in enumerate(speakers):
                tally.add(_kinds(source), Counts(gold_credit=int(a in right.get(i, {})), gold=1))
        for j, speakers in enumerate(found.predicted.speakers):
            for b, source in enumerate(speakers):
                tally.add(_kinds(source), Counts(predicted_credit=int(b in back.get(j, set())), predicted=1))
        return tally.breakdown()


def _kinds(source: Source) -> tuple[str, str]:
    return f"category={source.category}", f"naming={source.naming}"


@metric
@dataclass(frozen=True)
class Asserts:
    """Assertion edges: an aligned statement says the same (affirms, denies, doubts) of the same target.

    Targets are the same if aligned: claims, events, or arguments of aligned events with the same role and
    filler. A target that is not in its record is an item without credit.
    """

    name: ClassVar[str] = "attributions.asserts"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit an edge; keys are the kind of target and the polarity, each a whole of its own."""
        found = matched(document)
        same_target = _targets(document, found)
        gold = [found.gold.edges(i) for i in range(len(found.gold.items))]
        predicted = [found.predicted.edges(j) for j in range(len(found.predicted.items))]
        right = {i: _same_edges(gold[i], predicted[j], same_target) for i, j in found.pairs.items()}
        back = {j: set(right[i].values()) for i, j in found.pairs.items()}
        tally = Tally()
        for i, edges in enumerate(gold):
            for a, (target, polarity) in enumerate(edges):
                keys = f"target={found.gold.kind(target)}", f"polarity={polarity}"
                tally.add(keys, Counts(gold_credit=int(a in right.get(i, {})), gold=1))
        for j, edges in enumerate(predicted):
            for b, (target, polarity) in enumerate(edges):
                keys = f"target={found.predicted.kind(target)}", f"polarity={polarity}"
                tally.add(keys, Counts(predicted_credit=int(b in back.get(j, set())), predicted=1))
        return tally.breakdown()


def _same_edges(
    gold: list[tuple[str, str]], predicted: list[tuple[str, str]], same_target: Callable[[str, str], bool]
) -> dict[int, int]:
    """The edges of a gold and a predicted statement that are the same, one to one."""

    def fits(i: int, j: int) -> bool:
        return gold[i][1] == predicted[j][1] and same_target(gold[i][0], predicted[j][0])

    return matching(len(gold), len(predicted), fits)


def _targets(document: Aligned, found: Matched) -> Callable[[str, str], bool]:
    """Whether a gold and a predicted target are aligned."""
    gold, predicted = document.gold.claims, document.predicted.claims
    claims = {(gold[i].id, predicted[j].id) for i, j in document.claims.items()}

    def same(wanted: str, given: str) -> bool:
        if "#" not in wanted or "#" not in given:
            return (wanted, given) in claims or document.events.get(wanted) == given
        a, b = found.gold.argument(wanted), found.predicted.argument(given)
        if a is None or b is None or document.events.get(wanted.partition("#")[0]) != given.partition("#")[0]:
            return False
        fillers = found.gold.fillers(a)
        # As events.arguments: any mention of the gold filler, or, without a span of its own, a shared one.
        filled = span_range(b.mention) in fillers if b.mention else bool(fillers & found.predicted.fillers(b))
        return a.role == b.role and filled

    return same


@metric
@dataclass(frozen=True)
class Nesting:
    """Statements in statements: both aligned, and the inner one stands in the outer one by the same relation."""

    name: ClassVar[str] = "attributions.nesting"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a statement that stands in another; keys are relations."""
        found = matched(document)
        right = {(i, j) for i, j in found.pairs.items() if same_link(found, i, j)}
        rows, columns = {i for i, _ in right}, {j for _, j in right}
        tally = Tally()
        for i, a in enumerate(found.gold.items):
            if a.parent is not None:
                tally.add([f"{a.parent_relation}"], Counts(gold_credit=int(i in rows), gold=1))
        for j, a in enumerate(found.predicted.items):
            if a.parent is not None:
                tally.add([f"{a.parent_relation}"], Counts(predicted_credit=int(j in columns), predicted=1))
        return tally.breakdown()


def same_link(found: Matched, i: int, j: int) -> bool:
    """Whether two aligned statements stand in aligned statements by the same relation."""
    outer, other = found.gold.parent[i], found.predicted.parent[j]
    return (
        outer is not None
        and other is not None
        and found.pairs.get(outer) == other
        and found.gold.items[i].parent_relation == found.predicted.items[j].parent_relation
    )


@metric
@dataclass(frozen=True)
class Chains:
    """Whole chains, from the innermost statement to the outermost: every link right, and at each the same speakers.

    An item is a chain of two statements or more; a statement that stands in none and holds none is no chain.
    """

    name: ClassVar[str] = "attributions.chains"
    layers: ClassVar[tuple[str, ...]] = ("attributions", "sources")

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a chain; keys are lengths."""
        found = matched(document)
        gold, predicted = found.gold.nested(), found.predicted.nested()
        given = {tuple(chain) for chain in predicted}
        right = set()
        for chain in gold:
            other = tuple(found.pairs.get(i, UNKNOWN) for i in chain)
            if UNKNOWN in other or other not in given:
                continue
            links = all(same_link(found, i, j) for i, j in zip(chain[:-1], other[:-1], strict=True))
            if links and all(found.same_speakers(document, i, j) for i, j in zip(chain, other, strict=True)):
                right.add(other)
        tally = Tally()
        for chain in gold:
            hit = tuple(found.pairs.get(i, UNKNOWN) for i in chain) in right
            tally.add([f"length={len(chain)}"], Counts(gold_credit=int(hit), gold=1))
        for chain in predicted:
            tally.add([f"length={len(chain)}"], Counts(predicted_credit=int(tuple(chain) in right), predicted=1))
        return tally.breakdown()
