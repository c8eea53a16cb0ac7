"""Mends what has one right answer in a stored article: `conflictwire validate --fix`.

Formatting, keys that are missing at their default, offsets that a unique quotation settles, segment
hashes of an invented article's own text, heads by the written rule. Text, ids and values stay as
they are, what is ambiguous stays a finding, and mending twice changes nothing more.
"""

import json
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from conflictwire import model
from conflictwire import text as texts
from conflictwire.corpus import files, strict
from conflictwire.model import Json
from conflictwire.validation import shape

Hydrate = Callable[[Json], Json]

# The rules of which some findings are mended; formatting and missing heads have no rule of their own.
FIXABLE = frozenset({"schema", "bad-offsets", "segments-mismatch"})


@dataclass(frozen=True)
class Repair:
    """One thing that was mended: the JSON path, and what was done there."""

    path: str
    done: str

    def __str__(self) -> str:
        return f"{self.path}: {self.done}" if self.path else self.done


def fix_file(path: Path, hydrate: Hydrate | None = None) -> list[Repair]:
    """Mends a `.json` file in place, atomically; returns what was done, nothing where nothing was.

    Anything that is neither an article nor a valid prediction is left alone, as are JSON lines: they
    are written by programs, which are the place to mend them.

    Args:
        path: any path; what cannot be read is left to validation to complain about.
        hydrate: fills the text of a reported article in, so that heads can be derived; the text does
            not get into the file.

    Raises:
        OSError: the file cannot be written.
    """
    if path.suffix == ".jsonl" or not path.is_file():
        return []
    source = strict.read_bytes(path)
    record = source if isinstance(source, strict.Unreadable) else strict.parse(source)
    if isinstance(record, strict.Unreadable) or not _is_ours(record):
        return []
    fixed, repairs = fix_record(record, hydrate)
    written = model.dumps(fixed).encode("utf-8")
    if written == source:
        return []
    if model.dumps(record).encode("utf-8") != source or not repairs:
        repairs.append(Repair("", "formatted canonically"))
    files.write_bytes(path.resolve(), written)  # resolved: a link stays a link
    return repairs


def _is_ours(record: Json) -> bool:
    """Whether a record is an article, however faulty, or a valid prediction: other JSON is not ours to format."""
    if shape.kind_of(record) == "article":
        return {"id", "part", "story"} <= record.keys()
    return not any(True for _ in shape.check(record))


def fix_record(record: Json, hydrate: Hydrate | None = None) -> tuple[Json, list[Repair]]:
    """A mended copy of a record in JSON form, and what was done; a prediction comes back as it is."""
    copy: Json = json.loads(json.dumps(record))
    if shape.kind_of(copy) != "article":
        return copy, []
    repairs: list[Repair] = []
    text = copy.get("text")
    if isinstance(text, str):
        for path, container, key in model.iter_spans(copy):
            if done := _settle(text, container, key):
                repairs.append(Repair(path, done))
        hashes = texts.segment_hashes(text)
        if copy.get("part") == "invented" and copy.get("segments") != hashes:
            copy["segments"] = hashes
            repairs.append(Repair("segments", "hashes and lengths taken from the text"))
    copy = _complete(copy, model.Article, "", repairs)
    repairs += _derive_heads(copy, text if isinstance(text, str) else _hydrated_text(copy, hydrate))
    return copy, repairs


# Offsets


def _settle(text: str, container: Any, key: Any) -> str | None:
    """Gives a span its offsets where its words leave one place for them; says what was done."""
    span = container[key]
    if _stands(text, span):
        return None
    quote = {"text": span} if isinstance(span, str) else span
    if not isinstance(quote, dict) or not isinstance(quote.get("text"), str) or not quote["text"].strip():
        return None
    start = _there(text, quote)
    if start is None:
        start = _unique(text, quote, *_around(text, container, key))
    if start is None:
        return None
    # Both ways of finding it compare folded text, which keeps every length.
    length = len(quote["text"].strip())
    new = {"start": start, "end": start + length, "text": text[start : start + length]}
    container[key] = new
    return f"{new['text']!r} stands at [{new['start']}, {new['end']})"


def _stands(text: str, span: Any) -> bool:
    """Whether a span's offsets and words agree with the text, or it has no words that could disagree."""
    if not isinstance(span, dict) or not _offsets(text, span):
        return False
    there = text[span["start"] : span["end"]]
    return span.get("text") is None or (there == span["text"] and there == there.strip())


def _offsets(text: str, span: Json) -> bool:
    start, end = span.get("start"), span.get("end")
    return type(start) is int and type(end) is int and 0 <= start < end <= len(text)


