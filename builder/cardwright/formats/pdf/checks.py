"""What can be told of a card's text before anything is set."""

import re
import unicodedata
from collections.abc import Iterator

from cardwright.collection.content import Math, inlines
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.phrases import truncate
from cardwright.diagnostics.span import Span
from cardwright.formats.pdf.formula import FormulaError, parse_formula
from cardwright.formats.pdf.nodes import depth, strings
from cardwright.formats.pdf.sides import Side

# Typst follows 64 nested rules and 80 nested calls. A level of a side's tree costs up to five; the side
# itself, its parts and their paragraphs are four levels.
_DEEPEST = 14
_HEADLINE = 72
_SHORTEST_NAME = 8
# The first two turn what follows them around, so that a card would not say what its source shows;
# the engine refuses the third.
_REFUSED = "\u202d\u202e\ufeff"


def check_side(side: Side) -> Iterator[Diagnostic]:
    """Formulas, characters and nesting that cannot be printed.

    Errors: `unprintable-math`, `control-character`, `nested-too-deeply`.
    """
    found = [inline for content in side.contents for inline in inlines(content)]
    for inline in found:
        if isinstance(inline, Math) and isinstance(parts := parse_formula(inline.tex), FormulaError):
            # Without the side, so that a formula on several cards is told of once.
            message = f"a formula cannot be printed: {truncate(parts.what, 40)}"
            yield Diagnostic("unprintable-math", message, span_of_text(side.card.note.span, inline.tex))
    # Python calls nothing of it printable, and knows it of most texts at once.
    doubtful = (text for text in strings(side.tree) if not text.isprintable())
    for sign in sorted({sign for text in doubtful for sign in text if _is_unprintable(sign)}):
        yield side_diagnostic(
            side, "control-character", f"has a character that cannot be printed: {describe_character(sign)}"
        )
    if depth(side.tree) > _DEEPEST:
        yield side_diagnostic(side, "nested-too-deeply", "has text nested too deeply to be printed")


def side_diagnostic(
    side: Side, code: str, text: str, *, note: str = "", advice: str = "", blame: str = ""
) -> Diagnostic:
    """A finding about a side of a card, which its headline names; a long name is cut to leave room.

    blame: what of the card's source is to be pointed at, where it stands there as it is.
    """
    rest = f" {side.name} {text}"
    name = truncate(side.card.name, max(_HEADLINE - len(rest) - 2, _SHORTEST_NAME))
    return Diagnostic(
        code, f"`{name}`{rest}", span_of_text(side.card.note.span, blame), note=note, help=advice
    )


def span_of_text(entry: Span, blame: str) -> Span:
    """Where a piece of text stands in an entry of a source, as YAML may have it; else the whole entry.

    In quotes a backslash or a quote may be doubled, and in a block the lines are indented.
    """
    if not blame:
        return entry
    text = entry.text
    # The doubled ones first, since half of them looks like the others.
    spellings = (blame.replace("\\", "\\\\"), blame.replace("'", "''"), blame)
    for spelling in spellings:
        place = text.find(spelling)
        if place >= 0:
            return Span(entry.source, entry.start + place, entry.start + place + len(spelling))
    lines = r"\s+".join(map(re.escape, blame.split()))
    found = re.search(lines, text)
    return (
        entry if found is None else Span(entry.source, entry.start + found.start(), entry.start + found.end())
    )


def describe_character(sign: str) -> str:
    """A character for people who cannot see it, such as `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()


def _is_unprintable(sign: str) -> bool:
    """Control characters, halves of surrogate pairs, a byte order mark; white space was dealt with before."""
    return sign in _REFUSED or (unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t")
