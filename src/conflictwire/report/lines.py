"""An annotated article as lines of plain text, for people who read it through: layer by layer, everything by its words."""

from collections.abc import Callable, Iterator

from conflictwire.model import Article, Attribution, Claim, Entity, Event, Source, Span


def article(record: Article) -> Iterator[str]:
    """The lines: head, text, entities, events, claims, sources, attributions.

    Words that stand more than once are followed by the offset at which they begin.
    """
    text = record.text or ""
    yield f"{record.id} ({record.part}, {record.genre}, published {record.published or 'nobody says when'})"
    yield from ["", text]

    def words(span: Span | None) -> str:
        if span is None:
            return "–"
        shown = text[span.start : span.end] or f"[{span.start}, {span.end})"
        return f"“{shown}”" + (f"@{span.start}" if text.count(shown) != 1 else "")

    names = {e.id: e.name for e in record.entities}
    spoken = {s.id: names.get(s.entity or "") or words(s.mentions[0]) for s in record.sources}
    yield from ["", "ENTITIES"]
    for entity in record.entities:
        yield _entity(entity, words)
    yield from ["", "EVENTS"]
    for event in record.events:
        yield from _event(event, names, words)
    yield from ["", "CLAIMS"]
    for claim in record.claims:
        yield _claim(claim, names, words)
    yield from ["", "SOURCES"]
    for source in record.sources:
        yield _source(source, names, words)
    yield from ["", "ATTRIBUTIONS"]
    for attribution in record.attributions:
        yield from _attribution(attribution, spoken, words)


Words = Callable[[Span | None], str]


def _entity(entity: Entity, words: Words) -> str:
    kind = entity.type + (f"/{entity.subtype}" if entity.subtype else "")
    aliases = f" also {', '.join(entity.aliases)}" if entity.aliases else ""
    mentions = "; ".join(f"{words(m.span)} {m.kind}" for m in entity.mentions)
    return f"{entity.id} {kind} {entity.name!r}{aliases}: {mentions}"


def _event(event: Event, names: dict[str, str], words: Words) -> Iterator[str]:
    marks = " ".join(m for m in (event.modality, event.polarity, event.genericity) if m not in _USUAL)
    time = f", time {event.time.edtf} {words(event.time.span)}" if event.time else ""
    part = f", part of {event.part_of}" if event.part_of else ""
    yield f"{event.id} {event.type} {marks or 'actual'}: {', '.join(map(words, event.triggers))}{time}{part}"
    for a in event.arguments:
        yield f"    {event.id}#{a.id} {a.role}: {a.entity} {names.get(a.entity)!r} by {words(a.mention)}"


_USUAL = ("actual", "positive", "specific")


def _claim(claim: Claim, names: dict[str, str], words: Words) -> str:
    figure = " ".join([claim.form, *claim.values, *(m for m in (claim.bound, claim.approximation) if m != "none")])
    counted = claim.counted
    said = [
        f"{claim.id} {words(claim.span)}: {figure}; {claim.measure} {words(claim.measure_span)} in {claim.unit}",
        f"counted {words(counted.span)} {counted.entity or '–'} {names.get(counted.entity or '')!r} {counted.role} {counted.status}",
        f"of {claim.scope.event}" if claim.scope.event else "of no event",
        *(f"in {names.get(place)!r}" for place in claim.scope.places),
        *([f"over {claim.scope.period}"] if claim.scope.period else []),
        *([f"as of {claim.as_of}"] if claim.as_of else []),
        claim.reading,
        *([claim.stance] if claim.stance != "asserted" else []),
        *(["who says it is unclear"] if claim.attribution_unclear else []),
        *(f"{relation.type} {relation.target}" for relation in claim.relations),
    ]
    return "; ".join(said)


def _source(source: Source, names: dict[str, str], words: Words) -> str:
    who = f"{source.entity} {names.get(source.entity)!r}" if source.entity else "no entity"
    kinds = f"{source.category}, {source.naming}, {source.affiliation}"
    return f"{source.id} {who}, {kinds}: {', '.join(map(words, source.mentions))}"


def _attribution(attribution: Attribution, spoken: dict[str, str], words: Words) -> Iterator[str]:
    who = ", ".join(f"{s} ({spoken.get(s)})" for s in attribution.sources) or "nobody named"
    cue = ", ".join(map(words, attribution.cue)) or "no cue"
    nested = f", {attribution.parent_relation} {attribution.parent}" if attribution.parent else ""
    yield f"{attribution.id} {attribution.act}, {attribution.mode}: {who} by {words(attribution.source_span)}, {cue}{nested}"
    yield f"    content {' '.join(map(words, attribution.content))}"
    if attribution.asserts:
        yield "    " + ", ".join(f"{a.polarity} {a.target}" for a in attribution.asserts)
