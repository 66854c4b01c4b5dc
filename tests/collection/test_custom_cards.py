"""What the cards of an author's own note type show: judged by real Anki."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cardwright.collection import content as c
from cardwright.collection import template
from cardwright.collection.custom_note_type import CustomNoteType, CustomTemplate, custom_cards
from cardwright.collection.deck_name import DeckName
from cardwright.collection.notetype import NoteType
from cardwright.diagnostics import Report
from cardwright.formats.anki import cards, fields
from cardwright.rehearsal.profile import ANKI_VERSION
from cardwright.source.template_reader import read_template
from tests.formats.anki.test_cards import DEPTH, cloze_depth
from tests.support.contents import contents
from tests.support.custom_decks import BICEPS, MUSCLE, Author, changed, scalar
from tests.support.notes import SPAN, deletion, paragraph
from tests.support.plain_words import Page, content_words
from tests.support.real_anki import Learner, new_learner

NAMES = ("A", "B", "P", "T", "Text")
BACK_SIGN = "§"
DECK = DeckName("Deck", "Upper::Lower")


def read(front: str, back: str = "-", name: str = "Card 1") -> CustomTemplate | None:
    """Return a template, or None if it is refused."""
    front_side = read_template(scalar(front), NAMES, "front", Report())
    back_side = read_template(scalar(back), NAMES, "back", Report())
    if front_side is None or back_side is None:
        return None
    return CustomTemplate(name, front_side[0], back_side[0], front_side[1], back_side[1])


def note_type(*templates: CustomTemplate) -> CustomNoteType:
    cloze_fields = template.fields_with_filter(templates[0].front_nodes, "cloze")
    return CustomNoteType(NoteType("own"), NAMES, templates, "", cloze_fields, SPAN)


def sides(front: str, back: str = "-", **fields: c.Content) -> tuple[c.Content, c.Content]:
    """Return front and back of a note's first card."""
    card_template = read(front, back)
    assert card_template is not None
    _, front_content, back_content = next(custom_cards(note_type(card_template), fields, ("b", "a"), DECK))
    return front_content, back_content


def all_sides(
    custom_type: CustomNoteType, fields: dict[str, c.Content]
) -> dict[int, tuple[c.Content, c.Content]]:
    """Return front and back of each card by ordinal."""
    sides = custom_cards(custom_type, fields, ("a", "b"), DECK)
    return {ordinal: (front, back) for ordinal, front, back in sides}


def lay_out(html: str, **fields: c.Content) -> c.Content:
    """Return what a template shows. fields: its fields that are not empty."""
    return sides(f"{html}{{{{T}}}}", "-", **fields)[0]


# Templates with everything that they may have.

_TEXTS = ("word", " ", "\n", "&amp;lt; &lt; &nbsp;", *"{[]\\:(ö", "}}", "\\(x^2\\)")
_DECK = ("Deck", "Subdeck")
_FIELDS = ("A", " A ", "{A}", "B", "P", "hint:B", "tts en_US:P", "type:T", "Tags", "Card", "Type", *_DECK)
_LEAVES = st.sampled_from(
    (
        *_TEXTS,
        *(f"{{{{{field}}}}}" for field in _FIELDS),
        *("‹{{CardFlag}}›", "<!-- {{Nothing}} -->", "<!---->", "<br>", "<hr>"),
        "<table><tr><th>one<td>{{P}}<tr><td>two</table>",
        "<ul><li>one<li>{{P}}</ul>",
    )
)
_ELEMENTS = ("b", "i class='x'", "code", 'a href="https://a.b/c"', "div", "p", "h2", "pre", "blockquote")
_SECTIONS = ("A", "B", "T", "Tags", "Card", "CardFlag", "Deck")


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(inner, max_size=3).map("".join)
    lists = st.sampled_from(("ul", "ol start=3"))
    return st.one_of(
        st.builds(_element, st.sampled_from(_ELEMENTS), parts),
        st.builds(lambda tag, entry: _element(tag, _element("li", entry)), lists, parts),
        st.builds(
            lambda name, sign, text: f"{{{{{sign}{name}}}}}{text}{{{{/{name} }}}}",
            st.sampled_from(_SECTIONS),
            st.sampled_from("#^"),
            parts,
        ),
    )


def _element(tag: str, inner: str) -> str:
    return f"<{tag}>{inner}</{tag.split(maxsplit=1)[0]}>"


htmls = st.lists(st.recursive(_LEAVES, _around, max_leaves=6), max_size=8).map("".join)
values = st.fixed_dictionaries(
    {},
    optional={
        "A": contents(clozes=False) | st.just((c.Paragraph((c.Text(" "), c.LineBreak())),)),
        "B": contents(clozes=False),
        "P": st.just(c.plain("plain <b>")),
        "T": st.just(c.plain("typed")),
    },
)

