"""Writes content as it stands on the page."""

import base64
import re
from collections.abc import Collection, Iterable, Mapping
from html import escape

from cardwright.collection import content as c
from cardwright.collection.card import formula_side
from cardwright.collection.colour import Colour
from cardwright.collection.content import MediaFile
from cardwright.collection.diagram import Diagram, MaskedPicture, Shape
from cardwright.formats.content_html import ContentHtml, colour_style
from cardwright.source.css import parse_colour
from cardwright.source.media_formats import media_type

# What page.css calls paper and ink.
DAY: dict[str, Colour] = {"color": (255, 255, 255), "background-color": (31, 35, 40)}
NIGHT: dict[str, Colour] = {"color": (34, 37, 42), "background-color": (230, 232, 235)}

_UNQUOTED = re.compile(r"[\w.,:;#%+/?&~!@()-]*[\w.,:;#%+?~!@()-]", re.ASCII)


def text(plain: str) -> str:
    """Escape text between tags."""
    return escape(plain, quote=False)


def attribute(plain: str) -> str:
    """Escape the value of an HTML attribute in double quotes."""
    return escape(plain)


def attributes(values: Mapping[str, str]) -> str:
    """Return attributes with a space before each, and with quotation marks where they are needed."""
    return "".join(
        f" {name}={attribute(value)}" if _UNQUOTED.fullmatch(value) else f' {name}="{attribute(value)}"'
        for name, value in values.items()
    )


def is_line(content: c.Content) -> bool:
    """Return whether a content is a single paragraph."""
    return len(content) == 1 and isinstance(content[0], c.Paragraph)


class PageContent(ContentHtml):
    """Writes the contents of all cards of a page, with each media file once."""

    __slots__ = ("_alts", "_is_gapped", "_numbers")

    def __init__(self) -> None:
        self._numbers: dict[MediaFile, int] = {}
        self._alts: dict[MediaFile, str] = {}
        self._is_gapped = False

    @property
    def files(self) -> Collection[MediaFile]:
        """The media files of what was written so far."""
        return self._numbers

    text = staticmethod(text)
    attribute = staticmethod(attribute)

    def gapped(self, content: c.Content) -> str:
        """Write the text of a cloze note, with its deletions as gaps that the page opens and closes."""
        self._is_gapped = True
        html = self.paragraph(content)
        self._is_gapped = False
        return html

    def paragraph(self, content: c.Content) -> str:
        """Write a content as one element: a paragraph, which what follows ends, if it is a line."""
        html = self.compact(content)
        return f"<p>{html}" if is_line(content) else f"<div>{html}</div>"

    def diagram(self, diagram: Diagram) -> str:
        """Write a picture, with a mask for each label, and the names below it."""
        masks = "".join(
            _mask(shape, number=label.cloze_number, is_further=index > 0)
            for label in diagram.labels
            for index, shape in enumerate(label.shapes)
        )
        picture = self.image(c.Image(diagram.file, diagram.alt))
        names = "".join(
            f"<li>{_gap((label.cloze_number,), self.inlines(label.name))}" for label in diagram.labels
        )
        has_names = any(label.name for label in diagram.labels)
        hides_all = " data-all" if diagram.hides_all else ""
        return f"<figure{hides_all}>{picture}{masks}</figure>" + (f"<ol>{names}</ol>" if has_names else "")

    def math(self, formula: c.Math) -> str:
        whole = _math(formula)
        if not self._is_gapped or not formula.deletions:
            return whole
        numbers = sorted({number for deletion in formula.deletions for number in deletion.numbers})
        hidden = "".join(
            f"<span class=h data-n={number}>{_math(formula_side(formula, {number}))}</span>"
            for number in numbers
        )
        return f"<span{attributes({'class': 'f', 'data-n': _listed(numbers)})}>{whole}</span>{hidden}"

    def image(self, picture: c.Image) -> str:
        size = f' style="width: {picture.width}"' if picture.width else ""
        # A picture without words of its own has those that it had before.
        alt = "" if self._alts.get(picture.file) == picture.alt else f' alt="{attribute(picture.alt)}"'
        self._alts[picture.file] = picture.alt
        html = f"<img {self._source(picture.file)}{alt}{size}>"
        if not isinstance(picture, MaskedPicture):
            return html
        masks = "".join(_mask(mask.shape, state=mask.state, label=mask.text) for mask in picture.masks)
        return f"<span class=d>{html}{masks}</span>"

    def sound(self, sound: c.Sound) -> str:
        label = f' aria-label="{attribute(sound.words)}"' if sound.words else ""
        return f"<audio controls {self._source(sound.file)}{label}></audio>"

    def blank(self) -> str:
        return "<span class=blank>[…]</span>"

    def cloze(self, cloze: c.Cloze, html: str) -> str:
        if not self._is_gapped:
            return html
        return _gap(cloze.numbers, html, self.inlines(cloze.hint))

    def link(self, url: str, html: str) -> str:
        return f"<a{attributes({'href': url})}>{html}</a>"

    def heading_level(self, level: int) -> int:
        return min(level + 2, 6)  # below that of the topic

    def raw_html(self, block: c.RawHtml) -> str:
        return self.blocks(block.children)

    def scaled(self, factor: float, html: str) -> str:
        return f'<span style="font-size: {factor:g}em">{html}</span>'

    def colours(self, text_: c.Coloured) -> str:
        return _css(text_)

    def _source(self, file: MediaFile) -> str:
        """Return the attribute that names a file: its data where it comes first, later its number."""
        number = self._numbers.get(file)
        if number is not None:
            return f"data-same={number}"
        number = self._numbers[file] = len(self._numbers)
        data = base64.b64encode(file.data).decode("ascii")
        return f'data-file={number} src="data:{media_type(file.name)};base64,{data}"'


