"""What a template is: an incident's type and the fillers of its roles, from our records or from strings.

A document's templates are its actual, positive, specific events; a filler is an entity, a set of mentions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conflictwire import derive
from conflictwire.scoring.assignment import Range, span_range
from conflictwire.scoring.side import Side

Mentions = frozenset[Any]
"""An entity as its mentions: spans in our own records, normalised strings in the files of other tools."""


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
        return grouped((f.role, f.mentions) for f in self.fillers)


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
            spans = fillers.setdefault((argument.role, argument.entity), set())
            spans.update(side.mentions_of.get(argument.entity, ()))
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


def grouped(items: Iterable[tuple[Any, Mentions]]) -> dict[Any, list[Mentions]]:
    """The distinct fillers of each key, keys and fillers in an order that content alone decides."""
    groups: dict[Any, set[Mentions]] = {}
    for key, mentions in items:
        groups.setdefault(key, set()).add(mentions)
    return {key: sorted(groups[key], key=_order) for key in sorted(groups)}
