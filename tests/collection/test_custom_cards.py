"""What the cards of an author's own note type show: judged by real Anki."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection import template
from cardwright.collection.content import Blank, BulletList, Content, Paragraph, Strong, Text, plain
from cardwright.collection.custom_cards import custom_cards
from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics.report import Report
from cardwright.formats.anki import cards, fields
from cardwright.rehearsal.profile import ANKI_VERSION
from cardwright.source.template_reader import read_template
from tests.formats.anki.test_cards import DEPTH, cloze_depth
from tests.support.contents import contents
from tests.support.custom_decks import BICEPS, MUSCLE, Author, changed, scalar
from tests.support.notes import SPAN, hole, paragraph
from tests.support.plain_words import Page, of_content
from tests.support.real_anki import Learner, learner

NAMES = ("A", "B", "P", "T", "Text")
MARK = "§"


def read(front: str, back: str = "-", name: str = "Card 1") -> CustomTemplate | None:
    """A template; None for one that is refused."""
    report = Report()
    sides = [read_template(scalar(front), NAMES, "front", report)]
    sides.append(read_template(scalar(back), NAMES, "back", report))
    if None in sides:
        return None
    (html, nodes), (back_html, back_nodes) = (side for side in sides if side is not None)
    return CustomTemplate(name, html, back_html, nodes, back_nodes)


def own(*templates: CustomTemplate) -> CustomNoteType:
    clozes = template.fields_with_filter(templates[0].front_nodes, "cloze")
    return CustomNoteType(NoteType("own"), NAMES, templates, "", clozes, SPAN)


def sides(front: str, back: str = "-", **values: Content) -> tuple[Content, Content]:
    """Front and back of a note's first card."""
    made = read(front, back)
    assert made is not None
    _, shown, told = next(custom_cards(own(made), values, ("b", "a")))
    return shown, told


def laid_out(html: str, **values: Content) -> Content:
    """What a template says, whose only field is empty unless there are values for others."""
    shown, _ = sides(f"{html}{{{{T}}}}", "-", **values)
    return shown


# Templates of everything that there may be, also crossed and left open.

_PIECES = st.sampled_from(
    (
        *(
            "word",
            " ",
            "\n",
            "&amp;lt; &lt; &nbsp;",
            "{",
            "}",
            "}}",
            "[",
            "\\",
            "]",
            ":",
            "\\(x^2\\)",
            "(",
            "ö",
        ),
        *(
            "{{A}}",
            "{{ A }}",
            "{{{A}}}",
            "{{B}}",
            "{{P}}",
            "{{hint:B}}",
            "{{tts en_US:P}}",
            "{{type:T}}",
        ),
        *("{{Tags}}", "{{Card}}", "{{Type}}", "<!-- {{Nothing}} -->", "<!---->"),
        *("‹{{Deck}}›", "‹{{Subdeck}}›", "‹{{CardFlag}}›"),
        *("<b>", "</b>", "<i class='x'>", "</i>", "<code>", "</code>", '<a href="https://a.b/c">', "</a>"),
        *("<div>", "</div>", "<p>", "</p>", "<br>", "<hr>", "<h2>", "</h2>", "<pre>", "</pre>", "</li>"),
        *(
            "<ul>",
            "<li>",
            "</ul>",
            "<ol start=3>",
            "</ol>",
            "<blockquote>",
            "</blockquote>",
            "</table>",
            "</td>",
        ),
        "<table><tr><th>one<td>{{P}}<tr><td>two</table>",
    )
)
_SECTIONED = ("A", "B", "T", "Tags", "Card", "CardFlag", "Deck")


