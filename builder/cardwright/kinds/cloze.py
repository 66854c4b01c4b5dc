"""`cloze`: a text with deletions, and one card for each cloze number."""

import re
from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.kinds.card_reader import CardReader
from cardwright.source.cloze_deletions import CLOZE_OPEN
from cardwright.source.nodes import Scalar

# Braces that look like a cloze deletion but are not one.
_NEAR_DELETION = re.compile(rf"(?!{CLOZE_OPEN.pattern})\{{\{{[^{{}}]*\}}{{0,2}}")
_HELP = "mark what to hide: {{c1::like this}}"


def read_cloze_card(card: CardReader) -> Iterator[Note]:
    """Yield the note of a cloze card."""
    scalar = card.values.scalar("cloze")
    if scalar is None:
        return
    content = card.markup.read(scalar, cloze=True)
    inlines = list(c.inlines(content))
    texts = [inline.text for inline in inlines if isinstance(inline, c.Text)]
    if next(c.deletions(content), None) is None:
        # A deletion that is not closed is reported as that.
        codes = (inline.text for inline in inlines if isinstance(inline, c.Verbatim))
        formulas = (inline.tex for inline in inlines if isinstance(inline, c.Math))
        if not any(CLOZE_OPEN.search(text) for text in (*texts, *codes, *formulas)):
            card.report.add(_without_deletion(card, scalar))
        return
    for braces in (match[0] for text in texts for match in _NEAR_DELETION.finditer(text)):
        message, span = f"`{truncate(braces)}` hides nothing and is only text", scalar.part(braces)
        card.report.add(Diagnostic("cloze-as-text", message, span, Severity.WARNING, help=_HELP))
    typed = "yes" if card.values.flag("typed") else ""
    yield card.note(NoteType.CLOZE, {notetype.TEXT: content}, {notetype.TEXT: scalar}, typed=typed)


def _without_deletion(card: CardReader, scalar: Scalar) -> Diagnostic:
    span = scalar.span if scalar.value else card.values.key_span("cloze")
    if braces := _NEAR_DELETION.search(scalar.value):
        span = scalar.part(braces[0])
    return Diagnostic("cloze-without-deletion", "a cloze card hides nothing", span, help=_HELP)
