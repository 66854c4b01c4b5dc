"""Render content as the HTML of an Anki field."""

from collections.abc import Mapping, MutableMapping

from cardwright.collection import content as c
from cardwright.collection.colour import to_hex
from cardwright.collection.content import MediaFile
from cardwright.formats.anki import escape
from cardwright.formats.content_html import ContentHtml, Marked, colour_style

# What `card.css` calls paper and ink. By night it is Anki's own paper, which a custom note type may show;
# what is readable there is so on our darker one, too. Source: Anki, ts/lib/sass/_vars.scss, `canvas`.
DAY = {"color": (253, 252, 250), "background-color": (35, 38, 43)}
NIGHT = {"color": (47, 47, 49), "background-color": (230, 228, 223)}


# What Anki's own editor writes, and style sheets that were made for it know.
_IMPORTED_ELEMENTS: Mapping[type[Marked], str] = {c.Strong: "b", c.Emphasis: "i"}

BLANK = '<span class="blank">[…]</span>'
"""A gap for the learner to fill, in brackets like Anki's own clozes, so that it is visible without style."""


def render_html(
    content: c.Content,
    media: MutableMapping[str, MediaFile],
    *,
    cloze: bool = False,
    is_imported: bool = False,
) -> str:
    """Return the HTML of a field.

    media: receives the pictures and sounds that the field refers to, by name.
    cloze: whether the field is the text of a cloze note: cloze deletions are then written
        for Anki, and plain text is kept from looking like one.
    is_imported: whether the note type was imported, so that its CSS knows nothing of our classes: colours
        and alignments are then written just as the author gave them, and emphasis as Anki's editor does it.
    """
    text = c.sole_text(content)
    if text is not None:
        html = escape.text(text)
    else:
        renderer = _HtmlRenderer(media, cloze, is_imported)
        match content:
            case (c.Paragraph(children),):
                html = renderer.inlines(children)
            case (c.RawHtml(html, files),):
                media.update((file.name, file) for file in files)
                return html
            case _:
                html = renderer.blocks(content)
    if cloze:
        html = escape.finish_deletions(html)
    if html == "<br>":  # Anki's editor takes a lone line break out
        return ""
    return html if html.isascii() else escape.normalize(html)


def _cloze_markup(numbers: tuple[int, ...], html: str, hint: str = "") -> str:
    """Return a deletion, to be finished. Only Anki 26 and later know `{{c1,2::…}}`, so it is nested."""
    hint = escape.DELETION_PART + hint if hint else ""
    for number in reversed(numbers):
        html = f"{escape.DELETION_START}{number}{escape.DELETION_PART}{html}{hint}{escape.DELETION_END}"
    return html


class _HtmlRenderer(ContentHtml):
    """Renders the content of one field."""

    __slots__ = ("_cloze", "_is_imported", "_media")

    def __init__(self, media: MutableMapping[str, MediaFile], cloze: bool, is_imported: bool) -> None:
        self._media = media
        self._cloze = cloze
        self._is_imported = is_imported

    text = staticmethod(escape.text)

    def attribute(self, plain: str) -> str:
        return escape.attribute(plain, cloze=self._cloze)

    def math(self, formula: c.Math) -> str:
        opening, closing = (r"\[", r"\]") if formula.display else (r"\(", r"\)")
        tex = c.write_tex(formula, self._tex_deletion)
        return f"{opening}{escape.tex(tex, cloze=self._cloze)}{closing}"

    def image(self, picture: c.Image) -> str:
        self._media[picture.file.name] = picture.file
        size = f' style="width: {picture.width}"' if picture.width else ""
        name = escape.media_name(picture.file.name)
        return f'<img src="{name}" alt="{self.attribute(picture.alt)}"{size}>'

    def sound(self, sound: c.Sound) -> str:
        # Without its text: Anki shows a button instead, and only paper shows the text.
        self._media[sound.file.name] = sound.file
        return f"[sound:{escape.media_name(sound.file.name)}]"

    def blank(self) -> str:
        return BLANK

    def cloze(self, cloze: c.Cloze, html: str) -> str:
        return _cloze_markup(cloze.numbers, html, self._hint(cloze.hint)) if self._cloze else html

    def link(self, url: str, html: str) -> str:
        return f'<a href="{escape.url(url, cloze=self._cloze)}" rel="noopener noreferrer">{html}</a>'

    def raw_html(self, block: c.RawHtml) -> str:
        self._media.update((file.name, file) for file in block.files)
        return f"<div>{block.html}</div>"

    def colours(self, text: c.Coloured) -> str:
        if not self._is_imported:
            return colour_style(text, DAY, NIGHT, "{name}: {day}; --night-{name}: {night}")
        # No other CSS than `card.css` knows the colours of the night.
        colours = {"color": text.colour, "background-color": text.background}
        return "; ".join(f"{name}: {to_hex(colour)}" for name, colour in colours.items() if colour)

    def marking_element(self, mark: type[Marked]) -> str:
        element = super().marking_element(mark)
        return _IMPORTED_ELEMENTS.get(mark, element) if self._is_imported else element

    def scrollable(self, table: str) -> str:
        return table if self._is_imported else super().scrollable(table)

    def cell_look(self, alignment: str) -> str:
        return super().cell_look(alignment) if self._is_imported else f'class="{alignment}"'

    def _tex_deletion(self, deletion: c.MathDeletion, tex: str) -> str:
        if not self._cloze:
            return tex
        hint = f" {deletion.hint}" if escape.is_command_in_brackets(deletion.hint) else deletion.hint
        return _cloze_markup(deletion.numbers, tex, hint)

    def _hint(self, hint: c.Inlines) -> str:
        if not hint:
            return ""
        first, *others = hint
        opening = escape.hint(first.text) if isinstance(first, c.Text) else self.inline(first)
        return opening + self.inlines(tuple(others))
