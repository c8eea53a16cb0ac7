"""Extractors that do as little as possible: what they score, nobody should be proud of.

Each cheats in one way that a sound metric must not reward: silence, a figure that is always nought, nobody
ever quoted, everything said twice.
"""

from typing import Any

from msgspec.structs import replace

from conflictwire.extractors.base import Document, extractor
from conflictwire.extractors.rules import Rules
from conflictwire.model import Prediction, prediction_from_json, to_json


@extractor("null")
class Null:
    """Predicts nothing in every layer."""

    def extract(self, document: Document) -> Prediction:
        """Five empty layers."""
        return Prediction(document.id, [], [], [], [], [])


class _OverRules:
    """A floor that is made of what `rules` finds."""

    def __init__(self) -> None:
        self._rules = Rules()


@extractor("zero")
class Zero(_OverRules):
    """What `rules` finds, every figure 0: each toll is answered, and answered with nought."""

    def extract(self, document: Document) -> Prediction:
        """The rules' prediction with all figures replaced."""
        found = self._rules.extract(document)
        claims = [replace(c, form="zero", bound="none", approximation="none", values=["0"]) for c in found.claims or []]
        return replace(found, claims=claims)


@extractor("narrator")
class Narrator(_OverRules):
    """The claims, entities and events of `rules`, all said by the narrator: nobody is ever quoted."""

    def extract(self, document: Document) -> Prediction:
        """The rules' prediction without sources and attributions."""
        return replace(self._rules.extract(document), sources=[], attributions=[])


@extractor("rules-twice")
class RulesTwice(_OverRules):
    """What `rules` finds, said twice: copies under other ids, which must never help."""

    def extract(self, document: Document) -> Prediction:
        """The rules' prediction followed by its copy."""
        once = to_json(self._rules.extract(document))
        layers = {k: v + _renamed(v) for k, v in once.items() if k != "id"}
        return prediction_from_json({"id": document.id, **layers})


_REFERENCES = frozenset(("id", "entity", "event", "parent", "target", "part_of", "places", "sources"))


def _renamed(node: Any, key: str = "") -> Any:
    """A copy in which every id, and what refers to one, ends in `-2`; arguments keep theirs inside their event."""
    if isinstance(node, dict):
        return {k: _renamed(v, k) for k, v in node.items()}
    if isinstance(node, list):
        return [{**_renamed(v), "id": v["id"]} if key == "arguments" else _renamed(v, key) for v in node]
    if isinstance(node, str) and key in _REFERENCES:
        owner, mark, own = node.partition("#")
        return f"{owner}-2{mark}{own}"
    return node
