"""The record: typed, immutable mirrors of `schema/article.schema.json` and how they are read and written.

Knows the shape of an article and of a prediction; knows nothing of files on disk, rules or scores.
Defaults are those of the schema, so a prediction may leave out what is at its default; and so are the lists
of values, patterns and bounds, so that what the model reads the schema passes.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec

SCHEMA_VERSION = "1.0"
LAYERS = ("entities", "events", "claims", "sources", "attributions")

Json = dict[str, Any]
_END = r"(?![\s\S])"  # what every engine takes for the end
_LOCAL = "[A-Za-z][A-Za-z0-9_-]{0,39}"
_GLOBAL = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
Id = Annotated[str, msgspec.Meta(pattern=f"^{_GLOBAL}{_END}")]
LocalId = Annotated[str, msgspec.Meta(pattern=f"^{_LOCAL}{_END}")]
Edtf = Annotated[str, msgspec.Meta(pattern=f"^[0-9XYT:Z.?~%/+-]{{2,60}}{_END}")]
Words = Annotated[str, msgspec.Meta(min_length=1)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of all records: frozen, so that a cached article cannot be changed by a reader."""


class Span(Record, frozen=True):
    """Half-open `[start, end)` in Unicode code points of the article's text."""

    start: Annotated[int, msgspec.Meta(ge=0)]
    end: Annotated[int, msgspec.Meta(ge=1)]
    text: str | None = None

    def overlap(self, other: "Span") -> int:
        """Number of code points that both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


class Segment(Record, frozen=True):
    """SHA-256 and length (code points) of one segment of the canonical text."""

    sha256: Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{64}}{_END}")]
    length: Annotated[int, msgspec.Meta(ge=1)]


class Origin(Record, frozen=True):
    """Where the text can be had."""

    kind: Literal["embedded", "repository", "page"]
    repository: str | None = None
    path: str | None = None
    commit: str | None = None
    record: str | None = None
    url: str | None = None
    title: Segment | None = None


class Mention(Record, frozen=True):
    """One mention of an entity."""

    span: Span
    kind: Literal["name", "nominal", "pronoun"] = "name"
    head: Span | None = None


EntityType = Literal[
    "person",
    "people",
    "armed_group",
    "state_force",
    "government",
    "organisation",
    "geopolitical",
    "location",
    "facility",
    "materiel",
]
Subtype = Literal[
    "intergovernmental",
    "ngo",
    "media",
    "think_tank",
    "company",
    "court",
    "party",
    "religious",
    "other",
    "country",
    "region",
    "city",
    "site",
    "geographic",
]


class Entity(Record, frozen=True, kw_only=True):
    """One entity with all its mentions."""

    id: LocalId
    type: EntityType
    subtype: Subtype | None = None
    name: Words
    aliases: list[Words] = []
    kb: str | None = None
    mentions: Annotated[list[Mention], msgspec.Meta(min_length=1)]


Role = Literal[
    "perpetrator",
    "victim",
    "target",
    "instrument",
    "participant",
    "agent",
    "subject",
    "recipient",
    "origin",
    "destination",
    "place",
]


class Argument(Record, frozen=True):
    """One participant of an event."""

    id: LocalId
    role: Role
    entity: LocalId
    mention: Span | None = None


class Time(Record, frozen=True):
    """When an event happened, as EDTF, and the words that say so."""

    edtf: Edtf
    span: Span | None = None


EventType = Literal[
    "attack.bombing",
    "attack.suicide_bombing",
    "attack.armed_assault",
    "attack.assassination",
    "attack.airstrike",
    "attack.shelling",
    "attack.abduction",
    "attack.execution",
    "attack.sabotage",
    "attack.unspecified",
    "clash",
    "operation",
    "arrest",
    "trial",
    "deployment",
    "withdrawal",
    "evacuation",
    "seizure",
    "surrender",
    "defection",
    "release",
    "meeting",
    "agreement",
    "leadership_change",
    "formation",
    "sanction",
    "aid",
    "displacement",
    "protest",
    "investigation",
    "accident",
]


class Event(Record, frozen=True, kw_only=True):
    """One event with all its triggers."""

    id: LocalId
    type: EventType
    modality: Literal["actual", "attempted", "planned", "threatened", "hypothetical"] = "actual"
    polarity: Literal["positive", "negative"] = "positive"
    genericity: Literal["specific", "generic"] = "specific"
    triggers: Annotated[list[Span], msgspec.Meta(min_length=1)]
    arguments: list[Argument] = []
    time: Time | None = None
    incident: str | None = None
    part_of: str | None = None


class Counted(Record, frozen=True):
    """What a claim counts."""

    span: Span | None = None
    role: Literal["victim", "perpetrator", "member", "bystander", "unspecified"] = "unspecified"
    status: Literal["civilian", "security_force", "militant", "mixed", "unknown"] = "unknown"
    entity: str | None = None


class Scope(Record, frozen=True):
    """What a claim's count covers."""

    event: str | None = None
    places: list[LocalId] = []
    period: Edtf | None = None


