"""Mending: what has one right answer is mended, everything else stays as it was, and twice is once."""

import copy
import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflictwire import model
from conflictwire import text as texts
from conflictwire.cli import main
from conflictwire.model import iter_spans
from conflictwire.validation import validate_file, validate_record
from conflictwire.validation.fixing import FIXABLE, fix_file, fix_record
from support import ROOT


def _written(path, record, **how):
    path.write_text(json.dumps(record, **how) if how else model.dumps(record), encoding="utf-8")
    return path


# In the worked article: claims 0 "at least 14", 3 "17"; "guard" and "Our" stand once.


def _span(record, words):
    return next(c[k] for _, c, k in iter_spans(record) if c[k]["text"] == words)


def _bare(record, path_part, words):
    for path, container, key in iter_spans(record):
        if path_part in path and container[key]["text"] == words:
            container[key] = words


BREAKS = {
    "shifted offsets": lambda r: _span(r, "at least 14").update(start=2, end=13),
    "offsets beyond the end": lambda r: _span(r, "at least 14").update(start=10**6, end=10**6 + 11),
    "no offsets": lambda r: [_span(r, "at least 14").pop(k) for k in ("start", "end")],
    "a bare quotation": lambda r: _bare(r, "claims", "at least 14"),
    "missing keys": lambda r: [r["claims"][0].pop(k) for k in ("stance", "relations", "as_of", "attribution_unclear")],
    "missing metadata": lambda r: [r.pop(k) for k in ("byline", "publisher", "url")],
    "missing span text": lambda r: r["claims"][0]["counted"]["span"] and r["claims"][0]["counted"]["span"].pop("text"),
    "a wrong hash": lambda r: r["segments"][0].update(sha256="0" * 64),
    "a wrong number of segments": lambda r: r["segments"].pop(),
    "no segments": lambda r: r.pop("segments"),
    "no head": lambda r: [m.update(head=None) for e in r["entities"] for m in e["mentions"]],
    "no head key": lambda r: [m.pop("head") for e in r["entities"] for m in e["mentions"]],
    "keys in another order": lambda r: r.update(id=r.pop("id")),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_what_has_one_right_answer_comes_back_as_it_was(tmp_path, worked, name):
    canonical = model.dumps(worked)
    BREAKS[name](worked)
    path = _written(tmp_path / "worked.json", worked)
    repairs = fix_file(path)
    assert repairs
    if name != "missing span text":  # its default is null, which is not what stood there
        assert path.read_text(encoding="utf-8") == canonical
    assert validate_file(path) == []
    assert fix_file(path) == []


@pytest.mark.parametrize("how", [{"indent": 4}, {"ensure_ascii": True}, {"sort_keys": True}])
def test_formatting_is_mended(tmp_path, worked, how):
    path = _written(tmp_path / "worked.json", worked, **how)
    assert [str(r) for r in fix_file(path)] == ["formatted canonically"]
    assert path.read_text(encoding="utf-8") == model.dumps(worked)


def test_white_space_and_quotation_marks_of_a_span_follow_the_text(worked):
    before = copy.deepcopy(worked)
    span = _span(worked, "at least 14")
    span.update(start=span["start"] - 1, text=" at least 14")
    fixed, (repair,) = fix_record(worked)
    assert fixed == before
    assert repair.path == "claims[0].span"
    record = {**before, "text": before["text"].replace("'", "’"), "claims": []}
    quoted = {"start": 0, "end": 5, "text": "it's"}
    record["text"] += "\nHe said it’s over."
    record["sources"][0]["mentions"] = [quoted]
    fixed, _ = fix_record(record)
    at = record["text"].index("it’s")
    assert fixed["sources"][0]["mentions"] == [{"start": at, "end": at + 4, "text": "it’s"}]


def test_a_quotation_that_occurs_twice_or_never_stays_a_finding(worked):
    twice = next(
        (container, key)
        for _, container, key in iter_spans(worked)
        if key == "span" and len(texts.occurrences(worked["text"], container[key]["text"])) > 1
    )
    for words in (twice[0][twice[1]]["text"], "words that stand nowhere"):
        twice[0][twice[1]] = {"start": 0, "end": 3, "text": words}
        fixed, repairs = fix_record(worked)
        assert repairs == []
        assert fixed == worked


def test_a_head_is_looked_for_inside_its_mention(worked):
    before = copy.deepcopy(worked)
    mentions = [m for e in worked["entities"] for m in e["mentions"] if m["head"] and m["head"] != m["span"]]
    for mention in mentions:
        mention["head"].update(start=0, end=1)
    fixed, repairs = fix_record(worked)
    assert fixed == before
    assert len(repairs) == len(mentions) > 0


def test_a_missing_object_is_written_whole(worked):
    worked["claims"][4]["counted"] = {"status": "civilian"}
    del worked["claims"][4]["scope"]
    fixed, repairs = fix_record(worked)
    assert fixed["claims"][4]["counted"] == {"span": None, "role": "unspecified", "status": "civilian", "entity": None}
    assert fixed["claims"][4]["scope"] == {"event": None, "places": [], "period": None}
    assert [str(r) for r in repairs] == [
        "claims[4].counted: wrote span, role, entity at the default",
        "claims[4]: wrote scope at the default",
    ]


def test_a_missing_layer_is_not_an_empty_one(worked):
    del worked["claims"]
    fixed, _ = fix_record(worked)
    assert "claims" not in fixed


def test_values_ids_and_text_are_never_touched(worked):
    worked["claims"][0].update(values=["15"], unit="item", id="c2")
    worked["text"] += "  x"
    fixed, _ = fix_record(worked)
    assert (fixed["text"], fixed["claims"]) == (worked["text"], worked["claims"])


def test_a_reported_article_stays_stand_off(tmp_path, reported, worked):
    for entity in reported["entities"]:
        for mention in entity["mentions"]:
            mention["head"] = None
    path = _written(tmp_path / "worked.json", reported)
    assert fix_file(path) == []
    heads = fix_file(path, lambda record: model.with_text(record, worked["text"], worked["title"]))
    assert {r.path.rsplit(".")[-1] for r in heads} == {"head"}
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored == model.without_text({**worked, "part": "reported", "origin": reported["origin"]})


def test_text_that_stands_in_a_reported_article_is_not_thrown_away(tmp_path, worked):
    worked["part"] = "reported"
    path = _written(tmp_path / "worked.json", worked, indent=1)
    fix_file(path)
    assert json.loads(path.read_text(encoding="utf-8"))["text"] == worked["text"]


@pytest.mark.parametrize(
    "content",
    [b'{"name":"package"}', b'{"part": 1}', b"[1]", b"not json", b"", b'{"id":"x","id":"y"}', b"\xff", b'{"id": 3}'],
)
def test_what_is_not_ours_is_left_alone(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    assert fix_file(path) == []
    assert path.read_bytes() == content


def test_a_draft_is_formatted_and_keeps_what_it_leaves_out(tmp_path):
    draft = {"id": "x", "claims": [{"id": "c1", "span": "14", "measure": "killed"}]}
    path = _written(tmp_path / "draft.json", draft, indent=8)
    assert fix_file(path)
    assert path.read_text(encoding="utf-8") == model.dumps(draft)


def test_json_lines_missing_files_and_folders_are_left_alone(tmp_path):
    lines = tmp_path / "p.jsonl"
    lines.write_text('{"id":   "x"}\n', encoding="utf-8")
    assert fix_file(lines) == fix_file(tmp_path / "none.json") == fix_file(tmp_path) == []
    assert lines.read_text(encoding="utf-8") == '{"id":   "x"}\n'


def test_the_corpus_is_as_mending_would_leave_it():
    for path in sorted((ROOT / "dataset").glob("*/*/*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        fixed, repairs = fix_record(record)
        assert repairs == []
        assert model.dumps(fixed) == path.read_text(encoding="utf-8"), path


def _damage(draw, record):
    """Damage of the kinds that people and programs do, some of it beyond mending."""
    for _, container, key in list(iter_spans(record)):
        kind = draw(st.integers(0, 12))
        span = container[key]
        if kind == 0:
            span.update(start=span["start"] + draw(st.integers(0, 5)), end=span["end"] + draw(st.integers(0, 5)))
        elif kind == 1:
            container[key] = span["text"]
        elif kind == 2:
            container[key] = {"text": span["text"], "n": draw(st.integers(1, 2))}
        elif kind == 3:
            span["text"] = draw(st.sampled_from(["", " ", "nowhere", "17", span["text"] + " "]))
        elif kind == 4 and key == "head":
            container[key] = None
        elif kind == 5:
            span.pop(draw(st.sampled_from(["start", "end", "text"])))
    for layer in model.LAYERS:
        for item in record[layer]:
            for key in sorted(item):
                if draw(st.integers(0, 15)) == 0:
                    item.pop(key)
    if draw(st.booleans()):
        record["segments"] = record["segments"][1:]
    return record


def _fixable(finding):
    """Whether a finding is of a kind that mending always settles."""
    return finding.code == "segments-mismatch"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mending_twice_is_mending_once_and_leaves_nothing_mendable(worked, data):
    damaged = _damage(data.draw, copy.deepcopy(worked))
    given_ = copy.deepcopy(damaged)
    once, repairs = fix_record(damaged)
    assert damaged == given_, "the record that was given is not changed"
    twice, more = fix_record(once)
    assert (twice, more) == (once, [])
    assert bool(repairs) == (once != damaged)
    assert once["text"] == worked["text"]
    assert not any(_fixable(f) for f in validate_record(once))
    for _, container, key in iter_spans(once):
        span = container[key]
        words = span if isinstance(span, str) else span.get("text")
        # A span that still disagrees with the text is one that its words do not settle: not there, or
        # there more than once; of heads, inside the mention.
        if isinstance(span, dict) and words is not None and "start" in span and "end" in span:
            agrees = 0 <= span["start"] < span["end"] and once["text"][span["start"] : span["end"]] == words
            assert agrees or key == "head" or len(texts.occurrences(once["text"], words.strip())) != 1


WILD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 300), st.sampled_from(["14", "17", "he", "", "x"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["id", "start", "end", "text", "n", "within", "span", "head", "mentions", "kind", "time", "triggers"]
            ),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layers=st.fixed_dictionaries(dict.fromkeys((*model.LAYERS, "segments", "annotation", "origin"), WILD)))
def test_no_shape_makes_mending_fail(worked, layers):
    once, _ = fix_record({**worked, **layers})
    assert fix_record(once) == (once, [])


def test_the_command_mends_says_so_and_then_validates(tmp_path, worked):
    canonical = model.dumps(worked)
    _span(worked, "at least 14").update(start=2, end=13)
    path = _written(tmp_path / "worked.json", worked, indent=1)
    before = CliRunner().invoke(main, ["validate", str(path)])
    assert before.exit_code == 1
    assert "--fix mends" in before.stderr
    result = CliRunner().invoke(main, ["validate", "--fix", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "claims[0].span: 'at least 14' stands at" in result.stderr
    assert "formatted canonically" in result.stderr
    assert path.read_text(encoding="utf-8") == canonical
    again = CliRunner().invoke(main, ["validate", "--fix", str(path)])
    assert "mended" not in again.stderr


def test_repairs_beyond_the_cap_are_counted(tmp_path, worked):
    BREAKS["no head"](worked)
    path = _written(tmp_path / "worked.json", worked)
    result = CliRunner().invoke(main, ["validate", "--fix", "--most", "2", str(path)])
    assert result.stderr.count("mended") == 3
    assert "more" in result.stderr


def test_a_link_stays_a_link(tmp_path, worked):
    target = _written(tmp_path / "worked.json", worked, indent=1)
    link = tmp_path / "link.json"
    link.symlink_to(target)
    assert fix_file(link)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == model.dumps(worked)


def test_the_rules_called_mendable_exist():
    from conflictwire.validation import RULES

    assert RULES.keys() >= FIXABLE
