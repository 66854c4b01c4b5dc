"""Reads the constant HTML of card templates, and reports what a template must not have.

It is read so strictly that every browser reads the same: an element is one of those in
`collection/html_layout.py`, with attributes that only concern its look. Everything else is refused,
even what would do no harm here and now.
"""

import re
from collections.abc import Callable
from html import unescape

from cardwright.collection import html_layout as html
from cardwright.collection.content import Math, Text
from cardwright.collection.template import Element, Nodes
from cardwright.diagnostics import Diagnostic, Report, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.record import replace
from cardwright.source.broken_formulas import find_breakage
from cardwright.source.css import find_css_problems
from cardwright.source.html_elements import make_element
from cardwright.source.html_tags import TAG, WEB_ADDRESS, read_attributes
from cardwright.source.nodes import Scalar
from cardwright.source.template_attributes import FIELD_ATTRIBUTES, WEB_PAGE, TagFields
from cardwright.source.template_tree import TemplateTree
from cardwright.source.tex import find_formula_end, find_tex_problems, formula_excess, strip_formula

_TAG_START = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")

# What Anki itself reads in the finished page, wherever it comes from.
# Source: Anki, rslib/src/card_rendering/parser.rs, rslib/src/latex.rs, qt/aqt/reviewer.py.
_ANKI_COMMAND = re.compile(r"\[(?:sound:|anki:|/?latex\]|/?\$\$?\]|\[type:)", re.IGNORECASE)
# The beginning of such a thing, or of a formula, which what follows might complete.
_UNFINISHED = re.compile(r"(?:\[[^\]\s<>]{0,12}|\\)\Z")
_FORMULA_ENDS = {"\\(": "\\)", "\\[": "\\]"}
_FORMULA_START = re.compile(r"\\[(\[]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")

_ATTRIBUTES = frozenset(
    {"align", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color", "dir", "face", "height"}
    | {"id", "lang", "size", "style", "title", "valign", "width"}
)
_ATTRIBUTES_OF = {"a": {"href", "rel", "target"}, "ol": {"start", "type"}, "ul": {"type"}}
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)

_PICTURE = "pictures and sounds belong in a field: `![in words](media/name.svg)`"
# What is in these is no text, or of no use without them.
_HOLD_NO_TEXT = frozenset(
    {"audio", "button", "canvas", "iframe", "noscript", "object", "script", "select", "style", "svg"}
    | {"template", "textarea", "title", "video"}
)
_DRAWING = "it may have shapes alone; others belong in a file: `![in words](media/name.svg)` in a field"
_NO_SCRIPTS = "a downloaded deck must not bring scripts"
_STYLE = "style belongs in `css:`"
_NOT_ON_PAPER = "paper and other readers of the deck could not show it"
_INSTEAD = {
    "script": _NO_SCRIPTS,
    "style": _STYLE,
    "link": _STYLE,
    **dict.fromkeys(("img", "image", "picture", "svg", "audio", "video", "object", "embed"), _PICTURE),
}


