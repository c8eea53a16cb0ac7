"""The contract files: the article schema, the prediction schema derived from it, and the ontology.

`article.schema.json` is the source; the prediction schema is the same layers, gentler at the edges.
"""

import copy
import json
from functools import cache
from typing import Any

from conflictwire.model import LAYERS, SCHEMA_VERSION, Json
from conflictwire.paths import schema_dir

_END = "(?![\\s\\S])"

QUOTE: Json = {
    "description": "A span by quotation: bare words, words with an occurrence number or a longer quotation "
    "around them, or offsets.",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {
                "text": {"type": "string", "minLength": 1, "description": "The words, exactly as printed."},
                "n": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "Which occurrence, counted at word boundaries (inside `within`, if given).",
                },
                "within": {
                    "type": "string",
                    "minLength": 1,
                    "description": "A longer quotation that occurs once and holds the words.",
                },
            },
            "required": ["text"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {
                "start": {"type": "integer", "minimum": 0, "description": "Offset of the first code point."},
                "end": {"type": "integer", "minimum": 1, "description": "Offset after the last code point."},
                "text": {"type": ["string", "null"], "description": "The text between the two, if given."},
            },
            "required": ["start", "end"],
            "additionalProperties": False,
        },
    ],
    "examples": ["Terek", {"text": "the group", "n": 3}, {"text": "he", "within": "after he was arrested"}],
}


@cache
def article_schema() -> Json:
    """The parsed `article.schema.json`; treat it as read-only."""
    return _read("article.schema.json")


@cache
def prediction_schema() -> Json:
    """The parsed `prediction.schema.json`; treat it as read-only."""
    return _read("prediction.schema.json")


@cache
def ontology() -> Json:
    """The parsed `ontology.json`; treat it as read-only."""
    return _read("ontology.json")


@cache
def permitted_roles() -> dict[str, dict[str, frozenset[str]]]:
    """For each event type its permitted roles, and for each role the entity types that may fill it."""
    return {
        event["type"]: {role["name"]: frozenset(role["fillers"]) for role in event["roles"]}
        for event in ontology()["event_types"]
    }


def _read(name: str) -> Json:
    loaded: Json = json.loads((schema_dir() / name).read_text(encoding="utf-8"))
    return loaded


def derive_prediction_schema(article: Json) -> Json:
    """The prediction schema of an article schema.

    Only id and layers remain, no layer is required (an absent one was not attempted), whatever has a
    default may be left out, spans may be quotations, lists may be empty and ids are free strings.
    """
    defs = copy.deepcopy({k: v for k, v in article["$defs"].items() if k not in ("origin", "segment", "annotation")})
    defs["span"] = copy.deepcopy(QUOTE)
    defs["id"] = {
        "description": "A free identifier.",
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
        "examples": ["ev1"],
    }
    defs["local_id"] = dict(defs["id"], examples=["e1"])
    for name in ("relation", "assertion"):
        defs[name]["properties"]["target"].pop("pattern")
    for definition in defs.values():
        _loosen(definition)
    properties = copy.deepcopy({key: article["properties"][key] for key in ("id", *LAYERS)})
    return {
        "$schema": article["$schema"],
        "$id": article["$id"].rsplit(":", 1)[0] + ":prediction",
        "title": "ConflictWire prediction",
        "version": SCHEMA_VERSION,
        "description": "What a system predicts of one article, and the form in which annotators write drafts.",
        "type": "object",
        "properties": properties,
        "required": ["id"],
        "additionalProperties": False,
        "$defs": defs,
    }


def _loosen(definition: Json) -> None:
    properties: dict[str, Any] = definition.get("properties", {})
    if "required" in definition and "start" not in properties:
        definition["required"] = [
            key for key in definition["required"] if "default" not in properties[key] and not _nullable(properties[key])
        ]
    for value in properties.values():
        value.pop("minItems", None)


def _nullable(schema: Json) -> bool:
    kind = schema.get("type")
    return (isinstance(kind, list) and "null" in kind) or {"type": "null"} in schema.get("anyOf", [])
