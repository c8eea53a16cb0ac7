"""Somebody who has never seen the project breaks a copy of an article as annotators do.

Each break is found, the place is where a person would mend it, and the message says with what. The copy is the
worked article of the guidelines; most breaks are what hands do to a file, the others what minds do to an annotation.
"""

import copy
from dataclasses import dataclass
from typing import Any

import pytest

from conflictwire.model import dumps
from conflictwire.validation import Finding, validate_bytes


@dataclass(frozen=True)
class Break:
    """What was done to the file (`text`: replace the first) or record (`change`), and what must be said of it.

    `at` are the words that stand at the line and column of the finding, `says` what message and hint hold.
    """

    did: str
    code: str
    at: str
    says: tuple[str, ...]
    text: tuple[str, str] | None = None
    change: Any = None


def _span(record, words, n=0):
    start = [i for i in range(len(record["text"])) if record["text"].startswith(words, i)][n]
    return {"start": start, "end": start + len(words), "text": words}


def _of(items, id):
    return next(item for item in items if item["id"] == id)


def _named(record, name):
    return next(e for e in record["entities"] if e["name"] == name)


def _the_lantern_hotel(record):
    words = _span(record, "the Lantern Hotel")
    _named(record, "Lantern Hotel")["mentions"][0] = {"span": words, "kind": "name", "head": None}
    _of(_of(record["events"], "ev1")["arguments"], "g2")["mention"] = words


def _with_that(record):
    for id in ("a5", "a6"):
        _of(record["attributions"], id)["content"] = [_span(record, "that the toll had risen to 17")]


def claim(id, **fields):
    return lambda record: _of(record["claims"], id).update(fields)


