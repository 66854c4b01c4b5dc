"""Checks CSS for what it must not have: a way out of its `<style>`, a script, or a reference to the outside.

CSS is read by a parser, so that it is judged as a browser reads it, and by lists of what is allowed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cardwright.collection.colour import WHITE, Colour

MAX_BRACKETS = 150
"""How deep brackets of all kinds may be nested; readers call themselves for each."""

# What might be more than calls of functions. Most styles have nothing of it, and need no parser.
_UNUSUAL = re.compile(r"[@\\]|/\*|behavior|binding|script", re.IGNORECASE)
_CALLS = re.compile(r"(?<![\w-])([\w-]*)\(")
_MARKUP = re.compile(r"</|<!--|-->|<style", re.IGNORECASE)
_SCRIPTS = frozenset({"-moz-binding", "behavior", "javascript", "vbscript"})
# All of CSS that begins with `@`, but for `@import`, which fetches a file.
# Sources: the modules of CSS at www.w3.org/TR, and MDN, "At-rules".
_AT_RULES = frozenset(
    """
    annotation bottom-center bottom-left bottom-left-corner bottom-right bottom-right-corner
    character-variant charset color-profile container counter-style custom-media custom-selector
    document font-face font-feature-values font-palette-values function historical-forms keyframes layer
    left-bottom left-middle left-top media -moz-document -moz-keyframes -ms-viewport namespace
    -o-keyframes ornaments page position-try property right-bottom right-middle right-top scope
    starting-style styleset stylistic supports swash top-center top-left top-left-corner top-right
    top-right-corner view-transition viewport -webkit-keyframes
    """.split()  # noqa: SIM905  a list of so many strings is hard to read
)
# All functions that fetch nothing, in values, selectors, and conditions.
# Sources: the same, and MDN, "CSS functional notation" and "Pseudo-classes".
_FUNCTIONS = frozenset(
    """
    abs acos active-view-transition-type alpha anchor anchor-size annotation asin atan atan2 attr blur
    brightness calc calc-size character-variant circle clamp color color-contrast color-mix
    conic-gradient contrast contrast-color cos counter counters cubic-bezier cue device-cmyk dir
    drop-shadow ease-in ease-out ellipse env exp fit-content font-format font-tech format grayscale has
    hexagon highlight host host-context hsl hsla hue-rotate hwb hypot if inherit inset invert is lab
    lang layer lch leader light-dark linear linear-gradient local log matches matrix matrix3d max media
    min minmax mod -moz-any -moz-calc -moz-linear-gradient -moz-radial-gradient not nth-child nth-col
    nth-last-child nth-last-col nth-last-of-type nth-of-type oklab oklch opacity ornaments palette-mix
    part path perspective picker polygon pow progress radial-gradient random ray rect rem repeat
    repeating-conic-gradient repeating-linear-gradient repeating-radial-gradient rgb rgba rotate
    rotate3d rotatex rotatey rotatez round saturate scale scale3d scalex scaley scalez scroll
    scroll-state selector sepia shape sibling-count sibling-index sign sin skew skewx skewy slotted
    snap-block snap-inline sqrt state steps string style styleset stylistic superellipse supports swash
    symbols tan tech toggle translate translate3d translatex translatey translatez type var view
    view-transition-group view-transition-image-pair view-transition-new view-transition-old -webkit-any
    -webkit-calc -webkit-gradient -webkit-linear-gradient -webkit-radial-gradient
    -webkit-repeating-linear-gradient -webkit-repeating-radial-gradient where xywh
    """.split()  # noqa: SIM905  a list of so many strings is hard to read
)

_HELP = {
    "at-rule": "leave it out: only rules that name no other file are allowed",
    "function": "leave it out: only functions that fetch nothing are allowed",
    "address": 'name a font or a picture of the deck: `url("media/name.ttf")`',
    "script": "a downloaded deck must not bring scripts",
}


_MAX_PASSES = 10
# The files that a card can have are all in one folder.
_FILE_NAME = re.compile(r"(?:[^:/\\\s][^:/\\]*)?")
_EMBEDDED = re.compile(r"data:(?:audio/|font/|image/|application/(?:[\w.-]*font|octet-stream))\S*")


@dataclass(frozen=True, slots=True)
class CssProblem:
    """Something that CSS must not have. part: as it is written, or as a browser reads it."""

    part: str
    help: str


class DisallowedPart(NamedTuple):
    """A part of CSS that is not on the lists of what is allowed. text: a name, or the address in `url(…)`."""

    kind: Literal["at-rule", "function", "address", "script"]
    text: str


def parse_declarations(style: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each declaration of a `style` attribute, both in lower case."""
    for name, value, _ in written_declarations(style):
        yield name, value.lower()


def written_declarations(style: str) -> Iterator[tuple[str, str, bool]]:
    """Yield of each declaration its name in lower case, its value as written, and whether it is important."""
    from tinycss2 import parse_blocks_contents, serialize  # noqa: PLC0415  few texts have any style

    for declaration in parse_blocks_contents(style, skip_comments=True, skip_whitespace=True):
        if declaration.type == "declaration":
            yield declaration.lower_name, serialize(declaration.value).strip(), declaration.important