def _listed(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _gap(numbers: Iterable[int], html: str, hint: str = "") -> str:
    """Return a deletion that the page can hide; of number 1 if it names none. hint: HTML, shown instead."""
    shown_hint = f"<i>{hint}</i>" if hint else ""
    named = _listed(numbers)
    return f"<b{attributes({'data-n': named} if named != '1' else {})}>{html}{shown_hint}</b>"


def _mask(
    shape: Shape, *, number: int = 0, is_further: bool = False, state: str = "", label: str = ""
) -> str:
    """Return a mask over a picture: one of a deletion's number, or one in a state as in `Mask`.

    is_further: whether another mask has the same number, so that this one isn't counted.
    """
    left, top, right, bottom = shape.box
    place = f"inset:{top:g}% {100 - right:g}% {100 - bottom:g}% {left:g}%"
    if shape.kind == "ellipse":
        place += ";border-radius:50%"
    elif shape.kind == "polygon":
        corners = ",".join(
            f"{(x - left) / (right - left) * 100:.1f}% {(y - top) / (bottom - top) * 100:.1f}%"
            for x, y in shape.points
        )
        place += f";clip-path:polygon({corners})"
    if is_further:
        place += ";counter-increment:mask 0"
    kind = {"data-n": str(number)} if number else {"class": state}
    return f"<u{attributes({**kind, 'style': place})}>{text(label)}</u>"


def _math(formula: c.Math) -> str:
    """Return a formula as MathML; as TeX, if it can't be read."""
    from cardwright.source.formulas.core import formula_mathml  # noqa: PLC0415  many decks have no formula

    mathml = formula_mathml(formula.tex, display=formula.display, paint=_paint)
    return f"<code>{text(formula.tex)}</code>" if mathml is None else mathml


def _paint(colour: str, background: str) -> str:
    """Return the colours of a part of a formula as CSS, readable by day and by night."""
    parsed = c.Coloured(parse_colour(colour), parse_colour(background), ())
    if parsed.background and not parsed.colour:
        parsed = c.Coloured(DAY["background-color"], parsed.background, ())
    return _css(parsed) if parsed.colour else ""


def _css(coloured: c.Coloured) -> str:
    return colour_style(coloured, DAY, NIGHT, "{name}:light-dark({day},{night})")
