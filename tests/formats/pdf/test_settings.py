"""The settings for printing: what each becomes, and what is reported of those that cannot be used."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.print_settings import PRINT_KEYS, PrintSettings
from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.formats.pdf.settings import Design, PageDesign, make_design, make_page_design
from cardwright.layout.card_sizes import CARD_SIZES, CardSize, Material, find_card_sizes
from cardwright.layout.geometry import SHEETS, Flip
from cardwright.layout.plan import Marks, Mode, Order
from cardwright.reader.print_settings import parse_setting
from cardwright.record import replace
from tests.support.print_decks import deck, each_card_size


def deck_settings(**texts: str) -> PrintSettings:
    """Return settings as deck.yaml has them. texts: by key, with `_` for `-`."""
    return deck([], **texts).print_settings


def good_design(settings: PrintSettings) -> Design:
    report = Report()
    design = make_design(settings, report)
    assert [diagnostic.message for diagnostic in report] == []
    assert design is not None
    return design


def diagnostics(settings: PrintSettings) -> list[tuple[str, str, str]]:
    """Return the code, headline and help of each diagnostic."""
    report = Report()
    design = make_design(settings, report)
    assert (design is None) is report.has_errors
    assert all(len(diagnostic.message) <= 72 for diagnostic in report)
    return [(diagnostic.code, diagnostic.message, diagnostic.help) for diagnostic in report]


def test_every_setting_reaches_the_design() -> None:
    settings = deck_settings(
        paper="letter", card="avery-8373", flip="short", mode="split", order="stacks",
        rotate_backs="true", marks="lines", bleed="0.1 in", scale_font="1.2", grey="true",
    )  # fmt: skip
    design = good_design(replace(settings, offset=(0.5, -1.25)))
    plan = design.plan

    assert (plan.card_size.name, plan.card_size.sheet.name) == ("avery-8373", "letter")
    assert (plan.flip, plan.mode, plan.order) == (Flip.SHORT, Mode.SPLIT, Order.STACKS)
    assert plan.rotate_backs
    assert plan.marks is Marks.LINES
    assert plan.bleed == pytest.approx(2.54)
    assert (plan.offset_x, plan.offset_y) == (0.5, -1.25)
    assert (design.font_scale, design.grey) == (1.2, True)


@each_card_size
def test_every_card_size_can_be_chosen_by_all_its_names_and_needs_nothing_else(card_size: CardSize) -> None:
    for name in (card_size.name, *card_size.aliases):
        plan = good_design(deck_settings(card=name, paper=card_size.sheet.name)).plan
        assert plan.card_size is card_size
        assert plan.mode is (Mode.SINGLE if card_size.material is Material.STICKERS else Mode.DUPLEX)


def test_a_card_alone_brings_its_paper() -> None:
    """And of several papers the first."""
    assert good_design(deck_settings(card="avery-5371")).plan.card_size.sheet.name == "letter"
    assert good_design(deck_settings(card="poker")).plan.card_size.sheet.name == "a4"
    assert good_design(deck_settings(paper="letter")).plan.card_size.name == "a7-safe"


def test_a_card_that_is_not_for_the_paper_brings_a_list_of_those_that_are() -> None:
    ((_, _, help_),) = diagnostics(deck_settings(paper="letter", card="a8"))

    names = dict.fromkeys(size.name for size in CARD_SIZES if size.sheet.name == "letter")
    assert help_ == f"for letter there are {', '.join(names)}"


def test_the_paper_of_the_deck_gives_way_to_a_card_of_the_command_line() -> None:
    """Who prints on sold sheets has them in the printer; a size for both papers stays on the deck's."""
    sold = deck_settings(paper="a4", card="a7").overridden_by(PrintSettings(card="avery-5371"))
    both = deck_settings(paper="letter").overridden_by(PrintSettings(card="poker"))
    command_line = PrintSettings(paper=SHEETS["a4"], card="avery-5371")

    assert good_design(sold).plan.card_size.sheet.name == "letter"
    assert good_design(both).plan.card_size.sheet.name == "letter"
    for settings in (deck_settings(paper="a4", card="avery-5371"), command_line):
        assert diagnostics(settings)[0][0] == "not-on-this-paper"


