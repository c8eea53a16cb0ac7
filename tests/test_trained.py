"""Learned extractors: spans and tags say the same, training is deterministic and whole, models are data."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictwire import extractors, scoring
from conflictwire.cli import main
from conflictwire.corpus import load
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors.base import Document
from conflictwire.extractors.trained import data
from conflictwire.extractors.trained.crf import Crf
from conflictwire.extractors.trained.data import Labelled
from conflictwire.extractors.trained.links import Choice
from conflictwire.model import article_from_json
from conflictwire.reading import Page

TRAIN = load.articles("train", "invented")[:3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("models") / "crf"
    Crf.train(TRAIN, where)
    return where


@pytest.fixture(scope="module")
def crf(folder):
    return Crf(TRAIN, folder)


@pytest.fixture
def article(worked):
    return article_from_json(worked)


def test_of_nested_mentions_the_outer_and_the_inner_stand_in_two_tracks(article):
    gold = data.gold_spans(article)
    words = {track: [article.text[s.start : s.end] for s in spans] for track, spans in gold.items()}
    assert "the Ordanian interior ministry" in words["mention"]
    assert "Ordanian" in words["inner"]
    assert words["claim"] == ["at least 14", "three", "A", "17", "between 400 and 600", "no"]
    assert {s.label for s in gold["speech"]} == {"cue", "source"}


def test_tags_turn_back_into_the_spans_they_came_from(article):
    page = Page(article.text)
    for track, spans in data.gold_spans(article).items():
        back = [s for sentence in page.sentences for s in data.spans_of(sentence, data.tags(sentence, spans))]
        inside = [s for s in spans if any(x.start <= s.start and s.end <= x.end for x in page.sentences)]
        assert set(inside) <= set(back), track


def test_a_tag_that_continues_nothing_begins_a_span():
    (sentence,) = Page("Six men died").sentences
    assert list(data.spans_of(sentence, ["O", "I-x", "I-x"])) == [Labelled(4, 12, "x")]
    assert list(data.spans_of(sentence, ["B-x", "B-x", "I-y"])) == [
        Labelled(0, 3, "x"),
        Labelled(4, 7, "x"),
        Labelled(8, 12, "y"),
    ]


def test_a_choice_learns_what_decides_and_survives_being_stored():
    items = [
        (["wet", "cold"], "rain"),
        (["wet", "warm"], "rain"),
        (["dry", "warm"], "sun"),
        (["dry", "cold"], "sun"),
    ] * 3
    choice = Choice.train(items)
    again = Choice.from_json(json.loads(json.dumps(choice.to_json())))
    for one in (choice, again):
        assert (one.best(["wet"]), one.best(["dry", "never seen"])) == ("rain", "sun")
        assert sum(one.probabilities(["warm"]).values()) == pytest.approx(1)


def test_a_choice_without_alternatives_makes_the_only_one():
    assert Choice.train([(["a"], "x"), (["b"], "x")]).best(["c"]) == "x"
    assert Choice.train([]).best(["c"]) == "none"


def test_it_learned_what_it_was_shown(crf):
    shown = scoring.score(
        TRAIN, [crf.extract(extractors.document(a)) for a in TRAIN], ["claims.level(2)", "mentions.strict"]
    )
    assert all(s.f1 > 0.85 for s in shown.scores)


def test_training_twice_gives_the_same_predictions(crf, tmp_path):
    again = Crf(TRAIN[:3], tmp_path / "again")
    document = extractors.document(load.articles("validation", "invented")[0])
    assert again.extract(document) == crf.extract(document)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_it(crf, text):
    found = crf.extract(Document("x", text))
    assert all(0 <= c.span.start < c.span.end <= len(text) for c in found.claims)


def test_there_is_nothing_to_learn_from_articles_without_text(tmp_path):
    stripped = [a for a in load.articles("train", "reported") if a.text is None]
    with pytest.raises(UnusableInput, match="nothing to learn from"):
        Crf.train(stripped, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_only_what_learns_can_be_trained():
    result = CliRunner().invoke(main, ["train", "regex"])
    assert result.exit_code == 2
    assert "'regex' does not learn; there are crf, spacy" in result.output


@pytest.mark.slow
def test_spacy_learns_too(tmp_path, monkeypatch):
    from conflictwire.extractors.trained import spacy

    monkeypatch.setattr(spacy, "UPDATES", 150)
    learned = spacy.Spacy(TRAIN[:1], tmp_path / "spacy")
    found = learned.extract(extractors.document(TRAIN[0]))
    (score,) = scoring.score(TRAIN[:1], [found], ["mentions.partial"]).scores
    assert score.f1 > 0.3
    assert spacy.Spacy(TRAIN[:1], tmp_path / "spacy").extract(extractors.document(TRAIN[0])) == found
