"""Which cards a note has, and what they show: judged by real Anki."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cardwright.collection import card, notetype, template
from cardwright.collection.content import plain
from cardwright.collection.note import Note
from cardwright.collection.notetype import NoteType
from cardwright.formats.anki import cards, note_types
from cardwright.formats.anki.render import RenderedNote, render_deck
from cardwright.record import replace
from cardwright.rehearsal.profile import ANKI_VERSION
from tests.support.contents import contents
from tests.support.notes import SPAN, cloze, deck, deletion, question, release
from tests.support.plain_words import Page, content_words
from tests.support.real_anki import Learner, new_learner

pytestmark = pytest.mark.anki

# One profile serves all examples: each adds a note and removes it again.
one_profile = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

# Anki 24.11 doesn't know comments in templates, reads clozes only three levels deep, and none inside
# a cloze with the number 0; 25.09 is like the newest. Our packages contain neither comments nor a number
# 0, and nobody nests clozes so deep by hand.
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
    """A profile with our note types, Anki's Cloze, and a note type with the odd fronts above."""
    with new_learner(tmp_path_factory.mktemp("anki")) as learner:
        learner.import_package(release(deck(question("q"), cloze("c", deletion(1, "x")))).package)
        models = learner.collection.models
        odd = models.new("Odd")
        for name in "ABC":
            models.add_field(odd, models.new_field(name))
        for number, front in enumerate(FRONTS):
            odd_template = models.new_template(f"Card {number}")
            odd_template["qfmt"], odd_template["afmt"] = front, "{{A}}"
            models.add_template(odd, odd_template)
        models.add_dict(odd)
        yield learner


def ordinals_by_anki(reference: Learner, model_name: str, values: tuple[str, ...]) -> tuple[int, ...]:
    """Return the ordinals of the cards that Anki itself makes of a note."""
    return tuple(sorted(sides_by_anki(reference, model_name, values)))


def sides_by_anki(reference: Learner, model_name: str, values: tuple[str, ...]) -> dict[int, tuple[str, str]]:
    """Return front and back of the cards that Anki itself makes of a note, by ordinal."""
    collection = reference.collection
    model = collection.models.by_name(model_name)
    assert model is not None
    note = collection.new_note(model)
    note.fields = list(values)
    collection.add_note(note, collection.decks.current()["id"])
    try:
        outputs = ((card.ord, card.render_output()) for card in note.cards())
        return {ordinal: (output.question_text, output.answer_text) for ordinal, output in outputs}
    finally:
        collection.remove_notes([note.id])


@one_profile
@given(st.tuples(VALUES, VALUES, VALUES))
def test_templates_make_the_cards_that_anki_makes(reference: Learner, values: tuple[str, str, str]) -> None:
    """With sections, filters, constant text, tags, comments, and fields that only look filled."""
    template_cards = cards.TemplateCards([template.parse_template(front) for front in FRONTS], "ABC")

    assert template_cards.ordinals(values, tagged=False) == ordinals_by_anki(reference, "Odd", values)


def cloze_depth(html: str) -> int:
    """Return how deep cloze deletions are nested."""
    depths = [0]
    for token in re.findall(r"\{\{c[0-9]+::|\}\}", html):
        depths.append(depths[-1] + 1 if token != "}}" else max(0, depths[-1] - 1))
    return max(depths)


@one_profile
@given(CLOZES)
def test_clozes_make_the_cards_that_anki_makes(reference: Learner, text: str) -> None:
    """Nested and unclosed clozes, several numbers, none at all, and numbers out of range."""
    assume(cloze_depth(text) <= DEPTH and not (OLD and "{{c0::" in text))
    assert cards.cloze_ordinals([text]) == ordinals_by_anki(reference, "Cloze", (text, ""))


