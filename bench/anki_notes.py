"""Write a package of notes as people have them, by Anki itself. Arguments: a folder, the number of notes."""

import sys
from pathlib import Path
from random import Random

from anki.collection import AddNoteRequest, Collection, ExportAnkiPackageOptions

_WORDS = ("the", "origin", "of", "a", "muscle", "lies", "nearer", "to", "trunk", "than", "its", "insertion")


def _fields(number: int, random: Random) -> list[str]:
    """Return the fields of a note: words; of every tenth note also bold ones, lines, a list or the like."""

    def words(count: int) -> str:
        return " ".join(random.choices(_WORDS, k=count))

    front, back = f"{words(12)}?", f"{words(20)}; {words(20)}"
    match number % 10:
        case 4:
            back = f"{words(10)} <b>{words(2)}</b> {words(10)}"
        case 5:
            back = f"{words(10)}<br>{words(10)}<br>{words(20)}"
        case 6:
            back = f"<div>{words(20)}</div><div>{words(20)}</div>"
        case 7:
            back = f"{words(40)}&nbsp;{words(3)} <i>{words(3)}</i>&nbsp;"
        case 8:
            back = f"{words(20)}<br><ul><li>{words(6)}</li><li>{words(6)}</li></ul>"
        case 9:
            front = f"{{{{c1::{words(3)}}}}} {words(8)} {{{{c2::{words(2)}}}}}"
    return [front, back]


def write_package(folder: Path, count: int) -> None:
    """Write `notes.apkg` in a folder. count: of notes."""
    random = Random(1)
    collection = Collection(str(folder / "collection.anki2"))
    types = [collection.models.by_name(name) for name in ("Basic", "Cloze")]
    deck_id = collection.decks.id("Muscles")
    assert deck_id is not None
    requests = []
    for number in range(count):
        note_type = types[number % 10 == 9]
        assert note_type is not None
        note = collection.new_note(note_type)
        note.fields = _fields(number, random)
        note.tags = ["anatomy", "leg"] if number % 3 == 0 else []
        requests.append(AddNoteRequest(note, deck_id))
    collection.add_notes(requests)
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True)
    collection.export_anki_package(out_path=str(folder / "notes.apkg"), options=options, limit=None)
    collection.close()


if __name__ == "__main__":
    write_package(Path(sys.argv[1]), int(sys.argv[2]))
