"""Whatever a field holds after an edit, what is taken shows the same, and the rest is left in one piece."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.formats.anki.fields import render_html
from cardwright.formats.anki.released import read_package
from cardwright.formats.anki.shown_html import canonical
from cardwright.pulling.versions import with_cell_styles
from tests.pulling.test_places import HEAD
from tests.support.builds import DAY, NOW, DeckBuild, build_deck
from tests.support.contents import contents
from tests.support.edited_notes import Edited, export_notes, pull_notes, pulled_sources

CARDS = "  - {id: a, q: Old?, a: It}\n  - {id: c, cloze: '{{c1::x}}'}\n"
SOURCES = {"legs.yaml": f"{HEAD}cards:\n{CARDS}"}
BUILD = build_deck(SOURCES)

_WORDS = r"""
    <div> </div> <br> <b> </b> &nbsp; &lt; x <i> </i> <p> </p> <ul><li> </li></ul> <table><tr><td>
    </td></tr></table> {{c1:: }} :: \( \) [sound:x.mp3] <script> </script> # - * _ ` : ' " é 中 &amp; | [a]
"""
_FRAGMENTS = st.sampled_from(
    [*_WORDS.split(), " ", "\n", '<img src="x.png">', '<span style="color: red">', "</span>", "\u202e"]
)
fields = contents(clozes=False).map(lambda content: render_html(content, {})) | st.lists(
    _FRAGMENTS, max_size=12
).map("".join)


def _answer(build: DeckBuild, key: str, field: str) -> str:
    package = read_package(build.package)
    (values,) = (package.values(note) for note in package.notes.values() if package.key(note) == key)
    return values[field]


@settings(max_examples=int(os.environ.get("HISTORIES", "25")))
@given(fields, fields)
def test_what_is_taken_shows_the_same(answer: str, text: str) -> None:
    edits = {"a": Edited({"Answer": answer}), "c": Edited({"Text": "{{c1::" + text + "}}"})}
    export = export_notes(BUILD, edits, time=NOW + DAY)

    result = pull_notes(SOURCES, BUILD, export)

    pulled = pulled_sources(SOURCES, result)
    again = build_deck(pulled, BUILD, now=NOW + 2 * DAY)
    assert again.result.files, again.messages
    left = {leftover.change.key for leftover in result.left}
    for key, field in (("a", "Answer"), ("c", "Text")):
        shown, wanted = (
            canonical(with_cell_styles(html), cloze=key == "c")
            for html in (_answer(again, key, field), edits[key].fields[field])
        )
        assert (shown == wanted) != (key in left)
    lock = {path: data for path, data in result.files.items() if path.endswith(".lock")}
    after = DeckBuild(BUILD.result, {**BUILD.files, **lock})
    second = pull_notes(pulled, after, export)
    assert not second.files
    assert len(second.left) == len(result.left)
