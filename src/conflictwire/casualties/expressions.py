"""Figures as printed: which numbers, vague words, fractions and zeros of a page are figures, and how far each reaches.

Guidelines 3 says what is excluded (dates, ages, names, sizes, times that only place something, numbers
that only point back); each exclusion is one function here. Knows nothing of what a figure counts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conflictwire import numerals
from conflictwire.casualties.vocabulary import CALENDAR, NUMBERED
from conflictwire.reading import Page, Sentence, Token

_MODIFIER = re.compile(
    rf"(?:\b(?:between|another|an additional|a further|nearer|{numerals.MODIFIER})\s+)+\Z", re.IGNORECASE
)
_AFTER = re.compile(r"\s+(?:or (?:more|so|fewer|less)|or thereabouts)\b", re.IGNORECASE)
_LINK = re.compile(r"\s*(?:-|to|or|and)\s*(?:US)?[$€£]?\s*\Z", re.IGNORECASE)
_ONE = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
_PART = r"(?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)"
_FRACTION = re.compile(
    rf"\b(?:{_ONE} (?:in|out of)(?: every)? {_ONE}(?!\s+(?:days?|weeks?|months?|years?|hours?)\b)"
    rf"|(?:an?|one)[ -]{_PART}(?=-|\s+(?:of|more|less|fewer|as|were|was|are|is|have|had)\b|\s*(?:[,.;:)]|\Z))"
    rf"|(?:two|three|four|five|six|seven|eight|nine)[ -]{_PART}s"
    r"|(?:an?|one)[ -]half(?= of\b)|half(?= (?:of\b|the|its|their|an? (?!dozen|hundred|thousand|million|billion|hour|day|mile|year)\w+)))\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(rf"\b(?:{numerals.VAGUE})\b", re.IGNORECASE)
_BEFORE_OF = frozenset(("a score", "scores", "tens", "a number", "a couple", "a handful"))  # vague only before "of"
_ZERO = re.compile(
    r"\b(?:no one|nobody|not (?:been )?a single|not one(?: (?:cent|penny|dollar|euro)\b)?|none(?! of\b)|no(?! (?:fewer|less|more|longer)\b)|without)\b",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"\s?-?(?P<percent>%|percent\b|per cent\b|percentage points?\b)"
    r"|\s(?:(?:US|U\.S\.|Iraqi|Syrian|Afghan|Kuwaiti|Pakistani|Indian) )?(?P<money>dollars|euros|pounds(?! of\b)|yen|yuan|roubles|rubles|shekels|"
    r"riyals|dirhams|rand|naira|francs|shillings|lira|dinars|rupees)\b"
    r"|\s?(?P<measure>km2|square kilomet(?:re|er)s|square miles|km|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|feet|foot|mi|yards?|"
    r"kilograms?|kilogrammes?|kilos?|kg|pounds(?= of\b)|tonn?es?|tons?|lit(?:re|er)s?|hectares?|acres?)\b(?! per\b)"
    r"|\s(?P<time>seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?)\b(?! old\b)",
    re.IGNORECASE,
)
_PLACING = re.compile(
    r"\s+(?:ago|later|earlier|before|after|beforehand|afterwards|old|previously|prior|since|apart|ahead)\b", re.I
)
# A length of time is counted where it lasted, was served or needed; elsewhere it only places something in time.
_LASTING = frozenset(
    "for lasted lasts last lasting took takes take taking taken spent spend spending serve served serving sentenced face faces "
    "facing faced jailed imprisoned sought imposed gave received got needs needed requires waited endured wait".split()
)
_LASTING_AFTER = re.compile(
    r"\s+(?:in (?:prison|jail|custody|captivity|detention|the hands)|behind bars|of (?:captivity|fighting|siege|war|talks)|long|to (?:reach|stop|"
    r"control|complete|extinguish))\b",
    re.IGNORECASE,
)
_POINTING = frozenset("the these those this both his her its their our my first last next past previous".split())
_TOO_LONG = 40  # digits; a longer number is none that news prints


@dataclass(frozen=True)
class Printed:
    """A figure as printed: `[start, end)` in code points, what it says, and its sentence.

    `weak` ones ("one", "the two men") are figures only where a casualty word governs them.
    """

    start: int
    end: int
    parsed: numerals.Expression
    sentence: Sentence
    weak: bool = False


def printed(page: Page) -> Iterator[Printed]:
    """The figures of a page, left to right and apart."""
    last = 0
    for low, high in _candidates(page.folded):
        start = _with_modifiers(page.folded, low)
        end = _with_unit(page.folded, low, high)
        if start < last:
            continue
        parsed = numerals.parse(page.folded[start:end])
        if parsed is None or any(len(v) > _TOO_LONG for v in parsed.values):
            continue
        sentence = page.sentence_at(start)
        if end > sentence.end:
            continue
        last = end
        around = _Around(page, sentence, start, end, parsed)
        if parsed.form == "numeral" or parsed.form == "range":
            if not any(excluded(around) for excluded in _EXCLUDED):
                yield Printed(start, end, parsed, sentence, _is_one(around) or _points_back(around))
        elif parsed.form != "vague" or not _vague_excluded(around):
            yield Printed(start, end, parsed, sentence)


def _candidates(text: str) -> list[tuple[int, int]]:
    """Spans of bare fractions, numbers (ranges joined), vague words and zeros, sorted; none inside another."""
    taken = [m.span() for m in _FRACTION.finditer(text)]
    taken += [m.span() for m in _ZERO.finditer(text)]
    vague = [
        m.span()
        for m in _VAGUE.finditer(text)
        if m.group().lower() != "few"  # like "many" and "some": no figure
        and (m.group().lower() not in _BEFORE_OF or text[m.end() : m.end() + 4].lower() == " of ")
    ]
    taken += [v for v in vague if not _inside(v, taken)]
    found = [n for n in numerals.numbers(text) if not _inside((n.start, n.end), taken)]
    spans = list(taken)
    at = 0
    while at < len(found):
        start, end = found[at].start, found[at].end
        if at + 1 < len(found) and _is_range(text, found[at], found[at + 1]):
            at += 1
            end = found[at].end
        spans.append((start, end))
        at += 1
    return sorted(spans)


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(low < span[1] and span[0] < high for low, high in others)


def _is_range(text: str, low: numerals.Number, high: numerals.Number) -> bool:
    between = text[low.end : high.start]
    if _LINK.fullmatch(between) is None:
        return False
    link = between.strip(" $€£US").lower()
    if link == "and":
        return bool(re.search(r"\bbetween\s+(?:US)?[$€£]?\Z", text[max(0, low.start - 20) : low.start], re.IGNORECASE))
    if link == "to" and re.search(
        r"\b(?:from|rose|raised|fell|up|down)\s+\Z", text[max(0, low.start - 10) : low.start]
    ):
        return False  # "from 14 to 17": two figures
    return low.value < high.value or text[high.start : high.end].lower().endswith(("thousand", "million", "billion"))


def _with_modifiers(text: str, start: int) -> int:
    sign = re.search(r"(?:\b(?:US|C|A|NZ|HK)|(?<!\w))[$€£¥₹]\Z", text[max(0, start - 3) : start])
    start -= len(sign.group()) if sign else 0
    before = _MODIFIER.search(text[max(0, start - 40) : start])
    if before is None or "\n" in text[start - len(before.group()) : start]:
        return start
    words = before.group()
    if re.match(r"(?:over|under|past|above|below)\s\Z", words, re.IGNORECASE) and re.search(
        r"\w(?:ed|ook|ave|ing|nds?) \Z", text[max(0, start - 20) : start - len(words)]
    ):
        return start  # "handed over $600,000"
    return start - len(words)


def _with_unit(text: str, start: int, end: int) -> int:
    unit = UNIT.match(text, end)
    if unit and not (unit["time"] and _PLACING.match(text, unit.end())):
        end = unit.end()
    after = _AFTER.match(text, end)
    return after.end() if after else end


# --- what is no figure --------------------------------------------------------------------------------------------


class _Around:
    """A figure's words and what stands around them."""

    def __init__(self, page: Page, sentence: Sentence, start: int, end: int, parsed: numerals.Expression) -> None:
        text = page.folded
        self.words = text[start:end]
        self.before = text[max(sentence.start, start - 30) : start]
        self.after = text[end : end + 40]
        self.bare = bool(re.fullmatch(r"[\d,.-]+", self.words))
        self.parsed = parsed
        self.first = sentence.at(start)
        self.tokens = sentence.tokens
        following = sentence.at(end)
        self.previous: Token | None = self.tokens[self.first - 1] if self.first else None
        self.following: Token | None = self.tokens[following] if following < len(self.tokens) else None
        self.unit = UNIT.search(self.words)
        self.counts_persons = re.match(
            r"\s+(?:(?!when|as|and|after|that|the)\w+\s)?(?:people|troops|fighters|soldiers|civilians|members|others|families|\w+men)\b",
            self.after,
        )


