"""Runs over shards as a person sees them: progress, a sum of all shards, and the shards that failed."""

import json
from collections import Counter
from pathlib import Path

import click

from conflictwire.engine import cluster, jobs, shards
from conflictwire.report import terminal


def run(
    job: shards.Job,
    paths: tuple[Path, ...],
    out: Path,
    engine: str,
    scheduler: str | None,
    workers: int,
    as_json: bool = False,
) -> bool:
    """Does a job to every shard below some paths and prints what came of it.

    Returns:
        Whether every shard was done, and none holds an error that the job counts.
    """
    found = shards.find(paths)
    mapper = cluster.on_dask(scheduler, workers) if engine == "dask" else shards.in_processes(workers)
    with terminal.progress(job.name.split("(")[0], len(found)) as advance:
        done = shards.run(job, found, out, mapper, lambda result: advance())
    failed = [d for d in done if d.error]
    for shard in failed:
        click.echo(f"{shard.shard}: {shard.error}", err=True)
    counts: Counter[str] = Counter()
    if isinstance(job, jobs.Score):
        rows = jobs.merged_scores(done)
    else:
        for shard in done:
            counts.update(shard.summary or {})
        rows = [{"what": what, "times": times} for what, times in sorted(counts.items())]
    if as_json:
        click.echo(
            json.dumps({"scores" if isinstance(job, jobs.Score) else "counts": rows}, ensure_ascii=False, indent=2)
        )
    else:
        terminal.table(f"{job.name.split('(')[0]}: {len(found) - len(failed)} of {len(found)} shards", rows)
    click.echo(f"outputs, notes and manifest.json are in {out}", err=True)
    return not failed and not counts["error"] and not counts["failed"]
