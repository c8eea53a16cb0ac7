"""Runs stream to disk, go on after a kill, pass over what fails, and end the same whatever the number of workers."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from conflictwire import engine, extractors
from conflictwire.cli import main
from conflictwire.corpus.files import UnusableInput
from conflictwire.extractors import runner
from conflictwire.extractors.base import REGISTRY, Document

TEXT = "At least 14 people were killed in Soumra on 3 March 2024, the ministry said.\nNearly 30 were wounded."
DOCUMENTS = [Document(f"d{i}", f"{TEXT} And {i + 2} more died.") for i in range(6)]


class _Counting:
    """Extracts by rules, remembers what it was shown, and fails on the ids in `failing`."""

    seen: list[str] = []  # noqa: RUF012 - shared on purpose: the runner makes the extractor
    failing: set[str] = set()  # noqa: RUF012

    def extract(self, document):
        self.seen.append(document.id)
        if document.id in self.failing:
            raise ValueError("no luck")
        return extractors.make("regex").extract(document)


@pytest.fixture
def counting(monkeypatch):
    monkeypatch.setitem(REGISTRY, "counting", _Counting)
    monkeypatch.delitem(runner._MADE, "counting", raising=False)
    monkeypatch.setattr(_Counting, "seen", [])
    monkeypatch.setattr(_Counting, "failing", set())
    return _Counting


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_failing_article_is_recorded_and_the_run_goes_on(counting, tmp_path):
    counting.failing = {"d1"}
    outcomes = runner.run_to_file("counting", DOCUMENTS[:3], tmp_path / "p.jsonl")
    assert [(o.id, o.error) for o in outcomes] == [("d0", None), ("d1", "ValueError: no luck"), ("d2", None)]
    assert [row.get("error") for row in rows(tmp_path / "p.jsonl")] == [None, "ValueError: no luck", None]


def test_the_file_is_the_same_whatever_the_number_of_workers(tmp_path):
    for workers in (1, 2, 3):
        runner.run_to_file("rules", DOCUMENTS, tmp_path / f"{workers}.jsonl", workers)
    assert len({(tmp_path / f"{w}.jsonl").read_bytes() for w in (1, 2, 3)}) == 1


def test_a_broken_off_run_goes_on_and_repeats_nothing(counting, tmp_path):
    whole, out = tmp_path / "whole.jsonl", tmp_path / "p.jsonl"
    runner.run_to_file("counting", DOCUMENTS, whole)
    kept = whole.read_bytes().splitlines(keepends=True)[:3]
    out.write_bytes(b"".join(kept) + b'{"id": "d3", "extr')  # cut in the middle of a row
    counting.seen.clear()
    progress = []
    runner.run_to_file("counting", DOCUMENTS, out, progress=progress.append)
    assert counting.seen == ["d3", "d4", "d5"]
    assert out.read_bytes() == whole.read_bytes()
    assert len(progress) == len(DOCUMENTS)


def test_what_failed_is_tried_again_and_takes_its_place(counting, tmp_path):
    out = tmp_path / "p.jsonl"
    counting.failing = {"d1"}
    runner.run_to_file("counting", DOCUMENTS[:3], out)
    counting.failing = set()
    counting.seen.clear()
    runner.run_to_file("counting", DOCUMENTS[:3], out)
    assert counting.seen == ["d1"]
    assert [row["id"] for row in rows(out) if "prediction" in row] == ["d0", "d1", "d2"]


def test_a_document_that_changed_is_read_again(counting, tmp_path):
    out = tmp_path / "p.jsonl"
    runner.run_to_file("counting", DOCUMENTS[:2], out)
    counting.seen.clear()
    changed = Document("d1", DOCUMENTS[1].text.replace("14", "40"))
    runner.run_to_file("counting", [DOCUMENTS[0], changed], out)
    assert counting.seen == ["d1"]
    assert "40" in rows(out)[1]["prediction"]["claims"][0]["values"]


def test_a_file_of_another_extractor_is_left_alone(counting, tmp_path):
    out = tmp_path / "p.jsonl"
    runner.run_to_file("counting", DOCUMENTS[:2], out)
    before = out.read_bytes()
    with pytest.raises(UnusableInput, match="holds predictions of 'counting'"):
        runner.run_to_file("rules", DOCUMENTS[:2], out)
    assert out.read_bytes() == before


def test_the_file_scores_as_it_is_failures_counting_as_empty(counting, tmp_path):
    out = tmp_path / "p.jsonl"
    result = CliRunner().invoke(main, ["extract", "regex", "train", "--out", str(out)])
    assert result.exit_code == 0, result.output
    kept = rows(out)
    kept[0] = {**{k: v for k, v in kept[0].items() if k != "prediction"}, "error": "ValueError: no luck"}
    out.write_text("".join(json.dumps(r) + "\n" for r in kept), encoding="utf-8")
    scored = CliRunner().invoke(main, ["score", "train", str(out), "--metric", "claims.level(0)", "--json"])
    assert kept[0]["id"] in scored.output
    assert scored.exit_code in (0, 1)


def test_items_are_read_only_a_little_ahead_of_the_results():
    taken = []

    def items():
        for i in range(100):
            taken.append(i)
            yield i

    results = engine.run(str, items(), workers=2)
    assert next(results) == "0"
    assert len(taken) <= 2 * engine.AHEAD
    assert list(results) == [str(i) for i in range(1, 100)]


@pytest.mark.slow
def test_a_run_killed_in_the_middle_resumes_to_the_same_file(tmp_path):
    """SIGKILL, by a real process that is half-way through its documents."""
    plugin = tmp_path / "slowly.py"
    plugin.write_text(
        "import time\n"
        "from conflictwire import extractors\n"
        "class Slowly:\n"
        "    def extract(self, document):\n"
        "        time.sleep(0.05)\n"
        "        return extractors.make('regex').extract(document)\n"
    )
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from slowly import Slowly\n"
        "from conflictwire.extractors import runner\n"
        "from conflictwire.extractors.base import REGISTRY, Document\n"
        "REGISTRY['slowly'] = Slowly\n"
        "documents = [Document(f'd{i}', f'{i + 2} people were killed.') for i in range(40)]\n"
        "runner.run_to_file('slowly', documents, Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    whole, out = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    subprocess.run([*command, str(whole)], check=True, env=environment)
    process = subprocess.Popen([*command, str(out)], env=environment)
    deadline = time.monotonic() + 60
    while not (out.is_file() and out.read_bytes().count(b"\n") >= 5) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 5 <= out.read_bytes().count(b"\n") < 40
    subprocess.run([*command, str(out)], check=True, env=environment)
    assert out.read_bytes() == whole.read_bytes()
