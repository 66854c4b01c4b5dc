"""Tables of texts are read as the cards that a person expects of them."""

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.diagnostics import Report, Severity
from cardwright.importing.rows import Row, RowTable, RowType
from cardwright.importing.table_file import TableOptions
from cardwright.importing.tables import read_tables


def read(file: str | bytes, path: str = "words.csv", **options: Any) -> tuple[RowTable | None, Report]:
    """Return what is read of a file. options: of `TableOptions`."""
    data = file.encode() if isinstance(file, str) else file
    report = Report()
    return next(iter(read_tables([(path, data)], TableOptions(**options), report)), None), report


def rows(file: str | bytes, path: str = "words.csv", **options: Any) -> list[Row]:
    """Return the rows of a file, about which there is nothing to say but how it was read."""
    table, report = read(file, path, **options)
    assert table is not None
    assert all(diagnostic.severity is Severity.NOTE for diagnostic in report)
    return list(table.rows)


def texts(file: str | bytes, **options: Any) -> list[Mapping[str, str]]:
    return [row.texts for row in rows(file, **options)]


def messages(file: str | bytes, **options: Any) -> list[str]:
    """Return the problems of a file, with their places."""
    _, report = read(file, **options)
    return [
        f"{found.span.location}: {found.code}: {found.message}"
        for found in report
        if found.span and found.severity is not Severity.NOTE
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Question;Answer;Tags",
        "FRONT;Back:;tags",
        "Term;Definition;Labels",
        "Vorderseite;Rückseite;Schlagwörter",
        "Recto;Verso;Étiquettes",
        "Pregunta;Respuesta;Etiquetas",
        "Вопрос;Ответ;Теги",
        "質問;答え;タグ",
        "问题;答案;标签",
        "Question (English);Answer (German);#tags",
    ],
)
def test_a_header_names_the_columns_in_many_languages(header: str) -> None:
    [row] = rows(f"{header}\nWhat?;This;a b\n")

    assert row.texts == {"q": "What?", "a": "This"}
    assert row.tags == ("a", "b")


def test_columns_may_stand_in_any_order() -> None:
    assert texts("Tags,Meaning,Hint,Word\nx,cat,animal,猫\n") == [{"a": "cat", "hint": "animal", "q": "猫"}]


def test_without_a_header_the_first_columns_are_question_and_answer() -> None:
    assert texts("cat,猫\ndog,犬\n") == [{"q": "cat", "a": "猫"}, {"q": "dog", "a": "犬"}]


def test_words_that_mean_one_thing_in_two_languages_are_no_header() -> None:
    """Each of them is the name of a column with questions."""
    assert texts("Frage,question\nTag,day\n")[0] == {"q": "Frage", "a": "question"}


@pytest.mark.parametrize(("has_header", "count"), [(True, 1), (False, 2)])
def test_an_author_may_say_whether_there_is_a_header(has_header: bool, count: int) -> None:
    assert len(rows("Wort,word\nTag,day\n", has_header=has_header)) == count


def test_further_columns_go_to_the_back_with_their_names() -> None:
    assert texts("Word,Reading,Meaning,Notes\n猫,ねこ,cat,common\n") == [
        {"q": "猫", "a": "cat", "extra": "Reading: ねこ<br>common"}
    ]


def test_pictures_go_to_the_back_without_the_name_of_their_column() -> None:
    """`Image:` above a picture says nothing."""
    assert texts(
        "Mot;Traduction;Image;Son;Thème\nla main;hand;main.jpg;;corps\nl'œil;eye;œil 1.PNG;œil.mp3;\n"
    ) == [
        {"q": "la main", "a": "hand", "extra": "main.jpg<br>Thème: corps"},
        {"q": "l'œil", "a": "eye", "extra": "œil 1.PNG<br>œil.mp3"},
    ]


