"""Reads texts whose only markup are words in bold, words in italics and code, without the Markdown parser.

Most texts with markup are so simple. What a sign means in Markdown depends on its neighbours, so signs with
neighbours that leave any doubt, or that a warning may be about, are left to the parser.
"""

import re

from cardwright.collection import content as c

# What may begin markup, or be markup of another tool.
_SIGNS = r"\\`*_~\[<&|{$^=+%#\n\t"
# Words between asterisks, from a letter or a digit to another; or code. A space is before it, and at most two
# signs that end a clause are between it and the next space.
_SPAN = re.compile(
    r"(?<![^ ])(?:"
    rf"(\*\*?)(?=[^\W_])([^{_SIGNS}]*(?<=[^\W_]))\1"
    r"|`(?=[^ `])([^`\\\n\t]*(?<=[^ ]))`"
    r")(?=[.,;:!?]{0,2}(?: |\Z))"
)
_ANY_SIGN = re.compile(f"[{_SIGNS}]")


def read_simple_markup(text: str) -> c.Content | None:
    """Return the content of a text; None if it may have other markup.

    text: on one line, and no heading, list or quotation.
    """
    first, *pieces = _SPAN.split(text)
    if not pieces or _ANY_SIGN.search(first):
        return None
    inlines: list[c.Inline] = [c.Text(first)] if first else []
    parts = iter(pieces)
    for asterisks, words, code, rest in zip(parts, parts, parts, parts, strict=True):
        if asterisks is None:
            inlines.append(c.code(code))
        else:
            wrapper = c.Strong if asterisks == "**" else c.Emphasis
            inlines.append(wrapper((c.Text(words),)))
        if rest:
            if _ANY_SIGN.search(rest):
                return None
            inlines.append(c.Text(rest))
    return (c.Paragraph(tuple(inlines)),)
