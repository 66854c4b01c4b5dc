"""Shows in one line how a text has changed.

In Markdown as ~~words that went~~ and **words that came**, in a terminal as [-words that went-] and
{+words that came+}, as `git diff --word-diff` does.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from unicodedata import category

from cardwright.diagnostics.emit.terminal import escape_controls
from cardwright.diagnostics.phrases import truncate
from cardwright.record import Record

_CONTEXT = 60
"""Characters on each side of a change that stay; what is farther away is left out."""
_LONGEST_PART = 300
"""Characters of words that went or came; longer parts are cut in their middle."""
_LONGEST_COMPARISON = 20_000
"""The product of the numbers of words up to which two texts are compared word by word."""
_LEAST_OF_LONGER, _LEAST_OF_SHORTER = 0.3, 0.8
"""The shares of words in common, in two texts, below which one counts as another and not as changed."""

_MARKDOWN_SIGNS = frozenset("\\`*_[]<>#|~&$")


class _Word(Record, frozen=True):
    """A word, or a character of a script without spaces. spaced: whether a space precedes it."""

    text: str
    spaced: bool


_Words = Sequence[_Word]


class WordDiff(Record, frozen=True):
    """A change of a text. parts: words before, words after, and whether they are equal."""

    parts: Sequence[tuple[_Words, _Words, bool]]

    @property
    def replacements(self) -> tuple[tuple[str, str], ...]:
        """What went and what came at each place, as plain text."""
        return tuple((_join(old), _join(new)) for old, new, is_equal in self.parts if not is_equal)

    @property
    def line(self) -> str:
        """The change as Markdown, with what is near it."""
        line = _Line()
        for words, mark in self._shown("~~", "**"):
            line.add(words, mark)
        return line.text

    @property
    def plain_line(self) -> str:
        """The change for a terminal, with what is near it."""
        line = ""
        for words, mark in self._shown("-", "+"):
            if not words:
                continue
            text = escape_controls(_join_shown(words))
            brackets = {"-": f"[-{text}-]", "+": f"{{+{text}+}}", "": text}
            line += f"{' ' if line and words[0].spaced else ''}{brackets[mark]}"
        return line

    def _shown(self, removed: str, added: str) -> Iterator[tuple[_Words, str]]:
        """Yield the words to be shown, with the mark of those that went or came."""
        last = len(self.parts) - 1
        for index, (old, new, is_equal) in enumerate(self.parts):
            if is_equal:
                yield _shorten_context(new, is_first=index == 0, is_last=index == last), ""
            else:
                yield _shorten_part(old), removed
                yield _shorten_part(new), added


def escape_markdown(text: str) -> str:
    """Return a text on one line as Markdown that shows it as it stands, control characters as their codes."""
    return "".join(f"\\{char}" if char in _MARKDOWN_SIGNS else char for char in escape_controls(text))


def code_span(text: str) -> str:
    """Return a text on one line as code in Markdown, whatever is in it."""
    runs = re.findall("`+", text)
    fence, space = ("`" * (max(map(len, runs)) + 1), " ") if runs else ("`", "")
    return f"{fence}{space}{escape_controls(text)}{space}{fence}"


def diff_words(before: str, after: str) -> WordDiff:
    """Return how a text of one line has changed; either may be empty."""
    return WordDiff(tuple(_compare(_words(before), _words(after))))


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for spaced_word in text.split():
        words += (_Word(piece, spaced=index == 0) for index, piece in enumerate(_pieces(spaced_word)))
    return words


def _pieces(spaced_word: str) -> Iterator[str]:
    """Yield a word without the punctuation around it, which comes sign by sign."""
    start, end = 0, len(spaced_word)
    while start < end and _is_punctuation(spaced_word[start]):
        start += 1
    while end > start and _is_punctuation(spaced_word[end - 1]):
        end -= 1
    yield from spaced_word[:start]
    yield from _runs(spaced_word[start:end])
    yield from spaced_word[end:]


def _runs(word: str) -> Iterable[str]:
    """Return a word whole, but Chinese and Japanese text in it character by character."""
    if word.isascii():
        return (word,) if word else ()
    from cardwright.source.emphasis import is_unspaced  # noqa: PLC0415  it comes with the Markdown parser

    runs = ((is_alone, "".join(characters)) for is_alone, characters in groupby(word, key=is_unspaced))
    return [piece for is_alone, run in runs for piece in (run if is_alone else (run,))]


def _is_punctuation(character: str) -> bool:
    return category(character).startswith("P")


def _compare(before: _Words, after: _Words) -> Iterator[tuple[_Words, _Words, bool]]:
    """Yield the parts of two texts in order: words before, words after, and whether they are equal."""
    start = _common_prefix(before, after)
    end = _common_prefix(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    head, tail = after[:start], after[len(after) - end :]
    blocks = [(0, len(old), 0, len(new), False)]
    if len(old) * len(new) <= _LONGEST_COMPARISON:
        blocks = list(_matching_blocks(old, new))
    equal = len(head) + len(tail) + sum(stop - first for _, _, first, stop, is_equal in blocks if is_equal)
    shorter, longer = sorted((len(before), len(after)))
    if equal < _LEAST_OF_LONGER * longer and equal < _LEAST_OF_SHORTER * shorter:
        yield before, after, False
        return
    if head:
        yield head, head, True
    for old_start, old_stop, new_start, new_stop, is_equal in blocks:
        if old_start < old_stop or new_start < new_stop:
            yield old[old_start:old_stop], new[new_start:new_stop], is_equal
    if tail:
        yield tail, tail, True


def _common_prefix(before: _Words, after: _Words) -> int:
    pairs = zip(before, after, strict=False)
    differing = (index for index, (old, new) in enumerate(pairs) if old.text != new.text)
    return next(differing, min(len(before), len(after)))


def _matching_blocks(old: _Words, new: _Words) -> Iterator[tuple[int, int, int, int, bool]]:
    matcher = SequenceMatcher(None, [word.text for word in old], [word.text for word in new], autojunk=False)
    for operation, old_start, old_stop, new_start, new_stop in matcher.get_opcodes():
        yield old_start, old_stop, new_start, new_stop, operation == "equal"


def _join(words: _Words) -> str:
    return "".join(f" {word.text}" if word.spaced else word.text for word in words).strip()


def _join_shown(words: _Words) -> str:
    return _join([_Word(truncate(word.text, _CONTEXT), word.spaced) for word in words])


def _shorten_context(words: _Words, *, is_first: bool, is_last: bool) -> _Words:
    """Return the words near the changes around them, with `…` for the others."""
    if is_first and is_last:
        return words
    head = 0 if is_first else _fit(words)
    tail = 0 if is_last else _fit(words[::-1])
    return words if head + tail + 1 >= len(words) else _cut(words, head, len(words) - tail)


def _shorten_part(words: _Words) -> _Words:
    if sum(len(word.text) + 1 for word in words) <= _LONGEST_PART:
        return words
    return _cut(words, 2 * _fit(words), len(words) - _fit(words[::-1]))


def _cut(words: _Words, start: int, stop: int) -> _Words:
    return words if start >= stop else [*words[:start], _Word("…", spaced=True), *words[stop:]]


def _fit(words: _Words) -> int:
    """Return how many of the words are `_CONTEXT` characters long, at least one."""
    length = 0
    for index, word in enumerate(words):
        length += len(word.text) + 1
        if length > _CONTEXT:
            return max(index, 1)
    return len(words)


class _Line:
    """Puts a line of Markdown together.

    Markdown takes marks only beside spaces, or between letters; where one would fail, a space goes in.
    Source: CommonMark 0.31, 6.2, left- and right-flanking delimiter runs.
    """

    def __init__(self) -> None:
        self.text = ""
        self._last_character = " "
        self._last_mark = ""

    def add(self, words: _Words, mark: str = "") -> None:
        """Add words. mark: what stands before and after them."""
        if not words:
            return
        text = _join_shown(words)
        if self.text and (words[0].spaced or self._is_space_needed(text[0], mark)):
            self.text += " "
        self.text += f"{mark}{escape_markdown(text)}{mark}"
        self._last_character, self._last_mark = text[-1], mark

    def _is_space_needed(self, first_character: str, mark: str) -> bool:
        if mark and self._last_mark:
            return True
        if mark:
            return not (first_character.isalnum() or _is_punctuation(self._last_character))
        return bool(self._last_mark) and not (
            self._last_character.isalnum() or _is_punctuation(first_character)
        )
