"""An author's edits of a deck, made to the text of its files as in an editor, sound or not.

A project is its files: their content by path. An edit gets the project and two numbers, which choose where
and what, and changes it; any two numbers do.
"""

import re
from collections.abc import Callable

from hypothesis import strategies as st

Files = dict[str, bytes]
Edit = Callable[[Files, int, int], None]

FOLDER = "cards_source/deck/"
MAIN = f"{FOLDER}deck.yaml"

# Before each card, as all cards of these decks begin.
_CARD_START = re.compile(r"^(?=  - )", re.MULTILINE)
_ID = re.compile(r"(?<=  - id: )\S+")

MAIN_TEXT = """\
# The deck itself
deck: A deck
id: a-deck
language: en
sources:
  book: {title: A book, author: A. Author}
  page: {title: A page}
note_types:
  word:
    fields: [Word, Meaning]
    templates:
      Meaning:
        front: "What does {{Word}} mean?"
        back: "{{FrontSide}}<hr id=answer>{{Meaning}}"
    css: ".card { color: #333 }"
"""

HEADS = (
    "topic: One\ntags: [first]\ncards:\n",
    "# A comment at the top\ntopic: Two\nsource: book\nsubdeck: Part::Inner\ncards:\n",
    "cards:\n",
)

_CARDS_TEXT = """\
  - id: ID
    q: What is WORD?
    a: It is WORD
  - id: ID
    q: 'What is WORD: *this* or **that**?'
    a: |
      - `WORD`

      - that
    extra: >
      Folded
      WORD
  - id: ID
    cloze: The WORD is {{c1::one}} and {{c2::two::hint}}
    tags: [cloze, exam]
  - id: ID
    list: Which are WORD?
    items:
      one: first of WORD
      two: second
  - id: ID
    table:
      ask:
        what: '{row}: what is it?'
        where: {q: '{row}: where?', reverse: true}
      rows:
        a: {row: Row WORD, what: this, where: there}
        b: {row: Other, what: that}
  - id: ID
    diagram: media/leg.svg
    alt: A leg
    labels:
      x: {name: WORD, rect: [5, 10, 30, 10]}
      y: {name: Other, ellipse: [60, 10, 30, 10]}
  - id: ID
    type: word
    fields: {Word: WORD, Meaning: the **meaning**}
  - id: ID
    q: 'What is \\(x_{WORD} = \\frac12\\)?'
    a: '![a leg](media/leg.svg)'
    reverse: true
  - id: ID
    q: 漢字[かんじ] WORD とは？
    a: <u>猫</u> &amp; <b>犬</b>
    hint: 動物
    typed: true
  - {id: ID, q: 'Where is WORD?', a: there, source: {book: page 7}}
  - q: Which card of WORD has no id yet?
    a: This one
"""
_CARDS = _CARD_START.split(_CARDS_TEXT)[1:]
"""A card of each kind, and of each way to write one. Every card of a deck has another id and other words."""

SNIPPETS = (
    '"', "'", "\t", "[", "}", "&", "*", "|", "\r", "\0", "\u2028", "\ufeff", ": ", " #", "- ", "\n", "\n\n",
    "\n  - ", "\n---\n", "\n...\n", "&a ", "*a ", "<<: *a", "!!int ", "? ", "%TAG", "{{c1::", "}}", "**",
    r"\(", r"\)", "<b>", "&lt", "![", "media/none.svg", "    id: again\n", "    answr: typo\n",
    "    allow: [long-answer]\n", "    print: false\n", "cards:\n",
)  # fmt: skip
"""What breaks a file, a card or a text, or changes what it means, where it is inserted."""

HEADER_LINES = """\
topic: Three
topic: One
tags: [second]
tags: [first, 'a tag']
source: page
source: {book: Chapter 1}
source: none
subdeck: Part
subdeck: Part::Inner
allow: [short-answer]
print: false
# comment
""".splitlines()
MAIN_LINES = """\
deck: Another name
deck: A deck
language: de
language: en
description: Words
files: [b.yaml, a.yaml]
source: book
print: {card: a8}
allow: [unused-media]
tags: [all]
id: other-id
id: a-deck
""".splitlines()


