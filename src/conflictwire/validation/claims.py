"""Level 4, numeric claims: the printed words against form, bound and values, and claims against each other."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from conflictwire import dates, derive, numerals
from conflictwire.model import Article, Claim
from conflictwire.validation.findings import Fault, rule

_VALUES = {"numeral": 1, "range": 2, "vague": 0, "fraction": 2, "implicit": 0, "zero": 1}
_PERSONS = {"killed", "injured", "casualties", "missing", "abducted", "held", "detained", "displaced", "surrendered",
            "released", "membership", "participants", "population"}  # fmt: skip
# The UCUM codes that news needs; money takes any three capitals (ISO 4217).
_UCUM = {
    "duration": {"s", "min", "h", "d", "wk", "mo", "a"},
    "area": {"m2", "km2", "har", "[acr_us]", "[smi_us]"},
    "distance": {"cm", "m", "km", "[mi_i]", "[ft_i]", "[nmi_i]"},
}


_MASS = ("g", "kg", "t")


@rule("values-count", 4)
def values_count(article: Article) -> Iterator[Fault]:
    """A numeral has one value, a range or fraction two, zero the value "0"; vague and implicit have none."""
    for i, claim in enumerate(article.claims):
        wanted = _VALUES[claim.form]
        if len(claim.values) != wanted:
            yield Fault(
                f"claims[{i}].values",
                f"a claim of form {claim.form} has {wanted} value(s), not {len(claim.values)}",
                "see the table of forms in GUIDELINES 3",
                _at(claim),
            )
        elif claim.form == "range" and float(claim.values[0]) >= float(claim.values[1]):
            yield Fault(
                f"claims[{i}].values",
                f"the range {claim.values} does not rise",
                "write the lower limit first",
                _at(claim),
            )
        elif claim.form == "zero" and claim.values != ["0"]:
            yield Fault(f"claims[{i}].values", f"zero has the value ['0'], not {claim.values}", "", _at(claim))


@rule("figure-differs", 4)
def figure_differs(article: Article) -> Iterator[Fault]:
    """Form and values are what the printed words say, read by the number grammar."""
    for i, claim, parsed in _parsed(article):
        if claim.form == "implicit":
            continue
        if parsed is None:
            yield Fault(
                f"claims[{i}].span",
                f"no figure can be read from {claim.span.text!r}",
                "the span is the number with its contiguous modifiers",
                _at(claim),
            )
        elif (parsed.form, list(parsed.values)) != (claim.form, claim.values):
            yield Fault(
                f"claims[{i}]",
                f"{claim.span.text!r} reads as {parsed.form} {list(parsed.values)}, annotated is {claim.form} {claim.values}",
                "mend form and values, or the span",
                _at(claim),
            )


@rule("modifier-differs", 4)
def modifier_differs(article: Article) -> Iterator[Fault]:
    """Bound and approximation are those of the words inside the span, and of no others."""
    for i, claim, parsed in _parsed(article):
        if (
            parsed is not None
            and claim.form != "implicit"
            and (parsed.bound, parsed.approximation) != (claim.bound, claim.approximation)
        ):
            yield Fault(
                f"claims[{i}]",
                f"{claim.span.text!r} reads as bound {parsed.bound}, approximation {parsed.approximation}; annotated are {claim.bound}, {claim.approximation}",
                "take the modifier into the span, or mend the field",
                _at(claim),
            )  # fmt: skip


_BEFORE = re.compile(rf"(?:^|(?<=[\s(“\"'‘—–-]))(?:{numerals.MODIFIER})(?: the)?\s+[$€£]?$", re.IGNORECASE)


@rule("modifier-outside", 4, "warning")
def modifier_outside(article: Article) -> Iterator[Fault]:
    """A modifier stands right before the span but is not in it: spans take their contiguous modifiers in."""
    if article.text is None:
        return
    for i, claim in enumerate(article.claims):
        match = _BEFORE.search(article.text[max(0, claim.span.start - 30) : claim.span.start])
        if match and match.group().strip().lower() not in ("past", "under", "over", "minimum"):
            yield Fault(
                f"claims[{i}].span",
                f"{match.group().strip()!r} stands before {claim.span.text!r} and is not in the span",
                "begin the span at the modifier",
                _at(claim),
            )


@rule("unit-and-measure", 4)
def unit_and_measure(article: Article) -> Iterator[Fault]:
    """Casualties count persons, money has an ISO 4217 currency, durations, areas and distances a UCUM unit."""
    for i, claim in enumerate(article.claims):
        measure, unit = claim.measure, claim.unit
        if measure in _PERSONS and unit != "person":
            yield Fault(
                f"claims[{i}].unit",
                f"{measure} counts persons, the unit is {unit!r}",
                "write person, or another measure",
                _at(claim),
            )
        elif measure == "money" and not re.fullmatch("[A-Z]{3}", unit):
            yield Fault(
                f"claims[{i}].unit",
                f"money has a currency, not {unit!r}",
                "write the ISO 4217 code, such as USD",
                _at(claim),
            )
        elif measure in _UCUM and unit not in _UCUM[measure]:
            yield Fault(
                f"claims[{i}].unit",
                f"{unit!r} is no unit of {measure}",
                f"one of {', '.join(sorted(_UCUM[measure]))}",
                _at(claim),
            )
        elif measure in ("attacks", "strikes") and unit != "event":
            yield Fault(f"claims[{i}].unit", f"{measure} are events, the unit is {unit!r}", "write event", _at(claim))
        elif measure == "objects" and unit != "item":
            yield Fault(f"claims[{i}].unit", f"objects are items, the unit is {unit!r}", "write item", _at(claim))
        elif measure in ("share", "other") and unit not in ("percent", "person", "event", "item", *_MASS):
            yield Fault(
                f"claims[{i}].unit",
                f"{unit!r} is no unit of a {measure}",
                "percent, person, event, item, or g, kg, t",
                _at(claim),
            )


@rule("reading-and-scope", 4)
def reading_and_scope(article: Article) -> Iterator[Fault]:
    """An event total names its event; a share, a sum of money, a duration, an area or a distance reads `other`."""
    for i, claim in enumerate(article.claims):
        other = claim.measure in ("share", "money", "duration", "area", "distance", "other")
        if other and claim.reading != "other":
            yield Fault(
                f"claims[{i}].reading",
                f"a claim of {claim.measure} reads other, not {claim.reading}",
                "see Reading in GUIDELINES 3",
                _at(claim),
            )
        elif claim.reading == "event_total" and claim.scope.event is None:
            yield Fault(
                f"claims[{i}].scope.event",
                "an event_total has no event",
                "name the event in scope, or read it as period_total or stock",
                _at(claim),
            )


@rule("scope-twice", 4)
def scope_twice(article: Article) -> Iterator[Fault]:
    """Places and period stand in a claim's scope only where no event carries them."""
    for i, claim in enumerate(article.claims):
        if claim.scope.event is not None and (claim.scope.places or claim.scope.period):
            yield Fault(
                f"claims[{i}].scope",
                "the scope has an event and also places or a period",
                "leave places and period to the event",
                _at(claim),
            )


