"""Level 4, sources and attributions: who says what, and which claims stand inside what is said."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from operator import itemgetter

from conflictwire import text as texts
from conflictwire.model import Article, Claim, Entity, Span
from conflictwire.validation.findings import Fault, extent, rule, shared
from conflictwire.validation.relations import cycles


@rule("claim-not-asserted", 4)
def claim_not_asserted(article: Article) -> Iterator[Fault]:
    """Every claim whose span lies inside a content span is asserted by that attribution, whatever its act."""
    claims = sorted(((c.span.start, c) for c in article.claims), key=itemgetter(0))
    starts = [start for start, _ in claims]
    for i, attribution in enumerate(article.attributions):
        inside = [
            claim
            for content in attribution.content
            for _, claim in claims[bisect_left(starts, content.start) : bisect_left(starts, content.end)]
            if claim.span.end <= content.end
        ]
        asserted = {a.target for a in attribution.asserts} if inside else set()
        for claim in inside:
            if claim.id not in asserted:
                yield Fault(
                    f"attributions[{i}].asserts",
                    f"{_named(claim)} stands in the content of {attribution.id}, which does not assert it",
                    f'add {{"target": "{claim.id}", "polarity": "affirms"}} (denies, doubts if that is what is said of it), '
                    "or end the content before it",
                    extent(claim.span),
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
                extent(claim.span),
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
                extent(claim.span),
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
                extent(span),
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
                extent(span),
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
    covers: dict[str, texts.Cover] = {}
    for i, source in enumerate(article.sources):
        if source.entity is None or not source.mentions:
            continue
        if source.entity not in covers:
            mentions = entities[source.entity].mentions
            covers[source.entity] = texts.Cover((m.span.start, m.span.end) for m in mentions)
        cover = covers[source.entity]
        if not any(cover.overlaps(mention.start, mention.end) for mention in source.mentions):
            first = source.mentions[0]
            yield Fault(
                f"sources[{i}].entity",
                f"no mention of {source.entity} ({entities[source.entity].name!r}) overlaps a mention of {source.id}",
                "name the right entity, or add the mention to it",
                extent(first),
            )


@rule("naming-and-names", 4, "warning")
def naming_and_names(article: Article) -> Iterator[Fault]:
    """A source is `named` if its entity has a name mention anywhere in the article, and only then (GUIDELINES 4)."""
    named = {e.id: any(m.kind == "name" for m in e.mentions) for e in article.entities}
    for i, source in enumerate(article.sources):
        if source.entity is None or (source.naming == "named") == named[source.entity]:
            continue
        has = "has a name mention" if named[source.entity] else "has no name mention"
        span = extent(source.mentions[0]) if source.mentions else None
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
    contents = texts.Cover((c.start, c.end) for a in article.attributions for c in a.content)
    for match in (m for pattern in _QUOTATIONS for m in pattern.finditer(article.text)):
        start, end = match.span()
        if len(match.group().split()) > _SCARE and not contents.overlaps(start, end):
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
            if any(c.start < cue.end and cue.start < c.end for c in attribution.content):
                yield Fault(
                    f"attributions[{i}].cue[{j}]",
                    f"the cue {cue.text!r} stands inside the content",
                    "leave it out of the content (two spans)",
                    extent(cue),
                )
        for a, b in zip(attribution.content, attribution.content[1:], strict=False):
            if a.overlap(b):
                yield Fault(f"attributions[{i}].content", "two content spans overlap", "join them", extent(b))


@rule("mention-says-nothing", 4, "warning")
def mention_says_nothing(article: Article) -> Iterator[Fault]:
    """The mentions of a source are those that introduce its statements: each is the source_span of one."""
    introducing = texts.Cover((s.start, s.end) for a in article.attributions if (s := a.source_span) is not None)
    for i, source in enumerate(article.sources) if introducing else ():
        for j, mention in enumerate(source.mentions):
            if not introducing.overlaps(mention.start, mention.end):
                yield Fault(
                    f"sources[{i}].mentions[{j}]",
                    f"{mention.text!r} introduces no statement of {source.id}",
                    "drop it (mentions that introduce nothing are the entity's alone), or annotate the statement",
                    extent(mention),
                )


@rule("source-span-missing", 4, "warning")
def source_span_missing(article: Article) -> Iterator[Fault]:
    """A statement with a cue and a source has a source_span, the words for the source beside the cue."""
    for i, attribution in enumerate(article.attributions):
        if attribution.sources and attribution.cue and attribution.source_span is None:
            yield Fault(
                f"attributions[{i}].source_span",
                f"{attribution.id} is said by {', '.join(attribution.sources)}, and no words say so",
                'quote the mention in the cue\'s clause; of a bare "reportedly" the sources are empty',
                extent(attribution.cue[0]),
            )


@rule("act-and-asserts", 4, "warning")
def act_and_asserts(article: Article) -> Iterator[Fault]:
    """What a statement asserts fits its act, and only events that happened or were attempted are asserted.

    Threats and declined comment assert no event; a denial affirms none; accusations and claims of
    responsibility affirm what they assert. An argument implies its event: never both (GUIDELINES 5, asserts).
    """
    modalities = {e.id: e.modality for e in article.events}
    for i, attribution in enumerate(article.attributions):
        targets = {a.target for a in attribution.asserts}
        for j, assertion in enumerate(attribution.asserts):
            event = assertion.target.partition("#")[0]
            if event not in modalities:
                continue
            said = f"{attribution.act.replace('_', ' ')} {assertion.polarity} {assertion.target}"
            if modalities[event] not in ("actual", "attempted"):
                found, hint = f"{said}, and {event} is {modalities[event]}", "drop it, or mend the modality"
            elif attribution.act in ("threat", "declined_comment"):
                found, hint = said, "drop it, or mend the act"
            elif attribution.act == "denial" and assertion.polarity == "affirms":
                found, hint = said, "a denial denies: mend the polarity or the act"
            elif attribution.act in ("responsibility_claim", "accusation") and assertion.polarity != "affirms":
                found, hint = said, "who accuses or claims an act affirms it: mend the polarity or the act"
            elif "#" in assertion.target and event in targets:
                found, hint = f"{said} and also {event}", "keep the argument, which implies its event"
            else:
                continue
            yield Fault(f"attributions[{i}].asserts[{j}]", found, hint, extent(attribution.content[0]))


_MARK = re.compile(r"[\"“”«»]|(?<!\w)['‘]")
_OPENING, _CLOSING = "\"“«‘'”", "\"”»’'“"  # some papers turn the marks round


@shared
def _contents(article: Article) -> texts.Holders:
    """The contents of all statements, each the statement's by its index."""
    return texts.Holders((c.start, c.end, i) for i, a in enumerate(article.attributions) for c in a.content)


