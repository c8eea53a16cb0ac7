"""Policies: what the coders of an event database do when reports of one incident differ, as pseudocode.

The books, and how far they could be read when this was written (2026):

- GTD Codebook (START; editions of 2015 to 2021), field nkill. Its definition was read as others quote it: "all
  victims and attackers who died"; where only one of the two is known, the field holds that one (hence the groups of
  `cells`); a figure "too vague to be of use" leaves it blank. What it says of sources that differ (the majority, else
  the lowest; the most recent; claims of perpetrators) could not be looked up and is paraphrased from memory.
- UCDP GED Codebook (Croicu and Sundberg, 2015, and later; Högbladh, 2019), fields best, high and low. Definitions
  read as data packages quote them: the most likely, the highest reliable, the lowest reliable estimate of all deaths.
  Which figures are reliable and how the most likely is found is not in them: our reading.
- ACLED, "FAQs: ACLED fatality methodology" (as of May 2024), read in a copy: the most conservative estimate where
  reports differ or are vague, 10 for "tens", 12 for "dozens", 100 for "hundreds", and revision "when better
  information becomes available".

A number made here is what the policy says, not what the database would have printed.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from conflictwire.scoring.side import Side
from conflictwire.scoring.tolls.cells import Cell, Figure, Key, cells


def _newest(figures: Iterable[Figure]) -> list[Figure]:
    found = list(figures)
    latest = max((f.day for f in found), default=date.min)
    return [f for f in found if f.day == latest]


def _without(figures: Iterable[Figure], affiliations: set[str]) -> list[Figure]:
    """The figures that somebody else gives too; all of them where nobody else does."""
    found = list(figures)
    return [f for f in found if not f.affiliations or f.affiliations - affiliations] or found


def _votes(figures: Iterable[Figure]) -> Counter[Fraction]:
    """How many speakers give each figure; the narrator is one."""
    voices = {(f.low, s) for f in figures for s in (f.speakers or {""})}
    return Counter(low for low, _ in voices)


def latest(figures: tuple[Figure, ...]) -> Fraction | None:
    """What a reader would retell: the newest figure. Ours, of no database.

    newest = the figures of the newest as-of day (publication where the text names none)
    toll   = of these the one printed first: the headline or the lead
    """
    return min(((f.start, f.low) for f in _newest(figures)), default=(0, None))[1]


def gtd(figures: tuple[Figure, ...]) -> Fraction | None:
    """Global Terrorism Database (START, Codebook 2021, fields nkill and nwound), paraphrased.

    known  = figures without vague words: "too vague to be of use ... remains blank"
    known -= claims of armed groups, where anybody else gives a figure (a perpetrator's own count is
             not used; that we fall back on it is our reading)
    newest = the figures of the newest day (the most recent source)
    toll   = the figure that more than half of the sources of that day give
             else the lowest
    """
    newest = _newest(_without((f for f in figures if not f.vague), {"armed_group"}))
    votes = _votes(newest)
    if not votes:
        return None
    low, most = max(votes.items(), key=lambda item: (item[1], -item[0]))
    return low if 2 * most > votes.total() else min(votes)


def ucdp(figures: tuple[Figure, ...]) -> Fraction | None:
    """UCDP Georeferenced Event Dataset, `best`: the most likely estimate. How it is found is our reading.

    reliable = figures that not only a warring party gives (armed group, military), or all of them
    newest   = those of the newest day
    best     = the figure that most sources give; the lowest of several
    """
    votes = _votes(_newest(_without(figures, {"armed_group", "military"})))
    return max(votes, key=lambda low: (votes[low], -low)) if votes else None


def ucdp_low(figures: tuple[Figure, ...]) -> Fraction | None:
    """UCDP GED, `low`: the lowest reliable estimate, of any day (reliable as in `ucdp`)."""
    return min((f.low for f in _without(figures, {"armed_group", "military"})), default=None)


def ucdp_high(figures: tuple[Figure, ...]) -> Fraction | None:
    """UCDP GED, `high`: the highest reliable estimate, of any day; a range counts with its upper end."""
    return max((f.high for f in _without(figures, {"armed_group", "military"})), default=None)


def acled(figures: tuple[Figure, ...]) -> Fraction | None:
    """ACLED (fatality FAQ): the most conservative estimate where reports differ or are vague.

        newest = the figures of the newest day: totals are revised "when better information becomes available"
        toll   = the lowest of them, vague words by the table

    ACLED counts the dead alone; that the rule holds for other measures is our reading. Its stand-in for
    deaths without any number (3 or 10) is left out: here that is no toll.
    """
    return min((f.low for f in _newest(figures)), default=None)


POLICIES: dict[str, Callable[[tuple[Figure, ...]], Fraction | None]] = {
    "latest": latest,
    "gtd": gtd,
    "ucdp": ucdp,
    "ucdp_low": ucdp_low,
    "ucdp_high": ucdp_high,
    "acled": acled,
}


@dataclass(frozen=True)
class Toll:
    """A toll and the range of the standing figures that it was chosen from."""

    number: Fraction
    low: Fraction
    high: Fraction


def toll(cell: Cell, policy: str) -> Toll | None:
    """The toll of a cell: the policy's figure of each group that has one, summed; None where none has."""
    chosen = [(POLICIES[policy](figures), figures) for figures in cell.groups]
    answered = [(number, figures) for number, figures in chosen if number is not None]
    if not answered:
        return None
    return Toll(
        sum((number for number, _ in answered), Fraction(0)),
        sum((min(f.low for f in figures) for _, figures in answered), Fraction(0)),
        sum((max(f.high for f in figures) for _, figures in answered), Fraction(0)),
    )


def tolls(side: Side, policy: str, text: str | None, published: str | None) -> dict[Key, Toll]:
    """The tolls of a record, by event and measure; what has none is left out."""
    found = ((key, toll(cell, policy)) for key, cell in cells(side, text, published).items())
    return {key: number for key, number in found if number is not None}