def test_further_columns_without_a_header_go_to_the_back() -> None:
    assert texts("a,b,c,d\ne,f,,\n") == [{"q": "a", "a": "b", "extra": "c<br>d"}, {"q": "e", "a": "f"}]


def test_the_author_says_what_columns_fill() -> None:
    [row] = rows("one,two,three,x y\n", columns=("a", "q", "-", "tags"))

    assert row.texts == {"a": "one", "q": "two"}
    assert row.tags == ("x", "y")


def test_what_the_authors_columns_leave_out_is_told() -> None:
    def told(file: str, *columns: str) -> list[str]:
        return [found.message for found in read(file, columns=columns)[1]]

    assert told("a,b,c\n", "q", "a", "-") == []
    assert told("a,b,c\n", "q", "a") == ["1 column after those of `--columns` is left out"]
    assert told("a,b,c,d\n", "q", "a") == ["2 columns after those of `--columns` are left out"]
    assert told("a,b\n", "q", "a", "tags") == ["`--columns` names 3 columns, and no row has more than 2"]
    assert told("Word,Meaning\na,b\n", "q", "a") == ["this row names the columns"]


def test_a_text_with_deletions_is_a_cloze_card() -> None:
    assert texts("A {{c1::cat}} purrs.,It does\nq,a\n") == [
        {"cloze": "A {{c1::cat}} purrs.", "extra": "It does"},
        {"q": "q", "a": "a"},
    ]


def test_a_deletion_that_hides_nothing_makes_no_cloze_card() -> None:
    assert texts("{{c1::open,a\n}} {{c1::,b\n{{c0::x}},c\n{{c0::x}} {{c1::y}},d\n") == [
        {"q": "{{c1::open", "a": "a"},
        {"q": "}} {{c1::", "a": "b"},
        {"q": "{{c0::x}}", "a": "c"},
        {"cloze": "{{c0::x}} {{c1::y}}", "extra": "d"},
    ]


def test_a_single_column_will_do_for_cloze_cards() -> None:
    assert texts("A {{c1::cat}} purrs.\nDogs {{c1::bark}}.\n")[1] == {"cloze": "Dogs {{c1::bark}}."}


def test_plain_text_is_shown_as_it_is() -> None:
    """As HTML, which is what Anki makes of it."""
    assert texts('"x < y & <b>",*a*\n"two\nlines",b\n') == [
        {"q": "x &lt; y &amp; &lt;b&gt;", "a": "*a*"},
        {"q": "two<br>lines", "a": "b"},
    ]


def test_html_stays_html() -> None:
    table, report = read("x<br>y,<b>z</b>\n")

    assert table is not None
    assert table.rows[0].texts == {"q": "x<br>y", "a": "<b>z</b>"}
    assert [found.message for found in report if found.code == "assumed-html"] == [
        "the texts look like HTML, and are read as such"
    ]


def test_what_looks_like_markdown_is_told() -> None:
    """It is plain text in most tables."""
    _, report = read("`a`,**b**\n[c](d.png),e\n")

    assert "maybe-markdown" in [found.code for found in report]
    assert "maybe-markdown" not in [found.code for found in read("2*3*4,a`b\n**,[c]\n" * 9)[1]]


def test_the_author_says_what_texts_are() -> None:
    table, _ = read("x<br>y,**z**\n", text_format="markdown")

    assert texts("x<br>y,z\n", text_format="plain") == [{"q": "x&lt;br&gt;y", "a": "z"}]
    assert table is not None
    assert table.is_markdown
    assert table.rows[0].texts == {"q": "x<br>y", "a": "**z**"}


def test_fields_of_a_note_type_that_the_author_names() -> None:
    table, _ = read("Country,Front: Capital,Key,tags\nFrance,Paris,,eu\n", note_type="My geo")

    assert table is not None
    assert table.types == {"My-geo": RowType("My-geo", ("Country", "Front Capital", "Key 2"))}
    assert table.rows[0].texts == {"Country": "France", "Front Capital": "Paris"}
    assert table.rows[0].note_type == "My-geo"
    assert table.rows[0].tags == ("eu",)


