"""The packages of a release: the wheel and the source distribution."""

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.paths import PACKAGE, ROOT

Build = Callable[[str], Path]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A function that builds the `sdist` or the `wheel`."""

    def build_target(target: str) -> Path:
        command = [
            sys.executable,
            "-m",
            "hatchling",
            "build",
            "--target",
            target,
            "--directory",
            str(tmp_path),
        ]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        (path,) = tmp_path.iterdir()
        return path

    return build_target


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(build: Build) -> None:
    with zipfile.ZipFile(build("wheel")) as file:
        files = {name for name in file.namelist() if ".dist-info/" not in name}
        licences = {name.partition("/licenses/")[2] for name in file.namelist() if "/licenses/" in name}
        entries = next(name for name in file.namelist() if name.endswith("entry_points.txt"))
        entry_points = file.read(entries).decode()

    files_of_package = {
        path.relative_to(PACKAGE.parent).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files == files_of_package
    assert {path.rsplit(".", 1)[-1] for path in files} >= {"py", "typ", "html", "css", "typed"}
    assert "cardwright = cardwright.__main__:main" in entry_points
    font_licence = "builder/cardwright/source/formulas/math-font-licence.txt"
    assert licences == {"LICENSE", "LICENSES.md", font_licence}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="git knows which files are the project's")
def test_the_source_distribution_holds_every_file_of_the_project_but_those_of_servers(build: Build) -> None:
    with tarfile.open(build("sdist")) as file:
        files = {member.name.partition("/")[2] for member in file.getmembers() if member.isfile()}

    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.run(git, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")
    expected = {path for path in paths if path and (ROOT / path).exists()}
    assert expected - files == {".ci/run", ".gitattributes"}
    assert files - expected == {"PKG-INFO"}


def test_everything_that_may_come_from_elsewhere_has_its_licence_named() -> None:
    """These are the kinds of files that we write; what is new under another name shall be thought about."""
    own = {".py", ".typ", ".typed", ".html", ".css", ".js", ".json", ".yaml", ".yml"}
    paths = (path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in {*own, ".pyc"})
    others = {path.name for path in paths} - {"gitattributes"}
    page = (ROOT / "LICENSES.md").read_text()
    named = re.findall(r"`([\w./-]+\.\w+|[\w./-]+/)`", page)

    assert others <= {Path(path).name for path in named}
    assert [path for path in named if "/" in path and not (ROOT / path).exists()] == []
