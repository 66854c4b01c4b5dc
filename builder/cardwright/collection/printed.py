"""What paper shows of a note, in short: prints of two notes with one digest look the same."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

from cardwright.collection import content as c
from cardwright.collection.card import cards
from cardwright.collection.note import Note
from cardwright.collection.reference import Citation

if TYPE_CHECKING:  # few decks have diagrams, or note types of their own
    from cardwright.collection.custom_note_type import CustomNoteType
    from cardwright.collection.diagram import Diagram

OFF_PAPER = "-"
"""The digest of a note that isn't printed."""

# Attributes of which nothing is seen on paper.
_UNSEEN: Mapping[type, set[str]] = {
    c.MediaFile: {"path", "data"},  # its name has a digest of the data
    c.Link: {"url"},
    c.Image: {"alt"},
    c.Sound: {"file"},
    c.Heading: {"level"},
    c.CodeBlock: {"language"},
    c.RawHtml: {"html", "files"},
}


def printed_digest(note: Note) -> str:
    """Return a digest of what a note's cards show: both sides, names, topic and sources, but not their style.

    Tags, answers to be typed in, addresses of links and descriptions of pictures change nothing in it,
    unless a template of a custom note type shows them. For an imported note type, its style counts too.
    """
    if not note.printed:
        return OFF_PAPER
    # Written for speed, since it runs for every note of every build.
    parts: list[str] = []
    if note.custom_type is not None and note.custom_type.imported is None:
        parts += [_describe((card.name, card.front, card.back)) for card in cards(note)]
        return _digest(note.key, note.heading, parts, ())
    if note.custom_type is not None:
        parts += _imported_parts(note, note.custom_type)
    elif note.diagram is not None:
        parts += _diagram_parts(note, note.diagram)
    for name, content in note.fields.items():
        text = c.sole_text(content)
        parts += (repr(name), _describe(content) if text is None else f"(({text!r}))")
    return _digest(note.key, note.heading, parts, note.citations)


def printed_digest_of_texts(
    key: str, heading: str, texts: Mapping[str, str], citations: Iterable[Citation]
) -> str:
    """Return the `printed_digest` of a note of one of our own types that is printed.

    texts: its fields by name, each of them plain.
    """
    parts = [f"{name!r}\x1f(({text!r}))" for name, text in texts.items()]
    return _digest(key, heading, parts, citations)


def _digest(key: str, heading: str, parts: list[str], citations: Iterable[Citation]) -> str:
    all_parts = [repr(key), repr(heading), *parts, *map(_describe_citation, citations)]
    return sha256("\x1f".join(all_parts).encode("utf-8", "replace")).hexdigest()[:8]


def _imported_parts(note: Note, note_type: "CustomNoteType") -> Iterator[str]:
    """Yield what the cards of a note have besides its fields.

    To lay out its cards would take half of the time that a build takes, for each of the many notes that
    imported decks have. So a change of a style counts as seen, and so does one of a field that isn't shown.
    """
    sides = [side for template in note_type.templates for side in (template.front, template.back)]
    yield _digest_of_looks((*(template.name for template in note_type.templates), *sides, note_type.css))
    for name, value in (("Tags", note.tags), ("eck", note.deck_name.full)):  # Deck and Subdeck
        if any(name in side for side in sides):
            yield repr(value)


@lru_cache(maxsize=256)
def _digest_of_looks(texts: tuple[str, ...]) -> str:
    """Return a digest of templates and a style, which many notes have."""
    return sha256("\x1f".join(texts).encode("utf-8", "replace")).hexdigest()[:16]


@cache
def _describe_citation(citation: Citation) -> str:
    return repr(citation.text)


def _diagram_parts(note: Note, diagram: "Diagram") -> Iterator[str]:
    # Its other cards differ from the first one in nothing but their labels.
    yield from (_describe((card.front, card.back)) for card in islice(cards(note), 1))
    yield from (_describe((label.cloze_number, label.name, *label.shapes)) for label in diagram.labels)


def _describe(part: Any) -> str:
    """Return a text that differs for parts that look different."""
    if isinstance(part, c.Paragraph):  # as most blocks are, of one text
        part = part.children
    if isinstance(part, tuple):
        texts = [repr(node.text) if isinstance(node, c.Text) else _describe(node) for node in part]
        return f"({','.join(texts)})"
    names = _seen_attributes(type(part))  # type: ignore[arg-type]  # mypy doesn't know that classes have hashes
    if not names:
        return repr(part)
    return f"{type(part).__name__}({','.join([_describe(getattr(part, name)) for name in names])})"


@cache
def _seen_attributes(type_: type) -> tuple[str, ...]:
    """Return the attributes of a node that are seen on paper; none of what is no node. type_: its class."""
    unseen = next((names for base, names in _UNSEEN.items() if issubclass(type_, base)), set())
    return tuple(name for name in getattr(type_, "__match_args__", ()) if name not in unseen)
