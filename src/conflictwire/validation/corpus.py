"""Level 5, the corpus: articles against each other, against their passes, and against kb.json and the ledger.

A rule is a pure generator over a `Corpus`, which holds only records that passed the lower levels;
nothing here validates one record alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import msgspec

from conflictwire import dates, derive, schemas
from conflictwire.corpus import strict
from conflictwire.model import LAYERS, Article, Claim
from conflictwire.validation.findings import Fault, extent, rule


class KbRelation(msgspec.Struct, frozen=True):
    """A tie of one item of the knowledge base to another."""

    type: str
    target: str


class KbItem(msgspec.Struct, frozen=True):
    """One item of `kb.json`, as far as rules look at it."""

    id: str
    type: str
    name: str
    subtype: str | None = None
    aliases: list[str] = []
    relations: list[KbRelation] = []


class Kb(msgspec.Struct, frozen=True):
    """`kb.json`: what entities are linked to."""

    items: list[KbItem]


class Incident(msgspec.Struct, frozen=True):
    """One incident of `ledger.json`: what really happened; a toll of null is not known."""

    id: str
    type: str
    story: str | None = None
    place: str | None = None
    perpetrators: list[str] = []
    tolls: dict[str, int | None] = {}


class Ledger(msgspec.Struct, frozen=True):
    """`ledger.json`: the incidents of the invented world."""

    incidents: list[Incident]


@dataclass(frozen=True)
class Filed:
    """An article and where it is stored."""

    article: Article
    file: Path
    line: int | None = None

    def fault(self, path: str, message: str, hint: str, span: tuple[int, int] | None = None) -> Fault:
        """A fault of this article."""
        return Fault(path, message, hint, span, str(self.file), self.line)


@dataclass(frozen=True)
class Corpus:
    """A dataset folder as rules see it.

    `left_out` are files with a record that failed a lower level (or is no article), so that nobody
    takes it for missing; `kb` and `ledger` are None where their file is `unusable` (file, reason),
    and empty where there is none.
    """

    dataset: Path
    articles: tuple[Filed, ...]
    passes: tuple[Filed, ...]
    kb: Kb | None
    ledger: Ledger | None
    left_out: frozenset[Path] = frozenset()
    unusable: tuple[tuple[Path, str], ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Filed]:
        """The articles by id; of a duplicate the first."""
        return {filed.article.id: filed for filed in reversed(self.articles)}

    @cached_property
    def incidents(self) -> dict[str, Incident]:
        """The ledger's incidents by id; none where the ledger is unusable."""
        return {i.id: i for i in self.ledger.incidents} if self.ledger else {}

    @cached_property
    def unread(self) -> frozenset[str]:
        """The names that articles left out go by: nobody can say what is in them."""
        return frozenset(f.stem for f in self.left_out if f.is_relative_to(self.dataset / "articles"))


def read(dataset: Path, articles: Iterable[Filed], passes: Iterable[Filed], left_out: Iterable[Path]) -> Corpus:
    """The corpus of a dataset folder, with its `kb.json` and `ledger.json` read in."""
    unusable: list[tuple[Path, str]] = []

    def usable(name: str, empty: Kb | Ledger) -> Kb | Ledger | None:
        path = dataset / name
        if not path.exists():
            return empty
        ((_, record),) = strict.records(path)
        if isinstance(record, strict.Unreadable):
            unusable.append((path, record.message))
            return None
        try:
            return msgspec.convert(record, type(empty))
        except msgspec.ValidationError as error:
            unusable.append((path, str(error)))
            return None

    kb, ledger = usable("kb.json", Kb([])), usable("ledger.json", Ledger([]))
    return Corpus(
        dataset,
        tuple(articles),
        tuple(passes),
        kb if isinstance(kb, Kb) else None,
        ledger if isinstance(ledger, Ledger) else None,
        frozenset(left_out),
        tuple(unusable),
    )


# ---- articles against each other ---------------------------------------------------------------------


@rule("duplicate-article", 5)
def duplicate_article(corpus: Corpus) -> Iterator[Fault]:
    """Every article id is unique in the corpus; else predictions, passes and relations have two meanings."""
    for filed in corpus.articles:
        first = corpus.by_id[filed.article.id]
        if filed is not first:
            yield filed.fault("id", f"{filed.article.id!r} is also the id of {first.file}", "rename one of the two")


