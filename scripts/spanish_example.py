"""Write docs/examples/spanish.apkg: a deck that somebody studies, as real Anki exports it.

Run it from the project folder: `.venv/bin/python -m scripts.spanish_example`.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions

TARGET = Path("docs/examples/spanish.apkg")

PICTURE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 90">
<path d="M20 40 60 10 100 40v42H20z" fill="#e8c39e" stroke="#444" stroke-width="3"/>
<path d="M50 82V55h20v27z" fill="#8a5a3c" stroke="#444" stroke-width="3"/>
</svg>
"""
ENDINGS = (
    "<table><tbody><tr><td>hablo</td><td>hablamos</td></tr><tr><td>hablas</td><td>habláis</td></tr>"
    '<tr><td colspan="2">habla, hablan</td></tr></tbody></table>'
)
BOTH_WAYS = "Basic (and reversed card)"
STUDIED_CARDS = 8


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        collection = Collection(str(Path(name) / "collection.anki2"))
        _fill(collection)
        _study(collection)
        deck = collection.decks.id("Spanish")
        assert deck is not None
        package = str(Path(name) / TARGET.name)
        options = ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False
        )
        collection.export_anki_package(out_path=package, options=options, limit=DeckIdLimit(deck))
        collection.close()
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_bytes(Path(package).read_bytes())


def _fill(collection: Collection) -> None:
    collection.media.write_data("casa.svg", PICTURE)
    _add_verb_type(collection)
    words, grammar = "Spanish::Words", "Spanish::Grammar"
    picture = '<br><img src="casa.svg">'
    _add(collection, BOTH_WAYS, words, "lesson1", {"Front": "la casa", "Back": f"the house{picture}"})
    _add(collection, BOTH_WAYS, words, "lesson1 leech", {"Front": "el <b>agua</b>", "Back": "the water"})
    _add(collection, "Basic", grammar, "lesson1", {"Front": "“there is”?", "Back": "<i>hay</i>"})
    _add(collection, "Basic", grammar, "lesson2", {"Front": "The endings of <i>hablar</i>?", "Back": ENDINGS})
    gaps = "{{c1::Soy}} de Chile, pero {{c2::estoy}} en Madrid."
    _add(collection, "Cloze", grammar, "lesson2", {"Text": gaps, "Back Extra": "ser or estar?"})
    for verb, meaning, past in (("comer", "to eat", "comí"), ("vivir", "to live", "viví")):
        fields = {"Verb": verb, "Meaning": meaning, "Past": past}
        _add(collection, "Spanish verb", words, "lesson2", fields)
    deck = collection.decks.by_name("Spanish")
    assert deck is not None
    deck["conf"] = collection.decks.add_config("Slowly")["id"]
    deck["desc"] = "Words and grammar of our <b>first</b> year."
    collection.decks.update_dict(deck)


def _add_verb_type(collection: Collection) -> None:
    models = collection.models
    model = models.new("Spanish verb")
    for field in ("Verb", "Meaning", "Past"):
        models.add_field(model, models.new_field(field))
    back = "{{FrontSide}}<hr id=answer>"
    for name, front, answer in (
        ("Meaning", "{{Verb}}", "{{Meaning}}"),
        ("Past", "{{#Past}}Yesterday I … ({{Verb}}){{/Past}}", "{{Past}}<script>celebrate()</script>"),
    ):
        models.add_template(model, models.new_template(name) | {"qfmt": front, "afmt": back + answer})
    models.add_dict(model)


def _add(collection: Collection, type_name: str, deck: str, tags: str, fields: Mapping[str, str]) -> None:
    model, deck_id = collection.models.by_name(type_name), collection.decks.id(deck)
    assert model is not None
    assert deck_id is not None
    note = collection.new_note(model)
    for name, value in fields.items():
        note[name] = value
    note.tags = tags.split()
    collection.add_note(note, deck_id)


def _study(collection: Collection) -> None:
    for card_id in list(collection.find_cards(""))[:STUDIED_CARDS]:
        for good_or_easy in (3, 4):
            card = collection.get_card(card_id)
            card.start_timer()
            collection.sched.answerCard(card, good_or_easy)


if __name__ == "__main__":
    main()
