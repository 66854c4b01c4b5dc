"""The sides of printed cards, as the template takes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

from cardwright.collection.card import Card, cards
from cardwright.collection.content import (
    EMPTY,
    Aligned,
    Blank,
    Block,
    Content,
    Image,
    Inline,
    LineBreak,
    Math,
    Paragraph,
    RawHtml,
    Sound,
    Text,
    inlines,
    plain,
    plain_text,
)
from cardwright.collection.deck import Deck
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.phrases import truncate
from cardwright.formats.pdf.citations import citation_forms
from cardwright.formats.pdf.nodes import Json, Nodes, node_types
from cardwright.formats.pdf.tree import block_nodes
from cardwright.formats.pdf.words import has_cjk, text_nodes

# Nodes that may be wider than a card; all others consist of short words.
_UNBREAKABLE = frozenset({"word", "math", "table", "ruby", "kbd"})
# Beyond this many characters, about three lines, centred text is hard to read.
_MAX_CENTRED = 120
_MAX_BOOKMARK = 60
# Up to this length, a few words, an answer says little by itself.
_MAX_WITH_RECALL = 40

Part: TypeAlias = dict[str, Any]
"""A part of a side as the template takes it, such as the answer."""


@dataclass(frozen=True)
class Side:
    """One side of a printed card, or a text on a page of running text.

    name: "front" or "back" on a card; messages use it.
    contents: all that stands on it, for the checks.
    tree: the same for the template.
    mark: which of several cards it is that share a text, such as `1/2`; empty for the only card.
    twin: the tree of the other side if both have one picture, which has the same size and place on both.
    """

    card: Card
    name: str
    contents: tuple[Content, ...]
    tree: dict[str, Json]
    mark: str = ""
    twin: dict[str, Json] | None = None

    @property
    def inlines(self) -> Iterator[Inline]:
        """All inlines of the contents, in reading order."""
        return (inline for content in self.contents for inline in inlines(content))

    @cached_property
    def types(self) -> frozenset[str]:
        """The types of the nodes of its tree, so that most sides need not be searched for what few have."""
        return node_types(self.tree)

    @property
    def measured_tree(self) -> dict[str, Json]:
        """The tree with all that decides how the side fits."""
        return self.tree if self.twin is None else {**self.tree, "twin": self.twin}

    @property
    def own_tree(self) -> dict[str, Json]:
        """The tree without what it only recalls of the other side."""
        parts = self.tree["parts"]
        assert isinstance(parts, Sequence)
        own = [part for part in parts if isinstance(part, Mapping) and part.get("kind") != "recall"]
        return {**self.tree, "parts": own}


def topic_numbers(deck: Deck) -> dict[str, int]:
    """Number the topics of all printed notes, so that colours do not depend on which cards are printed."""
    topics = dict.fromkeys(note.heading for note in deck.notes if note.printed)
    return {topic: number for number, topic in enumerate(topics)}


def card_numbers(deck: Deck) -> dict[str, int]:
    """Number all printed cards of a deck from 1, by their names, whichever of them are printed now."""
    names = (card.name for note in deck.notes if note.printed for card in cards(note))
    return {name: number for number, name in enumerate(names, start=1)}


def card_sides(
    notes: Iterable[Note], asked: str, is_refused: Callable[[Side], bool] = lambda _side: False
) -> list[Side]:
    """Return front and back of every card to be printed, in study order, each front before its back.

    asked: what the front of a diagram asks.
    is_refused: tells of a back whether it certainly is too long. Then all other cards of a cloze note are
        left out: they have the same text, and a long text may have hundreds of them.
    """
    sides: list[Side] = []
    for note in notes:
        for card in cards(note) if note.printed else ():
            sides += _both_sides(card, note.heading, asked)
            if note.type == NoteType.CLOZE and is_refused(sides[-1]):
                break
    return sides


def _both_sides(card: Card, topic: str, asked: str) -> tuple[Side, Side]:
    question = _part("question", card.front, centred=True, regular=_has_own_weights(card.note))
    if card.note.diagram is None or card.note.custom_type is not None:  # what templates lay out, they do
        return _front(card, topic, [question]), _back(card, topic, _answer_parts(card))
    front = _front(card, topic, [_part("question", plain(asked), centred=True), question])
    back = _back(card, topic, [_part("answer", (block,), centred=True) for block in card.back])
    return replace(front, twin=back.tree), replace(back, twin=front.tree)


def _front(card: Card, topic: str, parts: Sequence[Part]) -> Side:
    # The hint of a question is for its first card; the reversed one asks something else.
    is_reversed = card.note.type == NoteType.QUESTION and card.ordinal > 0
    hint = EMPTY if is_reversed else card.note.hint
    tree = {**_tree(topic, parts), "hint": block_nodes(hint)}
    return Side(card, "front", (card.front, hint), tree)


def _answer_parts(card: Card) -> list[Part]:
    is_short = _is_short(card.back)
    # In a cloze text, what it hid is strong beside the rest.
    kind = "answer" if is_short and not _is_cloze(card.note) else "text"
    answer = _part(kind, card.back, centred=is_short, regular=_has_own_weights(card.note))
    recalled = _recalled_question(card)
    return [_part("recall", recalled, centred=True), answer] if recalled else [answer]


def _back(card: Card, topic: str, parts: Sequence[Part]) -> Side:
    extra = card.note.extra
    if extra:
        part = _part("extra", extra, centred=_is_short(card.back) and _is_short(extra))
        # Beside the picture of a diagram, none may be as large as it can.
        parts = [*parts, *([part] if card.note.diagram is not None else _divide_extra(part))]
    forms = citation_forms(card.note.answer_citations)
    if card.note.diagram is not None or any("fills" in part for part in parts):  # a picture needs the lines
        forms += [[" · ".join(lines)] for lines in forms if len(lines) > 1]
    tree = {
        **_tree(topic, parts),
        "name": text_nodes(card.name),
        "citations": list(map(_citation_nodes, forms)) if card.note.answer_citations else [],
    }
    return Side(card, "back", (card.back, extra), tree)


def _divide_extra(part: Part) -> Iterator[Part]:
    """Yield what stands below an answer; a picture at its end fills what is left of the card."""
    *above, last = part["c"]
    if not _is_picture_without_width(last):
        yield part
        return
    if above:
        yield {**part, "c": above}
    yield {**part, "c": [last], "centred": True, "fills": True}


def _is_picture_without_width(node: Mapping[str, Any]) -> bool:
    if node["t"] != "p" or len(node["c"]) != 1:
        return False
    (inline,) = node["c"]
    is_picture = isinstance(inline, Mapping) and inline["t"] == "img"
    return is_picture and not {"percent", "points", "masks"} & inline.keys()


def _citation_nodes(lines: Iterable[str]) -> Nodes:
    # A no-break space, since the section sign is read together with what follows it.
    return [node for line in lines for node in block_nodes(plain(line.replace("§ ", "§\u00a0")))]


def _is_cloze(note: Note) -> bool:
    custom = note.custom_type
    return note.type == NoteType.CLOZE or (custom is not None and bool(custom.cloze_fields))


def _recalled_question(card: Card) -> Content:
    """Return the question as the back of a card with a short answer recalls it; empty if it needs none."""
    if (
        _is_cloze(card.note)
        or not 0 < text_length(card.back) <= _MAX_WITH_RECALL
        or not _is_only_text(card.back)
    ):
        return EMPTY
    question = tuple(block for block in card.front if _is_only_text((block,)))
    return question if 0 < text_length(question) <= _MAX_CENTRED else EMPTY


def _is_only_text(content: Content) -> bool:
    no_text = Image | Sound | Blank
    return all(map(_has_only_paragraphs, content)) and not any(
        isinstance(inline, no_text) for inline in inlines(content)
    )


def _tree(topic: str, parts: Sequence[Part]) -> dict[str, Json]:
    return {
        "topic": text_nodes(topic),
        # A front would often say its answer with it.
        "name": [],
        # `volume_sides` sets these for the sides that are drawn.
        "number": "",
        "bookmark": "",
        "topic_bookmark": False,
        "parts": parts,
        "hint": [],
        "citations": [],
    }


def _has_own_weights(note: Note) -> bool:
    """Return whether the style of a custom note type says what is bold; all else is regular then."""
    styles = None if note.custom_type is None else note.custom_type.styles
    return styles is not None and styles.sets_weights


def _part(kind: str, content: Content, *, centred: bool, regular: bool = False) -> Part:
    nodes = block_nodes(content)
    more = {"regular": True} if regular else {}
    return {
        "kind": kind,
        **more,
        "c": nodes,
        "centred": centred,
        "cjk": has_cjk(nodes),
        "unbreakable": not _UNBREAKABLE.isdisjoint(node_types(nodes)),
    }


def bookmark_text(side: Side) -> str:
    """Return what a list of bookmarks says of a card: of a front its question, of a back the card's name."""
    if side.name != "front":
        return side.card.name
    return truncate(" ".join(plain_text(side.card.front, _describe_inline).split()), _MAX_BOOKMARK)


def _describe_inline(inline: Inline) -> str:
    match inline:
        case Image(_, alt):
            return alt
        case Sound(_, words):
            return words
        case Math(tex):
            return tex
        case Blank():
            return "____"
        case LineBreak():
            return " "
    return ""


def text_length(content: Content) -> int:
    """Return the number of characters in all text of a content."""
    return sum(len(inline.text) for inline in inlines(content) if isinstance(inline, Text))


def _is_short(content: Content) -> bool:
    """Tell whether a content looks well centred: a picture, or a few lines without lists and tables."""
    return text_length(content) <= _MAX_CENTRED and all(map(_has_only_paragraphs, content))


def _has_only_paragraphs(block: Block) -> bool:
    return isinstance(block, Paragraph) or (
        isinstance(block, Aligned | RawHtml) and all(map(_has_only_paragraphs, block.children))
    )
