"""Folders of the repository, as absolute paths."""

from pathlib import Path

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
PACKAGE = ROOT / "builder" / "cardwright"
# The `PYTHONPATH` of programs that tests start.
IMPORT_PATH = str(PACKAGE.parent)
