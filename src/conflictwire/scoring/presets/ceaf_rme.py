"""CEAF-RME as `scripts/ceaf-scorer.py` of github.com/wanmok/iterx computes it (Chen et al., 2023), bugs included.

What it does that `templates.rme` does not: repeated mentions and repeated fillers earn each time, so
recall can pass 100 %; a filler that shares one mention with anything is right (`subset`); `phi3`
counts a gold template of two types twice; fillers in roles outside MUC's are free when the gold is
MUC; and where assignments tie, recall (`subset`) depends on the order of templates.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from conflictwire.scoring.presets.registry import Result, preset
from conflictwire.scoring.presets.template_files import MUC_ROLES, Entity, Template, read_templates, result

Fillers = list[tuple[str, Entity]]
Pair = Callable[[Template, Template], tuple[int, int]]
"""Credit of a gold and a predicted template: in precision and for the mapping, in recall."""

_LOWER = {role.lower(): role for role in MUC_ROLES}


@preset("ceaf-rme-phi3")
def ceaf_rme_phi3(gold: Path, predictions: Path) -> list[Result]:
    """CEAF-RME with phi 3 as IterX's scorer; JSON or JSON lines by document and template."""
    return score("phi3", read_templates(gold, "gold"), read_templates(predictions, "predicted"))


@preset("ceaf-rme-subset")
def ceaf_rme_subset(gold: Path, predictions: Path) -> list[Result]:
    """CEAF-RME with phi subset as IterX's scorer; JSON or JSON lines by document and template."""
    return score("subset", read_templates(gold, "gold"), read_templates(predictions, "predicted"))


def score(form: str, gold: dict[str, list[Template]], predicted: dict[str, list[Template]]) -> list[Result]:
    """The one number of the tool; documents of either side count.

    Args:
        form: phi3 or subset.
        gold: templates by document.
        predicted: templates by document.
    """
    muc = {role for templates in gold.values() for t in templates for role in t.roles} <= set(MUC_ROLES)
    totals = [0, 0, 0, 0]
    for id in sorted({*gold, *predicted}):
        ours = [_muc_roles(t) if muc else t for t in predicted.get(id, [])]
        for n, number in enumerate(_document(form, gold.get(id, []), ours)):
            totals[n] += number
    return [result(f"ceaf-rme-{form}", *totals)]


def _muc_roles(t: Template) -> Template:
    """MUC's roles only, in lower case or not, as the tool's `--dataset MUC` reads predictions."""
    return Template(t.type, {role: t.roles.get(role, t.roles.get(lower, [])) for lower, role in _LOWER.items()})


def _document(form: str, gold: list[Template], predicted: list[Template]) -> tuple[int, int, int, int]:
    """Credit and number of predicted, then of gold items."""
    filled = [p for p in predicted if p.entities]
    split, parts = _split(gold) if predicted else (gold, [])
    pair = _phi3 if form == "phi3" else _subset
    scores, recalled = np.zeros((2, len(split), len(filled)))
    for i, g in enumerate(split):
        for j, p in enumerate(filled):
            scores[i, j], recalled[i, j] = pair(g, p)
    for part in parts:  # of a template's types the one that earns most over all predictions is kept
        kept = part[int(scores[part].sum(axis=1).argmax())]
        for row in part:
            if row != kept:
                scores[row] = recalled[row] = 0
    # The call, its orientation and the order of rows are the tool's, because ties fall by them.
    chosen = linear_sum_assignment(-scores)
    right, found = round(scores[chosen].sum()), round(recalled[chosen].sum())
    if form == "phi3":
        return right, _mentions(predicted), found, _mentions(split)
    return right, sum(len(t.entities) for t in predicted), found, sum(len(t.entities) for t in gold)


def _split(gold: list[Template]) -> tuple[list[Template], list[list[int]]]:
    """Gold templates with one row a type ("attack / bombing" has two), and which rows were one template."""
    rows: list[Template] = []
    parts = []
    for t in gold:
        types = [t.type]
        if "/" in (t.type or "") and any(entity for _, entity in t.entities):
            types = [type.strip() for type in (t.type or "").split("/")]
            parts.append(list(range(len(rows), len(rows) + len(types))))
        rows += [Template(type, t.roles) for type in types]
    return rows, parts


def _mentions(templates: list[Template]) -> int:
    return sum(len(entity) for t in templates for _, entity in t.entities)


def _phi3(gold: Template, predicted: Template) -> tuple[int, int]:
    if gold.type != predicted.type:
        return 0, 0
    scores = np.array(
        [
            [sum(m in g for m in p) if role == other else 0 for other, p in predicted.entities]
            for role, g in gold.entities
        ],
        dtype=float,
    ).reshape(len(gold.entities), len(predicted.entities))
    credit = round(scores[linear_sum_assignment(-scores)].sum())
    return credit, credit


def _subset(gold: Template, predicted: Template) -> tuple[int, int]:
    if gold.type != predicted.type:
        return 0, 0
    found: list[int] = []
    for role, entity in predicted.entities:
        hits = (i for m in entity for i, (other, g) in enumerate(gold.entities) if other == role and m in g)
        found.extend(itertools.islice(hits, 1))
    return len(found), len(set(found))