BRAIN_BREW = """\
guid,Country,Country info,Capital,Flag,tags
"gB4(%lVZ:h",Norway,"Not EU, but Schengen",Oslo,"<img src=""norway.svg"" />","UG::Europe, UG::Sovereign_State"
e+/O]%*qfk,Sealand,,,"<img src=""sealand.svg"" />",
"""  # fmt: skip


def test_a_table_of_brain_brew_has_guids_and_fields() -> None:
    first, second = rows(BRAIN_BREW, "src/data/Ultimate Geography.csv")

    assert (first.guid, second.guid) == ("gB4(%lVZ:h", "e+/O]%*qfk")
    assert first.note_type == "Ultimate-Geography"
    assert first.texts["Flag"] == '<img src="norway.svg" />'
    assert first.tags == ("UG::Europe", "UG::Sovereign_State")
    assert first.deck == "Ultimate Geography"
    assert second.texts == {"Country": "Sealand", "Flag": '<img src="sealand.svg" />'}


MAIN = "country,flag,map,tags\nEngland,<img src=e.svg>,m,UG::Europe\nFrance,<img src=f.svg>,,\n"
GUIDS = "country,guid,guid:de\nFrance,f,f-de\nEngland,e,e-de\n"
COUNTRIES = "country,country:de\nEngland,England\nFrance,Frankreich\nSpain,Spanien\n"


@pytest.mark.parametrize(
    ("language", "cards"),
    [("", [("e", "England"), ("f", "France")]), ("de", [("e-de", "England"), ("f-de", "Frankreich")])],
)
def test_tables_of_the_same_notes_are_joined(language: str, cards: list[tuple[str, str]]) -> None:
    """Brain Brew calls them derivatives."""
    files = {"countries.csv": COUNTRIES, "guid.csv": GUIDS, "main.csv": MAIN}

    [table] = read_tables(
        [(path, text.encode()) for path, text in files.items()], TableOptions(language=language), Report()
    )

    assert table.types == {"main": RowType("main", ("country", "flag", "map"))}
    assert [(row.guid, row.texts["country"]) for row in table.rows] == cards
    assert table.rows[0].tags == ("UG::Europe",)


def test_joined_tables_are_named_after_their_note_type() -> None:
    files = [("guid.csv", GUIDS.encode()), ("main.csv", MAIN.encode())]

    [table] = read_tables(files, TableOptions(note_type="Flags of Europe"), Report())

    assert {(row.deck, row.note_type) for row in table.rows} == {("Flags of Europe", "Flags-of-Europe")}


def test_tables_of_other_notes_are_not_joined() -> None:
    files = [("a.csv", b"guid,q,a\nx,b,c\n"), ("b.csv", b"guid,q,a\ny,d,e\n")]

    tables = read_tables(files, TableOptions(), Report())

    assert [(row.guid, row.deck) for table in tables for row in table.rows] == [("x", "a"), ("y", "b")]


def test_a_row_without_the_numbers_of_all_others_is_a_header() -> None:
    assert texts("Lektion;Wort;Bild\n1;Haus;x\n1;Hof;y\n2;Hut;z\n") == [
        {"extra": "Lektion: 1", "q": "Haus", "a": "x"},
        {"extra": "Lektion: 1", "q": "Hof", "a": "y"},
        {"extra": "Lektion: 2", "q": "Hut", "a": "z"},
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Deutsch;Englisch;Beispiel",
        "English;Spanish;Example",
        "日本語;英語;例文",
        "Kapitel;Wort;Bild",
        "No.;Word;Source",
    ],
)
def test_a_row_of_names_that_columns_often_have_is_a_header(header: str) -> None:
    """What they say fills no key of its own, so the first columns are question and answer."""
    [row] = rows(f"{header}\none;two;three\n")

    assert set(row.texts.values()) > {"two"}
    assert header.split(";", maxsplit=1)[0] not in row.texts.values()