def _is_part_of_word(a: _Around) -> bool:
    """F-16, 9/11, 7:40, 17-year-old, the 1990s, a five-member panel, [2], 34°N."""
    return bool(
        re.search(r"[\w.][-/:]\Z|[A-Z]\.?\Z|[\[#]\Z", a.before)
        or re.match(r"[-/:]\w|['\u2032]s\b|s\b|\w|['\u2032\u2033\u00b0\]]|:\d", a.after)
    )


def _is_clock_time(a: _Around) -> bool:
    return bool(
        re.match(r"\s?(?:[ap]\.?m\b|o'clock|noon|hours GMT|GMT|UTC|local time)", a.after, re.IGNORECASE)
        or (
            a.bare
            and re.search(r"\b(?:at|around|about) \Z", a.before)
            and re.match(r" (?:in the morning|at night)", a.after)
        )
    )


def _is_year(a: _Around) -> bool:
    if a.counts_persons:
        return False
    years = re.fullmatch(r"(\d{4})(?:-(\d{2,4}))?", a.words)
    return years is not None and 1400 <= int(years[1]) <= 2100


def _is_date(a: _Around) -> bool:
    """September 11, Sept. 11, 11 September, 7-8 March, May 3 and 4, the 10 of May."""
    if not a.bare or not all(v.isdigit() and 1 <= int(v) <= 31 for v in a.parsed.values):
        return False
    previous = a.previous
    if previous is not None and previous.text == "." and a.first > 1:
        previous = a.tokens[a.first - 2]
    if previous is not None and previous.lower.rstrip(".") in CALENDAR and not a.counts_persons:
        return True
    if re.match(rf"(?:\s+of)?\s+(?:{'|'.join(sorted(CALENDAR))})\b", a.after, re.IGNORECASE):
        return not re.match(r"\s+(?:may|march)\b", a.after)  # lower case: verbs
    days = r"(?:\d{1,2}(?:, | and |, and ))+"
    months = "|".join(sorted(m for m in CALENDAR if not m.endswith(("day", "days"))))
    return bool(
        re.search(rf"\b(?:{months})\.? {days}\Z", a.before, re.IGNORECASE)
        or re.match(rf"(?:, | and )(?:\d{{1,2}}(?:, | and ))*\d{{1,2}} (?:{months})\b", a.after, re.IGNORECASE)
    )


