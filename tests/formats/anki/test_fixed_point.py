"""What we write stays as written when Anki's browser shows a note.

It writes each field anew, as a web engine serialises it. A field that then differs is an edit of the learner
to Anki, and later releases don't reach that note any more.
"""

import unicodedata
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.formats.anki import fields
from cardwright.formats.anki.retired import read_released_notes
from tests.support.anki_editor import rewrite_in_editor, serialize
from tests.support.contents import contents
from tests.support.paths import ROOT


def html(content: c.Content, *, cloze: bool = False) -> str:
    return fields.render_html(content, {}, cloze=cloze)


def contents_as_html(*, cloze: bool) -> st.SearchStrategy[str]:
    """Return fields of ordinary notes, or of cloze notes."""
    return contents(clozes=cloze).map(lambda content: html(content, cloze=cloze))


FIELDS = contents_as_html(cloze=False) | contents_as_html(cloze=True)


@given(FIELDS)
def test_a_web_engine_serialises_a_field_as_we_write_it(field: str) -> None:
    assert serialize(field) == field


@given(FIELDS)
def test_an_import_keeps_every_character_of_a_field(field: str) -> None:
    """Anki normalises fields, and takes control characters out of them."""
    assert unicodedata.normalize("NFC", field) == field
    assert not any(character < " " and character not in "\t\n" for character in field)


def test_ankis_editor_stores_a_field_as_we_write_it(tmp_path: Path) -> None:
    """The editor also replaces formulas and takes some line breaks out."""
    written: list[str] = []

    @settings(max_examples=300, phases=[Phase.generate], deadline=None, database=None)
    @given(FIELDS)
    def collect(field: str) -> None:
        written.append(field)

    collect()
    rewritten = rewrite_in_editor(written, tmp_path)

    assert [pair for pair in zip(written, rewritten, strict=True) if pair[0] != pair[1]] == []


def test_the_first_deck_is_written_so(tmp_path: Path) -> None:
    package = (ROOT / "decks" / "hamstrings" / "hamstrings.apkg").read_bytes()
    written = [value for note in read_released_notes(package).values() for value in note.values]

    assert written
    assert rewrite_in_editor(written, tmp_path) == [serialize(field) for field in written] == written
