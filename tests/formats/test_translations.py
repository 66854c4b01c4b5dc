"""Our words in every language: all there, with their placeholders, and found by the deck's language."""

import json
import re
import unicodedata
from pathlib import Path

import msgspec
import pytest

from cardwright.formats.translations import ENGLISH, find_translation
from tests.support.paths import PACKAGE

FILES = sorted((PACKAGE / "formats" / "translations").glob("*.json"))
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
# Texts with the name of their group, by which they are compared.
Texts = dict[str, str]


def texts_of(file: Path) -> Texts:
    groups = json.loads(file.read_text("utf-8"))
    return {f"{group}.{name}": text for group, texts in groups.items() for name, text in texts.items()}


ENGLISH_TEXTS = texts_of(FILES[0].with_name(f"{ENGLISH}.json"))


def test_the_languages_we_promise_are_there() -> None:
    promised = "ar de en es fr he it ja ko nl pl pt ru uk zh-hans zh-hant"

    assert {file.stem for file in FILES} >= set(promised.split())


@each_file
def test_a_file_has_every_text_and_no_other(file: Path) -> None:
    """In the order of the English file, so that two files can be read side by side."""
    assert list(texts_of(file)) == list(ENGLISH_TEXTS)
    assert all(text.strip() == text and text for text in texts_of(file).values())
    translation = msgspec.to_builtins(find_translation(file.stem))
    assert translation.pop("language") == file.stem
    assert translation == json.loads(file.read_text("utf-8"))


@each_file
def test_placeholders_and_code_are_kept(file: Path) -> None:
    for name, text in texts_of(file).items():
        for pattern in (r"\{\w*\}", "`[^`]*`"):
            assert sorted(re.findall(pattern, text)) == sorted(re.findall(pattern, ENGLISH_TEXTS[name])), name


@each_file
def test_no_word_has_to_agree_with_a_number(file: Path) -> None:
    """A word after `{m}` would be `листов` for 5 and `лист` for 21; Chinese counters are the same for all."""
    if file.stem.startswith("zh"):
        return
    for name, text in texts_of(file).items():
        assert not re.search(r"\{m\}\s*\w", text), name


@each_file
def test_texts_are_safe_where_they_are_put(file: Path) -> None:
    """They stand in HTML, and one of them in a string of JavaScript; Anki has its fields in double braces."""
    for name, text in texts_of(file).items():
        if name.startswith("cards."):
            assert not re.search(r"[<>&\"`$\\]|\{\{", text), name
        assert unicodedata.is_normalized("NFC", text), name


@pytest.mark.parametrize(
    ("language", "found"),
    [
        ("de-CH", "de"),
        ("pt-BR", "pt"),
        ("PT-pt", "pt"),
        ("sr-Latn-RS", "en"),
        ("iw", "he"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh-TW", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh-Hans-HK", "zh-hans"),
        ("zh-Hant", "zh-hant"),
        ("la", "en"),
        ("../en", "en"),
        ("", "en"),
    ],
)
def test_a_deck_gets_the_nearest_language(language: str, found: str) -> None:
    assert find_translation(language).language == found