def _is_age(a: _Around) -> bool:
    """Dask, 24, ... (24) ... aged 24 ... 24 years old ... a surveyor of 46, ... the oldest of them 74."""
    if re.match(r"\s*years?[- ]olds?\b|\s+years of age\b", a.after) or (a.unit and re.match(r"\s*-?old\b", a.after)):
        return True
    if re.search(r"\b(?:aged?|aged between|ages|the (?:oldest|youngest|eldest)[\w ]*)\s+\Z", a.before, re.IGNORECASE):
        return True
    if re.search(r"\b(?:[Hh]e|[Ss]he|[Ww]ho) (?:was|is|turned) \Z", a.before) and re.match(r"\s*[.,;]", a.after):
        return True
    if not a.bare:
        return False
    closed = re.match(r"\s*(?:,|\.|\)|;|\Z)", a.after) is not None
    return closed and bool(
        re.search(r"[A-Z][\w'-]+(?:,\s*|\s*\()\Z", a.before)
        or re.search(r"\b(?:man|woman|boy|girl|\w+or|\w+er|\w+ist) of \Z", a.before)
    )


def _is_named(a: _Around) -> bool:
    """Route 9, Resolution 2254, Group of Six: a number after a capitalised word that no counted noun follows."""
    if a.previous is None or not a.previous.is_word or not a.before.endswith(" "):
        return False
    if a.previous.lower in NUMBERED and a.bare and not a.counts_persons:
        return True
    if a.words[0].isupper() and a.previous.lower == "of":
        return True
    inside = a.previous.is_capital and a.first > 1 and not a.previous.text.isdigit()
    return inside and a.bare and (a.following is None or not a.following.is_word or a.following.lower in ("and", "or"))


