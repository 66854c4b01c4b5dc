"""Where emphasis begins and ends: CommonMark's rule, amended.

By CommonMark's own rule the signs of `**重要。**次` are text, since a full stop stands within them and a
letter outside, as if the words around were separated by spaces.
Source: "CommonMark CJK-friendly Amendments Specification", github.com/tats-u/markdown-cjk-friendly.

By the same rule `2*x + 3*y` is emphasis from within one word to within another, and `__init__` is strong,
which nobody means. Nor is it meant from the star of one `COUNT(*)` to that of another.
"""

import re
import unicodedata
from functools import cache, cached_property

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

_FIRST_HANGUL, _LAST_HANGUL = 0x1100, 0x11FF
# Wide symbols outside these blocks are emoji, which belong to no script.
_FIRST_IDEOGRAPHIC_SYMBOL, _LAST_IDEOGRAPHIC_SYMBOL = 0x2E80, 0x1F000

# Letters and digits of the scripts that put spaces between words.
SPACED = r"0-9A-Za-zÀ-ɏͰ-ԯ"
# What is before and behind an asterisk that may multiply.
_OPERANDS = re.compile(rf"[{SPACED}]{{2}}|[)\]][(\[]")
# What is before and behind an asterisk that stands for all of something, or ends the parameters before it.
_ALONE = re.compile(r"\([),]|\[\]")
_ALL_OF_TABLE = re.compile(r"\.[),;]")
_WITHIN_WORD = re.compile(rf"[{SPACED}]\*+[{SPACED}]")
_SPACE = re.compile(r"\s")
# Names of Python and C that are no words of a language, and so are never emphasised.
_RESERVED_NAME = re.compile(
    "__(?:init|dict|str|repr|len|iter|del|eq|ne|lt|le|gt|ge|mro|[gsd]etitem|delitem|[gsd]etattr|delattr"
    "|getattribute|aiter|anext|aenter|aexit|r?sub|[ri]add|r?mul|r?matmul|r?truediv|r?floordiv|divmod|r?pow|r?lshift"
    "|r?rshift|neg|pos|abs|int|float|trunc|qualname|builtins|func|cdecl|stdcall|declspec|asm|typeof|cplusplus|STDC)__"
)


# The signs with which the markup of each rule begins; that for text is not needed.
_FIRST_SIGNS = {
    "autolink": "<",
    "backticks": "`",
    "emphasis": "*_",
    "entity": "&",
    "escape": "\\",
    "html_inline": "<",
    "image": "!",
    "link": "[",
    "math": "\\",
    "newline": "\n",
    "picture_width": "{",
    "strikethrough": "~",
    "tag": "<",
    "text": "",
    "unspaced_line_break": "\n",
}
_FIRST_SIGN = re.compile(f"[{re.escape(''.join(_FIRST_SIGNS.values()))}]")


class InlineParser(ParserInline):
    """Parses inlines, with the amended rule for emphasis."""

    @cached_property
    def _rules(self) -> dict[str, list[RuleFuncInlineType]]:
        """The active rules by the first sign of their markup, in order."""
        rules: dict[str, list[RuleFuncInlineType]] = {}
        for name, rule in zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True):
            for sign in _FIRST_SIGNS[name]:
                rules.setdefault(sign, []).append(rule)
        return rules

    def tokenize(self, state: StateInline) -> None:
        """Parse all of a text, as markdown-it does it; but try only the rules that a sign can begin.

        markdown-it tries all rules at each of 23 signs, such as `:` and `-`.
        """
        text, end, max_nesting = state.src, state.posMax, state.md.options["maxNesting"]
        while state.pos < end:
            start = state.pos
            match = _FIRST_SIGN.search(text, start, end)
            position = end if match is None else match.start()
            if position > start:
                state.append_pending(text[start:position])
                state.pos = position
                continue
            rules = self._rules[text[start]] if state.level < max_nesting else ()
            if not any(rule(state, False) for rule in rules):  # noqa: FBT003  as markdown-it calls them
                state.append_pending(text[start])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  markdown-it's names
        text, limit = self.src, self.posMax
        end = start + 1
        while end < limit and text[end] == text[start]:
            end += 1
        before = text[start - 1] if start else " "
        after = text[end] if end < limit else " "
        if start > 1 and _is_variation_selector(before):
            before = text[start - 2]
        space_before, sign_before, cjk_before = _traits(before)
        space_after, sign_after, cjk_after = _traits(after)
        opens = not space_after and (not sign_after or space_before or sign_before or cjk_before or cjk_after)
        closes = not space_before and (
            not sign_before or space_after or sign_after or cjk_before or cjk_after
        )
        if text[start] == "*" and _ALONE.fullmatch(before + after):
            opens = closes = False
        elif text[start] == "*" and _ALL_OF_TABLE.fullmatch(before + after):
            opens = False
        elif opens and closes and text[start] == "*" and _OPERANDS.fullmatch(before + after):
            if sign_before or (end - start == 1 and before.isdigit() and after.isdigit()):
                opens = closes = False
            elif self._next_joins_another_word(end):
                opens = False
        elif opens and _RESERVED_NAME.match(text, start, limit):
            opens = False
        if not canSplitWord:
            opens, closes = opens and (not closes or sign_before), closes and (not opens or sign_after)
        return Scanned(opens, closes, end - start)

    def _next_joins_another_word(self, end: int) -> bool:
        """Return whether the next asterisks are within a word as well, but within another one.

        So it is in `2*x + 3*y` and in `Schüler*innen und Lehrer*innen`.
        """
        start = self.src.find("*", end, self.posMax)
        if start < 0 or not _SPACE.search(self.src, end, start):
            return False
        return _WITHIN_WORD.match(self.src, start - 1, self.posMax) is not None


def is_cjk(character: str) -> bool:
    """Return whether a character belongs to Chinese, Japanese or Korean text, its punctuation included."""
    code = ord(character)
    if _FIRST_HANGUL <= code <= _LAST_HANGUL:
        return True
    if unicodedata.east_asian_width(character) not in "WFH":
        return False
    is_symbol = unicodedata.category(character) in ("So", "Sk")
    return not is_symbol or _FIRST_IDEOGRAPHIC_SYMBOL <= code < _LAST_IDEOGRAPHIC_SYMBOL


def is_unspaced(character: str) -> bool:
    """Return whether a character belongs to Chinese or Japanese text, which has no spaces between words."""
    return is_cjk(character) and "HANGUL" not in unicodedata.name(character, "")


@cache
def _traits(character: str) -> tuple[bool, bool, bool]:
    """Return whether a character is white space, whether it is a sign, and whether it `is_cjk`."""
    is_sign = isMdAsciiPunct(ord(character)) or isPunctChar(character)
    return isWhiteSpace(ord(character)), is_sign, is_cjk(character)


def _is_variation_selector(character: str) -> bool:
    """Return whether a character chooses how the one before it looks, unless it makes an emoji of it."""
    return "\ufe00" <= character <= "\ufe0e" or "\U000e0100" <= character <= "\U000e01ef"
