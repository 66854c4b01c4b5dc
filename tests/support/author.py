"""An author: decks as a small model that is edited, written as YAML and built by the whole tool.

What each note must say at a learner is told from the model alone, in plain words, so that
the tool is not its own judge.
"""

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from cardwright.diagnostics.report import Report
from cardwright.pipeline import BuildOptions, build
from tests.support.memory import FakeEnvironment, deck_files

DECK_ID = "deck"

# What makes a note itself, whatever it is called: numbers of the card and of its part.
Identity = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a note says. fields: words, those that are empty left out. cards: ordinals, 0-based."""

    fields: Mapping[str, str]
    tags: frozenset[str]
    cards: frozenset[int]


def words(written: str) -> str:
    """The words of a field's HTML, in which a picture is a word made of its content."""
    pictured = re.sub(r'<img src="[^"]*(-[0-9a-f]{12}\.svg)"[^>]*>', r" picture\1 ", written)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", pictured)).split())


def picture(number: int) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{number}" height="9"/>'.encode()


def picture_word(number: int) -> str:
    """What `words` makes of a picture."""
    return f"picture-{hashlib.sha256(picture(number)).hexdigest()[:12]}.svg"


@dataclass(slots=True)
class Part:
    """An item, a row or a column.

    was, released: its key before, and in the last release. turned: whether the cells of a
    column are asked back. cells: of a row, by number of the column.
    """

    number: int
    key: str
    text: str
    was: str = ""
    released: str = ""
    turned: bool = False
    cells: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Card:
    """A card of any kind. holes: of a cloze, by number. released: its id in the last release."""

    number: int
    kind: str
    id: str
    ask: str
    answer: str = ""
    was: list[str] = field(default_factory=list)
    released: str = ""
    extra: str = ""
    hint: str = ""
    picture: int = 0
    typed: bool = False
    reverse: str = ""
    tags: list[str] = field(default_factory=list)
    source: str = ""
    alone: bool = False
    holes: dict[int, str] = field(default_factory=dict)
    items: list[Part] = field(default_factory=list)
    columns: list[Part] = field(default_factory=list)
    rows: list[Part] = field(default_factory=list)

    def parts(self) -> list[Part]:
        return [*self.items, *self.columns, *self.rows]

    def written(self) -> dict[str, Any]:
        """As it stands in YAML."""
        pictured = self._extra(f"![](media/card-{self.number}.svg)")
        more: dict[str, Any] = {"id": self.id}
        former: list[Any] = [*self.was]
        if renamed := {part.key: part.was for part in self.parts() if part.was}:
            former.append(renamed)
        optional: dict[str, Any] = {
            "was": former,
            "tags": self.tags,
            "source": self.source,
        }
        if self.kind != "own":
            optional |= {"hint": self.hint, "extra": pictured, "typed": self.typed}
        more |= {key: value for key, value in optional.items() if value}
        match self.kind:
            case "own":
                return {**more, "type": "own", "fields": self._own(pictured)}
            case "question":
                reverse = {"reverse": True if self.reverse == "true" else self.reverse}
                return {**more, "q": self.ask, "a": self.answer, **(reverse if self.reverse else {})}
            case "cloze":
                return {**more, "cloze": self._cloze()}
            case "list":
                show = {"show": "none"} if self.alone else {}
                return {**more, "list": self.ask, **show, "items": {one.key: one.text for one in self.items}}
        return {
            **more,
            "table": {
                "ask": {
                    one.key: {"q": one.text, "reverse": True} if one.turned else one.text
                    for one in self.columns
                },
                "rows": {row.key: {"row": row.text, **self._row(row)} for row in self.rows},
            },
        }

    def _row(self, row: Part) -> dict[str, str]:
        return {one.key: row.cells[one.number] for one in self.columns if one.number in row.cells}

    def _cloze(self) -> str:
        holes = [f"{{{{c{number}::{text}}}}}" for number, text in self.holes.items()]
        return " and ".join([self.ask, *holes])

    def _extra(self, picture: str) -> str:
        return " ".join(part for part in (self.extra, picture if self.picture else "") if part)

    def _own(self, more: str) -> dict[str, str]:
        """The fields of a note of the author's own note type; spare ones take what others have names for."""
        return {
            "Ask": self.ask,
            "Told": self.answer,
            "More": more,
            "Spare 1": self.hint,
            "Spare 2": self.reverse,
        }

    def notes(self, *, spare: bool) -> Iterator[tuple[tuple[int, ...], str, dict[str, str], set[int]]]:
        """Its notes in study order: number of the part, key, fields, ordinals of the cards.

        spare: whether the spare template of the author's own note type has been filled.
        """
        more = self._extra(picture_word(self.picture))
        if self.kind == "own":
            fields = self._own(more)
            yield (), self.id, fields, {0, *([1] if more else []), *([2] if spare and self.reverse else [])}
            return
        common = {"Extra": more, "Hint": self.hint}
        match self.kind:
            case "list":
                parts = self._items()
            case "table":
                parts = self._cells()
            case _:
                parts = iter([((), "", self._whole())])
        for part, name, fields in parts:
            cards = {0, 1} if "Reverse" in fields else {0}
            if self.kind == "cloze":
                cards = {number - 1 for number in self.holes}
            yield part, f"{self.id}/{name}" if name else self.id, fields | common, cards

    def _whole(self) -> dict[str, str]:
        if self.kind == "cloze":
            return {"Text": self._cloze(), **self._typed("yes")}
        fields = {"Question": self.ask, "Answer": self.answer, **self._typed(self.answer)}
        if self.reverse == "true":
            return fields | {"Reverse": self.answer, "Reverse Answer": self.ask}
        if self.reverse:
            return fields | {"Reverse": self.reverse, "Reverse Answer": f"{self.ask} {self.answer}"}
        return fields

    def _items(self) -> Iterator[tuple[tuple[int, ...], str, dict[str, str]]]:
        for one in self.items:
            shown = ["[…]" if other is one else other.text for other in self.items]
            front = self.ask if self.alone else " ".join([self.ask, *shown])
            yield (one.number,), one.key, {"Question": front, "Answer": one.text, **self._typed(one.text)}

    def _cells(self) -> Iterator[tuple[tuple[int, ...], str, dict[str, str]]]:
        for row in self.rows:
            for one in self.columns:
                if one.number in row.cells:
                    yield (row.number, one.number), f"{row.key}/{one.key}", self._cell(row, one)

    def _cell(self, row: Part, column: Part) -> dict[str, str]:
        cell = row.cells[column.number]
        fields = {"Question": column.text.replace("{row}", row.text), "Answer": cell, **self._typed(cell)}
        return fields | ({"Reverse": cell, "Reverse Answer": row.text} if column.turned else {})

    def _typed(self, answer: str) -> dict[str, str]:
        return {"Typed": answer} if self.typed else {}


