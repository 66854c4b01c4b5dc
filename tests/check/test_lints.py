"""Lints: what each must report, what it must leave alone, and how `allow:` suppresses it."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright import pipeline
from cardwright.check.lints import LINT_CODES
from cardwright.diagnostics import Diagnostic, Report
from cardwright.formats.anki.render import render_deck
from cardwright.pipeline.load import load_decks
from tests.support.memory import FakeEnvironment, deck_files

TODAY = date(2026, 11, 22)
HEAD = "deck: Test\nid: test\n"
MEDIA = {
    "cards_source/media/x.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    "cards_source/media/x.mp3": b"ID3 sound",
}


def check_cards(cards: str, head: str = "", today: date = TODAY) -> list[Diagnostic]:
    """Return the diagnostics that `check` gives for a deck. cards: the entries under `cards:`."""
    text = f"{HEAD}{head}cards:\n" + "".join(f"  {line}\n" for line in cards.strip().splitlines())
    media = {path: data for path, data in MEDIA.items() if path.rpartition("/")[2] in cards}
    report = pipeline.check(deck_files({"test.yaml": text}), FakeEnvironment(media), (), today)
    return [diagnostic for diagnostic in report if diagnostic.code != "missing-id"]


def check_codes(cards: str, head: str = "", today: date = TODAY) -> list[str]:
    return [diagnostic.code for diagnostic in check_cards(cards, head, today)]


def make_card(question: str, answer: str, card_id: str = "one") -> str:
    return f"- id: {card_id}\n  q: {json.dumps(question)}\n  a: {json.dumps(answer)}\n"


LONG_TEXT = " ".join(["word"] * 21)
REPORTED = {
    "long-answer": [
        make_card("What is it that a cell does?", LONG_TEXT),
        f"- id: gap\n  cloze: 'Once {'upon a time ' * 9}{{{{c1::{LONG_TEXT}}}}} it ended.'",
        make_card("Was ist das?", "語" * 44),
        f"- id: back\n  q: Name of it?\n  a: Cell\n  reverse: {{q: What is a cell?, a: {LONG_TEXT}}}",
        f"- id: items\n  list: What happens?\n  items: {{a: {LONG_TEXT}, b: nothing}}",
    ],
    "enumeration": [
        make_card("Which fruits are citrus?", "lemon, lime, orange, grapefruit"),
        make_card("Which fruits are citrus?", "Lemon, lime, sweet orange and grapefruit."),
        make_card("Which fruits are citrus?", "lemon; lime; orange; grapefruit"),
        make_card("柑橘類は何ですか", "レモン、ライム、オレンジ、柚子"),
        "- id: one\n  q: Which?\n  a: |\n    - a\n    - b\n    - c\n    - d",
        "- id: one\n  q: Which?\n  a: |\n    These:\n\n    1. a\n    2. b\n    3. c\n    4. d",
    ],
    "yes-no-question": [
        make_card("Is a whale a fish?", "No"),
        make_card("Do the hamstrings cross two joints?", "Yes, the hip and the knee."),
        make_card("Grade 1: are fibres torn?", "No."),
        make_card("According to the clinic, does ice help?", "yes"),
        make_card("True or false: a whale is a fish.", "False"),
        make_card("Isn't a whale a fish?", "No: it is a mammal"),
    ],
    "answer-in-question": [
        make_card(
            "Where does the sciatic nerve leave the pelvis on its way to the sciatic notch?",
            "the sciatic notch",
        ),
        make_card(
            "Which calf muscle helps the hamstrings when the gastrocnemius bends the knee?",
            "The gastrocnemius",
        ),
        "- id: one\n  cloze: The {{c1::femur}} is long; the head of the femur lies in the hip.",
        "- id: one\n  cloze: The {{c1::femur}} is long; the {{c2::femur}} has a head.",
        make_card("Which bone is it? ![The left femur from behind](media/x.svg)", "The femur"),
        make_card("![Femur](media/x.svg)", "Femur"),
        make_card("What is said here? ![Guten Tag](media/x.mp3)", "Guten Tag"),
        make_card("Which bone is [this](https://en.wikipedia.org/wiki/Patella)?", "The patella"),
        make_card("Who wrote [it](https://de.wikipedia.org/wiki/Johann_Kr%C3%BCger)?", "Johann Krüger"),
    ],
    "same-question": [
        make_card("What do owls say?", "This") + make_card("What do owls say", "That", "two"),
        make_card("Which is the sit bone?", "The ischium")
        + make_card("which is a SIT bone?", "Ischium", "two"),
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
        make_card("Where does it insert?", "Tibia"),
        make_card("What is it called?", "Tibia"),
        make_card("Which of these bends the knee?", "Hamstrings"),
        make_card("Which muscle of the following bends the knee?", "Hamstrings"),
        make_card("What do they do?", "Bend"),
        make_card("How far does this muscle reach?", "Far"),
        make_card("Its insertion?", "Tibia"),
    ],
    "mostly-hidden": [
        "- id: one\n  cloze: '{{c1::Paris}}'",
        "- id: one\n  cloze: The {{c1::hamstrings}} {{c1::flex the knee}} and {{c1::extend the hip}}.",
        "- id: one\n  cloze: '{{c1::A stitch in time saves nine}}, they say.'",
        "- id: one\n  cloze: '脚は{{c1::大腿二頭筋半腱様筋半膜様筋}}'",
    ],
}
LEFT_ALONE = [
    # Long, but not too long, or not words to be recalled.
    make_card("What is a cell?", " ".join(["word"] * 20)),
    make_card("What does main print?", "```\n" + "word " * 40 + "\n```"),
    make_card("Was ist das Wort?", "語" * 40),
    f"- {{id: a, q: Which cell?, a: Nerve cell, extra: {LONG_TEXT}}}",
    f"- {{id: a, q: What is said by {LONG_TEXT}, a: A lot, reverse: true}}",
    f"- {{id: a, q: What is said by {LONG_TEXT}, a: A lot, reverse: Who says a lot?}}",
    # A picture's words that say what is asked about, or offer a choice.
    make_card("Where is the femur? ![The femur](media/x.svg)", "In the thigh"),
    make_card("Which is longer, femur or tibia? ![Femur and tibia](media/x.svg)", "Femur"),
    make_card("Which bone is it? ![A long bone](media/x.svg)", "Femur"),
    make_card("What is said here? ![Good day](media/x.mp3)", "Guten Tag"),
    make_card("Which bone is [this](https://en.wikipedia.org/wiki/Kneecap)?", "Patella"),
    # Commas that separate no list.
    make_card(
        "When did it begin in Paris?", "On 14 July 1789, in Paris, by the people, at the Bastille prison gate"
    ),
    make_card("How many people live in India now?", "1,234,567,890"),
    make_card(
        "What does Newton's first letter say?", "Dear Sir, I have, with great pleasure, received yours"
    ),
    make_card("Which vector is normal to the plane?", "(1, 2, 3, 4)"),
    make_card("Which numbers come next?", "1, 1, 2, 3, 5"),
    make_card("Which are the primary colours?", "red, yellow and blue"),
    "- id: one\n  q: Which?\n  a: |\n    - a\n    - b\n    - c",
    "- id: l\n  list: Which are citrus?\n  items: {a: lemon, b: lime, c: orange, d: grapefruit, e: pomelo}",
    # `Yes` and `no` as answers to other questions.
    make_card("sí", "yes"),
    make_card("What is the French for no?", "non"),
    make_card("Who was Bond's first enemy?", "No"),
    make_card("How do you say yes in German?", "Ja"),
    make_card("Is a whale a fish or a mammal?", "A mammal"),
    make_card("Which chamber is no. 5 of the house?", "No. 5"),
    make_card("What does `bool([])` evaluate to?", "`False`"),
    make_card("Is there life on Mars?", "Nobody knows"),
    make_card("Can you name the sit bone?", "Yes-bone"),
    # Questions that must name their answer.
    make_card("Biceps brachii or biceps femoris: which one is a hamstring?", "Biceps femoris"),
    make_card("Which lies deeper: semitendinosus, semimembranosus?", "Semimembranosus"),
    make_card("Which is the capital of Luxembourg?", "Luxembourg"),
    make_card("What is the German word for hand in the sense that hand has?", "Hand"),
    make_card('Why is "the hamstring", in the singular, only a shorthand for it all?', "The hamstring"),
    make_card("Which of mild, moderate and severe pain does a grade 1 strain have?", "Mild"),
    make_card("By how much does the 24 percent of the 24 men differ?", "24"),
    "- id: one\n  cloze: From {{c1::one}} to one hundred in {{c2::two}} steps, two by two.",
    "- id: one\n  cloze: The {{c1::femur}} is long; the head of the {{c1::femur}} lies in the hip.",
    "- id: one\n  cloze: The {{c1::tibia}} is next to the tibialis.",
    "- id: one\n  cloze: The {{c1::upper}} arm has one bone, like the upper leg.",
    "- id: one\n  cloze: To be, or not {{c1::to be}}, that is the question.",
    # Similar, but not the same.
    make_card("Where is the owl?", "Tree") + make_card("Where is the owl's nest?", "Hole", "two"),
    make_card("What is 5 - 3?", "2") + make_card("What is 5 + 3?", "8", "two"),
    make_card(r"What is \(5^2\)?", "25") + make_card(r"What is \(5^3\)?", "125", "two"),
    "- {id: a, q: 'What? ![](media/x.svg)', a: x}\n- {id: b, q: What?, a: y}",
    "- id: l\n  list: Which fruits are citrus?\n  show: none\n  items: {a: lemon, b: lime}",
    "- id: one\n  cloze: The {{c1::a}} and the {{c2::a}} of all of it.",
    "- {id: a, q: saber, a: to know, reverse: true}\n- {id: b, q: querer, a: to want, reverse: true}",
    "- {id: a, q: saber, a: to know}\n- {id: b, q: conocer, a: to know}",
    # `It` and `this` that are clear.
    make_card("What is it called when a tendon pulls off bone?", "Avulsion"),
    make_card("How long does it take to heal a strain?", "Weeks"),
    make_card("Why is it important to stretch?", "It lengthens"),
    make_card("Biceps femoris: where does it insert?", "Fibula"),
    make_card("What is this? ![](media/x.svg)", "A dot"),
    make_card("What does this print?\n\n```\n1 + 1\n```", "2"),
    make_card("Where are they?", "¿Dónde están?"),
    make_card("They eat", "Ellos comen"),
    make_card("This muscle bends the knee", "Hamstring"),
    make_card("What time is it in Tokyo when it is noon in London?", "21:00"),
    make_card("Which theory by those authors won?", "None"),
    make_card("Do they know it's Christmas? Who sang this?", "Band Aid"),
    make_card("What is this word in English: Haus?", "House"),
    # Cloze deletions with enough text around them.
    "- id: one\n  cloze: Das {{c1::Haus}}",
    "- id: one\n  cloze: '{{c1::Geschwindigkeit::speed}}, die'",
    "- id: one\n  cloze: '![](media/x.svg) {{c1::A dot}}'",
    "- id: one\n  cloze: H{{c1::2}}O",
    "- id: one\n  cloze: '{{c1::I}} {{c2::came}}, {{c3::saw}}, {{c4::conquered}}'",
]


def check_files(files: dict[str, str]) -> list[str]:
    return [diagnostic.code for diagnostic in pipeline.check(deck_files(files), FakeEnvironment(), (), TODAY)]


@pytest.mark.parametrize(
    ("rule", "cards"), [(rule, cards) for rule, examples in REPORTED.items() for cards in examples]
)
def test_each_mistake_is_reported_by_its_rule_alone(rule: str, cards: str) -> None:
    assert check_codes(cards) == [rule]


@pytest.mark.parametrize("cards", LEFT_ALONE)
def test_near_misses_are_left_alone(cards: str) -> None:
    assert check_codes(cards) == []


@pytest.mark.parametrize(
    ("rule", "language"), [("yes-no-question", "de"), ("question-without-subject", "tr")]
)
def test_rules_about_english_words_need_a_deck_in_english(rule: str, language: str) -> None:
    cards = REPORTED[rule][0]

    assert check_codes(cards, "language: en-GB\n") == [rule]
    assert check_codes(cards, f"language: {language}\n") == []


def test_two_topics_may_share_a_question_but_not_its_answer_too() -> None:
    """The topic is on the card, so it shows which answer is wanted."""
    topic = "topic: {}\ncards: [{{id: {}, q: What comes first?, a: {}}}]\n"
    files = {
        "d/deck.yaml": HEAD,
        "d/a.yaml": topic.format("Scales", "a", "Do"),
        "d/b.yaml": topic.format("Days", "b", "Mo"),
    }

    assert check_files(files) == []
    assert check_files({**files, "d/b.yaml": topic.format("Days", "b", "Do")}) == ["same-question"]


SOURCES = "sources: {book: A book}\n"


def test_a_card_without_a_source_is_reported_where_the_others_have_one() -> None:
    """Items of a list count as one card."""
    cited = make_card("What is A?", "B") + "  source: book\n"
    also_cited = make_card("What is C?", "D", "two") + "  source: book\n"
    uncited = "- id: l\n  list: Which fruits?\n  items: {a: lemon, b: lime}"

    assert check_codes(cited + also_cited + uncited, SOURCES) == ["claim-without-source"]
    assert check_codes(cited, SOURCES) == []
    assert check_codes(uncited) == []


def test_a_deck_with_few_citations_gets_one_diagnostic() -> None:
    uncited = "".join(f"- {{id: c{n}, q: What is {n}?, a: x{n}}}\n" for n in range(9))
    cards = uncited + "- {id: z, q: Z?, a: z, source: book}"
    (diagnostic,) = check_cards(cards, SOURCES)

    expected = ("claim-without-source", "9 of 10 cards cite no source")
    assert (diagnostic.code, diagnostic.message) == expected
    assert check_codes(cards, SOURCES + "allow: claim-without-source\n") == []


def test_a_review_is_old_after_three_years_to_the_day() -> None:
    head = "sources: {book: {title: A book, reviewed: 2024-02-29}}\n"
    cards = make_card("What is A?", "B") + "  source: book\n  reviewed: 2024-03-01"

    assert check_codes(cards, head, date(2027, 2, 28)) == []
    assert check_codes(cards, head, date(2027, 3, 1)) == ["old-review"]
    assert check_codes(cards, head, date(2027, 3, 2)) == ["old-review"] * 2
    assert check_codes(cards, head, date(2028, 2, 29)) == ["old-review"] * 2


def test_a_review_is_a_date() -> None:
    assert check_codes(make_card("What is A?", "B") + "  reviewed: last spring") == ["not-a-date"]


# A card for each rule that breaks it; `ID` stands for the card's id.
BREAKING_CARDS = {
    "long-answer": make_card("What is it that a ID does?", LONG_TEXT, "ID"),
    "enumeration": make_card("Which ID are citrus?", "lemon, lime, orange, grapefruit", "ID"),
    "yes-no-question": make_card("Is a ID a fish?", "No", "ID"),
    "question-without-subject": make_card("Where does this ID insert?", "Tibia", "ID"),
    "mostly-hidden": "- id: ID\n  cloze: '{{c1::Paris is}} ID'",
    "old-review": make_card("What is ID?", "x", "ID") + "  reviewed: 2001-01-01",
    "dollars-as-text": make_card("What is ID?", "$x^2$", "ID"),
    "line-as-markup": make_card("What is ID now?", "1. May", "ID"),
}
rules = st.sampled_from(sorted(BREAKING_CARDS))


@given(st.lists(st.tuples(rules, st.sets(rules)), min_size=1, max_size=5))
def test_allow_suppresses_its_rule_on_its_card_only(cards: list[tuple[str, set[str]]]) -> None:
    """Every `allow` that isn't needed is reported. cards: the rule that each breaks, and those it allows."""
    text = "\n".join(
        BREAKING_CARDS[broken].replace("ID", f"n{number}").rstrip()
        + f"\n  allow: [{', '.join(sorted(allowed))}]"
        for number, (broken, allowed) in enumerate(cards)
    )
    reported = [broken for broken, allowed in cards if broken not in allowed]
    unused = ["unused-allow" for broken, allowed in cards for rule in allowed if rule != broken]

    assert sorted(check_codes(text)) == sorted([*reported, *unused])


