"""Claims field by field, on aligned pairs, and the relations between them.

What a claim is worth as a whole is in `claims`; these say where it went wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from conflictwire import derive
from conflictwire.model import Claim
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.side import Side

Value = Callable[[Aligned, Side, Claim], str | None]


def _event(document: Aligned, side: Side, claim: Claim) -> str | None:
    """The claim's event under its gold id; a predicted event that is not aligned is nobody's."""
    if side is document.gold or claim.scope.event is None:
        return claim.scope.event
    back = {predicted: gold for gold, predicted in document.events.items()}
    return back.get(claim.scope.event, "not aligned")


FIELDS: dict[str, Value] = {
    "form": lambda document, side, claim: claim.form,
    "bound": lambda document, side, claim: claim.bound,
    "approximation": lambda document, side, claim: claim.approximation,
    "measure": lambda document, side, claim: claim.measure,
    "unit": lambda document, side, claim: claim.unit,
    "role": lambda document, side, claim: claim.counted.role,
    "status": lambda document, side, claim: claim.counted.status,
    "reading": lambda document, side, claim: claim.reading,
    "stance": lambda document, side, claim: claim.stance,
    "as_of": lambda document, side, claim: claim.as_of,
    "event": _event,
    "voice": lambda document, side, claim: derive.voice(claim, side.statements),
}
# Fields with so many values that a breakdown by them says nothing: given or not given is told apart.
_OPEN = ("as_of", "event")


@metric
@dataclass(frozen=True)
class Field:
    """Accuracy of one field on aligned claims: the share of pairs whose values agree, none on both sides included.

    `event` is right if both events are aligned or neither claim has one; `voice` is derived. Conditional
    on alignment: a system that finds only the easy claims may score higher than one that finds all, so this
    is a diagnostic beside `claims.level`, and the only promise is that it lies in 0 to 1. P, R and F1 are
    the same number.
    """

    field: str
    name: ClassVar[str] = "claims.field"
    layers: ClassVar[tuple[str, ...]] = ("claims",)

    def __post_init__(self) -> None:
        choice(self, "field", tuple(FIELDS))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit an aligned pair on both sides; keys are the gold values, or `given` and `none`."""
        value = FIELDS[self.field]
        gold, predicted = document.gold.claims, document.predicted.claims
        tally = Tally()
        for i, j in document.claims.items():
            wanted = value(document, document.gold, gold[i])
            right = int(wanted == value(document, document.predicted, predicted[j]))
            key = ("none" if wanted is None else "given") if self.field in _OPEN else str(wanted)
            tally.pair(right, 1, key)
        return tally.breakdown()


# A relation of these types says the same from either end.
SYMMETRIC = ("restates", "conflicts_with", "comparable_to")
Edge = tuple[str, int, int]
_NOWHERE = -1


def relation_edges(side: Side) -> list[Edge]:
    """The relations between a document's claims as `(type, from, to)`, by the claims' places, each once.

    Symmetric types have the claim that stands first in the text first. Targets in other articles are left
    out: ids are free in predictions, and one document alone does not say whom they mean. A target that is
    nowhere is an edge to nowhere, one for each name, that nothing can match.
    """
    place = {c.id: i for i, c in enumerate(side.claims)}
    edges: dict[tuple[str, int, int, str], Edge] = {}
    for i, claim in enumerate(side.claims):
        for relation in claim.relations:
            article, _, target = relation.target.rpartition("#")
            if article in ("", side.id):
                other = place.get(target, _NOWHERE)
                edge = _directed(relation.type, i, other)
                edges[*edge, target if other == _NOWHERE else ""] = edge
    return [edges[key] for key in sorted(edges)]


def _directed(type: str, start: int, end: int) -> Edge:
    return (type, min(start, end), max(start, end)) if type in SYMMETRIC else (type, start, end)


@metric
@dataclass(frozen=True)
class Relations:
    """Relation edges between aligned claims, with type; direction counts where the type has one."""

    name: ClassVar[str] = "claims.relations"
    layers: ClassVar[tuple[str, ...]] = ("claims",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit an edge; keys are types."""
        gold, predicted = relation_edges(document.gold), relation_edges(document.predicted)
        pairs = document.claims
        wanted = {
            _directed(type, pairs[start], pairs[end]) for type, start, end in gold if start in pairs and end in pairs
        }
        given = set(predicted)
        tally = Tally()
        for type, start, end in gold:
            found = start in pairs and end in pairs and _directed(type, pairs[start], pairs[end]) in given
            tally.gold(int(found), 1, type)
        for edge in predicted:
            tally.predicted(int(edge in wanted), 1, edge[0])
        return tally.breakdown()
