"""The font families that a deck is set in."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.nodes import Json, TextStyle

# What Typst brings along. The second and the third have letters of alphabets that they were not
# made for, so they only stand in for symbols.
_SERIF = "Libertinus Serif"
_MATH = "New Computer Modern Math"
_MONO = "DejaVu Sans Mono"
_SYMBOLS = r"\p{S}"

_EAST_ASIAN = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "BOPOMOFO", "HANGUL"}
)
_FOR_MANY_SCRIPTS = (
    "Noto Serif", "Noto Sans", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Symbols 2",
    "Noto Sans Math", "Noto Music", "Noto Color Emoji", "Noto Emoji", "DejaVu Sans",
)  # fmt: skip
# A family not made for a script is judged by this many characters: one that has none of them helps little.
_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class FontFamilies:
    """The families of a deck. fallback: those added for characters that the bundled ones lack."""

    fallback: tuple[str, ...] = ()

    def of(self, font_kind: str) -> list[Json]:
        """Return the families for a kind of text, in the order to be tried. font_kind: as in TextStyle."""
        symbols: list[Json] = [{"name": name, "covers": _SYMBOLS} for name in (_MATH, _MONO)]
        bundled: dict[str, list[Json]] = {
            "text": [_SERIF, *symbols],
            "math": [_MATH, _SERIF],
            "code": [_MONO, _SERIF, *symbols[:1]],
        }
        return [*bundled[font_kind], *self.fallback]


def choose_fallback_families(engine: Engine, missing: Sequence[str], language: str) -> tuple[str, ...]:
    """Choose families that have the characters which the bundled ones lack, as far as any has them.

    engine: with the fonts to choose from.
    missing: grapheme clusters.
    language: the deck's, as a BCP 47 tag; it decides between the forms that Han characters
        have in China, Japan and Korea.

    Returns them in the order to be tried. The choice depends only on the families at hand: those
    made for a script come first, of these Noto's, and of Noto's the one with serifs.
    """
    chosen: list[str] = []
    remaining = list(missing)
    scripts = _script_names(missing, language)
    candidates = set(engine.families) - {_SERIF, _MATH, _MONO}
    for family in sorted(candidates, key=lambda name: _rank(name, scripts)):
        sample = remaining if _is_made_for(family, scripts) else remaining[:_SAMPLE]
        if sample and len(clusters_without_glyph(engine, sample, (family,))) < len(sample):
            chosen.append(family)
            remaining = clusters_without_glyph(engine, remaining, (family,))
    return tuple(chosen)


def clusters_without_glyph(
    engine: Engine, clusters: Sequence[str], families: Sequence[Json], style: TextStyle | None = None
) -> list[str]:
    """Return the grapheme clusters that the families cannot show in a style, in order.

    A cluster of several characters also counts when another such cluster lacks one of
    its characters.
    """
    style = style or TextStyle()
    single = [cluster for cluster in clusters if len(cluster) == 1]
    several = [cluster for cluster in clusters if len(cluster) > 1]
    group = {"fonts": families, "weight": style.weight, "style": "italic" if style.italic else "normal"}
    missing_characters = set(engine.find_missing_glyphs({**group, "texts": single}))
    missing_parts = engine.find_missing_glyphs({**group, "texts": several})
    return [
        cluster
        for cluster in clusters
        if cluster in missing_characters
        or (len(cluster) > 1 and any(part in cluster for part in missing_parts))
    ]


def _script_names(clusters: Iterable[str], language: str) -> list[str]:
    """Return what families made for the scripts of some characters have in their names, such as `Thai`."""
    words = {unicodedata.name(cluster[0], "").split(" ")[0] for cluster in clusters}
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
