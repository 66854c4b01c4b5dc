"""The numbers of equations, as authors give them with `\\tag`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cardwright.source.formulas.items import Environment
from cardwright.source.formulas.nodes import Node, make


class _Reader(Protocol):
    def part(self, text: str, environment: Environment | None = None) -> list[Node]: ...


@dataclass(slots=True)
class Tag:
    """The number of an equation. text: what the author calls it; words: as it is shown.

    environment: what it belongs to; empty for the whole formula. is_allowed: it may have one there.
    """

    environment: str = ""
    is_allowed: bool = False
    text: str | None = None
    words: str = ""

    def write(self, text: str | None, words: str = "") -> None:
        """Set the number, or remove it."""
        self.text, self.words = text, words

    def label(self, reader: _Reader) -> Node:
        """Return the cell that shows it."""
        nodes = reader.part(f"\\text{{{self.words}}}", Environment())
        return make("mtd", *nodes, id="mjx-eqn:" + re.sub(r"\s", "_", self.text or ""))


def labelled(label: Node, nodes: Sequence[Node]) -> Node:
    """Return an equation with its number beside it."""
    equation = make("mlabeledtr", label, make("mtd", *nodes))
    return make("mtable", equation, side="right", minlabelspacing="0.8em", displaystyle=True)
