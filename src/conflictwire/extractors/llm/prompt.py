"""What a language model is shown: the task, the schema it answers in, and worked articles of the train split.

Derived from the prediction schema, so that the two cannot part. Knows articles and schemas, no model.
"""

import json
from collections.abc import Sequence
from typing import Any

from conflictwire import schemas
from conflictwire.extractors.base import Document
from conflictwire.model import LAYERS, Article, Json, to_json

SHOTS = 2  # worked articles in the prompt
# Linking and identity across articles are not asked for, and heads are derived by a rule.
_LEFT_OUT = frozenset({"kb", "incident", "head", "aliases"})

QUOTE: Json = {
    "type": "object",
    "description": "Words exactly as printed; n says which occurrence, counted from 1, where they occur more than once.",
    "properties": {"text": {"type": "string"}, "n": {"type": "integer", "minimum": 1}},
    "required": ["text"],
    "additionalProperties": False,
}

TASK = """You annotate one news article about conflict, in five layers, as JSON in the schema you are given.
Annotate what the text says and nothing it does not say.

entities: everyone and everything named, and whoever else takes part in an event, is counted, or speaks; all mentions of one entity \
together (name, nominal, pronoun). Names bare, without title or article; nominals up to a relative clause. Victim groups whose \
number is revised are separate entities.
events: each happening of a listed type, its triggers the one word that best names it; "killed" only where its sentence names no other \
event. Denial by a speaker leaves an event positive. Arguments name the entity by its id.
claims: every cardinal figure with its contiguous modifiers ("at least 14", "nearly 200", "between 55 and 60"), vague words (several, \
dozens, hundreds), "no casualties" (zero), and the article of an indefinite victim ("a policeman was killed": span "a", implicit). Not \
dates, clock times, ordinals, ages, or numbers in names. values are decimal strings; vague and implicit have none. Lists are split.
sources: one for each speaker. attributions: one for each statement tied to a speaker by a cue, or by a cue alone ("reportedly"); \
content is what is said, quotation marks included; asserts lists every claim inside the content, and the event or the argument \
(ev1#g1) that its main clause affirms, denies or doubts.

Spans are quotations: the exact words of the article, with n where they occur more than once. Leave out what is at its default."""


def messages(document: Document, examples: Sequence[Article]) -> list[tuple[str, str]]:
    """The conversation that asks for one document: `(role, words)`, examples as turns that went before."""
    turns = [("system", TASK)]
    for article in examples:
        turns += [("user", shown(article)), ("assistant", json.dumps(answer(article), ensure_ascii=False))]
    return [*turns, ("user", shown(document))]


def shown(document: Document | Article) -> str:
    """A document as the model sees it."""
    return (
        f"Published: {document.published or 'unknown'}\nPublisher: {document.publisher or 'unknown'}\n\n{document.text}"
    )


def examples(train: Sequence[Article], shots: int = SHOTS) -> list[Article]:
    """The worked articles: of those with text the shortest, each of another story."""
    chosen: dict[str, Article] = {}
    for article in sorted((a for a in train if a.text), key=lambda a: (len(a.text or ""), a.id)):
        chosen.setdefault(article.story, article)
    return list(chosen.values())[:shots]


def answer(article: Article) -> Json:
    """The gold of an article as a model should answer: quotations for offsets, defaults left out."""
    record = to_json(article)
    text: str = record["text"]
    return {layer: _quoted(record[layer], text, _definition(layer)) for layer in LAYERS}


def _definition(layer: str) -> Json:
    schema = schemas.prediction_schema()
    return dict(schema["$defs"][schema["properties"][layer]["items"]["$ref"].rsplit("/", 1)[1]])


def _quoted(value: Any, text: str, schema: Json) -> Any:
    schema = _resolved(schema)
    if isinstance(value, list):
        return [_quoted(item, text, schema.get("items", schema)) for item in value]
    if not isinstance(value, dict):
        return value
    if "start" in value and "end" in value:
        return _quote(value, text)
    properties = schema.get("properties", {})
    kept = {}
    for key, item in value.items():
        own = _resolved(properties.get(key, {}))
        if key not in _LEFT_OUT and item is not None and item != properties.get(key, {}).get("default"):
            kept[key] = _quoted(item, text, own)
    return kept


def _quote(span: Json, text: str) -> Json:
    from conflictwire.text import occurrences

    found = [s for s, _ in occurrences(text, span["text"])]
    if len(found) < 2 or span["start"] not in found:
        return {"text": span["text"]}
    return {"text": span["text"], "n": found.index(span["start"]) + 1}


def _resolved(schema: Json) -> Json:
    """A schema with its reference, or the branch that is not null, in its place."""
    if "$ref" in schema:
        return _resolved(schemas.prediction_schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    branches = [b for b in schema.get("anyOf", []) if b != {"type": "null"}]
    return _resolved(branches[0]) if len(branches) == 1 else schema


def answer_schema() -> Json:
    """The schema of an answer: the prediction's, without references, spans as quotations."""
    return {
        "type": "object",
        "properties": {layer: {"type": "array", "items": _inlined(_definition(layer))} for layer in LAYERS},
        "required": list(LAYERS),
        "additionalProperties": False,
    }


def _inlined(schema: Json) -> Json:
    if schema.get("$ref", "").endswith("/span"):
        return QUOTE
    nullable = {"type": "null"} in schema.get("anyOf", [])
    resolved = _resolved(schema)
    if resolved.get("$ref", "").endswith("/span") or "start" in str(resolved.get("anyOf", "")):
        resolved = QUOTE
    if resolved is not QUOTE:
        resolved = {
            k: v
            for k, v in resolved.items()
            if k in ("type", "enum", "description", "properties", "items", "required", "minimum")
        }
        if "properties" in resolved:
            resolved["properties"] = {k: _inlined(v) for k, v in resolved["properties"].items() if k not in _LEFT_OUT}
            resolved["required"] = [k for k in resolved.get("required", []) if k not in _LEFT_OUT]
            resolved["additionalProperties"] = False
        if "items" in resolved:
            resolved["items"] = _inlined(resolved["items"])
        if isinstance(resolved.get("type"), list):
            kinds = [{"type": t} for t in resolved.pop("type")]
            return {**resolved, "anyOf": kinds}
        if "enum" in resolved and "type" not in resolved:
            resolved["type"] = "string"
    return {"anyOf": [resolved, {"type": "null"}]} if nullable else resolved
