"""Signs of several characters on paper: whole, or told. Judged by the glyphs in the PDF, and by Chromium."""

import io
import json
import random
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pdfplumber
import pytest
from fontTools.ttLib import TTCollection, TTFont

from cardwright.collection import content as c
from cardwright.formats.pdf.graphemes import font_pieces, grapheme_clusters, visible_characters
from tests.support.browser import render_page
from tests.support.print_decks import (
    SYSTEM_FONTS,
    deck,
    lay_out_cards,
    layout_errors,
    layout_report,
    note,
    pdf_text,
    render_sheets,
)
from tests.support.running_text import LAYOUTS, render_pages

EMOJI = [
    "👩‍⚕️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🧑‍🚀", "👩🏽‍🤝‍👨🏻", "🐻‍❄️", "❤️‍🔥",  # joined
    "1️⃣", "#️⃣", "*️⃣",  # keycaps
    "🇬🇧", "🇩🇪", "🇺🇳", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿",  # flags
    "👍🏽", "🤽🏿‍♀️", "☝🏼",  # skin tones
    "❤️", "☎️", "‼️", "©️", "☀️", "ℹ️",  # in colours by a selector
    "⚡", "⭐", "✅", "🎉", "🌍",  # in colours by default
]  # fmt: skip
MARKED = ["x̂̄", "q̇̌", "ạ̈́", "n̪̊", "m̥̄́", "X̱̂", "ø̣̈", "ḝ", "í̯", "x⃗", "שּׁ", "ɔ̃́", "ѐ̂"]
JOINED_LETTERS = ["क्षि", "क्‍ष", "مَدْرَسَة", "اللّٰه", "นี่", "ကြွ", "ស្ត្រី", "ཀྱཱ", "శ్రీ", "க்ஷ", "ܫܠܳܡܳܐ", "ᠮᠣᠩᠭᠣᠯ"]
HANGUL = ["각", "\u1112\u119e\u11ab"]


def glyphs(pdf: bytes) -> list[tuple[str, str]]:
    """Return for each glyph of a document the cluster that it is of, and the name of its font."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        pairs = [(char["text"], char["fontname"]) for page in document.pages for char in page.chars]
    return [(unicodedata.normalize("NFC", text), font.rpartition("+")[2]) for text, font in pairs]


def paragraph(*inlines: c.Inline | str) -> c.Content:
    return (c.Paragraph(tuple(c.Text(inline) if isinstance(inline, str) else inline for inline in inlines)),)


def test_emoji_are_one_picture_each(tmp_path: Path) -> None:
    """As in Anki; whatever stands beside them."""
    texts = [separator.join(EMOJI) for separator in (" ", "x", "字")]
    cards = [note(f"card-{number}", text, "A long answer. " * 5) for number, text in enumerate(texts)]
    pdf = render_sheets(deck(cards, name="#"), tmp_path, fonts=SYSTEM_FONTS)
    shown = Counter(text for text, font in glyphs(pdf) if font == "NotoColorEmoji")

    assert shown == Counter(EMOJI * len(texts))


def test_a_sign_is_whole_wherever_it_stands(tmp_path: Path) -> None:
    """On both sides, in every style, in the corner and in the margin."""
    sign = "👩‍⚕️"
    text = f"x {sign} y"
    back = (
        *paragraph(
            c.Strong((c.Text(text),)), c.Emphasis((c.Text(text),)), c.code(text), c.Math(rf"a\text{{{text}}}")
        ),
        c.code_block(text),
        c.BulletList((paragraph(text),)),
        c.Table(("",), (c.plain(text),), ((c.plain(text),),)),
        c.Heading(1, (c.Text(text),)),
        c.Quote(paragraph(text)),
    )
    card = note("card", text, back, topic=text, extra=text, hint=text)
    shown = glyphs(render_sheets(deck([card], name=text), tmp_path, fonts=SYSTEM_FONTS))

    assert {font for text, font in shown if "\u2695" in text or "\U0001f469" in text} == {"NotoColorEmoji"}
    # Topic and deck's name are on both sides; question, hint and extra on one.
    assert Counter(text for text, _ in shown)[sign] == 2 + 2 + 3 + 10


def test_every_cluster_is_set_in_one_font(tmp_path: Path) -> None:
    """Otherwise marks stand beside their letters, and letters that join fall apart."""
    words = [*MARKED, *JOINED_LETTERS, *HANGUL]
    cards = [
        note(f"card-{number}", word, paragraph(c.Strong((c.Text(word),)), " ", c.code(word)))
        for number, word in enumerate(words)
    ]
    fonts_by_cluster: dict[str, set[str]] = {}
    for text, font in glyphs(render_sheets(deck(cards, name="#"), tmp_path, fonts=SYSTEM_FONTS)):
        fonts_by_cluster.setdefault(text, set()).add(font.partition("-")[0])
    for word in map(str, words):
        printed = "".join(fonts_by_cluster)
        assert set(visible_characters(unicodedata.normalize("NFC", word))) <= set(printed), word
    for cluster, fonts in fonts_by_cluster.items():
        # In a text and in code at most.
        assert len(fonts) <= 2 or cluster.isascii(), cluster


@cache
def without_ligatures(folder: Path) -> Path:
    """Write a copy of Noto Color Emoji that shows every sequence as its parts."""
    font = TTFont(next(file for root in SYSTEM_FONTS for file in Path(root).rglob("NotoColorEmoji.ttf")))
    del font["GSUB"]
    folder.mkdir()
    font.save(folder / "emoji.ttf")
    return folder


@pytest.mark.parametrize("sign", ["👩‍⚕️", "1️⃣", "🇬🇧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "👨‍👩‍👧"])
def test_what_a_font_shows_in_pieces_is_told(sign: str, tmp_path: Path) -> None:
    """It is a warning: the card can be read, but isn't the one that Anki shows."""
    cards = deck([note("card-1", f"x {sign} y")])
    fonts = [str(without_ligatures(tmp_path / "fonts"))]
    (warning,) = layout_report(cards, tmp_path, fonts=fonts)

    assert warning.code == "altered-character"
    assert warning.message.startswith(f"`card-1` front has {sign} (U+")
    assert warning.message.endswith("), which no font shows as Anki does")
    assert len(warning.message) <= 72 + len(sign)
    assert warning.span is not None
    assert warning.span.text == sign
    assert lay_out_cards(cards, tmp_path, system_font_folders=fonts).cards == 1


