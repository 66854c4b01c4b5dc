"""The keys of cards, and of what is inside them."""

from cardwright.collection.suppression import HISTORY_WARNINGS
from cardwright.source.keys import (
    DAY,
    FLAG,
    FORMER_NAME,
    MARKED_UP,
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
    some_of,
)


def allowed_rules() -> tuple[str, ...]:
    """Return the codes of all rules that `allow:` may name."""
    from cardwright.check.lints import IMPACT_CODES, LINT_CODES  # noqa: PLC0415  few decks have `allow`
    from cardwright.source.ambiguity_warnings import AMBIGUITY_WARNINGS  # noqa: PLC0415  the same

    return (*LINT_CODES, *IMPACT_CODES, *AMBIGUITY_WARNINGS, *HISTORY_WARNINGS)


def allowed_rules_form() -> Form:
    return some_of(allowed_rules())


_FORMER_NAMES = either(FORMER_NAME, entries(FORMER_NAME))
CITATIONS = either(either(TEXT, entries(TEXT)), sequence(either(TEXT, entries(TEXT))))

# Any card may have these.
SHARED_KEYS = {
    "id": Key(
        "The name that a card keeps for ever: Anki recognises the card by it, even when its text changes. "
        "It is made of letters, digits, `-`, `_` and `.`; if left out, `cardwright build` writes one in.",
        NAME,
    ),
    "was": Key(
        "A former id, so that the card keeps its history, or `card/item` of an item or a cell that it was; "
        "`{new: old}` does so for an item, a row, a column or a label.",
        either(_FORMER_NAMES, sequence(_FORMER_NAMES)),
    ),
    "topic": Key("The subject of the card, shown on it; if left out, the topic of its file.", TEXT),
    "tags": Key(
        "Anki's tags of the card, besides those of its file and the deck; "
        "`::` makes one tag part of another.",
        TEXTS,
    ),
    "source": Key(
        "What the card cites: a key of `sources:` in the deck, a list of them, or `{key: page}`; "
        "if left out, what its file or else the deck cites.",
        CITATIONS,
    ),
    "subdeck": Key("The deck inside the deck that the card goes into; `::` stands between levels.", TEXT),
    "print": Key("Whether the card goes on paper; if left out, as its file and the deck say.", FLAG),
    "reviewed": Key("The day, such as 2025-03-23, on which the card was last compared with its source.", DAY),
    "allow": Key("Rules that `cardwright check` doesn't apply to the card.", allowed_rules_form),
}
# Any card of our own note types may have these.
COMMON_KEYS = SHARED_KEYS | {
    "extra": Key("What is shown under the answer.", MARKED_UP),
    "hint": Key("A hint that learners may ask for before they answer.", MARKED_UP),
    "typed": Key("Whether learners type in the answer; if left out, `false`.", FLAG),
}
_OF_A_NOTE = {
    "note_type": Key(
        "The note type of the card, one of `note_types:` in the deck, or a built-in one: "
        "`question`, `cloze` or `diagram`. If left out, as its file or the deck says, or else built in.",
        TEXTS,
    ),
    "guid": Key("The GUID by which Anki knows the note, if another tool made it.", TEXT),
}

REVERSE_KEYS = {
    "q": Key("The question that is asked the other way round.", MARKED_UP),
    "a": Key("Its answer.", MARKED_UP),
}
QUESTION_KEYS = (
    COMMON_KEYS
    | _OF_A_NOTE
    | {
        "q": Key("A question, in Markdown. With `a:` it makes a card.", MARKED_UP),
        "a": Key("The answer, in Markdown. Only a card with a `note_type:` may do without.", MARKED_UP),
        "reverse": Key(
            "A second card that asks the other way round: `true` swaps question and answer; "
            "a text is its question; `{q: …, a: …}` has an answer of its own.",
            either(TEXT, mapping(REVERSE_KEYS, "q", "a")),
        ),
    }
)

CLOZE_KEYS = (
    COMMON_KEYS
    | _OF_A_NOTE
    | {
        "cloze": Key(
            "A text that hides words, `{{c1::like this}}`; each number makes a card of its own.", MARKED_UP
        ),
    }
)

