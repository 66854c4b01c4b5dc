"""`cloze`: a text with holes, one card for each number."""

from collections.abc import Iterator

from builder.collection import content as c
from builder.collection import notetype
from builder.collection.note import Note
from builder.collection.notetype import NoteType
from builder.diagnostics.diagnostic import Diagnostic
from builder.kinds.entry import Entry

KEYS: frozenset[str] = frozenset()


def read(entry: Entry) -> Iterator[Note]:
    """One note, with a card for each cloze number in it."""
    written = entry.text(entry.node, "cloze")
    if written is None:
        return
    text = entry.markup.content(written, cloze=True)
    if not any(isinstance(inline, c.Cloze) for inline in c.inlines(text)):
        if "{{c" not in written.value:
            entry.report.add(
                Diagnostic(
                    code="cloze-without-deletion",
                    message="a cloze card hides nothing",
                    span=written.span if written.value else entry.node.entries["cloze"][0].span,
                    help="mark what is to be hidden: {{c1::like this}}",
                )
            )
        return
    typed = "yes" if entry.flag(entry.node, "typed") else ""
    yield entry.note(NoteType.CLOZE, {notetype.TEXT: text}, typed=typed)
