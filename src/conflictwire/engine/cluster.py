"""Shards on Dask distributed: a local cluster, or one that is there already (the `cluster` extra).

One shard a task; https://distributed.dask.org. A worker that dies gives its shards back to the
scheduler; a shard that takes several workers with it is given up and named. Knows futures, not jobs.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from conflictwire.corpus.files import UnusableInput
from conflictwire.engine.shards import Done, Mapper


def on_dask(scheduler: str | None = None, workers: int = 2) -> Mapper:
    """Shards on a Dask cluster.

    Args:
        scheduler: the address of one that runs (`tcp://host:8786`); its workers need this package, and see
            the same folders. None starts a cluster on this machine for the run.
        workers: processes of the local cluster.
    """

    def mapper(function: Callable[[Path], Done], shards: list[Path]) -> Iterator[Done]:
        try:
            distributed: Any = import_module("distributed")  # it has no types
        except ModuleNotFoundError as error:
            raise UnusableInput("--engine dask needs Dask: pip install 'conflictwire[cluster]'") from error
        if not shards:
            return
        absolute = [s.resolve() for s in shards]
        own = None
        try:
            if scheduler is None:
                own = distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            client = distributed.Client(own if own is not None else scheduler, timeout="10s")
        except (OSError, TimeoutError) as error:
            raise UnusableInput(f"no Dask scheduler answers at {scheduler}: {error}") from error
        try:
            with client:
                futures = {client.submit(function, s, pure=False): s for s in absolute}
                for future in distributed.as_completed(futures):
                    problem = future.exception()
                    name = futures[future].stem
                    yield Done(name, None, f"{type(problem).__name__}: {problem}") if problem else future.result()
                    future.release()
        finally:
            if own is not None:
                own.close()

    return mapper
