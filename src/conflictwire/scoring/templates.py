"""Templates: what happened as records of roles, scored without asking how the text was annotated.

A document's templates are its actual, positive, specific events; a filler is an entity, a set of
mentions. Everything is matched one to one and sizes count distinct items, so nothing pays twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from conflictwire import derive
from conflictwire.scoring.align import Aligned, Range, Side, overlap, span_range
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, ratio
from conflictwire.scoring.registry import choice, metric

TYPE_SLOT = "type"
"""The key under which `templates.gtt` counts a template's type, which it scores like a filler."""

Mentions = frozenset[Any]
"""An entity as its mentions: spans in our own records, normalised strings in the files of other tools."""

Phi = Callable[[Mentions, Mentions], int]
"""Credit of a gold and a predicted filler."""


@dataclass(frozen=True)
class Filler:
    """One entity in one role of a template; `entity` tells whether two templates speak of the same one."""

    role: str
    entity: str
    mentions: Mentions


@dataclass(frozen=True)
class Template:
    """An incident: its type, the fillers of its roles, and (in our own records) the words that name it."""

    type: str
    fillers: tuple[Filler, ...]
    triggers: tuple[Range, ...] = ()

    def by_role(self) -> dict[str, list[Mentions]]:
        """The distinct fillers of each role, in an order that content alone decides."""
        return _grouped((f.role, f.mentions) for f in self.fillers)


def template(type: str, roles: Mapping[str, Iterable[Iterable[str]]]) -> Template:
    """A template of strings: `template("attack", {"Victim": [["the mayor", "she"], ["a guard"]]})`."""
    return Template(
        type,
        tuple(
            Filler(role, repr(sorted(set(mentions))), frozenset(mentions))
            for role, entities in roles.items()
            for mentions in map(list, entities)
        ),
    )


def templates_of(side: Side) -> list[Template]:
    """The templates of one side of a document."""
    result = []
    for event in filter(derive.in_template, side.events):
        fillers: dict[tuple[str, str], set[Range]] = {}
        for argument in event.arguments:
            entity = side.entity_by_id.get(argument.entity)
            spans = fillers.setdefault((argument.role, argument.entity), set())
            spans.update(span_range(m.span) for m in (entity.mentions if entity else []))
            if argument.mention:
                spans.add(span_range(argument.mention))
        result.append(
            Template(
                event.type,
                tuple(Filler(role, id, frozenset(spans)) for (role, id), spans in fillers.items()),
                tuple(sorted({span_range(t) for t in event.triggers})),
            )
        )
    return distinct(result)


def distinct(templates: Iterable[Template]) -> list[Template]:
    """The templates without exact copies, in an order that content alone decides.

    Ids do not make a template another one; triggers do, so that two bombings with the same fillers
    stay two.
    """
    by_content = {
        (t.type, t.triggers, tuple((r, tuple(map(_order, f))) for r, f in t.by_role().items())): t for t in templates
    }
    return [by_content[key] for key in sorted(by_content)]


def _order(mentions: Mentions) -> tuple[Any, ...]:
    return tuple(sorted(mentions))


def _grouped(items: Iterable[tuple[Any, Mentions]]) -> dict[Any, list[Mentions]]:
    groups: dict[Any, set[Mentions]] = {}
    for key, mentions in items:
        groups.setdefault(key, set()).add(mentions)
    return {key: sorted(groups[key], key=_order) for key in sorted(groups)}


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