@pytest.mark.parametrize("sign", ["👩‍⚕️", "ก̂", "🇬🇧", "\u0378\u0301"])
def test_a_sign_of_which_no_font_has_all_is_an_error(sign: str, tmp_path: Path) -> None:
    """Though the bundled fonts have parts of it; the engine would drop the others."""
    (error,) = layout_errors(deck([note("card-1", f"x {sign} y")]), tmp_path)

    assert error.code == "missing-glyph"
    assert error.span is not None
    assert error.span.text == sign


@pytest.mark.parametrize("sign", ["❤️", "☎️", "1⃣", "葛\U000e01ef"])
def test_without_a_better_font_a_sign_in_another_look_is_told(sign: str, tmp_path: Path) -> None:
    """A heart in black, a frame over the text around it, or the usual form of a character."""
    fonts = tuple(folder for folder in SYSTEM_FONTS if sign.startswith("葛"))
    report = layout_report(deck([note("card-1", f"x {sign} y")]), tmp_path, fonts=fonts)

    assert [diagnostic.code for diagnostic in report] == ["altered-character"]


@pytest.mark.parametrize("sign", ["é", "ậ", "ǟ", "ё", "x̂", "☎", "☎︎", "∮", "½", "‽", "ﬁ", "t͡s", "ɛ̃", "≠", "≮"])
def test_common_signs_need_no_other_fonts(sign: str, tmp_path: Path) -> None:
    """However they are encoded."""
    forms = [unicodedata.normalize("NFC", sign), unicodedata.normalize("NFD", sign)]
    cards = [note(f"card-{number}", paragraph("x ", form, " y")) for number, form in enumerate(forms)]

    assert list(layout_report(deck(cards), tmp_path)) == []


POOL = (
    "a1#é字กक्षमةم각ᄒ👩👨🏽🇬🇧🏴⚕❤⚡🔥"
    "\u200d\ufe0f\ufe0e\u20e3\u0301\u0323\u0651\u093f\u094d\u0e34\U000e0067\U000e007f"
)