def parse_colour(value: str) -> Colour | None:
    """Return a colour of CSS as it looks on white; None if it is none, current or fully transparent."""
    if not value or value.lower() == "currentcolor":
        return None
    from cardwright.source.colours import read_colour  # noqa: PLC0415  few texts have any style

    colour = read_colour(value)
    return colour.seen_on(WHITE) if colour is not None and colour.alpha else None


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
    problems = {
        match[0].lower(): CssProblem(match[0], "only CSS is allowed here") for match in _MARKUP.finditer(css)
    }
    for kind, text in disallowed_parts(css):
        part = {"at-rule": f"@{text}", "function": f"{text}(", "address": "url(", "script": text}[kind]
        help_ = "copy the rules that it would import" if part.lower() == "@import" else _HELP[kind]
        problems.setdefault(part.lower(), CssProblem(part, help_))
    yield from problems.values()


def disallowed_parts(css: str) -> Iterator[DisallowedPart]:  # noqa: C901  a case for each token
    """Yield what might run or fetch something, in order: all addresses, and all that is unknown."""
    if not _UNUSUAL.search(css) and all(name.lower() in _FUNCTIONS for name in _CALLS.findall(css)):
        return
    from tinycss2 import parse_component_value_list  # noqa: PLC0415  most CSS is plain

    # A stack, since brackets may be nested deeper than Python calls.
    stack: list[Any] = parse_component_value_list(css, skip_comments=True)[::-1]
    is_namespace = False
    while stack:
        node = stack.pop()
        match node.type:
            case "function":
                stack += node.arguments[::-1]
                if node.lower_name in ("url", "src"):
                    strings = [argument.value for argument in node.arguments if argument.type == "string"]
                    if not is_namespace:
                        yield DisallowedPart("address", strings[0] if strings else f"{node.name}()")
                elif node.lower_name not in _FUNCTIONS:
                    yield DisallowedPart("function", node.name)
            case "() block" | "[] block" | "{} block":
                stack += node.content[::-1]
            case "url" if not is_namespace:
                yield DisallowedPart("address", node.value)
            case "error" if node.kind == "bad-url":
                yield DisallowedPart("address", "url()")
            case "at-keyword":
                is_namespace = node.lower_value == "namespace"
                if node.lower_value not in _AT_RULES:
                    yield DisallowedPart("at-rule", node.value)
            case "ident" if node.lower_value in _SCRIPTS and stack and stack[-1] == ":":
                yield DisallowedPart("script", f"{node.value}:")
            case "literal" if node == ";":
                is_namespace = False


def is_file_name(address: str) -> bool:
    """Return whether a browser takes an address for the name of a media file, or for nothing."""
    return _FILE_NAME.fullmatch(address) is not None


def is_embedded(address: str) -> bool:
    """Return whether an address holds the file itself: a picture, a sound or a font."""
    return _EMBEDDED.fullmatch(address) is not None


def unsafe_css(css: str) -> Iterator[str]:
    """Yield what the CSS of an imported note type must not have: what runs, or fetches no media file."""
    if has_deep_brackets(css):
        yield "((("
        return
    yield from (match[0] for match in _MARKUP.finditer(css))
    is_import = False
    for part in disallowed_parts(css):
        if not _is_file(part) and not (is_import and part.kind == "address"):
            yield _name(part)
        is_import = part == DisallowedPart("at-rule", "import")


def without_unsafe_css(css: str) -> tuple[str, Counter[str]]:
    """Return CSS without what `unsafe_css` finds in it, and the names of what was taken out, with numbers."""
    taken_out: Counter[str] = Counter()
    for _ in range(_MAX_PASSES):
        unsafe = Counter(unsafe_css(css))
        if not unsafe:
            return css, taken_out
        taken_out |= unsafe
        if has_deep_brackets(css):
            break
        from tinycss2 import parse_component_value_list  # noqa: PLC0415  most CSS is plain

        css = "".join(_write_safe(parse_component_value_list(_MARKUP.sub("", css))))
    # Nobody writes such CSS but to get something past this.
    return "", taken_out


def _write_safe(values: Sequence[Any]) -> Iterator[str]:
    """Yield CSS without unknown rules, and with `none` in place of what fetches or is unknown."""
    position = 0
    while position < len(values):
        value = values[position]
        position += 1
        parts = [part for part in disallowed_parts(value.serialize()) if not _is_file(part)]
        if value.type == "at-keyword" and parts:
            ends = (
                n for n in range(position, len(values)) if values[n] == ";" or values[n].type == "{} block"
            )
            position = next(ends, len(values) - 1) + 1
        elif value.type == "ident" and value.lower_value in _SCRIPTS:
            yield "none"
        elif not parts:
            yield value.serialize()
        elif value.type.endswith(" block"):
            yield value.type[0]
            yield from _write_safe(value.content)
            yield {"(": ")", "[": "]", "{": "}"}[value.type[0]]
        else:
            yield "none"


def _is_file(part: DisallowedPart) -> bool:
    return part.kind == "address" and (is_file_name(part.text) or is_embedded(part.text))


def _name(part: DisallowedPart) -> str:
    return {"at-rule": f"@{part.text}", "function": f"{part.text}("}.get(part.kind, part.text)
