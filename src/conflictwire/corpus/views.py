"""The flat views: one row a mention, event, argument, claim, attribution, relation or toll, ready for `groupby`.

Each view is a schema and a function from an article to its rows; `build` writes them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from conflictwire import derive
from conflictwire.model import Article, Span

Row = dict[str, Any]
_S, _I, _F, _B = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_ARTICLE = {
    "article": _S,
    "part": _S,
    "story": _S,
    "genre": _S,
    "published": _S,
    "publisher": _S,
    "has_text": _B,
}


def _article(article: Article) -> Row:
    return {
        "article": article.id,
        "part": article.part,
        "story": article.story,
        "genre": article.genre,
        "published": article.published,
        "publisher": article.publisher,
        "has_text": article.text is not None,
    }


def _span(span: Span | None, prefix: str = "") -> Row:
    at = (span.start, span.end, span.text) if span else (None, None, None)
    return dict(zip((f"{prefix}start", f"{prefix}end", f"{prefix}text"), at, strict=True))


def _span_types(prefix: str = "") -> dict[str, pa.DataType]:
    return {f"{prefix}start": _I, f"{prefix}end": _I, f"{prefix}text": _S}


def mentions(article: Article) -> Iterator[Row]:
    """One row a mention, with its entity."""
    for entity in article.entities:
        for mention in entity.mentions:
            yield {
                **_article(article), "entity": entity.id, "type": entity.type, "subtype": entity.subtype,
                "name": entity.name, "kb": entity.kb, "kind": mention.kind, **_span(mention.span),
                **_span(mention.head, "head_"),
            }  # fmt: skip


def events(article: Article) -> Iterator[Row]:
    """One row an event; `triggers` are its words, `start` and `end` those of the first."""
    for event in article.events:
        yield {
            **_article(article), "event": event.id, "type": event.type, "modality": event.modality,
            "polarity": event.polarity, "genericity": event.genericity, "time": event.time.edtf if event.time else None,
            "incident": event.incident, "part_of": event.part_of, **_span(event.triggers[0]),
            "triggers": [t.text for t in event.triggers if t.text is not None], "arguments": len(event.arguments),
        }  # fmt: skip


def arguments(article: Article) -> Iterator[Row]:
    """One row an argument, with who affirms, denies or doubts it."""
    entities = {e.id: e for e in article.entities}
    statements = derive.asserting(article.attributions)
    names = _speakers(article)
    for event in article.events:
        for argument in event.arguments:
            said = statements.get(f"{event.id}#{argument.id}", [])
            entity = entities[argument.entity]
            yield {
                **_article(article), "event": event.id, "event_type": event.type, "argument": argument.id,
                "role": argument.role, "entity": entity.id, "entity_type": entity.type, "name": entity.name,
                **_span(argument.mention),
                **{p: sorted({n for a, q in said if q == p for n in names(a.sources)}) for p in ("affirms", "denies", "doubts")},
            }  # fmt: skip


def _speakers(article: Article) -> Callable[[list[str]], list[str]]:
    entities = {e.id: e for e in article.entities}
    sources = {s.id: derive.source_name(s, entities) for s in article.sources}
    return lambda ids: [sources[i] for i in ids]


def claims(article: Article) -> Iterator[Row]:
    """One row a numeric claim, with low, high, voice and the names of who says it."""
    entities = {e.id: e for e in article.entities}
    events_by_id = {e.id: e for e in article.events}
    statements = derive.asserting(article.attributions)
    names = _speakers(article)
    for claim in article.claims:
        bounds = derive.interval(claim)
        said = statements.get(claim.id, [])
        event = events_by_id.get(claim.scope.event or "")
        yield {
            **_article(article), "claim": claim.id, **_span(claim.span), "form": claim.form, "bound": claim.bound,
            "approximation": claim.approximation, "values": claim.values,
            "low": float(bounds.low) if bounds.low is not None else None,
            "high": float(bounds.high) if bounds.high is not None else None,
            "low_included": bounds.low_included, "high_included": bounds.high_included, "approximate": bounds.approximate,
            "measure": claim.measure, "unit": claim.unit, "counted_text": claim.counted.span.text if claim.counted.span else None,
            "counted_role": claim.counted.role, "counted_status": claim.counted.status,
            "counted_name": entities[claim.counted.entity].name if claim.counted.entity else None,
            "event": claim.scope.event, "event_type": event.type if event else None,
            "incident": event.incident if event else None,
            "places": [entities[p].name for p in claim.scope.places], "period": claim.scope.period, "as_of": claim.as_of,
            "reading": claim.reading, "stance": claim.stance, "voice": derive.voice(claim, statements),
            "sources": sorted({n for a, _ in said for n in names(a.sources)}),
            "polarities": sorted({p for _, p in said}),
        }  # fmt: skip


def attributions(article: Article) -> Iterator[Row]:
    """One row a statement, with its speakers' names, kinds and what it says of what."""
    by_id = {s.id: s for s in article.sources}
    names = _speakers(article)
    for a in article.attributions:
        speakers = [by_id[s] for s in a.sources]
        yield {
            **_article(article), "attribution": a.id, "sources": names(a.sources),
            "categories": [s.category for s in speakers], "naming": [s.naming for s in speakers],
            "affiliations": [s.affiliation for s in speakers], **_span(a.source_span, "source_"),
            "cue": [c.text for c in a.cue if c.text is not None], "start": a.content[0].start, "end": a.content[-1].end,
            "content": [c.text for c in a.content if c.text is not None], "mode": a.mode, "act": a.act,
            "parent": a.parent, "parent_relation": a.parent_relation,
            "asserts": [x.target for x in a.asserts], "polarities": [x.polarity for x in a.asserts],
        }  # fmt: skip


