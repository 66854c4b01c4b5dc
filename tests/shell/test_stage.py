"""The folder in which the PDF engine finds its pictures."""

from pathlib import Path

from cardwright.shell.environment import temporary_asset_dir


def test_a_stage_holds_what_is_put_into_it_and_is_gone_afterwards() -> None:
    """The engine reads from the disk alone; nothing of a deck stays on it."""
    with temporary_asset_dir() as place:
        place.put("media/owl.svg", b"owl")
        folder = Path(place.folder)

        assert folder.is_absolute()
        assert (folder / "media/owl.svg").read_bytes() == b"owl"

    assert not folder.exists()
