"""What authors do to a deck between two releases, each edit an act that may follow any other."""

from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from tests.support.acts import random
from tests.support.author import Card, Part, Sources, Topic

# Which of several; taken modulo how many there are.
picks = st.integers(0, 11)
kinds = st.sampled_from(["question", "cloze", "list", "table", "own"])


_T = TypeVar("_T")


class Authoring(RuleBasedStateMachine):
    """A deck in the making. An edit that finds nothing to edit does nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.sources = Sources()
        self._count = 0
        self._gone: list[Card] = []
        self._gone_parts: dict[int, list[Part]] = {}

    @initialize(cards=st.lists(kinds, min_size=1, max_size=5))
    def begins(self, cards: list[str]) -> None:
        self.sources.topics.append(Topic("topic-0.yaml", "Topic 0"))
        for kind in cards:
            self.adds_card(0, 99, kind)

    # Cards.

    @random(topic=picks, place=picks, kind=kinds)
    def adds_card(self, topic: int, place: int, kind: str) -> None:
        number = self._number()
        card = Card(number, kind, f"card-{number}", self._text("ask"))
        match kind:
            case "question" | "own":
                card.answer = self._text("answer")
            case "cloze":
                card.holes = {1: self._text("hole"), 2: self._text("hole")}
            case "list":
                card.items = [self._part("item"), self._part("item")]
            case "table":
                card.columns = [self._column(), self._column()]
                card.rows = [self._row(card), self._row(card)]
        self._topic(topic).cards.insert(place, card)

    @random(card=picks)
    def deletes_card(self, card: int) -> None:
        if len(self.sources.cards()) > 1:
            one = self._card(card)
            self._topic_of(one).cards.remove(one)
            self._gone.append(one)

    @random(card=picks, topic=picks, place=picks)
    def brings_card_back(self, card: int, topic: int, place: int) -> None:
        if self._gone:
            one = self._gone.pop(card % len(self._gone))
            self._topic(topic).cards.insert(place, one)

    @random(card=picks, topic=picks, place=picks)
    def moves_card(self, card: int, topic: int, place: int) -> None:
        one = self._card(card)
        self._topic_of(one).cards.remove(one)
        self._topic(topic).cards.insert(place, one)

    @random(card=picks)
    def rewrites_id(self, card: int) -> None:
        one = self._card(card)
        if one.released == one.id:
            one.was.append(one.id)
        one.id = f"card-{self._number()}"

    @random(card=picks)
    def rewords_question(self, card: int) -> None:
        self._card(card).ask = self._text("ask")

    @random(card=picks, part=picks)
    def rewords_answer(self, card: int, part: int) -> None:
        one = self._card(card)
        if one.kind in ("question", "own"):
            one.answer = self._text("answer")
        elif one.kind == "cloze":
            one.holes[_pick(list(one.holes), part)] = self._text("hole")
        elif one.kind == "list":
            _pick(one.items, part).text = self._text("item")
        elif cells := _pick(one.rows, part).cells:
            cells[_pick(list(cells), part)] = self._text("cell")

    @random(card=picks, words=st.sampled_from(["extra", "hint", "reverse"]))
    def writes_beside(self, card: int, words: str) -> None:
        """An extra, a hint or a reverse question, or another one in its place."""
        setattr(self._card(card), words, self._text(words))

    @random(card=picks, words=st.sampled_from(["extra", "hint", "reverse", "source"]))
    def takes_away(self, card: int, words: str) -> None:
        setattr(self._card(card), words, "")

    @random(card=picks)
    def turns_card_around(self, card: int) -> None:
        self._card(card).reverse = "true"

    @random(card=picks, choice=st.sampled_from(["typed", "alone"]))
    def chooses_otherwise(self, card: int, choice: str) -> None:
        one = self._card(card)
        setattr(one, choice, not getattr(one, choice))

    @random(card=picks)
    def draws_picture(self, card: int) -> None:
        """The file keeps its name."""
        self._card(card).picture = self._number()

    @random(card=picks)
    def changes_tags(self, card: int) -> None:
        one = self._card(card)
        one.tags = [] if one.tags else [f"tag-{self._number()}"]

    @random(card=picks, source=st.sampled_from(["one", "two"]))
    def cites(self, card: int, source: str) -> None:
        self._card(card).source = source

    # Cloze numbers, items, rows, columns, cells.

    @random(card=picks)
    def adds_cloze_number(self, card: int) -> None:
        if one := self._card_of("cloze", card):
            one.holes[next(n for n in range(1, 99) if n not in one.holes)] = self._text("hole")

    @random(card=picks, number=picks)
    def removes_cloze_number(self, card: int, number: int) -> None:
        one = self._card_of("cloze", card)
        if one is not None and len(one.holes) > 1:
            del one.holes[_pick(list(one.holes), number)]

    @random(card=picks)
    def turns_holes_around(self, card: int) -> None:
        """Another order in the text, with the same numbers."""
        if one := self._card_of("cloze", card):
            one.holes = dict(reversed(one.holes.items()))

    @random(card=picks, place=picks)
    def adds_item(self, card: int, place: int) -> None:
        if one := self._card_of("list", card):
            one.items.insert(place, self._part("item"))

    @random(card=picks, place=picks)
    def adds_row(self, card: int, place: int) -> None:
        if one := self._card_of("table", card):
            one.rows.insert(place, self._row(one))

    @random(card=picks, place=picks)
    def adds_column(self, card: int, place: int) -> None:
        if one := self._card_of("table", card):
            column = self._column()
            one.columns.insert(place, column)
            for row in one.rows:
                row.cells[column.number] = self._text("cell")

    @random(card=picks, which=picks, part=picks)
    def removes_part(self, card: int, which: int, part: int) -> None:
        """An item, a row or a column, to be brought back some day or not."""
        lists = [parts for parts in self._parts(self._card(card)) if len(parts) > 1]
        if lists:
            parts = _pick(lists, which)
            gone = parts.pop(part % len(parts))
            self._gone_parts.setdefault(id(parts), []).append(gone)

    @random(card=picks, which=picks, place=picks)
    def brings_part_back(self, card: int, which: int, place: int) -> None:
        lists = [parts for parts in self._parts(self._card(card)) if self._gone_parts.get(id(parts))]
        if lists:
            parts = _pick(lists, which)
            parts.insert(place, self._gone_parts[id(parts)].pop())

    @random(card=picks, which=picks, part=picks, place=picks)
    def moves_part(self, card: int, which: int, part: int, place: int) -> None:
        if lists := self._parts(self._card(card)):
            parts = _pick(lists, which)
            parts.insert(place, parts.pop(part % len(parts)))

    @random(card=picks, which=picks, part=picks)
    def rewrites_key(self, card: int, which: int, part: int) -> None:
        """Of an item, a row or a column, once; `was` has room for one former key."""
        if lists := self._parts(self._card(card)):
            one = _pick(_pick(lists, which), part)
            if not one.was:
                one.was = one.released
                one.key = f"key-{self._number()}"

    @random(card=picks, row=picks, column=picks)
    def changes_cell(self, card: int, row: int, column: int) -> None:
        """Empty one that is there, fill one that is not."""
        if one := self._card_of("table", card):
            cells, number = _pick(one.rows, row).cells, _pick(one.columns, column).number
            if number not in cells:
                cells[number] = self._text("cell")
            elif sum(len(other.cells) for other in one.rows) > 1:
                del cells[number]

    @random(card=picks, row=picks)
    def renames_row(self, card: int, row: int) -> None:
        if one := self._card_of("table", card):
            _pick(one.rows, row).text = self._text("row")

    @random(card=picks, column=picks)
    def turns_column_around(self, card: int, column: int) -> None:
        if one := self._card_of("table", card):
            chosen = _pick(one.columns, column)
            chosen.turned = not chosen.turned

    # Files, and the deck as a whole.

    @random(topic=picks, place=picks)
    def splits_file(self, topic: int, place: int) -> None:
        old, number = self._topic(topic), self._number()
        new = Topic(f"topic-{number}.yaml", f"Topic {number}", list(old.tags), old.source, old.cards[place:])
        del old.cards[place:]
        self.sources.topics.append(new)

    @random(topic=picks, place=picks)
    def moves_file(self, topic: int, place: int) -> None:
        one = self._topic(topic)
        self.sources.topics.remove(one)
        self.sources.topics.insert(place, one)

    @random(topic=picks)
    def renames_file(self, topic: int) -> None:
        self._topic(topic).file = f"topic-{self._number()}.yaml"

    @random(topic=picks)
    def renames_topic(self, topic: int) -> None:
        self._topic(topic).topic = f"Topic {self._number()}"

    @random(topic=picks)
    def changes_tags_of_topic(self, topic: int) -> None:
        one = self._topic(topic)
        one.tags = [] if one.tags else [f"tag-{self._number()}"]

    @random(topic=picks, source=st.sampled_from(["", "one", "two"]))
    def cites_for_topic(self, topic: int, source: str) -> None:
        self._topic(topic).source = source

    @random(source=st.sampled_from(["one", "two"]))
    def corrects_source(self, source: str) -> None:
        self.sources.references[source] = self._text("Title")

    @random()
    def describes_deck(self) -> None:
        self.sources.description = self._text("about")

    @random()
    def renames_deck(self) -> None:
        self.sources.name = f"Deck {self._number()}"

    @random()
    def redesigns_own_note_type(self) -> None:
        self.sources.look += 1

    @random()
    def fills_spare_template(self) -> None:
        self.sources.spare = True

    @random(language=st.sampled_from(["en", "de", "pt-BR"]))
    def changes_language(self, language: str) -> None:
        self.sources.language = language

    # Where things are, and words for what is new, each said once.

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _text(self, word: str) -> str:
        return f"{word} {self._number()} < & more"

    def _card(self, pick: int) -> Card:
        return _pick(self.sources.cards(), pick)

    def _card_of(self, kind: str, pick: int) -> Card | None:
        cards = [card for card in self.sources.cards() if card.kind == kind]
        return _pick(cards, pick) if cards else None

    def _topic(self, pick: int) -> Topic:
        return _pick(self.sources.topics, pick)

    def _topic_of(self, card: Card) -> Topic:
        return next(topic for topic in self.sources.topics if card in topic.cards)

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
