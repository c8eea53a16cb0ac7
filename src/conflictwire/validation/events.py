"""Level 4, entities and events: types, roles, mentions and part-whole links."""

from collections.abc import Iterator

from conflictwire import schemas
from conflictwire.model import Article
from conflictwire.validation.claims import cycles
from conflictwire.validation.findings import Fault, rule

_SUBTYPES = {
    "organisation": {
        "intergovernmental",
        "ngo",
        "media",
        "think_tank",
        "company",
        "court",
        "party",
        "religious",
        "other",
    },
    "geopolitical": {"country", "region", "city"},
    "location": {"site", "geographic"},
}
_PRONOUNS = frozenset(
    "he him his himself she her hers herself it its itself they them their theirs themselves we us "
    "our ours ourselves i me my mine myself you your yours who whom whose this that these those one "
    "ones another others".split()
)


@rule("subtype-of-type", 4)
def subtype_of_type(article: Article) -> Iterator[Fault]:
    """A subtype belongs to its type: organisations, geopolitical entities and locations have them, others none."""
    for i, entity in enumerate(article.entities):
        known = _SUBTYPES.get(entity.type, set())
        if entity.subtype is not None and entity.subtype not in known:
            yield Fault(
                f"entities[{i}].subtype",
                f"{entity.subtype!r} is no subtype of {entity.type}",
                f"one of {', '.join(sorted(known))}" if known else "write null",
            )


@rule("mention-twice", 4)
def mention_twice(article: Article) -> Iterator[Fault]:
    """A stretch of text is one mention of one entity; two entities with the same mention are one entity, or a slip."""
    seen: dict[tuple[int, int], str] = {}
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            span = (mention.span.start, mention.span.end)
            if span in seen:
                yield Fault(
                    f"entities[{i}].mentions[{j}].span",
                    f"{mention.span.text!r} is already a mention of {seen[span]}",
                    "keep one",
                    span,
                )
            seen[span] = entity.id


@rule("head-outside", 4)
def head_outside(article: Article) -> Iterator[Fault]:
    """The head of a mention lies inside the mention."""
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            head, span = mention.head, mention.span
            if head is not None and not span.start <= head.start < head.end <= span.end:
                yield Fault(
                    f"entities[{i}].mentions[{j}].head",
                    f"the head {head.text!r} lies outside {span.text!r}",
                    "leave it out: the rule derives it",
                    (span.start, span.end),
                )


@rule("mention-kind", 4, "warning")
def mention_kind(article: Article) -> Iterator[Fault]:
    """A pronoun mention is a pronoun, and a bare pronoun is no name."""
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            words = mention.span.text
            # "US" in capitals is a name, not "us".
            pronoun = words is not None and words.lower() in _PRONOUNS and words != "US"
            if (
                words is not None
                and pronoun != (mention.kind == "pronoun")
                and words.lower() not in ("one", "another", "others")
            ):
                yield Fault(
                    f"entities[{i}].mentions[{j}].kind",
                    f"{words!r} is marked as {mention.kind}",
                    "mend the kind",
                    (mention.span.start, mention.span.end),
                )


@rule("same-name", 4, "warning")
def same_name(article: Article) -> Iterator[Fault]:
    """Two entities of one type share a name mention: mostly they are one entity."""
    seen: dict[tuple[str, str], str] = {}
    for i, entity in enumerate(article.entities):
        names = {m.span.text for m in entity.mentions if m.kind == "name" and m.span.text}
        for name in sorted(names):
            other = seen.setdefault((entity.type, name), entity.id)
            if other != entity.id:
                yield Fault(
                    f"entities[{i}]",
                    f"{name!r} names {entity.id} and {other}, both {entity.type}",
                    "merge them if they are the same",
                )


