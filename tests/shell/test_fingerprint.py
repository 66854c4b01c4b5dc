"""The fingerprint of a project leaves out nothing that a build reads."""

import os
import sys
import sysconfig
from pathlib import Path

from cardwright.shell.fingerprint import VARIABLES
from cardwright.shell.font_folders import find_font_folders
from cardwright.shell.installed_code import code_folders
from tests.support.commands import run_python
from tests.support.diagram_decks import LEG

DECK = r"""
deck: Birds
id: birds
cards:
  - {id: owl, q: 'Which **bird** \(x^2\) hoots? 漢字 ![A leg](media/leg.svg)', a: The owl}
  - {id: leg, diagram: media/leg.svg, alt: A leg, labels: {x: {name: X, rect: [5, 5, 9, 9]}}}
"""
# Builds, and prints what Python reads meanwhile: files and folders, then environment variables.
SPY = """
import os, sys

paths, variables = set(), set()

def spy(event, arguments):
    # A name alone is that of a file in a folder that is open, as folders are deleted.
    if event in ("open", "os.listdir", "os.scandir") and os.path.isabs(str(arguments[0])):
        paths.add(str(arguments[0]))

class Environ(type(os.environ)):
    def __getitem__(self, name):
        variables.add(name)
        return super().__getitem__(name)

from cardwright.cli.main import run
sys.addaudithook(spy)
os.environ.__class__ = Environ
code = run(sys.argv[1:])
print(*sorted(paths), sep="\\n", file=sys.stderr)
print(*sorted(variables), file=sys.stderr)
sys.exit(code)
"""
# For folders of temporary files and of the cache, and for completions by the shell.
WITHOUT_EFFECT = {"ANDROID_DATA", "CARDWRIGHT_CACHE", "TEMP", "TMP", "TMPDIR", "_CARDWRIGHT_COMPLETE"}


def test_a_build_reads_nothing_that_its_fingerprint_leaves_out(tmp_path: Path) -> None:
    root, temporary, cache = tmp_path / "project", tmp_path / "temporary", tmp_path / "cache"
    (root / "cards_source/media").mkdir(parents=True)
    (root / "cards_source/media/leg.svg").write_bytes(LEG)
    (root / "cards_source/birds.yaml").write_text(DECK, "utf-8")
    temporary.mkdir()

    result = run_python(SPY, "build", folder=root, CARDWRIGHT_CACHE=str(cache), TMPDIR=str(temporary))

    assert result.code == 0
    *paths, variables = result.err.splitlines()
    assert f"{root}/cards_source/media/leg.svg" in paths
    assert "XDG_DATA_HOME" in variables
    known_folders = [
        *(root / "cards_source", root / "decks", temporary, cache, Path(os.devnull)),
        *(Path(folder) for folder in code_folders()),
        *find_font_folders(os.environ),
        # What Python brings along, known by its version, and the place of each library.
        *(Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path(sys.prefix)),
    ]
    strange = [path for path in paths if not any(Path(path).is_relative_to(known) for known in known_folders)]
    assert set(strange) <= {str(root), *sys.path}, "only to lock it; only to look for modules"
    assert set(variables.split()) <= {*VARIABLES, *WITHOUT_EFFECT}
