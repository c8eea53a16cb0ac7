"""The list of rules, `schema/RULES.md`: what each wants and what it says of the fixture that breaks it.

Everything in it comes from the rules and their fixtures; `conflictwire explain` reads it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from conflictwire.paths import schema_dir
from conflictwire.report import findings
from conflictwire.validation import LEVELS, RULES, Finding, validate_file
from conflictwire.validation.fixing import FIXABLE


def examples(fixtures: Path) -> dict[str, Finding]:
    """What each rule finds in its first bad fixture, where that is one file (`fixtures/CODE/bad.json`)."""
    found = {}
    for code in RULES:
        path = fixtures / code / "bad.json"
        first = next((f for f in validate_file(path) if f.code == code), None) if path.is_file() else None
        if first is not None:
            found[code] = replace(first, file=None)
    return found


def markdown(found: Mapping[str, Finding]) -> str:
    """The list: a section a level, a paragraph a rule, with an example where there is one."""
    lines = [
        "# Validation rules",
        "",
        "Written by `conflictwire build` from the rules and their fixtures (`tests/fixtures/rules`); edit those. "
        "`conflictwire explain CODE` says the same in a terminal.",
        "",
        "A failure at one level stops the later levels for that article alone. Errors fail a check, warnings ask a "
        "person to look again. `conflictwire validate --ignore CODE` leaves a rule out. Of the rules marked "
        "*mended*, `conflictwire validate --fix` mends the cases that have one right answer.",
    ]
    for level, title in LEVELS.items():
        lines += ["", f"## Level {level}: {title}"]
        for rule in RULES.values():
            if rule.level == level:
                mended = ", *mended*" if rule.code in FIXABLE else ""
                lines += ["", f"### {rule.code}", "", f"*{rule.severity}*, since {rule.since}{mended}", ""]
                lines += [rule.explanation]
                if rule.code in found:
                    lines += ["", "```text", findings.one(found[rule.code]), "```"]
    return "\n".join(lines) + "\n"


def explained(code: str) -> str:
    """What the list says of a rule; of one that it does not have, its explanation."""
    path = schema_dir() / "RULES.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    section = re.search(rf"^### {re.escape(code)}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    said = re.sub(r"^```.*\n?", "", section[1], flags=re.MULTILINE) if section else RULES[code].explanation
    return f"{code} (level {RULES[code].level}: {LEVELS[RULES[code].level]})\n\n{said.strip()}"
