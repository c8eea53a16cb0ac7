"""Numbers as news prints them: words and digits to exact decimals, expressions to form, bound and values.

The grammar of figures that validation, extraction and scoring share. Works on strings and exact
fractions; knows nothing of articles.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from conflictwire.model import Approximation, Bound, Form

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    w: v
    for v, w in zip(
        range(20, 100, 10), ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], strict=True
    )
}
_SCALES = {
    "dozen": 12,
    "score": 20,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "lakhs": 10**5,
    "crore": 10**7,
    "crores": 10**7,
}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9}

_word = "|".join([*_TENS, *sorted(_UNITS, key=len, reverse=True)])
_scale = "|".join(sorted(_SCALES, key=len, reverse=True))
# Digits: 1,500 or 1500 or 1.2, Indian 1,50,000, European 1.500.000 and 1 500; never inside a word, a date with
# slashes or a longer number. "1.500 people" is read as thousands, "1.500 million" and "1.500 km" as decimals.
_NO_MEASURE = (
    r"(?![ ]?(?:%|percent|per[ ]cent|thousand|million|billion|trillion|lakh|crore|k?m\b|kilo|met|mile|h\b|degree))"
)
_DIGITS = (
    r"(?<![\w.,/])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3})(?![\d/])"
    r"|(?P<dotted>(?<![\w.,/])\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?![\d/.])"
    rf"|(?<![\w.,/$€£])[1-9]\d{{0,2}}\.\d{{3}}(?![\d/.]){_NO_MEASURE}(?=[ ][a-z]|\Z))"
    r"|(?P<spaced>(?<![\w.,/])(?<![\d][ ])[1-9]\d{0,2}(?:[ ]\d{3})+(?=[ ][a-z]|\Z))"
    r"|(?P<comma>(?<![\w.,/])\d{1,3},\d{1,2})(?=[ ](?:thousand|million|billion|trillion|percent|per[ ]cent)\b|%)"
    r"|(?<![\w.,/])\d+(?:\.\d+)?(?![\d/])"
)
_NUMBER = re.compile(
    rf"""
    (?P<digits>{_DIGITS})(?:[ -](?P<scale>(?:{_scale})(?:[ ](?:{_scale}))*)\b|(?P<suffix>mn|bn|[mk])\b)?
  | (?P<one_and_a_half>\ban?\ (?:hour|day|week|month|year|mile|ton|kilo)\w*\ and\ a\ half\b)
  | (?P<half>\bhalf\ an?\ (?:dozen|hundred|thousand|million|billion)\b)
  | (?P<words>\b(?:(?:an?|(?:{_word}))(?=[ -](?:{_scale})\b)|(?:{_word}))
      (?:(?:[ -]|(?:(?<=hundred)|(?<=thousand)|(?<=million)|(?<=billion))\ and\ )(?:{_word}|{_scale})\b)*\b)
  | (?P<dozen>\bdozen\b(?!s))
  | (?P<pair>\ba\ pair\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s\Z")
_ORDINAL_TAIL = re.compile(r"(?:st|nd|rd|th|-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))\b", re.I)


@dataclass(frozen=True)
class Number:
    """A number in a text: `[start, end)` in code points and its exact value."""

    start: int
    end: int
    value: Decimal


def numbers(text: str) -> Iterator[Number]:
    """Every cardinal number of a text, in digits or words, left to right.

    Ordinals ("22nd", "twenty-second") and digits inside words ("F-16" keeps its 16: a hyphen is no
    word character) are the caller's to judge by context.
    """
    for match in printed(text):
        value = value_of(match)
        if value is not None:
            half = _AND_A_HALF.match(text, match.end())
            yield Number(match.start(), half.end() if half else match.end(), value + Decimal("0.5") if half else value)


_AND_A_HALF = re.compile(r"(?: and a half\b| ?½)", re.IGNORECASE)


def printed(text: str, passed: bytes | bytearray = b"") -> Iterator[re.Match[str]]:
    """Where `numbers` finds something, whose value nobody has asked for yet.

    Args:
        text: the text.
        passed: not 0 for each code point at which no number is to be looked for; those after its end are all open.
    """
    for match in _matches(text, passed):
        if _ORDINAL_TAIL.match(text, match.end()):
            continue
        if match["digits"] and not match["suffix"] and text[match.end() : match.end() + 1].isupper():
            continue  # "9B" is a name; "120km" a number with its unit
        yield match


_DIGIT = re.compile(r"\d+")
_ALL_BEGINNING = (*_UNITS, *_TENS, "half", "dozen", "a pair")
# Where "six" is found, "sixteen" and "sixty" are.
_BEGINNING = [w for w in _ALL_BEGINNING if not any(w != short and w.startswith(short) for short in _ALL_BEGINNING)]


def _matches(text: str, passed: bytes | bytearray = b"") -> Iterator[re.Match[str]]:
    """`_NUMBER.finditer`, tried only where a number can begin: where digits do, a number word, or "a" before some words.

    Searching for thirty words one by one is ten times as fast as one pattern with thirty branches.
    """
    lower = text.lower()
    if len(lower) != len(text):  # a letter that is longer in lower case: offsets would not be those of the text
        yield from _NUMBER.finditer(text)
        return
    starts = {match.start() for match in _DIGIT.finditer(text)}
    for word in _BEGINNING:
        starts.update(_found(lower, word))
    nouns = [at for scale in _SCALES for at in _found(lower, scale)]
    nouns += [lower.rfind(" ", 0, at) + 1 for at in _found(lower, " and a half")]
    for at in nouns:
        article = lower[max(0, at - 3) : at - 1] if at > 1 else ""
        starts.update({at - 2} if article.endswith("a") else {at - 3} if article == "an" else ())
    end = 0
    known = len(passed)
    for start in sorted(starts):
        if start >= end and not (start < known and passed[start]) and (match := _NUMBER.match(text, start)):
            yield match
            end = match.end()


def _found(text: str, words: str) -> Iterator[int]:
    """Where some words stand in a text."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def value_of(match: re.Match[str]) -> Decimal | None:
    """The value of what `printed` found; None where it is no one number ("one two")."""
    if match["digits"]:
        digits = match["digits"]
        if match["dotted"]:
            digits = digits.replace(".", "").replace(",", ".")
        elif match["comma"]:
            digits = digits.replace(",", ".")
        value = Decimal(digits.replace(",", "").replace(" ", ""))
        for scale in (match["scale"] or "").lower().split():
            value *= _SCALES[scale]
        return value * _SUFFIXES[match["suffix"].lower()] if match["suffix"] else value
    if match["one_and_a_half"]:
        return Decimal("1.5")
    if match["half"]:
        return Decimal(_SCALES[match["half"].split()[-1].lower()]) / 2
    if match["dozen"]:
        return Decimal(12)
    if match["pair"]:
        return Decimal(2)
    return _words_value(match["words"])


def _words_value(words: str) -> Decimal | None:
    total = group = 0
    seen = False
    for word in re.split(r"[ -]+", words.lower()):
        if word == "and":
            continue
        if word in ("a", "an"):
            group, seen = 1, True
        elif word in _UNITS:
            if seen and group % 10 and group % 100 < 20:  # "one two": two numbers, not one
                return None
            group, seen = group + _UNITS[word], True
        elif word in _TENS:
            group, seen = group + _TENS[word], True
        elif _SCALES[word] in (12, 20, 100):
            group, seen = (group or 1) * _SCALES[word], True
        else:
            total, group, seen = total + (group or 1) * _SCALES[word], 0, True
    return Decimal(total + group) if seen else None


def spelled(number: int) -> str:
    """A whole number from 0 to 999 in words: `spelled(142)` is "one hundred and forty-two"."""
    if not 0 <= number < 1000:
        raise ValueError(f"{number} is not between 0 and 999")
    hundreds, rest = divmod(number, 100)
    small = {value: word for word, value in (_UNITS | _TENS).items()}
    tail = small.get(rest) or f"{small[rest - rest % 10]}-{small[rest % 10]}"
    if not hundreds:
        return tail
    return f"{small[hundreds]} hundred" + (f" and {tail}" if rest else "")


# Capitalised at the head of a sentence and yet no name before a number.
_NO_NAME = (
    "Some|About|Around|Nearly|Almost|Over|Under|More|Another|Roughly|Approximately|Only|Just|Between|From|To|Up|Of|"
    "In|By|On|At|And|But|Or|The|These|Those|All|Both|Fewer|Less|Than|Least|Killed|Wounded|Injured|With|After|As|For|"
    "Among|Including|Those|Other|Still|Then|Also|That|This|His|Her|Their|Its|Our|Police"
)
# What GUIDELINES 3 excludes, as patterns of the text around a number.
_EXCLUDED = [
    ("year", r"(?<![\d,$€£])\b(?:(?:1[5-9]|20)\d\d)(?:[–-](?:\d{2,4}))?\b(?! (?:people|fighters|civilians|soldiers|troops|families))"),
    ("date", rf"\b(?:\d{{1,2}}),? {_MONTH}\b|\b{_MONTH} (?:\d{{1,2}})\b(?!\s*(?:people|civilians|soldiers))"),
    ("decade", r"\b(?:(?:1[5-9]|20)\d0)s\b"),
    ("clock time", r"\b(?:\d{1,2})[:.](?:\d\d)\b(?= ?(?:[ap]\.?m|local|UTC|GMT|hours|\)|on\b))|\b(?:\d{1,2}) ?[ap]\.?m\b|\b(?:\d{1,2}) o.clock|\b(?:\d{4}) (?:hours|UTC|GMT)"),
    ("age", r"(?:, |\()(?:\d{1,3})(?=,|\)|\.|;| and | —| –)|\b(?:\d{1,3})[- ]years?[- ]old|\baged? (?:\d{1,3})\b"),
    ("hyphenated size", rf"\b(?:\d+|(?:{_word})(?:-(?:{_word}))?)-(?:[a-z]+)"),
    ("named number", rf"\b(?!(?:{_NO_NAME})\b)[A-Z][\w’']*[ -](?:\d+)\b(?!,\d)|#(?:\d+)"),
    ("hour", r"\b(?:\d{1,2}):(?:\d\d)\b|\b(?i:at|by|before|after|since|until|till|from|to) (?:\d{1,2})\.(?:\d\d)\b(?! ?(?:million|billion|percent|per cent|km|%))|\b(?:at|by|before|after|since|until) (?:\w+)(?= on [A-Z])"),
    ("number of a document or telephone", r"\b[Nn]os?\.? ?(?:\d+)|№ ?(?:\d+)|\[(?:\d+)\]|\bnumber (?:to \w+ )?is (?:\d+)"),
    ("item of a list", r"(?m:^)(?:\d{1,2})[.)] "),
    ("coordinate", r"(?:\d+(?:\.\d+)?)[°′″](?:\d+[°′″])*|(?m:^)Coordinates.*"),
]  # fmt: skip
_NOT_COUNTS = [re.compile(pattern) for _, pattern in _EXCLUDED]


def not_counts(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Stretches whose numbers count nothing: dates, years, clock times, ages, hyphenated sizes, names.

    Args:
        text: the text.
        start: where to begin to look.
        end: where to end; None for the end of the text.
    """
    stop = len(text) if end is None else end
    return (match.span() for pattern in _NOT_COUNTS for match in pattern.finditer(text, start, stop))


def decimal_string(value: Decimal) -> str:
    """A decimal as `values` writes it: no exponent, no trailing zeros, `-` only where negative."""
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"


@dataclass(frozen=True)
class Expression:
    """A parsed figure: what `form`, `bound`, `approximation` and `values` of a claim say."""

    form: Form
    values: tuple[str, ...] = ()
    bound: Bound = "none"
    approximation: Approximation = "none"


# In the order in which they are looked for: "no more than" is not "more than".
_BOUNDS: dict[Bound, str] = {
    "at_least": r"at (?:the very )?least|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of|minimum|or more|upwards? of",
    "up_to": r"up to|as (?:many|much) as|at (?:the )?most|no more than|not more than|a maximum of|or fewer|or less",
    "more_than": r"(?:well |far )?more than|(?:well )?over|above|in excess of|exceeding|exceeded|greater than|surpass(?:ing|ed)|past",
    "less_than": r"fewer than|less than|under|below",
}
_APPROXIMATIONS: dict[Approximation, str] = {
    "just_over": r"just over|just more than|slightly (?:more than|over|above)|a little (?:more than|over)|just above|little more than",
    "nearly": r"(?:very )?nearly|almost|close to|closer to|just under|just below|approaching|slightly (?:fewer|less) than|just short of|nearing",
    "about": r"about|around|some|roughly|approximately|approx\.?|an estimated|estimated|circa|or so|or thereabouts|in the region of|~",
}
_MODIFIERS: list[tuple[str, str, str]] = [
    *(("approximation", name, pattern) for name, pattern in _APPROXIMATIONS.items()),
    *(("bound", name, pattern) for name, pattern in _BOUNDS.items()),
]
MODIFIER = "|".join(pattern for _, _, pattern in _MODIFIERS)
# The words that modifiers begin and end with: looking them up is cheaper than trying the pattern everywhere.
MODIFIER_BEGINS = frozenset(
    "at no not a minimum or upwards upward well far more over above in exceeding exceeded greater surpassing surpassed past "
    "up as fewer less under below just slightly little very nearly almost close closer approaching nearing about around some "
    "roughly approximately approx approx. an estimated circa ~".split()
)
MODIFIER_ENDS = frozenset(
    "least than of minimum more over above exceeding exceeded surpassing surpassed past to many much as most fewer less "
    "under below nearly almost approaching nearing about around some roughly approximately approx approx. estimated circa "
    "so thereabouts ~".split()
)

VAGUE = (
    r"(?:(?:many |several |a few )?(?:hundreds|tens|dozens|scores) of )?(?:hundreds|thousands|millions|billions)"
    r"|(?:many |several |a few )(?:hundred|thousand|dozen|million)|dozens|scores|tens|several|an? handful|an? couple"
    r"|an? (?:small |large )?number of|an? (?:small |large )?number|a few|few|a score"
)
_VAGUE = re.compile(rf"\b(?:{VAGUE})\b", re.IGNORECASE)
_ZERO = re.compile(r"\b(?:no|none|nobody|nothing|zero|neither|without)\b", re.IGNORECASE)
# These hold the word "one" or "a" and yet count nothing; they are read before any number.
_NOT_ONE = re.compile(r"^(?:no one|not one|not (?:been )?a single)\b", re.IGNORECASE)
_IMPLICIT = re.compile(r"^(?:an?|another|the|one other|yet another)\b|^(?:his|her|their|its)\b", re.IGNORECASE)

_PARTS = {"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fifth": 5, "fifths": 5,
          "sixth": 6, "sixths": 6, "seventh": 7, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10}  # fmt: skip
_one = rf"(?:\d+|{_word})"
_FRACTION_IN = re.compile(
    rf"\b(?P<n>{_one}) (?P<noun>[a-z]+ )?(?:in|out of)(?: every)? (?P<d>(?!\d{{4}}){_one})\b", re.IGNORECASE
)
_FRACTION_PART = re.compile(rf"\b(?:(?P<n>an?|\d+|{_word})[ -])?(?P<d>{'|'.join(_PARTS)})\b", re.IGNORECASE)


def _integer(word: str) -> int:
    word = word.lower()
    return int(word) if word.isdigit() else {**_UNITS, **_TENS, "a": 1, "an": 1}[word]


def _modifiers(text: str) -> tuple[Bound, Approximation]:
    found: dict[str, str] = {"bound": "none", "approximation": "none"}
    rest = text
    for kind, name, pattern in _MODIFIERS:
        match = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", rest, re.IGNORECASE)
        if match and found[kind] == "none":
            found[kind] = name
            # Taken out, so that "just over" is not also "over".
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    return found["bound"], found["approximation"]  # type: ignore[return-value]


_RANGE_LINK = re.compile(
    r"^\s*(?:to|and|or|through|-|–|—|,? (?:or )?(?:perhaps|possibly|maybe|it may be))\s*[$€£]?\s*$", re.IGNORECASE
)
# "an hour and 10 minutes" is one figure in the smaller unit.
_SMALLER = {("year", "month"): 12, ("week", "day"): 7, ("day", "hour"): 24, ("hour", "minute"): 60}
_TWO_UNITS = re.compile(
    rf"\b(?P<n>an?|{_one}) (?P<unit>year|week|day|hour)s?,? (?:and )?(?P<m>an?|{_one}) (?P<smaller>month|day|hour|minute)s?\b",
    re.IGNORECASE,
)
_DECADE = re.compile(r"\ban? (decade|century)\b", re.IGNORECASE)  # in years
_HUNDREDTHS = re.compile(r"^ (?:cents?|pence)\b", re.IGNORECASE)  # of the unit of the claim


def parse(text: str) -> Expression | None:
    """What a figure's words say, or None where they hold no figure.

    `parse("between 1,500 and 2,200")` is a range of `1500` and `2200`; `parse("nearly 200")` a numeral
    with approximation `nearly`; `parse("two dozen")` is `24`; vague and implicit have no values.
    """
    if _NOT_ONE.match(text):
        return Expression("zero", ("0",))
    bound, approximation = _modifiers(text)
    fraction = _FRACTION_IN.search(text)
    if fraction and not (fraction["noun"] and _integer(fraction["n"]) >= _integer(fraction["d"])):
        return Expression(
            "fraction", (str(_integer(fraction["n"])), str(_integer(fraction["d"]))), bound, approximation
        )
    both = _TWO_UNITS.search(text)
    if both and (times := _SMALLER.get((both["unit"].lower(), both["smaller"].lower()))):
        value = Decimal(_integer(both["n"]) * times + _integer(both["m"]))
        return Expression("numeral", (decimal_string(value),), bound, approximation)
    found = list(numbers(text))
    if len(found) == 2 and _RANGE_LINK.match(text[found[0].end : found[1].start]) and _is_range(text, found):
        low, high = found[0].value, found[1].value
        scale = _trailing_scale(text[found[1].start : found[1].end])
        if scale and low * scale <= high and not _trailing_scale(text[found[0].start : found[0].end]):
            low *= scale  # "1 to 2 million"
        return Expression("range", (decimal_string(low), decimal_string(high)), bound, approximation)
    part = _FRACTION_PART.search(text)
    # "half a million" and "six and a half" are numbers that hold a fraction's word.
    apart = [
        n
        for n in found
        if part and (n.end <= part.start() or n.start < part.start() < n.end or n.start < part.end() < n.end)
    ]
    if part and not apart and not re.search(r"(?:\bthe|-)\s*$", text[: part.start()], re.IGNORECASE):
        numerator = _integer(part["n"]) if part["n"] else 1
        return Expression("fraction", (str(numerator), str(_PARTS[part["d"].lower()])), bound, approximation)
    if not found and (tens := _DECADE.search(text)):
        return Expression("numeral", ("100" if tens[1].lower() == "century" else "10",), bound, approximation)
    vague = _VAGUE.search(text)
    if vague and not any(n.start >= vague.end() or n.end <= vague.start() for n in found):
        return Expression("vague", (), bound, approximation if approximation != "about" else "none")
    if found:
        # "another 30", "13 U.S. troops": the first number is the figure.
        value = found[0].value / 100 if _HUNDREDTHS.match(text[found[0].end :]) else found[0].value
        return Expression("numeral", (decimal_string(value),), bound, approximation)
    if _ZERO.search(text):
        return Expression("zero", ("0",), bound, approximation)
    if _IMPLICIT.match(text):
        return Expression("implicit")
    return None


def _is_range(text: str, found: list[Number]) -> bool:
    link = text[found[0].end : found[1].start].strip(" $€£").lower()
    if link == "and":
        return "between" in text[: found[0].start].lower()
    return found[0].value < found[1].value


def _trailing_scale(words: str) -> int | None:
    match = re.search(rf"(?:{_scale})$", words, re.IGNORECASE)
    return _SCALES[match.group().lower()] if match else None


@dataclass(frozen=True)
class Interval:
    """The numbers a claim allows: None for no bound on that side; equal ends for an exact figure."""

    low: Fraction | None
    high: Fraction | None
    low_included: bool
    high_included: bool
    approximate: bool


NOTHING = Interval(None, None, False, False, False)


def interval(form: Form, bound: Bound, approximation: Approximation, values: Iterable[str]) -> Interval:
    """The interval of a claim, derived and never annotated (DESIGN 2).

    `at_least 5` is [5, ∞), `more_than 5` (5, ∞), `up_to 5` (-∞, 5], `less_than 5` (-∞, 5); `nearly 5`
    is (-∞, 5) and `just_over 5` (5, ∞), both approximate; `about 5` is [5, 5], approximate; a range
    has both ends; `implicit` is exactly 1; `vague` has no numbers: policies give them some.
    """
    return _interval(form, bound, approximation, tuple(values))


@lru_cache(maxsize=65536)
def _interval(form: Form, bound: Bound, approximation: Approximation, values: tuple[str, ...]) -> Interval:
    if form == "implicit":
        return Interval(Fraction(1), Fraction(1), True, True, False)
    if form == "vague" or not values:
        return NOTHING
    exact = [Fraction(v) for v in values]
    if form == "fraction":
        low = high = exact[0] / exact[1] if len(exact) == 2 and exact[1] else exact[0]
    else:
        low, high = exact[0], exact[-1]
    approximate = approximation != "none"
    if bound in ("at_least", "more_than") or approximation == "just_over":
        return Interval(low, None, bound == "at_least", False, approximate)
    if bound in ("up_to", "less_than") or approximation == "nearly":
        return Interval(None, high, False, bound == "up_to", approximate)
    return Interval(low, high, True, True, approximate)
