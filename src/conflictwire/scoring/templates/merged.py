"""Role-merged templates: who fills which role of which type of event, incidents taken together."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Breakdown
from conflictwire.scoring.registry import metric
from conflictwire.scoring.templates.matching import phi_4, pooled
from conflictwire.scoring.templates.records import Template, templates_of


@metric
@dataclass(frozen=True)
class Merged:
    """Role-merged: entities in a role of a type of event, however the document's events are told apart.

    All fillers of one role and event type are pooled, so that two bombings told as one cost nothing
    here; entities are matched one to one by CEAF with phi 4 (Luo, 2005), so that a filler with some of
    the gold entity's mentions earns a part.
    """

    name: ClassVar[str] = "templates.merged"
    source: ClassVar[str] = "Luo, 2005, phi 4"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    unit: ClassVar[int] = SCALE

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed-point credit an entity; keys are event types."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""
        return pooled(gold, predicted, lambda t, f: (t.type, f.role), phi_4)
