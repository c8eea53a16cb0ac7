"""Paths are found in the source where a person would point: value by value, whatever the formatting."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictwire.corpus import strict
from conflictwire.validation import validate_file
from conflictwire.validation.positions import Place, Positions, of_problem

SOURCE = """{
  "id": "x",
  "claims": [
    {"id": "c1", "values": ["14", "1,500"]},
    {"id": "c2", "scope": {"event": null, "places": []}}
  ],
  "last": true
}
"""


@pytest.mark.parametrize(
    ("path", "line", "column", "words"),
    [
        ("", 1, 1, "{"),
        ("id", 2, 9, '"x"'),
        ("claims", 3, 13, "["),
        ("claims[0]", 4, 5, "{"),
        ("claims[0].values[1]", 4, 35, '"1,500"'),
        ("claims[1].scope.event", 5, 37, "null"),
        ("claims[1].scope.places", 5, 53, "[]"),
        ("last", 7, 11, "true"),
    ],
)
def test_a_path_is_found_at_its_value(path, line, column, words):
    place = Positions(SOURCE).find(path)
    assert (place.line, place.column) == (line, column)
    assert SOURCE.split("\n")[line - 1][column - 1 :].startswith(words)
    if len(words) > 1:
        assert (place.end_line, place.end_column) == (line, column + len(words))


@pytest.mark.parametrize(
    ("path", "parent"),
    [
        ("claims[7].values", "claims"),
        ("claims[0].unit", "claims[0]"),
        ("id.further[3]", "id"),
        ("nowhere", ""),
    ],
)
def test_what_is_not_there_is_shown_at_its_nearest_ancestor(path, parent):
    assert Positions(SOURCE).find(path) == Positions(SOURCE).find(parent)


def test_columns_count_code_points_and_escapes_count_as_written():
    source = '{"é𝔸": "“ü𝔸”", "\\u0063laims": "a\\"b\\\\", "end": 1}'
    assert Positions(source.encode()).find("é𝔸").column == source.index("“")
    assert Positions(source.encode()).find("claims").column == source.index('"a') + 1
    assert Positions(source.encode()).find("end").column == source.index("1}") + 1


def test_line_ends_of_windows_and_a_byte_order_mark_do_not_shift_columns():
    source = SOURCE.replace("\n", "\r\n").encode("utf-8-sig")
    assert Positions(source).find("claims[1].scope.event") == Positions(SOURCE).find("claims[1].scope.event")
    assert Positions(b'\xef\xbb\xbf{"id": 3}').find("id") == Place(1, 8, 1, 9)


def test_brackets_and_quotes_inside_strings_do_not_mislead():
    source = json.dumps({"a": '"}],{[\\"', "b": ["]", {"c": "}"}], "d": 1})
    assert Positions(source).find("d").column == len(source) - 1


LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8))
KEY = st.text(max_size=5).filter(lambda k: k and not set(k) & set(".[]"))
JSON = st.recursive(
    LEAF, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEY, inner, max_size=4)), max_leaves=15
)


def _paths(value, path=""):
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, f"{path}[{index}]")


@given(st.dictionaries(KEY, JSON, max_size=4), st.sampled_from([None, 1, "\t"]), st.booleans())
def test_what_stands_at_every_path_reads_as_its_value(record, indent, escape):
    source = json.dumps(record, indent=indent, ensure_ascii=escape)
    lines = source.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    known = Positions(source)
    for path, value in _paths(record):
        place = known.find(path)
        start, end = (
            starts[place.line - 1] + place.column - 1,
            starts[place.end_line - 1] + place.end_column - 1,
        )
        assert json.loads(source[start:end]) == value


# Each with the line and column where a person would look, counted by hand.
PROBLEMS = {
    "not-json": (b'{"id": "x",\n "claims": [1 2]}', 2, 15),
    "duplicate-key": (b'{"a": {"b": 1, "c": {"b": 2}},\n "d": 3, "a": 4}', 2, 10),
    "not-finite": (b'{"id": "NaN",\n "n": [1, NaN]}', 2, 11),
    "number-too-long": (b'{"id":\n' + b"9" * 2000 + b"}", 2, 1),
    "lone-surrogate": (b'{"pair": "\\ud83d\\ude00",\n "half": "x\\ud800"}', 2, 10),
    "not-utf-8": ('{"id": "é",\n "x": "'.encode() + b'\xff"}', 2, 8),
    "not-an-object": (b"\n  [1]", 2, 3),
    "too-deep": (b'{"a":\n' + b"[" * 100 + b"]" * 100 + b"}", 2, 64),
}


@pytest.mark.parametrize("code", PROBLEMS)
def test_what_is_no_record_is_shown_where_it_goes_wrong(tmp_path, code):
    source, line, column = PROBLEMS[code]
    place = of_problem(code, source)
    assert (place.line, place.column) == (line, column)
    path = tmp_path / "bad.json"
    path.write_bytes(source)
    (found,) = validate_file(path)
    assert (found.code, found.line, found.column) == (code, line, column)


@given(st.binary(max_size=60), st.sampled_from(sorted(PROBLEMS)))
def test_no_bytes_make_the_search_for_a_problem_fail(source, code):
    of_problem(code, source)


@given(st.text('{}[]":,\\ u0d8aN1\n', max_size=40))
def test_every_refusal_of_the_reader_that_has_a_place_gets_one(text):
    read = strict.parse(text.encode())
    if isinstance(read, strict.Unreadable):
        place = of_problem(read.code, text.encode())
        assert (place is None) == (read.code == "empty-file")


def test_lines_of_json_lines_are_lines_of_the_file(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "x"}\n\n {"id": 3}\n{"id": "y", "claims": [{"id": 4}]}\n', encoding="utf-8")
    found = [(f.line, f.column) for f in validate_file(path) if f.path.endswith("id")]
    assert found == [(3, 9), (4, 31)]
