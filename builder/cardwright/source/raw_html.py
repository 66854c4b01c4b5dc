"""Reads texts that are HTML, `{html: "…"}`: what Anki shows of them, and what other outputs do.

Loaded with the first one, since most decks have none.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from cardwright.collection import content as c
from cardwright.collection import html_layout
from cardwright.collection.template import PageNode
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record, field, replace
from cardwright.source import cloze_deletions, formula_deletions, safe_html
from cardwright.source.broken_formulas import find_breakage
from cardwright.source.css import parse_declarations
from cardwright.source.deletion_scanner import CLOZE_OPEN, DeletionScanner
from cardwright.source.field_marks import COMMAND, END, HINT, MARK
from cardwright.source.html_elements import make_element
from cardwright.source.html_formulas import HtmlFormula
from cardwright.source.html_parsing import HtmlElement
from cardwright.source.media_reader import FetchedFile
from cardwright.source.nodes import HtmlScalar, Scalar
from cardwright.source.picture_width import picture_width
from cardwright.source.safe_html import SafeNode
from cardwright.source.tex import find_tex_problems

# Elements that look like another one that texts may have, or nearly so.
_LIKE = {
    **dict.fromkeys(("cite", "var", "dfn"), "i"),
    **dict.fromkeys(("abbr", "acronym", "bdi", "bdo", "nobr", "q", "time", "rtc"), "span"),
    **dict.fromkeys(
        ("address", "dd", "details", "dl", "dt", "figcaption", "figure", "hgroup", "summary"), "div"
    ),
    **dict.fromkeys(("menu", "dir"), "ul"),
}
_KNOWN = {*html_layout.KNOWN_ELEMENTS, "img", "svg", "audio", "video", "col", "colgroup", "source", "wbr"}

FetchFile = Callable[[str, Scalar], FetchedFile]
"""Takes the name of a file as written, and the scalar that names it; warns if there is none."""

# How deep what paper shows may be; it sets no more than some levels.
_MAX_DEPTH = 8
_TEX_COMMANDS = re.compile(rf"{COMMAND}\[(\$\$?)\]{END}([^{COMMAND}{END}]*){COMMAND}\[/\1\]{END}")


def read_raw_html(scalar: HtmlScalar, fetch: FetchFile | None, report: Report, *, cloze: bool) -> c.Content:
    """Return the content of a text that is HTML; warn of what it cannot have, once."""
    files: dict[str, FetchedFile] = {}

    def name_media(path: str) -> str:
        fetched = files[path] = FetchedFile(None) if fetch is None else fetch(path, scalar)
        return path if fetched.file is None else fetched.file.name

    safe = safe_html.make_safe(scalar.value, cloze=cloze, name_media=name_media, keeps_styles=True)
    if safe.dropped:
        first, more = safe.dropped[0], f", and {len(safe.dropped) - 1} more" if len(safe.dropped) > 1 else ""
        message = f"{truncate(first, 40)} is left out of a text in HTML"
        help_ = "take it out; cards may have no scripts, and nothing from elsewhere"
        report.add(
            Diagnostic("html-made-safe", message, scalar.span, Severity.WARNING, more.strip(", "), help=help_)
        )
    if not safe.html:
        return c.EMPTY
    by_name = {fetched.file.name: fetched for fetched in files.values() if fetched.file is not None}
    children = _PageReader(scalar, by_name, cloze=cloze).read(safe.nodes)
    named = tuple(fetched.file for fetched in by_name.values() if fetched.file is not None)
    return (c.RawHtml(safe.html, named, children),)


class _PageReader(Record, frozen=True):
    """Reads what paper shows of HTML. files: those that it names, by their names in Anki."""

    scalar: HtmlScalar
    files: dict[str, FetchedFile]
    cloze: bool
    # What is doubtful in the deletions, Anki reads as it does.
    report: Report = field(default_factory=Report)

    def read(self, nodes: Iterable[SafeNode]) -> c.Content:
        page = tuple(self._nodes(nodes))
        content = html_layout.HtmlLayout(lambda nodes: nodes).lay_out(page)  # type: ignore[arg-type, return-value]  # without sections
        if _depth(content) > _MAX_DEPTH:
            content = c.plain(c.plain_text(content))
        if not self.cloze:
            return content
        openings = sum(len(CLOZE_OPEN.findall(c.inlines_text(run))) for run in c.runs(content))
        return c.map_runs(
            cloze_deletions.read_prose(self._scanner(openings), content), cloze_deletions.unescape
        )

    def _scanner(self, openings: int) -> DeletionScanner:
        return DeletionScanner(self.scalar, self.report, [self.scalar.span] * openings, "")

    def _nodes(self, nodes: Iterable[SafeNode]) -> Iterator[PageNode]:
        for node in nodes:
            if isinstance(node, str):
                yield from self._text(node)
            elif isinstance(node, HtmlFormula):
                yield self._formula(node.tex, display=node.display)
            else:
                yield from self._element(node)

    def _text(self, text: str) -> Iterator[PageNode]:
        position = 0
        for match in _TEX_COMMANDS.finditer(text):
            yield from self._words(text[position : match.start()])
            yield _formula_or_text(c.Math(match[2].strip(), match[1] == "$$"))
            position = match.end()
        yield from self._words(text[position:])

    def _words(self, text: str) -> Iterator[PageNode]:
        words, position = "", 0
        for match in MARK.finditer(text):
            words += self._plain(text[position : match.start()])
            position = match.end()
            if match[1]:
                words += f"{{{{c{match[1]}::"
            elif match[2]:
                words += "::" if match[2] == HINT else "}}"
            elif match[3] is not None and match[3] in self.files:
                if words:
                    yield c.Text(words)
                    words = ""
                yield from self._sound(match[3])
        if words := words + self._plain(text[position:]):
            yield c.Text(words)

    def _plain(self, text: str) -> str:
        """Return a text in which no deletion is found."""
        return "".join(map(cloze_deletions.escape_sign, text)) if self.cloze else text

    def _sound(self, name: str) -> Iterator[PageNode]:
        fetched = self.files[name]
        if fetched.file is not None and fetched.is_printable:
            yield c.Sound(fetched.file, "")

    def _formula(self, tex: str, *, display: bool) -> c.Math | c.Text:
        if not self.cloze or MARK.search(tex) is None:
            return _formula_or_text(c.Math(MARK.sub("", tex), display))
        openings = 0

        def write(match: re.Match[str]) -> str:
            nonlocal openings
            openings += match[1] is not None
            return f"{{{{c{match[1]}::" if match[1] else "::" if match[2] == HINT else "}}"

        written = MARK.sub(write, tex)
        formula = formula_deletions.read_formula(self._scanner(openings), written, display=display)
        return _formula_or_text(formula)

    def _element(self, node: HtmlElement) -> Iterator[PageNode]:
        if node.name == "style" or "hidden" in node.attributes:
            return
        name = _LIKE.get(node.name, node.name)
        name = name if name in _KNOWN else "span"
        if name == "img":
            yield from self._picture(node)
            return
        if name == "svg":
            yield from _drawing(node)
            return
        if name in ("audio", "video"):
            for address in [node.attributes.get("src"), *_sources(node)]:
                if address in self.files:
                    yield from self._sound(address)
            return
        if name in ("col", "colgroup", "source", "wbr"):
            return
        attributes = "".join(
            f' {key}="{safe_html.escape_attribute(value)}"' for key, value in node.attributes.items()
        )
        element, _ = make_element(name, attributes)
        nodes = tuple(self._nodes(node.children))  # type: ignore[arg-type]  # cleaned
        yield replace(element, nodes=nodes)

    def _picture(self, node: HtmlElement) -> Iterator[PageNode]:
        alt = node.attributes.get("alt", "")
        fetched = self.files.get(node.attributes.get("src", ""))
        if fetched is not None and fetched.file is not None and fetched.is_printable:
            yield c.Image(fetched.file, alt, _width(node))
        elif alt:
            yield c.Text(self._plain(alt))


def _formula_or_text(formula: c.Math) -> c.Math | c.Text:
    """Return a formula; its TeX as text if paper could not set it."""
    is_fit = next(find_tex_problems(formula.tex), None) is None and find_breakage(formula) is None
    return formula if is_fit else c.Text(formula.tex)


def _depth(content: c.Content) -> int:
    """Return how many wrappers and blocks are within each other."""
    blocks = (_block_depth(block) for block in content)
    return max(blocks, default=0)


def _block_depth(block: c.Block) -> int:
    match block:
        case c.BulletList(entries) | c.OrderedList(_, entries):
            return 1 + max(map(_depth, entries), default=0)
        case c.Quote(children) | c.Aligned(_, children):
            return 1 + _depth(children)
        case c.Table(_, head, rows):
            return 1 + max((_depth(cell) for row in (head, *rows) for cell in row), default=0)
        case _:
            return max(map(_inline_depth, chain.from_iterable(c.runs((block,)))), default=0)


def _inline_depth(inline: c.Inline) -> int:
    children = inline.children if isinstance(inline, c.Wrapper) else ()
    return 1 + max(map(_inline_depth, children), default=0)


def _drawing(node: HtmlElement) -> Iterator[PageNode]:
    from cardwright.source.inline_drawings import read_inline_drawing  # noqa: PLC0415  few have any

    yield read_inline_drawing(safe_html.write_element(node), "", "").picture


def _sources(node: HtmlElement) -> Iterator[str | None]:
    for child in node.children:
        if isinstance(child, HtmlElement) and child.name == "source":
            yield child.attributes.get("src")


def _width(node: HtmlElement) -> str:
    """Return the width of a picture, if it is one that paper can show."""
    written = node.attributes.get("width", "")
    for name, value in parse_declarations(node.attributes.get("style", "")):
        written = value if name == "width" else written
    return picture_width(written)
