"""Packages that real Anki exports, in each of its formats, from a collection with a bit of everything."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import ExportAnkiPackageOptions

from cardwright.rehearsal.profile import Profile

if TYPE_CHECKING:  # when it runs, anki.notes can only be imported by anki.collection
    from anki.notes import Note

FORMATS = ("apkg", "apkg for older versions", "colpkg", "colpkg for older versions")


def export(profile: Profile, folder: Path, format_: str, *, scheduling: bool = True) -> Path:
    """Export a whole collection in one of `FORMATS`, with its media."""
    kind, _, legacy = format_.partition(" ")
    path = folder / f"{format_.replace(' ', '-')}{'' if scheduling else '-plain'}.{kind}"
    if kind == "colpkg":
        profile.collection.export_collection_package(str(path), include_media=True, legacy=bool(legacy))
        profile.collection.reopen()
        return path
    options = ExportAnkiPackageOptions(
        with_scheduling=scheduling, with_deck_configs=True, with_media=True, legacy=bool(legacy)
    )
    profile.collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def export_all(profile: Profile, folder: Path) -> Mapping[str, Path]:
    """Export a whole collection in each format."""
    return {format_: export(profile, folder, format_) for format_ in FORMATS}


def add_note(profile: Profile, type_name: str, fields: Mapping[str, str], deck: str = "Default") -> "Note":
    """Add a note of a note type to a deck, which is made if there is none."""
    collection = profile.collection
    model = collection.models.by_name(type_name)
    assert model is not None
    note = collection.new_note(model)
    for name, value in fields.items():
        note[name] = value
    deck_id = collection.decks.id(deck)
    assert deck_id is not None
    collection.add_note(note, deck_id)
    return note


def fill(profile: Profile) -> None:
    """Add notes of every stock note type and of an own one, in decks of three levels, with media."""
    collection = profile.collection
    for name in ("kneé.png", "sound one.mp3", "_font.ttf", "_unused.css"):
        collection.media.write_data(name, f"bytes of {name}".encode())
    add_note(profile, "Basic", {"Front": "one", "Back": '<img src="kneé.png">'}, "Leg::Upper::Thigh")
    add_note(profile, "Basic (and reversed card)", {"Front": "two", "Back": "zwei"}, "Leg::Lower")
    add_note(profile, "Basic (optional reversed card)", {"Front": "three", "Back": "drei"}, "Leg")
    typed = add_note(profile, "Basic (type in the answer)", {"Front": "four", "Back": "vier"}, "Arm")
    typed.tags = ["b::c", "a", "ä"]
    collection.update_note(typed)
    add_note(profile, "Cloze", {"Text": "{{c1::five}} {{c3::fünf}} [sound:sound one.mp3]"}, "Arm")
    add_note(
        profile,
        "Image Occlusion",
        {
            "Occlusion": "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}",
            "Image": '<img src="kneé.png">',
        },
    )
    add_own_type(profile)
    add_note(profile, "Muscle", {"Name": "Biceps", "Ursprung ä": "a\nb &nbsp;<b>x</b>"}, "Arm")
    deck = collection.decks.by_name("Arm")
    assert deck is not None
    collection.decks.update_dict(deck | {"desc": "*Arms*", "md": True})


def add_own_type(profile: Profile) -> None:
    """Add a note type with all that one can have."""
    models = profile.collection.models
    model: dict[str, Any] = models.new("Muscle")
    for name in ("Name", "Ursprung ä"):
        models.add_field(model, models.new_field(name))
    model["flds"][1] |= {"rtl": True, "size": 33, "font": "Gentium", "description": "where", "own key": [1]}
    model["flds"][1] |= {"plainText": True, "collapsed": True, "excludeFromSearch": True, "sticky": True}
    for name in ("Karte\u00a01", "Back ward"):
        template: dict[str, Any] = models.new_template(name)
        template |= {
            "qfmt": "{{Name}} " + name,
            "afmt": "{{FrontSide}}{{Ursprung ä}}",
            "bqfmt": "b",
            "bafmt": "c",
        }
        template |= {"bfont": "Arial", "bsize": 12, "did": 1, "add-on": {"x": None}}
        models.add_template(model, template)
    model |= {"css": '@font-face {src: url("_font.ttf")}', "latexPre": "pre", "latexPost": "post"}
    model |= {"latexsvg": True, "sortf": 1, "vers": [], "tags": ["x"], "own": {"deep": [1, 2.5, "ü"]}}
    models.add(model)
