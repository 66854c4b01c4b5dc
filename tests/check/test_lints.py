"""Advice on the writing of cards: what each rule must find, and what it must leave alone."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.check.lints import LINT_CODES
from cardwright.diagnostics.diagnostic import Diagnostic
from cardwright.diagnostics.report import Report
from cardwright.formats.anki.render import render_deck
from cardwright.pipeline.load import load_decks
from tests.support.memory import FakeEnvironment, deck_files

TODAY = date(2026, 11, 22)
HEAD = "deck: Test\nid: test\n"
SVG = {"cards_source/media/x.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'}


def advised(cards: str, head: str = "", today: date = TODAY) -> list[Diagnostic]:
    """What `check` says of a deck. cards: entries of its list."""
    text = f"{HEAD}{head}cards:\n" + "".join(f"  {line}\n" for line in cards.strip().splitlines())
    media = SVG if "x.svg" in cards else {}
    report = pipeline.check(deck_files({"test.yaml": text}), FakeEnvironment(media), (), today)
    return [found for found in report if found.code != "missing-id"]


def codes(cards: str, head: str = "", today: date = TODAY) -> list[str]:
    return [found.code for found in advised(cards, head, today)]


def card(question: str, answer: str, id_: str = "one") -> str:
    return f"- id: {id_}\n  q: {json.dumps(question)}\n  a: {json.dumps(answer)}"


LONG = " ".join(["word"] * 21)
FOUND = {
    "long-answer": [
        card("What is it that a cell does?", LONG),
        "- id: gap\n  cloze: 'Once upon a time " + "and then again " * 8 + "{{c1::" + LONG + "}} it ended.'",
        card("Was ist das?", "語" * 44),
        f"- id: back\n  q: Name of it?\n  a: Cell\n  reverse: {{q: What is a cell?, a: {LONG}}}",
        f"- id: items\n  list: What happens?\n  items: {{a: {LONG}, b: nothing}}",
    ],
    "enumeration": [
        card("Which fruits are citrus?", "lemon, lime, orange, grapefruit"),
        card("Which fruits are citrus?", "Lemon, lime, sweet orange and grapefruit."),
        card("Which fruits are citrus?", "lemon; lime; orange; grapefruit"),
        card("柑橘類は何ですか", "レモン、ライム、オレンジ、柚子"),
        "- id: one\n  q: Which?\n  a: |\n    - a\n    - b\n    - c\n    - d",
        "- id: one\n  q: Which?\n  a: |\n    These:\n\n    1. a\n    2. b\n    3. c\n    4. d",
    ],
    "yes-no-question": [
        card("Is a whale a fish?", "No"),
        card("Do the hamstrings cross two joints?", "Yes, the hip and the knee."),
        card("Grade 1: are fibres torn?", "No."),
        card("According to the clinic, does ice help?", "yes"),
        card("True or false: a whale is a fish.", "False"),
        card("Isn't a whale a fish?", "No: it is a mammal"),
    ],
    "answer-in-question": [
        card(
            "Where does the sciatic nerve leave the pelvis on its way to the sciatic notch?",
            "the sciatic notch",
        ),
        card(
            "Which calf muscle helps the hamstrings when the gastrocnemius bends the knee?",
            "The gastrocnemius",
        ),
        "- id: one\n  cloze: The {{c1::femur}} is long; the head of the femur lies in the hip.",
        "- id: one\n  cloze: The {{c1::femur}} is long; the {{c2::femur}} has a head.",
    ],
    "same-question": [
        card("What do they say?", "This").replace("they", "owls")
        + "\n"
        + card("What do owls say", "That", "two"),
        card("Which is the sit bone?", "The ischium") + "\n" + card("which is a SIT bone?", "Ischium", "two"),
        "- id: a\n  cloze: Owls {{c1::hoot}} at night.\n- id: b\n  cloze: Owls {{c1::hoot}} at night.",
    ],
    "interchangeable-answers": [
        "- {id: a, q: saber, a: to know, reverse: true}\n- {id: b, q: conocer, a: to know, reverse: true}",
        """- id: t
  table:
    ask: {p: {q: "{row}: how strong?", reverse: "Which is {cell}?"}}
    rows: {one: {p: mild}, two: {p: mild}}""",
    ],
    "question-without-subject": [
        card("Where does it insert?", "Tibia"),
        card("What is it called?", "Tibia"),
        card("Which of these bends the knee?", "Hamstrings"),
        card("Which muscle of the following bends the knee?", "Hamstrings"),
        card("What do they do?", "Bend"),
        card("How many does this muscle have?", "Two").replace("many does", "far does"),
        card("Its insertion?", "Tibia"),
    ],
    "mostly-hidden": [
        "- id: one\n  cloze: '{{c1::Paris}}'",
        "- id: one\n  cloze: The {{c1::hamstrings}} {{c1::flex the knee}} and {{c1::extend the hip}}.",
        "- id: one\n  cloze: '{{c1::A stitch in time saves nine}}, they say.'",
        "- id: one\n  cloze: '脚は{{c1::大腿二頭筋半腱様筋半膜様筋}}'",
    ],
}
LEFT_ALONE = [
    # Long, but not too long, or not to be recalled as words.
    card("What is a cell?", " ".join(["word"] * 20)),
    card("What does it print?", "```\n" + "word " * 40 + "\n```").replace("it", "main"),
    card("Was ist das Wort?", "語" * 40),
    f"- {{id: a, q: Which cell?, a: Nerve cell, extra: {LONG}}}",
    f"- {{id: a, q: What is said by {LONG}, a: A lot, reverse: true}}",
    f"- {{id: a, q: What is said by {LONG}, a: A lot, reverse: Who says a lot?}}",
    # Commas without an enumeration.
    card(
        "When did it begin in Paris?", "On 14 July 1789, in Paris, by the people, at the Bastille prison gate"
    ),
    card("How many people live there now?", "1,234,567,890").replace("there", "in India"),
    card("What does Newton's first letter say?", "Dear Sir, I have, with great pleasure, received yours"),
    card("Which vector is normal to the plane?", "(1, 2, 3, 4)"),
    card("Which numbers come next?", "1, 1, 2, 3, 5"),
    card("Which are the primary colours?", "red, yellow and blue"),
    "- id: one\n  q: Which?\n  a: |\n    - a\n    - b\n    - c",
    "- id: l\n  list: Which are citrus?\n  items: {a: lemon, b: lime, c: orange, d: grapefruit, e: pomelo}",
    # `Yes` and `no` that answer another question.
    card("sí", "yes"),
    card("What is the French for no?", "non"),
    card("Who was Bond's first enemy?", "No"),
    card("How do you say yes in German?", "Ja"),
    card("Is a whale a fish or a mammal?", "A mammal"),
    card("Which chamber is no. 5 of the house?", "No. 5"),
    card("What does `bool([])` evaluate to?", "`False`"),
    card("Is there life on Mars?", "Nobody knows"),
    card("Can you name the sit bone?", "Yes-bone"),
    # Questions that must name their answer.
    card("Biceps brachii or biceps femoris: which one is a hamstring?", "Biceps femoris"),
    card("Which lies deeper: semitendinosus, semimembranosus?", "Semimembranosus"),
    card("Which is the capital of Luxembourg?", "Luxembourg"),
    card("What is the German word for hand in the sense that hand has?", "Hand"),
    card('Why is "the hamstring", in the singular, only a shorthand for it all?', "The hamstring"),
    card("Which of mild, moderate and severe pain does a grade 1 strain have?", "Mild"),
    card("By how much does the 24 percent of the 24 men differ?", "24"),
    "- id: one\n  cloze: From {{c1::one}} to one hundred in {{c2::two}} steps, two by two.",
    "- id: one\n  cloze: The {{c1::femur}} is long; the head of the {{c1::femur}} lies in the hip.",
    "- id: one\n  cloze: The {{c1::tibia}} is next to the tibialis.",
    "- id: one\n  cloze: The {{c1::upper}} arm has one bone, like the upper leg.",
    "- id: one\n  cloze: To be, or not {{c1::to be}}, that is the question.",
    # Alike, but not the same.
    card("Where is the owl?", "Tree") + "\n" + card("Where is the owl's nest?", "Hole", "two"),
    card("What is 5 - 3?", "2") + "\n" + card("What is 5 + 3?", "8", "two"),
    card(r"What is \(5^2\)?", "25") + "\n" + card(r"What is \(5^3\)?", "125", "two"),
    "- {id: a, q: 'What? ![](media/x.svg)', a: x}\n- {id: b, q: What?, a: y}",
    "- id: l\n  list: Which fruits are citrus?\n  show: none\n  items: {a: lemon, b: lime}",
    "- id: one\n  cloze: The {{c1::a}} and the {{c2::a}} of all of it.",
    "- {id: a, q: saber, a: to know, reverse: true}\n- {id: b, q: querer, a: to want, reverse: true}",
    "- {id: a, q: saber, a: to know}\n- {id: b, q: conocer, a: to know}",
    # `It` and `this` that need no name.
    card("What is it called when a tendon pulls off bone?", "Avulsion"),
    card("How long does it take to heal a strain?", "Weeks"),
    card("Why is it important to stretch?", "It lengthens"),
    card("Biceps femoris: where does it insert?", "Fibula"),
    card("What is this? ![](media/x.svg)", "A dot"),
    card("What does this print?\n\n```\n1 + 1\n```", "2"),
    card("Where are they?", "¿Dónde están?"),
    card("They eat", "Ellos comen"),
    card("This muscle bends the knee", "Hamstring"),
    card("What time is it in Tokyo when it is noon in London?", "21:00"),
    card("Which theory of these authors won?", "None").replace("of these", "by those"),
    card("Do they know it's Christmas? Who sang this?", "Band Aid"),
    card("What is this word in English: Haus?", "House"),
    # Gaps with enough around them.
    "- id: one\n  cloze: Das {{c1::Haus}}",
    "- id: one\n  cloze: '{{c1::Geschwindigkeit::speed}}, die'",
    "- id: one\n  cloze: '![](media/x.svg) {{c1::A dot}}'",
    "- id: one\n  cloze: H{{c1::2}}O",
    "- id: one\n  cloze: '{{c1::I}} {{c2::came}}, {{c3::saw}}, {{c4::conquered}}'",
]


@pytest.mark.parametrize(("rule", "cards"), [(rule, one) for rule, found in FOUND.items() for one in found])
def test_a_rule_finds_what_it_is_for_and_no_other_rule_joins_in(rule: str, cards: str) -> None:
    """One mistake, one piece of advice."""
    assert codes(cards) == [rule]


@pytest.mark.parametrize("cards", LEFT_ALONE)
def test_near_misses_are_left_alone(cards: str) -> None:
    """A rule that cries wolf is worse than none."""
    assert codes(cards) == []


@pytest.mark.parametrize(
    ("rule", "language"), [("yes-no-question", "de"), ("question-without-subject", "tr")]
)
def test_rules_of_english_are_for_english(rule: str, language: str) -> None:
    """The words they look for are other words elsewhere."""
    found = FOUND[rule][0]

    assert codes(found, "language: en-GB\n") == [rule]
    assert codes(found, f"language: {language}\n") == []


def test_a_topic_tells_questions_apart() -> None:
    """It stands on the card. The same question with the same answer is one card too many all the same."""
    two = "topic: {}\ncards: [{{id: {}, q: What comes first?, a: {}}}]\n"
    files = {
        "d/deck.yaml": HEAD,
        "d/a.yaml": two.format("Scales", "a", "Do"),
        "d/b.yaml": two.format("Days", "b", "Mo"),
    }
    same = {**files, "d/b.yaml": two.format("Days", "b", "Do")}

    assert list(pipeline.check(deck_files(files), FakeEnvironment(), (), TODAY)) == []
    assert [one.code for one in pipeline.check(deck_files(same), FakeEnvironment(), (), TODAY)] == [
        "same-question"
    ]


SOURCES = "sources: {book: A book}\n"


def test_a_card_without_a_source_is_told_where_the_others_have_one() -> None:
    """Items of a list are one card."""
    cited = (
        card("What is A?", "B") + "\n  source: book\n" + card("What is C?", "D", "two") + "\n  source: book\n"
    )
    bare = "- id: l\n  list: Which fruits?\n  items: {a: lemon, b: lime}"

    assert codes(cited + bare, SOURCES) == ["claim-without-source"]
    assert codes(card("What is A?", "B") + "\n  source: book", SOURCES) == []
    assert codes(bare) == []


def test_a_deck_that_hardly_cites_is_told_once() -> None:
    """A hundred times the same advice is no advice."""
    cards = (
        "".join(f"- {{id: c{n}, q: What is {n}?, a: x{n}}}\n" for n in range(9))
        + "- {id: z, q: Z?, a: z, source: book}"
    )
    (found,) = advised(cards, SOURCES)

    assert found.code == "claim-without-source"
    assert found.message == "9 of 10 cards cite no source"
    assert codes(cards, SOURCES + "allow: claim-without-source\n") == []


def test_reviews_grow_old_after_three_years_to_the_day() -> None:
    """The day is an argument: the same sources on the same day get the same advice."""
    head = "sources: {book: {title: A book, reviewed: 2024-02-29}}\n"
    cards = card("What is A?", "B") + "\n  source: book\n  reviewed: 2024-03-01"

    assert codes(cards, head, date(2027, 2, 28)) == []
    assert codes(cards, head, date(2027, 3, 1)) == ["old-review"]
    assert codes(cards, head, date(2027, 3, 2)) == ["old-review"] * 2
    assert codes(cards, head, date(2028, 2, 29)) == ["old-review"] * 2


def test_a_review_is_a_date() -> None:
    assert codes(card("What is A?", "B") + "\n  reviewed: last spring") == ["not-a-date"]


TROUBLES = {
    "long-answer": card("What is it that a {0} does?", LONG, "{0}"),
    "enumeration": card("Which {0} are citrus?", "lemon, lime, orange, grapefruit", "{0}"),
    "yes-no-question": card("Is a {0} a fish?", "No", "{0}"),
    "question-without-subject": card("Where does this {0} insert?", "Tibia", "{0}"),
    "mostly-hidden": "- id: {0}\n  cloze: '[[c1::Paris is]] {0}'",
    "old-review": card("What is {0}?", "x", "{0}") + "\n  reviewed: 2001-01-01",
    "dollars-as-text": card("What is {0}?", "$x^2$", "{0}"),
    "line-as-markup": card("What is {0} now?", "1. May", "{0}"),
}
troubles = st.sampled_from(sorted(TROUBLES))


def _card(place: int, trouble: str, allowed: list[str]) -> str:
    text = TROUBLES[trouble].replace("{0}", f"n{place}").replace("[[", "{{").replace("]]", "}}")
    return f"{text}\n  allow: [{', '.join(allowed)}]"


@given(st.lists(st.tuples(troubles, st.sets(troubles)), min_size=1, max_size=5))
def test_allow_silences_its_rule_on_its_card_and_nothing_else(made: list[tuple[str, set[str]]]) -> None:
    """What is allowed and not needed is told, so that no `allow` outlives its reason."""
    cards = "\n".join(_card(place, trouble, sorted(allowed)) for place, (trouble, allowed) in enumerate(made))
    told = [trouble for trouble, allowed in made if trouble not in allowed]
    unused = [name for trouble, allowed in made for name in allowed if name != trouble]

    assert sorted(codes(cards)) == sorted([*told, *["unused-allow"] * len(unused)])


@pytest.mark.parametrize("trouble", TROUBLES)
def test_allow_works_for_a_topic_and_for_a_deck(trouble: str) -> None:
    """What a whole deck does on purpose is said once."""
    text = TROUBLES[trouble].replace("{0}", "n1").replace("[[", "{{").replace("]]", "}}")
    topic = "topic: T\n{}cards:\n" + "".join(f"  {line}\n" for line in text.splitlines())
    other = "topic: U\n{}cards: [{{id: u, q: U?, a: u}}]\n"

    def told(deck: str, first: str, second: str) -> list[str]:
        files = {
            "d/deck.yaml": HEAD + deck,
            "d/a.yaml": topic.replace("{}", first),
            "d/b.yaml": other.format(second),
        }
        return [one.code for one in pipeline.check(deck_files(files), FakeEnvironment(), (), TODAY)]

    assert told("", "", "") == [trouble]
    assert told(f"allow: {trouble}\n", "", "") == []
    assert told("", f"allow: [{trouble}]\n", "") == []
    assert sorted(told("", "", f"allow: {trouble}\n")) == sorted([trouble, "unused-allow"])


def test_what_cannot_be_read_may_need_an_allowance_and_cite_a_source() -> None:
    """What is said to be missing may stand on the card that has a mistake."""
    broken = card("What is A?", "B") + "\n  allow: long-answer\n  sorce: book"

    assert codes(broken, SOURCES) == ["unknown-key"]
    assert sorted(codes(broken.replace("sorce: book", "source: book"), SOURCES)) == ["unused-allow"]
    assert codes(card("What is A?", "B"), SOURCES) == ["unused-source"]


def test_an_alias_to_another_card_is_judged_where_it_is_used() -> None:
    """Its text stands on a card that may allow what this one does not."""
    first = f"- {{id: a, q: What is A?, a: &long '{LONG}', allow: long-answer}}"
    cards = f"{first}\n- {{id: b, q: What is B?, a: *long}}"
    (found,) = advised(cards)

    assert found.code == "long-answer"
    assert found.span is not None
    assert found.span.start_position.line == 5


@given(st.lists(st.sampled_from(LINT_CODES), unique=True), st.dates())
def test_what_learners_get_does_not_know_of_advice(allowed: list[str], day: date) -> None:
    """`allow` and `reviewed` are the author's own; a note must not count as changed for them."""
    plain = HEAD + "cards:\n  - id: one\n    q: Q\n    a: A\n"
    noted = plain + f"    allow: [{', '.join(allowed)}]\n    reviewed: {day.isoformat()}\n"

    def rendered(text: str) -> list[object]:
        report = Report()
        (one,) = load_decks(deck_files({"test.yaml": text}), FakeEnvironment(), report)
        assert not report.has_errors
        notes = render_deck(one.deck).notes
        return [(note.values, note.tags, note.ordinals, note.state.digest) for note in notes]

    assert rendered(plain) == rendered(noted)


def test_a_build_gives_no_advice() -> None:
    """Advice is for who asks; a build of 20,000 cards does not look for any."""
    text = HEAD + "cards: [{id: a, q: Is a whale a fish?, a: 'No'}]\n"
    outcome = pipeline.build(
        deck_files({"test.yaml": text}), FakeEnvironment(), pipeline.BuildOptions(now=1, outputs=())
    )

    assert list(outcome.report) == []
