"""Render content as the HTML of an Anki field."""

import re
from collections.abc import Mapping, MutableMapping

from cardwright.collection import content as c
from cardwright.collection.colour import make_readable, to_hex
from cardwright.collection.content import MediaFile
from cardwright.formats.anki import escape

# What `card.css` calls paper and ink. By night it is Anki's own paper, which a custom note type may show;
# what is readable there is so on our darker one, too. Source: Anki, ts/lib/sass/_vars.scss, `canvas`.
DAY_PAPER, DAY_INK = (253, 252, 250), (35, 38, 43)
NIGHT_PAPER, NIGHT_INK = (47, 47, 49), (230, 228, 223)

_LINK_SCHEME = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_LINK_TAG = re.compile(r"</?a\b[^>]*>")

_Marked = c.Strong | c.Emphasis | c.Strikethrough | c.Code
_TAGS: Mapping[type[_Marked], str] = {
    c.Strong: "strong",
    c.Emphasis: "em",
    c.Strikethrough: "s",
    c.Code: "code",
}
# What Anki's own editor writes, and style sheets that were made for it know.
_IMPORTED_TAGS = {**_TAGS, c.Strong: "b", c.Emphasis: "i"}

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


def _colour_style(text: c.Coloured, *, as_written: bool) -> str:
    """Return the colours of a text as CSS. `card.css` uses those for the night, which no other CSS knows."""
    if as_written:
        colours = {"color": text.colour, "background-color": text.background}
        return "; ".join(f"{name}: {to_hex(colour)}" for name, colour in colours.items() if colour)
    if text.colour and text.background:  # readable by themselves, by day and by night
        colour, background = make_readable(text.colour, text.background), text.background
        return f"color: {to_hex(colour)}; background-color: {to_hex(background)}"
    name, author_colour, others = (
        ("color", text.colour, (DAY_PAPER, NIGHT_PAPER))
        if text.colour
        else ("background-color", text.background, (DAY_INK, NIGHT_INK))
    )
    assert author_colour is not None
    by_day, by_night = (to_hex(make_readable(author_colour, other)) for other in others)
    return f"{name}: {by_day}; --night-{name}: {by_night}"


def _cloze_markup(numbers: tuple[int, ...], html: str, hint: str = "") -> str:
    """Return a deletion, to be finished. Only Anki 26 and later know `{{c1,2::…}}`, so it is nested."""
    hint = escape.DELETION_PART + hint if hint else ""
    for number in reversed(numbers):
        html = f"{escape.DELETION_START}{number}{escape.DELETION_PART}{html}{hint}{escape.DELETION_END}"
    return html


