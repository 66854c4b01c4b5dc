"""What a learner sees: every sort of card as real Anki renders it, and their style sheet."""

import os
import re
from pathlib import Path

import pytest

from cardwright.collection import content as c
from cardwright.collection.content import MediaFile
from cardwright.collection.reference import Citation, Reference
from cardwright.formats.anki.note_types import make_built_in_types
from cardwright.record import replace
from tests.support.notes import cloze, content, deck, deletion, paragraph, question, release
from tests.support.paths import TESTS
from tests.support.real_anki import new_learner

pytestmark = pytest.mark.anki

GOLDEN = TESTS / "golden" / "anki_cards.txt"
CSS = make_built_in_types("deck", "en")[0].css
PICTURE = MediaFile("thigh-0123456789ab.svg", "media/thigh.svg", b"<svg/>")
CLINIC = Reference("clinic", "Hamstring Muscles", publisher="Cleveland Clinic", url="https://clinic.example")
BOOK = Reference("book", "Anatomy", author="A. Author", date="2020")

ALL_SORTS = deck(
    replace(
        question(
            "everything",
            "What is pulled off in an avulsion?",
            paragraph("A piece of ", c.Strong((c.Text("bone"),))),
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
            c.Paragraph((c.Text("What may follow?"),)),
            c.BulletList((content("bruising"), (c.Paragraph((c.Blank(),)),), content("swelling"))),
        ),
        "a limp",
    ),
    question(
        "blocks",
        (
            c.Paragraph((c.Text("Compare"),)),
            c.Table(
                ("", "right"),
                (c.plain("grade"), c.plain("fibres")),
                ((c.plain("1"), c.plain("overstretched")),),
            ),
        ),
        (
            c.code_block("if 1 < 2:\n    pass\n", "python"),
            c.OrderedList(2, (content("second"),)),
            c.Paragraph((c.Math("F < r", display=True),)),
        ),
    ),
    question("picture", paragraph("Which one?", c.Image(PICTURE, "a thigh")), "This one"),
    cloze(
        "cloze",
        "They ",
        deletion(1, "flex"),
        " the knee and ",
        deletion(2, "extend ", deletion(3, c.Math("a^{b_{c}}")), hint="move back"),
        " the hip.",
        extra="Both.",
    ),
    replace(cloze("typed cloze", deletion(1, "Flex"), "ion"), typed="Flex"),
)


def test_every_sort_of_card_as_anki_renders_it(tmp_path: Path) -> None:
    """Read the file when this fails: it is what learners will see. `make golden` writes it again."""
    with new_learner(tmp_path) as learner:
        learner.import_package(release(ALL_SORTS).package)
        actual = "\n".join(
            f"=== {key} {ordinal + 1}, front\n{readable(sides.front)}"
            f"--- {key} {ordinal + 1}, back\n{readable(sides.back)}"
            for key, ordinal in learner.new_cards()
            for sides in (learner.sides(key, ordinal),)
        )
    if os.environ.get("CARDWRIGHT_GOLDEN"):
        GOLDEN.write_text(actual)

    assert actual == GOLDEN.read_text()


def readable(html: str) -> str:
    """Return a side without empty lines."""
    return "".join(f"{line}\n" for line in html.splitlines() if line.strip())


def colour_variables() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the names and hex digits of the colours by day, and of those by night."""
    variables = re.findall(r"--([a-z]+): #([0-9a-f]{6});", CSS)
    half = len(variables) // 2
    return variables[:half], variables[half:]


def test_colours_occur_only_in_the_two_blocks_of_variables() -> None:
    """One block for day and one for night, with the same names, so that neither lacks a colour."""
    day, night = colour_variables()

    assert [name for name, _ in day] == [name for name, _ in night]
    assert len(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", CSS)) == len(day) + len(night)
    assert not re.search(r"\b(rgb|hsl|black|white)\b(?!-)", CSS)
    assert CSS.index(".nightMode") < CSS.index(f"--{night[0][0]}: #{night[0][1]}")


def test_every_text_colour_is_readable_on_its_background() -> None:
    """WCAG 2 requires a contrast of 4.5 to 1 for text; the question itself has more than 12."""
    for colours in map(dict, colour_variables()):
        for name in ("soft", "accent", "warning"):
            assert contrast(colours[name], colours["paper"]) >= 4.5
        assert contrast(colours["ink"], colours["paper"]) >= 12
        assert contrast(colours["alt"], colours["picture"]) >= 12
        for name in ("fill", "right", "wrong", "missed"):
            assert contrast(colours["ink"], colours[name]) >= 7


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by WCAG 2, from 1 to 21."""
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the luminance of a colour in hex digits. Source: WCAG 2.2, relative luminance."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4))
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_templates_contain_neither_style_nor_script() -> None:
    """Later versions can change the style sheet for all notes."""
    for note_type in make_built_in_types("deck", "en"):
        for template in note_type.templates:
            assert "style=" not in template.front + template.back
            assert "<script" not in template.front + template.back
