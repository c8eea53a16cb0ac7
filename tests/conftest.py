"""Shared fixtures: the worked article of the guidelines."""

import json
import os
import re

import pytest

# Before anything imports a hub's client: the suite reaches no hub.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from conflictwire import text as texts
from conflictwire.corpus.drafts import place_draft
from conflictwire.corpus.intake import skeleton
from support import ROOT


@pytest.fixture(scope="session")
def guidelines() -> str:
    return (ROOT / "schema" / "GUIDELINES.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def worked_draft(guidelines) -> dict:
    draft = json.loads(re.search(r"```json\n(.*?)```", guidelines, re.DOTALL)[1])
    return {"id": "worked", **draft}


@pytest.fixture(scope="session")
def worked_skeleton(guidelines) -> dict:
    """The small article of GUIDELINES 0, before annotation."""
    text = re.search(r"```text\n(.*?)```", guidelines, re.DOTALL)[1]
    meta = {
        "id": "worked",
        "part": "invented",
        "split": "train",
        "story": "worked",
        "genre": "flash",
        "title": "Car bomb outside Soumra hotel",
        "published": "2024-03-03",
        "license": "CC-BY-4.0",
        "annotation": {"guidelines": "0.1", "annotators": ["llm:test"], "method": "single", "date": "2026-11-23"},
    }
    return skeleton(meta, text.strip().split("\n"))


@pytest.fixture(scope="session")
def base(worked_draft, worked_skeleton) -> dict:
    """The same article for tests of many generated inputs, which do not change it."""
    return place_draft(worked_draft, worked_skeleton)


@pytest.fixture
def worked(worked_draft, worked_skeleton) -> dict:
    """The small article of GUIDELINES 0, annotated, in JSON form; a fresh copy each time."""
    return place_draft(worked_draft, worked_skeleton)


@pytest.fixture
def reported(worked) -> dict:
    """The same article as if it were reported: stand-off, with its title's hash."""
    from conflictwire.model import without_text

    title = texts.clean(worked["title"])
    worked["part"] = "reported"
    worked["origin"]["title"] = {"sha256": texts.digest(title), "length": len(title)}
    return without_text(worked)
