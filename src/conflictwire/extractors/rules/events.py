"""Events: trigger words, which of them name one event, whether it happened, and who took part.

`find_events` groups triggers; arguments are added once entities and figures are known. Knows nothing
of who says that something happened.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from conflictwire.casualties import Figure
from conflictwire.casualties.vocabulary import ATTACKERS, HEADS, MONTHS, WEEKDAYS
from conflictwire.extractors.rules.entities import Cast, Name
from conflictwire.extractors.rules.lexicon import MEANS, Lexicon
from conflictwire.model import Argument, Event, Role, Span, Time
from conflictwire.reading import ADVERBS, BE, DETERMINERS, MODAL, Page, Sentence, is_verb, noun_phrase

NEAR = 60  # code points within which a casualty word belongs to a clash or an operation named in its sentence
CASUALTY_TRIGGERS = frozenset(
    "killed killing kill kills wounded wounding injured injuring died dies deaths hurt slain death drowned".split()
)
_HARMFUL = ("attack.", "clash", "operation", "accident", "protest")
_SPECIFIC = {"attack.bombing": ("attack.suicide_bombing",), "attack.armed_assault": ("attack.assassination",)}
_ATTEMPTED = frozenset("foiled failed tried attempted attempt attempting thwarted trying".split())
_THREATENED = frozenset("threatened threatens threatening threat".split())
_PLANNED = frozenset("will plans planned plan planning intends intended scheduled vowed ordered".split())
_HYPOTHETICAL = frozenset("could may might if unless whether likely feared possible possibility potential avoid prevent demanded "
                          "demand demands urged would should".split())  # fmt: skip
_NEGATIVE = frozenset("no not never without nor neither".split())
_GENERIC = frozenset("daily often rarely usually regularly frequent frequently routinely weekly nightly".split())
_MANY = frozenset("several many recent some numerous dozens hundreds scores string wave series few number".split())
_MONTH = "|".join((*MONTHS[0], "sept", *MONTHS[1]))
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}}) (?P<m1>{_MONTH})|(?P<m2>{_MONTH})\.?(?: (?P<d2>\d{{1,2}})\b(?!:))?)\b(?:,? (?P<y>(?:19|20)\d\d))?"
    rf"|\b(?P<weekday>{'|'.join(WEEKDAYS)})\b|(?P<relative>\b(?:last|this) (?:year|month)\b)"
    r"|\b(?:in|since|of) (?:(?:early|late|mid-?)\s?)?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Trigger:
    """A trigger word and what can be read beside it."""

    start: int
    end: int
    type: str
    sentence: Sentence
    modality: str
    polarity: str
    generic: bool
    time: tuple[str, int, int] | None
    plural: bool  # a bare plural ("bombings"), which takes up no single event


@dataclass
class Happening:
    """Triggers that name one event."""

    id: str
    type: str
    triggers: list[Trigger]
    arguments: dict[tuple[Role, str], tuple[int, int] | None] = field(default_factory=dict)

    @property
    def first(self) -> Trigger:
        """The trigger that decides modality and polarity."""
        return self.triggers[0]

    @property
    def time(self) -> tuple[str, int, int] | None:
        """The first time printed beside one of its triggers."""
        return next((t.time for t in self.triggers if t.time), None)

    def is_harmful(self) -> bool:
        """Whether persons can be harmed in it."""
        return self.type.startswith(_HARMFUL)


def find_events(page: Page, names: list[Name], lexicon: Lexicon, published: str | None) -> list[Happening]:
    """The events of a text with their triggers, in the order of their first triggers."""
    named = {i for n in names for i in range(n.start, n.end)}
    triggers: list[Trigger] = []
    for sentence in page.sentences:
        here = _triggers(page, sentence, lexicon, named, published)
        harmful = [t for t in here if t.type.startswith(_HARMFUL)]
        here += [
            word
            for word in _casualty_triggers(page, sentence, named, published)
            if not any(t.type.startswith(("attack.", "accident")) or abs(t.start - word.start) < NEAR for t in harmful)
        ]
        triggers += sorted(here, key=lambda t: t.start)
    happenings: list[Happening] = []
    for trigger in triggers:
        fitting = [h for h in happenings if _same(h, trigger)]
        home = max(fitting, key=lambda h: (h.triggers[-1].sentence is trigger.sentence, len(h.triggers)), default=None)
        if home is None:
            happenings.append(Happening(f"ev{len(happenings) + 1}", trigger.type, [trigger]))
            continue
        home.triggers.append(trigger)
        home.type = _more_specific(home.type, trigger.type)
    return happenings


def _triggers(
    page: Page, sentence: Sentence, lexicon: Lexicon, named: set[int], published: str | None
) -> list[Trigger]:
    tokens = sentence.tokens
    found = []
    at = 0
    while at < len(tokens):
        for length in (3, 2, 1):
            words = " ".join(t.lower for t in tokens[at : at + length])
            if words in lexicon.triggers and at + length <= len(tokens) and tokens[at].start not in named:
                first = at + length - 1 if words.endswith(" fire") else at  # of "rocket fire" the noun alone
                found.append(_trigger(page, sentence, first, at + length, lexicon.triggers[words], published))
                at += length
                break
        else:
            at += 1
    return found


def _casualty_triggers(page: Page, sentence: Sentence, named: set[int], published: str | None) -> list[Trigger]:
    return [
        _trigger(page, sentence, i, i + 1, "attack.unspecified", published)
        for i, token in enumerate(sentence.tokens)
        if token.lower in CASUALTY_TRIGGERS
        and token.start not in named
        and not (token.lower == "death" and i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].lower == "toll")
        and not (i and sentence.tokens[i - 1].lower in DETERMINERS)
        and not _modifies(sentence, i)
    ]


def _modifies(sentence: Sentence, i: int) -> bool:
    """Whether a participle stands before its noun ("wounded victims"), where it is no trigger."""
    tokens = sentence.tokens
    before, following = tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None
    if before is None or following is None or HEADS.get(following.lower) not in ("people", "person"):
        return False
    verbal = before.lower in BE or is_verb(before)
    subject = before.lower in HEADS or before.is_capital or not before.is_word
    return not verbal and not subject


def _by_means(sentence: Sentence) -> str:
    """The type of an attack that is only called an attack, by what its sentence says it was done with."""
    found = {MEANS[t.lower] for t in sentence.tokens if t.lower in MEANS}
    return next((kind for kind in dict.fromkeys(MEANS.values()) if kind in found), "attack.unspecified")


def _trigger(page: Page, sentence: Sentence, low: int, high: int, type: str, published: str | None) -> Trigger:
    tokens = sentence.tokens
    before = [t.lower for t in tokens[max(0, low - 6) : low]]
    near = set(before[-4:])
    modality = "actual"
    if near & _ATTEMPTED:
        modality = "attempted"
    elif set(before) & _THREATENED:
        modality = "threatened"
    elif near & _PLANNED:
        modality = "planned"
    elif near & _HYPOTHETICAL or (
        before[-1:] == ["to"] and tokens[low].lower.endswith(("e", "k", "n", "t", "p", "w", "y"))
    ):
        modality = "hypothetical"
    polarity = "negative" if set(before[-3:]) & _NEGATIVE else "positive"
    word = tokens[high - 1].lower
    plural = type.startswith("attack.") and word.endswith("s") and not is_verb(tokens[high - 1])
    plural = plural and not set(before[-3:]) & {"the", "these", "those"}
    counted = plural and any(b in _MANY or b.isdigit() for b in before[-4:])
    generic = counted or bool({t.lower for t in tokens} & _GENERIC)
    if type == "attack.unspecified":
        type = _by_means(sentence)
    time = _time_near(page, sentence, tokens[low].start, published)
    return Trigger(tokens[low].start, tokens[high - 1].end, type, sentence, modality, polarity, generic, time, plural)


def _same(happening: Happening, trigger: Trigger) -> bool:
    """Whether a trigger takes up an event: types, modality and times that go together."""
    first = happening.first
    if (first.modality, first.polarity, first.generic) != (trigger.modality, trigger.polarity, trigger.generic):
        return False
    if trigger.plural and not first.plural:
        return False
    if not (happening.type == trigger.type or _compatible(happening.type, trigger.type)):
        return False
    known, new = happening.time, trigger.time
    if (
        known is None
        and new is not None
        and len(new[0]) < 8
        and happening.triggers[-1].sentence is not trigger.sentence
    ):
        return False  # a year or month printed for the first time tells of another occasion
    return known is None or new is None or known[0].startswith(new[0]) or new[0].startswith(known[0])


def _compatible(a: str, b: str) -> bool:
    if not (a.startswith("attack.") and b.startswith("attack.")):
        return False
    vague = "attack.unspecified"
    kept_apart = {"attack.abduction", "attack.execution", "attack.sabotage"}
    if vague in (a, b):
        return not kept_apart & {a, b}
    return b in _SPECIFIC.get(a, ()) or a in _SPECIFIC.get(b, ())


def _more_specific(a: str, b: str) -> str:
    if a == "attack.unspecified":
        return b
    return b if b in _SPECIFIC.get(a, ()) else a


# --- time ---------------------------------------------------------------------------------------------------------


def _time_near(page: Page, sentence: Sentence, offset: int, published: str | None) -> tuple[str, int, int] | None:
    """The time printed nearest to an offset in its sentence: `(EDTF, start, end)`."""
    found = []
    for match in _DATE.finditer(page.folded, sentence.start, sentence.end):
        edtf = _edtf(match, published)
        if edtf:
            start = match.start("year") if match["year"] else match.start()
            found.append((abs(start - offset), edtf, start, match.end()))
    return min(found)[1:] if found else None


def period_after(page: Page, figure: Figure, published: str | None) -> str | None:
    """The period printed after a figure in its clause: "in 2018", "last year", "so far this year"."""
    stop = re.search(r"[,;]", page.folded[figure.end : figure.sentence.end])
    end = figure.end + stop.start() if stop else figure.sentence.end
    match = _DATE.search(page.folded, figure.end, end)
    return _edtf(match, published) if match else None


def _edtf(match: re.Match[str], published: str | None) -> str | None:
    day = _day(published)
    if match["year"]:
        return match["year"]
    if match["relative"]:
        if day is None:
            return None
        last, unit = match["relative"].lower().split()
        if unit == "year":
            return str(day.year - (last == "last"))
        shifted = day.replace(day=1) - timedelta(days=1) if last == "last" else day
        return f"{shifted.year:04}-{shifted.month:02}"
    if match["weekday"]:
        if day is None:
            return None
        return (day - timedelta(days=(day.weekday() - WEEKDAYS.index(match["weekday"].lower())) % 7)).isoformat()
    name = (match["m1"] or match["m2"]).lower()
    if name == "may" and not (match["d1"] or match["d2"] or match["y"]):
        return None
    month = MONTHS[1].index(name[:3]) + 1
    number = match["d1"] or match["d2"]
    if match["y"]:
        year = int(match["y"])
    elif day is not None:
        year = day.year - (month > day.month)
    else:
        return None
    if not number:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, int(number)).isoformat()
    except ValueError:
        return None


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


# --- figures and arguments ----------------------------------------------------------------------------------------

_CARRIERS: dict[str, tuple[str, ...]] = {
    "killed": _HARMFUL, "injured": _HARMFUL, "casualties": _HARMFUL, "missing": _HARMFUL,
    "abducted": ("attack.abduction",), "held": ("attack.abduction",), "released": ("release",), "detained": ("arrest",),
    "displaced": ("displacement", "evacuation"), "surrendered": ("surrender", "defection"),
    "participants": ("attack.", "clash", "protest", "deployment", "withdrawal", "operation"),
    "objects": ("attack.", "clash", "accident", "aid", "seizure", "withdrawal"),
}  # fmt: skip


def event_of(figure: Figure, happenings: list[Happening]) -> Happening | None:
    """The event that a figure belongs to: the nearest that fits in its sentence, for victims else the last before."""
    kinds = _CARRIERS.get(figure.measure or "")
    if kinds is None:
        return None
    near = [
        (abs(t.start - figure.start), h.id, h)
        for h in happenings
        if h.type.startswith(kinds)
        for t in h.triggers
        if t.sentence is figure.sentence
    ]
    if near:
        return min(near, key=lambda n: n[:2])[2]
    if kinds is not _HARMFUL:
        return None
    before = [
        (t.start, h.id, h)
        for h in happenings
        if h.is_harmful() and h.first.modality == "actual"
        for t in h.triggers
        if t.start < figure.start
    ]
    attacks = [b for b in before if b[2].type.startswith("attack.")]
    return max(attacks or before, key=lambda n: n[:2])[2] if before else None


_DOER: dict[str, Role] = {
    "clash": "participant", "meeting": "participant", "agreement": "participant", "protest": "participant",
    "surrender": "subject", "defection": "subject", "displacement": "subject", "leadership_change": "subject",
    "formation": "agent", "accident": "subject",
}  # fmt: skip
_PATIENT: dict[str, Role] = {"arrest": "subject", "trial": "subject", "release": "subject", "deployment": "subject",
                             "withdrawal": "subject", "evacuation": "subject", "displacement": "subject", "seizure": "target",
                             "operation": "target", "sanction": "target", "aid": "recipient", "investigation": "subject",
                             "leadership_change": "subject", "formation": "subject"}  # fmt: skip
_ACTORS = ("person", "people", "armed_group", "state_force", "government", "organisation", "geopolitical")
_PLACES = ("geopolitical", "location", "facility")


def doer_role(type: str) -> Role:
    """The role of whoever carries out an event of a type."""
    return "perpetrator" if type.startswith("attack.") else _DOER.get(type, "agent")


def add_arguments(page: Page, cast: Cast, happenings: list[Happening], lexicon: Lexicon) -> None:
    """Finds who takes part beside each trigger: doer before, patient after, instrument as subject, place after in, at, near."""
    for happening in happenings:
        for trigger in happening.triggers:
            _doer_and_patient(page, cast, happening, trigger, lexicon)
            _places(page, cast, happening, trigger)


def _doer_and_patient(page: Page, cast: Cast, happening: Happening, trigger: Trigger, lexicon: Lexicon) -> None:
    sentence, tokens = trigger.sentence, trigger.sentence.tokens
    at = sentence.at(trigger.start)
    passive, before = False, at - 1
    while before >= 0 and tokens[before].lower in BE | MODAL | ADVERBS:
        passive = passive or tokens[before].lower in ("was", "were", "been", "being", "be", "is", "are")
        before -= 1
    verbal = is_verb(tokens[at]) or tokens[at].lower in CASUALTY_TRIGGERS
    attack = happening.type.startswith("attack.")
    doer = doer_role(happening.type)
    patient: Role = "victim" if attack else _PATIENT.get(happening.type, "target")
    if verbal and before >= 0:
        subject = _mention_ending(page, cast, sentence, before, lexicon)
        if subject is not None:
            low, high, id = subject
            kind = cast.type_of(id)
            if kind == "materiel" and not passive:
                _put(happening, "instrument" if attack else "subject", id, (low, high))
            elif passive and kind in _ACTORS:
                _put(happening, patient if kind in ("person", "people") or not attack else "target", id, (low, high))
            elif not passive and kind in _ACTORS and tokens[at].lower not in ("died", "drowned"):
                _put(happening, doer, id, (low, high))
            elif kind in ("person", "people"):
                _put(happening, "victim", id, (low, high))
    following = sentence.at(trigger.end)
    if following < len(tokens) and tokens[following].lower == "by" and following + 1 < len(tokens):
        actor = _mention_starting(cast, sentence, following + 1)
        if actor is not None and cast.type_of(actor[2]) in _ACTORS:
            _put(happening, doer, actor[2], actor[:2])
    elif verbal and not passive:
        thing = _mention_starting(cast, sentence, following)
        if thing is not None:
            kind = cast.type_of(thing[2])
            role: Role = patient if kind in ("person", "people") or not attack else "target"
            if kind != "materiel" or role == "target":
                _put(happening, role, thing[2], thing[:2])
    elif following < len(tokens) and tokens[following].lower in ("on", "against", "of", "at") and attack:
        thing = _mention_starting(cast, sentence, following + 1)
        if thing is not None and cast.type_of(thing[2]) in (
            "facility",
            "organisation",
            "government",
            "state_force",
            "geopolitical",
        ):
            _put(happening, "target", thing[2], thing[:2])


def _mention_ending(
    page: Page, cast: Cast, sentence: Sentence, at: int, lexicon: Lexicon
) -> tuple[int, int, str] | None:
    """The mention that ends at a token; an indefinite attacker or weapon there becomes an entity."""
    end = sentence.tokens[at].end
    found = [m for m in cast.within(sentence.start, end) if m[1] == end]
    if found:
        return found[0]
    head = sentence.tokens[at].lower
    kind = lexicon.heads.get(head)
    if kind != "materiel" and head not in ATTACKERS:
        return None
    first = at
    while first and sentence.tokens[first - 1].is_word and not is_verb(sentence.tokens[first - 1]):
        first -= 1
        if sentence.tokens[first].lower in DETERMINERS:
            break
    for begin in range(first, at + 1):
        phrase = noun_phrase(sentence, begin, lexicon.nouns)
        if phrase is not None and phrase.end == end and kind is not None:
            definite = sentence.tokens[begin].lower == "the"
            return phrase.start, end, cast.nominal(phrase.start, end, kind, head, definite)
    return None


def _mention_starting(cast: Cast, sentence: Sentence, at: int) -> tuple[int, int, str] | None:
    """The first mention that begins at a token, after an article."""
    tokens = sentence.tokens
    for begin in range(at, min(at + 3, len(tokens))):
        found = [m for m in cast.within(tokens[begin].start, sentence.end) if m[0] == tokens[begin].start]
        if found:
            return found[0]
        if tokens[begin].lower not in DETERMINERS and not tokens[begin].text[:1].isdigit():
            return None
    return None


def _places(page: Page, cast: Cast, happening: Happening, trigger: Trigger) -> None:
    if any(role == "place" for role, _ in happening.arguments):
        return
    sentence = trigger.sentence
    found = []
    for low, high, id in cast.within(sentence.start, sentence.end):
        if cast.type_of(id) not in _PLACES:
            continue
        lead = page.folded[max(sentence.start, low - 14) : low].lower()
        if re.search(r"\b(?:in|at|near|outside|inside|around|across) (?:the |an? )?\Z", lead):
            distance = low - trigger.end if low >= trigger.end else 2 * (trigger.start - low)
            found.append((distance, low, high, id))
    if found:
        _, low, high, id = min(found)
        if min(found)[0] < 120:
            _put(happening, "place", id, (low, high))


def _put(happening: Happening, role: Role, entity: str, mention: tuple[int, int] | None) -> None:
    if mention is not None or (role, entity) not in happening.arguments:
        happening.arguments.setdefault((role, entity), mention)


def put_victims(happening: Happening, figure: Figure, entity: str, mention: tuple[int, int], attacker: bool) -> None:
    """Makes a counted group an argument of the event that carries its figure."""
    if figure.measure in ("killed", "injured", "casualties", "missing", "abducted", "held"):
        role: Role = "perpetrator" if attacker else "victim"
        if not (
            happening.type.startswith("attack.") or happening.type in ("clash", "operation", "accident", "protest")
        ):
            return
        if role == "perpetrator" and not happening.type.startswith("attack."):
            role = "victim"
    elif figure.measure == "participants":
        if not attacker and happening.type.startswith("attack."):
            return
        role = doer_role(happening.type)
    elif figure.measure == "objects":
        role = "target" if happening.type.startswith("attack.") else _PATIENT.get(happening.type, "subject")
        if happening.type in ("aid",):
            role = "subject"
    else:
        role = "subject"
    _put(happening, role, entity, mention)


def event_record(page: Page, happening: Happening) -> Event:
    """The record of an event."""
    first, time = happening.first, happening.time
    text = page.text
    arguments = [
        Argument(f"g{i}", role, entity, Span(m[0], m[1], text[m[0] : m[1]]) if m else None)
        for i, ((role, entity), m) in enumerate(happening.arguments.items(), 1)
    ]
    return Event(
        id=happening.id,
        type=happening.type,
        modality=first.modality,  # type: ignore[arg-type]
        polarity=first.polarity,  # type: ignore[arg-type]
        genericity="generic" if first.generic else "specific",
        triggers=[Span(t.start, t.end, text[t.start : t.end]) for t in happening.triggers],
        arguments=arguments,
        time=Time(time[0], Span(time[1], time[2], text[time[1] : time[2]])) if time else None,
    )