def test_options_replace_settings_and_drop_marks_and_bleed_of_other_cards() -> None:
    """Marks and bleed were chosen for the deck's own card size, paper and mode."""
    own = deck_settings(card="poker", marks="crops", bleed="0.5", flip="short", order="stack")
    assert own.overridden_by(PrintSettings()) == own

    flipped = own.overridden_by(PrintSettings(flip=Flip.LONG, rotate_backs=False))
    assert (flipped.flip, flipped.rotate_backs) == (Flip.LONG, False)
    assert (flipped.marks, flipped.bleed) == (Marks.CROPS, 0.5)
    assert "flip" not in flipped.spans
    assert [code for code, _, _ in diagnostics(flipped)] == ["unknown-choice"]

    other = own.overridden_by(PrintSettings(card="a8", order=Order.ROWS))
    assert (other.card, other.marks, other.bleed) == ("a8", None, None)
    assert good_design(other).plan.marks is Marks.LINES
    assert own.overridden_by(PrintSettings(card="a8", bleed=0.0)).bleed == 0


def test_options_replace_a_custom_card_size_with_errors() -> None:
    broken = PrintSettings(problems={"card": (Diagnostic("not-a-length", "no length", None),)})

    assert make_design(broken, Report()) is None
    assert good_design(broken.overridden_by(PrintSettings(card="a7"))).plan.card_size.name == "a7"


