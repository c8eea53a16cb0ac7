"""The API of the README: what goes in may be of any kind, and means the same."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

import conflictwire as cw
from conflictwire import model
from conflictwire.corpus.files import UnusableInput
from conflictwire.formats import predictions


@pytest.fixture(scope="module")
def gold():
    return cw.articles("test", "invented")


@pytest.fixture(scope="module")
def predicted(gold):
    return [cw.extract("rules", a) for a in gold]


def forms(gold, predicted, folder):
    rows = [predictions.row(p)["prediction"] | {"id": p.id} for p in predicted]
    predictions.write(folder / "p.jsonl", predicted)
    pq.write_table(pa.Table.from_pylist(rows), folder / "p.parquet")
    return {
        "records": predicted,
        "dicts": rows,
        "generator": (r for r in rows),
        "frame": pd.DataFrame(rows),
        "polars": pl.from_arrow(pa.Table.from_pylist(rows)),
        "table": pa.Table.from_pylist(rows),
        "lines": folder / "p.jsonl",
        "parquet": str(folder / "p.parquet"),
    }


@pytest.mark.parametrize("kind", ["records", "dicts", "generator", "frame", "polars", "table", "lines", "parquet"])
def test_predictions_of_any_kind_score_the_same(gold, predicted, tmp_path, kind):
    want = cw.score(gold, predicted, ["claims.attributed", "coref.lea"]).to_json()
    assert cw.score(gold, forms(gold, predicted, tmp_path)[kind], ["claims.attributed", "coref.lea"]).to_json() == want


def test_gold_of_any_kind_scores_the_same(gold, predicted, tmp_path):
    want = cw.score(gold, predicted).to_json()["scores"]
    rows = [model.to_json(a) for a in gold]
    path = tmp_path / "gold.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    for kind in (rows, cw.load("articles", "test"), cw.load("articles", "test", as_="polars"), path):
        assert cw.score(kind, predicted).to_json()["scores"] == want


def test_a_notebook_shows_a_table(gold, predicted):
    shown = cw.score(gold, predicted, ["claims.level(2)"])._repr_html_()
    assert shown.startswith("<table")
    assert "claims.level(2)" in shown


@pytest.mark.parametrize("nothing", [3, {"id": "x"}, b"x", [3], [], "no-such-file.jsonl"])
def test_what_holds_no_predictions_is_refused(gold, nothing):
    with pytest.raises(UnusableInput):
        cw.score(gold, nothing)


def test_predictions_of_other_documents_are_refused_and_not_scored_0(gold, predicted):
    with pytest.raises(UnusableInput, match=r"predicts none of the .* documents: its ids are like 'elsewhere'"):
        cw.score(gold, [replace(predicted[0], id="elsewhere")])


def test_plain_text_is_extracted_from():
    found = cw.extract("rules", "At least 14 people were killed, police said.")
    assert [(c.bound, c.values) for c in found.claims] == [("at_least", ["14"])]


def test_validating_a_folder_a_file_and_a_record(worked):
    assert cw.validate(worked) == []
    worked["claims"][0]["values"] = ["15"]
    assert [f.code for f in cw.validate(worked)] == ["figure-differs"]
