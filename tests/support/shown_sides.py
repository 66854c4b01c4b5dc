"""What the sides of a card show, in words: read from Anki's HTML, and from the tree that is printed.

Paper says the same as Anki in its own way: a line for a blank, a note sign before a sound. Both are brought
to one form here, with white space collapsed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.tree import SOUND_SIGN

_PARTS = {"retired", "topic", "question", "clue", "typed", "answer", "extra", "source"}
_BLOCK_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "tr", "th", "td", "div"}
_VOID_TAGS = {"br", "hr", "img"}
_BREAK_OPPORTUNITIES = re.compile("[\u200b\u00ad]")
# It separates the braces of TeX from those of a cloze deletion.
_SPACE_IN_TEX = re.compile(r"(?<=[}:]) (?=[\]}\\:]|\Z)")
_FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_SOUND_TAG = re.compile(r"\[anki:play:[qa]:\d+\]")
_BLANK = "[…]"
# What paper puts before the name of a drawing that it has rewritten.
_PREFIXES = re.compile(r"(?:untold-)?plain-[0-9a-f]{12}-")
# The states of masks on paper, by their classes in Anki.
_MASK_STATES = {"cloze": "asked", "cloze-inactive": "hidden", "cloze-highlight": "outlined"}

MaskPosition = tuple[str, float, float]
"""State, left and top edge of a mask in percent."""


@dataclass(frozen=True, slots=True)
class ShownSide:
    """What one side of a card shows.

    words: by part, without empty parts. A picture is a word in brackets, and an entry of a list begins
        with its sign.
    masks: sorted.
    """

    words: Mapping[str, str]
    masks: Sequence[MaskPosition]


def read_printed_side(side: Side) -> ShownSide:
    """Return what a side shows on paper, without what only paper says: a recalled question, our own words."""
    tree: Mapping[str, Any] = side.tree
    words = {"topic": _inline_words(tree["topic"])}
    parts = tree["parts"][1:] if side.twin is not None and side.name == "front" else tree["parts"]
    for part in parts:
        if part["kind"] != "recall":
            kind = "answer" if part["kind"] == "text" else part["kind"]
            words[kind] = f"{words.get(kind, '')} {block_words(part['c'])}"
    whole = tree["citations"][0] if tree["citations"] else []
    words |= {"clue": block_words(tree["hint"]), "source": block_words(whole)}
    masks = [mask for part in tree["parts"] for node in _nodes(part["c"]) for mask in node.get("masks", ())]
    return ShownSide(_normalize_parts(words), _sorted((mask["state"], *mask["box"][:2]) for mask in masks))


def read_anki_side(html: str) -> ShownSide:
    """Return what a side shows in Anki, without the box to type in that only its reviewer adds."""
    page = _read_page(html)
    words = {part: "".join(pieces) for part, pieces in page.words.items() if part != "typed"}
    return ShownSide(_normalize_parts(words), _sorted(page.masks))


def read_custom_page(html: str) -> str:
    """Return the words of a page that a custom template makes, whatever parts it has."""
    return _normalize("".join(_read_page(html, default_part="page").words.get("page", ())))


def _read_page(html: str, default_part: str = "") -> "_Page":
    page = _Page(default_part)
    page.feed(html)
    page.close()
    assert not page.open, "the page is not well-formed"
    return page


def _normalize_parts(words: Mapping[str, str]) -> dict[str, str]:
    normalized = {part: _normalize(text) for part, text in words.items()}
    return {part: text for part, text in normalized.items() if text}


def _normalize(text: str) -> str:
    text = _BREAK_OPPORTUNITIES.sub("", text).replace("[...]", _BLANK)
    text = _FORMULA.sub(lambda match: f" \\({_SPACE_IN_TEX.sub('', match[1] or match[2])}\\) ", text)
    return " ".join(_SOUND_TAG.sub(SOUND_SIGN, text).split())


def _sorted(masks: Iterable[Any]) -> list[MaskPosition]:
    return sorted((state, round(left, 4), round(top, 4)) for state, left, top in masks)


def block_words(nodes: Sequence[Any]) -> str:
    """Return the words of a printed tree, with each block on a line of its own."""
    return "".join(f"\n{_node_words(node)}\n" for node in nodes)


def _inline_words(nodes: Sequence[Any]) -> str:
    return "".join(map(_node_words, nodes))


def _node_words(node: Any) -> str:  # noqa: C901  a case for each node
    match node:
        case str():
            return node
        case {"t": "ul", "c": entries}:
            return "".join(f"\n• {block_words(entry)}" for entry in entries)
        case {"t": "ol", "c": entries, "start": start}:
            return "".join(f"\n{number}. {block_words(entry)}" for number, entry in enumerate(entries, start))
        case {"t": "quote", "c": children}:
            return block_words(children)
        case {"t": "align", "c": children}:
            return block_words(children)
        case {"t": "ruby", "c": word, "reading": reading}:
            return _inline_words(word) + _inline_words(reading)
        case {"t": "table", "head": head, "rows": rows}:
            return "".join(f"\n{block_words(cell)}\n" for row in (head, *rows) for cell in row)
        case {"t": "math", "tex": tex}:
            return f"\\({tex}\\)"
        case {"t": "img", "src": source}:
            return f" [{_PREFIXES.sub('', source.rpartition('/')[2])}] "
        case {"t": "sound"}:
            return SOUND_SIGN
        case {"t": "blank"}:
            return _BLANK
        case {"t": "br" | "rule"}:
            return "\n"
        case {"s": text}:
            return str(text)
        case {"c": children}:
            return _inline_words(children)
    raise AssertionError(node)


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all nodes of a printed tree."""
    if isinstance(tree, Mapping):
        yield tree
    if not isinstance(tree, str):
        for part in tree.values() if isinstance(tree, Mapping) else tree:
            if isinstance(part, Mapping | list):
                yield from _nodes(part)


