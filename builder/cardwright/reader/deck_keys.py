"""The keys of a deck and of a topic, outside of their cards."""

from cardwright.collection.print_settings import PRINT_KEYS
from cardwright.kinds.card_keys import CITATIONS, allowed_rules_form
from cardwright.layout.card_sizes import CARD_SIZES, Material
from cardwright.layout.geometry import SHEETS, Flip
from cardwright.layout.plan import Marks, Mode, Order, Overflow
from cardwright.layout.units import LENGTH, Unit
from cardwright.source.keys import (
    DAY,
    FLAG,
    NAME,
    TEXT,
    TEXTS,
    Form,
    Key,
    either,
    entries,
    filled,
    mapping,
    named,
    number,
    one_of,
    sequence,
    whole_number,
)

_LENGTH = number(LENGTH)
_LENGTHS = sequence(_LENGTH, 2)
COUNT = "[+-]?[0-9]{1,4}"
_COUNT = whole_number(COUNT)
_PAPER = one_of(SHEETS)

TOPIC_KEYS = {
    "topic": Key("The subject of the cards in this file, shown on them.", TEXT),
    "subdeck": Key("The deck inside the deck that the cards go into; `::` stands between levels.", TEXT),
    "tags": Key(
        "Anki's tags of all cards in this file, besides those of the deck; "
        "`::` makes one tag part of another.",
        TEXTS,
    ),
    "source": Key(
        "What the cards in this file cite, unless they say so themselves: a key of `sources:` in the deck, "
        "a list of them, or `{key: page}`; if left out, as the deck says.",
        CITATIONS,
    ),
    "print": Key("Whether the cards of this file go on paper; if left out, as the deck says.", FLAG),
    "note_type": Key(
        "The note types of the cards here, from `note_types:` in the deck; if left out, built-in ones.", TEXTS
    ),
    "allow": Key("Rules that `cardwright check` doesn't apply here.", allowed_rules_form),
    "cards": Key("The cards, one below the other.", sequence({"$ref": "#/definitions/card"})),
}

CARD_SIZE_KEYS = {
    "paper": Key(
        "The paper, such as a4 or letter; or its width and height. "
        "It can be left out if `paper:` of `print:`, or `--paper`, names it.",
        {"anyOf": (_PAPER, _LENGTHS)},
    ),
    "unit": Key(
        "The unit of numbers without one: `mm` or `in`; if left out, `mm`.",
        one_of(unit.value for unit in Unit),
    ),
    "size": Key("Width and height of a card, such as `[63, 88]`.", _LENGTHS),
    "columns": Key("How many cards lie side by side; if left out, as many as fit.", _COUNT),
    "rows": Key("How many cards lie one below the other; if left out, as many as fit.", _COUNT),
    "first": Key(
        "How far the first card lies from the left and top edge; if left out, cards are centred.", _LENGTHS
    ),
    "pitch": Key(
        "How far apart cards begin, across and down; if left out, their size and the gutter.", _LENGTHS
    ),
    "gutter": Key(
        "The paper between two cards: one length, or one across and one down; if left out, none.",
        either(_LENGTH, _LENGTHS),
    ),
    "stock": Key(
        "What cards are cut from: `plain` paper, `die-cut` cards, or `stickers`, whose back stays white; "
        "if left out, `plain`.",
        one_of(material.value for material in Material),
    ),
}

