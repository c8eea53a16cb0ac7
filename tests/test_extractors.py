"""Extractors by name, the floors, and the regex baseline."""

import pytest

from conflictwire import extractors
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document

TEXT = (
    "At least 14 people were killed in Soumra on 3 March 2024, the ministry said.\n"
    "Nearly 30 were wounded. The shop at the corner of the street, which opened in 1998, sells 12 kinds of tea."
)


def test_every_extractor_is_listed_with_a_line_about_it():
    assert {"null", "narrator", "regex", "rules"} <= set(extractors.available())
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
