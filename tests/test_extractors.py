"""Extractors by name, the floors, the regex baseline, and the runner."""

import pytest

from conflictwire import extractors
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors import runner
from conflictwire.extractors.base import REGISTRY, Document

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


class _Faulty:
    """Fails on one document."""

    def extract(self, document):
        if document.id == "b":
            raise ValueError("no luck")
        return extractors.make("null").extract(document)


@pytest.fixture
def faulty(monkeypatch):
    monkeypatch.setitem(REGISTRY, "faulty", _Faulty)
    monkeypatch.delitem(runner._MADE, "faulty", raising=False)


def test_one_failing_article_is_recorded_and_the_run_goes_on(faulty):
    seen = []
    outcomes = runner.run("faulty", [Document(i, TEXT) for i in "abc"], progress=seen.append)
    assert [(o.id, o.error) for o in outcomes] == [("a", None), ("b", "ValueError: no luck"), ("c", None)]
    assert len(seen) == 3


def test_workers_change_nothing():
    documents = [Document(str(i), f"{TEXT} And {i} more died.") for i in range(6)]
    assert runner.run("rules", documents, workers=2) == runner.run("rules", documents)
