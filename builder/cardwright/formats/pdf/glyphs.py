"""Characters that no font at hand can show, or not as Anki does: found before anything is rendered."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cardwright.collection.deck import Deck
from cardwright.diagnostics import Diagnostic, Severity
from cardwright.formats.pdf.checks import side_diagnostic
from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.fonts import FontFamilies, Placements, Shown, place
from cardwright.formats.pdf.graphemes import font_pieces, grapheme_clusters
from cardwright.formats.pdf.nodes import Json, TextStyle, style_within
from cardwright.formats.pdf.sides import Side

# Keys of nodes and parts whose strings are not text to be shown.
_NO_TEXT = frozenset({
    "t", "widest", "tex", "url", "src", "alt", "align", "kind", "dir", "side", "fill", "background", "title",
    "masks",
})  # fmt: skip
_MOST_LISTED = 8
_MAX_CODE_POINTS = 13  # in letters
_HELP = (
    "install a font that has it, such as one of Noto's,"
    " or put one in the deck's folder and name that: `print: {fonts: [fonts]}`"
)
_HELP_IF_ALTERED = (
    "install a font that has it as one sign, such as Noto Color Emoji for emoji,"
    " or put one in the deck's folder and name that: `print: {fonts: [fonts]}`"
)
_PLAIN = TextStyle()


def place_texts(
    engine: Engine, sides: Sequence[Side], margin_text: str, families: FontFamilies
) -> Placements:
    """Find how the font families show the text on the sides and in the margin of the pages."""
    used: dict[TextStyle, set[str]] = {_PLAIN: set()}
    side_texts = (styled_text for side in sides for styled_text in _styled_texts(side.tree))
    for style, text in ((_PLAIN, margin_text), *side_texts):
        # All bundled fonts have ASCII, and most texts are nothing else.
        if not text.isascii():
            used.setdefault(style, set()).update(font_pieces(text))
    return {
        style: place(engine, sorted(used[style]), families.of(style.font_kind), style)
        for style in sorted(used)
    }


def glyph_diagnostics(sides: Sequence[Side], deck: Deck, placements: Placements) -> Iterator[Diagnostic]:
    """Yield what is wrong with the characters of the deck's name and of each side.

    Errors: `missing-glyph` for characters that no font has. Warnings: `altered-character` for signs
    of several characters, and words of letters that join, which no font shows as Anki does.
    """
    for signs in _problems([(_PLAIN, deck.name)], placements):
        text = f"the deck's name has {signs.description}"
        yield Diagnostic(signs.code, text, deck.span, signs.severity, signs.names, help=signs.help)
    for side in sides:
        for signs in _problems(_styled_texts(side.own_tree), placements):
            yield side_diagnostic(
                side,
                signs.code,
                f"has {signs.description}",
                signs.severity,
                note=signs.names,
                help_text=signs.help,
                quote=signs.pieces[0],
            )


@dataclass(frozen=True, slots=True)
class _Signs:
    """Signs in a text that are not shown as they should be. pieces: at least one."""

    pieces: Sequence[str]
    code: str
    severity: Severity
    reason: str
    help: str

    @property
    def description(self) -> str:
        return f"{_with_code_points(self.pieces[0])}, which no font {self.reason}"

    @property
    def names(self) -> str:
        return _unicode_names(self.pieces)


def _problems(texts: Iterable[tuple[TextStyle, str]], placements: Placements) -> Iterator[_Signs]:
    missing: dict[str, None] = {}
    altered: dict[str, None] = {}
    for style, text in texts:
        by_piece = placements.get(style, {})
        for piece in () if text.isascii() else font_pieces(text):
            placement = by_piece.get(piece)
            if placement is None or placement.shown is Shown.WHOLE:
                continue
            clusters = grapheme_clusters(piece)
            if len(clusters) == 1 and placement.shown is Shown.NOT_ALL:
                missing[piece] = None
            # A single character that is a picture by default is a sign in another look.
            elif len(piece) > 1 and not any(cluster in missing for cluster in clusters):
                altered[piece] = None
    if missing:
        yield _Signs(list(missing), "missing-glyph", Severity.ERROR, "at hand can show", _HELP)
    if altered:
        reason, help_ = "shows as Anki does", _HELP_IF_ALTERED
        yield _Signs(list(altered), "altered-character", Severity.WARNING, reason, help_)


def _with_code_points(cluster: str) -> str:
    codes = [f"U+{ord(character):04X}" for character in cluster]
    listed = " ".join(codes)
    return f"{cluster} ({listed if len(listed) <= _MAX_CODE_POINTS else f'{codes[0]} …'})"


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
