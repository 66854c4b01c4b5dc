"""Markdown and math to content. The only file that knows the Markdown parser.

CommonMark with tables and strikethrough; HTML is text, shown as typed; math
stands between `\\(` and `\\)`, or `\\[` and `\\]`, as Anki writes it; a cloze
deletion between `{{c1::` and `}}`, where the card has any.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from cardwright.collection import content as c
from cardwright.collection.media import MediaFile
from cardwright.diagnostics.diagnostic import Diagnostic, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.report import Report
from cardwright.diagnostics.span import Span
from cardwright.source import ambiguities, markup_rules, media_formats
from cardwright.source.nodes import Scalar
from cardwright.source.text import clean_text

# A text that has none of these and does not begin like the other says in Markdown just what it says.
# Apart, since a set of characters alone is found several times as fast.
_MARKED = re.compile(r"[\\`*_~\[!<&|{$\n\t]")
_BEGINS_MARKED = re.compile(r"[#>=+-]|\d+[.)]")
# What divides the cells of a table.
_BAR = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
# Macros through which MathJax would load, run or restyle something outside the formula.
# Source: MathJax 3 documentation, "Input > TeX and LaTeX > Extensions", html, require, unicode.
UNSAFE_MACRO = re.compile(r"\\(?:href|class|cssId|style|require|data|bbox|url)\b")

MAX_FORMULA_LENGTH = 4_000
MAX_FORMULA_DEPTH = 40
_BRACES = re.compile(r"(?<!\\)[{}]")

FetchMedia = Callable[[str, Scalar], MediaFile | None]


@dataclass(frozen=True, slots=True)
class Markup:
    """Reads the texts of one deck.

    pictures, sounds: fetch the media file that a picture or a sound names, or report why not;
        given the path as written and the scalar it stands in.
    """

    pictures: FetchMedia
    sounds: FetchMedia
    report: Report

    def content(self, scalar: Scalar, *, cloze: bool = False) -> c.Content:
        """What a text says. cloze: whether `{{c1::…}}` is a deletion here, or text."""
        text = clean_text(scalar, self.report)
        if _MARKED.search(text) is None and _BEGINS_MARKED.match(text) is None:
            return c.plain(text) if text else c.EMPTY
        tokens = markup_rules.parser(cloze=cloze).parse(text)
        walk = _Walk(self, scalar, text, cloze=cloze)
        content = walk.blocks(iter(tokens))
        self.report.extend(ambiguities.unparsed_markup(content, scalar, cloze=cloze))
        if "\n" not in text:
            self.report.extend(ambiguities.accidental_block(content, text, scalar))
        return content


class _Walk:
    """Turns the tokens of one text into content."""

    def __init__(self, markup: Markup, scalar: Scalar, text: str, *, cloze: bool) -> None:
        self._markup = markup
        self._scalar = scalar
        self._text = text
        self._is_cloze = cloze
        # Behind the last piece of markup that was read, as an offset in the source.
        self._at = scalar.start
        self._unclosed_told: set[str] = set()

    def blocks(self, tokens: Iterator[Token], until: str = "") -> c.Content:  # noqa: C901  a case a token
        found: list[c.Block] = []
        for token in tokens:
            match token.type:
                case "paragraph_open":
                    found.append(c.Paragraph(self._inline(next(tokens))))
                case "heading_open":
                    found.append(c.Heading(int(token.tag[1]), self._inline(next(tokens))))
                case "bullet_list_open":
                    found.append(c.BulletList(self._entries(tokens, "bullet_list_close")))
                case "ordered_list_open":
                    start = int(token.attrGet("start") or 1) if "start" in token.attrs else 1
                    found.append(c.OrderedList(start, self._entries(tokens, "ordered_list_close")))
                case "blockquote_open":
                    found.append(c.Quote(self.blocks(tokens, "blockquote_close")))
                case "fence":
                    language = token.info.split(None, 1)[0] if token.info.strip() else ""
                    found.append(c.CodeBlock(token.content.rstrip("\n"), language))
                case "code_block":
                    found.append(c.CodeBlock(token.content.rstrip("\n")))
                case "hr":
                    found.append(c.ThematicBreak())
                case "table_open":
                    found.append(self._table(tokens))
                case closing if closing == until:
                    break
                case _:
                    pass  # the closing half of a paragraph or heading
        return tuple(found)

    def _entries(self, tokens: Iterator[Token], until: str) -> tuple[c.Content, ...]:
        entries = []
        for token in tokens:
            if token.type == until:
                break
            entries.append(self.blocks(tokens, "list_item_close"))
        return tuple(entries)

    def _table(self, tokens: Iterator[Token]) -> c.Table:
        alignments: list[str] = []
        rows: list[list[c.Inlines]] = []
        for token in tokens:
            match token.type:
                case "tr_open":
                    rows.append([])
                    self._row(self._text.split("\n")[(token.map or [0])[0]], len(alignments))
                case "th_open" | "td_open":
                    if len(rows) == 1:
                        alignments.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
                    rows[-1].append(self._inline(next(tokens)))
                case "table_close":
                    break
                case _:
                    pass
        head, *body = (tuple(row) for row in rows)
        return c.Table(tuple(alignments), head, tuple(body))

    def _row(self, line: str, columns: int) -> None:
        """Report cells that Markdown drops. columns: of the table; 0 in its head."""
        cells = line.lstrip("> \t").rstrip().removeprefix("|").removesuffix("|")
        if columns and len(_BAR.findall(cells)) >= columns:
            message = "a row has more cells than the table has columns"
            advice = "add a column to the head; a bar that is text is written `\\|`"
            self._say("cells-without-column", message, self._scalar.part(line.strip()), advice)

    def _inline(self, token: Token) -> c.Inlines:
        return self._run(iter(token.children or []))

    def _run(self, tokens: Iterator[Token], until: str = "") -> c.Inlines:  # noqa: C901  a case a token
        found: list[c.Inline] = []
        for token in tokens:
            match token.type:
                case "text" | "softbreak" | "text_special":
                    _add_text(found, " " if token.type == "softbreak" else token.content)
                case "hardbreak":
                    found.append(c.LineBreak())
                case "code_inline":
                    self._pass(token.content)
                    found.append(c.Code(token.content))
                case "math":
                    found.append(self._math(token))
                case "strong_open":
                    found.append(c.Strong(self._run(tokens, "strong_close")))
                case "em_open":
                    found.append(c.Emphasis(self._run(tokens, "em_close")))
                case "s_open":
                    found.append(c.Strikethrough(self._run(tokens, "s_close")))
                case "cloze_open":
                    found.append(self._cloze(token, tokens))
                case "unclosed":
                    self._unclosed(token)
                    _add_text(found, token.content)
                case "link_open":
                    found.extend(self._link(str(token.attrGet("href") or ""), tokens))
                case "image":
                    found.extend(self._image(str(token.attrGet("src") or ""), token.content))
                case closing if closing == until:
                    break
                case other:
                    raise AssertionError(f"a token nobody asked for: {other}")
        return tuple(found)

    def _link(self, url: str, tokens: Iterator[Token]) -> c.Inlines:
        children = self._run(tokens, "link_close")
        if _LINK.fullmatch(url):
            return (c.Link(url, children),)
        message = f"a link leads to `{truncate(url)}`"
        self._say("link-not-web", message, self._scalar.part(url), "link to http:, https: or mailto:")
        return children

    def _image(self, path: str, alt: str) -> c.Inlines:
        if media_formats.is_sound(path):
            return self._sound(path, alt)
        media_file = self._markup.pictures(path, self._scalar)
        # What was reported once is not to be missed again as an empty text.
        return (c.Text(alt or path),) if media_file is None else (c.Image(media_file, alt),)

    def _sound(self, path: str, words: str) -> c.Inlines:
        media_file = self._markup.sounds(path, self._scalar)
        if media_file is None:
            return (c.Text(words or path),)
        if not words:
            message = f"the sound `{truncate(path)}` has no words"
            advice = "say what is to be heard, for paper: `![in words](…)`"
            where = self._scalar.part(path)
            self._markup.report.add(
                Diagnostic("sound-without-words", message, where, Severity.WARNING, help=advice)
            )
        return (c.Sound(media_file, words),)

    def _math(self, token: Token) -> c.Inline:
        opener = self._pass(token.markup)
        display = token.markup == r"\["
        if excess := formula_excess(token.content):
            self._say("long-formula", f"a formula {excess}", opener, "make several formulas of it")
            return c.Text("…")
        span = self._pass(token.content)
        if reaching := UNSAFE_MACRO.search(token.content):
            message = f"`{reaching[0]}` reaches outside the formula"
            self._say("math-reaches-out", message, _within(span, reaching[0]))
        if self._is_cloze and (cloze := markup_rules.CLOZE_OPEN.search(token.content)):
            message = f"`{truncate(cloze[0])}` within a formula hides nothing"
            advice = "put the deletion around the whole formula"
            self._say("cloze-in-formula", message, _within(span, cloze[0]), advice)
        return c.Math(token.content.strip(), display)

    def _cloze(self, token: Token, tokens: Iterator[Token]) -> c.Cloze:
        span = self._pass(token.markup)
        numbers = tuple(int(number) for number in token.info.split(","))
        children = self._run(tokens, "cloze_close")
        for number in numbers:
            if not 1 <= number <= c.LAST_CLOZE:
                message = f"the cloze number {number} is not between 1 and {c.LAST_CLOZE}"
                self._say("cloze-number", message, _within(span, f"c{number}"))
        if not c.is_visible((c.Paragraph(children),)):
            self._say("empty-cloze", "a cloze deletion hides nothing", span)
        return c.Cloze(numbers, children, token.content)

    def _unclosed(self, token: Token) -> None:
        span = self._pass(token.content)
        if token.markup in self._unclosed_told:
            return  # once the first is closed, the others may be something else
        self._unclosed_told.add(token.markup)
        message = f"`{truncate(token.content)}` is opened and never closed"
        advice = f"close it with `{token.markup}` in the same paragraph"
        self._say("unclosed-markup", message, span, advice)

    def _pass(self, part: str) -> Span:
        """Where a part of the text stands that is read next; the whole text when it is written otherwise."""
        at = self._scalar.source.text.find(part, self._at, self._scalar.end)
        if at < 0:
            return self._scalar.part(part)
        self._at = at + len(part)
        return Span(self._scalar.source, at, self._at)

    def _say(self, code: str, message: str, span: Span, advice: str = "") -> None:
        self._markup.report.add(Diagnostic(code, message, span, help=advice))


def formula_excess(tex: str) -> str:
    """What of a formula is more than a card can have, and than MathJax and paper read in a moment."""
    if len(tex) > MAX_FORMULA_LENGTH:
        return f"has {len(tex):,} characters; {MAX_FORMULA_LENGTH:,} are the most"
    depth = deepest = 0
    for brace in _BRACES.findall(tex):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return (
        f"is nested {deepest} braces deep; {MAX_FORMULA_DEPTH} are the most"
        if deepest > MAX_FORMULA_DEPTH
        else ""
    )


def _within(span: Span, part: str) -> Span:
    """Where a part of a stretch stands; the whole stretch when it is written otherwise there."""
    at = span.source.text.find(part, span.start, span.end)
    return span if at < 0 else Span(span.source, at, at + len(part))


def _add_text(found: list[c.Inline], text: str) -> None:
    if not text:
        return
    if found and isinstance(found[-1], c.Text):
        text = found.pop().text + text  # type: ignore[union-attr]  # the line above says which it is
    found.append(c.Text(text))
