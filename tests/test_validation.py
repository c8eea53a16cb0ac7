"""Every rule finds what it is for, at the right place, and is silent on the worked article."""

import copy
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from conflictwire import model, validation
from conflictwire.cli import main
from conflictwire.corpus import strict
from conflictwire.validation import RULES, validate_file, validate_record
from support import SHARED_TEXTS, needs_shared


def _at(record, words, n=0):
    start = [i for i in range(len(record["text"])) if record["text"].startswith(words, i)][n]
    return {"start": start, "end": start + len(words), "text": words}


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ({"values": ["17"]}, {"values": ["14"], "bound": "at_least"}, False),
        ({"values": ["13"]}, {"values": ["14"], "bound": "at_least"}, True),
        ({"values": ["14"]}, {"values": ["14"], "bound": "more_than"}, True),
        ({"values": ["14"], "bound": "less_than"}, {"values": ["14"], "bound": "at_least"}, True),
        ({"values": ["14"], "bound": "up_to"}, {"values": ["14"], "bound": "at_least"}, False),
        ({"form": "range", "values": ["10", "15"]}, {"values": ["14"]}, False),
        ({"form": "implicit", "values": []}, {"values": ["2"]}, True),
    ],
)
def test_figures_conflict_only_where_their_intervals_exclude_each_other(worked, one, other, excluded):
    plain = {"form": "numeral", "bound": "none"}
    worked["claims"][3].update({**plain, **one}, relations=[{"type": "conflicts_with", "target": "c1"}])
    worked["claims"][0].update({**plain, **other})
    codes = {f.code for f in validate_record(worked)}
    assert ("conflict-not-exclusive" not in codes) == excluded


@pytest.mark.parametrize(
    "change",
    [
        {"approximation": "about", "values": ["17"]},  # "about 17" and "at least 14" are not weighed
        {"form": "vague", "values": []},
    ],
)
def test_approximate_and_vague_figures_may_conflict(worked, change):
    worked["claims"][3].update(change, relations=[{"type": "conflicts_with", "target": "c1"}])
    assert "conflict-not-exclusive" not in {f.code for f in validate_record(worked)}


def test_a_guard_restates_one_guard_and_a_bound_may_differ(worked):
    worked["claims"][1].update(measure="injured", values=["1"], relations=[{"type": "restates", "target": "c3"}])
    worked["claims"][3].update(values=["14"], relations=[{"type": "restates", "target": "c1"}])
    assert "restates-differs" not in {f.code for f in validate_record(worked)}


def test_scare_quotes_and_titles_are_no_quotations(worked):
    worked["attributions"].pop(3)
    words = _at(worked, '"Our fighters were not in the city,"')
    for quoted, found in (('"Our own four words"', True), ('"Our three words"', False)):
        filled = quoted.ljust(words["end"] - words["start"], "x")
        changed = {**worked, "text": worked["text"].replace(words["text"], filled)}
        article = model.article_from_json(changed)
        assert bool(list(RULES["quotation-outside"].check(article))) == found


def test_every_place_where_a_span_stands_is_looked_at(worked):
    places = [path for path, _, _ in model.iter_spans(worked)]
    for path in places:
        record = copy.deepcopy(worked)
        container, key = next((c, k) for p, c, k in model.iter_spans(record) if p == path)
        container[key]["end"] = 10**6
        assert path in {f.path for f in validate_record(record, level=3) if f.code == "bad-offsets"}


@pytest.mark.parametrize(
    ("words", "excluded"),
    [
        ("three years ago", True),
        ("nine days after the raid", True),
        ("Two hours later", True),
        ("in over two years", True),
        ("over two days", True),
        ("the last two years", True),
        ("9 AM", True),
        ("12 cats", False),
        ("12 days of talks", False),
        ("in two cities", False),
    ],
)
def test_numbers_that_only_place_something_in_time_need_no_claim(worked, words, excluded):
    article = model.article_from_json({**worked, "text": f"{worked['text']} It came {words}."})
    assert bool(list(RULES["unannotated-number"].check(article))) != excluded


def test_every_rule_explains_itself():
    assert all(len(r.explanation) > 40 for r in RULES.values())


def test_the_worked_article_is_clean(worked):
    assert validate_record(worked) == []


