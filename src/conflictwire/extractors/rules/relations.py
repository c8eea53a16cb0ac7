"""How the figures of an article stand to each other: parts, restatements, replacements, conflicts, sums, comparisons.

Guidelines 3, Relations: the later or smaller claim points to the earlier or larger, each pair once, first
that fits. Knows figures, their events and who says them; reads no layer but claims.
"""

import re
from fractions import Fraction

from msgspec.structs import replace

from conflictwire import numerals
from conflictwire.casualties import Figure
from conflictwire.casualties.counting import HARMED
from conflictwire.model import Claim, Relation
from conflictwire.reading import Page

_REPLACED = re.compile(
    r"\b(?:rose|risen|rising|raised|revised|updated|climbed|corrected|lowered|reduced|increased|in fact|now stands|stood at)\b"
)
_COMPARED = re.compile(
    r"\b(?:against|compared (?:with|to)|up from|down from|rather than)\s+(?:the\s+)?\Z", re.IGNORECASE
)
_JOINED = re.compile(r"\s*(?:[,:;-]|,? and|,? or|,? plus)\s*(?:and |the )?\Z", re.IGNORECASE)
# Heads that name nobody in particular: a figure of them counts all the victims.
_GENERIC = frozenset(
    (
        "",
        "people",
        "persons",
        "others",
        "dead",
        "victims",
        "lives",
        "civilians",
        "bodies",
        "casualties",
        "wounded",
        "deaths",
        "individuals",
    )
)


class Relations:
    """The relations of one article's claims.

    Args:
        page: the text.
        figures: its figures, each with the claim of the same index.
        claims: the claims.
        speakers: for each claim id the sources that say it.
    """

    def __init__(
        self, page: Page, figures: list[Figure], claims: list[Claim], speakers: dict[str, frozenset[str]]
    ) -> None:
        self._page = page
        self._figures = figures
        self._claims = claims
        self._speakers = speakers
        self._found: dict[str, list[Relation]] = {c.id: [] for c in claims}
        self._ids = {id(f): c.id for f, c in zip(figures, claims, strict=True)}

    def related(self) -> list[Claim]:
        """The claims with their relations."""
        self._sums()
        self._parts()
        self._comparisons()
        self._successions()
        return [replace(c, relations=self._found[c.id]) for c in self._claims]

    def _relate(self, claim: str, type: str, target: str) -> None:
        paired = {r.target for r in self._found[claim]} | (
            {claim} if any(r.target == claim for r in self._found[target]) else set()
        )
        if claim != target and target not in paired and claim not in paired:
            self._found[claim].append(Relation(type, target))  # type: ignore[arg-type]

    def _sums(self) -> None:
        """ "Killed six: two soldiers, two guards and two civilians": a total and all its addends."""
        for i, total in enumerate(self._figures):
            value = self._value(i)
            if value is None or total.unit != "person" or total.form not in ("numeral",):
                continue
            addends: list[int] = []
            for j in range(i + 1, len(self._figures)):
                figure, before = self._figures[j], self._figures[j - 1]
                end = max(before.end, before.noun.end if before.noun and not before.borrowed else before.end)
                if figure.sentence is not total.sentence or not _JOINED.fullmatch(
                    self._page.folded[end : figure.start]
                ):
                    break
                addends.append(j)
            amounts = [self._value(j) for j in addends]
            if len(addends) > 1 and None not in amounts and sum(a for a in amounts if a is not None) == value:
                for j in addends:
                    self._relate(self._claims[i].id, "sum_of", self._claims[j].id)

    def _value(self, i: int) -> Fraction | None:
        figure = self._figures[i]
        if figure.form == "implicit":
            return Fraction(1)
        return Fraction(figure.values[0]) if figure.form == "numeral" and figure.bound == "none" else None

    def _parts(self) -> None:
        for figure, claim in zip(self._figures, self._claims, strict=True):
            if figure.whole is not None and id(figure.whole) in self._ids:
                self._relate(claim.id, "part_of", self._ids[id(figure.whole)])

    def _comparisons(self) -> None:
        """Counts of one thing over several periods, and "against 22 in 2031"."""
        chain: list[int] = []
        for i, figure in enumerate(self._figures):
            before = self._figures[i - 1] if i else None
            compared = _COMPARED.search(self._page.folded[figure.sentence.start : figure.start])
            linked = before is not None and before.sentence is figure.sentence and (figure.borrowed or bool(compared))
            periods = linked and (figure.unit == "event" or bool(compared))
            if periods and self._claims[i].measure == self._claims[i - 1].measure:
                chain = chain or [i - 1]
                for j in chain:
                    self._relate(self._claims[i].id, "comparable_to", self._claims[j].id)
                chain.append(i)
            else:
                chain = []

    def _successions(self) -> None:
        """Restatements, replacements and conflicts among figures of one count."""
        counts: dict[tuple[object, ...], list[int]] = {}
        for i, (figure, claim) in enumerate(zip(self._figures, self._claims, strict=True)):
            if (
                claim.scope.event is None
                or claim.measure not in HARMED | {"objects", "participants", "other"}
                or not claim.values
            ):
                continue
            if claim.measure in ("objects", "participants", "other") and figure.noun is None:
                continue
            head = figure.noun.head if figure.noun and not figure.borrowed else ""
            kind = "" if head in _GENERIC else head.removesuffix("s")
            earlier = counts.setdefault((claim.scope.event, claim.measure, kind), [])
            if not any(r.type in ("part_of", "comparable_to") for r in self._found[claim.id]):
                self._succeed(i, earlier)
            earlier.append(i)

    def _succeed(self, i: int, earlier: list[int]) -> None:
        claim, figure = self._claims[i], self._figures[i]
        others = [j for j in earlier if self._figures[j].sentence is not figure.sentence]
        same = next(
            (j for j in others if self._claims[j].values == claim.values and self._claims[j].form == claim.form), None
        )
        if same is not None:
            self._relate(claim.id, "restates", self._claims[same].id)
            return
        mine = self._speakers.get(claim.id, frozenset())
        standing = [j for j in earlier if self._exclusive(i, j) and not self._claims[j].relations]
        sentence = self._page.folded[figure.sentence.start : figure.sentence.end].lower()
        if standing and _REPLACED.search(sentence):
            self._relate(claim.id, "supersedes", self._claims[standing[-1]].id)
            return
        seen: set[frozenset[str]] = set()
        for j in reversed(standing):
            theirs = self._speakers.get(self._claims[j].id, frozenset())
            if theirs in seen or not theirs or not mine:
                continue
            seen.add(theirs)
            self._relate(claim.id, "supersedes" if mine & theirs else "conflicts_with", self._claims[j].id)

    def _exclusive(self, i: int, j: int) -> bool:
        """Whether two figures cannot both be true: "at least nine" and "11" can."""
        a, b = (
            numerals.interval(c.form, c.bound, c.approximation, c.values) for c in (self._claims[i], self._claims[j])
        )
        apart = (a.high is not None and b.low is not None and a.high < b.low) or (
            b.high is not None and a.low is not None and b.high < a.low
        )
        return apart
