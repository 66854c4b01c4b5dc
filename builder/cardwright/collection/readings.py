"""Readings in brackets, 漢字[かんじ], as Anki's filters for Japanese show them.

The filters work on finished HTML without looking what it is, so they are for fields of text alone,
in which every bracket belongs to a reading: then HTML and content come out alike.
Source: Anki, rslib/src/template_filters.rs, `furigana_filter` and its kin.
"""

import re
from dataclasses import replace

from cardwright.collection.content import (
    Content,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Paragraph,
    Strikethrough,
    Strong,
    Text,
    inlines,
    map_runs,
)

FILTERS = ("furigana", "kana", "kanji")

# A word and its reading; a space in front of it only parts it from what comes before.
_READING = re.compile(r" ?([^ ]+?)\[(.+?)\]")
_SHOWN = {"kana": r"\2", "kanji": r"\1", "furigana": r"\1（\2）"}
# What is written otherwise in a field, lest Anki take it for an order or a formula.
_ORDER = re.compile(r"\\|\[(?=sound:|anki:|latex\]|\$)", re.IGNORECASE)
_PLAIN = (Text, LineBreak, Strong, Emphasis, Strikethrough)


def suits(content: Content) -> bool:
    """Whether a field can be shown through the filters: text, and each bracket a reading's."""
    return all(isinstance(block, Paragraph) for block in content) and all(
        isinstance(inline, _PLAIN) and (not isinstance(inline, Text) or _is_clear(inline.text))
        for inline in inlines(content)
    )


def _is_clear(text: str) -> bool:
    return not _ORDER.search(text) and not re.search(r"[\[\]]", _READING.sub("", text))


def shown(content: Content, name: str) -> Content:
    """A field that suits, through one of the filters. On paper a reading stands behind its word."""
    return map_runs(content, lambda run: _run(run, _SHOWN[name]))


def _run(run: Inlines, form: str) -> Inlines:
    return tuple(_inline(inline, form) for inline in run)


def _inline(inline: Inline, form: str) -> Inline:
    match inline:
        case Text(text):
            return Text(_READING.sub(form, text))
        case Strong(children) | Emphasis(children) | Strikethrough(children):
            return replace(inline, children=_run(children, form))
        case _:
            return inline
