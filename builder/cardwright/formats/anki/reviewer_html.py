"""The sides of a card as they stand in the window of Anki's reviewer, without any script.

What Anki's scripts do is done here: sounds get their buttons, the place for typing its box, formulas are set
and masks drawn. Hints open as details do. No script, handler or page of another site is left in the HTML.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote, unquote

from cardwright.formats.anki import occlusion_drawing
from cardwright.formats.anki.card_sides import CardSides
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.sound_tags import Played, Sound
from cardwright.formats.anki.typed_answers import with_typing
from cardwright.record import Record
from cardwright.source.html_formulas import HtmlFormula, split_formulas
from cardwright.source.html_parsing import HtmlComment, HtmlElement, HtmlNode, parse_html
from cardwright.source.picture_size import Size

_PLAY = re.compile(r"\[anki:play:([qa]):([0-9]+)\]")
# A white disc with a triangle in it, as wide and high as Anki's.
_PLAY_PICTURE = (
    '<svg class="playImage" viewBox="0 0 64 64"><circle cx="32" cy="32" r="29"/>'
    '<path d="M19 52.4V11.6l37.5 20.7z"/></svg>'
)

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_AS_PRE = frozenset({"xmp", "listing", "plaintext"})
_LEFT_OUT = frozenset(
    {
        "script",
        "noscript",
        "noembed",
        "noframes",
        "base",
        "meta",
        "title",
        "iframe",
        "object",
        "embed",
        "frame",
    }
)
# Where MathJax looks for no formulas. Source: MathJax 3, "Document Options", `skipHtmlTags`.
_WITHOUT_FORMULAS = frozenset({"script", "noscript", "style", "textarea", "pre", "code", "math", "svg"})
_ADDRESSES = {
    "src": frozenset({"img", "audio", "video", "source", "track", "input"}),
    "poster": frozenset({"video"}),
    "href": frozenset({"link", "image"}),
    "xlink:href": frozenset({"image"}),
}
_NEVER = frozenset({"autofocus", "autoplay", "srcset", "ping", "formaction", "action", "srcdoc", "nonce"})
_LINK = re.compile(r"https?://|mailto:", re.IGNORECASE)
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none\s*(?:;|$)", re.IGNORECASE)
_TAG_START = re.compile("<(?=[A-Za-z/!?])")
_CSS_ADDRESS = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]*?))\s*\)""", re.IGNORECASE)


class Media(Record, frozen=True):
    """The files of a deck, as a page finds them. Each function gets a name in Anki.

    address: the address of a file.
    size: width and height of a picture in px; None if they aren't known.
    """

    address: Callable[[str], str]
    size: Callable[[str], Size | None]


def reviewer_sides(
    sides: CardSides, note_type: AnkiNoteType, fields: Sequence[str], ordinal: int, media: Media
) -> tuple[str, str]:
    """Return front and back of a card as its page has them (`reviewer_page.py`).

    sides: what the card's templates show. fields: HTML, in the note type's order. ordinal: 0-based.
    """
    front, back = with_typing(sides.front, sides.back, note_type, fields, ordinal + 1)
    return _reviewed(front, sides, media), _reviewed(back, sides, media)


def with_media_addresses(css: str, media: Media) -> str:
    """Return CSS in which each file of the deck has its address, and that has no signs of a tag."""

    def replace(match: re.Match[str]) -> str:
        name = next(group for group in match.groups() if group is not None)
        return f'url("{_address(name, media)}")'

    return _TAG_START.sub(r"\\3c ", _CSS_ADDRESS.sub(replace, css))


def _reviewed(html: str, sides: CardSides, media: Media) -> str:
    played = {"q": sides.front_sounds, "a": sides.back_sounds}

    def button(match: re.Match[str]) -> str:
        number = int(match[2])
        sounds = played[match[1]]
        return _play_button(sounds[number]) if number < len(sounds) else ""

    nodes = parse_html(_PLAY.sub(button, html))
    return "".join(_Writer(media, occlusion_drawing.find_masks(nodes)).write(nodes))


def _play_button(played: Played) -> str:
    """Return the button that plays something: Anki's, under invisible controls of the browser."""
    if not isinstance(played, Sound):
        return f'\n<a class="replay-button soundLink" title="{escape(played.text)}">{_PLAY_PICTURE}</a>'
    label = escape(played.name)
    audio = f'<audio controls preload="none" src="{quote(played.name)}" aria-label="{label}"></audio>'
    return f'\n<a class="replay-button soundLink" title="{label}">{_PLAY_PICTURE}{audio}</a>'


