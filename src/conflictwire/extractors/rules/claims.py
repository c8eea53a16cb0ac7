"""Claims by a casualty grammar: what is a figure, what it counts, and what is said of what it counts.

`find_figures` reads figures off the page with their measure and counted noun; the record is made of
them once events and entities are known. Knows nothing of who says a figure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from conflictwire import numerals
from conflictwire.extractors.rules.lexicon import (
    ATTACKERS,
    CALENDAR,
    EVENT_NOUNS,
    HEADS,
    MEASURES,
    NUMBERED,
    STATUS,
    TOLL_NOUNS,
    TRANSITIVE,
    Lexicon,
)
from conflictwire.extractors.rules.reading import (
    BE,
    DETERMINERS,
    PREPOSITIONS,
    Page,
    Phrase,
    Sentence,
    Token,
    is_verb,
    noun_phrase,
)
from conflictwire.model import Form, Measure

_MODIFIER = re.compile(
    rf"(?:\b(?:between|from|another|an additional|a further|{numerals.MODIFIER})\s+)+\Z", re.IGNORECASE
)
_AFTER = re.compile(r"\s+(?:or (?:more|so|fewer|less)|or thereabouts)\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|to|or|and)\s*[$€£]?\s*\Z", re.IGNORECASE)
_ONE = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
_FRACTION = re.compile(
    rf"\b(?:{_ONE} (?:in|out of)(?: every)? {_ONE}"
    r"|(?:an?|one|two|three|four|nine)[ -](?:half|halves|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)"
    r"|half(?= (?:of|the|its|their|an? (?!dozen|hundred|thousand|million|billion)\w+)\b))\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(rf"\b(?:{numerals.VAGUE})\b", re.IGNORECASE)
_NOT_VAGUE = frozenset(("few", "a score", "scores", "tens", "a number", "a couple"))
_UNIT = re.compile(
    r"\s?-?(?P<percent>%|percent\b|per cent\b|percentage points?\b)"
    r"|\s(?:US )?(?P<money>dollars|euros|pounds)\b"
    r"|\s?(?P<measure>km2|square kilomet(?:re|er)s|square miles|km|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|feet|"
    r"kilograms?|kilos?|kg|tonn?es?|tons?|lit(?:re|er)s?|hectares|acres)\b"
    r"|\s(?P<time>seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?)\b(?! old\b)",
    re.IGNORECASE,
)
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "dollars": "USD", "euros": "EUR", "pounds": "GBP"}
_UCUM: dict[str, tuple[Measure, str]] = {
    "km2": ("area", "km2"), "square kilomet": ("area", "km2"), "square mile": ("area", "[smi_us]"),
    "hectare": ("area", "har"), "acre": ("area", "[acr_us]"), "km": ("distance", "km"), "kilomet": ("distance", "km"),
    "mile": ("distance", "[mi_i]"), "met": ("distance", "m"), "feet": ("distance", "[ft_i]"),
    "kilogram": ("objects", "item"), "kilo": ("objects", "item"), "kg": ("objects", "item"), "ton": ("objects", "item"),
    "lit": ("objects", "item"), "second": ("duration", "s"), "minute": ("duration", "min"), "hour": ("duration", "h"),
    "day": ("duration", "d"), "night": ("duration", "d"), "week": ("duration", "wk"), "month": ("duration", "mo"),
    "year": ("duration", "a"),
}  # fmt: skip
# A length of time is counted where it lasted or was served; elsewhere it only places something in time.
_LASTING = frozenset("for lasted lasts last took takes take spent spend served serve sentenced to".split())
_PERIODS = frozenset("day week month year night morning evening afternoon weekend".split())
_POINTING = frozenset("the these those this both his her its their our my first last next past".split())
_CONTAINED = re.compile(
    r"(?:\bincluding|\bincluded|\bbut for|\bexcept for|\bapart from|\bamong them|\bof whom|\bamong whom|\bof which|\bamong those killed)(?: those of)?[\s,]*(?:the bodies of )?\Z",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:,|,? and|,? or|,? as well as|,? plus|,? along with)\s*(?:and )?\Z", re.IGNORECASE)
_ELSE_PERSON: dict[Measure, frozenset[str]] = {
    "membership": frozenset("members fighters".split()),
    "participants": frozenset(
        "attackers gunmen assailants attended attend attending gathered marched queued protested joined followed involved "
        "stormed deployed sent guards bombers protesters demonstrators mourners took part withdrawn withdrew attacked".split()
    ),
    "population": frozenset("inhabitants residents population".split()),
}
REACH = 12  # tokens within which a figure and the word that says its measure stand


@dataclass
class Figure:
    """A figure on the page and what it counts, before events and entities are known."""

    start: int
    end: int
    parsed: numerals.Expression
    sentence: Sentence
    noun: Phrase | None = None
    measure: Measure | None = None
    measure_token: Token | None = None
    unit: str = "person"
    whole: "Figure | None" = field(default=None, repr=False)
    governed_after: bool = False  # the measure's word follows, as in "two of them were freed"
    borrowed: bool = False

    @property
    def form(self) -> Form:
        """The form of the expression."""
        return self.parsed.form

    def is_person(self) -> bool:
        """Whether it counts persons."""
        return self.unit == "person"

    def status(self) -> str:
        """Civilian, security force, militant or mixed, where the counted words print it."""
        words = _words(self.noun.text_words) if isinstance(self.noun, Counted) else []
        found = {STATUS[w] for w in words if w in STATUS}
        return "mixed" if len(found) > 1 else found.pop() if found else "unknown"


@dataclass(frozen=True)
class Counted(Phrase):
    """The counted noun phrase without its number, and its words."""

    text_words: str = ""


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.lower())


def find_figures(page: Page, lexicon: Lexicon) -> list[Figure]:
    """The figures of a text that are claims by the guidelines, left to right."""
    figures: list[Figure] = []
    for start, end, parsed in _expressions(page):
        sentence = page.sentence_at(start)
        if end <= sentence.end and not _excluded(page, sentence, start, end, parsed):
            figures.append(Figure(start, end, parsed, sentence))
    kept: list[Figure] = []
    for figure in figures:
        _read_unit(page, figure, lexicon)
        _read_measure(page, figure, kept, lexicon)
        if figure.measure is not None:
            kept.append(figure)
    _share_measures(page, kept)
    kept += [
        f for f in _articles_that_count(page, lexicon) if not any(f.start < k.end and k.start < f.end for k in kept)
    ]
    kept.sort(key=lambda f: f.start)
    _find_wholes(page, kept)
    return [f for f in kept if f.measure is not None]


# --- what is a figure ---------------------------------------------------------------------------------------------


def _expressions(page: Page) -> Iterator[tuple[int, int, numerals.Expression]]:
    """Spans of numbers with their modifiers, ranges joined, in order and apart."""
    text = page.folded
    spans: list[tuple[int, int]] = [(m.start(), m.end()) for m in _FRACTION.finditer(text)]
    taken = list(spans)
    found = [n for n in numerals.numbers(text) if not any(a < n.end and n.start < b for a, b in taken)]
    at = 0
    while at < len(found):
        start, end = found[at].start, found[at].end
        joined = at + 1 < len(found) and _RANGE.match(text[end : found[at + 1].start])
        if joined and _is_range(text, start, end, found[at + 1].start, found[at].value < found[at + 1].value):
            end = found[at + 1].end
            at += 1
        spans.append((start, end))
        at += 1
    for match in _VAGUE.finditer(text):
        words = match.group().lower()
        of = text[match.end() : match.end() + 4].lower() == " of "
        if words not in _NOT_VAGUE or (of and words != "few"):
            spans.append((match.start(), match.end()))
    zero = re.compile(r"\b(?:no|nobody|no one|zero|not a single|without)\b", re.IGNORECASE)
    spans += [(m.start(), m.end()) for m in zero.finditer(text)]
    last = 0
    vague = [(m.start(), m.end()) for m in _VAGUE.finditer(text)]
    spans = [s for s in spans if not any(a <= s[0] and s[1] <= b and (a, b) != s for a, b in vague)]
    for start, end in sorted(spans):
        start = _with_modifiers(text, start)
        end = _with_unit(text, start, end)
        if start < last:
            continue
        parsed = _parse(text[start:end])
        if parsed is not None:
            last = end
            yield start, end, parsed


def _parse(words: str) -> numerals.Expression | None:
    try:
        parsed = numerals.parse(words)
    except (ValueError, KeyError, ArithmeticError):  # a figure that the grammar cannot read is no claim
        return None
    return parsed if parsed is None or all(len(v) < 40 for v in parsed.values) else None


def _is_range(text: str, start: int, end: int, after: int, rising: bool) -> bool:
    link = text[end:after].strip(" $€£").lower()
    if link == "and":
        return bool(re.search(r"\bbetween\s+[$€£]?\Z", text[:start][-20:], re.IGNORECASE))
    return rising and (link != "-" or text[end:after] in ("-", " - "))


def _with_modifiers(text: str, start: int) -> int:
    if text[start - 1 : start] in ("$", "€", "£"):
        start -= 1
    before = _MODIFIER.search(text[max(0, start - 40) : start])
    if before is None:
        return start
    words = before.group()
    if words.lower() == "over " and re.search(
        r"\w(?:ed|ook|ave|ing) \Z", text[max(0, start - 20) : start - len(words)]
    ):
        return start  # "handed over $600,000"
    if words.lower().startswith("from ") or "\n" in words:
        return start
    return start - len(words)


def _with_unit(text: str, start: int, end: int) -> int:
    unit = _UNIT.match(text, end)
    if unit and not (
        unit["time"] and re.match(r"\s+(?:ago|later|earlier|before|after|old)\b", text[unit.end() :][:12])
    ):
        end = unit.end()
    after = _AFTER.match(text, end)
    return after.end() if after else end


def _excluded(page: Page, sentence: Sentence, start: int, end: int, parsed: numerals.Expression) -> bool:
    """Whether a written rule says that this number is no claim: dates, ages, names, sizes, pointing back."""
    text = page.folded
    words = text[start:end]
    before, after = text[max(sentence.start, start - 30) : start], text[end : end + 30]
    first = sentence.at(start)
    previous = sentence.tokens[first - 1] if first else None
    if parsed.form in ("zero", "vague", "fraction"):
        return False
    bare = words.replace(",", "").isdigit()
    if re.match(
        r"\w|\s(?:\w+\s)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\s(?:ago|later|earlier|before|after|old)\b",
        after,
    ):
        return True  # 9B, three years ago
    if re.search(r"[\w.][-/:]\Z|[A-Z]\.?\Z", before) or re.match(r"[-/:]\w|['\u2032]s\b|s\b", after):
        return True  # F-16, 9/11, 7:40, 17-year-old, the 1990s
    if re.match(r"\s?(?:[ap]\.?m\b|o'clock|noon|hours GMT|GMT|UTC|local time)", after, re.IGNORECASE):
        return True
    if (
        bare
        and _is_year(words)
        and not re.match(r"\s+(?:people|troops|fighters|soldiers|civilians|members|others)\b", after)
    ):
        return True
    if bare and previous is not None and previous.lower.rstrip(".") in CALENDAR:
        return True
    if (
        bare
        and previous is not None
        and previous.text == "."
        and first > 1
        and sentence.tokens[first - 2].lower in CALENDAR
    ):
        return True
    if bare and re.match(rf"(?:\s+of)?\s+(?:{'|'.join(CALENDAR)})\b", after, re.IGNORECASE):
        return True
    if (
        re.search(r",\s*\Z", before)
        and re.match(r"\s*(?:,|\.|\))", after)
        and bare
        and re.search(r"[A-Z]\w+,\s*\Z", before)
    ):
        return True  # Dask, 24,
    if re.search(r"\b(?:aged|age|the (?:oldest|youngest)[\w ]*)\s+\Z", before, re.IGNORECASE) or re.match(
        r"\s*years? old", after
    ):
        return True
    if re.search(r"\b(?:man|woman|boy|girl|\w+or|\w+er) of \Z", before) and re.match(r"\s*[,.]", after) and bare:
        return True
    if (
        previous is not None
        and previous.is_word
        and (previous.lower in NUMBERED or (words[0].isupper() and previous.lower == "of"))
    ):
        return True
    if previous is not None and previous.lower in ("since", "until") and not re.match(r" (?:people|\w+men)\b", after):
        return True
    if words.lower() in ("one", "the one") and not re.match(
        r"\s+(?:of (?:her|his|their|its|them)|was|were|\w*(?:man|woman|er|or|person)\b|civilian\b)", after
    ):
        return True
    unit = _UNIT.search(words)
    if unit and unit["time"]:
        return not _lasted(sentence, first)
    if previous is not None and previous.lower in _POINTING:
        following = sentence.tokens[sentence.at(end)] if sentence.at(end) < len(sentence.tokens) else None
        share = re.search(r"\b(\w+) of the \Z", before)
        if share and numerals.parse(share[1]) is not None:
            return False  # "140 of the 180 units"
        return following is None or following.lower not in MEASURES
    return False


def _is_year(words: str) -> bool:
    return len(words) == 4 and words.isdigit() and 1900 <= int(words) <= 2100


def _lasted(sentence: Sentence, first: int) -> bool:
    before = [
        t.lower for t in sentence.tokens[max(0, first - 5) : first] if t.lower not in ("about", "around", "to", "up")
    ]
    if before[-1:] == ["for"]:
        return "been" not in before
    return (
        bool(before)
        and bool(_LASTING & set(before[-3:]))
        and before[-1] not in ("in", "over", "within", "the", "after")
    )


# --- what it counts -----------------------------------------------------------------------------------------------


def _read_unit(page: Page, figure: Figure, lexicon: Lexicon) -> None:
    """Unit, and the counted noun phrase where one is printed after the figure."""
    words = page.folded[figure.start : figure.end]
    unit = _UNIT.search(words)
    money = next((c for sign, c in _CURRENCY.items() if sign in words), None)
    if money:
        figure.unit, figure.measure = money, "money"
        return
    if unit and unit["percent"]:
        figure.unit, figure.measure = "percent", "share"
    elif unit and (unit["measure"] or unit["time"]):
        key = (unit["measure"] or unit["time"]).lower()
        found = next((v for k, v in _UCUM.items() if key.startswith(k)), None)
        if found:
            figure.measure, figure.unit = found
    sentence = figure.sentence
    at = sentence.at(figure.end)
    if figure.measure is not None:
        if at < len(sentence.tokens) and sentence.tokens[at].lower == "of":
            figure.noun = _counted(page, sentence, at + 1, lexicon)
        return
    if at < len(sentence.tokens) and sentence.tokens[at].lower == "of":
        at += 1
    if at < len(sentence.tokens) and sentence.tokens[at].lower in (
        "the",
        "these",
        "those",
        "her",
        "his",
        "its",
        "their",
        "our",
    ):
        at += 1
    if at < len(sentence.tokens) and sentence.tokens[at].lower in ("dead", "wounded", "injured", "missing", "hurt"):
        following = noun_phrase(sentence, at, lexicon.nouns)
        if following is None or following.head in ("dead", "wounded", "injured", "missing", "hurt"):
            return
    figure.noun = _counted(page, sentence, at, lexicon) or _counted_before(page, figure, lexicon)
    if figure.noun is not None:
        figure.unit = _unit_of(figure.noun.head, lexicon)
    if figure.form == "fraction":
        figure.measure = "share"


def _counted(page: Page, sentence: Sentence, at: int, lexicon: Lexicon) -> Counted | None:
    if at >= len(sentence.tokens) or (
        sentence.tokens[at].lower in MEASURES and sentence.tokens[at].lower not in lexicon.heads
    ):
        return None
    phrase = noun_phrase(sentence, at, lexicon.nouns, ("of", "from"))
    if (
        phrase is None
        or phrase.head in CALENDAR
        or (phrase.head in _PERIODS and sentence.tokens[at].lower in _POINTING)
    ):
        return None
    return Counted(phrase.start, phrase.end, phrase.head, page.folded[phrase.start : phrase.end])


def _counted_before(page: Page, figure: Figure, lexicon: Lexicon) -> Counted | None:
    """The noun of "rifles, about 60 of them"."""
    if not re.match(r" of (?:them|which)\b", page.folded[figure.end :][:10]):
        return None
    match = re.search(r"\b(\w+), \Z", page.folded[figure.sentence.start : figure.start])
    if match is None or lexicon.heads.get(match[1].lower()) != "materiel":
        return None
    start = figure.sentence.start + match.start()
    return Counted(start, start + len(match[1]), match[1].lower(), match[1])


def _unit_of(head: str, lexicon: Lexicon) -> str:
    if head in EVENT_NOUNS or (lexicon.triggers.get(head) and head not in lexicon.heads):
        return "event"
    kind = lexicon.heads.get(head) or lexicon.heads.get(head.removesuffix("s"))
    if kind in ("people", "person") or head in MEASURES or head.endswith(("men", "ians", "women", "ists", "ers")):
        return "person"
    return "item" if kind or head.endswith("s") else "person"


def _read_measure(page: Page, figure: Figure, earlier: list[Figure], lexicon: Lexicon) -> None:
    """The measure: by what the noun is, else by the casualty word that governs it, else by the figure before."""
    if figure.measure is not None:
        return
    head = figure.noun.head if figure.noun else None
    if figure.form == "zero":
        _read_zero(page, figure)
        return
    if head in EVENT_NOUNS:
        figure.measure, figure.unit = EVENT_NOUNS[head], "event"
        return
    if figure.unit == "item":
        goods = lexicon.heads.get(head or "") in ("materiel", "facility") or head in ("units", "goods", "supplies")
        figure.measure = "objects" if goods else "other"
        return
    if figure.unit == "event":
        figure.measure = "other"
        return
    token = _governing_after(figure)
    figure.governed_after = token is not None
    token = token or _governing_before(figure)
    if token is not None:
        figure.measure, figure.measure_token = MEASURES[token.lower], token
        return
    if head is None and _borrow(page, figure, earlier):
        return
    if head is None:
        return
    if re.search(
        r"\b(?:city|town|village|country|nation|population|people) of \Z",
        page.folded[figure.sentence.start : figure.start],
    ):
        figure.measure = "population"
        return
    if head == "victims":
        figure.measure = "casualties"
        return
    if head in MEASURES:
        figure.measure = MEASURES[head]
        return
    around = {t.lower for t in figure.sentence.tokens}
    acting = bool(_ELSE_PERSON["participants"] & around)
    for measure, words in _ELSE_PERSON.items():
        if measure == "membership" and acting:
            continue
        if head in words or (measure == "participants" and figure.noun and words & around):
            figure.measure = measure
            return
    figure.measure = "other"


def _read_zero(page: Page, figure: Figure) -> None:
    tokens = figure.sentence.tokens
    at = figure.sentence.at(figure.end)
    person = at < len(tokens) and HEADS.get(tokens[at].lower) in ("person", "people")
    for token in tokens[at : at + (10 if person else 6)]:
        if token.lower in ("reports", "report", "word", "sign", "claim", "comment", "evidence", "immediate"):
            return
        if token.lower in MEASURES and token.lower not in ("taken", "treated"):
            figure.measure, figure.measure_token, figure.unit = MEASURES[token.lower], token, "person"
            figure.noun = None
            return
        if not token.is_word:
            return


def _governing_after(figure: Figure) -> Token | None:
    """The casualty word whose subject the figure is, or that stands beside it: "six people were killed", "23 dead"."""
    sentence = figure.sentence
    tokens = sentence.tokens
    end = figure.noun.end if figure.noun else figure.end
    passive = False
    skip = _appositive_end(figure, sentence.at(end - 1) + 1)
    for step, i in enumerate(range(skip, len(tokens))):
        token = tokens[i]
        if step >= REACH or (token.text in (";", ":", ".", '"') and step > 1):
            break
        if token.text == "," and not (i + 1 < len(tokens) and tokens[i + 1].lower in ("who", "whom")):
            break
        if token.lower in ("and", "but", "while", "as", "when", "after", "that", "which", "by") and step:
            break
        if token.lower in ("and", "or"):
            break
        passive = passive or token.lower in BE
        if token.lower == "let" and i + 1 < len(tokens) and tokens[i + 1].lower == "go":
            return token
        if token.lower in MEASURES and token.lower != "lost":
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if token.lower in TRANSITIVE and not passive and following is not None and _begins_object(following):
                break
            if token.lower in TOLL_NOUNS and step:
                break
            return token
        if is_verb(token) and token.lower not in BE and not token.lower.endswith("ing") and step > 4:
            break
    return None


def _appositive_end(figure: Figure, at: int) -> int:
    """The token after an appositive between commas: "Two men, brothers from Dellin, were killed"; `at` if there is none."""
    tokens = figure.sentence.tokens
    if at < len(tokens) and tokens[at].text == "," and figure.noun is not None:
        for i in range(at + 1, min(at + 20, len(tokens) - 1)):
            if tokens[i].text == "," and tokens[i + 1].lower in BE:
                return i + 1
    return at


def _governing_before(figure: Figure) -> Token | None:
    """The casualty word whose object the figure is, or the noun that announces it: "killing nine", "a toll of 27"."""
    sentence = figure.sentence
    tokens = sentence.tokens
    first = sentence.at(figure.start)
    for step, i in enumerate(range(first - 1, -1, -1)):
        token = tokens[i]
        if step >= REACH or token.text in (";", ":", "."):
            break
        if token.text == "," and step:
            break
        if token.lower in ("by", "after", "when", "while", "who", "but") and token.lower not in MEASURES:
            break
        if token.lower in MEASURES:
            if token.lower in TOLL_NOUNS or token.lower == "claimed":
                return token
            if token.lower in TRANSITIVE and not (i and tokens[i - 1].lower in BE | {"'s"} and step):
                return token
            if step == 0 and token.lower in ("dead", "missing", "hostages"):
                return token
            break
    return None


def _begins_object(token: Token) -> bool:
    return (
        token.lower in DETERMINERS
        or token.text[:1].isdigit()
        or token.is_capital
        or numerals.parse(token.text) is not None
        or (
            token.is_word
            and token.lower not in PREPOSITIONS
            and token.lower not in ("and", "or", "but", "when", "while", "overnight")
            and not is_verb(token)
            and token.lower not in CALENDAR
        )
    )


def _borrow(page: Page, figure: Figure, earlier: list[Figure]) -> bool:
    """Takes measure and noun of an elided clause from the figure before: "some 80 raids in 2021, roughly 20 this year"."""
    if not earlier or figure.sentence.index - earlier[-1].sentence.index > 1:
        return False
    donor = earlier[-1]
    if donor.unit not in ("person", "event", "item") or donor.form in ("zero", "fraction"):
        return False
    figure.measure, figure.measure_token, figure.unit = donor.measure, donor.measure_token, donor.unit
    figure.noun, figure.borrowed = donor.noun, True
    return True


def _share_measures(page: Page, figures: list[Figure]) -> None:
    """A list has one measure: "60 children and 19 women were among the dead", "killed two guards and two civilians"."""
    pairs = list(pairwise(figures))

    def linked(a: Figure, b: Figure) -> bool:
        end = a.noun.end if a.noun and not a.borrowed else a.end
        return a.sentence is b.sentence and end <= b.start and bool(_LINK.match(page.folded[end : b.start]))

    for giver, taker in [*pairs, *((b, a) for a, b in reversed(pairs))]:
        low, high = sorted((giver, taker), key=lambda f: f.start)
        if (
            linked(low, high)
            and giver.measure_token is not None
            and taker.measure_token is None
            and taker.is_person()
            and giver.is_person()
            and taker.measure in (None, "other", "membership", "participants")
        ):
            taker.measure, taker.measure_token = giver.measure, giver.measure_token


def _find_wholes(page: Page, figures: list[Figure]) -> None:
    """Contained figures: "including 13 troops", "of whom two", "seven of them children"; they take the whole's measure."""
    previous: Figure | None = None
    for figure in figures:
        before = page.folded[figure.sentence.start : figure.start]
        inside = bool(_CONTAINED.search(before)) or bool(
            re.match(r"\s+of (?:them|whom)\b", page.folded[figure.end :][:10])
        )
        if previous is not None and previous.sentence is figure.sentence and figure.is_person():
            listed = previous.whole is not None and bool(
                _LINK.match(page.folded[(previous.noun or previous).end : figure.start])
            )
            whole = (previous.whole if listed else previous) if inside or listed else None
            if whole is not None and whole.is_person():
                figure.whole = whole
                if not figure.governed_after:
                    figure.measure, figure.measure_token = whole.measure, figure.measure_token or whole.measure_token
        elif (
            inside
            and figure.is_person()
            and figure.measure_token is None
            and previous is not None
            and previous.is_person()
            and figure.sentence.index - previous.sentence.index <= 1
        ):  # "The dead included six children"
            figure.whole, figure.measure, figure.measure_token = previous, previous.measure, previous.measure_token
        previous = figure


