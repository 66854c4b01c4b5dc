"""Cloze deletions in the HTML of a field, shown as Anki shows them on one card.

Source: Anki, rslib/src/cloze.rs and rslib/src/image_occlusion/imageocclusion.rs; tests compare the two.
"""

import re
from collections.abc import Callable, Iterator

from cardwright.record import Record

_BOUNDARY = re.compile(r"\{\{c([0-9,]+)::|\}\}")
_GREATEST_NUMBER = 65_535
# Deletions that are nested deeper are shown as what is in them.
_DEEPEST = 10

_OCCLUSION = "image-occlusion:"
_PROPERTY = re.compile(r":([^=]+)=((?:[^\\:]|\\[\\:])*)(?=:|\Z)")
_ATTRIBUTES = {
    **{
        name: name
        for name in ("left", "top", "angle", "fill", "width", "height", "rx", "ry", "text", "scale")
    },
    "oi": "occludeInactive",
    "fs": "font-size",
    "points": "points",
}
_NEVER_ZERO = frozenset({"width", "height", "rx", "ry", "scale"})
_SHAPES = frozenset({"rect", "ellipse", "polygon", "text"})

_FORMULA = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_ENCODED = re.compile(r"[^0-9A-Za-z\u0100-\U0010ffff]")
_ENTITIES = {'"': "&quot;", "&": "&amp;", "'": "&#x27;", "<": "&lt;", ">": "&gt;"}
_TAG = re.compile(
    r"<!--.*?-->|<style.*?>.*?</style>|<script.*?>.*?</script>|<.*?>", re.DOTALL | re.IGNORECASE
)


class _Deletion(Record, frozen=True):
    """A cloze deletion. nodes: texts and deletions. hint: None if it has none."""

    numbers: tuple[int, ...]
    nodes: "tuple[str | _Deletion, ...]"
    hint: str | None

    @property
    def hidden(self) -> str:
        return "..." if self.hint is None else self.hint

    @property
    def text(self) -> str:
        return "".join(node if isinstance(node, str) else node.text for node in self.nodes)

    @property
    def ordinals(self) -> str:
        return ",".join(map(str, self.numbers))


_Nodes = tuple[str | _Deletion, ...]


def shown_clozes(html: str, number: int, *, is_front: bool) -> str:
    """Return what the filter `cloze` shows of a field on the card of a number; empty without that number."""
    nodes = _parse(html)
    if not any(number in deletion.numbers for deletion in _all_deletions(nodes)):
        return ""
    shown = _reveal(nodes, number, is_front=is_front)
    return _FORMULA.sub(lambda match: match[1] + without_tags(match[2]) + match[3], shown)


def clozes_only(html: str, number: int, *, is_front: bool) -> str:
    """Return what the filter `cloze-only` shows of a field: the deletions of one number, without the rest."""
    return ", ".join(
        deletion.hidden if is_front else deletion.text
        for deletion in _all_deletions(_parse(html))
        if number in deletion.numbers
    )


def typed_clozes(html: str, number: int) -> str:
    """Return what is to be typed in for a number: the texts of its deletions, one if all are equal."""
    deletions = _all_deletions(_parse(html))
    texts = [deletion.text for deletion in deletions if number in deletion.numbers]
    return texts[0] if len(set(texts)) == 1 else ", ".join(texts)


def has_cloze(html: str, number: int) -> bool:
    """Return whether a field has a deletion of a number."""
    return any(number in deletion.numbers for deletion in _all_deletions(_parse(html)))


def without_tags(html: str) -> str:
    """Return HTML without its tags; entities stay. Source: Anki, rslib/src/text.rs, `HTML`."""
    return _TAG.sub("", html) if "<" in html else html


