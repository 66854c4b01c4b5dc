"""Nothing on a front gives its answer away: no id, no alternative text, no bookmark, no text below a mask."""

import io
import re
from pathlib import Path
from unicodedata import normalize

import pikepdf
import pytest

from cardwright.collection.content import Content, Inline, Paragraph, plain_text
from cardwright.collection.deck import Deck
from cardwright.diagnostics import Report, Severity
from cardwright.formats.pdf.sides import Side, card_sides
from cardwright.pipeline.load import load_decks
from cardwright.record import replace
from tests.support.memory import FakeEnvironment, deck_files
from tests.support.print_decks import bookmarks, lay_out_cards, page_words, pdf_text
from tests.support.running_text import render_pages

LEG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400" font-size="24">'
    b'<title>Femur, Patella, Tibia</title><rect width="300" height="400" fill="#eee"/>'
    b'<text x="20" y="62">Femur</text><text x="185" y="62"><tspan>Pat</tspan><tspan>ella</tspan></text>'
    b'<g transform="translate(20 260)"><text style="fill:navy">Tibia</text></g>'
    b'<text x="120" y="380">Fibula</text></svg>'
)
MEDIA = {"cards_source/leg/media/leg.svg": LEG, "cards_source/leg/media/word.mp3": b"ID3\x04" + bytes(64)}
# Ids and keys say the answers, as authors like them to.
EVERY_KIND = r"""
deck: Leg
id: leg
topic: Anatomy
print: {PRINT}
sources: {gray: {title: Anatomy}}
note_types:
  bone:
    fields: [Name, Place]
    templates:
      Place: {front: "Where is the {{Name}}?", back: "{{FrontSide}}<hr id=answer>{{Place}}"}
      Name: {front: "What lies in the {{Place}}?", back: "{{Name}}"}
  gap:
    fields: [Text]
    templates: {Gap: {front: "{{cloze:Text}}", back: "{{cloze:Text}}"}}
cards:
  - {id: biceps, q: Which muscle has two heads?, a: Biceps, reverse: true, hint: Arms too, source: gray}
  - {id: typed-soleus, q: Which muscle is below?, a: Soleus, typed: true, extra: Named after a sole}
  - {id: sciatic-nerve, cloze: "The {{c1::sciatic}} nerve is the {{c2::thickest::how thick?}} of {{c1::all}}"}
  - {id: quotient, cloze: "It is \\({{c1::alpha}} + beta\\)"}
  - {id: trio, list: Which three?, items: {semimembranosus: Semimembranosus, semitendinosus: Semitendinosus}}
  - {id: hidden, list: Which others?, show: none, items: {gracilis: Gracilis, sartorius: Sartorius}}
  - id: nerves
    table:
      ask: {tibialis: {q: "{row}: which nerve?", reverse: "What does {cell} move?"}}
      rows: {hamstrings: {row: Hamstrings, tibialis: Tibialis}}
  - {id: spoken, q: "Which word is it? ![](media/word.mp3)", a: Thigh}
  - {id: femur, type: bone, fields: {Name: Femur, Place: Thigh}}
  - {id: acetabulum, type: gap, fields: {Text: "A {{c1::socket}} of the {{c2::hip}}"}}
  - {id: femur-patella-tibia, hide: all, PICTURE}
  - {id: one-femur, hide: one, PICTURE}
"""
PICTURE = """diagram: media/leg.svg, alt: A leg with labels, extra: Seen from the front, labels: {
      femur: {name: Femur, rect: [5, 10, 30, 8]},
      patella: {name: "*Patella*", ellipse: [60, 10, 30, 8]},
      tibia: {name: Tibia, polygon: [[5, 58], [40, 58], [40, 68], [5, 68]]}}"""
# What else stands on a page with a front.
ASKED = "What does the question mark hide?"
CAPTIONS = "Leg Anatomy sheet of front mm if not turn off fit to page"


def read_deck(print_: str = "card: {size: [95, 68], columns: 1, rows: 1, paper: a4}") -> Deck:
    """Read the deck; without other settings each side has a page of its own."""
    source = EVERY_KIND.replace("PRINT", print_).replace("PICTURE", PICTURE)
    report = Report()
    files = deck_files({"leg/deck.yaml": source})
    (loaded,) = load_decks(files, FakeEnvironment(MEDIA), report)
    assert [diagnostic.message for diagnostic in report if diagnostic.severity is Severity.ERROR] == []
    return loaded.deck


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", normalize("NFKC", text).casefold()))  # letters of formulas too