@pytest.mark.parametrize("rule", BREAKING_CARDS)
def test_allow_works_for_a_topic_and_for_a_deck(rule: str) -> None:
    card = "".join(f"  {line}\n" for line in BREAKING_CARDS[rule].replace("ID", "n1").splitlines())

    def check_allows(deck: str = "", own_topic: str = "", other_topic: str = "") -> list[str]:
        files = {
            "d/deck.yaml": HEAD + deck,
            "d/a.yaml": f"topic: T\n{own_topic}cards:\n{card}",
            "d/b.yaml": f"topic: U\n{other_topic}cards: [{{id: u, q: U?, a: u}}]\n",
        }
        return sorted(check_files(files))

    allow = f"allow: [{rule}]\n"
    assert check_allows() == [rule]
    assert check_allows(deck=allow) == []
    assert check_allows(own_topic=allow) == []
    assert check_allows(other_topic=allow) == sorted([rule, "unused-allow"])


def test_a_deck_that_is_not_complete_is_not_told_what_is_unused() -> None:
    """The card with the mistake may need the `allow`, or cite the source."""
    card = make_card("What is A?", "B")

    assert check_codes(card + "  allow: long-answer\n  sorce: book", SOURCES) == ["unknown-key"]
    assert check_codes(card + "  allow: long-answer\n  source: book", SOURCES) == ["unused-allow"]
    assert check_codes(card, SOURCES) == ["unused-source"]