SCALE = r"[0-9]+(?:\.[0-9]+)?"
MIN_SCALE, MAX_SCALE = 0.5, 2.0
_CARD_NAMES = tuple(dict.fromkeys(name for size in CARD_SIZES for name in (size.name, *size.aliases)))
_SETTINGS = {
    "paper": Key("The paper of the sheets; if left out, the first one that the card size is for.", _PAPER),
    "card": Key(
        f"The card size, from `cardwright print --list-presets`; or your own measures; "
        f"if left out, `{CARD_SIZES[0].name}`, {CARD_SIZES[0].grid.slots} on a sheet.",
        {"anyOf": (one_of(_CARD_NAMES), mapping(CARD_SIZE_KEYS, "size"))},
    ),
    "flip": Key(
        "The edge over which the printer turns the paper; if left out, `long`.",
        one_of(flip.value for flip in Flip),
    ),
    "mode": Key(
        "How both sides are printed: `duplex`, in one file; `split`, in two; "
        "`fold`, on one side, to be folded; `single`, fronts alone. "
        "If left out, `duplex`, or `single` for stickers.",
        one_of(mode.value for mode in Mode),
    ),
    "order": Key(
        "How cards fill the sheets: along `rows`; "
        "or in `stacks`, so that a cut pile only has to be put together. If left out, `rows`.",
        one_of(order.value for order in Order),
    ),
    "rotate-backs": Key(
        "Whether backs are upside down, for cards that are turned over their top edge; if left out, `false`.",
        FLAG,
    ),
    "marks": Key(
        "What shows where to cut: `crops`, `lines` or `none`. "
        "If left out, `lines`, or `crops` for stacks; `none` where the paper is cut already.",
        one_of(marks.value for marks in Marks),
    ),
    "bleed": Key(
        "How far colour runs over the cut, such as 3 mm or 0.1 in; "
        "if left out, 1 mm if there is room for it between cards.",
        _LENGTH,
    ),
    "scale-font": Key(
        "How much larger or smaller type is, from 0.5 to 2; if left out, 1.",
        number(SCALE, minimum=MIN_SCALE, maximum=MAX_SCALE),
    ),
    "grey": Key("Whether everything but pictures is printed without colour; if left out, `false`.", FLAG),
    "overflow": Key(
        "What becomes of a text too long for its card: "
        "an `error`, further cards (`continue`), or no card (`skip`). If left out, `error`.",
        one_of(overflow.value for overflow in Overflow),
    ),
}
PRINT_SETTING_KEYS = {
    **{key: _SETTINGS[key] for key in PRINT_KEYS},
    "fonts": Key("Folders of the deck with fonts for what the built-in ones lack.", TEXTS),
}

# Anki takes anything beyond these for a mistake and silently uses its default instead.
# Source: Anki, rslib/src/deckconfig/mod.rs, `ensure_deck_config_values_valid`; measured with 24.11 to 26.09.
MAX_CARDS = 9999
MIN_RETENTION, MAX_RETENTION = 0.7, 0.99
SHARE = r"[0-9]{0,3}\.[0-9]{1,9}|[0-9]{1,3}"
WHOLE_NUMBER = "[0-9]{1,9}"
_CARDS_A_DAY = whole_number(WHOLE_NUMBER, minimum=0, maximum=MAX_CARDS)
PRESET_KEYS = {
    "name": Key("What the deck options are called in Anki; if left out, as the deck.", TEXT),
    "new-per-day": Key("How many new cards a day; if left out, Anki's default.", _CARDS_A_DAY),
    "reviews-per-day": Key("How many reviews a day at most; if left out, Anki's default.", _CARDS_A_DAY),
    "desired-retention": Key(
        "The share of answers that FSRS aims to keep right, from 0.7 to 0.99; if left out, Anki's default.",
        number(SHARE, minimum=MIN_RETENTION, maximum=MAX_RETENTION),
    ),
}
ANKI_KEYS = {
    "preset": Key(
        "Deck options that the package brings along for learners who ask for them.",
        filled(mapping(PRESET_KEYS)),
    ),
}

REFERENCE_TEXT_KEYS = {
    "title": Key("Its title.", TEXT),
    "author": Key("Who wrote it.", TEXT),
    "publisher": Key("Who published it.", TEXT),
    "url": Key("Its address on the web.", TEXT),
    "date": Key("When it was published, in any form.", TEXT),
    "note": Key("Anything else that readers should know of it.", TEXT),
}
REFERENCE_KEYS = {
    **REFERENCE_TEXT_KEYS,
    "reviewed": Key("The day, such as 2025-03-23, on which the source itself was last reviewed.", DAY),
}

