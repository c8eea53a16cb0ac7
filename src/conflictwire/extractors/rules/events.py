"""Events: trigger words, which of them name one event, whether it happened, and who took part.

`find_events` groups triggers; arguments are added once entities and figures are known. Knows nothing
of who says that something happened.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from conflictwire.casualties import Figure
from conflictwire.casualties.vocabulary import HEADS
from conflictwire.extractors.rules.entities import Name
from conflictwire.extractors.rules.lexicon import MEANS, Lexicon
from conflictwire.extractors.rules.times import Calendar, Printed
from conflictwire.model import Argument, Event, Role, Span, Time
from conflictwire.numerals import parse
from conflictwire.reading import BE, DETERMINERS, PREPOSITIONS, Page, Sentence, Token, is_verb

NEAR = 60  # code points within which a casualty word belongs to a clash or an operation named in its sentence
CASUALTY_TRIGGERS = frozenset(
    "destroyed damaged injures killed killing kill kills wounded wounding injured injuring died dies deaths hurt slain death drowned".split()
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
    time: Printed | None
    plural: bool  # a bare plural ("bombings"), which takes up no single event
    place: str | None = None  # the city or spot where it is said to happen


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
    def time(self) -> Printed | None:
        """The first time printed beside one of its triggers."""
        return next((t.time for t in self.triggers if t.time), None)

    def is_harmful(self) -> bool:
        """Whether persons can be harmed in it."""
        return self.type.startswith(_HARMFUL)


# What a figure counts tells of an event whose own word is the measure's: "eleven people seized from a ferry".
_COUNTED_EVENTS: dict[str, str] = {
    "abducted": "attack.abduction", "released": "release", "detained": "arrest", "displaced": "displacement",
    "surrendered": "surrender",
}  # fmt: skip


def find_events(
    page: Page,
    names: list[Name],
    lexicon: Lexicon,
    figures: list[Figure],
    said: list[tuple[int, int]],
    calendar: Calendar,
) -> list[Happening]:
    """The events of a text with their triggers, in the order of their first triggers.

    Args:
        page: the text.
        names: its names, in which nothing is a trigger.
        lexicon: trigger words.
        figures: its figures; the word that says a measure may be a trigger.
        said: contents of statements, in which "not" is the speaker's and makes no event negative.
        calendar: reads times.
    """
    named = {i for n in names for i in range(n.start, n.end)}
    reader = _Reader(page, lexicon, named, said, calendar, _cities(names))
    triggers: list[Trigger] = []
    for sentence in page.sentences:
        here = reader.triggers(sentence)
        taken = {t.start for t in here}
        for figure in figures:
            token = figure.measure_token
            type = _COUNTED_EVENTS.get(figure.measure)
            if (
                type
                and token
                and sentence.start <= token.start < sentence.end
                and token.start not in taken
                and is_verb(token)
            ):
                at = sentence.at(token.start)
                here.append(reader.trigger(sentence, at, at + 1, type))
                taken.add(token.start)
        harmful = [t for t in here if t.type.startswith(_HARMFUL)]
        here += [w for w in reader.casualty_triggers(sentence) if not any(_carries(page, t, w) for t in harmful)]
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


def _carries(page: Page, trigger: Trigger, word: Trigger) -> bool:
    """Whether a casualty word tells of the event of a trigger in its sentence, and so is no trigger itself."""
    low, high = sorted((trigger.start, word.start))
    if ";" in page.folded[low:high]:
        return False
    return trigger.type.startswith(("attack.", "accident")) or high - low < NEAR


def _cities(names: list[Name]) -> dict[int, str]:
    """Names of cities, villages and spots by where they begin."""
    return {
        n.start: n.text
        for n in names
        if n.kind[0] == "location" or (n.kind[0] == "geopolitical" and n.kind[1] == "city")
    }


_BEFORE_PLACE = frozenset("the central northern southern eastern western city town village port of".split())


@dataclass
class _Reader:
    """Reads the triggers of one page."""

    page: Page
    lexicon: Lexicon
    named: set[int]
    said: list[tuple[int, int]]
    calendar: Calendar
    cities: dict[int, str]

    def triggers(self, sentence: Sentence) -> list[Trigger]:
        """The trigger words of a sentence; those of named operations are none."""
        tokens = sentence.tokens
        found = []
        at = 0
        while at < len(tokens):
            if tokens[at].lower not in self.lexicon.trigger_starts:
                at += 1
                continue
            for length in (3, 2, 1):
                words = " ".join(t.lower for t in tokens[at : at + length])
                if (
                    words in self.lexicon.triggers
                    and not self._is_name_or_modifier(tokens, at, at + length)
                    and at + length <= len(tokens)
                    and tokens[at].start not in self.named
                ):
                    first = at + length - 1 if words.endswith(" fire") else at  # of "rocket fire" the noun alone
                    found.append(self.trigger(sentence, first, at + length, self.lexicon.triggers[words]))
                    at += length
                    break
            else:
                at += 1
        return found

    def _is_name_or_modifier(self, tokens: tuple[Token, ...], low: int, high: int) -> bool:
        """ "Operation Dawn", "rescue organisations": a word of a name, or a noun before the noun that heads its phrase."""
        after = tokens[high] if high < len(tokens) else None
        if after is None or is_verb(tokens[low]):
            return False
        named = tokens[low].is_capital and after.is_capital and low > 0
        return named or (after.lower in HEADS and high - low == 1)

    def casualty_triggers(self, sentence: Sentence) -> list[Trigger]:
        """The casualty words of a sentence that could be triggers."""
        return [
            self.trigger(sentence, i, i + 1, "attack.unspecified")
            for i, token in enumerate(sentence.tokens)
            if token.lower in CASUALTY_TRIGGERS
            and token.start not in self.named
            and not (token.lower == "death" and i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].lower == "toll")
            and not (i and sentence.tokens[i - 1].lower in DETERMINERS)
            and not _modifies(sentence, i)
        ]

    def trigger(self, sentence: Sentence, low: int, high: int, type: str) -> Trigger:
        """A trigger of the tokens from `low` to `high`, with what is read beside it."""
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
        inside = any(a <= tokens[low].start < b for a, b in self.said)
        nobody = "nobody" in before or ("no", "one") in pairwise(before)
        negated = bool(set(before[-3:]) & _NEGATIVE) or nobody
        polarity = "negative" if negated and not inside else "positive"
        word = tokens[high - 1].lower
        plural = type.startswith("attack.") and word.endswith("s") and not is_verb(tokens[high - 1])
        plural = plural and not set(before[-3:]) & {"the", "these", "those"}
        time = self.calendar.near(sentence, tokens[low].start)
        place = self._place(sentence, high)
        counted = plural and self._is_counted(sentence, low)
        since = "since" in {t.lower for t in tokens[high:]} and bool({"has", "have"} & set(before[-3:]))
        generic = (counted and place is None) or since or bool({t.lower for t in tokens} & _GENERIC)
        if type == "attack.unspecified":
            type = _by_means(sentence, low)
        return Trigger(
            tokens[low].start, tokens[high - 1].end, type, sentence, modality, polarity, generic, time, plural, place
        )

    def _is_counted(self, sentence: Sentence, at: int) -> bool:
        """Whether a number or "several" stands in the noun phrase before a trigger."""
        for token in reversed(sentence.tokens[max(0, at - 4) : at]):
            if token.lower in _MANY or token.text[:1].isdigit() or parse(token.text) is not None:
                return True
            if not token.is_word or token.lower in PREPOSITIONS or token.lower in BE or is_verb(token):
                return False
        return False

    def _place(self, sentence: Sentence, at: int) -> str | None:
        """The city or spot that a prepositional phrase after a trigger names in its clause."""
        tokens = sentence.tokens
        for i in range(at, min(at + 12, len(tokens) - 1)):
            if tokens[i].text in (";", ":", '"') or tokens[i].lower in ("and", "after", "when", "which", "who"):
                return None
            if tokens[i].lower in ("in", "at", "near", "outside"):
                at = i + 1
                while at < len(tokens) and tokens[at].lower in _BEFORE_PLACE:
                    at += 1
                if at < len(tokens) and tokens[at].start in self.cities:
                    return self.cities[tokens[at].start]
        return None


def _modifies(sentence: Sentence, i: int) -> bool:
    """Whether a participle stands before its noun ("wounded victims"), where it is no trigger."""
    tokens = sentence.tokens
    before, following = tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None
    if before is None or following is None or HEADS.get(following.lower) not in ("people", "person"):
        return False
    verbal = before.lower in BE or is_verb(before)
    subject = before.lower in HEADS or before.is_capital or not before.is_word
    return not verbal and not subject


def _by_means(sentence: Sentence, at: int) -> str:
    """The type of an attack that is only called an attack, by what its part of the sentence says it was done with."""
    tokens = sentence.tokens
    first = next((i for i in range(at, 0, -1) if tokens[i].text == ";"), 0)
    last = next((i for i in range(at, len(tokens)) if tokens[i].text == ";"), len(tokens))
    found = {MEANS[t.lower] for t in tokens[first:last] if t.lower in MEANS}
    return next((kind for kind in dict.fromkeys(MEANS.values()) if kind in found), "attack.unspecified")


def _same(happening: Happening, trigger: Trigger) -> bool:
    """Whether a trigger takes up an event: types, modality and times that go together."""
    first = happening.first
    if (first.modality, first.polarity, first.generic) != (trigger.modality, trigger.polarity, trigger.generic):
        return False
    if trigger.plural and not first.plural:
        return False
    if not (happening.type == trigger.type or _compatible(happening.type, trigger.type)):
        return False
    last = happening.triggers[-1]
    if trigger.sentence.item != last.sentence.item:
        return False  # another item of a digest
    if first.modality != "actual" and trigger.sentence.index - last.sentence.index > 2:
        return False
    places = {t.place for t in happening.triggers if t.place}
    if trigger.place and places and trigger.place not in places:
        return False
    known, new = happening.time, trigger.time
    if (
        known is None
        and new is not None
        and len(new.edtf) < 8
        and happening.triggers[-1].sentence is not trigger.sentence
    ):
        return False  # a year or month printed for the first time tells of another occasion
    return known is None or new is None or known.edtf.startswith(new.edtf) or new.edtf.startswith(known.edtf)


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


# --- figures and arguments ----------------------------------------------------------------------------------------

_CARRIERS: dict[str, tuple[str, ...]] = {
    "killed": _HARMFUL, "injured": _HARMFUL, "casualties": _HARMFUL, "missing": _HARMFUL,
    "abducted": ("attack.abduction",), "held": ("attack.abduction",), "released": ("release",), "detained": ("arrest",),
    "displaced": ("displacement", "evacuation"), "surrendered": ("surrender", "defection"),
    "participants": ("attack.", "clash", "protest", "deployment", "withdrawal", "operation"),
    "objects": ("attack.", "clash", "accident", "aid", "seizure", "withdrawal"),
    "duration": ("trial", "attack.", "clash", "operation", "agreement"),
    "other": ("trial", "evacuation", "attack.", "seizure"),
}  # fmt: skip


def events_of(figures: list[Figure], happenings: list[Happening]) -> list[Happening | None]:
    """The event of each figure: a part has that of its whole, an elided figure that of the one that lends its noun."""
    found: dict[int, Happening | None] = {}
    before: Figure | None = None
    for figure in figures:
        lender = figure.whole or (before if figure.borrowed else None)
        own = event_of(figure, happenings)
        near = own is not None and any(t.sentence is figure.sentence for t in own.triggers)
        found[id(figure)] = found[id(lender)] if lender is not None and id(lender) in found and not near else own
        before = figure
    return [found[id(f)] for f in figures]


def event_of(figure: Figure, happenings: list[Happening]) -> Happening | None:
    """The event that a figure belongs to: the nearest that fits in its sentence, for victims else the last before."""
    kinds = _CARRIERS.get(figure.measure or "")
    if kinds is None:
        return None
    if figure.measure == "other" and figure.unit not in ("kg", "t", "[lb_av]") and figure.measure_token is None:
        return None
    told = [
        h
        for h in happenings
        if figure.measure_token is not None
        for t in h.triggers
        if t.start == figure.measure_token.start
    ]
    if told and told[0].type.startswith(kinds):
        return told[0]
    near = [
        (abs(t.start - figure.start), h.id, h)
        for h in happenings
        if h.type.startswith(kinds)
        for t in h.triggers
        if t.sentence is figure.sentence
    ]
    if near:
        return min(near, key=lambda n: n[:2])[2]
    if kinds is not _HARMFUL and figure.measure not in ("abducted", "held", "released"):
        return None
    before = [
        (t.start, h.id, h)
        for h in happenings
        if h.type.startswith(kinds) and h.first.modality == "actual" and not h.first.generic
        for t in h.triggers
        if t.start < figure.start and t.sentence.item == figure.sentence.item
    ]
    attacks = [b for b in before if b[2].type.startswith("attack.")]
    return max(attacks or before, key=lambda n: n[:2])[2] if before else None


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
        type=happening.type,  # type: ignore[arg-type]
        modality=first.modality,  # type: ignore[arg-type]
        polarity=first.polarity,  # type: ignore[arg-type]
        genericity="generic" if first.generic else "specific",
        triggers=[Span(t.start, t.end, text[t.start : t.end]) for t in happening.triggers],
        arguments=arguments,
        time=Time(time.edtf, Span(time.start, time.end, text[time.start : time.end])) if time else None,
    )