@rule("story-split", 5)
def story_split(corpus: Corpus) -> Iterator[Fault]:
    """All articles of a story stand in one split: what a system learned of an incident must not help it in a test."""
    first: dict[str, Filed] = {}
    for filed in corpus.articles:
        article, other = filed.article, first.setdefault(filed.article.story, filed)
        if article.split != other.article.split:
            yield filed.fault(
                "split",
                f"the story {article.story!r} is in {article.split} here and in {other.article.split} in {other.article.id}",
                "put the story into one split",
            )


_SHINGLE = 5  # words
_NEAR = 0.5  # the part of the shorter article that stands in the other
_FURNITURE = 50  # what stands in more articles than this is furniture of the pages (licence lines and the like)


@rule("near-duplicate", 5)
def near_duplicate(corpus: Corpus) -> Iterator[Fault]:
    """No article stands for the greater part in an article of another split: the test would ask for what was learned.

    Half of the five-word sequences of the shorter one are those of the other; where the text of one
    of them is not at hand, segments with equal hashes make up half of its length.
    """
    articles = [filed.article for filed in corpus.articles]
    words = _shared([_shingles(a.text) for a in articles])
    segments = _shared([{s.sha256: s.length for s in a.segments} for a in articles])
    for i, j in sorted(words.keys() | segments.keys()):
        one, two = articles[i], articles[j]
        if one.split == two.split or one.story == two.story or one.id == two.id:
            continue  # the two latter are other rules' to say
        at_hand = one.text is not None and two.text is not None
        share = (words if at_hand else segments).get((i, j), 0.0)
        if share >= _NEAR:
            yield corpus.articles[j].fault(
                "text",
                f"{share:.0%} of the shorter of {two.id} ({two.split}) and {one.id} ({one.split}) stands in both",
                "make them one story, in one split, or take one of them out",
            )


def _shingles(text: str | None) -> dict[str, int]:
    words = re.findall(r"\w+", (text or "").lower())
    return {" ".join(words[i : i + _SHINGLE]): 1 for i in range(len(words) - _SHINGLE + 1)}


def _shared(features: list[dict[str, int]]) -> dict[tuple[int, int], float]:
    """For each pair with something in common the weight of it, as a part of the lighter one of the two."""
    owners: dict[str, list[int]] = defaultdict(list)
    for index, weights in enumerate(features):
        for feature in weights:
            owners[feature].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for feature, indices in owners.items():
        if 1 < len(indices) <= _FURNITURE:
            for pair in combinations(indices, 2):
                shared[pair] += features[pair[0]][feature]
    totals = [sum(weights.values()) for weights in features]
    return {(i, j): weight / min(totals[i], totals[j]) for (i, j), weight in shared.items()}


@rule("cross-article-relation", 5)
def cross_article_relation(corpus: Corpus) -> Iterator[Fault]:
    """A claim's relation `article#claim` points to a claim that exists, in another article of the same story."""
    for filed in corpus.articles:
        for i, claim in enumerate(filed.article.claims):
            for j, relation in enumerate(claim.relations):
                name, mark, target = relation.target.partition("#")
                if not mark or name in corpus.unread:
                    continue
                path, span = f"claims[{i}].relations[{j}].target", extent(claim.span)
                other = corpus.by_id.get(name)
                story = filed.article.story
                if other is None:
                    known = sorted(a.article.id for a in corpus.articles if a.article.story == story)
                    yield filed.fault(
                        path, f"there is no article {name!r}", f"articles of this story: {', '.join(known)}", span
                    )
                elif other.article.id == filed.article.id:
                    yield filed.fault(path, "the target lies in this article", f"write {target!r} alone", span)
                elif target not in {c.id for c in other.article.claims}:
                    yield filed.fault(path, f"{name} has no claim {target!r}", "mend the id", span)
                elif other.article.story != story:
                    yield filed.fault(
                        path,
                        f"{name} belongs to the story {other.article.story!r}, this article to {story!r}",
                        "relate claims of one story only, or make the two stories one",
                        span,
                    )


