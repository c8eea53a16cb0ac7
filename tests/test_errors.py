"""What the error list says agrees with what the metrics counted, and oracles add what they stand for."""

import pytest

from conflictwire import model, scoring
from conflictwire.formats.predictions import from_gold
from conflictwire.scoring.oracles import ablate


@pytest.fixture
def gold(worked):
    return model.article_from_json(worked)


@pytest.fixture
def flawed(gold):
    """The gold with one error of each kind."""
    built = model.to_json(next(iter(from_gold([gold]))))
    built["entities"].pop()  # missed: "400 and 600 fighters"
    built["entities"][0]["type"] = "facility"  # mistyped: five mentions of Soumra
    built["entities"][1]["mentions"][0]["span"]["end"] -= 5  # mis-bounded: "Halden"
    built["claims"][0]["values"] = ["15"]
    built["claims"][1]["measure"] = "injured"
    built["claims"].pop()  # missed: "no"
    built["claims"].append({**built["claims"][2], "id": "extra", "span": {"start": 600, "end": 604, "text": None}})
    built["attributions"] = [a for a in built["attributions"] if a["id"] not in ("a5", "a6")]  # mis-sourced: 17
    return model.prediction_from_json(built)


def test_each_kind_of_error_is_listed_with_its_place(gold, flawed):
    scores = scoring.score([gold], [flawed])
    found = {(e.layer, e.kind): e for e in scores.errors}
    assert found["mentions", "missed"].words == "400 and 600 fighters"
    assert sum((e.layer, e.kind) == ("mentions", "mistyped") for e in scores.errors) == 5
    assert found["mentions", "mis-bounded"].words == "Halden Wire"
    assert (found["claims", "other figure"].gold, found["claims", "other figure"].predicted) == (
        "at_least 14",
        "at_least 15",
    )
    assert found["claims", "other measure"].predicted == "injured"
    assert found["claims", "missed"].words == "no"
    assert found["claims", "spurious"].start == 600
    assert [e.words for e in scores.errors if (e.layer, e.kind) == ("attributions", "missed")] == [
        "the toll had risen to 17"
    ] * 2
    assert (found["claims", "mis-sourced"].gold, found["claims", "mis-sourced"].predicted) == (
        "Halden Wire, doctor",
        "narrator",
    )


def test_the_confusion_table_counts_types(gold, flawed):
    table = scoring.score([gold], [flawed]).confusion("mentions")
    assert table.loc["geopolitical", "facility"] == 5


def test_a_perfect_prediction_has_no_errors(gold):
    assert scoring.score([gold], from_gold([gold])).errors == ()


def test_an_oracle_adds_what_its_layer_lost(gold, flawed):
    frame = ablate(
        [gold], [flawed], ["mentions.strict", "claims.level(2)", "claims.level(3)", "claims.attributed"]
    ).set_index("metric")
    assert frame.f1["mentions.strict"] + frame["with gold mentions"]["mentions.strict"] == 1
    assert frame.f1["claims.level(2)"] + frame["with gold figures"]["claims.level(2)"] == 1
    assert frame["with gold figures"]["claims.level(3)"] >= 0
    assert frame["with gold sources"]["claims.attributed"] > 0
    assert frame["with gold sources"]["mentions.strict"] == 0
