"""Level 4, sources and attributions: who says what, and which claims stand inside what is said."""

import re
from collections.abc import Iterator

from conflictwire.model import Article, Claim
from conflictwire.validation.claims import cycles
from conflictwire.validation.findings import Fault, rule


@rule("claim-not-asserted", 4)
def claim_not_asserted(article: Article) -> Iterator[Fault]:
    """Every claim whose span lies inside a content span is asserted by that attribution, whatever its act."""
    claims = [(c.span.start, c.span.end, c) for c in article.claims]
    for i, attribution in enumerate(article.attributions):
        contents = [(c.start, c.end) for c in attribution.content]
        inside = [claim for start, end, claim in claims for low, high in contents if low <= start and end <= high]
        asserted = {a.target for a in attribution.asserts} if inside else set()
        for claim in inside:
            if claim.id not in asserted:
                yield Fault(
                    f"attributions[{i}].asserts",
                    f"{_named(claim)} stands in the content of {attribution.id}, which does not assert it",
                    "add it, or mend the content span",
                    (claim.span.start, claim.span.end),
                )


@rule("asserted-outside", 4, "warning")
def asserted_outside(article: Article) -> Iterator[Fault]:
    """An attribution asserts a claim that does not stand in its content: right only where the content points to it by noun."""
    claims = {c.id: c for c in article.claims}
    for i, attribution in enumerate(article.attributions):
        for j, assertion in enumerate(attribution.asserts):
            claim = claims.get(assertion.target)
            if claim is None or any(
                c.start <= claim.span.start and claim.span.end <= c.end for c in attribution.content
            ):
                continue
            yield Fault(
                f"attributions[{i}].asserts[{j}]",
                f"{_named(claim)} stands outside the content of {attribution.id}",
                "drop it unless the content points to it by noun",
                (claim.span.start, claim.span.end),
            )


@rule("unclear-but-attributed", 4)
def unclear_but_attributed(article: Article) -> Iterator[Fault]:
    """A claim inside a content is attributed; `attribution_unclear` is only for claims that no content holds."""
    asserted = {a.target for attribution in article.attributions for a in attribution.asserts}
    for i, claim in enumerate(article.claims):
        if claim.attribution_unclear and claim.id in asserted:
            yield Fault(
                f"claims[{i}].attribution_unclear",
                f"{claim.id} is asserted by an attribution and also flagged as unclear",
                "drop one of the two",
                (claim.span.start, claim.span.end),
            )


@rule("asserted-twice", 4)
def asserted_twice(article: Article) -> Iterator[Fault]:
    """An attribution says one thing of a target: it does not affirm and deny it, nor list it twice."""
    for i, attribution in enumerate(article.attributions):
        seen: set[str] = set()
        for j, assertion in enumerate(attribution.asserts):
            if assertion.target in seen:
                yield Fault(f"attributions[{i}].asserts[{j}]", f"{assertion.target} stands twice", "keep one")
            seen.add(assertion.target)


@rule("parent-and-relation", 4)
def parent_and_relation(article: Article) -> Iterator[Fault]:
    """A statement inside a statement has both a parent and a parent_relation, and parents make no cycle."""
    for i, attribution in enumerate(article.attributions):
        if (attribution.parent is None) != (attribution.parent_relation is None):
            yield Fault(
                f"attributions[{i}].parent_relation",
                "parent and parent_relation go together",
                "write both (relayed_by or embedded_in), or neither",
            )
    edges = {a.id: [a.parent] for a in article.attributions if a.parent}
    yield from cycles(edges, "attributions", {a.id: i for i, a in enumerate(article.attributions)})


@rule("source-mention", 4, "warning")
def source_mention(article: Article) -> Iterator[Fault]:
    """The source_span of a statement is a mention of (one of) its sources; a statement without source has none."""
    spans = {s.id: {(m.start, m.end) for m in s.mentions} for s in article.sources}
    for i, attribution in enumerate(article.attributions):
        span = attribution.source_span
        if span is not None and not attribution.sources:
            yield Fault(
                f"attributions[{i}].source_span",
                f"{span.text!r} names a source, but sources is empty",
                "add the source",
                (span.start, span.end),
            )
        elif span is not None and not any(
            (span.start <= m[0] and m[1] <= span.end) or (m[0] <= span.start and span.end <= m[1])
            for s in attribution.sources
            for m in spans[s]
        ):
            yield Fault(
                f"attributions[{i}].source_span",
                f"{span.text!r} is no mention of its source",
                "add it to the source's mentions, or name the right source",
                (span.start, span.end),
            )


