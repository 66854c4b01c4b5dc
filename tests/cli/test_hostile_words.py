"""Words of authors, names of files and arguments, in whatever a command prints about them."""

import re
import unicodedata
from pathlib import Path

import pytest

from cardwright.cli import main

EVIL = "::error file=x::pwned"
LINES = "\n::stop-commands::x\n##[error]y\n\u202e\x1b[2J\x9b\u200b::warning::z"
DECK = f"""\
deck: '{EVIL}'
id: evil
language: xx
cards:
  - {{id: a, q: '{EVIL}', a: "##[error]pwned", zzz: 1}}
  - {{id: a, q: "{LINES.encode("unicode_escape").decode()}", a: '{EVIL}'}}
  - {{cloze: '{EVIL}', was: '::group::x'}}
"""
GOOD = f"deck: '{EVIL}'\nid: good\ncards:\n  - {{id: a, q: '{EVIL} is what?', a: '{EVIL}'}}\n"
COMMANDS = [
    ["check"],
    ["check", "--all"],
    ["check", "--format", "github"],
    ["check", "--format", "json"],
    ["check", "--explain", LINES],
    ["check", LINES],
    ["check", f"--{EVIL}"],
    [EVIL],
    ["build"],
    ["build", "--format", "json"],
    ["build", EVIL],
    ["build", "--only", EVIL],
    ["print", EVIL, "--layout", "list"],
    ["print", EVIL, "--layout", "list", "--format", "json"],
    ["print", EVIL, "--fit", "report"],
    ["print", EVIL, "--topic", LINES],
    ["print", EVIL, "--changed", LINES],
    ["print", EVIL, "--card", f"{LINES}.yaml"],
    ["print", EVIL, "--out", LINES],
    ["print", EVIL, "--printer", LINES],
    ["print", EVIL, "--offset", LINES],
    ["rehearse", LINES, LINES],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:24].strip())
@pytest.mark.parametrize("text", [DECK, GOOD], ids=["bad deck", "good deck"])
def test_no_words_act_on_the_terminal_or_the_log(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    text: str,
) -> None:
    folder = tmp_path / "cards_source" / EVIL
    folder.mkdir(parents=True)
    (folder / "deck.yaml").write_text(text)
    (folder / "media").mkdir()
    (folder / "media" / f"{LINES.replace('/', '')}.png").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)

    main.run(command)

    output = "".join(capsys.readouterr())
    assert not re.findall(r"##\[", output)
    characters = {*output} - {"\n", "\u200c", "\u200d"}
    assert not [char for char in characters if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    for line in output.splitlines():
        if line.lstrip().startswith("::") and not line.lstrip().startswith("::: "):
            assert "github" in command
            assert re.match(r"::(error|warning|notice) (file=cards_source/%3A%3Aerror|title=)", line), line
