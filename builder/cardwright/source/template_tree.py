"""Nests the elements and sections of a card template, and reports those that are not well nested.

HTML lets an author leave some end tags out. A template may do so too where every browser ends the element
at the same place. What a browser would have to repair is refused.
Source: HTML Living Standard, "Optional tags" and "Tree construction".
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NoReturn

from cardwright.collection import html_layout as html
from cardwright.collection.content import Image, Math, Text
from cardwright.collection.template import (
    MAX_SECTION_DEPTH,
    Element,
    Node,
    Nodes,
    Replacement,
    Section,
    Token,
)
from cardwright.diagnostics import Diagnostic, Related, Report, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.record import replace

MAX_ELEMENT_DEPTH = 50
MAX_BLOCK_DEPTH = 12
"""The greatest depth of nested lists, quotations and tables; every output calls itself for each."""

NESTED_BLOCKS = html.LISTS | {"blockquote", "table"}
TABLE_PARTS = html.ROW_GROUPS | {"table", "tr"}
OPTIONAL_END = html.CELLS | html.ROW_GROUPS | html.RUBY_PARTS | {"li", "p", "tr"}
"""The elements whose end tag may be left out, where their parent ends."""
ENDED_BY = {
    "li": frozenset({"li", "p"}),
    "p": frozenset({"p"}),
    **dict.fromkeys(html.CELLS, html.CELLS | {"p"}),
    "tr": html.CELLS | {"p", "tr"},
    **dict.fromkeys(html.ROW_GROUPS | {"caption"}, html.CELLS | html.ROW_GROUPS | {"p", "tr"}),
    **dict.fromkeys(html.RUBY_PARTS, html.RUBY_PARTS),
}
"""By the name of a start tag, the elements that it ends."""
NOT_IN_ITSELF = (frozenset({"a"}), html.HEADINGS, frozenset({"ruby"}))
"""The elements that browsers end where another of the same kind begins in them, and readings of readings."""
PARENTS = {
    "li": (html.LISTS, "a list", "put it directly into `<ul>` or `<ol>`"),
    **dict.fromkeys(html.CELLS, (frozenset({"tr"}), "a row of a table", "put it directly into a `<tr>`")),
    "tr": (html.ROW_GROUPS | {"table"}, "a table", "put it directly into a `<table>`"),
    **dict.fromkeys(
        html.ROW_GROUPS | {"caption"}, (frozenset({"table"}), "a table", "put it directly into a `<table>`")
    ),
    **dict.fromkeys(
        html.RUBY_PARTS, (frozenset({"ruby"}), "a word with a reading", "put it directly into a `<ruby>`")
    ),
}
"""By the name of an element: the elements it may directly be in, and words for a message."""


def optional_ends(name: str) -> AbstractSet[str]:
    """Return the elements that need no end tag before the end tag of a name."""
    return html.RUBY_PARTS if name == "ruby" else frozenset() if name in html.INLINE else OPTIONAL_END


@dataclass(slots=True)
class _Open:
    """An element or section that is not closed yet.

    tag: as messages show it: `<b>` or `{{#Field}}`.
    is_reported: whether a diagnostic says already that it isn't closed properly.
    """

    name: str
    tag: str
    span: Span
    node: Element | Section
    nodes: list[Node] = field(default_factory=list)
    is_reported: bool = False

    @property
    def is_section(self) -> bool:
        return isinstance(self.node, Section)


class NestedTooDeepError(Exception):
    """Raised after a template was reported whose nesting no output could follow."""


class TemplateTree:
    """Builds the tree of one template, tag by tag. Each method takes the span of what it adds."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._nodes: list[Node] = []
        self._open: list[_Open] = []
        # The names of elements that were reported as not closed; their end tags say nothing new.
        self._reported: list[str] = []

    def finish(self) -> Nodes:
        """Report what is still open, and return the nodes of the template."""
        for opened in self._open:
            if opened.is_section:
                message, end = f"the section `{opened.tag}` is never closed", f"{{{{/{opened.name}}}}}"
                self._add_error(
                    "unclosed-section", message, opened.span, help_=f"close it with `{truncate(end)}`"
                )
            elif opened.name not in OPTIONAL_END and not opened.is_reported:
                message, help_ = f"`{opened.tag}` is never closed", f"close it with `</{opened.name}>`"
                self._add_error("unclosed-element", message, opened.span, help_=help_)
        self._pop_to(0)
        return tuple(self._nodes)

    def add(self, node: Replacement | Text | Math | Image, span: Span) -> None:
        """Add a field, a text, a formula or a picture."""
        parent = self._parent()
        is_white_space = isinstance(node, Text) and not node.text.strip()
        if parent is not None and parent.name in TABLE_PARTS and not is_white_space:
            self._report_outside_cells("a field" if isinstance(node, Replacement) else "text", span, parent)
        self._append(node)

    def open_section(self, token: Token, span: Span) -> None:
        if sum(opened.is_section for opened in self._open) >= MAX_SECTION_DEPTH:
            message = f"sections are nested more than {MAX_SECTION_DEPTH} deep"
            self._stop_at_depth("deep-sections", message, span)
        section = Section(token.name, token.kind == "negated-section", ())
        self._open.append(_Open(token.name, truncate(token.raw, 24), span, section))

    def close_section(self, token: Token, span: Span) -> None:
        """Close the innermost section of a name, and what is still open in it."""
        tag = truncate(token.raw, 24)
        index = self._find(token.name, is_section=True)
        if index is None:
            self._add_error("section-not-open", f"`{tag}` closes a section that is not open", span)
            return
        if inner_sections := [opened for opened in self._open[index + 1 :] if opened.is_section]:
            message = f"`{tag}` comes before the end of a section inside it"
            self._add_error("crossed-sections", message, span, Related(inner_sections[-1].span, "still open"))
        self._close(index, tag, span)

    def open_element(self, element: Element, span: Span) -> None:
        name = element.name
        while self._open and not self._open[-1].is_section and self._open[-1].name in ENDED_BY.get(name, ()):
            self._pop_to(len(self._open) - 1)
        self._check_parent(name, span)
        if name in html.EMPTY_ELEMENTS:
            self._append(element)
            return
        names = [opened.name for opened in self._open if not opened.is_section]
        if len(names) >= MAX_ELEMENT_DEPTH:
            message = f"elements are nested more than {MAX_ELEMENT_DEPTH} deep"
            self._stop_at_depth("deep-elements", message, span)
        if name in NESTED_BLOCKS and sum(outer in NESTED_BLOCKS for outer in names) >= MAX_BLOCK_DEPTH:
            message = f"lists, quotations and tables are nested more than {MAX_BLOCK_DEPTH} deep"
            self._stop_at_depth("deep-elements", message, span)
        self._open.append(_Open(name, f"<{name}>", span, element))

    def close_element(self, name: str, span: Span) -> None:
        """Close the innermost element of a name, and elements in it that may be left open."""
        tag = f"</{name}>"
        index = self._find(name, is_section=False)
        if index is None:
            if name in self._reported:
                self._reported.remove(name)
                return
            message, help_ = f"`{tag}` closes an element that is not open", "take it out, or open the element"
            self._add_error("element-not-open", message, span, help_=help_)
        elif any(opened.is_section for opened in self._open[index + 1 :]):
            self._open[index].is_reported = True
            message = f"`{tag}` closes an element from outside its section"
            related = Related(self._open[index].span, "opened here")
            help_ = "open and close it in the same section"
            self._add_error("element-not-open", message, span, related, help_=help_)
        else:
            self._close(index, tag, span, optional_ends(name))

    def _close(self, index: int, tag: str, span: Span, optional_ends: AbstractSet[str] = frozenset()) -> None:
        """Close all from an index on. optional_ends: elements that need no end tag before this tag."""
        for opened in self._open[index + 1 :]:
            if not (opened.is_section or opened.is_reported or opened.name in optional_ends):
                message = f"`{opened.tag}` is still open at `{tag}`"
                help_ = f"close it with `</{opened.name}>` before `{tag}`"
                related = Related(span, "it has to end before this")
                self._add_error("unclosed-element", message, opened.span, related, help_=help_)
                self._reported.append(opened.name)
        self._pop_to(index)

    def _check_parent(self, name: str, span: Span) -> None:
        """Report an element that a browser would put elsewhere."""
        parent = self._parent()
        kind = next((names for names in NOT_IN_ITSELF if name in names), frozenset())
        if outer := [opened for opened in self._open if opened.name in kind and not opened.is_section]:
            message, related = f"`<{name}>` is inside `{outer[0].tag}`", Related(outer[0].span, "still open")
            help_ = f"close the first one with `</{outer[0].name}>` before"
            self._add_error("misplaced-element", message, span, related, help_=help_)
        if name not in html.INLINE and (ruby := self._find("ruby", is_section=False)) is not None:
            message, related = f"`<{name}>` is inside `<ruby>`", Related(self._open[ruby].span, "still open")
            help_ = "a word and its reading stand in one line"
            self._add_error("misplaced-element", message, span, related, help_=help_)
        if name not in PARENTS:
            if parent is not None and parent.name in TABLE_PARTS:
                self._report_outside_cells(f"`<{name}>`", span, parent)
            return
        parents, description, help_ = PARENTS[name]
        if parent is None or parent.name not in parents:
            message = f"`<{name}>` is not directly in {description}"
            parent_spans = () if parent is None else (Related(parent.span, "it is in this element"),)
            self._add_error("misplaced-element", message, span, *parent_spans, help_=help_)

    def _report_outside_cells(self, subject: str, span: Span, parent: _Open) -> None:
        message = f"{subject} is in a table, but in none of its cells"
        related = Related(parent.span, "it is in this element")
        self._add_error("misplaced-element", message, span, related, help_="put it into a `<td>`")

    def _stop_at_depth(self, code: str, message: str, span: Span) -> NoReturn:
        self._add_error(code, message, span)
        raise NestedTooDeepError

    def _parent(self) -> _Open | None:
        return next((opened for opened in reversed(self._open) if not opened.is_section), None)

    def _find(self, name: str, *, is_section: bool) -> int | None:
        """Return the index of the innermost open element or section of a name."""
        for index in reversed(range(len(self._open))):
            if self._open[index].name == name and self._open[index].is_section is is_section:
                return index
        return None

    def _pop_to(self, length: int) -> None:
        """End the innermost elements and sections until so many are open."""
        while len(self._open) > length:
            opened = self._open.pop()
            self._append(replace(opened.node, nodes=tuple(opened.nodes)))

    def _append(self, node: Node) -> None:
        (self._open[-1].nodes if self._open else self._nodes).append(node)

    def _add_error(self, code: str, message: str, span: Span, *related: Related, help_: str = "") -> None:
        self._report.add(Diagnostic(code, message, span, related=related, help=help_))
