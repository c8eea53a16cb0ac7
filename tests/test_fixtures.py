"""Every rule has files that keep it and files that break it, under `fixtures/rules/CODE/`; a new case is a new file.

`bad.json`, `bad-2.json` ... each differ from `good.json` (or from the good file of their own number) by
the one fault. A file whose keys are paths is a folder: rules about a corpus need several files.
"""

import difflib
import gzip
import json
from pathlib import Path

import jsonschema
import jsonschema_rs
import pytest

from conflictwire import schemas
from conflictwire.corpus import build, strict
from conflictwire.model import dumps
from conflictwire.validation import RULES, Finding, validate_file, validate_paths
from conflictwire.validation.shape import kind_of

RULES_FOLDER = Path(__file__).parent / "fixtures" / "rules"
BAD = sorted(RULES_FOLDER.glob("*/bad*"))
# An article without passes or tables is what most fixtures about a corpus are.
LEFT_OUT = frozenset({"passes-missing", "build-out-of-date"})


def good_of(bad: Path) -> Path:
    own = bad.with_name(bad.name.replace("bad", "good", 1))
    return own if own.is_file() else bad.with_name("good.json")


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def unfold(path: Path, folder: Path) -> Path | None:
    """Writes the files of a fixture that is a folder; None where it is one file."""
    record = strict.parse(content(path)) if path.is_file() else None
    if not isinstance(record, dict) or not all("." in name for name in record):
        return None
    for name, inner in record.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(r) for r in inner] if isinstance(inner, list) else [dumps(inner)]
        file.write_text("\n".join(lines), encoding="utf-8")
    return folder


def findings(path: Path, code: str, folder: Path) -> list[Finding]:
    """What validation finds in a fixture of a rule."""
    if (dataset := unfold(path, folder)) is not None:
        return [f for _, found in validate_paths([dataset], 5, LEFT_OUT - {code}) for f in found]
    if path.suffix == ".gz":
        (folder / "bad.json").write_bytes(content(path))
        path = folder / "bad.json"
    return validate_file(path)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_every_rule_has_a_good_and_a_bad_fixture_and_every_fixture_a_rule():
    assert {path.parent.name for path in BAD} == set(RULES)
    assert {path.parent.name for path in RULES_FOLDER.glob("*/good.json")} == set(RULES)


@pytest.mark.parametrize("bad", BAD, ids=name)
def test_the_fault_is_found_by_its_rule_alone_and_at_a_place(bad, tmp_path):
    code = bad.parent.name
    if code == "build-out-of-date":  # built from the good articles
        build.build(unfold(good_of(bad), tmp_path) or tmp_path)
    found = findings(bad, code, tmp_path)
    assert {f.code for f in found} == {code}
    for finding in found:
        assert (finding.level, finding.severity) == (RULES[code].level, RULES[code].severity)
        assert finding.message
        assert finding.file
        assert finding.line or not finding.path


@pytest.mark.parametrize("good", sorted({good_of(bad) for bad in BAD}), ids=name)
def test_a_good_fixture_is_clean(good, tmp_path):
    if good.parent.name == "build-out-of-date":
        build.build(unfold(good, tmp_path) or tmp_path)
    assert findings(good, good.parent.name, tmp_path) == []


MOST_LINES = 26  # a whole item, where it stands twice or is missing
FILE_MISSING = "passes-missing"


@pytest.mark.parametrize("bad", [b for b in BAD if RULES[b.parent.name].level > 1], ids=name)
def test_bad_and_good_differ_by_just_the_fault(bad):
    one, two = (content(path).decode().splitlines() for path in (good_of(bad), bad))
    changed = [line for line in difflib.unified_diff(one, two, n=0, lineterm="") if line[0] in "+-"][2:]
    assert changed
    assert len(changed) <= MOST_LINES or bad.parent.name == FILE_MISSING


def test_both_schema_engines_agree_on_every_fixture(tmp_path):
    seen = set()
    for path in sorted(RULES_FOLDER.glob("*/*.json")):
        record = strict.parse(path.read_bytes()) if path.is_file() else None
        if not isinstance(record, dict):
            continue
        kind = kind_of(record)
        schema = schemas.article_schema() if kind == "article" else schemas.prediction_schema()
        validator = jsonschema.Draft202012Validator
        reference = validator(schema, format_checker=validator.FORMAT_CHECKER).is_valid(record)
        fast = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(record)
        assert reference == fast, path
        seen.add((kind, fast))
    assert len(seen) == 4  # articles and predictions, valid and not
