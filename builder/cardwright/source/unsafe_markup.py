"""Finds what the templates of an imported note type must not have: what could run, send or fetch something.

Templates are read as a browser reads them, whatever Anki fills in for their fields, and judged by lists of
what is allowed. So all that Anki's own templates have may stay, and all that has only a look.
Source: HTML Living Standard, "Tokenization" and "Parsing HTML documents".
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from html import unescape
from typing import Literal

from cardwright.collection.template import Token, split_filters, tokenize
from cardwright.record import Record
from cardwright.source.css import is_embedded, is_file_name, unsafe_css
from cardwright.source.html_tags import KNOWN_TO_HTML, WEB_ADDRESS
from cardwright.source.template_attributes import WEB_PAGE

_ELEMENTS = frozenset(
    """
    a abbr acronym address area article aside audio b bdi bdo big blockquote br button canvas caption
    center cite code body col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset
    figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i img input ins kbd label
    legend li main map mark marquee menu meter nav nobr ol optgroup option output p picture pre progress q
    rb rp rt rtc ruby s samp search section select small source span strike strong style sub summary sup
    svg table tbody td tfoot th thead time tr tt u ul var video wbr
    """.split()  # noqa: SIM905  a list of one word a line would fill three pages
)
"""The elements that show something and do nothing. What HTML doesn't know does nothing either."""

_ATTRIBUTES = frozenset(
    """
    abbr align alt autocapitalize autocomplete autocorrect autofocus autoplay bgcolor border cellpadding
    cellspacing checked class clear color cols colspan controls datetime dir disabled draggable
    enterkeyhint face for frame headers height hidden high hspace id inputmode label lang loop low max
    maxlength min minlength muted name noshade nowrap open optimum placeholder playsinline preload
    readonly rel reversed role rows rowspan rules scope selected size span spellcheck start step style
    tabindex target title translate type valign value vspace width wrap
    """.split()  # noqa: SIM905  the same
)
_ATTRIBUTES_OF = {
    "a": frozenset({"href"}),
    "area": frozenset({"href", "coords", "shape"}),
    **dict.fromkeys(("audio", "img", "source"), frozenset({"src"})),
    "video": frozenset({"poster", "src"}),
}
_FILES = frozenset({"poster", "src"})
_REMOVED_WHOLE = frozenset(
    {"applet", "iframe", "noembed", "noframes", "noscript", "object", "script", "template", "title"}
)
"""The elements that are taken out with what is in them, since a card doesn't show it."""
_RAW_TEXT = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp"}
)
"""The elements in which a browser looks for nothing but their end tag."""

_OWN_PLACE = re.compile(r"(?:#[^:]*)?")
_NOT_IN_TAGS = frozenset({"Deck", "FrontSide", "Subdeck"})
"""The fields of Anki's own that learners can name as they like, or that are HTML."""

_IMAGE_OCCLUSION = re.compile(
    r"\s*try \{\s*anki\.imageOcclusion\.setup\(\);\s*\} catch \(exc\) \{\s*"
    r"document\.getElementById\(\"err\"\)\.innerHTML = `[^`$\\<>]*(?:<br>){0,2}\$\{exc\}`;\s*\}\s*"
)
"""The script of Anki's own image occlusion; its message is translated.

Source: Anki, rslib/src/image_occlusion/notetype.html and notetype.rs.
"""