def is_source(path: str) -> bool:
    """Tell whether the author has written a file, and no build."""
    return path.startswith(FOLDER) and not path.endswith(".lock")


def new_project(card_count: int, seed: int) -> Files:
    """Return a deck of two files of cards of every kind, and as many plain cards as are left."""
    cards = [
        _card(seed + number if number < len(_CARDS) else 0, f"card-{number}", number)
        for number in range(card_count)
    ]
    middle = card_count // 3
    return {
        MAIN: MAIN_TEXT.encode(),
        f"{FOLDER}a.yaml": (HEADS[0] + "".join(cards[:middle])).encode(),
        f"{FOLDER}b.yaml": (HEADS[seed % len(HEADS)] + "".join(cards[middle:])).encode(),
        f"{FOLDER}media/leg.svg": _picture(1),
    }


def reword(files: Files, where: int, what: int) -> None:
    """Replace a word by another, mostly of the same length."""
    path, text = _choose(files, where)
    words = list(re.finditer(r"word-\d+", text))
    if words:
        start, end = words[where % len(words)].span()
        _write(files, path, f"{text[:start]}word-{what % 1000}{text[end:]}")


def insert_card(files: Files, where: int, what: int) -> None:
    path, head, cards = _choose_cards(files, where)
    card = _card(what, f"new-{what}", what)
    cards.insert(where % (len(cards) + 1), card)
    _write(files, path, head, *cards)


def insert_many_cards(files: Files, where: int, what: int) -> None:
    path, head, cards = _choose_cards(files, where)
    position = where % (len(cards) + 1)
    cards[position:position] = [_card(number, f"many-{what}-{number}", number) for number in range(what % 80)]
    _write(files, path, head, *cards)


def delete_cards(files: Files, where: int, what: int) -> None:
    path, head, cards = _choose_cards(files, where)
    position = 1 + where % max(len(cards), 1)
    del cards[position : position + what % 4]
    _write(files, path, head, *cards)


def move_card(files: Files, where: int, what: int) -> None:
    """Cut a card out, and paste it into the same file or another."""
    path, head, cards = _choose_cards(files, where)
    if not cards:
        return
    card = cards.pop(where % len(cards))
    _write(files, path, head, *cards)
    path, head, cards = _choose_cards(files, what)
    cards.insert(what % (len(cards) + 1), card)
    _write(files, path, head, *cards)


def copy_card(files: Files, where: int, what: int) -> None:
    """Paste a card a second time; the copy may get an id of its own, or none."""
    path, head, cards = _choose_cards(files, where)
    if not cards:
        return
    card = cards[where % len(cards)]
    if what % 3:
        card = _ID.sub(f"copy-{what}", card)
    path, head, cards = _choose_cards(files, what)
    cards.insert(what % (len(cards) + 1), card)
    _write(files, path, head, *cards)


def rename_card(files: Files, where: int, what: int) -> None:
    """Change an id, with `was` or without."""
    _change_card(
        files,
        where,
        lambda card: _ID.sub(
            lambda old: f"named-{what}" + (f"\n    was: {old[0]}" if what % 2 else ""), card, count=1
        ),
    )


def tag_card(files: Files, where: int, what: int) -> None:
    tags = f"    tags: [tag-{what % 5}]\n"
    _change_card(files, where, lambda card: re.sub(r"    tags: .*\n", "", card) + tags)


def write_block(files: Files, where: int, what: int) -> None:
    """Write a text as a block, as a quoted text, or over two lines."""
    styles = (
        "{key}: |\n      {text}\n",
        "{key}: >-\n      {text}\n\n",
        "{key}: '{text}'\n",
        "{key}:\n      {text}\n",
    )
    style = styles[what % len(styles)]
    _change_card(
        files,
        where,
        lambda card: re.sub(
            r"(?<=^    )(?P<key>[qa]): (?P<text>\w.*)\n",
            lambda match: style.format(**match.groupdict()),
            card,
            flags=re.MULTILINE,
        ),
    )


