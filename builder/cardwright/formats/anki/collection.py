"""The database of a collection that every version of Anki can import: the tables and JSON of schema 11.

Source: Anki, rslib/src/storage/schema11.sql, and schema11.rs in rslib/src/decks, deckconfig and notetype.
What a package says beyond its notes, cards, note types and decks has the values of a new collection.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from cardwright.formats.anki.note_types import AnkiNoteType, Field, Template

Json = dict[str, object]

_COLUMNS = {
    "col": "id crt mod scm ver dty usn ls conf models decks dconf tags",
    "notes": "id guid mid mod usn tags flds sfld csum flags data",
    "cards": "id nid did ord mod usn type queue due ivl factor reps lapses left odue odid flags data",
    "revlog": "id cid usn ease ivl lastIvl factor time type",
    "graves": "usn oid type",
}
"""The names of the columns of each table."""
_TEXTS = frozenset({"conf", "models", "decks", "dconf", "guid", "tags", "flds", "data"})
_INDEXES = (
    "ix_notes_usn ON notes (usn)",
    "ix_cards_usn ON cards (usn)",
    "ix_revlog_usn ON revlog (usn)",
    "ix_cards_nid ON cards (nid)",
    "ix_cards_sched ON cards (did, queue, due)",
    "ix_revlog_cid ON revlog (cid)",
    "ix_notes_csum ON notes (csum)",
)

# The times are those of no build, so that equal decks have equal packages.
_INSERT_COLLECTION = """
INSERT INTO col VALUES (NULL, 1411124400, 1425279151694, 1425279151690, 11, 0, 0, 0, ?, ?, ?, ?, '{}')
"""
_CONFIG: Json = {
    "activeDecks": [1],
    "curDeck": 1,
    "curModel": "1425279151691",
    "nextPos": 1,
    "newSpread": 0,
    "newBury": True,
    "addToCur": True,
    "sortType": "noteFld",
    "sortBackwards": False,
    "collapseTime": 1200,
    "timeLim": 0,
    "dueCounts": True,
    "estTimes": True,
}

# Index of a field of image occlusion.
# Source: Anki, proto/anki/image_occlusion.proto, `ImageOcclusionFieldIndexes`.
_COMMENTS = 4

_LATEX_BEFORE = (
    "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage[utf8]{inputenc}\n"
    "\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
)


def create_tables(cursor: sqlite3.Cursor) -> None:
    """Make the tables, all of them empty and without indexes."""
    for table, names in _COLUMNS.items():
        cursor.execute(f"CREATE TABLE {table} ({', '.join(map(_column, names.split()))})")


def create_indexes(cursor: sqlite3.Cursor) -> None:
    """Make the indexes of filled tables; built in order, they are smaller by an eighth once deflated."""
    for index in _INDEXES:
        cursor.execute(f"CREATE INDEX {index}")


def _column(name: str) -> str:
    if name == "id":
        return "id integer primary key"
    return f"{name} {'text' if name in _TEXTS else 'integer'} not null"


DECK_ID = "cardwrightDeck"
"""The key of the settings under which a package has the id of its deck, if no name of a note type says it."""


def insert_collection(
    cursor: sqlite3.Cursor,
    note_types: Iterable[Json],
    decks: Iterable[Json],
    presets: Iterable[Json],
    deck_id: str = "",
) -> None:
    """Insert what a collection is apart from its notes and cards, beside its default deck and preset.

    deck_id: the id of the deck, for DECK_ID; Anki imports no settings.
    """
    config = {**_CONFIG, DECK_ID: deck_id} if deck_id else _CONFIG
    default_deck = deck_json(1, "Default")
    parts = (note_types, (default_deck, *decks), (_DEFAULT_PRESET, *presets))
    by_ids = ({str(part["id"]): part for part in same_kind} for same_kind in parts)
    cursor.execute(_INSERT_COLLECTION, [json.dumps(part) for part in (config, *by_ids)])


def deck_json(deck_id: int, name: str, description: str = "", preset_id: int = 1) -> Json:
    """Return a deck. description: HTML."""
    unstudied = {counter: [0, 0] for counter in ("newToday", "revToday", "lrnToday", "timeToday")}
    limits = {"extendNew": 0, "extendRev": 50}
    names: Json = {"id": deck_id, "name": name, "desc": description, "conf": preset_id}
    return {**names, **limits, **unstudied, "mod": 0, "usn": -1, "dyn": 0, "collapsed": False}


def note_type_json(note_type: AnkiNoteType, mod: int, deck_id: int) -> Json:
    """Return a note type. mod: of its last change, in s since 1970. deck_id: where Anki adds notes of it."""
    if note_type.imported is not None:
        from cardwright.formats.anki.imported_types import imported_type_json  # noqa: PLC0415  few decks are imported

        return imported_type_json(note_type, note_type.imported, mod)
    templates = [
        {"name": template.name, "id": template.id, "qfmt": template.front, "afmt": template.back}
        | {"ord": number, "bqfmt": "", "bafmt": "", "bfont": "", "bsize": 0, "did": None}
        for number, template in enumerate(note_type.templates)
    ]
    # Which fields the fronts need (`req`), Anki finds out again on import.
    return {
        "id": str(note_type.id),
        "name": note_type.name,
        "type": int(note_type.is_cloze),
        "mod": mod,
        "usn": -1,
        "did": deck_id,
        "sortf": 0,
        "req": [],
        "tags": [],
        "vers": [],
        "flds": [_field_json(field, number) for number, field in enumerate(note_type.fields)],
        "tmpls": templates,
        "css": note_type.css,
        "latexPre": _LATEX_BEFORE,
        "latexPost": "\\end{document}",
        "latexsvg": False,
        **({"originalStockKind": note_type.stock_kind} if note_type.stock_kind else {}),
    }


def _field_json(field: Field, number: int) -> Json:
    return {
        "name": field.name,
        "id": field.id,
        "ord": number,
        "description": field.description,
        "collapsed": field.collapsed,
        "plainText": field.plain,
        "font": "Arial",
        "size": 20,
        "rtl": False,
        "sticky": False,
        "media": [],
        # What Anki's mask editor expects; learners may delete only the comments.
        **({} if field.tag is None else {"tag": field.tag, "preventDeletion": field.tag != _COMMENTS}),
    }


def read_field(field: Mapping[str, Any]) -> Field:
    """Return a field from its JSON of schema 11; other tools than Anki leave out most of it."""
    return Field(
        *(field.get("id") or 0, field["name"], field.get("description", "")),
        collapsed=field.get("collapsed", False),
        plain=field.get("plainText", False),
        tag=field.get("tag"),
    )


def read_template(template: Mapping[str, Any]) -> Template:
    """Return a card template from its JSON of schema 11."""
    return Template(template.get("id") or 0, template["name"], template["qfmt"], template.get("afmt", ""))


_DEFAULT_PRESET: Json = {
    "id": 1,
    "name": "Default",
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "timer": 0,
    "autoplay": True,
    "replayq": True,
    "new": {
        "perDay": 20,
        "delays": [1, 10],
        "ints": [1, 4, 7],
        "initialFactor": 2500,
        "order": 1,
        "separate": True,
        "bury": True,
    },
    "rev": {
        "perDay": 100,
        "ease4": 1.3,
        "fuzz": 0.05,
        "ivlFct": 1,
        "maxIvl": 36500,
        "minSpace": 1,
        "bury": True,
    },
    "lapse": {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0},
}
