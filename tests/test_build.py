"""What is generated is current, loads everywhere, and holds exactly what the articles hold."""

import json
import shutil

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from conflictwire.cli import main
from conflictwire.corpus import build, load, views
from conflictwire.model import article_from_json
from support import ROOT

DATASET = ROOT / "dataset"


@pytest.fixture
def copy(tmp_path):
    """A copy of the dataset that a test may change."""
    shutil.copytree(DATASET, tmp_path / "dataset", ignore=shutil.ignore_patterns("passes"))
    return tmp_path / "dataset"


def test_nothing_generated_is_out_of_date():
    assert build.build(DATASET, ROOT / "schema", check=True) == []


def test_every_article_round_trips_exactly_between_json_and_parquet():
    stored = {r["id"]: r for r in load.records(DATASET)}
    rows = [
        r for split in load.SPLITS for r in build.record_rows(DATASET / "data" / "articles_all" / f"{split}.parquet")
    ]
    assert {r["id"]: r for r in rows} == stored


def test_an_edited_article_makes_the_check_fail_and_changes_the_configs_description(copy):
    path = next((copy / "articles" / "invented").glob("*.json"))
    record = json.loads(path.read_text(encoding="utf-8"))
    record["claims"][0]["measure"] = "other"
    path.write_text(json.dumps(record), encoding="utf-8")
    before = (copy / "README.md").read_text(encoding="utf-8")
    result = CliRunner().invoke(main, ["build", "--check", "--dataset", str(copy)])
    assert result.exit_code == 1
    assert "claims" in result.output
    assert CliRunner().invoke(main, ["build", "--dataset", str(copy)]).exit_code == 0
    assert (copy / "README.md").read_text(encoding="utf-8") != before
    assert CliRunner().invoke(main, ["build", "--check", "--dataset", str(copy)]).exit_code == 0


def test_a_table_that_no_config_has_is_found_and_taken_away(copy):
    stray = copy / "data" / "claims" / "dev.parquet"
    shutil.copy(copy / "data" / "claims" / "test.parquet", stray)
    assert build.build(copy, check=True) == [stray]
    build.build(copy)
    assert not stray.exists()


def test_parquet_carries_no_librarys_metadata_and_strings_stay_strings():
    for path in (DATASET / "data").rglob("*.parquet"):
        schema = pq.read_schema(path)
        assert not schema.metadata, path
        assert "dictionary" not in str(schema), path


@pytest.mark.parametrize("config", list(views.VIEWS))
def test_every_view_has_rows_with_all_its_columns(config):
    rows = load.load(config, "all", as_="records")
    assert rows
    assert list(rows[0]) == views.VIEWS[config].schema.names


def test_the_default_config_holds_the_articles_with_text_and_the_other_all():
    with_text = load.load("articles", "all", as_="arrow")
    everything = load.load("articles_all", "all", as_="arrow")
    assert set(with_text["has_text"].to_pylist()) == {True}
    assert everything.num_rows == len(load.article_files()) > with_text.num_rows


def test_no_story_stands_in_two_splits_and_each_split_has_both_parts():
    splits: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for record in load.records(DATASET):
        splits.setdefault(record["story"], set()).add(record["split"])
        parts.setdefault(record["split"], set()).add(record["part"])
    assert all(len(s) == 1 for s in splits.values())
    assert parts == {split: {"invented", "reported"} for split in load.SPLITS}


def test_claims_carry_derived_bounds_voices_and_speakers(worked):
    rows = list(views.claims(article_from_json(worked)))
    assert [(r["low"], r["high"], r["voice"], r["sources"]) for r in rows] == [
        (14.0, None, "attributed", ["Ordanian interior ministry"]),
        (3.0, 3.0, "attributed", ["Ordanian interior ministry"]),
        (1.0, 1.0, "unclear", []),
        (17.0, 17.0, "attributed", ["Halden Wire", "doctor"]),
        (400.0, 600.0, "narrator", []),
        (0.0, 0.0, "narrator", []),
    ]


def test_tolls_are_one_row_a_source_and_keep_what_is_part_of_what(worked):
    rows = list(views.tolls(article_from_json(worked)))
    assert [(r["measure"], r["low"], r["source"], r["part_of"]) for r in rows] == [
        ("killed", 14.0, "Ordanian interior ministry", None),
        ("killed", 3.0, "Ordanian interior ministry", "c1"),
        ("injured", 1.0, None, None),
        ("killed", 17.0, "Halden Wire", None),
        ("killed", 17.0, "doctor", None),
        ("casualties", 0.0, None, None),
    ]


@pytest.mark.parametrize(
    ("config", "split", "as_"), [("claim", "train", "pandas"), ("claims", "dev", "pandas"), ("claims", "train", "xml")]
)
def test_a_wrong_name_says_which_there_are(config, split, as_):
    from conflictwire.corpus.files import UnusableInput

    with pytest.raises(UnusableInput, match=r"claims|train|pandas"):
        load.load(config, split, as_)


def test_tables_come_as_pandas_arrow_and_records():
    assert len(load.load("claims", "train")) == load.load("claims", "train", as_="arrow").num_rows


def test_tables_with_text_hold_only_texts_that_may_be_redistributed(copy, tmp_path):
    """A look-alike of a reported article, one under an open licence and one not."""
    sample = json.loads(next((copy / "articles" / "invented").glob("*.json")).read_text(encoding="utf-8"))
    from conflictwire.model import dumps, without_text

    for name, licence in (("open", "CC-BY-2.5"), ("closed", "LicenseRef-All-Rights-Reserved")):
        record = without_text({**sample, "id": name, "story": name, "part": "reported", "license": licence})
        (copy / "articles" / "reported" / f"{name}.json").write_text(dumps(record), encoding="utf-8")
    (tmp_path / "mine.txt").write_text(sample["text"], encoding="utf-8")
    result = CliRunner().invoke(main, ["build", "--dataset", str(copy), "--with-text", str(tmp_path / "mine.txt")])
    assert result.exit_code == 0, result.output
    rows = {r["id"]: r["has_text"] for s in load.SPLITS for r in load.table("articles_all", s, copy).to_pylist()}
    assert (rows["open"], rows["closed"]) == (True, False)
