"""Whether tolls are right: exactly, within the figures that stand, or given at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.tolls.cells import Key
from conflictwire.scoring.tolls.policies import POLICIES, Toll, tolls

# Why tolls keep fewer promises than the rest: a toll is one number made of several claims, so an item more,
# even one that overlaps nothing, may move it on to the right number, or off it.
LAYERS = ("events", "claims")


@dataclass(frozen=True)
class Compared:
    """The tolls of both sides, and the predicted one for each gold one whose incident is aligned and has it."""

    gold: dict[Key, Toll]
    predicted: dict[Key, Toll]
    pairs: dict[Key, Key]


def compare(document: Aligned, policy: str) -> Compared:
    """The tolls of a document under a policy, incidents aligned by the document's one alignment of events."""
    article = document.article
    gold, predicted = (
        tolls(side, policy, article.text, article.published) for side in (document.gold, document.predicted)
    )
    pairs = {}
    for event, measure in gold:
        other = document.events.get(event, ""), measure
        if other in predicted:
            pairs[event, measure] = other
    return Compared(gold, predicted, pairs)


def _ratio(document: Aligned, policy: str, right: Callable[[Toll, Toll], bool]) -> Breakdown:
    """P, R, F over tolls: of the gold ones, and of the predicted ones, those with an aligned partner that is right."""
    found = compare(document, policy)
    good = {g: p for g, p in found.pairs.items() if right(found.gold[g], found.predicted[p])}
    back = set(good.values())
    tally = Tally()
    for key in found.gold:
        tally.gold(int(key in good), 1, key[1])
    for key in found.predicted:
        tally.predicted(int(key in back), 1, key[1])
    return tally.breakdown()


@metric
@dataclass(frozen=True)
class Exact:
    """Tolls that are exactly right: recall is the share of gold tolls, precision that of the answers given."""

    policy: str = "latest"
    name: ClassVar[str] = "toll.exact"
    layers: ClassVar[tuple[str, ...]] = LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a toll; keys are measures."""
        return _ratio(document, self.policy, lambda gold, predicted: gold.number == predicted.number)


@metric
@dataclass(frozen=True)
class Within:
    """Tolls that lie between the lowest and the highest standing figure of the gold, both included."""

    policy: str = "latest"
    name: ClassVar[str] = "toll.within"
    layers: ClassVar[tuple[str, ...]] = LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a toll; keys are measures."""
        return _ratio(document, self.policy, lambda gold, predicted: gold.low <= predicted.number <= gold.high)


@metric
@dataclass(frozen=True)
class Answered:
    """Tolls that are given at all, right or wrong: recall is the answered rate, no answer is never a zero.

    Precision is the share of the answers that are about an incident and measure which the gold has.
    """

    policy: str = "latest"
    name: ClassVar[str] = "toll.answered"
    layers: ClassVar[tuple[str, ...]] = LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a toll; keys are measures."""
        return _ratio(document, self.policy, lambda gold, predicted: True)
