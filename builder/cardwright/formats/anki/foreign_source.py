"""Writes what a field shows as a text of our sources, as a person would write it.

What comes of it is read and rendered again before it is taken for the field (`foreign_html.py`), so nothing
here has to be certain: a writer that escapes too little is followed by one that escapes more.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from cardwright.formats.anki import shown
from cardwright.formats.anki.shown import Block, Blocks, Format, Leaf, Line, Runs
from cardwright.record import Record, field
from cardwright.source import media_formats
from cardwright.source.html_tags import WEB_ADDRESS
from cardwright.source.picture_width import picture_width


class CannotSayError(Exception):
    """A field shows something that no text of ours can say."""


_HTML = {
    "b": ("<b>", "</b>"),
    "i": ("<i>", "</i>"),
    "s": ("<s>", "</s>"),
    **{
        name: (f"<{name}>", f"</{name}>")
        for name in ("u", "mark", "code", "kbd", "sub", "sup", "small", "big")
    },
}
_MARKDOWN = {"b": "**", "i": "*", "s": "~~"}

# What Markdown would certainly read as markup; then all that it might read so; then all signs.
_CERTAIN = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|\Z)|&(?=#?\w{1,31};)|<(?=[A-Za-z/!?])|(?<!\\)!?\[(?=[^\[\]]*\]\()"
    r"|(?<![\s*])\*(?=\*|.*\S\*)|(?<=\s)\*(?=[^\s*].*\*)|\A\*(?=[^\s*].*\*)|`(?=.*`)|~~(?=.*~~)|(?<![^\W_])_(?=\S.*_)"
)
_POSSIBLE = re.compile(r"[\\*_`~\]<&|$^]|[{}](?=[{}])|(?<=[=+%])[=+%]|!(?=\[)")
# Without those that begin or end a formula behind a backslash, or that nobody has to escape.
_ANY_SIGN = re.compile(r"[\\*_`~\]<>&|${}^=+%#!.\-]")
_LINE_START = re.compile(
    r"([-+*>#](?=\s|\Z)|#{2,6}(?=\s|\Z)|>|\d{1,9}(?=[.)](?:\s|\Z))|[-=*_]+\s*\Z|:::|```|~~~|\|)"
)
_LINE_START_ALWAYS = re.compile(r"([-+*>#=|]|\d{1,9}(?=[.)])|:::|```|~~~)")
# White space that an editor would not show, or would take away; and what no source may have.
_UNSEEN = re.compile(
    r"[\xa0\u2028\u2029\u0085\u200e\u200f\u061c\u2066-\u2069\u202a-\u202e\u2000-\u200b\u2060]"
)
_NAMED = {"\xa0": "&nbsp;"}

# A link has a colour of its own, so what gives it another one stands in it.
_INNERMOST = {"link": 1, "color": 2, "background": 2}
_COLOURS = {"color", "background"}
_CELL_BREAK = "<br>"


class Manner(Record, frozen=True):
    """How much a writer escapes.

    signs: all of these, in every text. has_tags: whether emphasis is HTML.
    has_paragraphs: whether a paragraph follows an empty line, and not the line itself.
    """

    signs: re.Pattern[str]
    line_start: re.Pattern[str]
    has_tags: bool = False
    has_paragraphs: bool = True


MANNERS = (
    Manner(_CERTAIN, _LINE_START),
    Manner(re.compile(rf"{_CERTAIN.pattern}|\\"), _LINE_START),
    Manner(_POSSIBLE, _LINE_START_ALWAYS),
    Manner(_ANY_SIGN, _LINE_START_ALWAYS, has_tags=True),
    Manner(_CERTAIN, _LINE_START, has_paragraphs=False),
)
"""The manners of writing, the most readable one first."""


class SourceWriter(Record, frozen=True):
    """Writes a field.

    paths: of media files in the deck, by their names in Anki; only those that the field names are asked for.
    names: in Anki, of the files that were written, by path.
    """

    paths: Mapping[str, str]
    manner: Manner
    names: dict[str, str] = field(default_factory=dict)

    def write(self, blocks: Blocks) -> str:
        """Return a text that shows the blocks, if all goes well.

        Errors: CannotSayError, if no text can show them.
        """
        if self.manner.has_tags and len(blocks) == 1:
            return self._sole_block(blocks[0])
        return self._blocks(blocks, "\n\n", "")

    def _sole_block(self, block: Block) -> str:
        """Return a text of one block, with its tags if its sign is hardly ever meant as that."""
        match block:
            case shown.ItemList(None | 1 as start, ((Line(runs, 0, ""),),)):
                name = "ul" if start is None else "ol"
                return f"<{name}><li>{self._inlines(runs)}</li></{name}>"
            case shown.Quote((Line(runs, 0, ""),)):
                return f"<blockquote>{self._inlines(runs)}</blockquote>"
            case shown.Heading(level, (Line(runs, 0, ""),)):
                return f"<h{level}>{self._inlines(_without_bold(runs))}</h{level}>"
            case _:
                return self._blocks((block,), "\n\n", "")

    def _blocks(self, blocks: Blocks, separator: str, alignment: str) -> str:
        """Return blocks as text. separator: between a line and a list. alignment: of what is around them."""
        result = ""
        before: Block | None = None
        index = 0
        while index < len(blocks):
            block = blocks[index]
            own = _alignment(block, alignment)
            end = index + 1
            if own != alignment:
                while end < len(blocks) and _alignment(blocks[end], alignment) == own:
                    end += 1
                opening, closing = (
                    ("<center>", "</center>")
                    if own == "center"
                    else (f'<div style="text-align: {own}">', "</div>")
                )
                if not own or (isinstance(block, Line) and block.gap > (before is not None)):
                    raise CannotSayError
                inner = self._blocks(blocks[index:end], separator, own)
                text, joint = f"{opening}\n{inner}\n{closing}", "\n\n"
            else:
                text, joint = self._block(block, before, alignment), self._joint(before, block, separator)
            result += (joint if before is not None else "") + text
            # Blocks that are aligned otherwise are paragraphs, with space between them and the next line.
            match blocks[end - 1 : end + 1]:
                case (Line(), Line(_, 0, after)) if after != own:
                    raise CannotSayError
            before = blocks[end - 1]
            index = end
        return result

    def _joint(self, before: Block | None, block: Block, separator: str) -> str:
        if isinstance(before, Line) and isinstance(block, Line):
            return "\n\n" if block.gap and self.manner.has_paragraphs else "\\\n"
        # A lone sign of a list would underline the line above it.
        is_close = isinstance(before, Line) and isinstance(block, shown.ItemList) and all(block.entries)
        return separator if is_close else "\n\n"

    def _block(self, block: Block, before: Block | None, alignment: str) -> str:
        match block:
            case Line(runs, gap):
                empty = gap - 1 if isinstance(before, Line) and self.manner.has_paragraphs else gap
                return "&nbsp;\\\n" * max(0, empty) + self._line(runs)
            case shown.Heading(level, (Line(runs, 0),)):
                return f"{'#' * level} {self._inlines(_without_bold(runs))}"
            case shown.ItemList(start, entries):
                return self._list(start, entries, before, alignment)
            case shown.Quote(blocks):
                return _indent(self._blocks(blocks, "\n\n", alignment), "> ", "> ")
            case shown.CodeLines(runs):
                return _fence(runs)
            case shown.Table(rows):
                return self._table(rows, alignment)
            case shown.Rule(()):
                return "---"
            case _:
                raise CannotSayError

    def _list(
        self, start: int | None, entries: Sequence[Blocks], before: Block | None, alignment: str
    ) -> str:
        follows_list = isinstance(before, shown.ItemList) and (before.start is None) == (start is None)
        lines = []
        if start is not None and start < 0:
            raise CannotSayError
        for number, entry in enumerate(entries, start or 0):
            marker = (
                ("* " if follows_list else "- ")
                if start is None
                else f"{number}{')' if follows_list else '.'} "
            )
            text = self._blocks(entry, "\n", alignment)
            if entry and isinstance(entry[0], shown.ItemList):
                text = f"\n{text}"
            lines.append(_indent(text, marker, " " * len(marker)).rstrip())
        return "\n".join(lines)

    def _table(self, rows: Sequence[Sequence[shown.Cell]], alignment: str) -> str:
        width = len(rows[0]) if rows else 0
        has_head = len(rows) > 1 and all(cell.is_head for cell in rows[0])
        cells = [cell for row in rows[has_head:] for cell in row]
        if not width or any(len(row) != width for row in rows) or any(cell.is_head for cell in cells):
            raise CannotSayError
        sides = [self._column(rows, column, alignment) for column in range(width)]
        dashes = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
        written = [[self._cell(cell) for cell in row] for row in rows]
        head = written.pop(0) if has_head else [""] * width
        lines = [head, [dashes[side] for side in sides], *written]
        return "\n".join(
            f"| {' | '.join(line)} |".replace("|  |", "| |").replace("|  |", "| |") for line in lines
        )

    @staticmethod
    def _column(rows: Sequence[Sequence[shown.Cell]], column: int, alignment: str) -> str:
        """Return how a column is aligned; empty if as what is around the table."""
        sides = {_alignment(block, "") for row in rows for block in row[column].blocks}
        if len(sides) > 1:
            raise CannotSayError
        side = sides.pop() if sides else alignment
        return "" if side == alignment else side

    def _cell(self, cell: shown.Cell) -> str:
        lines = []
        for number, block in enumerate(cell.blocks):
            if not isinstance(block, Line) or (number == 0 and block.gap):
                raise CannotSayError
            runs = _without_bold(block.runs) if cell.is_head else block.runs
            lines += [""] * block.gap + [self._inlines(runs)]
        return re.sub(r"(?<!\\)\|", r"\\|", _CELL_BREAK.join(lines))

    def _line(self, runs: Runs) -> str:
        line = self._inlines(runs)
        if runs and isinstance(runs[0][1], str) and (start := self.manner.line_start.match(line)):
            position = start.end() if start[0].isdigit() else 0
            line = f"{line[:position]}\\{line[position:]}"
        return line

    def _inlines(self, runs: Runs) -> str:
        return self._nested([(list(formats), leaf) for formats, leaf in runs], "", "")

    def _nested(self, runs: list[tuple[list[Format], Leaf]], before: str, after: str) -> str:
        """Return runs with their formats around them. before, after: the text beside them."""
        result = ""
        index = 0
        while index < len(runs):
            formats, leaf = runs[index]
            if not formats:
                result += self._leaf(leaf)
                index += 1
                continue
            # The format that goes on longest is the outermost.
            ends = [(_end_of(own, runs, index), own) for own in formats]
            end, outer = max(ends, key=lambda pair: (pair[0], -_depth(pair[1])))
            inner = [(_removed(own, outer), leaf) for own, leaf in runs[index:end]]
            both = next((own for end_, own in ends if end_ == end and {own[0], outer[0]} == _COLOURS), None)
            if both is not None:
                inner = [(_removed(own, both), leaf) for own, leaf in inner]
                outer = ("colours", *(own[1] for own in sorted((outer, both), reverse=True)))
            if outer[0] == "code" and (code := _code_text(inner)) is not None:
                result += code
            else:
                text = self._nested(inner, "", "")
                following = self._start_of(runs[end:]) or after
                result += self._wrapped(outer, text, (before + result)[-1:], following)
            index = end
        return result

    def _start_of(self, runs: Sequence[tuple[list[Format], Leaf]]) -> str:
        """Return the first character behind some runs, as far as it matters."""
        if not runs:
            return ""
        leaf = runs[0][1]
        return leaf[:1] if isinstance(leaf, str) else "{" if isinstance(leaf, shown.Mark) else "!"

    def _wrapped(self, outer: Format, text: str, before: str, after: str) -> str:
        name = outer[0]
        if name in _MARKDOWN and not self.manner.has_tags and _can_be_emphasised(text, before, after):
            return f"{_MARKDOWN[name]}{text}{_MARKDOWN[name]}"
        if name in _HTML:
            opening, closing = _HTML[name]
            return f"{opening}{text}{closing}"
        if name in ("color", "background"):
            property_ = "color" if name == "color" else "background-color"
            return f'<span style="{property_}: {outer[1]}">{text}</span>'
        if name == "colours":
            return f'<span style="color: {outer[1]}; background-color: {outer[2]}">{text}</span>'
        if name == "link" and WEB_ADDRESS.fullmatch(outer[1]) and text:
            address = outer[1]
            if not re.fullmatch(r"[^\s()<>\\]+", address):
                address = "<" + re.sub(r"[<>\\]", lambda match: f"%{ord(match[0]):02X}", address) + ">"
            return f"[{text}]({address})"
        raise CannotSayError

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case str():
                return self._text(leaf)
            case shown.Formula(tex, display):
                opening, closing = (r"\[", r"\]") if display else (r"\(", r"\)")
                return f"{opening}{_source_tex(tex)}{closing}"
            case shown.Mark("open", number):
                return f"{{{{c{number}::"
            case shown.Mark(kind):
                return "::" if kind == "hint" else "}}"
            case shown.Picture():
                return self._picture(leaf)
            case shown.Sound(name):
                return f"![]({_address(self._path(name, media_formats.SOUNDS))})"
            case shown.Reading(word, reading):
                return f"<ruby>{self._inlines(word)}<rt>{self._inlines(reading)}</rt></ruby>"
            case _:
                raise CannotSayError

    def _picture(self, picture: shown.Picture) -> str:
        width = picture_width(picture.width) if picture.width else ""
        if picture.height or width != picture.width:
            raise CannotSayError
        size = f"{{width={width}}}" if width else ""
        alt = self._text(picture.alt).replace("]", "\\]") if picture.alt else ""
        return f"![{alt}]({_address(self._path(picture.name, media_formats.PICTURES))}){size}"

    def _path(self, name: str, formats: Iterable[media_formats.MediaFormat]) -> str:
        path = self.paths.get(name)
        extension = media_formats.file_extension(path or "")
        if path is None or not any(extension in media_format.extensions for media_format in formats):
            raise CannotSayError
        self.names[path] = name
        return path

    def _text(self, text: str) -> str:
        text = self.manner.signs.sub(lambda match: f"\\{match[0]}", text)
        if "{{c" in text:  # that begins no deletion
            text = text.replace("{{c", "\\{\\{c")
        if text.isascii() and text.isprintable():
            return text
        return _UNSEEN.sub(lambda match: _NAMED.get(match[0]) or f"&#x{ord(match[0]):X};", text)


def _without_bold(runs: Runs) -> Runs:
    """Return the runs of a heading, which is bold by itself.

    Errors: CannotSayError, if some words are not bold.
    """
    if any(("b",) not in formats and isinstance(leaf, str) and leaf.strip() for formats, leaf in runs):
        raise CannotSayError
    return tuple((tuple(own for own in formats if own != ("b",)), leaf) for formats, leaf in runs)


def _alignment(block: Block, alignment: str) -> str:
    """Return how all lines of a block are aligned. alignment: of what is around a block without lines.

    Errors: CannotSayError, if some are aligned in another way.
    """
    match block:
        case Line(_, _, own):
            return own
        case shown.Heading(_, blocks) | shown.Quote(blocks):
            inner: list[Block] = list(blocks)
        case shown.ItemList(_, entries):
            inner = [block for entry in entries for block in entry]
        case _:
            return alignment
    sides = {_alignment(block, alignment) for block in inner}
    if len(sides) > 1:
        raise CannotSayError
    return sides.pop() if sides else alignment


def _depth(own: Format) -> int:
    """Return how far within others a format stands that goes on as long."""
    return 3 if own[0] in ("u", "s") and len(own) > 1 else _INNERMOST.get(own[0], 0)


def _end_of(own: Format, runs: Sequence[tuple[list[Format], Leaf]], start: int) -> int:
    end = start
    while end < len(runs) and own in runs[end][0]:
        end += 1
    return end


def _removed(formats: list[Format], outer: Format) -> list[Format]:
    """Return formats without one of those that are equal to another."""
    result = list(formats)
    result.remove(outer)
    return result


def _code_text(runs: Sequence[tuple[list[Format], Leaf]]) -> str | None:
    """Return code between backticks; None if it has anything but text in it."""
    if len(runs) != 1 or runs[0][0] or not isinstance(text := runs[0][1], str):
        return None
    if text != text.strip() or not text.isprintable() or "{{" in text or "}}" in text:
        return None
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _can_be_emphasised(text: str, before: str, after: str) -> bool:
    """Return whether Markdown reads emphasis around a text. Source: CommonMark, 6.2."""
    if (
        not text
        or text[0].isspace()
        or text[-1].isspace()
        or text.startswith("&nbsp;")
        or text.endswith("&nbsp;")
    ):
        return False
    opens = not _is_punctuation(text[0]) or not before or before.isspace() or _is_punctuation(before)
    closes = not _is_punctuation(text[-1]) or not after or after.isspace() or _is_punctuation(after)
    return opens and closes


def _is_punctuation(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def _fence(runs: Runs) -> str:
    if any(formats != (("code",),) or not isinstance(leaf, str) for formats, leaf in runs):
        raise CannotSayError
    text = "".join(leaf for _, leaf in runs if isinstance(leaf, str))
    longest = max((len(ticks) for ticks in re.findall("`{3,}", text)), default=2)
    return f"{'`' * (longest + 1)}\n{text}\n{'`' * (longest + 1)}"


def _indent(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        (first if number == 0 else others if line or others.strip() else "") + line
        for number, line in enumerate(lines)
    )


def _address(path: str) -> str:
    return path if re.fullmatch(r"[^\s()<>\\&]+", path) else f"<{path}>"


def _source_tex(tex: str) -> str:
    """Return TeX as it is written in a source: signs are no entities, and marks are those of deletions."""
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")):
        tex = tex.replace(entity, sign)
    return re.sub(r"\x01(\d+)\x02", r"{{c\1::", tex).replace("\x02", "::").replace("\x03", "}}")
