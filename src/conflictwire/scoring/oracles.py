"""Oracle ablations: the same prediction with one layer taken from the gold, to see where the loss is.

"With gold claims: +0.2" says what a perfect reader of claims would add, everything else as it is.
"""

from collections.abc import Callable, Iterable, Sequence

import pandas as pd
from msgspec.structs import replace

from conflictwire.model import Article, Event, Prediction
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.attributions.asserts import same_targets
from conflictwire.scoring.registry import Metric
from conflictwire.scoring.scores import DEFAULT, score

Ablation = Callable[[Article, Prediction], Prediction]


class _Names:
    """What the prediction calls the gold's items; what it does not have gets a name that nothing of it refers to.

    So the layers that stay as they were predicted still mean what they meant.
    """

    def __init__(self, aligned: Aligned):
        self.aligned = aligned
        self.claims = {aligned.gold.claims[i].id: aligned.predicted.claims[j].id for i, j in aligned.claims.items()}
        predicted = {e.id: e for e in aligned.predicted.events}
        same = same_targets(aligned)
        self.arguments = {
            f"{event.id}#{argument.id}": f"{other.id}#{given.id}"
            for event in aligned.gold.events
            for other in [predicted.get(aligned.events.get(event.id, ""))]
            if other
            for argument in event.arguments
            for given in reversed(other.arguments)  # of several the first
            if same(f"{event.id}#{argument.id}", f"{other.id}#{given.id}")
        }

    def entity(self, id: str | None) -> str | None:
        return id and self.aligned.entities.get(id, f"gold-{id}")

    def event(self, id: str | None) -> str | None:
        return id and self.aligned.events.get(id, f"gold-{id}")

    def claim(self, id: str) -> str:
        return self.claims.get(id, f"gold-{id}")

    def target(self, target: str) -> str | None:
        """What a statement may assert: None where the prediction has no such claim, event or argument."""
        return self.claims.get(target) or self.aligned.events.get(target) or self.arguments.get(target)


def gold_mentions(gold: Article, prediction: Prediction) -> Prediction:
    """Entities and their mentions from the gold."""
    names = _Names(Aligned(gold, prediction))
    return replace(prediction, entities=[replace(e, id=names.entity(e.id)) for e in gold.entities])


def gold_events(gold: Article, prediction: Prediction) -> Prediction:
    """Events with triggers and arguments from the gold; who fills a role is as well known as the entities are."""
    names = _Names(Aligned(gold, prediction))

    def renamed(event: Event) -> Event:
        arguments = [
            replace(
                g,
                id=names.arguments.get(f"{event.id}#{g.id}", f"#gold-{g.id}").partition("#")[2],
                entity=names.entity(g.entity),
            )
            for g in event.arguments
        ]
        return replace(event, id=names.event(event.id), part_of=names.event(event.part_of), arguments=arguments)

    return replace(prediction, events=[renamed(e) for e in gold.events])


def gold_figures(gold: Article, prediction: Prediction) -> Prediction:
    """Claims from the gold; those that align keep their place in the predicted statements, the others stand in none."""
    names = _Names(Aligned(gold, prediction))
    claims = [
        replace(
            c,
            id=names.claim(c.id),
            counted=replace(c.counted, entity=names.entity(c.counted.entity)),
            scope=replace(
                c.scope, event=names.event(c.scope.event), places=[str(names.entity(e)) for e in c.scope.places]
            ),
            # Who speaks is not the figure's business: what no predicted statement has is the narrator's.
            attribution_unclear=False,
            relations=[r if "#" in r.target else replace(r, target=names.claim(r.target)) for r in c.relations],
        )
        for c in gold.claims
    ]
    return replace(prediction, claims=claims)


def gold_sources(gold: Article, prediction: Prediction) -> Prediction:
    """Who says what from the gold: what aligns is asserted by the gold's statements, and flagged as the gold has it."""
    names = _Names(Aligned(gold, prediction))
    unclear = {names.claim(c.id): c.attribution_unclear for c in gold.claims}
    claims = [replace(c, attribution_unclear=unclear.get(c.id, False)) for c in prediction.claims or []]
    attributions = [
        replace(a, asserts=[replace(x, target=t) for x in a.asserts for t in [names.target(x.target)] if t])
        for a in gold.attributions
    ]
    sources = [replace(s, entity=names.entity(s.entity)) for s in gold.sources]
    return replace(prediction, claims=claims, sources=sources, attributions=attributions)


ORACLES: dict[str, Ablation] = {
    "with gold mentions": gold_mentions,
    "with gold events": gold_events,
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
