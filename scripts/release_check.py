"""Builds the packages of a release, and tries them as a user would who installs them.

Usage: .venv/bin/python -m scripts.release_check [PYTHON…]; by default with each Python from 3.11 to 3.14
that is on the path or known to pyenv. The packages stay in dist/. It says what it does, and ends with 1 if
anything fails.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.paths import ROOT

DIST = ROOT / "dist"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
# A card of each kind, a formula and a drawing, so that templates, fonts and tables are all needed.
DECK = r"""deck: Smoke
id: smoke
html: true
cards:
  - {q: 'What is \(\sqrt{x^2}\)?', a: 'The **size** of \(x\), ![a dot](media/dot.svg)', reverse: true}
  - {cloze: "The hamstrings {{c1::flex}} the knee."}
  - {list: What may follow?, items: {bruise: a bruise, limp: a limp}}
  - {diagram: media/dot.svg, alt: A dot, labels: {dot: {name: The dot, rect: [25, 25, 50, 50]}}}
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'
# What each command writes, with the first bytes of the file.
COMMANDS: tuple[tuple[list[str], dict[str, bytes]], ...] = (
    (["--version"], {}),
    (["doctor"], {}),
    (["new", "Owls"], {"cards_source/owls.yaml": b""}),
    (["check", "--only", "anki,pdf,html"], {}),
    (
        ["build"],
        {
            "decks/smoke/smoke.apkg": b"PK",
            "decks/smoke/smoke.pdf": b"%PDF-",
            "decks/smoke/smoke.html": b"<!DOCTYPE html>",
        },
    ),
    (["print", "smoke", "--layout", "quiz"], {"smoke-quiz.pdf": b"%PDF-"}),
    (["print", "--calibrate"], {"calibration-a4.pdf": b"%PDF-"}),
    (["import", "decks/smoke/smoke.apkg", "--into", "again"], {"cards_source/again/deck.yaml": b""}),
)


def build() -> tuple[Path, Path]:
    """Write the source distribution, and a wheel made from nothing but that. Return both."""
    shutil.rmtree(DIST, ignore_errors=True)
    hatchling = (sys.executable, "-m", "hatchling", "build", "--directory", str(DIST), "--target")
    run(*hatchling, "sdist", folder=ROOT)
    (sdist,) = DIST.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as file:
            file.extractall(folder, filter="data")
        (unpacked,) = Path(folder).iterdir()
        run(*hatchling, "wheel", folder=unpacked)
    (wheel,) = DIST.glob("*.whl")
    for path in (sdist, wheel):
        print(f"built      {path.relative_to(ROOT)}, {path.stat().st_size / 1e6:.1f} MB")
    return sdist, wheel


def find_pythons() -> Iterator[tuple[str, str | None]]:
    """Yield each version of Python, and its interpreter; None if there is none here."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in VERSIONS:
        candidates = [f"python{version}", *map(str, pyenv.glob(f"{version}.*/bin/python"))]
        yield version, next((path for path in candidates if is_python(path, version)), None)


def is_python(path: str, version: str) -> bool:
    """Return whether a program is a Python of a version; what pyenv puts on the path may lead to none."""
    script = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        process = subprocess.run([path, "-c", script], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return process.stdout.strip() == version


def try_package(python: str, package: Path) -> None:
    """Install a package in a new virtual environment, and run commands of it in a new project."""
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        project, bin_folder = folder / "project", folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        run(python, "-m", "venv", str(folder / "venv"), folder=folder)
        pip = (str(bin_folder / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(*pip, str(package), folder=folder)
        (project / "cards_source/media").mkdir(parents=True)
        (project / "cards_source/smoke.yaml").write_text(DECK)
        (project / "cards_source/media/dot.svg").write_text(DRAWING)
        version = ""
        for arguments, files in COMMANDS:
            out = run(str(bin_folder / "cardwright"), *arguments, folder=project)
            for path, first_bytes in files.items():
                if not (project / path).read_bytes().startswith(first_bytes):
                    raise SystemExit(f"`cardwright {' '.join(arguments)}` wrote something else as {path}")
            if arguments == ["--version"]:
                version = out.strip()
    commands = ", ".join(" ".join(arguments) for arguments, _ in COMMANDS)
    print(f"tried      {package.name} with {python}: {version}; {commands}")


def run(*command: str, folder: Path) -> str:
    """Run a command in a folder and return what it prints, or show that and exit."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["CARDWRIGHT_CACHE"] = "off"
    process = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}\n{process.stdout}")
    return process.stdout


def main(pythons: Sequence[str]) -> None:
    """Check everything. pythons: the interpreters to try; none for all that are here."""
    sdist, wheel = build()
    run(sys.executable, "-m", "twine", "check", "--strict", str(sdist), str(wheel), folder=ROOT)
    print("checked    twine would upload both")
    named: list[tuple[str, str | None]] = [(python, python) for python in pythons]
    for version, python in named or find_pythons():
        if python is None:
            print(f"not tried  Python {version}: there is none here")
        else:
            try_package(python, wheel)
    try_package(sys.executable, sdist)


if __name__ == "__main__":
    main(sys.argv[1:])
