"""Small shared phrases of diagnostics."""

from collections.abc import Iterable
from difflib import get_close_matches

# What other tools call our keys.
_ELSEWHERE = {"question": "q", "front": "q", "answer": "a", "back": "a", "text": "cloze", "title": "deck"}


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A help line that names the nearest known word, or all of them when none is near."""
    words = list(known)
    if _ELSEWHERE.get(written) in words:
        return f"did you mean `{_ELSEWHERE[written]}`?"
    near = get_close_matches(written, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return "known here: " + ", ".join(f"`{word}`" for word in words)


def shown(text: str, limit: int = 32) -> str:
    """A text as quoted in a headline: one line, at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