def share_text(files: Files, where: int, what: int) -> None:
    """Give a text an anchor, and let another card of the file take it by its name."""
    path, head, cards = _choose_cards(files, where)
    answers = [number for number, card in enumerate(cards) if re.search(r"^    a: \w", card, re.MULTILINE)]
    if len(answers) < 2:
        return
    first, second = sorted((answers[where % len(answers)], answers[what % len(answers)]))
    cards[first] = re.sub(r"(?m)^    a: (?=\w)", f"    a: &text-{what} ", cards[first])
    cards[second] = re.sub(r"(?m)^    a: \w.*", f"    a: *text-{what}", cards[second])
    _write(files, path, head, *cards)


def comment(files: Files, where: int, what: int) -> None:
    """Write a comment, an empty line or spaces between any two lines."""
    path, text = _choose(files, where)
    lines = text.splitlines(keepends=True)
    line = (f"# comment {what}\n", f"    # comment {what}\n", f"  # - id: out-{what}\n", "\n", "   \n")[
        what % 5
    ]
    lines.insert(where % (len(lines) + 1), line)
    _write(files, path, *lines)


def insert_snippet(files: Files, where: int, what: int) -> None:
    """Type something anywhere that most often breaks the file."""
    path = _paths(files)[where % len(_paths(files))]
    data = files[path]
    position = where % (len(data) + 1)
    snippet = b"\xff" if what % 50 == 49 else SNIPPETS[what % len(SNIPPETS)].encode()
    files[path] = data[:position] + snippet + data[position:]


def delete_text(files: Files, where: int, what: int) -> None:
    path = _paths(files)[where % len(_paths(files))]
    data = files[path]
    position = where % (len(data) + 1)
    files[path] = data[:position] + data[position + what % 30 :]


def swap_lines(files: Files, where: int, what: int) -> None:
    path, text = _choose(files, where)
    lines = text.splitlines(keepends=True)
    if lines:
        line = lines.pop(where % len(lines))
        lines.insert(what % (len(lines) + 1), line)
        _write(files, path, *lines)


def change_header(files: Files, where: int, what: int) -> None:
    """Write a line at the top of a file of cards, in place of the one with the same key."""
    paths = [path for path in _paths(files) if path != MAIN]
    if paths:
        path = paths[where % len(paths)]
        _set_line(files, path, HEADER_LINES[what % len(HEADER_LINES)])


def change_main_file(files: Files, _where: int, what: int) -> None:
    _set_line(files, MAIN, MAIN_LINES[what % len(MAIN_LINES)])


def change_note_type(files: Files, _where: int, what: int) -> None:
    """Change the style of the note type, or its template; what is released makes some of it an error."""
    text = _decode(files[MAIN])
    colour = f"#{what % 10}{what % 7}{what % 3}"
    changes = (
        (r"color: #\w+", f"color: {colour}"),
        (r"What does {{Word}} mean", f"And {{{{Word}}}} {what % 9}"),
        (r"\[Word, Meaning\]", "[Word, Meaning, Note]"),
        (r"title: A book", f"title: Book {what % 9}"),
    )
    pattern, replacement = changes[what % len(changes)]
    _write(files, MAIN, re.sub(pattern, lambda _: replacement, text))


def change_media(files: Files, where: int, what: int) -> None:
    """Draw a picture anew, take it away, or add one that no card shows."""
    path = f"{FOLDER}media/{'leg' if where % 4 else 'unused'}.svg"
    if what % 5 == 0:
        files.pop(path, None)
    else:
        files[path] = b"no picture" if what % 5 == 1 else _picture(what % 7)


def change_line_ends(files: Files, where: int, what: int) -> None:
    """Save a file with line ends of Windows or Unix, with a byte order mark, or without a last line end."""
    path = _paths(files)[where % len(_paths(files))]
    data = files[path].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    files[path] = (data, data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data, data.rstrip(b"\n"))[what % 4]