@rule("cross-article-unlike", 5)
def cross_article_unlike(corpus: Corpus) -> Iterator[Fault]:
    """What holds of a relation inside an article holds between articles: one measure, and equal values to restate.

    And a figure that replaces another is not published before it.
    """
    for filed in corpus.articles:
        for i, claim in enumerate(filed.article.claims):
            for j, relation in enumerate(claim.relations):
                name, _, target = relation.target.partition("#")
                other = corpus.by_id.get(name)
                figure = next((c for c in other.article.claims if c.id == target), None) if other else None
                if other is None or figure is None:
                    continue
                if relation.type not in ("part_of", "comparable_to") and claim.measure != figure.measure:
                    found = f"counts {claim.measure}, not {figure.measure}"
                    hint = "mend the measure, or write comparable_to"
                elif relation.type == "restates" and (claim.unit, claim.values, claim.form) != (
                    figure.unit,
                    figure.values,
                    figure.form,
                ):
                    found, hint = (
                        f"says {claim.values}, not {figure.values}",
                        "supersedes, conflicts_with, or no relation",
                    )
                elif relation.type == "supersedes" and (filed.article.published or "9") < (
                    other.article.published or ""
                ):
                    found = f"is of {filed.article.published}, before {other.article.published}"
                    hint = "turn the relation round"
                else:
                    continue
                yield filed.fault(
                    f"claims[{i}].relations[{j}]",
                    f"{claim.id} {relation.type} {relation.target}, but {found}",
                    hint,
                    extent(claim.span),
                )


# ---- articles against kb.json and the ledger ---------------------------------------------------------


@rule("kb-unusable", 5)
def kb_unusable(corpus: Corpus) -> Iterator[Fault]:
    """`kb.json` holds `items` and `ledger.json` `incidents`, each with id and type, so that links can be looked up."""
    for path, reason in corpus.unusable:
        yield Fault("", f"cannot be used: {reason}", "mend the file; rules that need it were not run", file=str(path))


@rule("kb-dangling", 5)
def kb_dangling(corpus: Corpus) -> Iterator[Fault]:
    """Ids of the knowledge base are unique, and its relations point to other items of it."""
    items = corpus.kb.items if corpus.kb else []
    counted = Counter(item.id for item in items)
    file = str(corpus.dataset / "kb.json")
    for i, item in enumerate(items):
        if counted[item.id] > 1:
            yield Fault(f"items[{i}].id", f"{counted[item.id]} items are called {item.id!r}", "keep one", file=file)
        for j, relation in enumerate(item.relations):
            if relation.target not in counted or relation.target == item.id:
                yield Fault(
                    f"items[{i}].relations[{j}].target",
                    f"there is no other item {relation.target!r}",
                    "mend the id, or add the item",
                    file=file,
                )