@rule("role-of-type", 4)
def role_of_type(article: Article) -> Iterator[Fault]:
    """An argument's role is one that the ontology permits for the event type, filled by a permitted type of entity."""
    permitted = schemas.permitted_roles()
    types = {e.id: e.type for e in article.entities}
    for i, event in enumerate(article.events):
        roles = permitted[event.type]
        for j, argument in enumerate(event.arguments):
            path = f"events[{i}].arguments[{j}]"
            kind = types[argument.entity]
            if argument.role not in roles:
                yield Fault(
                    f"{path}.role",
                    f"{event.type} has no role {argument.role}",
                    f"permitted: {', '.join(roles)}",
                    _span(argument.mention),
                )
            elif kind not in roles[argument.role]:
                yield Fault(
                    f"{path}.entity",
                    f"{argument.entity} is {kind}; a {argument.role} of {event.type} is {', '.join(sorted(roles[argument.role]))}",
                    "mend the role or the entity's type",
                    _span(argument.mention),
                )


@rule("argument-mention", 4)
def argument_mention(article: Article) -> Iterator[Fault]:
    """The mention of an argument is a mention of its entity."""
    spans = {e.id: {(m.span.start, m.span.end) for m in e.mentions} for e in article.entities}
    for i, event in enumerate(article.events):
        for j, argument in enumerate(event.arguments):
            mention = argument.mention
            if mention is not None and (mention.start, mention.end) not in spans[argument.entity]:
                yield Fault(
                    f"events[{i}].arguments[{j}].mention",
                    f"{mention.text!r} is no mention of {argument.entity}",
                    "add it to the entity's mentions, or name the right entity",
                    (mention.start, mention.end),
                )


@rule("argument-twice", 4)
def argument_twice(article: Article) -> Iterator[Fault]:
    """Each entity stands once for each role of an event."""
    for i, event in enumerate(article.events):
        seen: set[tuple[str, str]] = set()
        for j, argument in enumerate(event.arguments):
            key = (argument.role, argument.entity)
            if key in seen:
                yield Fault(
                    f"events[{i}].arguments[{j}]",
                    f"{argument.entity} is {argument.role} twice",
                    "keep one",
                    _span(argument.mention),
                )
            seen.add(key)


@rule("trigger-twice", 4)
def trigger_twice(article: Article) -> Iterator[Fault]:
    """A word triggers one event of a type; the same word for two events of one type is one event, or a slip."""
    seen: dict[tuple[int, int, str], str] = {}
    for i, event in enumerate(article.events):
        for j, trigger in enumerate(event.triggers):
            key = (trigger.start, trigger.end, event.type)
            other = seen.setdefault(key, event.id)
            if other != event.id or sum(t == trigger for t in event.triggers[: j + 1]) > 1:
                yield Fault(
                    f"events[{i}].triggers[{j}]",
                    f"{trigger.text!r} already triggers {other}",
                    "keep one",
                    (trigger.start, trigger.end),
                )


@rule("event-cycle", 4)
def event_cycle(article: Article) -> Iterator[Fault]:
    """No event is, over any number of steps, part of itself."""
    edges = {e.id: [e.part_of] for e in article.events if e.part_of}
    yield from cycles(edges, "events", {e.id: i for i, e in enumerate(article.events)})


@rule("unused-entity", 4, "warning")
def unused_entity(article: Article) -> Iterator[Fault]:
    """An unnamed entity is annotated only if it takes part in an event, is counted, bounds a count, or speaks."""
    used = {a.entity for e in article.events for a in e.arguments}
    used |= {c.counted.entity for c in article.claims if c.counted.entity}
    used |= {p for c in article.claims for p in c.scope.places}
    used |= {s.entity for s in article.sources if s.entity}
    for i, entity in enumerate(article.entities):
        if entity.id not in used and not any(m.kind == "name" for m in entity.mentions):
            yield Fault(
                f"entities[{i}]",
                f"{entity.id} ({entity.name!r}) has no name and no part in anything",
                "drop it, or annotate its part",
                _span(entity.mentions[0].span),
            )


def _span(span: object) -> tuple[int, int] | None:
    return (span.start, span.end) if span is not None else None  # type: ignore[attr-defined]
