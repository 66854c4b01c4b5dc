"""Warn of lines, lists and tables that Markdown or YAML probably reads differently from what was meant."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it.token import Token

from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.source.nodes import Scalar
from cardwright.source.text import warn_of

# The beginning of an entry of a list that Markdown does not see.
_ENTRY = re.compile(
    r"(?:[•‣◦▪▫●○■□★☆✓✔✗✘☐☑✅❌→⇒➔➜➤►▶·∙※]\s?|[–—-]\s?(?=\w)|[-*+](?=\w)|\(?\d{1,3}[.)](?!\d)\s?|\(?[A-Za-z][.)]\s|"
    r"\(?[ivx]{1,4}[.)]\s|[①-⑳㈠-㈩⒈-⒛Ⓐ-ⓩ])(?=\S)"
)
# A term and what it means, or a speaker and what is said.
_TERM = re.compile(r"[^\s:：=→|]{1,20}(?: [^\s:：=→|]{1,20}){0,3}(?<![.,])(?: ?: |：| ?(?:[=→–—] |->))\s*\S")
_CODE = re.compile(
    r".*[=()\[\]<>]+.*;\Z|\w+;\Z|.*[{}]\Z|(?:def|class|if|elif|for|while|with|try|else)\b.*:\Z"
    r"|import \w+\Z|from \w+ import |return\b|(?:let|const|var|int|char|auto)\s+\w+ ?=|#include"
    r"|(?:print|console\.log)\(|SELECT|FROM|WHERE"
    r"|\w[\w.\[\]]* [-+*/]?= \S|[$>] \w"
)
_ENDS_A_CLAUSE = re.compile(r"[.,;:!?…。、，；：！？।؟،—–-][\"'”’»)\]]*\Z")
_CAPITAL = re.compile(r"[\"'“„«‘¿¡(*_]*(?:[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁ]|\d)")
# Tags that end a line.
_ENDS_LINES = re.compile(
    r"</?(?:br|hr|p|div|section|center|[uo]l|li|table|caption|t(?:head|body|foot|[rdh])|blockquote|h[1-6])[\s/>]",
    re.IGNORECASE,
)
_SIGNS_OF_DELETION = re.compile(r"(?:\{\{c[0-9,]+::)+|(?:::[^{}]*)?\}\}+|::")

# Lines that are shorter than this were not broken for want of room.
_NARROW = 40
_SHORT = 25
_VERSE = 55
_PHRASES = 60

_TABLE_ROW = re.compile(r"\s*\|.*\|\s*")
_DELIMITER_ROW = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*|\s*\|\s*:?-+:?\s*\|\s*")
_HAS_WORD = re.compile(r"\w")
_CELLS = re.compile(r"(?<!\\)\|")

# The beginnings of blocks, in lines that YAML joins.
_BLOCK = re.compile(r"[-*+•] +\S|\d{1,3}[.)] +\S|\|.*\|\s*\Z|```|#{1,6} \S|> \S")


def folded_lines(scalar: Scalar) -> Iterator[Diagnostic]:
    """Yield a warning if YAML joins the lines of a list, a table or code before Markdown sees them."""
    lines = scalar.span.text.split("\n")
    if scalar.style == ">":
        lines = lines[1:]
    first_indent = _indent(lines[0])
    above = ""
    blocks = 0
    for line in lines:
        # In a text behind `>`, YAML keeps the lines that are indented further.
        is_joined = above and not (scalar.style == ">" and _indent(line) > first_indent)
        breaks_off = (len(above) - len(above.rstrip("\\"))) % 2
        if scalar.style == '"' and breaks_off:  # programs break long texts so, and write `\n` for lines
            is_joined = False
        above = line.strip().lstrip("\"'") if blocks == 0 else line.strip()
        blocks = blocks + 1 if _BLOCK.match(above) else blocks if above else 0
        if is_joined and _BLOCK.match(above) and (blocks > 1 or "```" in above):
            message = f"`{truncate(above)}` is joined to the line above"
            help_ = "begin the text with `|` on a line of its own, with its lines below"
            if scalar.style == ">":
                help_ = "begin the text with `|` instead of `>`"
            yield warn_of("lines-folded", message, scalar, above, help_)
            return


def doubtful_lines(tokens: Sequence[Token], scalar: Scalar, text: str) -> Iterator[Diagnostic]:
    """Yield a warning for each kind of lines that probably are not meant as Markdown reads them.

    tokens: those of the text. text: the scalar's text of several lines, cleaned.
    """
    lines = text.split("\n")
    yield from _unclosed_fence(tokens, scalar, lines)
    yield from _list_beside_list(tokens, scalar, lines)
    if beside := next(_beside_table(tokens, lines), None):
        part, message, help_ = beside
        yield warn_of("table-as-text", message, scalar, part, help_)
        return
    for token, content in pairwise(tokens):
        if token.type == "heading_open" and token.markup in ("-", "="):
            yield from _underlined(token, content, scalar, lines)
        if token.type != "paragraph_open" or "\n" not in content.content or content.content.startswith("[!"):
            continue
        paragraph = content.content.split("\n")
        if table := _table_problem(paragraph):
            part, message, help_ = table
            yield warn_of("table-as-text", message, scalar, part.strip(), help_)
            return
        breaks = sum(child.type == "softbreak" for child in content.children or ())
        if breaks < len(paragraph) - 1 or _ENDS_LINES.search(content.content):
            continue
        paragraph = [line for line in paragraph if not _SIGNS_OF_DELETION.fullmatch(line.strip())]
        if len(paragraph) > 1 and (help_ := _reason_to_keep_lines(paragraph, is_entry=token.level > 0)):
            message = f"these lines are shown as one: `{truncate(' '.join(paragraph))}`"
            yield warn_of("lines-joined", message, scalar, paragraph[1].strip(), help_)
            return


def _reason_to_keep_lines(lines: Sequence[str], *, is_entry: bool) -> str:
    """Return what to do about lines of a paragraph that were probably meant as lines; else nothing.

    is_entry: whether it is part of a list or a quotation.
    """
    with_break = "end each line with `\\` to break it there, or leave a line empty"
    first_words = [line.split()[0] if line.strip() else "" for line in lines]
    words = [line.strip() for line in lines]
    pairs = list(zip(words, words[1:], first_words[1:], strict=False))
    room = max(_NARROW, *map(_width, words))
    has_room = [_width(line) + 1 + _width(word) <= room for line, _, word in pairs]
    entries = [_ENTRY.match(line) is not None for line in words]
    if sum(entries) > 1 or any(
        is_entry and early for is_entry, early in zip(entries[1:], has_room, strict=True)
    ):
        return "begin each line with `- ` or `1. ` for a list, or end it with `\\` to break it there"
    if sum(_CODE.match(line) is not None for line in words) > 1:
        return "put code between two lines of three backticks"
    if all(_TERM.match(line) for line in words) and room <= 2 * _NARROW:
        return with_break
    open_ends = [not _ENDS_A_CLAUSE.search(line) for line, _, _ in pairs]
    capitals = [_CAPITAL.match(line) is not None for line in words]
    is_list_of_words = len(set(capitals)) == 1 and all(open_ends) and all(has_room)
    is_short = max(map(_width, words)) <= _SHORT and max(line.count(" ") for line in words) < 3
    is_list_of_words = is_list_of_words and is_short and not is_entry
    # Two lines may well be a sentence, unless the first is like a title or both begin with a number.
    ends_like_a_title = words[0].count(" ") < 2 or _CAPITAL.match(words[0].split()[-1]) is not None
    has_title = len(words) > 2 or ends_like_a_title or all(line[:1].isdigit() for line in words)
    is_list_of_phrases = room <= _PHRASES and has_title and all((*open_ends, *has_room, *capitals[1:]))
    is_verse = len(words) > 2 and all(capitals) and max(map(_width, words)) <= _VERSE
    is_verse = is_verse and 2 * sum(line[-1:] in ".!?" for line, _, _ in pairs) <= len(pairs)
    return with_break if is_list_of_words or is_list_of_phrases or is_verse else ""


def _table_problem(lines: Sequence[str]) -> tuple[str, str, str] | None:
    """Return the line at which a paragraph fails to be a table, the headline and the help; or None."""
    delimiters = [index for index, line in enumerate(lines) if _DELIMITER_ROW.fullmatch(line)]
    rows = sum(_TABLE_ROW.fullmatch(line) is not None for line in lines)
    if delimiters and delimiters[0] > 0:
        dashes, head = lines[delimiters[0]], lines[delimiters[0] - 1]
        columns, cells = _count_cells(dashes), _count_cells(head)
        message = f"a table's head has {cells} cells, and the line below it {columns}"
        return dashes, message, "give both the same number of cells"
    separators = [len(re.findall(r" \| ", line)) for line in lines]
    if rows == len(lines) or (len(lines) > 2 and min(separators) > 0 and len(set(separators)) == 1):
        cells = _count_cells(lines[0])
        return lines[0], "rows of a table are only text", f"write `{'|---' * min(cells, 6)}|` below its head"
    return None


def _beside_table(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each line that became a row below a table, and each row that did not, with headline and help."""
    for index, token in enumerate(tokens):
        if token.type == "tr_open" and token.map and tokens[index - 1].type != "thead_open":
            line = lines[token.map[0]].lstrip("> \t").rstrip()
            is_hint = line.startswith("::")
            if "|" not in line and _HAS_WORD.search(line) and not is_hint:
                message = f"`{truncate(line)}` is a row of the table above it"
                yield line, message, "leave a line empty below the table"
        elif token.type == "table_close" and index + 2 < len(tokens):
            below = tokens[index + 2].content.split("\n")
            if tokens[index + 1].type == "paragraph_open" and all(map(_TABLE_ROW.fullmatch, below)):
                message = f"`{truncate(below[0].strip())}` is only text below a table"
                yield below[0].strip(), message, "leave no line empty between the rows of a table"


