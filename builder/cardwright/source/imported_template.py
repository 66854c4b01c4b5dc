"""Reads the card templates of imported note types, which stay as they are in Anki."""

from collections.abc import Collection
from typing import Literal

from cardwright.collection.template import Nodes
from cardwright.source.nodes import Scalar
from cardwright.source.template_reader import read_template_tree


def read_imported_template(
    scalar: Scalar,
    field_names: Collection[str],
    side: Literal["front", "back"],
    css: str = "",
) -> tuple[str, Nodes]:
    """Return the HTML of one side just as it is written, and its tree for every other output.

    The tree has what paper can show of it.
    """
    return scalar.value, read_template_tree(scalar, field_names, side, css)
