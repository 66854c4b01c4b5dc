"""A deck as a small model that tests edit, write as YAML and build.

The model itself says what each note must contain at a learner, in plain words, so that the
code under test doesn't judge itself.
"""

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.support.builds import DeckBuild, build_deck

DECK_ID = "deck"

SPARE_ORDINAL = 2
"""Of the cards that the spare template of the custom note type makes, 0-based."""

Identity = tuple[int, ...]
"""What identifies a note of the model, whatever its key: the identities of its card and of its parts."""


@dataclass(frozen=True, slots=True)
class NoteContent:
    """The content of a note. fields: words, without empty fields. cards: ordinals, 0-based."""

    fields: Mapping[str, str]
    tags: frozenset[str]
    cards: frozenset[int]

    @property
    def text(self) -> tuple[Mapping[str, str], frozenset[str]]:
        """What the note itself stores: its `mod` moves with this alone, not with its cards."""
        return self.fields, self.tags


def words(field_html: str) -> str:
    """Return the words of a field; a picture is a word made from its content."""
    pictures_named = re.sub(r'<img src="[^"]*(-[0-9a-f]{12}\.svg)"[^>]*>', r" picture\1 ", field_html)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", pictures_named)).split())


def picture(number: int) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{number}" height="9"/>'.encode()


def picture_word(number: int) -> str:
    """Return what `words` makes of a picture."""
    return f"picture-{hashlib.sha256(picture(number)).hexdigest()[:12]}.svg"


@dataclass(slots=True)
class Part:
    """An item, a row or a column.

    identity: another one than its number after its key was changed without `was`.
    former_key: for `was`. released_key: in the last release.
    lost: the identity and the key that it had before such a change; None if there is nothing to repair.
    reverse: whether the cells of a column are asked for in reverse too.
    cells: of a row, by number of the column.
    """

    number: int
    key: str
    text: str
    former_key: str = ""
    released_key: str = ""
    reverse: bool = False
    cells: dict[int, str] = field(default_factory=dict)
    identity: int = 0
    lost: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        self.identity = self.identity or self.number


