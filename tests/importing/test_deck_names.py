"""Decks of any name can be imported and built."""

from pathlib import Path

import genanki
import pytest

from cardwright.cli import main

NAMES = [
    *(
        "Two  spaces::Sub: x",
        "::x",
        "日：：本",
        "a∷b",
        "trail::sub:",
        "tail ::x",
        "~",
        "null::~",
        "{x}::y",
        "a" * 300,
    ),
    *(
        "\u202erev::x",
        "😀::👍",
        "x::Y",
        "X::y",
        'q"uote::#h',
        "Root:: lead",
        "tab\tname",
        "yes",
        "\u2068a",
        "CON::nul",
    ),
]


def test_decks_of_any_name_are_imported_and_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = genanki.Model(
        1_607_392_320,
        'Odd: {{x}} "q"',
        fields=[{"name": "Front"}, {"name": "Back: (2)"}],
        templates=[{"name": "Card: 1", "qfmt": "{{Front}}", "afmt": "{{Back: (2)}}"}],
    )
    decks = [genanki.Deck(2_059_400_110 + number, name) for number, name in enumerate(NAMES)]
    for number, deck in enumerate(decks):
        deck.add_note(genanki.Note(model=model, fields=[f"q{number}", "a"], guid=f"g{number}"))
    genanki.Package(decks).write_to_file(str(tmp_path / "odd.apkg"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    assert main.run(["import", str(tmp_path / "odd.apkg")]) == 0
    out = capsys.readouterr().out
    assert "decks with another name here; cards that are in Anki stay where they are" in out
    assert main.run(["build", "--only", "anki"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.count("unchanged)") == len(list(Path("cards_source").iterdir()))
