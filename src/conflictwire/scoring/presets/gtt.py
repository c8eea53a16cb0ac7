"""Template filling as `eval.py` of github.com/xinyadu/gtt computes it (Du et al., 2021), bugs included.

What it does that `templates.gtt` does not: repeats of a right filler count as right each time; two
gold fillers may be found by one predicted one; a type matches any gold type of which it is a part of
the string; a type counts though nothing else is in common. The tool enumerates all mappings; here
none is enumerated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from conflictwire.scoring.presets.registry import Result, preset
from conflictwire.scoring.presets.template_files import (
    TYPE,
    Entity,
    Template,
    in_order,
    read_templates,
    require_predictions,
    result,
)

Credit = tuple[int, int]
"""Right slots of a pair of templates: those of the prediction, those of the gold."""
Pairs = Mapping[tuple[int, int], Credit]
"""Credit by index of a predicted and of a gold template; pairs of unfit types are left out."""
Matrix = npt.NDArray[np.float64]


@preset("gtt")
def gtt(gold: Path, predictions: Path) -> list[Result]:
    """Template filling as GTT's scorer; JSON by document and template, as that scorer reads it."""
    return score(read_templates(gold, "gold"), read_templates(predictions, "predicted"))


def score(gold: dict[str, list[Template]], predicted: dict[str, list[Template]]) -> list[Result]:
    """Micro-average, the type slot, and each role.

    Raises:
        UnusableInput: a gold document is missing among the predictions (the tool stops there).
    """
    require_predictions(gold, predicted)
    sums: dict[str, list[int]] = {TYPE: [0, 0, 0, 0]}
    for id, templates in gold.items():
        _count(templates, predicted[id], sums)
    rows = [(TYPE, sums[TYPE]), *((role, sums[role]) for role in in_order(set(sums) - {TYPE}))]
    whole = [sum(row[n] for _, row in rows) for n in range(4)]
    return [result(label, *row) for label, row in [("gtt", whole), *((f"gtt.{role}", row) for role, row in rows)]]


def _count(gold: list[Template], predicted: list[Template], sums: dict[str, list[int]]) -> None:
    """Adds right and all predicted slots, right and all gold slots, of each role, under the tool's mapping."""
    by_role = {(i, j): _credits(g, p) for i, p in enumerate(predicted) for j, g in enumerate(gold) if _same_type(g, p)}
    pairs = {
        where: (1 + sum(a for a, _ in roles.values()), 1 + sum(b for _, b in roles.values()))
        for where, roles in by_role.items()
    }
    sizes = [sum(1 + len(t.entities) for t in side) for side in (predicted, gold)]
    for where in mapping(pairs, len(predicted), len(gold), sizes[0], sizes[1]).items():
        for role, (a, b) in {TYPE: (1, 1), **by_role.get(where, {})}.items() if where in by_role else ():
            row = sums.setdefault(role, [0, 0, 0, 0])
            row[0] += a
            row[2] += b
    for at, side in ((1, predicted), (3, gold)):
        for t in side:
            sums[TYPE][at] += 1
            for role, entities in t.roles.items():
                sums.setdefault(role, [0, 0, 0, 0])[at] += len(entities)


def _same_type(gold: Template, predicted: Template) -> bool:
    # The tool tests `in` on strings, for gold types such as "attack / bombing"; what is no string is "attack".
    return (predicted.type if predicted.type is not None else "attack") in (gold.type or "")


def _credits(gold: Template, predicted: Template) -> dict[str, Credit]:
    def right(g: Entity, p: Entity) -> bool:
        return all(m in g for m in p)

    result = {}
    for role in gold.roles.keys() & predicted.roles.keys():
        ours, theirs = predicted.roles[role], gold.roles[role]
        result[role] = (
            sum(any(right(g, p) for g in theirs) for p in ours),
            sum(any(right(g, p) for p in ours) for g in theirs),
        )
    return result


def mapping(pairs: Pairs, predicted: int, gold: int, p_den: int, r_den: int) -> dict[int, int]:
    """The mapping of predicted to gold templates that the tool's enumeration ends with, without enumerating.

    The tool keeps the first mapping, in the order of `itertools.product` over gold indices with
    "unmapped" last, whose F1 no other exceeds. So the best F1 is found once, then the predicted
    templates are fixed one after the other, each to the first choice with which the best F1 can still
    be had: at most `predicted * (gold + 1)` further optimisations. (The tool compares F1 in floats, we
    exactly; different counts whose F1 are equal but for a last bit could fall to another mapping.)
    """
    if not pairs:
        return {}
    rows, columns = list(range(predicted)), list(range(gold))
    best = _best(_Part(pairs, rows, columns, (0, 0)), p_den, r_den)
    done: Credit = (0, 0)
    result: dict[int, int] = {}
    for i in range(predicted):
        rows = rows[1:]
        for j in columns:
            a, b = pairs.get((i, j), (0, 0))
            left = [c for c in columns if c != j]
            tried = (done[0] + a, done[1] + b)
            if _best(_Part(pairs, rows, left, tried), p_den, r_den, best) == best:
                result[i], columns, done = j, left, tried
                break
    return result


@dataclass(frozen=True)
class _Part:
    """What is left to map, and the credit of what is mapped."""

    pairs: Pairs
    rows: list[int]
    columns: list[int]
    done: Credit

    def matrix(self, side: int) -> Matrix:
        """The credit of each pair, in precision (0) or in recall (1)."""
        credits = [self.pairs.get((i, j), (0, 0))[side] for i in self.rows for j in self.columns]
        return np.array(credits, dtype=float).reshape(len(self.rows), len(self.columns))


def _best(part: _Part, p_den: int, r_den: int, wanted: Fraction | None = None) -> Fraction:
    """The best F1 of any mapping, or, for a wanted one that is known to be the best, whether it is had.

    F1 = 2ab / (a * r_den + b * p_den) for a right predicted and b right gold slots, both denominators
    fixed: it grows in a and in b. Where every pair has a = b (no repeats, no mention in two entities)
    it grows in their sum, and the assignment with the largest sum is the best. In general that one is
    the best if it has the largest a and the largest b that any has. Else F1 is not additive; then the
    best is (a(k), k) for some k, where a(k) is the largest a of the mappings with b of at least k: one
    integer programme for each k that could still be better.
    """
    rights, founds = part.matrix(0), part.matrix(1)

    def f1(a: int, b: int) -> Fraction:
        a, b = a + part.done[0], b + part.done[1]
        return Fraction(2 * a * b, a * r_den + b * p_den) if a and b else Fraction(0)

    most_right, most_found = (round(float(m[linear_sum_assignment(m, maximize=True)].sum())) for m in (rights, founds))
    if wanted is not None and f1(most_right, most_found) < wanted:
        return Fraction(0)
    both = linear_sum_assignment(rights + founds, maximize=True)
    best = f1(round(float(rights[both].sum())), round(float(founds[both].sum())))
    for least in range(most_found, -1, -1):
        if f1(most_right, least) <= best or best == wanted:
            break
        best = max(best, f1(_most(rights, founds, least), least))
    return best


def _most(rights: Matrix, founds: Matrix, least: int) -> int:
    """The most right predicted slots of the mappings with at least so many right gold slots."""
    rows, columns = rights.shape
    once = np.zeros((rows + columns, rows * columns))
    for i in range(rows):
        for j in range(columns):
            once[i, i * columns + j] = once[rows + j, i * columns + j] = 1
    solution = milp(
        -rights.ravel(),
        integrality=np.ones(rows * columns),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(once, ub=1), LinearConstraint(founds.ravel(), lb=least)],
    )
    return round(-float(solution.fun))
