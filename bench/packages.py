"""Cards from YAML to an Anki package, compared with what people write without cardwright."""

import os
from collections.abc import Iterator

from bench import decks
from bench.measuring import CARDWRIGHT, Measurement, Project, best_times, elapsed_seconds
from bench.varied_decks import varied_deck

CARD_COUNT = 20_000
MANY_CARDS = 100_000
FILE_COUNT = 40
_BUILD = (CARDWRIGHT, "build", "--only", "anki")


def measure(project: Project) -> Iterator[Measurement]:
    """Yield CPU times as ratios, but of two cores the time that passes."""

    def run_plain_script(syntax: str = "plain") -> None:
        paths = sorted(project.sources.rglob("*.yaml"))
        project.run_script("plain_script.py", syntax, project.folder / "plain.apkg", *paths)

    project.write_deck(decks.plain_deck(CARD_COUNT))
    target = project.folder / "lower_bound.zip"
    times = best_times(
        {
            "clean build": lambda: project.run_clean(_BUILD),
            "plain script": run_plain_script,
            "lower bound": lambda: project.run_script("lower_bound.py", project.source, target),
        }
    )
    name = f"{CARD_COUNT:,} questions to a package, where yaml.load and genanki take 1"
    yield Measurement(name, times["clean build"] / times["plain script"], limit=0.45)
    name = "the same: the least that any tool does (libyaml, SQLite, deflate)"
    yield Measurement(name, times["lower bound"] / times["plain script"])

    for note_count, runs in ((CARD_COUNT, 3), (MANY_CARDS, 1)):
        project.write_sources(varied_deck(note_count))
        times = best_times(
            {
                "clean build": lambda: project.run_clean(_BUILD),
                "plain script": run_plain_script,
                "whole script": lambda: run_plain_script("whole"),
            },
            runs,
        )
        name = f"{note_count:,} notes of many kinds to a package, where the script takes 1"
        yield Measurement(name, times["clean build"] / times["plain script"], limit=0.45)
        name = "the same, where the script takes 1 that renders Markdown, compresses and writes digests, too"
        yield Measurement(name, times["clean build"] / times["whole script"])
    project.clear()
    name = f"{MANY_CARDS:,} notes of many kinds to a package, peak memory"
    yield Measurement(name, project.peak_memory(_BUILD), "MB", limit=250)

    project.write_sources(varied_deck(CARD_COUNT, is_marked_up=True))
    times = best_times(
        {
            "clean build": lambda: project.run_clean(_BUILD),
            "plain script": lambda: run_plain_script("markdown"),
        }
    )
    name = f"{CARD_COUNT:,} notes, a third with emphasis, where the script with markdown-it takes 1"
    yield Measurement(name, times["clean build"] / times["plain script"], limit=0.4)

    if (os.cpu_count() or 1) > 1:
        project.write_sources(varied_deck(CARD_COUNT, file_count=FILE_COUNT))
        times = best_times(
            {"clean build": lambda: project.run_clean(_BUILD), "plain script": run_plain_script},
            clock=elapsed_seconds,
        )
        what = f"{CARD_COUNT:,} notes in {FILE_COUNT} files, time on two cores"
        name = f"{what}, where the script takes 1"
        yield Measurement(name, times["clean build"] / times["plain script"], limit=0.35)