@rule("silent-source", 4, "warning")
def silent_source(article: Article) -> Iterator[Fault]:
    """A source is a speaker: one that no attribution names is none."""
    speaking = {s for a in article.attributions for s in a.sources}
    for i, source in enumerate(article.sources):
        if source.id not in speaking:
            yield Fault(f"sources[{i}]", f"{source.id} says nothing", "drop it, or annotate what it says")


@rule("source-of-entity", 4, "warning")
def source_of_entity(article: Article) -> Iterator[Fault]:
    """The words that introduce a speaker are words for the speaker's entity: some mention of the one overlaps one of the other."""
    entities = {e.id: e for e in article.entities}
    for i, source in enumerate(article.sources):
        if source.entity is None or not source.mentions:
            continue
        spans = [m.span for m in entities[source.entity].mentions]
        if not any(mention.overlap(span) for mention in source.mentions for span in spans):
            first = source.mentions[0]
            yield Fault(
                f"sources[{i}].entity",
                f"no mention of {source.entity} ({entities[source.entity].name!r}) overlaps a mention of {source.id}",
                "name the right entity, or add the mention to it",
                (first.start, first.end),
            )


@rule("naming-and-names", 4, "warning")
def naming_and_names(article: Article) -> Iterator[Fault]:
    """A source is `named` if its entity has a name mention anywhere in the article, and only then (GUIDELINES 4)."""
    named = {e.id: any(m.kind == "name" for m in e.mentions) for e in article.entities}
    for i, source in enumerate(article.sources):
        if source.entity is None or (source.naming == "named") == named[source.entity]:
            continue
        has = "has a name mention" if named[source.entity] else "has no name mention"
        span = (source.mentions[0].start, source.mentions[0].end) if source.mentions else None
        yield Fault(
            f"sources[{i}].naming",
            f"{source.id} is {source.naming}, and its entity {source.entity} {has}",
            "mend naming, the kinds of the mentions, or the entity",
            span,
        )


# Apart, each is found by its first character; single marks also stand for apostrophes inside words.
_QUOTATIONS = [re.compile(p) for p in (r'"[^"\n]+"', r"“[^“”\n]+”", r"‘(?<!\w.)[^‘\n]+?’(?!\w)")]
_SCARE = 3  # words up to which a quotation without a speaker is mostly a scare quote or a title


@rule("quotation-outside", 4, "warning")
def quotation_outside(article: Article) -> Iterator[Fault]:
    """Quotation marks hold what somebody says: a quotation of some length that no content touches lacks its attribution."""
    if article.text is None:
        return
    contents = [c for a in article.attributions for c in a.content]
    for match in (m for pattern in _QUOTATIONS for m in pattern.finditer(article.text)):
        start, end = match.span()
        if len(match.group().split()) > _SCARE and not any(c.start < end and start < c.end for c in contents):
            yield Fault(
                "attributions",
                f"the quotation {match.group()[:60]} stands in no content",
                "annotate who says it, or extend the content; a title or scare quotes stay as they are",
                (start, end),
            )


@rule("content-overlaps-cue", 4, "warning")
def content_overlaps_cue(article: Article) -> Iterator[Fault]:
    """The cue of a statement stands outside its content, and the content's parts do not overlap."""
    for i, attribution in enumerate(article.attributions):
        for j, cue in enumerate(attribution.cue):
            if any(cue.overlap(c) for c in attribution.content):
                yield Fault(
                    f"attributions[{i}].cue[{j}]",
                    f"the cue {cue.text!r} stands inside the content",
                    "leave it out of the content (two spans)",
                    (cue.start, cue.end),
                )
        for a, b in zip(attribution.content, attribution.content[1:], strict=False):
            if a.overlap(b):
                yield Fault(f"attributions[{i}].content", "two content spans overlap", "join them", (b.start, b.end))


def _named(claim: Claim) -> str:
    """A claim as a message names it: its id, and its words where they are at hand."""
    return f"{claim.id} ({claim.span.text!r})" if claim.span.text else claim.id
