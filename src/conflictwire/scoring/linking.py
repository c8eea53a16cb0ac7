"""Linking of entity mentions to the knowledge base (`Entity.kb`), and of those that are not in it (NIL).

After TAC-KBP's entity discovery and linking (Ji et al., 2014; measures as in neleval, Hachey et al., 2014).
Mentions match by exact span; every mention of an entity carries the entity's id. Counted a document:
for NIL clusters across documents see `presets.neleval`.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import ClassVar

from conflictwire.model import Entity
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, span_range
from conflictwire.scoring.coreference import ceafm_counts
from conflictwire.scoring.counts import SCALE, Breakdown, Tally
from conflictwire.scoring.registry import metric


def _count(gold: dict[Hashable, str], predicted: dict[Hashable, str]) -> Breakdown:
    """Counts of items that must be equal, `{item: type}`; the type is only what they are broken down by."""
    tally = Tally()
    for item, type in gold.items():
        tally.gold(int(item in predicted), 1, type)
    for item, type in predicted.items():
        tally.predicted(int(item in gold), 1, type)
    return tally.breakdown()


def _items(entities: list[Entity], item: Callable[[Range, Entity], Hashable | None]) -> dict[Hashable, str]:
    """The distinct items of a side with a type each: of several the first by alphabet."""
    found: dict[Hashable, str] = {}
    for entity in entities:
        for mention in entity.mentions:
            made = item(span_range(mention.span), entity)
            if made is not None:
                found[made] = min(found.get(made, entity.type), entity.type)
    return found


def _linked(span: Range, entity: Entity) -> Hashable | None:
    return None if entity.kb is None else (span, entity.kb)


def _nil(span: Range, entity: Entity) -> Hashable | None:
    return span if entity.kb is None else None


def nil_clusters(entities: list[Entity]) -> list[frozenset[Range]]:
    """Entities without a kb id as sets of mentions; a mention in two keeps to the first in canonical order."""
    taken: set[Range] = set()
    result = []
    for mentions in sorted({tuple(sorted({span_range(m.span) for m in e.mentions})) for e in entities if e.kb is None}):
        kept = frozenset(mentions) - taken
        taken |= kept
        if kept:
            result.append(kept)
    return result


@metric
@dataclass(frozen=True)
class InKb:
    """Same span and same kb id, of the mentions that have one (neleval's `strong_link_match`)."""

    name: ClassVar[str] = "linking.in_kb"
    source: ClassVar[str] = "TAC-KBP (Ji et al., 2014); neleval (Hachey et al., 2014)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention and kb id: who gives a mention two ids is wrong at least once."""
        return _count(_items(document.gold.entities, _linked), _items(document.predicted.entities, _linked))


@metric
@dataclass(frozen=True)
class Nil:
    """Same span, said on both sides to have no kb id (neleval's `strong_nil_match`): NIL detection."""

    name: ClassVar[str] = "linking.nil"
    source: ClassVar[str] = "TAC-KBP (Ji et al., 2014); neleval (Hachey et al., 2014)"
    layers: ClassVar[tuple[str, ...]] = ("entities",)

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention without a kb id."""
        return _count(_items(document.gold.entities, _nil), _items(document.predicted.entities, _nil))


@metric
@dataclass(frozen=True)
class NilClusters:
    """CEAFm (Luo, 2005) over the mentions without a kb id: which of them are one entity.

    CEAFm and not B3+, as in TAC-KBP since 2014 (there over all mentions, linked ones too): clusters pair one
    to one, so each predicted mention counts once, and splitting or repeating a cluster earns nothing.
    """

    name: ClassVar[str] = "linking.nil_clusters"
    source: ClassVar[str] = "TAC-KBP (Ji et al., 2014); Luo, 2005"
    layers: ClassVar[tuple[str, ...]] = ("entities",)
    unit: ClassVar[int] = SCALE

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a mention; the credit is the mentions that the best pairing of clusters keeps."""
        return {"": ceafm_counts(nil_clusters(document.gold.entities), nil_clusters(document.predicted.entities))}
