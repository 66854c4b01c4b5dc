"""Decks of every kind of card but diagrams, the same on every machine; no two texts are alike."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.decks import random_sentence

SOURCES = {"gray": "Anatomy of the leg", "atlas": "An atlas of muscles", "notes": "Notes of a lecture"}
TOPICS = ("Muscles", "Nerves and vessels", "Joints", "Gait", "Injuries", "Training")
PICTURE_COUNT = 5
_FORMULAS = (r"\(x_{%d} = \frac{a}{b}\)", r"\(F = %d\,\mathrm{N}\)", r"\(\sqrt{%d} \approx \sum_i k_i\)")
_CJK_WORDS = ("筋肉", "膝", "腱", "大腿骨", "神経", "ハムストリング", "歩く", "근육", "무릎")
_MARKS = ("**%s**", "*%s*", "`%s`")


def varied_deck(note_count: int, *, is_marked_up: bool = False, file_count: int = 1) -> dict[str, str]:
    """Return the files of a deck with that many notes or a few more, by path below `cards_source/`.

    is_marked_up: whether a third of the texts has emphasis or code, and some have pictures.
    file_count: more than one for a folder of topics with a deck.yaml.
    """
    writer = _Writer(random.Random(11), is_marked_up)
    sources = "".join(f"  {key}: {{title: {title}}}\n" for key, title in SOURCES.items())
    deck = f"deck: Bench\nid: bench\nsources:\n{sources}"
    if file_count == 1:
        cards = "".join(writer.cards(note_count))
        files = {"bench.yaml": f"{deck}topic: {TOPICS[0]}\nsource: gray\ncards:\n{cards}"}
        folder = ""
    else:
        folder = "bench/"
        files = {"bench/deck.yaml": deck}
        for number in range(file_count):
            head = f"topic: {TOPICS[number % len(TOPICS)]} {number}\ntags: [file-{number}]\nsource: gray\n"
            cards = "".join(writer.cards(note_count // file_count))
            files[f"bench/topic-{number:02}.yaml"] = f"{head}cards:\n{cards}"
    for number in range(PICTURE_COUNT if is_marked_up else 0):
        files[f"{folder}media/picture-{number}.svg"] = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">'
            f'<rect x="{number}" y="9" width="40" height="40"/></svg>'
        )
    return files


def edit_one_card(files: dict[str, str], number: int) -> dict[str, str]:
    """Return the files with another answer on one card, about in the middle of the deck."""
    paths = [path for path in files if "\n    a: " in files[path]]
    path = paths[len(paths) // 2]
    text = files[path]
    place = text.index("\n    a: ", len(text) // 2 + 1000 * number) + len("\n    a: ")
    return {**files, path: f"{text[:place]}Edited {text[place:]}"}


@dataclass(slots=True)
class _Writer:
    """Writes cards as YAML. card_count: of those that are written."""

    generator: random.Random
    is_marked_up: bool
    card_count: int = 0

    def cards(self, note_count: int) -> Iterator[str]:
        """Yield cards with that many notes in all, or a few more."""
        kinds: list[Callable[[], tuple[str, int]]] = [self._question, self._cloze, self._list, self._table]
        while note_count > 0:
            (write,) = self.generator.choices(kinds, weights=(78, 16, 4, 2))
            card, notes = write()
            note_count -= notes
            self.card_count += 1
            yield f"  - id: card-{self.card_count}\n{card}{self._common_keys()}"

    def _question(self) -> tuple[str, int]:
        card = f"    q: {self._text(4, 14)}?\n    a: {self._text(1, 8)}\n"
        return card + ("    reverse: true\n" if self._is_so(0.05) else ""), 1

    def _cloze(self) -> tuple[str, int]:
        deletions = [
            f"{{{{c{number}::{self._words(1, 2)}{'::' + self._words(1, 1) if self._is_so(0.3) else ''}}}}}"
            for number in range(1, self.generator.randint(2, 4))
        ]
        return f"    cloze: {' and '.join([self._text(4, 8), *deletions])}.\n", 1

    def _list(self) -> tuple[str, int]:
        count = self.generator.randint(3, 6)
        items = "".join(f"      item-{number}: {self._text(2, 6)}\n" for number in range(count))
        return f"    list: {self._text(4, 8)}?\n    items:\n{items}", count

    def _table(self) -> tuple[str, int]:
        rows = "".join(
            f"        row-{number}: {{row: {self._words(1, 3)},"
            f" what: {self._words(2, 5)}, where: {self._words(2, 5)}}}\n"
            for number in range(4)
        )
        ask = '        what: "{row}: what is it?"\n        where: {q: "{row}: where is it?", reverse: true}\n'
        return f"    table:\n      ask:\n{ask}      rows:\n{rows}", 8

    def _common_keys(self) -> str:
        keys = ""
        if self._is_so(0.5):
            keys += f"    extra: {self._text(6, 16)}.\n"
        if self._is_so(0.1):
            keys += f"    hint: {self._words(1, 4)}\n"
        if self._is_so(0.3):
            keys += f"    tags: [{', '.join(self.generator.sample(('leg', 'exam', 'hard', 'basics'), 2))}]\n"
        if self._is_so(0.3):
            key = self.generator.choice(list(SOURCES))
            keys += f"    source: {{{key}: page {self.generator.randint(1, 400)}}}\n"
        if self._is_so(0.1):
            keys += f"    topic: {self.generator.choice(TOPICS)}\n"
        return keys

    def _text(self, least: int, most: int) -> str:
        """Return a text of random words, with whatever a text can have in it."""
        text = self._words(least, most)
        if self._is_so(0.05):
            text = f"{text} {self.generator.choice(_CJK_WORDS)}"
        if self._is_so(0.01):
            text = f"{text} {self.generator.choice(_FORMULAS) % self.generator.randint(1, 999)}"
        if self.is_marked_up and self._is_so(1 / 3):
            text = f"{text} {self.generator.choice(_MARKS) % self._words(1, 2).lower()}"
        if self.is_marked_up and self._is_so(0.02):
            number = self.generator.randrange(PICTURE_COUNT)
            text = f"{text} ![{self._words(1, 2)}](media/picture-{number}.svg)"
        return text

    def _words(self, least: int, most: int) -> str:
        return random_sentence(self.generator, self.generator.randint(least, most))

    def _is_so(self, probability: float) -> bool:
        return self.generator.random() < probability
