"""How soon `cardwright --help` is there: users wait for it most often."""

import sys
from collections.abc import Iterator

from bench.measuring import CARDWRIGHT, Measure, Project, medians


def measures(project: Project) -> Iterator[Measure]:
    taken = medians(
        {
            "help": lambda: project.run([CARDWRIGHT, "--help"]),
            "click": lambda: project.run([sys.executable, "-c", "import click"]),
        }
    )
    yield Measure(
        "`cardwright --help`, where `import click` takes 1", taken["help"] / taken["click"], most=1.5
    )
