"""Characters that no font at hand can show, found before anything is rendered and reported for each card."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import FontFamilies, clusters_without_glyph
from cardwright.formats.pdf.nodes import Json, TextStyle, style_within
from cardwright.formats.pdf.sides import Side
from cardwright.formats.pdf.words import grapheme_clusters

# Keys of nodes and parts whose strings are not text to be shown.
_NO_TEXT = frozenset({
    "t", "widest", "tex", "url", "src", "alt", "align", "kind", "dir", "side", "fill", "background", "title",
    "masks",
})  # fmt: skip
_MOST_LISTED = 8
_MOST_CODE_POINTS = 2
_HELP = (
    "install a font that has it, such as one of Noto's,"
    " or put one in the deck's folder and name that: `print: {fonts: [fonts]}`"
)
_PLAIN = TextStyle()

MissingGlyphs: TypeAlias = Mapping[TextStyle, frozenset[str]]
"""The grapheme clusters that the fonts cannot show, by the style of their text."""


def find_missing_glyphs(
    engine: Engine, sides: Sequence[Side], margin_text: str, families: FontFamilies
) -> MissingGlyphs:
    """Find what the font families cannot show of the text on the sides and in the margin of the pages."""
    used: dict[TextStyle, set[str]] = {_PLAIN: set()}
    side_texts = (styled_text for side in sides for styled_text in _styled_texts(side.tree))
    for style, text in ((_PLAIN, margin_text), *side_texts):
        # All bundled fonts have ASCII, and most texts are nothing else.
        if not text.isascii():
            used.setdefault(style, set()).update(grapheme_clusters(text))
    return {
        style: frozenset(
            clusters_without_glyph(engine, sorted(used[style]), families.of(style.font_kind), style)
        )
        for style in sorted(used)
    }


def missing_glyph_diagnostics(
    sides: Sequence[Side], deck: Deck, missing: MissingGlyphs
) -> Iterator[Diagnostic]:
    """Yield an error for each side with characters that have no glyph, and for such a name of the deck."""
    clusters = [
        cluster for cluster in dict.fromkeys(grapheme_clusters(deck.name)) if cluster in missing[_PLAIN]
    ]
    if clusters:
        message = f"the deck's name has {_with_code_points(clusters[0])}, which no font at hand can show"
        yield Diagnostic("missing-glyph", message, deck.span, note=_unicode_names(clusters), help=_HELP)
    for side in sides:
        on_side = (
            cluster
            for style, text in _styled_texts(side.own_tree)
            if missing.get(style) and not text.isascii()
            for cluster in grapheme_clusters(text)
            if cluster in missing[style]
        )
        if clusters := list(dict.fromkeys(on_side)):
            text = f"has {_with_code_points(clusters[0])}, which no font at hand can show"
            note = _unicode_names(clusters)
            yield side_diagnostic(side, "missing-glyph", text, note=note, help_text=_HELP, quote=clusters[0])


def _with_code_points(cluster: str) -> str:
    codes = [f"U+{ord(character):04X}" for character in cluster]
    return f"{cluster} ({' '.join(codes) if len(codes) <= _MOST_CODE_POINTS else f'{codes[0]} …'})"


def _unicode_names(clusters: Sequence[str]) -> str:
    """Return the Unicode names of the first cluster's characters, and list the other clusters."""
    first, *others = clusters
    names = " + ".join(unicodedata.name(character, "without a name") for character in first)
    listed = f"; also {' '.join(others[:_MOST_LISTED])}" if others else ""
    more = f" and {len(others) - _MOST_LISTED} more" if len(others) > _MOST_LISTED else ""
    return names + listed + more


def _styled_texts(tree: Json, style: TextStyle = _PLAIN) -> Iterator[tuple[TextStyle, str]]:
    """Yield the texts of a side, each with the style that the template sets it in."""
    if isinstance(tree, str):
        yield style, tree
    elif isinstance(tree, dict):
        inner = style_within(tree, style)
        for key, child in tree.items():
            if key not in _NO_TEXT:
                child_style = replace(inner, weight="bold") if key == "head" else inner
                yield from _styled_texts(child, child_style)
    elif isinstance(tree, (list, tuple)):
        for child in tree:
            yield from _styled_texts(child, style)
