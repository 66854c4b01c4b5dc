"""What the tags of a field make of the text in them."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from cardwright.collection.colour import to_hex
from cardwright.formats.anki.shown import Format, Formats, Picture, Run
from cardwright.record import Record
from cardwright.source.css import parse_declarations
from cardwright.source.html_parsing import HtmlElement

INLINE_FORMATS: dict[str, Format] = {
    **dict.fromkeys(("b", "strong"), ("b",)),
    **dict.fromkeys(("i", "em", "cite", "var", "dfn"), ("i",)),
    **dict.fromkeys(("s", "del", "strike"), ("s",)),
    **dict.fromkeys(("u", "ins"), ("u",)),
    **dict.fromkeys(("code", "samp", "tt"), ("code",)),
    "kbd": ("kbd",),
    "mark": ("mark",),
}
ADDING_UP = frozenset({"sub", "sup", "small", "big"})
PLAIN_INLINES = frozenset(
    {"span", "font", "a", "abbr", "acronym", "bdi", "time", "data", "label", "rb", "rtc", "q"}
)
LINE_ELEMENTS = frozenset(
    {
        "div",
        "section",
        "article",
        "aside",
        "main",
        "nav",
        "header",
        "footer",
        "hgroup",
        "center",
        "p",
        "address",
    }
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
WEBKIT = "-webkit-"
"""What `<center>` and `align` of a block begin with: they align a table as a whole, and not what is in it."""
_ALIGNMENTS = {
    **{side: side for side in ("left", "center", "right")},
    **{f"{WEBKIT}{side}": f"{WEBKIT}{side}" for side in ("left", "center", "right")},
    "start": "left",
    "end": "right",
    "middle": "center",
}
# Attributes that change nothing that is seen, unless a script or a style sheet asks for them.
_UNSEEN_ATTRIBUTES = frozenset(
    {"class", "id", "rel", "target", "role", "tabindex", "spellcheck", "contenteditable"}
)
_UNSEEN_STARTS = ("data-", "aria-", "on", "item", "xmlns", "jsaction", "jsname", "xml:")
# Values that leave every text as it is, and properties that show nothing of a text in any case.
_PLAIN_VALUES = frozenset(
    {"normal", "inherit", "initial", "unset", "revert", "none", "auto", "baseline", "0", "0px", "0pt", "0em"}
    | {"0px none", "none 0px", "currentcolor", "visible", "static", "ltr", "start", "repeat", "100%", "1"}
    | {"0px 0px 0px 0px", "0px 0px", "2", "medium"}
)
_UNSEEN_PROPERTIES = frozenset(
    {"orphans", "widows", "word-wrap", "overflow-wrap", "word-break", "caret-color", "cursor", "user-select"}
    | {"-webkit-user-select", "-webkit-text-stroke-width", "-webkit-tap-highlight-color", "quotes", "hyphens"}
    | {"text-decoration-color", "text-decoration-style", "text-decoration-thickness", "background-repeat"}
    | {"background-position", "background-size", "background-attachment", "background-origin"}
    | {"background-clip", "font-variant-ligatures", "font-variant-caps", "font-variant-numeric"}
    | {"font-variant-east-asian", "font-variant-alternates", "font-variant-position", "font-feature-settings"}
    | {
        "font-kerning",
        "font-optical-sizing",
        "font-variation-settings",
        "text-rendering",
        "font-language-override",
    }
    | {
        "-webkit-font-smoothing",
        "-moz-osx-font-smoothing",
        "tab-size",
        "outline",
        "transition",
        "page-break-after",
    }
    | {
        "page-break-before",
        "break-after",
        "break-before",
        "pointer-events",
        "content-visibility",
        "will-change",
    }
)


class Look(Record, frozen=True):
    """What a tag makes of the text in it.

    formats: in order. removed: names of formats that it takes away. unseen: in words.
    is_inline: whether a style says that it is a part of the line.
    """

    formats: Formats
    removed: frozenset[str]
    alignment: str
    unseen: frozenset[str]
    is_inline: bool


@lru_cache(maxsize=4096)
def look_of(  # noqa: C901, PLR0912  a case for each attribute
    name: str, attributes: tuple[tuple[str, str], ...]
) -> Look:
    """Return what a tag makes of the text in it."""
    formats: list[Format] = []
    removed: set[str] = set()
    unseen: set[str] = set()
    alignment = f"{WEBKIT}center" if name == "center" else ""
    if name in INLINE_FORMATS:
        formats.append(INLINE_FORMATS[name])
    elif name in ADDING_UP:
        formats.append((name,))
    for key, value in attributes:
        if key == "style":
            for property_, declared in parse_declarations(value):
                alignment = _declare(property_, declared, name, formats, removed) or alignment
        elif key == "align" and name not in ("img", "table"):
            side = _ALIGNMENTS.get(value.lower(), "")
            alignment = f"{WEBKIT}{side}" if side and name in LINE_ELEMENTS else side or alignment
            if value.lower() not in _ALIGNMENTS:
                formats.append(("align", value.lower()))
        elif key == "color" and name == "font":
            _declare("color", value.lower(), name, formats, removed)
        elif key == "bgcolor":
            _declare("background-color", value.lower(), name, formats, removed)
        elif name == "a" and key == "href":
            formats.append(("link", value))
        elif name == "a" and key == "name":
            pass
        elif key in ("title", "lang") or (key == "dir" and value.lower() in ("ltr", "auto")):
            unseen.add("tooltips" if key == "title" else "languages and directions of texts")
        elif key.startswith("on"):
            unseen.add("scripts in tags")
        elif key not in _UNSEEN_ATTRIBUTES and not key.startswith(_UNSEEN_STARTS):
            formats.append(("attribute", key, value))
    is_inline = name in LINE_ELEMENTS and ("style", "display", "inline") in formats
    if is_inline:
        formats.remove(("style", "display", "inline"))
    return Look(tuple(formats), frozenset(removed), alignment, frozenset(unseen), is_inline)


def _declare(  # noqa: C901, PLR0912  a case for each property
    property_: str, value: str, name: str, formats: list[Format], removed: set[str]
) -> str:
    """Add what a declaration of a style makes of text. Returns the alignment, if it is about that."""
    value = value.removesuffix("!important").strip()
    match property_:
        case "font-weight":
            is_bold = value in ("bold", "bolder") or (value.isdecimal() and int(value) >= 600)
            if is_bold:
                formats.append(("b",))
            elif value != "inherit":
                removed.add("b")
        case "font-style" if value in ("italic", "oblique"):
            formats.append(("i",))
        case "font-style" if value != "inherit":
            removed.add("i")
        case "text-decoration" | "text-decoration-line":
            words = value.split()
            formats += [("u",)] * ("underline" in words) + [("s",)] * ("line-through" in words)
            if "none" in words and name in INLINE_FORMATS:
                removed.add(INLINE_FORMATS[name][0])
        case "vertical-align" if value in ("sub", "super"):
            formats.append(("sub" if value == "sub" else "sup",))
        case "color" | "background-color" | "background":
            formats += _colour_format("color" if property_ == "color" else "background", value)
        case "text-align":
            if value in _ALIGNMENTS:
                return _ALIGNMENTS[value]
            if value not in _PLAIN_VALUES:
                formats.append(("style", property_, value))
        case "font-size" if value in ("100%", "1em", "1rem", "medium"):
            pass
        case _ if property_.startswith("--") or _is_plain(property_, value):
            pass
        case _ if property_.startswith("mso-"):
            pass
        case _:
            formats.append(("style", property_, value))
    return ""


def _is_plain(property_: str, value: str) -> bool:
    """Return whether a declaration leaves everything as it is."""
    if property_ in _UNSEEN_PROPERTIES:
        return True
    hides = value == "none" if property_ == "display" else value[:1] == "0" and property_ in _HIDING_IF_ZERO
    return value in _PLAIN_VALUES and not hides


# Elsewhere, such as in margins and borders, 0 is as plain as it can be.
_HIDING_IF_ZERO = frozenset(
    {"opacity", "width", "height", "max-width", "max-height", "font-size", "line-height", "zoom"}
)

_NO_COLOURS = frozenset(
    {"inherit", "initial", "unset", "currentcolor", "transparent", "windowtext", "none", ""}
)


def _colour_format(kind: str, value: str) -> list[Format]:
    from cardwright.source.colours import read_colour  # noqa: PLC0415  few fields have any style

    if kind == "color" and value == "transparent":
        return [("style", kind, value)]
    if value in _NO_COLOURS:
        return []
    colour = read_colour(value)
    if colour is None:
        return [("style", kind, value)]
    if not colour.alpha and kind == "background":
        return []
    if colour.alpha < 1:
        return [("style", kind, colour.hex)]
    return [(kind, to_hex(colour.seen_on((255, 255, 255))))]


# Of these a text has at most one; the innermost counts.
_REPLACED = frozenset({"color", "background", "link"})
_NO_COLOUR_IS = {("color", "#000000"), ("background", "#ffffff")}


def add_formats(formats: Formats, new: Iterable[Format], removed: frozenset[str]) -> Formats:
    """Return formats with those of an element within."""
    result = [own for own in formats if own[0] not in removed]
    for added in new:
        name = added[0]
        if name in removed:
            continue
        if name in ("link", "mark"):
            # Both have colours of their own.
            result = [
                own for own in result if own[0] != "color" and (name == "link" or own[0] != "background")
            ]
        if name == "mark" and any(own[0] == "link" for own in result):
            result.append(("style", "color", "marktext"))
        if name in _REPLACED:
            result = [own for own in result if own[0] != name]
        if name in ADDING_UP or added not in result:
            result.append(added)
    return tuple(sorted(result))


def read_picture(node: HtmlElement, formats: Formats) -> Run:
    attributes = dict(node.attributes)
    name, alt = media_name(attributes.pop("src", "")), " ".join(attributes.pop("alt", "").split())
    width = _pixels(attributes.pop("width", ""))
    height = _pixels(attributes.pop("height", ""))
    odd: list[Format] = []
    for property_, value in parse_declarations(attributes.pop("style", "")):
        if property_ == "width":
            width = value
        elif property_ == "height":
            height = "" if value == "auto" else value
        elif not _is_plain(property_, value):
            odd.append(("style", property_, value))
    odd += (
        ("attribute", key, value)
        for key, value in attributes.items()
        if key not in _UNSEEN_ATTRIBUTES
        and not key.startswith(_UNSEEN_STARTS)
        and key not in ("title", "loading", "decoding", "srcset", "sizes", "crossorigin", "referrerpolicy")
    )
    kept = tuple(own for own in formats if own[0] in ("link", "style", "attribute"))
    return add_formats(kept, odd, frozenset()), Picture(name, alt, "" if width == "auto" else width, height)


def media_name(address: str) -> str:
    """Return the name of a file, which browsers write with percent signs; another address as it is."""
    return address if "://" in address or address.startswith("data:") else unquote(address.strip())


def _pixels(value: str) -> str:
    return f"{value}px" if value.isdecimal() else value


def without(formats: Formats, *names: str) -> Formats:
    return tuple(own for own in formats if own[0] not in names)
