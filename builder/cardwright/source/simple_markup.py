"""Reads texts of the simplest markup without the Markdown parser: bold, italics, code, deletions, a list.

Most texts with markup are so simple. What a sign means in Markdown depends on its neighbours, so signs with
neighbours that leave any doubt, or that a warning may be about, are left to the parser.
"""

import re

from cardwright.collection import content as c

# What may begin markup, or be markup of another tool.
_SIGNS = r"\\`*_~\[<&|{$^=+%#\n\t"
# Words between asterisks, from a letter or a digit to another; or code. A space is before it, and at most two
# signs that end a clause are between it and the next space. Or a cloze deletion of words; with a hint of
# words if neither can be code, such as `std::map`, or an address, such as `fe80::1`.
_NAMESPACES = ("std", "boost", "crate", "Self", "Vec", "HashMap", "Foo", "foo")
_NO_NAMESPACE = "".join(rf"(?<!\b{name})" for name in _NAMESPACES)
_HINTED = rf"[^{_SIGNS}:}}(0-9]*(?<=[^\W_])"
_SPAN = re.compile(
    r"(?<![^ ])(?:"
    rf"(\*\*?)(?=[^\W_])([^{_SIGNS}]*(?<=[^\W_]))\1"
    r"|`(?=[^ `])([^`\\\n\t]*(?<=[^ ]))`"
    r")(?=[.,;:!?]{0,2}(?: |\Z))"
    r"|\{\{c([1-9][0-9]?)::(?=[^\W_])"
    rf"(?:([^{_SIGNS}:}}]*(?<=[^\W_]))"
    rf"|({_HINTED}){_NO_NAMESPACE}::(?=[^\W_])({_HINTED}))\}}\}}"
)
_ANY_SIGN = re.compile(f"[{_SIGNS}]")
_BRACE = re.compile("[{}]")
# A line that is a paragraph or an entry: words begin it, emphasised or not, and no space is at its end.
_LINE = r"(?:\*\*?)?[^\W\d_][^\n]*\S"
_ENTRIES = rf"- {_LINE}(?:\n- {_LINE})*"
_PARAGRAPHS_AND_LIST = re.compile(rf"(?:{_LINE}\n\n)*(?:{_LINE}|(?:{_LINE}\n)?{_ENTRIES})")


def read_simple_markup(text: str, *, cloze: bool = False) -> c.Content | None:
    """Return the content of a text; None if it may have other markup.

    text: on one line, and no heading, list or quotation. cloze: whether `{{c1::…}}` is a deletion in it.
    """
    first, *pieces = _SPAN.split(text)
    if not pieces:
        return None
    inlines: list[c.Inline] = [c.Text(first)] if first else []
    parts = iter(pieces)
    for asterisks, words, code, number, hidden, hinted, hint, rest in zip(*[parts] * 8, strict=True):
        if asterisks is not None:
            inlines.append((c.Strong if asterisks == "**" else c.Emphasis)((c.Text(words),)))
        elif number is None and not (cloze and _BRACE.search(code)):
            inlines.append(c.code(code))
        elif number is not None and cloze:
            inlines.append(
                c.Cloze((int(number),), (c.Text(hidden),))
                if hint is None
                else c.Cloze((int(number),), (c.Text(hinted),), (c.Text(hint),))
            )
        else:
            return None
        if rest:
            inlines.append(c.Text(rest))
    for inline in inlines:
        if type(inline) is c.Text and (_ANY_SIGN.search(inline.text) or (cloze and "}" in inline.text)):
            return None
    return (c.Paragraph(tuple(inlines)),)


def read_simple_lines(text: str) -> c.Content | None:
    """Return the content of several lines; None if they may be more than paragraphs of one line and a list.

    The list is at the end, and each of its entries is a line.
    """
    if _PARAGRAPHS_AND_LIST.fullmatch(text) is None:
        return None
    paragraphs: list[c.Block] = []
    entries: list[c.Content] = []
    for line in filter(None, text.split("\n")):
        is_entry = line.startswith("- ")
        words = line[2:] if is_entry else line
        content = c.plain(words) if _ANY_SIGN.search(words) is None else read_simple_markup(words)
        if content is None:
            return None
        if is_entry:
            entries.append(content)
        else:
            paragraphs += content
    return (*paragraphs, c.BulletList(tuple(entries))) if entries else tuple(paragraphs)