def told(content: Content) -> set[str]:
    """Return all words of a content, also those of formulas, sounds and pictures."""

    def describe(inline: Inline) -> str:
        return " ".join(str(getattr(inline, name, "")) for name in ("tex", "words", "alt"))

    return words(plain_text(content, describe))


def page_structure(pdf: bytes) -> list[set[str]]:
    """Return for each page the words that screen readers say instead of what is drawn there."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages)}
        said: list[set[str]] = [set() for _ in file.pages]
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/Pg" in item:
                keys = [key for key in ("/Alt", "/ActualText", "/E", "/T") if key in item]
                said[numbers[item["/Pg"].objgen]] |= words(" ".join(str(item[key]) for key in keys))
        for number, page in enumerate(file.pages):
            for part in pikepdf.parse_content_stream(page):
                if str(part.operator) == "BDC" and isinstance(part.operands[1], pikepdf.Dictionary):
                    said[number] |= words(" ".join(map(str, part.operands[1].values())))
        return said


def hidden_words(front: Side) -> tuple[set[str], set[str]]:
    """Return the words that may be on a front, and those that would give it away."""
    card, diagram = front.card, front.card.note.diagram
    open_words = told(card.front) | told(card.note.hint) | words(CAPTIONS)
    answers = told(card.back) | words(card.name)
    if diagram is not None:
        names = {label.key: told((Paragraph(label.name),)) for label in diagram.labels}
        open_words |= words(ASKED)
        answers |= set[str]().union(*names.values())
    return open_words, answers - open_words


@pytest.mark.parametrize("settings", ["", ", grey: true", ", mode: split", ", mode: single"])
def test_no_front_says_what_its_card_hides(settings: str, tmp_path: Path) -> None:
    """Of every kind of card: in no text, no bookmark, and nothing that a screen reader says."""
    deck = read_deck("card: {size: [95, 68], columns: 1, rows: 1, paper: a4}" + settings)
    fronts = card_sides(deck.notes, ASKED)[::2]
    files = {file.part: file.data for file in lay_out_cards(deck, tmp_path).draw()}
    pdf = files.get("fronts") or files[""]
    step = 1 if "mode" in settings else 2
    texts = [words(" ".join(word.text for word in page)) for page in page_words(pdf, vertical=True)][::step]
    spoken = page_structure(pdf)[::step]
    titles = [words(title) for _, titles in bookmarks(pdf) for title in titles]

    assert len(fronts) == len(texts) == len(spoken) == len(titles)
    for front, text, speech, title in zip(fronts, texts, spoken, titles, strict=True):
        open_words, answers = hidden_words(front)
        assert answers, front.card.name
        assert text - open_words == set(), front.card.name
        assert (speech | title) & answers == set(), front.card.name


def test_backs_say_what_was_hidden_to_screen_readers_too(tmp_path: Path) -> None:
    deck = read_deck()
    backs = card_sides(deck.notes, ASKED)[1::2]
    (file,) = lay_out_cards(deck, tmp_path).draw()

    spoken = page_structure(file.data)[1::2]
    pictures = [
        (back, speech)
        for back, speech in zip(backs, spoken, strict=True)
        if back.card.note.diagram is not None
    ]
    assert len(pictures) == 6
    for back, speech in pictures:
        assert told((back.card.back[0],)) <= speech


def test_a_quiz_does_not_say_what_its_masks_hide(tmp_path: Path) -> None:
    """The names are among the answers alone."""
    deck = read_deck()
    pages = render_pages("quiz", replace(deck, notes=tuple(n for n in deck.notes if n.diagram)), tmp_path)
    text = pdf_text(pages)

    assert text.index("Answers") < min(text.index(name) for name in ("Femur", "Patella", "Tibia"))


def test_a_folded_sheet_has_no_ids_in_its_waste(tmp_path: Path) -> None:
    """Questions and answers are beside each other there."""
    deck = read_deck("card: a7-safe, mode: fold")
    (file,) = lay_out_cards(deck, tmp_path).draw()
    text = pdf_text(file.data)

    assert text.count("typed-soleus") == 1