def _is_placing_time(a: _Around) -> bool:
    """Three years ago, two hours after, over two days, the last two years; but not "held for 100 days"."""
    if re.match(rf"\s(?:\w+\s)?(?:{_TIME})(?:{_PLACING.pattern})", a.after, re.IGNORECASE):
        return True
    return bool(a.unit and a.unit["time"]) and not _lasted(a)


_TIME = r"(?:second|minute|hour|day|night|week|month|year|decade)s?"


def _lasted(a: _Around) -> bool:
    before = [
        t.lower for t in a.tokens[max(0, a.first - 5) : a.first] if t.lower not in ("about", "around", "up", "least")
    ]
    if before[-1:] and before[-1] in ("in", "within", "over", "the", "past", "last", "next", "first", "every", "these"):
        return False
    if before[-2:-1] and before[-2] in ("the", "past", "last") and before[-1] in ("past", "last", "first", "next"):
        return False
    return bool(_LASTING & set(before[-3:])) or bool(_LASTING_AFTER.match(a.after)) or before[-2:] == ["more", "than"]


def _is_reference(a: _Around) -> bool:
    """Since 14, until nine: hours and days that no word names."""
    return (
        a.previous is not None
        and a.previous.lower in ("since", "until", "till")
        and not a.counts_persons
        and not a.unit
    )


_EXCLUDED: list[Callable[[_Around], bool]] = [
    _is_part_of_word, _is_clock_time, _is_year, _is_date, _is_age, _is_named, _is_placing_time, _is_reference,
]  # fmt: skip


def _is_one(a: _Around) -> bool:
    """ "One" that may only stand for a noun: "one of them", "one evening"."""
    return a.words.lower() == "one"


def _points_back(a: _Around) -> bool:
    """ "The two men": a number that only points back; "the other seven" is a new remainder, "140 of the 180" a figure."""
    if a.previous is None or a.previous.lower not in _POINTING or a.unit:
        return False
    share = re.search(r"\b([\w-]+) of the \Z", a.before)
    return share is None or numerals.parse(share[1]) is None or share[1].lower() == "one"


def _vague_excluded(a: _Around) -> bool:
    """ "Several years ago", "the last few days", "in several days": times that only place something."""
    timed = re.match(rf"\s+(?:\w+\s+)?{_TIME}\b", a.after, re.IGNORECASE) or (a.unit and a.unit["time"])
    return bool(timed) and not _lasted(a)
