"""The rules extractor: all five layers from lexicons, patterns and a casualty grammar.

Each layer is read off the page by its own module; here they meet: counted phrases and speakers become
entities, figures become claims of events, and a content asserts the claims that lie inside it. Knows
no lexicon and no pattern of its own.
"""

from conflictwire import casualties
from conflictwire.extractors.base import Document, extractor
from conflictwire.extractors.rules import entities, events, lexicon
from conflictwire.extractors.rules.article import Draft
from conflictwire.extractors.rules.attributions import StatementFinder
from conflictwire.extractors.rules.times import Calendar
from conflictwire.model import Prediction
from conflictwire.reading import Page


@extractor("rules")
class Rules:
    """All five layers from lexicons, patterns and a casualty grammar."""

    def __init__(self) -> None:
        self._lexicon = lexicon.load()

    def extract(self, document: Document) -> Prediction:
        """The five layers of one document."""
        words, page = self._lexicon, Page(document.text)
        names = entities.find_names(page, words)
        calendar = Calendar(page, document.published)
        figures = casualties.find(page, words.heads)
        statements = StatementFinder(page, names, words).find()
        said = [content for statement in statements for content in statement.contents]
        draft = Draft(
            page=page,
            lexicon=words,
            names=names,
            figures=figures,
            happenings=events.find_events(page, names, words, figures, said, calendar),
            statements=statements,
            calendar=calendar,
        )
        return draft.prediction(document.id)
