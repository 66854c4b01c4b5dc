"""Writes decks as readable text, which the pages of the specification quote."""

from collections.abc import Iterator

from cardwright.collection import content as c
from cardwright.collection.card import cards
from cardwright.collection.colour import to_hex
from cardwright.collection.deck import Deck
from cardwright.collection.diagram import Diagram
from cardwright.collection.note import Note
from cardwright.diagnostics import Report
from cardwright.formats.pdf.settings import Design
from cardwright.identity.label_numbers import number_labels
from cardwright.layout.plan import Overflow, cut_grid


def dump_deck(deck: Deck) -> str:
    """Return a block of lines for each note, in study order."""
    notes = number_labels(deck, None, Report()).notes
    return "\n".join(line for note in notes for line in _note(note)) + "\n"


def dump_design(design: Design) -> str:
    """Return a few lines about the sheets of a deck."""
    plan = design.plan
    grid, sheet = cut_grid(plan.card_size, plan.mode) or plan.card_size.grid, plan.card_size.sheet
    backs = ", backs rotated" if plan.rotate_backs else ""
    size = f"{grid.trim_width:g} × {grid.trim_height:g} mm"
    positions = f"from {grid.left:g}, {grid.top:g} every {grid.pitch_x:g}, {grid.pitch_y:g}"
    lines = (
        f"{plan.card_size.name} ({plan.card_size.material.value})",
        f"  paper: {sheet.name}, {sheet.width:g} × {sheet.height:g} mm",
        f"  cards: {grid.columns} × {grid.rows} of {size}, {positions}",
        f"  printed: {plan.mode.value}, {plan.flip.value} edge, {plan.order.value}{backs}",
        f"  cut: {plan.marks.value}, bleed {plan.bleed:g} mm",
        f"  type: {design.font_scale:g}{', grey' if design.grey else ''}",
        *([f"  too long: {design.overflow.value}"] if design.overflow is not Overflow.ERROR else []),
    )
    return "".join(f"{line}\n" for line in lines)


def _note(note: Note) -> Iterator[str]:
    yield f"{note.key} ({note.type})"
    if note.diagram is not None:
        yield from _diagram(note.diagram)
    for name, value in note.fields.items():
        yield f"  {name}: {content(value)}"
    if note.typed:
        yield f"  typed: {note.typed}"
    if note.topic:
        yield f"  topic: {note.topic}"
    if note.deck_name.subdeck:
        yield f"  sub-deck: {note.deck_name.subdeck}"
    if note.tags:
        yield f"  tags: {' '.join(note.tags)}"
    for citation in note.citations:
        yield f"  source: {citation.text}"
    if note.former_keys:
        yield f"  was: {' '.join(note.former_keys)}"
    if not note.printed:
        yield "  not printed"
    yield from _cards(note)


def _cards(note: Note) -> Iterator[str]:
    all_cards = list(cards(note))
    if note.custom_type is not None:
        for card in all_cards:
            yield f"  card {card.ordinal + 1}: {content(card.front)} → {content(card.back)}"
    elif [card.ordinal for card in all_cards] != [0]:
        yield f"  cards: {' '.join(str(card.ordinal + 1) for card in all_cards)}"


def _diagram(diagram: Diagram) -> Iterator[str]:
    yield f"  picture: {diagram.file.name} {diagram.alt!r}"
    yield f"  hides: {'all' if diagram.hides_all else 'one'}"
    for label in diagram.labels:
        places = " + ".join(
            f"{shape.kind} {' '.join(f'{x:g},{y:g}' for x, y in shape.points)}" for shape in label.shapes
        )
        yield f"  {label.cloze_number} {label.key}: {inlines(label.name)} ({places})"


def content(blocks: c.Content) -> str:
    """Return a content on one line: `¶` between blocks, markup in ⟨angle brackets⟩."""
    return " ¶ ".join(_block(block) for block in blocks)


def _block(block: c.Block) -> str:  # noqa: C901  a case a block
    match block:
        case c.Paragraph(children):
            return inlines(children)
        case c.Heading(level, children):
            return f"⟨h{level} {inlines(children)}⟩"
        case c.MarkedList(entries, marks):
            marked = zip(marks, entries, strict=True)
            return " ".join(f"⟨{mark or 'unmarked'} {content(entry)}⟩" for mark, entry in marked)
        case c.BulletList(entries):
            return " ".join(f"⟨• {content(entry)}⟩" for entry in entries)
        case c.OrderedList(start, entries):
            return " ".join(f"⟨{number}. {content(entry)}⟩" for number, entry in enumerate(entries, start))
        case c.RawHtml(html, _, children):
            return f"⟨html {html} ⟩⟨shown {content(children)}⟩"
        case c.Quote(children):
            return f"⟨quote {content(children)}⟩"
        case c.Aligned(alignment, children):
            return f"⟨{alignment} {content(children)}⟩"
        case c.CodeBlock(children, language):
            return f"⟨code {language or '-'} {inlines(children)!r}⟩"
        case c.Table(alignments, head, rows):
            lines = [" | ".join(content(cell) for cell in row) for row in (head, *rows) if row]
            name = "table" if head else "headless table"
            return f"⟨{name} {','.join(side or '-' for side in alignments)}: {' // '.join(lines)}⟩"
        case c.ThematicBreak():
            return "⟨rule⟩"


def inlines(children: c.Inlines) -> str:
    return "".join(_inline(inline) for inline in children)


def _inline(inline: c.Inline) -> str:  # noqa: C901, PLR0912  a case an inline
    match inline:
        case c.Text(text) | c.Verbatim(text):
            return text
        case c.Strong(children):
            return f"⟨strong {inlines(children)}⟩"
        case c.Emphasis(children):
            return f"⟨em {inlines(children)}⟩"
        case c.Strikethrough(children):
            return f"⟨strike {inlines(children)}⟩"
        case c.Styled(element, children):
            return f"⟨{element} {inlines(children)}⟩"
        case c.Coloured(colour, background, children):
            names = [to_hex(colour)] if colour else []
            names += [f"on {to_hex(background)}"] if background else []
            return f"⟨{' '.join(names)} {inlines(children)}⟩"
        case c.Scaled(factor, children):
            return f"⟨×{factor:g} {inlines(children)}⟩"
        case c.Ruby(children, reading):
            return f"⟨ruby {inlines(children)} | {inlines(reading)}⟩"
        case c.Code(children):
            return f"⟨code {inlines(children)}⟩"
        case c.Math(_, display):
            return f"⟨{'display' if display else 'math'} {c.write_tex(inline, _math_deletion)}⟩"
        case c.Link(url, children):
            return f"⟨link {url} {inlines(children)}⟩"
        case c.Sound(file, words):
            return f"⟨sound {file.name} {words!r}⟩"
        case c.Image(file, alt, width):
            return f"⟨image {file.name} {alt!r}{' ' + width if width else ''}⟩"
        case c.LineBreak():
            return "⟨break⟩"
        case c.Cloze(numbers, children, hint):
            joined = ",".join(str(number) for number in numbers)
            return f"⟨c{joined} {inlines(children)}{'::' + inlines(hint) if hint else ''}⟩"
        case c.Blank():
            return "⟨blank⟩"


def _math_deletion(deletion: c.MathDeletion, hidden: str) -> str:
    joined = ",".join(str(number) for number in deletion.numbers)
    return f"⟨c{joined} {hidden}{'::' + deletion.hint if deletion.hint else ''}⟩"
