"""Who speaks: the speakers of aligned statements."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.model import Source
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.attributions.statements import matched
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import metric


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
                tally.gold(int(a in right.get(i, {})), 1, *_kinds(source))
        for j, speakers in enumerate(found.predicted.speakers):
            for b, source in enumerate(speakers):
                tally.predicted(int(b in back.get(j, set())), 1, *_kinds(source))
        return tally.breakdown()


def _kinds(source: Source) -> tuple[str, str]:
    return f"category={source.category}", f"naming={source.naming}"
