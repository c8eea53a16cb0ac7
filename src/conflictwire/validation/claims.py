"""Level 4, numeric claims: the printed words against form, bound and values, and claims against each other."""

import re
from collections.abc import Iterator

from conflictwire import dates, numerals
from conflictwire.model import Article, Claim
from conflictwire.validation.findings import Fault, rule

_VALUES = {"numeral": 1, "range": 2, "vague": 0, "fraction": 2, "implicit": 0, "zero": 1}
_PERSONS = {"killed", "injured", "casualties", "missing", "abducted", "held", "detained", "displaced", "surrendered",
            "released", "membership", "participants", "population"}  # fmt: skip
# The UCUM codes that news needs; money takes any three capitals (ISO 4217).
_UCUM = {
    "duration": {"s", "min", "h", "d", "wk", "mo", "a"},
    "area": {"m2", "km2", "har"},
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
    named = [(f"events[{i}].time.edtf", e.time.edtf) for i, e in enumerate(article.events) if e.time]
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
    by_id = {c.id: c for c in article.claims}
    for i, claim in enumerate(article.claims):
        for j, relation in enumerate(claim.relations):
            whole = by_id.get(relation.target)
            if relation.type != "part_of" or whole is None or "share" in (claim.measure, whole.measure):
                continue
            part, total = _interval(claim), _interval(whole)
            if part.low is not None and total.high is not None and part.low > total.high and not total.approximate:
                yield Fault(
                    f"claims[{i}].relations[{j}]",
                    f"{claim.span.text or claim.values} is more than {whole.span.text or whole.values}, of which it is said to be a part",
                    "turn the relation round, or drop it",
                    _at(claim),
                )


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


def _interval(claim: Claim) -> numerals.Interval:
    return numerals.interval(claim.form, claim.bound, claim.approximation, claim.values)


def _parsed(article: Article) -> Iterator[tuple[int, Claim, numerals.Expression | None]]:
    for i, claim in enumerate(article.claims):
        if claim.span.text is not None:
            yield i, claim, numerals.parse(claim.span.text)
