"""What a learner sees: every sort of card as real Anki renders it, and one style sheet for all."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from cardwright.collection.content import (
    Blank,
    BulletList,
    CodeBlock,
    Image,
    Math,
    MediaFile,
    OrderedList,
    Paragraph,
    Strong,
    Table,
    Text,
)
from cardwright.collection.reference import Citation, Reference
from cardwright.formats.anki.note_types import make_built_in_types
from tests.support.notes import cloze, content, deck, hole, paragraph, question, release
from tests.support.paths import TESTS
from tests.support.real_anki import learner

pytestmark = pytest.mark.anki

GOLDEN = TESTS / "golden" / "anki_cards.txt"
PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg/>")
CLINIC = Reference("clinic", "Hamstring Muscles", publisher="Cleveland Clinic", url="https://clinic.example")
BOOK = Reference("book", "Anatomy", author="A. Author", date="2020")

ALL_SORTS = deck(
    replace(
        question(
            "everything",
            "What is pulled off in an avulsion?",
            paragraph("A piece of ", Strong((Text("bone"),))),
            reverse="What is it called when the tendon pulls off bone?",
            reverse_answer="An avulsion",
            extra="The tendon tears it away.",
            hint="hard",
        ),
        topic="Grades",
        citations=(Citation(CLINIC, "Types"), Citation(BOOK)),
    ),
    question("plain", "Which muscle bends the knee?", "The biceps femoris"),
    replace(question("typed", "Spell it", "Semitendinosus"), typed="semitendinosus"),
    question(
        "list",
        (
            Paragraph((Text("What may follow?"),)),
            BulletList((content("bruising"), (Paragraph((Blank(),)),), content("swelling"))),
        ),
        "a limp",
    ),
    question(
        "blocks",
        (
            Paragraph((Text("Compare"),)),
            Table(
                ("", "right"),
                ((Text("grade"),), (Text("fibres"),)),
                (((Text("1"),), (Text("overstretched"),)),),
            ),
        ),
        (
            CodeBlock("if 1 < 2:\n    pass\n", "python"),
            OrderedList(2, (content("second"),)),
            Paragraph((Math("F < r", display=True),)),
        ),
    ),
    question("picture", paragraph("Which one?", Image(PICTURE, "a thigh")), "This one"),
    cloze(
        "cloze",
        "They ",
        hole(1, "flex"),
        " the knee and ",
        hole(2, "extend ", hole(3, Math("a^{b_{c}}")), hint="move back"),
        " the hip.",
        extra="Both.",
    ),
    replace(cloze("typed cloze", hole(1, "Flex"), "ion"), typed="Flex"),
)


def test_every_sort_of_card_as_anki_renders_it(tmp_path: Path) -> None:
    """Read the file when this fails: it is what learners will see. `make golden` writes it anew."""
    with learner(tmp_path) as one:
        one.imports(release(ALL_SORTS).package)
        actual = "\n".join(
            f"=== {key} {ordinal + 1}, front\n{readable(face.question)}"
            f"--- {key} {ordinal + 1}, back\n{readable(face.answer)}"
            for key, ordinal in one.order()
            for face in (one.face(key, ordinal),)
        )
    if os.environ.get("CARDWRIGHT_GOLDEN"):
        GOLDEN.write_text(actual)

    assert actual == GOLDEN.read_text()


def readable(html: str) -> str:
    """A face without empty lines, and with Anki's script for hints left out."""
    hint = r'<a class=hint.*?</a>\s*<div id="hint\w+" class=hint[^>]*>'
    html = re.sub(hint, "(hint link)<div>", html, flags=re.DOTALL)
    return "".join(f"{line}\n" for line in html.splitlines() if line.strip())


def test_colours_stand_in_the_two_blocks_of_variables_alone() -> None:
    """One block for light, one for night, with the same names, so that no colour is left behind in either."""
    css = make_built_in_types("deck", "en")[0].css
    named = re.findall(r"(--[a-z]+): (#[0-9a-f]{6});", css)
    light, night = named[: len(named) // 2], named[len(named) // 2 :]

    assert [name for name, _ in light] == [name for name, _ in night]
    assert len(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", css)) == len(named)
    assert not re.search(r"\b(rgb|hsl|black|white)\b(?!-)", css)
    assert css.index(".nightMode") < css.index(f"{night[0][0]}: {night[0][1]}")


def test_every_text_colour_can_be_read_on_its_paper() -> None:
    """WCAG 2 asks for a contrast of 4.5 to 1 for text; the question itself has more than 12."""
    css = make_built_in_types("deck", "en")[0].css
    named = re.findall(r"--([a-z]+): #([0-9a-f]{6});", css)
    for colours in (dict(named[: len(named) // 2]), dict(named[len(named) // 2 :])):
        for name in ("soft", "accent", "warning"):
            assert contrast(colours[name], colours["paper"]) >= 4.5
        assert contrast(colours["ink"], colours["paper"]) >= 12
        for name in ("fill", "right", "wrong", "missed"):
            assert contrast(colours["ink"], colours[name]) >= 7


def contrast(one: str, other: str) -> float:
    """The ratio of two colours by WCAG 2, from 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Of six hex digits. Source: WCAG 2.2, relative luminance."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_templates_style_nothing_themselves() -> None:
    """Looks are a matter of the style sheet, where a later version can change them for all notes."""
    for note_type in make_built_in_types("deck", "en"):
        for one in note_type.templates:
            assert "style" not in one.front + one.back
            assert "<script" not in one.front + one.back
