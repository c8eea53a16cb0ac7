"""ConflictWire: who was killed, how many, and who says so. An annotated corpus of conflict news and its benchmark.

    import conflictwire as cw
    cw.load("claims", split="test")            # a table of the built dataset, offline
    cw.articles(split="test", texts="mine/")   # typed records, hydrated where texts are found
    cw.validate("dataset")                     # findings
    cw.extract("rules", "At least 14 people were killed, police said.")
    cw.score(gold, predictions)                # scores with intervals and signatures

Heavy packages load when a function needs them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conflictwire.model import Article, Prediction
    from conflictwire.scoring import Metric, Scores
    from conflictwire.validation import Finding

__all__ = ["articles", "extract", "load", "score", "validate"]


def load(config: str = "articles", split: str = "train", as_: str = "pandas") -> Any:
    """One split (or `all`) of a config of the built dataset, as `pandas`, `polars`, `arrow` or `records`.

    Raises:
        UnusableInput: no such config, split or form.
    """
    from conflictwire.corpus import load as corpus

    return corpus.load(config, split, as_)  # type: ignore[arg-type]


def articles(
    split: str | None = None,
    part: str | None = None,
    texts: "str | Path | Iterable[str | Path] | None" = None,
) -> "list[Article]":
    """The corpus as typed records; reported articles have text where `texts` (files or folders) holds it.

    Raises:
        UnusableInput: no such split or part.
    """
    from conflictwire.corpus import load as corpus

    return corpus.articles(split, part, texts)


def validate(path_or_record: "str | Path | dict[str, Any]", level: int = 4) -> "list[Finding]":
    """The findings of a file, a folder, or a record in JSON form."""
    from conflictwire.validation import validate_paths, validate_record

    if isinstance(path_or_record, dict):
        return validate_record(path_or_record, level)
    return [f for _, found in validate_paths([Path(path_or_record)], level) for f in found]


def extract(extractor: str, article: "str | Article") -> "Prediction":
    """What an extractor reads in an article, or in plain text.

    Raises:
        UnusableInput: no such extractor, or an article without text.
    """
    from conflictwire import extractors, text

    if isinstance(article, str):
        shown = extractors.Document("text", text.canonical_text(article.split("\n")))
    else:
        shown = extractors.document(article)
    return extractors.make(extractor).extract(shown)


def score(gold: Any, predictions: Any, metrics: "Sequence[str | Metric] | None" = None) -> "Scores":
    """Scores predictions against gold articles, matched by id; `.problems` names lines that could not be read.

    Args:
        gold: a split's name, a path (article file, folder, `.jsonl`, `.parquet`), a data frame, or records.
        predictions: a path (`.jsonl`, `.parquet`), a data frame, or records; spans may be quotations.
        metrics: metrics or their text forms; the default suite if left out.

    Raises:
        MetricError: no such metric.
        UnusableInput: gold that is no article, or no usable prediction at all.
    """
    from conflictwire import scoring
    from conflictwire.corpus import inputs
    from conflictwire.formats import predictions as format

    documents = list(inputs.articles(gold))
    read = format.read(predictions, documents)
    return scoring.score(documents, read.predictions.values(), metrics or scoring.DEFAULT, problems=read.problems)
