"""1,000 cards from YAML to sheets, and the same sheets as a WeasyPrint script makes them."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from bench import decks
from bench.measuring import CARDWRIGHT, Measure, Project, medians, seconds

CARDS = 1_000
_BUILD = (CARDWRIGHT, "build", "--only", "pdf")


def measures(project: Project) -> Iterator[Measure]:
    project.write(decks.printed(CARDS))

    def clean() -> None:
        project.clear()
        project.run(_BUILD)

    if find_spec("weasyprint") is None:
        print("WeasyPrint is not installed, so sheets are not compared with it; `make bench` installs it")
    else:
        cards = project.folder / "cards.json"
        cards.write_text(json.dumps([asdict(card) for card in decks.cards(CARDS)]), encoding="utf-8")
        script = [sys.executable, str(Path(__file__).parent / "plain_weasyprint.py")]
        # It takes minutes: once, with ours before and after it.
        before = seconds(clean)
        theirs = seconds(lambda: project.run([*script, str(cards), str(project.folder / "plain.pdf")]))
        ours = (before + seconds(clean)) / 2
        yield Measure(
            f"{CARDS:,} cards to sheets, where a WeasyPrint script takes 1", ours / theirs, most=0.1
        )
    taken = medians({"clean": clean, "again": lambda: project.run(_BUILD)}, runs=3)
    yield Measure("  built again, where a clean build takes 1", taken["again"] / taken["clean"])
    project.clear()
    yield Measure("  peak memory", project.peak(_BUILD), "MB", most=600)