class Relation(Record, frozen=True):
    """A relation from one claim to another, of this article or (`article#claim`) of its story."""

    type: Literal["part_of", "supersedes", "conflicts_with", "restates", "sum_of", "comparable_to"]
    target: Annotated[str, msgspec.Meta(pattern=f"^{_GLOBAL}(#{_LOCAL})?{_END}")]


DECIMAL = f"^-?(0|[1-9][0-9]*)([.][0-9]+)?{_END}"

Measure = Literal[
    "killed",
    "injured",
    "casualties",
    "missing",
    "abducted",
    "held",
    "detained",
    "displaced",
    "surrendered",
    "released",
    "membership",
    "participants",
    "attacks",
    "strikes",
    "objects",
    "population",
    "money",
    "area",
    "distance",
    "duration",
    "share",
    "other",
]
Form = Literal["numeral", "range", "vague", "fraction", "implicit", "zero"]
Bound = Literal["none", "at_least", "more_than", "up_to", "less_than"]
Approximation = Literal["none", "about", "nearly", "just_over"]


class Claim(Record, frozen=True, kw_only=True):
    """One figure as printed, and what it counts."""

    id: LocalId
    span: Span
    form: Form = "numeral"
    bound: Bound = "none"
    approximation: Approximation = "none"
    values: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=DECIMAL, max_length=40)]], msgspec.Meta(max_length=2)
    ] = []
    measure: Measure
    measure_span: Span | None = None
    unit: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] = "person"
    counted: Counted = Counted()
    scope: Scope = Scope()
    as_of: Edtf | None = None
    reading: Literal["event_total", "period_total", "stock", "change", "other"] = "event_total"
    stance: Literal["asserted", "estimated", "projected"] = "asserted"
    attribution_unclear: bool = False
    relations: list[Relation] = []


class Source(Record, frozen=True, kw_only=True):
    """One speaker in the document."""

    id: LocalId
    category: Literal[
        "individual", "group", "organisation", "document", "dataset_or_poll", "media_outlet", "social_media"
    ]
    naming: Literal["named", "role_only", "anonymous"] = "named"
    affiliation: Literal[
        "government",
        "military",
        "police",
        "armed_group",
        "intergovernmental",
        "ngo",
        "medical",
        "witness_or_victim",
        "academic",
        "think_tank",
        "party",
        "company",
        "media",
        "unknown",
    ] = "unknown"
    entity: str | None = None
    mentions: Annotated[list[Span], msgspec.Meta(min_length=1)]


class Assertion(Record, frozen=True):
    """What a statement says about a claim (`c1`), an event (`ev1`) or an argument (`ev1#g1`)."""

    target: Annotated[str, msgspec.Meta(pattern=f"^{_LOCAL}(#{_LOCAL})?{_END}")]
    polarity: Literal["affirms", "denies", "doubts"] = "affirms"


class Attribution(Record, frozen=True, kw_only=True):
    """One statement and who made it."""

    id: LocalId
    sources: list[LocalId] = []
    source_span: Span | None = None
    cue: list[Span] = []
    content: Annotated[list[Span], msgspec.Meta(min_length=1)]
    mode: Literal["direct", "indirect", "mixed"] = "indirect"
    act: Literal["statement", "responsibility_claim", "denial", "accusation", "threat", "declined_comment"] = (
        "statement"
    )
    parent: str | None = None
    parent_relation: Literal["embedded_in", "relayed_by"] | None = None
    asserts: list[Assertion] = []


class Annotation(Record, frozen=True):
    """How an annotation came about."""

    guidelines: str
    annotators: Annotated[list[Words], msgspec.Meta(min_length=1)]
    method: Literal["single", "double", "adjudicated"]
    date: str


class Prediction(Record, frozen=True):
    """The layers that a system predicts; a layer that is None was not attempted."""

    id: Id
    entities: list[Entity] | None = None
    events: list[Event] | None = None
    claims: list[Claim] | None = None
    sources: list[Source] | None = None
    attributions: list[Attribution] | None = None


_DATE = f"^[0-9]{{4}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?{_END}"
Genre = Literal[
    "flash",
    "update",
    "explainer",
    "analysis",
    "statement",
    "digest",
    "feature",
    "court",
    "report",
    "encyclopedia",
]


