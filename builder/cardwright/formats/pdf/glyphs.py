"""Characters that no font at hand can show: found before anything is drawn, and reported by card."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from cardwright.collection.deck import Deck
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import PLAIN_TEXT, FontFamilies, TextStyle, clusters_without_glyph
from cardwright.formats.pdf.nodes import Json
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.words import grapheme_clusters

_NOT_SET = frozenset({"t", "w", "tex", "url", "src", "alt", "align", "kind", "dir"})
_LISTED = 8
_CODES_TOO_MANY = 3
_ADVICE = (
    "install a font that has it, such as one of Noto's,"
    " or put one in the deck's folder and name that: `print: {fonts: [fonts]}`"
)

MissingGlyphs: TypeAlias = Mapping[TextStyle, frozenset[str]]


def find_missing_glyphs(
    engine: Engine, sides: Sequence[Side], margin: str, fonts: FontFamilies
) -> MissingGlyphs:
    """What the fonts cannot show of what stands on the sides, and in the margin around them."""
    used: dict[TextStyle, set[str]] = {PLAIN_TEXT: set(grapheme_clusters(margin))}
    for side in sides:
        for style, text in _texts(side.tree):
            # All bundled fonts have ASCII, and most texts are nothing else.
            if not text.isascii():
                used.setdefault(style, set()).update(grapheme_clusters(text))
    return {
        style: frozenset(clusters_without_glyph(engine, sorted(used[style]), fonts.of(style.kind), style))
        for style in sorted(used)
    }


def missing_glyph_diagnostics(
    sides: Sequence[Side], deck: Deck, missing: MissingGlyphs
) -> Iterator[Diagnostic]:
    """One error for each side that has characters without a glyph, and one for such a name of the deck."""
    absent = missing.get(PLAIN_TEXT, frozenset())
    if signs := [cluster for cluster in dict.fromkeys(grapheme_clusters(deck.name)) if cluster in absent]:
        message = f"the deck's name has {_with_code(signs[0])}, which no font at hand can show"
        yield Diagnostic("missing-glyph", message, deck.span, note=_note(signs), help=_ADVICE)
    for side in sides:
        found = (
            cluster
            for style, text in _texts(side.tree)
            if missing.get(style) and not text.isascii()
            for cluster in grapheme_clusters(text)
            if cluster in missing[style]
        )
        if signs := list(dict.fromkeys(found)):
            yield _report(side, signs)


def _report(side: Side, signs: Sequence[str]) -> Diagnostic:
    text = f"has {_with_code(signs[0])}, which no font at hand can show"
    return side_diagnostic(side, "missing-glyph", text, note=_note(signs), advice=_ADVICE, blame=signs[0])


def _with_code(cluster: str) -> str:
    codes = [f"U+{ord(sign):04X}" for sign in cluster]
    return f"{cluster} ({' '.join(codes) if len(codes) < _CODES_TOO_MANY else f'{codes[0]} …'})"


def _note(signs: Sequence[str]) -> str:
    """What the first character is called, and which others there are."""
    first, *others = signs
    named = " + ".join(unicodedata.name(sign, "without a name") for sign in first)
    listed = f"; also {' '.join(others[:_LISTED])}" if others else ""
    more = f" and {len(others) - _LISTED} more" if len(others) > _LISTED else ""
    return named + listed + more


def _texts(tree: Json, style: TextStyle = PLAIN_TEXT) -> Iterator[tuple[TextStyle, str]]:
    """The texts of a side, each with the style that the template sets it in."""
    if isinstance(tree, str):
        yield style, tree
    elif isinstance(tree, Mapping):
        here = _styled(tree, style)
        for key, part in tree.items():
            if key not in _NOT_SET:
                yield from _texts(part, replace(here, weight="bold") if key == "head" else here)
    elif isinstance(tree, Sequence):
        for part in tree:
            yield from _texts(part, style)


def _styled(tree: Mapping[str, Json], style: TextStyle) -> TextStyle:
    match tree.get("t") or tree.get("kind"):
        case "question":
            return replace(style, weight="semibold")
        case "b" | "h":
            return replace(style, weight="bold")
        case "i":
            return replace(style, italic=True)
        case "ul" | "ol" | "quote" | "table" | "sound":
            return replace(style, weight="regular")
        case "code" | "pre":
            return replace(style, kind="code", weight="regular" if tree.get("t") == "pre" else style.weight)
        case "math":
            return replace(style, kind="math")
        case _:
            return style
