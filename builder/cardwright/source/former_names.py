"""`was:` what a card, or a part of it, was called in former releases."""

from collections.abc import Iterator
from collections.abc import Mapping as Names
from dataclasses import dataclass, field
from itertools import product

from cardwright.diagnostics.report import Report
from cardwright.source import decode, ids
from cardwright.source.nodes import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class FormerNames:
    """Former names.

    cards: ids of the card as written, the oldest first.
    parts: of items, rows and columns, the former name by the one of now.
    """

    cards: tuple[Scalar, ...] = ()
    parts: Names[str, str] = field(default_factory=dict)

    def keys(self, card: str, part: str) -> tuple[str, ...]:
        """Keys under which a note may have been released, the oldest first. part: empty for none."""
        now = f"{card}/{part}" if part else card
        # A row may have been renamed in one release and its column in another.
        choices = [dict.fromkeys((self.parts.get(name, name), name)) for name in part.split("/")]
        parts = ["/".join(chosen) for chosen in product(*choices)]
        names = [one.value for one in self.cards] + [card]
        keys = [f"{name}/{one}" if one else name for name in names for one in parts]
        return tuple(key for key in keys if key != now)


NO_FORMER_NAMES = FormerNames()
"""Of a card that was never called otherwise."""


def read_former_names(node: Node, report: Report) -> FormerNames:
    """A former id, a mapping of names of parts to former ones, or a list of both."""
    cards: list[Scalar] = []
    parts: dict[str, str] = {}
    for one in node.items if isinstance(node, Sequence) else [node]:
        if isinstance(one, Mapping):
            parts |= dict(_parts(one, report))
        elif (written := decode.scalar(one, "was", report)) is not None and ids.read_id(written, report):
            cards.append(written)
    return FormerNames(tuple(cards), parts)


def _parts(node: Mapping, report: Report) -> Iterator[tuple[str, str]]:
    for key, value in node.entries.values():
        former = decode.scalar(value, key.value, report)
        if former is not None and ids.read_id(former, report):
            yield key.value, former.value