@rule("mode-differs", 4, "warning")
def mode_differs(article: Article) -> Iterator[Fault]:
    """The mode says what stands in quotation marks: direct all of the content, indirect not all, mixed some of it."""
    if article.text is None:
        return
    holders = _contents(article)
    for i, attribution in enumerate(article.attributions):
        words = [c.text or "" for c in attribution.content]
        if attribution.mode == "indirect":
            if not all(w and w[0] in _OPENING and w[-1] in _CLOSING for w in words):
                continue  # nearly all
            found, hint = "is indirect, and all of it stands in quotation marks", "write direct"
        elif not any(map(_MARK.search, words)):
            found, hint = f"is {attribution.mode}, and nothing in it stands in quotation marks", "write indirect"
        elif attribution.mode == "direct" and not all(w and w[0] in _OPENING for w in words):
            found, hint = "is direct, and part of it stands outside quotation marks", "write mixed, or mend the content"
        else:
            continue
        first = attribution.content[0]
        if attribution.mode != "indirect" and (
            not all(words)  # words of an article that is not all there
            or holders.hold(first.start, first.end, but=i)
            or _quoted_before(article.text, attribution.content)
        ):
            continue
        yield Fault(f"attributions[{i}].mode", f"the content {_start(first)} {found}", hint, extent(first))


def _quoted_before(text: str, contents: list[Span]) -> bool:
    """Whether a content stands inside a quotation that its line opens before it."""
    for span in contents:
        before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
        if before.count("“") > before.count("”") or before.count('"') % 2:
            return True
    return False


def _start(span: Span) -> str:
    """The first words of a content, as a message names it."""
    words = span.text or ""
    return repr(words if len(words) <= 50 else words[:47] + "...")


_INTRODUCING = re.compile(
    r"(?:that|whether) (?!one\b|[\"“]|(?:\w+ )?(?:day|night|week|month|year|figure|number|attack)\b)"
)


