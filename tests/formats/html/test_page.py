"""The page of a deck is one small file that holds everything, in which all text is text."""

import os
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from cardwright.formats.html.output import MANY_BYTES
from tests.support.builds import build_deck
from tests.support.pages import DECK, LEG_DECK, MEDIA, build_page, leg_page, page_of
from tests.support.paths import ROOT, TESTS

GOLDEN = TESTS / "golden" / "html_page.html"
HOSTILE = [
    *("<script>hit()</script>", "</script><script>hit()</script>", "</style><b onclick=hit()>x</b>"),
    *("<!-- a -->", "]]>", "-->", "</li></ul></main>", "<base href=//evil.test>", "@@SCRIPT@@"),
    *("{{Front}} {{c1:x}}", "javascript:hit()", "\"'`${hit()}", "&lt;b&gt; &amp;amp;", "\\u003cb>"),
    *("a\u2028b\u2029c", "\U0001f9b5\U0001f3fd", "Words.words.hide"),
]


def test_the_page_has_not_changed() -> None:
    """Pictures, sounds, the style and the script are left out."""
    shown = re.sub(r"(?<=base64,)[\w+/=]+|(?<=<style>).*?(?=</style>)|(?<=sha256-)[\w+/=]+", "…", leg_page())
    shown = re.sub(r"(?<=<script>).*?(?=</script>)", "…", shown)
    if os.environ.get("CARDWRIGHT_GOLDEN"):
        GOLDEN.write_text(shown)

    assert shown == GOLDEN.read_text()


def test_equal_sources_give_equal_bytes() -> None:
    assert leg_page() == leg_page()


def test_the_hamstring_deck_is_small() -> None:
    """Without its pictures, but with the program, the page takes little more than twice its words."""
    sources = {
        path.relative_to(ROOT / "cards_source").as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / "cards_source" / "hamstrings").glob("*.yaml"))
    }
    media = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "cards_source" / "hamstrings" / "media").iterdir()
    }

    page = build_page(sources, media)

    page = re.sub(r'src="data:[^"]*"', "", page)
    tree = LexborHTMLParser(page)
    tree.strip_tags(["script", "style"])
    words = tree.body.text() if tree.body else ""
    assert len(page.encode()) < 2.4 * len(words.encode())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_stay_texts_everywhere(hostile: str) -> None:
    quoted = "'" + hostile.replace("'", "''") + "'"
    # Where Markdown or our inline HTML would mean something, the author says that it is text.
    text = "'" + re.sub(r"([!-'*-/:-@[-`{-~])", r"\\\1", hostile).replace("'", "''") + "'"
    deck = f"""
deck: {quoted}
id: hostile
description: {quoted}
sources: {{book: {{title: {quoted}, author: {quoted}}}}}
"""
    cards = f"""
topic: {quoted}
cards:
  - {{id: a, q: {text}, a: {text}, extra: {text}, hint: {text}, source: {{book: {quoted}}}}}
  - {{id: b, cloze: '{{{{c1::gap}}}} {text[1:-1]}'}}
"""
    page = build_page({"hostile/deck.yaml": deck, "hostile/a.yaml": cards})

    tree = LexborHTMLParser(page)
    places = ["h1", "header p", "h2", "h3", "h3+p", "aside", "cite"]
    texts = {place: " ".join(tree.css(place)[0].text().split()) for place in places}
    assert texts == dict.fromkeys(places, " ".join(hostile.split()))
    assert [element.tag for element in tree.css("script, style, base, img, b")].count("script") == 2
    assert len(tree.css("style")) == len(tree.css("base")) == len(tree.css("b")) == 1
    assert not tree.css("[onclick]")


def test_media_are_in_the_page_once() -> None:
    page = leg_page()

    assert page.count("<audio") == 2
    assert page.count("data:audio") == 1


def test_a_page_is_kept_up_to_date_once_it_is_there() -> None:
    deck = {"d.yaml": "deck: D\nid: d\nprint: false\ncards: [{id: a, q: One?, a: b}]"}
    first = build_deck(deck, outputs=("html",))
    assert not page_of(build_deck(deck, outputs=("anki",)))

    second = build_deck({"d.yaml": deck["d.yaml"].replace("One", "Two")}, first, outputs=None)

    assert "Two?" in page_of(second)[0]
    assert not page_of(build_deck(deck, outputs=None))
    assert page_of(build_deck({"d.yaml": deck["d.yaml"] + "\nhtml: true"}, outputs=None))


def test_a_page_that_is_too_large_for_phones_has_a_warning() -> None:
    media = {**MEDIA, "cards_source/leg/media/word.mp3": b"ID3" + bytes(MANY_BYTES)}
    sources = {"leg/deck.yaml": DECK.format(language="en"), **LEG_DECK}

    build = build_deck(sources, media=media, outputs=("html",))

    (warning,) = [diagnostic for diagnostic in build.result.report if diagnostic.code == "large-page"]
    assert warning.message == "the page of this deck has 40 MB: phones may fail to open it"
    assert "media/word.mp3" in warning.note
    assert page_of(build)
