"""Reads SVG drawings: leaves out what cards can't show, and finds what a drawing must not have.

An SVG is a program as much as a picture. Anki shows it as a picture, in which no script runs and nothing is
fetched; but anybody who opens the file in a browser, or puts it into a page, runs it.

What a drawing program writes for itself alone is left out of the file that both Anki and paper get, so that
both show the same. A drawing without any of that keeps its bytes.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from cardwright.diagnostics import Source, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source.css import disallowed_parts
from cardwright.source.html_tags import WEB_ADDRESS
from cardwright.source.svg_labels import Label
from cardwright.source.svg_programs import Kind, advice, find_xml_fault
from cardwright.source.svg_style import allowed_address, inner_drawing, without_web_fonts

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_SVG = "http://www.w3.org/2000/svg"
_HTML = "http://www.w3.org/1999/xhtml"
_MATHML = "http://www.w3.org/1998/Math/MathML"
_ADOBE = "http://ns.adobe.com/"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"
_SCRIPT_ELEMENTS = frozenset({"script", "handler", "listener"})
_PAGE_ELEMENTS = frozenset({"iframe", "object", "embed", "audio", "video", "canvas"})
_ANIMATION_ELEMENTS = frozenset({"set", "animate", "animatetransform", "animatemotion"})
# Attributes that no browser reads as CSS.
_PLAIN_ATTRIBUTES = re.compile(r"(?:alt|class|content|d|id|name|points|title|data-.*|aria-.*)\Z")
# The PDF engine, and browsers, enter each element with a call of its own.
_MAX_DEPTH = 200
_MAX_ENTITIES = 200
_MAX_ENTITY = 1_000  # characters that an entity stands for
_MAX_EXPANSION = 1_000_000  # characters that all uses of entities stand for
_MAX_INNER_DRAWINGS = 2  # deep
_MAX_PROBLEMS = 100
_MAX_SPAN = 1_000  # characters of a tag that are shown

_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)[\"']")
# What else programs write, and browsers show no picture of. In a page, Latin-1 is Windows-1252.
# Source: WHATWG Encoding Standard, 4.2.
_ENCODINGS = {"iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252"}
_INNER_URL = re.compile(r"(?<![\w\\-])url\(\s*#[^\s\"'()\\]*\s*\)", re.IGNORECASE)
_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>")
_REFERENCES = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|&([^\s#&;<]+);", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SvgProblem:
    """Something that a drawing must not have, or that is left out of it.

    description: words that can follow "has" or "is shown without", such as "a script (`<script>`)".
    span: in the drawing's own text.
    """

    description: str
    span: Span
    help: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as cards get it.

    data: without what no card shows; the bytes of the file if it has nothing of that.
    problems: what it must not have, in reading order.
    omissions: what others may see in the file, and cards don't show.
    """

    data: bytes
    problems: tuple[SvgProblem, ...]
    omissions: tuple[SvgProblem, ...]


class UnreadableSvgError(Exception):
    """Raised for a file that is no XML or no SVG."""

    def __init__(self, description: str, span: Span, help_: str = "") -> None:
        super().__init__(description)
        self.problem = SvgProblem(description, span, help_)


class _UnsafeDoctypeError(Exception):
    """Raised for declarations of which nothing more must be read."""


def read_drawing(path: str, data: bytes, depth: int = 0) -> Drawing:
    """Read a drawing. path: as shown to the author. depth: of drawings around it.

    Raises UnreadableSvgError.
    """
    encoding = _ENCODING.match(data)
    written_name = encoding[1].decode("ascii", "replace") if encoding else "utf-8"
    name = written_name.lower()
    try:
        text = data.decode(_ENCODINGS.get(name, "utf-8-sig"))
    except UnicodeDecodeError as error:
        source = Source(path, data.decode("utf-8", "replace"))
        start = len(data[: error.start].decode("utf-8", "replace"))
        raise UnreadableSvgError("a byte that is not UTF-8", Span(source, start, start + 1)) from None
    source = Source(path, text)
    reader = _SvgReader(source, depth)
    if encoding and name not in ("utf-8", "us-ascii", "ascii"):
        if name not in _ENCODINGS:
            description = f"the encoding `{truncate(written_name, 16)}`, not UTF-8"
            raise UnreadableSvgError(description, Span(source, *encoding.span(1)))
        reader.replace(*encoding.span(1), "UTF-8")
    reader.read()
    return Drawing(reader.edited() or data, tuple(reader.problems), tuple(reader.omissions))


