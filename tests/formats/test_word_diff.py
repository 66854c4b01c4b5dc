"""How `CHANGES.md` shows that a text has changed."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cardwright.formats.word_diff import code_span, diff_words, escape_markdown

TOKENS = {"text", "text_special", "s_open", "s_close", "strong_open", "strong_close"}
MARKDOWN = MarkdownIt("commonmark").enable("strikethrough")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            "How many muscles are there?",
            "How many bones are there?",
            "How many ~~muscles~~ **bones** are there?",
        ),
        ("They flex the knee", "They flex and turn the knee", "They flex **and turn** the knee"),
        ("They flex and turn the knee", "They flex the knee", "They flex ~~and turn~~ the knee"),
        ("a tendon?", "a sinew?", "a ~~tendon~~ **sinew**?"),
        ("femur, tibia", "femur; tibia", "femur ~~,~~ **;** tibia"),
        ("", "Behind", "**Behind**"),
        ("Behind", "", "~~Behind~~"),
        ("Vastus medialis", 'Vastus medialis (the "teardrop")', 'Vastus medialis **(the "teardrop")**'),
        ("Behind the knee", "Where muscles end", "~~Behind the knee~~ **Where muscles end**"),
        ("大腿二頭筋は", "大腿四頭筋は", "大腿~~二~~ **四**頭筋は"),
        ("जाँघ की पेशी", "जाँघ की हड्डी", "जाँघ की ~~पेशी~~ **हड्डी**"),
        ("costs $5 & more", "costs $6 & more", r"costs ~~\$5~~ **\$6** \& more"),
        ("see *this* one now", "see <b>this</b> one now", r"see ~~\*this\*~~ **\<b\>this\</b\>** one now"),
    ],
)
def test_words_that_went_are_struck_out_and_those_that_came_are_bold(
    before: str, after: str, line: str
) -> None:
    assert diff_words(before, after).line == line


def test_what_is_far_from_a_change_is_left_out() -> None:
    words = [f"word{number}" for number in range(100)]
    line = diff_words(" ".join(words), " ".join([*words[:50], "muscle", *words[51:]])).line

    assert line.startswith("… word")
    assert "word49 ~~word50~~ **muscle** word51" in line
    assert len(line) < 200


def test_a_long_text_that_comes_is_cut_in_its_middle() -> None:
    assert len(diff_words("", "muscle " * 1000).line) < 250
    assert len(diff_words("", "m" * 10_000).line) < 100


def test_replacements_are_the_same_wherever_they_stand() -> None:
    first, second = diff_words("a long tendon?", "a long sinew?"), diff_words("The tendon is", "The sinew is")
    assert first.replacements == second.replacements == (("tendon", "sinew"),)


def test_long_texts_are_compared_in_reasonable_time() -> None:
    """Equal words in many places are the worst case."""
    start = time.process_time()
    diff_words("a b " * 20_000, "b a " * 20_000)
    diff_words("a b " * 240, "b a c " * 160)

    assert time.process_time() - start < 3


@given(st.text("`a<", min_size=1))
def test_code_is_shown_whatever_is_in_it(text: str) -> None:
    tokens = MARKDOWN.parseInline(code_span(text))[0].children or []
    assert [(token.type, token.content) for token in tokens] == [("code_inline", text)]


texts = st.text(st.sampled_from("ab 1*_~`<>[]()&$\\!|#.,-大。😀ीé\u202e\n")) | st.text()


@given(texts, texts)
@example("(a)b", "(c)b")
def test_markdown_shows_both_texts_and_nothing_else(before: str, after: str) -> None:
    """Without what is bold it is the text before, without what is struck out the text after."""
    tokens = MARKDOWN.parseInline(diff_words(before, after).line)[0].children or []

    assert {token.type for token in tokens} <= TOKENS
    if "…" not in before + after and max(len(before), len(after)) < 60:
        assert squeeze(without(tokens, "strong")) == shown(before)
        assert squeeze(without(tokens, "s")) == shown(after)


def without(tokens: list[Token], mark: str) -> str:
    """Return the text of tokens without what is marked in this way."""
    text, depth = "", 0
    for token in tokens:
        depth += {f"{mark}_open": 1, f"{mark}_close": -1}.get(token.type, 0)
        text += token.content if not depth else ""
    return text


def shown(text: str) -> str:
    return squeeze(re.sub(r"\\(.)", r"\1", escape_markdown(" ".join(text.split()))))


def squeeze(text: str) -> str:
    return "".join(text.split())