@rule("kb-unknown", 5)
def kb_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The `kb` of an entity is an item of `kb.json`."""
    if corpus.kb is None:
        return
    known = {item.id for item in corpus.kb.items}
    for filed in corpus.articles:
        for i, entity in enumerate(filed.article.entities):
            if entity.kb is not None and entity.kb not in known:
                span = entity.mentions[0].span
                yield filed.fault(
                    f"entities[{i}].kb",
                    f"{entity.kb!r} ({entity.name}) is no item of kb.json",
                    "mend the id, or add the item",
                    extent(span),
                )


@rule("kb-missing", 5, "warning")
def kb_missing(corpus: Corpus) -> Iterator[Fault]:
    """An entity of the gold that `kb.json` has under a name and type that the text prints is linked to it."""
    items: dict[tuple[str, str | None, str], set[str]] = defaultdict(set)
    for item in corpus.kb.items if corpus.kb else []:
        for name in (item.name, *item.aliases):
            items[item.type, item.subtype, name].add(item.id)
    for filed in corpus.articles if items else ():
        for i, entity in enumerate(filed.article.entities):
            if entity.kb is not None:
                continue
            for mention in entity.mentions:
                known = items.get((entity.type, entity.subtype, mention.span.text or ""), set())
                if mention.kind == "name" and len(known) == 1:
                    yield filed.fault(
                        f"entities[{i}].kb",
                        f"{entity.id} ({mention.span.text!r}) has no kb, and kb.json has {min(known)}",
                        "link it; a namesake that is another one gets an item of its own",
                        extent(mention.span),
                    )
                    break


@rule("kb-type", 5)
def kb_type(corpus: Corpus) -> Iterator[Fault]:
    """An entity has the type and subtype of its item in `kb.json`: one of the two is wrong."""
    items = {item.id: item for item in (corpus.kb.items if corpus.kb else [])}
    for filed in corpus.articles:
        for i, entity in enumerate(filed.article.entities):
            item = items.get(entity.kb) if entity.kb else None
            if item and (entity.type, entity.subtype) != (item.type, item.subtype):
                span = entity.mentions[0].span
                yield filed.fault(
                    f"entities[{i}].type",
                    f"{entity.name} is {_kind(entity.type, entity.subtype)} here, {item.id} is {_kind(item.type, item.subtype)}",
                    "mend the entity's type, its kb, or kb.json",
                    extent(span),
                )


def _kind(kind: str, subtype: str | None) -> str:
    return f"{kind}/{subtype}" if subtype else kind


@rule("ledger-dangling", 5)
def ledger_dangling(corpus: Corpus) -> Iterator[Fault]:
    """Incidents of the ledger have unique ids and types of the ontology; their places and perpetrators are in `kb.json`."""
    if corpus.ledger is None:
        return
    known = {item.id for item in corpus.kb.items} if corpus.kb else None
    counted = Counter(incident.id for incident in corpus.ledger.incidents)
    file = str(corpus.dataset / "ledger.json")
    for i, incident in enumerate(corpus.ledger.incidents):
        path = f"incidents[{i}]"
        if counted[incident.id] > 1:
            yield Fault(
                f"{path}.id", f"{counted[incident.id]} incidents are called {incident.id!r}", "keep one", file=file
            )
        if incident.type not in schemas.permitted_roles():
            yield Fault(f"{path}.type", f"the ontology has no type {incident.type!r}", "mend the type", file=file)
        named = [(f"{path}.place", incident.place)] if incident.place else []
        named += [(f"{path}.perpetrators[{j}]", name) for j, name in enumerate(incident.perpetrators)]
        for where, name in named:
            if known is not None and name not in known:
                yield Fault(where, f"{name!r} is no item of kb.json", "mend the id, or add the item", file=file)


@rule("incident-unknown", 5)
def incident_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The `incident` of an event in an invented article stands in the ledger, which says what really happened."""
    if corpus.ledger is None:
        return
    for filed in corpus.articles:
        for i, event in enumerate(filed.article.events):
            if filed.article.part == "invented" and event.incident and event.incident not in corpus.incidents:
                yield filed.fault(
                    f"events[{i}].incident",
                    f"{event.incident!r} is not in ledger.json",
                    "mend the id, or add the incident",
                    extent(event.triggers[0]),
                )


@rule("incident-of-another-story", 5, "warning")
def incident_of_another_story(corpus: Corpus) -> Iterator[Fault]:
    """An incident to which the ledger gives a story is told in the articles of that story: others would leak it."""
    for filed in corpus.articles:
        for i, event in enumerate(filed.article.events):
            incident = corpus.incidents.get(event.incident or "")
            if incident and incident.story not in (None, filed.article.story):
                yield filed.fault(
                    f"events[{i}].incident",
                    f"{incident.id} belongs to the story {incident.story!r}, this article to {filed.article.story!r}",
                    "mend the incident, or set its story in ledger.json to null if it is background to several",
                    extent(event.triggers[0]),
                )


@rule("incident-dates", 5, "warning")
def incident_dates(corpus: Corpus) -> Iterator[Fault]:
    """All events of one incident that say when they happened can have happened at one time, in whatever article."""
    told: dict[str, list[tuple[Filed, int]]] = defaultdict(list)
    for filed in corpus.articles:
        for i, event in enumerate(filed.article.events):
            if event.incident is not None and event.time is not None and derive.in_template(event):
                told[event.incident].append((filed, i))
    for name, places in told.items():
        first, at = places[0]
        one = first.article.events[at]
        for filed, i in places[1:]:
            event = filed.article.events[i]
            if one.time and event.time and not dates.compatible(one.time.edtf, event.time.edtf):
                yield filed.fault(
                    f"events[{i}].time.edtf",
                    f"{name} happened {event.time.edtf} here, and {one.time.edtf} in {first.article.id} ({one.id})",
                    "mend a date or an incident; keep it where the articles themselves differ",
                    extent(event.triggers[0]),
                )


