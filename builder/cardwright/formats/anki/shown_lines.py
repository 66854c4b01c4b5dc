"""Breaks what a field shows into lines, and collapses the white space in them, as a browser does."""

import re
from collections.abc import Iterable

from cardwright.formats.anki.shown import Block, Formats, Leaf, Line, Mark, Run, Runs
from cardwright.formats.anki.shown_looks import WEBKIT

_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_BLANK = " \t\n\r\f\xa0"
_SPACES = " \xa0"


class Flow:
    """Collects lines and blocks, as a browser breaks them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        # Empty lines since the last line; and whether the margin of a paragraph came last.
        self._gap = 0
        self._has_margin = False

    def add(self, formats: Formats, leaf: Leaf) -> None:
        self._runs.append((formats, leaf))

    def end_line(self, alignment: str, *, is_break: bool = False) -> None:
        """End a line. is_break: whether `<br>` ends it, which makes an empty line of nothing."""
        runs, self._runs = self._runs, []
        is_visible = any(not isinstance(leaf, str) or leaf.strip(_BLANK) for _, leaf in runs)
        if is_visible and (visible := collapse(runs)):
            before = self.blocks[-1] if self.blocks else None
            gap = self._gap if before is None or isinstance(before, Line) else 0
            self.blocks.append(Line(visible, gap, alignment.removeprefix(WEBKIT)))
            self._gap, self._has_margin = 0, False
        elif is_break or any(isinstance(leaf, str) and "\xa0" in leaf for _, leaf in runs):
            self._gap += 1
            self._has_margin = False

    def add_margin(self) -> None:
        if self.blocks and not self._has_margin:
            self._gap += 1
            self._has_margin = True

    def add_block(self, block: Block) -> None:
        self.blocks.append(block)
        self._gap, self._has_margin = 0, False


class CodeFlow(Flow):
    """Collects lines in which every space counts."""

    def lines(self) -> Runs:
        self.end_line("")
        runs = list(self._runs)
        if runs and isinstance(first := runs[0][1], str):
            runs[0] = (runs[0][0], first.removeprefix("\n"))
        while runs and isinstance(last := runs[-1][1], str):
            runs[-1] = (runs[-1][0], last.rstrip())
            if runs[-1][1]:
                break
            runs.pop()
        return merge_runs(runs)

    def end_line(self, alignment: str, *, is_break: bool = False) -> None:  # noqa: ARG002  code has none
        if is_break:
            self._runs.append((self._runs[-1][0] if self._runs else (("code",),), "\n"))


# What is seen of a space.
_SEEN_ON_SPACES = frozenset(
    {"u", "s", "mark", "code", "kbd", "background", "link", "style", "attribute", "boxed"}
)


def collapse(runs: Iterable[Run]) -> Runs:
    """Return a line with its white space collapsed, and with spaces formatted like the words around them."""
    pieces: list[Run] = []
    is_after_space, has_words = True, False
    openings: list[Formats] = []
    for formats, leaf in runs:
        if not isinstance(leaf, str):
            # What a mark hides may be the space before it. Only that of an opening is shown in its formats.
            is_hint = isinstance(leaf, Mark) and leaf.kind == "hint"
            is_after_space = is_hint or (is_after_space and isinstance(leaf, Mark) and not has_words)
            has_words = has_words or not isinstance(leaf, Mark)
            if isinstance(leaf, Mark):
                formats = _mark_formats(leaf, formats, openings)  # noqa: PLW2901  the same look
            pieces.append((formats, leaf))
            continue
        text = _WHITE_SPACE.sub(" ", leaf)
        if is_after_space:
            text = text.removeprefix(" ")
        if text:
            is_after_space, has_words = text.endswith(" "), True
            core = text.strip(_SPACES)
            start = text.find(core) if core else len(text)
            # The spaces at both ends may have to go with what is beside them.
            pieces += ((formats, piece) for piece in (text[:start], core, text[start + len(core) :]) if piece)
    _strip_end(pieces)
    # An editor's lone no-break space at the beginning moves the line by less than a letter.
    if pieces and pieces[0][1] == "\xa0" and not _is_space_at(pieces, 1):
        del pieces[0]
    pieces = [run for run in pieces if run[1] != ""]
    for index, (formats, leaf) in enumerate(pieces):
        if _is_space_at(pieces, index):
            around = [pieces[near][0] for near in (index - 1, index + 1) if 0 <= near < len(pieces)]
            shared = set(around[0]).intersection(*around[1:]) if around else set()
            kept = [own for own in formats if own[0] in _SEEN_ON_SPACES]
            kept += [own for own in shared if own[0] not in _SEEN_ON_SPACES]
            pieces[index] = (tuple(sorted(kept)), leaf)
    return merge_runs(pieces)


def _is_space_at(pieces: list[Run], index: int) -> bool:
    """Return whether there is a piece, and it is nothing but spaces."""
    leaf = pieces[index][1] if index < len(pieces) else ""
    return isinstance(leaf, str) and leaf != "" and not leaf.strip(_SPACES)


def _mark_formats(mark: Mark, formats: Formats, openings: list[Formats]) -> Formats:
    """Return the formats of a mark: those of its opening. openings: of the deletions that are open."""
    if mark.kind == "open":
        openings.append(formats)
        return formats
    if not openings:
        return formats
    return openings.pop() if mark.kind == "close" else openings[-1]


def _strip_end(pieces: list[Run]) -> None:
    """Empty the white space at a line's end, also before marks there, which show nothing."""
    for index in reversed(range(len(pieces))):
        leaf = pieces[index][1]
        if isinstance(leaf, Mark):
            continue
        if isinstance(leaf, str) and not leaf.strip(" \xa0"):
            pieces[index] = (pieces[index][0], "")
            continue
        if isinstance(leaf, str):
            pieces[index] = (pieces[index][0], leaf.rstrip("\xa0"))
        break


def merge_runs(runs: Iterable[Run]) -> Runs:
    """Return runs without empty texts, with neighbours that look the same joined."""
    result: list[Run] = []
    for formats, leaf in runs:
        if leaf == "":
            continue
        if (
            isinstance(leaf, str)
            and result
            and result[-1][0] == formats
            and isinstance(before := result[-1][1], str)
        ):
            result[-1] = (formats, before + leaf)
        else:
            result.append((formats, leaf))
    return tuple(result)
