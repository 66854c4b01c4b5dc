"""Readings in brackets, 漢字[かんじ], as Anki's filters for Japanese show them.

The filters work on finished HTML and do not tell a tag from text. So they are only for fields that are
plain text and have no bracket outside a reading: these come out the same as HTML and as content.
Source: Anki, rslib/src/template_filters.rs, `furigana_filter` and the functions beside it.
"""

import re

from cardwright.collection import content as c

READING_FILTERS = ("furigana", "kana", "kanji")

# A word and its reading. A space before the word only separates it from the text before.
_READING = re.compile(r" ?([^ ]+?)\[(.+?)\]")
# On paper a reading stands after its word.
_REPLACEMENTS = {"kana": r"\2", "kanji": r"\1", "furigana": r"\1（\2）"}
# Text that the Anki output has to escape, since Anki would read it as a command or a formula.
_ESCAPED_IN_ANKI = re.compile(r"\\|\[(?=sound:|anki:|latex\]|\$)", re.IGNORECASE)


def supports_readings(content: c.Content) -> bool:
    """Return whether the filters can show a field: it is all text, and every bracket belongs to a reading."""
    return all(isinstance(block, c.Paragraph) for block in content) and all(
        isinstance(inline, c.LineBreak | c.Strong | c.Emphasis | c.Strikethrough)
        or (isinstance(inline, c.Text) and _has_only_readings(inline.text))
        for inline in c.inlines(content)
    )


def _has_only_readings(text: str) -> bool:
    return not _ESCAPED_IN_ANKI.search(text) and not re.search(r"[\[\]]", _READING.sub("", text))


def apply_reading_filter(content: c.Content, name: str) -> c.Content:
    """Return a field that supports readings as one of the filters shows it."""

    def change(inline: c.Inline) -> c.Inlines | None:
        if not isinstance(inline, c.Text):
            return None
        return (c.Text(_READING.sub(_REPLACEMENTS[name], inline.text)),)

    return c.map_runs(content, lambda run: c.map_inlines(run, change))