@rule("ledger-type", 5, "warning")
def ledger_type(corpus: Corpus) -> Iterator[Fault]:
    """Of the events that an article tells of an incident one has the ledger's top-level type (attack, clash, arrest ...).

    The others may be its parts: a raid that is an arrest in the ledger is an operation, a seizure and a release too.
    """
    for filed in corpus.articles:
        told = {(e.incident, _top(e.type)) for e in filed.article.events}
        for i, event in enumerate(filed.article.events):
            incident = corpus.incidents.get(event.incident or "")
            if incident and (incident.id, _top(incident.type)) not in told:
                yield filed.fault(
                    f"events[{i}].type",
                    f"{event.id} is {event.type}, {incident.id} is {incident.type}",
                    "mend the type or the incident; keep it where the article itself tells it so",
                    extent(event.triggers[0]),
                )


def _top(event_type: str) -> str:
    return event_type.partition(".")[0]


# Counted nouns that leave nobody out; "six bodyguards" may have died beside others.
_ANYBODY = {"people", "persons", "dead", "victims", "lives", "bodies"}


@rule("ledger-toll", 5, "warning")
def ledger_toll(corpus: Corpus) -> Iterator[Fault]:
    """The narrator's own exact death toll of an incident is the ledger's, unless something corrects or denies it.

    Looked at are figures that nobody is quoted for, without bound, as-of date or relation that makes
    them part of something, replaces or contradicts them. Where the article has several such figures,
    tells the incident as several events, or counts one kind of people ("six bodyguards"), they may be
    parts of the whole: then only a figure above the ledger's is found.
    """
    corrected = {
        relation.target if "#" in relation.target else f"{filed.article.id}#{relation.target}"
        for filed in corpus.articles
        for claim in filed.article.claims
        for relation in claim.relations
        if relation.type in ("supersedes", "conflicts_with", "sum_of")
    }
    for filed in corpus.articles:
        article = filed.article
        events = {e.id: e for e in article.events if derive.in_template(e) and e.incident in corpus.incidents}
        told = Counter(e.incident for e in article.events)
        voices = derive.asserting(article.attributions)
        figures: dict[str, list[tuple[int, Claim]]] = defaultdict(list)
        for i, claim in enumerate(article.claims):
            event = events.get(claim.scope.event or "")
            if event and derive.voice(claim, voices) == "narrator" and _is_toll(claim):
                figures[event.incident or ""].append((i, claim))
        for name, counted in figures.items():
            toll = corpus.incidents[name].tolls.get("killed")
            whole = told[name] == 1 and len({derive.interval(c).low for _, c in counted}) == 1
            for i, claim in counted:
                value = derive.interval(claim).low
                if toll is None or value is None or f"{article.id}#{claim.id}" in corrected:
                    continue
                if value > toll or (value < toll and whole and _everybody(claim)):
                    yield filed.fault(
                        f"claims[{i}]",
                        f"the narrator counts {value} killed, the ledger has {toll} for {name}",
                        "mend the claim or the ledger; if a source says it, annotate the attribution",
                        extent(claim.span),
                    )


def _everybody(claim: Claim) -> bool:
    noun = claim.counted.span
    return claim.counted.status == "unknown" and (noun is None or noun.text in _ANYBODY)


def _is_toll(claim: Claim) -> bool:
    """Whether a claim is an exact count of an event's dead that no word or relation restricts."""
    interval = derive.interval(claim)
    return (
        (claim.measure, claim.reading, claim.stance, claim.as_of) == ("killed", "event_total", "asserted", None)
        and claim.counted.role != "perpetrator"
        and interval.low is not None
        and interval.low == interval.high
        and not interval.approximate
        and not any(r.type in ("part_of", "conflicts_with") for r in claim.relations)
    )


