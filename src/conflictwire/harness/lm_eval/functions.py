"""What the YAML of the `lm-eval` task calls: the documents, the prompt, and scores over all answers at once.

Documentation: https://github.com/EleutherAI/lm-evaluation-harness/blob/main/docs/task_guide.md.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from conflictwire import harness
from conflictwire.corpus import load
from conflictwire.extractors.base import Document, document
from conflictwire.extractors.llm import prompt
from conflictwire.model import Article, to_json

Answer = tuple[str, str]  # article id, raw answer


def dataset(**_: Any) -> Any:
    """The embedded articles of every split, offline."""
    from datasets import Dataset

    return {split: Dataset.from_list([to_json(document(a)) for a in harness.readable(split)]) for split in load.SPLITS}


@cache
def _examples() -> tuple[Article, ...]:
    return tuple(prompt.examples(load.articles("train")))


def ask(doc: dict[str, Any]) -> str:
    """The whole conversation as one prompt."""
    turns = prompt.messages(Document(**doc), _examples())
    return "\n\n".join(words if role == "system" else f"{role}: {words}" for role, words in turns) + "\n\nassistant:"


def process(doc: dict[str, Any], results: list[str]) -> dict[str, Answer]:
    """Each metric gets the raw answer; what it makes of all of them is `aggregation`'s."""
    return dict.fromkeys(harness.HEADLINE, (doc["id"], results[0]))


def _aggregation(metric: str) -> Callable[[list[Answer]], float]:
    def aggregate(answers: list[Answer]) -> float:
        raw = dict(answers)
        articles = [a for a in harness.readable("all") if a.id in raw]
        return harness.headline(harness.scored(articles, raw))[metric]

    return aggregate


attributed = _aggregation("claims.attributed")
level_0 = _aggregation("claims.level(0)")
level_1 = _aggregation("claims.level(1)")
level_2 = _aggregation("claims.level(2)")
mentions = _aggregation("mentions.strict")
coreference = _aggregation("coref.lea")
triggers = _aggregation("events.triggers")
speakers = _aggregation("attributions.speaker")
