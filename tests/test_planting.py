"""Planted errors: they are there, validation does not refuse them, and a report of the right place finds them."""

import re
from collections import Counter

import pytest

from conflictwire.corpus import load, planting
from conflictwire.model import article_from_json, to_json
from conflictwire.report import lines
from conflictwire.validation import validate_record


@pytest.fixture(scope="module")
def whole():
    return [to_json(a) for a in load.articles(part="invented")][:8]


def test_errors_are_planted_evenly_and_not_refused(whole):
    copies, planted = planting.plant(whole, 40, seed=3)
    assert len(planted) == 40
    assert max(Counter(e.article for e in planted).values()) == 5
    assert len({e.kind for e in planted}) > len(planting.KINDS) * 0.8
    for before, after in zip(whole, copies, strict=True):
        assert before["text"] == after["text"]
        assert not [f for f in validate_record(after) if f.severity == "error"]


def test_no_gap_in_the_ids_tells_what_is_missing(whole):
    copies, _ = planting.plant(whole, 40, seed=3)
    for record in copies:
        for layer, letter in (("entities", "e"), ("events", "ev"), ("claims", "c"), ("attributions", "a")):
            assert [i["id"] for i in record[layer]] == [f"{letter}{n}" for n in range(1, len(record[layer]) + 1)]


def test_only_a_report_of_the_place_finds_an_error(whole):
    copies, planted = planting.plant(whole, 24, seed=5)
    assert not any(found for _, found in planting.found(planted, []))
    reports = []
    for error in planted:
        item = error.items[-1]
        place = re.fullmatch(r"quote:(\d+)-(\d+)", item)
        row = {"start": int(place[1]), "end": int(place[2])} if place else {"item": item}
        reports.append({"article": error.article, **row})
        elsewhere = [{"article": "another", **row}]
        assert not any(found for e, found in planting.found([error], elsewhere))
    assert all(found for _, found in planting.found(planted, reports))
    for record in copies:
        known = {
            i["id"] for layer in ("entities", "events", "claims", "attributions", "sources") for i in record[layer]
        }
        items = [i for e in planted if e.article == record["id"] for i in e.items if not i.startswith("quote:")]
        assert {i.split("#")[0] for i in items} <= known


def test_every_item_of_an_article_stands_in_its_lines(whole):
    record = whole[0]
    shown = "\n".join(lines.article(article_from_json(record)))
    assert record["text"] in shown
    for layer in ("entities", "events", "claims", "sources", "attributions"):
        for item in record[layer]:
            assert re.search(rf"^{item['id']} ", shown, re.MULTILINE)