def _in_section(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names, signs = st.sampled_from(_SECTIONED), st.sampled_from("#^")
    return st.builds(
        lambda name, sign, parts: f"{{{{{sign}{name}}}}}{''.join(parts)}{{{{/{name} }}}}",
        names,
        signs,
        st.lists(inner, max_size=3),
    )


htmls = st.lists(st.recursive(_PIECES, _in_section, max_leaves=6), max_size=8).map("".join)
values = st.fixed_dictionaries(
    {},
    optional={
        "A": contents(clozes=False) | st.just((Paragraph((Text(" "), c.LineBreak())),)),
        "B": contents(clozes=False),
        "P": st.just(plain("plain <b>")),
        "T": st.just(plain("typed")),
    },
)

# Each example makes a note type in Anki and takes it away again.
many = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    with learner(tmp_path_factory.mktemp("anki")) as one:
        yield one


# Before 26.08 Anki made no cards of a front that shows nothing but tags, the deck and the like.
OLD = tuple(int(part) for part in ANKI_VERSION.split(".")[:2]) < (26, 8)

Shown = dict[int, tuple[str, str]]


def by_anki(
    anki: Learner, made: CustomNoteType, given_values: dict[str, Content]
) -> tuple[tuple[int, ...], Shown]:
    """The cards by our rule, and what Anki itself makes of the note: questions and answers, HTML."""
    collection = anki.collection
    models = collection.models
    model = models.new("own")
    model["type"] = 1 if made.cloze_fields else 0
    for name in NAMES:
        models.add_field(model, models.new_field(name))
    for one in made.templates:
        new = models.new_template(one.name)
        new["qfmt"], new["afmt"] = one.front, one.back
        models.add_template(model, new)
    models.add_dict(model)
    stored = models.by_name("own")
    assert stored is not None
    try:
        note = collection.new_note(stored)
        note.fields = [
            fields.render_html(given_values.get(name, ()), {}, cloze=bool(made.cloze_fields))
            for name in NAMES
        ]
        note.tags = ["a", "b"]
        collection.add_note(note, collection.decks.current()["id"])
        rendered = ((one.ord, one.render_output()) for one in note.cards())
        shown = {ordinal: (one.question_text, one.answer_text) for ordinal, one in rendered}
        fronts = [template.parse_template(one.front) for one in made.templates]
        ours = (
            cards.cloze_ordinals([note[name] for name in made.cloze_fields])
            if made.cloze_fields
            else cards.TemplateCards(fronts, NAMES).ordinals(note.fields, tagged=True)
        )
        return ours, shown
    finally:
        models.remove(stored["id"])


def words(html: str, *, asks: bool) -> str:
    """What a page says, without what only a screen can do."""
    html = re.sub(r"<a class=hint.*?</a>", "", html, flags=re.DOTALL)
    html = re.sub(r"\[anki:play:[qa]:\d+\]", "", html)
    html = html.replace("[[type:T]]", "[…]" if asks else "typed")
    html = html.replace("[...]", "[…]")
    html = re.sub("‹.*?›", "‹›", html, flags=re.DOTALL)
    return Page(html).words


@pytest.mark.anki
@many
@given(st.lists(st.tuples(htmls, htmls), min_size=1, max_size=2), values)
def test_ordinary_templates_show_what_anki_shows(
    anki: Learner, pairs: list[tuple[str, str]], given_values: dict[str, Content]
) -> None:
    """As many cards, and the same words on them, whatever the tags, sections and fields."""
    read_ones = [
        read(f"{one}{{{{A}}}}", f"{MARK}{two}", f"Card {n}") for n, (one, two) in enumerate(pairs, 1)
    ]
    assume(None not in read_ones)
    made = own(*(one for one in read_ones if one is not None))
    assume(len({one.front for one in made.templates}) == len(pairs))  # Anki's editor takes no two alike
    if "T" not in given_values:  # Anki takes the place for typing out when it shows the card
        assume(not any("type:" in one.front + one.back for one in made.templates))

    ours, shown = by_anki(anki, made, given_values)
    assume(not OLD or ours == tuple(shown))
    found = {ordinal: (front, back) for ordinal, front, back in custom_cards(made, given_values, ("a", "b"))}

    assert tuple(found) == ours == tuple(shown)
    for ordinal, (front, back) in found.items():
        question, answer = shown[ordinal]
        if "The front of this card is blank" not in question:
            assert of_content(front, "[…]") == words(question, asks=True)
            assert of_content(back, "[…]") == words(answer, asks=False)


@pytest.mark.anki
@many
@given(htmls, htmls, contents(clozes=True), values)
def test_cloze_templates_show_what_anki_shows(
    anki: Learner, one: str, two: str, text: Content, given_values: dict[str, Content]
) -> None:
    """A card for each number, and each hides and shows what Anki hides and shows."""
    front = f"{one}{{{{cloze:Text}}}}".replace("{{type:T}}", "")
    back = f"{MARK}{two}{{{{cloze:Text}}}}{{{{#Text}}}}filled{{{{/Text}}}}".replace("{{type:T}}", "")
    one_read = read(front, back)
    assume(one_read is not None)
    assert one_read is not None
    made = own(one_read)
    given_values = {**given_values, "Text": text}
    assume(cloze_depth(fields.render_html(text, {}, cloze=True)) <= DEPTH)

    ours, shown = by_anki(anki, made, given_values)
    found = {ordinal: (front, back) for ordinal, front, back in custom_cards(made, given_values, ("a", "b"))}

    assert ours == tuple(shown)
    assert tuple(found) in {ours, ()}
    for ordinal, (asked, told) in found.items():
        question, answer = shown[ordinal]
        assert of_content(asked, "[…]").replace("[...]", "[…]") == words(question, asks=True)
        assert of_content(told, "[…]").replace("[...]", "[…]") == words(answer, asks=False)


@pytest.mark.anki
def test_braces_in_any_field_of_a_cloze_note_are_text(anki: Learner) -> None:
    """Anki looks for cloze numbers in all fields, so what only looks like a deletion must not be one."""
    looks_like_one = {
        "id": "gap",
        "type": "gaps",
        "fields": {"Sentence": "{{c1::a}}", "More": "{{c2::b}} {{c3::c"},
    }
    author = Author()
    author.builds(looks_like_one)
    anki.imports(author.main)
    (card_id,) = anki.collection.find_cards("Key:gap")
    note = anki.collection.get_card(card_id).note()
    anki.collection.update_note(note)  # whoever edits a note has its cards made anew

    assert len(note.cards()) == 1
    assert "{{c2::b}}" in Page(anki.collection.get_card(card_id).answer()).words


@pytest.mark.anki
def test_a_learner_can_change_the_style_of_an_own_note_type(anki: Learner) -> None:
    """Anki's editor saves a note type only when no two fronts of it are the same, spare ones included."""
    author = Author()
    author.builds(BICEPS)
    anki.imports(author.main)
    models = anki.collection.models
    stored = models.by_name("cardwright legs muscle")
    assert stored is not None
    stored["css"] += " .card { color: green }"

    models.update_dict(stored)

    changed = models.by_name("cardwright legs muscle")
    assert changed is not None
    assert changed["css"].endswith("green }")


def test_two_templates_with_the_same_front_are_a_mistake() -> None:
    """But for those that show which of them is asking."""

    def codes(front: str) -> list[str]:
        back = {"back": "{{Origin}}"}
        twins = changed(MUSCLE, templates={"One": {"front": front, **back}, "Two": {"front": front, **back}})
        return [one.code for one in Author({"muscle": twins}).builds(BICEPS).report]

    assert codes("{{Name}}?") == ["same-front"]
    assert codes("{{Card}}: {{Name}}?") == []


# What templates say on paper.


def lines(content: Content) -> list[str]:
    """What each block says."""
    return [of_content((block,), "[…]") for block in content]


def test_tags_say_on_paper_what_they_say_in_a_browser() -> None:
    """Emphasis, lists, headings, quotations, code, links, rules and tables."""
    html = (
        "<h2>Head</h2><div>a <b>bold</b> <i>word</i> <s>no</s> <kbd>k</kbd></div>"
        '<ul><li>one<li>two</ul><ol start="3"><li>three</li></ol><blockquote>said</blockquote>'
        '<pre>a\n  b</pre><hr><p>go <a href="https://a.b/?x=1&amp;y=2">there</a>'
        "<table><tr><th>h<th>i<tr><td>1</td></tr></table>"
    )
    one, two, three = plain("one"), plain("two"), plain("three")

    assert laid_out(html) == (
        c.Heading(2, (Text("Head"),)),
        Paragraph(
            (
                Text("a "),
                Strong((Text("bold"),)),
                Text(" "),
                c.Emphasis((Text("word"),)),
                Text(" "),
                c.Strikethrough((Text("no"),)),
                Text(" "),
                c.Code("k"),
            )
        ),
        c.BulletList((one, two)),
        c.OrderedList(3, (three,)),
        c.Quote(plain("said")),
        c.CodeBlock("a\n  b"),
        c.ThematicBreak(),
        Paragraph((Text("go "), c.Link("https://a.b/?x=1&y=2", (Text("there"),)))),
        c.Table(("", ""), ((Text("h"),), (Text("i"),)), (((Text("1"),), ()),)),
    )


def test_white_space_counts_once_and_not_at_the_edges() -> None:
    """Templates are indented; a browser shows nothing of that."""
    shown = laid_out("\n  <div>\n    a  <b> b </b> c\n  </div>\n  &nbsp;d<br>\n e\n")

    assert shown == (
        Paragraph((Text("a "), Strong((Text("b "),)), Text("c"))),
        Paragraph((Text("\u00a0d"), c.LineBreak(), Text("e"))),
    )


def test_a_field_of_several_blocks_cuts_the_text_around_it() -> None:
    """As a browser does; and it takes over the emphasis that it stands in."""
    field: Content = (Paragraph((Text("1"),)), BulletList((plain("2"),)))

    assert laid_out("a <b>{{A}}</b> b", A=field) == (
        Paragraph((Text("a"),)),
        Paragraph((Strong((Text("1"),)),)),
        BulletList((paragraph(Strong((Text("2"),))),)),
        Paragraph((Text("b"),)),
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a<i>b</b>c</i>d", ["abcd"]),
        ("<div>a<p>b<div>c</div>d", ["a", "b", "c", "d"]),
        ("a</div></b></ul>b</p>c", ["ab", "c"]),
        ("<ul><li>a<ul><li>b</ul>c</ul>d", ["abc", "d"]),
        ("<li>a<li>b", ["a", "b"]),
        ("<td>a<tr>b", ["ab"]),
        ("<table><tr>y<td>z</table>", ["y", "z"]),
        ("<table><div>x</div><tr><td>z</td>w</tr></table>v", ["x", "w", "z", "v"]),
        ("<h1>a<h2>b", ["a", "b"]),
        ("<b/>a</b>b", ["ab"]),
        ("a</br>b", ["ab"]),
        ("<blockquote></blockquote><ul></ul><table></table><p></p>", []),
    ],
)
def test_tags_that_cross_or_stay_open_end_as_in_a_browser(html: str, expected: list[str]) -> None:
    """Templates in use are full of them."""
    assert lines(laid_out(html)) == expected