@rule("bad-date", 4)
def bad_date(article: Article) -> Iterator[Fault]:
    """Dates and periods are EDTF (ISO 8601-2, levels 0 and 1) and exist in the calendar."""
    named = [("published", article.published)] if article.published else []
    named += [(f"events[{i}].time.edtf", e.time.edtf) for i, e in enumerate(article.events) if e.time]
    named += [(f"claims[{i}].as_of", c.as_of) for i, c in enumerate(article.claims) if c.as_of]
    named += [(f"claims[{i}].scope.period", c.scope.period) for i, c in enumerate(article.claims) if c.scope.period]
    for path, value in named:
        try:
            dates.bounds(value)
        except dates.DateError as error:
            yield Fault(path, str(error), "EDTF: 2031-03-02, 2031-03, 2029/2031, 2031-03-02/..")


@rule("part-exceeds-whole", 4)
def part_exceeds_whole(article: Article) -> Iterator[Fault]:
    """A count that is part of another can not be certainly larger than it."""
    for path, claim, relation, whole in _related(article):
        if relation != "part_of" or "share" in (claim.measure, whole.measure):
            continue
        part, total = derive.interval(claim), derive.interval(whole)
        if part.low is not None and total.high is not None and part.low > total.high and not total.approximate:
            yield Fault(
                path,
                f"{_shown(claim)} is more than {_shown(whole)}, of which it is said to be a part",
                "turn the relation round, or drop it",
                _at(claim),
            )


