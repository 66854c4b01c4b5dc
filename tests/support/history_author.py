"""What authors do to a deck between two releases, as actions that may follow each other in any order."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from tests.support.deck_model import Card, DeckModel, Identity, Part, Topic
from tests.support.history_actions import random

# Which one of several, modulo how many there are.
picks = st.integers(0, 11)
subdecks = st.sampled_from(["", "Upper", "Upper::Lower", "Other"])
kinds = st.sampled_from(["question", "cloze", "list", "table", "custom"])

_T = TypeVar("_T")


class AuthorActions(RuleBasedStateMachine):
    """A deck and its author. An action that finds nothing to act on does nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.deck = DeckModel()
        self._count = 0
        self._deleted_cards: list[Card] = []
        self._deleted_parts: dict[int, list[Part]] = {}

    @initialize(cards=st.lists(kinds, min_size=1, max_size=5))
    def begin(self, cards: list[str]) -> None:
        self.deck.topics.append(Topic("topic-0.yaml", "Topic 0"))
        for kind in cards:
            self.add_card(0, 99, kind)

    # Cards.

    @random(topic_pick=picks, index=picks, kind=kinds)
    def add_card(self, topic_pick: int, index: int, kind: str) -> None:
        number = self._number()
        card = Card(number, kind, f"card-{number}", self._text("ask"))
        match kind:
            case "question" | "custom":
                card.answer = self._text("answer")
            case "cloze":
                card.clozes = {1: self._text("cloze"), 2: self._text("cloze")}
            case "list":
                card.items = [self._part("item"), self._part("item")]
            case "table":
                card.columns = [self._column(), self._column()]
                card.rows = [self._row(card), self._row(card)]
        self._topic(topic_pick).cards.insert(index, card)

    @random(card_pick=picks)
    def delete_card(self, card_pick: int) -> None:
        if len(self.deck.cards()) > 1:
            card = self._card(card_pick)
            self._topic_of(card).cards.remove(card)
            self._deleted_cards.append(card)

    @random(card_pick=picks, topic_pick=picks, index=picks)
    def restore_card(self, card_pick: int, topic_pick: int, index: int) -> None:
        if self._deleted_cards:
            card = self._deleted_cards.pop(card_pick % len(self._deleted_cards))
            self._topic(topic_pick).cards.insert(index, card)

    @random(card_pick=picks, topic_pick=picks, index=picks)
    def move_card(self, card_pick: int, topic_pick: int, index: int) -> None:
        card = self._card(card_pick)
        self._topic_of(card).cards.remove(card)
        self._topic(topic_pick).cards.insert(index, card)

    @random(card_pick=picks)
    def change_id(self, card_pick: int) -> None:
        card = self._card(card_pick)
        if card.released_id == card.id:
            card.former_ids.append(card.id)
        card.id = f"card-{self._number()}"

    @random(card_pick=picks)
    def change_id_without_was(self, card_pick: int) -> None:
        """Learners get the card as a new one, until the author adds `was` after all."""
        card = self._card(card_pick)
        if card.released_id == card.id and not any(part.lost for part in card.parts()):
            card.lost.append((card.identity, [*card.former_ids, card.id]))
            card.former_ids, card.identity, card.id = [], self._number(), f"card-{self._number()}"

    @random(card_pick=picks)
    def add_was(self, card_pick: int) -> None:
        """The older history is continued then; the younger is retired, if it was released at all."""
        card = self._card(card_pick)
        if card.lost:
            with self._repairing(card):
                card.identity, ids = card.lost.pop()
                card.former_ids = [*ids, *card.former_ids]

    @random(card_pick=picks, list_pick=picks, part_pick=picks)
    def change_key_without_was(self, card_pick: int, list_pick: int, part_pick: int) -> None:
        """At most one change of a card at a time is to be repaired."""
        card = self._card(card_pick)
        if (lists := self._parts(card)) and not card.lost and not any(part.lost for part in card.parts()):
            part = _pick(_pick(lists, list_pick), part_pick)
            if not part.former_key and part.released_key == part.key:
                part.lost = part.identity, part.key
                part.identity, part.key = self._number(), f"key-{self._number()}"

    @random(card_pick=picks)
    def add_was_to_part(self, card_pick: int) -> None:
        card = self._card(card_pick)
        for part in card.parts():
            if part.lost:
                with self._repairing(card):
                    part.identity, part.former_key = part.lost
                    part.lost = None

    @contextmanager
    def _repairing(self, card: Card) -> Iterator[None]:
        """Let the notes that came under the wrong name, and had none before, stay what they are."""
        before = self.deck.identities(card)
        yield
        for old, new in zip(before, self.deck.identities(card), strict=True):
            if old in self.known and new not in self.known:
                self.deck.kept[new] = old

    @property
    def known(self) -> Collection[Identity]:
        """The notes that the lock knows."""
        raise NotImplementedError

    def forget_lost_history(self) -> None:
        """Without the lock, nothing can be repaired that wasn't repaired before."""
        self.deck.kept.clear()
        for card in [*self.deck.cards(), *self._deleted_cards]:
            card.lost.clear()
            for part in card.parts():
                part.lost = None
        for part in (part for parts in self._deleted_parts.values() for part in parts):
            part.lost = None

    @random(card_pick=picks)
    def reword_question(self, card_pick: int) -> None:
        self._card(card_pick).ask = self._text("ask")

    @random(card_pick=picks, part_pick=picks)
    def reword_answer(self, card_pick: int, part_pick: int) -> None:
        card = self._card(card_pick)
        if card.kind in ("question", "custom"):
            card.answer = self._text("answer")
        elif card.kind == "cloze":
            card.clozes[_pick(list(card.clozes), part_pick)] = self._text("cloze")
        elif card.kind == "list":
            _pick(card.items, part_pick).text = self._text("item")
        elif cells := _pick(card.rows, part_pick).cells:
            cells[_pick(list(cells), part_pick)] = self._text("cell")

    @random(card_pick=picks, words=st.sampled_from(["extra", "hint", "reverse"]))
    def write_optional_text(self, card_pick: int, words: str) -> None:
        """Write or replace an extra, a hint or a reverse question."""
        setattr(self._card(card_pick), words, self._text(words))

    @random(card_pick=picks, words=st.sampled_from(["extra", "hint", "reverse", "source"]))
    def remove_optional_text(self, card_pick: int, words: str) -> None:
        setattr(self._card(card_pick), words, "")

    @random(card_pick=picks)
    def reverse_card(self, card_pick: int) -> None:
        self._card(card_pick).reverse = "true"

    @random(card_pick=picks, choice=st.sampled_from(["typed", "hide_items"]))
    def toggle_option(self, card_pick: int, choice: str) -> None:
        card = self._card(card_pick)
        setattr(card, choice, not getattr(card, choice))

    @random(card_pick=picks)
    def change_picture(self, card_pick: int) -> None:
        """Change the content of the picture's file, but not its name."""
        self._card(card_pick).picture = self._number()

    @random(card_pick=picks)
    def toggle_tag(self, card_pick: int) -> None:
        card = self._card(card_pick)
        card.tags = [] if card.tags else [f"tag-{self._number()}"]

    @random(card_pick=picks, source=st.sampled_from(["one", "two"]))
    def cite(self, card_pick: int, source: str) -> None:
        self._card(card_pick).source = source

    # Cloze numbers, items, rows, columns, cells.

    @random(card_pick=picks)
    def add_cloze(self, card_pick: int) -> None:
        if card := self._card_of("cloze", card_pick):
            card.clozes[next(n for n in range(1, 99) if n not in card.clozes)] = self._text("cloze")

    @random(card_pick=picks, number_pick=picks)
    def remove_cloze(self, card_pick: int, number_pick: int) -> None:
        card = self._card_of("cloze", card_pick)
        if card is not None and len(card.clozes) > 1:
            del card.clozes[_pick(list(card.clozes), number_pick)]

    @random(card_pick=picks)
    def reorder_clozes(self, card_pick: int) -> None:
        """Change the order in the text, but not the numbers."""
        if card := self._card_of("cloze", card_pick):
            card.clozes = dict(reversed(card.clozes.items()))

    @random(card_pick=picks, index=picks)
    def add_item(self, card_pick: int, index: int) -> None:
        if card := self._card_of("list", card_pick):
            card.items.insert(index, self._part("item"))

    @random(card_pick=picks, index=picks)
    def add_row(self, card_pick: int, index: int) -> None:
        if card := self._card_of("table", card_pick):
            card.rows.insert(index, self._row(card))

    @random(card_pick=picks, index=picks)
    def add_column(self, card_pick: int, index: int) -> None:
        if card := self._card_of("table", card_pick):
            column = self._column()
            card.columns.insert(index, column)
            for row in card.rows:
                row.cells[column.number] = self._text("cell")

    @random(card_pick=picks, list_pick=picks, part_pick=picks)
    def delete_part(self, card_pick: int, list_pick: int, part_pick: int) -> None:
        """Delete an item, a row or a column, which may be restored later."""
        lists = [parts for parts in self._parts(self._card(card_pick)) if len(parts) > 1]
        if lists:
            parts = _pick(lists, list_pick)
            part = parts.pop(part_pick % len(parts))
            self._deleted_parts.setdefault(id(parts), []).append(part)

    @random(card_pick=picks, list_pick=picks, index=picks)
    def restore_part(self, card_pick: int, list_pick: int, index: int) -> None:
        lists = [parts for parts in self._parts(self._card(card_pick)) if self._deleted_parts.get(id(parts))]
        if lists:
            parts = _pick(lists, list_pick)
            parts.insert(index, self._deleted_parts[id(parts)].pop())

    @random(card_pick=picks, list_pick=picks, part_pick=picks, index=picks)
    def move_part(self, card_pick: int, list_pick: int, part_pick: int, index: int) -> None:
        if lists := self._parts(self._card(card_pick)):
            parts = _pick(lists, list_pick)
            parts.insert(index, parts.pop(part_pick % len(parts)))

    @random(card_pick=picks, list_pick=picks, part_pick=picks)
    def change_key(self, card_pick: int, list_pick: int, part_pick: int) -> None:
        """Change the key of an item, a row or a column once, since `was` takes one former key."""
        if lists := self._parts(self._card(card_pick)):
            part = _pick(_pick(lists, list_pick), part_pick)
            if not part.former_key:
                if part.lost and part.lost[1] == part.released_key:
                    part.identity = part.lost[0]  # nothing was released in between
                part.former_key, part.lost = part.released_key, None
                part.key = f"key-{self._number()}"

    @random(card_pick=picks, row_pick=picks, column_pick=picks)
    def toggle_cell(self, card_pick: int, row_pick: int, column_pick: int) -> None:
        """Empty a cell that is filled, fill one that is empty."""
        if card := self._card_of("table", card_pick):
            cells, number = _pick(card.rows, row_pick).cells, _pick(card.columns, column_pick).number
            if number not in cells:
                cells[number] = self._text("cell")
            elif sum(len(other.cells) for other in card.rows) > 1:
                del cells[number]

    @random(card_pick=picks, row_pick=picks)
    def rename_row(self, card_pick: int, row_pick: int) -> None:
        if card := self._card_of("table", card_pick):
            _pick(card.rows, row_pick).text = self._text("row")

    @random(card_pick=picks, column_pick=picks)
    def toggle_column_reverse(self, card_pick: int, column_pick: int) -> None:
        if card := self._card_of("table", card_pick):
            column = _pick(card.columns, column_pick)
            column.reverse = not column.reverse

    # Files, and the deck as a whole.

    @random(topic_pick=picks, index=picks)
    def split_file(self, topic_pick: int, index: int) -> None:
        old, number = self._topic(topic_pick), self._number()
        new = Topic(f"topic-{number}.yaml", f"Topic {number}", list(old.tags), old.source, old.subdeck)
        new.cards = old.cards[index:]
        del old.cards[index:]
        self.deck.topics.append(new)

    @random(topic_pick=picks, index=picks)
    def move_file(self, topic_pick: int, index: int) -> None:
        topic = self._topic(topic_pick)
        self.deck.topics.remove(topic)
        self.deck.topics.insert(index, topic)

    @random(topic_pick=picks)
    def rename_file(self, topic_pick: int) -> None:
        self._topic(topic_pick).file = f"topic-{self._number()}.yaml"

    @random(topic_pick=picks)
    def rename_topic(self, topic_pick: int) -> None:
        self._topic(topic_pick).topic = f"Topic {self._number()}"

    @random(topic_pick=picks)
    def toggle_topic_tag(self, topic_pick: int) -> None:
        topic = self._topic(topic_pick)
        topic.tags = [] if topic.tags else [f"tag-{self._number()}"]

    @random(topic_pick=picks, subdeck=subdecks)
    def put_topic_into_subdeck(self, topic_pick: int, subdeck: str) -> None:
        self._topic(topic_pick).subdeck = subdeck

    @random(card_pick=picks, subdeck=st.none() | subdecks)
    def put_card_into_subdeck(self, card_pick: int, subdeck: str | None) -> None:
        self._card(card_pick).subdeck = subdeck

    @random(topic_pick=picks, source=st.sampled_from(["", "one", "two"]))
    def cite_for_topic(self, topic_pick: int, source: str) -> None:
        self._topic(topic_pick).source = source

    @random(source=st.sampled_from(["one", "two"]))
    def correct_reference(self, source: str) -> None:
        self.deck.references[source] = self._text("Title")

    @random()
    def describe_deck(self) -> None:
        self.deck.description = self._text("about")

    @random()
    def rename_deck(self) -> None:
        self.deck.name = f"Deck {self._number()}"

    @random()
    def redesign_note_type(self) -> None:
        self.deck.design += 1

    @random()
    def use_spare_template(self) -> None:
        self.deck.spare_template_used = True

    @random(language=st.sampled_from(["en", "de", "pt-BR"]))
    def change_language(self, language: str) -> None:
        self.deck.language = language

    # Finding things, and making new ones with texts that occur only once.

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _text(self, word: str) -> str:
        return f"{word} {self._number()} < & more"

    def _card(self, pick: int) -> Card:
        return _pick(self.deck.cards(), pick)

    def _card_of(self, kind: str, pick: int) -> Card | None:
        cards = [card for card in self.deck.cards() if card.kind == kind]
        return _pick(cards, pick) if cards else None

    def _topic(self, pick: int) -> Topic:
        return _pick(self.deck.topics, pick)

    def _topic_of(self, card: Card) -> Topic:
        return next(topic for topic in self.deck.topics if card in topic.cards)

    def _parts(self, card: Card) -> list[list[Part]]:
        return [parts for parts in (card.items, card.columns, card.rows) if parts]

    def _part(self, word: str) -> Part:
        number = self._number()
        return Part(number, f"{word}-{number}", self._text(word))

    def _column(self) -> Part:
        column = self._part("column")
        column.text = "{row} " + column.text
        return column

    def _row(self, card: Card) -> Part:
        row = self._part("row")
        row.cells = {column.number: self._text("cell") for column in card.columns}
        return row


def _pick(several: list[_T], pick: int) -> _T:
    return several[pick % len(several)]
