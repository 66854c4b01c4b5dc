"""1,000 cards from YAML to sheets, compared with a script that uses WeasyPrint."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, median_seconds, seconds

CARD_COUNT = 1_000
_BUILD = (CARDWRIGHT, "build", "--only", "pdf")


def measure(project: Project) -> Iterator[Measurement]:
    project.write_deck(decks.printed_deck(CARD_COUNT))

    def clean_build() -> None:
        project.clear()
        project.run(_BUILD)

    if find_spec("weasyprint") is None:
        print("WeasyPrint is not installed, so sheets are not compared with it; `make bench` installs it")
    else:
        cards = project.folder / "cards.json"
        cards.write_text(
            json.dumps([asdict(card) for card in decks.printed_cards(CARD_COUNT)]), encoding="utf-8"
        )
        script = [sys.executable, str(Path(__file__).parent / "plain_weasyprint.py")]
        # The script takes minutes, so it runs once, between two runs of cardwright.
        time_before = seconds(clean_build)
        script_time = seconds(lambda: project.run([*script, str(cards), str(project.folder / "plain.pdf")]))
        cardwright_time = (time_before + seconds(clean_build)) / 2
        name = f"{CARD_COUNT:,} cards to sheets, where a WeasyPrint script takes 1"
        yield Measurement(name, cardwright_time / script_time, limit=0.1)
    times = median_seconds({"clean": clean_build, "again": lambda: project.run(_BUILD)}, runs=3)
    yield Measurement("  built again, where a clean build takes 1", times["again"] / times["clean"])
    project.clear()
    yield Measurement("  peak memory", project.peak_memory(_BUILD), "MB", limit=600)