@pytest.mark.parametrize(
    "row", ["das Bild;the picture", "Beispiel;example", "English;Englisch", "Nummer;number"]
)
def test_a_word_and_its_translation_are_no_header(row: str) -> None:
    assert len(rows(f"{row}\nHaus;house\n")) == 2


def test_titles_above_a_table_are_left_out_and_told() -> None:
    table, report = read("My course;;\n;;\nDate;Question;Answer\n01/02;Why?;So\n")

    assert table is not None
    assert [row.texts for row in table.rows] == [{"extra": "Date: 01/02", "q": "Why?", "a": "So"}]
    assert [(d.code, str(d.span and d.span.location)) for d in report if d.code == "title-row"] == [
        ("title-row", "words.csv:1:1")
    ]


def test_what_the_columns_mean_is_told_with_the_row_that_names_them() -> None:
    def columns(file: str, **options: Any) -> tuple[str, str]:
        [found] = [d for d in read(file, **options)[1] if d.code == "columns"]
        assert found.span is not None
        return found.span.text, found.help.rpartition(";")[2]

    assert columns("Word,Meaning\na,b\n") == ("Word,Meaning", " and `--no-header` if this row is a card")
    assert columns("a,b\nc,d\n") == ("a,b", " and `--header` if this row names them")
    assert "header" not in columns("a,b\nc,d\n", has_header=True)[1]


def test_numbers_of_rows_are_no_questions() -> None:
    assert texts("1,Haus,house\n2,Tür,door\n3,Hut,hat\n")[1] == {"extra": "2", "q": "Tür", "a": "door"}
    assert texts("1,one\n2,two\n3,three\n")[1] == {"q": "2", "a": "two"}


def test_numbers_of_rows_are_left_out() -> None:
    assert texts("Nr.;Frage;Antwort\n1;a;b\n2;c;d\n3;e;f\n") == [
        {"q": "a", "a": "b"},
        {"q": "c", "a": "d"},
        {"q": "e", "a": "f"},
    ]
    assert texts("Number,Word\n1,one\n2,two\n")[0] == {"q": "one", "a": "1"}
    assert texts("Nr,Word,Meaning\n1,a,b\n7,c,d\n")[0] == {"extra": "Nr: 1", "q": "a", "a": "b"}


ANKI_NOTES = """\
#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:7
aaa\tBasic\tBiology::Cells\t<b>What?</b>\t"a ""b"" c"\t\tx y,z
bbb\tCloze\tBiology\tA {{c1::cell}}\tMore\t\t
ccc\tVocab\tWords\teins\tone\tzwei\t
"#dd"\tBasic (and reversed card)\tWords\tuno\tone\t\t
eee\tBasic (optional reversed card)\tWords\tdue\ttwo\ty\t
#comment\tBasic\tWords\tnot\ta row\t\t
"""


def test_notes_that_anki_exports_as_text() -> None:
    table, _ = read(ANKI_NOTES, "All.txt")

    assert table is not None
    basic, cloze, vocab, reversed_, optional = table.rows
    assert (basic.texts, basic.guid) == ({"q": "<b>What?</b>", "a": 'a "b" c'}, "aaa")
    assert basic.tags == ("x", "y,z")
    assert (cloze.texts, cloze.deck) == ({"cloze": "A {{c1::cell}}", "extra": "More"}, "Biology")
    assert vocab.note_type == "Vocab"
    assert vocab.texts == {"Field 1": "eins", "Field 2": "one", "Field 3": "zwei"}
    assert (reversed_.guid, reversed_.flags) == ("#dd", ("reverse",))
    assert (optional.texts, optional.flags) == ({"q": "due", "a": "two"}, ("reverse",))
    assert table.types == {"Vocab": RowType("Vocab", ("Field 1", "Field 2", "Field 3"))}


