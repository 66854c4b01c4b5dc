"""Read all notes and media of a package, and do nothing with them. Argument: the package."""

import gc
import sys
from pathlib import Path

from cardwright.importing.read_file import open_deck

if __name__ == "__main__":
    # As the command does.
    gc.disable()
    size = 0
    with open_deck(sys.argv[1], Path(sys.argv[1])) as collection:
        for note in collection.notes:
            size += sum(map(len, note.fields))
        for medium in collection.media.values():
            with medium.open() as file:
                while part := file.read(1 << 20):
                    size += len(part)
    print(size)
