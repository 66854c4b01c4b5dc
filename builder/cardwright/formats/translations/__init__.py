"""Our words on cards and paper, in the deck's language. Each file of this folder has those of one language.

A file is named after its language, in small letters. What stands in braces is put in later, and what stands
in backticks is typed as it is. Numbers stand after their words or before units, so nothing needs a plural.
"""

import json
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from cardwright.record import Record


class CardTexts(Record, frozen=True):
    """What Anki's cards say.

    hint: the link that shows the hint.
    toggle_masks: the button that shows and hides what covers a picture.
    old_anki: when the learner's Anki cannot draw a diagram, with Anki's own words as `{error}`.
    retired: on cards no longer in the deck, since `{date}`.
    """

    hint: str
    toggle_masks: str
    old_anki: str
    retired: str


class SheetTexts(Record, frozen=True):
    """What stands on card sheets, mostly in their margin.

    `{n}` is the number of the sheet, `{m}` how many there are.

    sheet: the caption of a sheet with both sides on it.
    front, back: the captions of the two sides of a sheet.
    ruler: beside a line of 100 mm. “Fit to page” is what print dialogs call it.
    asked: on a front with a picture, a part of which is below a mask with a question mark.
    """

    sheet: str
    front: str
    back: str
    ruler: str
    asked: str


class PageTexts(Record, frozen=True):
    """What stands on pages of running text.

    name, date: before lines to be filled in by whoever takes a quiz.
    answers: a heading.
    sources: before the sources of a topic.
    page: in the head of each page; `{n}` is its number, `{m}` how many there are.
    """

    name: str
    date: str
    answers: str
    sources: str
    page: str


class CalibrationTexts(Record, frozen=True):
    """What stands on the test page that shows how far a printer shifts the backs.

    title, front, back: of the file and its two pages.
    long_edge, short_edge: what `{edge}` stands for in other texts.
    print_both, measure, turn_over: the steps on the front.
    match, read, give, corners: the steps on the back. give_more: instead of `give`, when the page was
        printed with an offset already. `{flip}` is the option's value.
    example: beside a drawing.
    """

    title: str
    front: str
    back: str
    long_edge: str
    short_edge: str
    print_both: str
    measure: str
    turn_over: str
    match: str
    read: str
    give: str
    give_more: str
    corners: str
    example: str


class BrowserTexts(Record, frozen=True):
    """What stands on the page for the browser.

    search: the label of a field for words to look for. topics, tags, sources: the labels of choices.
    options: the button that shows these choices and others.
    shown: how many cards fit, `{n}` of `{m}`. none: when none fits. progress: how many cards are known.
    show, hide: buttons for one answer. show_all, hide_all: for all answers.
    hidden: the name of a gap or a mask for who can't see it.
    study: the button that begins to ask the cards one by one, in random order.
    known, unknown: buttons by which the learner says whether the answer was known.
    left: how many cards are still to come. done: when none is. restart: the button to ask all again.
    close: the button that ends studying.
    system, light, dark: the colours of the page: as the device has them, light, dark.
    """

    search: str
    topics: str
    tags: str
    sources: str
    options: str
    shown: str
    none: str
    progress: str
    show: str
    hide: str
    show_all: str
    hide_all: str
    hidden: str
    study: str
    known: str
    unknown: str
    left: str
    done: str
    restart: str
    close: str
    system: str
    light: str
    dark: str


class Translation(Record, frozen=True):
    """All our words in one language. language: its BCP 47 tag, in small letters."""

    language: str
    cards: CardTexts
    sheets: SheetTexts
    pages: PageTexts
    calibration: CalibrationTexts
    browser: BrowserTexts


Texts: TypeAlias = CardTexts | SheetTexts | PageTexts | CalibrationTexts | BrowserTexts

ENGLISH = "en"
# Other names of languages that have a file; what they are short for is in CLDR's likely subtags.
_ALIASES = {
    "iw": "he", "nn": "nb", "no": "nb",
    "zh": "zh-hans", "zh-hk": "zh-hant", "zh-mo": "zh-hant", "zh-tw": "zh-hant",
}  # fmt: skip


@cache
def find_translation(language: str) -> Translation:
    """Return our words in a language, or in English if it has no file; `pt-BR` finds `pt`.

    language: a BCP 47 tag.
    Source: RFC 4647, section 3.4, "Lookup".
    """
    available = {file.name.removesuffix(".json") for file in files(__package__).iterdir()}
    tag = language.lower()
    while tag and _ALIASES.get(tag, tag) not in available:
        tag = tag.rpartition("-")[0]
    tag = _ALIASES.get(tag, tag) or ENGLISH
    texts = json.loads(files(__package__).joinpath(f"{tag}.json").read_text("utf-8"))
    return Translation(
        tag,
        CardTexts(**texts["cards"]),
        SheetTexts(**texts["sheets"]),
        PageTexts(**texts["pages"]),
        CalibrationTexts(**texts["calibration"]),
        BrowserTexts(**texts["browser"]),
    )
