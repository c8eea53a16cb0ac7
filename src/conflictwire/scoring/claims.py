"""Numeric claims: cumulative levels, each strict, and the headline: claims with the right source."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from conflictwire import derive
from conflictwire.model import Claim, Source
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, overlap, span_range
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.side import Side

Right = Callable[[Aligned, Claim, Claim], bool]


def count_claims(
    document: Aligned, right: Right, chosen: Callable[[Side, Claim], bool] = lambda side, claim: True
) -> Breakdown:
    """Counts of aligned claims that are right, for the whole and for each measure.

    `chosen` restricts both sides to the claims it is true of; a pair counts on each side by itself.
    """
    tally = Tally()
    gold, predicted = document.gold.claims, document.predicted.claims
    good = {(i, j) for i, j in document.claims.items() if right(document, gold[i], predicted[j])}
    rows, columns = {i for i, _ in good}, {j for _, j in good}
    for i, claim in enumerate(gold):
        if chosen(document.gold, claim):
            tally.gold(int(i in rows), 1, claim.measure)
    for j, claim in enumerate(predicted):
        if chosen(document.predicted, claim):
            tally.predicted(int(j in columns), 1, claim.measure)
    return tally.breakdown()


def same_figure(document: Aligned, gold: Claim, predicted: Claim) -> bool:
    """L1: the same derived low, high and bounds; a form without numbers only matches its own form."""
    return derive.interval(gold) == derive.interval(predicted) and (gold.form == "vague") == (predicted.form == "vague")


def same_measure(document: Aligned, gold: Claim, predicted: Claim) -> bool:
    """L2: and the same measure, unit and counted role."""
    return same_figure(document, gold, predicted) and (gold.measure, gold.unit, gold.counted.role) == (
        predicted.measure,
        predicted.unit,
        predicted.counted.role,
    )


def same_scope(document: Aligned, gold: Claim, predicted: Claim) -> bool:
    """L3: and the same scope: aligned events, or neither has one and places and period agree."""
    if not same_measure(document, gold, predicted):
        return False
    if gold.scope.event is not None or predicted.scope.event is not None:
        return gold.scope.event is not None and document.events.get(gold.scope.event) == predicted.scope.event
    return gold.scope.period == predicted.scope.period and _same_places(document, gold, predicted)


def _same_places(document: Aligned, gold: Claim, predicted: Claim) -> bool:
    wanted = [_mentions(document.gold, e) for e in gold.scope.places]
    given = [_mentions(document.predicted, e) for e in predicted.scope.places]
    return (
        len(wanted) == len(given)
        and all(any(w & g for g in given) for w in wanted)
        and all(any(w & g for w in wanted) for g in given)
    )


def _mentions(side: Side, entity: str) -> set[Range]:
    found = side.entity_by_id.get(entity)
    return {span_range(m.span) for m in found.mentions} if found else set()


def same_as_of(document: Aligned, gold: Claim, predicted: Claim) -> bool:
    """L4: and the same as-of date, or none on both sides."""
    return same_scope(document, gold, predicted) and gold.as_of == predicted.as_of


LEVELS: tuple[Right, ...] = (
    lambda document, gold, predicted: True,
    same_figure,
    same_measure,
    same_scope,
    same_as_of,
)


@metric
@dataclass(frozen=True)
class Level:
    """Claims right up to a level: 0 found (overlap), 1 figure, 2 measure, unit and role, 3 scope, 4 as-of."""

    level: int
    name: ClassVar[str] = "claims.level"
    layers: ClassVar[tuple[str, ...]] = ("claims",)
    headline: ClassVar[bool] = True

    def __post_init__(self) -> None:
        choice(self, "level", (0, 1, 2, 3, 4))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a claim; keys are measures."""
        return count_claims(document, LEVELS[self.level])


def _speakers(side: Side, claim: Claim) -> list[Source]:
    by_id = {s.id: s for s in side.sources}
    return [by_id[s] for a, _ in side.statements.get(claim.id, []) for s in a.sources if s in by_id]


def _spans(side: Side, source: Source) -> set[Range]:
    spans = {span_range(m) for m in source.mentions}
    return spans | (_mentions(side, source.entity) if source.entity else set())


def _names(side: Side, source: Source) -> set[str]:
    entity = side.entity_by_id.get(source.entity or "")
    words = {m.text for m in source.mentions if m.text}
    return {w.casefold() for w in (words | ({entity.name, *entity.aliases} if entity else set()))}


def same_speaker(document: Aligned, gold: Source, predicted: Source) -> bool:
    """A predicted speaker is the gold one if a mention of it overlaps, or names, a mention of the gold one's cluster."""
    wanted = _spans(document.gold, gold)
    if any(overlap(span_range(m), w) for m in predicted.mentions for w in wanted):
        return True
    entity = document.gold.entity_by_id.get(gold.entity or "")
    names = {entity.name.casefold(), *(a.casefold() for a in entity.aliases)} if entity else set()
    return bool(names & _names(document.predicted, predicted))


def right_source(document: Aligned, gold: Claim, predicted: Claim) -> bool:
    """Whether the prediction has the claim said by whom the gold has it said.

    Several gold speakers (a chain, or two bodies) are each right, but every predicted speaker must be
    one of them, so that naming everybody does not help. A statement without a source ("reportedly")
    asks for one without. The narrator must be the narrator; where the text leaves open who speaks,
    both `unclear` and the narrator are right.
    """
    voices = (
        derive.voice(gold, document.gold.statements),
        derive.voice(predicted, document.predicted.statements),
    )
    if voices[0] == "unclear":
        return voices[1] in ("unclear", "narrator")
    if voices[0] != voices[1]:
        return False
    if voices[0] == "narrator":
        return True
    wanted, given = _speakers(document.gold, gold), _speakers(document.predicted, predicted)
    if not wanted or not given:
        return not wanted and not given
    return all(any(same_speaker(document, g, p) for g in wanted) for p in given)


@metric
@dataclass(frozen=True)
class Attributed:
    """Attributed claims, the headline: right at level 2 and said by the right source.

    `subset=attributed` and `subset=narrator` keep to the claims that each side itself has said by a
    source, or by the narrator. `floor=narrator` scores the same figures as a system that never quotes
    anybody would have them: what is right there took no reading of who says so.
    """

    subset: str = "all"
    floor: str = "none"
    name: ClassVar[str] = "claims.attributed"
    layers: ClassVar[tuple[str, ...]] = ("claims",)
    headline: ClassVar[bool] = True

    def __post_init__(self) -> None:
        choice(self, "subset", ("all", "attributed", "narrator"))
        choice(self, "floor", ("none", "narrator"))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a claim; keys are measures."""

        def right(aligned: Aligned, gold: Claim, predicted: Claim) -> bool:
            if not same_measure(aligned, gold, predicted):
                return False
            if self.floor == "narrator":
                return derive.voice(gold, aligned.gold.statements) != "attributed"
            return right_source(aligned, gold, predicted)

        def chosen(side: Side, claim: Claim) -> bool:
            if self.subset == "all":
                return True
            attributed = derive.voice(claim, side.statements) == "attributed"
            if self.floor == "narrator" and side is document.predicted:
                attributed = False
            return attributed == (self.subset == "attributed")

        return count_claims(document, right, chosen)