# Measures that have no word of their own: the figure or its unit says them (GUIDELINES 5b).
_WORDLESS = ("money", "duration", "share", "distance", "area")


@rule("measure-span-given", 4, "warning")
def measure_span_given(article: Article) -> Iterator[Fault]:
    """Money, durations, shares, distances and areas have no measure_span: their unit says the measure (GUIDELINES 5b)."""
    for i, claim in enumerate(article.claims):
        if claim.measure in _WORDLESS and claim.measure_span is not None:
            yield Fault(
                f"claims[{i}].measure_span",
                f"a claim of {claim.measure} has the measure_span {claim.measure_span.text!r}",
                "write null",
                (claim.measure_span.start, claim.measure_span.end),
            )


@rule("generic-scope", 4, "warning")
def generic_scope(article: Article) -> Iterator[Fault]:
    """A figure over a generic event ("212 attacks in 2031") has places and a period in its scope, not the event (GUIDELINES 5b)."""
    generic = {e.id for e in article.events if e.genericity == "generic"}
    for i, claim in enumerate(article.claims):
        if claim.scope.event in generic:
            yield Fault(
                f"claims[{i}].scope.event",
                f"the event {claim.scope.event} is generic, and {claim.reading} stands over it",
                "write places and period instead and read it as period_total, or make the event specific",
                _at(claim),
            )


@rule("restates-differs", 4)
def restates_differs(article: Article) -> Iterator[Fault]:
    """What restates a figure counts the same, with the same values; only the bounds may differ (GUIDELINES 3, Relations).

    A converted amount ("8 km (5 mi)") restates in another unit, with another value (GUIDELINES 5c).
    """
    for path, claim, relation, other in _related(article):
        if relation != "restates":
            continue
        converted = claim.measure == other.measure and claim.unit != other.unit
        if claim.measure != other.measure:
            yield Fault(
                path,
                f"{_shown(claim)} ({claim.measure}) restates {_shown(other)} ({other.measure})",
                "drop the relation, or mend the measure",
                _at(claim),
            )
        elif not converted and ((claim.form == "vague") != (other.form == "vague") or _values(claim) != _values(other)):
            yield Fault(
                path,
                f"{_shown(claim)} restates {_shown(other)}, which is another figure",
                "supersedes, conflicts_with, or no relation",
                _at(claim),
            )


@rule("relation-contradicts", 4)
def relation_contradicts(article: Article) -> Iterator[Fault]:
    """Figures that restate each other are one figure: none of them replaces, contradicts or is part of another."""
    same: dict[str, str] = {}

    def first(claim: str) -> str:
        seen = {claim}
        while (before := same.get(claim, claim)) not in seen:
            seen.add(before)
            claim = before
        return claim

    for _, claim, relation, other in _related(article):
        if relation == "restates" and first(claim.id) != first(other.id):
            same[first(claim.id)] = first(other.id)
    for path, claim, relation, other in _related(article):
        if relation not in ("restates", "comparable_to") and first(claim.id) == first(other.id):
            yield Fault(
                path,
                f"{_shown(claim)} {relation} {_shown(other)}, and by other relations the two restate one figure",
                "drop this relation or the restates",
                _at(claim),
            )


@rule("supersedes-newer", 4)
def supersedes_newer(article: Article) -> Iterator[Fault]:
    """A figure that replaces another does not hold as of an earlier time than it."""
    for path, claim, relation, other in _related(article):
        if relation == "supersedes" and claim.as_of and other.as_of:
            newer, older = _days(claim.as_of), _days(other.as_of)
            if newer and older and newer[1] < older[0]:
                yield Fault(
                    path,
                    f"{_shown(claim)} (as of {claim.as_of}) supersedes {_shown(other)} (as of {other.as_of})",
                    "turn the relation round, or mend as_of",
                    _at(claim),
                )


