"""Predictions as JSON lines: one row a document, `{"id", "prediction", ...}`, or the bare prediction.

A row with `error` in place of its prediction says that the extractor failed there.

Reads what systems write, quotations included, and places it in the article's text; writes rows back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from conflictwire import text as texts
from conflictwire.corpus import strict
from conflictwire.corpus.files import UnusableInput, json_line, write_text
from conflictwire.formats import tables
from conflictwire.model import LAYERS, Article, Json, Prediction, iter_spans, prediction_from_json
from conflictwire.reading import Page


@dataclass(frozen=True)
class Problem:
    """A line of a predictions file that could not be used (`fatal`) or is odd."""

    line: int | None
    message: str
    fatal: bool = True

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass
class Read:
    """What was read of a predictions file: predictions by id, how quotations were placed, what was wrong."""

    predictions: dict[str, Prediction] = field(default_factory=dict)
    placement: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def read(source: Any, articles: Iterable[Article]) -> Read:
    """The predictions in a file, a data frame, or any iterable of records.

    A row that cannot be used is a problem with its number; its document counts as empty.

    Args:
        source: JSON lines or Parquet (a path), a data frame, or an iterable of dicts or records.
        articles: the documents; their text places quotations.

    Raises:
        UnusableInput: the source cannot be read, or no row holds a usable prediction of any of the documents.
    """
    texts_by_id = {a.id: a.text for a in articles}
    result = Read()
    for number, found in tables.rows(source):
        if isinstance(found, strict.Unreadable):
            result.problems.append(Problem(number, found.message))
            continue
        if "error" in found and "prediction" not in found:
            result.problems.append(Problem(number, f"{found.get('id')}: the extractor failed, {found['error']}"))
            continue
        inner = found.get("prediction", found)
        if not isinstance(inner, dict):
            result.problems.append(Problem(number, "`prediction` is not an object"))
            continue
        layers = {
            "id": found.get("id"),
            **{k: v for k, v in inner.items() if inner is not found or k in ("id", *LAYERS)},
        }
        placed, how = place_prediction(layers, texts_by_id.get(str(layers["id"])))
        try:
            prediction = prediction_from_json(placed)
        except msgspec.ValidationError as error:
            result.problems.append(Problem(number, str(error)))
            continue
        if prediction.id in result.predictions:
            twice = f"a second prediction of {prediction.id!r}; the first counts"
            result.problems.append(Problem(number, twice, fatal=False))
            continue
        result.predictions[prediction.id] = prediction
        result.placement.update(how)
    name = source if isinstance(source, (str, Path)) else type(source).__name__
    if not result.predictions:
        first = f"; line {result.problems[0].line}: {result.problems[0].message}" if result.problems else ""
        raise UnusableInput(f"{name} holds no usable prediction{first}")
    if result.predictions.keys().isdisjoint(texts_by_id):
        other, wanted = min(result.predictions), min(texts_by_id, default="no document at all")
        raise UnusableInput(
            f"{name} predicts none of the {len(texts_by_id)} documents: its ids are like {other!r}, expected ones like "
            f"{wanted!r}; give the gold that was predicted, or the ids of the gold"
        )
    return result


def place_prediction(prediction: Json, text: str | None) -> tuple[Json, Counter[str]]:
    """A prediction with its quotations turned into offsets, and how each was placed.

    An occurrence number is obeyed; without one, the k-th use of a quotation in a layer takes its k-th
    occurrence (`assumed`). Words that nearly stand in just one sentence are placed there (`fuzzy`). What is
    not in the text is `absent`: it keeps a place beyond the text, where it overlaps nothing and counts
    against precision.
    """
    if not any(_is_quotation(container[key]) for _, container, key in iter_spans(prediction)):
        return prediction, Counter()
    placed: Json = msgspec.json.decode(msgspec.json.encode(prediction))
    how: Counter[str] = Counter()
    used: Counter[tuple[str, str]] = Counter()
    beyond = len(text) if text is not None else 10**9
    for path, container, key in iter_spans(placed):
        quote = container[key]
        if not _is_quotation(quote):
            continue  # offsets already, or a shape that the typed record refuses by name
        found = texts.place(text or "", quote)
        start, end, kind = found.start, found.end, str(found.how)
        words = quote if isinstance(quote, str) else quote["text"]
        if found.how == "ambiguous":
            layer = path.split("[", 1)[0]
            start, end = found.candidates[min(used[layer, words], len(found.candidates) - 1)]
            used[layer, words] += 1
            kind = "assumed"
        if found.how == "absent":
            near = _nearly(words, text or "")
            if near is not None:
                (start, end), kind = near, "fuzzy"
        if start is None or end is None:
            start, end = beyond, beyond + max(1, len(words))
            beyond, kind = end, "absent"
        how[kind] += 1
        container[key] = {
            "start": start,
            "end": end,
            "text": words if kind == "absent" else (text or "")[start:end],
        }
    return placed, how


NEARLY = 90  # of 100: how alike words must be to be placed where they do not quite stand
SHORTEST = 8  # code points; of shorter words nothing is nearly another


def _nearly(words: str, text: str) -> tuple[int, int] | None:
    """Where words nearly stand: inside one sentence, and in no other; whole words of the text.

    Likeness is normalised indel similarity of the best-matching stretch (`rapidfuzz.fuzz.partial_ratio`).
    """
    if len(words) < SHORTEST:
        return None
    from rapidfuzz import fuzz

    found = []
    for sentence in Page(text).sentences:
        if sentence.end - sentence.start < len(words) * NEARLY / 100:
            continue
        stretch = text[sentence.start : sentence.end]
        match = fuzz.partial_ratio_alignment(texts.fold(words), texts.fold(stretch), score_cutoff=NEARLY)
        if match is not None:
            inside = [
                t
                for t in sentence.tokens
                if t.start < sentence.start + match.dest_end and sentence.start + match.dest_start < t.end
            ]
            found.append((inside[0].start, inside[-1].end) if inside else (sentence.start, sentence.end))
    return found[0] if len(found) == 1 else None


def _is_quotation(value: Any) -> bool:
    return texts.is_quotation(value) and (
        isinstance(value, str) or ("start" not in value and isinstance(value.get("text"), str))
    )


def row(prediction: Prediction) -> Json:
    """A prediction as a row: layers that were not attempted are left out."""
    built: dict[str, Any] = msgspec.to_builtins(prediction)
    return {
        "id": built.pop("id"),
        "prediction": {k: v for k, v in built.items() if k in LAYERS and v is not None},
    }


def write(path: Path, predictions: Iterable[Prediction]) -> None:
    """Writes predictions as JSON lines, atomically."""
    write_text(path, "".join(json_line(row(p)) + "\n" for p in predictions))


def from_gold(articles: Iterable[Article]) -> Iterator[Prediction]:
    """The gold as if it were predicted: what a perfect system would hand in."""
    for a in articles:
        yield Prediction(a.id, a.entities, a.events, a.claims, a.sources, a.attributions)