# Each example makes a note type in Anki and takes it away again.
in_anki = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.fixture(scope="module")
def anki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    with new_learner(tmp_path_factory.mktemp("anki")) as learner:
        yield learner


# Before 26.08 Anki made no card of a front that shows nothing but tags, the deck and the like.
IS_OLD_ANKI = tuple(int(part) for part in ANKI_VERSION.split(".")[:2]) < (26, 8)

HtmlSides = dict[int, tuple[str, str]]


def render_with_anki(
    anki: Learner, note_type: CustomNoteType, values: dict[str, c.Content]
) -> tuple[tuple[int, ...], HtmlSides]:
    """Return the ordinals of a note's cards by our rule, and Anki's own question and answer by ordinal."""
    collection = anki.collection
    models = collection.models
    model = models.new("own")
    model["type"] = 1 if note_type.cloze_fields else 0
    for name in NAMES:
        models.add_field(model, models.new_field(name))
    for card_template in note_type.templates:
        anki_template = models.new_template(card_template.name)
        anki_template["qfmt"], anki_template["afmt"] = card_template.front, card_template.back
        models.add_template(model, anki_template)
    models.add_dict(model)
    saved_model = models.by_name("own")
    assert saved_model is not None
    try:
        note = collection.new_note(saved_model)
        is_cloze = bool(note_type.cloze_fields)
        note.fields = [fields.render_html(values.get(name, ()), {}, cloze=is_cloze) for name in NAMES]
        note.tags = ["a", "b"]
        deck_id = collection.decks.id(DECK.full)
        assert deck_id is not None
        collection.add_note(note, deck_id)
        rendered = ((card.ord, card.render_output()) for card in note.cards())
        html = {ordinal: (output.question_text, output.answer_text) for ordinal, output in rendered}
        fronts = [template.parse_template(card_template.front) for card_template in note_type.templates]
        ordinals = (
            cards.cloze_ordinals([note[name] for name in note_type.cloze_fields])
            if is_cloze
            else cards.TemplateCards(fronts, NAMES).ordinals(note.fields, tagged=True)
        )
        return ordinals, html
    finally:
        models.remove(saved_model["id"])


def page_words(html: str, *, is_front: bool) -> str:
    """Return the words of a page, without what only a screen can show."""
    html = re.sub(r"<a class=hint.*?</a>", "", html, flags=re.DOTALL)
    html = re.sub(r"\[anki:play:[qa]:\d+\]", "", html)
    html = html.replace("[[type:T]]", "[…]" if is_front else "typed")
    html = html.replace("[...]", "[…]")
    html = re.sub("‹.*?›", "‹›", html, flags=re.DOTALL)
    return Page(html).words


@pytest.mark.anki
@in_anki
@given(st.lists(st.tuples(htmls, htmls), min_size=1, max_size=2), values)
def test_ordinary_templates_show_what_anki_shows(
    anki: Learner, pairs: list[tuple[str, str]], field_values: dict[str, c.Content]
) -> None:
    """As many cards, and the same words on them, whatever the elements, sections and fields."""
    templates = [
        read(f"{front}{{{{A}}}}", f"{BACK_SIGN}{back}", f"Card {number}")
        for number, (front, back) in enumerate(pairs, 1)
    ]
    assume(None not in templates)
    custom_type = note_type(*(card_template for card_template in templates if card_template is not None))
    # Anki's editor accepts no two templates with the same front.
    assume(len({card_template.front for card_template in custom_type.templates}) == len(pairs))
    if "T" not in field_values:  # Anki takes the place for typing out when it shows the card
        assume(not any("type:" in html for pair in pairs for html in pair))

    ordinals, html = render_with_anki(anki, custom_type, field_values)
    assume(not IS_OLD_ANKI or ordinals == tuple(html))
    ours = all_sides(custom_type, field_values)

    assert tuple(ours) == ordinals == tuple(html)
    for ordinal, (front, back) in ours.items():
        question, answer = html[ordinal]
        if "The front of this card is blank" not in question:
            assert content_words(front, "[…]") == page_words(question, is_front=True)
            assert content_words(back, "[…]") == page_words(answer, is_front=False)


