"""Variants of the headline: whose words a claim is at the near and at the far end of a chain of statements.

"Halden Wire reported that officials had said that nine died": the immediate source, whom the article
itself hears, is Halden Wire; the ultimate one the officials.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from conflictwire import derive
from conflictwire.model import Attribution, Claim, Source
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.claims import count_claims, right_source, same_measure, same_speaker
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.side import Side


def chain(side: Side, attribution: Attribution) -> list[Attribution]:
    """A statement and those it stands in, innermost first; stops where a parent is missing or comes round again."""
    by_id = {a.id: a for a in side.attributions}
    result = [attribution]
    seen = {attribution.id}
    while attribution.parent in by_id and attribution.parent not in seen:
        attribution = by_id[attribution.parent]
        seen.add(attribution.id)
        result.append(attribution)
    return result


def statements_at(side: Side, claim: Claim, which: str) -> list[Attribution]:
    """The statements about a claim at one end of their chains.

    Args:
        side: the record.
        claim: one of its claims.
        which: `ultimate` for the innermost that assert the claim, `immediate` for the outermost of their
            chains, whether or not the record repeats the assertion there.
    """
    own = [a for a, _ in side.statements.get(claim.id, [])]
    chains = {a.id: chain(side, a) for a in own}
    if which == "immediate":
        return list({a.id: a for c in chains.values() for a in _outermost(c)}.values())
    outward = {id: {a.id for a in c[1:]} for id, c in chains.items()}
    # A ring of parents has no inside: its statements stand in each other, and none goes before another.
    return [
        a for a in own if not any(a.id in out and id not in outward.get(a.id, set()) for id, out in outward.items())
    ]


def _outermost(chain: list[Attribution]) -> list[Attribution]:
    """The last of a chain, or all of the ring that it ends in."""
    ids = [a.id for a in chain]
    last = chain[-1]
    return chain[ids.index(last.parent) :] if last.parent in ids else [last]


def speakers_at(side: Side, claim: Claim, which: str) -> list[Source]:
    """The speakers of `statements_at`, each once."""
    by_id = {s.id: s for s in side.sources}
    named = {s for a in statements_at(side, claim, which) for s in a.sources}
    return [by_id[s] for s in sorted(named) if s in by_id]


def same_speakers(document: Aligned, gold: Sequence[Source], predicted: Sequence[Source]) -> bool:
    """The headline's rule: any of the gold speakers is right, every predicted one must be; none asks for none."""
    if not gold or not predicted:
        return not gold and not predicted
    return all(any(same_speaker(document, g, p) for g in gold) for p in predicted)


@metric
@dataclass(frozen=True)
class ClaimSource:
    """Attributed claims right at level 2 and said by the right source at one end of the chain.

    `which=immediate` is the outermost speaker, whom the article itself hears; `which=ultimate` the
    innermost, whose figure it is. Items are the claims that each side has said by a source.
    """

    which: str = "immediate"
    name: ClassVar[str] = "claims.source"
    layers: ClassVar[tuple[str, ...]] = ("claims", "attributions", "sources")

    def __post_init__(self) -> None:
        choice(self, "which", ("immediate", "ultimate"))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a claim; keys are measures."""

        def right(aligned: Aligned, gold: Claim, predicted: Claim) -> bool:
            return (
                attributed(aligned.gold, gold)
                and attributed(aligned.predicted, predicted)
                and same_measure(aligned, gold, predicted)
                and same_speakers(
                    aligned,
                    speakers_at(aligned.gold, gold, self.which),
                    speakers_at(aligned.predicted, predicted, self.which),
                )
            )

        return count_claims(document, right, attributed)


def attributed(side: Side, claim: Claim) -> bool:
    """Whether a statement carries the claim."""
    return derive.voice(claim, side.statements) == "attributed"


@metric
@dataclass(frozen=True)
class WrongSource:
    """The rate of words put into the wrong mouth: lower is better, 0 is a perfect score.

    Of the aligned claims that are right at level 2 and attributed in the gold, the share that the
    prediction has said by a speaker who is none of the gold's. A claim left to the narrator, or to
    "reportedly", names nobody wrongly and is not counted here; the headline counts it. The rate is
    conditional on alignment: P, R and F1 are the same number.
    """

    name: ClassVar[str] = "claims.wrong_source"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = ("claims", "attributions", "sources")

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a pair on both sides, credit for a wrong one; keys are measures."""
        gold, predicted = document.gold.claims, document.predicted.claims
        tally = Tally()
        for i, j in document.claims.items():
            if attributed(document.gold, gold[i]) and same_measure(document, gold[i], predicted[j]):
                named = {s for a, _ in document.predicted.statements.get(predicted[j].id, []) for s in a.sources}
                known = named & {s.id for s in document.predicted.sources}
                wrong = int(bool(known) and not right_source(document, gold[i], predicted[j]))
                tally.pair(wrong, 1, gold[i].measure)
        return tally.breakdown()
