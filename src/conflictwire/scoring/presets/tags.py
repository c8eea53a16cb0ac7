"""Reads what sequence taggers write: IOB2 columns or JSON, and the spans of tags.

Shared by the presets `seqeval` and `nervaluate`; knows nothing of scores.
"""

import json
import re
from pathlib import Path
from typing import Any

from conflictwire.corpus import strict
from conflictwire.corpus.files import UnusableInput

Tags = list[list[str]]
TagSpan = tuple[str, int, int]
"""Label, first and last token (or character): ends are inclusive, as in the tools that these presets mirror."""

_TAG = re.compile(r"(O|[BI]-\S.*)\Z")
_EXPECTED = "expected O, B-label or I-label (IOB2)"


def is_json(path: Path) -> bool:
    """Whether a file is read as JSON: by its suffix."""
    return path.suffix.lower() == ".json"


def read_text(path: Path) -> str:
    """The text of a UTF-8 file within the size limit, byte order mark off.

    Raises:
        UnusableInput: unreadable, too large, or not UTF-8.
    """
    data = strict.read_bytes(path)
    if isinstance(data, strict.Unreadable):
        raise UnusableInput(f"{path}: {data.message} ({data.hint})")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnusableInput(f"{path}: line {line}: not UTF-8; save the file as UTF-8") from error


def read_json(path: Path) -> list[Any]:
    """The list in a JSON file.

    Raises:
        UnusableInput: no JSON (with the line), or no list of lists.
    """
    try:
        found = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UnusableInput(f"{path}: line {error.lineno}: no JSON: {error.msg}") from error
    except RecursionError as error:
        raise UnusableInput(f"{path}: nested too deeply; expected a list of documents, each a list") from error
    if not isinstance(found, list):
        raise UnusableInput(f"{path}: holds {type(found).__name__}, expected a list of documents, each a list")
    for number, document in enumerate(found, 1):
        if not isinstance(document, list):
            raise UnusableInput(f"{path}: document {number}: {type(document).__name__}, expected a list")
    return found


def read_tags(path: Path) -> tuple[Tags, list[int]]:
    """The tags of each sentence, and the line (IOB2 columns) or number (JSON) at which each sentence begins.

    A line is `token<tab>tag`, or `token tag` where there is no tab; blank lines part sentences. A `.json` file is a
    list of sentences, each a list of tags.

    Raises:
        UnusableInput: a line without token and tag, or a tag that is not IOB2; the message names the line.
    """
    if is_json(path):
        return _json_tags(path)
    sentences: Tags = []
    starts: list[int] = []
    inside = False
    for number, line in enumerate(read_text(path).split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip(" \t"):
            inside = False
            continue
        fields = line.split("\t") if "\t" in line else re.split(" +", line.strip(" "))
        if len(fields) != 2 or not all(fields):
            raise UnusableInput(f"{path}: line {number}: {line!r}: expected a token and a tag, nothing else")
        if not _TAG.match(fields[1]):
            raise UnusableInput(f"{path}: line {number}: tag {fields[1]!r}: {_EXPECTED}")
        if not inside:
            sentences.append([])
            starts.append(number)
            inside = True
        sentences[-1].append(fields[1])
    return sentences, starts


def _json_tags(path: Path) -> tuple[Tags, list[int]]:
    sentences = read_json(path)
    for number, sentence in enumerate(sentences, 1):
        for place, tag in enumerate(sentence, 1):
            if not isinstance(tag, str) or not _TAG.match(tag):
                raise UnusableInput(f"{path}: sentence {number}, token {place}: tag {tag!r}: {_EXPECTED}")
    return sentences, list(range(1, len(sentences) + 1))


def read_both(gold: Path, predictions: Path) -> tuple[Tags, Tags]:
    """The tags of two files over the same tokens.

    Raises:
        UnusableInput: malformed, empty, or not the same number of sentences and of tokens in each.
    """
    (first, first_at), (second, second_at) = read_tags(gold), read_tags(predictions)
    if not first:
        raise UnusableInput(f"{gold}: holds no sentence")
    unit = "sentence" if is_json(predictions) else "line"
    for number, (a, b) in enumerate(zip(first, second, strict=False)):
        if len(a) != len(b):
            raise UnusableInput(
                f"{predictions}: {unit} {second_at[number]}: the sentence has {len(b)} tokens, in {gold} {len(a)}"
            )
    if len(first) != len(second):
        longer, at = (gold, first_at) if len(first) > len(second) else (predictions, second_at)
        raise UnusableInput(
            f"{predictions}: {len(second)} sentences, expected {len(first)} as in {gold}; "
            f"the first without a partner is at {'sentence' if is_json(longer) else 'line'} "
            f"{at[min(len(first), len(second))]} of {longer}"
        )
    return first, second


def lenient_spans(tags: list[str]) -> list[TagSpan]:
    """The spans of a sentence as conlleval reads them: an I- tag that continues nothing begins a span."""
    spans: list[TagSpan] = []
    label, start = "", 0
    for place, tag in enumerate([*tags, "O"]):
        following = tag[2:]
        if label and (tag[0] != "I" or following != label):
            spans.append((label, start, place - 1))
            label = ""
        if following and not label:
            label, start = following, place
    return spans


def strict_spans(tags: list[str]) -> list[TagSpan]:
    """The spans of a sentence in IOB2: each begins with B- and runs on while I- tags have its label.

    Other I- tags belong to nothing. Labels lose hyphens at their ends, as in seqeval's `scheme.Token`.
    """
    spans: list[TagSpan] = []
    label: str | None = None
    start = 0
    for place, tag in enumerate([*tags, "O"]):
        following = tag[1:].strip("-") or "_"
        if label is not None and (tag[0] != "I" or following != label):
            spans.append((label, start, place - 1))
            label = None
        if tag[0] == "B":
            label, start = following, place
    return spans