# ---- articles against their passes, and what is built from them ---------------------------------------


@rule("passes-missing", 5)
def passes_missing(corpus: Corpus) -> Iterator[Fault]:
    """Both annotation passes of an article are stored in `passes/ID/`, so that agreement can be measured."""
    files = {(p.article.id, p.file) for p in corpus.passes}
    files |= {(f.parent.name, f) for f in corpus.left_out if f.is_relative_to(corpus.dataset / "passes")}
    stored = Counter(name for name, _ in files)
    for filed in corpus.articles:
        if (count := stored[filed.article.id]) < 2:
            yield filed.fault(
                "annotation",
                f"passes/{filed.article.id} holds {count} of two passes",
                "store both passes as they were before adjudication: a.json and b.json",
            )


@rule("pass-text-differs", 5)
def pass_text_differs(corpus: Corpus) -> Iterator[Fault]:
    """A pass annotates the article's text: it has the same segments, so that its offsets mean the same words."""
    for filed in corpus.passes:
        article = corpus.by_id.get(filed.article.id)
        if article is None or filed.article.segments == article.article.segments:
            continue
        pairs = zip(filed.article.segments, article.article.segments, strict=False)
        counts = len(filed.article.segments), len(article.article.segments)
        at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(counts))
        yield filed.fault(
            f"segments[{at}]",
            f"the pass has {counts[0]} segments, {article.file} has {counts[1]}; they differ from number {at} on",
            "place the pass again on the article's text (conflictwire place)",
        )


@rule("pass-without-article", 5, "warning")
def pass_without_article(corpus: Corpus) -> Iterator[Fault]:
    """A pass belongs to an article of the corpus."""
    for filed in corpus.passes:
        if filed.article.id not in corpus.by_id and filed.article.id not in corpus.unread:
            yield filed.fault("id", f"there is no article {filed.article.id!r}", "mend the id, or take the pass away")


@rule("passes-identical", 5, "warning")
def passes_identical(corpus: Corpus) -> Iterator[Fault]:
    """Two passes that did not see each other differ somewhere: equal ones are one pass stored twice, and agree with nothing."""
    first: dict[str, Filed] = {}
    for filed in corpus.passes:
        one, two = first.setdefault(filed.article.id, filed).article, filed.article
        if one is not two and all(getattr(one, layer) == getattr(two, layer) for layer in LAYERS):
            yield filed.fault(
                "id",
                f"all five layers are those of {first[two.id].file}",
                "store the other pass as it was before adjudication",
            )


@rule("not-adjudicated", 5, "warning")
def not_adjudicated(corpus: Corpus) -> Iterator[Fault]:
    """The gold is adjudicated: a third annotator has decided every difference of the two passes."""
    for filed in corpus.articles:
        if filed.article.annotation.method != "adjudicated":
            yield filed.fault(
                "annotation.method",
                f"the gold is {filed.article.annotation.method}",
                "adjudicate the two passes, or take the article out of the corpus",
            )


_SHOWN = 3


@rule("build-out-of-date", 5)
def build_out_of_date(corpus: Corpus) -> Iterator[Fault]:
    """Parquet, the card's tables and the prediction schema say what the articles say.

    Not looked at while articles fail lower levels, because nothing can be built from them.
    """
    if corpus.unread or not corpus.articles:
        return
    from conflictwire.corpus import build  # brings Arrow

    schema = corpus.dataset.resolve().parent / "schema"
    try:
        stale = build.build(corpus.dataset, schema if schema.is_dir() else None, check=True)
    except Exception as error:  # whatever a damaged card or table raises, it is one finding
        yield Fault(
            "",
            f"what is built cannot be checked: {error}",
            "mend the file that the message names",
            file=str(corpus.dataset),
        )
        return
    if stale:
        named = ", ".join(str(path) for path in stale[:_SHOWN])
        more = f" and {len(stale) - _SHOWN} more" if len(stale) > _SHOWN else ""
        yield Fault(
            "",
            f"out of date: {named}{more}",
            "run `conflictwire build` and commit what it writes",
            file=str(corpus.dataset),
        )