@pytest.mark.parametrize(
    ("setting", "message", "help_"),
    [
        ({"card": "A7"}, "there is no card size called `A7`", "did you mean `a7`?"),
        ({"card": "avery-5317"}, "there is no card size called `avery-5317`", "did you mean `avery-5371`?"),
        ({"card": "c32011"}, "there is no card size called `c32011`", "did you mean `avery-c32011`?"),
        ({"card": "avery-c32016"}, "there is no card size called `avery-c32016`",
         "`cardwright print --list-presets` shows all there are; describe others by their measures"),
        ({"card": "zzz"}, "there is no card size called `zzz`",
         "`cardwright print --list-presets` shows all there are"),
        ({"paper": "A4"}, "there is no paper called `A4`", "did you mean `a4`?"),
        ({"paper": "a3"}, "no card size is for a3 paper",
         "describe your own after `card:`, with `size`, `columns` and `rows`"),
        ({"paper": "a3", "card": "a7"}, "no card size is for a3 paper",
         "describe your own after `card:`, with `size`, `columns` and `rows`"),
        ({"paper": "a4", "card": "avery-5389"}, "`avery-5389` is for letter paper, not for a4", None),
        ({"paper": "letter", "card": "a8"}, "`a8` is for a4 paper, not for letter", None),
        ({"flip": "Long"}, "`flip` is one of long, short; found `Long`", "did you mean `long`?"),
        ({"mode": "folded"}, "`mode` is one of duplex, split, fold, single; found `folded`",
         "did you mean `fold`?"),
        ({"order": "stack"}, "`order` is one of rows, stacks; found `stack`", "did you mean `stacks`?"),
        ({"marks": "crop"}, "`marks` is one of crops, lines, none; found `crop`", "did you mean `crops`?"),
        ({"rotate_backs": "yes"}, "`rotate-backs` is true or false; found `yes`", ""),
        ({"grey": "1"}, "`grey` is true or false; found `1`", ""),
        ({"bleed": "wide"}, "`bleed` is a length such as 3, 3 mm or 0.125 in; found `wide`", ""),
        ({"bleed": "-1"}, "a bleed of -1 mm; these cards have room for 0 to 1 mm", ""),
        ({"bleed": "3"}, "a bleed of 3 mm; these cards have room for 0 to 1 mm", ""),
        ({"bleed": "999999"}, "a bleed of 999999 mm; these cards have room for 0 to 1 mm", ""),
        ({"scale_font": "0.4"}, "`scale-font` is a number from 0.5 to 2; found `0.4`", ""),
        ({"scale_font": "nan"}, "`scale-font` is a number from 0.5 to 2; found `nan`", ""),
        ({"scale_font": "120%"}, "`scale-font` is a number from 0.5 to 2; found `120%`", ""),
        (
            {"card": "a7", "marks": "crops"},
            "crop marks need 8.35 mm beside the cards; the paper leaves 0 mm",
            "",
        ),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_reported_where_it_stands(
    setting: dict[str, str], message: str, help_: str | None
) -> None:
    report = Report()
    assert make_design(deck_settings(**setting), report) is None
    ((_, headline, advice),) = diagnostics(deck_settings(**setting))

    assert headline == message
    assert help_ is None or advice == help_
    assert next(error.span.text for error in report if error.span) in setting.values()


def test_an_option_that_cannot_be_used_is_named_as_typed() -> None:
    """The command line has no place to point at."""
    for key, text, message in (
        ("paper", "A4", "there is no paper called `A4`"),
        ("card", "A7", "there is no card size called `A7`"),
        ("scale-font", "0.4", "`--scale-font` is a number from 0.5 to 2; found `0.4`"),
        ("flip", "Long", "`--flip` is one of long, short; found `Long`"),
    ):
        problem = parse_setting(key, text)
        assert (problem.message, problem.span) == (message, None)
    assert diagnostics(PrintSettings(offset=(0.5, -15.1))) == [
        ("offset-too-far", "an offset of 0.5,-15.1 mm; 15 mm is the most", "")
    ]


def test_no_two_tarot_cards_of_a_small_sheet_can_be_folded() -> None:
    """A pair is one piece of paper."""
    (tarot,) = find_card_sizes("tarot")
    small = replace(tarot, sheet=SHEETS["a6"], grid=replace(tarot.grid, columns=1, rows=1, left=15, top=10))
    custom = replace(deck_settings(mode="fold"), card=small)

    message = "no two cards of 70 × 120 mm fit on the paper in one piece"
    assert diagnostics(custom) == [("no-room-to-fold", message, "")]


@pytest.mark.parametrize(
    ("card", "mode", "code", "message"),
    [
        ("avery-l4785", "duplex", "back-of-stickers",
         "stickers have no back to print on; `single` is for them"),
        ("avery-l4785", "split", "back-of-stickers",
         "stickers have no back to print on; `single` is for them"),
        ("avery-5371", "fold", "folded-where-cut",
         "cards that are cut already do not hang together, so none can be folded"),
    ],
)  # fmt: skip
def test_a_plan_that_hardly_works_is_a_warning(card: str, mode: str, code: str, message: str) -> None:
    """Someone may want to try the sheet on plain paper."""
    report = Report()
    design = make_design(deck_settings(card=card, mode=mode), report)

    assert design is not None
    assert design.plan.mode is Mode(mode)
    assert [(warning.code, warning.message, warning.severity) for warning in report] == [
        (code, message, Severity.WARNING)
    ]
    assert [warning.span and warning.span.text for warning in report] == [mode]


def test_all_unusable_settings_are_reported_at_once() -> None:
    wrong = dict.fromkeys((key.replace("-", "_") for key in PRINT_KEYS), "?" * 100)

    assert len(diagnostics(deck_settings(**wrong))) == len(wrong)


_texts = st.sampled_from(["a4", "a7", "fold", "crops", "true", "1", "-1,2", "1e9", "٣", "nan", "2 in"])


@given(st.dictionaries(st.sampled_from(PRINT_KEYS), _texts | st.text(max_size=200).filter(str.isalnum)))
def test_any_text_is_a_setting_or_an_error(texts: dict[str, str]) -> None:
    """Whatever someone types, there is a design or a reason why not, in a headline that fits."""
    diagnostics(deck_settings(**{key.replace("-", "_"): text for key, text in texts.items()}))


def test_pages_of_running_text_take_paper_font_scale_and_colour() -> None:
    """The paper of the cards when none was chosen; any paper with a name and room for two columns."""

    def page_design(**texts: str) -> PageDesign | list[str]:
        report = Report()
        return make_page_design(deck_settings(**texts), report) or [error.code for error in report]

    assert page_design() == PageDesign(SHEETS["a4"])
    assert page_design(card="avery-5371", grey="true") == PageDesign(SHEETS["letter"], grey=True)
    assert page_design(card="zzz", flip="over") == PageDesign(SHEETS["a4"])
    assert page_design(paper="a3", card="a7", scale_font="1.5") == PageDesign(SHEETS["a3"], 1.5)
    assert page_design(paper="a6") == ["paper-too-small"]
    assert page_design(paper="a9", scale_font="x") == ["unknown-paper", "not-a-scale"]