@rule("content-edges", 4, "warning")
def content_edges(article: Article) -> Iterator[Fault]:
    """A content goes from the first to the last word of what is said: quotation marks in, "that", commas and full stops out."""
    text = article.text
    for i, attribution in enumerate(article.attributions) if text is not None else ():
        for j, span in enumerate(attribution.content):
            words = span.text
            if not words or text is None:
                continue
            before, after = text[span.start - 1 : span.start], text[span.end : span.end + 2].lstrip(".,!?")[:1]
            marks = sum(map(words.count, '"“”'))
            if introducing := _INTRODUCING.match(words):
                found, hint = f"begins with {introducing.group().strip()!r}", "begin at the next word"
            elif words[0] in ",;:" or words[-1] in ".,;:":
                found = f"{'begins' if words[0] in ',;:' else 'ends'} with a {words[-1]!r}"
                hint = "leave the mark out, unless a closing quotation mark follows it inside the content"
            elif before and after and before in '"“' and after in '"”' and marks == 0:
                found, hint = "leaves its quotation marks out", "quote it with them"
            elif after and after in '"”' and words[0] in '"“' and marks == 1:
                found, hint = "leaves the closing quotation mark out", "end at it"
            elif before and before in '"“' and words[-1] in '"”' and marks == 1:
                found, hint = "leaves the opening quotation mark out", "begin at it"
            else:
                continue
            path = f"attributions[{i}].content[{j}]"
            yield Fault(path, f"the content {_start(span)} {found}", hint, extent(span))


@rule("nested-without-parent", 4, "warning")
def nested_without_parent(article: Article) -> Iterator[Fault]:
    """A statement told inside the content of another has that one as its parent, and stands wholly inside it."""
    by_id = {a.id: a for a in article.attributions}
    holders = _contents(article)
    for i, inner in enumerate(article.attributions):
        if inner.parent is not None:
            outer = by_id[inner.parent]
            out = next((c for c in inner.content if not _inside(c, outer.content)), None)
            if out is not None:
                yield Fault(
                    f"attributions[{i}].content",
                    f"{_start(out)} stands outside the content of {outer.id}, the parent",
                    "extend the parent's content over it, or mend the parent",
                    extent(out),
                )
        elif inner.cue and holders.hold(inner.cue[0].start, inner.cue[-1].end, but=i):
            for outer in article.attributions:
                if outer is not inner and all(_inside(s, outer.content) for s in (*inner.cue, *inner.content)):
                    yield Fault(
                        f"attributions[{i}].parent",
                        f"{inner.id} ({inner.cue[0].text!r}) stands in the content of {outer.id} and has no parent",
                        f"write {outer.id} as parent, relayed_by for speech, embedded_in for belief",
                        extent(inner.cue[0]),
                    )
                    break


def _inside(span: Span, contents: list[Span]) -> bool:
    return any(c.start <= span.start and span.end <= c.end for c in contents)


# What a source of a category is as an entity, and what it is affiliated with by the kind of entity.
_CATEGORIES: dict[str, Callable[[Entity], bool]] = {
    "individual": lambda e: e.type == "person",
    "group": lambda e: e.type not in ("person", "materiel", "geopolitical"),
    "organisation": lambda e: e.type not in ("person", "people", "materiel") and e.subtype != "media",
    "media_outlet": lambda e: e.type == "organisation" and e.subtype == "media",
    "document": lambda e: False,
}
_AFFILIATIONS = {
    "armed_group": {"armed_group"},
    "government": {"government"},
    "geopolitical": {"government"},
    "state_force": {"military", "police"},
    "intergovernmental": {"intergovernmental"},
    "ngo": {"ngo", "medical"},
    "media": {"media"},
    "think_tank": {"think_tank"},
    "company": {"company"},
    "party": {"party"},
    "court": {"government"},
}


