"""`load_dataset("dataset")` just works: each config, streaming, offline, never stale.

CI runs it in environments of their own with the oldest and the newest version of `datasets` that the
card promises.
"""

import json
import shutil
from pathlib import Path

import pytest

datasets = pytest.importorskip("datasets")
ROOT = Path(__file__).parents[1]
DATASET = str(ROOT / "dataset")
CONFIGS = sorted(p.name for p in (ROOT / "dataset" / "data").iterdir())
SPLITS = ("train", "validation", "test")

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))


def load(path=DATASET, *args, **kwargs):
    return datasets.load_dataset(
        path, *args, cache_dir=kwargs.pop("cache_dir", None) or datasets.config.HF_DATASETS_CACHE, **kwargs
    )


def test_the_default_is_the_articles_with_their_text():
    loaded = load()
    assert set(loaded) == set(SPLITS)
    first = loaded["train"][0]
    assert first["text"]
    stored = json.loads(
        (ROOT / "dataset" / "articles" / first["part"] / f"{first['id']}.json").read_text(encoding="utf-8")
    )
    assert first["claims"] == stored["claims"]
    assert first["entities"][0]["mentions"][0]["span"] == stored["entities"][0]["mentions"][0]["span"]


@pytest.mark.parametrize("config", CONFIGS)
def test_each_config_loads_and_streams_the_same_rows(config):
    for split in SPLITS:
        table = load(DATASET, config, split=split)
        streamed = list(load(DATASET, config, split=split, streaming=True))
        assert len(table) > 0
        assert streamed == table.to_list()


def test_claims_become_a_data_frame_that_makes_sense():
    frame = load(DATASET, "claims", split="train").to_pandas()
    assert {"article", "text", "low", "high", "measure", "voice", "sources"} <= set(frame.columns)
    killed = frame[(frame.measure == "killed") & (frame.form == "numeral") & (frame.bound == "none")]
    assert len(killed) > 0
    assert (killed.low <= killed.high).all() or killed.low.isna().any()


def test_an_edited_article_is_never_served_stale(tmp_path):
    """Same folder, same cache: after an edit and a build the new rows are loaded."""
    from conflictwire.corpus import build

    copy = tmp_path / "dataset"
    shutil.copytree(DATASET, copy, ignore=shutil.ignore_patterns("passes"))
    cache = str(tmp_path / "one-cache")
    before = load(str(copy), "claims", split="test", cache_dir=cache).to_list()
    path = next(
        p
        for p in (copy / "articles" / "invented").glob("*.json")
        if json.loads(p.read_text("utf-8"))["split"] == "test"
    )
    record = json.loads(path.read_text(encoding="utf-8"))
    claim = next(c for c in record["claims"] if c["measure"] != "other")
    claim["measure"] = "other"
    path.write_text(json.dumps(record), encoding="utf-8")
    build.build(copy)
    after = load(str(copy), "claims", split="test", cache_dir=cache).to_list()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1]["measure"] == "other"