def test_levels_gate(worked):
    worked["claims"][0]["measure"] = "kiled"
    worked["claims"][0]["values"] = []
    (found,) = validate_record(worked)
    assert (found.level, found.path) == (2, "claims[0].measure")
    assert found.hint == "did you mean 'killed'?"


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        (lambda r: r.pop("claims"), "", "misses claims"),
        (lambda r: r["claims"][0].update(colour=1), "claims[0]", "unknown key 'colour'"),
        (lambda r: r["claims"][0]["span"].update(start="3"), "claims[0].span.start", "is not integer"),
        (lambda r: r["claims"][0].update(measure_span={"start": 1}), "claims[0].measure_span", "misses end, text"),
        (lambda r: r.update(published="yesterday"), "published", "is not written like '2031-03-02' or '2031-03'"),
    ],
)
def test_schema_findings_name_the_deepest_path_and_say_what_was_expected(worked, change, path, said):
    change(worked)
    (found,) = validate_record(worked)
    assert found.path == path
    assert said in found.message


def test_a_prediction_is_held_against_the_prediction_schema():
    assert validate_record({"id": "x", "claims": [{"id": "c1", "span": "14", "measure": "killed"}]}) == []
    (found,) = validate_record({"id": "x", "claims": [{"id": "c1", "span": 14, "measure": "killed"}]})
    assert found.path == "claims[0].span"


