"""Escape plain text so that neither HTML nor Anki takes any of it for markup."""

import re

# Control characters (Anki separates fields with U+001F) and lone surrogates, which no field can contain.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

# What must not appear unescaped in a field: the above; HTML's special characters; the beginnings
# of `[sound:…]`, of LaTeX and of Anki's own tags; and `\(` and `\[`, which start a formula.
# What follows the end of a text is unknown, so a `[` or a backslash there counts as well.
# Source: Anki, rslib/src/card_rendering/parser.rs (sound, anki:) and rslib/src/latex.rs.
_MARKUP = re.compile(
    r"[&<>\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]|\[(?=sound:|anki:|latex\]|\$\$?\]|\Z)|\\(?=[(\[]|\Z)",
    re.IGNORECASE,
)
# A single set of characters, which is searched three times as fast, to rule out all of these.
_MARKUP_CHARACTER = re.compile(r"[&<>\[\\\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_REPLACEMENTS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "[": "&#91;"}

# Two braces and two colons are cloze markup in the text of a cloze note. A pair may also
# arise at the edge of a text, together with what surrounds it.
_PAIR = re.compile(r"([{}:])(?=\1)")
_PAIR_OR_EDGE = re.compile(r"([{}:])(?=\1)|\A[{}:]|[{}:]\Z")
_ENTITIES = {"{": "&#123;", "}": "&#125;", ":": "&#58;"}


def text(plain: str, *, cloze: bool = False) -> str:
    """Escape text between HTML tags. cloze: whether it is part of the text of a cloze note."""
    if _MARKUP_CHARACTER.search(plain):
        plain = _MARKUP.sub(_escape_in_text, _UNPRINTABLE.sub("", plain))
    return _PAIR_OR_EDGE.sub(_to_entity, plain) if cloze else plain


def attribute(plain: str, *, cloze: bool = False) -> str:
    """Escape the value of an HTML attribute in double quotes."""
    plain = _MARKUP.sub(_escape_in_attribute, _UNPRINTABLE.sub("", plain)).replace('"', "&quot;")
    return _PAIR_OR_EDGE.sub(_to_entity, plain) if cloze else plain


def hint(plain: str) -> str:
    """Escape the hint that a cloze deletion shows instead of its text; Anki puts it in brackets."""
    plain = _UNPRINTABLE.sub("", plain)
    if plain and _MARKUP.match(f"[{plain}]"):
        return f"&#{ord(plain[0])};{text(plain[1:], cloze=True)}"
    return text(plain, cloze=True)


def tex(formula: str, *, cloze: bool = False) -> str:
    """Escape a formula between its delimiters, where backslashes keep their meaning."""
    escaped = _MARKUP.sub(_escape_in_formula, _UNPRINTABLE.sub("", formula))
    return _PAIR.sub(_to_entity, escaped) if cloze else escaped


def _escape_in_text(match: re.Match[str]) -> str:
    # MathJax reads the page's text after entities have been resolved, and joins it across
    # comments, so only an element between the two characters keeps a typed `\(` from being a formula.
    # Source: MathJax 3, HTMLDomStrings, option includeHtmlTags.
    return "<span>\\</span>" if match[0] == "\\" else _REPLACEMENTS[match[0]]


def _escape_in_attribute(match: re.Match[str]) -> str:
    return "&#92;" if match[0] == "\\" else _REPLACEMENTS[match[0]]


def _escape_in_formula(match: re.Match[str]) -> str:
    return "\\" if match[0] == "\\" else _REPLACEMENTS[match[0]]


def _to_entity(match: re.Match[str]) -> str:
    return _ENTITIES[match[0]]
