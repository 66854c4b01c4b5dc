"""Finds commands of formulas that begin with an escape of double quotes, such as the tab of `\\times`."""

import re
from collections.abc import Iterator

from cardwright.diagnostics import Diagnostic, Span
from cardwright.diagnostics.phrases import truncate
from cardwright.source.nodes import Scalar
from cardwright.source.tex import MACROS

# Where a formula begins or ends, or any other backslash, with the letters that follow it.
_BACKSLASH = re.compile(r"\\\\(?P<end>[()\[\]])|\\(?P<sign>.)(?P<letters>[A-Za-z]*)", re.DOTALL)
# Source: YAML 1.2.2, section 5.7, without escapes that make no other sign of a letter.
_ESCAPES = {
    "a": "a bell",
    "b": "a backspace",
    "e": "an escape character",
    "f": "a form feed",
    "n": "a line break",
    "r": "a carriage return",
    "t": "a tab",
    "v": "a vertical tab",
    "L": "a line break",
    "N": "a line break",
    "P": "a paragraph break",
}


def escaped_commands(scalar: Scalar) -> Iterator[Diagnostic]:
    r"""Yield an error for each command in a formula whose backslash YAML reads. scalar: in double quotes.

    In a formula of several lines, `\nu` is a `u` that begins a line.
    """
    source, formula = scalar.source.text, ""
    for match in _BACKSLASH.finditer(source, scalar.start, scalar.end):
        if match["end"]:
            is_begun = not formula and match["end"] in "(["
            formula = match["end"] if is_begun else formula if match["end"] in "([" else ""
            continue
        command = match[0]
        if not formula or match["sign"] not in _ESCAPES or command not in MACROS:
            continue
        if match["sign"] == "n" and len(match["letters"]) == 1 and formula == "[":
            continue
        sign, macro = match["sign"], truncate(command, 20)
        message = f"in double quotes, `\\{sign}` of `{macro}` is {_ESCAPES[sign]}"
        help_ = f"write the text in single quotes, or each backslash twice: `\\{command}`"
        yield Diagnostic("escape-in-formula", message, Span(scalar.source, *match.span()), help=help_)
