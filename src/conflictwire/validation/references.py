"""Level 3: ids, references, offsets, and text against its hashes."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from conflictwire import text as texts
from conflictwire.model import Article, Span, iter_spans, to_json
from conflictwire.validation.findings import Fault, rule


@rule("duplicate-id", 3)
def duplicate_id(article: Article) -> Iterator[Fault]:
    """Every id is unique in its layer, and argument ids are unique in their event; else a reference has two meanings."""
    for layer in ("entities", "events", "claims", "sources", "attributions"):
        items = getattr(article, layer)
        if len({item.id for item in items}) == len(items):
            continue
        counted = Counter(item.id for item in items)
        for index, item in enumerate(items):
            if counted[item.id] > 1:
                yield Fault(
                    f"{layer}[{index}].id",
                    f"{counted[item.id]} {layer} are called {item.id!r}",
                    "rename all but one, and what points to it",
                )
    for index, event in enumerate(article.events):
        if len({a.id for a in event.arguments}) == len(event.arguments):
            continue
        for name, count in Counter(a.id for a in event.arguments).items():
            if count > 1:
                yield Fault(
                    f"events[{index}].arguments",
                    f"{count} arguments of {event.id} are called {name!r}",
                    "rename all but one",
                )


@rule("unknown-reference", 3)
def unknown_reference(article: Article) -> Iterator[Fault]:
    """An id points to an item that exists in this article (or, for a claim's relation, `article#claim` in another)."""
    entities = {e.id for e in article.entities}
    events = {e.id for e in article.events}
    claims = {c.id for c in article.claims}
    sources = {s.id for s in article.sources}
    attributions = {a.id for a in article.attributions}
    arguments = {f"{e.id}#{a.id}" for e in article.events for a in e.arguments}

    if _all_known(article, entities, events, claims, sources, attributions, arguments):
        return  # all but a few articles; the paths are for the others

    def missing(path: str, target: str | None, known: set[str], kind: str) -> Iterator[Fault]:
        if target is not None and target not in known:
            shown = ", ".join(sorted(known, key=lambda id: (len(id), id))[:12]) or "none"
            more = ", ..." if len(known) > 12 else ""
            yield Fault(
                path, f"there is no {kind} {target!r}", f"mend the id, or add the item; there are {shown}{more}"
            )

    for i, event in enumerate(article.events):
        yield from missing(f"events[{i}].part_of", event.part_of, events, "event")
        for j, argument in enumerate(event.arguments):
            yield from missing(f"events[{i}].arguments[{j}].entity", argument.entity, entities, "entity")
    for i, claim in enumerate(article.claims):
        yield from missing(f"claims[{i}].counted.entity", claim.counted.entity, entities, "entity")
        yield from missing(f"claims[{i}].scope.event", claim.scope.event, events, "event")
        for j, place in enumerate(claim.scope.places):
            yield from missing(f"claims[{i}].scope.places[{j}]", place, entities, "entity")
        for j, relation in enumerate(claim.relations):
            if "#" not in relation.target:
                yield from missing(
                    f"claims[{i}].relations[{j}].target", relation.target, claims - {claim.id}, "other claim"
                )
    for i, source in enumerate(article.sources):
        yield from missing(f"sources[{i}].entity", source.entity, entities, "entity")
    for i, attribution in enumerate(article.attributions):
        for j, name in enumerate(attribution.sources):
            yield from missing(f"attributions[{i}].sources[{j}]", name, sources, "source")
        yield from missing(
            f"attributions[{i}].parent",
            attribution.parent,
            attributions - {attribution.id},
            "other attribution",
        )
        for j, assertion in enumerate(attribution.asserts):
            yield from missing(
                f"attributions[{i}].asserts[{j}].target",
                assertion.target,
                claims | events | arguments,
                "claim, event or argument",
            )


def _all_known(
    article: Article,
    entities: set[str],
    events: set[str],
    claims: set[str],
    sources: set[str],
    attributions: set[str],
    arguments: set[str],
) -> bool:
    """Whether every id points to something, and nothing to itself."""
    named: set[str | None] = {argument.entity for event in article.events for argument in event.arguments}
    happened = {event.part_of for event in article.events}
    for claim in article.claims:
        named.update(claim.scope.places)
        named.add(claim.counted.entity)
        happened.add(claim.scope.event)
        for relation in claim.relations:
            if relation.target == claim.id or not (relation.target in claims or "#" in relation.target):
                return False
    named.update(source.entity for source in article.sources)
    asserted = {assertion.target for a in article.attributions for assertion in a.asserts}
    return (
        named - {None} <= entities
        and happened - {None} <= events
        and asserted <= claims | events | arguments
        and sources.issuperset(name for a in article.attributions for name in a.sources)
        and all(a.parent is None or (a.parent in attributions and a.parent != a.id) for a in article.attributions)
    )


@rule("bad-offsets", 3)
def bad_offsets(article: Article) -> Iterator[Fault]:
    """A span is not empty, lies inside the text, neither begins nor ends with white space, and agrees with the text."""
    text = article.text
    length = len(text) if text is not None else sum(s.length for s in article.segments) + len(article.segments) - 1
    if _all_stand(_spans(article), text, length):
        return  # all but a few articles; the JSON form, which knows the paths, is for the others
    for path, container, key in iter_spans(to_json(article)):
        start, end, words = container[key]["start"], container[key]["end"], container[key]["text"]
        if not 0 <= start < end <= length:
            yield Fault(
                path,
                f"[{start}, {end}) does not lie inside the text of {length} code points",
                "write quotations and use `conflictwire place`",
            )
        elif text is not None and words is not None and text[start:end] != words:
            placed = texts.place(text, words)
            where = (
                f"{words!r} stands at [{placed.start}, {placed.end})"
                if placed.start is not None
                else "use `conflictwire place`"
            )
            yield Fault(
                path,
                f"the text at [{start}, {end}) is {text[start:end]!r}, the span says {words!r}",
                where,
                (start, end),
            )
        elif text is not None and text[start:end] != text[start:end].strip():
            yield Fault(path, "the span begins or ends with white space", "quote the words alone", (start, end))


def _all_stand(spans: list[Span], text: str | None, length: int) -> bool:
    """Whether no span has anything that `bad-offsets` could find."""
    if text is None or any(span.text is None for span in spans):
        return text is None and all(0 <= span.start < span.end <= length for span in spans)
    # Passes over plain lists, because this is the most of what validation of a sound article does.
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return (
        words == [span.text for span in spans] == [word.strip() for word in words]
        and min(starts, default=0) >= 0
        and all(words)
        and sum(map(len, words)) == sum(ends) - sum(starts)  # one that ends after the text is shorter than it says
    )


def _spans(article: Article) -> list[Span]:
    """Every span of an article, in no order."""
    mentions = [m for e in article.entities for m in e.mentions]
    spans = [m.span for m in mentions]
    spans += [m.head for m in mentions if m.head is not None]
    for event in article.events:
        spans += event.triggers
        spans += [a.mention for a in event.arguments if a.mention is not None]
        if event.time is not None and event.time.span is not None:
            spans.append(event.time.span)
    spans += [claim.span for claim in article.claims]
    spans += [s for claim in article.claims for s in (claim.measure_span, claim.counted.span) if s is not None]
    for source in article.sources:
        spans += source.mentions
    for attribution in article.attributions:
        spans += attribution.cue
        spans += attribution.content
        if attribution.source_span is not None:
            spans.append(attribution.source_span)
    return spans


@rule("text-not-canonical", 3)
def text_not_canonical(article: Article) -> Iterator[Fault]:
    """The text is in canonical form: segments joined by single line feeds, NFC, no doubled or trailing white space."""
    text = article.text
    if text is not None and (
        " ".join(text.split()) != text.replace("\n", " ") or not unicodedata.is_normalized("NFC", text)
    ):
        yield Fault(
            "text",
            "the text is not in canonical form",
            "join cleaned segments by one line feed each (conflictwire.text.canonical_text)",
        )


@rule("segments-mismatch", 3)
def segments_mismatch(article: Article) -> Iterator[Fault]:
    """The stored hashes and lengths are those of the text, so that hydration can find it again."""
    if article.text is None:
        return
    stored = [(s.sha256, s.length) for s in article.segments]
    actual = [(s["sha256"], s["length"]) for s in texts.segment_hashes(article.text)]
    if stored != actual:
        at = next(
            (i for i, (a, b) in enumerate(zip(stored, actual, strict=False)) if a != b),
            min(len(stored), len(actual)),
        )
        yield Fault(
            f"segments[{at}]",
            "the hash or length is not that of the text",
            "run `conflictwire validate --fix`, or hydrate again if the text was changed by mistake",
        )


@rule("text-and-part", 3)
def text_and_part(article: Article) -> Iterator[Fault]:
    """An invented article carries its text and title: they are ours, and open."""
    if article.part == "invented" and (article.text is None or article.title is None):
        yield Fault(
            "text",
            "an invented article needs its text and title",
            "write them in; only reported articles are stand-off",
        )