def _count_cells(row: str) -> int:
    return len(_CELLS.findall(row.strip().removeprefix("|").removesuffix("|"))) + 1


def _unclosed_fence(tokens: Sequence[Token], scalar: Scalar, lines: Sequence[str]) -> Iterator[Diagnostic]:
    for token in tokens:
        if token.type == "fence" and token.map:
            start, end = token.map
            last = lines[min(end, len(lines)) - 1].strip().lstrip("> ")
            if end - start < 2 or not (last.startswith(token.markup) and not last.strip(token.markup[0])):
                message = "a block of code begins here and never ends"
                help_ = f"end it with a line of `{token.markup}`"
                yield warn_of("unclosed-fence", message, scalar, lines[start].strip(), help_)


def _list_beside_list(tokens: Sequence[Token], scalar: Scalar, lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield a warning for the first entry that is indented too little to be part of the entry above."""
    # The indentation of the list at each level that is open, or was just closed.
    indents: dict[int, int] = {}
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open", "list_item_open") and token.map:
            line = lines[token.map[0]]
            level = token.level - (token.type == "list_item_open")
            if _indent(line) > indents.get(level, _indent(line)):
                message = f"`{truncate(line.strip())}` is not part of the entry above"
                help_ = "indent it further: as far as the words of that entry"
                yield warn_of("list-not-nested", message, scalar, line.strip(), help_)
                return
            indents[level] = min(_indent(line), indents.get(level, _indent(line)))
        elif token.level == 0 and not token.type.endswith("_list_close"):
            indents.clear()


def _underlined(heading: Token, content: Token, scalar: Scalar, lines: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield a warning for a heading that its underline makes, if it was hardly meant as one."""
    underline = lines[heading.map[1] - 1].strip() if heading.map else ""
    if len(underline) < 3 or "\n" in content.content:
        message = f"`{truncate(underline)}` makes a heading of the lines above it"
        help_ = (
            "leave a line empty above it"
            if len(underline) > 2
            else f"write `\\{underline}` to show it as text"
        )
        yield warn_of("line-as-markup", message, scalar, underline, help_)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _width(text: str) -> int:
    """Return how wide a text is, in letters: those of Chinese, Japanese and Korean count twice."""
    return (
        len(text)
        if text.isascii()
        else sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)
    )
