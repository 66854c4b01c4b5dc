"""Reads texts of questions and answers, each on lines of its own: `Q: …`, `A: …`.

Source: SuperMemo, "Q&A text": a question begins with `Q:`, and its answer with `A:`.
"""

import re
from collections.abc import Iterator

from cardwright.importing.delimited import Record

_START = re.compile(r"(?m)^Q:[ \t]*")
_ANSWER = re.compile(r"(?m)^A:[ \t]*")


def is_question_list(text: str) -> bool:
    """Tell whether a text is a list of questions and answers."""
    return text.lstrip().startswith("Q:") and _ANSWER.search(text) is not None


def read_question_list(text: str) -> Iterator[Record]:
    """Yield a row of a question and its answer for each of them; several answers are lines of one."""
    starts = [*_START.finditer(text)]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=True):
        question, *answers = (part.strip() for part in _ANSWER.split(text[start.end() : end]))
        last = start.start() + len(text[start.start() : end].rstrip())
        yield Record((question, "\n".join(answers)), start.start(), last, is_joined=True)
