"""nervaluate 1.2.1 (Batista and Upson, 2020): the four SemEval-2013 schemas over all labels, order and copies included.

Predicted spans are taken in the order of the file and each takes a gold span that is still free: a pass
for each schema, without a way back. What that does is in `benchmarks/CONFORMANCE.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conflictwire.corpus.files import UnusableInput
from conflictwire.scoring.presets.registry import Result, preset
from conflictwire.scoring.presets.tags import TagSpan, is_json, lenient_spans, read_both, read_json

MIN_OVERLAP_PERCENTAGE = 1.0  # nervaluate's default: a share of the gold span

Documents = list[list[TagSpan]]


@dataclass(frozen=True)
class Tally:
    """What became of the spans of one schema, as nervaluate counts them."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.correct + other.correct,
            self.incorrect + other.incorrect,
            self.partial + other.partial,
            self.missed + other.missed,
            self.spurious + other.spurious,
        )

    def result(self, name: str) -> Result:
        """Precision, recall and F1; a partial match is half a correct one, and 0/0 is 0."""
        matched = self.correct + self.incorrect + self.partial
        credit = self.correct + 0.5 * self.partial
        precision = credit / (matched + self.spurious) if matched + self.spurious else 0.0
        recall = credit / (matched + self.missed) if matched + self.missed else 0.0
        f1 = 2 * (precision * recall) / (precision + recall) if precision + recall else 0.0
        return Result(name, precision, recall, f1)


def _overlaps(predicted: TagSpan, gold: TagSpan) -> bool:
    shared = min(predicted[2], gold[2]) - max(predicted[1], gold[1]) + 1
    return shared > 0 and shared / (gold[2] - gold[1] + 1) * 100.0 >= MIN_OVERLAP_PERCENTAGE


def _distance(predicted: TagSpan, gold: TagSpan) -> int:
    return abs(predicted[1] - gold[1]) + abs(predicted[2] - gold[2])


def _take(
    gold: list[TagSpan], predicted: list[TagSpan], right: Callable[[TagSpan, TagSpan], bool], nearest: bool, half: bool
) -> Tally:
    """One pass: each prediction takes the free gold span that is right for it, else the first that overlaps.

    Args:
        gold: spans in file order.
        predicted: the same.
        right: whether a gold span makes a prediction correct.
        nearest: of several right ones take that with the nearest boundaries, else the first.
        half: whether an overlap that is not right counts as partial, else as incorrect.
    """
    free = list(range(len(gold)))
    correct = wrong = spurious = 0
    for p in predicted:
        fitting = [i for i in free if right(p, gold[i])]
        if fitting:
            free.remove(min(fitting, key=lambda i: _distance(p, gold[i])) if nearest else fitting[0])
            correct += 1
            continue
        overlapping = next((i for i in free if _overlaps(p, gold[i])), None)
        if overlapping is None:
            spurious += 1
        else:
            free.remove(overlapping)
            wrong += 1
    return Tally(correct, 0 if half else wrong, wrong if half else 0, len(free), spurious)


def _same(p: TagSpan, g: TagSpan) -> bool:
    return p == g


def _same_span(p: TagSpan, g: TagSpan) -> bool:
    return p[1:] == g[1:]


def _same_label(p: TagSpan, g: TagSpan) -> bool:
    return p[0] == g[0] and _overlaps(p, g)


SCHEMAS: dict[str, Callable[[list[TagSpan], list[TagSpan]], Tally]] = {
    "strict": lambda gold, predicted: _take(gold, predicted, _same, nearest=False, half=False),
    "exact": lambda gold, predicted: _take(gold, predicted, _same_span, nearest=False, half=False),
    "partial": lambda gold, predicted: _take(gold, predicted, _same_span, nearest=False, half=True),
    "ent_type": lambda gold, predicted: _take(gold, predicted, _same_label, nearest=True, half=False),
}


def tally(gold: Documents, predicted: Documents) -> dict[str, Tally]:
    """The sums over documents, of each schema."""
    pairs = list(zip(gold, predicted, strict=True))
    return {name: sum((schema(g, p) for g, p in pairs), Tally()) for name, schema in SCHEMAS.items()}


def read(gold: Path, predictions: Path) -> tuple[Documents, Documents]:
    """The spans of two files: IOB2 columns, or JSON with a list of `{label, start, end}` or of tags a document.

    Ends in JSON are inclusive: nervaluate takes half-open spans that touch for overlapping ones.

    Raises:
        UnusableInput: malformed, empty, or not the same number of documents in both.
    """
    if not (is_json(gold) and is_json(predictions) and _holds_objects(gold, predictions)):
        tags = read_both(gold, predictions)
        return [lenient_spans(s) for s in tags[0]], [lenient_spans(s) for s in tags[1]]
    first, second = _objects(gold), _objects(predictions)
    if not first:
        raise UnusableInput(f"{gold}: holds no document")
    if len(first) != len(second):
        raise UnusableInput(f"{predictions}: {len(second)} documents, expected {len(first)} as in {gold}")
    return first, second


def _holds_objects(*paths: Path) -> bool:
    return not any(isinstance(item, str) for path in paths for document in read_json(path) for item in document)


def _objects(path: Path) -> Documents:
    return [
        [_span(item, f"{path}: document {number}, span {place}") for place, item in enumerate(document, 1)]
        for number, document in enumerate(read_json(path), 1)
    ]


def _span(item: object, where: str) -> TagSpan:
    if not isinstance(item, dict) or not {"label", "start", "end"} <= item.keys():
        raise UnusableInput(f"{where}: {item!r}: expected an object with label, start and end")
    label, start, end = item["label"], item["start"], item["end"]
    if not isinstance(label, str):
        raise UnusableInput(f"{where}: label {label!r}: expected a string")
    for name, value in (("start", start), ("end", end)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise UnusableInput(f"{where}: {name} {value!r}: expected a whole number")
    if start > end:
        raise UnusableInput(f"{where}: start {start} lies after end {end}; the end is that of the last token")
    return label, start, end


@preset("nervaluate")
def nervaluate(gold: Path, predictions: Path) -> list[Result]:
    """nervaluate 1.2.1, strict, exact, partial and ent_type over all labels, on IOB2 columns or JSON spans."""
    return [counted.result(name) for name, counted in tally(*read(gold, predictions)).items()]
