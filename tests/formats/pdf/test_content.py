"""What stands on printed cards: text as written, in any script, and formulas, pictures, lists, tables."""

import io
import struct
import subprocess
import zlib
from pathlib import Path

import pikepdf
import pytest

from cardwright.collection import notetype
from cardwright.collection.content import (
    Blank,
    Block,
    BulletList,
    Cloze,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    MediaFile,
    OrderedList,
    Paragraph,
    Quote,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.layout.card_sizes import CARD_SIZES
from tests.support.print_decks import (
    SYSTEM_FONTS,
    deck,
    layout_errors,
    note,
    page_words,
    pdf_text,
    render_sheets,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 90"><circle cx="45" cy="45" r="40"/></svg>'


def paragraph(*children: Inline | str) -> tuple[Block, ...]:
    return (Paragraph(tuple(Text(child) if isinstance(child, str) else child for child in children)),)


def png(width: int, height: int) -> bytes:
    """A black picture. Source: PNG specification, 5."""

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
    """A shared deck is untrusted; what looks like the engine's language is printed as it stands."""
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


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_shaped_with_embedded_fonts(script: str, tmp_path: Path) -> None:
    """
    In the question's, the answer's, bold and italic type. That the engine wrote the file at all says
    that no glyph was missing, since it refuses PDF/UA otherwise.
    """
    words_of = SCRIPTS[script]
    styles = (*paragraph(Strong((Text(words_of),))), *paragraph(Emphasis((Text(words_of),))))
    card = note("card-1", words_of, styles, topic=words_of)
    pdf = render_sheets(deck([card]), tmp_path, fonts=SYSTEM_FONTS)
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:]), fonts
    if script not in ("arabic", "hebrew", "devanagari"):  # read back in visual order or by shaped glyphs
        assert words_of.replace(" ", "") in "".join(pdf_text(pdf).split())


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
    """直 and 骨 are drawn otherwise in China, Taiwan, Japan and Korea, and a learner copies what is drawn."""
    pdf = render_sheets(deck([note("card-1", "直骨")], language=language), tmp_path, fonts=SYSTEM_FONTS)
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()

    assert family in fonts
    assert fonts.count("CJK") == 1


def test_a_paragraph_runs_the_way_its_first_letter_does(tmp_path: Path) -> None:
    """The question mark of a Hebrew question stands at its left end, in an English deck too."""
    front, _ = page_words(render_sheets(deck([note("card-1", "מהו שריר?", topic="T")]), tmp_path))
    question = [word for word in front if "\u05d0" <= word.text.strip("?")[0] <= "\u05ea"]

    assert min(question, key=lambda word: word.left).text.startswith("?")


def test_a_short_list_stands_in_the_middle_of_its_card(tmp_path: Path) -> None:
    """As the questions and the short answers do; its entries begin below each other all the same."""
    entries = BulletList(tuple(paragraph(word) for word in ("bruise", "limpingslowly")))
    _, back = page_words(render_sheets(deck([note("card-1", "Which?", (entries,))]), tmp_path))
    short, long = (next(word for word in back if word.text == text) for text in ("bruise", "limpingslowly"))
    middle = CARD_SIZES[0].grid.trim(1)

    assert short.left == long.left
    assert abs((short.left + long.right) / 2 - (middle.x + middle.width / 2)) < 5


def test_a_family_of_characters_leaves_room_for_the_rest_of_the_headline(tmp_path: Path) -> None:
    """Seven code points would push what is wrong off the line; their names stand below it."""
    (found,) = layout_errors(deck([note("family", "\U0001f468\u200d\U0001f469\u200d\U0001f467?")]), tmp_path)

    assert len(found.message) <= 72
    assert "(U+1F468 …)" in found.message
    assert found.note == "MAN + ZERO WIDTH JOINER + WOMAN + ZERO WIDTH JOINER + GIRL"


def test_a_missing_glyph_is_reported_with_the_card_and_never_drawn(tmp_path: Path) -> None:
    """A box on paper teaches nothing; each side that has one is named, with the character."""
    cards = [
        note("cat", "猫", "cat"),
        note("dog", "dog", paragraph("a ", Strong((Text("犬"),)))),
        note("fox", "fox"),
    ]
    found = list(layout_errors(deck(cards), tmp_path))

    assert [(one.code, one.message) for one in found] == [
        ("missing-glyph", "`cat` front has 猫 (U+732B), which no font at hand can show"),
        ("missing-glyph", "`dog` back has 犬 (U+72AC), which no font at hand can show"),
    ]
    assert found[0].span is not None
    assert found[0].span.text == "猫"
    assert found[0].note == "CJK UNIFIED IDEOGRAPH-732B"


