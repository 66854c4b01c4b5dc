"""Text that a style sheet adds: `content` before and after an element, counters, and the marks of lists.

Sources: CSS Generated Content 3, CSS Lists 3, CSS Counter Styles 3.
"""

from collections.abc import Mapping
from typing import Any

import tinycss2

from cardwright.collection.html_layout import LISTS
from cardwright.collection.template import Element
from cardwright.source.card_look import Look
from cardwright.source.css_tokens import WIDE_KEYWORDS
from cardwright.source.style_sheets import Style

_BULLETS = {"disc": "•", "circle": "◦", "square": "▪", "disclosure-open": "▾", "disclosure-closed": "▸"}
_ALPHABETS = {
    "lower-alpha": "abcdefghijklmnopqrstuvwxyz",
    "upper-alpha": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lower-greek": "αβγδεζηθικλμνξοπρστυφχψω",
}
_ALIASES = {"lower-latin": "lower-alpha", "upper-latin": "upper-alpha"}
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_QUOTES = {"open-quote": "“", "close-quote": "”"}


class Counters:
    """The counters of a page, which its elements count in the order of their start tags."""

    def __init__(self) -> None:
        # One scope for each open element: the counters that it has set.
        self._scopes: list[dict[str, int]] = [{}]

    def enter(self, element: Element, values: Mapping[str, str], *, is_shown: bool) -> None:
        """Begin an element."""
        self._scopes.append({})
        if element.name in LISTS:
            self._set("list-item", int(element.value or 1) - 1)
        if is_shown:
            own_value = dict(element.attributes).get("value", "")
            if element.name == "li":
                if own_value.lstrip("-").isdigit():
                    self._change("list-item", int(own_value), is_new=True)
                else:
                    self._change("list-item", 1, is_new=False)
            self.count(values)

    def leave(self) -> None:
        """End an element."""
        self._scopes.pop()

    def count(self, values: Mapping[str, str]) -> None:
        """Set and count the counters that a style names."""
        for name, number in _pairs(values.get("counter-reset", ""), 0):
            self._set(name, number)
        for name, number in _pairs(values.get("counter-increment", ""), 1):
            self._change(name, number, is_new=False)
        for name, number in _pairs(values.get("counter-set", ""), 0):
            self._change(name, number, is_new=True)

    def values(self, name: str) -> list[int]:
        """Return the values of all counters of a name, the outermost first; one of 0 if there is none."""
        return [scope[name] for scope in self._scopes if name in scope] or [0]

    def _set(self, name: str, number: int) -> None:
        """Begin a counter, whose scope are the siblings that follow and what is in them."""
        self._scopes[-2 if len(self._scopes) > 1 else -1][name] = number

    def _change(self, name: str, number: int, *, is_new: bool) -> None:
        scope = next((scope for scope in reversed(self._scopes) if name in scope), None)
        if scope is None:
            self._set(name, number)
        else:
            scope[name] = number if is_new else scope[name] + number


def _pairs(value: str, default: int) -> list[tuple[str, int]]:
    """Return the names and numbers of `counter-reset: name 2 other`."""
    pairs: list[tuple[str, int]] = []
    for word in value.split():
        if word.lstrip("+-").isdigit() and pairs:
            pairs[-1] = (pairs[-1][0], int(word))
        elif word != "none" and word not in WIDE_KEYWORDS:
            pairs.append((word, default))
    return pairs


def generated_text(value: str, element: Element, counters: Counters) -> str:
    """Return the text that a value of `content` means; what is no text, such as a picture, is left out."""
    pieces = []
    for part in tinycss2.parse_component_value_list(value, skip_comments=True):
        if part.type == "literal" and part.value == "/":  # what follows is for screen readers
            break
        if part.type == "string":
            pieces.append(part.value)
        elif part.type == "ident":
            pieces.append(_QUOTES.get(part.lower_value, ""))
        elif part.type == "function":
            pieces.append(_function(part, element, counters))
    return "".join(pieces)


def _function(token: Any, element: Element, counters: Counters) -> str:
    """Return the text of `attr()`, `counter()` or `counters()`; of any other function none."""
    arguments = [part for part in token.arguments if part.type in ("ident", "string")]
    if not arguments:
        return ""
    name, rest = arguments[0].value, [part.value for part in arguments[1:]]
    match token.lower_name, rest:
        case "attr", _:
            return dict(element.attributes).get(name.lower(), "".join(rest[:1]))
        case "counter", _:
            return number_text(counters.values(name.lower())[-1], *rest[:1])
        case "counters", [separator, *style]:
            return str(separator).join(number_text(n, *style[:1]) for n in counters.values(name.lower()))
        case _:
            return ""


def entry_mark(element: Element, look: Look, parent: str, marker: Style | None, counters: Counters) -> str:
    """Return the mark of an entry of a list; empty for none.

    parent: the name of the list. marker: the style of the mark itself, if there is any.
    """
    content = "normal" if marker is None else marker.values.get("content", "normal")
    if element.name != "li" or look.display != "list-item" or content == "none":
        return ""
    if content != "normal":
        return generated_text(content, element, counters).strip()
    number = counters.values("list-item")[-1]
    style = look.list_type or ("decimal" if parent == "ol" else "disc")
    if style.startswith(("'", '"')):
        return generated_text(style, element, counters).strip()
    mark = number_text(number, style)
    return mark if not mark or style.lower() in _BULLETS else f"{mark}."


def plain_marks(name: str, start: int, count: int) -> list[str]:
    """Return the marks that the entries of a list have without any style. name: of the list's element."""
    return [f"{start + index}." if name == "ol" else _BULLETS["disc"] for index in range(count)]


def number_text(number: int, style: str = "decimal") -> str:
    """Return a number as a counter style writes it; in digits if it cannot."""
    style = _ALIASES.get(style.lower(), style.lower())
    if style in _BULLETS:
        return _BULLETS[style]
    if style in _ALPHABETS and number > 0:
        return _alphabetic(number, _ALPHABETS[style])
    if style.endswith("-roman") and 0 < number < 4000:
        roman = _to_roman(number)
        return roman.upper() if style == "upper-roman" else roman
    if style == "decimal-leading-zero":
        return f"{number:02}"
    return "" if style == "none" else str(number)


def _alphabetic(number: int, letters: str) -> str:
    text = ""
    while number > 0:
        number, index = divmod(number - 1, len(letters))
        text = letters[index] + text
    return text


def _to_roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text