# --- articles that count ------------------------------------------------------------------------------------------


def _articles_that_count(page: Page, lexicon: Lexicon) -> Iterator[Figure]:
    """Implicit figures: an indefinite single person killed, hurt, taken or arrested."""
    for sentence in page.sentences:
        tokens = sentence.tokens
        for i, token in enumerate(tokens):
            if token.lower not in ("a", "an", "another"):
                continue
            phrase = noun_phrase(sentence, i, lexicon.nouns)
            parsed = numerals.Expression("implicit")
            bare = token.lower == "another" and (phrase is None or phrase.head in MEASURES or phrase.head == "one")
            if not bare and (phrase is None or lexicon.heads.get(phrase.head) != "person"):
                continue
            noun = None
            if phrase is not None and not bare and i + 1 < len(tokens):
                start = tokens[i + 1].start
                if start >= phrase.end:
                    continue
                noun = Counted(start, phrase.end, phrase.head, page.folded[start : phrase.end])
            figure = Figure(token.start, token.end, parsed, sentence, noun)
            governing = _patient(figure)
            if governing is not None:
                figure.measure, figure.measure_token = MEASURES[governing.lower], governing
                yield figure


_PATIENT = (
    frozenset(MEASURES)
    - TOLL_NOUNS
    - frozenset("dead die dies hostages captives prisoners detainees treated custody".split())
)


