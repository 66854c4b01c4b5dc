"""`list`: a list of which each item is asked for on a card of its own."""

from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Span
from cardwright.kinds.entry import CardEntry
from cardwright.source import decode, ids
from cardwright.source.nodes import Mapping, Scalar, Sequence

KEYS = frozenset({"items", "show"})


def read_list_card(entry: CardEntry) -> Iterator[Note]:
    """One note for each item. Its front shows the list with the item left blank."""
    asked = entry.text(entry.node, "list")
    items = decode.required(entry.node, "items", "a list card", entry.report)
    if isinstance(items, Sequence):
        _keyless(entry, items)
        return
    given = None if items is None else decode.filled(items, "`items`", entry.report)
    if asked is None or given is None:
        return
    question = entry.answer(asked)
    answers = [
        (key, text, entry.answer(text))
        for key, text in _items(entry, given)
        if ids.read_id(key, entry.report)
    ]
    whole = _shows_list(entry)
    typed = entry.flag(entry.node, "typed")
    for place, (key, text, answer) in enumerate(answers):
        front = question
        if whole:
            shown = [other for _, _, other in answers]
            shown[place] = (c.Paragraph((c.Blank(),)),)
            front = (*question, c.BulletList(tuple(shown)))
        yield entry.question_note(
            {notetype.QUESTION: front, notetype.ANSWER: answer},
            part=key.value,
            part_span=key.span,
            typed=text if typed else None,
            written={notetype.QUESTION: asked, notetype.ANSWER: text},
        )


def _items(entry: CardEntry, given: Mapping) -> Iterator[tuple[Scalar, Scalar]]:
    for name, (key, value) in given.entries.items():
        text = decode.scalar(value, name, entry.report)
        if text is not None:
            yield key, text


def _shows_list(entry: CardEntry) -> bool:
    """Whether the fronts show the other items; `show: none` hides them."""
    written = entry.text(entry.node, "show")
    if written is None or written.value == "list":
        return True
    if written.value != "none":
        entry.report.add(
            Diagnostic(
                code="unknown-choice",
                message=f"`show` is `list` or `none`; found `{truncate(written.value, 24)}`",
                span=written.span,
            )
        )
    return False


def _keyless(entry: CardEntry, items: Sequence) -> None:
    first = items.items[0].span if items.items else items.span
    entry.report.add(
        Diagnostic(
            code="items-without-keys",
            message="the items of a list need keys",
            span=Span(first.source, first.start, first.end),
            note="the key is what an item is known by when its text changes",
            help="write each item as `bruise: bruising behind the thigh`, without the dash",
        )
    )
