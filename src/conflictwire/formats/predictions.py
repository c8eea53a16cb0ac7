"""Predictions as JSON lines: one row a document, `{"id", "prediction", ...}`, or the bare prediction.

Reads what systems write, quotations included, and places it in the article's text; writes rows back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from conflictwire import text as texts
from conflictwire.corpus.files import UnusableInput, json_line, write_text
from conflictwire.model import LAYERS, Article, Json, Prediction, iter_spans, prediction_from_json
from conflictwire.validation import Finding, validate_record
from conflictwire.validation.files import records


@dataclass
class Read:
    """What was read of a predictions file: predictions by id, how quotations were placed, what was wrong."""

    predictions: dict[str, Prediction] = field(default_factory=dict)
    placement: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


def read(path: Path, articles: Iterable[Article]) -> Read:
    """The predictions in a JSON lines file.

    A line that cannot be used is a finding with its line number and its document counts as empty.

    Args:
        path: the file.
        articles: the documents; their text places quotations.

    Raises:
        UnusableInput: the file cannot be read, or holds no usable prediction of any line.
    """
    by_id = {a.id: a for a in articles}
    result = Read()
    for number, row in records(path):
        if isinstance(row, Finding):
            result.findings.append(row.at(str(path), number))
            continue
        prediction = row.get("prediction", row)
        if not isinstance(prediction, dict):
            result.findings.append(
                Finding("schema", 2, "error", "prediction", "is not an object").at(str(path), number)
            )
            continue
        prediction = {"id": row.get("id"), **prediction} if prediction is not row else prediction
        id = prediction.get("id")
        if id in result.predictions:
            result.findings.append(
                Finding("duplicate-id", 3, "warning", "id", f"a second prediction of {id!r}; the first counts").at(
                    str(path), number
                )
            )
            continue
        errors = [f for f in validate_record(prediction) if f.severity == "error"]
        if errors:
            result.findings += [f.at(str(path), number) for f in errors]
            continue
        article = by_id.get(str(id))
        placed, how = place_prediction(prediction, article.text if article else None)
        result.placement.update(how)
        try:
            result.predictions[placed["id"]] = prediction_from_json(placed)
        except msgspec.ValidationError as error:
            result.findings.append(Finding("schema", 2, "error", "", str(error)).at(str(path), number))
    if not result.predictions:
        first = f"; first: {result.findings[0].message} (line {result.findings[0].line})" if result.findings else ""
        raise UnusableInput(f"{path} holds no usable prediction{first}")
    return result


def place_prediction(prediction: Json, text: str | None) -> tuple[Json, Counter[str]]:
    """A prediction with its quotations turned into offsets, and how each was placed.

    An occurrence number is obeyed; without one, the k-th use of a quotation in a layer takes its k-th
    occurrence (`assumed`). What is not in the text is `absent`: it keeps a place beyond the text, where
    it overlaps nothing and counts against precision.
    """
    placed: Json = msgspec.json.decode(msgspec.json.encode(prediction))
    how: Counter[str] = Counter()
    used: Counter[tuple[str, str]] = Counter()
    beyond = len(text) if text is not None else 10**9
    for path, container, key in iter_spans(placed):
        quote = container[key]
        if isinstance(quote, dict) and "start" in quote:
            continue
        found = texts.place(text or "", quote)
        start, end, kind = found.start, found.end, str(found.how)
        words = quote if isinstance(quote, str) else quote["text"]
        if found.how == "ambiguous":
            layer = path.split("[", 1)[0]
            start, end = found.candidates[min(used[layer, words], len(found.candidates) - 1)]
            used[layer, words] += 1
            kind = "assumed"
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
