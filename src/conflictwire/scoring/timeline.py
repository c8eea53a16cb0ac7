"""Timelines: what a reader of a story knows after each article, by incident, measure and source.

The only metric that needs more than one document: counts are additive over stories, not documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

from conflictwire.model import Source
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import span_range
from conflictwire.scoring.claims import same_speaker
from conflictwire.scoring.counts import Breakdown, Tally
from conflictwire.scoring.registry import choice, metric
from conflictwire.scoring.side import Side
from conflictwire.scoring.spans import agreement, joined
from conflictwire.scoring.tolls.cells import Cell, Figure, cells
from conflictwire.scoring.tolls.policies import POLICIES, toll

NARRATOR = ""
Cells = dict[tuple[str, str, str], tuple[date, Fraction]]
"""Incident, measure and source, with the newest day of the figures and the toll."""


@metric
@dataclass(frozen=True)
class Exact:
    """The tolls that stand after each article of a story, in the order of publication, by source.

        after each article, for each incident, measure and source that the articles so far give:
            the toll that the policy makes of this source's figures in the newest article that has any
        an item is one such standing toll after one article; right if both sides have it, and equal

    So an early error costs until a later article mends it. Incidents are those of the gold (`incident`); a
    predicted event is the incident of the gold event it is aligned to, since ids in predictions are free. A
    source is, across articles, its knowledge-base entity, else its name; one that has neither is another one
    in each article. A predicted source is the gold one it is the same as (`claims.same_speaker`). Each
    figure counts for its ultimate speakers; the narrator is a source, as is "reportedly", under his name.

    A toll made of several claims, and exempt like `toll.exact` from the promise on what overlaps nothing.
    """

    policy: str = "latest"
    name: ClassVar[str] = "timeline.exact"
    layers: ClassVar[tuple[str, ...]] = ("events", "claims", "sources", "attributions")

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """The counts of a story of this one article."""
        return self.story_counts([document])

    def story_counts(self, documents: Sequence[Aligned]) -> Breakdown:
        """The counts of a story, its articles in any order; keys are measures."""
        tally = Tally()
        gold: Cells = {}
        predicted: Cells = {}
        for document in sorted(documents, key=lambda d: (d.article.published or "", d.article.id)):
            _update(gold, _gold(document, self.policy))
            _update(predicted, _predicted(document, self.policy))
            for key, (_, number) in gold.items():
                right = key in predicted and predicted[key][1] == number
                tally.gold(int(right), 1, key[1])
            for key, (_, number) in predicted.items():
                right = key in gold and gold[key][1] == number
                tally.predicted(int(right), 1, key[1])
        return tally.breakdown()


def _update(standing: Cells, article: Cells) -> None:
    """A source's figure is replaced by a later article's, unless that looks back on an earlier day."""
    for key, found in article.items():
        if key not in standing or found[0] >= standing[key][0]:
            standing[key] = found


def _by_source(cell: Cell, policy: str, names: dict[str, str]) -> dict[str, tuple[date, Fraction]]:
    """The toll of each source's own figures; `names` says what a source's id is called."""
    voices = sorted({names.get(s, NARRATOR) for g in cell.groups for f in g for s in f.speakers or {NARRATOR}})
    result = {}
    for voice in voices:

        def says(figure: Figure, voice: str = voice) -> bool:
            return voice in {names.get(s, NARRATOR) for s in figure.speakers or {NARRATOR}}

        groups = tuple(tuple(f for f in group if says(f)) for group in cell.groups)
        number = toll(Cell(tuple(g for g in groups if g), cell.parts, cell.members), policy)
        if number is not None:
            result[voice] = max(f.day for g in groups for f in g), number.number
    return result


def _gold(document: Aligned, policy: str) -> Cells:
    article = document.article
    names = {s.id: _name(document.gold, s) for s in document.gold.sources}
    incidents = {e.id: e.incident or f"{article.id}#{e.id}" for e in document.gold.events}
    return _cells(document.gold, document, policy, names, incidents)


def _predicted(document: Aligned, policy: str) -> Cells:
    article, side = document.article, document.predicted
    names = {s.id: _same(document, s) or f"predicted:{_name(side, s)}" for s in side.sources}
    back = {predicted: gold for gold, predicted in document.events.items()}
    gold = {e.id: e for e in document.gold.events}
    incidents = {}
    for event in side.events:
        known = gold.get(back.get(event.id, ""))
        incidents[event.id] = (
            known.incident or f"{article.id}#{known.id}" if known else f"predicted:{article.id}#{event.id}"
        )
    return _cells(side, document, policy, names, incidents)


def _same(document: Aligned, predicted: Source) -> str | None:
    """The name of the gold source that a predicted one is; of several the one with the most words in common."""
    given = joined(map(span_range, predicted.mentions))
    same = [g for g in document.gold.sources if same_speaker(document, g, predicted)]
    ranked = sorted((-agreement(joined(map(span_range, g.mentions)), given), _name(document.gold, g)) for g in same)
    return ranked[0][1] if ranked else None


def _cells(side: Side, document: Aligned, policy: str, names: dict[str, str], incidents: dict[str, str]) -> Cells:
    """The tolls of one article by incident, measure and source; of two events of one incident the newer, then the larger."""
    result: Cells = {}
    for (event, measure), cell in cells(side, document.article.text, document.article.published).items():
        for voice, found in _by_source(cell, policy, names).items():
            key = incidents[event], measure, voice
            result[key] = max(found, result.get(key, found))
    return result


def _name(side: Side, source: Source) -> str:
    """What a source is called across articles: its knowledge-base entity, else its name, else its place in this one."""
    entity = side.entity_by_id.get(source.entity or "")
    if entity and entity.kb:
        return f"kb:{entity.kb}"
    if entity and source.naming == "named":
        return f"name:{entity.name.casefold()}"
    places = sorted((m.start, m.end) for m in source.mentions)
    return f"{side.id}:{places}"