@pytest.mark.parametrize("script", ["devanagari", "thai", "japanese", "chinese", "korean", "emoji"])
def test_without_a_font_for_a_script_its_characters_are_named(script: str, tmp_path: Path) -> None:
    """The engine's own fonts have Latin, Greek, Cyrillic and Hebrew; of any other the author is told."""
    found = list(layout_errors(deck([note("card-1", SCRIPTS[script], "Answer")]), tmp_path))

    assert [one.code for one in found] == ["missing-glyph"]
    assert found[0].message.startswith("`card-1` front has ")
    assert "U+" in found[0].message
    assert "print: {fonts: [fonts]}" in found[0].help


def test_a_missing_glyph_is_found_wherever_it_stands(tmp_path: Path) -> None:
    """Topic, name, hint, extra, citation, code, formula, list and table: all are printed."""
    places = {
        "topic": note("topic", "Q?", topic="猫"),
        "猫": note("猫", "Q?"),
        "hint": note("hint", "Q?", hint="猫"),
        "extra": note("extra", "Q?", extra="猫"),
        "code": note("code", paragraph(Code("猫"))),
        "block": note("block", (CodeBlock("猫"),)),
        "formula": note("formula", paragraph(Math(r"\text{猫}"))),
        "list": note("list", (BulletList((paragraph("猫"),)),)),
        "table": note("table", (Table(("",), ((Text("猫"),),), ()),)),
    }
    for name, card in places.items():
        found = [one for one in layout_errors(deck([card]), tmp_path) if one.code == "missing-glyph"]
        assert found, name
        assert all(f"`{card.key}`" in one.message for one in found)


def test_a_deck_with_a_name_that_cannot_be_shown_is_reported(tmp_path: Path) -> None:
    """It stands in the margin of every sheet."""
    (found,) = layout_errors(deck([note("card-1", "Q?")], name="猫"), tmp_path)

    assert found.message == "the deck's name has 猫 (U+732B), which no font at hand can show"


def test_an_overflow_names_the_card_and_what_is_short(tmp_path: Path) -> None:
    """Clipped text looks finished; so it is an error, for every card that has it, and no file is made."""
    cards = [note("grade/two", "Q?", "Too many words for a card. " * 60), note("short", "Q?"),
             note("wide", (Table(("",) * 7, ((Text("Extraordinarily"),),) * 7, ()),))]  # fmt: skip
    found = {
        one.code + " " + one.message.split(" needs ")[0]: one for one in layout_errors(deck(cards), tmp_path)
    }

    assert sorted(found) == ["card-overflow `grade/two` back", "card-overflow `wide` front"]
    tall, wide = found["card-overflow `grade/two` back"], found["card-overflow `wide` front"]
    assert tall.message.endswith("mm at 8.4 pt")
    assert "across" in wide.message
    assert tall.span == cards[0].span
    assert "print: false" in tall.help


def test_an_answer_that_stays_off_the_paper_may_be_long(tmp_path: Path) -> None:
    """With the questions alone, the backs are white."""
    cards = [note("grade/two", "Q?", "Too many words for a card. " * 60)]

    assert "Too many" not in pdf_text(render_sheets(deck(cards, mode="single"), tmp_path))


def test_long_text_shrinks_and_short_text_does_not(tmp_path: Path) -> None:
    """Questions are as large as they can be, never under 60 % of the usual size."""
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
        "ACGT" * 60,
        "https://example.org/" + "path/" * 30 + "?q=" + "x" * 80,
        "i" * 30 + "-" + "W" * 40,
    ],
)
def test_a_word_longer_than_the_card_is_broken(word: str, tmp_path: Path) -> None:
    """Addresses, sequences and long words would run over the edge; nothing of them may be lost."""
    card = note(
        "card-1", word, (BulletList((paragraph(word),)), CodeBlock(word)), extra=paragraph(Code(word))
    )
    front, back = page_words(render_sheets(deck([card]), tmp_path))
    for page in (front, back):
        assert all(word.right < 9 + 95 - 5 or word.left > 106 for word in page if word.top < 77)
    read = "".join(word.text for word in front).replace("\u00ad", "").replace("\u200b", "")
    assert word in read or word in read.replace("-", "")


