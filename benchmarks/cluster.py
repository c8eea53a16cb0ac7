"""Throughput and memory of validate, extract and score over shards, in one process, in several, and on Dask.

    .venv/bin/python benchmarks/cluster.py [--articles 100000] [--workers 2]

Articles are generated shard by shard as `benchmarks/memory.py` does. Every row is a run of `conflictwire` in a process of
its own, and its outputs must be those of the first row, byte for byte. The peak is that of the largest process. Flat
means: the last table's peaks are those of the first.
"""

import argparse
import filecmp
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import memory

from conflictwire.corpus.card import markdown_table

ENGINES = {"one process": ["local", "1"], "processes": ["local"], "Dask": ["dask"]}

MEASURED = """
import re, resource, sys
from pathlib import Path
from conflictwire.cli import main
if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    finally:
        own = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
        print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), file=sys.stderr)
"""


def run(script: Path, arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak MB of one command."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True)
    taken = time.perf_counter() - began
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    return taken, int(done.stderr.strip().splitlines()[-1]) / 1024


def same(one: Path, two: Path) -> bool:
    """Whether two folders of shards hold the same outputs."""
    names = sorted(p.name for p in one.glob("*.jsonl"))
    return bool(names) and not any(filecmp.cmpfiles(one, two, names, shallow=False)[1:])


def table(count: int, workers: int, folder: Path) -> list[list[object]]:
    """One row an engine and command."""
    shards, script = folder / "shards", folder / "measured.py"
    memory.write(shards, "jsonl", count)
    script.write_text(MEASURED, encoding="utf-8")
    rows: list[list[object]] = []
    first: dict[str, float] = {}
    for name, (engine, *fixed) in ENGINES.items():
        out = folder / name
        options = ["--engine", engine, "--workers", *(fixed or [str(workers)])]
        commands = {
            "validate": ["validate", str(shards), *options, "--out", str(out / "findings")],
            "extract regex": ["extract", "regex", str(shards), *options, "--out", str(out / "regex")],
            "score": ["score", str(shards), str(out / "regex"), *options, "--out", str(out / "counts")],
        }
        for command, arguments in commands.items():
            taken, peak = run(script, arguments)
            first.setdefault(command, taken)
            outputs = Path(arguments[-1])
            if not same(folder / next(iter(ENGINES)) / outputs.name, outputs):
                raise SystemExit(f"{command} with {name} has other outputs")
            shown = name if fixed else f"{workers} {name}" if name == "processes" else f"{name}, {workers} workers"
            rows.append([command, shown, f"{count / taken:.0f}", f"{first[command] / taken:.2f}", f"{peak:.0f}"])
            print(rows[-1], file=sys.stderr)
    return rows


def main() -> None:
    """Prints a table for a tenth of the articles and one for all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    for count in (asked.articles // 10, asked.articles):
        with tempfile.TemporaryDirectory() as name:
            rows = table(count, asked.workers, Path(name))
        print(f"\n{count:,} articles\n")
        print(markdown_table(["command", "engine", "articles/s", "times one process", "peak MB"], rows), flush=True)


if __name__ == "__main__":
    main()