class Article(Record, frozen=True):
    """One annotated article; `text` and every span's text are None where only the stand-off is at hand."""

    id: Id
    part: Literal["invented", "reported"]
    split: Literal["train", "validation", "test"]
    story: Id
    genre: Genre
    title: str | None
    published: Annotated[str, msgspec.Meta(pattern=_DATE)] | None
    publisher: str | None
    byline: str | None
    dateline: str | None
    language: Annotated[str, msgspec.Meta(pattern=f"^[A-Za-z]{{2,3}}(-[A-Za-z0-9]{{2,8}})*{_END}")]
    url: str | None
    license: Words
    attribution: str | None
    origin: Origin
    text: str | None
    segments: Annotated[list[Segment], msgspec.Meta(min_length=1)]
    entities: list[Entity]
    events: list[Event]
    claims: list[Claim]
    sources: list[Source]
    attributions: list[Attribution]
    annotation: Annotation


# Where spans stand in each layer of a record in its JSON form: `[]` steps into a list.
SPAN_PATHS: dict[str, tuple[str, ...]] = {
    "entities": ("mentions[].span", "mentions[].head"),
    "events": ("triggers[]", "arguments[].mention", "time.span"),
    "claims": ("span", "measure_span", "counted.span"),
    "sources": ("mentions[]",),
    "attributions": ("source_span", "cue[]", "content[]"),
}


def iter_spans(record: Json) -> Iterator[tuple[str, Any, Any]]:
    """Every place of a record in JSON form where a span stands: `(JSON path, container, key)`.

    `container[key]` is the span (an object, or a bare quotation in a draft); places that hold null
    or are left out are passed over, as is anything whose shape is not the schema's.
    """
    for layer, patterns in SPAN_PATHS.items():
        items = record.get(layer)
        for index, item in enumerate(items if isinstance(items, list) else []):
            for pattern in patterns:
                yield from _walk(item, pattern.split("."), f"{layer}[{index}]")


def _walk(node: Any, steps: list[str], path: str) -> Iterator[tuple[str, Any, Any]]:
    if not isinstance(node, dict):
        return
    step, rest = steps[0], steps[1:]
    key = step.removesuffix("[]")
    value = node.get(key)
    if value is None:
        return
    path = f"{path}.{key}"
    places: list[tuple[str, Any, Any]]
    if step.endswith("[]"):
        places = [(f"{path}[{i}]", value, i) for i in range(len(value))] if isinstance(value, list) else []
    else:
        places = [(path, node, key)]
    for where, container, place in places:
        if rest:
            yield from _walk(container[place], rest, where)
        elif container[place] is not None:
            yield where, container, place


def article_from_json(record: Json) -> Article:
    """The typed article of a JSON record; `msgspec.ValidationError` says where the shape is wrong."""
    return msgspec.convert(record, Article)


def prediction_from_json(record: Json) -> Prediction:
    """The typed prediction of a JSON record whose spans are placed (`start`, `end`)."""
    return msgspec.convert(record, Prediction)


def to_json(record: Record) -> Json:
    """A record in JSON form, every key present, in the order of the schema."""
    built: Json = msgspec.to_builtins(record)
    return built


def canonical(record: Json) -> Json:
    """The record with every key of the schema present and in the schema's order."""
    return to_json(article_from_json(record))


def without_text(record: Json) -> Json:
    """A copy of an article in stand-off form: title, text and every span's text are null."""
    copy: Json = json.loads(json.dumps(record))
    copy["title"] = copy["text"] = None
    for _, container, key in iter_spans(copy):
        container[key]["text"] = None
    return copy


def with_text(record: Json, text: str, title: str | None = None, missing: list[tuple[int, int]] | None = None) -> Json:
    """A copy with text filled in; spans that touch a missing stretch `(start, end)` keep null as their mark."""
    copy: Json = json.loads(json.dumps(record))
    copy["text"], copy["title"] = text, title
    gaps = missing or []
    for _, container, key in iter_spans(copy):
        span = container[key]
        touched = any(span["start"] < end and start < span["end"] for start, end in gaps)
        span["text"] = None if touched else text[span["start"] : span["end"]]
    return copy


def dumps(record: Json) -> str:
    """Canonical formatting: two-space indent, but what fits one line of 110 columns stands on one."""
    return _format(record, 0) + "\n"


def _format(value: Any, indent: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or len(flat) + indent <= 110:
        return flat
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(k, ensure_ascii=False)}: {_format(v, indent + 2)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    return "[\n" + ",\n".join(inner + _format(v, indent + 2) for v in value) + "\n" + " " * indent + "]"