BLOCKS: dict[str, tuple[Block, ...]] = {
    "inlines": paragraph(
        "plain ", Strong((Text("strong"), Emphasis((Text("both"),)))), Emphasis((Text("emphasis"),)), " ",
        Strikethrough((Text("struck"),)), " ", Code("code  here"), LineBreak(),
        Link("https://example.org", (Text("link"),)), " ", Cloze((1,), (Text("cloze"),)),
    ),
    "lists": (
        BulletList((paragraph("one"), paragraph("two"))),
        OrderedList(3, (paragraph("three"), (*paragraph("four"), BulletList((paragraph("five"),))))),
        Quote((*paragraph("quoted"), BulletList((paragraph("inside"),)))),
    ),
    "table": (
        Table(
            ("left", "center", ""),
            ((Text("Head"),), (Text("Middle"),), (Text("Right"),)),
            (
                ((Text("cell"),), (Strong((Text("bold"),)),), ()),
                ((Text("x " * 60),), (Math("x^2"),), (Blank(),)),
            ),
        ),
    ),
    "code": (
        Heading(2, (Text("Heading"),)),
        CodeBlock("def f(x):\n\treturn x  # #panic()", "py"),
        ThematicBreak(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BLOCKS)
def test_every_kind_of_content_is_printed(kind: str, tmp_path: Path) -> None:
    """What Anki shows is on paper too, as a question and below the answer."""
    read = pdf_text(render_sheets(deck([note("card-1", BLOCKS[kind], extra=BLOCKS[kind])]), tmp_path))
    expected = {
        "inlines": ["strong", "both", "emphasis", "struck", "code", "link", "cloze"],
        "lists": ["one", "3.", "three", "4.", "quoted", "inside"],
        "table": ["Head", "Middle", "cell", "bold", "______"],
        "code": ["Heading", "def f(x):", "# #panic()"],
    }

    for part in expected[kind]:
        assert read.count(part) == 2, part


def test_a_cloze_card_hides_with_a_line_and_tells_in_strong_type(tmp_path: Path) -> None:
    """The blank is about a word wide, as on a worksheet."""
    plain_note = note("card-1", "x")
    fields = {
        notetype.TEXT: paragraph(
            "They ", Cloze((1,), (Text("flex"),)), " and ", Cloze((2,), (Text("extend"),))
        )
    }
    card = Note(plain_note.key, plain_note.key_span, plain_note.span, NoteType.CLOZE, fields, topic="T")
    front, back = page_words(render_sheets(deck([card]), tmp_path))
    read_front, read_back = (" ".join(word.text for word in page) for page in (front, back))

    assert "They ______ and extend" in read_front
    assert "They flex and ______" in read_front
    assert read_back.count("They flex and extend") == 2


def test_pictures_stay_on_their_card_and_have_their_words(tmp_path: Path) -> None:
    """Larger ones are made smaller as a whole, and a screen reader says what they show."""
    pictures = [
        Image(MediaFile("wide.png", "media/wide.png", png(3000, 40)), "a wide picture"),
        Image(MediaFile("tall.png", "media/tall.png", png(40, 3000)), "a tall picture"),
        Image(MediaFile("drawn.svg", "media/drawn.svg", SVG), ""),
    ]
    cards = [note(f"card-{place}", paragraph(picture)) for place, picture in enumerate(pictures)]
    with pikepdf.open(io.BytesIO(render_sheets(deck(cards), tmp_path))) as pdf:
        alts = {str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}

    assert {"a wide picture", "a tall picture"} <= alts


def test_a_picture_that_cannot_be_drawn_is_reported_with_its_file(tmp_path: Path) -> None:
    """Half a download begins like a picture; the other cards are looked at all the same."""
    torn = Image(MediaFile("torn.png", "deck/torn.png", png(9, 9)[:40]), "torn")
    cards = [note("torn", paragraph(torn)), note("long", "Q?", "word " * 2000)]
    found = list(layout_errors(deck(cards), tmp_path))

    assert [one.code for one in found] == ["card-overflow", "undrawable-picture"]
    assert found[1].message == "the picture `torn.png` cannot be drawn"
    assert "failed to decode image" in found[1].note


def test_what_is_nested_too_deeply_for_the_engine_is_reported(tmp_path: Path) -> None:
    """And what is nested as deeply as can be is printed."""

    def quotes(depth: int) -> tuple[Block, ...]:
        return paragraph("x") if depth == 0 else (Quote(quotes(depth - 1)),)

    def lists(depth: int) -> tuple[Block, ...]:
        return paragraph("x") if depth == 0 else (BulletList((lists(depth - 1),)),)

    render_sheets(deck([note("q", quotes(11)), note("l", lists(11))]), tmp_path)
    assert [one.code for one in layout_errors(deck([note("q", quotes(12))]), tmp_path)] == [
        "nested-too-deeply"
    ]


def test_characters_that_turn_or_end_text_are_reported(tmp_path: Path) -> None:
    """An override makes a card say what its source does not show; a NUL ends the engine's work."""
    found = layout_errors(deck([note("card-1", "a\u202eb", topic="\0")]), tmp_path)

    assert [one.message.split(": ")[1] for one in found] == [
        "U+0000", "U+0000", "U+202E RIGHT-TO-LEFT OVERRIDE",
    ]  # fmt: skip
