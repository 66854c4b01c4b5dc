"""How sides of plain text fit, computed from the widths of words, compared with what the engine says."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection.note import Note
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from tests.formats.pdf.test_content import paragraph
from tests.formats.pdf.test_estimate import Sides, is_close
from tests.support.print_decks import CITATION, note

# Kerning with spaces, ligatures, digits, accents, words that get nodes of their own.
WORDS = st.sampled_from(
    """
    I a To We You Vast Yes, AV (thigh) knee; fi office waffle. difficult Ätiologie Œuvre it's don’t 1918 3.5
    1,000 muscle hamstring origin? lies (the between tendons) f f! W Type: fly Mississippi semimembranosus
    Semitendinosus "Vast "a" “Yes,” “To, (“We”) [sic] [and the] 5% (50%). said:"
    """.split()  # noqa: SIM905  easier to read
)
TEXTS = st.sampled_from([1, 2, 3, 5, 8, 13, 20, 30]).flatmap(
    lambda count: st.lists(WORDS, min_size=count, max_size=count).map(" ".join)
)
WRAPPERS = (c.Strong, c.Emphasis, c.Strikethrough, lambda inner: c.Styled("u", inner))


@st.composite
def emphasised(draw: st.DrawFn) -> c.Content:
    """A paragraph whose styles change between words and within them."""
    inlines: list[c.Inline] = []
    for number in range(draw(st.integers(1, 4))):
        text = draw(TEXTS)
        separator = draw(st.sampled_from([" ", ""])) if number else ""
        inline: c.Inline = c.Text(separator + text)
        if draw(st.booleans()):
            inner: c.Inlines = (c.Text(text),)
            if draw(st.booleans()):
                inner = (draw(st.sampled_from(WRAPPERS))(inner),)
            inline = draw(st.sampled_from(WRAPPERS))(inner)
            inlines.append(c.Text(separator or ","))
        if draw(st.booleans()):
            inlines += [c.Blank(), c.Text(" ")]
        inlines.append(inline)
    return paragraph(*inlines)


CONTENTS: st.SearchStrategy[c.Content] = st.one_of(
    TEXTS.map(c.plain),
    emphasised(),
    st.lists(TEXTS, min_size=2, max_size=3).map(
        lambda texts: tuple(block for text in texts for block in c.plain(text))
    ),
    st.tuples(TEXTS, st.lists(TEXTS, min_size=1, max_size=4)).map(
        lambda texts: (*c.plain(texts[0]), c.BulletList(tuple(map(c.plain, texts[1]))))
    ),
    st.lists(emphasised(), min_size=1, max_size=3).map(lambda entries: (c.BulletList(tuple(entries)),)),
)


@st.composite
def plain_notes(draw: st.DrawFn) -> list[Note]:
    return [
        note(
            draw(st.sampled_from([f"n{number}", f"a-card-with-a-name-{number}"])),
            draw(CONTENTS),
            draw(CONTENTS),
            extra=draw(st.just("") | TEXTS),
            hint=draw(st.just("") | TEXTS),
            citations=draw(st.sampled_from([[], [CITATION], [CITATION] * 3])),
            topic=draw(st.sampled_from(["Bones", "Type of Joints – 2"])),
        )
        for number in range(6)
    ]


@settings(
    max_examples=int(os.environ.get("FITS", "12")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(some_notes=plain_notes(), card_size=st.sampled_from(CARD_SIZES))
def test_plain_text_fits_as_the_engine_says(
    some_notes: list[Note], card_size: CardSize, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sides = Sides(some_notes, card_size, tmp_path_factory.mktemp("pdf"))
    for (side, measure), computed in zip(sides.measured, sides.estimated, strict=True):
        assert "is_estimate" in computed or is_close(computed, measure), (computed, measure, side.tree)


def test_ordinary_cards_are_not_laid_out_to_be_measured(tmp_path: Path) -> None:
    """The engine would take longer over this than over drawing them."""
    sentence = "The hamstrings bend the knee, and the sartorius crosses both joints at once. " * 2
    answer = (
        *paragraph(c.Strong((c.Text("To the tibia"),)), c.Text(" (below the knee).")),
        c.BulletList((c.plain(sentence), c.plain("Which is longer?"))),
    )
    some_notes = [
        note("hamstrings-at-knee", sentence, answer, extra=sentence, hint=sentence, citations=[CITATION]),
        note("short", "What is weak?", "The semimembranosus", extra=sentence * 3),
    ]
    sides = Sides(some_notes, CARD_SIZES[0], tmp_path)
    assert sides.progress == [len(sides.measured)]
    assert min(fit["scale"] for fit in sides.estimated) < 1
