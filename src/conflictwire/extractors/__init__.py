"""Extractors: a document in, a prediction out. One module a family; `base` says what one is."""

from conflictwire.extractors import floors, quantulum, regex, rules  # noqa: F401 - importing a family registers it
from conflictwire.extractors.base import REGISTRY, Document, Extractor, available, document, extractor, make
from conflictwire.extractors.llm import model  # noqa: F401
from conflictwire.extractors.trained import crf, spacy  # noqa: F401

__all__ = ["REGISTRY", "Document", "Extractor", "available", "document", "extractor", "make"]
