"""The Croissant metadata is valid, names only what is there, and reads the very rows of the tables."""

import hashlib
import json

import pyarrow.parquet as pq
import pytest

from conflictwire.corpus import croissant, load, views
from support import ROOT

DATASET = ROOT / "dataset"


@pytest.fixture(scope="module")
def metadata() -> dict:
    return json.loads((DATASET / "croissant.json").read_text(encoding="utf-8"))


def test_every_named_file_and_column_exists_and_every_view_is_named(metadata):
    files = {f["@id"]: DATASET / f["contentUrl"] for f in metadata["distribution"]}
    for item in metadata["distribution"]:
        assert hashlib.sha256(files[item["@id"]].read_bytes()).hexdigest() == item["sha256"]
    for record in metadata["recordSet"]:
        named = {(f["source"]["fileObject"]["@id"], f["source"]["extract"]["column"]) for f in record["field"]}
        (file,) = {f for f, _ in named}
        assert {c for _, c in named} == set(pq.read_schema(files[file]).names)
    assert {r["name"] for r in metadata["recordSet"]} == {f"{v}_{s}" for v in views.VIEWS for s in load.SPLITS}


def test_every_column_has_a_meaning_and_no_meaning_is_left_over():
    assert set(croissant.COLUMNS) == {f.name for view in views.VIEWS.values() for f in view.schema}


@pytest.mark.slow
def test_mlcroissant_accepts_it_and_reads_the_same_rows():
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=DATASET / "croissant.json")
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    rows = list(dataset.records("relations_test"))
    stored = pq.read_table(DATASET / "data" / "relations" / "test.parquet").to_pylist()
    assert len(rows) == len(stored) > 0
    for row, expected in zip(rows, stored, strict=True):
        for column in ("claim", "type", "target"):
            assert row[f"relations_test/{column}"].decode() == expected[column]
