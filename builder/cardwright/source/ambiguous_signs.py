"""Warn of signs that Markdown took out of a text, and of markup that it left in."""

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from cardwright.diagnostics import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.source.emphasis import SPACED
from cardwright.source.nodes import Scalar
from cardwright.source.text import warn_of

_EMPHASIS_OPEN, _EMPHASIS_CLOSE = (
    frozenset({"em_open", "strong_open"}),
    frozenset({"em_close", "strong_close"}),
)

_OPERAND_BEFORE = re.compile(rf"[{SPACED})\]}}]")
_OPERAND_AFTER = re.compile(rf"[{SPACED}(\[{{.$√−-]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LETTER_ALONE_BEFORE = re.compile(r"(?<![^\W_])[^\W_]\Z")
_LETTER_ALONE_AFTER = re.compile(r"[^\W_](?![^\W_])")
# What two asterisks stand before in code.
_STARRED = re.compile("kwargs|args|argv|options|params")
_FILE_EXTENSION = re.compile(r"\.[a-z0-9]{1,4}\b(?!\.)")
# The words from one of several names to the next that has a sign.
_TO_NEXT_NAME = re.compile(r".*\s(?:_\w.*|[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+)")
_TO_NEXT_STAR = re.compile(r"[,;)]\s.*\W|.*\s.*\(")
_IDENTIFIER_OF_PARTS = re.compile(r"[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+")
# Names that Python and C write between two underscores, but that are words as well: those that are hardly
# emphasised, and those that often are.
_RESERVED_WORD = re.compile(
    "main|name|file|doc|hash|bool|bytes|format|dir|slots|bases|call|missing|reversed|contains|enter|exit|await|next"
    "|add|mod|xor|index|round|floor|ceil|class|module|future|import|version|author|package|loader|spec|debug|FILE"
    "|LINE|DATE|TIME|FUNCTION|COUNTER|attribute|global|device|host|constant"
)
_COMMON_WORD = re.compile("all|and|get|new|not|or|path|set|self|time|shared")

# No more of a text is looked at around and within an emphasis.
_LONGEST = 200

# What stands for an inline that is not text; no warning may show it.
_OBJECT = "\ufffc"
_TAG = re.compile(r"(?<!\\)</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")

# Code and formulas, whose backslashes stay. No formula may be longer.
_LITERAL = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\\\(.{0,4000}?\\\)|\\\[.{0,4000}?\\\]|\$[^$]+\$", re.DOTALL)
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_WINDOWS_PATH = re.compile(r"(?<!\w)(?:[A-Za-z]:\\|\\\\\w[\w.$-]*\\)\S*")
_PATTERN = re.compile(r"\\[dwsbDWSB](?![A-Za-z])|(?<!\S)\^\S|\\\.[\w?*+]+\$(?!\S)|\]\\?[+*?{]|\.[*+]\\")
# Signs that nobody has to escape, but TeX or another language writes with a backslash; and a shrug.
_FOREIGN_ESCAPE = re.compile(r"\S*\\(?:[,;/]|:(?!:))\S*|¯\\_\S*")


def vanished_signs(tokens: Iterable[Token], scalar: Scalar, text: str) -> Iterator[Diagnostic]:
    """Yield a warning if Markdown read signs of a name, a path, a pattern or a sum as its own.

    tokens: those of the text. text: the scalar's text, cleaned.
    """
    part = next(_doubtful_emphasis(tokens), "") or next(_doubtful_backslashes(text), "")
    if part:
        yield shown_without_signs(part, scalar)


def shown_without_signs(part: str, scalar: Scalar) -> Diagnostic:
    """Return the warning about a part of a text whose signs Markdown takes out."""
    signs = next(sign for sign in ("\\", "__", "_", "**", "*") if sign in part)
    message = f"`{truncate(part)}` is shown without its `{signs}`"
    help_ = f"write `{_escape(part, scalar)}`, or put it between backticks as code"
    return warn_of("signs-as-markup", message, scalar, part, help_)


def _doubtful_emphasis(tokens: Iterable[Token]) -> Iterator[str]:
    """Yield the words around each emphasis that probably is none, as they are written."""
    for token in tokens:
        children = token.children or []
        if not any(child.type in _EMPHASIS_OPEN for child in children):
            continue
        text = ""
        openings: list[int] = []
        for index, child in enumerate(children):
            if child.type in _EMPHASIS_OPEN:
                openings.append(len(text))
            elif child.type in _EMPHASIS_CLOSE:
                start = openings.pop()
                inner, marker = text[start : start + _LONGEST], child.markup
                rest = "".join(map(_shown, children[index + 1 : index + 4]))
                before, after = (
                    _last_word(text[max(0, start - _LONGEST) : start]),
                    _first_word(rest[:_LONGEST]),
                )
                is_doubtful = _is_name if marker[0] == "_" else _is_operator
                if is_doubtful(marker, before, inner, after):
                    pieces = f"{before}{marker}{inner}{marker}{after}".split(_OBJECT)
                    yield next(
                        (piece for piece in pieces if len(piece) > len(marker) and marker in piece), marker
                    )
            else:
                text += _shown(child)


def _shown(token: Token) -> str:
    """Return what a token shows: a space for a line's end, and one character for a picture or a formula."""
    if token.type in ("text", "text_special", "unclosed"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return _OBJECT if token.nesting == 0 else ""


def _last_word(text: str) -> str:
    text = text.rpartition(_OBJECT)[2]
    return "" if not text or text[-1].isspace() else text.rsplit(maxsplit=1)[-1]


def _first_word(text: str) -> str:
    text = text.partition(_OBJECT)[0]
    return "" if not text or text[0].isspace() else text.split(maxsplit=1)[0]


def _is_operator(marker: str, before: str, inner: str, after: str) -> bool:
    """Return whether asterisks multiply or stand for any text, instead of emphasising."""
    outside, first, last = before[-1:], inner[:1], inner[-1:]
    if (outside == "*" and _STARRED.fullmatch(inner)) or "://" in before:
        return True
    if (
        (outside in ")]}" and outside and first in "([{")
        or inner == "."
        or (first in "/\\" and last in "/\\")
        or (outside == "/" and after[:1] == "/")
        or (" " in inner and last.isdigit() and after[:1].isdigit())
    ):
        return True
    if (outside == "." and last == ".") or (before[:1] == "^" and after[:1] == "$"):
        return True
    if marker == "*" and not inner[:1].isupper() and _FILE_EXTENSION.fullmatch(after):
        return True
    if marker == "*" and _TO_NEXT_STAR.fullmatch(inner):
        return True
    if not (
        _OPERAND_BEFORE.match(outside)
        and _OPERAND_AFTER.match(inner)
        and _OPERAND_BEFORE.match(last)
        and _OPERAND_AFTER.match(after)
    ):
        return False
    if not _WORD.fullmatch(inner):
        return True
    is_letter_alone = len(inner) == 1 and bool(
        _LETTER_ALONE_BEFORE.search(before) and _LETTER_ALONE_AFTER.match(after)
    )
    if marker == "*":
        return is_letter_alone or outside.isdigit()
    return len(inner) == 1 and outside.isdigit()


def _is_name(marker: str, before: str, inner: str, after: str) -> bool:
    """Return whether underscores belong to a name or an address instead of emphasising it."""
    outside, behind = before[-1:], after[:1]
    if "://" in before or before.startswith("www.") or before.count("/") > 1 or (outside == behind == "/"):
        return True
    if (outside and outside in "\\$@#") or _FILE_EXTENSION.fullmatch(after) or behind == "=":
        return True
    if _IDENTIFIER_OF_PARTS.fullmatch(inner) or _TO_NEXT_NAME.fullmatch(inner):
        return True
    if marker != "__":
        return False
    is_code = (outside == "." and before[-2:-1].isalnum()) or behind in ("(", "[") or _is_member(after)
    return _RESERVED_WORD.fullmatch(inner) is not None or (
        _COMMON_WORD.fullmatch(inner) is not None and (is_code or not (before or after))
    )


def _is_member(after: str) -> bool:
    return after[:1] == "." and after[1:2].isalpha()


def _doubtful_backslashes(text: str) -> Iterator[str]:
    """Yield each word with a backslash that was taken for an escape, and probably is none."""
    if "\\" not in text:
        return
    text = _TAG.sub(" ", _LITERAL.sub(" ", text))
    for path in _WINDOWS_PATH.findall(text):
        if _ESCAPE.search(path):
            yield path
    for word in text.split():
        if _ESCAPE.search(word) and (_PATTERN.search(word) or _FOREIGN_ESCAPE.fullmatch(word)):
            yield word


def _escape(part: str, scalar: Scalar) -> str:
    """Return how a part of a scalar is written to be shown as it is now written."""
    escaped = re.sub(r"[\\*_~]", r"\\\g<0>", part)
    return escaped.replace("\\", "\\\\") if scalar.style == '"' else escaped
