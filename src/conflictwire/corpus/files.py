"""Reading and writing of record files: atomic writes, canonical formatting, names checked before use."""

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from conflictwire import model
from conflictwire.corpus import strict
from conflictwire.model import Json

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")


class UnusableInput(ValueError):
    """The input cannot be used at all; the message says what was found and what to do (exit code 2)."""


def safe_name(identifier: str) -> str:
    """The identifier, once it is known to be fit as a file name.

    Raises:
        UnusableInput: it has a slash, begins with a dot, is too long or empty.
    """
    if not _SAFE_NAME.match(identifier) or ".." in identifier:
        raise UnusableInput(f"{identifier!r} cannot name a file: use letters, digits, dot, underscore, hyphen")
    return identifier


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a file atomically: readers see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)  # noqa: PTH105 - one call, atomic by contract
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Writes a UTF-8 file atomically."""
    write_bytes(path, text.encode("utf-8"))


def write_record(path: Path, record: Json) -> None:
    """Writes a record atomically in canonical formatting."""
    write_text(path, model.dumps(record))


def read_record(path: Path) -> Json:
    """The JSON object in a file.

    Raises:
        UnusableInput: it cannot be read or is no JSON object; the message says why.
    """
    ((_, record),) = strict.records(path) if path.suffix != ".jsonl" else [(None, _lines(path))]
    if isinstance(record, strict.Unreadable):
        raise UnusableInput(f"{path}: {record.message} ({record.hint})")
    return record


def _lines(path: Path) -> strict.Unreadable:
    return strict.Unreadable("not-an-object", "holds a record a line", "name a .json file with one record")


def json_line(value: Any) -> str:
    """One line of JSON, without a line feed."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