BREAKS = [
    Break("left a comma behind", "not-json", "]", ("comma stands before a closing bracket", "take the comma away"),
          text=('["Herons"]', '["Herons",]')),
    Break("lost a comma", "not-json", '"measure_span"', ("comma is missing",), text=('"measure": "killed",', '"measure": "killed"')),
    Break("quoted a quotation", "not-json", "Our fighters", ("comma is missing", 'write the quotation mark before it as \\"'),
          text=('\\"Our', '"Our')),
    Break("pasted a line twice", "duplicate-key", '"values"', ("the key 'values' stands twice", "keep one"),
          text=('"values": ["14"],', '"values": ["14"],\n      "values": ["15"],')),
    Break("wrote the word of the text as the measure", "schema", '"wounded"', ("did you mean 'injured'?",),
          text=('"measure": "injured"', '"measure": "wounded"')),
    Break("misspelt a value", "schema", '"geopolitcal"', ("did you mean 'geopolitical'?",),
          text=('"type": "geopolitical"', '"type": "geopolitcal"')),
    Break("misspelt a key", "schema", "{", ("unknown key 'mesure'", "did you mean 'measure'?"), text=('"measure": "killed"', '"mesure": "killed"')),
    Break("forgot a key", "schema", "{", ("misses stance", "--fix"), text=('"stance": "asserted",', "")),
    Break("wrote a figure without quotation marks", "schema", "14", ("14 is not string", "in quotation marks"),
          text=('"values": ["14"]', '"values": [14]')),
    Break("wrote thousands as printed", "schema", '"1,400"', ("like '1500'", "without thousands separators"),
          text=('"values": ["400", "600"]', '"values": ["1,400", "600"]')),
    Break("wrote a date as printed", "schema", '"Sunday"', ("like '2031-03-02'",), text=('"edtf": "2024-03-03"', '"edtf": "Sunday"')),
    Break("wrote a day that is in no calendar", "bad-date", '"2024-02-30"', ("no EDTF date", "2031-03-02"),
          text=('"edtf": "2024-03-03"', '"edtf": "2024-02-30"')),
    Break("took the wrong Sunday", "date-differs", '"2024-03-02"', ("'Sunday'", "a Saturday", "date of publication (2024-03-03)"),
          text=('"edtf": "2024-03-03"', '"edtf": "2024-03-02"')),
    Break("counted a character wrong", "bad-offsets", '{"start": 464', ("the span says '17'", "stands at [465, 467)"),
          change=lambda r: _of(r["claims"], "c4")["span"].update(start=464)),
    Break("copied a claim and kept its id", "duplicate-id", '"c6"', ("2 claims are called 'c6'", "rename"),
          change=lambda r: r["claims"].append(copy.deepcopy(_of(r["claims"], "c6")))),
    Break("deleted an entity that others need", "unknown-reference", '"e5"', ("no entity 'e5'", "there are e1, e2, e3, e4, e6"),
          change=lambda r: r["entities"].remove(_of(r["entities"], "e5"))),
    Break("swapped two digits", "figure-differs", '["41"]', ("reads as numeral ['14']", 'write numeral and ["14"]'), change=claim("c1", values=["41"])),
    Break("forgot the bound", "modifier-differs", '"none"', ("reads as bound at_least", "write at_least"), change=claim("c1", bound="none")),
    Break("left a word out of the figure", "modifier-outside", '{"start": 117', ("'at least' stands before '14'", "begin the span at the modifier"),
          change=lambda r: _of(r["claims"], "c1").update(span=_span(r, "14"), bound="none")),
    Break("passed a figure over", "unannotated-number", "[", ("number '400'", "annotate it"),
          change=lambda r: r["claims"].remove(_of(r["claims"], "c5"))),
    Break("passed a quotation over", "quotation-outside", "[", ('"Our fighters were not in the city,"', "who says it"),
          change=lambda r: r["attributions"].remove(_of(r["attributions"], "a4"))),
    Break("passed a name over", "unmarked-name", "[", ("'Halden Wire' names e2 elsewhere", "add the mention"),
          change=lambda r: _named(r, "Halden Wire")["mentions"].pop(0)),
    Break("forgot who asserts a figure", "claim-not-asserted", "[", ("c2 ('three')", 'add {"target": "c2"'),
          change=lambda r: _of(r["attributions"], "a1")["asserts"].pop(1)),
    Break("turned part and whole round", "part-exceeds-whole", '{"type": "part_of"', ("at least 14", "is more than c2 (three)", "turn the relation round"),
          change=lambda r: (claim("c2", relations=[])(r), claim("c1", relations=[{"type": "part_of", "target": "c2"}])(r))),
    Break("gave a role of another type", "role-of-type", '"subject"', ("attack.bombing has no role subject", "permitted: perpetrator, victim"),
          change=lambda r: _of(_of(r["events"], "ev1")["arguments"], "g3").update(role="subject")),
    Break("gave a mention to two entities", "mention-twice", "{", ("'14 people' is already a mention of e5", "merge"),
          change=lambda r: _named(r, "three policemen")["mentions"].append(copy.deepcopy(_named(r, "14 people")["mentions"][0]))),
    Break("took the article into a name", "name-not-bare", '{"start"', ("'the Lantern Hotel' begins with 'the'", "begin at the name"), change=_the_lantern_hotel),
    Break("took a casualty word for a trigger", "casualty-trigger", "{", ("'killing' triggers ev1 beside 'exploded'", "drop the casualty word"),
          change=lambda r: _of(r["events"], "ev1")["triggers"].append(_span(r, "killing"))),
    Break("let a denial affirm", "act-and-asserts", '{"target": "ev1#g6"', ("denial affirms ev1#g6", "mend the polarity"),
          change=lambda r: _of(r["attributions"], "a3")["asserts"][0].update(polarity="affirms")),
    Break("called a ministry by name", "naming-and-names", '"named"', ("s1 is named", "no name mention"),
          change=lambda r: _of(r["sources"], "s1").update(naming="named")),
    Break("took 'that' into a content", "content-edges", "{", ("begins with 'that'", "begin at the next word"), change=_with_that),
    Break("counted a wounded guard as killed", "measure-differs", '"killed"', ("'wounded' says injured", "mend the measure"), change=claim("c3", measure="killed")),
    Break("let two statements hold each other", "parent-and-relation", "{", ("a5 → a6 → a5", "wrong way round"),
          change=lambda r: _of(r["attributions"], "a5").update(parent="a6", parent_relation="relayed_by")),
]  # fmt: skip


@pytest.fixture
def source(worked):
    return dumps(worked)


def found(case: Break, worked) -> tuple[str, list[Finding]]:
    broken = copy.deepcopy(worked)
    if case.change is not None:
        case.change(broken)
    source = dumps(broken)
    if case.text is not None:
        assert case.text[0] in source
        source = source.replace(*case.text, 1)
    return source, validate_bytes(source.encode(), "mine.json")


def test_the_copy_is_clean_before_it_is_broken(source):
    assert validate_bytes(source.encode(), "mine.json") == []


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: case.did)
def test_a_break_is_found_where_it_is_and_the_message_says_how_to_mend_it(case, worked):
    source, findings = found(case, worked)
    mine = [f for f in findings if f.code == case.code]
    assert mine, [(f.code, f.message) for f in findings]
    lines = source.splitlines()
    assert any(lines[f.line - 1][f.column - 1 :].startswith(case.at) for f in mine if f.line and f.column), [
        lines[f.line - 1][f.column - 1 :][:60] for f in mine if f.line and f.column
    ]
    said = " ".join(f"{f.message} {f.hint}" for f in mine)
    for words in case.says:
        assert words in said


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: case.did)
def test_a_break_is_not_buried_under_others(case, worked):
    """What follows from it may be said too, but in no more than two other rules."""
    assert len({f.code for f in found(case, worked)[1]} - {case.code}) <= 2