SHOWN_ITEMS = {"list": True, "none": False}
LIST_KEYS = COMMON_KEYS | {
    "list": Key("A question whose answer is a list, each item of which makes a card of its own.", TEXT),
    "items": Key("The items by their keys, such as `bruise: bruising behind the thigh`.", named(TEXT)),
    "show": Key(
        "What a card shows beside the question: `list`, the other items; or `none`. If left out, `list`.",
        one_of(SHOWN_ITEMS),
    ),
}

COLUMN_KEYS = {
    "q": Key("The question for each cell of the column; `{row}` stands for the name of the row.", TEXT),
    "reverse": Key(
        "A question that asks for the row, with `{cell}` for the cell; `true` shows the cell alone.", TEXT
    ),
}
ROW_NAME_KEYS = {"row": Key("The name of the row, as questions show it; if left out, its key.", TEXT)}
TABLE_PART_KEYS = {
    "ask": Key(
        'The question of each column by its key, such as `leg: "{row}: can the leg still be used?"`.',
        named(either(TEXT, mapping(COLUMN_KEYS, "q"))),
    ),
    "rows": Key(
        "The rows by their keys: the name of each, `row:`, and its cells by column.",
        named({"type": "object", "properties": ROW_NAME_KEYS, "additionalProperties": TEXT}),
    ),
}
TABLE_KEYS = COMMON_KEYS | {
    "table": Key(
        "A table, each cell of which makes a card of its own.", mapping(TABLE_PART_KEYS, "ask", "rows")
    ),
}

NUMBER = r"-?(?:[0-9]{1,6}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})"
_NUMBER = number(NUMBER)
_IN_PERCENT = "in percent of the picture"
SHAPE_KEYS = {
    "rect": Key(f"A rectangle, {_IN_PERCENT}: `[left, top, width, height]`.", sequence(_NUMBER, 4)),
    "ellipse": Key(
        f"An ellipse by the box around it, {_IN_PERCENT}: `[left, top, width, height]`.",
        sequence(_NUMBER, 4),
    ),
    "polygon": Key(
        f"A shape by its corners, {_IN_PERCENT}: `[[10, 40], [20, 40], [15, 60]]`.",
        {**sequence(sequence(_NUMBER, 2)), "minItems": 3},
    ),
}
SHAPES = "shapes"
LABEL_KEYS = {
    "name": Key(
        "What the label says; its card asks for it. Only labels of a card with a `note_type:` have none.",
        TEXT,
    ),
    **SHAPE_KEYS,
    SHAPES: Key(
        "All places of the label, if it has several: `[{rect: …}, {ellipse: …}]`.",
        filled(sequence(filled(mapping(SHAPE_KEYS)))),
    ),
}
HIDDEN_LABELS = {"all": True, "one": False}
DIAGRAM_KEYS = (
    COMMON_KEYS
    | _OF_A_NOTE
    | {
        "diagram": Key("A picture in the deck's folder, each label of which makes a card of its own.", TEXT),
        "alt": Key(
            "A description of the picture for people who can't see it. "
            "Only a card with a `note_type:` may do without.",
            TEXT,
        ),
        "hide": Key(
            "What a card hides: `all` labels, of which it asks for one; or that `one` alone. "
            "If left out, `all`.",
            one_of(HIDDEN_LABELS),
        ),
        "labels": Key(
            "The labels by their keys, such as `biceps: {name: Biceps femoris, rect: [62, 30, 20, 6]}`.",
            named(mapping(LABEL_KEYS)),
        ),
        "header": Key("What stands above the picture of an imported note type.", MARKED_UP),
        "comments": Key("The comments of an imported note type.", MARKED_UP),
    }
)

CUSTOM_KEYS = SHARED_KEYS | {
    "type": Key("The note type of the card, one of `note_types:` in the deck.", TEXT),
    "fields": Key("The fields of the note by their names.", entries(MARKED_UP)),
    "guid": _OF_A_NOTE["guid"],
}