@cache
def characters_of(font: str) -> frozenset[str]:
    """Return the characters of a font of the system. font: its PostScript name; empty for a bundled font."""
    files = (file for root in SYSTEM_FONTS for file in Path(root).rglob(f"{font.partition('-')[0]}*"))
    faces = (
        face
        for file in files
        for face in (TTCollection(file).fonts if file.suffix == ".ttc" else [TTFont(file)])
    )
    codes = {code for face in faces if face["name"].getDebugName(6) == font for code in face.getBestCmap()}
    return frozenset(map(chr, codes))


def test_no_character_vanishes(tmp_path: Path) -> None:
    """Each sign is in one font that has all of it, or its card is named in the report."""
    random_source = random.Random(1)
    texts = ["a" + "".join(random_source.choices(POOL, k=3)) for _ in range(40)]
    cards = {f"card-{number}": note(f"card-{number}", text) for number, text in enumerate(texts)}
    report = layout_report(deck(cards.values(), name="#"), tmp_path, fonts=SYSTEM_FONTS)
    for diagnostic in report:
        cards.pop(diagnostic.message.split("`")[1], None)
    assert len(cards) >= 8
    shown = glyphs(render_sheets(deck(cards.values(), name="#"), tmp_path, fonts=SYSTEM_FONTS))

    for cluster, font in shown:
        if characters := characters_of(font):
            assert any(
                set(visible_characters(form)) <= characters
                for form in (cluster, unicodedata.normalize("NFD", cluster))
            ), (ascii(cluster), font)
    printed = "".join(text for text, _ in shown)
    for card in cards.values():
        text = c.plain_text(card.fields["Question"], lambda _inline: "")
        for cluster in grapheme_clusters(unicodedata.normalize("NFC", text)):
            assert visible_characters(cluster) in visible_characters(printed), ascii(cluster)


def test_clusters_are_those_of_a_browser(tmp_path: Path) -> None:
    """Chromium follows UAX #29, as Anki does when a cursor moves."""
    random_source = random.Random(1)
    texts = ["".join(random_source.choices(POOL, k=9)) for _ in range(300)]
    texts += [
        *EMOJI,
        *MARKED,
        *JOINED_LETTERS,
        *HANGUL,
        "e\u0301x",
        "Ünï",
        "日本語",
        "가각\u11a8",
        "a\u200cb",
    ]
    page = tmp_path / "page.html"
    script = (
        "const segmenter = new Intl.Segmenter('en', {granularity: 'grapheme'});"
        f"const texts = {json.dumps(texts)};"
        "document.body.textContent = JSON.stringify(texts.map(text =>"
        " [...segmenter.segment(text)].map(part => part.index)));"
    )
    page.write_text(f"<meta charset='utf-8'><body><script>{script}</script>")
    body = render_page(page).partition("<body>")[2].partition("</body>")[0]
    for text, starts in zip(texts, json.loads(body), strict=True):
        assert utf16_starts(grapheme_clusters(text)) == starts, ascii(text)


def utf16_starts(clusters: Iterable[str]) -> list[int]:
    """Return where clusters begin, as a browser counts: in units of 16 bits."""
    starts, position = [], 0
    for cluster in clusters:
        starts.append(position)
        position += len(cluster.encode("utf-16-le")) // 2
    return starts


def test_a_mark_over_two_letters_belongs_to_both(tmp_path: Path) -> None:
    """In one font they are as near to each other as without it; in the font for code they would not be."""
    text = "t͡s d͡ʒ k͜p"
    cards = deck([note("card-1", text, paragraph(c.Strong((c.Text(text),)), c.code(text)))], name="#")
    with pdfplumber.open(io.BytesIO(render_sheets(cards, tmp_path, fonts=SYSTEM_FONTS))) as document:
        chars = [char for page in document.pages for char in page.chars]
    pairs = [(char, chars[index + 2]) for index, char in enumerate(chars) if "t͡" in char["text"]]
    ties = [(one, other) for one, other in pairs if other["text"] == "s"]

    assert len(ties) >= 2
    for one, other in ties:
        assert one["fontname"] == other["fontname"]
        assert other["x0"] - one["x0"] < 0.6 * one["size"]


@pytest.mark.parametrize("sign", ["x" + "\u0301" * 20_000, "\u2695\u200d" * 10_000])
def test_a_sign_of_thousands_of_characters_is_refused(sign: str, tmp_path: Path) -> None:
    """The engine would need gigabytes for it."""
    report = layout_report(deck([note("card-1", paragraph(sign))], name="#"), tmp_path)

    assert {error.code for error in report} == {"too-many-marks"}


