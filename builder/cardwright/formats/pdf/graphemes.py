"""Text as readers see it: grapheme clusters, and pieces of it that one font has to show."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Any

# Characters of which each is a cluster beside any other of them. Most texts have nothing else, and
# `regex`, which knows the others, takes 20 ms to be imported.
_SINGLE_RANGES = (
    "\u0020-\u02ff\u0370-\u0482\u048a-\u0590\u05be\u05d0-\u05f4\u1e00-\u200b\u200e-\u20cf\u2100-\u2cee"
    "\u2e00-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7a3\ue000-\ufb1d\ufb1f-\ufbff\uff00-\uff9d"
    "\U0001d400-\U0001d7ff\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\U00020000-\U0003ffff"
)
_ONLY_SINGLE = re.compile(f"[{_SINGLE_RANGES}]*")
# Rules GB3 to GB13, with their names for groups of characters; `\X` of `regex` joins a consonant of India to
# any sign before it. Possessive, so that no text takes long.
_CLUSTER = r"""(?x)
    \r\n | \p{GCB=Control} | \r | \n
    | \p{GCB=Prepend}*
      (?: \p{GCB=L}* (?: \p{GCB=V}+ | \p{GCB=LV} \p{GCB=V}* | \p{GCB=LVT} ) \p{GCB=T}*
        | \p{GCB=L}+ | \p{GCB=T}+
        | \p{GCB=Regional_Indicator}{2}
        | \p{Extended_Pictographic} (?: \p{GCB=Extend}*+ \p{GCB=ZWJ} \p{Extended_Pictographic} )*
        | \p{InCB=Consonant}
          (?: \p{InCB=Extend}*+ \p{InCB=Linker} [\p{InCB=Extend}\p{InCB=Linker}]*+ \p{InCB=Consonant} )*
        | [^\p{GCB=Control}\r\n] )
      [\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*
"""
# Source: Unicode's DerivedCoreProperties.txt, Default_Ignorable_Code_Point.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Letters of these scripts look the same whatever is beside them.
_SEPARATE_SCRIPTS = (
    "Latin Greek Cyrillic Common Inherited Han Hiragana Katakana Bopomofo Hangul Hebrew Armenian Georgian"
    " Thai Lao Ethiopic Cherokee Runic Ogham Yi"
)  # fmt: skip
TEXT_STYLE = "\ufe0e"
"""Behind a sign, asks for one in the colour of the text."""

_EMOJI_STYLE = "\ufe0f"  # behind a sign, asks for a picture in colours
_EMOJI_PARTS = re.compile(
    "[\u200d\u20e3\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_VARIATION = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0d\U000e0100-\U000e01ef]")
# Source: Unicode, code charts "Combining Diacritical Marks" and "… Supplement", the marks called double.
_DOUBLE_MARK = re.compile("[\u035c-\u0362\u1dcd\u1dfc]")
# In letters. What is longer is no word, and is looked at in parts.
_LONGEST_WORD = 200
_MAY_BE_EMOJI = re.compile("[\u231a-\u2b55\U0001f004-\U0001faff]")


def grapheme_clusters(text: str) -> list[str]:
    """Split a text into what a reader takes for single characters.

    Source: UAX #29, "Extended grapheme clusters".
    """
    if _ONLY_SINGLE.fullmatch(text):
        return list(text)
    clusters: list[str] = _pattern(_CLUSTER).findall(text)
    return clusters


def font_pieces(text: str) -> list[str]:
    """Return the pieces of a text which one font has to show, each once.

    These are its clusters; two clusters with a mark over both, such as t͡s; and words whose letters
    join: in Arabic or Devanagari a letter looks as the letters beside it ask for, which another
    font doesn't know.
    """
    pieces = grapheme_clusters(text)
    pieces += [one + other for one, other in pairwise(pieces) if has_double_mark(one) and other != " "]
    if not _ONLY_SINGLE.fullmatch(text):
        separate = "".join(rf"\p{{{script}}}" for script in _SEPARATE_SCRIPTS.split())
        letter = rf"[\p{{L}}--[{separate}]]"
        pieces += _pattern(rf"(?V1){letter}[{letter}\p{{M}}\u0640\u200c\u200d]{{1,{_LONGEST_WORD}}}").findall(
            text
        )
    return list(dict.fromkeys(pieces))


def visible_characters(piece: str) -> str:
    """Return a piece without characters that only change how others look."""
    return _IGNORABLE.sub("", piece)


def composed_characters(piece: str) -> str:
    """Return the visible characters of a piece, each letter with its marks as one if Unicode has it so."""
    return visible_characters(unicodedata.normalize("NFC", piece))


def is_emoji(piece: str) -> bool:
    """Tell whether a cluster is to be shown as a picture: by default, or as its selector asks for."""
    if _EMOJI_STYLE in piece:
        return True
    if len(piece) > 1:
        return unicodedata.category(piece[0])[0] == "S" and _EMOJI_PARTS.search(piece) is not None
    return bool(_MAY_BE_EMOJI.match(piece) and _pattern(r"\p{Emoji_Presentation}").match(piece))


def has_double_mark(piece: str) -> bool:
    """Tell whether a piece has a mark that stands over or below two letters."""
    return _DOUBLE_MARK.search(piece) is not None


def has_variation(piece: str) -> bool:
    """Tell whether a cluster asks for a certain form of its character, such as an older one of Han."""
    return _VARIATION.search(piece) is not None


@lru_cache(maxsize=8)
def _pattern(pattern: str) -> Any:
    import regex  # noqa: PLC0415  see _SINGLE_RANGES

    return regex.compile(pattern)
