"""Drafts: annotation written by quotation, turned into the canonical record of an article.

Knows the draft form and the placing of quotations; what is wrong with the content is validation's.
"""

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from conflictwire import text as texts
from conflictwire.model import LAYERS, Json, article_from_json, iter_spans, to_json


class DraftError(ValueError):
    """The draft cannot be joined to the article; `problems` lists every reason."""

    def __init__(self, problems: list["Problem"]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Problem:
    """One quotation that could not be placed, or one place where the shape is wrong."""

    path: str
    message: str
    candidates: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([f"{self.path}: {self.message}", *(f"    {c}" for c in self.candidates)])


def place_draft(draft: Json, article: Json) -> Json:
    """The canonical record: the article's metadata and text with the draft's layers, quotations placed.

    Args:
        draft: the prediction form of the record, spans by quotation.
        article: the article with its `text`; its layers are replaced. `annotation` of the draft, if
            it has one, takes the place of the article's.

    Raises:
        DraftError: quotations that are absent or ambiguous (with the candidates), a draft of another
            article, an article without text, or fields of the wrong shape.
    """
    text = article.get("text")
    if not isinstance(text, str):
        raise DraftError([Problem("text", "the article has no text; hydrate it first")])
    if draft.get("id") not in (None, article.get("id")):
        raise DraftError([Problem("id", f"the draft is of {draft.get('id')!r}, the article is {article.get('id')!r}")])
    layers = json.loads(json.dumps({layer: draft.get(layer) or [] for layer in LAYERS}))
    problems = [p for where in iter_spans(layers) if (p := _place_one(text, *where))]
    if problems:
        raise DraftError(problems)
    record = {**article, **layers}
    if "annotation" in draft:
        record["annotation"] = draft["annotation"]
    try:
        placed = to_json(article_from_json(record))
    except msgspec.ValidationError as error:
        raise DraftError([Problem("draft", str(error))]) from error
    return _sorted(_with_heads(placed, text))


def _place_one(text: str, path: str, container: Any, key: Any) -> Problem | None:
    quote = container[key]
    if not texts.is_quotation(quote):
        shapes = '"words", {"text": "words", "n": 2}, {"text": "words", "within": "longer words"} or offsets'
        return Problem(path, f"a span is {shapes}, not {json.dumps(quote)[:80]}")
    placed = texts.place(text, quote)
    if placed.start is not None and placed.end is not None:
        container[key] = {"start": placed.start, "end": placed.end, "text": text[placed.start : placed.end]}
        return None
    shown = json.dumps(quote, ensure_ascii=False)
    found = [texts.occurrences(text, text[s:e]) for s, e in placed.candidates]
    candidates = tuple(
        f"n={spans.index((s, e)) + 1 if (s, e) in spans else '?'}: {texts.excerpt(text, s, e)}"
        for (s, e), spans in zip(placed.candidates, found, strict=True)
    )
    if placed.how == "ambiguous":
        return Problem(path, f"{shown} occurs {len(candidates)} times; say which with n or within:", candidates)
    said = "is not in the text" if not candidates else "is not in the text as written; nearest:"
    if isinstance(quote, dict) and quote.get("n") and len(candidates):
        said = f"has no occurrence {quote['n']}; it stands at:"
    return Problem(path, f"{shown} {said}", candidates)


def _with_heads(record: Json, text: str) -> Json:
    for entity in record["entities"]:
        for mention in entity["mentions"]:
            if mention["head"] is None:
                span = mention["span"]
                start, end = texts.derive_head(text, span["start"], span["end"], mention["kind"])
                mention["head"] = {"start": start, "end": end, "text": text[start:end]}
    return record


def _sorted(record: Json) -> Json:
    """Items in text order, so that two annotations of one article can be compared line by line."""

    def at(span: Json | None) -> tuple[int, int]:
        return (span["start"], span["end"]) if span else (10**9, 0)

    for entity in record["entities"]:
        entity["mentions"].sort(key=lambda m: at(m["span"]))
    for event in record["events"]:
        event["triggers"].sort(key=at)
    for source in record["sources"]:
        source["mentions"].sort(key=at)
    for attribution in record["attributions"]:
        attribution["cue"].sort(key=at)
        attribution["content"].sort(key=at)
    first = {
        "entities": lambda i: at(i["mentions"][0]["span"]) if i["mentions"] else at(None),
        "events": lambda i: at(i["triggers"][0]) if i["triggers"] else at(None),
        "claims": lambda i: at(i["span"]),
        "sources": lambda i: at(i["mentions"][0]) if i["mentions"] else at(None),
        "attributions": lambda i: at(i["content"][0]) if i["content"] else at(None),
    }
    for layer, key in first.items():
        record[layer].sort(key=key)
    return record
