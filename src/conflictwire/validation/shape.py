"""Level 2: a record against its JSON Schema.

A canonical article is read by the typed model alone (`sound_article`), which knows all that the schema knows.
Of everything else `jsonschema-rs` is the fast path: what it passes is passed. What it refuses is worded by `jsonschema`,
at the deepest path that fails; where the reference sees nothing, by the fast engine itself.
"""

import datetime
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from reprlib import Repr
from typing import Any

import msgspec

from conflictwire import schemas
from conflictwire.model import Article, Json
from conflictwire.validation.claims import MEASURE_WORDS
from conflictwire.validation.findings import Finding, declare

_SCHEMA = declare(
    "schema",
    2,
    "The record does not fit the JSON Schema: a field is missing, unknown, of the wrong type, or has a value "
    "that is not in the list. `schema/article.schema.json` says for each field what it means.",
)
MOST = 50  # findings a record; past that they repeat one mistake
MOST_KEYS = 5  # unknown keys that a message names
_SHORT = Repr()  # a value may be as large as a file
_SHORT.maxstring, _SHORT.maxother, _SHORT.maxlist, _SHORT.maxdict, _SHORT.maxlevel = 60, 60, 4, 4, 2


def kind_of(record: Json) -> str:
    """`article` where the record has what only articles have, else `prediction`."""
    return "article" if "segments" in record or "part" in record or "annotation" in record else "prediction"


@cache
def _fast(kind: str) -> Any:
    import jsonschema_rs

    schema = schemas.article_schema() if kind == "article" else schemas.prediction_schema()
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@cache
def _reference(kind: str) -> Any:
    import jsonschema

    schema = schemas.article_schema() if kind == "article" else schemas.prediction_schema()
    validator = jsonschema.Draft202012Validator
    return validator(schema, format_checker=validator.FORMAT_CHECKER)


_DECODER = msgspec.json.Decoder(Article)
_URL = re.compile(r"https?://[\w.-]+(?:/[\w.~/%()-]*)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def sound_article(source: bytes) -> Article | None:
    """The article in some bytes in which levels 1 and 2 find nothing; None where anything at all is doubtful.

    The model refuses what the schema refuses, but for two formats and for keys left out, which have defaults in it,
    and JSON readers keep the last of two equal keys. Both show in the quotation marks when it is written again:
    a source without `\\u` has no other spelling for the marks inside its strings.
    """
    try:
        article = _DECODER.decode(source)
        again = msgspec.json.encode(article)
    except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError, OverflowError):
        return None
    if rb"\u" in source or source.count(b'"') != again.count(b'"'):
        return None
    url, date = article.url, article.annotation.date
    if not (url is None or _URL.fullmatch(url)) or not _DATE.fullmatch(date):
        return None
    try:
        datetime.date.fromisoformat(date)
    except ValueError:
        return None
    return article


def check(record: Json) -> Iterator[Finding]:
    """The findings of level 2, in the order of their paths."""
    kind = kind_of(record)
    if _fast(kind).is_valid(record):
        return
    errors = list(islice(_reference(kind).iter_errors(record), MOST))
    seen = set()
    for error in sorted(errors, key=lambda e: [str(p) for p in e.absolute_path]):
        finding = _worded(error)
        if finding not in seen:  # `required` is one error a key in the reference, one finding here
            seen.add(finding)
            yield finding
    if not errors:
        for fast in _fast(kind).iter_errors(record):
            path = _json_path(list(fast.instance_path))
            yield Finding(_SCHEMA.code, 2, "error", path, fast.message, "compare schema/article.schema.json")


def _json_path(parts: list[Any]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in parts).lstrip(".")


def _worded(error: Any) -> Finding:
    error = _deepest(error)
    path = _json_path(list(error.absolute_path))
    shown = _SHORT.repr(error.instance)
    description = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    match error.validator:
        case "enum":
            message = f"{shown} is not one of {', '.join(map(str, error.validator_value))}"
            hint = _nearest(error.instance, error.validator_value) or "write one of these"
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            message = f"misses {', '.join(missing)}"
            hint = "every key is always present in a stored article (null or [] when empty); `conflictwire validate --fix` writes those that have a default"
        case "additionalProperties":
            known = error.schema.get("properties", {})
            unknown = [key for key in error.instance if key not in known]
            message = f"has unknown {'keys' if len(unknown) > 1 else 'key'} {', '.join(map(_SHORT.repr, unknown[:MOST_KEYS]))}"
            if len(unknown) > MOST_KEYS:
                message += f" and {len(unknown) - MOST_KEYS:,} more"
            hint = _nearest(unknown[0], list(known)) or f"known: {', '.join(known)}"
        case "type":
            wanted = error.validator_value
            message = f"{shown} is not {' or '.join(wanted) if isinstance(wanted, list) else wanted}"
            hint = description or _of_type(error.instance, wanted)
        case "pattern":
            examples = error.schema.get("examples", [])
            message = f"{shown} is not written like {' or '.join(map(repr, examples)) or error.validator_value}"
            hint = description
        case _:
            message = error.message if len(error.message) <= 200 else error.message[:197] + "..."
            hint = description
    return Finding(_SCHEMA.code, 2, "error", path, message, hint or "compare schema/article.schema.json")


def _deepest(error: Any) -> Any:
    """The most telling error below an `anyOf`: of the branch that the value comes closest to."""
    while error.context:
        branches: dict[int, list[Any]] = {}
        for sub in error.context:
            branches.setdefault(sub.schema_path[0], []).append(sub)
        # A branch of the wrong type altogether is not what was meant.
        meant = [b for b in branches.values() if not any(e.validator == "type" and not e.path for e in b)]
        if not meant:
            return error
        closest = min(meant, key=lambda errors: len(errors))
        error = max(closest, key=lambda e: len(e.absolute_path))
    return error


def _of_type(value: Any, wanted: Any) -> str:
    """How to write a value as another type, where that is mostly what was meant."""
    if wanted == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f'write "{value}", in quotation marks'
    if wanted == "integer" and isinstance(value, str) and value.isdecimal():
        return f"write {value[:20]}, without quotation marks"
    if wanted == "array" and not isinstance(value, dict):
        return "write a list, in square brackets"
    return ""


def _nearest(value: Any, known: list[Any]) -> str:
    from difflib import get_close_matches

    meant = MEASURE_WORDS.get(str(value).lower())  # who writes "wounded" means a measure that is there
    close = [meant] if meant in known else get_close_matches(str(value)[:60], [str(k) for k in known], n=1)
    return f"did you mean {close[0]!r}?" if close else ""
