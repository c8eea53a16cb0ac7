"""The statements of both sides of a document, aligned once: one to one, by what is said.

What an alignment is worth is the metrics' business; whether a claim has the right source is not decided here.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from conflictwire.model import Argument, Attribution, Source
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, heaviest, matching, span_range
from conflictwire.scoring.claims import same_speaker
from conflictwire.scoring.counts import SCALE
from conflictwire.scoring.side import Side
from conflictwire.scoring.spans import Spans, agreement, joined

# Weights of the assignment, apart by more than any sum of the smaller ones in a document of up to a
# thousand statements, of which up to a hundred share words; sums stay exact in a double.
_EXACT = 10**12
_CONTENT = 10**5
_STEPS = 10**4  # content overlap is weighed in ten-thousandths
UNKNOWN = -1  # the place of a parent that is named but not there


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
        self._by_id: dict[str, list[Attribution]] = {}
        alike: dict[Spans, list[Attribution]] = {}
        for a in side.attributions:
            self._by_id.setdefault(a.id, []).append(a)
            alike.setdefault(joined(map(span_range, a.content)), []).append(a)
        self._keys: dict[str, str] = {}
        self.items: list[Attribution] = []
        self.content: list[Spans] = []
        place: dict[str, int] = {}
        for content in sorted(alike):
            # Only statements of the same words need more than their words to be told apart.
            groups: dict[str, list[Attribution]] = {}
            for a in alike[content]:
                groups.setdefault(self._full_key(a) if len(alike[content]) > 1 else "", []).append(a)
            for key in sorted(groups):
                for a in groups[key]:
                    place.setdefault(a.id, len(self.items))
                self.items.append(groups[key][0])
                self.content.append(content)
        self.cue: list[Spans] = [joined(map(span_range, a.cue)) for a in self.items]
        self.source: list[Spans] = [_source_span(a) for a in self.items]
        self.speakers: list[list[Source]] = [self._speakers(a) for a in self.items]
        self.parent: list[int | None] = [None if a.parent is None else place.get(a.parent, UNKNOWN) for a in self.items]

    def _own_key(self, a: Attribution) -> str:
        spans = joined(map(span_range, a.content)), joined(map(span_range, a.cue)), _source_span(a)
        speakers = [self._source_key(s) for s in self._speakers(a)]
        asserts = sorted({(self._target_key(x.target), x.polarity) for x in a.asserts})
        return repr((spans, a.mode, a.act, a.parent_relation, speakers, asserts))

    def _full_key(self, a: Attribution) -> str:
        """A statement's own content and that of the statements outside it; in a ring, until one like it comes again."""
        chain = [self._own_key(a)]
        while a.parent in self._by_id:
            a = min(self._by_id[a.parent], key=self._own_key)
            key = self._own_key(a)
            if key in chain:
                break
            chain.append(key)
        return repr(chain)

    def _speakers(self, a: Attribution) -> list[Source]:
        known = [self._sources[s] for s in dict.fromkeys(a.sources) if s in self._sources]
        if len(known) < 2:
            return known
        found = {self._source_key(s): s for s in known}
        return [found[key] for key in sorted(found)]

    def _source_key(self, source: Source) -> str:
        if source.id not in self._keys:
            mentions = self.side.mentions_of.get(source.entity or "")
            own = sorted(map(span_range, source.mentions))
            self._keys[source.id] = repr((own, source.category, source.naming, source.affiliation, mentions))
        return self._keys[source.id]

    def argument(self, target: str) -> Argument | None:
        """The argument that `event#argument` names."""
        event, _, id = target.partition("#")
        found = self._events.get(event)
        return next((g for g in found.arguments if g.id == id), None) if found else None

    def fillers(self, argument: Argument) -> frozenset[Range]:
        """The spans that may stand for an argument's filler: its entity's mentions and its own."""
        own = (span_range(argument.mention),) if argument.mention else ()
        return frozenset((*own, *self.side.mentions_of.get(argument.entity, ())))

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
        asserts = self.items[i].asserts
        if len(asserts) < 2:
            return [(x.target, x.polarity) for x in asserts]
        found = {(self._target_key(x.target), x.polarity): (x.target, x.polarity) for x in asserts}
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


def _source_span(a: Attribution) -> Spans:
    return joined([span_range(a.source_span)] if a.source_span else [])


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
    weights: dict[tuple[int, int], int] = {}
    for i, content in enumerate(gold.content):
        for j, other in enumerate(predicted.content):
            if not content or not other or other[-1][1] <= content[0][0]:
                continue
            if content[-1][1] <= other[0][0]:
                break  # contents stand in text order
            shared = agreement(content, other)
            if shared:
                same = _EXACT if content == other else 0
                weights[i, j] = same + max(1, _of(_STEPS, shared)) * _CONTENT + _tie(document, gold, predicted, i, j)
    return heaviest(weights)


def _of(most: int, credit: int) -> int:
    """Fixed-point credit on a scale of so many steps."""
    return (2 * most * credit + SCALE) // (2 * SCALE)


def _tie(document: Aligned, gold: Statements, predicted: Statements, i: int, j: int) -> int:
    """0 to 999: cue before source span before speakers before the rest."""
    a, b = gold.items[i], predicted.items[j]
    wanted, given = gold.speakers[i], predicted.speakers[j]
    cue = 9 if gold.cue[i] == predicted.cue[j] else _of(8, agreement(gold.cue[i], predicted.cue[j]))
    span = 9 if gold.source[i] == predicted.source[j] else _of(8, agreement(gold.source[i], predicted.source[j]))
    speaker = any(same_speaker(document, g, p) for g in wanted for p in given) or not (wanted or given)
    rest = 2 * (a.parent_relation == b.parent_relation) + (a.act == b.act) + (a.mode == b.mode)
    return 100 * cue + 10 * span + 4 * speaker + rest + (len(a.asserts) == len(b.asserts))
