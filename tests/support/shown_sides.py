"""What the sides of a card show, in words: read from a page of Anki's, and from the tree that is printed.

Paper says the same as Anki in its own way: a line for a blank, a note before a sound. Both are
brought to one form here, white space collapsed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.tree import SOUND_SIGN

_SECTIONS = {"retired", "topic", "question", "clue", "typed", "answer", "extra", "source"}
_LINES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "tr", "th", "td", "div"}
_EMPTY = {"br", "hr", "img"}
_PLACES_TO_BREAK = re.compile("[\u200b\u00ad]")
_FORMULA = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_PLAYED = re.compile(r"\[anki:play:[qa]:\d+\]")
_BLANK = "[…]"
# What masks are on paper, by what Anki calls them.
_STATES = {"cloze": "asked", "cloze-inactive": "hidden", "cloze-highlight": "told"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One side of a card.

    words: by part; parts without words are left out. A picture is a word in brackets, and a
        list's entry begins with its sign.
    masks: state, left and top edge in percent of each, sorted.
    """

    words: Mapping[str, str]
    masks: Sequence[tuple[str, float, float]]


def on_paper(side: Side) -> Shown:
    """What is printed on a side."""
    tree: Mapping[str, Any] = side.tree
    parts = {part["kind"]: _blocks(part["c"]) for part in tree["parts"]}
    said = {**parts, "clue": _blocks(tree["hint"]), "source": _blocks(tree["citations"])}
    masks = [mask for part in tree["parts"] for node in _nodes(part["c"]) for mask in node.get("masks", ())]
    found = {"topic": _inlines(tree["topic"]), **said}
    return Shown(_in_one_form(found), _sorted((mask["state"], *mask["box"][:2]) for mask in masks))


def in_anki(html: str) -> Shown:
    """What a page of Anki's shows. What only its reviewer puts there, a box to type in, is left out."""
    page = _Page()
    page.feed(html)
    page.close()
    assert not page.open, "the page is not well-formed"
    return Shown(
        _in_one_form({part: "".join(said) for part, said in page.said.items() if part != "typed"}),
        _sorted(page.masks),
    )


def of_own(html: str) -> str:
    """The words of a page that an author's own template makes, whatever parts it has."""
    page = _Page(around="page")
    page.feed(html)
    page.close()
    assert not page.open, "the page is not well-formed"
    return _formed("".join(page.said.get("page", ())))


def _in_one_form(words: Mapping[str, str]) -> dict[str, str]:
    formed = {part: _formed(said) for part, said in words.items()}
    return {part: said for part, said in formed.items() if said}


def _formed(text: str) -> str:
    text = _PLACES_TO_BREAK.sub("", text).replace("[...]", _BLANK)
    text = _FORMULA.sub(lambda found: f" \\({found[1] or found[2]}\\) ", text)
    return " ".join(_PLAYED.sub(SOUND_SIGN, text).split())


def _sorted(masks: Iterator[tuple[str, float, float]] | Sequence[Any]) -> list[tuple[str, float, float]]:
    return sorted((state, round(left, 4), round(top, 4)) for state, left, top in masks)


def _blocks(nodes: Sequence[Any]) -> str:
    """The words of a printed tree, each block on a line of its own."""
    return "".join(f"\n{_node(node)}\n" for node in nodes)


def _inlines(nodes: Sequence[Any]) -> str:
    return "".join(map(_node, nodes))


def _node(node: Any) -> str:  # noqa: C901  a case a node
    match node:
        case str():
            return node
        case {"t": "ul", "c": entries}:
            return "".join(f"\n• {_blocks(entry)}" for entry in entries)
        case {"t": "ol", "c": entries, "start": start}:
            return "".join(f"\n{number}. {_blocks(entry)}" for number, entry in enumerate(entries, start))
        case {"t": "quote", "c": children}:
            return _blocks(children)
        case {"t": "table", "head": head, "rows": rows}:
            return "".join(f"\n{_inlines(cell)}\n" for row in (head, *rows) for cell in row)
        case {"t": "math", "tex": tex}:
            return f"\\({tex}\\)"
        case {"t": "img", "src": source}:
            return f" [{source.rpartition('/')[2]}] "
        case {"t": "sound"}:
            return SOUND_SIGN
        case {"t": "blank"}:
            return _BLANK
        case {"t": "br" | "rule"}:
            return "\n"
        case {"s": text}:
            return str(text)
        case {"c": children}:
            return _inlines(children)
    raise AssertionError(node)


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """All nodes of a tree."""
    if isinstance(tree, Mapping):
        yield tree
    if not isinstance(tree, str):
        for part in tree.values() if isinstance(tree, Mapping) else tree:
            if isinstance(part, Mapping | list):
                yield from _nodes(part)


@dataclass
class _Open:
    """A tag that is not closed yet. part: of the side it is in, if any. entries: of a list, so far."""

    tag: str
    part: str
    entries: int | None = None


@dataclass
class _Page(HTMLParser):
    """A page, taken apart by the classes that our templates have. around: the part of what is in no other."""

    around: str = ""
    said: dict[str, list[str]] = field(default_factory=dict)
    masks: list[tuple[str, float, float]] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        having = {name: value or "" for name, value in attrs}
        classes = having.get("class", "").split()
        if "data-shape" in having:
            self._mask(classes[0], having)
        around = self.open[-1] if self.open else _Open("", self.around)
        if tag in _LINES or tag in _EMPTY:
            self._say("\n", around.part)
        if tag == "li":
            self._say(self._sign(around), around.part)
        if tag == "img":
            self._say(f"[{having['src']}]\n", around.part)
        if tag not in _EMPTY:
            start = int(having.get("start", "1")) if tag == "ol" else None
            self.open.append(_Open(tag, self._part(tag, classes, having, around.part), start))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag
        if tag in _LINES:
            self._say("\n", closed.part)

    def handle_data(self, data: str) -> None:
        self._say(data, self.open[-1].part if self.open else self.around)

    def _say(self, words: str, part: str) -> None:
        if part:
            self.said.setdefault(part, []).append(words)

    def _mask(self, called: str, having: Mapping[str, str]) -> None:
        if called != "cloze-inactive" or having.get("data-occludeinactive") == "1":
            left, top = (100 * float(having[f"data-{edge}"]) for edge in ("left", "top"))
            self.masks.append((_STATES[called], left, top))

    @staticmethod
    def _sign(around: _Open) -> str:
        if around.entries is None:
            return "• "
        around.entries += 1
        return f"{around.entries - 1}. "

    @staticmethod
    def _part(tag: str, classes: Sequence[str], having: Mapping[str, str], around: str) -> str:
        """The part of the side that a tag's words are of; empty for what is not seen or only pressed."""
        if tag in {"script", "button"} or (tag == "a" and "hint" in classes):
            return ""
        if having.get("id") == "image-occlusion-container":
            return "picture"
        if tag == "div" and (ours := _SECTIONS.intersection(classes)):
            return ours.pop()
        return around
