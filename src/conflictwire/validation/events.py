"""Level 4, events: roles, arguments, triggers, times and part-whole links."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from conflictwire import dates, schemas
from conflictwire import text as texts
from conflictwire.model import Article
from conflictwire.validation.findings import Fault, extent, rule
from conflictwire.validation.relations import cycles


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
                    extent(argument.mention),
                )
            elif kind not in roles[argument.role]:
                yield Fault(
                    f"{path}.entity",
                    f"{argument.entity} is {kind}; a {argument.role} of {event.type} is {', '.join(sorted(roles[argument.role]))}",
                    "mend the role or the entity's type",
                    extent(argument.mention),
                )


@rule("argument-mention", 4)
def argument_mention(article: Article) -> Iterator[Fault]:
    """The mention of an argument is a mention of its entity."""
    spans = {e.id: {extent(m.span) for m in e.mentions} for e in article.entities}
    for i, event in enumerate(article.events):
        for j, argument in enumerate(event.arguments):
            mention = argument.mention
            if mention is not None and (mention.start, mention.end) not in spans[argument.entity]:
                yield Fault(
                    f"events[{i}].arguments[{j}].mention",
                    f"{mention.text!r} is no mention of {argument.entity}",
                    "add it to the entity's mentions, or name the right entity",
                    extent(mention),
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
                    extent(argument.mention),
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
                    extent(trigger),
                )


@rule("event-cycle", 4)
def event_cycle(article: Article) -> Iterator[Fault]:
    """No event is, over any number of steps, part of itself."""
    edges = {e.id: [e.part_of] for e in article.events if e.part_of}
    yield from cycles(edges, "events", {e.id: i for i, e in enumerate(article.events)})


@rule("part-of-event", 4)
def part_of_event(article: Article) -> Iterator[Fault]:
    """An event that is part of another happens while that one does, and is no more real than it."""
    events = {e.id: e for e in article.events}
    for i, event in enumerate(article.events):
        whole = events.get(event.part_of or "")
        if whole is None:
            continue
        if event.modality == "actual" and whole.modality != "actual":
            found = f"{event.id} is actual, and part of {whole.id}, which is {whole.modality}"
            hint = "mend a modality, or drop part_of"
        elif event.time and whole.time and _apart(event.time.edtf, whole.time.edtf):
            found = f"{event.id} ({event.time.edtf}) lies outside {whole.id} ({whole.time.edtf}), of which it is part"
            hint = "mend a date, or drop part_of: a response or sequel is an event of its own"
        else:
            continue
        yield Fault(f"events[{i}].part_of", found, hint, extent(event.triggers[0]))


def _apart(one: str, other: str) -> bool:
    """Whether two dates can not be the same time; dates that are none are `bad-date`'s to say."""
    try:
        return not dates.compatible(one, other)
    except dates.DateError:
        return False


# GUIDELINES 2, Trigger: what is marked whole, what may follow a verb, and what is never a trigger.
_WHOLE = re.compile(
    r"open(?:ed|s|ing)? fire|(?:(?:air|drone|missiles?) strike|suicide (?:bombing|attack|explosion))s?", re.IGNORECASE
)
_PARTICLES = frozenset(
    "about across against ahead along apart around aside at away back by down for forward go in into off on out over "
    "through to together under up with".split()
)
_NO_TRIGGER = re.compile(
    r"(?:wars?|conflicts?|violence|crisis|insurgency|threats?|tolls?|attackers?|bombers?|gunm[ae]n|the dead|bombs)",
    re.IGNORECASE,
)


@rule("trigger-words", 4, "warning")
def trigger_words(article: Article) -> Iterator[Fault]:
    """A trigger is one word, a verb with its particle, or one of a few fixed pairs; things, people and tolls are none."""
    for i, event in enumerate(article.events):
        for j, trigger in enumerate(event.triggers):
            if trigger.text is None:
                continue
            words = trigger.text.lower().split()
            if len(words) > 1 and not _WHOLE.fullmatch(trigger.text) and not set(words[1:]) <= _PARTICLES:
                found, hint = f"is {len(words)} words", "the one word that names the event, with a particle at most"
            elif _NO_TRIGGER.fullmatch(trigger.text):
                found, hint = (
                    "names no event",
                    "the word that says what happened; a thing that did it is its instrument",
                )
            else:
                continue
            path = f"events[{i}].triggers[{j}]"
            yield Fault(path, f"the trigger {trigger.text!r} {found}", hint, extent(trigger))


@lru_cache(maxsize=2)  # two rules look at the same text, one after the other
def _sentence_starts(text: str) -> list[int]:
    starts = [start for start, _ in texts.sentences(text)]
    # Some releases break the line inside a sentence (GUIDELINES 5c).
    return [start for start in starts if not (text[start - 1 : start] == "\n" and text[start : start + 1].islower())]


_CASUALTY = re.compile(
    r"(?:kill(?:s|ed|ing)?|wound(?:s|ed|ing)?|injur(?:e|es|ed|ing|ies|y)|hurt|die[sd]?|dying|dead|deaths?|lost|lives lost)",
    re.IGNORECASE,
)