HOSTILE = {
    "empty.json": (b"", "empty-file"),
    "binary.json": (b"\x89PNG\r\n\x1a\n\0\0", "not-utf-8"),
    "half.json": (b'{"id": "x", "claims": [', "not-json"),
    "nan.json": (b'{"id": NaN}', "not-finite"),
    "huge-float.json": (b'{"id": 1e999}', "not-finite"),
    "twice.json": (b'{"id": "x", "id": "y"}', "duplicate-key"),
    "deep.json": (b"[" * 10_000 + b"]" * 10_000, "too-deep"),
    "digits.json": (b'{"id": ' + b"9" * 100_000 + b"}", "number-too-long"),
    "list.json": (b"[1, 2]", "not-an-object"),
    "surrogate.json": (b'{"id": "\\ud800"}', "lone-surrogate"),
    "bom.json": (b'\xef\xbb\xbf{"id": 3}', "schema"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_findings_not_tracebacks(tmp_path, name):
    data, code = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(data)
    (found,) = validate_file(path)
    assert found.code == code
    result = CliRunner().invoke(main, ["validate", str(path)])
    assert result.exit_code == 1
    assert code in result.output


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    (found,) = validate_file(path)
    assert found.code == "too-large"
    assert strict.MAX_BYTES < 100 * 1024 * 1024


LIMIT = strict.MAX_BYTES
LARGE = {
    "brackets": b"[" * (LIMIT - 1),
    "an open string": b'{"id": "' + b"a" * (LIMIT - 20),
    "escapes": b'{"id": "' + b"\\" * (LIMIT - 20) + b'"}',
    "one key": b"{" + b'"k":1,' * (LIMIT // 6 - 2) + b'"k":1}',
    "many keys": b"{" + b",".join(b'"k%d":1' % i for i in range(LIMIT // 15)) + b"}",
    "empty items": b'{"segments":[],"claims":[' + b"{}," * (LIMIT // 3 - 20) + b"{}]}",
    "digits": b'{"id":' + b"9" * (LIMIT - 20) + b"}",
}
BOUNDED = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from conflictwire.validation import validate_file
for path in sys.argv[1:]:
    print(len(validate_file(Path(path))))
"""


@pytest.mark.slow
def test_files_at_the_size_limit_are_found_out_in_bounded_time_and_memory(tmp_path):
    for name, data in LARGE.items():
        (tmp_path / f"{name}.json").write_bytes(data)
    command = [sys.executable, "-c", BOUNDED, *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stderr == ""
    assert all(1 <= int(count) <= 1000 for count in done.stdout.split())


def many(worked, count):
    """The worked article with so many copies of one claim."""
    claim = {**worked["claims"][4], "relations": []}
    return {**worked, "claims": [{**claim, "id": f"c{i}"} for i in range(count)]}


def test_a_rule_that_finds_the_same_everywhere_is_cut_short(worked):
    found = [f for f in validate_record(many(worked, 3000)) if f.code == "claims-overlap"]
    assert len(found) == 1000


def test_a_folder_without_records_and_a_missing_file_are_findings(tmp_path):
    for path in (tmp_path, tmp_path / "none.json"):
        result = CliRunner().invoke(main, ["validate", str(path)])
        assert result.exit_code == 1
        assert "unreadable-file" in result.output


def test_json_lines_are_checked_line_by_line(tmp_path):
    path = tmp_path / "predictions.jsonl"
    path.write_text('{"id": "x"}\n{"id": 3}\nnonsense\n', encoding="utf-8")
    assert [(f.line, f.code) for f in validate_file(path)] == [(2, "schema"), (3, "not-json")]


def test_json_output_is_json_with_counts(tmp_path, worked):
    worked["claims"][0]["values"] = ["15"]
    path = tmp_path / "worked.json"
    path.write_text(json.dumps(worked), encoding="utf-8")
    result = CliRunner().invoke(main, ["validate", str(path), "--format", "json"])
    report = json.loads(result.stdout)
    assert (report["errors"], report["findings"][0]["code"]) == (1, "figure-differs")
    assert result.exit_code == 1


def test_a_rule_can_be_left_out_and_an_unknown_one_is_refused(tmp_path, worked):
    worked["claims"][0]["values"] = ["15"]
    path = tmp_path / "worked.json"
    path.write_text(json.dumps(worked), encoding="utf-8")
    assert CliRunner().invoke(main, ["validate", str(path), "--ignore", "figure-differs"]).exit_code == 0
    assert CliRunner().invoke(main, ["validate", str(path), "--ignore", "no-such-rule"]).exit_code == 2


def test_a_reported_article_on_disk_holds_no_text(tmp_path, worked):
    worked["part"] = "reported"
    path = tmp_path / "worked.json"
    path.write_text(json.dumps(worked), encoding="utf-8")
    assert "reported-text-on-disk" in {f.code for f in validate_file(path)}


def test_an_article_file_is_named_after_its_article(tmp_path, worked):
    path = tmp_path / "articles" / "invented" / "other.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(worked), encoding="utf-8")
    assert [f.code for f in validate_file(path)] == ["file-name"]


def test_depth_is_counted_outside_strings():
    assert isinstance(strict.parse(json.dumps({"id": "[" * 500}).encode()), dict)


def test_the_corpus_is_clean():
    from support import ROOT

    errors = [
        f"{path}: {f.code} {f.path} {f.message}"
        for path, found in validation.validate_paths([ROOT / "dataset"])
        for f in found
        if f.severity == "error"
    ]
    assert errors == []


@needs_shared
def test_the_reported_articles_are_clean_where_their_texts_are_at_hand():
    from conflictwire.corpus import load
    from conflictwire.corpus.hydrate import hydrate

    whole = hydrate((r for r in load.records() if r["part"] == "reported"), [SHARED_TEXTS])
    assert [(r.id, f.code, f.path) for r in whole for f in validate_record(r.record) if f.severity == "error"] == []


def _codes(record):
    return {f.code for f in validate_record(record)}


def test_a_converted_amount_restates_with_another_value_in_another_unit(worked):
    worked["claims"][2]["relations"] = [{"type": "restates", "target": "c1"}]
    assert "restates-differs" in _codes(worked)
    for claim, unit in ((worked["claims"][0], "km"), (worked["claims"][2], "[mi_i]")):
        claim.update(measure="distance", unit=unit)
    assert "restates-differs" not in _codes(worked)


@pytest.mark.parametrize("published", ["2024", "2024-03", "2024-03-03"])
def test_a_date_of_publication_is_as_precise_as_it_is_known(worked, published):
    worked["published"] = published
    assert not {f for f in validate_record(worked) if f.path == "published"}


@pytest.mark.parametrize("published", ["March 2024", "2024-13", "2024-02-30", "2024-3-3", "2024-03-03\n"])
def test_a_date_of_publication_exists(worked, published):
    worked["published"] = published
    assert [f.path for f in validate_record(worked)][:1] == ["published"]


@pytest.mark.parametrize(
    ("words", "excluded"),
    [
        ("It began at 04:20 in the harbour.", True),
        ("By 11.15 they were gone.", True),
        ("He called at nine on Monday.", True),
        ("It is Communique No. 7 of the ministry.", True),
        ("It is Shia.[1] The rest left.", True),
        ("Coordinates: 33°47′N 44°30′E / 33.783; 44.500", True),
        ("A gendarme of 22 died.", True),
        ("Children as young as 10 as soldiers.", True),
        ("A group of 22 people left.", False),
        ("They put it at 11.15 million people.", False),
        ("It stood at nine people.", False),
    ],
)
def test_hours_ages_and_numbers_of_things_need_no_claim(worked, words, excluded):
    article = model.article_from_json({**worked, "text": f"{worked['text']}\n{words}"})
    assert bool(list(RULES["unannotated-number"].check(article))) != excluded
