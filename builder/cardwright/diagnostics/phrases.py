"""Phrases that many messages share."""

import unicodedata
from collections.abc import Collection, Iterable
from difflib import get_close_matches

_EXTRA = ("comment", "comments", "explanation", "info", "information", "note", "notes", "remark", "remarks")
# Names that other flashcard tools use for our keys, and by which of ours they go, depending on the place.
_NAMES_IN_OTHER_TOOLS = {
    **dict.fromkeys(_EXTRA, ("extra",)),
    "question": ("q", "front"),
    "front": ("q",),
    "qfmt": ("front",),
    "prompt": ("q",),
    "answer": ("a", "back"),
    "back": ("a",),
    "afmt": ("back",),
    "text": ("cloze", "name"),
    "label": ("name",),
    "title": ("deck",),
    "name": ("deck", "title", "row"),
    "notes": ("cards", "extra"),
    "image": ("diagram",),
}

# Letters of other scripts that look like Latin ones.
_LATIN_LETTERS = str.maketrans(
    "аеорсухіјѕԁһқԛԝьвмнткАВЕНКМОРСТХІЈЅαεικνοορτυχΑΒΕΗΙΚΜΝΟΡΤΧΥΖıɑɡ",
    "aeopcyxijsdhkqwbbmhtkABEHKMOPCTXIJSaeiKvoopTuxABEHIKMNOPTXYZiag",
)


def _plain_letters(word: str) -> str:
    """Return a word with Latin letters for those that look like them, and without what can't be seen."""
    if word.isascii():
        return word
    word = unicodedata.normalize("NFKC", word).translate(_LATIN_LETTERS)
    return "".join(sign for sign in word if unicodedata.category(sign)[0] not in "CZ").strip("\"'“”„‘’«»")


def _describe_strange(word: str) -> str:
    """Return which character of a word is not the one that it looks like."""
    strange = next(sign for sign in word if not sign.isascii())
    name = unicodedata.name(strange, f"U+{ord(strange):04X}").lower()
    return f"this has a {name} (U+{ord(strange):04X})"


def closest_match(word: str, known_words: Iterable[str]) -> str:
    """Return the known word that was probably meant, or an empty string when none is similar."""
    words = list(known_words)
    if (plain := _plain_letters(word)) in words:
        return plain
    lowered = word.lower()
    if ours := _our_name(lowered, words):
        return ours
    for spelling in dict.fromkeys((lowered, word)):
        if matches := get_close_matches(spelling, words, n=1, cutoff=0.6):
            return matches[0]
    misspelt = get_close_matches(lowered, _NAMES_IN_OTHER_TOOLS, n=1, cutoff=0.8)
    return _our_name(misspelt[0], words) if misspelt else ""


def _our_name(word: str, words: Collection[str]) -> str:
    """Return by which of some words a name in other tools goes, or an empty string."""
    return next((name for name in _NAMES_IN_OTHER_TOOLS.get(word, ()) if name in words), "")


def did_you_mean(word: str, known_words: Iterable[str], otherwise: str | None = None) -> str:
    """Return a help line that names the closest known word.

    otherwise: the help line when none is similar; by default it lists all known words.
    """
    words = list(known_words)
    if match := closest_match(word, words):
        if match == _plain_letters(word) and word.lower() != match:
            return f"type `{match}`; {_describe_strange(word)}"
        return f"did you mean `{match}`?"
    return list_choices(words) if otherwise is None else otherwise


def list_choices(known_words: Iterable[str]) -> str:
    """Return a help line that lists all known words."""
    return "choose from: " + ", ".join(f"`{word}`" for word in known_words)


def count_noun(count: int, noun: str) -> str:
    """Return a number with its noun, such as `1 card` or `2 cards`. noun: in the singular; plural with -s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def truncate(text: str, limit: int = 32) -> str:
    """Return a text on one line, cut to at most `limit` characters, to be quoted in a headline."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