class _Writer:
    """Writes the nodes of one side. masks: those of its picture, in the order in which they are drawn."""

    def __init__(self, media: Media, masks: Sequence[HtmlElement]) -> None:
        self._media = media
        self._masks = masks
        self._picture_size: Size | None = None

    def write(self, nodes: Sequence[HtmlNode], *, formulas: bool = True) -> Iterator[str]:
        """Yield HTML. formulas: whether MathJax looks for formulas here."""
        position = 0
        parts = tuple(split_formulas(nodes)) if formulas else nodes
        while position < len(parts):
            node = parts[position]
            position += 1
            match node:
                case str():
                    yield escape(node, quote=False).replace("\xa0", "&nbsp;")
                case HtmlComment():
                    pass
                case HtmlFormula():
                    yield _mathml(node)
                case HtmlElement():
                    hidden = _hidden_by(node, parts, position)
                    if hidden is None:
                        yield from self._element(node, formulas=formulas)
                    else:
                        yield from self._details(node, parts[hidden], formulas=formulas)
                        position = hidden + 1

    def _element(self, element: HtmlElement, *, formulas: bool) -> Iterator[str]:
        name = element.name
        if name in _LEFT_OUT or "data-shape" in element.attributes:
            return
        id_ = element.attributes.get("id")
        if id_ == occlusion_drawing.CANVAS_ID:
            yield occlusion_drawing.drawing(self._masks, *(self._picture_size or (1000, 1000)))
            return
        if id_ == "toggle" and self._masks:
            if occlusion_drawing.hides_all(self._masks):
                yield '<details class="toggle-masks"><summary>'
                yield from self._plain(element, {"tabindex": "-1"})
                yield "</summary></details>"
            return
        more: Mapping[str, str] = {}
        if id_ == "image-occlusion-container":
            more = self._container_style(element)
        yield from self._plain(element, more, formulas=formulas and name not in _WITHOUT_FORMULAS)

    def _plain(
        self, element: HtmlElement, more: Mapping[str, str], *, formulas: bool = True
    ) -> Iterator[str]:
        attributes = {**dict(self._attributes(element)), **more}
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        name = "pre" if element.name in _AS_PRE else element.name
        yield f"<{name}{written}>"
        if name in _VOID:
            return
        if name == "style":
            raw = "".join(child for child in element.children if isinstance(child, str))
            yield with_media_addresses(raw, self._media)
        else:
            yield from self.write(element.children, formulas=formulas)
        yield f"</{name}>"

    def _container_style(self, container: HtmlElement) -> Mapping[str, str]:
        """Return the style that gives the box of a picture with masks the proportions of the picture."""
        pictures = (
            node for node in container.children if isinstance(node, HtmlElement) and node.name == "img"
        )
        picture = next(pictures, None)
        name = unquote(picture.attributes.get("src", "")) if picture is not None else ""
        self._picture_size = self._media.size(name) if name else None
        if self._picture_size is None:
            return {"class": "without-size"}
        width, height = self._picture_size
        style = container.attributes.get("style", "")
        return {"style": f"{style and style + ';'}aspect-ratio: {width:g} / {height:g}"}

    def _attributes(self, element: HtmlElement) -> Iterator[tuple[str, str]]:
        for name, value in element.attributes.items():
            if name.startswith("on") or name in _NEVER:
                continue
            if element.name in _ADDRESSES.get(name, ()):
                yield name, _address(value, self._media)
            elif name in ("href", "xlink:href") and element.name in ("a", "area"):
                yield name, value if _LINK.match(value) or value.startswith("#") else "#"
                if _LINK.match(value):
                    yield "target", "_blank"
                    yield "rel", "noopener noreferrer"
            elif name == "style":
                yield name, with_media_addresses(value, self._media)
            elif name in ("href", "xlink:href"):
                if value.startswith("#"):  # a shape of a drawing
                    yield name, value
            elif name not in ("target", "rel") and _is_name(name):
                yield name, value

    def _details(
        self, opener: HtmlElement, hidden: HtmlNode | HtmlFormula, *, formulas: bool
    ) -> Iterator[str]:
        """Yield something with a handler that shows what is hidden behind it, such as a hint."""
        assert isinstance(hidden, HtmlElement)
        kept = {name: value for name, value in hidden.attributes.items() if name != "hidden"}
        kept["style"] = _HIDDEN.sub(";", kept.get("style", ""))
        yield '<details class="opener"><summary>'
        yield from self._plain(opener, {"tabindex": "-1"}, formulas=formulas)
        yield "</summary>"
        yield from self._plain(HtmlElement(hidden.name, kept, hidden.children), {}, formulas=formulas)
        yield "</details>"


def _hidden_by(opener: HtmlElement, nodes: Sequence[HtmlNode | HtmlFormula], position: int) -> int | None:
    """Return the index of the hidden element that comes behind an element with a handler, if one does."""
    if opener.name not in ("a", "button") or "onclick" not in opener.attributes:
        return None
    for index in range(position, len(nodes)):
        node = nodes[index]
        if isinstance(node, HtmlElement):
            attributes = node.attributes
            is_hidden = "hidden" in attributes or _HIDDEN.search(attributes.get("style", ""))
            return index if is_hidden else None
        if not isinstance(node, str) or node.strip():
            return None
    return None


def _is_name(name: str) -> bool:
    return re.fullmatch(r"[\w:.-]+", name) is not None


def _address(name: str, media: Media) -> str:
    """Return the address of what is named in HTML or CSS; data stay, and what is elsewhere is left out."""
    if name.lower().startswith(("data:image/", "data:font/", "data:audio/", "#")):
        return name
    return "" if not name or _REMOTE.match(name) else media.address(unquote(name))


def _mathml(formula: HtmlFormula) -> str:
    """Return a formula as MathML; as TeX, if it can't be read."""
    from cardwright.source.formulas.core import formula_mathml  # noqa: PLC0415  many decks have no formula

    mathml = formula_mathml(formula.tex, display=formula.display)
    if mathml is None:
        mathml = f"<math><merror><mtext>{escape(formula.tex, quote=False)}</mtext></merror></math>"
    # In the element that MathJax makes, since the style of a card may say how it looks.
    display = ' display="true"' if formula.display else ""
    return f'<mjx-container class="MathJax"{display}>{mathml}</mjx-container>'
