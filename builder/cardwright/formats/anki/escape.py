"""Plain text written so that neither HTML nor Anki takes any of it for markup."""

import re

# Control characters (U+001F even divides fields) and lone surrogates, which no field can hold.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

# What must not stand in a field as it is: the former; HTML's own characters; the beginnings
# of `[sound:…]`, of LaTeX and of Anki's own tags; and `\(` and `\[`, which start a formula.
# What follows the end of a text is not known, so there the beginning of one counts as well.
# Source: Anki, rslib/src/card_rendering/parser.rs (sound, anki:) and rslib/src/latex.rs.
_RISKY = re.compile(
    r"[&<>\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]|\[(?=sound:|anki:|latex\]|\$\$?\]|\Z)|\\(?=[(\[]|\Z)",
    re.IGNORECASE,
)
# One set of characters, which is found three times as fast, tells that there is none of these.
_SUSPICIOUS = re.compile(r"[&<>\[\\\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SAFE = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "[": "&#91;"}

# Two braces and two colons are cloze markup in the text of a cloze note. A pair may also
# come about at the edge of a text, together with what is written around it.
_PAIR = re.compile(r"([{}:])(?=\1)")
_PAIR_OR_EDGE = re.compile(r"([{}:])(?=\1)|\A[{}:]|[{}:]\Z")
_UNPAIRED = {"{": "&#123;", "}": "&#125;", ":": "&#58;"}


def text(plain: str, *, cloze: bool = False) -> str:
    """Text between tags. cloze: it is part of the text of a cloze note."""
    if _SUSPICIOUS.search(plain):
        plain = _RISKY.sub(_between_tags, _UNSEEN.sub("", plain))
    return _PAIR_OR_EDGE.sub(_unpaired, plain) if cloze else plain


def attribute(plain: str, *, cloze: bool = False) -> str:
    """Text between double quotes in a tag."""
    plain = _RISKY.sub(_in_tag, _UNSEEN.sub("", plain)).replace('"', "&quot;")
    return _PAIR_OR_EDGE.sub(_unpaired, plain) if cloze else plain


def hint(plain: str) -> str:
    """What a cloze deletion shows in place of its text; Anki puts brackets around it."""
    plain = _UNSEEN.sub("", plain)
    if plain and _RISKY.match(f"[{plain}]"):
        return f"&#{ord(plain[0])};{text(plain[1:], cloze=True)}"
    return text(plain, cloze=True)


def tex(formula: str, *, cloze: bool = False) -> str:
    """A formula between its delimiters, where backslashes keep their meaning."""
    escaped = _RISKY.sub(_in_formula, _UNSEEN.sub("", formula))
    return _PAIR.sub(_unpaired, escaped) if cloze else escaped


def _between_tags(match: re.Match[str]) -> str:
    # MathJax reads the page's text after entities have been resolved, and joins it across
    # comments, so only an element between the two characters keeps a typed `\(` apart.
    # Source: MathJax 3, HTMLDomStrings, option includeHtmlTags.
    return "<span>\\</span>" if match[0] == "\\" else _SAFE[match[0]]


def _in_tag(match: re.Match[str]) -> str:
    return "&#92;" if match[0] == "\\" else _SAFE[match[0]]


def _in_formula(match: re.Match[str]) -> str:
    return "\\" if match[0] == "\\" else _SAFE[match[0]]


def _unpaired(match: re.Match[str]) -> str:
    return _UNPAIRED[match[0]]
