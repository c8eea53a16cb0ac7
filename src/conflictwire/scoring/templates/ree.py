"""CEAF-REE: who fills which role anywhere in a document."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import SCALE, Breakdown
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.templates.matching import phi_prop, phi_subset, pooled
from conflictwire.scoring.templates.records import Template, templates_of


@metric
@dataclass(frozen=True)
class Ree:
    """CEAF-REE: entities that fill a role anywhere in the document.

    Fillers of one role are pooled over all templates and matched one to one. `strict`: a predicted
    filler is right when all its mentions are the gold entity's; `prop`: the share of them that are.
    """

    form: str = "strict"
    name: ClassVar[str] = "templates.ree"
    source: ClassVar[str] = "GRIT (Du et al., 2021)"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "form", ("strict", "prop"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed-point credit a filler; keys are roles."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""
        phi = phi_prop if self.form == "prop" else lambda g, p: phi_subset(g, p) * SCALE
        return pooled(gold, predicted, lambda _, f: (f.role, ""), phi)