def change_files(files: Files, where: int, what: int) -> None:
    """Add a file, remove one, give it another name, or cut it in two."""
    path, head, cards = _choose_cards(files, where)
    other = f"{FOLDER}{'abcd'[what % 4]}.yaml"
    match what % 5:
        case 0:
            text = _card(0, f"only-{what}", what)
            _write(files, other, HEADS[where % len(HEADS)], text)
        case 1 if path != MAIN:
            del files[path]
        case 2 if path != MAIN:
            files[other] = files.pop(path)
        case _ if len(cards) > 1:
            middle = 1 + where % (len(cards) - 1)
            _write(files, other, HEADS[what % len(HEADS)], *cards[middle:])
            if other != path:
                _write(files, path, head, *cards[:middle])


def change_released_file(files: Files, where: int, what: int) -> None:
    """Lose or damage a file that a build has written."""
    paths = sorted(path for path in files if path.startswith("decks/") or path.endswith(".lock"))
    if paths:
        path = paths[where % len(paths)]
        if what % 3 == 0:
            del files[path]
        else:
            data = files[path]
            position = what * 7 % (len(data) + 1)
            files[path] = data[:position] + bytes([what % 256]) + data[position + 1 :]


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        reword,
        insert_card,
        insert_many_cards,
        delete_cards,
        move_card,
        copy_card,
        rename_card,
        tag_card,
        write_block,
        share_text,
        comment,
        insert_snippet,
        delete_text,
        swap_lines,
        change_header,
        change_main_file,
        change_note_type,
        change_media,
        change_line_ends,
        change_files,
        change_released_file,
    )
}
"""All edits by their names."""

_UNSOUND_EDITS = (insert_snippet, delete_text, swap_lines, change_released_file)
_SOUND = [name for name, edit in EDITS.items() if edit not in _UNSOUND_EDITS]

NUMBERS = st.integers(0, 9999)
EDIT_LISTS = st.lists(
    st.tuples(st.sampled_from([*_SOUND, *_SOUND, *_SOUND, *EDITS]), NUMBERS, NUMBERS), min_size=1, max_size=3
)
"""The names of edits with their numbers. Most are sound, since a deck with an error is not built."""


def _card(kind: int, id_: str, number: int) -> str:
    """Return a card of one of the kinds with an id and the word of a number."""
    return _CARDS[kind % len(_CARDS)].replace("ID", id_).replace("WORD", f"word-{number}")


def _change_card(files: Files, where: int, change: Callable[[str], str]) -> None:
    path, head, cards = _choose_cards(files, where)
    if cards:
        position = where % len(cards)
        cards[position] = change(cards[position])
        _write(files, path, head, *cards)


def _set_line(files: Files, path: str, line: str) -> None:
    """Write a line of a mapping at the top of a file, in place of that with the same key."""
    key = line.partition(":")[0]
    text = _decode(files[path])
    without = re.sub(rf"(?m)^{re.escape(key)}:.*\n", "", text)
    _write(files, path, line, "\n", without)


def _paths(files: Files) -> list[str]:
    """Return the paths of the files with YAML; that of the deck itself always exists."""
    return sorted(path for path in files if path.endswith(".yaml"))


def _choose(files: Files, where: int) -> tuple[str, str]:
    paths = _paths(files)
    path = paths[where % len(paths)]
    return path, _decode(files[path])


def _choose_cards(files: Files, where: int) -> tuple[str, str, list[str]]:
    """Return path, head and cards of a file."""
    paths = [path for path in _paths(files) if path != MAIN] or [MAIN]
    path = paths[where % len(paths)]
    head, *cards = _CARD_START.split(_decode(files[path]))
    return path, head, cards


def _decode(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _write(files: Files, path: str, *parts: str) -> None:
    files[path] = "".join(parts).encode(errors="surrogateescape")


def _picture(number: int) -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 400">'
        b'<rect x="%d" y="1" width="290" height="398" fill="#eee" stroke="#333"/></svg>' % number
    )
