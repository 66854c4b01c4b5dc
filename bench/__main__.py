"""Take all measurements, or those named as arguments, and print them as a table in Markdown."""

import sys
import tempfile
from pathlib import Path

from bench import (
    big_deck,
    checks,
    edits,
    foreign_packages,
    growth,
    packages,
    reprint,
    sheets,
    start_up,
    subdecks,
    tables,
)
from bench.measuring import TABLE_HEAD, Project

BENCHMARKS = {
    "start_up": start_up.measure,
    "packages": packages.measure,
    "edits": edits.measure,
    "foreign_packages": foreign_packages.measure,
    "tables": tables.measure,
    "subdecks": subdecks.measure,
    "checks": checks.measure,
    "sheets": sheets.measure,
    "growth": growth.measure,
    "reprint": reprint.measure,
    "big_deck": big_deck.measure,
}


def main(names: list[str]) -> int:
    """Take the named measurements, or all. Returns how many are over their limits."""
    print(TABLE_HEAD, flush=True)
    over_limit = 0
    for name in names or BENCHMARKS:
        with tempfile.TemporaryDirectory() as folder:
            project = Project(Path(folder))
            project.write_deck("")
            for measurement in BENCHMARKS[name](project):
                print(measurement, flush=True)
                over_limit += measurement.is_over_limit
    return over_limit


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