@pytest.mark.anki
@in_anki
@given(htmls, htmls, contents(clozes=True), values)
def test_cloze_templates_show_what_anki_shows(
    anki: Learner, front_html: str, back_html: str, text: c.Content, field_values: dict[str, c.Content]
) -> None:
    """There is a card for each number, and it hides and shows what Anki hides and shows."""
    front_html = f"{front_html}{{{{cloze:Text}}}}".replace("{{type:T}}", "")
    back_html = f"{BACK_SIGN}{back_html}{{{{cloze:Text}}}}{{{{#Text}}}}filled{{{{/Text}}}}"
    card_template = read(front_html, back_html.replace("{{type:T}}", ""))
    assume(card_template is not None)
    assert card_template is not None
    custom_type = note_type(card_template)
    field_values = {**field_values, "Text": text}
    assume(cloze_depth(fields.render_html(text, {}, cloze=True)) <= DEPTH)

    ordinals, html = render_with_anki(anki, custom_type, field_values)
    ours = all_sides(custom_type, field_values)

    assert ordinals == tuple(html)
    assert tuple(ours) in {ordinals, ()}
    for ordinal, (front, back) in ours.items():
        question, answer = html[ordinal]
        assert content_words(front, "[…]").replace("[...]", "[…]") == page_words(question, is_front=True)
        assert content_words(back, "[…]").replace("[...]", "[…]") == page_words(answer, is_front=False)


@pytest.mark.anki
def test_braces_in_any_field_of_a_cloze_note_are_text(anki: Learner) -> None:
    """Anki looks for cloze numbers in all fields, so text that looks like a deletion must not become one."""
    texts = {"Sentence": "{{c1::a}}", "More": "{{c2::b}} {{c3::c"}
    anki.import_package(Author().build({"id": "gap", "type": "gaps", "fields": texts}).package)
    (card_id,) = anki.collection.find_cards("Key:gap")
    note = anki.collection.get_card(card_id).note()
    anki.collection.update_note(note)  # Anki makes the cards of an edited note anew

    assert len(note.cards()) == 1
    assert "{{c2::b}}" in Page(anki.collection.get_card(card_id).answer()).words


@pytest.mark.anki
def test_a_learner_can_change_the_style_of_a_custom_note_type(anki: Learner) -> None:
    """Anki's editor saves a note type only if all its fronts differ, those of spare templates too."""
    anki.import_package(Author().build(BICEPS).package)
    models = anki.collection.models
    model = models.by_name("cardwright legs muscle")
    assert model is not None
    model["css"] += " .card { color: green }"
    models.update_dict(model)

    assert (models.by_name("cardwright legs muscle") or {})["css"].endswith("green }")


def test_two_templates_with_the_same_front_are_a_mistake() -> None:
    """They may have the same front if they show `{{Card}}`, which differs."""

    def codes(front: str) -> list[str]:
        side = {"front": front, "back": "{{Origin}}"}
        twins = changed(MUSCLE, templates={"One": side, "Two": side})
        return Author({"muscle": twins}).build(BICEPS).codes

    assert codes("{{Name}}?") == ["same-front"]
    assert codes("{{Card}}: {{Name}}?") == []


# What templates show on paper.


def block_words(content: c.Content) -> list[str]:
    return [content_words((block,), "[…]") for block in content]


def test_elements_mean_on_paper_what_they_mean_in_a_browser() -> None:
    html = (
        "<h2>Head</h2><div>a <b>bold</b> <i>word</i> <s>no</s> <kbd>k</kbd></div>"
        '<ul><li>one<li>two</ul><ol start="3"><li>three</li></ol><blockquote>said</blockquote>'
        '<pre>a\n  b</pre><hr><p>go <a href="https://a.b/?x=1&amp;y=2">there</a>'
        "<table><caption>c</caption><tr><th>h<th>i<tr><td>1</td></tr></table>"
    )
    one, two, three = c.plain("one"), c.plain("two"), c.plain("three")

    assert lay_out(html) == (
        c.Heading(2, (c.Text("Head"),)),
        c.Paragraph(
            (
                *(c.Text("a "), c.Strong((c.Text("bold"),))),
                *(c.Text(" "), c.Emphasis((c.Text("word"),))),
                *(c.Text(" "), c.Strikethrough((c.Text("no"),))),
                *(c.Text(" "), c.Styled("kbd", (c.Text("k"),))),
            )
        ),
        c.BulletList((one, two)),
        c.OrderedList(3, (three,)),
        c.Quote(c.plain("said")),
        c.code_block("a\n  b"),
        c.ThematicBreak(),
        c.Paragraph((c.Text("go "), c.Link("https://a.b/?x=1&y=2", (c.Text("there"),)))),
        *c.plain("c"),
        c.Table(("", ""), (c.plain("h"), c.plain("i")), ((c.plain("1"), ()),)),
    )


def test_white_space_counts_once_and_not_at_the_edges() -> None:
    """Templates are indented, and a browser shows nothing of that."""
    content = lay_out("\n  <div>\n    a  <b> b </b> c\n  </div>\n  &nbsp;d<br>\n e\n")

    assert content == (
        c.Paragraph((c.Text("a "), c.Strong((c.Text("b "),)), c.Text("c"))),
        c.Paragraph((c.Text("\u00a0d"), c.LineBreak(), c.Text("e"))),
    )


