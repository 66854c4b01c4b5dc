"""Takes all measurements, or those that are named, and prints each with its limit."""

import sys
import tempfile
from pathlib import Path

from bench import big_deck, packages, reprint, sheets, start_up, tables
from bench.measuring import Project

MEASUREMENTS = {
    "start_up": start_up.measures,
    "packages": packages.measures,
    "tables": tables.measures,
    "sheets": sheets.measures,
    "reprint": reprint.measures,
    "big_deck": big_deck.measures,
}


def main(wanted: list[str]) -> int:
    """Returns how many measures are beyond their limits."""
    too_much = 0
    for name in wanted or MEASUREMENTS:
        with tempfile.TemporaryDirectory() as folder:
            project = Project(Path(folder))
            project.write("")
            for measure in MEASUREMENTS[name](project):
                print(measure, flush=True)
                too_much += measure.too_much
    return too_much


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
