"""seqeval 1.2.2 (Nakayama, 2018): micro-averaged precision, recall and F1 of the spans that tags spell.

Its two ways of reading: `default`, compatible with conlleval, and `strict`, which is `mode="strict",
scheme=IOB2`. Ill-defined ratios are 0, as there with `zero_division="warn"`.
"""

from collections.abc import Callable
from pathlib import Path

from conflictwire.scoring.presets.registry import Result, preset
from conflictwire.scoring.presets.tags import Tags, TagSpan, lenient_spans, read_both, strict_spans


def spans_score(name: str, gold: Tags, predicted: Tags, spans: Callable[[list[str]], list[TagSpan]]) -> Result:
    """Micro-averaged scores of the distinct spans of each sentence."""
    first = {(number, *span) for number, sentence in enumerate(gold) for span in spans(sentence)}
    second = {(number, *span) for number, sentence in enumerate(predicted) for span in spans(sentence)}
    both = len(first & second)
    precision = both / len(second) if second else 0.0
    recall = both / len(first) if first else 0.0
    return Result(name, precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0)


@preset("seqeval")
def seqeval(gold: Path, predictions: Path) -> list[Result]:
    """seqeval 1.2.2, micro average, default and strict IOB2, on IOB2 columns or JSON lists of tags."""
    first, second = read_both(gold, predictions)
    return [
        spans_score("default", first, second, lenient_spans),
        spans_score("strict", first, second, strict_spans),
    ]
