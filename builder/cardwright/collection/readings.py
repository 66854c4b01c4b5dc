"""Readings in brackets, 漢字[かんじ], as Anki's filters for Japanese show them.

The filters work on finished HTML and do not tell a tag from text. So they are only for fields that are
plain text and have no bracket outside a reading: these come out the same as HTML and as content.
Source: Anki, rslib/src/template_filters.rs, `furigana_filter` and the functions beside it.
"""

import re
from collections.abc import Iterator

from cardwright.collection import content as c

READING_FILTERS = ("furigana", "kana", "kanji")

# A word and its reading. A space before the word only separates it from the text before.
_READING = re.compile(r" ?([^ ]+?)\[(.+?)\]")
# Text that the Anki output has to escape, since Anki would read it as a command or a formula.
_ESCAPED_IN_ANKI = re.compile(r"\\|\[(?=sound:|/?anki:|/?latex\]|/?\$)", re.IGNORECASE)


def supports_readings(content: c.Content) -> bool:
    """Return whether the filters can show a field: it is all text, and every bracket belongs to a reading."""
    return all(isinstance(block, c.Paragraph) for block in content) and all(
        isinstance(inline, c.LineBreak | c.Strong | c.Emphasis | c.Strikethrough)
        or (isinstance(inline, c.Text) and _has_only_readings(inline.text))
        # Anki puts a hint in brackets.
        or (isinstance(inline, c.Cloze) and not re.search(r"[\[\]\\]", c.inlines_text(inline.hint)))
        for inline in c.inlines(content)
    )


def _has_only_readings(text: str) -> bool:
    return not _ESCAPED_IN_ANKI.search(text) and not re.search(r"[\[\]]", _READING.sub("", text))


def apply_reading_filter(content: c.Content, name: str) -> c.Content:
    """Return a field that supports readings as one of the filters shows it."""

    def change(inline: c.Inline) -> c.Inlines | None:
        return tuple(_filter_text(inline.text, name)) if isinstance(inline, c.Text) else None

    return c.map_runs(content, lambda run: c.map_inlines(run, change))


def _filter_text(text: str, name: str) -> Iterator[c.Inline]:
    text = text.replace("\xa0", " ")  # as the filters do with `&nbsp;`
    if name != "furigana":
        yield c.Text(_READING.sub(r"\1" if name == "kanji" else r"\2", text))
        return
    end = 0
    for match in _READING.finditer(text):
        if between := text[end : match.start()]:
            yield c.Text(between)
        yield c.Ruby((c.Text(match[1]),), (c.Text(match[2]),))
        end = match.end()
    if rest := text[end:]:
        yield c.Text(rest)


_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ"))}
# Words of other characters have no reading of their own in kana: Chinese ones, numbers, Latin letters.
_UNREAD = re.compile(r"[一-鿿㐀-䶿々〆ヶヵ0-9０-９A-Za-zＡ-Ｚａ-ｚ]+")


def overlong_words(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield each run of words that stands under the reading of its last, with that word and its reading.

    In `天気[てんき]はいいから散歩[さんぽ]` the filters take `はいいから散歩` for the second word.
    """
    for word, reading in _READING.findall(text):
        word = word.lstrip("〜～~")  # noqa: PLW2901  stands for any word
        if _KANA.fullmatch(reading) and _UNREAD.search(word) and not _can_be_read(word, reading):
            ends = (word[start:] for start in range(1, len(word)))
            if end := next((end for end in ends if _can_be_read(end, reading)), ""):
                yield word, end, reading


def _can_be_read(word: str, reading: str) -> bool:
    """Return whether the kana of a word occur in its reading, in their order."""
    pattern = "".join(
        ".+" if _UNREAD.match(part) else re.escape(part.translate(_KATAKANA_TO_HIRAGANA))
        for part in re.split(rf"({_UNREAD.pattern})", word)
    )
    return re.fullmatch(pattern, reading.translate(_KATAKANA_TO_HIRAGANA)) is not None