def test_sections_may_cross_tags() -> None:
    """Anki decides them before a browser sees any tag."""
    html = "{{#A}}<ul><li>{{/A}}{{^A}}<b>{{/A}}x{{#A}}</ul>{{/A}}y"

    assert laid_out(html, A=plain("a")) == (BulletList((plain("x"),)), *plain("y"))
    assert laid_out(html) == paragraph(Strong((Text("xy"),)))


def test_the_back_does_not_repeat_the_front() -> None:
    """The front is on the other side of the paper, and so is what divides the two."""
    _, back = sides("{{A}}", "{{FrontSide}}\n<hr id=answer>\n<div>{{B}}</div>", A=plain("q"), B=plain("a"))

    assert back == plain("a")


def test_what_is_typed_is_a_blank_and_then_the_answer_once() -> None:
    """A field that is shown anyway is not printed a second time for being compared with."""
    typed = "is {{type:T}}"
    front, back = sides(f"{{{{A}}}} {typed}", typed, A=plain("It"), T=plain("x"))
    _, shown = sides(f"{{{{A}}}} {typed}", f"{typed}<br>{{{{T}}}}", A=plain("It"), T=plain("x"))
    empty, _ = sides(f"{{{{A}}}} {typed}", "-", A=plain("It"))

    assert front == paragraph(Text("It is "), Blank())
    assert lines(back) == ["isx"]
    assert lines(shown) == ["isx"]
    assert Blank() not in list(c.inlines(empty))


