"""Work for the engine on two cores at once: it lets Python run meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

# The engine holds in memory what each of them is at, so there are no more of them on larger machines.
AT_ONCE = 2


@contextmanager
def map_parallel(
    work: Callable[[_Part], _Result], parts: Iterable[_Part], at_once: int = AT_ONCE
) -> Iterator[Iterator[_Result]]:
    """Results of work on several parts, in their order; what is not begun when the block is left never is."""
    pool = ThreadPoolExecutor(at_once)
    try:
        yield pool.map(work, parts)
    finally:
        pool.shutdown(cancel_futures=True)
