"""New articles: from a text and its metadata to the record without annotation.

Invented articles keep their text; of reported ones only hashes and lengths go into the record.
"""

from typing import Any

from conflictwire import text as texts
from conflictwire.model import Json

EMPTY_LAYERS: Json = {"entities": [], "events": [], "claims": [], "sources": [], "attributions": []}


def skeleton(meta: Json, segments: list[str]) -> Json:
    """The record of an article that nobody has annotated yet, with its text and title.

    Args:
        meta: the article's fields, those that are left out are null; `origin` may be left out for
            embedded texts. `annotation` must be given.
        segments: the text, as its source divides it.
    """
    text = texts.canonical_text(segments)
    title = meta.get("title")
    origin: dict[str, Any] = dict.fromkeys(("kind", "repository", "path", "commit", "record", "url", "title"))
    origin.update(meta.get("origin") or {"kind": "embedded"})
    if meta["part"] == "reported" and title:
        clean = texts.clean(title)
        origin["title"] = {"sha256": texts.digest(clean), "length": len(clean)}
    fields = (
        "id",
        "part",
        "split",
        "story",
        "genre",
        "title",
        "published",
        "publisher",
        "byline",
        "dateline",
    )
    return {
        **{key: meta.get(key) for key in fields},
        "language": meta.get("language", "en"),
        "url": meta.get("url"),
        "license": meta["license"],
        "attribution": meta.get("attribution"),
        "origin": origin,
        "text": text,
        "segments": texts.segment_hashes(text),
        **EMPTY_LAYERS,
        "annotation": meta["annotation"],
    }
