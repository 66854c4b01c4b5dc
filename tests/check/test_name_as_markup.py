"""The rule `name-as-markup`: which names it reports, and where they must be shown."""

import pytest

from tests.support.custom_decks import BICEPS, MUSCLE, Author, changed


def check_codes(front: str, *, tags: tuple[str, ...] = ()) -> list[str]:
    """Return the codes of the diagnostics for a deck whose only template has this front."""
    note_type = changed(MUSCLE, templates={"Origin": {"front": front, "back": "-"}})
    card = {**BICEPS, "fields": {"Name": "biceps"}, "tags": list(tags)}
    return Author({"muscle": note_type}).build(card).codes


@pytest.mark.parametrize(
    "tag",
    [
        "<img/src=x/onerror=alert(1)>",
        "a<b",
        "\\(x",
        "[sound:a.mp3]",
        "[latex]x[/latex]",
        "[",
        "a&lt;b",
        "&#60;b",
        "&copy",
    ],
)
def test_a_tag_that_is_markup_cannot_be_shown(tag: str) -> None:
    """Anki doesn't escape tags, and a downloaded deck has its own."""
    assert check_codes("{{Name}} {{Tags}}", tags=(tag,)) == ["name-as-markup"]
    assert check_codes("{{#Tags}}{{Name}}{{/Tags}}", tags=(tag,)) == []


@pytest.mark.parametrize("tag", ["R&D", "Q&A", "AT&T;", "&", "a>b", "[todo]", 'quote"s', "ä"])
def test_other_tags_can_be_shown(tag: str) -> None:
    assert check_codes("{{Name}} {{Tags}}", tags=(tag,)) == []
