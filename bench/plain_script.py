"""What people write without cardwright: yaml.load, a genanki note for each card, one package.

Arguments: a YAML file with `cards`, and the package to write.
"""

import sys
from pathlib import Path

import genanki
import yaml

if __name__ == "__main__":
    source, target = sys.argv[1:]
    with Path(source).open(encoding="utf-8") as file:
        cards = yaml.load(file, yaml.CSafeLoader)["cards"]
    model = genanki.Model(
        1607392319,
        "Plain",
        fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Extra"}],
        templates=[
            {"name": "Card 1", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr>{{Answer}}{{Extra}}"}
        ],
    )
    deck = genanki.Deck(2059400110, "Plain")
    for card in cards:
        fields = [card["q"], card["a"], card["extra"]]
        deck.add_note(genanki.Note(model=model, fields=fields, guid=card["id"], tags=card["tags"]))
    genanki.Package(deck).write_to_file(target)