@dataclass
class _OpenTag:
    """A tag that is not closed yet.

    part: the part of the side that it is in, if any.
    next_number: of a numbered list, the number of its next entry.
    """

    tag: str
    part: str
    next_number: int | None = None


@dataclass
class _Page(HTMLParser):
    """An HTML page, split by the classes of our templates. default_part: the part of all the rest."""

    default_part: str = ""
    words: dict[str, list[str]] = field(default_factory=dict)
    masks: list[MaskPosition] = field(default_factory=list)
    open: list[_OpenTag] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        if "data-shape" in attributes:
            self._add_mask(classes[0], attributes)
        parent = self.open[-1] if self.open else _OpenTag("", self.default_part)
        if tag in _BLOCK_TAGS or tag in _VOID_TAGS:
            self._add_words("\n", parent.part)
        if tag == "li":
            self._add_words(self._entry_sign(parent), parent.part)
        if tag == "img":
            self._add_words(f"[{attributes['src']}]\n", parent.part)
        if tag not in _VOID_TAGS:
            start = int(attributes.get("start", "1")) if tag == "ol" else None
            self.open.append(_OpenTag(tag, self._part(tag, classes, attributes, parent.part), start))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag
        if tag in _BLOCK_TAGS:
            self._add_words("\n", closed.part)

    def handle_data(self, data: str) -> None:
        self._add_words(data, self.open[-1].part if self.open else self.default_part)

    def _add_words(self, words: str, part: str) -> None:
        if part:
            self.words.setdefault(part, []).append(words)

    def _add_mask(self, mask_class: str, attributes: Mapping[str, str]) -> None:
        if mask_class != "cloze-inactive" or attributes.get("data-occludeinactive") == "1":
            left, top = (100 * float(attributes[f"data-{edge}"]) for edge in ("left", "top"))
            self.masks.append((_MASK_STATES[mask_class], left, top))

    @staticmethod
    def _entry_sign(parent: _OpenTag) -> str:
        if parent.next_number is None:
            return "• "
        parent.next_number += 1
        return f"{parent.next_number - 1}. "

    @staticmethod
    def _part(tag: str, classes: Sequence[str], attributes: Mapping[str, str], parent_part: str) -> str:
        """Return the part that a tag's words belong to; empty for what is invisible or a button."""
        if tag in {"script", "button", "rp"} or (tag == "a" and "hint" in classes):
            return ""
        if attributes.get("id") == "image-occlusion-container":
            return "picture"
        if tag == "div" and (parts := _PARTS.intersection(classes)):
            return parts.pop()
        return parent_part
