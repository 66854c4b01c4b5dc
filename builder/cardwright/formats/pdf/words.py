"""Places to break in what has none: addresses, sequences, and words longer than a line."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from cardwright.formats.pdf.nodes import Json, Node, Nodes, strings

ZERO_WIDTH_SPACE = "\u200b"  # ZERO WIDTH SPACE: a line may end here, and shows nothing
SOFT_HYPHEN = "\u00ad"  # SOFT HYPHEN: a line may end here, and shows a hyphen

# Scripts written without spaces (Thai to Tibetan, Khmer, Han, Kana, Hangul) break by themselves.
_OTHER_SCRIPTS = "\u0e00-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_LONG = re.compile(rf"[^\s{_OTHER_SCRIPTS}]{{13,}}")
# Compiled with its first use, which takes 7 ms, since most decks have no use for it.
_WIDE = "[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_AFTER_SIGN = re.compile(r"(?<=[/\\?&=#.,;:@_+%|~-])(?=\w)")
_PIECE = re.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{25,}}")
_PLAIN = re.compile(r"\W*[^\W\d_]+\W*")
# A word of a language is left whole up to this length: the type may shrink, or Typst may hyphenate.
_LONGEST_WORD = 36
_EVERY = 12
# Up to this length readers know a word best undivided; most lines have room for it.
_LONGEST_KNOWN = 20
_SLIM = frozenset("fijlrtI.,:;!|/()[]'-")
_JOINER = "\u200d"
_WAYS = ("L", "R", "AL")
_SCRIPT = 4  # letters that name one in BCP 47
_LEFTWARD_SCRIPTS = frozenset(
    {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}
)
_LEFTWARD = frozenset(
    {
        "ar", "arc", "arz", "ary", "azb", "bal", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "lrc", "mzn",
        "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip


def text_nodes(text: str) -> Nodes:
    """A text with white space as browsers show it, its long words as nodes of their own.

    Such a node has the word in `s`, in `w` its widest stretch without a place to break, and
    in `hyphenate` whether Typst may divide it as the deck's language does.
    """
    text = re.sub(r"[ \t\r\n\f\v]+", " ", text)
    nodes: Nodes = []
    end = 0
    for found in _LONG.finditer(text):
        nodes.append(text[end : found.start()])
        nodes.append(_word(found[0]))
        end = found.end()
    nodes.append(text[end:])
    return [node for node in nodes if node]


def breakable_code(text: str) -> str:
    """Code that may be broken within names too long for a line; its spaces stay as they are."""
    return _PIECE.sub(lambda found: _pieces(found[0], ZERO_WIDTH_SPACE), text)


def text_direction(nodes: Nodes) -> str:
    """Which way a paragraph, list or table runs: "rtl", "ltr", or "auto" for that of the deck's language.

    A question in Hebrew runs to the left in an English deck too. Latin letters in
    an Arabic paragraph do not turn it, but one that has nothing else runs right.
    Source: UAX #9, rules P2 and P3, for the first strong character.
    """
    texts = list(_texts(nodes))
    if all(map(str.isascii, texts)):
        return "ltr"
    ways = [way for text in texts for sign in text if (way := unicodedata.bidirectional(sign)) in _WAYS]
    first = next(iter(ways), "L")
    if first != "L":
        return "rtl"
    return "auto" if "R" in ways or "AL" in ways else "ltr"


def is_right_to_left(language: str) -> bool:
    """Whether a language is written from right to left. language: BCP 47; a script in it decides.

    Source: Unicode CLDR, `characterOrder` of the languages; likely scripts of those that have several.
    """
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == _SCRIPT and part.isalpha()), "")
    return script in _LEFTWARD_SCRIPTS if script else primary in _LEFTWARD


def _texts(tree: Json) -> Iterator[str]:
    """What is to be read in a tree, formulas aside: those run to the right in every language."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        if tree["t"] != "math":
            for key in ("s", "c", "head", "rows"):
                yield from _texts(tree.get(key))
    elif isinstance(tree, Sequence):
        for part in tree:
            yield from _texts(part)


def has_cjk(nodes: Nodes) -> bool:
    """Whether Chinese, Japanese or Korean is in it, whose letters fill their line from top to bottom."""
    return any(not text.isascii() and re.search(_WIDE, text) for text in strings(nodes))


def _word(word: str) -> Node:
    broken = _AFTER_SIGN.sub(ZERO_WIDTH_SPACE, word) if len(word) > 2 * _EVERY else word
    broken = _PIECE.sub(lambda found: _broken(found[0]), broken)
    widest = max(re.split(f"[{ZERO_WIDTH_SPACE}{SOFT_HYPHEN}]", broken), key=_width)
    return {
        "t": "word",
        "s": broken,
        "w": widest,
        "hyphenate": _is_plain(word) and len(word) > _LONGEST_KNOWN,
    }


def _is_plain(word: str) -> bool:
    """Whether it is a word of a language, signs before and behind it aside."""
    return _PLAIN.fullmatch(word) is not None


def _width(piece: str) -> float:
    """About how wide a piece of a word is, to be compared with others; a small letter is 1."""
    return sum(0.5 if sign in _SLIM else 1.5 if sign.isupper() else 1 for sign in piece)


def _broken(piece: str) -> str:
    if not _is_plain(piece) or piece.isupper():
        return _pieces(piece, ZERO_WIDTH_SPACE)
    return piece if len(piece) <= _LONGEST_WORD else _pieces(piece, SOFT_HYPHEN)


def _pieces(piece: str, sign: str) -> str:
    signs = grapheme_clusters(piece)
    return sign.join("".join(signs[place : place + _EVERY]) for place in range(0, len(signs), _EVERY))


def grapheme_clusters(text: str) -> list[str]:
    """A text in the pieces that a reader takes for one character.

    A good approximation of Unicode's grapheme clusters: combining marks, joiners and
    what they join, emoji modifiers and flags stay together.
    Source: UAX #29, "Grapheme Cluster Boundary Rules".
    """
    found: list[str] = []
    for sign in text:
        if found and (_joins(sign) or found[-1].endswith(_JOINER) or _flag(found[-1], sign)):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _joins(sign: str) -> bool:
    return (
        unicodedata.category(sign) in ("Mn", "Mc", "Me")
        or sign == _JOINER
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )


def _flag(before: str, sign: str) -> bool:
    return len(before) == 1 and all("\U0001f1e6" <= one <= "\U0001f1ff" for one in (before, sign))
