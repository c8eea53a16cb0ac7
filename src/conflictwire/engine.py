"""Where work runs: in this process, or in several. Results come in the order of the items either way."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def run(function: Callable[[T], R], items: Iterable[T], workers: int = 1) -> Iterator[R]:
    """The results of a function over items, lazily and in order.

    Args:
        function: picklable where `workers` is more than one.
        items: what to work on.
        workers: number of processes; 1 works in this one.
    """
    if workers <= 1:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(function, items)