@rule("casualty-trigger", 4, "warning")
def casualty_trigger(article: Article) -> Iterator[Fault]:
    """A casualty word triggers an event only where its sentence has no other trigger of it: of "the blast killed two" only "blast"."""
    if article.text is None:
        return
    starts = _sentence_starts(article.text)
    for i, event in enumerate(article.events):
        casualties = [(j, t) for j, t in enumerate(event.triggers) if t.text and _CASUALTY.fullmatch(t.text)]
        if len(casualties) in (0, len(event.triggers)):
            continue
        others = {
            bisect_right(starts, t.start): t for t in event.triggers if all(t is not word for _, word in casualties)
        }
        for j, trigger in casualties:
            beside = others.get(bisect_right(starts, trigger.start))
            if beside is not None:
                yield Fault(
                    f"events[{i}].triggers[{j}]",
                    f"{trigger.text!r} triggers {event.id} beside {beside.text!r} in the same sentence",
                    "drop the casualty word",
                    extent(trigger),
                )


_ELSEWHERE = ("perpetrator", "victim", "target", "place", "instrument")


@rule("argument-far", 4, "warning")
def argument_far(article: Article) -> Iterator[Fault]:
    """The mention of an argument stands in a sentence with a trigger of its event; where none does, it is null.

    Only perpetrator, victim, target, place and instrument may be known from another sentence (GUIDELINES 2, Arguments).
    """
    starts = _sentence_starts(article.text) if article.text is not None else None
    for i, event in enumerate(article.events):
        told = {bisect_right(starts, t.start) for t in event.triggers} if starts else set()
        for j, argument in enumerate(event.arguments):
            mention = argument.mention
            if mention is None and argument.role not in _ELSEWHERE:
                yield Fault(
                    f"events[{i}].arguments[{j}].mention",
                    f"the {argument.role} {argument.entity} of {event.id} has no mention",
                    "name the mention beside a trigger, or drop the argument",
                    extent(event.triggers[0]),
                )
            elif mention is not None and starts and bisect_right(starts, mention.start) not in told:
                yield Fault(
                    f"events[{i}].arguments[{j}].mention",
                    f"{mention.text!r} stands in a sentence without a trigger of {event.id}",
                    "take a mention beside a trigger, or write null",
                    extent(mention),
                )


@rule("roles-exclude", 4, "warning")
def roles_exclude(article: Article) -> Iterator[Fault]:
    """Nobody is both victim and target of an event, nor its perpetrator and one of these (GUIDELINES 2, Arguments)."""
    for i, event in enumerate(article.events):
        roles: dict[str, dict[str, int]] = defaultdict(dict)
        for j, argument in enumerate(event.arguments):
            roles[argument.entity][argument.role] = j
        for entity, held in roles.items():
            both = [role for role in ("perpetrator", "victim", "target") if role in held]
            if len(both) > 1:
                yield Fault(
                    f"events[{i}].arguments[{held[both[1]]}]",
                    f"{entity} is {' and '.join(both)} of {event.id}",
                    "keep one: the harmed are victims only, attackers who die are perpetrators only",
                    extent(event.triggers[0]),
                )


@rule("after-publication", 4)
def after_publication(article: Article) -> Iterator[Fault]:
    """What has happened, and the day a figure is of, is not later than the publication of the article."""
    last = _bounds(article.published)[1]
    if last is None:
        return
    actual = [(f"events[{i}].time.edtf", e.time.edtf, extent(e.time.span)) for i, e in enumerate(article.events)
              if e.time is not None and e.modality == "actual"]  # fmt: skip
    printed = [(f"claims[{i}].as_of", c.as_of, extent(c.span)) for i, c in enumerate(article.claims)
               if c.as_of is not None and c.stance != "projected"]  # fmt: skip
    for path, edtf, span in actual + printed:
        first = _bounds(edtf)[0]
        if first is not None and first > last:
            yield Fault(
                path,
                f"{edtf} is after the publication of the article ({article.published})",
                "mend the date: a weekday in the past tense is the last one on or before publication; "
                "or the modality, if it has not happened",
                span,
            )


def _bounds(edtf: str | None) -> tuple[date | None, date | None]:
    """First and last day of a date, None where it is open, missing or none."""
    try:
        return dates.bounds(edtf) if edtf else (None, None)
    except dates.DateError:
        return None, None


_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_CALENDAR = re.compile(
    r"\b(?:(?P<day>mon|tues|wednes|thurs|fri|satur|sun)day|(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|"
    r"may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)


@rule("date-differs", 4)
def date_differs(article: Article) -> Iterator[Fault]:
    """The weekday, month and year that the words of an event's time print are those of its date."""
    for i, event in enumerate(article.events):
        time = event.time
        if time is None or time.span is None or time.span.text is None:
            continue
        first, last = _bounds(time.edtf)
        named: dict[str, set[str]] = defaultdict(set)
        for match in _CALENDAR.finditer(time.span.text):
            named[str(match.lastgroup)].add(match.group().lower())
        for kind, words in named.items():
            if len(words) == 1 and (found := _differs(kind, min(words), first, last)):
                yield Fault(
                    f"events[{i}].time.edtf",
                    f"{time.span.text!r} is annotated as {time.edtf}, {found}",
                    f"resolve it from the date of publication ({article.published or 'unknown'})",
                    extent(time.span),
                )


def _differs(kind: str, word: str, first: date | None, last: date | None) -> str:
    """What a date is instead of what a word of the calendar says, or "" where they agree."""
    if kind == "year":
        year = int(word)
        outside = (first is not None and year < first.year) or (last is not None and year > last.year)
        return f"which is not in {year}" if outside else ""
    if first is None or last is None:
        return ""
    if kind == "day":
        return f"a {_DAYS[first.weekday()].title()}" if first == last and _DAYS[first.weekday()] != word else ""
    month = _MONTHS.index(word[:3]) + 1
    return (
        f"which is not in {word.title()}" if first.year == last.year and not first.month <= month <= last.month else ""
    )