def test_a_field_of_several_blocks_splits_the_text_around_it() -> None:
    """The field also takes over the emphasis around it, as in a browser."""
    field: c.Content = (c.Paragraph((c.Text("1"),)), c.BulletList((c.plain("2"),)))

    assert lay_out("a <b>{{A}}</b> b", A=field) == (
        c.Paragraph((c.Text("a"),)),
        c.Paragraph((c.Strong((c.Text("1"),)),)),
        c.BulletList((paragraph(c.Strong((c.Text("2"),))),)),
        c.Paragraph((c.Text("b"),)),
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a<i>b</i></b><i>c</i>d", ["abcd"]),
        ("<div>a<p>b<div>c</div>d</div>", ["a", "b", "c", "d"]),
        ("<b>a<div>b</div></b>c", ["a", "b", "c"]),
        ("<ul><li>a<ul><li>b</ul>c</ul>d", ["abc", "d"]),
        ("<ul>x<li>a</li>y<ul><li>b</ul></ul>", ["xayb"]),
        ("<table><tbody><tr><th>a<p>b<td>c<tbody><tr><td>d</table>", ["abcd"]),
        ("<h1>a</h1><h2>b</h2>", ["a", "b"]),
        ("<b/>a</b>b<br/>c", ["abc"]),
        ("<blockquote></blockquote><ul></ul><table></table><p></p>", []),
    ],
)
def test_elements_without_an_end_tag_end_as_in_a_browser(html: str, expected: list[str]) -> None:
    assert block_words(lay_out(html)) == expected


def test_sections_may_hold_whole_elements() -> None:
    """Anki decides sections before a browser sees any tag."""
    html = "<ul>{{#A}}<li>x</li>{{/A}}{{^A}}<li><b>y</b></li>{{/A}}</ul>"

    assert lay_out(html, A=c.plain("a")) == (c.BulletList((c.plain("x"),)),)
    assert lay_out(html) == (c.BulletList((paragraph(c.Strong((c.Text("y"),))),)),)


def test_the_back_does_not_repeat_the_front() -> None:
    """The front is on the other side of the paper, and so is the rule between the two."""
    back_html = "{{FrontSide}}\n<hr id=answer>\n<div>{{B}}</div>"
    _, back = sides("{{A}}", back_html, A=c.plain("q"), B=c.plain("a"))

    assert back == c.plain("a")


def test_what_is_typed_in_is_a_blank_and_then_the_answer_once() -> None:
    """A field that is shown anyway isn't printed a second time to compare it with the learner's answer."""
    typed = "is {{type:T}}"
    front, back = sides(f"{{{{A}}}} {typed}", typed, A=c.plain("It"), T=c.plain("x"))
    _, back_with_field = sides(f"{{{{A}}}} {typed}", f"{typed}<br>{{{{T}}}}", A=c.plain("It"), T=c.plain("x"))
    front_of_empty_field, _ = sides(f"{{{{A}}}} {typed}", "-", A=c.plain("It"))

    assert front == paragraph(c.Text("It is "), c.Blank())
    assert block_words(back) == ["isx"]
    assert block_words(back_with_field) == ["isx"]
    assert c.Blank() not in list(c.inlines(front_of_empty_field))


def test_a_typed_cloze_is_one_gap_in_its_text() -> None:
    text = paragraph(c.Text("It is "), deletion(1, "x"))
    both = "{{cloze:Text}}<br>{{type:cloze:Text}}"
    front, back = sides(both, both, Text=text)
    _, back_with_answer_alone = sides(both, "{{type:cloze:Text}}", Text=text)

    assert list(c.inlines(front)).count(c.Blank()) == 1
    assert block_words(back) == ["Itisx"]
    assert block_words(back_with_answer_alone) == ["x"]


def test_what_is_spoken_or_known_to_the_learner_alone_is_not_printed() -> None:
    """Paper has no voice, and doesn't know a learner's flags."""
    html = "{{A}}{{tts en_US voices=Apple_Otoya speed=0.8:A}}{{CardFlag}}|{{Card}}"

    assert block_words(lay_out(html, A=c.plain("a"))) == ["a|Card1"]


def test_a_hint_stands_in_a_line_of_its_own() -> None:
    content = lay_out("a{{hint:B}}b", B=c.plain("hint"))

    assert content == (*c.plain("a"), *paragraph(c.Emphasis((c.Text("hint"),))), *c.plain("b"))
    assert block_words(lay_out("a{{hint:B}}b")) == ["ab"]


def test_a_cell_shows_the_blocks_of_a_field() -> None:
    field: c.Content = (*c.plain("1"), c.BulletList((c.plain("2"), c.plain("3"))))
    (table,) = lay_out("<table><tr><td>{{A}}</table>", A=field)

    assert isinstance(table, c.Table)
    assert table.rows == ((field,),)
