"""What is estimated of a side's height, compared with the engine's measure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cardwright import record
from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.diagram import Mask, MaskedPicture, Shape
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report
from cardwright.formats.pdf.estimate import least_height, least_width, make_room
from cardwright.formats.pdf.fit import FittedSide, fit_sides, is_overflow, measure_sides, sides_in_doubt
from cardwright.formats.pdf.prepare import prepare_sides
from cardwright.formats.pdf.render_context import RenderContext
from cardwright.formats.pdf.sides import card_sides
from cardwright.layout.card_geometry import card_geometry, font_sizes
from cardwright.layout.card_sizes import CARD_SIZES, CardSize
from cardwright.layout.plan import Plan
from cardwright.shell.environment import LocalAssetDir
from tests.formats.pdf.test_content import paragraph
from tests.formats.pdf.test_contents import CONTENTS, PICTURE
from tests.support.print_decks import CITATION, SYSTEM_FONTS, deck, each_card_size, layout_errors, note

WORDS = st.sampled_from(
    """
    I W MM ill ff fi illicit it WAV To AV. knee, (thigh) Ätiologie 1918 — a–b mm “Mississippi” jjj a_b
    semimembranosus hamstrings Übermüdung *** -- ,,,,, '''' ..... ||||| (((((((((((
    """.split()  # noqa: SIM905  easier to read
)
TEXTS = (
    st.integers(1, 90).flatmap(lambda count: st.lists(WORDS, min_size=count, max_size=count)).map(" ".join)
)
PLAIN: st.SearchStrategy[c.Content] = st.one_of(
    TEXTS.map(c.plain),
    TEXTS.map(lambda text: paragraph(c.Strong((c.Text(text),)))),
    st.tuples(TEXTS, TEXTS).map(
        lambda texts: paragraph(texts[0], c.LineBreak(), c.Emphasis((c.Text(texts[1]),)))
    ),
    st.lists(TEXTS, max_size=5).map(lambda texts: tuple(block for text in texts for block in c.plain(text))),
    st.lists(TEXTS, min_size=1, max_size=6).map(lambda texts: (c.BulletList(tuple(map(c.plain, texts))),)),
)
FORMULAS = (
    r"x_{12}^{k} = \frac{a}{\frac{b}{\frac{c}{d^2}}}",
    r"\sqrt{\sqrt{\frac{1}{\sum_i k_i^{j^{2}}}}} \approx \int_0^\infty f(x)\,\mathrm{d}x",
    r"{{{x^{a}}^{b}}^{c}}^{d_{e_{f_{g}}}}",
    r"\prod_{n=1}^{N} \alpha_n \Longrightarrow \mathrm{W}",
)
INLINES = st.one_of(
    TEXTS.map(lambda text: c.Text(f"{text} ")),
    TEXTS.map(lambda text: c.Code((c.Verbatim(text),))),
    st.sampled_from(["膝", "ハムストリング", "大腿骨", "근육 무릎", "一 い"]).map(c.Text),
    st.sampled_from(["", "30%", "100%", "7px", "900px"]).map(lambda width: c.Image(PICTURE, "a leg", width)),
    TEXTS.map(lambda text: c.Strong((c.Code((c.Verbatim(text),)), c.Text("膝")))),
    st.sampled_from(FORMULAS).map(c.Math),
)
MIXED: st.SearchStrategy[c.Content] = st.lists(INLINES, min_size=1, max_size=7).flatmap(
    lambda inlines: st.sampled_from(
        [(c.Paragraph(tuple(inlines)),), (c.BulletList(tuple(paragraph(inline) for inline in inlines)),)]
    )
)
ANY = CONTENTS.flatmap(lambda content: st.integers(1, 12).map(lambda times: content * times))
SIDES_PER_EXAMPLE = 8
GEOMETRY = card_geometry(Plan(CARD_SIZES[0]))
ROOM = make_room(GEOMETRY, font_sizes(GEOMETRY))


@st.composite
def notes(draw: st.DrawFn, contents: st.SearchStrategy[c.Content]) -> list[Note]:
    return [
        note(
            draw(st.sampled_from([f"n{number}", f"a-card-with-a-long-name/with-a-long-part-{number}"])),
            draw(contents),
            draw(contents),
            extra=draw(st.just("") | TEXTS),
            hint=draw(st.just("") | TEXTS),
            citations=draw(st.sampled_from([[], [CITATION], [CITATION] * 3])),
            topic=draw(TEXTS),
        )
        for number in range(SIDES_PER_EXAMPLE // 2)
    ]


class Sides:
    """The sides of some notes on cards of a size, and how they fit.

    is_certain: for each, whether it certainly fits.
    progress: what `fit_sides` told of its progress: once before the engine lays out any, then as it does.
    """

    def __init__(self, some_notes: list[Note], card_size: CardSize, folder: Path) -> None:
        geometry = card_geometry(Plan(card_size))
        sizes = font_sizes(geometry)
        self.room = make_room(geometry, sizes)
        context = RenderContext(LocalAssetDir(str(folder)), system_font_folders=SYSTEM_FONTS)
        prepared = prepare_sides(card_sides(some_notes, "Asked?"), deck(some_notes), context, Report())
        data: dict[str, Any] = {
            **prepared.template_data,
            "paper": {"width": 210, "height": 297},
            "text": {"width": geometry.text_width, "height": geometry.text_height},
            "digits": 3,
            "sizes": record.asdict(sizes),
        }
        sides = prepared.printable_sides
        measures = measure_sides(prepared.engine, data, sides, lambda _done: None)
        self.measured = [FittedSide(*pair) for pair in zip(sides, measures, strict=True)]
        self.progress: list[int] = []
        doubtful = set(map(id, sides_in_doubt(prepared.engine, data, sides, self.room)))
        self.is_certain = [id(side) not in doubtful for side in sides]
        self.estimated = fit_sides(prepared.engine, data, sides, self.room, self.progress.append)


def is_close(computed: Any, measure: Any) -> bool:
    """Tell whether two fits differ only by rounding."""
    if isinstance(measure, Mapping):
        return computed.keys() == measure.keys() and all(
            is_close(computed[key], measure[key]) for key in measure
        )
    if isinstance(measure, (list, tuple)):
        return len(computed) == len(measure) and all(map(is_close, computed, measure))
    return bool(computed == pytest.approx(measure, abs=1e-6))


@pytest.mark.parametrize("contents", [PLAIN, MIXED, ANY], ids=["plain", "mixed", "any"])
@each_card_size
# A failing example is not made smaller, since each takes a second.
@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_side_is_judged_otherwise_than_by_the_engine(
    contents: st.SearchStrategy[c.Content],
    card_size: CardSize,
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    """What certainly fits does fit, and what is refused does not."""
    sides = Sides(data.draw(notes(contents)), card_size, tmp_path_factory.mktemp("pdf"))
    for (side, measure), estimate, is_certain in zip(
        sides.measured, sides.estimated, sides.is_certain, strict=True
    ):
        assert is_overflow(estimate) == is_overflow(measure), side.tree
        assert not (is_certain and is_overflow(measure)), side.tree
        if "is_estimate" not in estimate:
            assert is_close(estimate, measure)


def test_what_cannot_fit_is_refused_without_the_engine() -> None:
    """The engine would take minutes; an estimate takes as long as reading the text."""
    cells = tuple((c.plain("cell"), c.plain("cell")) for _ in range(3000))
    contents: list[c.Content] = [
        c.plain("a" * 100_000),
        c.plain("*" * 40_000),
        c.plain("words " * 20_000),
        tuple(c.plain("A short paragraph.")[0] for _ in range(10_000)),
        (c.BulletList((c.plain("entry"),) * 3000),),
        (c.Table(("", ""), (), cells),),
        (c.Table(("",) * 500, (), ((c.plain("x"),) * 500,)),),
        (c.code_block("line\n" * 5000),),
        (c.code_block("x" * 40_000),),
        paragraph(*[inline for _ in range(3000) for inline in (c.Strong((c.Text("b"),)), c.LineBreak())]),
        c.plain("猫" * 10_000),
        paragraph(*[c.Code((c.Verbatim("code here "),))] * 3000),
    ]
    for number, content in enumerate(contents):
        (side,) = (
            side for side in card_sides([note("long", "Q?", content)], "Asked?") if side.name == "back"
        )
        assert least_height(side.tree, ROOM) > ROOM.height or least_width(side.tree, ROOM) > ROOM.width, (
            number
        )


def test_a_cloze_text_too_long_is_reported_on_its_first_card(tmp_path: Path) -> None:
    """All its cards have the same text, and making hundreds of them takes long."""
    words = [c.Cloze((number % 100 + 1,), (c.Text("deletion and words "),)) for number in range(2000)]
    question = note("long", "Q?")
    cloze = record.replace(question, type=NoteType.CLOZE, fields={notetype.TEXT: paragraph(*words)})

    messages = [error.message for error in layout_errors(deck([cloze]), tmp_path)]
    assert [message.split(" needs ")[0] for message in messages] == ["`long` back", "`long` front"]


def test_a_picture_with_too_many_masks_is_refused(tmp_path: Path) -> None:
    """Each of as many cards would have all of them, and the engine keeps them all in memory."""
    mask = Mask(Shape("rect", ((1, 1), (2, 2))), "hidden")
    pictures = [MaskedPicture(PICTURE, "a thigh", masks=(mask,) * count) for count in (200, 201)]
    cards = [note(f"card-{number}", paragraph(picture)) for number, picture in enumerate(pictures)]
    errors = layout_errors(deck(cards), tmp_path)

    assert [error.message for error in errors] == ["201 masks on one picture are too many for paper"]
    assert "hide: one" in next(iter(errors)).help


@pytest.mark.parametrize(
    "filled",
    [
        note("n", "Q?", topic="to " * 20_000),
        note("n", "Q?", hint="to " * 20_000),
        note("n" * 20_000, "Q?"),
    ],
    ids=["topic", "hint", "name"],
)
def test_what_fills_a_card_around_its_text_is_refused_without_the_engine(
    filled: Note, tmp_path: Path
) -> None:
    errors = layout_errors(deck([filled]), tmp_path)

    assert {error.code for error in errors} == {"card-overflow"}
    assert all("has no room for its text" in error.message for error in errors)
