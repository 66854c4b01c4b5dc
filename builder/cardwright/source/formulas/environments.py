"""Environments: what stands between `\\begin{…}` and `\\end{…}`."""

from collections.abc import Callable

from cardwright.source.formulas.items import Begin, End, Item, UnreadableTex
from cardwright.source.formulas.reader import Handler, Reader

Environment = Callable[[Reader, Begin], Item]
"""Reads the arguments of an environment, pushes its beginning, and returns what collects its content."""

ENVIRONMENTS: dict[str, Environment] = {}


def _begin(reader: Reader, name: str) -> None:
    environment = reader.raw_argument(name)
    if environment not in ENVIRONMENTS:
        raise UnreadableTex(f"there is no environment `{environment}`")
    reader.push(ENVIRONMENTS[environment](reader, Begin(name=environment)))


def _end(reader: Reader, name: str) -> None:
    reader.push(End(name=reader.raw_argument(name)))


HANDLERS: dict[str, Handler] = {"\\begin": _begin, "\\end": _end}
