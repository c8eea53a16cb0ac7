"""Tolls: one number for each incident and measure, taken from the claims by a named policy, and compared.

A policy is what the coders of an event database do when reports differ: it reads annotated claims, gold and
predicted alike, so a system is scored on the number that a database would hold had it done the reading.

What every policy does first, so that they differ in one thing only (our reading, where no codebook is named):

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

The books, and how far they were read when this was written (2026): ACLED, "FAQs: ACLED fatality methodology"
(read in excerpt); GTD Codebook (START, 2021), fields nkill and nwound (definition and the rule on vague figures read in
quotation, the rules on conflicting reports paraphrased from memory); UCDP GED Codebook (Croicu and Sundberg,
2015, and later), fields best, high and low (definitions read in quotation; which figures are reliable is our
reading). A number made here is what the policy says, not what the database would have printed.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import ClassVar

from conflictwire import dates, derive
from conflictwire.model import Claim
from conflictwire.scoring.align import Aligned, Side
from conflictwire.scoring.counts import SCALE, Breakdown, Counts, fixed
from conflictwire.scoring.registry import choice, metric
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


@dataclass(frozen=True)
class Compared:
    """The tolls of both sides, and the predicted one for each gold one whose incident is aligned and has it."""

    gold: dict[Key, Toll]
    predicted: dict[Key, Toll]
    pairs: dict[Key, Key]


def compare(document: Aligned, policy: str) -> Compared:
    """The tolls of a document under a policy, incidents aligned by the document's one alignment of events."""
    article = document.article
    gold, predicted = (
        tolls(side, policy, article.text, article.published) for side in (document.gold, document.predicted)
    )
    pairs = {}
    for event, measure in gold:
        other = document.events.get(event, ""), measure
        if other in predicted:
            pairs[event, measure] = other
    return Compared(gold, predicted, pairs)


def _ratio(document: Aligned, policy: str, right: Callable[[Toll, Toll], bool]) -> Breakdown:
    """P, R, F over tolls: of the gold ones, and of the predicted ones, those with an aligned partner that is right."""
    found = compare(document, policy)
    good = {g: p for g, p in found.pairs.items() if right(found.gold[g], found.predicted[p])}
    back = set(good.values())
    total: Breakdown = {"": Counts()}

    def add(measure: str, counts: Counts) -> None:
        for key in ("", measure):
            total[key] = total.get(key, Counts()) + counts

    for key in found.gold:
        add(key[1], Counts(gold_credit=int(key in good), gold=1))
    for key in found.predicted:
        add(key[1], Counts(predicted_credit=int(key in back), predicted=1))
    return total


# Why tolls keep fewer promises than the rest: a toll is one number made of several claims, so an item more,
# even one that overlaps nothing, may move it on to the right number, or off it.
_LAYERS = ("events", "claims")


@metric
@dataclass(frozen=True)
class Exact:
    """Tolls that are exactly right: recall is the share of gold tolls, precision that of the answers given."""

    policy: str = "latest"
    name: ClassVar[str] = "toll.exact"
    layers: ClassVar[tuple[str, ...]] = _LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a toll; keys are measures."""
        return _ratio(document, self.policy, lambda gold, predicted: gold.number == predicted.number)


@metric
@dataclass(frozen=True)
class Within:
    """Tolls that lie between the lowest and the highest standing figure of the gold, both included."""

    policy: str = "latest"
    name: ClassVar[str] = "toll.within"
    layers: ClassVar[tuple[str, ...]] = _LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a toll; keys are measures."""
        return _ratio(document, self.policy, lambda gold, predicted: gold.low <= predicted.number <= gold.high)