@rule("source-kind", 4, "warning")
def source_kind(article: Article) -> Iterator[Fault]:
    """A source's category and affiliation fit its entity: an individual is a person, an outlet's affiliation media.

    A document has no entity; an individual, an organisation and an outlet have one (GUIDELINES 4).
    """
    entities = {e.id: e for e in article.entities}
    for i, source in enumerate(article.sources):
        entity = entities.get(source.entity or "")
        if entity is None:
            if source.category not in ("individual", "organisation", "media_outlet"):
                continue
            key, found, hint = "entity", f"is {source.category} without an entity", "annotate the speaker as an entity"
        elif source.category in _CATEGORIES and not _CATEGORIES[source.category](entity):
            kind = f"{entity.type}/{entity.subtype}" if entity.subtype else entity.type
            key, found = "category", f"is {source.category}, its entity {entity.id} ({entity.name!r}) {kind}"
            hint = "mend category or entity; a document has none"
        else:
            affiliations = _AFFILIATIONS.get(entity.subtype or "") or _AFFILIATIONS.get(entity.type)
            if source.category not in ("organisation", "media_outlet") or affiliations is None:
                continue
            if source.affiliation in affiliations:
                continue
            key, hint = "affiliation", f"write {' or '.join(sorted(affiliations))}, or mend the entity"
            found = f"({entity.name!r}, {entity.subtype or entity.type}) is affiliated with {source.affiliation}"
        span = source.mentions[0] if source.mentions else None
        yield Fault(f"sources[{i}].{key}", f"{source.id} {found}", hint, extent(span))


@rule("attribution-twice", 4)
def attribution_twice(article: Article) -> Iterator[Fault]:
    """A statement is annotated once: two attributions do not give the same content to the same sources."""
    seen: dict[tuple[object, ...], str] = {}
    for i, attribution in enumerate(article.attributions):
        key = (*sorted(attribution.sources), *((c.start, c.end) for c in attribution.content))
        other = seen.setdefault(key, attribution.id)
        if other != attribution.id:
            yield Fault(
                f"attributions[{i}]",
                f"{attribution.id} has the sources and the content of {other}",
                "keep one, with both cues",
                extent(attribution.content[0]),
            )


_AUXILIARY = re.compile(r"(?:has|have|had|is|was|were|be|been|will|would|also|later|then) (?=\w)", re.IGNORECASE)


@rule("cue-words", 4, "warning")
def cue_words(article: Article) -> Iterator[Fault]:
    """A cue is the verb or noun that ascribes, without auxiliaries, adverbs or objects: of "has also said" "said"."""
    for i, attribution in enumerate(article.attributions):
        for j, cue in enumerate(attribution.cue):
            words = cue.text or ""
            auxiliary = _AUXILIARY.match(words)
            if auxiliary or words.count(" ") > 1:
                found = (
                    f"begins with {auxiliary.group().strip()!r}" if auxiliary else f"has {words.count(' ') + 1} words"
                )
                yield Fault(
                    f"attributions[{i}].cue[{j}]",
                    f"the cue {words!r} {found}",
                    'the verb with its particle, or "according to"',
                    extent(cue),
                )


_CUES = ("said", "told", "according to", "reportedly", "allegedly", "denied", "accused", "declined to",
         "refused to comment", "would not say", "would not name", "would not discuss", "would not comment")  # fmt: skip
# "No one has said", "staff had been told", "ruling strictly according to the law".
_NO_CUE = re.compile(r"\b(?:no one|nobody|not|never|been|be|being|were|was|is|are)(?: \w+){0,2} \Z", re.IGNORECASE)


def _cue_words(text: str) -> Iterator[tuple[int, int]]:
    """Where cue words stand, by a search for each, which is faster than one for all."""
    lower = text.lower()
    for words in _CUES if len(lower) == len(text) else ():
        at = lower.find(words)
        while at >= 0:
            if not text[at - 1 : at].isalnum() and not text[at + len(words) : at + len(words) + 1].isalnum():
                yield at, at + len(words)
            at = lower.find(words, at + 1)


@rule("unannotated-cue", 4, "warning")
def unannotated_cue(article: Article) -> Iterator[Fault]:
    """Each "said", "told", "according to", "reportedly", "denied", "accused", "declined to" is the cue of a statement."""
    if article.text is None:
        return
    cues = texts.Cover((c.start, c.end) for a in article.attributions for c in a.cue)
    for start, end in _cue_words(article.text):
        if cues.overlaps(start, end):
            continue
        if _NO_CUE.search(article.text[max(0, start - 30) : start]):
            continue
        yield Fault(
            "attributions",
            f"{article.text[start:end]!r} is the cue of no statement",
            "annotate who says what; what is told to nobody, or only negated, stays as it is",
            (start, end),
        )


def _named(claim: Claim) -> str:
    """A claim as a message names it: its id, and its words where they are at hand."""
    return f"{claim.id} ({claim.span.text!r})" if claim.span.text else claim.id
