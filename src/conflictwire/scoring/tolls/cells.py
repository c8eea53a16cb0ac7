"""The figures of an incident: which claims of a record stand side by side, before any policy chooses.

Read alike from gold and prediction, so a system is scored on the number that a database would hold had it
done the reading. What every policy does first, so that they differ in one thing only (our reading, where no
codebook is named):

    cell   = the claims of one event and one measure of persons, the event actual, positive and specific
             (`derive.in_template`), the reading event_total or stock, not projected, and not merely denied
             or doubted by whoever is quoted on it
    parts  = what is part_of another claim of the cell, or an addend (sum_of) of one: never counted
    old    = what another claim of the cell supersedes: not counted
    single = "a policeman was killed" (form implicit) tells of one person, not of all: counted only where
             the rest of its group has no other figure
    groups = the killed or hurt attackers (role perpetrator) and everybody else. GTD (field nkill): "all
             victims and attackers who died"; so each group gets its figure, and the toll is their sum over
             the groups that have one
    figure = the printed number, whatever bounds it: "at least 9" and "more than 9" count 9; a range has its
             lower end, and its upper one for `ucdp_high`; vague words are read by one table, `VAGUE_WORDS`

What a text does not add up, we do not: "two soldiers and two guards" without a total are two figures.
An incident without a figure has no toll: None, which is never zero.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from conflictwire import dates, derive
from conflictwire.model import Claim
from conflictwire.scoring.side import Side
from conflictwire.scoring.sources import speakers_at

MEASURES = frozenset(
    {"killed", "injured", "casualties", "missing", "abducted", "held", "detained", "displaced", "released"}
)
READINGS = ("event_total", "stock")

# The least that a vague word says. ACLED codes 10 for "tens", 12 for "dozens", 100 for "hundreds", "and so on"
# (fatality FAQ); the rest is our reading in the same spirit. Several words multiply: "several dozen" is 36,
# "tens of thousands" 10,000. A word that is not here ("a number of") has no number.
VAGUE_WORDS: dict[str, int] = {
    "couple": 2,
    "few": 3,
    "handful": 3,
    "several": 3,
    "tens": 10,
    "dozen": 12,
    "dozens": 12,
    "score": 20,
    "scores": 20,
    "hundred": 100,
    "hundreds": 100,
    "thousand": 10**3,
    "thousands": 10**3,
    "million": 10**6,
    "millions": 10**6,
    "billions": 10**9,
}


def vague_number(words: str) -> int | None:
    """The number that the table gives vague words; None where none of them is in it."""
    found = [VAGUE_WORDS[w] for w in re.findall(r"[a-z]+", words.casefold()) if w in VAGUE_WORDS]
    return math.prod(found) if found else None


@dataclass(frozen=True)
class Figure:
    """A standing figure of an incident: its ends, when it holds, who gives it."""

    claim: str
    start: int
    low: Fraction
    high: Fraction
    vague: bool
    day: date  # the last day it holds for; the day of publication where the text names none
    speakers: frozenset[str]  # ids of the ultimate speakers; empty for the narrator
    affiliations: frozenset[str]


@dataclass(frozen=True)
class Cell:
    """The figures of one incident and measure, by group, with the claims left out as parts of others."""

    groups: tuple[tuple[Figure, ...], ...]
    parts: frozenset[str]
    members: frozenset[str]


Key = tuple[str, str]  # event id, measure


def cells(side: Side, text: str | None, published: str | None) -> dict[Key, Cell]:
    """The standing figures of every incident and measure of a record.

    Args:
        side: gold or prediction.
        text: the article's text, from which vague words are read; without it they have no number.
        published: EDTF, for figures whose claim names no as-of date.
    """
    events = {e.id for e in side.events if derive.in_template(e)}
    by_key: dict[Key, list[Claim]] = {}
    for claim in side.claims:
        event = claim.scope.event
        if event is not None and event in events and _counts_persons(side, claim):
            by_key.setdefault((event, claim.measure), []).append(claim)
    return {key: _cell(side, claims, text, published) for key, claims in by_key.items()}


def _counts_persons(side: Side, claim: Claim) -> bool:
    said = [polarity for _, polarity in side.statements.get(claim.id, [])]
    return (
        claim.measure in MEASURES
        and claim.unit == "person"
        and claim.form != "fraction"
        and claim.reading in READINGS
        and claim.stance != "projected"
        and (not said or "affirms" in said)
    )


def _cell(side: Side, claims: list[Claim], text: str | None, published: str | None) -> Cell:
    members = {c.id for c in claims}
    related = [(c.id, r.type, r.target.rpartition("#")[2]) for c in claims for r in c.relations]
    inside = [(c, type, t) for c, type, t in related if t in members and t != c]
    parts = {c for c, type, _ in inside if type == "part_of"} | {t for _, type, t in inside if type == "sum_of"}
    old = {t for _, type, t in inside if type == "supersedes"}
    standing = [c for c in claims if c.id not in parts | old]
    groups = []
    for attackers in (True, False):
        group = [c for c in standing if (c.counted.role == "perpetrator") == attackers]
        told = [c for c in group if c.form != "implicit"]
        figures = [f for f in (_figure(side, c, text, published) for c in told or group) if f]
        if figures:
            groups.append(tuple(figures))
    return Cell(tuple(groups), frozenset(parts), frozenset(members))


def _figure(side: Side, claim: Claim, text: str | None, published: str | None) -> Figure | None:
    numbers = derive.interval(claim)
    low = numbers.low if numbers.low is not None else numbers.high
    high = numbers.high if numbers.high is not None else numbers.low
    if claim.form == "vague":
        words = text[claim.span.start : claim.span.end] if text is not None else ""
        number = vague_number(words)
        low = high = Fraction(number) if number is not None else None
    if low is None or high is None:
        return None
    speakers = speakers_at(side, claim, "ultimate")
    return Figure(
        claim.id,
        claim.span.start,
        low,
        high,
        claim.form == "vague",
        _day(claim.as_of) or _day(published) or date.max,
        frozenset(s.id for s in speakers),
        frozenset(s.affiliation for s in speakers),
    )


def _day(edtf: str | None) -> date | None:
    """The last day of an EDTF date; None where there is none or it cannot be read."""
    try:
        return dates.bounds(edtf)[1] if edtf else None
    except dates.DateError:
        return None


def wholes_of(side: Side) -> dict[str, set[str]]:
    """For each claim the claims of the same article that it is part of, or an addend of."""
    result: dict[str, set[str]] = {}
    for claim in side.claims:
        for relation in claim.relations:
            target = relation.target.rpartition("#")[2]
            if relation.type == "part_of":
                result.setdefault(claim.id, set()).add(target)
            elif relation.type == "sum_of":
                result.setdefault(target, set()).add(claim.id)
    return result
