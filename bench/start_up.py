"""The time that `cardwright --help` takes, because users wait for the start most often."""

import sys
from collections.abc import Iterator

from bench.measuring import CARDWRIGHT, Measurement, Project, median_seconds


def measure(project: Project) -> Iterator[Measurement]:
    times = median_seconds(
        {
            "help": lambda: project.run([CARDWRIGHT, "--help"]),
            "click": lambda: project.run([sys.executable, "-c", "import click"]),
        }
    )
    name = "`cardwright --help`, where `import click` takes 1"
    yield Measurement(name, times["help"] / times["click"], limit=1.5)
