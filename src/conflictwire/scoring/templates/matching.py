"""How templates and their fillers find each other: one to one, by the largest sum of credits.

Sizes count distinct items, so nothing pays twice; no mapping is enumerated.
"""

from collections.abc import Callable, Mapping
from typing import Any

from conflictwire.scoring.assignment import heaviest, overlap
from conflictwire.scoring.counts import SCALE, Breakdown, Tally, ratio
from conflictwire.scoring.templates.records import Filler, Mentions, Template, grouped

Phi = Callable[[Mentions, Mentions], int]
"""Credit of a gold and a predicted filler."""

# ---- credit of two fillers -----------------------------------------------------------------------


def phi_subset(gold: Mentions, predicted: Mentions) -> int:
    """1 if every predicted mention is a mention of the gold entity (a filler without any is never right)."""
    return int(bool(predicted) and predicted <= gold)


def phi_prop(gold: Mentions, predicted: Mentions) -> int:
    """The share of the predicted mentions that are the gold entity's, in fixed point."""
    return ratio(len(gold & predicted), len(predicted)) if predicted else 0


def phi_3(gold: Mentions, predicted: Mentions) -> int:
    """The number of mentions in common (Luo, 2005)."""
    return len(gold & predicted)


def phi_4(gold: Mentions, predicted: Mentions) -> int:
    """Mentions in common over mentions in all, both sides added (Luo, 2005), in fixed point."""
    common = len(gold & predicted)
    return ratio(2 * common, len(gold) + len(predicted)) if common else 0


def _edges(gold: list[Mentions], predicted: list[Mentions], phi: Phi) -> dict[tuple[int, int], int]:
    """Credit of each pair, where predicted fillers that say the same of the gold share a column.

    Exact copies are gone already. If a copy with something made up added to it were another filler, what
    overlaps nothing in the gold could raise a score.
    """
    known = frozenset().union(*gold)
    columns: dict[Mentions, int] = {}
    edges: dict[tuple[int, int], int] = {}
    for j, p in enumerate(predicted):
        column = columns.setdefault(p & known, j)
        for i, g in enumerate(gold):
            if score := phi(g, p):
                edges[i, column] = max(score, edges.get((i, column), 0))
    return edges


def _total(edges: Mapping[tuple[int, int], int]) -> int:
    return sum(edges[pair] for pair in heaviest(edges).items())


# ---- pooled over the templates of a document -----------------------------------------------------


def pooled(
    gold: list[Template], predicted: list[Template], key: Callable[[Template, Filler], tuple[str, str]], phi: Phi
) -> Breakdown:
    """CEAF (Luo, 2005) of the fillers that all templates of a document share a key for.

    Args:
        gold: distinct templates.
        predicted: distinct templates.
        key: where a filler is pooled; its first part names the row of the breakdown.
        phi: credit of two fillers in units of 1/SCALE.
    """
    sides = [_pool(gold, key), _pool(predicted, key)]
    tally = Tally()
    for where in sorted({*sides[0], *sides[1]}):
        g, p = sides[0].get(where, []), sides[1].get(where, [])
        credit = _total(_edges(g, p, phi))
        tally.gold(credit, len(g) * SCALE, where[0])
        tally.predicted(credit, len(p) * SCALE, where[0])
    return tally.breakdown()


def _pool(
    templates: list[Template], key: Callable[[Template, Filler], tuple[str, str]]
) -> dict[tuple[str, str], list[Mentions]]:
    # One entity in two templates is one filler, with the mentions that either gives it.
    entities: dict[tuple[tuple[str, str], str], Mentions] = {}
    for t in templates:
        for f in t.fillers:
            where = (key(t, f), f.entity)
            entities[where] = entities.get(where, frozenset()) | f.mentions
    return grouped((where, mentions) for (where, _), mentions in entities.items())


# ---- template by template ------------------------------------------------------------------------

Pair = Callable[[Template, Template], dict[str, int]]
"""Credit of a gold and a predicted template of one type, by role."""


class _Known:
    """What a document's gold templates speak of."""

    def __init__(self, gold: list[Template]):
        self.triggers = [trigger for t in gold for trigger in t.triggers]
        self.mentions = {(f.role, mention) for t in gold for f in t.fillers for mention in f.mentions}

    def of(self, t: Template) -> Any:
        """That part of a predicted template's content."""
        parts = {(f.role, frozenset(m for m in f.mentions if (f.role, m) in self.mentions)) for f in t.fillers}
        triggers = frozenset(a for a in t.triggers if any(overlap(a, b) for b in self.triggers))
        return t.type, triggers, frozenset(part for part in parts if part[1])


def mapped(
    gold: list[Template], predicted: list[Template], pair: Pair, size: Callable[[Template], dict[str, int]]
) -> Breakdown:
    """Scores under the best one-to-one mapping of templates.

    The mapping with the best F1 is the assignment with the largest sum of pair credits: fillers are
    matched one to one, so a pair's credit is the same in precision and in recall; sizes do not depend
    on the mapping; and with both denominators fixed, F1 = 2 * credit / (gold + predicted) grows with
    the sum of credits. So one assignment a document replaces the enumeration of mappings, in
    O(n^3) after n^2 pairs.

    Args:
        gold: distinct templates.
        predicted: distinct templates.
        pair: credit of two templates of one type, by role.
        size: the most credit a template can have, by role.
    """
    known = _Known(gold)
    columns: dict[Any, int] = {}
    credits: dict[tuple[int, int], dict[str, int]] = {}
    edges: dict[tuple[int, int], int] = {}
    for j, p in enumerate(predicted):
        column = columns.setdefault(known.of(p), j)  # as for fillers, see _edges
        for i, g in enumerate(gold):
            roles = pair(g, p) if g.type == p.type else {}
            if sum(roles.values()) > edges.get((i, column), 0):
                edges[i, column], credits[i, column] = sum(roles.values()), roles
    tally = Tally()
    for where in heaviest(edges).items():
        for role, credit in credits[where].items():
            tally.pair(credit, 0, role)
    for t in gold:
        for role, number in size(t).items():
            tally.gold(0, number, role)
    for t in predicted:
        for role, number in size(t).items():
            tally.predicted(0, number, role)
    return tally.breakdown()


def fillers_by_role(gold: Template, predicted: Template, phi: Phi) -> dict[str, int]:
    """The credit of two templates' fillers, role by role."""
    g, p = gold.by_role(), predicted.by_role()
    return {role: _total(_edges(g[role], p[role], phi)) for role in g if role in p}


def filler_sizes(t: Template) -> dict[str, int]:
    """How many distinct fillers each role of a template has."""
    return {role: len(fillers) for role, fillers in t.by_role().items()}


def mention_sizes(t: Template) -> dict[str, int]:
    """How many mentions the distinct fillers of each role have."""
    # A filler without a mention weighs one, else it would be free to make up.
    return {role: sum(max(1, len(f)) for f in fillers) for role, fillers in t.by_role().items()}


def meet(gold: Template, predicted: Template) -> bool:
    """Whether two templates have anything in common but their type.

    A trigger that overlaps, a mention in the same role, or (where a format has no triggers) that
    neither says anything but its type.
    """
    if any(overlap(a, b) for a in gold.triggers for b in predicted.triggers):
        return True
    mentions = {(f.role, m) for f in gold.fillers for m in f.mentions}
    if any((f.role, m) in mentions for f in predicted.fillers for m in f.mentions):
        return True
    return not (gold.fillers or gold.triggers or predicted.fillers or predicted.triggers)
