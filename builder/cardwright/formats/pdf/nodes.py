"""The tree that the template sets: what JSON can hold, each node a string or a dict with its type in `t`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Node: TypeAlias = str | dict[str, "Json"]
Nodes: TypeAlias = list[Node]


def depth(tree: Json) -> int:
    """How many dicts a tree has at most inside each other; 0 for a string."""
    if isinstance(tree, str) or not isinstance(tree, Sequence | Mapping):
        return 0
    if isinstance(tree, Mapping):
        return 1 + max((depth(part) for part in tree.values()), default=0)
    return max((depth(part) for part in tree), default=0)


def strings(tree: Json) -> Iterator[str]:
    """All texts of a tree, in reading order."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for part in tree.values():
            yield from strings(part)
    elif isinstance(tree, Sequence):
        for part in tree:
            yield from strings(part)


def node_types(tree: Json) -> Iterator[str]:
    """The types of all nodes of a tree."""
    if isinstance(tree, Mapping):
        yield str(tree.get("t", ""))
        for part in tree.values():
            yield from node_types(part)
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for part in tree:
            yield from node_types(part)
