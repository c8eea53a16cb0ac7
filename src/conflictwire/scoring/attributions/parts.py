"""The three parts of a statement: who is named as its source, the cue, and what is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.attributions.statements import Statements, matched
from conflictwire.scoring.counts import SCALE, Breakdown, Tally
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.spans import Spans, agreement


def _count(document: Aligned, part: Callable[[Statements], Sequence[Spans]], match: str) -> Breakdown:
    """Credit of one part of aligned statements, in fixed point; a statement without that part is no item."""
    found = matched(document)
    gold, predicted = part(found.gold), part(found.predicted)
    earned = {
        (i, j): SCALE * (gold[i] == predicted[j]) if match == "exact" else agreement(gold[i], predicted[j])
        for i, j in found.pairs.items()
    }
    of_gold, of_predicted = ({pair[side]: credit for pair, credit in earned.items()} for side in (0, 1))
    tally = Tally()
    for i, own in enumerate(gold):
        if own:
            tally.gold(of_gold.get(i, 0), SCALE, found.gold.items[i].act)
    for j, own in enumerate(predicted):
        if own:
            tally.predicted(of_predicted.get(j, 0), SCALE, found.predicted.items[j].act)
    return tally.breakdown()


@metric
@dataclass(frozen=True)
class Content:
    """Contents found: `exact` the same code points, `overlap` F over code points of the aligned pair."""

    match: str = "exact"
    name: ClassVar[str] = "attributions.content"
    source: ClassVar[str] = "Pareti, 2012 (there in tokens)"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "match", ("exact", "overlap"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a statement; keys are acts."""
        return _count(document, lambda side: side.content, self.match)


@metric
@dataclass(frozen=True)
class Cue:
    """Cues of aligned statements: `exact` the same code points, `overlap` F over code points; no cue, no item."""

    match: str = "exact"
    name: ClassVar[str] = "attributions.cue"
    source: ClassVar[str] = "Pareti, 2012 (there in tokens)"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "match", ("exact", "overlap"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a statement with a cue; keys are acts."""
        return _count(document, lambda side: side.cue, self.match)


@metric
@dataclass(frozen=True)
class SourceSpan:
    """Source spans of aligned statements: `exact` the same span, `overlap` F over code points; no span, no item."""

    match: str = "exact"
    name: ClassVar[str] = "attributions.source"
    source: ClassVar[str] = "Pareti, 2012 (there in tokens)"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "match", ("exact", "overlap"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a statement with a source span; keys are acts."""
        return _count(document, lambda side: side.source, self.match)
