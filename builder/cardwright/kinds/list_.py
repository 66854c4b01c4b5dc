"""`list`: a list whose items are each a card of their own."""

from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.item_list import LONGEST_WHOLE_LIST, NEIGHBOURS, items_with_blank
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.kinds.card_keys import SHOWN_ITEMS
from cardwright.kinds.card_reader import CardReader
from cardwright.source.ids import read_id
from cardwright.source.mapping_reader import MappingReader, read_scalar
from cardwright.source.nodes import Scalar, Sequence


def read_list_card(card: CardReader) -> Iterator[Note]:
    """Yield one note for each item. Its front shows the list around it, with the item left blank."""
    question_scalar = card.values.scalar("list")
    items_node = card.values.get("items") if card.values.require("items") else None
    if isinstance(items_node, Sequence):
        span = items_node.items[0].span if items_node.items else items_node.span
        note = "the key is what an item is known by when its text changes"
        help_ = "write each item as `bruise: bruising behind the thigh`, without the dash"
        message = "the items of a list need keys"
        card.report.add(Diagnostic("items-without-keys", message, span, note=note, help=help_))
        return
    items = card.values.mapping("items", filled=True)
    if question_scalar is None or items is None or items.report_continued_texts():
        return
    question = card.content(question_scalar)
    answers = [(key, scalar, card.content(scalar)) for key, scalar in _read_items(items)]
    shows_list = card.values.choice("show", SHOWN_ITEMS, default=True)
    typed = card.values.flag("typed")
    entries = [content for _, _, content in answers]
    if shows_list and len(entries) > LONGEST_WHOLE_LIST:
        card.report.add(_long_list(question_scalar, len(entries)))
    for index, (key, scalar, answer) in enumerate(answers):
        front = (*question, c.BulletList(items_with_blank(entries, index))) if shows_list else question
        yield card.note(
            NoteType.QUESTION,
            {notetype.QUESTION: front, notetype.ANSWER: answer},
            {notetype.QUESTION: question_scalar, notetype.ANSWER: scalar},
            part=key.value,
            part_spans=(key.span,),
            typed=card.typed_answer(scalar, answer) if typed else "",
        )


def _read_items(items: MappingReader) -> Iterator[tuple[Scalar, Scalar]]:
    for key, value in items.entries:
        scalar = read_scalar(value, key.value, items.report)
        if scalar is not None and read_id(key, items.report):
            yield key, scalar


def _long_list(question: Scalar, item_count: int) -> Diagnostic:
    message = f"each card shows a part of this list of {item_count} items"
    note = (
        f"{NEIGHBOURS} above and {NEIGHBOURS} below the gap; of {LONGEST_WHOLE_LIST} items all would be shown"
    )
    help_ = "split it into shorter lists; or write `show: none` to ask without the other items"
    return Diagnostic("long-list", message, question.span, Severity.NOTE, note=note, help=help_)
