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
from cardwright.source.deletion_scanner import CLOZE_OPEN
from cardwright.source.nodes import Scalar
from cardwright.source.stray_ends import stray_ends

# Braces that look like a cloze deletion but are not one; in code and formulas only what has a number.
_NEAR_DELETION = re.compile(rf"(?!{CLOZE_OPEN.pattern})\{{\{{[^{{}}]*\}}{{0,2}}")
_NEAR_NUMBER = re.compile(rf"(?!{CLOZE_OPEN.pattern})\{{\{{[cC] ?[0-9]+ ?:[^{{}}]*\}}{{0,2}}")
_HELP = "mark what to hide: {{c1::like this}}"


def read_cloze_card(card: CardReader) -> Iterator[Note]:
    """Yield the note of a cloze card."""
    scalar = card.values.marked_up("cloze")
    if scalar is None:
        return
    content = card.markup.read(scalar, cloze=True)
    if next(c.deletions(content), None) is None:
        # A deletion that is not closed is reported as that.
        if not any(CLOZE_OPEN.search(text) for text in _read_texts(content)):
            card.report.add(_without_deletion(card, scalar))
        return
    for text in dict.fromkeys(_texts_as_text(content, has_escapes=r"\{" in scalar.value)):
        message, span = f"`{truncate(text)}` hides nothing and is only text", scalar.part(text)
        card.report.add(Diagnostic("cloze-as-text", message, span, Severity.WARNING, help=_HELP))
    card.report.extend(stray_ends(content, scalar))
    typed = "yes" if card.values.flag("typed") else ""
    if typed:
        card.report.extend(_untypable(content, scalar))
    yield card.note(NoteType.CLOZE, {notetype.TEXT: content}, {notetype.TEXT: scalar}, typed=typed)


def _read_texts(content: c.Content) -> Iterator[str]:
    """Yield the texts in which deletions are read."""
    for inline in c.inlines(content):
        match inline:
            case c.Text(text) | c.Verbatim(text) | c.Math(text):
                yield text
            case _:
                pass


def _texts_as_text(content: c.Content, *, has_escapes: bool) -> Iterator[str]:
    r"""Yield what was probably meant to hide something and doesn't. With `\{` the author means braces."""
    shown = c.map_runs(content, lambda run: c.map_inlines(run, _leave_out_hidden))
    for inline in c.inlines(shown):
        match inline:
            case c.Text(text) if not has_escapes:
                yield from (match[0] for match in _NEAR_DELETION.finditer(text))
            case c.Verbatim(text) | c.Math(text):
                yield from (match[0] for match in _NEAR_NUMBER.finditer(text))
            case c.Image(_, text) | c.Sound(_, text) | c.Link(text):
                yield from (match[0] for match in CLOZE_OPEN.finditer(text))
            case _:
                pass


def _leave_out_hidden(inline: c.Inline) -> c.Inlines | None:
    return () if isinstance(inline, c.Cloze) else None


def _untypable(content: c.Content, scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield an error if a deletion hides what can't be typed in. A part of a formula is typed as TeX."""
    for inline in c.inlines(content):
        if isinstance(inline, c.Cloze) and c.text_if_only_text(_without_inner_deletions(inline)) is None:
            message = "`typed` needs deletions of one line of text each"
            note = "line breaks, formulas, readings, pictures and sounds cannot be typed in"
            yield Diagnostic("answer-not-typable", message, scalar.span, note=note)
            return


def _without_inner_deletions(cloze: c.Cloze) -> c.Inlines:
    return c.map_inlines(
        cloze.children,
        lambda inline: _without_inner_deletions(inline) if isinstance(inline, c.Cloze) else None,
    )


def _without_deletion(card: CardReader, scalar: Scalar) -> Diagnostic:
    span = scalar.span if scalar.value else card.values.key_span("cloze")
    if braces := _NEAR_DELETION.search(scalar.value):
        span = scalar.part(braces[0])
    return Diagnostic("cloze-without-deletion", "a cloze card hides nothing", span, help=_HELP)
