"""What a language model answered, read as a prediction; whatever is wrong is counted by kind and the rest kept.

Knows text and JSON; where quotations stand in the article is `formats.predictions`' to say.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec

from conflictwire.model import LAYERS, Attribution, Claim, Entity, Event, Json, Source

_ITEMS: dict[str, type] = {
    "entities": Entity,
    "events": Event,
    "claims": Claim,
    "sources": Source,
    "attributions": Attribution,
}
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)
_PLACEHOLDER = {"start": 0, "end": 1, "text": None}


@dataclass
class Answer:
    """A model's answer: the layers that could be read, and how often each kind of thing was wrong.

    Kinds: `empty` (nothing was answered), `not_json` (cut off, or prose), `not_an_object`, `layer` (one that
    is no list), `item` (an item of the wrong shape, left out), `enum` (a value that is not in its list, left out).
    """

    layers: Json | None
    failures: Counter[str] = field(default_factory=Counter)


def read(raw: str) -> Answer:
    """Reads an answer. What cannot be read at all has no layers; items of the wrong shape are left out and counted."""
    fenced = _FENCE.match(raw)
    words = fenced[1] if fenced else raw
    if not words.strip():
        return Answer(None, Counter(empty=1))
    try:
        value = json.loads(words)
    except (ValueError, RecursionError):
        return Answer(None, Counter(not_json=1))
    if not isinstance(value, dict):
        return Answer(None, Counter(not_an_object=1))
    failures: Counter[str] = Counter()
    layers: Json = {}
    for layer in LAYERS:
        items = value.get(layer)
        if items is None:
            continue
        if not isinstance(items, list):
            failures["layer"] += 1
            continue
        layers[layer] = [item for item in items if _sound(item, layer, failures)]
    return Answer(layers, failures)


def _sound(item: Any, layer: str, failures: Counter[str]) -> bool:
    """Whether an item has the shape of its layer, quotations standing for spans."""
    try:
        msgspec.convert(_with_spans(item), _ITEMS[layer])
    except msgspec.ValidationError as error:
        failures["enum" if "Invalid enum value" in str(error) else "item"] += 1
        return False
    return True


def _with_spans(value: Any) -> Any:
    """A copy in which quotations are spans somewhere, to check all else."""
    if isinstance(value, list):
        return [_with_spans(v) for v in value]
    if isinstance(value, dict):
        if "text" in value and value.keys() <= {"text", "n", "within"}:
            return _PLACEHOLDER if isinstance(value["text"], str) and value["text"] else value
        return {k: _with_spans(v) for k, v in value.items()}
    return value
