"""What the error list says agrees with what the metrics counted, and oracles add what they stand for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictwire import model, scoring
from conflictwire.formats.predictions import from_gold
from conflictwire.scoring import DEFAULT, parse, text_form
from conflictwire.scoring.align import Aligned
from conflictwire.scoring.counts import finalise_parts, merge
from conflictwire.scoring.errors import CONFUSIONS
from conflictwire.scoring.oracles import ORACLES, ablate
from generated import damaged, layers, renamed, typed


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


def test_arguments_missed_made_up_and_in_another_role_are_listed(gold):
    """Of ev1 the place is said to be the target, the guard is missed; ev2 gets a victim that it does not have."""
    built = model.to_json(next(iter(from_gold([gold]))))
    first, second = (e["arguments"] for e in built["events"][:2])
    next(g for g in first if g["role"] == "place")["role"] = "target"
    guard = next(g for g in first if g["entity"] == "e9")
    first.remove(guard)
    second.append(guard)
    scores = scoring.score([gold], [model.prediction_from_json(built)])
    found = [(e.kind, e.words, e.gold, e.predicted) for e in scores.errors if e.layer == "arguments"]
    assert sorted(found) == [
        ("missed", "A guard", "victim", None),
        ("mistyped", "Soumra", "place", "target"),
        ("spurious", "A guard", None, "victim"),
    ]
    table = scores.confusion("arguments")
    assert (table.loc["place", "target"], table.loc["victim", "–"], table.loc["–", "victim"]) == (1, 1, 1)
    assert table.loc["victim", "victim"] == 2


def test_the_confusion_table_counts_types(gold, flawed):
    scores = scoring.score([gold], [flawed])
    table = scores.confusion("mentions")
    assert (table.loc["geopolitical", "facility"], table.loc["people", "–"]) == (5, 1)
    assert scores.confusion("claims").loc["killed", "injured"] == 1
    with pytest.raises(ValueError, match="no confusion table of 'colour'"):
        scores.confusion("colour")


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_errors_and_confusion_tables_hold_what_the_metrics_counted(base, data):
    article = model.article_from_json(base)
    scores = scoring.score(
        [article],
        [typed(data.draw(damaged(base)))],
        ["mentions.type", "events.triggers.found", "events.arguments", "claims.level(0)", "attributions.content"],
    )
    for layer, metric in zip(CONFUSIONS, scores.metrics, strict=True):
        counts = merge(scores.counts[text_form(metric)].values())[""]
        table = scores.confusion(layer)
        gold, predicted = table.drop(index="–", errors="ignore"), table.drop(columns="–", errors="ignore")
        assert gold.to_numpy().sum() * metric.unit == counts.gold
        assert predicted.to_numpy().sum() * metric.unit == counts.predicted
        right = sum(table.at[kind, kind] for kind in table.index.intersection(table.columns))
        if layer in ("mentions", "arguments"):
            assert right == counts.gold_credit == counts.predicted_credit
        one_sided = [e for e in scores.errors if e.layer == layer and e.kind in ("missed", "spurious")]
        unpaired = table.to_numpy().sum() - gold.drop(columns="–", errors="ignore").to_numpy().sum()
        assert len(one_sided) == unpaired


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


def test_on_a_perfect_prediction_with_other_names_no_oracle_changes_anything(base):
    gold = model.article_from_json(base)
    metrics = [m for m in DEFAULT if "floor" not in m]
    frame = ablate([gold], [typed(renamed(layers(base)))], metrics).set_index("metric")
    assert set(frame.f1.dropna()) == {1.0}
    assert (frame.drop(columns="f1").dropna() == 0).all().all()


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_with_a_layer_from_the_gold_that_layer_is_perfect(base, data):
    gold = model.article_from_json(base)
    prediction = typed(data.draw(damaged(base)))
    layer_of = {
        "with gold mentions": ("mentions.strict", "coref.conll"),
        "with gold events": ("events.triggers", "events.coref.lea"),
        "with gold figures": ("claims.level(2)", "claims.relations"),
        "with gold sources": ("attributions.content", "attributions.nesting", "attributions.speaker"),
    }
    assert set(layer_of) == set(ORACLES)
    for name, metrics in layer_of.items():
        for metric in metrics:
            counts = parse(metric).counts(Aligned(gold, ORACLES[name](gold, prediction)))
            assert finalise_parts(counts, parse(metric).parts).f1 == 1, (name, metric)
