"""ConflictWire as an `inspect_ai` task: `inspect eval conflictwire/conflictwire --model openai/gpt-5`.

Found by inspect through the entry point `inspect_ai`; the corpus is read offline from this package.
Documentation: https://inspect.aisi.org.uk/tasks.html.
"""

from typing import Any

from inspect_ai import Task, task
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState

from conflictwire import harness
from conflictwire.corpus import load
from conflictwire.extractors.base import document
from conflictwire.extractors.llm import model, prompt


@task
def conflictwire(split: str = "test", shots: int = prompt.SHOTS, texts: str | None = None) -> Task:
    """The benchmark on a split.

    Args:
        split: train, validation or test.
        shots: worked articles of the train split in the prompt.
        texts: your own copies of the reported texts; without them only embedded texts are asked for.
    """
    examples = prompt.examples(load.articles("train"), shots)
    dataset = model.dataset([document(a) for a in harness.readable(split, texts)], examples)
    for sample in dataset:
        sample.metadata = {"split": split, "texts": texts}
    return Task(dataset=dataset, solver=model.solver(), scorer=attributed_claims(), config=model.config())


@metric
def corpus_scores() -> Metric:
    """Our scores over all answers at once: F1 of a corpus is no mean over its documents."""

    def compute(scores: list[SampleScore]) -> Any:
        raw = {str(s.sample_id): str(s.score.answer or "") for s in scores}
        first = (scores[0].sample_metadata or {}) if scores else {}
        asked = harness.readable(first.get("split", "test"), first.get("texts"))
        return harness.headline(harness.scored([a for a in asked if a.id in raw], raw))

    return compute


@scorer(metrics=[corpus_scores()])
def attributed_claims() -> Scorer:
    """Each sample's own F1 of attributed claims; the metric makes the corpus' scores of all answers together."""

    async def grade(state: TaskState, target: Target) -> Score:
        id, raw = str(state.sample_id), state.output.completion
        asked = harness.readable(state.metadata["split"], state.metadata["texts"])
        found = harness.headline(harness.scored([a for a in asked if a.id == id], {id: raw}))
        return Score(value=found["claims.attributed"], answer=raw)

    return grade
