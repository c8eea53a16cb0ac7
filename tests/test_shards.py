"""Work over shards: the same result wherever it runs, whatever dies on the way, however the corpus is cut."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from conflictwire import extractors, scoring
from conflictwire.cli import main
from conflictwire.corpus import arrow, files, load
from conflictwire.corpus.files import UnusableInput
from conflictwire.engine import cluster, jobs, shards
from conflictwire.extractors import runner
from conflictwire.model import to_json

ARTICLES = load.articles(part="invented")[:8]


@dataclass(frozen=True)
class Lines:
    """Copies a shard; fails on shards named `bad`, kills its process once where `deadly` names a file that is not there."""

    deadly: str = ""

    @property
    def name(self):
        return "lines"

    def inputs(self, shard):
        return [shard]

    def work(self, shard, out):
        if shard.stem == "bad":
            raise ValueError("it always fails")
        if self.deadly and shard.stem == "s2" and not Path(self.deadly).exists():
            Path(self.deadly).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.02)
        files.write_text(out, shard.read_text(encoding="utf-8"))
        return {"lines": len(shard.read_text(encoding="utf-8").splitlines())}


@pytest.fixture
def cut(tmp_path):
    """The articles in four shards, one of them Parquet."""
    folder = tmp_path / "gold"
    folder.mkdir()
    for n in range(4):
        rows = [to_json(a) for a in ARTICLES[2 * n : 2 * n + 2]]
        if n == 3:
            table = pa.Table.from_pylist([{**r, "has_text": True} for r in rows], arrow.article_schema())
            pq.write_table(table, folder / f"s{n}.parquet")
        else:
            (folder / f"s{n}.jsonl").write_text("".join(files.json_line(r) + "\n" for r in rows), encoding="utf-8")
    return folder


def content(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def run(job, folder, out, mapper):
    return shards.run(job, shards.find([folder]), out, mapper)


def test_processes_and_one_process_leave_the_same_files(cut, tmp_path):
    for workers in (1, 2):
        run(jobs.Validate(), cut, tmp_path / str(workers), shards.in_processes(workers))
    assert content(tmp_path / "1") == content(tmp_path / "2")
    manifest = json.loads((tmp_path / "1" / "manifest.json").read_text())
    assert sum(s["summary"]["records"] for s in manifest["shards"].values()) == len(ARTICLES)


def test_scores_of_shards_are_the_scores_of_the_whole(cut, tmp_path):
    found, metrics = tmp_path / "found", tuple(scoring.DEFAULT)
    run(jobs.Extract("rules"), cut, found, shards.in_processes(2))
    done = run(jobs.Score(found, metrics), cut, tmp_path / "scores", shards.in_processes(2))
    merged = {row["metric"]: row for row in jobs.merged_scores(done)}
    whole = scoring.score(ARTICLES, [o.prediction for o in runner.run("rules", map(extractors.document, ARTICLES))])
    for score in whole.scores:
        row = merged[score.metric]
        assert (row["f1"], row["precision"], row["recall"]) == (score.f1, score.precision, score.recall), score.metric


def test_a_second_run_does_only_what_is_missing_or_changed(cut, tmp_path):
    out = tmp_path / "out"
    run(jobs.Validate(), cut, out, shards.in_processes())
    before = content(out)
    (out / "s0.jsonl").unlink()
    (out / "s1.jsonl").write_text("spoilt")
    (cut / "s2.jsonl").write_text((cut / "s2.jsonl").read_text() + "\n")
    worked = []

    def watching(function, todo):
        worked.extend(s.stem for s in todo)
        return shards.in_processes()(function, todo)

    run(jobs.Validate(), cut, out, watching)
    assert worked == ["s0", "s1", "s2"]
    assert {n: c for n, c in content(out).items() if n[:2] in ("s0", "s1", "s3")} == {
        n: c for n, c in before.items() if n[:2] in ("s0", "s1", "s3")
    }


def test_a_shard_that_always_fails_is_named_and_leaves_the_others_done(cut, tmp_path):
    (cut / "bad.jsonl").write_text("{}\n")
    done = run(Lines(), cut_only_text(cut), tmp_path / "out", shards.in_processes(2))
    assert {d.shard: d.error for d in done if d.error} == {"bad": "ValueError: it always fails"}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())["shards"]
    assert manifest["bad"] == {"error": "ValueError: it always fails"}
    assert all("summary" in manifest[f"s{n}"] for n in range(3))


def cut_only_text(folder):
    (folder / "s3.parquet").unlink()
    return folder


def test_a_worker_process_that_is_killed_changes_nothing(cut, tmp_path):
    folder = cut_only_text(cut)
    run(Lines(), folder, tmp_path / "calm", shards.in_processes())
    done = run(Lines(str(tmp_path / "killed")), folder, tmp_path / "killed-out", shards.in_processes(2))
    assert (tmp_path / "killed").exists()
    assert not any(d.error for d in done)
    assert content(tmp_path / "calm") == content(tmp_path / "killed-out")


def test_two_shards_of_one_name_and_what_is_no_shard_are_refused(cut, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "s0.jsonl").write_text("{}\n")
    with pytest.raises(UnusableInput, match="two shards are called s0"):
        shards.find([cut, other])
    with pytest.raises(UnusableInput, match="no shard there"):
        shards.find([tmp_path / "empty"] if (tmp_path / "empty").mkdir() is None else [])


def test_the_commands_work_over_shards(cut, tmp_path):
    invoke = CliRunner().invoke
    found = tmp_path / "found"
    result = invoke(main, ["validate", str(cut), "--engine", "local", "--out", str(tmp_path / "v")])
    assert result.exit_code == 0, result.output
    result = invoke(main, ["extract", "regex", str(cut), "--engine", "local", "--workers", "2", "--out", str(found)])
    assert result.exit_code == 0, result.output
    result = invoke(
        main,
        [
            "score",
            str(cut),
            str(found),
            "--engine",
            "local",
            "--out",
            str(tmp_path / "s"),
            "--metric",
            "claims.level(0)",
            "--json",
        ],
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["scores"][0]["documents"] == "8/8"


@pytest.mark.slow
def test_a_local_dask_cluster_leaves_the_same_files_though_a_worker_is_killed(cut, tmp_path):
    folder = cut_only_text(cut)
    run(Lines(), folder, tmp_path / "calm", shards.in_processes())
    run(Lines(str(tmp_path / "killed")), folder, tmp_path / "dask", cluster.on_dask(workers=2))
    assert (tmp_path / "killed").exists()
    assert content(tmp_path / "calm") == content(tmp_path / "dask")


@pytest.fixture
def apart(tmp_path):
    """A scheduler and two workers as processes of their own, on loopback; yields the address and the workers."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    scheduler_file = tmp_path / "scheduler.json"
    common = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", str(scheduler_file)], **common
    )  # fmt: skip
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                "--scheduler-file",
                str(scheduler_file),
                "--nthreads",
                "1",
                "--no-dashboard",
                "--no-nanny",
                "--local-directory",
                str(tmp_path / f"w{n}"),
            ],
            **common,
        )
        for n in range(2)
    ]
    deadline = time.monotonic() + 60
    while not scheduler_file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    yield json.loads(scheduler_file.read_text())["address"], workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_cluster_of_separate_processes_survives_the_death_of_a_worker(cut, tmp_path, apart):
    address, workers = apart
    folder = cut_only_text(cut)
    run(Lines(), folder, tmp_path / "calm", shards.in_processes())
    run(Lines(str(tmp_path / "killed")), folder, tmp_path / "dask", cluster.on_dask(address))
    assert sum(w.poll() is not None for w in workers) == 1
    assert content(tmp_path / "calm") == content(tmp_path / "dask")


def test_a_scheduler_that_is_not_there_is_said(cut, tmp_path):
    with pytest.raises(UnusableInput, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run(Lines(), cut_only_text(cut), tmp_path / "out", cluster.on_dask("tcp://127.0.0.1:9"))
