"""The hamstring deck keeps its promises about content, judged from its YAML without the compiler."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.support.paths import ROOT, TESTS

DECK = ROOT / "cards_source" / "hamstrings"
TEXTS = {"clinic", "hinge", "parry", "gangemi"}  # whose facts the deck teaches
HOLE = re.compile(r"\{\{c(\d+)::(.*?)(?:::(.*?))?\}\}")
TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")


class Printed(NamedTuple):
    """A text within a drawing 800 parts wide and 520 high: its words, its box and the size of its type."""

    words: str
    left: float
    right: float
    base: float
    size: float

    def meets(self, across: tuple[float, float], down: tuple[float, float]) -> bool:
        """Whether any of it lies in the box; letters rise 0.7 of their size and reach 0.25 below the line."""
        above, below = self.base - 0.7 * self.size, self.base + 0.25 * self.size
        return self.left < across[1] and across[0] < self.right and above < down[1] and down[0] < below

    def within(self, across: tuple[float, float], down: tuple[float, float]) -> bool:
        """Whether all of it lies in the box."""
        above, below = self.base - 0.7 * self.size, self.base + 0.25 * self.size
        return across[0] <= self.left and self.right <= across[1] and down[0] <= above and below <= down[1]


def placed(found: tuple[str, str]) -> Printed:
    """A `<text>` of a drawing: its attributes, and its words."""
    own = dict(re.findall(r'([\w-]+)="([^"]*)"', found[0]))
    width, at = float(own["textLength"]), float(own["x"])
    left = at - width * {"start": 0, "middle": 0.5, "end": 1}[own.get("text-anchor", "start")]
    return Printed(found[1], left, left + width, float(own["y"]), float(own["font-size"]))


class Note(NamedTuple):
    """One note: its key, where it stands, and its cards as (question, answer)."""

    key: str
    file: str
    tags: frozenset[str]
    sources: frozenset[str]
    cards: tuple[tuple[str, str], ...]
    extra: str


def load(path: Path) -> Any:
    """The file's YAML, every scalar a text, as cardwright reads it."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def cited(source: Any) -> frozenset[str]:
    """The keys of a `source:` entry: a key, a mapping of key to section, or a list of these."""
    entries = source if isinstance(source, list) else [source]
    return frozenset(key for entry in entries for key in ([entry] if isinstance(entry, str) else entry))


def notes_of(card: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The keys of the notes that one card makes, or of a diagram's labels, with questions and answers."""
    name = card["id"]
    if "q" in card:
        back = card.get("reverse")
        yield name, [(card["q"], card["a"]), *([(back["q"], back["a"])] if back else [])]
    elif "cloze" in card:
        numbers = sorted({hole[1] for hole in HOLE.finditer(card["cloze"])})
        yield name, [cloze(card["cloze"], number) for number in numbers]
    elif "list" in card:
        yield from ((f"{name}/{key}", [(card["list"], item)]) for key, item in card["items"].items())
    elif "diagram" in card:
        yield from ((f"{name}/{key}", [(card["alt"], it["name"])]) for key, it in card["labels"].items())
    else:
        for key, row in card["table"]["rows"].items():
            for column, ask in card["table"]["ask"].items():
                if column in row:
                    yield f"{name}/{key}/{column}", list(cell(ask, row["row"], row[column]))


def cloze(text: str, number: str) -> tuple[str, str]:
    """The text with the holes of one number open, and what fills them."""
    question = HOLE.sub(lambda hole: f"[{hole[3] or '...'}]" if hole[1] == number else hole[2], text)
    return question, " ".join(hole[2] for hole in HOLE.finditer(text) if hole[1] == number)


def cell(ask: Any, row: str, value: str) -> Iterator[tuple[str, str]]:
    """The one or two cards of a table cell."""
    asked = {"q": ask} if isinstance(ask, str) else ask
    yield asked["q"].replace("{row}", row), value
    if "reverse" in asked:
        yield asked["reverse"].replace("{cell}", value), row


def read() -> Iterator[Note]:
    """Every note of the deck, in study order."""
    for file, topic in ((file, load(DECK / file)) for file in META["files"]):
        for card in topic["cards"]:
            tags = frozenset([*topic["tags"], *card.get("tags", [])])
            for key, cards in notes_of(card):
                sources = cited(card.get("source", topic["source"]))
                yield Note(key, file, tags, sources, tuple(cards), card.get("extra", ""))


def words(text: str) -> list[str]:
    """Lower-case words; an apostrophe joins, other punctuation parts and is forgotten."""
    return re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))


META = load(DECK / "deck.yaml")
FACTS = load(TESTS / "hamstrings" / "facts.yaml")
NOTES = tuple(read())


