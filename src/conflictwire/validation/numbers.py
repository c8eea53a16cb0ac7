"""Level 4, numbers in the text: each is a claim, or excluded by a written rule of the guidelines."""

import re
from collections.abc import Iterator

from conflictwire import numerals
from conflictwire.model import Article
from conflictwire.validation.findings import Fault, rule

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
    excluded: dict[int, list[tuple[int, int]]] = {}
    for number in numerals.numbers(text):
        if _inside(number, taken):
            continue
        words = text[number.start : number.end]
        if words.lower() == "one" or _POINTING.search(text[max(0, number.start - 25) : number.start]):
            continue
        # What excludes a number stands in its own line: most lines have no number left to look at.
        start = text.rfind("\n", 0, number.start) + 1
        if start not in excluded:
            line = text[start:].partition("\n")[0]
            excluded[start] = [(start + a, start + b) for a, b in numerals.not_counts(line)]
        if _inside(number, excluded[start]):
            continue
        yield Fault(
            "claims",
            f"the number {words!r} is neither in a claim nor excluded by a rule",
            "annotate it, or check that GUIDELINES 3 excludes it",
            (number.start, number.end),
        )


def _inside(number: numerals.Number, spans: list[tuple[int, int]]) -> bool:
    return any(start <= number.start and number.end <= end for start, end in spans)
