"""Which font families a deck is set in."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardwright.formats.pdf.engine import Engine
from cardwright.formats.pdf.nodes import Json

# What Typst brings along. Those behind the first have letters too, of alphabets that
# they were not made for, so they stand in for symbols alone.
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
# A family not made for a script is judged by so many characters: one that has none of them helps little.
_SAMPLE = 40


@dataclass(frozen=True, slots=True, order=True)
class TextStyle:
    """What decides which font file of which families shows a text. kind: "text", "math" or "code"."""

    kind: str = "text"
    weight: str = "regular"
    italic: bool = False


PLAIN_TEXT = TextStyle()


@dataclass(frozen=True, slots=True)
class FontFamilies:
    """The families of a deck. more: those added for characters that the bundled ones lack."""

    more: tuple[str, ...] = ()

    def of(self, kind: str) -> list[Json]:
        """The families of a kind of text, in the order to be tried. kind: as in Style."""
        symbols: list[Json] = [{"name": name, "covers": _SYMBOLS} for name in (_MATH, _MONO)]
        first: dict[str, list[Json]] = {
            "text": [_SERIF, *symbols],
            "math": [_MATH, _SERIF],
            "code": [_MONO, _SERIF, *symbols[:1]],
        }
        return [*first[kind], *self.more]


def choose_fallback_families(engine: Engine, missing: Sequence[str], language: str) -> tuple[str, ...]:
    """Families that have the characters which the bundled ones lack, as far as any has them.

    engine: with the fonts to choose from.
    missing: character clusters.
    language: of the deck, BCP 47; it decides between the forms that Han characters
        have in China, Japan and Korea.

    Returns them in the order to be tried. Nothing but the families at hand decides
    it: first those made for a script, of these Noto's, of these the one with serifs.
    """
    chosen: list[str] = []
    left = list(missing)
    scripts = _scripts(missing, language)
    for family in sorted(set(engine.families) - {_SERIF, _MATH, _MONO}, key=lambda one: _rank(one, scripts)):
        asked = left if _made_for(family, scripts) else left[:_SAMPLE]
        if asked and len(clusters_without_glyph(engine, asked, (family,))) < len(asked):
            chosen.append(family)
            left = clusters_without_glyph(engine, left, (family,))
    return tuple(chosen)


def clusters_without_glyph(
    engine: Engine, clusters: Sequence[str], families: Sequence[Json], style: TextStyle = PLAIN_TEXT
) -> list[str]:
    """Those of the character clusters that the families cannot show in a style, in order.

    A cluster of several characters counts as lacking when another such cluster
    lacks one of its characters.
    """
    single = [cluster for cluster in clusters if len(cluster) == 1]
    several = [cluster for cluster in clusters if len(cluster) > 1]
    group = {"fonts": families, "weight": style.weight, "style": "italic" if style.italic else "normal"}
    pieces = set(engine.find_missing_glyphs({**group, "texts": single}))
    parts = engine.find_missing_glyphs({**group, "texts": several})
    return [
        cluster
        for cluster in clusters
        if cluster in pieces or (len(cluster) > 1 and any(part in cluster for part in parts))
    ]


def _scripts(missing: Iterable[str], language: str) -> list[str]:
    """How families made for the scripts of the characters are called, such as `Thai` or `CJK JP`."""
    words = {unicodedata.name(cluster[0], "").split(" ")[0] for cluster in missing}
    found = sorted(word.capitalize() for word in words - _EAST_ASIAN - {""})
    if words & _EAST_ASIAN:
        found.append(f"CJK {_han_form(words, language)}")
    return found


def _han_form(words: set[str], language: str) -> str:
    primary, *rest = language.lower().split("-")
    if primary == "zh":
        return "HK" if "hk" in rest else "TC" if {"hant", "tw", "mo"} & set(rest) else "SC"
    if primary in ("ja", "ko"):
        return {"ja": "JP", "ko": "KR"}[primary]
    return "JP" if words & {"HIRAGANA", "KATAKANA"} else "KR" if "HANGUL" in words else "SC"


def _made_for(family: str, scripts: Sequence[str]) -> bool:
    return any(f" {script}" in family for script in scripts)


def _rank(family: str, scripts: Sequence[str]) -> tuple[bool, int, bool, str]:
    if _made_for(family, scripts):
        plain = [f"Noto {form} {script}" for form in ("Serif", "Naskh", "Sans") for script in scripts]
        place = plain.index(family) if family in plain else len(plain)
        return (False, place, not family.startswith("Noto"), family)
    common = family in _FOR_MANY_SCRIPTS
    return (True, _FOR_MANY_SCRIPTS.index(family) if common else len(_FOR_MANY_SCRIPTS), True, family)
