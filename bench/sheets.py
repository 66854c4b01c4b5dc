"""1,000 cards from YAML to sheets, compared with scripts that use ReportLab and WeasyPrint."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.util import find_spec

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, best_times

CARD_COUNT = 1_000
_BUILD = (CARDWRIGHT, "build", "--only", "pdf")
_CHECK = (CARDWRIGHT, "check", "--only", "pdf")
_CHECK_TEXTS = (CARDWRIGHT, "check", "--only", "anki")


def measure(project: Project) -> Iterator[Measurement]:
    project.write_deck(decks.printed_deck(CARD_COUNT))
    cards = project.folder / "cards.json"
    cards.write_text(json.dumps([asdict(card) for card in decks.printed_cards(CARD_COUNT)]), encoding="utf-8")

    def clean_run(command: tuple[str, ...]) -> Callable[[], None]:
        return lambda: project.run_clean(command)

    def run_script(name: str) -> Callable[[], None]:
        return lambda: project.run_script(name, cards, project.folder / "plain.pdf")

    # WeasyPrint takes minutes, so it runs once.
    for library, module, runs, limit in (
        ("ReportLab", "reportlab", 3, 0.5),
        ("WeasyPrint", "weasyprint", 1, 0.04),
    ):
        if find_spec(module) is None:
            continue
        times = best_times({"clean": clean_run(_BUILD), "script": run_script(f"plain_{module}.py")}, runs)
        name = f"{CARD_COUNT:,} cards to sheets, where a {library} script takes 1"
        yield Measurement(name, times["clean"] / times["script"], limit=limit)
    times = best_times(
        {"build": clean_run(_BUILD), "check": clean_run(_CHECK), "texts": clean_run(_CHECK_TEXTS)}
    )
    measuring, drawing = times["check"] - times["texts"], times["build"] - times["check"]
    name = f"measuring the sides of {CARD_COUNT:,} cards, where drawing them takes 1"
    yield Measurement(name, measuring / drawing, limit=0.5)
    project.clear()
    name = f"{CARD_COUNT:,} cards to sheets, peak memory"
    yield Measurement(name, project.peak_memory(_BUILD), "MB", limit=600)
