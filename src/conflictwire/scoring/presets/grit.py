"""CEAF-REE as `eval.py` of github.com/xinyadu/grit_doc_event_entity computes it (Du et al., 2021), bugs included.

What it does that `templates.ree` does not: it looks only at roles that the gold document names, so
what is predicted in others is free; and `prop` counts repeated mentions, so it can pass 100 %.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.presets.registry import Result, preset
from conflictwire.scoring.presets.template_files import (
    Entity,
    Roles,
    in_order,
    read_extracts,
    require_predictions,
    result,
)

Phi = Callable[[Entity, Entity], float]


def strict(gold: Entity, predicted: Entity) -> float:
    """1 if every predicted mention is one of the gold entity's."""
    return float(all(m in gold for m in predicted))


def prop(gold: Entity, predicted: Entity) -> float:
    """Gold mentions that were predicted over the number of predicted ones."""
    return sum(m in predicted for m in gold) / len(predicted)


@preset("grit")
def grit(gold: Path, predictions: Path) -> list[Result]:
    """CEAF-REE (strict, prop) as GRIT's scorer; JSON by document, role and entity, as that scorer reads it."""
    return score(read_extracts(gold, "gold"), read_extracts(predictions, "predicted"))


def score(gold: dict[str, Roles], predicted: dict[str, Roles]) -> list[Result]:
    """Micro-average and each role, strict and proportional.

    Raises:
        UnusableInput: a gold document is missing, or a predicted entity has no mention (the tool stops at both).
    """
    require_predictions(gold, predicted)
    for id in gold:
        if any(not entity for role in gold[id] for entity in predicted[id].get(role, [])):
            raise UnusableInput(f"document {id!r}: a predicted entity has no mention")
    return [r for phi in (strict, prop) for r in _results(gold, predicted, phi)]


def _results(gold: dict[str, Roles], predicted: dict[str, Roles], phi: Phi) -> list[Result]:
    sums: dict[str, tuple[float, int, int]] = {}
    for id, roles in gold.items():
        for role, entities in roles.items():
            others = predicted[id].get(role, [])
            credit, p_den, r_den = sums.get(role, (0.0, 0, 0))
            sums[role] = (credit + _ceaf(entities, others, phi), p_den + len(others), r_den + len(entities))
    name = f"grit.{phi.__name__}"
    rows = [(role, sums[role]) for role in in_order(set(sums))]
    whole = tuple(sum(row[n] for _, row in rows) for n in range(3))
    return [
        result(label, credit, p_den, credit, r_den)
        for label, (credit, p_den, r_den) in [(name, whole), *((f"{name}.{role}", row) for role, row in rows)]
    ]


def _ceaf(gold: list[Entity], predicted: list[Entity], phi: Phi) -> float:
    scores = np.zeros((len(gold), len(predicted)))
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            scores[i, j] = phi(g, p)
    return float(sum(scores[linear_sum_assignment(-scores)]))
