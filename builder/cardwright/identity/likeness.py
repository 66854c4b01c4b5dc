"""How alike the texts of two cards are, so that a renamed card is known although it was edited too."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from html import unescape
from itertools import product
from math import log
from typing import TypeVar
from unicodedata import normalize

from cardwright.collection import notetype
from cardwright.record import Record, field

_OTHER_FIELDS = frozenset({notetype.KEY, notetype.TOPIC, notetype.SOURCE, notetype.RETIRED})
"""Fields that say nothing about what a card asks."""

_ADDED_FIELDS = frozenset({notetype.REVERSE, notetype.REVERSE_ANSWER, notetype.EXTRA, notetype.HINT, "Typed"})
"""Fields that are neither the question nor the answer of a note's first card."""

_MARKUP = re.compile(r'<img [^>]*?src="([^"]*)"[^>]*>|<[^>]*>')
_DELETION = re.compile(r"\{\{c[0-9,]+::(.*?)(?:::[^{}]*)?\}\}", re.DOTALL)
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana and ideographs.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")

# Pairs that are all compared, and cards with a word that is still rare; our own judgement.
_ALL_PAIRS = 2_500
_RARE = 12

_T = TypeVar("_T")

Fields = Mapping[str, str]
"""HTML of a note's fields by name, in the order of its note type."""


def content_of(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Return the filled fields of a note that are its content: without its key, topic and source."""
    return tuple((name, html) for name, html in fields.items() if html and name not in _OTHER_FIELDS)


class Words(Record, frozen=True):
    """The words of a text, or of several: of the question, the answer, and everything else."""

    question: frozenset[str] = frozenset()
    answer: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()


def words_of(notes: Iterable[Fields]) -> Words:
    """Return the words of some notes; what a cloze deletion hides is the answer."""
    question: set[str] = set()
    answer: set[str] = set()
    other: set[str] = set()
    for fields in notes:
        first, *rest = content_of(fields) or [("", "")]
        answer.update(*(_words(hidden) for hidden in _DELETION.findall(first[1])))
        question |= _words(_DELETION.sub(" ", first[1]))
        for name, html in rest:
            (other if name in _ADDED_FIELDS else answer).update(_words(html))
    return Words(frozenset(question), frozenset(answer), frozenset(question | answer | other))


def _words(html: str) -> set[str]:
    # The name of a picture is one word.
    text = unescape(_MARKUP.sub(lambda match: f" {re.sub(r'[^0-9A-Za-z]', '', match[1] or '')} ", html))
    return set(_WORD.findall(normalize("NFKC", text).casefold()))


class Weights(Record, frozen=True):
    """The weights of words: the fewer notes have a word, the more it says about each.

    counts: the number of notes, of those looked at, with each word.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    notes: int = 1

    @classmethod
    def of(cls, notes: Sequence[Words]) -> "Weights":
        return cls(Counter(word for note in notes for word in note.all), max(1, len(notes)))

    def share(self, first: frozenset[str], second: frozenset[str]) -> float:
        """Return how much two sets of words have in common, from 0 to 1 (Dice's coefficient)."""
        total = self._sum(first) + self._sum(second)
        return 2 * self._sum(first & second) / total if total else 0.0

    def _sum(self, words: Iterable[str]) -> float:
        counts, notes = self.counts, self.notes
        return sum([log(0.5 + notes / counts.get(word, 1)) for word in words])


def likeness(old: Words, new: Words, weights: Weights, *, in_place: bool) -> float:
    """Return how surely two cards are the same one, edited; 0 if they are rather two cards.

    Two cards that differ in what they ask and in what they answer are two, however much of a sentence
    they share: "the capital of France" and "the capital of Spain".

    in_place: whether the new card stands where the old one stood.

    The numbers are our own judgement, tried on the decks of the tests.
    """
    question = weights.share(old.question, new.question)
    answer = weights.share(old.answer, new.answer) if old.answer or new.answer else question
    if answer <= 0.5 < question:
        # A short answer whose spelling was corrected has no word in common with what it was.
        answer = max(answer, _spelling(old.answer, new.answer))
    everything = weights.share(old.all, new.all)
    if (
        everything >= 0.8
        or (question > 0.5 and answer > 0.5)
        or (question >= 0.999 and (in_place or everything >= 0.5))
        or (answer >= 0.999 and question >= (0.3 if in_place else 0.6))
        or (in_place and question >= 0.3 and answer >= 0.3)
    ):
        return everything + (0.2 if in_place else 0)
    return 0


def _spelling(old: frozenset[str], new: frozenset[str]) -> float:
    """Return how alike some words are as they are spelt; 0 if they are rather other words."""
    ratio = SequenceMatcher(None, " ".join(sorted(old)), " ".join(sorted(new)), autojunk=False).ratio()
    return ratio if ratio >= 0.8 else 0


def is_same_name(first: str, second: str) -> bool:
    """Return whether two ids differ only in capitals, in their signs, or in how a letter is encoded."""
    return fold_name(first) == fold_name(second) != ""


def fold_name(name: str) -> str:
    """Return an id without what `is_same_name` overlooks."""
    return "".join(char for char in normalize("NFKC", name).casefold() if char.isalnum())


def match(
    old: Sequence[_T],
    new: Sequence[_T],
    score: Callable[[_T, _T], float],
    candidates: Iterable[tuple[int, int]] | None = None,
) -> list[tuple[_T, _T]]:
    """Pair old things with new ones, each at most once, the most alike first.

    score: 0 for what isn't a pair.
    candidates: indices of those that are compared; all of them by default.
    """
    indices = product(range(len(old)), range(len(new))) if candidates is None else candidates
    scored = sorted((-score(old[i], new[j]), abs(i - j), i, j) for i, j in indices)
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for negative, _, i, j in scored:
        if negative < 0 and i not in used and j not in pairs:
            used.add(i)
            pairs[j] = i
    return [(old[pairs[j]], new[j]) for j in sorted(pairs)]


def candidates(old: Sequence[Words], new: Sequence[Words]) -> set[tuple[int, int]]:
    """Return the indices of the pairs that may be alike: of many, those that share a rare word or a place."""
    if len(old) * len(new) <= _ALL_PAIRS:
        return set(product(range(len(old)), range(len(new))))
    having: dict[str, list[int]] = {}
    for j, words in enumerate(new):
        for word in words.all:
            having.setdefault(word, []).append(j)
    pairs = {(i, j) for i in range(len(old)) for j in range(i - 2, i + 3) if 0 <= j < len(new)}
    for i, words in enumerate(old):
        for word in words.all:
            sharing = having.get(word, ())
            pairs.update((i, j) for j in sharing if len(sharing) <= _RARE)
    return pairs


def equal_pairs(old: Iterable[Hashable], new: Iterable[Hashable]) -> set[tuple[int, int]]:
    """Return the indices of things that are equal, of each new one with the first old one."""
    first: dict[object, int] = {}
    for i, thing in enumerate(old):
        first.setdefault(thing, i)
    return {(first[thing], j) for j, thing in enumerate(new) if thing in first}
