"""Statements in statements: each link, and whole chains from the innermost speaker to the outermost."""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.attributions.statements import UNKNOWN, Matched, matched
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import metric


@metric
@dataclass(frozen=True)
class Nesting:
    """Statements in statements: both aligned, and the inner one stands in the outer one by the same relation."""

    name: ClassVar[str] = "attributions.nesting"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a statement that stands in another; keys are relations."""
        found = matched(document)
        right = {(i, j) for i, j in found.pairs.items() if same_link(found, i, j)}
        rows, columns = {i for i, _ in right}, {j for _, j in right}
        tally = Tally()
        for i, a in enumerate(found.gold.items):
            if a.parent is not None:
                tally.gold(int(i in rows), 1, str(a.parent_relation))
        for j, a in enumerate(found.predicted.items):
            if a.parent is not None:
                tally.predicted(int(j in columns), 1, str(a.parent_relation))
        return tally.breakdown()


def same_link(found: Matched, i: int, j: int) -> bool:
    """Whether two aligned statements stand in aligned statements by the same relation."""
    outer, other = found.gold.parent[i], found.predicted.parent[j]
    return (
        outer is not None
        and other is not None
        and found.pairs.get(outer) == other
        and found.gold.items[i].parent_relation == found.predicted.items[j].parent_relation
    )


@metric
@dataclass(frozen=True)
class Chains:
    """Whole chains, from the innermost statement to the outermost: every link right, and at each the same speakers.

    An item is a chain of two statements or more; a statement that stands in none and holds none is no chain.
    """

    name: ClassVar[str] = "attributions.chains"
    layers: ClassVar[tuple[str, ...]] = ("attributions", "sources")

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a chain; keys are lengths."""
        found = matched(document)
        gold, predicted = found.gold.nested(), found.predicted.nested()
        given = {tuple(chain) for chain in predicted}
        right = set()
        for chain in gold:
            other = tuple(found.pairs.get(i, UNKNOWN) for i in chain)
            if UNKNOWN in other or other not in given:
                continue
            links = all(same_link(found, i, j) for i, j in zip(chain[:-1], other[:-1], strict=True))
            if links and all(found.same_speakers(document, i, j) for i, j in zip(chain, other, strict=True)):
                right.add(other)
        tally = Tally()
        for chain in gold:
            hit = tuple(found.pairs.get(i, UNKNOWN) for i in chain) in right
            tally.gold(int(hit), 1, f"length={len(chain)}")
        for chain in predicted:
            tally.predicted(int(tuple(chain) in right), 1, f"length={len(chain)}")
        return tally.breakdown()
