"""Level 4, claims against each other: what each relation between two figures demands of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from conflictwire import dates, derive, numerals
from conflictwire.model import Article, Claim
from conflictwire.validation.findings import Fault, extent, rule, shared


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
                extent(claim.span),
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
                extent(claim.span),
            )
        elif not converted and ((claim.form == "vague") != (other.form == "vague") or _values(claim) != _values(other)):
            yield Fault(
                path,
                f"{_shown(claim)} restates {_shown(other)}, which is another figure",
                "supersedes, conflicts_with, or no relation",
                extent(claim.span),
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
                extent(claim.span),
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
                    extent(claim.span),
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
                extent(claim.span),
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


@shared
def _related(article: Article) -> list[tuple[str, Claim, str, Claim]]:
    """Every relation inside the article: its path, the claim, the type, the claim it points to."""
    by_id = {c.id: c for c in article.claims}
    return [
        (f"claims[{i}].relations[{j}]", claim, relation.type, by_id[relation.target])
        for i, claim in enumerate(article.claims)
        for j, relation in enumerate(claim.relations)
        if relation.target in by_id
    ]


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
                    extent(claim.span),
                )
            pairs.add(pair)
            if relation.type in ("part_of", "supersedes"):
                edges.setdefault(claim.id, []).append(relation.target)
    yield from cycles(edges, "claims", {c.id: i for i, c in enumerate(article.claims)})


def cycles(edges: dict[str, list[str]], layer: str, index: dict[str, int]) -> Iterator[Fault]:
    """A fault for each item of a layer from which the edges lead back to itself."""
    left = dict(edges)
    leading: dict[str, list[str]] = defaultdict(list)  # from a target to those that point to it
    waiting = dict.fromkeys(left, 0)
    for start, targets in left.items():
        for target in targets:
            if target in left:
                leading[target].append(start)
                waiting[start] += 1
    # Whatever leads only to what leads nowhere is on no cycle; nearly always that is everything.
    ends = [start for start, count in waiting.items() if count == 0]
    while ends:
        end = ends.pop()
        del left[end]
        for start in leading[end]:
            waiting[start] -= 1
            if waiting[start] == 0:
                ends.append(start)
    for start in left:
        came: dict[str, str] = {}  # where the search came from
        stack = [start]
        while stack and start not in came:
            at = stack.pop()
            for target in left.get(at, []):
                if target not in came:
                    came[target] = at
                    stack.append(target)
        if start in came:
            way = [start]
            while len(way) == 1 or way[-1] != start:
                way.append(came[way[-1]])
            shown = " → ".join(reversed(way)) if len(way) <= _LONGEST_WAY else f"over {len(way) - 1} steps"
            path = f"{layer}[{index[start]}]"
            yield Fault(path, f"{start} leads back to itself: {shown}", "drop the link that is the wrong way round")


_LONGEST_WAY = 8  # steps that a message shows


@rule("relation-of-unlike", 4)
def relation_of_unlike(article: Article) -> Iterator[Fault]:
    """Figures that replace, contradict or add up to each other count the same: one measure, one unit."""
    for path, claim, relation, other in _related(article):
        if relation not in ("supersedes", "conflicts_with", "sum_of"):
            continue
        if (claim.measure, claim.unit) != (other.measure, other.unit):
            yield Fault(
                path,
                f"{_shown(claim)} {relation} {_shown(other)}, but counts {claim.measure} ({claim.unit}), "
                f"not {other.measure} ({other.unit})",
                "mend measure or unit; figures of different things are comparable_to each other at most",
                extent(claim.span),
            )


@rule("replaced-by-itself", 4)
def replaced_by_itself(article: Article) -> Iterator[Fault]:
    """A figure that replaces or contradicts another has other values than it; the same values restate."""
    for path, claim, relation, other in _related(article):
        if relation in ("supersedes", "conflicts_with") and _printed(claim) == _printed(other):
            yield Fault(
                path,
                f"{_shown(claim)} {relation} {_shown(other)}, and both say the same",
                "write restates, or mend the values",
                extent(claim.span),
            )


def _printed(claim: Claim) -> tuple[str, str, str, list[str]]:
    """What a figure says, by which two figures are the same."""
    return claim.form, claim.bound, claim.approximation, claim.values


@rule("sum-differs", 4)
def sum_differs(article: Article) -> Iterator[Fault]:
    """A total points by `sum_of` to each of its addends, two or more, and exact ones add up to it."""
    by_id = {c.id: c for c in article.claims}
    for i, claim in enumerate(article.claims):
        addends = [by_id.get(r.target) for r in claim.relations if r.type == "sum_of"]
        if not addends:
            continue
        exact = [_exact(addend) for addend in addends]
        total, terms = _exact(claim), [n for n in exact if n is not None]
        if len(addends) == 1:
            found, hint = "is the sum of one figure", "point to every addend; what is contained is part_of the whole"
        elif total is not None and len(terms) == len(exact) and sum(terms) != total:
            found = f"is the sum of {' + '.join(map(str, terms))} = {sum(terms)}"
            hint = "add the addend that is missing, take out the one that is none, or mend a value"
        else:
            continue
        yield Fault(f"claims[{i}].relations", f"{_shown(claim)} {found}", hint, extent(claim.span))


def _exact(claim: Claim | None) -> Fraction | None:
    """The one number that a claim allows; None where it allows others, or stands in another article."""
    if claim is None:
        return None
    interval = derive.interval(claim)
    return interval.low if interval.low == interval.high and not interval.approximate else None


@rule("conflict-of-one-voice", 4, "warning")
def conflict_of_one_voice(article: Article) -> Iterator[Fault]:
    """Figures conflict between sources: what one source says later supersedes what it said before.

    The narrator, too, is one voice; who denies a figure does not say it.
    """
    voices: dict[str, set[str]] | None = None
    for path, claim, relation, other in _related(article):
        if relation != "conflicts_with":
            continue
        if voices is None:
            voices = {
                target: {
                    source for attribution, polarity in said if polarity == "affirms" for source in attribution.sources
                }
                for target, said in derive.asserting(article.attributions).items()
            }
        one, two = voices.get(claim.id), voices.get(other.id)
        if (one is None and two is None) or (one and two and one & two):
            who = ", ".join(sorted(one & two)) if one and two else "the narrator"
            yield Fault(
                path,
                f"{_shown(claim)} conflicts with {_shown(other)}, and both are said by {who}",
                "write supersedes, or mend who says them",
                extent(claim.span),
            )


@rule("conflict-with-replaced", 4, "warning")
def conflict_with_replaced(article: Article) -> Iterator[Fault]:
    """Figures conflict only with the latest figure that stands of each other source (GUIDELINES 5b)."""
    replaced = {
        relation.target: claim
        for claim in article.claims
        for relation in claim.relations
        if relation.type == "supersedes"
    }
    for path, claim, relation, other in _related(article) if replaced else ():
        if relation == "conflicts_with":
            for stale in (claim, other):
                if stale.id in replaced:
                    yield Fault(
                        path,
                        f"{_shown(claim)} conflicts with {_shown(other)}, but {_shown(replaced[stale.id])} "
                        f"supersedes {_shown(stale)}",
                        "let the conflict stand between the latest figures alone",
                        extent(claim.span),
                    )
