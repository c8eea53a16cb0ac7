"""Findings as people and machines read them: text for a terminal, JSON, SARIF 2.1.0, GitHub annotations.

Every function returns what is to be printed; nothing here reads files or decides an exit code.
"""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

import click

from conflictwire.model import Json
from conflictwire.validation import LEVELS, RULES, Finding, Rule

WIDTH = 100
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

# Characters that would move the cursor, change colours or turn the direction of what a terminal shows.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Cap:
    """Lets the first findings of each rule in each file pass, and counts the others; for findings that come bit by bit."""

    def __init__(self, most: int):
        """Args: how many pass; 0 for all."""
        self.most = most
        self._seen = Counter[tuple[str, str]]()

    def passed(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of some findings that pass."""
        kept = []
        for finding in findings:
            kind = (finding.file or "", finding.code)
            self._seen[kind] += 1
            if not self.most or self._seen[kind] <= self.most:
                kept.append(finding)
        return kept

    def rest(self) -> list[tuple[str, str, int]]:
        """Of which rules in which files more were found since the last call, and how many more."""
        over = [(*kind, n - self.most) for kind, n in self._seen.items() if self.most and n > self.most]
        self._seen.clear()
        return over


# Text


def text(findings: Sequence[Finding], most: int = 10, colour: bool = False) -> str:
    """Findings, each with its place, the words around its span and what to do, and how many more there are."""
    cap = Cap(most)
    return "\n".join([*(one(f, colour) for f in cap.passed(findings)), *map(more, cap.rest())])


def more(rest: tuple[str, str, int]) -> str:
    """That a rule found more in a file than is shown."""
    file, code, count = rest
    return _plain(f"{file}: … and {count} more of [{code}]")


def one(finding: Finding, colour: bool = False) -> str:
    """One finding in up to three lines."""

    def style(words: str, **how: Any) -> str:
        return click.style(words, **how) if colour else words

    severity = style(finding.severity, fg="red" if finding.severity == "error" else "yellow", bold=True)
    path = style(f" {_plain(finding.path)}", bold=True) if finding.path else ""
    where = f"{style(_where(finding), dim=True)}: " if finding.file is not None else ""
    lines = [f"{where}{severity} [{finding.code}]{path}: {_plain(finding.message)}"]
    if finding.excerpt:
        before, span, after = _parts(_plain(finding.excerpt))
        lines.append(f"    text: {before}{style(span, bold=True, reverse=True)}{after}")
    lines.append(f"    hint: {_plain(_hint(finding))}")
    return "\n".join(lines)


def why(counts: Counter[str], colour: bool = False) -> str:
    """What the rules that found something are about, each once, with how often; "" where none did."""
    blocks = []
    for code in sorted(counts, key=lambda c: (RULES[c].level, list(RULES).index(c))):
        rule = RULES[code]
        name = click.style(code, bold=True) if colour else code
        times = "once" if counts[code] == 1 else f"{counts[code]} times"
        blocks.append(f"{name} ({rule.severity}, level {rule.level}: {LEVELS[rule.level]}), {times}")
        blocks.append(textwrap.fill(rule.explanation, WIDTH, initial_indent="    ", subsequent_indent="    "))
    return "\n".join(["", "What these rules are about:", *blocks]) if blocks else ""


def _where(finding: Finding) -> str:
    places = (finding.file, finding.line, finding.column if finding.line is not None else None)
    return _plain(":".join(str(p) for p in places if p is not None))


def _hint(finding: Finding) -> str:
    return finding.hint or f"`conflictwire explain {finding.code}` says what the rule wants"


def _parts(excerpt: str) -> tuple[str, str, str]:
    """An excerpt as what stands before the span, the span in its marks, and what stands after it."""
    before, mark, rest = excerpt.partition("›")
    span, end, after = rest.rpartition("‹")
    return (before, f"{mark}{span}{end}", after) if mark and end else (excerpt, "", "")


def _plain(words: str) -> str:
    return _CONTROL.sub(lambda m: m.group().encode("unicode_escape").decode(), words)


# JSON


def as_json(files: int, findings: Sequence[Finding]) -> str:
    """All findings as one JSON object with counts."""
    severities = Counter(f.severity for f in findings)
    report = {
        "files": files,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "findings": [f.to_json() for f in findings],
    }
    return json.dumps(report, ensure_ascii=False, indent=2)


# SARIF


def sarif(findings: Sequence[Finding]) -> str:
    """All findings as a SARIF 2.1.0 log (OASIS, 2020), with every rule and its help."""
    index = {code: i for i, code in enumerate(RULES)}
    run = {
        "tool": {
            "driver": {
                "name": "ConflictWire",
                "version": version("conflictwire"),
                "rules": [_descriptor(rule) for rule in RULES.values()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, index[f.code]) for f in findings],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _descriptor(rule: Rule) -> Json:
    explanation = _message(rule.explanation)
    first = re.split(r"(?<=[.;:])\s", explanation, maxsplit=1)[0].rstrip(";:")
    return {
        "id": rule.code,
        "shortDescription": {"text": first},
        "fullDescription": {"text": explanation},
        "help": {"text": f"{explanation} (level {rule.level}: {LEVELS[rule.level]}; since {rule.since})"},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"level": rule.level, "since": rule.since},
    }


def _result(finding: Finding, index: int) -> Json:
    words = [finding.message, f"text: {finding.excerpt}" if finding.excerpt else "", f"hint: {_hint(finding)}"]
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": _message("\n".join(filter(None, words)))},
    }
    location: Json = {}
    if finding.file is not None:
        physical: Json = {"artifactLocation": {"uri": _uri(finding.file)}}
        if finding.line is not None:
            region = {
                "startLine": finding.line,
                "startColumn": finding.column,
                "endLine": finding.end_line,
                "endColumn": finding.end_column,
            }
            physical["region"] = {k: v for k, v in region.items() if v is not None}
        location["physicalLocation"] = physical
    if finding.path:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.path}]
    return {**result, "locations": [location]} if location else result


def _message(words: str) -> str:
    """Words as a SARIF message: literal braces are doubled (3.11.5), and nothing reads as a link (3.11.6)."""
    return words.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def _uri(file: str) -> str:
    if PurePath(file).is_absolute():
        return Path(file).as_uri()
    return quote(PurePath(file).as_posix())


# GitHub


def github_more(rest: tuple[str, str, int]) -> str:
    """That a rule found more in a file than is annotated."""
    file, code, count = rest
    return f"::notice file={_property(file)},title={code}::… and {count} more of {code}"


def github(finding: Finding) -> str:
    """A finding as a GitHub workflow command on one line, which becomes an annotation of a change."""
    one_line = finding.end_line == finding.line
    properties = {
        "file": finding.file,
        "line": finding.line,
        "col": finding.column if finding.line is not None else None,
        # An annotation stands below its last line; of a long object the first line is the better place.
        "endLine": finding.end_line if one_line else None,
        "endColumn": finding.end_column if one_line else None,
        "title": finding.code,
    }
    shown = ",".join(f"{k}={_property(str(v))}" for k, v in properties.items() if v is not None)
    words = [
        f"{finding.path}: {finding.message}" if finding.path else finding.message,
        finding.excerpt or "",
        f"hint: {_hint(finding)}",
    ]
    return f"::{finding.severity} {shown}::{_data(chr(10).join(filter(None, words)))}"


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")