def test_a_typed_cloze_is_a_gap_once() -> None:
    """The gap in the text is the place to fill; on the back what was hidden stands in the text."""
    text = paragraph(Text("It is "), hole(1, "x"))
    both = "{{cloze:Text}}<br>{{type:cloze:Text}}"
    front, back = sides(both, both, Text=text)
    _, alone = sides(both, "{{type:cloze:Text}}", Text=text)

    assert list(c.inlines(front)).count(Blank()) == 1
    assert lines(back) == ["Itisx"]
    assert lines(alone) == ["x"]


def test_what_is_spoken_or_known_to_a_learner_alone_is_not_printed() -> None:
    """Paper has no voice, and does not know in which deck a card is kept."""
    html = "{{A}}{{tts en_US voices=Apple_Otoya speed=0.8:A}}{{Deck}}{{Subdeck}}{{CardFlag}}|{{Card}}"

    assert lines(laid_out(html, A=plain("a"))) == ["a|Card1"]


def test_a_hint_stands_in_a_line_of_its_own() -> None:
    """On paper nothing can be asked for."""
    shown = laid_out("a{{hint:B}}b", B=plain("hint"))

    assert shown == (*plain("a"), *paragraph(c.Emphasis((Text("hint"),))), *plain("b"))
    assert lines(laid_out("a{{hint:B}}b")) == ["ab"]


def test_lists_and_tables_in_a_cell_become_lines() -> None:
    """A cell of a content holds a run of text; nothing of it is lost."""
    (table,) = laid_out("<table><td>{{A}}</table>", A=(*plain("1"), BulletList((plain("2"), plain("3")))))

    assert isinstance(table, c.Table)
    assert table.rows == (((Text("1"), c.LineBreak(), Text("• 2"), c.LineBreak(), Text("• 3")),),)


@pytest.mark.parametrize(
    "tag",
    ["<div>", "<b>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<h1><div>", "<table><div>", "<pre>"],
)
def test_thousands_of_tags_in_each_other_do_no_harm(tag: str) -> None:
    """Nor as many that end nothing."""
    opened = tag * (15_000 // len(tag))

    assert "x" in of_content(laid_out(f"{opened}x"), "")
    assert "x" in of_content(laid_out(opened + "x" + "</p></i></li></td>" * 1000), "")
