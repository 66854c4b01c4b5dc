"""Names that Anki shows as they stand, and what of them would be markup."""

from typing import Any

import pytest

from tests.support.custom_decks import BICEPS, MUSCLE, Author, changed


def found(
    front: str, *, tags: tuple[str, ...] = (), name: str = "Origin", field: str = "Origin"
) -> list[str]:
    """Codes of the findings about a deck whose template has this front."""
    one: dict[str, Any] = {"front": front, "back": "-"}
    muscle = changed(MUSCLE, fields=["Name", field], templates={name: one})
    card = {**BICEPS, "fields": {"Name": "biceps"}, "tags": list(tags)}
    return [finding.code for finding in Author({"muscle": muscle}).builds(card).report]


@pytest.mark.parametrize(
    "tag", ["<img/src=x/onerror=alert(1)>", "a<b", "\\(x", "[sound:a.mp3]", "[latex]x[/latex]", "["]
)
def test_a_tag_that_is_markup_is_not_shown(tag: str) -> None:
    """Anki escapes no tags, and a downloaded deck brings its own."""
    assert found("{{Name}} {{Tags}}", tags=(tag,)) == ["name-as-markup"]
    assert found("{{#Tags}}{{Name}}{{/Tags}}", tags=(tag,)) == []


@pytest.mark.parametrize("tag", ["R&D", "a>b", "[todo]", 'quote"s', "ä"])
def test_other_tags_are_shown(tag: str) -> None:
    """Nothing is refused that is text to Anki and to a browser."""
    assert found("{{Name}} {{Tags}}", tags=(tag,)) == []


def test_names_of_templates_and_fields_count_where_they_are_shown() -> None:
    """A hint is headed by the name of its field."""
    assert found("{{Name}} {{Card}}", name="<b>") == ["name-as-markup"]
    assert found("{{Name}}", name="<b>") == []
    assert found("{{Name}} {{hint:a<b}}", field="a<b") == ["name-as-markup"]
    assert found("{{Name}} {{a<b}}", field="a<b") == []