# A question without a word is an error of the reader, so each begins with a word.
questions = contents(clozes=False).map(lambda content: (*plain("word"), *content))
question_notes = st.builds(
    lambda fields, reverse: Note("key", SPAN, SPAN, NoteType.QUESTION, {**fields, **reverse}),
    st.fixed_dictionaries(
        {notetype.QUESTION: questions, notetype.ANSWER: contents(clozes=False)},
        optional={notetype.EXTRA: st.just(plain("extra"))},
    ),
    st.just({}) | st.fixed_dictionaries({notetype.REVERSE: questions, notetype.REVERSE_ANSWER: questions}),
)
cloze_notes = st.builds(
    lambda text: Note("key", SPAN, SPAN, NoteType.CLOZE, {notetype.TEXT: text}), contents(clozes=True)
)


def render_note(note: Note) -> RenderedNote:
    (rendered,) = render_deck(deck(note)).notes
    return rendered


@one_profile
@given(question_notes)
def test_questions_show_what_every_other_output_shows(reference: Learner, note: Note) -> None:
    """Anki makes as many cards as are printed, with the same words."""
    rendered = render_note(note)
    sides = sides_by_anki(reference, "cardwright deck question", rendered.values)
    expected = {laid_out.ordinal: laid_out for laid_out in card.cards(note)}

    assert rendered.ordinals == tuple(sides) == tuple(expected)
    for ordinal, expected_card in expected.items():
        front, back = sides[ordinal]
        assert Page(front).words == content_words(expected_card.front, "[…]")
        assert content_words(expected_card.back, "[…]") in Page(back).words


@one_profile
@given(cloze_notes)
def test_clozes_show_what_every_other_output_shows(reference: Learner, note: Note) -> None:
    rendered = render_note(note)
    assume(cloze_depth(rendered.values[0]) <= DEPTH)
    sides = sides_by_anki(reference, "cardwright deck cloze", rendered.values)
    expected = {laid_out.ordinal: laid_out for laid_out in card.cards(note)}

    assert rendered.ordinals == tuple(sides)
    assert tuple(expected) in {tuple(sides), ()}
    for ordinal, expected_card in expected.items():
        front, back = sides[ordinal]
        assert Page(front).words == content_words(expected_card.front, "[...]")
        assert Page(back).words.startswith(content_words(expected_card.back, "[...]"))


def test_nothing_is_played_or_typeset_but_formulas(reference: Learner) -> None:
    """Text that looks like a sound, LaTeX or one of Anki's tags stays text."""
    trap = "[sound:a.mp3] [anki:tts lang=en]x[/anki:tts] [latex]x[/latex] [$]x[/$]"
    rendered = render_note(question("key", trap, trap))
    ((front, back),) = sides_by_anki(reference, "cardwright deck question", rendered.values).values()

    assert Page(front).words == re.sub(r"\s", "", trap)
    assert re.sub(r"\s", "", trap) in Page(back).words


def test_braces_beside_a_cloze_make_no_cards(reference: Learner) -> None:
    """Anki looks for cloze numbers in all fields of a note as soon as a learner edits it."""
    trap = "{{c2::b}} {{c3::c"
    rendered = render_note(replace(cloze("key", deletion(1, "a"), extra=trap, hint=trap), topic=trap))
    sides = sides_by_anki(reference, "cardwright deck cloze", rendered.values)

    assert rendered.ordinals == tuple(sides) == (0,)
    assert Page(sides[0][1]).words.count(re.sub(r"\s", "", trap)) == 2  # the hint is on the front


def test_typed_answers_are_compared_with_unescaped_text(reference: Learner) -> None:
    """Anki unescapes the field before it compares."""
    typed = "a < b & {c} :: [1] C:\\new"
    index = [field.name for field in note_types.QUESTION_FIELDS].index("Typed")
    value = render_note(replace(question("key"), typed=typed)).values[index]

    assert_all_good(reference.collection.compare_answer(value, typed))


def test_a_typed_cloze_is_compared_with_the_hidden_text(reference: Learner) -> None:
    """Braces and colons are entities in the field."""
    text = render_note(cloze("key", "It is ", deletion(1, "std::map{int}"), ".")).values[0]
    hidden = reference.collection.extract_cloze_for_typing(text, 1)

    assert_all_good(reference.collection.compare_answer(hidden, "std::map{int}"))


def assert_all_good(comparison: str) -> None:
    assert "typeGood" in comparison
    assert "typeBad" not in comparison
    assert "typeMissed" not in comparison
