"""Both sides of a card, as real Anki shows them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from anki.buildinfo import version as VERSION  # noqa: N812  it is a constant
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwright.formats.anki.sound_tags import Sound, Speech
from tests.support.anki_templates import (
    AnkiTemplates,
    anki_templates,
    card_without_anki,
    rendered_sides,
    sides_without_anki,
)
from tests.support.paths import ROOT
from tests.support.real_anki import new_learner

pytestmark = pytest.mark.anki


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnkiTemplates]:
    folder: Path = tmp_path_factory.mktemp("anki")
    with anki_templates(folder) as templates:
        yield templates


# What older versions of Anki show in another way: it is in the tests' lists of cases by these names.
NEW = {
    "25.02": {"comments", "open braces", "deeply nested", "masks"},
    "25.10": {"together", "huge"},
}


def cases(by_name: Mapping[str, str]) -> list[Any]:
    """Return parameters with their names, without those that this version of Anki shows in another way."""
    too_new = {name for version, names in NEW.items() for name in names if version > VERSION}
    return [pytest.param(text, id=name) for name, text in by_name.items() if name not in too_new]


PLAIN = {"Front": "<b>Knee</b> &amp; hip", "Back": "They flex it", "Extra": ""}

TEMPLATES = {
    "fields": "{{Front}} and {{ Back }} and {{Extra}}",
    "braces": "{{{Front}}} } {{ { {{Front}}}",
    "comments": "<!-- {{Front}} --> {{Front}} <!-- {{#Back}} -->",
    "sections": "{{#Front}}filled {{#Extra}}never{{/Extra}}{{^Extra}}empty{{/Extra}}{{/Front}}{{Back}}",
    "section of tags": "{{#Tags}}{{Tags}}{{/Tags}} {{Front}}",
    "section of a card's number": "{{#c1}}first{{/c1}}{{^c2}}not second{{/c2}}{{Front}}",
    "special fields": "{{Front}} {{Type}} {{Deck}} {{Subdeck}} {{Card}} {{CardFlag}} {{Tags}}",
    "front side on the front": "{{FrontSide}}{{Front}}",
    "text only": "{{text:Front}}",
    "hint": "{{Front}}{{hint:Back}}{{hint:Extra}}",
    "hint of text": "{{hint:text:Front}}{{text:hint:Front}}",
    "typing": "{{Front}}{{type:Back}}{{type:nc:Back}}{{type:cloze:Back}}{{type:text:Back}}{{text:type:Back}}",
    "speech": "{{tts en_US voices=Apple_Samantha speed=0.8:Front}} {{tts de_DE:Back}}",
    "speech without a language": "{{tts :Front}}{{Front}}",
    "speech with tags": "[anki:tts lang=en]a<br>b<p>c &amp; d[/anki:tts]{{Front}}[anki:tts]x[/anki:tts]",
    "another directive": "[anki:foo a=b]{{Front}}[/anki:foo]",
    "filter of an add-on": "{{text:unknown:Front}}{{unknown:text:Front}}{{unknown:}}",
    "two colons": "{{text::Front}}{{:Front}}",
    "no such field": "{{Front}}{{Nothing}}",
    "no such field behind a filter": "{{Front}}{{text:hint:Nothing}}",
    "no such field in a hidden section": "{{Front}}{{#Extra}}{{Nothing}}{{/Extra}}",
    "no such section": "{{#Nothing}}{{/Nothing}}",
    "no such negated section": "{{^Nothing}}{{/Nothing}}",
    "open section": "{{#Front}}{{Front}}",
    "closed section": "{{Front}}{{/Front}}",
    "crossed sections": "{{#Front}}{{#Back}}{{/Front}}{{/Back}}",
    "no field": "constant",
    "no filled field": "{{Extra}}",
    "empty braces": "{{}}{{Front}}",
    "open braces": "{{Front}} {{Front",
    "no template": "",
}


@pytest.mark.parametrize("template", cases(TEMPLATES))
@pytest.mark.parametrize("tags", [(), ("a", "b::c")], ids=["untagged", "tagged"])
def test_a_template_shows_what_anki_shows(anki: AnkiTemplates, template: str, tags: tuple[str, ...]) -> None:
    for front, back in ((template, "{{FrontSide}}<hr id=answer>{{Back}}"), ("{{Front}}", template)):
        assert sides_without_anki(front, back, PLAIN, tags=tags) == anki.sides(front, back, PLAIN, tags=tags)


FIELDS = {
    "spaces": " \n<br><div></div>",
    "hard spaces": "&nbsp;",
    "readings of lines": "a\nb[c] \n[d]",
    "picture": '<img src="leg.png">',
    "readings": "&nbsp;漢字[かんじ] 日本[にほん]語[ご] x[sound:a.mp3] <b>a</b>[b]",
    "sounds": "[sound:a &amp; b.mp3] and [sound:ü.ogg][sound:]",
    "entities": "&lt;b&gt; &eacute; &#233; &#xe9; &hellip; &lt",
    "unknown entity": "&lt; &foo;",
    "styles": "<style>b {}</style><script>x</script><!-- c -->text<i\n>x</i>",
    "template": "{{Back}} {{#Back}}",
    "formula": r"\(x < y\) <anki-mathjax>a</anki-mathjax>",
}


@pytest.mark.parametrize("html", cases(FIELDS))
def test_a_field_shows_what_anki_shows(anki: AnkiTemplates, html: str) -> None:
    fields = {"Front": html, "Back": f"a {html} b"}
    front = "{{#Front}}filled{{/Front}}{{Front}}{{Back}}"
    filters = ("text", "hint", "furigana", "kanji", "kana", "tts en_US", "type", "text:furigana")
    back = "{{FrontSide}}<hr id=answer>" + "".join(f"{{{{{name}:Back}}}}" for name in filters)

    assert sides_without_anki(front, back, fields) == anki.sides(front, back, fields)


def test_sounds_are_told_apart_by_side() -> None:
    sides = sides_without_anki(
        "{{Front}}",
        "{{FrontSide}}{{Back}}{{tts en_US:Front}}",
        {"Front": "a[sound:a.mp3]", "Back": "[sound:b.mp3]"},
    )

    assert sides.front == "a[anki:play:q:0]"
    assert sides.back == "a[anki:play:q:0][anki:play:a:0][anki:play:a:1]"
    assert sides.front_sounds == (Sound("a.mp3"),)
    assert sides.back_sounds == (Sound("b.mp3"), Speech("a[sound:a.mp3]", "en_US"))


CLOZES = {
    "one": "They {{c1::flex}} the knee",
    "several": "{{c1::They}} {{c2::flex}} the {{c1::knee::joint}}",
    "nested": "{{c1::They {{c2::flex {{c1::it}}}} always::hint}} {{c2::x}}",
    "deeply nested": "".join(f"{{{{c{n}::a" for n in range(1, 14)) + "}}" * 13,
    "together": "{{c1,2::both}} {{c2::one}} {{c3,1,3::two}}",
    "without": "plain",
    "zero": "{{c0::x}} {{c1::y}}",
    "huge": "{{c70000::x}} {{c1::y}} {{c,::z}} {{c1,,2::w}}",
    "unclosed": "a {{c1::b}} c {{c1::d {{c2::e}}",
    "closed too often": "a {{c1::b}} c}} d",
    "empty": "{{c1::}} {{c2::::hint}} {{c1::a::}}",
    "two hints": "{{c1::a::b::c}} {{c1::a::b{{c2::d::e}}f::g}}",
    "with html": "{{c1::<b title=\"x &amp; é\n'y'\">bold</b>}} <i>{{c2::x}}</i>",
    "in formulas": r"\(a {{c1::b<br>}} <b>c</b>\) \[{{c2::<i>x</i>}}\]",
    "with a sound": "{{c1::[sound:a.mp3]}} {{c2::b}}",
    "masks": (
        "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}"
        "{{c2::image-occlusion:ellipse:left=.1:top=.2:rx=.1:ry=0:angle=20:fill=#ff0000}}"
        "{{c2::image-occlusion:polygon:left=0:top=0:points=.1,.1 .2,.2 x .3,.1:oi=1}}"
        r"{{c0::image-occlusion:text:left=.1:top=.1:text=a\: b é:scale=1:fs=.1}}"
        "{{c1::image-occlusion:star:left=.1:other=2}}{{c1::image-occlusion:rect}}"
    ),
}


@pytest.mark.parametrize("html", cases(CLOZES))
@pytest.mark.parametrize("ordinal", [0, 1, 2])
def test_deletions_are_shown_as_anki_shows_them(anki: AnkiTemplates, html: str, ordinal: int) -> None:
    front = "{{#c1}}first {{/c1}}{{cloze:Front}}|{{text:cloze:Front}}|{{cloze-only:Front}}"
    back = "{{FrontSide}}|{{cloze:Front}}|{{cloze-only:Front}}|{{cloze:Back}}|{{type:cloze:Front}}|{{Front}}"
    card: dict[str, Any] = {"ordinal": ordinal, "is_cloze": True}
    fields = {"Front": html, "Back": "{{c2::other}} field"}

    assert sides_without_anki(front, back, fields, **card) == anki.sides(front, back, fields, **card)


def test_sections_can_be_nested_only_so_deep() -> None:
    depth = 2_000
    sides = sides_without_anki("{{#Front}}" * depth + "x" + "{{/Front}}" * depth, "", PLAIN)

    assert "More than 100 sections are nested" in sides.front


def test_every_card_of_the_first_deck_is_as_anki_shows_it(tmp_path: Path) -> None:
    package = ROOT / "decks" / "hamstrings" / "hamstrings.apkg"
    with new_learner(tmp_path) as learner:
        learner.import_package(package.read_bytes())
        card_ids = learner.collection.find_cards("")
        cards = [learner.collection.get_card(card_id) for card_id in card_ids]

        assert len(cards) > 300
        assert [card_without_anki(card) for card in cards] == [
            rendered_sides(card.render_output()) for card in cards
        ]


PIECES = (
    *(
        "{{Front}}",
        "{{Back}}",
        "{{#Front}}",
        "{{/Front}}",
        "{{^Back}}",
        "{{/Back}}",
        "{{FrontSide}}",
        "{{",
        "}}",
    ),
    *(
        "{{cloze:Front}}",
        "{{text:Back}}",
        "{{hint:Front}}",
        "{{furigana:Back}}",
        "{{type:Back}}",
        "<!--",
        "-->",
    ),
    *(
        "a",
        " ",
        "\n",
        "<b>",
        "{{c1::",
        "::",
        "{{c2::",
        "[sound:",
        "]",
        "[anki:tts lang=x]",
        "[/anki:tts]",
        "&amp;",
    ),
    *(r"\(", r"\)", "<", ">", "b[c]", "&nbsp;", "image-occlusion:rect:left=.1", ":top="),
)
texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@pytest.mark.skipif(VERSION < "25.02", reason="before 25.02 Anki read templates in another way")
@given(
    front=texts, back=texts, fields=st.tuples(texts, texts), ordinal=st.integers(0, 1), is_cloze=st.booleans()
)
@settings(max_examples=300)
def test_any_template_shows_of_any_note_what_anki_shows(
    anki: AnkiTemplates, front: str, back: str, fields: tuple[str, str], ordinal: int, *, is_cloze: bool
) -> None:
    values = {"Front": fields[0], "Back": fields[1]}
    card: dict[str, Any] = {"ordinal": ordinal, "is_cloze": is_cloze}

    assert sides_without_anki(front, back, values, **card) == anki.sides(front, back, values, **card)
