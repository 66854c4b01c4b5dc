"""Reads the style sheets that CSS imports, which become a part of it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import tinycss2

from cardwright.source.css_tokens import without_space

_MOST_NESTED = 5


def leading_imports(values: Sequence[Any]) -> Iterator[tuple[Sequence[Any], int]]:
    """Yield what follows each `@import`, and where the rest of the CSS begins.

    They stand before all rules; behind one a browser reads none.
    """
    position = 0
    while position < len(values):
        value = values[position]
        position += 1
        if value.type in ("whitespace", "comment"):
            continue
        if value.type != "at-keyword" or value.lower_value not in ("import", "charset"):
            return
        end = next((n for n in range(position, len(values)) if values[n] == ";"), len(values))
        prelude = values[position:end]
        position = end + 1
        if value.lower_value == "import":
            yield prelude, position


def imported_address(prelude: Sequence[Any]) -> str:
    """Return the address of an imported style sheet; empty for none."""
    words = without_space(prelude)
    return address(words[0]) if words else ""


def with_condition(css: str, prelude: Sequence[Any]) -> str | None:
    """Return CSS under the condition of its import; None for one that CSS has no other words for."""
    words = without_space(prelude)
    condition = tinycss2.serialize(prelude[prelude.index(words[0]) + 1 :]).strip()
    if condition.lower().startswith(("layer", "supports")):
        return None
    return f"@media {condition} {{\n{css}\n}}\n" if condition else f"{css}\n"


def address(value: Any) -> str:
    """Return the address in `url(…)`, or a string; empty for anything else."""
    if value.type in ("url", "string"):
        return str(value.value)
    if value.type == "function" and value.lower_name == "url":
        return next((str(argument.value) for argument in value.arguments if argument.type == "string"), "")
    return ""


def inline_imports(css: str, read: Callable[[str], str | None], depth: int = 0) -> str:
    """Return CSS with the style sheets that it imports in their places, as far as they are there.

    read: returns a style sheet by its name; None if there is none. depth: how many of them are around it.
    """
    if "@import" not in css.lower() or depth > _MOST_NESTED:
        return css
    values = tinycss2.parse_component_value_list(css)
    pieces: list[str] = []
    rest = 0
    for prelude, end in leading_imports(values):
        text = read(imported_address(prelude))
        if text is not None:
            text = with_condition(inline_imports(text, read, depth + 1).strip(), prelude)
        pieces.append(tinycss2.serialize(values[rest:end]) if text is None else text)
        rest = end
    return "".join((*pieces, tinycss2.serialize(values[rest:])))
