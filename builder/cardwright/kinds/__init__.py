"""What a card of the sources can be: one file a kind, and the table of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cardwright.collection.note import Note
from cardwright.kinds import cloze, list_, question, table
from cardwright.kinds.entry import COMMON_KEYS, SHARED_KEYS, CardEntry


def _diagram(entry: CardEntry) -> Iterator[Note]:
    from cardwright.kinds import diagram  # noqa: PLC0415  few decks have diagrams

    return diagram.read_diagram_card(entry)


def _own(entry: CardEntry) -> Iterator[Note]:
    from cardwright.kinds import custom  # noqa: PLC0415  few decks have note types of their own

    return custom.read_custom_card(entry)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of card.

    key: the key that says a card is of this kind.
    keys: the other keys such a card may have.
    read: the notes of one card; reports to the entry's report.
    """

    key: str
    keys: frozenset[str]
    read: Callable[[CardEntry], Iterator[Note]]


KINDS = {
    kind.key: kind
    for kind in (
        Kind("q", COMMON_KEYS | question.KEYS, question.read_question_card),
        Kind("cloze", COMMON_KEYS | cloze.KEYS, cloze.read_cloze_card),
        Kind("list", COMMON_KEYS | list_.KEYS, list_.read_list_card),
        Kind("table", COMMON_KEYS | table.KEYS, table.read_table_card),
        Kind("diagram", COMMON_KEYS | {"alt", "hide", "labels"}, _diagram),
        Kind("type", SHARED_KEYS | {"fields"}, _own),
    )
}