def _parse(html: str) -> _Nodes:
    """Read the deletions of a field. What comes after the start of one that never ends is left out."""
    output: list[str | _Deletion] = []
    open_deletions: list[tuple[tuple[int, ...], list[str | _Deletion], list[str]]] = []
    for token in _tokens(html):
        if isinstance(token, tuple):
            if len(open_deletions) < _DEEPEST:
                open_deletions.append((token, [], []))
        elif token is None:
            if not open_deletions:
                output.append("}}")
                continue
            numbers, nodes, hints = open_deletions.pop()
            deletion = _Deletion(numbers, tuple(nodes), hints[-1] if hints else None)
            (open_deletions[-1][1] if open_deletions else output).append(deletion)
        elif open_deletions:
            text, separator, hint = token, "", ""
            if not token.startswith(_OCCLUSION):
                text, separator, hint = token.partition("::")
            if separator:
                open_deletions[-1][2].append(hint)
            open_deletions[-1][1].append(text)
        else:
            output.append(token)
    return tuple(output)


def _tokens(html: str) -> Iterator[tuple[int, ...] | str | None]:
    """Yield the numbers of each deletion that begins, None for each that ends, and the texts between."""
    start = 0
    for boundary in _BOUNDARY.finditer(html):
        listed = boundary[1]
        numbers = {int(digits) for digits in (listed or "").split(",") if digits}
        numbers = {number for number in numbers if number <= _GREATEST_NUMBER}
        if listed and not numbers:
            continue
        if start < boundary.start():
            yield html[start : boundary.start()]
        yield tuple(sorted(numbers)) if listed else None
        start = boundary.end()
    if start < len(html):
        yield html[start:]


def _all_deletions(nodes: _Nodes) -> Iterator[_Deletion]:
    for node in nodes:
        if isinstance(node, _Deletion):
            yield node
            yield from _all_deletions(node.nodes)


def _reveal(nodes: _Nodes, number: int, *, is_front: bool) -> str:
    return "".join(
        node if isinstance(node, str) else _reveal_deletion(node, number, is_front=is_front) for node in nodes
    )


def _reveal_deletion(deletion: _Deletion, number: int, *, is_front: bool) -> str:
    is_asked = number in deletion.numbers
    first = deletion.nodes[0] if deletion.nodes else ""
    if isinstance(first, str) and first.startswith(_OCCLUSION):
        return _mask(first.removeprefix(_OCCLUSION), deletion, is_front=is_front, is_asked=is_asked)
    inner = _reveal(deletion.nodes, number, is_front=is_front)
    ordinals = f'data-ordinal="{deletion.ordinals}"'
    if not is_asked:
        return f'<span class="cloze-inactive" {ordinals}>{inner}</span>'
    if is_front:
        hidden = encode_attribute(inner)
        return f'<span class="cloze" data-cloze="{hidden}" {ordinals}>[{deletion.hidden}]</span>'
    return f'<span class="cloze" {ordinals}>{inner}</span>'


def encode_attribute(text: str) -> str:
    """Write a text as the value of an attribute, as Anki does it."""
    return _ENCODED.sub(lambda match: _ENTITIES.get(match[0], f"&#x{ord(match[0]):02X};"), text)


def _mask(occlusion: str, deletion: _Deletion, *, is_front: bool, is_asked: bool) -> str:
    """Return a mask of image occlusion, which Anki's script draws. occlusion: without its beginning."""
    state = "cloze-inactive"
    if is_asked:
        state = "cloze" if is_front else "cloze-highlight"
    if 0 in deletion.numbers:
        state = "cloze"
    attributes = _mask_attributes(occlusion)
    return f'<div class="{state}" data-ordinal="{deletion.ordinals}" {attributes}></div>'


def _mask_attributes(occlusion: str) -> str:
    """Return the attributes of a mask, each with a space after it."""
    shape, separator, rest = occlusion.partition(":")
    if not separator:
        return ""
    attributes = [f'data-shape="{shape}" '] if shape in _SHAPES else []
    for name, written in _read_properties(separator + rest):
        value = _ATTRIBUTE_VALUES.get(name, str)(re.sub(r"\\(.)", r"\1", written))
        if name in _ATTRIBUTES and value and not (name in _NEVER_ZERO and value == "0"):
            attributes.append(f'data-{_ATTRIBUTES[name]}="{value}" ')
    return "".join(attributes)


def _read_properties(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while match := _PROPERTY.match(text, position):
        yield match[1], match[2]
        position = match.end()


def _points(value: str) -> str:
    return " ".join(point for point in value.split(" ") if "," in point)


_ATTRIBUTE_VALUES: dict[str, Callable[[str], str]] = {"points": _points, "text": encode_attribute}
