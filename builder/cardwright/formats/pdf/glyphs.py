"""Characters that no font at hand can show, or not as Anki does: found before anything is rendered."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import FontFamilies, Placement, Placements, Shown, place
from cardwright.formats.pdf.graphemes import TEXT_STYLE, font_pieces, grapheme_clusters
from cardwright.formats.pdf.nodes import Json, TextStyle, shown_in_formula, style_within
from cardwright.formats.pdf.sides import Side

# Keys of nodes and parts whose strings are not text to be shown.
_NO_TEXT = frozenset({
    "t", "widest", "tex", "url", "src", "alt", "align", "kind", "dir", "side", "fill", "background", "title",
    "masks",
})  # fmt: skip
_MOST_LISTED = 8
_MAX_SHOWN = 14  # characters of a sign or word
_MAX_CODE_POINTS = 13  # in letters
_FONTS_OF_THE_DECK = "put one in the deck's folder and name that: `print: {fonts: [fonts]}`"


@dataclass(frozen=True, slots=True)
class _Fault:
    """A way in which a sign is not shown as it should be. reason: goes on after the sign and a comma."""

    code: str
    reason: str
    help: str
    severity: Severity = Severity.WARNING


_MISSING = _Fault(
    "missing-glyph",
    "which no font at hand can show",
    f"install a font that has it, such as one of Noto's, or {_FONTS_OF_THE_DECK}",
    Severity.ERROR,
)
_ALTERED = _Fault(
    "altered-character",
    "which no font shows as Anki does",
    f"install a font that has it as one sign, such as Noto Color Emoji for emoji, or {_FONTS_OF_THE_DECK}",
)
_PRIVATE = _Fault(
    "private-character",
    "which is another sign in each font",
    f"if you mean that of a certain font, {_FONTS_OF_THE_DECK}; else use another character",
)
PLAIN = TextStyle()

StyledText: TypeAlias = tuple[TextStyle, str]


def place_texts(
    engine: Engine, sides: Sequence[Side], margin_texts: Sequence[StyledText], families: FontFamilies
) -> Placements:
    """Find how the font families show the text on the sides and in the margin of the pages."""
    used: dict[TextStyle, set[str]] = {style: set() for style, _ in margin_texts}
    side_texts = (styled_text for side in sides for styled_text in _styled_texts(side.tree))
    for style, text in (*margin_texts, *side_texts):
        # All bundled fonts have ASCII, and most texts are nothing else.
        if not text.isascii():
            used.setdefault(style, set()).update(font_pieces(text))
    return {
        style: place(engine, sorted(used[style]), families.of(style.font_kind), style)
        for style in sorted(used)
    }


def glyph_diagnostics(
    sides: Sequence[Side],
    deck: Deck,
    name_style: TextStyle,
    placements: Placements,
    own_families: Collection[str],
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the characters of the deck's name and of each side.

    name_style: of the deck's name. own_families: those of the fonts in the deck's folders.

    Errors: `missing-glyph` for characters that no font has. Warnings: `altered-character` for signs
    of several characters, and words of letters that join, which no font shows as Anki does;
    `private-character` for what each font shows as it likes.
    """
    faults = {style: _faults(by_piece, own_families) for style, by_piece in placements.items()}
    for fault, pieces in _group([(name_style, deck.name)], faults):
        message = f"the deck's name has {_with_code_points(pieces[0])}, {fault.reason}"
        note = _unicode_names(pieces)
        yield Diagnostic(fault.code, message, deck.span, fault.severity, note, help=fault.help)
    for side in sides if any(faults.values()) else ():
        for fault, pieces in _group(_styled_texts(side.own_tree), faults):
            text = f"has {_with_code_points(pieces[0])}, {fault.reason}"
            note = _unicode_names(pieces)
            yield side_diagnostic(
                side, fault.code, text, fault.severity, note=note, help_text=fault.help, quote=pieces[0]
            )


def _faults(by_piece: Mapping[str, Placement], own_families: Collection[str]) -> dict[str, _Fault]:
    """Return the pieces of text in one style that are not shown as they should be."""
    faults = {}
    for piece, placement in by_piece.items():
        if unicodedata.category(piece[0]) == "Co" and placement.family not in own_families:
            faults[piece] = _MISSING if placement.shown is Shown.NOT_ALL else _PRIVATE
        elif placement.shown is Shown.NOT_ALL:
            # Of a word whose characters are in several fonts, each may be shown.
            faults[piece] = _MISSING if len(grapheme_clusters(piece)) == 1 else _ALTERED
        elif placement.shown is Shown.ALTERED and len(piece.rstrip(TEXT_STYLE)) > 1:
            # A picture by default is the same sign in black; and a browser, too, shows a picture if
            # no font has a sign for text.
            faults[piece] = _ALTERED
    return faults


def _group(
    texts: Iterable[StyledText], faults: Mapping[TextStyle, Mapping[str, _Fault]]
) -> list[tuple[_Fault, list[str]]]:
    """Return the pieces of some texts that have faults, in order and each once, by fault."""
    found: dict[_Fault, dict[str, None]] = {}
    for style, text in texts:
        if not text.isascii() and (of_style := faults[style]):
            for piece in font_pieces(text):
                if fault := of_style.get(piece):
                    found.setdefault(fault, {})[piece] = None
    if _ALTERED in found:
        # A word with a character that no font has is no news beside that character.
        missing = found.get(_MISSING, {})
        words = [word for word in found[_ALTERED] if not any(sign in word for sign in missing)]
        found[_ALTERED] = dict.fromkeys(words)
    return [(fault, list(pieces)) for fault, pieces in found.items() if pieces]


def _with_code_points(cluster: str) -> str:
    codes = [f"U+{ord(character):04X}" for character in cluster]
    listed = " ".join(codes)
    shown = cluster if len(cluster) <= _MAX_SHOWN else f"{cluster[0]}…"
    return f"{shown} ({listed if len(listed) <= _MAX_CODE_POINTS else f'{codes[0]} …'})"


def _unicode_names(clusters: Sequence[str]) -> str:
    """Return the Unicode names of the first cluster's characters, and list the other clusters."""
    first, *others = clusters
    names = " + ".join(unicodedata.name(character, "without a name") for character in first[:_MAX_SHOWN])
    names += " + …" if len(first) > _MAX_SHOWN else ""
    listed = f"; also {' '.join(others[:_MOST_LISTED])}" if others else ""
    more = f" and {len(others) - _MOST_LISTED} more" if len(others) > _MOST_LISTED else ""
    return names + listed + more


def _styled_texts(tree: Json, style: TextStyle = PLAIN) -> Iterator[StyledText]:
    """Yield the texts of a side, each with the styles that the template sets it in."""
    if isinstance(tree, str):
        yield style, tree
    elif isinstance(tree, dict):
        inner = style_within(tree, style)
        if tree.get("t") == "math":
            yield from ((inner, text) for text in shown_in_formula(tree))
            return
        for key, child in tree.items():
            if key not in _NO_TEXT:
                for weight in _weights(key, child):
                    yield from _styled_texts(child, inner._replace(weight=weight) if weight else inner)
    elif isinstance(tree, (list, tuple)):
        for child in tree:
            yield from _styled_texts(child, style)


def _weights(key: str, child: Json) -> Sequence[str]:
    """Return the weights that a part of a side is set in; empty for that of what is around it."""
    if key == "topic":
        # On a card it is nodes in the corner; in running text it is a heading, and stands above pages.
        return ("regular", "bold") if isinstance(child, str) else ("semibold",)
    return ("bold",) if key == "head" else ("",)
