"""Makes HTML of a field safe: only what the lists here allow is left of it, in the form of Anki's editor.

What would run, load from elsewhere, or reach out of the card is left out, and named. Text is always kept.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record
from cardwright.source.css import disallowed_parts, without_unsafe_css, written_declarations
from cardwright.source.field_marks import (
    COMMAND,
    END,
    HINT,
    MARK,
    SOUND,
    UNCLOSED,
    mark_field,
)
from cardwright.source.html_formulas import HtmlFormula, split_formulas
from cardwright.source.html_parsing import HtmlComment, HtmlElement, HtmlNode, parse_html
from cardwright.source.html_tags import KNOWN_TO_HTML, WEB_ADDRESS
from cardwright.source.tex import find_tex_problems, formula_excess, strip_formula

_KEPT = frozenset(
    """
    a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code
    col colgroup data dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5
    h6 header hgroup hr i img ins kbd label li main mark menu nav nobr ol output p picture pre q rb rp
    rt rtc ruby s samp section small source span strike strong sub summary sup table tbody td tfoot th
    thead time tr tt u ul var video wbr
    """.split()  # noqa: SIM905  a list of one word a line would fill a page
)
_VOID = frozenset({"br", "col", "hr", "img", "source", "wbr"})
# What is in these is no text that is shown; a frame becomes a link to what it would show.
_LEFT_OUT = frozenset(
    {
        "script",
        "template",
        "object",
        "applet",
        "frame",
        "frameset",
        "noframes",
        "noembed",
        "math",
        "select",
    }
    | {
        "datalist",
        "head",
        "meta",
        "link",
        "base",
        "basefont",
        "bgsound",
        "param",
        "canvas",
        "map",
        "area",
        "input",
    }
    | {"keygen", "track", "command", "title", "dialog", "progress", "meter"}
)
_FRAMES = frozenset({"iframe", "embed"})
# Tags that are left out without a word, since they mean nothing in a field.
_MEANINGLESS = frozenset({"html", "body"})
_LOADING = frozenset({"audio", "img", "source", "video"})
_AS_CODE = frozenset({"xmp", "listing", "plaintext"})
_ATTRIBUTES = frozenset(
    {
        "align",
        "alt",
        "bgcolor",
        "border",
        "cellpadding",
        "cellspacing",
        "class",
        "clear",
        "color",
        "colspan",
        "dir",
        "frame",
    }
    | {
        "controls",
        "face",
        "height",
        "hidden",
        "hspace",
        "lang",
        "loop",
        "muted",
        "noshade",
        "nowrap",
        "open",
        "reversed",
    }
    | {
        "rowspan",
        "rules",
        "scope",
        "size",
        "span",
        "start",
        "title",
        "type",
        "valign",
        "value",
        "vspace",
        "width",
    }
)
_SILENT_ATTRIBUTES = re.compile(
    r"(?:id|name|rel|target|tabindex|spellcheck|contenteditable|itemprop|sizes|loading|decoding"
    r"|autoplay|summary|style|charset|hreflang|referrerpolicy|crossorigin|draggable|translate|cite|datetime"
    r"|(?:data-editor|xml|xmlns|js|item)[\w:.-]*)"
)
_PROPERTIES = re.compile(
    r"color|background(?:-color|-image|-size|-position|-repeat|-clip)?|opacity|visibility|display|float|clear"
    r"|font(?:-[a-z-]+)?|line-height|letter-spacing|word-(?:spacing|break|wrap)|text-[a-z-]+|vertical-align"
    r"|white-space(?:-[a-z]+)?|direction|unicode-bidi|writing-mode|quotes|hyphens|tab-size|overflow(?:-[a-z-]+)?"
    r"|(?:margin|padding)(?:-[a-z-]+)?|border(?!-image)(?:-[a-z-]+)?|outline(?:-[a-z]+)?|box-(?:sizing|shadow)"
    r"|(?:min-|max-)?(?:width|height|inline-size|block-size)|list-style(?:-type|-position)?|table-layout"
    r"|caption-side|empty-cells|columns?(?:-[a-z-]+)?|(?:page-)?break-[a-z]+|object-(?:fit|position)|aspect-ratio"
    r"|flex(?:-[a-z]+)?|order|gap|(?:row|column)-gap|grid(?:-[a-z-]+)?|(?:align|justify|place)-[a-z]+|ruby-[a-z]+"
    r"|orphans|widows|-webkit-text-(?:fill|stroke)-[a-z]+|-webkit-text-stroke|zoom|image-rendering|content-visibility|--[\w-]+"
)
# Properties of other programs and of no page's look, which are left out without a word.
_SILENT_PROPERTIES = re.compile(
    r"-(?:moz|ms|o|khtml)-.*|-webkit-(?:tap-highlight-color|font-smoothing|text-size-adjust|user-.*|nbsp-mode)"
    r"|mso-.*|cursor|pointer-events|user-select|caret-color|will-change|scroll-.*|isolation|z-index|touch-action"
    r"|transition.*|tab-interval|page|panose-1|speak|inset|top|left|right|bottom|contain|resize|appearance"
)
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_SCHEME = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|//)")
# A place on the web, or on the card.
_ADDRESS = re.compile(rf"#[\w.:-]*|(?:{WEB_ADDRESS.pattern})", WEB_ADDRESS.flags)
_ID = re.compile(r"[\w.:-]+")
# What does nothing, but style sheets may name.
_FOR_STYLES = re.compile(r"(?:data|aria)-[a-z0-9_.-]+|role")
_WEB = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)
# What Anki reads in a finished field, and would find in text that is none.
_COMMAND_AS_TEXT = re.compile(r"(?i:\[(?=sound:|/?anki:|/?latex\]|/?\$\$?\]|\[type:))")
_PAIR = re.compile(r"\{(?=\{)|\}(?=\})|:(?=:)")
_OPENING_AS_TEXT = re.compile(r"\{(?=\{c[0-9])")
_EMPTY_FIELD = re.compile(r"(?:<br>|<div>|</div>)*")
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;", '"': "&quot;"}
_SIGN = re.compile("[&<>\xa0]")
_UNKNOWN_NAME = re.compile(r"(?!image\Z|isindex\Z|listing\Z|mglyph|malignmark|keygen\Z)[a-z][a-z0-9]{0,19}")
_MAX_ROUNDS = 4

SafeNode = HtmlElement | HtmlFormula | str


class SafeHtml(Record, frozen=True):
    """HTML that Anki may show.

    html: as an HTML parser writes it, so that looking at it in Anki's editor changes nothing.
    nodes: the same as a tree, with marks (`field_marks.py`) for what Anki reads in it. Formulas in it are
        allowed.
    dropped: what was left out, in words, each thing once.
    """

    html: str
    nodes: "tuple[SafeNode, ...]"
    dropped: tuple[str, ...]


def make_safe(
    html: str, *, cloze: bool, name_media: Callable[[str], str] = str, keeps_styles: bool = False
) -> SafeHtml:
    """Return the HTML of a field without what could do harm.

    cloze: whether the field is the text of a cloze note.
    name_media: returns how a picture or sound is to be called, by its name as written.
    keeps_styles: whether it may have style sheets, which style the whole card.
    """
    cleaner = _Cleaner(cloze, name_media, keeps_styles)
    safe, result = cleaner.clean(html)
    # What another parser makes of the result must be the result, or it could become something else.
    for _ in range(_MAX_ROUNDS):
        # Most HTML was made safe before, and to do it again takes long.
        again_safe, again = (
            (safe, html) if result == html else _Cleaner(cloze, str, keeps_styles).clean(result)
        )
        if again == result:
            return SafeHtml(
                "" if _EMPTY_FIELD.fullmatch(result) else result, safe, tuple(dict.fromkeys(cleaner.dropped))
            )
        safe, result = again_safe, again
    text = "".join(_texts(safe))
    return SafeHtml(_write((text,), cloze=False), (text,), (*cleaner.dropped, "the markup"))


def escape_attribute(value: str) -> str:
    """Return the value of an attribute as it stands in double quotes."""
    return re.sub('[&<>"\xa0]', lambda match: _SIGNS[match[0]], value)


def write_element(element: HtmlElement) -> str:
    """Return an element as HTML."""
    return _write_node(element, cloze=False)


def _texts(nodes: Iterable[SafeNode]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield MARK.sub("", node)
        elif isinstance(node, HtmlFormula):
            yield MARK.sub("", node.tex)
        elif isinstance(node, HtmlElement):
            yield from _texts(node.children)  # type: ignore[arg-type]  # those of a cleaned element


@dataclass(slots=True)
class _Cleaner:
    cloze: bool
    name_media: Callable[[str], str]
    keeps_styles: bool
    dropped: list[str] = field(default_factory=list)

    def clean(self, html: str) -> tuple[tuple[SafeNode, ...], str]:
        """Return what is left of HTML, as a tree and as written."""
        nodes = parse_html(unicodedata.normalize("NFC", mark_field(html, cloze=self.cloze)))
        safe = tuple(_joined(self._nodes(nodes)))
        return safe, _write(safe, cloze=self.cloze)

    def _nodes(self, nodes: Iterable[HtmlNode], *, in_code: bool = False) -> Iterator[SafeNode]:
        nodes = tuple(nodes)
        for node in nodes if in_code else split_formulas(nodes):
            if isinstance(node, str):
                yield MARK.sub(self._mark, node)
            elif isinstance(node, HtmlFormula):
                yield self._formula(node)
            elif isinstance(node, HtmlElement):
                yield from self._element(node, in_code=in_code)

    def _mark(self, match: re.Match[str]) -> str:
        if match[3] is not None:
            return f"{SOUND}{self.name_media(match[3])}{END}"
        if match[4] == UNCLOSED:
            self.dropped.append(UNCLOSED)
            return ""
        return match[0]

    def _formula(self, formula: HtmlFormula) -> SafeNode:
        tex = strip_formula(formula.tex)
        # Each part that a deletion may hide is shown by itself, and so are all of them.
        plain = MARK.sub(" ", tex)
        excess = formula_excess(plain)
        problem = next(find_tex_problems(plain), None)
        has_command = SOUND in tex or COMMAND in tex
        if excess or has_command or (problem is not None and problem.code != "unbalanced-braces"):
            part = plain[problem.start : problem.end] if problem else ""
            words = f"the formula with `{truncate(part, 20)}`" if part else "a formula that is too long"
            self.dropped.append("a formula with a sound or a command" if has_command else words)
            opening, closing = ("\\[", "\\]") if formula.display else ("\\(", "\\)")
            return f"{opening}{tex}{closing}"
        return HtmlFormula(tex, formula.display)

    def _element(self, node: HtmlElement, *, in_code: bool) -> Iterator[SafeNode]:
        name = node.name
        if name == "style":
            yield from self._style(node)
        elif name in _LEFT_OUT:
            self.dropped.append(f"`<{name}>`")
        elif name in _FRAMES:
            yield from self._link_to(node.attributes.get("src", ""), f"`<{name}>`")
        elif name == "svg":
            yield from self._drawing(node)
        elif name == "anki-mathjax":
            is_block = node.attributes.get("block", "false") != "false"
            yield self._formula(
                HtmlFormula("".join(child for child in node.children if isinstance(child, str)), is_block)
            )
        elif name in _KEPT or name in _AS_CODE or _is_unknown(name):
            yield from self._kept(node, "pre" if name in _AS_CODE else name, in_code=in_code)
        else:
            if name not in _MEANINGLESS and ":" not in name:
                self.dropped.append(f"the tag `<{truncate(name, 20)}>`")
            yield from self._nodes(node.children, in_code=in_code)

    def _style(self, node: HtmlElement) -> Iterator[SafeNode]:
        css = "".join(child for child in node.children if isinstance(child, str))
        safe, taken_out = without_unsafe_css(MARK.sub("", css))
        # Anki reads braces and brackets in a style as well.
        has_marks = MARK.search(css) or "{{c" in safe or (self.cloze and ("}}" in safe or "{{" in safe))
        if has_marks or not self.keeps_styles:
            self.dropped.append("`<style>`")
        elif safe.strip():
            self.dropped += (f"`{truncate(part, 20)}` in `<style>`" for part in taken_out)
            yield HtmlElement("style", {}, (safe,))

    def _kept(self, node: HtmlElement, name: str, *, in_code: bool) -> Iterator[SafeNode]:
        attributes = {}
        address = node.attributes.get("src") if name in _LOADING else None
        if address is not None:
            source = self._source(address, name)
            if source is None:
                yield from self._link_to(address, f"`<{name}>` of another place")
                return
            attributes["src"] = source
        elif name == "img":
            return
        attributes |= self._attributes(node, name)
        is_code = in_code or name in ("pre", "code")
        children = () if name in _VOID else tuple(_joined(self._nodes(node.children, in_code=is_code)))
        others: tuple[SafeNode, ...] = ()
        if name in ("audio", "video"):
            # What else is in it, only browsers show that cannot play it.
            others = tuple(child for child in children if not _is_source(child))
            children = tuple(filter(_is_source, children))
        yield HtmlElement(name, attributes, children)  # type: ignore[arg-type]  # a cleaned element has formulas
        yield from others

    def _attributes(self, node: HtmlElement, name: str) -> dict[str, str]:
        kept = {}
        for key, value in node.attributes.items():
            if key in _ATTRIBUTES:
                kept[key] = value
            elif key == "style":
                style, dropped = _clean_style(value)
                self.dropped += dropped
                if style:
                    kept[key] = style
            elif key == "href" and name == "a" and _ADDRESS.fullmatch(value.strip()):
                kept[key] = value.strip()
            elif ((key == "id" or (key == "name" and name == "a")) and _ID.fullmatch(value)) or (
                _FOR_STYLES.fullmatch(key) and not _SILENT_ATTRIBUTES.fullmatch(key)
            ):
                kept[key] = value
            elif key == "href" and name == "a":
                self.dropped.append(f"the link to `{truncate(value, 20)}`")
            elif not (key == "src" and name in _LOADING) and not _SILENT_ATTRIBUTES.fullmatch(key):
                self.dropped.append(f"`{truncate(key, 20)}` of `<{name}>`")
        return kept

    def _source(self, address: str, name: str) -> str | None:
        """Return what a picture or sound is called; None for one that is not in the deck."""
        if name == "img" and _DATA_PICTURE.fullmatch(address):
            return address
        if _SCHEME.match(address):
            return None
        return self.name_media(unquote(address.strip()))

    def _link_to(self, address: str, what: str) -> Iterator[SafeNode]:
        """Yield a link in place of what would be loaded from an address, if that is one of the web."""
        self.dropped.append(what)
        if _WEB.fullmatch(address.strip()):
            url = address.strip()
            url = f"https:{url}" if url.startswith("//") else url
            yield HtmlElement("a", {"href": url}, (url,))

    def _drawing(self, node: HtmlElement) -> Iterator[SafeNode]:
        from cardwright.source.inline_drawings import UnfitDrawingError, read_inline_drawing  # noqa: PLC0415  few have any

        markup = write_element(node)
        try:
            read_inline_drawing(markup, "", "")
        except UnfitDrawingError:
            self.dropped.append("`<svg>`")
        else:
            yield node


@lru_cache(maxsize=4096)
def _clean_style(style: str) -> tuple[str, tuple[str, ...]]:
    """Return what is left of a style, and what is not, in words."""
    kept, dropped = [], []
    for name, value, is_important in written_declarations(style):
        if _PROPERTIES.fullmatch(name) and next(disallowed_parts(value), None) is None and "\\" not in value:
            kept.append(f"{name}: {value}{' !important' if is_important else ''}")
        elif not _SILENT_PROPERTIES.fullmatch(name):
            dropped.append(f"`{truncate(name, 24)}` in a style")
    return "; ".join(kept), tuple(dropped)


def _is_unknown(name: str) -> bool:
    """Return whether no program knows an element, so that only a style sheet can mean it."""
    return name not in KNOWN_TO_HTML and _UNKNOWN_NAME.fullmatch(name) is not None


def _is_source(node: SafeNode) -> bool:
    return isinstance(node, HtmlElement) and node.name == "source"


def _joined(nodes: Iterable[SafeNode]) -> Iterator[SafeNode]:
    """Yield nodes with texts beside each other as one."""
    text = ""
    for node in nodes:
        if isinstance(node, str):
            text += node
        else:
            if text:
                yield text
            text = ""
            yield node
    if text:
        yield text


def _write(nodes: Iterable[SafeNode], *, cloze: bool) -> str:
    """Return nodes as HTML. Source: HTML Standard, 13.3, "Serializing HTML fragments"."""
    return "".join(_write_node(node, cloze=cloze) for node in nodes)


def _write_node(node: HtmlNode | HtmlFormula, *, cloze: bool) -> str:
    match node:
        case str():
            return _write_text(node, cloze=cloze)
        case HtmlFormula(tex, display):
            opening, closing = ("\\[", "\\]") if display else ("\\(", "\\)")
            return opening + MARK.sub(_write_mark, _escape(tex)) + closing
        case HtmlElement(name, attributes, children):
            written = "".join(
                f' {key}="{_attribute(value, cloze=cloze)}"' for key, value in attributes.items()
            )
            if name in _VOID:
                return f"<{name}{written}>"
            if name == "style":
                return f"<style>{''.join(map(str, children))}</style>"
            return f"<{name}{written}>{_write(children, cloze=cloze)}</{name}>"  # type: ignore[arg-type]  # cleaned
        case HtmlComment():
            return ""


def _write_text(text: str, *, cloze: bool) -> str:
    """Return a text as HTML in which Anki reads nothing but what the marks say."""
    pieces: list[str] = []
    position = 0
    for match in MARK.finditer(text):
        pieces += (_guard(text[position : match.start()], cloze=cloze), _write_mark(match))
        position = match.end()
    return "".join((*pieces, _guard(text[position:], cloze=cloze)))


def _guard(text: str, *, cloze: bool) -> str:
    text = _escape(text)
    text = _COMMAND_AS_TEXT.sub("<span>[</span>", text)
    if "\\" in text:
        text = re.sub(r"\\(?=[(\[])", r"<span>\\</span>", text)
    return (_PAIR if cloze else _OPENING_AS_TEXT).sub(r"<span>\g<0></span>", text)


def _write_mark(match: re.Match[str]) -> str:
    if match[1]:
        return f"{{{{c{match[1]}::"
    if match[2]:
        return "::" if match[2] == HINT else "}}"
    return f"[sound:{_escape(match[3])}]" if match[3] is not None else _escape(match[4])


def _escape(text: str) -> str:
    return _SIGN.sub(_write_sign, text) if _SIGN.search(text) else text


def _write_sign(match: re.Match[str]) -> str:
    return _SIGNS[match[0]]


def _attribute(value: str, *, cloze: bool) -> str:
    """Return the value of an attribute, in which Anki reads nothing."""
    value = MARK.sub("", value)
    value = _COMMAND_AS_TEXT.sub("[\u2060", value)
    value = (_PAIR if cloze else _OPENING_AS_TEXT).sub("\\g<0>\u2060", value)
    value = re.sub(r"\\(?=[(\[])", "\\\\\u2060", value)
    return escape_attribute(value)
