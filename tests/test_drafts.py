import copy
import json

import pytest

from conflictwire import model
from conflictwire.corpus.drafts import DraftError, place_draft


def test_the_guidelines_example_is_placed_and_valid(worked):
    from conflictwire.validation import validate_record

    assert [f for f in validate_record(worked) if f.severity == "error"] == []
    assert len(worked["claims"]) == 6


def test_every_span_of_the_record_is_the_text_it_says(worked):
    for _, container, key in model.iter_spans(worked):
        span = container[key]
        assert worked["text"][span["start"] : span["end"]] == span["text"]


def test_an_absent_quotation_is_named_with_its_path_and_the_nearest_words(worked_draft, worked_skeleton):
    draft = copy.deepcopy(worked_draft)
    draft["claims"][0]["span"] = "at least 15"
    with pytest.raises(DraftError) as caught:
        place_draft(draft, worked_skeleton)
    (problem,) = caught.value.problems
    assert problem.path == "claims[0].span"
    assert "not in the text" in problem.message
    assert any("at least 14" in c or "›at least 1" in c for c in problem.candidates)


def test_an_ambiguous_quotation_lists_its_occurrences(worked_draft, worked_skeleton):
    draft = copy.deepcopy(worked_draft)
    draft["entities"][0]["mentions"][1]["span"] = "Soumra"
    with pytest.raises(DraftError) as caught:
        place_draft(draft, worked_skeleton)
    (problem,) = caught.value.problems
    assert [c[:4] for c in problem.candidates] == ["n=1:", "n=2:", "n=3:"]


def test_nothing_is_dropped_silently(worked_draft, worked_skeleton):
    draft = copy.deepcopy(worked_draft)
    draft["events"][0]["colour"] = "red"
    with pytest.raises(DraftError, match="colour"):
        place_draft(draft, worked_skeleton)


def test_a_draft_of_another_article_is_refused(worked_draft, worked_skeleton):
    with pytest.raises(DraftError, match="the article is 'worked'"):
        place_draft({**worked_draft, "id": "other"}, worked_skeleton)


def test_placing_a_placed_record_changes_nothing(worked, worked_skeleton):
    assert place_draft(json.loads(json.dumps(worked)), worked_skeleton) == worked
