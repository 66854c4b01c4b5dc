"""Which cards a note has, and what they show: judged by real Anki."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cardwright.collection import card, notetype, template
from cardwright.collection.content import plain
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki import cards, note_types
from cardwright.formats.anki.render import RenderedNote, render_deck
from cardwright.rehearsal.profile import ANKI_VERSION
from tests.support.contents import contents
from tests.support.notes import SPAN, cloze, deck, hole, question, release
from tests.support.plain_words import Page, content_words
from tests.support.real_anki import Learner, learner

pytestmark = pytest.mark.anki

# One profile serves all examples of a test: each adds a note and takes it away again.
many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

# Anki 24.11 takes no notice of comments in templates, reads clozes only three deep, and none in one
# with the number 0; 25.09 is like the newest. What we write has neither comments nor a number 0, and
# nobody nests clozes so deep by hand.
OLD = ANKI_VERSION.startswith("24.")
COMMENT = "" if OLD else "<!-- {{A}} -->"
DEPTH = 3 if OLD else 99

FRONTS = (
    "{{A}}",
    "word {{#B}}word{{/B}} {{Tags}}",
    "{{#B}}{{C}}{{/B}}",
    "{{^A}}{{B}}{{/A}}",
    "{{#A}}{{^B}}{{ C }}{{/B}}{{/A}}",
    "{{furigana:C}}",
    "{{#C}}{{type:A}}{{/C}}",
    COMMENT + "{{#B}}{{#C}}{{text:A}}{{/C}}{{/B}}",
)
VALUES = st.sampled_from(
    (
        *("", " ", "\n", "<br>", "<br/>", "<BR />", "<div></div>", " <div><br></div>\t", "\u00a0", "\u3000"),
        *("&nbsp;", "x", "<img src=x>", "<p></p>", "<b></b>", "</div", "<br >", "<br x>", "0"),
    )
)
CLOZES = st.lists(
    st.sampled_from(
        (
            *("{{c1::", "{{c2::", "{{c3::", "{{c0::", "{{c::", "{{C6::", "{{c7:", "{{c٣::"),
            *("{{c500::", "{{c501::", "{{c600::", "{{c08::", "{{c 9::", "{{c9 ::"),
            *("}}", "}}", "}}", "}", "::", "a", "{{", "<b>", "\n"),
        )
    ),
    max_size=9,
).map("".join)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learner]:
    """A profile that has our note types, a Cloze one, and one with the odd fronts above."""
    with learner(tmp_path_factory.mktemp("anki")) as one:
        one.imports(release(deck(question("q"), cloze("c", hole(1, "x")))).package)
        models = one.collection.models
        odd = models.new("Odd")
        for name in "ABC":
            models.add_field(odd, models.new_field(name))
        for number, front in enumerate(FRONTS):
            made = models.new_template(f"Card {number}")
            made["qfmt"], made["afmt"] = front, "{{A}}"
            models.add_template(odd, made)
        models.add_dict(odd)
        yield one


def ordinals_by_anki(reference: Learner, model_name: str, values: tuple[str, ...]) -> tuple[int, ...]:
    """The cards that Anki itself makes of a note."""
    shown = faces_by_anki(reference, model_name, values)
    return tuple(sorted(shown))


def faces_by_anki(reference: Learner, model_name: str, values: tuple[str, ...]) -> dict[int, tuple[str, str]]:
    """Question and answer, HTML, of the cards that Anki itself makes of a note, by ordinal."""
    collection = reference.collection
    model = collection.models.by_name(model_name)
    assert model is not None
    note = collection.new_note(model)
    note.fields = list(values)
    collection.add_note(note, collection.decks.current()["id"])
    try:
        rendered = ((one.ord, one.render_output()) for one in note.cards())
        return {ordinal: (shown.question_text, shown.answer_text) for ordinal, shown in rendered}
    finally:
        collection.remove_notes([note.id])


@many
@given(st.tuples(VALUES, VALUES, VALUES))
def test_templates_make_the_cards_that_anki_makes(reference: Learner, values: tuple[str, str, str]) -> None:
    """Sections, negated ones, filters, constant text, tags, comments, and fields that only look filled."""
    ours = cards.TemplateCards([template.parse_template(front) for front in FRONTS], "ABC")

    assert ours.ordinals(values, tagged=False) == ordinals_by_anki(reference, "Odd", values)


def cloze_depth(html: str) -> int:
    """At most how many cloze deletions stand in each other."""
    depths = [0]
    for token in re.findall(r"\{\{c[0-9]+::|\}\}", html):
        depths.append(depths[-1] + 1 if token != "}}" else max(0, depths[-1] - 1))
    return max(depths)


@many
@given(CLOZES)
def test_clozes_make_the_cards_that_anki_makes(reference: Learner, text: str) -> None:
    """Nested ones, several numbers, none at all, unclosed ones, and numbers out of range."""
    assume(cloze_depth(text) <= DEPTH and not (OLD and "{{c0::" in text))
    assert cards.cloze_ordinals([text]) == ordinals_by_anki(reference, "Cloze", (text, ""))


# A question without a word is a mistake that the reader reports, so each begins with one.
asked = contents(clozes=False).map(lambda content: (*plain("word"), *content))
question_notes = st.builds(
    lambda fields, reverse: Note("key", SPAN, SPAN, NoteType.QUESTION, {**fields, **reverse}),
    st.fixed_dictionaries(
        {notetype.QUESTION: asked, notetype.ANSWER: contents(clozes=False)},
        optional={notetype.EXTRA: st.just(plain("extra"))},
    ),
    st.just({}) | st.fixed_dictionaries({notetype.REVERSE: asked, notetype.REVERSE_ANSWER: asked}),
)
cloze_notes = st.builds(
    lambda text: Note("key", SPAN, SPAN, NoteType.CLOZE, {notetype.TEXT: text}), contents(clozes=True)
)


def rendered(note: Note) -> RenderedNote:
    (only,) = render_deck(deck(note)).notes
    return only


@many
@given(question_notes)
def test_questions_show_what_every_other_output_shows(reference: Learner, note: Note) -> None:
    """The cards that Anki makes are those of the deck that is printed: as many, with the same words."""
    ours = rendered(note)
    shown = faces_by_anki(reference, "cardwright deck question", ours.values)
    expected = {one.ordinal: one for one in card.cards(note)}

    assert ours.ordinals == tuple(shown) == tuple(expected)
    for ordinal, one in expected.items():
        question_html, answer_html = shown[ordinal]
        assert Page(question_html).words == content_words(one.front, "[…]")
        assert content_words(one.back, "[…]") in Page(answer_html).words


@many
@given(cloze_notes)
def test_clozes_show_what_every_other_output_shows(reference: Learner, note: Note) -> None:
    """Whatever stands in the text or in a hint, it hides and shows just what was meant."""
    ours = rendered(note)
    assume(cloze_depth(ours.values[0]) <= DEPTH)
    shown = faces_by_anki(reference, "cardwright deck cloze", ours.values)
    expected = {one.ordinal: one for one in card.cards(note)}

    assert ours.ordinals == tuple(shown)
    assert tuple(expected) in {tuple(shown), ()}
    for ordinal, one in expected.items():
        question_html, answer_html = shown[ordinal]
        assert Page(question_html).words == content_words(one.front, "[...]")
        assert Page(answer_html).words.startswith(content_words(one.back, "[...]"))


def test_nothing_is_played_or_typeset_but_formulas(reference: Learner) -> None:
    """Text that looks like a sound, LaTeX or a tag of Anki's stays text."""
    trap = "[sound:a.mp3] [anki:tts lang=en]x[/anki:tts] [latex]x[/latex] [$]x[/$]"
    ours = rendered(question("key", trap, trap))
    ((shown_question, shown_answer),) = faces_by_anki(
        reference, "cardwright deck question", ours.values
    ).values()

    assert Page(shown_question).words == re.sub(r"\s", "", trap)
    assert re.sub(r"\s", "", trap) in Page(shown_answer).words


