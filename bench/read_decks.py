"""Read the decks of the project in the current folder with their files, and do nothing with them."""

import gc
import os
from pathlib import Path

from cardwright.diagnostics import Report
from cardwright.pipeline.load import load_decks
from cardwright.shell.environment import LocalEnvironment
from cardwright.shell.project import find_decks, read_decks

if __name__ == "__main__":
    # As the command does.
    gc.disable()
    report = Report()
    root = Path.cwd()
    decks = find_decks(root, report)
    loaded = load_decks(
        read_decks(root, decks, decks, report), LocalEnvironment(root, os.environ, None), report
    )
    # A deck reads its notes when somebody needs them, as the checks do.
    print(sum(len(note.fields) for deck in loaded for note in deck.deck.notes))
