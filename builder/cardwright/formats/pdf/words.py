"""Text as nodes: places where long words may be broken, text direction, scripts."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from cardwright.formats.pdf.graphemes import grapheme_clusters
from cardwright.formats.pdf.nodes import Json, Node, Nodes, strings

ZERO_WIDTH_SPACE = "\u200b"  # a line may end here, without a hyphen
SOFT_HYPHEN = "\u00ad"  # a line may end here, with a hyphen

# Ranges of Thai to Tibetan, Khmer, Han, Kana and Hangul, where a line may end between characters.
SCRIPTS_WITHOUT_SPACES = "\u0e00-\u109f\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
_LONG_WORD = re.compile(rf"[^\s{SCRIPTS_WITHOUT_SPACES}]{{13,}}")
# Compiled with its first use, which takes 7 ms, since most decks do not need it.
_CJK = "[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_AFTER_PUNCTUATION = re.compile(r"(?<=[/\\?&=#.,;:@_+%|~-])(?=\w)")
_LONG_STRETCH = re.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{25,}}")
_ORDINARY_WORD = re.compile(r"\W*[^\W\d_]+\W*")
# Up to this length we never break an ordinary word: the type may shrink, or Typst may hyphenate it.
_MAX_UNBROKEN = 36
_CHARACTERS_PER_PIECE = 12
# Up to this length Typst may not hyphenate a word either: it is easiest to read undivided, and
# most lines have room for it.
_MAX_UNHYPHENATED = 20
_NARROW_LETTERS = frozenset("fijlrtI.,:;!|/()[]'-")
_STRONG_DIRECTIONS = ("L", "R", "AL")  # as UAX #9 names them
_ISOLATES = ("LRI", "RLI", "FSI")
_SCRIPT_LENGTH = 4  # of a script's name in BCP 47
_RIGHT_TO_LEFT_SCRIPTS = frozenset(
    {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}
)
_RIGHT_TO_LEFT_LANGUAGES = frozenset(
    {
        "ar", "arc", "arz", "ary", "azb", "bal", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "lrc", "mzn",
        "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh", "skr", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip


def text_nodes(text: str) -> Nodes:
    """Return a text as nodes, with white space as browsers show it; long words are nodes of their own.

    Such a node has the word in `s`, the widest stretch of it without a place to break in
    `widest`, and in `hyphenate` whether Typst may divide it as the deck's language does.
    """
    text = re.sub(r"[ \t\r\n\f\v]+", " ", text)
    nodes: Nodes = []
    end = 0
    for match in _LONG_WORD.finditer(text):
        nodes.append(text[end : match.start()])
        nodes.append(_word_node(match[0]))
        end = match.end()
    nodes.append(text[end:])
    return [node for node in nodes if node]


def breakable_code(text: str) -> str:
    """Add places to break to names too long for a line; spaces stay as they are."""
    return _LONG_STRETCH.sub(lambda match: _split(match[0], ZERO_WIDTH_SPACE), text)


def text_direction(nodes: Nodes) -> str:
    """Return how a paragraph, list or table is read: "rtl", "ltr", or "auto" for as the deck's language.

    A question in Hebrew is read from right to left in an English deck, too. Latin letters in an
    Arabic paragraph do not change its direction, but a paragraph of nothing else is read from left
    to right.
    Source: UAX #9, rules P2 and P3, for the first strong character, which is in no isolate.
    """
    texts = list(_texts(nodes))
    if all(map(str.isascii, texts)):
        return "ltr"
    directions: list[str] = []
    isolates = 0
    for direction in (unicodedata.bidirectional(character) for text in texts for character in text):
        if direction in _ISOLATES:
            isolates += 1
        elif direction == "PDI":
            isolates = max(isolates - 1, 0)
        elif direction in _STRONG_DIRECTIONS and not isolates:
            directions.append(direction)
    if directions and directions[0] != "L":
        return "rtl"
    return "auto" if "R" in directions or "AL" in directions else "ltr"


def is_right_to_left(language: str) -> bool:
    """Tell whether a language is written from right to left. language: a BCP 47 tag; a script in it decides.

    Source: Unicode CLDR, `characterOrder` of the languages; likely scripts of those that have several.
    """
    primary, *subtags = language.lower().split("-")
    script = next((tag for tag in subtags if len(tag) == _SCRIPT_LENGTH and tag.isalpha()), "")
    return script in _RIGHT_TO_LEFT_SCRIPTS if script else primary in _RIGHT_TO_LEFT_LANGUAGES


def _texts(tree: Json) -> Iterator[str]:
    """Yield the texts to be read in a tree, except formulas: they run to the right in every language."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        if tree["t"] != "math":
            for key in ("s", "c", "head", "rows"):
                yield from _texts(tree.get(key))
    elif isinstance(tree, Sequence):
        for child in tree:
            yield from _texts(child)


def has_cjk(nodes: Nodes) -> bool:
    """Tell whether nodes have Chinese, Japanese or Korean, which fills its lines from top to bottom."""
    return any(not text.isascii() and re.search(_CJK, text) for text in strings(nodes))


def _word_node(word: str) -> Node:
    is_long = len(word) > 2 * _CHARACTERS_PER_PIECE
    breakable = _AFTER_PUNCTUATION.sub(ZERO_WIDTH_SPACE, word) if is_long else word
    breakable = _LONG_STRETCH.sub(lambda match: _break_stretch(match[0]), breakable)
    return {
        "t": "word",
        "s": breakable,
        "widest": max(re.split(f"[{ZERO_WIDTH_SPACE}{SOFT_HYPHEN}]", breakable), key=_approximate_width),
        "hyphenate": _is_ordinary_word(word) and len(word) > _MAX_UNHYPHENATED,
    }


def _is_ordinary_word(word: str) -> bool:
    """Tell whether a word has nothing but letters between punctuation marks."""
    return _ORDINARY_WORD.fullmatch(word) is not None


def _approximate_width(text: str) -> float:
    """Return about how wide a text is; most small letters are 1."""
    return sum(0.5 if char in _NARROW_LETTERS else 1.5 if char.isupper() else 1 for char in text)


def _break_stretch(stretch: str) -> str:
    if not _is_ordinary_word(stretch) or stretch.isupper():
        return _split(stretch, ZERO_WIDTH_SPACE)
    return stretch if len(stretch) <= _MAX_UNBROKEN else _split(stretch, SOFT_HYPHEN)


def _split(text: str, separator: str) -> str:
    clusters = grapheme_clusters(text)
    starts = range(0, len(clusters), _CHARACTERS_PER_PIECE)
    return separator.join("".join(clusters[start : start + _CHARACTERS_PER_PIECE]) for start in starts)
