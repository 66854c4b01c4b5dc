"""HTML as a browser lays it out, tag by tag.

Tags may be left open or cross each other; what a browser makes of them is made of them here.
Source: HTML Living Standard, "Tree construction", as far as it is about the tags in `tags.py`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cardwright.collection.boxes import Box, Part, blocks
from cardwright.collection.content import (
    Content,
    Inlines,
    LineBreak,
    Paragraph,
    Text,
    ThematicBreak,
    map_runs,
)
from cardwright.collection.html_tags import (
    CELLS,
    CODE,
    EMPHASIS,
    HEADINGS,
    INLINE,
    LISTS,
    SECTIONS,
    STRONG,
    STRUCK,
    TABLE,
)
from cardwright.collection.runs import Format, Formats, nested
from cardwright.collection.template import OpenTag

# Tags in each other. A browser stops somewhere as well; a deeper one only parts what it stands between.
_DEEPEST = 200
# Lists, quotations and tables in each other; every output goes into each with a call of its own.
_DEEPEST_BOX = 12
_NESTING = LISTS | {"blockquote", "table"}
# What a text is as a whole; of two in each other the outer one counts.
_KINDS_OF_TEXT = HEADINGS | {"pre"}
# These mean something in a table only.
_IN_TABLE = TABLE - {"table"}

# In these no text can stand.
_ROWS = SECTIONS | {"table", "tr"}
# What a closing tag does not reach out of.
_FENCES = CELLS | {"table"}
# What ends where one of these begins.
_ENDED: dict[str, AbstractSet[str]] = {
    "li": {"li"},
    **dict.fromkeys(CELLS, CELLS),
    "tr": CELLS | {"tr"},
    **dict.fromkeys(SECTIONS | {"caption"}, CELLS | SECTIONS | {"tr"}),
}
_FORMATS = (
    dict.fromkeys(STRONG, ("strong", ""))
    | dict.fromkeys(EMPHASIS, ("emphasis", ""))
    | dict.fromkeys(STRUCK, ("struck", ""))
    | dict.fromkeys(CODE, ("code", ""))
)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A tag that is open. box: its own, or the one around it where the tag is of no matter."""

    name: str
    box: Box


class Page:
    """One page, laid out tag by tag."""

    def __init__(self) -> None:
        self._root = Box("")
        self._opened = [_Opened("", self._root)]
        # Of the inline tags that are open what each means, by name, and how many mean the same.
        self._inline: dict[str, list[Format | None]] = {}
        self._meant: dict[Format, int] = {}
        self._formats: Formats = ()

    def content(self) -> Content:
        """What was laid out."""
        return blocks(self._root.parts)

    def open(self, tag: OpenTag) -> None:
        """A tag begins."""
        if tag.name == "br":
            self.add((LineBreak(),))
        elif tag.name in INLINE:
            if tag.name == "a":
                self._close_inline("a")
            meant = ("link", tag.value) if tag.value else _FORMATS.get(tag.name)
            self._inline.setdefault(tag.name, []).append(meant)
            self._mean(meant, 1)
        else:
            self._open_block(tag)

    def close(self, name: str) -> None:
        """A tag ends; one that is not open says nothing."""
        if name == "br":
            self.add((LineBreak(),))
        elif name in INLINE:
            self._close_inline(name)
        elif not self._end(HEADINGS if name in HEADINGS else {name}, _fences(name)) and name == "p":
            self._parts().append(None)  # an empty paragraph, which parts what it stands between

    def add(self, children: Inlines) -> None:
        """Inlines that run on where they stand."""
        between_cells = self._opened[-1].name in _ROWS
        self._parts().extend(
            (self._formats, inline)
            for inline in children
            if not (between_cells and isinstance(inline, Text) and not inline.text.strip())
        )

    def insert(self, content: Content) -> None:
        """A field. A single paragraph of it runs on; several blocks cut what is around them."""
        match content:
            case (Paragraph(children),):
                self.add(children)
            case _:
                formats = self._formats
                self._parts().extend(
                    map_runs(content, lambda run: nested([(formats, inline) for inline in run]))
                )

    def _parts(self) -> list[Part]:
        """Where text goes: in a table but in none of its cells, that is before the table."""
        top = self._opened[-1]
        return top.box.before if top.name in _ROWS and top.box.name in _ROWS else top.box.parts

    def _mean(self, meant: Format | None, more: int) -> None:
        if meant is None:
            return
        count = self._meant[meant] = self._meant.get(meant, 0) + more
        if count == 0:
            del self._meant[meant]
        self._formats = tuple(self._meant)

    def _close_inline(self, name: str) -> None:
        if opened := self._inline.get(name):
            self._mean(opened.pop(), -1)

    def _open_block(self, tag: OpenTag) -> None:
        name = tag.name
        if name in _IN_TABLE and not any(one.name == "table" for one in self._opened):
            return
        self._end({"p"}, _FENCES)
        if name in HEADINGS and self._opened[-1].name in HEADINGS:
            self._end(HEADINGS, _FENCES)
        while name in _ENDED and self._end(_ENDED[name], _fences(name)):
            pass
        if name in _IN_TABLE:
            while self._opened[-1].name not in _ROWS:
                self._opened.pop()
        self._parts().append(ThematicBreak() if name == "hr" else None)
        if name != "hr" and len(self._opened) < _DEEPEST:
            self._opened.append(_Opened(name, self._box(tag)))

    def _box(self, tag: OpenTag) -> Box:
        """What the content of a tag goes into."""
        name, around = tag.name, self._opened[-1].box
        if name in CELLS and around.name == "table":
            around = self._box(OpenTag("tr"))
            self._opened.append(_Opened("tr", around))
        if name in _NESTING:
            if around.depth >= _DEEPEST_BOX:
                return around
            made, place = Box(name, tag.value, around.depth + 1), self._parts()
        elif (name in CELLS and around.name == "tr") or (name == "li" and around.name in LISTS):
            made, place = Box(name, "", around.depth), around.parts
        elif name == "tr" and around.name == "table":
            made, place = Box(name, "", around.depth, before=around.before), around.parts
        elif name in SECTIONS and around.name == "table":
            return around
        elif around.name in _ROWS or (name in _KINDS_OF_TEXT and around.name not in _KINDS_OF_TEXT):
            made, place = Box(name if name in _KINDS_OF_TEXT else "", "", around.depth), self._parts()
        else:
            return around
        place.append(made)
        return made

    def _end(self, names: AbstractSet[str], fences: AbstractSet[str]) -> bool:
        """The innermost of these tags ends, and all that is open in it. Returns whether there is one."""
        for place in range(len(self._opened) - 1, 0, -1):
            name = self._opened[place].name
            if name in names:
                self._parts().append(None)
                del self._opened[place:]
                self._parts().append(None)
                return True
            if name in fences:
                break
        return False


def _fences(name: str) -> AbstractSet[str]:
    if name in TABLE:
        return {"table"}
    return _FENCES | LISTS if name == "li" else _FENCES
