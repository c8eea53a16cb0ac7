"""Peak memory, on Linux, of `conflictwire validate` against the number of articles, in JSON lines and in Parquet shards.

    .venv/bin/python benchmarks/memory.py [--most 100000]

Each row is a process of its own over generated articles of four sentences, written beforehand in shards.
Flat means: the last row needs no more than the first.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from conflictwire.corpus.arrow import article_schema
from conflictwire.corpus.card import markdown_table
from conflictwire.corpus.drafts import place_draft
from conflictwire.corpus.intake import skeleton
from conflictwire.model import Json

SHARD = 2_500
SMALLEST = 1_000


def articles(seed: int = 1) -> Iterator[Json]:
    """Small articles without end, no two alike; every tenth counts with the wrong figure."""
    rng = random.Random(seed)
    meta = {
        "part": "invented", "split": "train", "genre": "flash", "title": "Blast", "published": "2024-03-03", "license": "CC-BY-4.0",
        "annotation": {"guidelines": "0.3", "annotators": ["generated"], "method": "single", "date": "2026-11-23"},
    }  # fmt: skip
    number = 0
    while True:
        number += 1
        count, city = str(rng.randint(3, 900)), rng.choice(("Soumra", "Dellin", "Corvane"))
        text = [
            f"{count} people were killed in {city} on Sunday, Mira Dask said.",
            f"It was blast number {rng.random()} of the kind {rng.random()}.",
        ]
        said = count if number % 10 else "2"
        draft = {
            "entities": [
                {"id": "e1", "type": "geopolitical", "subtype": "city", "name": city, "mentions": [{"span": city}]},
                {"id": "e2", "type": "person", "name": "Mira Dask", "mentions": [{"span": "Mira Dask"}]},
            ],
            "events": [{"id": "ev1", "type": "attack.bombing", "triggers": ["killed"], "arguments": [], "time": None}],
            "claims": [
                {
                    "id": "c1", "span": count, "values": [said], "measure": "killed", "measure_span": "killed",
                    "counted": {"span": "people", "role": "victim"}, "scope": {"event": "ev1"}, "reading": "event_total",
                }
            ],
            "sources": [{"id": "s1", "category": "individual", "entity": "e2", "mentions": ["Mira Dask"]}],
            "attributions": [
                {
                    "id": "a1", "sources": ["s1"], "source_span": "Mira Dask", "cue": ["said"],
                    "content": [f"{count} people were killed in {city} on Sunday"], "asserts": [{"target": "c1"}],
                }
            ],
        }  # fmt: skip
        name = f"g{number}"
        yield place_draft({"id": name, **draft}, skeleton({"id": name, "story": name, **meta}, text))


def write(folder: Path, form: str, count: int) -> None:
    """So many articles in shards of one form."""
    folder.mkdir()
    records = islice(articles(), count)
    for shard in range(0, count, SHARD):
        rows = list(islice(records, SHARD))
        if form == "jsonl":
            with (folder / f"{shard}.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
        else:
            table = pa.Table.from_pylist([{**row, "has_text": True} for row in rows], article_schema())
            pq.write_table(table, folder / f"{shard}.parquet")


# VmHWM, because the peak that `getrusage` gives a child begins with that of its parent.
MEASURED = """
import re, sys
from pathlib import Path
from conflictwire.cli import main
try:
    main(["validate", "--most", "1", sys.argv[1]])
finally:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""


def peak(folder: Path) -> float:
    """Peak resident memory in MB of validating a folder, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", MEASURED, str(folder)], capture_output=True, text=True)
    counted, kilobytes = run.stderr.strip().splitlines()[-2:]
    if "error(s)" not in counted:
        raise SystemExit(f"nothing was validated: {run.stderr}")
    return int(kilobytes) / 1024


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=100_000)
    most = parser.parse_args().most
    rows = []
    for count in sorted({SMALLEST, 4 * SHARD, most}):
        row: list[object] = [f"{count:,}"]
        for form in ("jsonl", "parquet"):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name) / "articles"
                write(folder, form, count)
                row.append(f"{peak(folder):.0f}")
        rows.append(row)
        print(f"{count:,} done", file=sys.stderr)
    print(markdown_table(["articles", "JSON lines, peak MB", "Parquet, peak MB"], rows))


if __name__ == "__main__":
    main()
