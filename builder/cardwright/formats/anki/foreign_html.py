"""Turns the HTML of a field that another program wrote into a text of our sources.

A text is taken only if our own reader and renderer make of it a field that looks the same in Anki
(`shown_html.py`), and if it brings no warning. What no such text is found for stays HTML.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cardwright.collection import content as c
from cardwright.diagnostics import Report, Source
from cardwright.formats.anki import shown, shown_html
from cardwright.formats.anki.certain_fields import CERTAIN_ELEMENTS, certain_field, plain_html
from cardwright.formats.anki.fields import render_html
from cardwright.formats.anki.foreign_source import MANNERS, CannotSayError, SourceWriter
from cardwright.formats.anki.render import FieldHtml, hidden_texts
from cardwright.record import Record, replace
from cardwright.source.field_styles import FieldStyles
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Scalar
from cardwright.source.safe_html import make_safe
from cardwright.source.stray_ends import stray_ends

# What a text that is otherwise right may be warned of: the original has no words for a sound either.
_ACCEPTED_WARNINGS = frozenset({"sound-without-words"})


_NONE: Mapping[str, str] = MappingProxyType({})


class ForeignText(Record, frozen=True):
    """A field as our sources have it.

    text: the text; or, if `is_html`, HTML for `{html: …}`, made safe.
    made: what a build makes of the text for a note of an imported type; None if that isn't known.
    unseen: in words, what the HTML has that no card, or hardly one, shows, and that was left out.
    dropped: in words, what was left out of it since no card may have it, such as scripts.
    """

    text: str
    made: FieldHtml | None = None
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
    keeps_styles: bool = False,
) -> ForeignText:
    """Return the text that shows what a field shows.

    html: of the field, as Anki stores it.
    cloze: whether the field is the text of a cloze note, in which `{{c1::…}}` hides something.
    media: the paths of pictures and sounds, as a text names them, by their names in Anki. A file that is
        not among them, or that a text cannot show, makes the field HTML. No others are asked for.
    other_media: the same for files that only HTML can name.
    styles: of the note type. What they show otherwise in the text than in the field stays HTML.
    keeps_styles: whether HTML may have style sheets, which style the whole card.
    """
    has_usual_elements = "<" not in html or _shows_as_usual(html, styles)
    if has_usual_elements and (certain := certain_field(html, cloze=cloze)) is not None:
        return ForeignText(*certain)
    field = shown_html.shown_field(html, cloze=cloze, styles=styles)
    if not field.blocks:
        return ForeignText("", FieldHtml(""), unseen=field.unseen)
    # What only a style sees has no words in a text, but may come of one as well.
    blocks = field.blocks if styles is None else shown_html.canonical(html, cloze=cloze)
    if field.blocks == blocks and _shows_as_usual(html, styles):
        certain = certain_field(plain, cloze=False) if (plain := plain_html(blocks)) else None
        if certain is not None:
            return ForeignText(*certain, unseen=field.unseen)
    if found := find_text(blocks, field.blocks, cloze=cloze, media=media, styles=styles):
        return ForeignText(*found, unseen=field.unseen)
    # Without what no card may have, it may be a text after all.
    named: list[str] = []

    def keep_name(name: str) -> str:
        named.append(name)
        return name

    safe = make_safe(html, cloze=cloze, name_media=keep_name, keeps_styles=keeps_styles)
    if safe.dropped and safe.html != html:
        converted = convert_field(
            safe.html,
            cloze=cloze,
            media=media,
            other_media=other_media,
            styles=styles,
            keeps_styles=keeps_styles,
        )
        unseen = converted.unseen | (field.unseen & shown_html.NEVER_KEPT)
        return replace(converted, unseen=unseen, dropped=safe.dropped)
    if named:
        safe = make_safe(
            html,
            cloze=cloze,
            name_media=lambda name: media.get(name) or other_media.get(name, name),
            keeps_styles=keeps_styles,
        )
    return ForeignText(safe.html, is_html=bool(safe.html), unseen=field.unseen & shown_html.NEVER_KEPT)


def _shows_as_usual(html: str, styles: FieldStyles | None) -> bool:
    """Return whether styles change nothing of the elements that certain fields have. html: of the field."""
    elements = (*CERTAIN_ELEMENTS, "ul", "li") if "<ul" in html else CERTAIN_ELEMENTS
    return styles is None or styles.shows_as_usual(elements)


def find_text(
    blocks: shown.Blocks,
    styled_blocks: shown.Blocks,
    *,
    cloze: bool,
    media: Mapping[str, str],
    styles: FieldStyles | None = None,
) -> tuple[str, FieldHtml] | None:
    """Return the first text of which is made what shows some blocks, and what is made; None if there is none.

    styled_blocks: the same with what the styles say. The rest is as for `convert_field`.
    """
    tried: set[str] = set()
    for manner in MANNERS:
        writer = SourceWriter(media, manner)
        try:
            text = writer.write(blocks)
        except CannotSayError:
            break
        made = None if text in tried else _made_of(text, cloze=cloze, names=writer.names)
        if made and shown_html.canonical(made.html, cloze=cloze, styles=styles) == styled_blocks:
            return text, made
        tried.add(text)
    return None


def _made_of(text: str, *, cloze: bool, names: Mapping[str, str]) -> FieldHtml | None:
    """Return what is made of a text if it has no warning; else None. names: of its media in Anki, by path."""

    def fetch(path: str, _scalar: Scalar) -> c.MediaFile | None:
        return c.MediaFile(names[path], path, b"") if path in names else None

    report = Report()
    source = Source("", text)
    scalar = Scalar(source, 0, len(text), text, "|" if "\n" in text else "")
    content = MarkupReader(fetch, fetch, report).read(scalar, cloze=cloze)
    if any(diagnostic.code not in _ACCEPTED_WARNINGS for diagnostic in report):
        return None
    if cloze and (_has_loose_braces(content, text) or any(stray_ends(content, scalar))):
        return None
    html = render_html(content, {}, cloze=cloze, is_imported=True)
    return FieldHtml(html, tuple(hidden_texts(content)) if cloze else ())


def _has_loose_braces(content: c.Content, text: str) -> bool:
    r"""Tell whether a cloze card has a warning of `{{` that hides nothing; with `\{` it has none."""
    inlines = c.inlines(content)
    return r"\{" not in text and any(isinstance(one, c.Text) and "{{" in one.text for one in inlines)
