"""The options preset of a deck, as collections of schema 11 store it."""

from cardwright.collection.deck import OptionsPreset

# The values of a preset made with "Add Preset".
# Source: measured with Anki 24.11 to 26.09, `decks.add_config`; tests/formats/anki/test_options_preset.py.
_NEW_PER_DAY = 20
_REVIEWS_PER_DAY = 200
_DESIRED_RETENTION = 0.9


def preset_json(preset: OptionsPreset, preset_id: int, deck_name: str) -> dict[str, object]:
    """Return the preset of a deck as Anki stores it; Anki uses its own defaults for options left out here.

    A deck without one uses preset 1, which every learner has. Importing it leaves a learner's choice
    of preset as it is, even when presets are imported. Source: measured with Anki 24.11 to 26.09.

    `mod` is 0, since time plays no part: Anki adds a preset that it does not have, and never changes one
    that it has. Source: Anki, rslib/src/import_export/package/apkg/import/decks.rs.
    """
    new, reviews, retention = preset.new_per_day, preset.reviews_per_day, preset.desired_retention
    return {
        "id": preset_id,
        "name": deck_name if preset.name is None else preset.name,
        "mod": 0,
        "usn": -1,
        "new": {
            "perDay": _NEW_PER_DAY if new is None else new,
            "delays": [1, 10],
            "ints": [1, 4, 0],
            "initialFactor": 2500,
            "order": 1,
            "bury": False,
        },
        "rev": {
            "perDay": _REVIEWS_PER_DAY if reviews is None else reviews,
            "ease4": 1.3,
            "hardFactor": 1.2,
            "ivlFct": 1,
            "maxIvl": 36500,
            "bury": False,
        },
        "lapse": {"delays": [10], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0},
        "desiredRetention": _DESIRED_RETENTION if retention is None else retention,
        "easyDaysPercentages": [1] * 7,
        "maxTaken": 60,
        "autoplay": True,
        "replayq": True,
        "timer": 0,
        "dyn": False,
    }
