"""Level 4, numbers in the text: each is a claim, or excluded by a written rule of the guidelines."""

import re
from collections.abc import Iterator

from conflictwire import numerals
from conflictwire.model import Article
from conflictwire.validation.findings import Fault, rule

_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
# What GUIDELINES 3 excludes, as patterns of the text around a number; the group `n` is the number.
_EXCLUDED = [
    ("date", rf"\b(?P<n>\d{{1,2}}),? {_MONTH}\b|\b{_MONTH} (?P<n2>\d{{1,2}})\b(?!\s*(?:people|civilians|soldiers))"),
    ("year", r"(?<![\d,$€£])\b(?P<n>(?:1[5-9]|20)\d\d)(?:[–-](?P<n2>\d{2,4}))?\b(?! (?:people|fighters|civilians|soldiers|troops|families))"),
    ("decade", r"\b(?P<n>(?:1[5-9]|20)\d0)s\b"),
    ("clock time", r"\b(?P<n>\d{1,2})[:.](?P<n2>\d\d)\b(?= ?(?:[ap]\.?m|local|UTC|GMT|hours|\)|on\b))|\b(?P<n3>\d{1,2}) ?[ap]\.?m\b|\b(?P<n4>\d{1,2}) o.clock|\b(?P<n5>\d{4}) (?:hours|UTC|GMT)"),
    ("age", r"(?:, |\()(?P<n>\d{1,3})(?=,|\)|\.|;| and | —| –)|\b(?P<n2>\d{1,3})[- ]years?[- ]old|\baged? (?P<n3>\d{1,3})\b"),
    ("hyphenated size", rf"\b(?P<n>\d+|(?:{numerals._word})(?:-(?:{numerals._word}))?)-(?P<x>[a-z]+)"),
    ("named number", r"\b[A-Z][\w’']*[ -](?P<n>\d+)\b|#(?P<n2>\d+)"),
]  # fmt: skip
_PATTERNS = [(name, re.compile(pattern)) for name, pattern in _EXCLUDED]
# Exact counts that only point back, and "one" as a noun's stand-in, are the annotator's to judge.
_POINTING = re.compile(r"\b(?:the|these|those|both|all|his|her|its|their|other) (?:\w+ )?$", re.IGNORECASE)


@rule("unannotated-number", 4, "warning")
def unannotated_number(article: Article) -> Iterator[Fault]:
    """Every number of the text is a claim or excluded by GUIDELINES 3 (dates, ages, clock times, numbers in names ...)."""
    text = article.text
    if text is None:
        return
    taken = [(c.span.start, c.span.end) for c in article.claims]
    taken += [(m.span.start, m.span.end) for e in article.entities for m in e.mentions if m.kind == "name"]
    taken += [(e.time.span.start, e.time.span.end) for e in article.events if e.time and e.time.span]
    for _, pattern in _PATTERNS:
        taken += [m.span() for m in pattern.finditer(text)]
    for number in numerals.numbers(text):
        if any(start <= number.start and number.end <= end for start, end in taken):
            continue
        words = text[number.start : number.end]
        if words.lower() == "one" or _POINTING.search(text[max(0, number.start - 25) : number.start]):
            continue
        yield Fault(
            "claims",
            f"the number {words!r} is neither in a claim nor excluded by a rule",
            "annotate it, or check that GUIDELINES 3 excludes it",
            (number.start, number.end),
        )
