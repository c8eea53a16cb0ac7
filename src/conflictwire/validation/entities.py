"""Level 4, entities: types, mentions and names."""

import re
from collections import Counter
from collections.abc import Iterator

from conflictwire import numerals
from conflictwire import text as texts
from conflictwire.model import Article
from conflictwire.validation.findings import Fault, extent, rule

_SUBTYPES = {
    "organisation": {
        "intergovernmental",
        "ngo",
        "media",
        "think_tank",
        "company",
        "court",
        "party",
        "religious",
        "other",
    },
    "geopolitical": {"country", "region", "city"},
    "location": {"site", "geographic"},
}
_PRONOUNS = frozenset(
    "he him his himself she her hers herself it its itself they them their theirs themselves we us "
    "our ours ourselves i me my mine myself you your yours who whom whose this that these those one "
    "ones another others".split()
)


@rule("subtype-of-type", 4)
def subtype_of_type(article: Article) -> Iterator[Fault]:
    """A subtype belongs to its type: organisations, geopolitical entities and locations have them, others none."""
    for i, entity in enumerate(article.entities):
        known = _SUBTYPES.get(entity.type, set())
        if entity.subtype is not None and entity.subtype not in known:
            yield Fault(
                f"entities[{i}].subtype",
                f"{entity.subtype!r} is no subtype of {entity.type}",
                f"one of {', '.join(sorted(known))}" if known else "write null",
            )


@rule("mention-twice", 4)
def mention_twice(article: Article) -> Iterator[Fault]:
    """A stretch of text is one mention of one entity; two entities with the same mention are one entity, or a slip."""
    seen: dict[tuple[int, int], str] = {}
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            span = (mention.span.start, mention.span.end)
            if span in seen:
                yield Fault(
                    f"entities[{i}].mentions[{j}].span",
                    f"{mention.span.text!r} is already a mention of {seen[span]}",
                    "keep it where it belongs; if both mean the same, merge the entities",
                    span,
                )
            seen[span] = entity.id


@rule("head-outside", 4)
def head_outside(article: Article) -> Iterator[Fault]:
    """The head of a mention lies inside the mention."""
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            head, span = mention.head, mention.span
            if head is not None and not span.start <= head.start < head.end <= span.end:
                yield Fault(
                    f"entities[{i}].mentions[{j}].head",
                    f"the head {head.text!r} lies outside {span.text!r}",
                    "write null, and the rule derives it; or a word of the mention",
                    extent(span),
                )


@rule("mention-kind", 4, "warning")
def mention_kind(article: Article) -> Iterator[Fault]:
    """A pronoun mention is a pronoun, and a bare pronoun is no name."""
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            words = mention.span.text
            # "US" in capitals is a name, not "us".
            pronoun = words is not None and words.lower() in _PRONOUNS and words != "US"
            if (
                words is not None
                and pronoun != (mention.kind == "pronoun")
                and words.lower() not in ("one", "another", "others")
            ):
                yield Fault(
                    f"entities[{i}].mentions[{j}].kind",
                    f"{words!r} is marked as {mention.kind}",
                    "mend the kind",
                    extent(mention.span),
                )


@rule("same-name", 4, "warning")
def same_name(article: Article) -> Iterator[Fault]:
    """Two entities of one type and subtype share a name mention: mostly they are one entity."""
    seen: dict[tuple[str, str | None, str], str] = {}
    for i, entity in enumerate(article.entities):
        names = {m.span.text for m in entity.mentions if m.kind == "name" and m.span.text}
        for name in sorted(names):
            other = seen.setdefault((entity.type, entity.subtype, name), entity.id)
            if other != entity.id:
                yield Fault(
                    f"entities[{i}]",
                    f"{name!r} names {entity.id} and {other}, both {entity.type}",
                    "merge them if they are the same",
                )


@rule("unused-entity", 4, "warning")
def unused_entity(article: Article) -> Iterator[Fault]:
    """An unnamed entity is annotated only if it takes part in an event, is counted, bounds a count, or speaks."""
    used = {a.entity for e in article.events for a in e.arguments}
    used |= {c.counted.entity for c in article.claims if c.counted.entity}
    used |= {p for c in article.claims for p in c.scope.places}
    used |= {s.entity for s in article.sources if s.entity}
    for i, entity in enumerate(article.entities):
        if entity.id not in used and not any(m.kind == "name" for m in entity.mentions):
            yield Fault(
                f"entities[{i}]",
                f"{entity.id} ({entity.name!r}) has no name and no part in anything",
                "drop it, or annotate its part",
                extent(entity.mentions[0].span),
            )


# Words that introduce a name and are none of it (GUIDELINES 1, How far); "The Hague" keeps its article.
_ARTICLE = re.compile(r"(?:the|an?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur) (?=\w)")
_TITLE = re.compile(
    r"(?:president|prime minister|minister|gen(?:eral|\.)|col(?:onel|\.)|maj(?:or|\.)|capt(?:ain|\.)|lt\.|lieutenant|"
    r"sgt\.|sergeant|mr\.?|mrs\.?|ms\.?|dr\.?|sheikh|judge|mayor|governor|senator) (?=\w)",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"(?:['’]s?|[,;:])\Z")


