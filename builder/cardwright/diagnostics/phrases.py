"""Small shared phrases of diagnostics."""

from collections.abc import Iterable
from difflib import get_close_matches

# What other tools call our keys.
_ELSEWHERE = {"question": "q", "front": "q", "answer": "a", "back": "a", "text": "cloze", "title": "deck"}


def nearest(written: str, known: Iterable[str]) -> str:
    """The known word that was meant, or nothing when none is near."""
    words = list(known)
    lower = written.lower()
    if _ELSEWHERE.get(lower) in words:
        return _ELSEWHERE[lower]
    near = get_close_matches(lower, words, n=1, cutoff=0.6) or get_close_matches(
        written, words, n=1, cutoff=0.6
    )
    return near[0] if near else ""


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """A help line that names the nearest known word, or all of them when none is near."""
    words = list(known)
    if near := nearest(written, words):
        return f"did you mean `{near}`?"
    return known_here(words)


def known_here(known: Iterable[str]) -> str:
    """A help line that names all the known words."""
    return "known here: " + ", ".join(f"`{word}`" for word in known)


def truncate(text: str, limit: int = 32) -> str:
    """A text as quoted in a headline: one line, at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
