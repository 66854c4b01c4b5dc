"""Fields within the tags of a card template, such as `<span class="{{Gender}}">`.

Anki fills in a field wherever it stands, so what a card has in such a field must be no markup and end no
value. It stands in for a placeholder while the template's HTML is read.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from cardwright.collection.content import Text
from cardwright.collection.template import (
    Node,
    Nodes,
    Section,
    Token,
    split_filters,
)

FIELD_ATTRIBUTES = frozenset({"class", "dir", "href", "id", "lang", "title"})
"""The attributes that may have fields in them; they change no more than a look, a word or a link."""

SPECIAL_FIELDS_IN_TAGS = frozenset({"Card", "CardFlag", "Tags", "Type"})
"""The fields of Anki's own that may stand in a tag: learners can give a deck any name, with quotes in it."""

WEB_PAGE = re.compile(r"https?://[^/\s?#]+[/?#]")
"""The beginning of an address that a field can only continue: it leads nowhere else, and is no script."""

# Signs that neither end a value nor mean something to Anki or MathJax, besides letters and digits.
_SIGNS = frozenset(" -_.,:;!?'’()/+#%@=~*&–")

_FIRST_PLACEHOLDER = 0xF0000  # the first character of a plane for private use
_LAST_PLACEHOLDER = 0xFFFFD
_PLACEHOLDER = re.compile(f"[{chr(_FIRST_PLACEHOLDER)}-{chr(_LAST_PLACEHOLDER)}]")
_OPEN_VALUE = re.compile(
    r"<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z][A-Za-z0-9-]*(?:\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'=<>`]+))?)*"
    r"\s+[A-Za-z][A-Za-z0-9-]*\s*=\s*\"[^\"<>]*\Z"
)


@dataclass(slots=True)
class TagFields:
    """The fields and sections in the tags of one template.

    inner_tokens: ids of the tokens that stand in tags.
    """

    inner_tokens: set[int] = field(default_factory=set)
    _nodes: list[tuple[Node, str]] = field(default_factory=list)

    def add(self, node: Node, raw: str) -> str:
        """Return the placeholder for a node. raw: as it is written."""
        self._nodes.append((node, raw))
        return chr(_FIRST_PLACEHOLDER + len(self._nodes) - 1)

    def restore(self, text: str) -> str:
        """Return a text with what is written instead of its placeholders."""
        return _PLACEHOLDER.sub(lambda match: self._nodes[ord(match[0]) - _FIRST_PLACEHOLDER][1], text)

    def nodes_of(self, value: str) -> Nodes:
        """Return the value of an attribute as nodes; empty if it has no fields."""
        if not _PLACEHOLDER.search(value):
            return ()
        nodes: list[Node] = []
        position = 0
        for match in _PLACEHOLDER.finditer(value):
            if match.start() > position:
                nodes.append(Text(value[position : match.start()]))
            nodes.append(self._nodes[ord(match[0]) - _FIRST_PLACEHOLDER][0])
            position = match.end()
        return (*nodes, Text(value[position:])) if position < len(value) else tuple(nodes)


def join_tags(tokens: Sequence[Token]) -> tuple[list[Token], TagFields]:
    """Return the tokens of a template with each tag in one text, whose fields have placeholders."""
    fields = TagFields()
    if any(_PLACEHOLDER.search(token.raw) for token in tokens):
        return list(tokens), fields
    result: list[Token] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        position += 1
        if token.kind == "text" and position < len(tokens) and (joined := _join(tokens, position, fields)):
            text, position = joined
            token = Token("text", "", text)
        result.append(token)
    return result, fields


def _join(tokens: Sequence[Token], position: int, fields: TagFields) -> tuple[str, int] | None:
    """Return a text with the tags that it opens, and the position behind them; None if it opens no value."""
    text = tokens[position - 1].raw
    start = position
    while position < len(tokens) and _OPEN_VALUE.match(text, max(0, text.rfind("<"))):
        token = tokens[position]
        if token.kind == "text":
            text += token.raw
            position += 1
            continue
        found = _read_node(tokens, position)
        if found is None:
            break
        node, end = found
        fields.inner_tokens.update(map(id, tokens[position:end]))
        text += fields.add(node, "".join(inner.raw for inner in tokens[position:end]))
        position = end
    return (text, position) if position > start else None


def _read_node(tokens: Sequence[Token], position: int) -> tuple[Node, int] | None:
    """Return the field or section at a position, and the position behind it; None if there is none."""
    token = tokens[position]
    position += 1
    match token.kind:
        case "replacement":
            return split_filters(token.name), position
        case "section" | "negated-section":
            children: list[Node] = []
            while position < len(tokens) and tokens[position].kind != "section-end":
                inner = tokens[position]
                if inner.kind == "text":
                    if re.search(r"[\"<>]", inner.raw):
                        return None
                    children.append(Text(inner.raw))
                    position += 1
                    continue
                found = _read_node(tokens, position)
                if found is None:
                    return None
                children.append(found[0])
                position = found[1]
            if position == len(tokens) or tokens[position].name != token.name:
                return None
            return Section(token.name, token.kind == "negated-section", tuple(children)), position + 1
        case _:
            return None


def unfit_character(text: str) -> str:
    """Return the first character of a text that may not stand in a tag; empty for none."""
    for character in text:
        if not (
            character.isalnum() or character in _SIGNS or unicodedata.category(character).startswith("M")
        ):
            return character
    return ""
