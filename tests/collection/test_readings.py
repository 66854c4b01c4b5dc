"""Readings in brackets: paper shows what Anki's filters for Japanese show."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection import readings
from cardwright.formats.anki import fields
from tests.support.plain_words import Page, content_words
from tests.support.real_anki import Learner, new_learner

_PIECES = ("漢字[かんじ]", "痛[いた]", "a[b]", "<[&]", "か", "&amp;", "x[", "[y]", *'<"(] \n\xa0')
WORDS = st.lists(st.sampled_from(_PIECES), max_size=5).map("".join)
BETWEEN = st.one_of(
    WORDS.map(lambda text: c.Strong((c.Text(text),))),
    WORDS.map(lambda text: c.Emphasis((c.Text(text),))),
    st.just(c.LineBreak()),
)
# A source never makes two texts side by side.
PARAGRAPHS = st.tuples(WORDS.map(c.Text), BETWEEN, WORDS.map(c.Text), BETWEEN).map(
    lambda run: (c.Paragraph(tuple(run)),)
)


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    """Return a profile with a note type whose one card shows its field through all three filters."""
    with new_learner(tmp_path_factory.mktemp("anki")) as new_profile:
        models = new_profile.collection.models
        model = models.new("Words")
        models.add_field(model, models.new_field("Word"))
        card_template = models.new_template("All")
        card_template["qfmt"] = "|".join(f"{{{{{name}:Word}}}}" for name in readings.READING_FILTERS)
        card_template["afmt"] = "{{Word}}"
        models.add_template(model, card_template)
        models.add_dict(model)
        yield new_profile


@pytest.mark.anki
@given(PARAGRAPHS)
@example((c.Paragraph((c.Text("お 筋肉[きんにく]の 痛[いた]み"),)),))
@example((c.Paragraph((c.Text("a"), c.Strong((c.Text("b[c] d[e]"),)), c.Text("f[g]"))),))
def test_paper_shows_the_readings_that_anki_shows(anki: Learner, content: c.Content) -> None:
    """The filters see HTML and paper sees content; for a field that supports readings they make the same."""
    assume(readings.supports_readings(content) and c.is_visible(content))
    model = anki.collection.models.by_name("Words")
    assert model is not None
    note = anki.collection.new_note(model)
    note["Word"] = fields.render_html(content, {})
    filtered = note.ephemeral_card().render_output().question_text.split("|")

    for name, html in zip(readings.READING_FILTERS, filtered, strict=True):
        assert content_words(readings.apply_reading_filter(content, name), "") == Page(html).words


@pytest.mark.anki
@pytest.mark.parametrize(
    "text",
    ["天気[てんき]はいいから散歩[さんぽ]", "私は学生[がくせい]", "アメリカ人[じん]", "「学校[がっこう]」"],
)
def test_anki_shows_a_reading_over_all_words_since_the_last_space(anki: Learner, text: str) -> None:
    """With a space before the last word, Anki takes that alone."""
    ((words, word, reading),) = readings.overlong_words(text)

    assert f"<rb>{words}</rb>" in _furigana(anki, text)
    assert f"<rb>{word}</rb>" in _furigana(anki, text.replace(f"{word}[{reading}]", f" {word}[{reading}]"))


def _furigana(anki: Learner, text: str) -> str:
    model = anki.collection.models.by_name("Words")
    assert model is not None
    note = anki.collection.new_note(model)
    note["Word"] = text
    return note.ephemeral_card().render_output().question_text.split("|")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("お 筋肉[きんにく]の 痛[いた]み", []),
        ("食べ物[たべもの]、 お茶[おちゃ]、 三ヶ月[さんかげつ]、 Tシャツ[てぃーしゃつ]", []),
        ("ラーメン屋[らーめんや]", []),
        ("〜年[ねん]", []),
        ("中国[zhōngguó]は 国[くに]", []),
        ("今日[きょう]は良[い]い日[ひ]", [("は良", "良", "い"), ("い日", "日", "ひ")]),
    ],
)
def test_a_reading_belongs_to_the_end_of_what_stands_before_it(
    text: str, found: list[tuple[str, str, str]]
) -> None:
    assert list(readings.overlong_words(text)) == found


@pytest.mark.parametrize(
    "content",
    [
        (c.Paragraph((c.Image(c.MediaFile("a-1.png", "media/a.png", b""), "漢[かん]"),)),),
        (c.Paragraph((c.Strong((c.Text("漢"),)), c.Text("[かん]"))),),
        (c.Paragraph((c.Text("漢[か"), c.Strong((c.Text("ん]"),)))),),
        (c.Paragraph((c.Text("漢]かん["),)),),
        (c.Paragraph((c.Text("a[sound:b.mp3]"),)),),
        (c.Paragraph((c.Text("\\[x]"),)),),
    ],
)
def test_a_field_that_the_filters_would_damage_is_refused(content: c.Content) -> None:
    """The filters don't tell tags from text: in the words of a picture they would cut its attribute."""
    assert not readings.supports_readings(content)
