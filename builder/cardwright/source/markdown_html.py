"""HTML within Markdown: nests the tags of a text, and makes elements of them; loaded with the first tag.

Only the elements of `collection/html_layout.py` are markup, and Markdown goes on within them. A tag that is
not closed at the level of markup where it was opened, or that stands where a browser would move it, is text.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from cardwright.collection import content as c
from cardwright.collection import html_layout as html
from cardwright.collection.template import Element
from cardwright.record import replace
from cardwright.source.html_tags import CONTAINERS
from cardwright.source.template_tree import (
    ENDED_BY,
    MAX_BLOCK_DEPTH,
    MAX_ELEMENT_DEPTH,
    NESTED_BLOCKS,
    NOT_IN_ITSELF,
    OPTIONAL_END,
    PARENTS,
    TABLE_PARTS,
    optional_ends,
)

# `<pre>` is left out, since Markdown does not keep the lines and spaces in it.
_ELEMENTS = frozenset(html.KNOWN_ELEMENTS) - html.SECTIONS - {"pre"} | {"section"}
_TABLE_TAGS = TABLE_PARTS | html.CELLS | {"caption"}
# The elements that mean nothing without the element that they are in.
_DEPENDENTS = {
    **dict.fromkeys(TABLE_PARTS, _TABLE_TAGS),
    **dict.fromkeys(html.LISTS, frozenset({"li"})),
    "ruby": html.RUBY_PARTS,
}
_HELP = {
    **dict.fromkeys(("img", "image", "picture", "svg"), "write a picture as `![in words](media/name.png)`"),
    **dict.fromkeys(("audio", "video", "source"), "write a sound as `![in words](media/name.mp3)`"),
    **dict.fromkeys(("script", "style", "link", "iframe", "object", "embed"), "take it out"),
    "anki-mathjax": "write a formula as `\\( … \\)`",
    "pre": "put lines of code between two lines of three backticks",
    "<!--": "take it out; a comment can stand in the YAML, after a `#`",
}
_HELP_OTHERWISE = "take it out; or put it between backticks, if it should be read"
_HELP_MENTIONED = "put it between backticks, if it should be read"
_GOES_ON = re.compile(r"\s+(?:and|or|vs|versus|tags?|elements?|to|is|are|means?)\b")
_EMPHASIS = frozenset({"em_open", "strong_open", "s_open"})
_MAY_BE_EMPTY = html.CELLS | {"li", "rp", "rt"}


def nest_tags(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens of a paragraph, heading or cell with every `tag_open` before its `tag_close`.

    A tag that became text is a `tag_as_text`; if the author should know, its `meta` has `message` and `help`.
    """
    yield from _TagNesting(tokens).tokens


def has_end_tag(token: Token) -> bool:
    """Return whether a `tag_open` has a `tag_close`."""
    return token.tag not in html.EMPTY_ELEMENTS


def make_inline(element: Element, children: c.Inlines) -> c.Inline:
    """Return an element that stands among inlines until `lay_out_line` does away with it."""
    return replace(element, nodes=children)  # type: ignore[return-value]  # as the docstring says


def lay_out_line(inlines: c.Inlines) -> c.Content:
    """Return what inlines show that have elements among them."""
    return html.HtmlLayout(lambda nodes: nodes).lay_out(inlines)  # type: ignore[arg-type, return-value]  # the same


def lay_out_container(element: Element, content: c.Content) -> c.Content:
    """Return what an element shows whose tags stand around whole blocks."""
    return lay_out_line((replace(element, nodes=(content,)),))  # type: ignore[arg-type]  # the same


def _is_mentioned(before: Token | None, behind: Token | None) -> bool:
    """Return whether a tag between two tokens is probably a word of a sentence."""
    is_after_space = before is None or before.content[-1:].isspace()
    return is_after_space and behind is not None and _GOES_ON.match(behind.content) is not None


@dataclass(slots=True)
class _Open:
    """A tag, or a piece of Markdown, that is not closed yet. index: of its token in the result."""

    name: str
    index: int
    is_tag: bool = True


