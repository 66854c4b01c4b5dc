"""Fields as text: the words are those that Anki shows."""

import re
from pathlib import Path

import pytest

from cardwright.formats.anki.field_text import read_field
from cardwright.formats.anki.released import read_package
from tests.formats.test_outputs_agree import HEADER, KINDS, MEDIA, build_package
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.real_anki import new_learner
from tests.support.shown_sides import read_anki_side


@pytest.mark.anki
@pytest.mark.parametrize("kind", ["question", "list", "table", "texts", "cloze"])
def test_a_field_has_the_words_that_anki_shows(tmp_path: Path, kind: str) -> None:
    package = build_package(deck_files({"d/deck.yaml": HEADER + KINDS[kind]}), FakeEnvironment(MEDIA))
    parts = {
        "Question": "question",
        "Answer": "answer",
        "Extra": "extra",
        "Source": "source",
        "Text": "question",
    }
    released = read_package(package)
    with new_learner(tmp_path) as learner:
        learner.import_package(package)
        for note in released.notes.values():
            values = released.values(note)
            back = read_anki_side(learner.sides(values["Key"], note.ordinals[0]).back).words
            for name, part in parts.items():
                if values.get(name):
                    text = read_field(values[name], cloze=name == "Text").text
                    assert words(text) == words(back[part]), (values["Key"], name)


TABLE = (
    '<div class="table"><table><thead><tr><th>A</th><th>B</th></tr></thead>'
    "<tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>"
)


def words(text: str) -> list[str]:
    """Return the words of a text without pictures, numbers and hints of deletions."""
    text = re.sub(r"\[(?:[^\[\]]*\.\w+|picture[^\[\]]*|sound)\]|; [^\[\]]*(?=\])|(?<=\[)[0-9]+: ", " ", text)
    return re.findall(r"\w+", text)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One / two"),
        ("One<br>two", "One / two"),
        ("Three:<ul><li>one</li><li><p>two</p><p>more</p></li></ul>", "Three: • one • two / more"),
        ('<ol start="3"><li>three</li><li>four</li></ol><p>end</p>', "3. three 4. four / end"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "• a • b"),
        ("<pre><code>a = 1\nb = 2</code></pre>", "a = 1 / b = 2"),
        ("a\n  b", "a b"),
        (TABLE, "A | B / 1 | 2"),
        ('<img src="leg.svg" alt="a &quot;leg&quot;">', '[picture: a "leg"]'),
        ('<img src="leg.svg" alt="">', "[picture]"),
        ("[sound:word.mp3]", "[sound]"),
        ('bone[sound:bone.mp3]<img src="leg.svg">', "bone [sound] [picture]"),
        (r"So \(x^2 &lt; 3\) and \[y\]", "So x^2 < 3 and y"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字(かんじ)"),
        ("{{c1::flex}} the knee", "[flex] the knee"),
        ("{{c1::flex::what?}} the knee", "[flex; what?] the knee"),
        ("{{c1::a {{c2::b}}}} c", "[1: a [2: b]] c"),
        ("{{c1::<span>}</span><span>}</span>}} <span>:</span>:", "[}}] ::"),
        ("&amp;lt; &amp; \u2060", "&lt; &"),
    ],
)
def test_markup_becomes_signs_in_one_line(html: str, text: str) -> None:
    assert read_field(html, cloze=True).text == text


BROKEN = ["<", "<p", "</p>", "<ul>", "<li>", "</ul>", "}}", "{{c1::", "&#x110000;", "<![CDATA[", "<!--"]


@pytest.mark.parametrize("html", [*BROKEN, f'<ol start="{"9" * 5000}"><li>'])
def test_no_html_is_too_broken_to_be_read(html: str) -> None:
    """A package may come from anywhere."""
    assert isinstance(read_field(html + "x", cloze=True).text, str)
