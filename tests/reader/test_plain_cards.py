"""Question cards of plain words are compiled in one step to what they become over `Note`."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.deck import Deck
from cardwright.collection.deck_name import DeckName
from cardwright.collection.reference import Citation, Reference
from cardwright.diagnostics import Report, Source, Span
from cardwright.formats.anki.render import NoteRenderer, RenderedNote
from cardwright.kinds.card_reader import TopicContext
from cardwright.reader.cards import assign_card_ids, read_cards, read_notes
from cardwright.reader.plain_cards import compile_plain_cards
from cardwright.source import yaml_tree
from cardwright.source.markup import MarkupReader
from cardwright.source.nodes import Sequence

BOOK, FILM = (
    Reference("book", "Anatomy of the leg", "A. Author"),
    Reference("film", "Gait", url="https://a.b"),
)
REFERENCES = {"book": BOOK, "film": FILM}
TOPICS = [
    TopicContext("", DeckName("Deck"), (), (), REFERENCES),
    TopicContext("Knee & hip", DeckName("Deck", "Legs"), ("exam", "hip"), (Citation(BOOK),), REFERENCES),
    TopicContext("Knee", DeckName("Deck"), (), (Citation(FILM, "page 3"),), REFERENCES, printed=False),
]
SPAN = Span(Source("deck.yaml", ""), 0, 0)
RENDERER = NoteRenderer(Deck("Deck", "deck", SPAN, "deck", ()))
_VALUES = [
    "What bends the knee?",
    'They flex it: both, "mostly" (1.5 kg); see /a/b@c-d!',
    "The *knee*",
    "1. one",
    "- one",
    "a & b",
    "x ++ y",
    "{{c1::a}}",
    "http://a.b",
    "'It''s  so'",
    '"quoted"',
    '"a\\\\b"',
    "膝",
    "e\u0301",
    "one # comment",
    "one #comment",
    "one\t# comment",
    "'one' # comment",
    "two\n      lines",
    "|\n      two\n      lines",
    "''",
    "~",
    "true",
    "false",
    "[a, b]",
    "{html: a <b>b</b>}",
    "{html: words}",
    "&x a",
    "book",
    "{film: page 4, book: here}",
    "[book, film]",
    "[leg, exam, leg]",
    "[ b,a ]",
    "[a::b, c-d, c_d, 1]",
    "[a b]",
    "['a', \"b\"]",
    "[leech]",
    "[a # x\n      , b]",
]
_KEYS = ["id", "q", "a", "extra", "hint", "reverse", "source", "tags", "topic", "typed", "print", "subdeck"]


@dataclass
class Compiled:
    """What came of a card. notes: None after an error, or for an alias."""

    notes: list[RenderedNote] | None
    messages: list[str] = field(default_factory=list)


def compile_one(card: str, topic: TopicContext) -> tuple[RenderedNote | None, Compiled]:
    """Return the note of a card as it is compiled in one step, if it is, and what comes of it otherwise."""
    source = Source("deck.yaml", card)
    nodes = yaml_tree.read_cards(source, 0, len(card))
    if not isinstance(nodes, Sequence):
        return None, Compiled(None)
    plain = compile_plain_cards(nodes.items, topic, RENDERER)
    report = Report()
    markup = MarkupReader(lambda _path, _scalar: None, lambda _path, _scalar: None, report)
    cards = assign_card_ids(list(read_cards(nodes.items, topic, report)), frozenset(), report)
    notes = [note for card, card_id in cards for note in read_notes(card, card_id, markup)]
    rendered = None if report.has_errors else list(RENDERER.render(notes).notes)
    return plain.notes.get(0), Compiled(rendered, [diagnostic.message for diagnostic in report])


@st.composite
def cards(draw: st.DrawFn) -> str:
    """Draw a question card, most of whose values are plain, and some of whose lines are not."""
    more = draw(st.lists(st.sampled_from(_KEYS[3:]), max_size=4))
    values = {key: draw(st.sampled_from(_VALUES[:2])) for key in ("q", "a", *more)}
    values |= {"id": "card-1"} | ({"tags": "[leg, exam]"} if "tags" in more else {})
    values |= {"reverse": "true"} if "reverse" in more else {}
    values |= {"source": "{book: page 2}"} if "source" in more else {}
    for key in draw(st.lists(st.sampled_from([*values]), max_size=2)):
        values[key] = draw(st.sampled_from(_VALUES))
    lines = [f"{key}: {value}\n" for key, value in draw(st.permutations([*values.items()]))]
    return "  - " + "    ".join(lines)


@given(cards(), st.sampled_from(TOPICS))
def test_a_plain_card_is_compiled_as_over_its_note(card: str, topic: TopicContext) -> None:
    plain, compiled = compile_one(card, topic)

    if plain is not None:
        assert compiled == Compiled([plain])


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(
    "more",
    [
        "",
        "    extra: Both.\n",
        "    reverse: true\n",
        "    tags: [leg, exam]\n    topic: Hip\n    source: {book: page 2}\n    hint: three\n",
    ],
)
def test_most_cards_are_plain(more: str, topic: TopicContext) -> None:
    plain, compiled = compile_one(f"  - id: knee\n    q: What bends the knee?\n    a: Muscles\n{more}", topic)

    assert plain is not None
    assert compiled == Compiled([plain])


@pytest.mark.parametrize("value", _VALUES[2:])
def test_a_value_of_any_form_gives_the_same(value: str) -> None:
    for key in _KEYS:
        values = {"id": "card-1", "q": "What?", "a": "That", key: value}
        card = "  - " + "    ".join(f"{key}: {value}\n" for key, value in values.items())
        plain, compiled = compile_one(card, TOPICS[1])

        assert plain is None or compiled == Compiled([plain]), card