class _TagNesting:
    """Nests the tags of some tokens, see `nest_tags`. tokens: the result."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens: list[Token] = []
        self._open: list[_Open] = []
        self._end_tags = {token.tag for token in tokens if token.type == "tag_close"}
        # The names of tags that became text; other tags of these elements say nothing new.
        self._text_names: set[str] = set()
        # Where the result has emphasis that became text, and that has not ended yet.
        self._given_up: list[int] = []
        for before, token, behind in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
            if token.type == "tag_open" and _is_mentioned(before, behind):
                message = f"`{token.content}` is a tag of HTML here, and not shown"
                token.meta |= {"message": message, "help": _HELP_MENTIONED}
            # Browsers take `</br>` for `<br>`.
            if token.type == "tag_open" or (token.type == "tag_close" and token.tag in html.EMPTY_ELEMENTS):
                token.type = "tag_open"
                self._open_element(token)
            elif token.type == "tag_close":
                self._close_element(token)
            else:
                self._add(token)
        self._close_until(0, OPTIONAL_END)

    def _open_element(self, token: Token) -> None:
        name = token.tag
        while self._open and self._open[-1].is_tag and self._open[-1].name in ENDED_BY.get(name, ()):
            self._close_until(len(self._open) - 1, OPTIONAL_END)
        if self._open and self._open[-1].name in TABLE_PARTS and name not in PARENTS:
            self._give_up_table()
        index = len(self.tokens)
        self.tokens.append(token)
        if problem := self._why_not_here(name):
            self._make_text(index, *problem)
        elif name not in html.EMPTY_ELEMENTS:
            self._open.append(_Open(name, index))

    def _close_element(self, token: Token) -> None:
        """Close the innermost element of a name that was opened at this level of markup."""
        self.tokens.append(token)
        for index in reversed(range(len(self._open))):
            opened = self._open[index]
            if not opened.is_tag and opened.name not in _EMPHASIS:
                break
            if opened.name == token.tag:
                self.tokens.pop()
                self._close_until(index + 1, optional_ends(token.tag), is_end_tag=True)
                self._warn_if_empty(opened.index)
                self._open.pop()
                self.tokens.append(token)
                return
        self._make_text(
            len(self.tokens) - 1, f"`{token.content}` closes nothing, and is text", _HELP_OTHERWISE
        )

    def _add(self, token: Token) -> None:
        """Add a token of Markdown."""
        if token.nesting < 0:
            opener = max((index for index, opened in enumerate(self._open) if not opened.is_tag), default=-1)
            if self._given_up and (opener < 0 or self._open[opener].index < self._given_up[-1]):
                self._given_up.pop()
                self.tokens.append(Token("text", "", 0, content=token.markup))
                return
            self._close_until(opener, OPTIONAL_END)
        elif self._open and self._open[-1].name in TABLE_PARTS and token.content.strip():
            self._give_up_table()
        self.tokens.append(token)
        if token.nesting > 0:
            self._open.append(_Open(token.type, len(self.tokens) - 1, is_tag=False))

    def _warn_if_empty(self, index: int) -> None:
        """Warn of an element that shows nothing. index: of its tag."""
        opened = self.tokens[index]
        inside = self.tokens[index + 1 :]
        if opened.tag in _MAY_BE_EMPTY or any(token.content.strip() or token.nesting for token in inside):
            return
        message = f"`<{opened.tag}>` has nothing in it, and shows nothing"
        opened.meta |= {"message": message, "help": _HELP_MENTIONED}

    def _give_up_table(self) -> None:
        """Make text of the tags of the innermost table, which has something outside its cells."""
        table = max(index for index, opened in enumerate(self._open) if opened.name == "table")
        message = "a table has something outside its cells, and its tags are text"
        self._make_text(self._open[table].index, message, "put all of it into cells, `<td>…</td>`")
        del self._open[table:]

    def _why_not_here(self, name: str) -> tuple[str, str] | None:
        """Return why an element cannot begin here, and the next step; None if it can."""
        tag = {"<!--": "`<!--`", "![": "`<![`"}.get(name, f"`<{name}>`")
        names = [opened.name for opened in self._open if opened.is_tag]
        same_kind = next((kind for kind in NOT_IN_ITSELF if name in kind), frozenset())
        is_block = name not in html.INLINE and name not in html.EMPTY_ELEMENTS
        if name not in _ELEMENTS:
            return f"a card cannot have {tag}, so it is text", _HELP.get(name, _HELP_OTHERWISE)
        for outer in names:
            if outer in same_kind or (outer == "ruby" and is_block):
                return f"{tag} is inside `<{outer}>`, and is text", f"close that with `</{outer}>` before"
        if name in PARENTS:
            parents, description, help_ = PARENTS[name]
            if not self._open or self._open[-1].name not in parents:
                return f"{tag} is not directly in {description}, and is text", help_
        depth = sum(outer in NESTED_BLOCKS for outer in names) if name in NESTED_BLOCKS else 0
        if len(names) >= MAX_ELEMENT_DEPTH or depth >= MAX_BLOCK_DEPTH:
            return f"{tag} is nested too deeply, and is text", "write it with fewer elements in each other"
        return None

    def _close_until(self, length: int, ends: Container[str], *, is_end_tag: bool = False) -> None:
        """Close the innermost elements until so many are open.

        ends: those that need no end tag. is_end_tag: whether an end tag closes them, and no sign of Markdown.
        """
        while len(self._open) > length:
            opened = self._open.pop()
            if not opened.is_tag and is_end_tag:
                # Emphasis from within an element to outside of it is none.
                self._given_up.append(opened.index)
                markup = self.tokens[opened.index].markup
                self.tokens[opened.index] = Token("text", "", 0, content=markup)
            elif opened.is_tag and opened.name in ends:
                if opened.name == "p":
                    self._warn_if_empty(opened.index)
                self.tokens.append(Token("tag_close", opened.name, 0))
            elif opened.is_tag and opened.name in self._end_tags:
                message = f"`<{opened.name}>` is not closed in the markup that it is in, and is text"
                help_ = "close it before the end of the emphasis, link, deletion or element around it"
                self._make_text(opened.index, message, help_)
            elif opened.is_tag:
                message = f"`<{opened.name}>` is not closed in its paragraph, and is text"
                help_ = f"close it with `</{opened.name}>` before a line that is empty or begins a list"
                if opened.name in CONTAINERS:
                    help_ = f"put it and `</{opened.name}>` on lines of their own, around whole paragraphs"
                self._make_text(opened.index, message, help_)

    def _make_text(self, index: int, message: str, help_: str) -> None:
        """Make text of a tag, and of all that cannot be without it."""
        token = self.tokens[index]
        is_known = token.tag in self._text_names
        self.tokens[index] = Token("tag_as_text", token.tag, 0, content=token.content)
        if self._is_type_argument(token):
            return
        if not is_known:
            self.tokens[index].meta = {"message": message, "help": help_}
        dependents = _DEPENDENTS.get(token.tag, frozenset())
        self._text_names |= {token.tag, *dependents}
        for later in range(index + 1, len(self.tokens) if dependents and token.type == "tag_open" else 0):
            if self.tokens[later].tag in dependents and self.tokens[later].type in ("tag_open", "tag_close"):
                dependent = self.tokens[later]
                self.tokens[later] = Token("tag_as_text", dependent.tag, 0, content=dependent.content)

    def _is_type_argument(self, token: Token) -> bool:
        """Return whether a tag looks like that of `List<T>` in a programming language."""
        has_name_of_type = len(token.tag) == 1 or token.content[1].isupper() or token.tag not in _ELEMENTS
        follows_word = bool(token.meta.get("follows_word"))
        return follows_word and has_name_of_type and not token.info and token.tag not in self._end_tags