class _HtmlRenderer:
    """Renders the content of one field."""

    __slots__ = ("_cloze", "_is_imported", "_media")

    def __init__(self, media: MutableMapping[str, MediaFile], cloze: bool, is_imported: bool) -> None:
        self._media = media
        self._cloze = cloze
        self._is_imported = is_imported

    def blocks(self, content: c.Content) -> str:
        return "".join(map(self._block, content))

    def inlines(self, children: c.Inlines) -> str:
        # Most inlines are texts.
        return "".join(
            [
                escape.text(inline.text) if type(inline) is c.Text else self._inline(inline)
                for inline in children
            ]
        )

    def _block(self, block: c.Block) -> str:  # noqa: C901  a case a block
        match block:
            case c.Paragraph(children):
                return f"<p>{self.inlines(children)}</p>"
            case c.Heading(level, children):
                return f"<h{level}>{self.inlines(children)}</h{level}>"
            case c.BulletList(entries):
                return f"<ul>{self._list_items(entries)}</ul>"
            case c.OrderedList(start, entries):
                opening = "<ol>" if start == 1 else f'<ol start="{start}">'
                return f"{opening}{self._list_items(entries)}</ol>"
            case c.Quote(children):
                return f"<blockquote>{self.blocks(children)}</blockquote>"
            case c.Aligned(alignment, children):
                return f'<div style="text-align: {alignment}">{self.blocks(children)}</div>'
            case c.CodeBlock(children, language):
                name = f' class="language-{self._attribute(language)}"' if language else ""
                return f"<pre><code{name}>{self.inlines(children)}</code></pre>"
            case c.Table():
                return self._table(block)
            case c.ThematicBreak():
                return "<hr>"
            case c.RawHtml():
                self._media.update((file.name, file) for file in block.files)
                return f"<div>{block.html}</div>"

    def _list_items(self, items: tuple[c.Content, ...]) -> str:
        return "".join(f"<li>{self._compact(item)}</li>" for item in items)

    def _compact(self, content: c.Content) -> str:
        """Return the inside of a list item or a cell, whose text is a paragraph only if there are several."""
        match content:
            case (c.Paragraph(children), *rest) if not any(isinstance(block, c.Paragraph) for block in rest):
                return self.inlines(children) + self.blocks(tuple(rest))
            case _:
                return self.blocks(content)

    def _table(self, table: c.Table) -> str:
        head = f"<thead>{self._row('th', table.head, table.alignments)}</thead>" if table.head else ""
        rows = "".join(self._row("td", row, table.alignments) for row in table.rows)
        html = f"<table>{head}<tbody>{rows}</tbody></table>"
        return html if self._is_imported else f'<div class="table">{html}</div>'

    def _row(self, tag: str, cells: tuple[c.Content, ...], alignments: tuple[str, ...]) -> str:
        row = []
        for cell, alignment in zip(cells, alignments, strict=True):
            look = f'style="text-align: {alignment}"' if self._is_imported else f'class="{alignment}"'
            opening = f"<{tag} {look}>" if alignment else f"<{tag}>"
            row.append(f"{opening}{self._compact(cell)}</{tag}>")
        return f"<tr>{''.join(row)}</tr>"

    def _inline(self, inline: c.Inline) -> str:
        if isinstance(inline, _Marked):
            tag = (_IMPORTED_TAGS if self._is_imported else _TAGS)[type(inline)]
            return f"<{tag}>{self.inlines(inline.children)}</{tag}>"
        match inline:
            case c.Text(text) | c.Verbatim(text):
                return escape.text(text)
            case c.Math(_, display):
                opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
                tex = c.write_tex(inline, self._tex_deletion)
                return f"{opening}{escape.tex(tex, cloze=self._cloze)}{closing}"
            case c.Image(file, alt, width):
                self._media[file.name] = file
                size = f' style="width: {width}"' if width else ""
                return f'<img src="{escape.media_name(file.name)}" alt="{self._attribute(alt)}"{size}>'
            case c.Sound(file, _):
                # Without its text: Anki shows a button instead, and only paper shows the text.
                self._media[file.name] = file
                return f"[sound:{escape.media_name(file.name)}]"
            case c.LineBreak():
                return "<br>"
            case c.Blank():
                return BLANK
            case _:
                return self._wrap(inline, self.inlines(inline.children))

    def _wrap(self, inline: c.Wrapper, html: str) -> str:
        """Wrap an inline around the HTML of its children."""
        match inline:
            case c.Styled(element, _):
                return f"<{element}>{html}</{element}>"
            case c.Coloured():
                return f'<span style="{_colour_style(inline, as_written=self._is_imported)}">{html}</span>'
            case c.Ruby(_, reading):
                # The parentheses are for programs that cannot put a reading above its word.
                return f"<ruby>{html}<rp>(</rp><rt>{self.inlines(reading)}</rt><rp>)</rp></ruby>"
            case c.Link(url, _) if _LINK_SCHEME.match(url):
                html = _LINK_TAG.sub("", html)  # HTML has no links within links
                return f'<a href="{escape.url(url, cloze=self._cloze)}" rel="noopener noreferrer">{html}</a>'
            case c.Cloze(numbers, _, hint) if self._cloze:
                return _cloze_markup(numbers, html, self._hint(hint))
            case _:
                return html

    def _tex_deletion(self, deletion: c.MathDeletion, tex: str) -> str:
        if not self._cloze:
            return tex
        hint = f" {deletion.hint}" if escape.is_command_in_brackets(deletion.hint) else deletion.hint
        return _cloze_markup(deletion.numbers, tex, hint)

    def _hint(self, hint: c.Inlines) -> str:
        if not hint:
            return ""
        first, *others = hint
        opening = escape.hint(first.text) if isinstance(first, c.Text) else self._inline(first)
        return opening + self.inlines(tuple(others))

    def _attribute(self, plain: str) -> str:
        return escape.attribute(plain, cloze=self._cloze)
