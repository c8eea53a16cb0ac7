"""Work over many files: one shard a task, each with an output and a note of its own, so that a run can stop and go on.

A shard's note (`<shard>.note.json`) is written after its output and holds the hashes of what went in and
came out: a shard whose note still fits is not done again. `manifest.json` gathers the notes at the end and is
the same for any engine and any number of workers. Knows jobs as such, not what they do.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from conflictwire import engine
from conflictwire.corpus import files
from conflictwire.corpus.files import UnusableInput
from conflictwire.model import Json

SUFFIXES = (".jsonl", ".parquet")
TRIES = 3  # attempts at one shard before it is called bad
MANIFEST = "manifest.json"


class Job(Protocol):
    """What is done to a shard; picklable, and the same input gives the same output."""

    @property
    def name(self) -> str:
        """What the job is, with everything that its output depends on."""
        ...

    def inputs(self, shard: Path) -> list[Path]:
        """The files that are read for a shard, itself first."""
        ...

    def work(self, shard: Path, out: Path) -> Json:
        """Reads the shard, writes `out` atomically, and returns a summary that can be merged."""
        ...


@dataclass(frozen=True)
class Done:
    """What became of a shard: its summary, or the error of its last attempt."""

    shard: str
    summary: Json | None
    error: str | None = None


Mapper = Callable[[Callable[[Path], Done], list[Path]], Iterator[Done]]
"""Applies a function to shards somewhere and yields what became of each, in any order."""


def find(paths: Iterable[Path]) -> list[Path]:
    """The shards that some paths mean: files, and the `.jsonl` and `.parquet` files below folders.

    Raises:
        UnusableInput: there is none, or two have one name.
    """
    found = [
        file
        for path in paths
        for file in (sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES) if path.is_dir() else [path])
    ]
    if not found:
        raise UnusableInput(f"no shard there: shards are files that end in {' or '.join(SUFFIXES)}")
    names: dict[str, Path] = {}
    for file in found:
        if file.suffix not in SUFFIXES or not file.is_file():
            raise UnusableInput(f"{file} is no shard: shards are files that end in {' or '.join(SUFFIXES)}")
        if file.stem in names:
            raise UnusableInput(f"two shards are called {file.stem}: {names[file.stem]} and {file}")
        names[file.stem] = file
    return found


def run(
    job: Job, shards: list[Path], out: Path, mapper: Mapper, progress: Callable[[Done], None] | None = None
) -> list[Done]:
    """Does a job to every shard whose output is not there yet, and writes the manifest.

    A shard that fails every time is named in the result and in the manifest, and the others are done.

    Args:
        job: what to do.
        shards: as `find` gives them.
        out: the folder of outputs, notes and manifest; on a cluster, one that every worker sees.
        mapper: `in_processes(n)`, or `cluster.on_dask(...)`.
        progress: called for each shard, those kept from before included.
    """
    out.mkdir(parents=True, exist_ok=True)
    done = {s.stem: kept for s in shards if (kept := _kept(job, s, out))}
    for kept in done.values():
        if progress:
            progress(kept)
    for result in mapper(partial(attempt, job, out), [s for s in shards if s.stem not in done]):
        done[result.shard] = result
        if progress:
            progress(result)
    results = [done.get(s.stem) or Done(s.stem, None, "no worker gave it back") for s in shards]
    manifest = {
        "job": job.name,
        "shards": {r.shard: {"error": r.error} if r.error else _note(out, r.shard) for r in results},
    }
    files.write_text(out / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return results


def attempt(job: Job, out: Path, shard: Path) -> Done:
    """One shard, tried up to `TRIES` times; runs wherever the work runs."""
    error = ""
    for _ in range(TRIES):
        try:
            inputs = [_hash(p) for p in job.inputs(shard)]
            output = out / f"{files.safe_name(shard.stem)}.jsonl"
            summary = job.work(shard, output)
            note = {"job": job.name, "inputs": inputs, "output": _hash(output), "summary": summary}
            files.write_text(_note_path(out, shard.stem), files.json_line(note) + "\n")
            return Done(shard.stem, summary)
        except Exception as problem:  # whatever goes wrong with one shard, the others are done
            error = f"{type(problem).__name__}: {problem}"
    return Done(shard.stem, None, error)


def in_processes(workers: int = 1) -> Mapper:
    """Shards in this process, or in several of this machine.

    A worker that is killed takes the pool with it: what it had not finished is handed to a new one, and
    what kills every pool is given up.
    """

    def mapper(function: Callable[[Path], Done], shards: list[Path]) -> Iterator[Done]:
        if workers <= 1:
            yield from map(function, shards)
            return
        waiting = list(shards)
        for _ in range(TRIES):
            finished: set[str] = set()
            try:
                for result in engine.run(function, waiting, workers):
                    finished.add(result.shard)
                    yield result
                return
            except BrokenProcessPool:
                waiting = [s for s in waiting if s.stem not in finished]
        for shard in waiting:  # one at a time, each in a process of its own, to find the one that kills
            try:
                yield from engine.run(function, [shard], 2)
            except BrokenProcessPool:
                yield Done(shard.stem, None, "it kills the process that works on it")

    return mapper


def _kept(job: Job, shard: Path, out: Path) -> Done | None:
    """What an earlier run made of a shard, if inputs, job and output are still the same."""
    try:
        note = json.loads(_note_path(out, shard.stem).read_text(encoding="utf-8"))
        same = (
            note["job"] == job.name
            and note["inputs"] == [_hash(p) for p in job.inputs(shard)]
            and note["output"] == _hash(out / f"{shard.stem}.jsonl")
        )
        return Done(shard.stem, note["summary"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note_path(out: Path, shard: str) -> Path:
    return out / f"{shard}.note.json"


def _note(out: Path, shard: str) -> Any:
    note = json.loads(_note_path(out, shard).read_text(encoding="utf-8"))
    return {key: note[key] for key in ("inputs", "output", "summary")}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
