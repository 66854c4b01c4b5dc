"""Finds what Anki reads in the HTML of a field before it is HTML: deletions, sounds, and other commands.

Each is replaced by marks: control characters, which no field can have otherwise. So they stay what they are
while the HTML is parsed, and what only looks like them stays text.
Source: Anki, rslib/src/cloze.rs, `tokenize`; rslib/src/card_rendering/parser.rs; rslib/src/latex.rs;
qt/aqt/reviewer.py, `typeAnsPat`.
"""

import re

OPEN, NUMBER_END, HINT, CLOSE, SOUND, COMMAND, END = "\x01\x02\x03\x04\x05\x06\x07"
"""An opening is `OPEN`, its number and `NUMBER_END`; a sound or command ends with `END`."""
BREAK = "\x08"
"""What stands for `<br>` where texts are joined."""

MARK = re.compile(
    rf"{OPEN}([0-9]+){NUMBER_END}|({HINT}|{CLOSE})|{SOUND}([^{END}]*){END}|{COMMAND}([^{END}]*){END}"
)
"""A mark. Groups: the number of an opening; a separator or an end; a sound's name; a command."""
ANY_MARK = re.compile(rf"[{OPEN}-{END}]")

# Control characters, which Anki takes out of fields, others that nobody sees, and what reverses text.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ufeff\ufffe\uffff]")
_DELETION_TOKEN = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::|\}\}|::")
_BRACKETS = re.compile(
    r"\[sound:([^\]<>]+)\]|(\[/?(?i:latex|\$\$?)\]|\[/?anki:[^\]<>]*\]|\[\[type:[^\]]+\]\])"
)
UNCLOSED = "a deletion without an end"
"""The command that stands behind a text with such a deletion, of which Anki shows nothing."""


def mark_field(html: str, *, cloze: bool) -> str:
    """Return the HTML of a field with marks in place of what Anki reads in it.

    cloze: whether the field is the text of a cloze note.
    """
    html = _CONTROLS.sub("", html)
    if "[" in html:
        html = _BRACKETS.sub(_mark_brackets, html)
    return _mark_deletions(html) if cloze and "{{c" in html else html


def _mark_brackets(match: re.Match[str]) -> str:
    return f"{SOUND}{match[1]}{END}" if match[1] else f"{COMMAND}{match[2]}{END}"


def _mark_deletions(html: str) -> str:
    """Return the HTML with marks in place of the signs of deletions."""
    pieces: list[str] = []
    # For each open deletion where its opening stands, its numbers, and where its hint begins.
    stack: list[tuple[int, list[str], int | None]] = []
    position = 0
    for token in _DELETION_TOKEN.finditer(html):
        pieces.append(html[position : token.start()])
        position = token.end()
        if token[1]:
            stack.append((len(pieces), token[1].split(","), None))
        elif stack and token[0] == "::":
            opening, numbers, hint = stack[-1]
            if hint is None:
                stack[-1] = (opening, numbers, len(pieces))
        elif stack:
            opening, numbers, hint = stack.pop()
            pieces[opening] = "".join(f"{OPEN}{int(number)}{NUMBER_END}" for number in numbers)
            hint_html = ""
            if hint is not None:
                pieces[hint] = HINT
                hint_html = "".join(pieces[hint:])
            pieces.append(CLOSE + (hint_html + CLOSE) * (len(numbers) - 1))
            continue
        pieces.append(token[0])
    pieces.append(html[position:])
    if stack:
        pieces.append(f"{COMMAND}{UNCLOSED}{END}")
    return "".join(pieces)