def _there(text: str, quote: Json) -> int | None:
    """Where the words begin if the offsets are right but for white space or the kind of quotation mark."""
    if not _offsets(text, quote):
        return None
    there = text[quote["start"] : quote["end"]]
    if texts.fold(there).strip() != texts.fold(quote["text"]).strip():
        return None
    return int(quote["start"]) + len(there) - len(there.lstrip())


def _unique(text: str, quote: Json, low: int, high: int) -> int | None:
    """Where the words begin, if they stand once between two offsets (or `n` and `within` say which)."""
    words = quote["text"].strip()
    n, within = quote.get("n"), quote.get("within")
    if "start" not in quote and (n is not None or within is not None):
        if not (n is None or (type(n) is int and n > 0)) or not (within is None or isinstance(within, str)):
            return None
        placed = texts.place(text, {"text": words, "n": n, "within": within})
        return placed.start
    found = texts.occurrences(text, words) or texts.occurrences(texts.fold(text), texts.fold(words))
    inside = [start for start, end in found if low <= start and end <= high]
    return inside[0] if len(inside) == 1 else None


def _around(text: str, container: Any, key: Any) -> tuple[int, int]:
    """Between which offsets a span must lie: a head inside its mention, anything else in the text."""
    if key != "head":
        return 0, len(text)
    mention = container.get("span")
    return (mention["start"], mention["end"]) if _stands(text, mention) else (0, 0)


# Keys


def _complete(value: Any, kind: Any, path: str, repairs: list[Repair]) -> Any:
    """The value with every key of its type present, in the schema's order; unknown keys keep their place at the end.

    A key is written where the model has a default for it, or where it may be null and null means
    unknown (an article's metadata). A layer that is missing is not empty: it stays a finding.
    """
    arm = _arm(kind, value)
    if arm is None:
        return value
    if isinstance(value, list):
        (item,) = get_args(arm)
        return [_complete(v, item, f"{path}[{i}]", repairs) for i, v in enumerate(value)]
    result: Json = {}
    written = []
    for field in _fields(arm):
        if field.name in value:
            inner = f"{path}.{field.name}" if path else field.name
            result[field.name] = _complete(value[field.name], field.type, inner, repairs)
        elif not field.required or type(None) in get_args(field.type):
            result[field.name] = _default(field)
            written.append(field.name)
    if written:
        repairs.append(Repair(path, f"wrote {', '.join(written)} at the default"))
    return {**result, **{k: v for k, v in value.items() if k not in result}}


_fields = lru_cache(msgspec.structs.fields)


def _arm(kind: Any, value: Any) -> Any:
    """The struct or list type among the alternatives of a type that fits a value; None for anything simple."""
    for arm in get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,):
        if get_origin(arm) is Annotated:
            arm = get_args(arm)[0]
        if isinstance(value, list) and get_origin(arm) is list:
            return arm
        if isinstance(value, dict) and isinstance(arm, type) and issubclass(arm, msgspec.Struct):
            return arm
    return None


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.to_builtins(field.default_factory())
    return None if field.default is msgspec.NODEFAULT else msgspec.to_builtins(field.default)


# Heads


def _derive_heads(record: Json, text: str | None) -> Iterator[Repair]:
    """Writes the heads that are null, by the rule of the guidelines; stand-off articles get offsets alone."""
    if text is None:
        return
    stand_off = record.get("text") is None
    entities = record.get("entities")
    for i, entity in enumerate(entities if isinstance(entities, list) else []):
        mentions = entity.get("mentions") if isinstance(entity, dict) else None
        for j, mention in enumerate(mentions if isinstance(mentions, list) else []):
            if not isinstance(mention, dict) or mention.get("head") is not None:
                continue
            span = mention.get("span")
            if not isinstance(span, dict) or not _stands(text, span):
                continue
            start, end = texts.derive_head(text, span["start"], span["end"], str(mention["kind"]))
            mention["head"] = {"start": start, "end": end, "text": None if stand_off else text[start:end]}
            yield Repair(f"entities[{i}].mentions[{j}].head", f"derived, [{start}, {end})")


def _hydrated_text(record: Json, hydrate: Hydrate | None) -> str | None:
    """The text of a stand-off article, if it can be had whole."""
    if hydrate is None or record.get("part") != "reported" or any(True for _ in shape.check(record)):
        return None
    whole = hydrate(record)
    spans = list(model.iter_spans(whole))
    complete = all(container[key]["text"] is not None for _, container, key in spans)
    text = whole.get("text")
    return text if isinstance(text, str) and complete else None
