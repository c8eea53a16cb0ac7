"""CEAF-RME: fillers under the best mapping of templates."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.templates.matching import (
    filler_sizes,
    fillers_by_role,
    mapped,
    mention_sizes,
    phi_3,
    phi_subset,
)
from conflictwire.scoring.templates.records import Template, templates_of


@metric
@dataclass(frozen=True)
class Rme:
    """CEAF-RME: fillers under the best mapping of templates of one type.

    `phi3`: the unit is the mention, and a pair of fillers earns those it has in common. `subset`: the
    unit is the filler, right when all its mentions are the gold entity's.
    """

    form: str = "phi3"
    name: ClassVar[str] = "templates.rme"
    source: ClassVar[str] = "IterX (Chen et al., 2023)"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = True

    def __post_init__(self) -> None:
        choice(self, "form", ("phi3", "subset"))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention (`phi3`) or a filler (`subset`); keys are roles."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""
        if self.form == "phi3":
            return mapped(gold, predicted, lambda g, p: fillers_by_role(g, p, phi_3), mention_sizes)
        return mapped(gold, predicted, lambda g, p: fillers_by_role(g, p, phi_subset), filler_sizes)