@rule("name-not-bare", 4, "warning")
def name_not_bare(article: Article) -> Iterator[Fault]:
    """A name is marked bare: without title, article, possessive 's or comma, and with a capital or digit in it."""
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            words = mention.span.text
            if mention.kind != "name" or words is None:
                continue
            before = _ARTICLE.match(words) or (_TITLE.match(words) if entity.type == "person" else None)
            after = _AFTER_NAME.search(words)
            if before:
                found, hint = f"begins with {before.group().strip()!r}", "begin at the name"
            elif after:
                found, hint = f"ends with {after.group()!r}", "end with the name"
            elif words.islower():
                found, hint = "has no capital", "a nominal, or a pronoun"
            else:
                continue
            yield Fault(f"entities[{i}].mentions[{j}].span", f"the name {words!r} {found}", hint, extent(mention.span))


_TOO_FAR = re.compile(r",(?!\d)\s|(?<!\bof )\b(?:who|whom|whose|which)\b|[,;:]\Z")
_MODIFIED = re.compile(rf"(?:{numerals.MODIFIER}) (?=\d|\w+ \w)", re.IGNORECASE)


@rule("nominal-extent", 4, "warning")
def nominal_extent(article: Article) -> Iterator[Fault]:
    """A nominal stops before a comma or a relative clause, and a counted one begins at its number, not at "at least"."""
    for i, entity in enumerate(article.entities):
        for j, mention in enumerate(entity.mentions):
            words = mention.span.text
            if mention.kind != "nominal" or words is None:
                continue
            far = _TOO_FAR.search(words) if "," in words or "wh" in words or words[-1] in ";:" else None
            begins = words.partition(" ")[0].lower() in numerals.MODIFIER_BEGINS
            modified = _MODIFIED.match(words) if begins else None
            if far:
                found, hint = f"runs on over {far.group().strip()!r}", "end it before"
            elif modified and any(n.start == modified.end() for n in numerals.numbers(words)):
                found, hint = (
                    f"begins with {modified.group().strip()!r}",
                    "begin at the number; the bound is the claim's",
                )
            else:
                continue
            path = f"entities[{i}].mentions[{j}].span"
            yield Fault(path, f"the nominal {words!r} {found}", hint, extent(mention.span))


@rule("unmarked-name", 4, "warning")
def unmarked_name(article: Article) -> Iterator[Fault]:
    """A name is marked each time that it is printed: words that are a name mention here stand elsewhere unmarked."""
    if article.text is None:
        return
    names = [m.span for e in article.entities for m in e.mentions if m.kind == "name"]
    marked = Counter(span.text for span in names)
    covered: set[int] | None = None
    for i, entity in enumerate(article.entities):
        for name in dict.fromkeys(m.span.text for m in entity.mentions if m.kind == "name" and m.span.text):
            if article.text.count(name) == marked[name]:
                continue  # nearly always, and much cheaper than looking at word boundaries
            if covered is None:
                covered = {at for span in names for at in range(span.start, span.end)}
            for start, end in texts.occurrences(article.text, name):
                if not covered.issuperset(range(start, end)):
                    yield Fault(
                        f"entities[{i}].mentions",
                        f"{name!r} names {entity.id} elsewhere and stands here unmarked",
                        "add the mention, or mark the longer name that it is part of",
                        (start, end),
                    )


@rule("alias-not-printed", 4, "warning")
def alias_not_printed(article: Article) -> Iterator[Fault]:
    """Aliases are the other names that the text prints for an entity, so each is a name mention of it."""
    for i, entity in enumerate(article.entities):
        names = {(m.span.text or "").lower() for m in entity.mentions if m.kind == "name"} if entity.aliases else set()
        for j, alias in enumerate(entity.aliases):
            if "" not in names and alias.lower() not in names:
                yield Fault(
                    f"entities[{i}].aliases[{j}]",
                    f"{alias!r} is no name mention of {entity.id} ({entity.name!r})",
                    "add the mention, or drop the alias if the text does not print it",
                    extent(entity.mentions[0].span),
                )


@rule("same-kb", 4)
def same_kb(article: Article) -> Iterator[Fault]:
    """Two entities of an article are not the same item of `kb.json`: then they are one entity."""
    seen: dict[str, str] = {}
    for i, entity in enumerate(article.entities):
        if entity.kb is not None and (other := seen.setdefault(entity.kb, entity.id)) != entity.id:
            yield Fault(
                f"entities[{i}].kb",
                f"{entity.id} ({entity.name!r}) and {other} are both {entity.kb!r}",
                "merge them, or link one of them to another item",
                extent(entity.mentions[0].span),
            )
