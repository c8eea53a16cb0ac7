"""Extractors that do as little as possible: what they score, nobody should be proud of."""

from conflictwire.extractors.base import Document, extractor
from conflictwire.extractors.rules import Rules
from conflictwire.model import Prediction


@extractor("null")
class Null:
    """Predicts nothing in every layer."""

    def extract(self, document: Document) -> Prediction:
        """Five empty layers."""
        return Prediction(document.id, [], [], [], [], [])


@extractor("narrator")
class Narrator:
    """The claims, entities and events of `rules`, all said by the narrator: nobody is ever quoted."""

    def __init__(self) -> None:
        self._rules = Rules()

    def extract(self, document: Document) -> Prediction:
        """The rules' prediction without sources and attributions."""
        found = self._rules.extract(document)
        return Prediction(document.id, found.entities, found.events, found.claims, [], [])
