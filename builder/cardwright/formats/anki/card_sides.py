"""The HTML of both sides of a card, as Anki makes it of a note type's templates and a note's fields.

A build needs none of this: Anki does it on its own. It is for showing cards without Anki.
Source: Anki, rslib/src/template.rs, template_filters.rs and notetype/render.rs; tests compare the two.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape

from cardwright.collection.deck_name import SEPARATOR
from cardwright.collection.template import Token, TokenKind, tokenize
from cardwright.formats.anki.cards import is_empty
from cardwright.formats.anki.cloze_html import clozes_only, has_cloze, shown_clozes, without_tags
from cardwright.formats.anki.note_types import AnkiNoteType
from cardwright.formats.anki.sound_tags import Played, decode_entities, extract_sounds
from cardwright.record import Record

_FRONT_SIDE = "FrontSide"
_READING = re.compile(r" ?([^ >]+?)\[(.+?)\]")
_CLOZE_CONDITION = re.compile(r"c[0-9]+")
# Anki calls itself for each section as well, and ends if there are too many.
_DEEPEST = 100
_MANUAL = "https://docs.ankiweb.net/templates/errors.html"
_MORE = "More information"


class CardSides(Record, frozen=True):
    """Both sides of a card, as Anki gives them to its window.

    front, back: HTML in which `[anki:play:q:0]` stands for the first of front_sounds, `[anki:play:a:0]` for
        that of back_sounds, and `[[type:Field]]` for where an answer is typed in.
    """

    front: str
    back: str
    front_sounds: tuple[Played, ...] = ()
    back_sounds: tuple[Played, ...] = ()


class _TemplateError(Exception):
    """What Anki says of a template that it can't read."""


class _Shown(Record, frozen=True):
    """`{{filter:Field}}`. filters: innermost first."""

    field: str
    filters: tuple[str, ...]
    raw: str


class _Section(Record, frozen=True):
    """`{{#Field}}`, or `{{^Field}}` if negated, and all that is in it."""

    field: str
    is_negated: bool
    nodes: "tuple[str | _Shown | _Section, ...]"


_Nodes = tuple[str | _Shown | _Section, ...]


class _Card(Record, frozen=True):
    """What the templates can show of a card.

    values: HTML of the fields by name, with those that Anki adds. number: of the cloze deletion it asks for.
    """

    values: Mapping[str, str]
    filled: frozenset[str]
    number: int


def shown_sides(
    note_type: AnkiNoteType, fields: Sequence[str], *, tags: Sequence[str], deck_name: str, ordinal: int
) -> CardSides:
    """Return both sides of a card as Anki shows them to a learner who uses it in English.

    fields: HTML, in the note type's order. deck_name: the full name of the card's deck. ordinal: 0-based.
    """
    template = note_type.templates[0 if note_type.is_cloze else ordinal]
    number = ordinal + 1
    added = {
        "Tags": " ".join(tags),
        "Type": note_type.name,
        "Deck": deck_name,
        "Subdeck": deck_name.rpartition(SEPARATOR)[2],
        "Card": template.name,
        "CardFlag": "flag0",
        "CardID": "0",
        f"c{number}": "1",
    }
    values = {**added, **dict(zip(note_type.field_names, fields, strict=True))}
    filled = frozenset(name for name, html in values.items() if not is_empty(html))
    card = _Card(values, filled, number)
    try:
        nodes = _parse_checked(template.front, card, "Front")
        front, front_sounds = extract_sounds(_render(nodes, card, None), is_front=True)
        message = _empty_message(nodes, card, is_cloze=note_type.is_cloze)
        if message:
            return CardSides(front + message, message, front_sounds)
        back_nodes = _parse_checked(template.back, card, "Back")
    except _TemplateError as error:
        return CardSides(str(error), str(error))
    back, back_sounds = extract_sounds(_render(back_nodes, card, front), is_front=False)
    return CardSides(front, back, front_sounds, back_sounds)


def _empty_message(nodes: _Nodes, card: _Card, *, is_cloze: bool) -> str:
    """Return what Anki shows on a card whose front is empty; empty if it isn't."""
    if is_cloze and not any(has_cloze(html, card.number) for html in card.values.values()):
        what = (
            f"No cloze {card.number} found on card.\n"
            "Please either add a cloze deletion, or use the Empty Cards tool."
        )
        page = f"{_MANUAL}#no-cloze-filter-on-cloze-note-type"
    elif not is_cloze and not _shows_field(nodes, card):
        what = "The front of this card is blank."
        page = f"{_MANUAL}#front-of-card-is-blank"
    else:
        return ""
    return f"<div>{what}<br><a href='{page}'>{_MORE}</a></div>"


def _shows_field(nodes: _Nodes, card: _Card) -> bool:
    for node in nodes:
        match node:
            case _Shown(field):
                if field in card.filled:
                    return True
            case _Section(field, is_negated, children):
                if (field in card.filled) != is_negated and _shows_field(children, card):
                    return True
            case _:
                pass
    return False


def _parse_checked(template: str, card: _Card, side: str) -> _Nodes:
    """Return the nodes of a template. Raises _TemplateError for one that Anki shows a message for."""
    try:
        nodes = _parse(template)
        for node in _walk(nodes):
            _check(node, card)
    except _TemplateError as error:
        what = f"{side} template has a problem:<br>{escape(str(error))}"
        link = f"<a href='{_MANUAL}#template-syntax-error'>{_MORE}</a>"
        raise _TemplateError(f"{what}<br>{link}") from None
    return nodes


