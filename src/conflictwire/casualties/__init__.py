"""The casualty grammar: text in, numeric claims out.

    >>> from conflictwire import casualties
    >>> for f in casualties.find("The blast killed at least two dozen people, including 13 U.S. troops."):
    ...     print(f.bound, f.values, f.measure, f.unit, f.counted.text, f.role, f.status)
    at_least ('24',) killed person people victim unknown
    none ('13',) killed person U.S. troops victim security_force

What a claim is, and each of its fields, is written in guidelines 3. `expressions` finds figures as
printed, `counting` reads what they count, `vocabulary` holds the words; exact numbers are
`conflictwire.numerals`. Knows one text at a time, and nothing of events or of who says a figure.
"""

from collections.abc import Mapping

from conflictwire.casualties.counting import Counting, Figure
from conflictwire.casualties.expressions import printed
from conflictwire.casualties.vocabulary import HEADS
from conflictwire.model import EntityType
from conflictwire.reading import Page

__all__ = ["Figure", "find"]


def find(text: str | Page, heads: Mapping[str, EntityType] = HEADS) -> list[Figure]:
    """The numeric claims of a text, in order.

    Args:
        text: the text, or one that is already cut for reading.
        heads: head nouns with the type of what they name; those of the grammar if left out.
    """
    page = text if isinstance(text, Page) else Page(text)
    return Counting(page, heads).figures(list(printed(page)))
