"""`cloze`: a text with holes, one card for each number."""

import re
from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.kinds.entry import CardEntry
from cardwright.source.markup_rules import CLOZE_OPEN
from cardwright.source.nodes import Scalar

KEYS: frozenset[str] = frozenset()

# What looks like a deletion and is none.
_ALMOST = re.compile(rf"(?!{CLOZE_OPEN.pattern})\{{\{{[^{{}}]*\}}{{0,2}}")
_LIKE_THIS = "mark what is to be hidden: {{c1::like this}}"


def read_cloze_card(entry: CardEntry) -> Iterator[Note]:
    """One note, with a card for each cloze number in it."""
    written = entry.text(entry.node, "cloze")
    if written is None:
        return
    text = entry.markup.content(written, cloze=True)
    inlines = list(c.inlines(text))
    texts = [inline.text for inline in inlines if isinstance(inline, c.Text)]
    if not any(isinstance(inline, c.Cloze) for inline in inlines):
        formulas = [inline.tex for inline in inlines if isinstance(inline, c.Math)]
        # A deletion that is not closed, or stands in a formula, is reported as such.
        if not any(CLOZE_OPEN.search(words) for words in (*texts, *formulas)):
            _hides_nothing(entry, written)
        return
    for almost in (found[0] for words in texts for found in _ALMOST.finditer(words)):
        entry.report.add(
            Diagnostic(
                code="cloze-as-text",
                message=f"`{truncate(almost)}` hides nothing and is only text",
                span=written.part(almost),
                severity=Severity.WARNING,
                help=_LIKE_THIS,
            )
        )
    typed = "yes" if entry.flag(entry.node, "typed") else ""
    yield entry.note(NoteType.CLOZE, {notetype.TEXT: text}, typed=typed, written={notetype.TEXT: written})


def _hides_nothing(entry: CardEntry, written: Scalar) -> None:
    almost = _ALMOST.search(written.value)
    whole = written.span if written.value else entry.node.entries["cloze"][0].span
    entry.report.add(
        Diagnostic(
            code="cloze-without-deletion",
            message="a cloze card hides nothing",
            span=written.part(almost[0]) if almost else whole,
            help=_LIKE_THIS,
        )
    )