@dataclass(slots=True)
class Card:
    """A card of any kind.

    identity: another one than its number after its id was changed without `was`.
    lost: the identity and all the ids that it had before each such change; the latest last.
    clozes: by number. former_ids: for `was`. released_id: in the last release.
    subdeck: None for that of its topic.
    """

    number: int
    kind: str
    id: str
    ask: str
    answer: str = ""
    former_ids: list[str] = field(default_factory=list)
    released_id: str = ""
    extra: str = ""
    hint: str = ""
    picture: int = 0
    typed: bool = False
    reverse: str = ""
    tags: list[str] = field(default_factory=list)
    source: str = ""
    subdeck: str | None = None
    hide_items: bool = False
    clozes: dict[int, str] = field(default_factory=dict)
    items: list[Part] = field(default_factory=list)
    columns: list[Part] = field(default_factory=list)
    rows: list[Part] = field(default_factory=list)
    identity: int = 0
    lost: list[tuple[int, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identity = self.identity or self.number

    def parts(self) -> list[Part]:
        return [*self.items, *self.columns, *self.rows]

    def to_yaml(self) -> dict[str, Any]:
        extra = self._extra(f"![](media/card-{self.number}.svg)")
        was: list[Any] = [*self.former_ids]
        if renamed_parts := {part.key: part.former_key for part in self.parts() if part.former_key}:
            was.append(renamed_parts)
        optional: dict[str, Any] = {"was": was, "tags": self.tags, "source": self.source}
        if self.kind != "custom":
            optional |= {"hint": self.hint, "extra": extra, "typed": self.typed}
        card = {"id": self.id, **{key: value for key, value in optional.items() if value}}
        if self.subdeck is not None:
            card["subdeck"] = self.subdeck
        match self.kind:
            case "custom":
                return {**card, "type": "custom", "fields": self._custom_fields(extra)}
            case "question":
                reverse = {"reverse": True if self.reverse == "true" else self.reverse}
                return {**card, "q": self.ask, "a": self.answer, **(reverse if self.reverse else {})}
            case "cloze":
                return {**card, "cloze": self._cloze()}
            case "list":
                show = {"show": "none"} if self.hide_items else {}
                items = {item.key: item.text for item in self.items}
                return {**card, "list": self.ask, **show, "items": items}
        columns = {
            column.key: {"q": column.text, "reverse": True} if column.reverse else column.text
            for column in self.columns
        }
        rows = {row.key: {"row": row.text, **self._row_cells(row)} for row in self.rows}
        return {**card, "table": {"ask": columns, "rows": rows}}

    def _row_cells(self, row: Part) -> dict[str, str]:
        columns = [column for column in self.columns if column.number in row.cells]
        return {column.key: row.cells[column.number] for column in columns}

    def _cloze(self) -> str:
        clozes = [f"{{{{c{number}::{text}}}}}" for number, text in self.clozes.items()]
        return " and ".join([self.ask, *clozes])

    def _extra(self, picture: str) -> str:
        return " ".join(part for part in (self.extra, picture if self.picture else "") if part)

    def _custom_fields(self, more: str) -> dict[str, str]:
        """Return the fields of a custom note type; spare ones take what other note types have fields for."""
        return {
            "Ask": self.ask,
            "Told": self.answer,
            "More": more,
            "Spare 1": self.hint,
            "Spare 2": self.reverse,
        }

    def notes(
        self, *, spare_template_used: bool
    ) -> Iterator[tuple[tuple[int, ...], str, dict[str, str], set[int]]]:
        """Yield identity of the part, key, fields and ordinals of each note, in study order."""
        extra = self._extra(picture_word(self.picture))
        if self.kind == "custom":
            cards = {0} | ({1} if extra else set())
            cards |= {SPARE_ORDINAL} if spare_template_used and self.reverse else set()
            yield (), self.id, self._custom_fields(extra), cards
            return
        match self.kind:
            case "list":
                parts = self._items()
            case "table":
                parts = self._cells()
            case _:
                parts = iter([((), "", self._single_note())])
        for part, name, fields in parts:
            cards = {0, 1} if "Reverse" in fields else {0}
            if self.kind == "cloze":
                cards = {number - 1 for number in self.clozes}
            key = f"{self.id}/{name}" if name else self.id
            yield part, key, fields | {"Extra": extra, "Hint": self.hint}, cards

    def _single_note(self) -> dict[str, str]:
        if self.kind == "cloze":
            return {"Text": self._cloze(), **self._typed("yes")}
        fields = {"Question": self.ask, "Answer": self.answer, **self._typed(self.answer)}
        if self.reverse == "true":
            return fields | {"Reverse": self.answer, "Reverse Answer": self.ask}
        if self.reverse:
            return fields | {"Reverse": self.reverse, "Reverse Answer": f"{self.ask} {self.answer}"}
        return fields

    def _items(self) -> Iterator[tuple[tuple[int, ...], str, dict[str, str]]]:
        for item in self.items:
            shown_items = ["[…]" if other is item else other.text for other in self.items]
            front = self.ask if self.hide_items else " ".join([self.ask, *shown_items])
            fields = {"Question": front, "Answer": item.text, **self._typed(item.text)}
            yield (item.identity,), item.key, fields

    def _cells(self) -> Iterator[tuple[tuple[int, ...], str, dict[str, str]]]:
        for row in self.rows:
            for column in self.columns:
                if column.number in row.cells:
                    key = f"{row.key}/{column.key}"
                    yield (row.identity, column.identity), key, self._cell(row, column)

    def _cell(self, row: Part, column: Part) -> dict[str, str]:
        cell = row.cells[column.number]
        fields = {"Question": column.text.replace("{row}", row.text), "Answer": cell, **self._typed(cell)}
        return fields | ({"Reverse": cell, "Reverse Answer": row.text} if column.reverse else {})

    def _typed(self, answer: str) -> dict[str, str]:
        return {"Typed": answer} if self.typed else {}


@dataclass(slots=True)
class Topic:
    """A file of the deck."""

    file: str
    topic: str
    tags: list[str] = field(default_factory=list)
    source: str = ""
    subdeck: str = ""
    cards: list[Card] = field(default_factory=list)


@dataclass(slots=True)
class DeckModel:
    """Everything that the author writes.

    spare_template_used: whether the spare template of the custom note type is filled.
    design: a number on the cards of the custom note type.
    kept: identities of notes that came while their card had lost its history, and that they kept when it
        was repaired, by the identities that they would have had.
    """

    id: str = DECK_ID
    name: str = "Deck"
    language: str = "en"
    description: str = ""
    topics: list[Topic] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=lambda: {"one": "Title one", "two": "Title two"})
    spare_template_used: bool = False
    design: int = 0
    kept: dict[Identity, Identity] = field(default_factory=dict)

    def identities(self, card: Card) -> list[Identity]:
        """Return the identity of each note of a card."""
        notes = card.notes(spare_template_used=self.spare_template_used)
        return [self._identity((card.identity, *part)) for part, *_ in notes]

    def _identity(self, identity: Identity) -> Identity:
        return self.kept.get(identity, identity)

    def cards(self) -> list[Card]:
        return [card for topic in self.topics for card in topic.cards]

    def sources(self) -> dict[str, str]:
        """Return the text of each file, by name."""
        topics = [topic for topic in self.topics if topic.cards]
        main = {
            "deck": self.name,
            "id": self.id,
            "language": self.language,
            "files": [topic.file for topic in topics],
            "sources": self.references,
            "note_types": {"custom": self._note_type()},
        }
        if self.description:
            main["description"] = self.description
        texts = {"deck.yaml": _yaml(main)}
        for topic in topics:
            head: dict[str, Any] = {"topic": topic.topic}
            if topic.tags:
                head["tags"] = topic.tags
            if topic.source:
                head["source"] = topic.source
            if topic.subdeck:
                head["subdeck"] = topic.subdeck
            texts[topic.file] = _yaml({**head, "cards": [card.to_yaml() for card in topic.cards]})
        return texts

    def _note_type(self) -> dict[str, Any]:
        templates = {
            "One": {
                "front": f'<p lang="{self.language}">{{{{Ask}}}}</p>',
                "back": f"{{{{FrontSide}}}}<p>{{{{Told}}}} {self.design}</p>",
            },
            "Two": {"front": "{{#More}}{{More}}{{/More}}", "back": "{{Ask}}, {{Spare 1}}"},
        }
        if self.spare_template_used:
            templates["Spare 1"] = {"front": "{{Spare 2}}", "back": "{{Ask}}"}
        return {"fields": ["Ask", "Told", "More"], "templates": templates}

    def media(self) -> dict[str, bytes]:
        return {
            f"cards_source/deck/media/card-{card.number}.svg": picture(card.picture) for card in self.cards()
        }

    def notes(self) -> Iterator[tuple[Identity, str, NoteContent]]:
        """Yield identity, key and expected content of every note, in study order."""
        cards = [(topic, card) for topic in self.topics for card in topic.cards]
        for topic, card in _by_subdeck([(_levels(topic, card), (topic, card)) for topic, card in cards]):
            topic_tag = f"{DECK_ID}::{topic.topic.lower().replace(' ', '-')}"
            source = self.references.get(card.source or topic.source, "")
            tags = frozenset({*topic.tags, *card.tags, topic_tag})
            for part, key, fields, ordinals in card.notes(spare_template_used=self.spare_template_used):
                all_fields = {**fields, "Key": key, "Topic": topic.topic, "Source": source}
                filled = {name: " ".join(text.split()) for name, text in all_fields.items() if text}
                content = NoteContent(filled, tags, frozenset(ordinals))
                yield self._identity((card.identity, *part)), key, content

    def deck_names(self) -> dict[Identity, str]:
        """Return the name of the deck for the cards of each note, by identity."""
        cards = ((topic, card) for topic in self.topics for card in topic.cards)
        return {
            identity: "::".join([self.name, *_levels(topic, card)])
            for topic, card in cards
            for identity in self.identities(card)
        }


def _levels(topic: Topic, card: Card) -> list[str]:
    subdeck = topic.subdeck if card.subdeck is None else card.subdeck
    return subdeck.split("::") if subdeck else []


def _by_subdeck(cards: list[tuple[list[str], tuple[Topic, Card]]]) -> Iterator[tuple[Topic, Card]]:
    """Yield the cards of a deck itself, then those of each deck inside it."""
    yield from (card for levels, card in cards if not levels)
    for name in dict.fromkeys(levels[0] for levels, _ in cards if levels):
        yield from _by_subdeck([(levels[1:], card) for levels, card in cards if levels[:1] == [name]])


def _yaml(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000)


def build_model(
    model: DeckModel, previous: DeckBuild | None, now: int, *, restore_lock: bool = False
) -> DeckBuild:
    """Build the deck with the whole tool. now: in s since 1970."""
    sources = {f"deck/{name}": text for name, text in model.sources().items()}
    return build_deck(sources, previous, now=now, media=model.media(), restore_lock=restore_lock)