@rule("conflict-not-exclusive", 4, "warning")
def conflict_not_exclusive(article: Article) -> Iterator[Fault]:
    """Figures conflict only if they exclude each other: "at least nine" and "11" do not (GUIDELINES 5b)."""
    for path, claim, relation, other in _related(article):
        if relation != "conflicts_with":
            continue
        one, two = derive.interval(claim), derive.interval(other)
        if (
            numerals.NOTHING not in (one, two)
            and not (one.approximate or two.approximate)  # whether "about 20" excludes 22 is the annotator's to say
            and not (_below(one, two) or _below(two, one))
        ):
            yield Fault(
                path,
                f"{_shown(claim)} and {_shown(other)} can both be true",
                "drop the relation, or mend bound and values",
                _at(claim),
            )


def _below(one: numerals.Interval, two: numerals.Interval) -> bool:
    """Whether every number that one allows is smaller than every number that the other allows."""
    if one.high is None or two.low is None:
        return False
    return one.high < two.low or (one.high == two.low and not (one.high_included and two.low_included))


def _days(edtf: str) -> tuple[date, date] | None:
    """First and last day of a date; None where it is no date, which `bad-date` says."""
    try:
        low, high = dates.bounds(edtf)
    except dates.DateError:
        return None
    return low or date.min, high or date.max


def _values(claim: Claim) -> list[str]:
    """The values by which two claims are the same figure: "a guard" is one guard."""
    return ["1"] if claim.form == "implicit" else claim.values


def _related(article: Article) -> Iterator[tuple[str, Claim, str, Claim]]:
    """Every relation inside the article: its path, the claim, the type, the claim it points to."""
    by_id = {c.id: c for c in article.claims}
    for i, claim in enumerate(article.claims):
        for j, relation in enumerate(claim.relations):
            if relation.target in by_id:
                yield f"claims[{i}].relations[{j}]", claim, relation.type, by_id[relation.target]


def _shown(claim: Claim) -> str:
    """A figure as a message names it: its id, and its words or values."""
    return f"{claim.id} ({claim.span.text or ', '.join(claim.values) or claim.form})"


@rule("relation-order", 4)
def relation_order(article: Article) -> Iterator[Fault]:
    """Only one relation ties a pair of claims, and part_of and supersedes make no cycles."""
    pairs: set[frozenset[str]] = set()
    edges: dict[str, list[str]] = {}
    for i, claim in enumerate(article.claims):
        for j, relation in enumerate(claim.relations):
            pair = frozenset((claim.id, relation.target))
            if pair in pairs:
                yield Fault(
                    f"claims[{i}].relations[{j}]",
                    f"{claim.id} and {relation.target} are related twice",
                    "keep the first that fits (GUIDELINES 3, Relations)",
                    _at(claim),
                )
            pairs.add(pair)
            if relation.type in ("part_of", "supersedes"):
                edges.setdefault(claim.id, []).append(relation.target)
    yield from cycles(edges, "claims", {c.id: i for i, c in enumerate(article.claims)})


def cycles(edges: dict[str, list[str]], layer: str, index: dict[str, int]) -> Iterator[Fault]:
    """A fault for each item of a layer from which the edges lead back to itself."""
    for start in edges:
        stack, seen = list(edges[start]), set[str]()
        while stack:
            at = stack.pop()
            if at == start:
                yield Fault(
                    f"{layer}[{index[start]}]",
                    f"{start} leads back to itself",
                    "one of the links is the wrong way round",
                )
                break
            if at not in seen:
                seen.add(at)
                stack.extend(edges.get(at, []))


def _at(claim: Claim) -> tuple[int, int]:
    return claim.span.start, claim.span.end


# News repeats its figures ("two", "at least 14"), and two rules read each of them.
_parse = lru_cache(maxsize=16384)(numerals.parse)


def _parsed(article: Article) -> Iterator[tuple[int, Claim, numerals.Expression | None]]:
    for i, claim in enumerate(article.claims):
        if claim.span.text is not None:
            yield i, claim, _parse(claim.span.text)
