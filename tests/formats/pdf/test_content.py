"""The content of printed cards: text in any script, formulas, pictures, lists, tables."""

import io
import struct
import subprocess
import zlib
from pathlib import Path

import pikepdf
import pytest

from cardwright.collection import content as c
from cardwright.collection import notetype
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.layout.card_sizes import CARD_SIZES
from tests.support.print_decks import (
    SYSTEM_FONTS,
    deck,
    layout_errors,
    note,
    page_texts,
    page_words,
    pdf_text,
    render_sheets,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 90"><circle cx="45" cy="45" r="40"/></svg>'


def paragraph(*children: c.Inline | str) -> tuple[c.Block, ...]:
    return (c.Paragraph(tuple(c.Text(child) if isinstance(child, str) else child for child in children)),)


def png(width: int, height: int) -> bytes:
    """Return a black picture as PNG. Source: PNG specification, 5."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    "hostile",
    [
        '#panic("x") $a$ *b* @ref <l> \\ // /* #read("/etc/passwd")',
        "= no heading - no list + none / term: none",
        "`raw` _under_ ~tilde~ --- ... 'single' \"double\"",
        "#{ 1 + 1 } #let x = 2; [content] $ x^2 $ \\u{41} &amp; <b>",
        "%PDF-1.7 endobj trailer startxref 0 %%EOF",
    ],
)
def test_no_text_is_ever_code(hostile: str, tmp_path: Path) -> None:
    """A shared deck isn't trusted: what looks like the engine's language is printed as it is."""
    pdf = render_sheets(
        deck([note("card-1", hostile, hostile, extra=hostile, hint=hostile, topic="#topic $x$")]), tmp_path
    )
    lines = " ".join(pdf_text(pdf).split())

    assert lines.count(" ".join(hostile.split())) >= 3
    assert "#topic $x$" in lines


SCRIPTS = {
    "latin": "Žluťoučký kůň, où est l’œuf, İstanbul, Tiếng Việt",
    "greek": "Τι είναι ἡ ἀρχή;",
    "cyrillic": "Что такое колено?",
    "hebrew": "מהו שריר",
    "arabic": "ما هي العضلات",
    "devanagari": "पेशियाँ",
    "thai": "กล้ามเนื้อ",
    "japanese": "太ももの筋肉はどれですか",
    "chinese": "大腿后侧的肌肉",
    "korean": "허벅지 뒤쪽 근육",
    "symbols": "→ ∀ ℝ ≤ ½ ✓ ♀ ☐ €",
    "emoji": "🦵 👍🏽 🇩🇪 👩‍🔬",
}


def list_fonts(pdf: bytes) -> str:
    return subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_shaped_with_embedded_fonts(script: str, tmp_path: Path) -> None:
    """In every style; the engine refuses PDF/UA with missing glyphs, so a file means that none is missing."""
    words = SCRIPTS[script]
    styles = (*paragraph(c.Strong((c.Text(words),))), *paragraph(c.Emphasis((c.Text(words),))))
    card = note("card-1", words, styles, topic=words)
    pdf = render_sheets(deck([card]), tmp_path, fonts=SYSTEM_FONTS)
    fonts = list_fonts(pdf)

    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:]), fonts
    if script not in ("arabic", "hebrew", "devanagari"):  # read back in visual order or by shaped glyphs
        assert words.replace(" ", "") in "".join(pdf_text(pdf).split())


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("ja", "NotoSerifCJKjp"),
        ("zh", "NotoSerifCJKsc"),
        ("zh-TW", "NotoSerifCJKtc"),
        ("ko", "NotoSerifCJKkr"),
    ],
)
def test_han_characters_have_the_form_of_the_decks_language(
    language: str, family: str, tmp_path: Path
) -> None:
    """直 and 骨 look different in China, Taiwan, Japan and Korea, and learners copy what they see."""
    pdf = render_sheets(deck([note("card-1", "直骨")], language=language), tmp_path, fonts=SYSTEM_FONTS)
    fonts = list_fonts(pdf)

    assert family in fonts
    assert fonts.count("CJK") == fonts.count(family)


def test_the_first_letter_decides_the_direction_of_a_paragraph(tmp_path: Path) -> None:
    """The question mark of a Hebrew question is at its left end, in an English deck too."""
    front, _ = page_words(render_sheets(deck([note("card-1", "מהו שריר?", topic="T")]), tmp_path))
    question = [word for word in front if "\u05d0" <= word.text.strip("?")[0] <= "\u05ea"]

    assert min(question, key=lambda word: word.left).text.startswith("?")


def test_a_short_list_is_centred_on_its_card(tmp_path: Path) -> None:
    """Like questions and short answers; but its entries begin at the same edge."""
    entries = c.BulletList(tuple(paragraph(word) for word in ("bruise", "limpingslowly")))
    _, back = page_words(render_sheets(deck([note("card-1", "Which?", (entries,))]), tmp_path))
    short, long = (next(word for word in back if word.text == text) for text in ("bruise", "limpingslowly"))
    middle = CARD_SIZES[0].grid.trim(1)

    assert short.left == long.left
    assert abs((short.left + long.right) / 2 - (middle.x + middle.width / 2)) < 5


def test_a_long_grapheme_cluster_does_not_fill_the_headline(tmp_path: Path) -> None:
    """Seven code points would leave no space for the message; their names are below it."""
    (error,) = layout_errors(deck([note("family", "\U0001f468\u200d\U0001f469\u200d\U0001f467?")]), tmp_path)

    assert len(error.message) <= 72
    assert "(U+1F468 …)" in error.message
    assert error.note == "MAN + ZERO WIDTH JOINER + WOMAN + ZERO WIDTH JOINER + GIRL"


def test_a_missing_glyph_is_reported_with_its_card(tmp_path: Path) -> None:
    """An empty box on paper teaches nothing, so each side that has one is named, with the character."""
    cards = [
        note("cat", "猫", "cat"),
        note("dog", "dog", paragraph("a ", c.Strong((c.Text("犬"),)))),
        note("fox", "fox"),
    ]
    errors = list(layout_errors(deck(cards), tmp_path))

    assert [(error.code, error.message) for error in errors] == [
        ("missing-glyph", "`cat` front has 猫 (U+732B), which no font at hand can show"),
        ("missing-glyph", "`dog` back has 犬 (U+72AC), which no font at hand can show"),
    ]
    assert errors[0].span is not None
    assert errors[0].span.text == "猫"
    assert errors[0].note == "CJK UNIFIED IDEOGRAPH-732B"


@pytest.mark.parametrize("script", ["devanagari", "thai", "japanese", "chinese", "korean", "emoji"])
def test_without_a_font_for_a_script_its_characters_are_named(script: str, tmp_path: Path) -> None:
    """The engine's own fonts only have Latin, Greek, Cyrillic and Hebrew."""
    errors = list(layout_errors(deck([note("card-1", SCRIPTS[script], "Answer")]), tmp_path))

    assert [error.code for error in errors] == ["missing-glyph"]
    assert errors[0].message.startswith("`card-1` front has ")
    assert "U+" in errors[0].message
    assert "print: {fonts: [fonts]}" in errors[0].help


def test_a_missing_glyph_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """Topic, name, hint, extra, code, formula, list and table: all are printed."""
    places = {
        "topic": note("topic", "Q?", topic="猫"),
        "猫": note("猫", "Q?"),
        "hint": note("hint", "Q?", hint="猫"),
        "extra": note("extra", "Q?", extra="猫"),
        "code": note("code", paragraph(c.code("猫"))),
        "block": note("block", (c.code_block("猫"),)),
        "formula": note("formula", paragraph(c.Math(r"\text{猫}"))),
        "list": note("list", (c.BulletList((paragraph("猫"),)),)),
        "table": note("table", (c.Table(("",), (c.plain("猫"),), ()),)),
    }
    for name, card in places.items():
        errors = [error for error in layout_errors(deck([card]), tmp_path) if error.code == "missing-glyph"]
        assert errors, name
        assert all(f"`{card.key}`" in error.message for error in errors)


def test_a_deck_with_a_name_that_cannot_be_shown_is_reported(tmp_path: Path) -> None:
    """The name is in the margin of every sheet."""
    (error,) = layout_errors(deck([note("card-1", "Q?")], name="猫"), tmp_path)

    assert error.message == "the deck's name has 猫 (U+732B), which no font at hand can show"


def test_an_overflow_is_reported_with_what_it_needs_and_has(tmp_path: Path) -> None:
    """Clipped text looks finished, so an overflow is an error on every card that has one."""
    cards = [note("grade/two", "Q?", "Too many words for a card. " * 60), note("short", "Q?"),
             note("wide", (c.Table(("",) * 7, (c.plain("Extraordinarily"),) * 7, ()),))]  # fmt: skip
    errors = {
        error.code + " " + error.message.split(" needs ")[0]: error
        for error in layout_errors(deck(cards), tmp_path)
    }

    assert sorted(errors) == ["card-overflow `grade/two` back", "card-overflow `wide` front"]
    tall, wide = errors["card-overflow `grade/two` back"], errors["card-overflow `wide` front"]
    assert tall.message.endswith("mm at 8.4 pt")
    assert "across" in wide.message
    assert tall.span == cards[0].span
    assert "print: false" in tall.help


def test_an_answer_that_is_not_printed_may_be_long(tmp_path: Path) -> None:
    """In the mode `single` backs are blank."""
    cards = [note("grade/two", "Q?", "Too many words for a card. " * 60)]

    assert "Too many" not in pdf_text(render_sheets(deck(cards, mode="single"), tmp_path))


def test_long_text_shrinks_and_short_text_does_not(tmp_path: Path) -> None:
    """Text is as large as possible, and never below 60 % of the usual size."""
    short, long = (
        max(word.bottom - word.top for word in front if word.text == "words")
        for front, _ in (
            page_words(render_sheets(deck([note("card-1", "words " * count)]), tmp_path)) for count in (5, 80)
        )
    )

    assert 0.6 <= long / short < 1


@pytest.mark.parametrize(
    "word",
    [
        "a" * 200,
        "ACGT" * 40,
        "https://example.org/" + "path/" * 30 + "?q=" + "x" * 80,
        "i" * 30 + "-" + "W" * 40,
    ],
)
def test_a_word_longer_than_the_card_is_broken(word: str, tmp_path: Path) -> None:
    """Addresses, sequences and long words would run over the edge; nothing of them may be lost."""
    card = note(
        "card-1", word, (c.BulletList((paragraph(word),)), c.code_block(word)), extra=paragraph(c.code(word))
    )
    front, back = page_words(render_sheets(deck([card]), tmp_path))
    for page in (front, back):
        assert all(word.right < 9 + 95 - 5 or word.left > 106 for word in page if word.top < 77)
    text = "".join(word.text for word in front).replace("\u00ad", "").replace("\u200b", "")
    assert word in text or word in text.replace("-", "")


BLOCKS: dict[str, tuple[c.Block, ...]] = {
    "inlines": paragraph(
        "plain ", c.Strong((c.Text("strong"), c.Emphasis((c.Text("both"),)))),
        c.Emphasis((c.Text("emphasis"),)), " ",
        c.Strikethrough((c.Text("struck"),)), " ", c.code("code  here"), c.LineBreak(),
        c.Link("https://example.org", (c.Text("link"),)), " ", c.Cloze((1,), (c.Text("cloze"),)),
    ),
    "lists": (
        c.BulletList((paragraph("one"), paragraph("two"))),
        c.OrderedList(3, (paragraph("three"), (*paragraph("four"), c.BulletList((paragraph("five"),))))),
        c.Quote((*paragraph("quoted"), c.BulletList((paragraph("inside"),)))),
    ),
    "table": (
        c.Table(
            ("left", "center", ""),
            (c.plain("Head"), c.plain("Middle"), c.plain("Right")),
            (
                (c.plain("cell"), paragraph(c.Strong((c.Text("bold"),))), ()),
                (c.plain("x " * 60), paragraph(c.Math("x^2")), paragraph(c.Blank())),
            ),
        ),
    ),
    "code": (
        c.Heading(2, (c.Text("Heading"),)),
        c.code_block("def f(x):\n\treturn x  # #panic()", "py"),
        c.ThematicBreak(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_kind_of_content_is_printed(kind: str, tmp_path: Path) -> None:
    """What Anki shows is on paper too, in a question and below the answer."""
    card = note("card-1", BLOCKS[kind], "An answer too long to recall its question", extra=BLOCKS[kind])
    text = pdf_text(render_sheets(deck([card]), tmp_path))
    expected = {
        "inlines": ["strong", "both", "emphasis", "struck", "code", "link", "cloze"],
        "lists": ["one", "3.", "three", "4.", "quoted", "inside"],
        "table": ["Head", "Middle", "cell", "bold", "______"],
        "code": ["Heading", "def f(x):", "# #panic()"],
    }

    for part in expected[kind]:
        assert text.count(part) == 2, part


def test_a_cloze_card_has_a_line_on_its_front_and_the_text_on_its_back(tmp_path: Path) -> None:
    plain_note = note("card-1", "x")
    fields = {
        notetype.TEXT: paragraph(
            "They ", c.Cloze((1,), (c.Text("flex"),)), " and ", c.Cloze((2,), (c.Text("extend"),))
        )
    }
    card = Note(plain_note.key, plain_note.key_span, plain_note.span, NoteType.CLOZE, fields, topic="T")
    front, back = page_texts(render_sheets(deck([card]), tmp_path))

    assert "They ______ and extend" in front
    assert "They flex and ______" in front
    assert back.count("They flex and extend") == 2


def test_pictures_fit_their_card_and_have_alternative_texts(tmp_path: Path) -> None:
    """Large ones are scaled down, and a screen reader says what they show."""
    pictures = [
        c.Image(c.MediaFile("wide.png", "media/wide.png", png(3000, 40)), "a wide picture"),
        c.Image(c.MediaFile("tall.png", "media/tall.png", png(40, 3000)), "a tall picture"),
        c.Image(c.MediaFile("drawn.svg", "media/drawn.svg", SVG), ""),
    ]
    cards = [note(f"card-{number}", paragraph(picture)) for number, picture in enumerate(pictures)]
    with pikepdf.open(io.BytesIO(render_sheets(deck(cards), tmp_path))) as pdf:
        alts = {
            str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        }

    assert {"a wide picture", "a tall picture"} <= alts


def test_an_undrawable_picture_is_reported_with_its_file(tmp_path: Path) -> None:
    """Half a download begins like a picture; the other cards are checked all the same."""
    corrupt = c.Image(c.MediaFile("torn.png", "deck/torn.png", png(9, 9)[:40]), "torn")
    cards = [note("torn", paragraph(corrupt)), note("long", "Q?", "word " * 2000)]
    errors = list(layout_errors(deck(cards), tmp_path))

    assert [error.code for error in errors] == ["card-overflow", "undrawable-picture"]
    assert errors[1].message == "the picture `torn.png` cannot be drawn"
    assert "failed to decode image" in errors[1].note


def test_text_nested_too_deeply_for_the_engine_is_reported(tmp_path: Path) -> None:
    """And text at the greatest depth is printed."""

    def quotes(depth: int) -> tuple[c.Block, ...]:
        return paragraph("x") if depth == 0 else (c.Quote(quotes(depth - 1)),)

    def lists(depth: int) -> tuple[c.Block, ...]:
        return paragraph("x") if depth == 0 else (c.BulletList((lists(depth - 1),)),)

    render_sheets(deck([note("q", quotes(11)), note("l", lists(11))]), tmp_path)
    assert [error.code for error in layout_errors(deck([note("q", quotes(12))]), tmp_path)] == [
        "nested-too-deeply"
    ]


def test_characters_that_reverse_or_end_text_are_reported(tmp_path: Path) -> None:
    """An override makes a card say what its source doesn't show; a NUL stops the engine."""
    errors = layout_errors(deck([note("card-1", "a\u202eb", topic="\0")]), tmp_path)

    assert [error.message.split(": ")[1] for error in errors] == [
        "U+0000", "U+0000", "U+202E RIGHT-TO-LEFT OVERRIDE",
    ]  # fmt: skip
