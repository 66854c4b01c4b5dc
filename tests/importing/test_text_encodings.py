"""The encoding of a file is found out by what its text would be in each."""

import codecs

import pytest

from cardwright.importing.text_encodings import DecodedText, decode_as, decode_text, find_charset

# Words as lists of vocabulary have them, by encoding. Each is read back from its bytes alone.
TEXTS = {
    "German": ("cp1252", "Haus;house\nÜbung;exercise\ngrün;green\nStraße;street\nFrühstück;breakfast\n"),
    "German, in capitals": ("cp1252", "GRÜN;GREEN\nMÄDCHEN;GIRL\nÖSTERREICH;AUSTRIA\n"),
    "a single word of German": ("cp1252", "grün;green\n"),
    "French": ("cp1252", "été,summer\nhôpital,hospital\ngarçon,boy\nÀ bientôt,bye\nl’élève – l'œuvre,x\n"),
    "French and German": ("cp1252", "été;Sommer\ngarçon;Junge\nclé;Schlüssel\nroi;König\nrue;Straße\n"),
    "Spanish": ("latin-1", "¿Dónde está?,Where is it?\nniño,child\nmañana,tomorrow\ncorazón,heart\n"),
    "Portuguese": ("cp1252", "coração;heart\nmãe;mother\npão;bread\nlições;lessons\n"),
    "Swedish": ("cp1252", "flicka;girl\nö;island\nål;eel\nsmör;butter\n"),
    "Icelandic": ("cp1252", "maður,man\nþað,it\nís,ice\nfjörður,fjord\n"),
    "English with typographic quotes": ("cp1252", "“Hello” – he said,it’s fine\nA — dash,…\n"),
    "degrees": ("cp1252", "water,100 °C\nice,0 °C\n"),
    "euros": ("cp1252", "price;5 €\nx;y\n"),
    "spaces that don't break": ("cp1252", "a\xa0b;c\n"),
    "Polish": ("cp1250", "źródło,source\nżółw,turtle\nłódka,boat\nczęść,part\nJęzyk,language\n"),
    "Polish and German": ("cp1250", "źródło;Quelle\nżółw;Schildkröte\nkról;König\nulica;Straße\n"),
    "Czech": ("cp1250", "žena,woman\nčlověk,man\nříčka,stream\ndůl,mine\nťukat,tap\n"),
    "Hungarian": ("iso8859-2", "őszibarack,peach\nfű,grass\nkönyv,book\nárvíztűrő,x\n"),
    "Romanian": ("cp1250", "mâine,tomorrow\nfată,girl\nînţeleg,understand\n"),
    "Turkish": ("cp1254", "öğretmen,teacher\nışık,light\nİstanbul,x\nşeker,sugar\n"),
    "Lithuanian": ("cp1257", "žmogus,man\nšuo,dog\nąžuolas,oak\nėsti,eat\n"),
    "Vietnamese": ("cp1258", "tiê\u0301ng,language\nđo\u0300,boat\n"),
    "Russian": ("cp1251", "дом,house\nкошка,cat\nучитель,teacher\nЧто это?,What is it?\n"),
    "Russian, KOI8": ("koi8-r", "дом,house\nкошка,cat\nучитель,teacher\nЧто это?,What is it?\n"),
    "Russian, ISO": ("iso8859-5", "дом,house\nкошка,cat\nучитель,teacher\nЧто это?,What is it?\n"),
    "Russian, DOS": ("cp866", "дом,house\nкошка,cat\nучитель,teacher\nЧто это?,What is it?\n"),
    "a single word of Russian": ("cp1251", "кот,cat\n"),
    "Ukrainian": ("cp1251", "їжак,hedgehog\nєдиний,only\nґанок,porch\nкіт,cat\n"),
    "Bulgarian": ("cp1251", "къща,house\nкотка,cat\nучител,teacher\n"),
    "Serbian": ("cp1251", "кућа,house\nмачка,cat\nђак,pupil\nљубав,love\n"),
    "Greek": ("cp1253", "γάτα,cat\nσχολείο,school\nδάσκαλος,teacher\n"),
    "Hebrew": ("cp1255", "שלום,hello\nמורה,teacher\nבית,house\n"),
    "Arabic": ("cp1256", "مرحبا,hello\nبيت,house\nمعلم,teacher\n"),
    "Thai": ("cp874", "แมว,cat\nโรงเรียน,school\nครู,teacher\n"),
    "Spanish on an old Mac": ("mac-roman", "¿Dónde está?,Where is it?\nniño,child\nmañana,tomorrow\n"),
    "German, DOS": ("cp850", "Haus;house\nÜbung;exercise\ngrün;green\nMädchen;girl\nStraße;street\n"),
    "Japanese": ("cp932", "猫,ねこ,cat\n学校,がっこう,school\n先生,せんせい,teacher\n"),
    "Japanese, katakana": ("cp932", "テレビ,television\nコーヒー,coffee\n東京,Tokyo\n"),
    "Japanese, sentences": ("cp932", "私は学生です。,I am a student.\nお名前は何ですか？,Your name?\n"),
    "Japanese, EUC": ("euc-jp", "猫,ねこ,cat\n学校,がっこう,school\n先生,せんせい,teacher\n"),
    "Japanese, mail": ("iso2022_jp", "猫,ねこ,cat\n犬,いぬ,dog\n"),
    "Chinese": ("gb18030", "猫,cat\n学校,school\n老师,teacher\n你好,hello\n"),
    "Chinese with pinyin": ("gb18030", "猫,māo,cat\n学校,xuéxiào,school\n老师,lǎoshī,teacher\n"),
    "Chinese names, whose bytes are syllables in Korean": ("gb18030", "金斯敦,Kingston\n克罗地亚,Croatia\n"),
    "Chinese, Taiwan": ("big5", "貓,cat\n學校,school\n老師,teacher\n你好,hello\n"),
    "Korean": ("cp949", "고양이,cat\n학교,school\n선생님,teacher\n안녕하세요,hello\n"),
    "UTF-8": ("utf-8", "Übung;exercise\n猫;cat\n"),
    "UTF-8 with a mark": ("utf-8-sig", "Übung;exercise\n猫;cat\n"),
    "UTF-16, as Excel's Unicode text": ("utf-16", "Übung\texercise\n猫\tcat\n"),
    "UTF-16 without a mark": ("utf-16-le", "Haus\thouse\nÜbung\texercise\n"),
    "UTF-16 of Chinese without a mark": ("utf-16-le", "猫\tcat\n学校\tschool\n"),
    "UTF-16, big-endian": ("utf-16-be", "Haus\thouse\nÜbung\texercise\n"),
    "UTF-32": ("utf-32", "Haus\thouse\nÜbung\texercise\n"),
    "UTF-32 without a mark": ("utf-32-le", "Haus\thouse\nÜbung\texercise\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_list_of_words_is_read_in_the_encoding_it_has(name: str) -> None:
    encoding, text = TEXTS[name]

    decoded = decode_text(text.encode(encoding))

    assert decoded is not None
    assert decoded.text == text


def test_other_encodings_that_are_about_as_likely_are_named() -> None:
    """A single letter may be many."""
    decoded = decode_text("café,bar\n".encode("cp1252"))

    assert decoded is not None
    assert decoded.encoding == "cp1252"
    assert decoded.others


def test_the_encoding_of_many_words_is_beyond_doubt() -> None:
    text = "źródło,source\nżółw,turtle\nłódka,boat\nczęść,part\n" * 20

    assert decode_text(text.encode("cp1250")) == DecodedText(text, "cp1250")


def test_a_few_other_bytes_in_utf_8_are_guessed_and_told() -> None:
    """As comes of joining two files."""
    text = "Übung,exercise\n" * 20 + "grün,green\n"
    data = ("Übung,exercise\n" * 20).encode() + "grün,green\n".encode("cp1252")

    assert decode_text(data) == DecodedText(text, "UTF-8", broken=(text.index("ün,g"),))


def test_a_zero_byte_does_not_make_a_text_utf_16() -> None:
    assert decode_text(b"cards,x\0y\n") == DecodedText("cards,x\0y\n", "UTF-8")


def test_half_a_character_at_the_end_of_utf_16_is_told() -> None:
    decoded = decode_text(codecs.BOM_UTF16_LE + "a\tb\n".encode("utf-16-le") + b"c")

    assert decoded == DecodedText("a\tb\n\ufffd", "UTF-16", broken=(4,))


def test_nothing_is_a_text() -> None:
    assert decode_text(b"") == DecodedText("", "UTF-8")


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf_8"),
        ("utf8", "utf_8"),
        ("latin-1", "latin_1"),
        ("ISO-8859-1", "latin_1"),
        ("windows-1252", "cp1252"),
        ("Shift-JIS", "shift_jis"),
        ("GB18030", "gb18030"),
        ("KOI8-U", "koi8_u"),
        ("base64", None),
        ("rot13", None),
        ("idna", None),
        ("unicode_escape", None),
        ("utf-7", None),
        ("Klingon", None),
        ("", None),
        ("utf\0008", None),
    ],
)
def test_an_author_may_name_encodings_of_texts_and_no_others(name: str, codec: str | None) -> None:
    assert find_charset(name) == codec


def test_bytes_that_a_named_encoding_has_not_are_told() -> None:
    assert decode_as("grün".encode("cp1252"), "utf_8") == DecodedText("gr\ufffdn", "UTF-8", broken=(2,))
