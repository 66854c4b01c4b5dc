"""What was chosen for the sheets: what each word means, and what is said of words that mean nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.collection.deck import PRINT_KEYS, Choice, PrintSettings
from cardwright.diagnostics.diagnostic import Severity
from cardwright.diagnostics.report import Report
from cardwright.formats.pdf import settings
from cardwright.formats.pdf.settings import Design, PageDesign
from cardwright.layout.card_sizes import CARD_SIZES, Material, find_card_sizes
from cardwright.layout.geometry import SHEETS, Flip
from cardwright.layout.plan import Marks, Mode, Order
from tests.support.print_decks import deck

KEYS = (*PRINT_KEYS, "offset")


def of_deck(**choices: str) -> PrintSettings:
    """As it stands in deck.yaml."""
    return deck([], **choices).settings


def of_command(**choices: str) -> PrintSettings:
    """As options of the command line, which stand in no file."""
    return PrintSettings({key.replace("_", "-"): Choice(text) for key, text in choices.items()})


def design(chosen: PrintSettings) -> Design:
    report = Report()
    found = settings.chosen(chosen, report)
    assert [one.message for one in report] == []
    assert found is not None
    return found


def said(chosen: PrintSettings) -> list[tuple[str, str, str]]:
    """Code, headline and help of each finding."""
    report = Report()
    found = settings.chosen(chosen, report)
    assert (found is None) is report.has_errors
    assert all(len(one.message) <= 72 for one in report)
    return [(one.code, one.message, one.help) for one in report]


def test_every_choice_reaches_the_plan() -> None:
    """No option is read and forgotten."""
    found = design(
        of_deck(
            paper="letter", card="avery-8373", flip="short", mode="split", order="stacks",
            rotate_backs="true", marks="lines", bleed="0.1 in",
            offset="0.5 mm, -1.25", scale_font="1.2", grey="true",
        )
    )  # fmt: skip
    plan = found.plan

    assert (plan.card_size.name, plan.card_size.sheet.name) == ("avery-8373", "letter")
    assert (plan.flip, plan.mode, plan.order, plan.rotate_backs) == (
        Flip.SHORT,
        Mode.SPLIT,
        Order.STACKS,
        True,
    )
    assert plan.marks is Marks.LINES
    assert plan.bleed == pytest.approx(2.54)
    assert (plan.offset_x, plan.offset_y) == (0.5, -1.25)
    assert (found.scale, found.grey) == (1.2, True)


@pytest.mark.parametrize("preset", CARD_SIZES, ids=lambda one: f"{one.sheet.name}-{one.name}")
def test_every_preset_can_be_chosen_by_all_its_names_and_needs_nothing_else(preset: object) -> None:
    """What comes with cardwright fits together."""
    (ours,) = (one for one in CARD_SIZES if one is preset)
    for name in (ours.name, *ours.aliases):
        found = design(of_deck(card=name, paper=ours.sheet.name))
        assert found.plan.card_size is ours
        assert found.plan.mode is (Mode.SINGLE if ours.material is Material.STICKERS else Mode.DUPLEX)


def test_a_card_alone_brings_its_paper() -> None:
    """And of several papers the first."""
    assert design(of_deck(card="avery-5371")).plan.card_size.sheet.name == "letter"
    assert design(of_deck(card="poker")).plan.card_size.sheet.name == "a4"
    assert design(of_deck(paper="letter")).plan.card_size.name == "a7-safe"


def test_what_there_is_for_a_paper_is_told() -> None:
    """When the card that was chosen is none of it."""
    ((_, _, help_),) = said(of_deck(paper="letter", card="a8"))

    assert help_ == "for letter there are " + ", ".join(
        dict.fromkeys(one.name for one in CARD_SIZES if one.sheet.name == "letter")
    )


def test_the_paper_of_the_deck_gives_way_to_a_card_of_the_command_line() -> None:
    """
    Who prints on stock of one paper has that paper in the printer, whatever the deck usually wants.
    But where the card is for the deck's paper too, it stays.
    """
    usual = of_deck(paper="a4", card="a7").choices
    stock = PrintSettings({**usual, "card": Choice("avery-5371")})
    both = PrintSettings({**of_deck(paper="letter").choices, "card": Choice("poker")})

    assert design(stock).plan.card_size.sheet.name == "letter"
    assert design(both).plan.card_size.sheet.name == "letter"
    assert said(of_deck(paper="a4", card="avery-5371"))[0][0] == "not-on-this-paper"
    assert said(of_command(paper="a4", card="avery-5371"))[0][0] == "not-on-this-paper"


@pytest.mark.parametrize(
    ("choice", "message", "help_"),
    [
        ({"card": "A7"}, "there is no card size called `A7`", "did you mean `a7`?"),
        ({"card": "avery-5317"}, "there is no card size called `avery-5317`", "did you mean `avery-5371`?"),
        ({"card": "zzz"}, "there is no card size called `zzz`",
         "`cardwright print --list-presets` shows all there are"),
        ({"paper": "A4"}, "there is no paper called `A4`", "did you mean `a4`?"),
        ({"paper": "a3"}, "no card size is for a3 paper",
         "describe your own behind `card:`, with `size`, `columns` and `rows`"),
        ({"paper": "a3", "card": "a7"}, "no card size is for a3 paper",
         "describe your own behind `card:`, with `size`, `columns` and `rows`"),
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
        ({"offset": "1"}, "`offset` is two lengths in mm, such as 0.5,-1.2; found `1`", ""),
        ({"offset": "1,2,3"}, "`offset` is two lengths in mm, such as 0.5,-1.2; found `1,2,3`", ""),
        ({"offset": "1;2"}, "`offset` is two lengths in mm, such as 0.5,-1.2; found `1;2`", ""),
        ({"offset": "0.5,-15.1"}, "an offset of 0.5,-15.1 mm; 15 mm is the most", ""),
        ({"card": "a7", "marks": "crops"}, "crop marks need 8.35 mm beside the cards; there are 0 mm", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_where_it_stands(
    choice: dict[str, str], message: str, help_: str | None
) -> None:
    """
    In deck.yaml the word itself is pointed at; on the command line there is no file, and the option is named.
    """
    report = Report()
    assert settings.chosen(of_deck(**choice), report) is None
    ((code, there, advice),) = said(of_deck(**choice))
    key = message.partition("`")[2].partition("`")[0]
    found = [one.span.text for one in report if one.span]

    assert there == message
    assert help_ is None or advice == help_
    assert found[0] in choice.values()
    ((same, here, _),) = said(of_command(**choice))
    assert same == code
    assert here == (message.replace(f"`{key}`", f"`--{key}`") if key in KEYS else message)


def test_no_two_tarot_cards_of_a_small_sheet_can_be_folded() -> None:
    """A pair is one piece of paper."""
    (tarot,) = find_card_sizes("tarot")
    small = replace(tarot, sheet=SHEETS["a6"], grid=replace(tarot.grid, columns=1, rows=1, left=15, top=10))
    own = replace(of_deck(mode="fold"), stock=small)

    assert said(own) == [("no-room-to-fold", "no two cards of 70 × 120 mm fit on the paper in one piece", "")]


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
def test_what_hardly_comes_out_as_meant_is_a_warning(card: str, mode: str, code: str, message: str) -> None:
    """Someone may try the sheet on plain paper; so it is said, and done."""
    report = Report()
    found = settings.chosen(of_deck(card=card, mode=mode), report)

    assert found is not None
    assert found.plan.mode is Mode(mode)
    assert [(one.code, one.message, one.severity, one.span and one.span.text) for one in report] == [
        (code, message, Severity.WARNING, mode)
    ]


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Also what depends on nothing that is right."""
    wrong = dict.fromkeys(
        (
            "paper",
            "card",
            "flip",
            "mode",
            "order",
            "rotate_backs",
            "marks",
            "bleed",
            "scale_font",
            "grey",
            "offset",
        ),
        "?" * 100,
    )

    assert len(said(of_deck(**wrong))) == len(wrong)
    assert len(said(of_command(**wrong))) == len(wrong)


