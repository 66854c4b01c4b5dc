"""Checks CSS for what it must not have: a way out of its `<style>`, a script, or a reference to the outside.

A browser reads CSS with escapes resolved and comments left out, so it is checked both as written and
as a browser reads it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cardwright.collection.colour import Colour

MAX_BRACKETS = 150
"""How deep brackets of all kinds may be nested; readers call themselves for each."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_DELIMITER = re.compile(r"/\*|\*/|[\"']")

_NO_REFERENCES = 'name a font or a picture of the deck: `url("media/name.ttf")`'
_NO_SCRIPTS = "a downloaded deck must not bring scripts"
# What is refused, and the help line for it.
_REFUSED = tuple(
    (re.compile(pattern, re.IGNORECASE), help_)
    for pattern, help_ in (
        (r"@import", "copy the rules that it would import"),
        (r"(?:url|src|image|image-set|cross-fade)\s*\(", _NO_REFERENCES),
        (r"expression\s*\(|(?:java|vb)script\s*:|-moz-binding|(?<![-\w])behavior\s*:", _NO_SCRIPTS),
        (r"</|<!--|-->|<style", "only CSS is allowed here"),
    )
)


@dataclass(frozen=True, slots=True)
class CssProblem:
    """Something that CSS must not have. part: as it is written, or as a browser reads it."""

    part: str
    help: str


def parse_declarations(style: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each declaration of a `style` attribute, both in lower case."""
    from tinycss2 import parse_blocks_contents, serialize  # noqa: PLC0415  few texts have any style

    for declaration in parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if declaration.type == "declaration":
            yield declaration.lower_name, serialize(declaration.value).strip().lower()


def parse_colour(value: str) -> Colour | None:
    """Return a colour of CSS as it looks on white; None if it is none, or fully transparent."""
    from tinycss2.color4 import parse_color  # noqa: PLC0415  few texts have any style

    try:
        colour = parse_color(value)
        if colour is None or isinstance(colour, str) or not colour.alpha:
            return None
        channels = [min(max(channel or 0.0, 0.0), 1.0) for channel in colour.to("srgb").coordinates]
    except (NotImplementedError, ValueError):  # a colour space without a way to sRGB
        return None
    red, green, blue = (round(255 * (channel * colour.alpha + 1 - colour.alpha)) for channel in channels)
    return red, green, blue


def has_deep_brackets(css: str) -> bool:
    """Return whether brackets are nested deeper than MAX_BRACKETS."""
    depth = 0
    for bracket in re.findall(r"[(\[{}\])]", css):
        depth = depth + 1 if bracket in "([{" else max(0, depth - 1)
        if depth > MAX_BRACKETS:
            return True
    return False


def find_css_problems(css: str) -> Iterator[CssProblem]:
    """Yield what CSS has and must not have, each thing once."""
    problems: dict[str, CssProblem] = {}
    for reading in css_readings(css):
        for pattern, help_ in _REFUSED:
            for match in pattern.finditer(reading):
                part = "".join(match[0].split())
                problems.setdefault(part.lower(), CssProblem(part, help_))
    yield from problems.values()


def css_readings(css: str) -> Sequence[str]:
    """Return CSS as it is written, and as a browser and less careful readers read it.

    A browser resolves escapes, and a word ends at a comment. Others may join what is on both sides of a
    comment, or may not know comments and strings.
    """
    if "\\" not in css and "/*" not in css:
        return (css,)
    from tinycss2 import parse_component_value_list  # noqa: PLC0415  most CSS is plain

    readings = [css]
    joined_lines = css.replace("\\\n", "")
    for text in (css, joined_lines, _COMMENT.sub("", joined_lines), _DELIMITER.sub(" ", css)):
        resolved_text = "".join(_resolve(parse_component_value_list(text)))
        readings += [resolved_text, _COMMENT.sub("", resolved_text)]
    return tuple(dict.fromkeys(readings))


def _resolve(nodes: Iterable[Any]) -> Iterator[str]:  # noqa: C901  a case for each token
    """Yield the text of tokens, without escapes and comments."""
    # A stack, since brackets may be nested deeper than Python calls. It holds texts to yield, too.
    stack = [*nodes][::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        match node.type:
            case "function":
                yield f"{node.name}("
                stack += [")", *node.arguments[::-1]]
            case "() block" | "[] block" | "{} block":
                yield node.type[0]
                stack += [node.type[1], *node.content[::-1]]
            case "string":
                yield f'"{node.value}"'
            case "url":
                yield f"url({node.value})"
            case "at-keyword":
                yield f"@{node.value}"
            case "error":
                yield "url(bad-url)" if node.kind == "bad-url" else node.kind if node.kind in ")]}" else ""
            case "comment":
                pass
            case "ident" | "literal" | "whitespace":
                yield node.value
            case _:
                yield node.serialize()