def test_every_fact_is_asked_for_under_its_own_source_or_left_out_for_a_reason() -> None:
    """A deck that skips what its texts teach would look complete and not be."""
    sources = {note.key: note.sources for note in NOTES}
    for fact in FACTS:
        asked = fact.get("asked", [])
        assert bool(asked) != bool(fact.get("left_out")), fact
        assert cited(fact["source"]) <= TEXTS, fact
        assert not asked or any(cited(fact["source"]) & sources[key] for key in asked), fact
        assert all(key in sources for key in asked), fact


def test_knowledge_from_outside_the_texts_cites_its_own_source() -> None:
    """A card that no fact accounts for must not borrow the authority of a text that does not say it."""
    accounted = {key for fact in FACTS for key in fact.get("asked", [])}
    assert not [note.key for note in NOTES if note.key not in accounted and note.sources <= TEXTS]


def test_no_eight_words_in_a_row_are_copied_from_a_text() -> None:
    """The texts are their authors' own; the cards are ours to license."""
    theirs = set((TESTS / "hamstrings" / "shingles.txt").read_text(encoding="utf-8").split())
    assert len(theirs) > 5000
    for note in NOTES:
        for text in [note.extra, *(f"{question} {answer}" for question, answer in note.cards)]:
            run = words(text)
            for eight in (" ".join(run[at : at + 8]) for at in range(len(run) - 7)):
                assert hashlib.sha256(eight.encode()).hexdigest()[:12] not in theirs, f"{note.key}: {eight}"


def test_an_opinion_names_its_holder_in_the_question_and_comes_last() -> None:
    """A learner who forgets the source must still not take an opinion for a fact."""
    assert META["files"][-1] == "sock-doc.yaml"
    for note in NOTES:
        named = all("Stephen Gangemi" in question for question, _ in note.cards)
        assert named == ("viewpoint" in note.tags) == (note.file == "sock-doc.yaml"), note.key


def test_ids_are_unique() -> None:
    """A review history hangs on each."""
    assert len({note.key for note in NOTES}) == len(NOTES)


def test_every_card_cites_a_source_the_deck_defines() -> None:
    """A fact without an address cannot be checked, and a source no card needs is noise."""
    assert not [note.key for note in NOTES if not note.sources]
    assert {key for note in NOTES for key in note.sources} == set(META["sources"])


def test_the_deck_has_200_to_300_cards_of_text_and_at_most_50_of_pictures() -> None:
    """Enough to cover the texts, few enough to finish."""
    pictures = sum(len(note.cards) for note in NOTES if "picture" in note.tags)
    assert 200 <= sum(len(note.cards) for note in NOTES) - pictures <= 300
    assert 25 <= pictures <= 50


def test_a_card_fits_its_paper_and_a_memory() -> None:
    """95 by 68 mm hold about this much; a longer answer is two cards in one."""
    for note in NOTES:
        for question, answer in note.cards:
            assert len(question) <= 120, note.key
            assert len(words(answer)) <= 10, note.key
            assert len(answer + note.extra) <= 250, note.key


def test_no_question_is_asked_twice_or_answered_by_yes_or_no() -> None:
    """A coin would be right half of the time; only the items of a list or a diagram share a question."""
    asked = Counter(question for note in NOTES if note.key.count("/") != 1 for question, _ in note.cards)
    assert not [question for question, times in asked.items() if times > 1]
    assert not {words(question)[0] for question in asked} & {"is", "are", "do", "does", "can", "has", "have"}


def test_every_picture_is_drawn_small_and_legible_where_its_names_are_hidden() -> None:
    """80 mm wide on a card, type of 29 parts in 800 is 8 points high; a big file would slow every review."""
    drawn = [card for file in META["files"] for card in load(DECK / file)["cards"] if "diagram" in card]
    assert {DECK / card["diagram"] for card in drawn} == set((DECK / "media").iterdir())
    for card in drawn:
        drawing = (DECK / card["diagram"]).read_text(encoding="utf-8")
        texts = TEXT.findall(drawing)
        assert len(drawing) < 60_000, card["id"]
        assert 'viewBox="0 0 800 520"' in drawing, card["id"]
        for label in card["labels"].values():
            left, top, width, height = (float(number) for number in label["rect"])
            across, down = (left * 8, (left + width) * 8), (top * 5.2, (top + height) * 5.2)
            hidden = [text for text in map(placed, texts) if text.meets(across, down)]
            assert hidden, label["name"]
            assert all(text.within(across, down) for text in hidden), label["name"]
            assert all(text.size >= 29 for text in hidden), label["name"]
            shown = words(" ".join(text.words for text in hidden))
            assert set(shown) <= set(words(label["name"])), label["name"]
