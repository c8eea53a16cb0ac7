"""Extractors by name, the floors, and the regex baseline."""

import pytest

from conflictwire import extractors
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document
from conflictwire.model import LAYERS, article_from_json
from conflictwire.scoring import score

TEXT = (
    "At least 14 people were killed in Soumra on 3 March 2024, the ministry said.\n"
    "Nearly 30 were wounded. The shop at the corner of the street, which opened in 1998, sells 12 kinds of tea."
)


def test_every_extractor_is_listed_with_a_line_about_it():
    assert {"null", "zero", "narrator", "rules-twice", "regex", "rules", "quantulum3"} <= set(extractors.available())
    assert all(line for line in extractors.available().values())


def test_a_wrong_name_offers_the_nearest():
    with pytest.raises(UnusableInput, match="did you mean rules"):
        extractors.make("rule")


def test_null_attempts_every_layer_and_finds_nothing():
    found = extractors.make("null").extract(Document("x", TEXT))
    assert (found.entities, found.events, found.claims, found.sources, found.attributions) == ([], [], [], [], [])


def test_regex_reads_numbers_near_casualty_words_and_no_dates_or_tea():
    found = extractors.make("regex").extract(Document("x", TEXT))
    assert [(c.span.text, c.bound, c.approximation, c.values, c.measure) for c in found.claims] == [
        ("At least 14", "at_least", "none", ["14"], "killed"),
        ("Nearly 30", "none", "nearly", ["30"], "injured"),
    ]
    assert found.entities is None


def test_narrator_finds_the_claims_of_rules_and_quotes_nobody():
    rules = extractors.make("rules").extract(Document("x", TEXT))
    narrator = extractors.make("narrator").extract(Document("x", TEXT))
    assert narrator.claims == rules.claims
    assert (narrator.sources, narrator.attributions) == ([], [])


def test_zero_finds_what_rules_finds_and_counts_nought():
    rules = extractors.make("rules").extract(Document("x", TEXT))
    zero = extractors.make("zero").extract(Document("x", TEXT))
    assert [c.span for c in zero.claims] == [c.span for c in rules.claims]
    assert {(c.form, *c.values) for c in zero.claims} == {("zero", "0")}


def test_rules_twice_says_everything_twice_and_gains_nothing(worked):
    gold = article_from_json(worked)
    rules = extractors.make("rules").extract(extractors.document(gold))
    twice = extractors.make("rules-twice").extract(extractors.document(gold))
    for layer in LAYERS:
        once, both = getattr(rules, layer), getattr(twice, layer)
        assert len(both) == 2 * len(once)
        assert both[: len(once)] == once
    ids = {item.id for layer in LAYERS for item in getattr(twice, layer)}
    assert {c.scope.event for c in twice.claims} <= ids | {None}
    arguments = {f"{e.id}#{g.id}" for e in twice.events for g in e.arguments}
    assert {x.target for a in twice.attributions for x in a.asserts} <= ids | arguments
    f1 = {name: score([gold], [found]).table["f1"] for name, found in (("once", rules), ("twice", twice))}
    assert (f1["twice"].fillna(0) <= f1["once"].fillna(0)).all()


def test_quantulum3_reads_quantities_and_their_units():
    found = extractors.make("quantulum3").extract(Document("x", "He paid $3.2 million.\nIt lies 12 km from 30 shops."))
    assert [(c.span.text, c.values, c.measure, c.unit) for c in found.claims] == [
        ("$3.2 million", ["3200000"], "money", "USD"),
        ("12 km", ["12"], "distance", "km"),
        ("30", ["30"], "other", "person"),
    ]
