"""A source opens in the author's editor, at the line of the card."""

import os
import sys
from pathlib import Path

import pytest

from cardwright.previewing.editors import NoEditor, editor_command

SOURCE = Path("/project/cards_source/birds.yaml")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with programs, which are the only ones there are."""
    for name in ("code", "vim", "gvim", "kate", "unheard-of", "xdg-open", "open", "explorer"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="programs have other names there")
@pytest.mark.parametrize(
    ("editor", "environ", "command"),
    [
        ("code", {}, ["code", "--goto", f"{SOURCE}:12"]),
        ("code --reuse-window", {}, ["code", "--reuse-window", "--goto", f"{SOURCE}:12"]),
        ("gvim", {}, ["gvim", "+12", str(SOURCE)]),
        ("kate -l {line} {file}", {}, ["kate", "-l", "12", str(SOURCE)]),
        ("unheard-of", {}, ["unheard-of", str(SOURCE)]),
        ("vim --remote {file}", {}, ["vim", "--remote", str(SOURCE)]),
        ("", {"VISUAL": "code", "EDITOR": "vim"}, ["code", "--goto", f"{SOURCE}:12"]),
        ("", {"EDITOR": "gvim"}, ["gvim", "+12", str(SOURCE)]),
    ],
)
def test_editors_are_told_the_line(
    programs: Path, editor: str, environ: dict[str, str], command: list[str]
) -> None:
    program, *arguments = editor_command(editor, environ, SOURCE, 12)
    assert Path(program) == programs / command[0]
    assert arguments == command[1:]


def test_without_an_editor_the_system_opens_the_file(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert editor_command("", {}, SOURCE, 12) == [str(programs / "xdg-open"), str(SOURCE)]


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(
    ("editor", "environ", "problem"),
    [
        ("no-such-thing {file}", {}, "there is no program `no-such-thing`"),
        ("", {"EDITOR": "vim"}, "`vim` needs a terminal of its own"),
        ("vim", {}, "`vim` needs a terminal of its own"),
        ("vim +{line} {file}", {}, "`vim` needs a terminal of its own"),
        ("'", {}, "can't be read"),
        (" ", {}, "names no program"),
    ],
)
def test_what_is_wrong_is_told(editor: str, environ: dict[str, str], problem: str) -> None:
    with pytest.raises(NoEditor, match=problem):
        editor_command(editor, environ, SOURCE, 12)