def test_cards_that_anki_exports_as_text() -> None:
    file = "#separator:tab\n#html:false\nWhat is <b>?\tbold\nA [...] purrs\tA cat purrs\n"

    assert texts(file)[0] == {"q": "What is &lt;b&gt;?", "a": "bold"}


def test_the_head_of_a_file_for_anki() -> None:
    file = "#separator:Pipe\n#tags:a b\n#deck:Spanish::Verbs\n#columns:Front|Back|Notes\nir|to go|irregular\n"

    [row] = rows(file)

    assert row.texts == {"q": "ir", "a": "to go", "extra": "irregular"}
    assert (row.deck, row.tags) == ("Spanish::Verbs", ("a", "b"))


def test_a_head_that_a_spreadsheet_has_saved_as_rows() -> None:
    assert texts("#separator:tab,,,\n#html:false,,\n".replace("tab", "comma") + "a,b,\n") == [
        {"q": "a", "a": "b"}
    ]


def test_names_of_decks_are_full_or_parts_of_the_deck() -> None:
    """Lessons of a course have no common deck above them but that of the file."""
    lessons = rows("q,a,deck\na,b,Lesson 1\nc,d,Lesson 2\ne,f,\n", "course/French.csv")
    full = rows("q,a,deck\na,b,French::1\nc,d,French::2\n")

    assert [row.deck for row in lessons] == ["French::Lesson 1", "French::Lesson 2", "French"]
    assert [row.deck for row in full] == ["French::1", "French::2"]


def test_a_list_of_questions_and_answers() -> None:
    """As SuperMemo exports it."""
    file = "Q: What, then,\nis it?\nA: This\n\nQ: Two?\r\nA: One\r\nA: More\r\n"

    assert texts(file) == [{"q": "What, then,<br>is it?", "a": "This"}, {"q": "Two?", "a": "One<br>More"}]
    assert messages("Q: a\nA: b\nQ: c\n") == ["words.csv:3:1: row-without-answer: the row has no answer"]


def test_a_deck_of_hashcards() -> None:
    file = (
        '---\nname = "Places"\n---\n\nQ: Paris?\nA:\n\n- France\n- Texas\n\n---\n\n'
        "C: [Canberra] is in [Australia], ![map](a.png) \\[sic\\].\r\n\r\nC:\r\n[Oslo] is far.\n"
    )

    assert texts(file, text_format="markdown") == [
        {"q": "Paris?", "a": "- France\n- Texas"},
        {"cloze": "{{c1::Canberra}} is in {{c2::Australia}}, ![map](a.png) [sic]."},
        {"cloze": "{{c1::Oslo}} is far."},
    ]
    assert texts("C: [Oslo] is far.\n") == [{"cloze": "{{c1::Oslo}} is far."}]


def test_choices_are_no_cards_of_hashcards() -> None:
    file = "Q: Which?\nA: [x]\nB: [y]\nC: [z]\n\nC: no brackets\n"

    assert texts(file) == [{"q": "Which?", "a": "[x]<br>B: [y]<br>C: [z]<br><br>C: no brackets"}]


def test_names_that_decks_cannot_have_are_put_right() -> None:
    """Each of these would be an error in a build."""
    table = rows(
        "#separator:comma\n#deck column:3\na,b,X::y\na,b,x::Z\na,b,:: a :::b::\na,b,::\na,b," + "n::" * 20
    )

    assert [row.deck for row in table] == [
        "X::y",
        "X::Z",
        "a::b",
        "words",
        "::".join(["n"] * 10 + [" - ".join("n" * 10)]),
    ]


def test_note_types_with_nearly_the_same_name_stay_apart() -> None:
    table, _ = read("#separator:comma\n#notetype column:1\nA/b,1,2,3\na B,1,2,3\nquestion,1,2,3\n")

    assert table is not None
    assert list(table.types) == ["A-b", "a-B-2", "question-2"]


