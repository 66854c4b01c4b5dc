r"""Reads texts of questions and answers, each on lines of its own: `Q: …`, `A: …`.

Source: SuperMemo, "Q&A text": a question begins with `Q:`, and its answer with `A:`.
Source: hashcards, README, "Format", and src/parser.rs: so do its cards. `C:` begins a text with deletions in
brackets, in which `\[` is a bracket. A line `---` may end a card; a file may begin with TOML between two such
lines.
"""

import re
from collections.abc import Iterator, Sequence

from cardwright.importing.delimited import Record

_HEAD = re.compile(r"\s*---[ \t]*\r?\n(?:(?!---).*\n)*?---[ \t]*\r?\n")
_FIRST = re.compile(r"\s*[QC]:")
_START = re.compile(r"(?m)^([QC]):[ \t]*")
_ANSWER = re.compile(r"(?m)^A:[ \t]*")
_END = re.compile(r"(?:^|\r?\n)---\s*\Z")
_BETWEEN_CARDS = re.compile(r"(?:\A|\n[ \t]*\r?\n|---[ \t]*\r?\n)\Z")
_DELETION = re.compile(r"(?<![!\\])\[([^\[\]\\]+)\]")
_BRACKET = re.compile(r"\\([\[\]])")


def is_question_list(text: str) -> bool:
    """Tell whether a text is a list of questions and answers."""
    if not _FIRST.match(text, _end_of_head(text)):
        return False
    start = next(_starts(text), None)
    return start is not None and (start[1] == "C" or _ANSWER.search(text) is not None)


def read_question_list(text: str) -> Iterator[Record]:
    """Yield a row of a question and its answer for each of them; several answers are lines of one.

    A text with deletions is a question without an answer; its deletions are those of Anki.
    """
    for start, end in _with_ends([*_starts(text)], len(text)):
        card = _END.sub("", text[start.end() : end])
        if start[1] == "C":
            question, answers = _with_deletions(card), []
        else:
            question, *answers = (part.strip() for part in _ANSWER.split(card))
        last = start.start() + len(text[start.start() : end].rstrip())
        yield Record((question, "\n".join(answers)), start.start(), last, is_joined=True)


def _end_of_head(text: str) -> int:
    head = _HEAD.match(text)
    return head.end() if head else 0


def _starts(text: str) -> Iterator[re.Match[str]]:
    """Yield where cards begin. A `C:` with brackets begins one where another may end; else it is a choice."""
    for start, end in _with_ends([*_START.finditer(text, _end_of_head(text))], len(text)):
        is_alone = _BETWEEN_CARDS.search(text, max(start.start() - 99, 0), start.start())
        if start[1] == "Q" or (is_alone and _DELETION.search(text, start.end(), end)):
            yield start


def _with_ends(starts: Sequence[re.Match[str]], length: int) -> Iterator[tuple[re.Match[str], int]]:
    """Yield each start with the place of the next. length: of the text."""
    yield from zip(starts, [*(start.start() for start in starts[1:]), length], strict=False)


def _with_deletions(text: str) -> str:
    """Return a text with deletions of Anki for what stands in brackets."""
    parts = _DELETION.split(text.strip())
    for number, place in enumerate(range(1, len(parts), 2), 1):
        parts[place] = f"{{{{c{number}::{parts[place]}}}}}"
    return _BRACKET.sub(r"\1", "".join(parts))