_words = st.sampled_from(
    ["", "a4", "a7", "fold", "crops", "lines", "true", "1", "-1,2", "1e9", "٣", "nan", "2 in"]
)


@given(st.dictionaries(st.sampled_from(KEYS), _words | st.text(max_size=200)))
def test_any_text_is_a_choice_or_an_error(choices: dict[str, str]) -> None:
    """Whatever someone types, there is a plan or there is a reason, in a headline that fits."""
    for written in (
        PrintSettings({key: Choice(text) for key, text in choices.items()}),
        of_deck(**{key.replace("-", "_"): text for key, text in choices.items() if text.isalnum()}),
    ):
        said(written)


def test_pages_of_text_take_paper_type_size_and_colour() -> None:
    """The paper of the cards, when nobody chose one; any paper that has a name and room for two columns."""

    def pages(**choices: str) -> PageDesign | list[str]:
        report = Report()
        found = settings.chosen_for_pages(of_deck(**choices), report)
        return found or [one.code for one in report]

    assert pages() == PageDesign(SHEETS["a4"])
    assert pages(card="avery-5371", grey="true") == PageDesign(SHEETS["letter"], grey=True)
    assert pages(paper="a3", card="a7", scale_font="1.5") == PageDesign(SHEETS["a3"], 1.5)
    assert pages(paper="a6") == ["paper-too-small"]
    assert pages(paper="a9", scale_font="x") == ["unknown-paper", "not-a-scale"]
