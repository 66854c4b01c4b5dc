"""Words are changed in a text whose markup stays as its author wrote it."""

import pytest

from cardwright.pulling.in_place import change_lines, change_words
from tests.pulling.test_places import HEAD
from tests.support.builds import DAY, NOW, build_deck
from tests.support.edited_notes import Edited, export_notes, pull_notes, pulled_sources

CHANGED = {
    "a word": ("They *flex* it", "They <em>flex</em> it", "They <em>bend</em> it", "They *bend* it"),
    "the first of two": ("a b a c", "a b a c", "x b a c", "x b a c"),
    "an insertion": (
        "It __is__ it",
        "It <strong>is</strong> it",
        "It <strong>is</strong> it x",
        "It __is__ it x",
    ),
    "a removal": ("very __big__", "very <strong>big</strong>", "<strong>big</strong>", "__big__"),
    "a new element": ("They flex it", "They flex it", "They <b>flex</b> it", None),
    "a sign of markup": ("They flex it", "They flex it", "They *flex* it", None),
    "what stands twice": ("*a* b *a*", "<em>a</em> b <em>a</em>", "<em>c</em> b <em>a</em>", None),
    "what is written in another way": ("caf&eacute; x", "café x", "cafe x", None),
}
"""By what is changed: the text, its HTML before and after, and the new text; None if it can't be told."""


@pytest.mark.parametrize("kind", CHANGED)
def test_words_are_changed_where_their_place_is_certain(kind: str) -> None:
    text, before, after, expected = CHANGED[kind]

    assert change_words(text, before, after) == expected


LINES = {
    "one more": ("* a\n* b", "- a\n- b", "- a\n- b\n- c", "* a\n* b\n* c"),
    "one less": ("* a\n* b\n* c", "- a\n- b\n- c", "- a\n- c", "* a\n* c"),
    "another one": (
        "|a|b|\n|-|-|\n|1|2|",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "| a | b |\n| --- | --- |\n| 1 | 3 |",
        "|a|b|\n|-|-|\n| 1 | 3 |",
    ),
    "one beside lines that are broken elsewhere": (
        "a\nb\n\n- c",
        "a b\n\n- c",
        "a b\n\n- c\n- d",
        "a\nb\n\n- c\n- d",
    ),
    "lines that are broken elsewhere": ("a\nb\n\n- c", "a b\n\n- c", "a x b\n\n- c", "a x b\n\n- c"),
    "lines around one whose language is known": (
        "a b\nc\n\n```py\nx\n```\n",
        "a b c\n\n```\nx\n```\n",
        "a d c\n\n```\ny\n```\n",
        "a d c\n\n```py\ny\n```\n",
    ),
    "numbers that are all the same": (
        "1. a\n1. b\n",
        "1. a\n2. b\n",
        "1. x\n2. a\n3. b\n",
        "1. x\n1. a\n1. b\n",
    ),
    "lines of which no other is known": ("a\nb", "a b", "a\n\nb", "a\n\nb"),
}
"""By what is changed: the text, what a conversion makes of the field before and after, and the new text."""


@pytest.mark.parametrize("kind", LINES)
def test_lines_are_changed_and_others_stay(kind: str) -> None:
    text, before, after, expected = LINES[kind]

    assert change_lines(text, before, after) == expected


TABLE = "a: |\n      | x | y |\n      |---|--:|\n      | 1 | 2 |\n"
ROW = '<tr><td>3</td><td style="text-align: right">4</td></tr>'
WIDE = (
    '<div class="table"><table><thead><tr><th>x</th></tr></thead>'
    '<tbody><tr><td style="width: 9em">2</td></tr></tbody></table></div>'
)
LISTS_AND_TABLES = {
    "an entry more": (
        "a: |\n      * one\n      * two\n",
        "</ul>",
        "<li>three</li></ul>",
        "      * two\n",
        "      * two\n      * three\n",
    ),
    "a list in quotes": ('a: "- one\\n- two"\n', "</ul>", "<li>three</li></ul>", "two", "two\\n- three"),
    "a word of a folded text": (
        "a: >-\n      a folded text\n      of *two* lines\n",
        "text",
        "<b>text</b>",
        "text\n",
        "**text**\n",
    ),
    "a word of a plain text of two lines": (
        "a: a plain text\n      of __two__ lines\n",
        "plain",
        "very plain",
        "a plain",
        "a very plain",
    ),
    "a list in place of a word": (
        "a: Old\n",
        "Old",
        "<ol><li>x</li><li>y</li></ol>",
        "Old",
        "|\n      1. x\n      2. y",
    ),
    "a row more": (
        TABLE,
        "</tr></tbody>",
        f"</tr>{ROW}</tbody>",
        "| 1 | 2 |\n",
        "| 1 | 2 |\n      | 3 | 4 |\n",
    ),
    "a cell": (TABLE, "<td>1", "<td>It is <b>1</b>", "| 1 | 2 |\n", "| It is **1** | 2 |\n"),
    "columns of another width": (
        "a: |\n      | x |\n      |---|\n      | 1 |\n",
        "<td>1",
        '<td style="width: 9em">2',
        " |\n      | x |\n      |---|\n      | 1 |\n",
        f"\n      html: '{WIDE}'\n",
    ),
}
"""By what is done: the answer's entry, what is replaced in its HTML and what by, and in the source."""


@pytest.mark.parametrize("kind", LISTS_AND_TABLES)
def test_lists_and_tables_come_back_as_such(kind: str) -> None:
    answer, old_html, new_html, old, new = LISTS_AND_TABLES[kind]
    sources = {"legs.yaml": f"{HEAD}cards:\n  - id: a\n    q: What?\n    {answer}"}
    build = build_deck(sources)
    (html,) = (note.fields[1] for note in export_notes(build, {}, time=NOW).notes)
    assert old_html in html
    edit = Edited({"Answer": html.replace(old_html, new_html)})

    result = pull_notes(sources, build, export_notes(build, {"a": edit}, time=NOW + DAY))

    assert not result.left
    assert pulled_sources(sources, result)["legs.yaml"] == sources["legs.yaml"].replace(old, new)


def test_what_anki_does_not_know_of_a_text_stays() -> None:
    text = "They __flex__\\\n      it ![a long bark](media/bark.mp3)\n"
    sources = {"legs.yaml": f"{HEAD}cards:\n  - id: a\n    q: What?\n    a: |\n      {text}"}
    media = {"cards_source/media/bark.mp3": b"ID3 bark"}
    build = build_deck(sources, media=media)
    assert build.files, build.messages
    (answer,) = (fields[1] for fields in (note.fields for note in export_notes(build, {}, time=NOW).notes))
    edit = Edited({"Answer": answer.replace("flex", "bend")})

    result = pull_notes(sources, build, export_notes(build, {"a": edit}, time=NOW + DAY), media=media)

    assert not result.left
    assert pulled_sources(sources, result)["legs.yaml"] == sources["legs.yaml"].replace("flex", "bend")


def test_words_that_would_be_markup_are_written_otherwise() -> None:
    sources = {"legs.yaml": f"{HEAD}cards:\n  - id: a\n    q: What?\n    a: __One__ of them\n"}
    build = build_deck(sources)
    edit = Edited({"Answer": "1. of them"})

    result = pull_notes(sources, build, export_notes(build, {"a": edit}, time=NOW + DAY))

    assert not result.left
    assert "a: 1\\. of them\n" in pulled_sources(sources, result)["legs.yaml"]
