"""GTT: template filling, types and fillers together."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown
from conflictwire.scoring.registry import metric
from conflictwire.scoring.templates.matching import filler_sizes, fillers_by_role, mapped, meet, phi_subset
from conflictwire.scoring.templates.records import Template, templates_of

TYPE_SLOT = "type"
"""The key under which a template's type counts, which is scored like a filler."""


@metric
@dataclass(frozen=True)
class Gtt:
    """Template filling: types and fillers under the best mapping.

    A template's type is a slot beside its fillers. A filler is right when all its mentions are the
    gold entity's; a type when the mapped template says the same and has anything else in common.
    """

    name: ClassVar[str] = "templates.gtt"
    source: ClassVar[str] = "GTT (Du et al., 2021)"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a slot; keys are roles and `type`."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""

        def pair(g: Template, p: Template) -> dict[str, int]:
            return {TYPE_SLOT: 1, **fillers_by_role(g, p, phi_subset)} if meet(g, p) else {}

        return mapped(gold, predicted, pair, lambda t: {TYPE_SLOT: 1, **filler_sizes(t)})
