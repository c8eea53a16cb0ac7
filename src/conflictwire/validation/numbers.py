"""Level 4, numbers in the text: each is a claim, or excluded by a written rule of the guidelines."""

import re
from collections.abc import Iterator

from conflictwire import numerals
from conflictwire.model import Article
from conflictwire.validation.findings import Fault, rule

# Exact counts that only point back, and "one" as a noun's stand-in, are the annotator's to judge.
_POINTING = re.compile(r"\b(?:the|these|those|both|all|his|her|its|their|other) (?:\w+ )?$", re.IGNORECASE)

# Times that only place something ("two hours after", "over two days", "9 AM"), read around a number.
_UNIT = r"(?:minute|hour|day|night|week|month|year|decade)s?"
_PLACING = re.compile(rf" {_UNIT} (?:ago|before|after|earlier|later|previously)\b| ?[AP]\.?M\b")
_PLACED = re.compile(rf" {_UNIT}\b")
_IN_TIME = re.compile(
    r"\b(?:in|over|within|last|past|previous|next)(?: (?:the|over|about|some|almost|nearly|last|past))* $"
)
_OLDEST = 120
_NEAR = 60  # code points
# Ages and hours of the clock in words that no noun follows: "She was seven.", "a surveyor of 46,", "since six".
_AGED = re.compile(
    r"\b(?:(?:he|she|i|who) (?:was|is|am)|an? (?:[\w-]+ ){1,3}of|(?:oldest|youngest)(?: of \w+)?,?|since|until|till|before|"
    r"as (?:young|old) as) \Z",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(r"[.,;:)”\"]| (?:for|when|and|in|at|with|who|whose|was|died|said|told|as)\b")


@rule("unannotated-number", 4, "warning")
def unannotated_number(article: Article) -> Iterator[Fault]:
    """Every number of the text is a claim or excluded by GUIDELINES 3 (dates, ages, clock times, numbers in names ...)."""
    text = article.text
    if text is None:
        return
    accounted = bytearray(len(text))  # 1 where a code point belongs to something that a number may stand in
    spans = [claim.span for claim in article.claims]
    spans += [m.span for entity in article.entities for m in entity.mentions if m.kind == "name"]
    spans += [e.time.span for e in article.events if e.time is not None and e.time.span is not None]
    for span in spans:
        accounted[span.start : span.end] = b"\1" * (span.end - span.start)
    for number in numerals.printed(text, accounted):
        start, end = number.span()
        if accounted.find(0, start, end) < 0:
            continue
        before, words = text[max(0, start - 40) : start], text[start:end]
        if words.lower() == "one" or _POINTING.search(before) or _PLACING.match(text, end):
            continue
        if _PLACED.match(text, end) and _IN_TIME.search(before):
            continue
        value = numerals.value_of(number)
        if value is None or (value < _OLDEST and _NO_NOUN.match(text, end) and _AGED.search(before)):
            continue
        # What excludes a number stands close to it, in its own line.
        low = max(text.rfind("\n", 0, start) + 1, start - _NEAR)
        high = text.find("\n", end, end + _NEAR)
        excluded = numerals.not_counts(text, low, high if high >= 0 else end + _NEAR)
        if any(first < end and start < last for first, last in excluded):
            continue
        yield Fault(
            "claims",
            f"the number {words!r} is neither in a claim nor excluded by a rule",
            "annotate it, or check that GUIDELINES 3 excludes it",
            (start, end),
        )
