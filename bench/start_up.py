"""The time until a command knows what it has to do, because users wait for the start most often."""

import sys
from collections.abc import Iterator

from bench.measuring import CARDWRIGHT, Measurement, Project, best_times

USAGE_ERROR = 2
# With the codes with which they end; the last four in a folder without a project.
COMMANDS = {
    "--help": 0,
    "--version": 0,
    "print --list-presets": 0,
    "build": USAGE_ERROR,
    "check": USAGE_ERROR,
    "print": USAGE_ERROR,
    "build --unknown": USAGE_ERROR,
}


def measure(project: Project) -> Iterator[Measurement]:
    outside = Project(project.folder / "no project")
    outside.folder.mkdir()
    project.write_sources({})
    project.sources.rmdir()
    tasks = {
        command: lambda command=command, code=code: outside.run(
            [CARDWRIGHT, *command.split()], exit_code=code
        )
        for command, code in COMMANDS.items()
    }
    times = best_times(
        {**tasks, "click": lambda: outside.run([sys.executable, "-c", "import click"])}, runs=5
    )
    for command in COMMANDS:
        name = f"`cardwright {command}`, where `import click` takes 1"
        yield Measurement(name, times[command] / times["click"], limit=1.5)
