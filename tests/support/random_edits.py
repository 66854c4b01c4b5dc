"""Edits of fields as people make them in Anki's editor, at random."""

import random
import re
from collections.abc import Callable

_TAG = re.compile(r"(<[^>]*>)")
_WORD = re.compile(r"(?<![\w{:\\&/.\-\[])[^\W\d_]{3,}(?![\w:;.\]])")
_FORMATS = (
    "<b>{}</b>",
    "<i>{}</i>",
    "<u>{}</u>",
    "<sub>{}</sub>",
    "<sup>{}</sup>",
    "<b><i>{}</i></b>",
    '<span style="color: rgb(255, 0, 0);">{}</span>',
    '<span style="background-color: rgb(255, 255, 0);">{}</span>',
    '<a href="https://example.com/a?b=1&amp;c=2">{}</a>',
    '<font color="#0000ff">{}</font>',
)
_ADDED = (
    "<br>one more line",
    "<div>a line</div>",
    "<div><br></div><div>after an empty line</div>",
    "<ul><li>first</li><li>second</li></ul>",
    "<ol><li>first<ul><li>inner</li></ul></li><li>second</li></ol>",
    "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody></table>",
    " &nbsp;and",
    " x &lt; y &amp; z",
    r" \(x^2 &lt; y_1\)",
    r" \[\frac{1}{2}\]",
    " *stars* and _lines_",
    " 1. not a list",
    ' <img src="pasted.png">',
    " [sound:said.mp3]",
    " # : - \"quotes\" 'too'",
    " {{braces}}",
    " 漢字",
    "<h2>heading</h2>",
    "<blockquote>said</blockquote>",
    "<pre>code  here\n  x</pre>",
    '<p style="text-align: right;">right</p>',
)


def edit_field(html: str, rng: random.Random, *, cloze: bool) -> str:
    """Return a field after one edit. cloze: whether deletions may be made in it."""
    edits: list[Callable[[str], str]] = [
        lambda word: rng.choice(_FORMATS).format(word),
        lambda word: f"{word}s",
        lambda word: f"{word} and another",
        lambda _: "replaced",
    ]
    if cloze:
        edits.append(lambda word: f"{{{{c{rng.randint(7, 9)}::{word}}}}}")
        edits.append(lambda word: f"{{{{c{rng.randint(7, 9)}::{word}::hint}}}}")
    if rng.random() < 0.4:
        added = rng.choice(_ADDED)
        if "<li>" in html and rng.random() < 0.5:
            return html.replace("</li>", "</li><li>an entry more</li>", 1)
        return html + added
    parts = _TAG.split(html)
    places = [
        (index, match)
        for index, part in enumerate(parts)
        if not part.startswith("<")
        for match in _WORD.finditer(part)
    ]
    if not places:
        return f"{html} word"
    index, match = rng.choice(places)
    part = parts[index]
    parts[index] = part[: match.start()] + rng.choice(edits)(match[0]) + part[match.end() :]
    return "".join(parts)