def _patient(figure: Figure) -> Token | None:
    """The casualty word of which an indefinite person is the patient: directly after a passive, or its direct object."""
    tokens = figure.sentence.tokens
    at = figure.sentence.at(figure.noun.start) + 1 if figure.noun else figure.sentence.at(figure.start) + 1
    if figure.noun:
        at = figure.sentence.at(figure.noun.end - 1) + 1
    first = figure.sentence.at(figure.start)
    if first and tokens[first - 1].lower in _PATIENT & TRANSITIVE and not (first > 1 and tokens[first - 2].lower in BE):
        return tokens[first - 1]
    if first and tokens[first - 1].lower in ("by", "with", "as"):
        return None
    passive = False
    for step, token in enumerate(tokens[at : at + 6]):
        if token.lower in BE:
            passive = True
        elif token.lower in _PATIENT and (
            passive or token.lower in ("died", "suffered") or (step == 0 and figure.noun is None)
        ):
            return token
        elif token.lower == "suffered":
            return next((t for t in tokens[at + step : at + step + 5] if t.lower in ("injuries", "wounds")), None)
        elif not token.is_word or token.lower in ("who", "that", "and", "which", "said"):
            return None
    return None


def is_attacker(figure: Figure) -> bool:
    """Whether the counted persons are named as those who attack."""
    return figure.noun is not None and figure.noun.head in ATTACKERS
