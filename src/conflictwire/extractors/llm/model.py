"""Runs a language model over documents through `inspect_ai`, and reads its answers into predictions.

Answers are cached by inspect (`INSPECT_CACHE_DIR`), so that a run that was killed asks again only for what was
not answered. Keys are read from the environment by inspect and are written nowhere.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from conflictwire.corpus import load
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document, Outcome, extractor
from conflictwire.extractors.llm import prompt, response
from conflictwire.formats import predictions
from conflictwire.model import Article, Json, Prediction, prediction_from_json

MODEL = "INSPECT_EVAL_MODEL"
RETRIES = 8  # of one request, with inspect's growing waits or those that the server asks for


@extractor("llm")
class Llm:
    """A language model, by inspect_ai: INSPECT_EVAL_MODEL names it, as in `openai/gpt-5` or `openai-api/mine/name`."""

    def __init__(
        self, model: str | None = None, shots: int = prompt.SHOTS, train: Sequence[Article] | None = None
    ) -> None:
        """Chooses the model and the worked articles.

        Args:
            model: inspect's name of the model; that of the environment if left out.
            shots: worked articles in the prompt.
            train: where they come from; the train split if left out.

        Raises:
            UnusableInput: no model is named, or inspect is not installed.
        """
        self.model = model or os.environ.get(MODEL, "")
        if not self.model:
            raise UnusableInput(f"name a language model in {MODEL}, as in openai/gpt-5 or openai-api/mine/my-model")
        self._examples = prompt.examples(load.articles("train") if train is None else train, shots)

    def extract(self, document: Document) -> Prediction:
        """The prediction of one document.

        Raises:
            UnusableInput: there is no usable answer.
        """
        (outcome,) = self.extract_all([document])
        if outcome.prediction is None:
            raise UnusableInput(f"{document.id}: {outcome.error}")
        return outcome.prediction

    def extract_all(self, documents: Sequence[Document]) -> Iterator[Outcome]:
        """What becomes of each document, in order; requests go out as fast as the server allows.

        Each outcome carries the raw answer, the tokens used, how quotations were placed, and what was wrong.
        """
        samples = self._ask(documents)
        for document in documents:
            yield outcome(document, samples.get(document.id))

    def _ask(self, documents: Sequence[Document]) -> dict[str, Any]:
        try:
            import inspect_ai
            from inspect_ai.log import read_eval_log
            from inspect_ai.model import get_model
        except ModuleNotFoundError as error:
            raise UnusableInput("llm needs inspect_ai: pip install 'conflictwire[llm]'") from error
        task = inspect_ai.Task(
            dataset=dataset(documents, self._examples), solver=solver(), config=config(), fail_on_error=False
        )
        with tempfile.TemporaryDirectory() as logs:
            # A model of this call's own: inspect remembers models with the address they had.
            try:
                model = get_model(self.model, memoize=False)
            except Exception as error:  # inspect's own kinds: an unknown provider, a key that is not set
                said = re.sub(r"\[/?[a-z ]+\]", "", str(error)).strip()
                raise UnusableInput(f"{self.model}: {' '.join(said.split())}") from error
            (log,) = inspect_ai.eval(task, model=model, log_dir=logs, display="none", log_level="error")
            if log.status == "error" and log.error is not None:
                raise UnusableInput(f"{self.model}: {log.error.message}")
            whole = read_eval_log(log.location)
        return {str(s.id): s for s in whole.samples or []}


def dataset(documents: Sequence[Document], examples: Sequence[Article]) -> Any:
    """The documents as inspect's samples, each a conversation that asks for one."""
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

    kinds = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}
    return MemoryDataset(
        [
            Sample(id=d.id, input=[kinds[role](content=words) for role, words in prompt.messages(d, examples)])
            for d in documents
        ],
        name="conflictwire",
    )


def config() -> Any:
    """How a model is asked: the schema of the answer, no chance, retries."""
    from inspect_ai.model import GenerateConfig, ResponseSchema
    from inspect_ai.util import JSONSchema

    schema = JSONSchema.model_validate(prompt.answer_schema())
    return GenerateConfig(
        response_schema=ResponseSchema(name="annotation", json_schema=schema), temperature=0, max_retries=RETRIES
    )


def solver() -> Any:
    """One answer a document, kept for ever: what was answered is not asked again."""
    from inspect_ai.model import CachePolicy
    from inspect_ai.solver import generate

    return generate(cache=CachePolicy(expiry=None))


def outcome(document: Document, sample: Any) -> Outcome:
    """What a sample's answer says of a document."""
    if sample is None or sample.error is not None:
        message = "no answer" if sample is None else sample.error.message
        return Outcome(document.id, None, f"the model failed: {message}", {"failures": {"no_answer": 1}})
    return read_answer(document, sample.output.completion, _usage(sample))


def read_answer(document: Document, raw: str, usage: Json | None = None) -> Outcome:
    """A raw answer read, its quotations placed in the document; the raw answer stays beside the prediction."""
    answer = response.read(raw)
    beside: Json = {"raw": raw, "usage": usage or {}, "failures": dict(sorted(answer.failures.items()))}
    if answer.layers is None:
        (kind,) = answer.failures
        return Outcome(document.id, None, f"unusable answer: {kind}", beside)
    placed, how = predictions.place_prediction({"id": document.id, **answer.layers}, document.text)
    beside["placement"] = dict(sorted(how.items()))
    return Outcome(document.id, prediction_from_json(placed), None, beside)


def _usage(sample: Any) -> Json:
    usage = sample.output.usage
    if usage is None:
        return {}
    found = {"input": usage.input_tokens, "output": usage.output_tokens, "cost": usage.total_cost}
    return {key: value for key, value in found.items() if value is not None}