@pytest.mark.parametrize("text", ["sep=;\r\na;b, c\r\n", '"sep=;"\na;b, c\n'])
def test_excels_line_with_the_delimiter(text: str) -> None:
    assert texts(text) == [{"q": "a", "a": "b, c"}]


def test_what_excel_saves_as_unicode_text() -> None:
    assert texts("Übung\texercise\r\n猫\tcat\r\n".encode("utf-16")) == [
        {"q": "Übung", "a": "exercise"},
        {"q": "猫", "a": "cat"},
    ]


def test_an_assumed_encoding_is_told() -> None:
    _, report = read("grün,green\n".encode("cp1252"))

    assert ("assumed-encoding", "the encoding looks like cp1252") in [(d.code, d.message) for d in report]


def test_the_author_names_the_encoding() -> None:
    assert texts("猫,cat\n".encode("shift_jis"), codec="shift_jis") == [{"q": "猫", "a": "cat"}]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("a,b\nc\n", "words.csv:2:1: row-without-answer: the row has no answer"),
        ("a,b\n,d\n", "words.csv:2:1: row-without-question: the row has no question"),
        ("a,b\nc,d\ne,f,g,h\n", "words.csv:3:5: ragged-row: the row has 2 cells more than there are columns"),
        ('a,b\nc,"d\n', "words.csv:2:3: unbalanced-quote: a quote at the beginning of a cell has no end"),
        ("a,b\x07\n", "words.csv:1:3: control-character: U+0007 cannot be shown, and is left out"),
        ("id,q,a\nx,1,2\nx,3,4\n", "words.csv:3:1: id-used-twice: the id `x` is used twice"),
        ("guid,q,a\nx,1,2\nx,3,4\n", "words.csv:3:1: guid-used-twice: the guid `x` is used twice"),
        ("id,q,a\na b,1,2\n", "words.csv:2:1: unfit-id: `a b` cannot be an id"),
        ("cloze,extra\nno gap,x\n",
         "words.csv:2:1: row-without-deletion: the text has no deletion such as `{{c1::word}}`"),
        ("{{c1::image-occlusion:rect:left=.1}}\tb\n",
         "words.csv:1:1: image-occlusion: image occlusion, whose picture a text file hasn't"),
        ("", "words.csv:1:1: no-rows: the file has no rows"),
        ("\n ,\n\n", "words.csv:1:1: no-rows: the file has no rows"),
        ("Front,Back\n", "words.csv:1:1: no-rows: the file names columns, and has no rows"),
        ("#separator:tab\n#html:true\n", "words.csv:1:1: no-rows: the file has no rows"),
        ("one\ntwo\n", "words.csv:1:1: no-columns: no delimiter was found between columns"),
        ("a,\nb,\n", "words.csv:1:1: no-rows: no row of the file can be a card"),
        (bytes(range(256)) * 9, "words.csv:1:1: no-text: the file isn't text"),
        ("ü,b\n".encode() * 30 + b"\xfc,c\n",
         "words.csv:31:1: broken-encoding: a byte that isn't UTF-8; this character is a guess"),
    ],
)  # fmt: skip
def test_problems_say_where_they_are(file: str | bytes, message: str) -> None:
    assert message in messages(file)


def test_every_option_of_a_wrong_encoding_is_told_once() -> None:
    assert messages("猫,cat\n犬,dog\n", codec="ascii") == ["words.csv:1:1: no-text: the file isn't ascii"]


plain = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=20
).filter(lambda text: text.strip() == text and "{{c" not in text)


@given(
    st.lists(st.tuples(plain, plain), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_table_of_two_columns_is_read_as_it_is(
    table: list[tuple[str, str]], delimiter: str, encoding: str
) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([("Question", "Answer"), *table])

    result, _ = read(file.getvalue().encode(encoding), text_format="markdown", delimiter=delimiter)

    assert result is not None
    assert [(row.texts["q"], row.texts["a"]) for row in result.rows] == table
