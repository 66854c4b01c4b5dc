"""Turns the HTML of a field that another program wrote into a text of our sources.

A text is taken only if our own reader and renderer make of it a field that looks the same in Anki
(`shown_html.py`), and if it brings no warning. What no such text is found for stays HTML.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from cardwright.collection import content as c
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki import shown, shown_html
from cardwright.formats.anki.fields import render_html
from cardwright.formats.anki.foreign_source import MANNERS, CannotSayError, SourceWriter
from cardwright.record import Record, replace
from cardwright.source.field_styles import FieldStyles
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar
from cardwright.source.safe_html import make_safe
from cardwright.source.stray_ends import stray_ends

# What a text that is otherwise right may be warned of: the original has no words for a sound either.
_ACCEPTED_WARNINGS = frozenset({"sound-without-words"})


_NONE: Mapping[str, str] = MappingProxyType({})


# Words without any sign that HTML, Anki, Markdown or a warning could take for more, and single spaces.
_SIGNS = r"[\w,.;:'\"!?()/’‘“”„–—…、。・，（）！？\-]"
_WORDS = re.compile(rf"[(（“‘„\"']?(?!\d+[.)])\w{_SIGNS}*(?: {_SIGNS}+)* ?")


class ForeignText(Record, frozen=True):
    """A field as our sources have it.

    text: the text; or, if `is_html`, HTML for `{html: …}`, made safe.
    unseen: in words, what the HTML has that no card, or hardly one, shows, and that was left out.
    dropped: in words, what was left out of it since no card may have it, such as scripts.
    """

    text: str
    is_html: bool = False
    unseen: frozenset[str] = frozenset()
    dropped: tuple[str, ...] = ()


def convert_field(
    html: str,
    *,
    cloze: bool,
    media: Mapping[str, str],
    other_media: Mapping[str, str] = _NONE,
    styles: FieldStyles | None = None,
) -> ForeignText:
    """Return the text that shows what a field shows.

    html: of the field, as Anki stores it.
    cloze: whether the field is the text of a cloze note, in which `{{c1::…}}` hides something.
    media: the paths of pictures and sounds, as a text names them, by their names in Anki. A file that is
        not among them, or that a text cannot show, makes the field HTML. No others are asked for.
    other_media: the same for files that only HTML can name.
    styles: of the note type. What they show otherwise in the text than in the field stays HTML.
    """
    # Most fields are words, which need no look at what comes of them.
    if _is_words(html) and unicodedata.is_normalized("NFC", html):
        return ForeignText(html.strip(" "))
    field = shown_html.shown_field(html, cloze=cloze, styles=styles)
    if not field.blocks:
        return ForeignText("", unseen=field.unseen)
    # What only a style sees has no words in a text, but may come of one as well.
    blocks = field.blocks if styles is None else shown_html.canonical(html, cloze=cloze)
    has_plain_lines = styles is None or (field.blocks == blocks and styles.shows_as_usual(("br", "p")))
    if has_plain_lines and all(map(_is_line_of_words, blocks)):
        return ForeignText(SourceWriter(media, MANNERS[0]).write(blocks), unseen=field.unseen)
    tried: set[str] = set()
    for manner in MANNERS:
        writer = SourceWriter(media, manner)
        try:
            text = writer.write(blocks)
        except CannotSayError:
            break
        if text not in tried and _shows(text, field.blocks, cloze=cloze, names=writer.names, styles=styles):
            return ForeignText(text, unseen=field.unseen)
        tried.add(text)
    # Without what no card may have, it may be a text after all.
    safe = make_safe(html, cloze=cloze)
    if safe.dropped and safe.html != html:
        converted = convert_field(safe.html, cloze=cloze, media=media, other_media=other_media, styles=styles)
        return replace(converted, unseen=field.unseen, dropped=safe.dropped)
    safe = make_safe(
        html, cloze=cloze, name_media=lambda name: media.get(name) or other_media.get(name, name)
    )
    return ForeignText(safe.html, is_html=bool(safe.html), unseen=field.unseen & shown_html.NEVER_KEPT)


def _is_words(text: str) -> bool:
    return _WORDS.fullmatch(text) is not None and "_" not in text


def _is_line_of_words(block: shown.Block) -> bool:
    match block:
        case shown.Line((((), str(text)),), 0 | 1, ""):
            return _is_words(text)
        case _:
            return False


def _shows(
    text: str, blocks: shown.Blocks, *, cloze: bool, names: Mapping[str, str], styles: FieldStyles | None
) -> bool:
    """Return whether a text shows just what some blocks are, without any warning. names: in Anki, by path."""

    def fetch(path: str, _scalar: Scalar) -> c.MediaFile | None:
        return c.MediaFile(names[path], path, b"") if path in names else None

    report = Report()
    source = Source("", text)
    scalar = Scalar(source, 0, len(text), text, "|" if "\n" in text else "")
    content = MarkupReader(fetch, fetch, report).read(scalar, cloze=cloze)
    if any(diagnostic.code not in _ACCEPTED_WARNINGS for diagnostic in report):
        return False
    if cloze and (_has_loose_braces(content, text) or any(stray_ends(content, scalar))):
        return False
    html = render_html(content, {}, cloze=cloze, is_imported=True)
    return shown_html.canonical(html, cloze=cloze, styles=styles) == blocks


def _has_loose_braces(content: c.Content, text: str) -> bool:
    r"""Tell whether a cloze card has a warning of `{{` that hides nothing; with `\{` it has none."""
    inlines = c.inlines(content)
    return r"\{" not in text and any(isinstance(one, c.Text) and "{{" in one.text for one in inlines)
