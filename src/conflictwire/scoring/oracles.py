"""Oracle ablations: the same prediction with one layer taken from the gold, to see where the loss is.

"With gold claims: +0.2" says what a perfect reader of claims would add, everything else as it is.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec
import pandas as pd

from conflictwire.model import Article, Attribution, Claim, Prediction
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.registry import Metric
from conflictwire.scoring.scores import DEFAULT, score

Ablation = Callable[[Article, Prediction], Prediction]


def gold_mentions(gold: Article, prediction: Prediction) -> Prediction:
    """Entities and their mentions from the gold."""
    return msgspec.structs.replace(prediction, entities=gold.entities)


def gold_figures(gold: Article, prediction: Prediction) -> Prediction:
    """Claims that align keep their place in the predicted statements, and get the gold's content; others are replaced."""
    aligned = Aligned(gold, prediction)
    id_of = {i: aligned.predicted.claims[j].id for i, j in aligned.claims.items()}
    claims: list[Claim] = []
    for i, claim in enumerate(aligned.gold.claims):
        # A claim that nobody predicted stands in no predicted statement, so its voice is as it was: narrator.
        id = id_of.get(i, f"gold-{claim.id}")
        # Events keep their predicted ids; one that nobody predicted keeps the gold's, which aligns with nothing.
        event = aligned.events.get(claim.scope.event or "", claim.scope.event)
        scope = msgspec.structs.replace(claim.scope, event=event)
        claims.append(msgspec.structs.replace(claim, id=id, scope=scope, attribution_unclear=False))
    return msgspec.structs.replace(prediction, claims=claims)


def gold_sources(gold: Article, prediction: Prediction) -> Prediction:
    """Who says what from the gold: aligned claims are asserted by the gold's statements, and flagged as the gold has them."""
    aligned = Aligned(gold, prediction)
    names = {aligned.gold.claims[i].id: aligned.predicted.claims[j].id for i, j in aligned.claims.items()}
    unclear = {names[c.id]: c.attribution_unclear for c in gold.claims if c.id in names}
    claims = [msgspec.structs.replace(c, attribution_unclear=unclear.get(c.id, False)) for c in prediction.claims or []]
    attributions: list[Attribution] = []
    for a in gold.attributions:
        asserts = [msgspec.structs.replace(x, target=names[x.target]) for x in a.asserts if x.target in names]
        attributions.append(msgspec.structs.replace(a, asserts=asserts))
    # The gold's sources name gold entities by id; their mentions alone identify them here.
    sources = [msgspec.structs.replace(s, entity=None) for s in gold.sources]
    return msgspec.structs.replace(prediction, claims=claims, sources=sources, attributions=attributions)


ORACLES: dict[str, Ablation] = {
    "with gold mentions": gold_mentions,
    "with gold figures": gold_figures,
    "with gold sources": gold_sources,
}


def ablate(
    gold: Iterable[Article], predictions: Iterable[Prediction], metrics: Sequence[str | Metric] = DEFAULT
) -> pd.DataFrame:
    """F1 of each metric as predicted, and what each oracle adds to it.

    Returns:
        One row a metric: `f1`, and a column an oracle with the gain (None where the metric is undefined).
    """
    articles = list(gold)
    given = {p.id: p for p in predictions}
    plain = score(articles, given.values(), metrics).scores
    frame = pd.DataFrame({"metric": [s.metric for s in plain], "f1": [s.f1 for s in plain]})
    for name, oracle in ORACLES.items():
        helped = [oracle(a, given.get(a.id, Prediction(a.id, [], [], [], [], []))) for a in articles]
        gained = score(articles, helped, metrics).scores
        frame[name] = [
            None if a.f1 is None or b.f1 is None else b.f1 - a.f1 for a, b in zip(plain, gained, strict=True)
        ]
    return frame