_FIRST_PLACEHOLDER, _LAST_PLACEHOLDER = 0xF0000, 0xFFFFD  # a plane for private use
_ENDS_VALUE = frozenset("\"'<>")
_OTHER_DELIMITERS = re.compile(r"\s*\{\{=<% %>=\}\}")
"""Source: Anki, rslib/src/template.rs, `ALT_HANDLEBAR_DIRECTIVE`."""
_MAX_PASSES = 30
_PLACEHOLDER = re.compile(f"[{chr(_FIRST_PLACEHOLDER)}-{chr(_LAST_PLACEHOLDER)}]")
_TAG_START = re.compile(r"<(/?)([A-Za-z][^\s/>]*)", re.ASCII)
_ATTRIBUTE = re.compile(
    r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(?![\"'])([^\s>]+)))?", re.ASCII
)
_UNKNOWN_ELEMENT = re.compile(r"[a-z][a-z0-9_-]*")
_TAG_END = re.compile(r"[\s/]*>", re.ASCII)
_COMMENT_END = re.compile(r"--!?>")


FieldKind = Literal["text", "link", "file"]


class UnsafePart(Record, frozen=True):
    """A part of a template that it must not have.

    name: what it is, such as `<script>` or `onclick`, for messages. start, end: where it stands.
    instead: what may stand there.
    """

    name: str
    start: int
    end: int
    instead: str = ""


class FieldInTag(Record, frozen=True):
    """A field within an attribute. kind: of what it says: a part of a text, a link, or the name of a file."""

    field: str
    kind: FieldKind


class Scan(Record, frozen=True):
    """What stands in a template. unsafe: in order, none in another one."""

    unsafe: Sequence[UnsafePart]
    fields_in_tags: Sequence[FieldInTag]


def scan_template(
    template: str, unfit_fields: Collection[str] = (), unfit_names: Collection[str] = ()
) -> Scan:
    """Return what a template must not have, and which fields stand in its tags.

    unfit_fields: those that must not stand in tags, since some notes have texts there that `fits_into_tag`
        refuses.
    unfit_names: the fields of Anki's own that must not stand anywhere, such as `Card`, since they show names
        that `has_markup`.
    """
    scanner = _Scanner(template, frozenset(unfit_fields) | frozenset(unfit_names))
    scanner.read()
    scanner.find_names(frozenset(unfit_names))
    unsafe: list[UnsafePart] = []
    for part in sorted(scanner.unsafe, key=lambda part: (part.start, -part.end)):
        if not unsafe or part.start >= unsafe[-1].end:
            unsafe.append(part)
    return Scan(tuple(unsafe), tuple(dict.fromkeys(scanner.fields_in_tags)))


def has_markup(name: str) -> bool:
    """Return whether a name, which Anki shows as it is, is more than text to a browser."""
    return "<" in name


def find_unfit_names(names: Mapping[str, Collection[str]]) -> tuple[list[str], list[str]]:
    """Return the fields of Anki's own that fit into no tag, and those that fit nowhere.

    names: what each of them shows, such as those of all templates for `Card`.
    """
    in_tags = [field for field, shown in names.items() if not all(map(_ENDS_VALUE.isdisjoint, shown))]
    return in_tags, [field for field in in_tags if any(map(has_markup, names[field]))]


def without_unsafe_parts(
    template: str, unfit_fields: Collection[str] = (), unfit_names: Collection[str] = ()
) -> tuple[str, Counter[str]]:
    """Return a template without what it must not have, and the names of what was taken out, with numbers.

    unfit_fields, unfit_names: as for `scan_template`.
    """
    if match := _OTHER_DELIMITERS.match(template):
        template = template[match.end() :].replace("<%", "{{").replace("%>", "}}")
    taken_out: Counter[str] = Counter()
    for _ in range(_MAX_PASSES):
        unsafe = scan_template(template, unfit_fields, unfit_names).unsafe
        if not unsafe:
            return template, taken_out
        taken_out.update(part.name for part in unsafe)
        for part in reversed(unsafe):
            template = template[: part.start] + part.instead + template[part.end :]
    # Nobody writes such a template but to get something past this.
    return template.replace("<", "&lt;"), taken_out


def fits_into_tag(html: str, kind: FieldKind) -> bool:
    """Return whether a field, as Anki stores it, can stand in a tag: it ends no value, and leads nowhere."""
    if not _ENDS_VALUE.isdisjoint(html):
        return False
    text = unescape(html)
    match kind:
        case "file":
            return is_file_name(text)
        case "link":
            return not text or WEB_ADDRESS.fullmatch(text) is not None
        case "text":
            return True


class _Scanner:
    """Reads one template. Fields and sections stand as single characters in the text that is read."""

    def __init__(self, template: str, unfit_fields: frozenset[str]) -> None:
        self._unfit_fields = unfit_fields
        self.unsafe: list[UnsafePart] = []
        self.fields_in_tags: list[FieldInTag] = []
        self._tokens: list[Token] = []
        # Where each character of the text stands in the template; those of a field have it all.
        self._places: list[int] = []
        parts = []
        position = 0
        for token in tokenize(template):
            if token.kind in ("text", "comment"):
                parts.append(_PLACEHOLDER.sub("\ufffd", token.raw))
                self._places += range(position, position + len(token.raw))
            else:
                parts.append(chr(_FIRST_PLACEHOLDER + len(self._tokens)))
                self._places.append(position)
                self._tokens.append(token)
            position += len(token.raw)
        self._places.append(position)
        self._text = "".join(parts)

    def read(self) -> None:
        text, position = self._text, 0
        if self._tokens and self._tokens[0].name.startswith("="):  # other delimiters, in older versions
            position = text.index(chr(_FIRST_PLACEHOLDER)) + 1
            self._add("{{=", 0, position)
        while (start := text.find("<", position)) >= 0:
            following = text[start + 1 : start + 2]
            if _PLACEHOLDER.match(following) or not following:
                # What comes next could make a tag of it.
                self._add("<", start, start + 1, "&lt;")
                position = start + 1
            elif tag := _TAG_START.match(text, start):
                position = self._tag(tag)
            elif following in ("!", "?", "/"):
                position = self._comment(start)
            else:
                position = start + 1

    def find_names(self, unfit: frozenset[str]) -> None:
        """Note fields whose names Anki would show as markup. unfit: as `unfit_names` of `scan_template`.

        Source: Anki, rslib/src/template_filters.rs, `hint_filter` and `type_filter`.
        """
        for index, token in enumerate(self._tokens):
            node = split_filters(token.name)
            shows_name = bool(node.filters) and has_markup(node.field)
            if token.kind == "replacement" and (shows_name or node.field in unfit):
                place = self._text.index(chr(_FIRST_PLACEHOLDER + index))
                instead = "" if node.field in unfit else f"{{{{{node.field}}}}}"
                self._add(f"{{{{{token.name}}}}}", place, place + 1, instead)

    def _comment(self, start: int) -> int:
        """Read a comment, or what a browser takes for one; return where it ends."""
        text = self._text
        if text.startswith("<!--", start):
            short = re.compile(r"-?>").match(text, start + 4)
            end = short or _COMMENT_END.search(text, start + 4)
        else:
            end = re.compile(">").search(text, start)
        stop = len(text) if end is None else end.end()
        if end is None or _PLACEHOLDER.search(text, start, stop) or "{{" in text[start:stop]:
            self._add("<!-- -->", start, stop)
        return stop

    def _tag(self, tag: re.Match[str]) -> int:
        """Read a tag, and what is in an element that has no markup in it; return where that ends."""
        text, name, is_end_tag = self._text, tag[2].lower(), bool(tag[1])
        attributes: list[re.Match[str]] = []
        position = tag.end()
        while not (end := _TAG_END.match(text, position)):
            attribute = _ATTRIBUTE.match(text, position)
            if attribute is None:  # the tag never ends
                self._add(f"<{tag[1]}{name}>", tag.start(), len(text))
                return len(text)
            attributes.append(attribute)
            position = attribute.end()
        stop = end.end()
        if is_end_tag or _PLACEHOLDER.search(name):
            if _PLACEHOLDER.search(text, tag.start(), stop) or not _is_allowed_element(name):
                self._add(f"<{tag[1]}{_PLACEHOLDER.sub('…', name)}>", tag.start(), stop)
        elif name == "svg":
            return self._drawing(tag.start())
        elif name in _RAW_TEXT:
            return self._raw_text(name, attributes, tag.start(), stop)
        elif _is_allowed_element(name):
            self._attributes(name, attributes)
        else:
            stop = self._end_of_element(name, stop) if name in _REMOVED_WHOLE else stop
            self._add(f"<{name}>", tag.start(), stop)
        return stop

    def _raw_text(
        self, name: str, attributes: Sequence[re.Match[str]], start: int, content_start: int
    ) -> int:
        """Read an element in which a browser looks for its end tag alone; return where to read on."""
        text = self._text
        end_tag = re.compile(rf"</{name}[\s/>]", re.IGNORECASE | re.ASCII).search(text, content_start)
        content = text[content_start : len(text) if end_tag is None else end_tag.start()]
        stop = self._end_of_element(name, content_start + len(content))
        is_safe = False
        if end_tag is not None and not _PLACEHOLDER.search(content):
            is_script = name == "script" and not attributes
            is_safe = is_script and _IMAGE_OCCLUSION.fullmatch(content) is not None
            is_safe = is_safe or (name == "style" and next(unsafe_css(content), None) is None)
        if is_safe:
            self._attributes(name, attributes)
            return stop
        if name not in _REMOVED_WHOLE | {"style"}:
            stop = content_start
        self._add(f"<{name}>", start, stop)
        return stop

    def _end_of_element(self, name: str, position: int) -> int:
        """Return where an element ends: behind its next end tag, or with the template."""
        end = re.compile(rf"</{name}(?:[\s/][^>]*)?>", re.IGNORECASE | re.ASCII).search(self._text, position)
        return len(self._text) if end is None else end.end()

    def _drawing(self, start: int) -> int:
        from cardwright.source import inline_drawings  # noqa: PLC0415  few templates have drawings

        markup = inline_drawings.find_drawing(self._text, start)
        if markup and not _PLACEHOLDER.search(markup):
            try:
                inline_drawings.read_inline_drawing(markup, "", "")
            except inline_drawings.UnfitDrawingError:
                pass
            else:
                return start + len(markup)
        stop = self._end_of_element("svg", start)
        self._add("<svg>", start, stop)
        return stop

    def _attributes(self, element: str, attributes: Sequence[re.Match[str]]) -> None:
        for attribute in attributes:
            name = attribute[1].lower()
            value = next((value for value in attribute.groups()[1:] if value is not None), "")
            is_allowed = name in _ATTRIBUTES | _ATTRIBUTES_OF.get(element, frozenset())
            is_allowed = is_allowed or name.startswith(("aria-", "data-"))
            if _PLACEHOLDER.search(name):
                name, is_allowed = "…", False
            elif is_allowed and _PLACEHOLDER.search(value):
                is_quoted = attribute[2] is not None or attribute[3] is not None
                is_allowed = is_quoted and self._fields_in_value(name, value)
            elif is_allowed:
                is_allowed = _is_safe_value(name, unescape(value))
            if not is_allowed:
                self._add(name, attribute.start(), attribute.end())

    def _fields_in_value(self, name: str, value: str) -> bool:
        """Return whether the fields and sections in a value may stand there, and note the fields."""
        tokens = [self._tokens[ord(sign) - _FIRST_PLACEHOLDER] for sign in _PLACEHOLDER.findall(value)]
        shown = [split_filters(token.name) for token in tokens if token.kind == "replacement"]
        texts = _PLACEHOLDER.sub("", value)
        if name == "style" or not _are_nested(tokens):
            return False
        if any(node.filters or node.field in _NOT_IN_TAGS | self._unfit_fields for node in shown):
            return False
        kind: FieldKind = "text"
        if name in _FILES:
            # A field could complete a reference to a character.
            if "&" in texts or not is_file_name(texts.strip()):
                return False
            kind = "file"
        elif name == "href" and not WEB_PAGE.match(unescape(value)):
            if texts:
                return False
            kind = "link"
        self.fields_in_tags += [FieldInTag(node.field, kind) for node in shown]
        return True

    def _add(self, name: str, start: int, end: int, instead: str = "") -> None:
        self.unsafe.append(UnsafePart(name, self._places[start], self._places[end], instead))


def _is_allowed_element(name: str) -> bool:
    return name in _ELEMENTS or (name not in KNOWN_TO_HTML and _UNKNOWN_ELEMENT.fullmatch(name) is not None)


def _are_nested(tokens: Sequence[Token]) -> bool:
    """Return whether each section among tokens ends among them."""
    names: list[str] = []
    for token in tokens:
        if token.kind in ("section", "negated-section"):
            names.append(token.name)
        elif token.kind == "section-end" and (not names or names.pop() != token.name):
            return False
    return not names


def _is_safe_value(name: str, value: str) -> bool:
    """Return whether a value, without fields, neither runs nor fetches anything."""
    match name:
        case "href":
            return bool(_OWN_PLACE.fullmatch(value) or WEB_ADDRESS.fullmatch(value))
        case "poster" | "src":
            return is_file_name(value) or is_embedded(value)
        case "style":
            return next(unsafe_css(value), None) is None
        case _:
            return True
