"""Where work runs: in this process, or in several. Results come in the order of the items either way."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4  # items a worker that are handed out before their turn: enough to keep it busy, few enough to stay small


def run(function: Callable[[T], R], items: Iterable[T], workers: int = 1) -> Iterator[R]:
    """The results of a function over items, lazily and in order; memory does not grow with their number.

    Args:
        function: picklable where `workers` is more than one.
        items: what to work on; read only a little ahead of the results.
        workers: number of processes; 1 works in this one.

    Raises:
        BrokenProcessPool: a worker was killed.
    """
    if workers <= 1:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) >= workers * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