def test_text_from_an_alias_is_reported_on_the_card_that_uses_it() -> None:
    """The card with the anchor may allow what the card with the alias does not."""
    first = f"- {{id: a, q: What is A?, a: &long '{LONG_TEXT}', allow: long-answer}}"
    (diagnostic,) = check_cards(f"{first}\n- {{id: b, q: What is B?, a: *long}}")

    assert diagnostic.code == "long-answer"
    assert diagnostic.span is not None
    assert diagnostic.span.start_position.line == 5


@given(st.lists(st.sampled_from(LINT_CODES), unique=True), st.dates())
def test_allow_and_reviewed_do_not_change_the_notes(allowed: list[str], day: date) -> None:
    without = HEAD + "cards:\n  - id: one\n    q: Q\n    a: A\n"
    with_both = without + f"    allow: [{', '.join(allowed)}]\n    reviewed: {day.isoformat()}\n"

    def rendered_notes(text: str) -> list[object]:
        report = Report()
        (loaded,) = load_decks(deck_files({"test.yaml": text}), FakeEnvironment(), report)
        assert not report.has_errors
        notes = render_deck(loaded.deck).notes
        return [(note.values, note.tags, note.ordinals, note.state.digest) for note in notes]

    assert rendered_notes(without) == rendered_notes(with_both)


def test_a_build_gives_no_advice() -> None:
    text = HEAD + "cards: [{id: a, q: Is a whale a fish?, a: 'No'}]\n"
    options = pipeline.BuildOptions(now=1, outputs=())
    result = pipeline.build(deck_files({"test.yaml": text}), FakeEnvironment(), options)

    assert list(result.report) == []