TEMPLATE_KEYS = {
    "front": Key("The front of the card, in Anki's template language: `{{Field}}`.", TEXT),
    "back": Key("Its back; `{{FrontSide}}` stands for the front.", TEXT),
}
_FIELD = "The field that `{}:` of a card fills."
TEXT_CARD_KEYS = {key: Key(_FIELD.format(key), TEXT) for key in ("q", "a", "cloze", "extra", "hint")}
"""The keys of a card that may fill a field of a custom note type."""
PICTURE_CARD_KEYS = {
    key: Key(_FIELD.format(key), TEXT) for key in ("diagram", "header", "extra", "comments", "hint")
}
"""Those of one that is Anki's image occlusion."""
NOTE_TYPE_KEYS = {
    "fields": Key("The names of the fields, in their order; it can't change once a note is released.", TEXTS),
    "templates": Key(
        "The card templates by their names; each makes a card if its front shows a field.",
        filled(entries(mapping(TEMPLATE_KEYS, "front", "back"))),
    ),
    "css": Key("The style of the cards, in CSS, added to that of all other cards.", TEXT),
    "css_only": Key(
        "Whether `css:` is all of the style, without that of all other cards; if left out, `false`.", FLAG
    ),
    "imported": Key("Whether the note type was imported, and stays as it is in Anki.", FLAG),
    "keys": Key(
        "The fields that keys of a card fill, such as `{q: Front, a: Back}`.",
        filled(mapping(TEXT_CARD_KEYS | PICTURE_CARD_KEYS)),
    ),
}


def _unsafe_template_form() -> Form:
    from cardwright.source.imported_template import UNSAFE_TEMPLATE  # noqa: PLC0415  few decks are imported

    return one_of([UNSAFE_TEMPLATE])


IMPORTED_NOTE_TYPE_KEYS = {
    **NOTE_TYPE_KEYS,
    "allow": Key("`unsafe-template` keeps the scripts of an imported note type.", _unsafe_template_form),
}

# The shape only; which languages exist is not ours to say. Source: RFC 5646, section 2.1.
LANGUAGE = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
DECK_KEYS = {
    "deck": Key("The name of the deck in Anki; `::` stands between levels.", TEXT),
    "id": Key(
        "The name that the deck keeps for ever: Anki recognises its cards by it. "
        "If left out, `cardwright build` writes one in.",
        NAME,
    ),
    "description": Key("What the deck is about, in a sentence or two.", TEXT),
    "language": Key(
        "The language of the cards, such as en or pt-BR; if left out, en.",
        {"type": "string", "pattern": f"^{LANGUAGE}$"},
    ),
    "license": Key("The licence of the deck, such as CC-BY-4.0.", TEXT),
    "authors": Key("Who wrote the deck.", TEXTS),
    "files": Key(
        "The files of cards in the order of study; if left out, all in the order of their names.", TEXTS
    ),
    "sources": Key(
        "What cards cite, by keys of your choice: a title, or `{title: …, author: …, url: …}`.",
        entries(either(TEXT, mapping(REFERENCE_KEYS, "title"))),
    ),
    "anki": Key("Deck options that the package brings along.", filled(mapping(ANKI_KEYS))),
    "html": Key("Whether a page for the browser is built, too; if left out, `false`.", FLAG),
    "note_types": Key(
        "The deck's own note types by their names.",
        named(mapping(IMPORTED_NOTE_TYPE_KEYS, "fields", "templates")),
    ),
    **TOPIC_KEYS,
    "tags": Key("Anki's tags of all cards of the deck; `::` makes one tag part of another.", TEXTS),
    "source": Key(
        "What the cards of the deck cite, unless their file or they themselves say so: a key of `sources:`, "
        "a list of them, or `{key: page}`.",
        CITATIONS,
    ),
    "print": Key(
        "How the cards are printed, such as `{card: a7, paper: a4}`; `false` keeps them off paper.",
        either(FLAG, mapping(PRINT_SETTING_KEYS)),
    ),
}
