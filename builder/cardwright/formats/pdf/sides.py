"""The sides of cards as the template sets them."""

from collections.abc import Iterable
from dataclasses import dataclass

from cardwright.collection import notetype
from cardwright.collection.card import Card, cards
from cardwright.collection.content import EMPTY, Content, Paragraph, Text, inlines, plain
from cardwright.collection.note import Note
from cardwright.collection.reference import Reference
from cardwright.formats.pdf.nodes import Json, node_types
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.words import has_cjk, text_nodes

# What may be wider than a card; all else is made of short words.
_STIFF = frozenset({"word", "math", "table"})
# Beyond so many characters, about three lines, centred text reads badly.
_CENTRED = 120


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a printed card.

    name: "front" or "back", for what is to be said about it.
    contents: all that stands on it, for the checks.
    tree: the same for the template.
    """

    card: Card
    name: str
    contents: tuple[Content, ...]
    tree: dict[str, Json]


def card_sides(notes: Iterable[Note], deck_name: str) -> list[Side]:
    """Front and back of every card that goes on paper, in study order, each front before its back.

    deck_name: stands where the topic does when a note has none.
    """
    found: list[Side] = []
    topic = None
    for note in notes:
        if not note.printed:
            continue
        for card in cards(note):
            here = note.topic or deck_name
            found.append(_front(card, here, opens=here != topic))
            found.append(_back(card, here))
            topic = here
    return found


def _front(card: Card, topic: str, *, opens: bool) -> Side:
    # The hint of a question is for its first card; the reversed one asks something else.
    hint = card.note.hint if _wants_hint(card) else EMPTY
    parts = [_part("question", card.front, centred=True)]
    tree = _side(card, topic, parts, opens=opens, asks=True, hint=hint)
    return Side(card, "front", (card.front, hint), tree)


def _back(card: Card, topic: str) -> Side:
    extra = card.note.extra
    parts = [_part("answer", card.back, centred=_is_short(card.back))]
    if extra:
        parts.append(_part("extra", extra, centred=_is_short(card.back) and _is_short(extra)))
    tree = _side(card, topic, parts, opens=False, asks=False, hint=EMPTY)
    cited = card.note.answer_citations
    # The sign is read together with what follows it.
    texts = [citation.text.replace("§ ", "§\u00a0") for citation in cited]
    tree["citations"] = [node for text in texts for node in block_nodes(plain(text))]
    brief = dict.fromkeys(_brief(citation.reference) for citation in cited)
    tree["sources"] = [node for text in brief for node in block_nodes(plain(text))]
    return Side(card, "back", (card.back, extra), tree)


def _side(
    card: Card, topic: str, parts: list[Json], *, opens: bool, asks: bool, hint: Content
) -> dict[str, Json]:
    return {
        "topic": text_nodes(topic),
        "name": text_nodes(card.name),
        "opens": opens,
        "asks": asks,
        "parts": parts,
        "hint": block_nodes(hint),
        "citations": [],
        "sources": [],
    }


def _part(kind: str, content: Content, *, centred: bool) -> Json:
    nodes = block_nodes(content)
    return {
        "kind": kind,
        "c": nodes,
        "centred": centred,
        "airy": has_cjk(nodes),
        "stiff": any(kind in _STIFF for kind in node_types(nodes)),
    }


def _brief(reference: Reference) -> str:
    """A source for cards that have no room for all that is known of it."""
    return ", ".join(part for part in (reference.author, reference.title) if part)


def _wants_hint(card: Card) -> bool:
    return card.ordinal == 0 or card.note.type != notetype.NoteType.QUESTION


def _is_short(content: Content) -> bool:
    """Whether it is a line or two of text, or a picture, that looks well centred."""
    length = sum(len(inline.text) for inline in inlines(content) if isinstance(inline, Text))
    return length <= _CENTRED and all(isinstance(block, Paragraph) for block in content)
