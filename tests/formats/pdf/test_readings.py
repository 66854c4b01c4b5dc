"""Readings above their words on printed cards."""

from itertools import pairwise
from pathlib import Path

import pytest

from cardwright.collection import content as c
from cardwright.layout.card_geometry import MIN_READING_SIZE
from tests.formats.pdf.test_content import paragraph
from tests.formats.pdf.test_styles import inlines, styled, trim
from tests.support.print_decks import SYSTEM_FONTS, deck, layout_errors, note, pdf_text, render_sheets
from tests.support.printed_text import Letter, areas, find_text, letters


def ruby(word: str | c.Inline, reading: str) -> c.Ruby:
    return c.Ruby(inlines(word), inlines(reading))


def render_back(folder: Path, answer: c.Content, **settings: str) -> bytes:
    cards = deck([note("card-1", "Q?", answer, topic="T")], **settings)
    return render_sheets(cards, folder, fonts=SYSTEM_FONTS)


def middle(run: list[Letter]) -> float:
    return (run[0].left + run[-1].right) / 2


PLACES = {
    "paragraph": paragraph(ruby("日本", "にほん")),
    "bold": paragraph(c.Strong((ruby("日本", "にほん"),))),
    "emphasis": paragraph(c.Emphasis((ruby("日本", "にほん"),))),
    "heading": (c.Heading(2, (ruby("日本", "にほん"),)),),
    "list": (c.BulletList((paragraph(ruby("日本", "にほん")), paragraph("x"))),),
    "cell": (c.Table(("", ""), (), ((paragraph(ruby("日本", "にほん")), paragraph("x")),)),),
    "head": (c.Table(("",), (paragraph(ruby("日本", "にほん")),), ((paragraph("x"),),)),),
    "quote": (c.Quote(paragraph(ruby("日本", "にほん"))),),
    "aligned": (c.Aligned("right", paragraph(ruby("日本", "にほん"))),),
    "small": paragraph(styled("small", ruby("日本", "にほん"))),
    "deletion": paragraph(c.Cloze((1,), (ruby("日本", "にほん"),))),
    "within the word": paragraph(c.Ruby((c.Strong(inlines("日")), c.Text("本")), inlines("にほん"))),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_reading_is_small_and_centred_above_its_word(place: str, tmp_path: Path) -> None:
    pdf = render_back(tmp_path, PLACES[place])
    word, reading = find_text(pdf, "日本", 1), find_text(pdf, "にほん", 1)

    assert {letter.base_line for letter in reading} == {reading[0].base_line}
    assert middle(reading) == pytest.approx(middle(word), abs=0.1)
    assert reading[0].size == pytest.approx(word[0].size / 2)
    # The bodies of kana and Han characters reach from 0.12 em below their base line to 0.88 em above it.
    gap = (reading[0].base_line + 0.12 * reading[0].size) * -1 + word[0].base_line - 0.88 * word[0].size
    assert 0 < gap < 0.1 * word[0].size


@pytest.mark.parametrize(("card", "scale"), [("a8", "0.5"), ("a7-safe", "0.5"), ("a5", "2")])
def test_a_reading_can_be_read_on_every_card(card: str, scale: str, tmp_path: Path) -> None:
    """Half of small type would be too small."""
    pdf = render_back(tmp_path, paragraph(ruby("日本", "にほん")), card=card, scale_font=scale)
    word, reading = find_text(pdf, "日本", 1), find_text(pdf, "にほん", 1)

    assert reading[0].size == pytest.approx(max(MIN_READING_SIZE, word[0].size / 2))


def test_only_lines_with_readings_are_higher(tmp_path: Path) -> None:
    """And as high as each other; the readings do not touch the line above."""
    words = [inlines(f"{word}番") for word in "一二三四五"]
    words[2] = (ruby("三", "さん"), c.Text("番"))
    words[4] = (ruby("五", "ご"), c.Text("番"))
    run = tuple(inline for word in words for inline in (c.LineBreak(), *word))[1:]
    pdf = render_back(tmp_path, (c.Paragraph(run),))
    lines = [letter for letter in letters(pdf, 1) if letter.text in "一二三四五"]
    one_two, two_three, three_four, four_five = (
        second.base_line - first.base_line for first, second in pairwise(lines)
    )
    reading = find_text(pdf, "さん", 1)[0]

    assert one_two == pytest.approx(three_four, abs=0.01)
    assert two_three == pytest.approx(four_five, abs=0.01)
    assert two_three > one_two
    assert reading.base_line - reading.size > lines[1].base_line + 0.1 * lines[1].size


def test_the_text_of_a_file_has_the_reading_behind_its_word(tmp_path: Path) -> None:
    """In the order in which screen readers read and programs copy; whole sentences can be searched for."""
    answer = paragraph("私は", ruby("日本語", "にほんご"), "を", ruby("勉強", "べんきょう"), "する")
    pdf = render_back(tmp_path, answer)
    content = "".join(letter.text for letter in letters(pdf, 1))

    assert "私は日本語にほんごを勉強べんきょうする" in content
    assert "私は日本語を" in pdf_text(pdf)


def test_words_with_readings_are_not_divided_but_lines_break_between_them(tmp_path: Path) -> None:
    left, right = trim()
    words = [ruby(f"日本{number}", "にほんの") for number in range(10, 40)]
    pdf = render_back(tmp_path, (c.Paragraph(tuple(words)),))
    on_page = [letter for letter in letters(pdf, 1) if letter.text in "日本"]
    starts = {letter.base_line: letter.left for letter in reversed(on_page)}

    assert len(starts) > 2
    assert all(left < letter.left and letter.right < right for letter in on_page)
    for first, second in zip(on_page[::2], on_page[1::2], strict=True):
        assert (first.text, second.text) == ("日", "本")
        assert first.base_line == second.base_line


def test_a_line_does_not_begin_with_what_must_not_begin_one(tmp_path: Path) -> None:
    """A full stop, a small kana or a closing bracket stays with the word before it."""
    run = [inline for _ in range(30) for inline in (ruby("日本", "にほん"), c.Text("、"))]
    pdf = render_back(tmp_path, (c.Paragraph(tuple(run)),))
    on_page = [letter for letter in letters(pdf, 1) if letter.text in "日、"]
    first_of_lines = {letter.base_line: letter.text for letter in sorted(on_page, key=lambda it: -it.left)}

    assert len(first_of_lines) > 2
    assert set(first_of_lines.values()) == {"日"}


def test_a_reading_wider_than_its_word_does_not_run_into_another(tmp_path: Path) -> None:
    """Between Han characters it pushes them apart; over kana and punctuation it may extend."""
    pdf = render_back(tmp_path, paragraph(ruby("承", "うけたまわ"), ruby("志", "こころざし")))
    first, second = find_text(pdf, "うけたまわ", 1), find_text(pdf, "こころざし", 1)

    assert second[0].left > first[-1].right

    gaps = []
    for before, behind in (("を", "る"), ("日", "本")):
        pdf = render_back(tmp_path, paragraph(before, ruby("承", "うけたまわ"), behind))
        gaps.append(find_text(pdf, behind, 1)[0].left - find_text(pdf, before, 1)[0].right)
    word = find_text(pdf, "承", 1)[0]
    assert word.size < gaps[0] < gaps[1] - word.size / 2


def test_a_reading_stays_over_its_own_kana(tmp_path: Path) -> None:
    """Two words with one kana between them: both readings extend over it, but do not meet."""
    pdf = render_back(tmp_path, paragraph(ruby("承", "うけたまわ"), "と", ruby("志", "こころざし")))
    first, second = find_text(pdf, "うけたまわ", 1), find_text(pdf, "こころざし", 1)

    assert second[0].left > first[-1].right


def test_what_is_too_wide_for_a_line_is_set_as_words_and_brackets(tmp_path: Path) -> None:
    """A translation above each sentence; HTML has the brackets for programs that cannot put it above."""
    left, right = trim()
    sentence, translation = "a sentence that is much too long for one line of a card", "eine Übersetzung"
    pdf = render_back(tmp_path, paragraph(ruby(sentence, translation)))
    text = " ".join(pdf_text(pdf).split())

    assert f"{sentence} ({translation})" in text
    assert all(letter.right < right for letter in letters(pdf, 1) if letter.size > 10 and letter.left > left)


def test_lines_under_and_through_words_and_colours_behind_them_leave_readings_out(tmp_path: Path) -> None:
    plain = paragraph("a ", styled("mark", "b ", c.Strong((ruby("日本", "にほん"),))))
    pdf = render_back(tmp_path, plain)
    reading = find_text(pdf, "にほん", 1)[0]
    word = find_text(pdf, "日本", 1)[0]
    behind = [area for area in areas(pdf, 1) if area.left - 0.1 <= word.left < area.right - 1]

    assert any(area.top < word.base_line < area.bottom for area in behind)
    assert not any(area.top < reading.base_line - 1 < area.bottom for area in behind)


def test_a_reading_in_a_reading_is_in_brackets(tmp_path: Path) -> None:
    inner = ruby("日本", "にほん")
    pdf = render_back(tmp_path, paragraph(c.Ruby((inner,), inlines("Japan"))))

    assert "日本(にほん)Japan" in "".join(x.text for x in letters(pdf, 1)).replace(" ", "")


def test_a_missing_glyph_of_a_reading_is_reported(tmp_path: Path) -> None:
    (error,) = layout_errors(deck([note("card-1", paragraph(ruby("word", "猫")))]), tmp_path)

    assert error.message == "`card-1` front has 猫 (U+732B), which no font at hand can show"