class TemplateSource:
    """A template as it is written in its source, read from the beginning to the end.

    restore: gives a part as it is written, if it has placeholders for fields.
    """

    def __init__(self, scalar: Scalar, report: Report) -> None:
        self.scalar = scalar
        self._report = report
        self._position = scalar.start
        self.restore: Callable[[str], str] = str

    def restart(self) -> None:
        self._position = self.scalar.start

    def find(self, part: str) -> Span | None:
        """Return the span of the next place that has this part; None if the source spells it differently.

        Of a part of several lines it is the first, since YAML indents the others.
        """
        line = self.restore(part).split("\n", 1)[0]
        source = self.scalar.source
        for form in (line, line.replace("\\", "\\\\").replace('"', '\\"'), line.replace("'", "''")):
            start = source.text.find(form, self._position, self.scalar.end) if form else -1
            if start >= 0:
                return Span(source, start, start + len(form))
        return None

    def find_or_whole(self, part: str) -> Span:
        return self.find(part) or self.scalar.span

    def advance(self, part: str) -> Span:
        """Return the span of the next place that has the part, or of the whole template; go on after it."""
        span = self.find(part)
        if span is None:
            return self.scalar.span
        self._position = span.end
        return span

    def advance_to(self, span: Span) -> None:
        """Go on after a part that `advance` returned before."""
        if span != self.scalar.span:
            self._position = span.end

    def add_error(
        self, code: str, message: str, part: str, help_: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Report a problem. part: the part of the constant text that causes it."""
        span = self.find(part) or self.scalar.part(part)
        self._report.add(Diagnostic(code, message, span, severity, help=help_))


class HtmlReader:
    """Reads the constant pieces of one template into its tree. css: of the note type."""

    def __init__(self, source: TemplateSource, tree: TemplateTree, tag_fields: TagFields, css: str) -> None:
        self._source = source
        self._tag_fields = tag_fields
        self._css = css
        self._tree = tree
        self._add_error = source.add_error
        self._refused: set[str] = set()
        # The name of a refused element whose content is passed over; empty outside of one.
        self._passed_over = ""

    def read(self, piece: str, *, is_last: bool) -> None:
        """Add the tags, texts and formulas of a piece to the tree. is_last: whether no field follows it."""
        if match := _ANKI_COMMAND.search(piece):
            message = f"`{match[0]}` in a template is a command to Anki"
            help_ = "put what should be played or typeset into a field"
            self._add_error("order-to-anki", message, match[0], help_)
        position = self._skip(piece, 0)
        while (start := piece.find("<", position)) >= 0:
            self._text(piece[position:start])
            if drawing := self._drawing(piece, start):
                position = start + len(drawing)
            elif tag := TAG.match(piece, start):
                self._tag(tag)
                position = self._skip(piece, tag.end())
            else:
                position = self._not_a_tag(piece, start, is_last=is_last)
        self._text(piece[position:])

    def _skip(self, piece: str, position: int) -> int:
        """Return where to read on after the content of a refused element that holds no text."""
        if not self._passed_over:
            return position
        end = piece.lower().find(f"</{self._passed_over}", position)
        if end < 0:
            return len(piece)
        self._passed_over = ""
        return end

    def _drawing(self, piece: str, start: int) -> str:
        """Add the drawing that begins at a place, and return its markup; empty if there is none."""
        if piece[start : start + 4].lower() != "<svg":
            return ""
        from cardwright.source import inline_drawings  # noqa: PLC0415  few templates have drawings

        if not (markup := inline_drawings.find_drawing(piece, start)):
            return ""
        path = self._source.scalar.source.path
        try:
            drawing = inline_drawings.read_inline_drawing(markup, self._css, path)
        except inline_drawings.UnfitDrawingError as error:
            message = f"the drawing `<svg>` has {error}"
            self._add_error("drawing-not-for-cards", message, markup[: markup.find(">") + 1], _DRAWING)
            return markup
        span = self._source.advance(markup)
        self._tree.open_element(Element("svg", attributes=drawing.attributes), span)
        self._tree.add(drawing.picture, span)
        self._tree.close_element("svg", span)
        return markup

    def _not_a_tag(self, piece: str, start: int, *, is_last: bool) -> int:
        """Report a `<` that begins no tag. Returns where to read on."""
        if piece.startswith("<!--", start):  # a comment that is never closed, which was reported before
            return start + 4
        rest = piece[start : start + 200]
        if (tag_start := _TAG_START.match(rest)) and ">" not in piece[start:]:
            self._refused.add(tag_start[1].lower())
            message = f"`{truncate(self._source.restore(rest), 24)}` is a tag that has no end"
            help_ = "close it with `>`"
            if not is_last:
                message = f"the tag `<{tag_start[1]}` has a field outside of double quotes"
                help_ = 'write `class="{{Field}}"`, or put the field between tags'
            self._add_error("unclosed-tag" if is_last else "field-in-tag", message, rest, help_)
            return len(piece)
        message = f"`{truncate(rest, 12)}` begins no tag"
        self._add_error("stray-bracket", message, rest[:2], "write `&lt;` for a `<` that is text")
        return start + 1

    def _tag(self, tag: re.Match[str]) -> None:
        name, is_end_tag = tag[2].lower(), bool(tag[1])
        if is_end_tag and name in self._refused:  # its start tag was reported
            self._source.advance(tag[0])
        elif name not in html.KNOWN_ELEMENTS:
            self._refused.add(name)
            if name in _HOLD_NO_TEXT and not is_end_tag and not tag[0].endswith("/>"):
                self._passed_over = name
            message = f"a template cannot have `<{truncate(name, 20)}>`"
            self._add_error("tag-not-for-cards", message, tag[0], _INSTEAD.get(name, _NOT_ON_PAPER))
            self._source.advance(tag[0])
        elif is_end_tag:
            self._tree.close_element(name, self._source.advance(tag[0]))
        else:
            for key, value, source in read_attributes(tag[3]):
                self._attribute(tag, key, value, source)
            element, _ = make_element(name, tag[3])
            # Of two attributes of one name the first counts.
            attributes = {key: value for key, value, _ in reversed([*read_attributes(tag[3])])}
            with_fields = {
                key: nodes for key, value in attributes.items() if (nodes := self._tag_fields.nodes_of(value))
            }
            element = replace(
                element,
                attributes=tuple(pair for pair in attributes.items() if pair[0] not in with_fields),
                field_attributes=tuple(with_fields.items()),
            )
            self._tree.open_element(element, self._source.advance(tag[0]))

    def _attribute(self, tag: re.Match[str], key: str, value: str, source: str) -> None:
        """Report an attribute that a tag cannot have. source: as it is written."""
        if key not in _ATTRIBUTES | _ATTRIBUTES_OF.get(tag[2].lower(), set()):
            self._unknown_attribute(key, source)
        elif nodes := self._tag_fields.nodes_of(value):
            self._field_attribute(key, nodes, tag[0])
        elif key == "style":
            self._style(value, tag[0])
        elif key == "href" and not WEB_ADDRESS.fullmatch(value):
            message = f"a link leads to `{truncate(value)}`" if value else "a link leads nowhere"
            self._add_error("link-not-web", message, tag[0], "link to http:, https: or mailto:")

    def _field_attribute(self, key: str, nodes: Nodes, tag: str) -> None:
        """Report an attribute that can't have a field in it."""
        if key not in FIELD_ATTRIBUTES:
            help_ = f"it may stand in {', '.join(sorted(FIELD_ATTRIBUTES))}"
            self._add_error("field-in-tag", f"a field can't stand in `{key}`", tag, help_)
        elif key == "href" and not (isinstance(nodes[0], Text) and WEB_PAGE.match(nodes[0].text)):
            help_ = "begin it with the name of the site: `https://example.org/{{Field}}`"
            self._add_error("link-not-web", "a field decides where a link leads", tag, help_)

    def _unknown_attribute(self, key: str, raw: str) -> None:
        help_ = _NO_SCRIPTS if key.startswith("on") else _PICTURE if key == "src" else _NOT_ON_PAPER
        message = f"a tag of a template cannot have `{truncate(key, 20)}`"
        self._add_error("attribute-not-for-cards", message, raw, help_)

    def _style(self, value: str, tag: str) -> None:
        for problem in find_css_problems(value):
            message = f"a tag has `{truncate(problem.part, 24)}` in its style"
            self._add_error("css-reaches-out", message, tag, problem.help)
        if match := _HIDING_STYLE.search(value):
            self._note_hidden(truncate(match[0]), tag)

    def _note_hidden(self, style: str, tag: str) -> None:
        """Note that paper hides what a style hides: without scripts, nothing can bring it to light."""
        message = f"`{style}` hides a part of the card, on paper as well"
        help_ = "a section `{{#Field}} … {{/Field}}` shows something only sometimes"
        self._add_error("hidden-in-template", message, tag, help_, Severity.NOTE)

    def _text(self, raw: str) -> None:
        if not raw:
            return
        text = _INVISIBLE.sub("", unescape(raw))
        span = self._source.find_or_whole(raw.strip())
        position = 0
        while opener := _FORMULA_START.search(text, position):
            end = find_formula_end(text, opener.end(), _FORMULA_ENDS[opener[0]])
            if end < 0:
                self._unclosed_formula(opener[0])
                return
            if opener.start() > position:
                self._tree.add(Text(text[position : opener.start()]), span)
            self._formula(opener[0], text[opener.end() : end], span)
            position = end + 2
        if position < len(text):
            self._tree.add(Text(text[position:]), span)

    def _formula(self, opener: str, tex: str, span: Span) -> None:
        if excess := formula_excess(tex):
            self._add_error("long-formula", f"a formula {excess}", opener, "split it into several formulas")
            return
        problems = list(find_tex_problems(tex))
        for problem in problems:
            self._add_error(problem.code, problem.message, tex[problem.start : problem.end], problem.help)
        if "%" in tex:
            from cardwright.source.formula_comments import find_comments  # noqa: PLC0415  few formulas have any

            for comment in find_comments(tex):
                part = tex[comment.start :].split("\n", 1)[0]
                self._add_error(comment.code, comment.message, part, comment.help, Severity.WARNING)
        formula = Math(strip_formula(tex), opener == "\\[")
        if not problems and (broken := find_breakage(formula)):
            self._add_error(broken.code, broken.message, tex.strip(), broken.help, Severity.WARNING)
        self._tree.add(formula, span)

    def _unclosed_formula(self, opener: str) -> None:
        end = _FORMULA_ENDS[opener]
        help_ = f"close it with `{end}`; put a formula with a field in it into a field as a whole"
        self._add_error("unclosed-markup", f"`{opener}` is opened and never closed", opener, help_)


def guard_end(piece: str) -> str:
    """Return a constant piece so that nothing after it completes what it leaves unfinished.

    Anki looks for commands to it in the finished page, and MathJax for formulas in each run of text.
    """
    is_unfinished = _UNFINISHED.search(piece) or unescape(piece[-12:]).endswith("\\")
    return f"{piece}<span></span>" if is_unfinished else piece
