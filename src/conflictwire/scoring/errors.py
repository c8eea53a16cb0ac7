"""Errors to look at: for each document and layer what was missed, spurious, mistyped, mis-bounded or mis-sourced.

Reads the same alignment as the metrics, so that what it lists is what they counted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from conflictwire import derive
from conflictwire.model import Attribution, Claim
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.assignment import Range, span_range
from conflictwire.scoring.attributions.statements import matched
from conflictwire.scoring.claims import right_source, same_figure
from conflictwire.scoring.events import Arguments, same_fillers
from conflictwire.scoring.side import MentionItem, Side, TriggerItem

T = TypeVar("T")


@dataclass(frozen=True)
class Error:
    """One error: where (code points and, if the text is at hand, words), and what each side has there."""

    document: str
    layer: str
    kind: str
    start: int
    end: int
    words: str | None
    gold: str | None
    predicted: str | None


def errors(aligned: Aligned) -> list[Error]:
    """The errors of one document, layer by layer, in text order."""
    found = [
        *_spans(aligned, "mentions", aligned.gold.mentions, aligned.predicted.mentions, aligned.mentions),
        *_spans(aligned, "triggers", aligned.gold.triggers, aligned.predicted.triggers, aligned.triggers),
        *_arguments(aligned),
        *_claims(aligned),
        *_attributions(aligned),
    ]
    return sorted(found, key=lambda e: (e.layer, e.start, e.end, e.kind, e.gold or "", e.predicted or ""))


def _error(aligned: Aligned, layer: str, kind: str, at: Range, gold: str | None, predicted: str | None) -> Error:
    text = aligned.article.text
    return Error(aligned.article.id, layer, kind, *at, text[at[0] : at[1]] if text else None, gold, predicted)


def _spans(
    aligned: Aligned,
    layer: str,
    gold: Sequence[MentionItem | TriggerItem],
    predicted: Sequence[MentionItem | TriggerItem],
    pairs: dict[int, int],
) -> Iterator[Error]:
    for i, g in enumerate(gold):
        if i not in pairs:
            yield _error(aligned, layer, "missed", g.range, g.type, None)
            continue
        p = predicted[pairs[i]]
        if g.range != p.range:
            yield _error(aligned, layer, "mis-bounded", g.range, f"{g.type} {g.range}", f"{p.type} {p.range}")
        if g.type != p.type:
            yield _error(aligned, layer, "mistyped", g.range, g.type, p.type)
    for j, p in enumerate(predicted):
        if j not in pairs.values():
            yield _error(aligned, layer, "spurious", p.range, None, p.type)


def _arguments(aligned: Aligned) -> Iterator[Error]:
    """What `events.arguments` counts as wrong: missed, made up, or in another role of the same event."""
    for gold, predicted in Arguments().pools(aligned):
        right = same_fillers(gold, predicted, roles=True)
        gold = [g for i, g in enumerate(gold) if i not in right]
        predicted = [p for j, p in enumerate(predicted) if j not in right.values()]
        other_role = same_fillers(gold, predicted, roles=False)
        for i, g in enumerate(gold):
            if i in other_role:
                yield _error(aligned, "arguments", "mistyped", g.at, g.role, predicted[other_role[i]].role)
            else:
                yield _error(aligned, "arguments", "missed", g.at, g.role, None)
        for j, p in enumerate(predicted):
            if j not in other_role.values():
                yield _error(aligned, "arguments", "spurious", p.at, None, p.role)


def _claims(aligned: Aligned) -> Iterator[Error]:
    gold, predicted = aligned.gold.claims, aligned.predicted.claims
    for i, g in enumerate(gold):
        at = span_range(g.span)
        if i not in aligned.claims:
            yield _error(aligned, "claims", "missed", at, _figure(g), None)
            continue
        p = predicted[aligned.claims[i]]
        if at != span_range(p.span):
            yield _error(aligned, "claims", "mis-bounded", at, str(at), str(span_range(p.span)))
        if not same_figure(aligned, g, p):
            yield _error(aligned, "claims", "other figure", at, _figure(g), _figure(p))
        for name, x, y in (
            ("measure", g.measure, p.measure),
            ("unit", g.unit, p.unit),
            ("role", g.counted.role, p.counted.role),
        ):
            if x != y:
                yield _error(aligned, "claims", f"other {name}", at, x, y)
        if not right_source(aligned, g, p):
            yield _error(
                aligned, "claims", "mis-sourced", at, _speaker(aligned.gold, g), _speaker(aligned.predicted, p)
            )
    for j, p in enumerate(predicted):
        if j not in aligned.claims.values():
            yield _error(aligned, "claims", "spurious", span_range(p.span), None, f"{p.measure} {_figure(p)}")


def _attributions(aligned: Aligned) -> Iterator[Error]:
    """Statements that were missed or made up, whose content ends elsewhere, or that somebody else makes."""
    found = matched(aligned)
    for i, g in enumerate(found.gold.items):
        at = g.content[0].start, g.content[-1].end
        if i not in found.pairs:
            yield _error(aligned, "attributions", "missed", at, _names(aligned.gold, g), None)
            continue
        j = found.pairs[i]
        p = found.predicted.items[j]
        if found.gold.content[i] != found.predicted.content[j]:
            there = str((p.content[0].start, p.content[-1].end))
            yield _error(aligned, "attributions", "mis-bounded", at, str(at), there)
        if not found.same_speakers(aligned, i, j):
            names = _names(aligned.gold, g), _names(aligned.predicted, p)
            yield _error(aligned, "attributions", "mis-sourced", at, *names)
    for j, p in enumerate(found.predicted.items):
        if j not in found.pairs.values():
            at = p.content[0].start, p.content[-1].end
            yield _error(aligned, "attributions", "spurious", at, None, _names(aligned.predicted, p))


def _names(side: Side, attribution: Attribution) -> str:
    names = {s.id: derive.source_name(s, side.entity_by_id) for s in side.sources}
    return ", ".join(names[s] for s in attribution.sources if s in names) or "nobody"


def _figure(claim: Claim) -> str:
    modifiers = [m for m in (claim.bound, claim.approximation) if m != "none"]
    return " ".join([*modifiers, *(claim.values or [claim.form])])


def _speaker(side: Side, claim: Claim) -> str:
    names = {s.id: derive.source_name(s, side.entity_by_id) for s in side.sources}
    said = [names[s] for a, _ in side.statements.get(claim.id, []) for s in a.sources if s in names]
    return ", ".join(dict.fromkeys(said)) or derive.voice(claim, side.statements)


# ---- confusion -----------------------------------------------------------------------------------

Pairs = Iterator[tuple[str | None, str | None]]
CONFUSIONS: dict[str, Callable[[Aligned], Pairs]] = {
    "mentions": lambda d: _kinds(d.gold.mentions, d.predicted.mentions, d.mentions, lambda m: m.type),
    "triggers": lambda d: _kinds(d.gold.triggers, d.predicted.triggers, d.triggers, lambda t: t.type),
    "arguments": lambda d: _roles(d),
    "claims": lambda d: _kinds(d.gold.claims, d.predicted.claims, d.claims, lambda c: c.measure),
    "attributions": lambda d: _kinds(
        matched(d).gold.items, matched(d).predicted.items, matched(d).pairs, lambda a: a.act
    ),
}
"""For each layer what was taken for what: types, roles, measures and acts of aligned items, None where there is no partner."""


def _kinds(gold: Sequence[T], predicted: Sequence[T], pairs: dict[int, int], kind: Callable[[T], str]) -> Pairs:
    for i, g in enumerate(gold):
        yield kind(g), kind(predicted[pairs[i]]) if i in pairs else None
    taken = set(pairs.values())
    yield from ((None, kind(p)) for j, p in enumerate(predicted) if j not in taken)


def _roles(aligned: Aligned) -> Pairs:
    for gold, predicted in Arguments().pools(aligned):
        right = same_fillers(gold, predicted, roles=True)
        yield from ((gold[i].role, predicted[j].role) for i, j in right.items())
    for error in _arguments(aligned):
        yield error.gold, error.predicted
