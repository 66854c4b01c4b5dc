"""Turns Markdown into content, by way of the tokens of the Markdown parser.

The Markdown is CommonMark with tables and strikethrough, and with the HTML that every output can show
(`markdown_html.py`); other HTML is text, shown as typed. Math stands
between `\\(` and `\\)`, or `\\[` and `\\]`, as Anki writes it; a cloze deletion stands between `{{c1::` and
`}}`, in texts that may have any.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markdown_it.token import Token

from cardwright.collection import content as c
from cardwright.diagnostics import Diagnostic, Severity, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source import (
    ambiguities,
    cloze_deletions,
    formula_deletions,
    formula_html,
    markup_rules,
    media_formats,
)
from cardwright.source.broken_formulas import find_breakage
from cardwright.source.deletion_scanner import CLOZE_OPEN, DeletionScanner
from cardwright.source.html_tags import WEB_ADDRESS
from cardwright.source.nodes import Scalar
from cardwright.source.picture_width import picture_width
from cardwright.source.tex import TexProblem, find_tex_problems, formula_excess, strip_formula
from cardwright.source.text import span_of_text

if TYPE_CHECKING:  # few texts have elements, and the reader of texts loads this module late
    from cardwright.collection.template import Element
    from cardwright.source.markup import MarkupReader

_CELL_SEPARATOR = re.compile(r"(?<!\\)\|")

_HELP_DROPPED = {
    **dict.fromkeys(("text-align", "align"), "align a paragraph or a cell; with `left`, `center` or `right`"),
    **dict.fromkeys(("dir", "lang"), "take it out; the deck's `language:` and the letters decide"),
    "href": "link to http:, https: or mailto:",
}
_FORMATS = frozenset(f"{name}_{end}" for name in ("em", "strong", "s") for end in ("open", "close"))
# No author needs so many, and programs that go through the content call themselves for each.
_MAX_FORMAT_DEPTH = 50
_WORDS = frozenset({"text", "text_special", "code_inline", "softbreak"})


def read_markdown(
    reader: "MarkupReader", scalar: Scalar, text: str, *, cloze: bool, readings: bool
) -> c.Content:
    """Return a text of any markup as content.

    text: the scalar's text, cleaned. cloze, readings: as for `MarkupReader.read`.
    """
    if cloze:
        text = cloze_deletions.separate_lines(text)
    env: dict[str, Any] = {}
    tokens = markup_rules.parse_markdown(text, env, readings=readings)
    content = _ContentBuilder(reader, scalar, text, cloze=cloze, has_tags="has_tags" in env).read(tokens)
    is_one_paragraph = len(content) == 1 and isinstance(content[0], c.Paragraph)
    if "\n" not in text and not is_one_paragraph and not c.is_visible(content):
        return c.plain(text)  # nobody means a rule or an empty list alone
    reader.report.extend(ambiguities.ambiguities(tokens, content, scalar, text, cloze=cloze))
    if readings:
        reader.report.extend(ambiguities.misplaced_readings(content, scalar))
    if env.get("references"):
        reader.report.extend(ambiguities.unused_definitions(env["references"], scalar, text))
    return content


class _ContentBuilder:
    """Turns the tokens of one text into content."""

    def __init__(
        self, reader: "MarkupReader", scalar: Scalar, text: str, *, cloze: bool, has_tags: bool
    ) -> None:
        self._reader = reader
        self._scalar = scalar
        self._text = text
        self._is_cloze = cloze
        self._has_tags = has_tags
        # The end of the last piece of markup that was read, as an offset in the source.
        self._position = scalar.start
        self._reported_closers: set[str] = set()
        # Where prose has what begins a cloze deletion, in order.
        self._openings: list[Span] = []

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    def read(self, tokens: Iterable[Token]) -> c.Content:
        """Return the content of the whole text."""
        content = self.blocks(iter(tokens))
        return (
            cloze_deletions.read_prose(self._scanner(self._openings), content) if self._is_cloze else content
        )

    def blocks(self, tokens: Iterator[Token], until: str = "") -> c.Content:  # noqa: C901  a case a token
        """Read blocks up to the closing token that `until` names, or to the end."""
        blocks: list[c.Block] = []
        for token in tokens:
            match token.type:
                case "inline":
                    blocks += self._line(token)
                case "heading_open":
                    level = int(token.tag[1])
                    blocks += (
                        c.Heading(level, block.children) if isinstance(block, c.Paragraph) else block
                        for block in self._line(next(tokens))
                    )
                case "bullet_list_open":
                    blocks.append(c.BulletList(self._entries(tokens, "bullet_list_close")))
                case "ordered_list_open":
                    start = int(token.attrGet("start") or 1) if "start" in token.attrs else 1
                    blocks.append(c.OrderedList(start, self._entries(tokens, "ordered_list_close")))
                case "blockquote_open":
                    blocks.append(c.Quote(self.blocks(tokens, "blockquote_close")))
                case "fence":
                    language = token.info.split(None, 1)[0] if token.info.strip() else ""
                    blocks.append(c.CodeBlock(self._code(token), language))
                case "code_block":
                    blocks.append(c.CodeBlock(self._code(token)))
                case "container_open":
                    blocks += self._container(token, tokens)
                case "hr":
                    blocks.append(c.ThematicBreak())
                case "table_open":
                    blocks.append(self._table(tokens))
                case closing if closing == until:
                    break
                case _:
                    pass  # what opens or closes a paragraph, or closes a heading
        return tuple(blocks)

    def _entries(self, tokens: Iterator[Token], until: str) -> tuple[c.Content, ...]:
        entries = []
        for token in tokens:
            if token.type == until:
                break
            entries.append(self.blocks(tokens, "list_item_close"))
        return tuple(entries)

    def _table(self, tokens: Iterator[Token]) -> c.Table:
        alignments: list[str] = []
        rows: list[list[c.Content]] = []
        for token in tokens:
            match token.type:
                case "tr_open":
                    rows.append([])
                    self._report_dropped_cells(self._lines[(token.map or [0])[0]], len(alignments))
                case "th_open" | "td_open":
                    if len(rows) == 1:
                        alignments.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
                    rows[-1].append(self._line(next(tokens)))
                case "table_close":
                    break
                case _:
                    pass
        head, *body = (tuple(row) for row in rows)
        return c.Table(tuple(alignments), head if any(head) else (), tuple(body))

    def _report_dropped_cells(self, line: str, columns: int) -> None:
        """Report cells that Markdown drops. columns: how many the table has; 0 in its head."""
        cells = line.lstrip("> \t").rstrip().removeprefix("|").removesuffix("|")
        if columns and len(_CELL_SEPARATOR.findall(cells)) >= columns:
            message = "a row has more cells than the table has columns"
            help_ = "add a column to the head; write `\\|` for a bar that is text"
            self._add_error("cells-without-column", message, self._scalar.part(line.strip()), help_)

    def _container(self, token: Token, tokens: Iterator[Token]) -> c.Content:
        """Return the blocks between the tags of an element that stand on lines of their own."""
        # Loaded with the first tag, since most decks have none.
        from cardwright.source import markdown_html  # noqa: PLC0415

        element = self._begin_element(token)
        return markdown_html.lay_out_container(element, self.blocks(tokens, "container_close"))

    def _line(self, token: Token) -> c.Content:
        """Return a paragraph, a heading or a cell: one paragraph, unless HTML in it makes other blocks."""
        children = token.children or []
        if len(children) > 2 * _MAX_FORMAT_DEPTH:
            children = self._limit_depth(children)
        if not self._has_tags:
            return c.in_paragraph(self._run(iter(children)))
        from cardwright.source import markdown_html  # noqa: PLC0415  the same

        return markdown_html.lay_out_line(self._run(iter(markdown_html.nest_tags(children))))

    def _limit_depth(self, tokens: list[Token]) -> list[Token]:
        """Return the tokens of a line without the emphasis that is nested too deep for any output."""
        kept = [token for token in tokens if token.level < _MAX_FORMAT_DEPTH or token.type not in _FORMATS]
        if len(kept) < len(tokens):
            message = f"emphasis is nested more than {_MAX_FORMAT_DEPTH} deep"
            help_ = "close each `*`, `_` or `~~` before the next one; write `\\*` for a star that is text"
            self._add_error("nested-too-deep", message, self._scalar.span, help_)
        return kept

    def _element(self, token: Token, tokens: Iterator[Token]) -> c.Inline:
        """Return an element with what is between its tags; it stands among the inlines until `_line` ends."""
        from cardwright.source import markdown_html  # noqa: PLC0415  the same

        element = self._begin_element(token)
        children = self._run(tokens, "tag_close") if markdown_html.has_end_tag(token) else ()
        return markdown_html.make_inline(element, children)

    def _begin_element(self, token: Token) -> "Element":
        """Return the element of a tag, without its content, and report what of the tag is not shown."""
        from cardwright.source.html_elements import make_element  # noqa: PLC0415  the same

        span = self._advance(token.content)
        element, dropped = make_element(token.tag, token.info)
        for part in dropped:
            message = f"`{truncate(part, 40)}` of `<{token.tag}>` is dropped"
            name = part.partition("=")[0].lower()
            help_ = _HELP_DROPPED.get(name, "take it out; colours and a few styles are kept")
            self._add_warning("dropped-attribute", message, span.part(part), help_)
        if "message" in token.meta:
            self._add_warning("tag-not-shown", token.meta["message"], span, token.meta["help"])
        return element

    def _run(self, tokens: Iterator[Token], until: str = "") -> c.Inlines:  # noqa: C901, PLR0912  a case a token
        """Read inlines up to the closing token that `until` names, or to the end."""
        inlines: list[c.Inline] = []
        for token in tokens:
            match token.type:
                case "text":
                    self._openings += self._advance_to_openings(token.content)
                    _add_text(inlines, token.content)
                case "text_special":
                    _add_text(inlines, self._escaped_sign(token))
                case "softbreak":
                    _add_text(inlines, "" if token.hidden else " ")
                case "hardbreak":
                    inlines.append(c.LineBreak())
                case "code_inline":
                    inlines.append(c.Code(self._code(token)))
                case "math":
                    inlines.append(self._math(token))
                case "strong_open":
                    inlines.append(c.Strong(self._run(tokens, "strong_close")))
                case "em_open":
                    inlines.append(c.Emphasis(self._run(tokens, "em_close")))
                case "s_open":
                    inlines.append(c.Strikethrough(self._run(tokens, "s_close")))
                case "unclosed":
                    self._report_unclosed(token)
                    _add_text(inlines, token.content)
                case "link_open":
                    inlines.extend(self._link(str(token.attrGet("href") or ""), tokens))
                case "image":
                    inlines.extend(self._image(token))
                case "tag_open":
                    inlines.append(self._element(token, tokens))
                case "tag_as_text":
                    span = self._advance(token.content)
                    if token.meta:
                        message, help_ = token.meta["message"], token.meta["help"]
                        self._add_warning("tag-as-text", message, span, help_)
                    _add_text(inlines, token.content)
                case closing if closing == until:
                    break
                case unknown:
                    raise AssertionError(f"an unknown token: {unknown}")
        return tuple(inlines)

    def _link(self, url: str, tokens: Iterator[Token]) -> c.Inlines:
        children = self._run(tokens, "link_close")
        if WEB_ADDRESS.fullmatch(url):
            return (c.Link(url, children),)
        message = f"a link leads to `{truncate(url)}`"
        self._add_error("link-not-web", message, self._scalar.part(url), "link to http:, https: or mailto:")
        return children

    def _image(self, token: Token) -> c.Inlines:
        path, alt = str(token.attrGet("src") or ""), _alternative_text(token)
        width = self._picture_width(token)
        if media_formats.is_sound(path):
            return self._sound(path, alt)
        media_file = self._reader.fetch_picture(path, self._scalar)
        # Something has to stand for it, or the text would also be reported as empty.
        return (c.Text(alt or path),) if media_file is None else (c.Image(media_file, alt, width),)

    def _picture_width(self, token: Token) -> str:
        """Return the width of a picture as CSS has it, and report what else its braces ask for."""
        for part in token.meta.get("dropped", ()):
            message = f"`{truncate(part, 24)}` of a picture is dropped"
            help_ = "give its width; the height follows"
            self._add_warning("dropped-attribute", message, self._scalar.part(part), help_)
        written = token.meta.get("width", "")
        width = picture_width(written)
        if written and not width:
            message = f"a picture cannot be `{truncate(written, 24)}` wide"
            help_ = "write for example `{width=50%}`, of the card, or `{width=120px}`"
            self._add_error("picture-width", message, self._scalar.part(written), help_)
        return width

    def _sound(self, path: str, words: str) -> c.Inlines:
        media_file = self._reader.fetch_sound(path, self._scalar)
        if media_file is None:
            return (c.Text(words or path),)
        if not words:
            message = f"the sound `{truncate(path)}` has no words"
            help_ = "describe what is heard, for paper: `![in words](…)`"
            span = self._scalar.part(path)
            self._add_warning("sound-without-words", message, span, help_)
        return (c.Sound(media_file, words),)

    def _math(self, token: Token) -> c.Inline:
        opener = self._advance(token.markup)
        display = token.markup == r"\["
        if excess := formula_excess(token.content):
            self._add_error("long-formula", f"a formula {excess}", opener, "split it into several formulas")
            return c.Text("…")
        start = self._position
        openings = self._advance_to_openings(token.content)
        self._position = start
        self._advance(token.content)
        for doubt in self._find_doubts(token.content):
            span = self._span_of(doubt, token.content, start)
            self._add_warning(doubt.code, doubt.message, span, doubt.help)
        decoded = formula_html.decode_entities(token.content)
        found_before = len(self._reader.report)
        if openings:
            scanner = self._scanner(openings, "formula")
            formula = formula_deletions.read_formula(scanner, strip_formula(decoded), display=display)
        else:
            formula = c.Math(strip_formula(decoded), display)
        tex = formula.tex if openings else decoded
        problems = [
            problem
            for problem in find_tex_problems(tex)
            # The braces of a deletion that is not closed are reported as that.
            if problem.code != "unbalanced-braces" or not (openings and CLOZE_OPEN.search(tex))
        ]
        for problem in problems:
            self._add_error(problem.code, problem.message, self._span_of(problem, tex, start), problem.help)
        if len(self._reader.report) == found_before and (broken := find_breakage(formula)):
            span = span_of_text(self._scalar.span, formula.tex)
            self._add_warning(broken.code, broken.message, span, broken.help, broken.note)
        return formula

    @staticmethod
    def _find_doubts(tex: str) -> Iterator[TexProblem]:
        """Yield what MathJax probably reads differently from what the author meant. tex: as written."""
        yield from formula_html.find_tags(tex)
        if "%" in tex:
            from cardwright.source.formula_comments import find_comments  # noqa: PLC0415  few formulas have any

            yield from find_comments(tex)

    def _span_of(self, problem: TexProblem, tex: str, start: int) -> Span:
        """Return the span of a problem. start: an offset in the source, from which on it has the formula."""
        part = tex[problem.start : problem.end]
        for _ in range(tex.count(part, 0, problem.start) + 1):
            start = self._scalar.source.text.find(part, start, self._scalar.end) + len(part)
            if start < len(part):
                return self._scalar.span
        return Span(self._scalar.source, start - len(part), start)

    def _code(self, token: Token) -> c.Inlines:
        """Return code, in a line or in lines of its own."""
        code = token.content.rstrip("\n")
        if openings := self._advance_to_openings(code):
            return cloze_deletions.read_code(self._scanner(openings, "code"), code)
        self._advance(token.content)
        return c.code(code).children

    def _escaped_sign(self, token: Token) -> str:
        if self._is_cloze:
            self._advance(token.markup)
            return cloze_deletions.escape_sign(token.content)
        return token.content

    def _advance_to_openings(self, text: str) -> list[Span]:
        """Return the spans of what begins a cloze deletion; none in a text that may have no deletions."""
        openings = CLOZE_OPEN.finditer(text) if self._is_cloze else ()
        return [self._advance(opening[0]) for opening in openings]

    def _scanner(self, openings: list[Span], place: str = "") -> DeletionScanner:
        return DeletionScanner(self._scalar, self._reader.report, openings, place)

    def _report_unclosed(self, token: Token) -> None:
        span = self._advance(token.content)
        if token.markup in self._reported_closers:
            return  # once the first is closed, the others may be something else
        self._reported_closers.add(token.markup)
        message = f"`{truncate(token.content)}` is opened and never closed"
        help_ = f"close it with `{token.markup}` in the same paragraph"
        self._add_error("unclosed-markup", message, span, help_)

    def _advance(self, part: str) -> Span:
        """Return the span of the next place that has the part, or of the whole text; go on after it."""
        start = self._scalar.source.text.find(part, self._position, self._scalar.end)
        if start < 0:
            return self._scalar.part(part)
        self._position = start + len(part)
        return Span(self._scalar.source, start, self._position)

    def _add_warning(self, code: str, message: str, span: Span, help_: str, note: str = "") -> None:
        self._reader.report.add(Diagnostic(code, message, span, Severity.WARNING, note, help=help_))

    def _add_error(self, code: str, message: str, span: Span, help_: str = "") -> None:
        self._reader.report.add(Diagnostic(code, message, span, help=help_))


def _alternative_text(image: Token) -> str:
    """Return the words in a picture's brackets without Markdown; as written if there is more in them."""
    children = image.children or []
    if not all(child.nesting or child.type in _WORDS for child in children):
        return image.content
    return "".join(" " if child.type == "softbreak" else child.content for child in children)


def _add_text(inlines: list[c.Inline], text: str) -> None:
    if not text:
        return
    if inlines and isinstance(inlines[-1], c.Text):
        text = inlines.pop().text + text  # type: ignore[union-attr]  # the line above says which it is
    inlines.append(c.Text(text))
