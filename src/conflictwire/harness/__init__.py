"""The benchmark inside other people's harnesses: an `inspect_ai` task and an `lm-eval` task, with our own numbers.

Both show a model what the `llm` extractor shows it, and hand its raw answers to the same reader and the
same scorer; a harness only asks.
"""

from collections.abc import Iterable
from pathlib import Path

from conflictwire.corpus import load
from conflictwire.extractors.base import Document, document
from conflictwire.extractors.llm.model import read_answer
from conflictwire.model import Article, Prediction
from conflictwire.scoring import Scores, score

HEADLINE = (
    "claims.attributed",
    "claims.level(0)",
    "claims.level(1)",
    "claims.level(2)",
    "mentions.strict",
    "coref.lea",
    "events.triggers",
    "attributions.speaker",
)


def readable(split: str, texts: str | Path | None = None) -> list[Article]:
    """The articles of a split whose text is at hand."""
    return [a for a in load.articles(split, texts=texts) if a.text is not None]


def scored(articles: Iterable[Article], answers: dict[str, str]) -> Scores:
    """The scores of raw answers, by article id; an article without a usable answer counts as empty."""
    chosen = list(articles)
    found: list[Prediction] = []
    for article in chosen:
        shown: Document = document(article)
        outcome = read_answer(shown, answers.get(article.id, ""))
        if outcome.prediction is not None:
            found.append(outcome.prediction)
    return score(chosen, found, HEADLINE)


def headline(scores: Scores) -> dict[str, float]:
    """F1 by metric; what was not attempted, or has nothing to score, is 0 here, because harnesses want numbers."""
    return {s.metric: s.f1 or 0.0 for s in scores.scores}