def assignment(edges: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The one-to-one choice of edges with the largest sum of weights; at most O(n^3) for n rows and columns.

    Weights are positive integers whose sums stay below 2^53, where floats are exact. Of several best
    choices the same edges always give the same one.
    """
    rows, columns = sorted({i for i, _ in edges}), sorted({j for _, j in edges})
    if len(rows) == len(columns) == len(edges):  # nobody competes
        return sorted(edges)
    weights = np.zeros((len(rows), len(columns)))
    for a, i in enumerate(rows):
        for b, j in enumerate(columns):
            weights[a, b] = edges.get((i, j), 0)
    chosen = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    return [(rows[a], columns[b]) for a, b in chosen if weights[a, b]]


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
    return sum(edges[pair] for pair in assignment(edges))


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
    total: Breakdown = {"": Counts()}
    for where in sorted({*sides[0], *sides[1]}):
        g, p = sides[0].get(where, []), sides[1].get(where, [])
        credit = _total(_edges(g, p, phi))
        _add(total, where[0], Counts(credit, len(g) * SCALE, credit, len(p) * SCALE))
    return total


def _pool(
    templates: list[Template], key: Callable[[Template, Filler], tuple[str, str]]
) -> dict[tuple[str, str], list[Mentions]]:
    # One entity in two templates is one filler, with the mentions that either gives it.
    entities: dict[tuple[tuple[str, str], str], Mentions] = {}
    for t in templates:
        for f in t.fillers:
            where = (key(t, f), f.entity)
            entities[where] = entities.get(where, frozenset()) | f.mentions
    return _grouped((where, mentions) for (where, _), mentions in entities.items())


def _add(total: Breakdown, key: str, counts: Counts) -> None:
    for where in ("", key):
        total[where] = total.get(where, Counts()) + counts


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
    total: Breakdown = {"": Counts()}
    for where in assignment(edges):
        for role, credit in credits[where].items():
            _add(total, role, Counts(gold_credit=credit, predicted_credit=credit))
    for t in gold:
        for role, number in size(t).items():
            _add(total, role, Counts(gold=number))
    for t in predicted:
        for role, number in size(t).items():
            _add(total, role, Counts(predicted=number))
    return total


def _by_role(gold: Template, predicted: Template, phi: Phi) -> dict[str, int]:
    g, p = gold.by_role(), predicted.by_role()
    return {role: _total(_edges(g[role], p[role], phi)) for role in g if role in p}


def _fillers(t: Template) -> dict[str, int]:
    return {role: len(fillers) for role, fillers in t.by_role().items()}


def _mentions(t: Template) -> dict[str, int]:
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


# ---- the metrics ---------------------------------------------------------------------------------


@metric
@dataclass(frozen=True)
class Ree:
    """CEAF-REE: entities that fill a role anywhere in the document (Du et al., 2021, "GRIT").

    Fillers of one role are pooled over all templates and matched one to one. `strict`: a predicted
    filler is right when all its mentions are the gold entity's; `prop`: the share of them that are.
    """

    form: str = "strict"
    name: ClassVar[str] = "templates.ree"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "form", ("strict", "prop"))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed-point credit a filler; keys are roles."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""
        phi = phi_prop if self.form == "prop" else lambda g, p: phi_subset(g, p) * SCALE
        return pooled(gold, predicted, lambda _, f: (f.role, ""), phi)


@metric
@dataclass(frozen=True)
class Rme:
    """CEAF-RME: fillers under the best mapping of templates of one type (Chen et al., 2023, "IterX").

    `phi3`: the unit is the mention, and a pair of fillers earns those it has in common. `subset`: the
    unit is the filler, right when all its mentions are the gold entity's.
    """

    form: str = "phi3"
    name: ClassVar[str] = "templates.rme"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = True
    unit: ClassVar[int] = 1

    def __post_init__(self) -> None:
        choice(self, "form", ("phi3", "subset"))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a mention (`phi3`) or a filler (`subset`); keys are roles."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""
        if self.form == "phi3":
            return mapped(gold, predicted, lambda g, p: _by_role(g, p, phi_3), _mentions)
        return mapped(gold, predicted, lambda g, p: _by_role(g, p, phi_subset), _fillers)


@metric
@dataclass(frozen=True)
class Gtt:
    """Template filling: types and fillers under the best mapping (Du et al., 2021, "GTT").

    A template's type is a slot beside its fillers. A filler is right when all its mentions are the
    gold entity's; a type when the mapped template says the same and has anything else in common.
    """

    name: ClassVar[str] = "templates.gtt"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = 1

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a slot; keys are roles and `type`."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""

        def pair(g: Template, p: Template) -> dict[str, int]:
            return {TYPE_SLOT: 1, **_by_role(g, p, phi_subset)} if meet(g, p) else {}

        return mapped(gold, predicted, pair, lambda t: {TYPE_SLOT: 1, **_fillers(t)})


@metric
@dataclass(frozen=True)
class Merged:
    """Role-merged: entities in a role of a type of event, however the document's events are told apart.

    All fillers of one role and event type are pooled, so that two bombings told as one cost nothing
    here; entities are matched one to one by CEAF with phi 4 (Luo, 2005), so that a filler with some of
    the gold entity's mentions earns a part.
    """

    name: ClassVar[str] = "templates.merged"
    layers: ClassVar[tuple[str, ...]] = ("events", "entities")
    headline: ClassVar[bool] = False
    unit: ClassVar[int] = SCALE

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed-point credit an entity; keys are event types."""
        return self.score(templates_of(document.gold), templates_of(document.predicted))

    def score(self, gold: list[Template], predicted: list[Template]) -> Breakdown:
        """The counts of two lists of distinct templates."""
        return pooled(gold, predicted, lambda t, f: (t.type, f.role), phi_4)