@lru_cache(maxsize=256)
def _parse(template: str) -> _Nodes:
    return _nodes(tokenize(template), None)


def _nodes(tokens: Iterator[Token], open_section: str | None, depth: int = 0) -> _Nodes:
    if depth > _DEEPEST:
        raise _TemplateError(f"More than {_DEEPEST} sections are nested")
    nodes: list[str | _Shown | _Section] = []
    for token in tokens:
        match token.kind:
            case "text" | "comment":
                nodes.append(token.raw)
            case "replacement":
                *filters, field = token.name.split(":")
                nodes.append(_Shown(field, tuple(reversed(filters)), token.name))
            case "section-end" if token.name == open_section:
                return tuple(nodes)
            case "section-end":
                expected = f"expected '{{{{/{open_section}}}}}'"
                if open_section is None:
                    expected = f"missing '{{{{#{token.name}}}}}' or '{{{{^{token.name}}}}}'"
                raise _TemplateError(f"Found '{{{{/{token.name}}}}}', but {expected}")
            case kind:
                nodes.append(_Section(token.name, _is_negated(kind), _nodes(tokens, token.name, depth + 1)))
    if open_section is not None:
        raise _TemplateError(f"Missing '{{{{/{open_section}}}}}'")
    return tuple(nodes)


def _is_negated(kind: TokenKind) -> bool:
    return kind == "negated-section"


def _walk(nodes: _Nodes) -> Iterator[_Shown | _Section]:
    for node in nodes:
        if not isinstance(node, str):
            yield node
        if isinstance(node, _Section):
            yield from _walk(node.nodes)


def _check(node: _Shown | _Section, card: _Card) -> None:
    if node.field in card.values:
        return
    if isinstance(node, _Section):
        if _CLOZE_CONDITION.fullmatch(node.field):
            return
        found = f"{'^' if node.is_negated else '#'}{node.field}"
    elif node.field == _FRONT_SIDE or (not node.field and node.filters):
        return
    else:
        found = node.raw
    raise _TemplateError(f"Found '{{{{{found}}}}}', but there is no field called '{node.field}'")


def _render(nodes: _Nodes, card: _Card, front: str | None) -> str:
    """Return the HTML of a template. front: of the card, for its back; None for the front itself."""
    parts: list[str] = []
    for node in nodes:
        match node:
            case str():
                parts.append(node)
            case _Shown(field, filters) if field == _FRONT_SIDE:
                parts.append(front or "")
            case _Shown(field, filters):
                parts.append(
                    _filtered(card.values.get(field, ""), filters, field, card, is_front=front is None)
                )
            case _Section(field, is_negated, children):
                if (field in card.filled) != is_negated:
                    parts.append(_render(children, card, front))
    return "".join(parts)


def _filtered(html: str, filters: Sequence[str], field: str, card: _Card, *, is_front: bool) -> str:
    """Return a field as its filters show it. filters: innermost first."""
    if filters and filters[-1] == "type":
        kind = f"{filters[0]}:" if len(filters) == 2 and filters[0] in ("cloze", "nc") else ""
        return f"[[type:{kind}{field}]]"
    for name in filter(None, filters):
        if name == "cloze":
            html = shown_clozes(html, card.number, is_front=is_front)
        elif name == "cloze-only":
            html = clozes_only(html, card.number, is_front=is_front)
        elif name == "hint":
            html = _hint(html, field)
        elif name == "type":
            html = f"[[type:{field}]]"
        elif name.startswith("tts "):
            html = f"[anki:tts lang={name.removeprefix('tts ')}]{html}[/anki:tts]"
        elif name in _PLAIN_FILTERS:
            html = _PLAIN_FILTERS[name](html)
        else:
            break  # from here on Anki leaves it to an add-on, which is not there
    return html


def _with_readings(html: str, form: str) -> str:
    """Return a text in which words have their readings in brackets, in another form."""

    def replace(match: re.Match[str]) -> str:
        return match[0] if match[2].startswith("sound:") else form.format(match[1], match[2])

    html = html.replace("&nbsp;", " ")
    return _READING.sub(replace, html) if "[" in html else html


def _hint(html: str, field: str) -> str:
    """Return a link that shows a text with a script, as Anki makes it; only the id is another."""
    if not html.strip():
        return html
    id_ = f"hint{sha256(f'{html}{field}'.encode('utf-8', 'replace')).hexdigest()[:16]}"
    return (
        '\n<a class=hint href="#"\n'
        f"onclick=\"this.style.display='none';\ndocument.getElementById('{id_}').style.display='block';\n"
        f'return false;" draggable=false>\n{field}</a>\n'
        f'<div id="{id_}" class=hint style="display: none">{html}</div>\n'
    )


_PLAIN_FILTERS: dict[str, Callable[[str], str]] = {
    "text": lambda html: decode_entities(without_tags(html)),
    "furigana": lambda html: _with_readings(html, "<ruby><rb>{}</rb><rt>{}</rt></ruby>"),
    "kanji": lambda html: _with_readings(html, "{0}"),
    "kana": lambda html: _with_readings(html, "{1}"),
}
