"""Parts counted beside their whole: "14 dead, two of them guards" is no 16."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import metric
from conflictwire.scoring.tolls.cells import cells, wholes_of
from conflictwire.scoring.tolls.right import LAYERS


@metric
@dataclass(frozen=True)
class DoubleCounting:
    """The rate of parts that the prediction would count beside their whole: lower is better, whatever the policy.

    Of the gold claims that are part of another of their cell ("14 dead, two of them guards") and are aligned
    together with a whole of theirs into one predicted cell, the share that is no part there. Conditional on
    alignment; P, R and F1 are the same number.
    """

    name: ClassVar[str] = "toll.double_counting"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = LAYERS

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a part, on both sides alike; keys are measures."""
        article = document.article
        gold, predicted = (cells(side, article.text, article.published) for side in (document.gold, document.predicted))
        aligned = {document.gold.claims[i].id: document.predicted.claims[j].id for i, j in document.claims.items()}
        wholes = wholes_of(document.gold)
        tally = Tally()
        for (_, measure), cell in gold.items():
            for part in cell.parts:
                whole = [aligned[w] for w in wholes.get(part, set()) & cell.members if w in aligned]
                home = next((c for c in predicted.values() if aligned.get(part) in c.members), None)
                if home and any(w in home.members for w in whole):
                    wrong = int(aligned[part] not in home.parts)
                    tally.pair(wrong, 1, measure)
        return tally.breakdown()
