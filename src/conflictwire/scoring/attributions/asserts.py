"""What statements say of claims, events and arguments: affirmed, denied, doubted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import matching, span_range
from conflictwire.scoring.attributions.statements import matched
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import metric


@metric
@dataclass(frozen=True)
class Asserts:
    """Assertion edges: an aligned statement says the same (affirms, denies, doubts) of the same target.

    Targets are the same if aligned: claims, events, or arguments of aligned events with the same role and
    filler. A target that is not in its record is an item without credit.
    """

    name: ClassVar[str] = "attributions.asserts"
    layers: ClassVar[tuple[str, ...]] = ("attributions",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit an edge; keys are the kind of target and the polarity, each a whole of its own."""
        found = matched(document)
        same_target = same_targets(document)
        gold = [found.gold.edges(i) for i in range(len(found.gold.items))]
        predicted = [found.predicted.edges(j) for j in range(len(found.predicted.items))]
        right = {i: _same_edges(gold[i], predicted[j], same_target) for i, j in found.pairs.items()}
        back = {j: set(right[i].values()) for i, j in found.pairs.items()}
        tally = Tally()
        for i, edges in enumerate(gold):
            for a, (target, polarity) in enumerate(edges):
                keys = f"target={found.gold.kind(target)}", f"polarity={polarity}"
                tally.gold(int(a in right.get(i, {})), 1, *keys)
        for j, edges in enumerate(predicted):
            for b, (target, polarity) in enumerate(edges):
                keys = f"target={found.predicted.kind(target)}", f"polarity={polarity}"
                tally.predicted(int(b in back.get(j, set())), 1, *keys)
        return tally.breakdown()


def _same_edges(
    gold: list[tuple[str, str]], predicted: list[tuple[str, str]], same_target: Callable[[str, str], bool]
) -> dict[int, int]:
    """The edges of a gold and a predicted statement that are the same, one to one."""

    def fits(i: int, j: int) -> bool:
        return gold[i][1] == predicted[j][1] and same_target(gold[i][0], predicted[j][0])

    return matching(len(gold), len(predicted), fits)


def same_targets(document: Aligned) -> Callable[[str, str], bool]:
    """Tells whether a gold and a predicted target (claim, event or event#argument) are aligned."""
    found = matched(document)
    gold, predicted = document.gold.claims, document.predicted.claims
    claims = {(gold[i].id, predicted[j].id) for i, j in document.claims.items()}

    def same(wanted: str, given: str) -> bool:
        if "#" not in wanted or "#" not in given:
            return (wanted, given) in claims or document.events.get(wanted) == given
        a, b = found.gold.argument(wanted), found.predicted.argument(given)
        if a is None or b is None or document.events.get(wanted.partition("#")[0]) != given.partition("#")[0]:
            return False
        fillers = found.gold.fillers(a)
        # As events.arguments: any mention of the gold filler, or, without a span of its own, a shared one.
        filled = span_range(b.mention) in fillers if b.mention else bool(fillers & found.predicted.fillers(b))
        return a.role == b.role and filled

    return same
