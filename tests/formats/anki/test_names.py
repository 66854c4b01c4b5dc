"""Names of fields and card templates, which Anki puts on cards unescaped: no name can be markup."""

import re
from pathlib import Path

import pytest

from tests.support.custom_decks import Author
from tests.support.real_anki import new_learner

ORDINARY_NAMES = [
    *("Word", "漢字 (kanji)", "हिन्दी", "คำ", "Größe", "Bedeutung – kurz", "l'article", "l’article"),
    *("A/B", "+ or -?", "100%", "1st_name", "No. 5, left", "a=b", "Really!"),
]
REFUSED_NAMES = [
    *("x]]<img src=x onerror=alert(1)>", "<b>", "a<!--", "a]]b", "[[type:a]]", "[sound:a.mp3]", "[latex]"),
    *(
        "\\(x\\)",
        "$x$",
        "a&lt;b",
        "a&b",
        "a;b",
        "`a`",
        'say "a"',
        "a:b",
        "{a}",
        "}}a",
        "#a",
        "^a",
        "a|b",
        "⚠",
    ),
    *("a\u202eb", "a\u200bb", "a\x00b", "a\ufeffb", "a\ud7ff\uffffb"),
]


def author_with(field: str, template: str, front: str) -> Author:
    templates = {template: {"front": front, "back": "-"}}
    return Author({"word": {"fields": ["Text", field], "templates": templates}})


def card(field: str) -> dict[str, object]:
    return {"id": "a", "type": "word", "fields": {"Text": "text", field: "answer"}}


@pytest.mark.anki
@pytest.mark.parametrize("name", ORDINARY_NAMES)
def test_an_ordinary_name_is_shown_as_text(name: str, tmp_path: Path) -> None:
    author = author_with(name, name, f"{{{{Text}}}} {{{{Card}}}} {{{{hint:{name}}}}} {{{{type:{name}}}}}")

    with new_learner(tmp_path) as learner:
        learner.import_package(author.release(card(name)))
        front = learner.sides("a").front

    assert front.startswith(f"text {name} ")
    assert front.endswith(f"[[type:{name}]]")
    assert set(re.findall(r"<(\w+)", front)) == {"a", "div"}  # of the hint


@pytest.mark.parametrize("name", REFUSED_NAMES)
def test_a_name_with_another_sign_is_refused(name: str) -> None:
    """The reviewer ends `[[type:…]]` at the first `]]`, and runs what follows."""
    for field, template in (name, "One"), ("Other", name):
        build = author_with(field, template, "{{Text}}").build(card(field))

        assert build.result.files == {}
        assert build.codes[0] in ("unfit-field", "unfit-template", "control-character")


def test_a_field_cannot_begin_like_a_section() -> None:
    for name in "/a", "!a":
        assert author_with(name, "One", "{{Text}}").build(card(name)).codes == ["unfit-field"]