@metric
@dataclass(frozen=True)
class Answered:
    """Tolls that are given at all, right or wrong: recall is the answered rate, no answer is never a zero.

    Precision is the share of the answers that are about an incident and measure which the gold has.
    """

    policy: str = "latest"
    name: ClassVar[str] = "toll.answered"
    layers: ClassVar[tuple[str, ...]] = _LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a toll; keys are measures."""
        return _ratio(document, self.policy, lambda gold, predicted: True)


def _mean(pairs: Iterable[tuple[str, int, int]], unit: int) -> Breakdown:
    """A mean over answered pairs, the same on both sides.

    `pairs` holds measure, error in units and its sign; keys are measures, and `over` and `under`, whose
    credit is of the errors with that sign and whose number is of all: over less under is the signed mean.
    """
    total: Breakdown = {"": Counts()}
    for measure, error, sign in pairs:
        for key, counted in (("", True), (measure, True), ("over", sign > 0), ("under", sign < 0)):
            credit = error if counted else 0
            total[key] = total.get(key, Counts()) + Counts(credit, unit, credit, unit)
    return total


def _sign(gold: Toll, predicted: Toll) -> int:
    return (predicted.number > gold.number) - (predicted.number < gold.number)


@metric
@dataclass(frozen=True)
class LogError:
    """Mean |ln((predicted + 1) / (gold + 1))| over the tolls that both sides have: an error, lower is better.

    No ratio: 0 is perfect, 0.69 about double or half, and it may exceed 1. The keys `over` and `under` split
    it by sign: their difference is the signed mean. Conditional on being answered (see `toll.answered`);
    P, R and F1 are the same number.
    """

    policy: str = "latest"
    name: ClassVar[str] = "toll.log_error"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = _LAYERS
    unit: ClassVar[int] = SCALE

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """Fixed point, one SCALE a pair, on both sides alike."""
        found = compare(document, self.policy)
        pairs = ((key[1], found.gold[key], found.predicted[other]) for key, other in found.pairs.items())
        return _mean(((m, fixed(Fraction(log_error(g, p))), _sign(g, p)) for m, g, p in pairs), SCALE)


def log_error(gold: Toll, predicted: Toll) -> float:
    """|ln((p + 1) / (g + 1))|; numbers of persons are not negative, and one that is counts as none."""
    return abs(math.log((max(predicted.number, Fraction(0)) + 1) / (max(gold.number, Fraction(0)) + 1)))


@metric
@dataclass(frozen=True)
class Tenfold:
    """The rate of tolls off by a factor of ten or more, of those that both sides have: lower is better.

    A lost or added zero; against a toll of 0, ten or more. Conditional on being answered; keys `over` and
    `under` split it by sign; P, R and F1 are the same number.
    """

    policy: str = "latest"
    name: ClassVar[str] = "toll.tenfold"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = _LAYERS

    def __post_init__(self) -> None:
        choice(self, "policy", tuple(POLICIES))

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a pair, on both sides alike."""
        found = compare(document, self.policy)
        pairs = ((key[1], found.gold[key], found.predicted[other]) for key, other in found.pairs.items())
        return _mean(((m, int(tenfold(g, p)), _sign(g, p)) for m, g, p in pairs), 1)


def tenfold(gold: Toll, predicted: Toll) -> bool:
    """Whether the larger is at least ten times the smaller, which counts as one where it is less."""
    low, high = sorted((gold.number, predicted.number))
    return high >= 10 * max(low, Fraction(1))


@metric
@dataclass(frozen=True)
class DoubleCounting:
    """The rate of parts that the prediction would count beside their whole: lower is better, whatever the policy.

    Of the gold claims that are part of another of their cell ("14 dead, two of them guards") and are aligned
    together with a whole of theirs into one predicted cell, the share that is no part there. Conditional on
    alignment; P, R and F1 are the same number.
    """

    name: ClassVar[str] = "toll.double_counting"
    lower_is_better: ClassVar[bool] = True
    layers: ClassVar[tuple[str, ...]] = _LAYERS

    def counts(self, document: Aligned) -> Breakdown:
        """One unit a part, on both sides alike; keys are measures."""
        article = document.article
        gold, predicted = (cells(side, article.text, article.published) for side in (document.gold, document.predicted))
        aligned = {document.gold.claims[i].id: document.predicted.claims[j].id for i, j in document.claims.items()}
        wholes = _wholes(document.gold)
        total: Breakdown = {"": Counts()}
        for (_, measure), cell in gold.items():
            for part in cell.parts:
                whole = [aligned[w] for w in wholes.get(part, set()) & cell.members if w in aligned]
                home = next((c for c in predicted.values() if aligned.get(part) in c.members), None)
                if home and any(w in home.members for w in whole):
                    wrong = int(aligned[part] not in home.parts)
                    for key in ("", measure):
                        total[key] = total.get(key, Counts()) + Counts(wrong, 1, wrong, 1)
        return total


def _wholes(side: Side) -> dict[str, set[str]]:
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