@dataclass(slots=True)
class _Element:
    """An element that is open. start: of its tag, in bytes. children: those of a `<switch>`."""

    namespace: str
    name: str
    start: int
    attributes: Mapping[str, str]
    children: list["_Child"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Child:
    """A child of a `<switch>`.

    end: in bytes. text: all of it.
    label: what it shows if it is a piece of a web page. span: of its last tag.
    """

    element: _Element
    end: int
    text: str
    label: Label | None
    span: Span


class _SvgReader:
    """Reads one drawing, element by element.

    problems, omissions: found so far.
    """

    def __init__(self, source: Source, depth: int) -> None:
        # Only a deck with drawings needs it, and start-up is what users wait for most.
        from xml.parsers import expat  # noqa: PLC0415

        self.problems: list[SvgProblem] = []
        self.omissions: list[SvgProblem] = []
        self._source = source
        self._data = source.text.encode()
        self._depth = depth
        self._parse_error = expat.ExpatError
        self._parser: XMLParserType = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._characters
        self._parser.ProcessingInstructionHandler = self._instruction
        self._parser.StartDoctypeDeclHandler = self._open_doctype
        self._parser.EndDoctypeDeclHandler = self._close_doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.AttlistDeclHandler = self._attribute_list
        self._parser.SkippedEntityHandler = self._skipped_entity
        self._edits: list[tuple[int, int, str]] = []
        # Edits that change nothing of what is seen, and are made only if others are.
        self._further_edits: list[tuple[int, int, str]] = []
        self._entities: dict[str, str] = {}
        self._declarations_start: int | None = None
        self._elements: list[_Element] = []
        self._text: list[str] = []
        # The text of the style element that is open; None outside one. So is the piece of a web page.
        self._style: list[str] | None = None
        self._style_start = 0
        self._style_span: Span | None = None
        self._label: Label | None = None
        self._label_depth = 0
        self._label_span: Span | None = None

    def read(self) -> None:
        try:
            self._parser.ParseFile(BytesIO(self._data))
        except _UnsafeDoctypeError:
            return
        except self._parse_error as error:
            description = str(error).rsplit(":", 1)[0]
            before = self._data[: max(self._parser.ErrorByteIndex, 0)].decode("utf-8", "ignore")
            start, end, help_ = find_xml_fault(description, self._source.text, len(before))
            raise UnreadableSvgError(description, Span(self._source, start, end), help_) from None

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace bytes of the drawing."""
        self._edits.append((start, end, text))

    def edited(self) -> bytes | None:
        """Return the drawing as cards get it; None if that is the drawing as it is."""
        if not self._edits:
            return None
        pieces: list[bytes] = []
        position = 0
        for start, end, text in sorted(
            (*self._edits, *self._further_edits), key=lambda edit: (edit[0], -edit[1])
        ):
            if start >= position:
                pieces += [self._data[position:start], text.encode()]
                position = end
        return b"".join((*pieces, self._data[position:]))

    # The DOCTYPE.

    def _open_doctype(
        self, _name: str, _system: str | None, _public: str | None, has_declarations: int
    ) -> None:
        if has_declarations:
            self._declarations_start = self._parser.CurrentByteIndex

    def _close_doctype(self) -> None:
        if self._declarations_start is None:
            return
        end = self._data.rfind(b"]", 0, self._parser.CurrentByteIndex) + 1
        self.replace(self._declarations_start, end, "")
        length = 0
        for reference in _REFERENCES.finditer(self._data, end):
            name = reference[1].decode() if reference[1] else ""
            if value := self._entities.get(name):
                length += len(value)
                self.replace(*reference.span(), escape(value, {'"': "&quot;", "'": "&apos;"}))
        if length > _MAX_EXPANSION:
            self._refuse_doctype("entities that stand for too much text", Span(self._source, 0, 1))

    def _entity(self, name: str, is_parameter: bool, value: str | None, *_ids: object) -> None:
        if value is None or is_parameter:
            self._refuse_doctype(f"an entity that stands for more than text (`{truncate(name, 12)}`)")
        elif re.search(r"[<&]", value) or len(value) > _MAX_ENTITY or len(self._entities) >= _MAX_ENTITIES:
            self._refuse_doctype(f"an entity that stands for markup (`{truncate(name, 12)}`)")
        self._entities.setdefault(name, value or "")

    def _attribute_list(
        self, _element: str, name: str, _type: str, default: str | None, _needed: int
    ) -> None:
        if default is not None:
            self._refuse_doctype(f"an attribute declared in its DOCTYPE (`{truncate(name, 12)}`)")

    def _refuse_doctype(self, description: str, span: Span | None = None) -> None:
        self._add(description, "doctype", span)
        raise _UnsafeDoctypeError

    def _skipped_entity(self, name: str, _is_parameter: bool) -> None:
        raise UnreadableSvgError(f"an entity that nothing declares (`&{truncate(name, 12)};`)", self._span())

    # Elements.

    def _open(self, full_name: str, attributes: dict[str, str]) -> None:
        namespace, _, name = full_name.rpartition(" ")
        if not self._elements and (namespace, name) != (_SVG, "svg"):
            raise UnreadableSvgError("no `xmlns` of SVG in its first tag", self._span())
        if name == "flowRoot" or (self._elements and self._elements[-1].name == "switch"):
            self._text.clear()
        self._elements.append(_Element(namespace, name, self._parser.CurrentByteIndex, attributes))
        if len(self._elements) == _MAX_DEPTH:
            self._add(f"elements nested {_MAX_DEPTH} deep", "other")
        if self._label is not None:
            self._label.open(name.lower(), attributes)
        elif (namespace, name.lower()) == (_SVG, "foreignobject"):
            self._label, self._label_depth = Label(), len(self._elements)
            self._label_span = self._span()
        else:
            self._check_element(namespace, name, attributes)

    def _check_element(self, namespace: str, name: str, attributes: dict[str, str]) -> None:
        element = name.lower()
        if self._style is not None:
            self._add(f"a tag within its style (`<{truncate(name, 12)}>`)", "other")
        if element == "style" and namespace in (_SVG, _HTML):
            self._style = []
            self._style_span = self._span()
            self._style_start = self._tag_end(self._parser.CurrentByteIndex)
        elif element in _SCRIPT_ELEMENTS:
            self._add(f"a script (`<{truncate(name, 12)}>`)", "script")
        elif namespace == _HTML or (namespace in ("", _SVG) and element in _PAGE_ELEMENTS):
            self._add(f"a piece of a web page (`<{truncate(name, 14)}>`)", "page")
        is_inert = namespace not in (_SVG, _HTML, _MATHML)
        for attribute, value in attributes.items():
            for description, kind in self._attribute_problems(element, attribute, value, is_inert=is_inert):
                self._add(description, kind)

    def _close(self, _name: str) -> None:
        element = self._elements.pop()
        label = self._close_label(element)
        if self._style is not None and element.name.lower() == "style":
            self._close_style(element)
        if element.namespace.startswith(_ADOBE) and "pgf" in element.name:
            self._further_edits.append((element.start, self._element_end(element.start), ""))
        if element.name == "flowRoot" and self._label is None and "".join(self._text).strip():
            self._omit("text in a frame of Inkscape's (`<flowRoot>`)", "flow")
        if element.name == "switch" and element.namespace == _SVG and self._label is None:
            self._close_switch(element)
        if self._elements and self._elements[-1].name == "switch":
            span = self._label_span if label is not None else None
            child = _Child(
                element, self._element_end(element.start), "".join(self._text), label, span or self._span()
            )
            self._elements[-1].children.append(child)

    def _close_label(self, element: _Element) -> Label | None:
        """Return the piece of a web page that ends here, if the `<switch>` around it has to decide."""
        if self._label is None:
            return None
        if self._label_depth <= len(self._elements):
            self._label.close()
            return None
        label, self._label = self._label, None
        if not _is_shown(element) or label.is_empty:
            self.replace(element.start, self._element_end(element.start), "")
            if _is_shown(element) and label.has_style:
                self._omit("an effect of a web page (`<foreignObject>`)", "effect", self._label_span)
            return None
        if self._elements[-1].name == "switch":
            return label
        self._add_label(label)
        return None

    def _close_switch(self, switch: _Element) -> None:
        """Leave of a `<switch>` what a browser shows, or the same as plain text."""
        children = switch.children
        labels = [child for child in children if child.label is not None]
        shown = next((child for child in children if _is_shown(child.element)), None)
        if any("systemLanguage" in child.element.attributes for child in children):
            shown = None
        elif shown is not None and shown.label is not None:
            others = (child for child in children if child.label is None and _is_shown(child.element))
            shown = self._write_as_text(shown.label, next(others, None))
        for child in labels if shown is None else ():
            self._add_label(child.label, child.span)
        if shown is not None:
            edits = self._edits if labels else self._further_edits
            edits += [(child.element.start, child.end, "") for child in children if child is not shown]

    def _write_as_text(self, label: Label, substitute: _Child | None) -> _Child | None:
        """Write a label in what its program wrote for other readers; return that, or None if it can't be.

        substitute: a picture of the label, or the beginning of its text.
        """
        if substitute is None or substitute.element.name == "image":
            return substitute
        text = label.as_text(substitute.element.attributes, substitute.text)
        if text is None:
            return None
        if text != substitute.text:
            start = self._tag_end(substitute.element.start)
            if substitute.element.name != "text" or start == substitute.end:
                return None
            self.replace(start, self._data.rfind(b"<", start, substitute.end), text)
        if label.has_formats:
            self._omit("formats within labels", "label", self._label_span)
        return substitute

    def _add_label(self, label: Label | None, span: Span | None = None) -> None:
        is_text = label is not None and label.text.strip()
        description = (
            "a label that only web pages show" if is_text else "a piece of a web page (`<foreignObject>`)"
        )
        self._add(description, "page", span or self._label_span)

    def _close_style(self, element: _Element) -> None:
        css, self._style = "".join(self._style or ()), None
        kept, omitted = without_web_fonts(css)
        if omitted:
            self.replace(self._style_start, self._parser.CurrentByteIndex, escape(kept))
            for description in omitted:
                self._omit(description, "font", self._style_span)
        if element.namespace == _HTML and kept.strip():
            self._add("a piece of a web page (`<style>`)", "page", self._style_span)
        for description, kind in self._css_problems(kept):
            self._add(description, kind, self._style_span)

    def _characters(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
        elif self._label is not None:
            self._label.characters(text)
        else:
            self._text.append(text)

    def _instruction(self, target: str, _text: str) -> None:
        if target.lower() == "xml-stylesheet":
            self._add("a style sheet from elsewhere", "reference")

    # Attributes and styles.

    def _attribute_problems(
        self, element: str, name: str, value: str, *, is_inert: bool
    ) -> Iterator[tuple[str, Kind]]:
        """Yield what an attribute must not have.

        element: its local name in lower case. name: with its namespace before it, as expat has it.
        is_inert: whether the element is of no language that browsers know.
        """
        local = name.rpartition(" ")[2].lower()
        if " " not in name and re.fullmatch("on[a-z]+", local):
            yield f"an event handler (`{truncate(local, 16)}`)", "script"
        elif name == _XML_BASE:
            yield "another address as its base (`xml:base`)", "reference"
        elif is_inert:
            return
        elif local in ("href", "src", "ping"):
            if element != "a" or local != "href" or not WEB_ADDRESS.fullmatch(value.strip()):
                yield from self._address_problems(value)
        elif (
            element in _ANIMATION_ELEMENTS
            and local == "attributename"
            and re.search(r"href\Z|\Aon", value.strip())
        ):
            yield f"an animation of `{truncate(value, 16)}`", "script"
        elif " " not in name and not _PLAIN_ATTRIBUTES.match(local):
            yield from self._css_problems(value)

    def _css_problems(self, css: str) -> Iterator[tuple[str, Kind]]:
        problems: dict[str, Kind] = {}
        for kind, text in disallowed_parts(_INNER_URL.sub("none", css)):
            if kind == "address":
                problems |= dict(self._address_problems(text))
            elif kind == "at-rule":
                problems[f"an unknown rule in its style (`@{truncate(text, 12)}`)"] = "reference"
            elif kind == "function":
                problems[f"a reference in its style (`{truncate(text, 16)}(…)`)"] = "reference"
        yield from problems.items()

    def _address_problems(self, address: str) -> Iterator[tuple[str, Kind]]:
        inner = inner_drawing(address)
        # Browsers ignore white space and control characters in an address.
        address = re.sub(r"[\x00-\x20]", "", address)
        if inner is not None and self._depth < _MAX_INNER_DRAWINGS:
            try:
                drawing = read_drawing(self._source.path, inner, self._depth + 1)
            except UnreadableSvgError as error:
                yield f"an inner drawing that has {error.problem.description}", "other"
            else:
                for problem in drawing.problems[:1]:
                    yield f"an inner drawing with {problem.description}", "other"
                if (drawing.data is not inner or drawing.omissions) and not drawing.problems:
                    yield "an inner drawing that is not plain SVG", "other"
        elif not allowed_address(address):
            yield f"a reference to `{truncate(address, 24)}`", "reference"

    # What is found, and where.

    def _add(self, description: str, kind: Kind, span: Span | None = None) -> None:
        if len(self.problems) == _MAX_PROBLEMS:
            return
        help_ = advice(kind, self._source.text)
        self.problems.append(SvgProblem(description, span or self._span(), help_))

    def _omit(self, description: str, kind: Kind, span: Span | None = None) -> None:
        if all(omission.description != description for omission in self.omissions):
            help_ = advice(kind, self._source.text)
            self.omissions.append(SvgProblem(description, span or self._span(), help_))

    def _element_end(self, start: int) -> int:
        """Return where the element ends that is being closed, in bytes. start: of its first tag."""
        first_tag_end = self._tag_end(start)
        is_empty = self._data.endswith(b"/>", start, first_tag_end)
        return first_tag_end if is_empty else self._tag_end(self._parser.CurrentByteIndex)

    def _tag_end(self, start: int) -> int:
        """Return where a tag ends, in bytes. start: of the tag."""
        match = _TAG.match(self._data, start)
        return match.end() if match else start

    def _span(self) -> Span:
        """Return the span of the tag that is being read, as far as its first line goes."""
        text = self._source.text
        start = self._source.line_starts[self._parser.CurrentLineNumber - 1]
        start = min(start + self._parser.CurrentColumnNumber, len(text))
        limit = start + _MAX_SPAN
        ends = [
            end for end in (text.find(">", start, limit) + 1, text.find("\n", start, limit)) if end > start
        ]
        return Span(self._source, start, min(ends, default=min(start + 1, len(text))))


def _is_shown(element: _Element) -> bool:
    """Return whether a browser shows an element, as it knows the extensions that this needs.

    `requiredFeatures` is obsolete and always holds. Source: SVG 2, section 5.8.
    """
    extensions = element.attributes.get("requiredExtensions", "").split()
    return all(extension in (_HTML, _MATHML) for extension in extensions)
