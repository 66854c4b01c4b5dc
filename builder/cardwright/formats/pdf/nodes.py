"""The node tree that the template renders: only what JSON can hold, each node a string or a dict.

In a dict, `t` is the node's type, such as "p" or "table"; `c` holds its children, `s` its text, `dir` the
direction in which it is read, and `reading` what stands above a word. The children of a formula are
steps: each makes a piece of the `n` last ones. tree.py, words.py and mathml.py make the nodes; content.typ
and formula.typ render them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import msgspec

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Node: TypeAlias = str | dict[str, "Json"]
Nodes: TypeAlias = list[Node]


class TextStyle(NamedTuple):
    """What decides which font file shows a text. font_kind: "text", "math" or "code"."""

    font_kind: str = "text"
    weight: str = "regular"
    italic: bool = False


# How the style of a text changes within a part of a side, or within a node. The template takes the
# weights from here, too; but bold, italic, math and code it sets with elements of Typst.
_STYLE_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "question": {"weight": "semibold"},
    "answer": {"weight": "semibold"},
    "text": {"weight": "regular"},
    "recall": {"weight": "regular"},
    "extra": {"weight": "regular"},
    "b": {"weight": "bold"},
    "h": {"weight": "bold"},
    "i": {"italic": True},
    "ul": {"weight": "regular"},
    "ol": {"weight": "regular"},
    "quote": {"weight": "regular"},
    "table": {"weight": "regular"},
    "sound": {"weight": "regular"},
    "code": {"font_kind": "code"},
    "kbd": {"font_kind": "code"},
    "pre": {"font_kind": "code", "weight": "regular"},
    "math": {"font_kind": "math", "weight": "regular", "italic": False},
}
WEIGHTS: Mapping[str, str] = {
    name: change["weight"] for name, change in _STYLE_CHANGES.items() if "weight" in change
}


def style_within(node: Mapping[str, Json], style: TextStyle) -> TextStyle:
    """Return the style of a text within a node or a part. style: of the text around it."""
    kind = str(node.get("t") or node.get("kind"))
    return _changed_style(style, "text" if node.get("regular") else kind)


@cache
def _changed_style(style: TextStyle, node_type: str) -> TextStyle:
    return style._replace(**_STYLE_CHANGES.get(node_type, {}))


_TYPE = re.compile(b'"t":"([^"]*)"')
_ENCODER = msgspec.json.Encoder(enc_hook=str)


def to_json(data: Json) -> bytes:
    """Return data as JSON in UTF-8; equal data are equal bytes."""
    return _ENCODER.encode(data)


def _encode(tree: Json) -> bytes:
    """Return the JSON of a tree that is only looked at, so that it may have halves of surrogate pairs."""
    try:
        return _ENCODER.encode(tree)
    except UnicodeEncodeError:
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def is_plain(tree: Json) -> bool:
    """Tell whether all text of a tree is ASCII that can be seen, so that no sign of it needs a closer look.

    Not every such tree is recognised: its JSON is looked at, which is made faster than the tree is walked.
    """
    text = _encode(tree)
    return text.isascii() and not any(part in text for part in (b"\\u", b"\\b", b"\\f", b"\\r", b"\x7f"))


def count_dicts(tree: Json) -> int:
    """Return a number of dicts that a tree does not exceed, sooner than `depth` is known."""
    return _encode(tree).count(b"{")


def depth(tree: Json) -> int:
    """Return the largest number of dicts inside each other.

    A table counts three times; a formula has levels of its own.
    """
    if not isinstance(tree, dict):
        return max(map(depth, _inner_trees(tree)), default=0)
    if tree.get("t") == "math":
        return 1 + int(tree["levels"]) + bool(tree["c"])
    return (3 if tree.get("t") == "table" else 1) + max(map(depth, _inner_trees(tree)), default=0)


def strings(tree: Json, *, only_shown: bool = False) -> list[str]:
    """Return all strings of a tree, in reading order.

    only_shown: leave out words of our own within formulas, which are many; elsewhere they may be there, too.
    """
    found: list[str] = []
    _add_strings(tree, found, only_shown)
    return found


def _add_strings(tree: Json, found: list[str], only_shown: bool) -> None:
    if isinstance(tree, str):
        found.append(tree)
    elif only_shown and isinstance(tree, dict) and tree.get("t") == "math":
        found.append(tree["tex"])
        found += shown_in_formula(tree)
    else:
        for child in _children(tree):
            if isinstance(child, str):
                found.append(child)
            elif isinstance(child, (dict, list, tuple)):
                _add_strings(child, found, only_shown)


def shown_in_formula(node: Mapping[str, Any]) -> list[str]:
    """Return what the steps of a formula show."""
    return [step["s"] for step in node["c"] if "s" in step]


def node_types(tree: Json) -> frozenset[str]:
    """Return the types of all nodes of a tree, and of the steps of its formulas.

    They are looked for in its JSON, as in `is_plain`; no text in it has quotation marks without backslashes.
    """
    return frozenset(found.decode() for found in set(_TYPE.findall(_encode(tree))))


def nodes_of_type(tree: Json, node_type: str) -> Iterator[dict[str, Any]]:
    """Yield all nodes of a type in a tree."""
    return (node for node in _dicts(tree) if node.get("t") == node_type)


def _dicts(tree: Json) -> Iterator[dict[str, Any]]:
    """Yield all dicts of a tree in reading order, except the steps of formulas."""
    remaining = [tree]
    while remaining:
        tree = remaining.pop()
        if isinstance(tree, dict):
            yield tree
            if tree.get("t") == "math":
                continue
        remaining += reversed(_inner_trees(tree))


def _inner_trees(tree: Json) -> list[Json]:
    return [child for child in _children(tree) if isinstance(child, (dict, list, tuple))]


def _children(tree: Json) -> Iterable[Json]:
    # Not `Mapping` and `Sequence`, which take ten times as long to recognise.
    if isinstance(tree, dict):
        # Masks, of which a diagram may have hundreds on each of its sides, are neither text nor nodes.
        return tree.values() if "masks" not in tree else [tree[key] for key in tree if key != "masks"]
    return tree if isinstance(tree, (list, tuple)) else ()