def relations(article: Article) -> Iterator[Row]:
    """One row a relation between two claims; `target_article` is the article of the target."""
    for claim in article.claims:
        for relation in claim.relations:
            other, _, target = relation.target.rpartition("#")
            yield {
                **_article(article), "claim": claim.id, "claim_text": claim.span.text, "type": relation.type,
                "target_article": other or article.id, "target": target,
            }  # fmt: skip


_TOLL_MEASURES = {
    "killed",
    "injured",
    "casualties",
    "missing",
    "abducted",
    "held",
    "detained",
    "displaced",
    "released",
}


def tolls(article: Article) -> Iterator[Row]:
    """One row a count of persons that an incident's text gives: incident x measure x as-of x source.

    Only events that are actual, positive and specific carry tolls; a count that is part of another
    says of which, so that nobody adds the two. `as_of` falls back on the date of publication for
    event totals (the policy named `published`); null stays null where neither is known.
    """
    carried = {e.id: e for e in article.events if derive.in_template(e)}
    statements = derive.asserting(article.attributions)
    names = _speakers(article)
    for claim in article.claims:
        event = carried.get(claim.scope.event or "")
        if event is None or claim.measure not in _TOLL_MEASURES:
            continue
        bounds = derive.interval(claim)
        for speaker, polarity in _who(claim.id, statements, names):
            yield {
                **_article(article), "incident": event.incident or f"{article.id}#{event.id}", "event_type": event.type,
                "measure": claim.measure, "counted_status": claim.counted.status,
                "as_of": claim.as_of or article.published, "as_of_policy": "text" if claim.as_of else "published",
                "source": speaker, "polarity": polarity, "voice": derive.voice(claim, statements),
                "low": float(bounds.low) if bounds.low is not None else None,
                "high": float(bounds.high) if bounds.high is not None else None,
                "approximate": bounds.approximate, "form": claim.form, "claim": claim.id,
                "part_of": next((r.target for r in claim.relations if r.type == "part_of"), None),
            }  # fmt: skip


def _who(claim: str, statements: Any, names: Callable[[list[str]], list[str]]) -> list[tuple[str | None, str]]:
    said = statements.get(claim, [])
    pairs: list[tuple[str | None, str]] = [
        (name, polarity) for a, polarity in said for name in (*names(a.sources), *([] if a.sources else [None]))
    ]
    return list(dict.fromkeys(pairs)) or [(None, "affirms")]


@dataclass(frozen=True)
class View:
    """A flat view: its Arrow schema and how an article becomes rows."""

    schema: pa.Schema
    rows: Callable[[Article], Iterator[Row]]
    description: str


def _view(columns: dict[str, Any], rows: Callable[[Article], Iterator[Row]]) -> View:
    return View(pa.schema(list({**_ARTICLE, **columns}.items())), rows, (rows.__doc__ or "").split("\n")[0])


_LIST = pa.list_(_S)
VIEWS: dict[str, View] = {
    "mentions": _view(
        {"entity": _S, "type": _S, "subtype": _S, "name": _S, "kb": _S, "kind": _S, **_span_types(), **_span_types("head_")}, mentions
    ),
    "events": _view(
        {"event": _S, "type": _S, "modality": _S, "polarity": _S, "genericity": _S, "time": _S, "incident": _S, "part_of": _S,
         **_span_types(), "triggers": _LIST, "arguments": _I}, events
    ),
    "arguments": _view(
        {"event": _S, "event_type": _S, "argument": _S, "role": _S, "entity": _S, "entity_type": _S, "name": _S, **_span_types(),
         "affirms": _LIST, "denies": _LIST, "doubts": _LIST}, arguments
    ),
    "claims": _view(
        {"claim": _S, **_span_types(), "form": _S, "bound": _S, "approximation": _S, "values": _LIST, "low": _F, "high": _F,
         "low_included": _B, "high_included": _B, "approximate": _B, "measure": _S, "unit": _S, "counted_text": _S,
         "counted_role": _S, "counted_status": _S, "counted_name": _S, "event": _S, "event_type": _S, "incident": _S,
         "places": _LIST, "period": _S, "as_of": _S, "reading": _S, "stance": _S, "voice": _S, "sources": _LIST,
         "polarities": _LIST}, claims
    ),
    "attributions": _view(
        {"attribution": _S, "sources": _LIST, "categories": _LIST, "naming": _LIST, "affiliations": _LIST,
         **_span_types("source_"), "cue": _LIST, "start": _I, "end": _I, "content": _LIST, "mode": _S, "act": _S,
         "parent": _S, "parent_relation": _S, "asserts": _LIST, "polarities": _LIST}, attributions
    ),
    "relations": _view({"claim": _S, "claim_text": _S, "type": _S, "target_article": _S, "target": _S}, relations),
    "tolls": _view(
        {"incident": _S, "event_type": _S, "measure": _S, "counted_status": _S, "as_of": _S, "as_of_policy": _S, "source": _S,
         "polarity": _S, "voice": _S, "low": _F, "high": _F, "approximate": _B, "form": _S, "claim": _S, "part_of": _S}, tolls
    ),
}  # fmt: skip
