"""Coreference of events: the entity metrics over events as clusters of their triggers.

A mention is a trigger's span, whatever the event's type: types have metrics of their own. Within one
document, and across the articles of a story, where `incident` joins events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, span_range
from conflictwire.scoring.coreference import Clusters, Conll, Coreference, Lea, lea_counts
from conflictwire.scoring.counts import SCALE, Breakdown
from conflictwire.scoring.registry import metric
from conflictwire.scoring.side import Side, disjoint


def event_clusters(side: Side) -> Clusters:
    """Events as sets of triggers."""
    return disjoint({span_range(t) for t in e.triggers} for e in side.events)


@dataclass(frozen=True)
class _OfEvents(Coreference):
    layers: ClassVar[tuple[str, ...]] = ("events",)
    headline: ClassVar[bool] = False

    def clusters(self, side: Side) -> Clusters:
        """Events as clusters of triggers."""
        return event_clusters(side)


@metric
@dataclass(frozen=True)
class EventLea(_OfEvents, Lea):
    """LEA F1 of events as clusters of triggers."""

    name: ClassVar[str] = "events.coref.lea"


@metric
@dataclass(frozen=True)
class EventConll(_OfEvents, Conll):
    """The CoNLL average of events as clusters of triggers."""

    name: ClassVar[str] = "events.coref.conll"


# Apart by more than any article is long, so that a story's articles lie one behind the other.
_ARTICLE = 10**9


def incident_clusters(sides: Sequence[Side]) -> Clusters:
    """The events of several articles as sets of triggers, those of one `incident` together.

    An event without an incident is a cluster of its own; ids of incidents mean nothing but sameness.
    """
    groups: dict[object, set[Range]] = {}
    for number, side in enumerate(sides):
        at = number * _ARTICLE
        for event in side.events:
            key: object = event.incident or (number, event.id)
            triggers = {(t.start + at, t.end + at) for t in event.triggers}
            groups.setdefault(key, set()).update(triggers)
    return disjoint(groups.values())


@metric
@dataclass(frozen=True)
class IncidentLea:
    """LEA F1 of incidents: event mentions clustered across the articles of a story by `incident`."""

    name: ClassVar[str] = "incidents.lea"
    source: ClassVar[str] = "Moosavi and Strube, 2016"
    layers: ClassVar[tuple[str, ...]] = ("events",)
    unit: ClassVar[int] = SCALE

    def counts(self, document: Aligned) -> Breakdown:
        """The counts of a story of this one article."""
        return self.story_counts([document])

    def story_counts(self, documents: Sequence[Aligned]) -> Breakdown:
        """The counts of a story, its articles in any order."""
        ordered = sorted(documents, key=lambda d: d.article.id)
        return {
            "": lea_counts(
                incident_clusters([d.gold for d in ordered]), incident_clusters([d.predicted for d in ordered])
            )
        }