def test_braces_beside_a_cloze_make_no_cards(reference: Learner) -> None:
    """Anki looks for numbers in all fields of a cloze note, as soon as a learner edits it."""
    trap = "{{c2::b}} {{c3::c"
    ours = rendered(replace(cloze("key", hole(1, "a"), extra=trap, hint=trap), topic=trap))
    shown = faces_by_anki(reference, "cardwright deck cloze", ours.values)

    assert ours.ordinals == tuple(shown) == (0,)
    assert Page(shown[0][1]).words.count(re.sub(r"\s", "", trap)) == 2  # the hint is on the front


def test_typing_is_compared_with_the_words_as_written(reference: Learner) -> None:
    """Anki takes the field apart again before it compares, so what is escaped does no harm."""
    typed = "a < b & {c} :: [1] C:\\new"
    place = [field.name for field in note_types.QUESTION_FIELDS].index("Typed")
    value = rendered(replace(question("key"), typed=typed)).values[place]

    assert_all_good(reference.collection.compare_answer(value, typed))


def test_a_typed_cloze_is_compared_with_what_it_hides(reference: Learner) -> None:
    """Braces and colons in the hidden text are written as entities, and compared as themselves."""
    text = rendered(cloze("key", "It is ", hole(1, "std::map{int}"), ".")).values[0]
    hidden = reference.collection.extract_cloze_for_typing(text, 1)

    assert_all_good(reference.collection.compare_answer(hidden, "std::map{int}"))


def assert_all_good(comparison: str) -> None:
    assert "typeGood" in comparison
    assert "typeBad" not in comparison
    assert "typeMissed" not in comparison