@dataclass(slots=True)
class Topic:
    """One file."""

    file: str
    topic: str
    tags: list[str] = field(default_factory=list)
    source: str = ""
    cards: list[Card] = field(default_factory=list)


@dataclass(slots=True)
class Sources:
    """All that the author writes.

    spare: whether the spare template of the author's own note type is filled. look: a number on its cards.
    """

    id: str = DECK_ID
    name: str = "Deck"
    language: str = "en"
    description: str = ""
    topics: list[Topic] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=lambda: {"one": "Title one", "two": "Title two"})
    spare: bool = False
    look: int = 0

    def cards(self) -> list[Card]:
        return [card for topic in self.topics for card in topic.cards]

    def files(self) -> dict[str, str]:
        """The text of each file, by name."""
        full = [topic for topic in self.topics if topic.cards]
        main = {
            "deck": self.name,
            "id": self.id,
            "language": self.language,
            "files": [topic.file for topic in full],
            "sources": self.references,
            "note_types": {"own": self._note_type()},
        }
        if self.description:
            main["description"] = self.description
        texts = {"deck.yaml": _yaml(main)}
        for topic in full:
            head: dict[str, Any] = {"topic": topic.topic}
            if topic.tags:
                head["tags"] = topic.tags
            if topic.source:
                head["source"] = topic.source
            texts[topic.file] = _yaml({**head, "cards": [card.written() for card in topic.cards]})
        return texts

    def _note_type(self) -> dict[str, Any]:
        templates = {
            "One": {
                "front": f'<p lang="{self.language}">{{{{Ask}}}}</p>',
                "back": f"{{{{FrontSide}}}}<p>{{{{Told}}}} {self.look}</p>",
            },
            "Two": {"front": "{{#More}}{{More}}{{/More}}", "back": "{{Ask}}, {{Spare 1}}"},
        }
        if self.spare:
            templates["Spare 1"] = {"front": "{{Spare 2}}", "back": "{{Ask}}"}
        return {"fields": ["Ask", "Told", "More"], "templates": templates}

    def media(self) -> dict[str, bytes]:
        return {
            f"cards_source/deck/media/card-{card.number}.svg": picture(card.picture) for card in self.cards()
        }

    def notes(self) -> Iterator[tuple[Identity, str, Said]]:
        """Every note in study order: which one it is, its key, what it says."""
        for topic in self.topics:
            topic_tag = f"{DECK_ID}::{topic.topic.lower().replace(' ', '-')}"
            for card in topic.cards:
                source = self.references.get(card.source or topic.source, "")
                tags = frozenset({*topic.tags, *card.tags, topic_tag})
                for part, key, fields, cards in card.notes(spare=self.spare):
                    told = {**fields, "Key": key, "Topic": topic.topic, "Source": source}
                    said = {name: " ".join(text.split()) for name, text in told.items() if text}
                    yield (card.number, *part), key, Said(said, tags, frozenset(cards))


def _yaml(written: Mapping[str, Any]) -> str:
    return yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=10_000)


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave. lock: None when it was refused. decks: what is to lie in `decks/`, by path."""

    report: Report = field(compare=False)
    lock: bytes | None
    decks: Mapping[str, bytes]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.report]

    @property
    def package(self) -> bytes:
        return self.decks["decks/deck/deck.apkg"]

    @property
    def retired(self) -> bytes:
        return self.decks["decks/deck/deck-retired.apkg"]


def built(sources: Sources, lock: bytes | None, now: int, decks: Mapping[str, bytes] | None = None) -> Built:
    """Run the whole tool on the sources.

    lock, decks: what the build before left; None for the first. now: in s since 1970.
    """
    files = {f"deck/{name}": text for name, text in sources.files().items()}
    shelf = FakeEnvironment(sources.media(), decks)
    outcome = build(deck_files(files, lock), shelf, BuildOptions(now=now, outputs=("anki",)))
    made = {output.path: output.data for output in outcome.files}
    return Built(outcome.report, made.pop("cards_source/deck/deck.lock", None), made)