@pytest.mark.parametrize("sign", ["x" + "\u0301" * 500, "\u2695\u200d" * 500, "\u1100" * 500])
def test_a_sign_of_very_many_characters_is_told_in_few_words(sign: str, tmp_path: Path) -> None:
    """No font is asked about it, and neither it nor the names of its characters fill the screen."""
    report = layout_report(deck([note("card-1", paragraph(sign))], name="#"), tmp_path)
    told = [found for found in report if found.code in ("altered-character", "missing-glyph")]

    assert told
    assert all(len(found.message) <= 90 and len(found.note) <= 600 for found in told)


def test_a_selector_decides_between_text_and_picture(tmp_path: Path) -> None:
    """A sign in a longer one, or before a selector, is not taken for the sign alone."""
    texts = ["⚡ ⚡︎ ⚡️", "👩 👩‍⚕️ 👩🏽", "👨‍👩‍👧 👨‍👩‍👧‍👦"]
    cards = [note(f"card-{number}", text, "A long answer. " * 5) for number, text in enumerate(texts)]
    shown = glyphs(render_sheets(deck(cards, name="#"), tmp_path, fonts=SYSTEM_FONTS))
    fonts = {text: font for text, font in shown if font == "NotoColorEmoji" or "⚡" in text}

    assert fonts.pop("⚡︎").startswith("DejaVu")
    assert fonts == dict.fromkeys(
        ["⚡", "👩", "👩\u200d⚕️", "👩🏽", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧\u200d👦"],
        "NotoColorEmoji",
    )


def test_words_whose_letters_join_are_pieces() -> None:
    """Letters of other scripts look the same whatever is beside them."""
    assert font_pieces("a क्षमा مدرسة 日本 각a") == [
        *("a", " ", "क्ष", "मा", "م", "د", "ر", "س", "ة", "日", "本", "각"),
        *("क्षमा", "مدرسة"),
    ]


@pytest.mark.parametrize("letter", ["ɂ", "Ѫ", "˫"])
def test_a_letter_that_a_weight_lacks_is_taken_from_another_font(letter: str, tmp_path: Path) -> None:
    """Topics and the names of decks are set in other weights than texts, and have fewer letters."""
    cards = deck([note("card-1", "Q?", topic=f"T {letter}")], name=f"N {letter}")

    assert letter in pdf_text(render_sheets(cards, tmp_path))
    for layout in LAYOUTS:
        assert pdf_text(render_pages(layout, cards, tmp_path)).count(letter) >= 2


def test_signs_are_whole_in_running_text(tmp_path: Path) -> None:
    """In its title, headings and the heads of its pages, too."""
    sign = "👩‍⚕️"
    cards = [
        note(f"card-{number}", f"Q {sign}", "A long answer. " * 20, topic=f"T {sign}") for number in range(40)
    ]
    pdf = render_pages("list", deck(cards, name=f"N {sign}"), tmp_path, fonts=SYSTEM_FONTS)
    shown = [(text, font) for text, font in glyphs(pdf) if sign[0] in text or "\u2695" in text]

    assert set(shown) == {(sign, "NotoColorEmoji")}
    # Above the second page it stands twice, in the deck's name and in the topic.
    assert len(shown) >= 40 + 2 + 2


def test_a_private_character_is_told_unless_its_font_is_the_decks(tmp_path: Path) -> None:
    """U+E000 is in a bundled font, where it stands for something else than in the author's."""
    cards = deck([note("card-1", "x \ue000 y")])
    (warning,) = layout_report(cards, tmp_path)
    assert warning.code == "private-character"
    assert warning.message == "`card-1` front has \ue000 (U+E000), which is another sign in each font"

    font = TTFont(next(file for root in SYSTEM_FONTS for file in Path(root).rglob("DejaVuSans.ttf")))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0xE123] = "A"
    (tmp_path / "fonts").mkdir()
    font.save(tmp_path / "fonts/own.ttf")
    own = deck([note("card-1", "x \ue123 y")])

    assert [diagnostic.code for diagnostic in layout_report(own, tmp_path)] == ["missing-glyph"]
    lay_out_cards(own, tmp_path, font_folders=[str(tmp_path / "fonts")])
