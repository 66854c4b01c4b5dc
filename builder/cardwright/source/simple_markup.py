"""Reads texts of the simplest markup without the Markdown parser: words in bold or italics, code, deletions.

Most texts with markup are so simple. What a sign means in Markdown depends on its neighbours, so signs with
neighbours that leave any doubt, or that a warning may be about, are left to the parser.
"""

import re

from cardwright.collection import content as c

# What may begin markup, or be markup of another tool.
_SIGNS = r"\\`*_~\[<&|{$^=+%#\n\t"
# Words between asterisks, from a letter or a digit to another; or code. A space is before it, and at most two
# signs that end a clause are between it and the next space. Or a cloze deletion of words without a hint.
_SPAN = re.compile(
    r"(?<![^ ])(?:"
    rf"(\*\*?)(?=[^\W_])([^{_SIGNS}]*(?<=[^\W_]))\1"
    r"|`(?=[^ `])([^`\\\n\t]*(?<=[^ ]))`"
    r")(?=[.,;:!?]{0,2}(?: |\Z))"
    rf"|\{{\{{c([1-9][0-9]?)::(?=[^\W_])([^{_SIGNS}:}}]*(?<=[^\W_]))\}}\}}"
)
_ANY_SIGN = re.compile(f"[{_SIGNS}]")
_BRACE = re.compile("[{}]")


def read_simple_markup(text: str, *, cloze: bool = False) -> c.Content | None:
    """Return the content of a text; None if it may have other markup.

    text: on one line, and no heading, list or quotation. cloze: whether `{{c1::…}}` is a deletion in it.
    """
    first, *pieces = _SPAN.split(text)
    if not pieces:
        return None
    inlines: list[c.Inline] = [c.Text(first)] if first else []
    parts = iter(pieces)
    for asterisks, words, code, number, hidden, rest in zip(*[parts] * 6, strict=True):
        if asterisks is not None:
            inlines.append((c.Strong if asterisks == "**" else c.Emphasis)((c.Text(words),)))
        elif number is None and not (cloze and _BRACE.search(code)):
            inlines.append(c.code(code))
        elif number is not None and cloze:
            inlines.append(c.Cloze((int(number),), (c.Text(hidden),)))
        else:
            return None
        if rest:
            inlines.append(c.Text(rest))
    for inline in inlines:
        if type(inline) is c.Text and (_ANY_SIGN.search(inline.text) or (cloze and "}" in inline.text)):
            return None
    return (c.Paragraph(tuple(inlines)),)
