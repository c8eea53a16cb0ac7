"""Coreference of events: the entity metrics over events as clusters of their triggers.

A mention is a trigger's span, whatever the event's type: types have metrics of their own. Within one
document only; nothing here knows of incidents, which join events of several articles.
"""

from dataclasses import dataclass
from typing import ClassVar

from conflictwire.scoring.align import Side, disjoint, span_range
from conflictwire.scoring.coreference import Clusters, Conll, Coreference, Lea
from conflictwire.scoring.registry import metric


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
    """LEA F1 (Moosavi and Strube, 2016) of events as clusters of triggers."""

    name: ClassVar[str] = "events.coref.lea"


@metric
@dataclass(frozen=True)
class EventConll(_OfEvents, Conll):
    """The CoNLL average (Pradhan et al., 2012) of events as clusters of triggers."""

    name: ClassVar[str] = "events.coref.conll"
