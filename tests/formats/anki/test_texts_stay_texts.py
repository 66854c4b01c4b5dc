"""What looks like a command of Anki's in a text is shown as it stands, in every field of every kind of note.

Judged by Anki, and again by what Anki's editor stores when the note is shown in the browser.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from cardwright.diagnostics import Severity
from cardwright.formats.anki.released import read_package
from tests.support.anki_editor import rewrite_in_editor
from tests.support.builds import build_deck
from tests.support.diagram_decks import LEG
from tests.support.plain_words import Page
from tests.support.real_anki import Learner, new_learner

if TYPE_CHECKING:  # when it runs, only anki.collection can be imported first
    from anki.template import TemplateRenderOutput

pytestmark = pytest.mark.anki

TEXTS = (
    *(
        "{{c1::x}}",
        "}} {{c2::y::z}}",
        "{{c1,2::x}}",
        "::",
        "{{Answer}}",
        "{{FrontSide}}",
        "{{#Hint}}x{{/Hint}}",
    ),
    *(
        "[sound:a.mp3]",
        "[SOUND:a.mp3]",
        "[anki:tts lang=en_US]x[/anki:tts]",
        "[/anki:tts]",
        "[anki:play:q:0]",
    ),
    *(
        "[latex]x[/latex]",
        "[$]x[/$]",
        "[$$]x[/$$]",
        "[[type:Answer]]",
        "[[type:cloze:Text]]",
        "[[type:nc:Word]]",
    ),
    *(r"\(x\)", r"\[x\]", r"\\(x\\)", "$x$", "<anki-mathjax>x</anki-mathjax>", "[sou", "[["),
    *("<b>x</b>", "<img src=x onerror=alert(1)>", "<script>x</script>", "<!-- x -->", "&amp; &#123;", "&lt;"),
    *("\"a\" 'b'", "10\xa0%", "a\u2028b", "\u2066C++\u2069", "<br>", "]]>", "\u0338>\u0338"),
)


URL_TEXT = "[sound:x]{{c3::y}}[[type:Typed]]"


def literally(text: str) -> str:
    """Return Markdown for a text as it stands, between signs by which it is found again."""
    return "‹" + "".join(char if char.isalnum() else f"&#{ord(char)};" for char in text) + "›"


TYPES: dict[str, Any] = {
    "shown": {
        "fields": ["Word", "More"],
        "templates": {
            "Shown": {
                "front": "{{Word}} {{hint:More}} {{type:Word}}",
                "back": "{{FrontSide}} {{More}} {{tts en_US:Word}}",
            }
        },
    },
    "gaps": {
        "fields": ["Word", "More"],
        "templates": {"Gap": {"front": "{{cloze:Word}}", "back": "{{cloze:Word}} {{More}} {{hint:More}}"}},
    },
}


def cards_with(text: str, number: int) -> list[dict[str, Any]]:
    """Return cards of every kind that have the text in all of their fields."""
    words = literally(text)
    common = {"hint": words, "extra": words, "source": f"book{number}"}
    labels = {"left": {"name": words, "rect": [5, 10, 30, 10]}}
    cards: list[dict[str, Any]] = [
        {"id": "question", "q": words, "a": words, "reverse": {"q": words, "a": words}, **common},
        {"id": "typed", "q": f"‹`{text}`›", "a": words, "typed": True},
        {"id": "cloze", "cloze": f"{words} {{{{c1::{words}::{words}}}}}", **common},
        {"id": "picture", "q": f"x ![{words}](media/leg.svg)", "a": "x"},
        {"id": "hidden-picture", "cloze": f"{{{{c1::x}}}} ![{words}](media/leg.svg)"},
        {"id": "list", "list": words, "items": {"a": words, "b": "x"}, **common},
        {"id": "diagram", "diagram": "media/leg.svg", "alt": f"‹{text}›", "labels": labels, **common},
        {"id": "shown", "type": "shown", "fields": {"Word": words, "More": words}},
        {"id": "gaps", "type": "gaps", "fields": {"Word": f"{{{{c1::{words}}}}}", "More": words}},
    ]
    return [{**card, "id": f"{card['id']}-{number}"} for card in cards]


@pytest.fixture(scope="module")
def package() -> bytes:
    """Return a deck with all the texts."""
    numbered = list(enumerate(TEXTS))
    books = {
        f"book{number}": {"title": f"‹{text}›", "url": f"https://a.b/{URL_TEXT}{number}"}
        for number, text in numbered
    }
    header = {"deck": "Texts", "id": "texts", "sources": books, "note_types": TYPES}
    files: dict[str, Any] = {"d/deck.yaml": header}
    for number, text in numbered:
        files[f"d/{number}.yaml"] = {"topic": f"‹{text}›", "cards": cards_with(text, number)}
    sources = {
        path: yaml.safe_dump(file, allow_unicode=True, sort_keys=False) for path, file in files.items()
    }
    build = build_deck(sources, media={"cards_source/d/media/leg.svg": LEG})
    assert [problem.message for problem in build.result.report if problem.severity is Severity.ERROR] == []
    return build.package


@pytest.fixture(scope="module")
def learner(package: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    """Return a learner who has imported the deck."""
    with new_learner(tmp_path_factory.mktemp("anki")) as new:
        new.import_package(package)
        yield new


def rendered_cards(learner: Learner) -> Iterator[tuple[str, str, "TemplateRenderOutput"]]:
    """Yield the kind, the text and the sides of each card."""
    for card_id in learner.collection.find_cards(""):
        card = learner.collection.get_card(card_id)
        kind, number = re.findall("^([a-z-]+)-([0-9]+)", learner.key(card.nid))[0]
        yield kind, TEXTS[int(number)], card.render_output()


def test_cards_are_those_that_are_meant(learner: Learner) -> None:
    kinds = Counter(kind for kind, _, _ in rendered_cards(learner))

    assert kinds == {
        "question": 2 * len(TEXTS),
        "list": 2 * len(TEXTS),
        **dict.fromkeys(
            ("typed", "cloze", "picture", "hidden-picture", "diagram", "shown", "gaps"), len(TEXTS)
        ),
    }


def test_cards_show_the_text(learner: Learner) -> None:
    for kind, text, output in rendered_cards(learner):
        for html in (output.question_text, output.answer_text):
            page = LexborHTMLParser(html, is_fragment=True)
            alternative_texts = [str(image.attributes["alt"]) for image in page.css("img")]
            words = [page.text(), *alternative_texts]
            shown = {squeeze(match) for part in words for match in re.findall("‹(.*?)›", part, re.DOTALL)}
            assert shown <= {squeeze(text), ""}
            assert not page.css("b, img.latex, [onerror]")
            assert bool(page.css("script")) == (kind == "diagram")


def test_nothing_in_a_text_is_a_command(learner: Learner) -> None:
    for kind, text, output in rendered_cards(learner):
        spoken = [squeeze(getattr(tag, "field_text", "a sound")) for tag in output.answer_av_tags]
        assert output.question_av_tags == []
        assert spoken == ([squeeze(f"‹{text}›")] if kind == "shown" else [])
        for html in (output.question_text, output.answer_text):
            boxes = re.findall(r"\[\[type:(.+?)\]\]", html)
            assert set(boxes) <= {"typed": {"Typed"}, "shown": {"Word"}}.get(kind, set())
            assert not any(re.search(r"\\[(\[]", piece) for piece in Page(html).pieces)


def test_what_a_learner_types_is_compared_with_the_text(learner: Learner) -> None:
    """A learner types a space where the text has one that doesn't break, and no isolates."""
    for number, text in enumerate(TEXTS):
        typed = re.sub("[\u2066\u2069]", "", f"‹{text}›".replace("\xa0", " "))
        comparison = learner.collection.compare_answer(learner.card(f"typed-{number}").note()["Typed"], typed)
        assert "typeGood" in comparison
        assert not re.search("typeBad|typeMissed", comparison)


def test_nothing_but_the_learner_alters_a_note(package: bytes, learner: Learner, tmp_path: Path) -> None:
    """Neither does the import, nor Anki's browser when it shows a note; so what it shows stays the same."""
    written = {note.values: note.mod for note in read_package(package).notes.values()}
    notes = [learner.collection.get_note(note_id) for note_id in learner.collection.find_notes("")]
    fields = [field for note in notes for field in note.fields]

    assert {tuple(note.fields): note.mod for note in notes} == written
    assert rewrite_in_editor(fields, tmp_path) == fields
    assert [
        learner.collection.media.escape_media_filenames(field, unescape=True) for field in fields
    ] == fields


def squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).replace("\u2060", "").split())
