"""Level 4, numeric claims: the printed words against form, bound and values, and claims against each other."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from conflictwire import dates, numerals
from conflictwire import text as texts
from conflictwire.model import Article, Claim
from conflictwire.validation.findings import Fault, extent, rule

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


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


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
                extent(claim.span),
            )
        elif claim.form == "range" and float(claim.values[0]) >= float(claim.values[1]):
            yield Fault(
                f"claims[{i}].values",
                f"the range {claim.values} does not rise",
                "write the lower limit first",
                extent(claim.span),
            )
        elif claim.form == "zero" and claim.values != ["0"]:
            yield Fault(
                f"claims[{i}].values",
                f"zero has the value ['0'], not {claim.values}",
                'write ["0"]',
                extent(claim.span),
            )


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
                extent(claim.span),
            )
        elif (parsed.form, list(parsed.values)) != (claim.form, claim.values):
            field = "form" if parsed.form != claim.form else "values"
            yield Fault(
                f"claims[{i}].{field}",
                f"{claim.span.text!r} reads as {parsed.form} {list(parsed.values)}, annotated is {claim.form} {claim.values}",
                f"write {parsed.form} and {_json(list(parsed.values))}, or mend the span if it holds other words than the figure",
                extent(claim.span),
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
            field = "bound" if parsed.bound != claim.bound else "approximation"
            yield Fault(
                f"claims[{i}].{field}",
                f"{claim.span.text!r} reads as bound {parsed.bound}, approximation {parsed.approximation}; "
                f"annotated are {claim.bound}, {claim.approximation}",
                f"write {getattr(parsed, field)}, or take the modifier that says otherwise into the span",
                extent(claim.span),
            )


_BEFORE = re.compile(rf"(?:{numerals.MODIFIER})(?: the)?\s+[$€£]?\Z", re.IGNORECASE)
_WORD_START = re.compile(r"(?:^|(?<=[\s(“\"'‘—–-]))(?=\w|~)")


@rule("modifier-outside", 4, "warning")
def modifier_outside(article: Article) -> Iterator[Fault]:
    """A modifier stands right before the span but is not in it: spans take their contiguous modifiers in."""
    if article.text is None:
        return
    for i, claim in enumerate(article.claims):
        start = claim.span.start
        last = article.text[max(0, start - 30) : start].rstrip(" $€£").rpartition(" ")[2].lower()
        if last != "the" and last not in numerals.MODIFIER_ENDS:
            continue
        begins = (m.start() for m in _WORD_START.finditer(article.text, max(0, start - 30), start))
        match = next((m for at in begins if (m := _BEFORE.match(article.text, at, start))), None)
        if match and match.group().strip().lower() not in ("past", "under", "over", "minimum"):
            yield Fault(
                f"claims[{i}].span",
                f"{match.group().strip()!r} stands before {claim.span.text!r} and is not in the span",
                "begin the span at the modifier",
                extent(claim.span),
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
                extent(claim.span),
            )
        elif measure == "money" and not re.fullmatch("[A-Z]{3}", unit):
            yield Fault(
                f"claims[{i}].unit",
                f"money has a currency, not {unit!r}",
                "write the ISO 4217 code, such as USD",
                extent(claim.span),
            )
        elif measure in _UCUM and unit not in _UCUM[measure]:
            yield Fault(
                f"claims[{i}].unit",
                f"{unit!r} is no unit of {measure}",
                f"one of {', '.join(sorted(_UCUM[measure]))}",
                extent(claim.span),
            )
        elif measure in ("attacks", "strikes") and unit != "event":
            yield Fault(
                f"claims[{i}].unit", f"{measure} are events, the unit is {unit!r}", "write event", extent(claim.span)
            )
        elif measure == "objects" and unit != "item":
            yield Fault(
                f"claims[{i}].unit", f"objects are items, the unit is {unit!r}", "write item", extent(claim.span)
            )
        elif claim.form == "fraction" and measure != "share":
            yield Fault(
                f"claims[{i}].measure",
                f"a fraction is a share of something, not {measure}",
                "write share, and as unit what it is a share of",
                extent(claim.span),
            )
        elif measure in ("share", "other") and unit not in ("percent", "person", "event", "item", *_MASS):
            yield Fault(
                f"claims[{i}].unit",
                f"{unit!r} is no unit of a {measure}",
                "percent, person, event, item, or g, kg, t",
                extent(claim.span),
            )


@rule("reading-and-scope", 4)
def reading_and_scope(article: Article) -> Iterator[Fault]:
    """What is counted says how a figure reads, and the reading what scope it has (GUIDELINES 3, Reading).

    A share, a sum of money, a duration, an area or a distance reads `other`, a membership or population
    `stock` (or `change`); an event total names its event, a period total none.
    """
    for i, claim in enumerate(article.claims):
        other = claim.measure in ("share", "money", "duration", "area", "distance", "other")
        if other and claim.reading != "other":
            yield Fault(
                f"claims[{i}].reading",
                f"a claim of {claim.measure} reads other, not {claim.reading}",
                "see Reading in GUIDELINES 3",
                extent(claim.span),
            )
        elif claim.measure in ("membership", "population") and claim.reading not in ("stock", "change"):
            yield Fault(
                f"claims[{i}].reading",
                f"a {claim.measure} stands at a time, and is annotated as {claim.reading}",
                "write stock; or change, if the figure is added to or taken from another",
                extent(claim.span),
            )
        elif claim.reading == "period_total" and claim.scope.event is not None:
            yield Fault(
                f"claims[{i}].reading",
                f"a period_total over the event {claim.scope.event}",
                "write event_total, or leave the event out and give places and period",
                extent(claim.span),
            )
        elif claim.reading == "event_total" and claim.scope.event is None:
            yield Fault(
                f"claims[{i}].scope.event",
                "an event_total has no event",
                "name the event in scope, or read it as period_total or stock",
                extent(claim.span),
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
                extent(claim.span),
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
                extent(claim.span),
            )


# News repeats its figures ("two", "at least 14"), and two rules read each of them.
_parse = lru_cache(maxsize=16384)(numerals.parse)


def _parsed(article: Article) -> Iterator[tuple[int, Claim, numerals.Expression | None]]:
    for i, claim in enumerate(article.claims):
        if claim.span.text is not None:
            yield i, claim, _parse(claim.span.text)


# Units as they are printed in a span: what a claim with them measures, and its unit (None: any).
_PRINTED = [
    (re.compile(pattern, re.IGNORECASE), measures, units)
    for pattern, measures, units in [
        (r"%|\bper ?cent\b", {"share"}, {"percent"}),
        (r"€", {"money"}, {"EUR"}),
        (r"£|\$|¥|₹", {"money"}, None),
        (r"\b(?:kilogram(?:me)?s?|kilos?|kgs?)\b", {"other"}, {"kg"}),
        (r"\b(?:tons?|tonnes?)\b", {"other"}, {"t"}),
        (r"\b(?:kilomet(?:er|re)s?|km)\b(?! ?(?:2|²))(?<!square kilometers)(?<!square kilometres)(?<!square km)", {"distance"}, {"km"}),
        (r"\bnautical miles?\b", {"distance"}, {"[nmi_i]"}),
        (r"\b(?:miles?)\b(?<!square miles)(?<!square mile)", {"distance"}, {"[mi_i]"}),
        (r"\bhectares?\b", {"area"}, {"har"}),
        (r"\bacres?\b", {"area"}, {"[acr_us]"}),
        (r"\bsquare miles?\b", {"area"}, {"[smi_us]"}),
        (r"\byears?\b", {"duration"}, {"a"}),
        (r"\bmonths?\b", {"duration"}, {"mo"}),
        (r"\bweeks?\b", {"duration"}, {"wk"}),
        (r"\bdays?\b", {"duration"}, {"d"}),
        (r"\bhours?\b", {"duration"}, {"h"}),
        (r"\bminutes?\b", {"duration"}, {"min"}),
    ]
]  # fmt: skip


@rule("unit-differs", 4, "warning")
def unit_differs(article: Article) -> Iterator[Fault]:
    """Measure and unit are those of the sign or word of measurement that the span prints: 40 percent, $3 million, 200 kg."""
    for i, claim in enumerate(article.claims):
        words = claim.span.text
        if words is None or claim.measure in _PERSONS:
            continue
        for pattern, measures, units in _PRINTED:
            if (match := pattern.search(words)) is None:
                continue
            if claim.measure not in measures or (units is not None and claim.unit not in units):
                unit = f" ({', '.join(units)})" if units else ""
                yield Fault(
                    f"claims[{i}].unit",
                    f"{words!r} is annotated as {claim.measure} ({claim.unit}); {match.group()!r} says "
                    f"{', '.join(measures)}{unit}",
                    "mend measure and unit, or the span",
                    extent(claim.span),
                )
            break


_CUT = re.compile(
    r"(?: (?:hundred|thousand|million|billion|per ?cent|or so|or more|or fewer|or less|kilo(?:gram(?:me)?)?s?|kg|tons?|"
    r"tonnes?|km|kilomet(?:er|re)s?|miles?|hectares?)\b|%)"
)
_ONE = re.compile(r" one\b")


@rule("figure-cut-short", 4, "warning")
def figure_cut_short(article: Article) -> Iterator[Fault]:
    """The span takes the whole expression in: currency, percent, magnitude, unit of measurement, and "one" of "no one"."""
    text = article.text
    if text is None:
        return
    for i, claim in enumerate(article.claims):
        start, end = claim.span.start, claim.span.end
        after = _CUT.match(text, end) or (_ONE.match(text, end) if claim.form == "zero" else None)
        if after:
            left, to = after.group().strip(), "extend the span to it"
        elif start > 0 and text[start - 1] in "$€£¥₹":
            left, to = text[start - 1], "begin the span at it"
        else:
            continue
        yield Fault(f"claims[{i}].span", f"{text[start:end]!r} leaves {left!r} out", to, (start, end))


@rule("claims-overlap", 4)
def claims_overlap(article: Article) -> Iterator[Fault]:
    """One expression is one claim: the spans of two claims do not overlap, and lists are split."""
    ordered = sorted(enumerate(article.claims), key=lambda item: item[1].span.start)
    for (_, one), (i, two) in pairwise(ordered):
        if two.span.start < one.span.end:
            yield Fault(
                f"claims[{i}].span",
                f"{two.id} ({two.span.text!r}) overlaps {one.id} ({one.span.text!r})",
                "keep one, or split the expression between them",
                extent(two.span),
            )


# Words after which a figure counts what they name; others than these are counted nouns ("bodies", "deaths").
_STATES = frozenset("dead wounded injured hurt killed missing casualties fatalities injuries displaced".split())


@rule("counted-and-measure", 4, "warning")
def counted_and_measure(article: Article) -> Iterator[Fault]:
    """Each word of a claim has one part: its span the figure, `counted.span` the noun, `measure_span` another word.

    A noun right after the figure is counted ("11 bodies", "61 abductions"); of words that say a state
    ("nine dead") the measure_span is right (GUIDELINES 5b and 5c).
    """
    for i, claim in enumerate(article.claims):
        noun, word = claim.counted.span, claim.measure_span
        if noun is not None and claim.form != "fraction" and noun.overlap(claim.span):
            yield Fault(
                f"claims[{i}].counted.span",
                f"{noun.text!r} overlaps the figure {claim.span.text!r}",
                "leave the number out of the counted noun, or the noun out of the figure",
                extent(noun),
            )
        if word is None:
            continue
        if word.overlap(claim.span):
            found, hint = f"overlaps the figure {claim.span.text!r}", "write null: the figure already says the measure"
        elif noun is not None and (word.start, word.end) == (noun.start, noun.end):
            found, hint = "is also the counted noun", "keep it as counted.span, and write null here"
        elif noun is None and word.text and word.start == claim.span.end + 1 and word.text.lower() not in _STATES:
            found, hint = f"is what {claim.span.text!r} counts", "write it as counted.span, and null here"
        else:
            continue
        yield Fault(f"claims[{i}].measure_span", f"{word.text!r} {found}", hint, extent(word))


MEASURE_WORDS = {
    word: measure
    for measure, words in {
        "killed": "killed kill kills killing died die dies dead deaths slain",
        "injured": "wounded wounding injured injures injuring hurt injuries",
        "missing": "missing",
        "abducted": "abducted abducting kidnapped kidnapping",
        "detained": "arrested arresting arrests arrest detained detaining",
        "displaced": "displaced fled",
        "surrendered": "surrendered",
        "released": "released freed",
    }.items()
    for word in words.split()
}


@rule("measure-differs", 4, "warning")
def measure_differs(article: Article) -> Iterator[Fault]:
    """The measure is the one that the words of `measure_span` say: of "wounded" injured, of "arrested" detained."""
    for i, claim in enumerate(article.claims):
        word = claim.measure_span
        said = MEASURE_WORDS.get((word.text or "").lower()) if word is not None else None
        if said not in (None, claim.measure) and claim.measure not in ("casualties", "share", "other", "held"):
            yield Fault(
                f"claims[{i}].measure",
                f"{claim.id} is {claim.measure}, its measure_span {word and word.text!r} says {said}",
                "mend the measure, or the measure_span",
                extent(word),
            )


_STATUSES = {
    word: status
    for status, words in {
        "security_force": "soldier soldiers troops policeman policemen policewoman policewomen peacekeeper peacekeepers",
        "civilian": "civilian civilians villager villagers child children woman women worshippers journalist journalists "
        "student students",
        "militant": "militant militants fighter fighters insurgent insurgents gunman gunmen rebel rebels",
    }.items()
    for word in words.split()
}


@rule("status-differs", 4, "warning")
def status_differs(article: Article) -> Iterator[Fault]:
    """The status is the one that the counted noun prints: soldiers and police security_force, children civilian, gunmen militant."""
    if article.text is None:
        return
    for i, claim in enumerate(article.claims):
        noun = claim.counted.span
        if noun is None or claim.unit != "person":
            continue
        if _STATUSES.keys().isdisjoint(article.text[noun.start : noun.end].lower().split()):
            continue
        start, end = texts.derive_head(article.text, noun.start, noun.end, "nominal")
        said = _STATUSES.get(article.text[start:end].lower())
        if said is not None and claim.counted.status not in (said, "mixed"):
            yield Fault(
                f"claims[{i}].counted.status",
                f"{noun.text!r} are {said}, annotated is {claim.counted.status}",
                "mend the status; mixed only if two are printed in the phrase",
                extent(noun),
            )


_HARMED = frozenset("killed injured casualties missing abducted held detained displaced released".split())


@rule("counted-role", 4)
def counted_role(article: Article) -> Iterator[Fault]:
    """The harmed and taken are victims (or perpetrators of their event), fighters of a force members, things nothing."""
    for i, claim in enumerate(article.claims):
        role, permitted = claim.counted.role, None
        if claim.unit != "person":
            permitted = {"unspecified"}
        elif claim.measure in _HARMED:
            permitted = {"victim", "perpetrator"}
        elif claim.measure == "membership":
            permitted = {"member"}
        if permitted is not None and role not in permitted:
            yield Fault(
                f"claims[{i}].counted.role",
                f"{claim.id} ({claim.measure}, {claim.unit}) has the role {role}",
                f"write {' or '.join(sorted(permitted, reverse=True))}",
                extent(claim.span),
            )
        elif role == "perpetrator" and claim.scope.event is None:
            yield Fault(
                f"claims[{i}].counted.role",
                f"{claim.id} counts perpetrators of no event",
                "name the event in scope, or write another role",
                extent(claim.span),
            )


_JOINED = (" ", " of ", " more ", " other ")


@rule("counted-entity", 4, "warning")
def counted_entity(article: Article) -> Iterator[Fault]:
    """The counted entity is the one of the counted phrase, of a kind that the unit can count, and takes part in the event.

    A noun right after the figure is inside a mention of the entity; persons are no materiel or facility;
    who is harmed, taken or displaced in the event of the scope is an argument of that event or of a part of it.
    """
    entities = {e.id: e for e in article.entities}
    takes_part: dict[str, set[str]] | None = None
    for i, claim in enumerate(article.claims):
        entity, noun = entities.get(claim.counted.entity or ""), claim.counted.span
        if entity is None:
            continue
        people = entity.type in ("person", "people")
        if (claim.unit == "item" and people) or (
            claim.unit == "person" and entity.type in ("materiel", "facility", "location")
        ):
            found, hint = (
                f"{entity.id} ({entity.name!r}) is {entity.type}, the unit is {claim.unit}",
                "mend one of them",
            )
        elif (
            noun is not None
            and article.text is not None
            and article.text[claim.span.end : noun.start] in _JOINED
            and not any(m.span.start < noun.end and noun.start < m.span.end for m in entity.mentions)
        ):
            found = f"{noun.text!r} is in no mention of {entity.id} ({entity.name!r})"
            hint = "name the entity of the counted phrase, or add the mention"
        elif (
            claim.scope.event is not None
            and (claim.measure in _HARMED or claim.measure == "surrendered")
            and claim.reading == "event_total"
            and claim.stance == "asserted"
        ):
            if takes_part is None:
                takes_part = _participants(article)
            if entity.id in takes_part[claim.scope.event]:
                continue
            found = f"{entity.id} ({entity.name!r}) has no part in {claim.scope.event}, in which it is {claim.measure}"
            hint = "add the argument to the event, or mend entity or event"
        else:
            continue
        yield Fault(f"claims[{i}].counted.entity", f"{claim.id}: {found}", hint, extent(claim.span))


def _participants(article: Article) -> dict[str, set[str]]:
    """The entities that take part in each event or in its direct parts."""
    found = {e.id: {a.entity for a in e.arguments} for e in article.events}
    for event in article.events:
        if event.part_of is not None:
            found[event.part_of] |= {a.entity for a in event.arguments}
    return found


@rule("implicit-thing", 4, "warning")
def implicit_thing(article: Article) -> Iterator[Fault]:
    """Only persons who are harmed, taken, released or displaced are counted by an "a"; things and attacks never."""
    for i, claim in enumerate(article.claims):
        if claim.form == "implicit" and claim.measure not in _HARMED and claim.measure != "surrendered":
            yield Fault(
                f"claims[{i}].form",
                f"{claim.span.text!r} counts {claim.measure}",
                "drop the claim: an article counts harmed persons alone",
                extent(claim.span),
            )
