"""What the tags of a field make of the text in them."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
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
INLINE_ELEMENTS = frozenset({*INLINE_FORMATS, *ADDING_UP, *PLAIN_INLINES})
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
    {"class", "id", "rel", "target", "role", "tabindex", "spellcheck", "contenteditable", "title", "lang"}
)
_UNSEEN_STARTS = ("data-", "aria-", "on", "item", "xmlns", "jsaction", "jsname", "xml:")
_ZERO = r"-?(?:0+(?:\.0+)?|0*\.00+\d*)(?:[a-z]{1,4}|%)?"
# Properties that no card shows, whatever they are.
_UNSEEN_PROPERTIES = re.compile(
    r"orphans|widows|cursor|caret-color|(?:-webkit-)?user-select|-webkit-tap-highlight-color|transition.*|will-change"
    r"|pointer-events|touch-action|scroll-.*|(?:page-)?break-(?:before|after|inside)|text-rendering|font-kerning"
    r"|font-optical-sizing|-webkit-(?:font-smoothing|text-size-adjust|user-.*|nbsp-mode)|-(?:moz|ms|o|khtml)-.*|mso-.*"
    r"|speak|tab-interval|panose-1|background-(?:repeat|position.*|size|attachment|origin|clip)|box-sizing|z-index"
)
_WIDE = "unset|revert"
# Values that leave everything as it is: of inherited properties, unless a style sheet sets them; of others.
_NEUTRAL_INHERITED = tuple(
    (re.compile(names), re.compile(f"inherit|initial|{_WIDE}|{values}"))
    for names, values in (
        (r"line-height|line-break|quotes|word-break|tab-size", "normal|auto|8"),
        (r"letter-spacing|word-spacing|text-indent|-webkit-text-stroke(?:-width)?", f"normal|{_ZERO}"),
        (r"text-transform|text-shadow|text-emphasis(?:-.*)?|list-style-image", "none"),
        (r"white-space(?:-collapse)?|text-wrap(?:-.*)?", "normal|collapse|wrap|auto"),
        (
            r"font-(?:variant|stretch|size-adjust|feature|variation|language|synthesis|palette|width).*",
            "normal|none|auto|100%",
        ),
        (r"direction|writing-mode|visibility|text-orientation", "ltr|horizontal-tb|visible|mixed"),
        (r"overflow-wrap|word-wrap|hyphens", "normal|break-word|anywhere|manual|none"),
        (r"list-style-position|border-collapse|empty-cells|caption-side", "outside|separate|show|top"),
        (r"text-underline-.*|text-decoration-skip.*|text-align-last|text-justify", "auto"),
    )
)
_NEUTRAL = tuple(
    (re.compile(names), re.compile(f"initial|{_WIDE}|{values}"))
    for names, values in (
        (r"(?:margin|padding)(?:-.*)?", rf"(?:(?:{_ZERO}|auto)\s*)+"),
        (
            r"(?:border|outline|column-rule)(?:-(?!collapse|spacing).*)?|box-shadow",
            rf"(?:.*\b)?none\b.*|{_ZERO}(?:\s.*)?|medium|(?:initial\s*)+",
        ),
        (
            (
                r"float|clear|transform|filter|backdrop-filter|clip|clip-path|mask.*|animation.*|rotate|scale"
                r"|translate|isolation|mix-blend-mode|background-image|contain|columns?(?:-.*)?|table-layout"
                r"|unicode-bidi|appearance|resize"
            ),
            "none|normal|auto",
        ),
        (r"position|top|left|right|bottom|inset", f"static|relative|auto|{_ZERO}"),
        (r"overflow(?:-[xy])?|content-visibility", "visible|auto"),
        (r"opacity|zoom", "1|100%|normal"),
        (r"vertical-align", f"baseline|{_ZERO}"),
        (r"(?:min-|max-)?(?:width|height)", "auto|none"),
        (r"min-(?:width|height)", _ZERO),
        (r"max-width", "100%"),
        (r"text-decoration-(?:color|style|thickness)", "auto|solid|currentcolor|from-font"),
        (
            r"flex(?:-.*)?|order|(?:align|justify|place)-.*|gap|(?:row|column)-gap|grid(?:-.*)?",
            "auto|normal|none|nowrap|row|0|0 1 auto",
        ),
    )
)
_SIZES = "font-size|vertical-align"
# What browsers say of elements by themselves, so that there no other value is neutral.
# Source: HTML Standard, 15.3.
_BROWSER_STYLE = {
    name: re.compile(names)
    for some, names in (
        (("sub", "sup", "small", "big"), _SIZES),
        (("h1", "h2", "h3", "h4", "h5", "h6"), "font-size"),
        (("code", "kbd", "samp", "tt"), "font-.*"),
        (("ul", "ol", "menu", "dir"), "padding.*|list-style.*|display"),
        (("li", "summary"), "list-style.*|display"),
        (("blockquote", "figure", "dd"), "margin.*|display"),
        (("pre",), "white-space.*|font-.*|text-wrap.*"),
        (("table", "hr", "tr", "tbody", "thead"), "border.*|vertical-align|height"),
        (("td", "th"), "border.*|padding.*|vertical-align"),
        (("img",), "vertical-align"),
        (("a", "mark"), "text-decoration.*"),
    )
    for name in some
}


class Look(Record, frozen=True):
    """What a tag makes of the text in it.

    formats: in order. removed: names of formats that it takes away. unseen: in words.
    is_inline: whether a style says that it is a part of the line.
    has_margins: whether a paragraph has the space around it that browsers give it.
    """

    formats: Formats
    removed: frozenset[str]
    alignment: str
    unseen: frozenset[str]
    is_inline: bool
    has_margins: bool


@lru_cache(maxsize=4096)
def look_of(  # noqa: C901, PLR0912  a case for each attribute
    name: str, attributes: tuple[tuple[str, str], ...], declared: AbstractSet[str] = frozenset()
) -> Look:
    """Return what a tag makes of the text in it. declared: the properties that a style sheet sets."""
    style = _Style(name, declared)
    if name == "center":
        style.alignment = f"{WEBKIT}center"
    if name in INLINE_FORMATS:
        style.formats.append(INLINE_FORMATS[name])
    elif name in ADDING_UP:
        style.formats.append((name,))
    elif name == "address":
        style.formats.append(("i",))
    unseen: set[str] = set()
    for key, value in attributes:
        if key == "style":
            for property_, declared_value in parse_declarations(value):
                style.declare(property_, declared_value)
        elif key == "align" and name not in ("img", "table"):
            side = _ALIGNMENTS.get(value.lower(), "")
            style.alignment = f"{WEBKIT}{side}" if side and name in LINE_ELEMENTS else side or style.alignment
            if value.lower() not in _ALIGNMENTS:
                style.formats.append(("align", value.lower()))
        elif key == "color" and name == "font":
            style.declare("color", value.lower())
        elif key == "bgcolor":
            style.declare("background-color", value.lower())
        elif name == "a" and key == "href":
            style.formats.append(("link", value))
        elif (name == "a" and key == "name") or (key == "dir" and value.lower() in ("ltr", "auto")):
            pass
        elif key.startswith("on"):
            unseen.add("scripts in tags")
        elif key not in _UNSEEN_ATTRIBUTES and not key.startswith(_UNSEEN_STARTS):
            style.formats.append(("attribute", key, value))
    has_margins = name == "p" and style.margins != {"top", "bottom"}
    if has_margins:
        style.formats += (("style", f"margin-{side}", "0") for side in sorted(style.margins))
    is_inline = name in LINE_ELEMENTS and ("style", "display", "inline") in style.formats
    if is_inline:
        style.formats.remove(("style", "display", "inline"))
    return Look(
        *(tuple(style.formats), frozenset(style.removed), style.alignment, frozenset(unseen)),
        *(is_inline, has_margins),
    )


class _Style:
    """What the `style` of a tag makes of the text in it; see `Look`.

    margins: the sides on which a paragraph has no space.
    """

    def __init__(self, name: str, declared: AbstractSet[str]) -> None:
        self.name, self.declared = name, declared
        self.formats: list[Format] = []
        self.removed: set[str] = set()
        self.margins: set[str] = set()
        self.alignment = ""

    def declare(self, property_: str, value: str) -> None:  # noqa: C901, PLR0912  a case for each property
        """Add what a declaration makes of text."""
        value = value.removesuffix("!important").strip()
        formats, name = self.formats, self.name
        match property_:
            case "font-weight":
                is_bold = value in ("bold", "bolder") or (value.isdecimal() and int(value) >= 600)
                if is_bold:
                    formats.append(("b",))
                elif value not in ("inherit", "unset"):
                    self.removed.add("b")
            case "font-style" if value in ("italic", "oblique"):
                formats.append(("i",))
            case "font-style" if value not in ("inherit", "unset"):
                self.removed.add("i")
            case "text-decoration" | "text-decoration-line" if name != "a":
                words = set(value.split())
                formats += [("u",)] * ("underline" in words) + [("s",)] * ("line-through" in words)
                if "none" in words and INLINE_FORMATS.get(name) in (("u",), ("s",)):
                    self.removed.add(INLINE_FORMATS[name][0])
                if not words & {"none", "inherit", "initial"} and words - _PLAIN_LINES:
                    formats.append(("style", property_, value))
            case "color" | "background-color" | "background":
                is_own = name in ("a", "mark") and value in _NO_COLOURS
                kind = "color" if property_ == "color" else "background"
                if kind == "background" and name not in INLINE_ELEMENTS and name != "font":
                    kind = "box-background"
                formats += [("style", property_, value)] if is_own else _colour_format(kind, value)
            case "text-align" if value in _ALIGNMENTS and not (
                value in ("start", "end") and "direction" in self.declared
            ):
                self.alignment = _ALIGNMENTS[value]
            case "text-align" if value in ("inherit", "unset"):
                pass
            case "font-size" if value in ("100%", "1em", "inherit", "unset") and name not in _BROWSER_STYLE:
                pass
            case "font-family" if value in ("inherit", "unset") and name not in _BROWSER_STYLE:
                pass
            case "display" if value == ("block" if name in LINE_ELEMENTS else "inline"):
                if name not in LINE_ELEMENTS and name not in INLINE_ELEMENTS:
                    formats.append(("style", property_, value))
            case "width" if value == "100%" and name in LINE_ELEMENTS:
                pass
            case "margin" | "margin-top" | "margin-bottom" if name == "p" and self._declare_margins(
                property_, value
            ):
                pass
            case _ if not is_neutral(property_, value, name, self.declared):
                formats.append(("style", property_, value))

    def _declare_margins(self, property_: str, value: str) -> bool:
        """Return whether the margins of a paragraph are all either none or those that it has anyway."""
        sides = value.split()
        if not all(re.fullmatch(_ZERO, side) for side in sides):
            return False
        self.margins |= {"top", "bottom"} if property_ == "margin" else {property_.removeprefix("margin-")}
        return True


_PLAIN_LINES = frozenset({"underline", "line-through", "solid", "auto", "from-font", "currentcolor"})


def is_neutral(property_: str, value: str, name: str, declared: AbstractSet[str]) -> bool:
    """Return whether a declaration leaves everything as it is.

    name: of the element. declared: as for `look_of`.
    """
    if _UNSEEN_PROPERTIES.fullmatch(property_):
        return True
    if property_.startswith("--"):
        return property_ not in declared
    if name in _BROWSER_STYLE and _BROWSER_STYLE[name].fullmatch(property_):
        return False
    if property_ not in declared and _is_listed(property_, value, _NEUTRAL_INHERITED):
        return True
    return _is_listed(property_, value, _NEUTRAL)


def _is_listed(property_: str, value: str, lists: Iterable[tuple[re.Pattern[str], re.Pattern[str]]]) -> bool:
    return any(names.fullmatch(property_) and values.fullmatch(value) for names, values in lists)


_NO_COLOURS = frozenset({"inherit", "unset", "revert", "currentcolor", "transparent", "none", "initial", ""})


def _colour_format(kind: str, value: str) -> list[Format]:
    from cardwright.source.colours import read_colour  # noqa: PLC0415  few fields have any style

    if kind == "color" and value == "transparent":
        return [("style", kind, value)]
    if kind == "color" and value in ("initial", "windowtext"):
        value = "black"
    if value in _NO_COLOURS:
        return []
    colour = read_colour(value)
    if colour is None:
        return [("style", kind, value)]
    if not colour.alpha and kind != "color":
        return []
    if colour.alpha < 1:
        return [("style", kind, colour.hex)]
    return [(kind, to_hex(colour.seen_on((255, 255, 255))))]


_SEEN_ON_PICTURES = frozenset({"link", "style", "attribute", "styled", "boxed"})
# A line under a text has the colour of what it begins in, and a style may say another than what is around.
_SHOWN_AS_AROUND = frozenset({"u", "s", "styled", "boxed"})
_AROUND = frozenset(
    {"color", "background", "link", "mark", "style", "code", "kbd", "styled", "boxed", *ADDING_UP}
)
# Of these a text has at most one; the innermost counts.
_REPLACED = frozenset({"color", "background", "link"})


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
        if name in _SHOWN_AS_AROUND and (around := [own for own in result if own[0] in _AROUND]):
            added = (*added, repr(around))  # noqa: PLW2901  it depends on what it stands in
        if name in ADDING_UP or added not in result:
            result.append(added)
    return tuple(sorted(result))


def read_picture(node: HtmlElement, formats: Formats, declared: AbstractSet[str]) -> Run:
    """Return a picture. formats: around it. declared: as for `look_of`."""
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
        elif not is_neutral(property_, value, "img", declared):
            odd.append(("style", property_, value))
    odd += (
        ("attribute", key, value)
        for key, value in attributes.items()
        if key not in _UNSEEN_ATTRIBUTES
        and not key.startswith(_UNSEEN_STARTS)
        and key not in ("title", "loading", "decoding", "sizes", "crossorigin", "referrerpolicy")
    )
    kept = tuple(own for own in formats if own[0] in _SEEN_ON_PICTURES)
    return add_formats(kept, odd, frozenset()), Picture(name, alt, "" if width == "auto" else width, height)


def media_name(address: str) -> str:
    """Return the name of a file, which browsers write with percent signs; another address as it is."""
    return address if "://" in address or address.startswith("data:") else unquote(address.strip())


def _pixels(value: str) -> str:
    return f"{value}px" if value.isdecimal() else value


def without(formats: Formats, *names: str) -> Formats:
    return tuple(own for own in formats if own[0] not in names)
