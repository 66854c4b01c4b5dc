"""The font families that a deck is set in."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.graphemes import TEXT_STYLE, composed_characters, is_emoji, visible_characters
from cardwright.formats.pdf.nodes import Json, TextStyle
from cardwright.formats.pdf.shapes import is_whole, parts_to_compare

# What Typst brings along. The second and the third have letters of alphabets that they were not
# made for, so they only stand in for symbols.
_SERIF = "Libertinus Serif"
_MATH = "New Computer Modern Math"
_MONO = "DejaVu Sans Mono"
_SYMBOLS = r"\p{S}"
# The second also has letters of these scripts, Hebrew to Cherokee, but does not join them.
_NOT_IN_FORMULAS = re.compile("[\u0590-\u1cff]")

_EAST_ASIAN = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO", "HANGUL"}
)
_FOR_MANY_SCRIPTS = (
    "Noto Serif", "Noto Sans", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Symbols 2",
    "Noto Sans Math", "Noto Music", "Noto Color Emoji", "Noto Emoji", "DejaVu Sans",
)  # fmt: skip
# In characters. No sign is so long: the longest emoji has 10, and more marks than that don't fit on a letter.
_MAX_SIGN = 40
# A family not made for a script is judged by this many pieces: one that has none of them helps little.
_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class FontFamilies:
    """The families of a deck.

    fallback: those added for pieces of text that the bundled ones don't show whole.
    whole: the family of each sign that is shown whole only if it is set in this one alone.
    """

    fallback: tuple[str, ...] = ()
    whole: Mapping[str, str] = field(default_factory=dict)

    def of(self, font_kind: str) -> list[Json]:
        """Return the families for a kind of text, in the order to be tried. font_kind: as in TextStyle."""
        symbols: list[Json] = [{"name": name, "covers": _SYMBOLS} for name in (_MATH, _MONO)]
        bundled: dict[str, list[Json]] = {
            "text": [_SERIF, *symbols],
            "math": [_MATH, _SERIF],
            "code": [_MONO, _SERIF, *symbols[:1]],
        }
        return [*bundled[font_kind], *self.fallback]


class Shown(IntEnum):
    """How a family shows a piece of text."""

    NOT_ALL = 0  # it lacks characters
    ALTERED = 1  # in pieces, on each other, or in another form than asked for
    WHOLE = 2


@dataclass(frozen=True, slots=True)
class Placement:
    """How a piece of text is shown at best.

    family: that shows it so; empty for none. is_natural: whether the engine takes this one by itself.
    """

    shown: Shown = Shown.NOT_ALL
    family: str = ""
    is_natural: bool = True


Placements: TypeAlias = Mapping[TextStyle, Mapping[str, Placement]]
"""How the fonts show each piece of text, by the style of the text."""


def place(
    engine: Engine, pieces: Iterable[str], families: Sequence[Json], style: TextStyle
) -> dict[str, Placement]:
    """Find for each piece of text the family that shows it best. families: in the order to be tried.

    Of a sign of several characters the engine shows each part in the first family that has this
    part, and drops some that are in none. So a sign whose parts are in several is placed by us.
    """
    best = dict.fromkeys(pieces, Placement())
    first_families: dict[str, str] = {}
    for family in families:
        name = str(family["name"]) if isinstance(family, Mapping) else str(family)
        only_symbols = isinstance(family, Mapping)
        remaining = [
            piece
            for piece, placement in best.items()
            if placement.shown < Shown.WHOLE
            and not (only_symbols and unicodedata.category(piece[0])[0] != "S")
        ]
        available = _available(engine, remaining, name, style)
        complete = [
            piece
            for piece in remaining
            if _has_characters(piece, available) and not (name == _MATH and _NOT_IN_FORMULAS.match(piece))
        ]
        whole = _whole(engine, complete, name, style)
        for piece in remaining:
            if not available.isdisjoint(piece):
                first_families.setdefault(piece, name)
        for piece in complete:
            shown = Shown.WHOLE if piece in whole else Shown.ALTERED
            if shown > best[piece].shown:
                best[piece] = Placement(shown, name, first_families.get(piece, name) == name)
    return best


def _available(engine: Engine, pieces: Iterable[str], family: str, style: TextStyle) -> set[str]:
    """Return the characters of some pieces that a family has."""
    characters = {
        character for piece in pieces for character in visible_characters(piece) + composed_characters(piece)
    }
    return characters - set(engine.find_missing_glyphs(_group(family, style, sorted(characters))))


def _has_characters(piece: str, available: Collection[str]) -> bool:
    """Tell whether all characters of a piece are available, as they stand or composed."""
    return all(map(available.__contains__, visible_characters(piece))) or all(
        map(available.__contains__, composed_characters(piece))
    )


def _whole(engine: Engine, pieces: Sequence[str], family: str, style: TextStyle) -> set[str]:
    """Return the pieces that a family, which has their characters, shows whole."""
    is_colourful = _is_emoji_family(family)
    candidates = [
        piece for piece in pieces if (TEXT_STYLE not in piece if is_colourful else not is_emoji(piece))
    ]
    parts = {piece: parts_to_compare(piece) for piece in candidates}
    candidates = [piece for piece in candidates if not parts[piece] or len(piece) <= _MAX_SIGN]
    texts = sorted({text for piece in candidates if parts[piece] for text in (piece, *parts[piece])})
    shapes = dict(zip(texts, engine.shapes(_group(family, style, texts)), strict=True))
    return {
        piece
        for piece in candidates
        if not parts[piece] or is_whole(piece, shapes[piece], [shapes[part] for part in parts[piece]])
    }


def _group(family: str, style: TextStyle, texts: Sequence[str]) -> dict[str, Json]:
    slant = "italic" if style.italic else "normal"
    return {"fonts": [family], "weight": style.weight, "style": slant, "texts": texts}


def _is_emoji_family(family: str) -> bool:
    """Tell whether a family has pictures in colours; Twemoji and OpenMoji are some, too."""
    return "moji" in family.lower()


def choose_fallback_families(engine: Engine, placements: Placements, language: str) -> tuple[str, ...]:
    """Choose families that show what the bundled ones don't show whole, as far as any does.

    engine: with the fonts to choose from.
    placements: how text is shown without further families.
    language: the deck's, as a BCP 47 tag; it decides between the forms that Han characters
        have in China, Japan and Korea.

    Returns them in the order to be tried. The choice depends only on the families at hand: those
    made for a script come first, of these Noto's, and of Noto's the one with serifs.
    """
    remaining = {
        piece: {
            style: placement.shown for style, placement in by_style.items() if placement.shown < Shown.WHOLE
        }
        for piece, by_style in _by_piece(placements).items()
    }
    remaining = {piece: by_style for piece, by_style in remaining.items() if by_style}
    chosen: list[str] = []
    second_best: dict[str, str] = {}
    scripts = _script_names(remaining, language)
    candidates = set(engine.families) - {_SERIF, _MATH, _MONO} if remaining else set()
    for family in sorted(candidates, key=lambda name: _rank(name, scripts)):
        if len(remaining) > _SAMPLE and not _is_made_for(family, scripts):
            sample = dict(list(remaining.items())[:_SAMPLE])
            if not any(_shown_in_all_styles(engine, sample, family).values()):
                continue
        shown = _shown_in_all_styles(engine, remaining, family)
        whole = [piece for piece in remaining if shown[piece] is Shown.WHOLE]
        for piece, by_style in remaining.items():
            if shown[piece] > min(by_style.values()):
                second_best.setdefault(piece, family)
        if whole:
            chosen.append(family)
        for piece in whole:
            del remaining[piece]
    return tuple(
        dict.fromkeys((*chosen, *(second_best[piece] for piece in remaining if piece in second_best)))
    )


def _by_piece(placements: Placements) -> dict[str, dict[TextStyle, Placement]]:
    by_piece: dict[str, dict[TextStyle, Placement]] = {}
    for style, pieces in placements.items():
        for piece, placement in pieces.items():
            by_piece.setdefault(piece, {})[style] = placement
    return by_piece


def _shown_in_all_styles(
    engine: Engine, pieces: Mapping[str, Collection[TextStyle]], family: str
) -> dict[str, Shown]:
    """Return how a family shows each piece in the worst of some styles."""
    shown = dict.fromkeys(pieces, Shown.WHOLE)
    for style in sorted({style for styles in pieces.values() for style in styles}):
        # What it lacks in one style need not be looked for in the others.
        in_style = [piece for piece, styles in pieces.items() if style in styles and shown[piece]]
        for piece, placement in place(engine, in_style, [family], style).items():
            shown[piece] = min(shown[piece], placement.shown)
    return shown


def choose_families_of_signs(
    engine: Engine, placements: Placements, fallback: Sequence[str]
) -> tuple[dict[str, str], Placements]:
    """Choose the family of each sign that the engine would not take it from by itself.

    fallback: the families to choose from beside the bundled ones.

    Returns with it how everything is placed then: a sign is set in one family, whatever its style.
    """
    by_piece = _by_piece(placements)
    displaced = [
        piece
        for piece, by_style in by_piece.items()
        if not all(placement.is_natural for placement in by_style.values())
    ]
    # The template must not take a part of a longer sign for the sign.
    longer = [
        piece
        for piece in by_piece
        if displaced and len(piece) > 1 and any(sign in piece for sign in displaced if sign != piece)
    ]
    pending = {piece: by_piece[piece] for piece in dict.fromkeys([*displaced, *longer])}
    families: dict[str, str] = {}
    placed = {style: dict(pieces) for style, pieces in placements.items()}
    best = dict.fromkeys(pending, Shown.NOT_ALL)
    for family in (_SERIF, _MONO, *fallback, _MATH) if pending else ():
        for piece, shown in _shown_in_all_styles(engine, pending, family).items():
            if shown > best[piece]:
                best[piece], families[piece] = shown, family
        pending = {piece: by_style for piece, by_style in pending.items() if best[piece] < Shown.WHOLE}
    for piece, shown in best.items():
        for style in by_piece[piece]:
            placed[style][piece] = Placement(shown, families.get(piece, ""), is_natural=False)
    return families, placed


def _script_names(pieces: Iterable[str], language: str) -> list[str]:
    """Return what families made for the scripts of some pieces have in their names, such as `Thai`."""
    words = {unicodedata.name(piece[0], "").split(" ")[0] for piece in pieces}
    names = sorted(word.capitalize() for word in words - _EAST_ASIAN - {""})
    if words & _EAST_ASIAN:
        names.append(f"CJK {_han_form(words, language)}")
    return names


def _han_form(words: set[str], language: str) -> str:
    primary, *subtags = language.lower().split("-")
    if primary == "zh":
        return "HK" if "hk" in subtags else "TC" if {"hant", "tw", "mo"} & set(subtags) else "SC"
    if primary in ("ja", "ko"):
        return {"ja": "JP", "ko": "KR"}[primary]
    return "JP" if words & {"HIRAGANA", "KATAKANA"} else "KR" if "HANGUL" in words else "SC"


def _is_made_for(family: str, scripts: Sequence[str]) -> bool:
    return any(f" {script}" in family for script in scripts)


def _rank(family: str, scripts: Sequence[str]) -> tuple[bool, int, bool, str]:
    if _is_made_for(family, scripts):
        usual = [f"Noto {form} {script}" for form in ("Serif", "Naskh", "Sans") for script in scripts]
        position = usual.index(family) if family in usual else len(usual)
        return (False, position, not family.startswith("Noto"), family)
    common = family in _FOR_MANY_SCRIPTS
    return (True, _FOR_MANY_SCRIPTS.index(family) if common else len(_FOR_MANY_SCRIPTS), True, family)
