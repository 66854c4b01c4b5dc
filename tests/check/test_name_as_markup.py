"""The rule `name-as-markup`: which names it reports, and where they must be shown."""

import pytest

from tests.support.custom_decks import BICEPS, MUSCLE, Author, changed


def check_codes(
    front: str, *, tags: tuple[str, ...] = (), template_name: str = "Origin", field: str = "Origin"
) -> list[str]:
    """Return the codes of the diagnostics for a deck whose only template has this front."""
    templates = {template_name: {"front": front, "back": "-"}}
    note_type = changed(MUSCLE, fields=["Name", field], templates=templates)
    card = {**BICEPS, "fields": {"Name": "biceps"}, "tags": list(tags)}
    return Author({"muscle": note_type}).build(card).codes


@pytest.mark.parametrize(
    "tag", ["<img/src=x/onerror=alert(1)>", "a<b", "\\(x", "[sound:a.mp3]", "[latex]x[/latex]", "["]
)
def test_a_tag_that_is_markup_cannot_be_shown(tag: str) -> None:
    """Anki doesn't escape tags, and a downloaded deck has its own."""
    assert check_codes("{{Name}} {{Tags}}", tags=(tag,)) == ["name-as-markup"]
    assert check_codes("{{#Tags}}{{Name}}{{/Tags}}", tags=(tag,)) == []


@pytest.mark.parametrize("tag", ["R&D", "a>b", "[todo]", 'quote"s', "ä"])
def test_other_tags_can_be_shown(tag: str) -> None:
    assert check_codes("{{Name}} {{Tags}}", tags=(tag,)) == []


def test_names_of_templates_and_fields_are_checked_where_they_are_shown() -> None:
    """A hint shows the name of its field."""
    assert check_codes("{{Name}} {{Card}}", template_name="<b>") == ["name-as-markup"]
    assert check_codes("{{Name}}", template_name="<b>") == []
    assert check_codes("{{Name}} {{hint:a<b}}", field="a<b") == ["name-as-markup"]
    assert check_codes("{{Name}} {{a<b}}", field="a<b") == []
