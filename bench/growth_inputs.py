"""Inputs of every kind that can be made as large as one likes, for `growth.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Files: TypeAlias = dict[str, str]
"""The contents of some files by their paths, relative to the project."""

CHECK, PAPER, BUILD, SHEETS = "check", "paper", "build", "sheets"

_HEAD = "deck: Bench\nid: bench\n"
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><rect width="400" height="300"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of input.

    size: of the largest input, in pieces; a run with it takes about a second if the work is linear.
    files: makes an input of so many pieces.
    commands: what is to be measured.
    before: makes what is built, unmeasured, beforehand.
    """

    size: int
    files: Callable[[int], Files]
    commands: tuple[str, ...] = (CHECK, PAPER, BUILD)
    before: Callable[[int], Files] | None = None


def _deck(cards: str, header: str = "", name: str = "bench") -> Files:
    head = _HEAD if name == "bench" else f"deck: {name}\nid: {name}\n"
    return {
        f"cards_source/{name}.yaml": f"{head}{header}cards:\n{cards}",
        "cards_source/media/p.svg": _PICTURE,
    }


def _cards(card: Callable[[int], str], header: Callable[[int], str] = lambda _: "") -> Callable[[int], Files]:
    return lambda size: _deck("".join(map(card, range(size))), header(size))


def _question(number: int, more: str = "", answer: str = "") -> str:
    answer = answer or f"It is what muscle {number} does in a sentence"
    return f"  - id: c{number}\n    q: What is the {number}th question of this deck?\n    a: {answer}\n{more}"


def _text(text: Callable[[int], str], key: str = "a") -> Callable[[int], Files]:
    """Make a deck of one card with one long text."""

    def files(size: int) -> Files:
        lines = "".join(f"      {line}\n" if line else "\n" for line in text(size).split("\n"))
        first = "    q: What is long?\n" if key == "a" else ""
        return _deck(f"  - id: long\n{first}    {key}: |\n{lines}")

    return files


def _repeated(piece: str, key: str = "a") -> Callable[[int], Files]:
    return _text(lambda size: piece * size, key)


def _numbered(piece: Callable[[int], str], key: str = "a") -> Callable[[int], Files]:
    return _text(lambda size: "".join(map(piece, range(size))), key)


def _table(size: int, columns: int) -> Files:
    ask = "".join(f'        p{column}: "{{row}}: what is {column}?"\n' for column in range(columns))
    rows = "".join(
        f"        r{row}:\n          row: Muscle {row}\n"
        + "".join(f"          p{column}: Answer {column} of {row}\n" for column in range(columns))
        for row in range(size // columns)
    )
    return _deck(f"  - id: t\n    table:\n      ask:\n{ask}      rows:\n{rows}")


def _labels(size: int) -> Files:
    across = 40
    labels = "".join(
        f"      l{number}: {{name: Part {number}, rect: [{number % across * 2.4:.2f},"
        f" {number // across * 100 / (size / across + 1):.3f}, 2, {50 / (size / across + 1):.4f}]}}\n"
        for number in range(size)
    )
    return _deck(f"  - id: d\n    diagram: media/p.svg\n    alt: Parts\n    labels:\n{labels}")


def _diagrams(size: int) -> Files:
    return _deck(
        "".join(
            f"  - id: d{number}\n    diagram: media/p.svg\n    alt: Parts\n"
            f"    labels: {{a: {{name: {number}, rect: [1, 1, 9, 9]}}, b: {{name: B, rect: [9, 9, 9, 9]}}}}\n"
            for number in range(size)
        )
    )


def _many_files(size: int) -> Files:
    files = {
        f"cards_source/bench/f{number}.yaml": f"topic: T{number % 8}\ncards:\n{_question(number)}"
        for number in range(size)
    }
    return files | {"cards_source/bench/deck.yaml": _HEAD}


def _listed_files(size: int) -> Files:
    return _many_files(size) | {"cards_source/bench/deck.yaml": f"{_HEAD}{_file_list(size)}"}


def _file_list(size: int) -> str:
    return f"files: [{', '.join(f'f{number}.yaml' for number in range(size))}]\n"


def _many_decks(size: int) -> Files:
    return {
        path: text
        for number in range(size)
        for path, text in _deck(_question(number), name=f"d{number}").items()
    }


def _note_types(size: int) -> Files:
    types = "".join(
        f"  t{number}:\n    fields: [A, B]\n    templates:\n"
        '      One: {front: "{{A}} what?", back: "{{FrontSide}}<hr id=answer><b class=x>{{B}}</b>"}\n'
        f'    css: ".card {{ font-size: {number % 20 + 10}px }} .x {{ color: red }}"\n'
        for number in range(size)
    )
    cards = "".join(
        f"  - id: c{number}\n    type: t{number}\n    fields: {{A: This {number}, B: That {number}}}\n"
        for number in range(size)
    )
    return _deck(cards, f"note_types:\n{types}")


def _note_type(
    fields: Callable[[int], str] = lambda _: "A, B",
    front: Callable[[int], str] = lambda _: "{{A}}",
    back: Callable[[int], str] = lambda _: "{{B}}",
    css: Callable[[int], str] = lambda _: ".card {}",
    templates: Callable[[int], str] = lambda _: "",
    values: Callable[[int], str] = lambda _: "A: This, B: That",
    cards: int = 1,
) -> Callable[[int], Files]:
    def files(size: int) -> Files:
        header = (
            f"note_types:\n  t:\n    fields: [{fields(size)}]\n    templates:\n"
            f"      One:\n        front: '{front(size)}'\n        back: '{back(size)}'\n{templates(size)}"
            f"    css: '{css(size)}'\n"
        )
        texts = (
            f"  - id: c{number}\n    type: t\n    fields: {{{values(size)}}}\n" for number in range(cards)
        )
        return _deck("".join(texts), header)

    return files


def _typed_cards(size: int) -> Files:
    """Make cards of one custom note type."""
    return _note_type(cards=size)(size)


def _svg(body: Callable[[int], str]) -> Callable[[int], Files]:
    def files(size: int) -> Files:
        start = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">'
        files = _deck("  - id: d\n    q: What? ![it](media/p.svg)\n    a: That\n")
        return files | {"cards_source/media/p.svg": f"{start}{body(size)}</svg>"}

    return files


def _pictures(size: int) -> Files:
    files = _deck("".join(_question(n, answer=f'"![it](media/p{n}.svg)"') for n in range(size)))
    return files | {
        f"cards_source/media/p{n}.svg": _PICTURE.replace("</svg>", f"<desc>{n}</desc></svg>")
        for n in range(size)
    }


def _unused_pictures(size: int) -> Files:
    return _deck(_question(1)) | {f"cards_source/media/p{n}.svg": _PICTURE for n in range(size)}


_plain = _cards(_question)
_no_cards = _cards(lambda number: "" if number else _question(0))


def _words(number: int) -> str:
    return f"word{number} "


KINDS: dict[str, Kind] = {
    # Cards and what stands beside their texts.
    "cards": Kind(8_000, _plain),
    "cards without ids": Kind(
        8_000, _cards(lambda n: f"  - q: What is number {n} of them?\n    a: It is {n}\n")
    ),
    "cards without ids, in braces": Kind(
        8_000, _cards(lambda n: f"  - {{q: What is number {n}?, a: It is {n}}}\n")
    ),
    "cards in one line": Kind(
        8_000,
        lambda size: {
            "cards_source/bench.yaml": f"{_HEAD}cards: ["
            + ", ".join(f"{{id: c{n}, q: What is {n}?, a: It is {n}}}" for n in range(size))
            + "]\n"
        },
    ),
    "cards without ids in one line": Kind(
        8_000,
        lambda size: {
            "cards_source/bench.yaml": f"{_HEAD}cards: ["
            + ", ".join(f"{{q: What is {n}?, a: It is {n}}}" for n in range(size))
            + "]\n"
        },
    ),
    "cards with one question": Kind(
        8_000, _cards(lambda n: f"  - id: c{n}\n    q: What is that?\n    a: It is {n}\n")
    ),
    "cards with one answer": Kind(
        8_000, _cards(lambda n: f"  - id: c{n}\n    q: What is that, {n}?\n    a: It is the thing\n")
    ),
    "cards with the same texts": Kind(
        8_000, _cards(lambda n: f"  - id: c{n}\n    q: What is that?\n    a: It is the thing\n")
    ),
    "cards whose ids have one beginning": Kind(
        8_000, _cards(lambda _: "  - q: The same question again?\n    a: It is\n")
    ),
    "cards of everything": Kind(
        8_000,
        _cards(
            lambda n: _question(
                n,
                f"    extra: More\n    hint: hint {n}\n    reverse: {{q: Which is {n}?, a: This one {n}}}\n"
                f"    tags: [a, b]\n    topic: T{n % 20}\n    typed: true\n",
            )
        ),
    ),
    "cloze cards": Kind(
        8_000,
        _cards(lambda n: f"  - id: c{n}\n    cloze: The {{{{c1::bone {n}}}}} is {{{{c2::long}}}} here.\n"),
    ),
    "cards with emphasis": Kind(8_000, _cards(lambda n: _question(n, answer=f"It is **{n}** and *that*"))),
    "cards of custom note types": Kind(8_000, _typed_cards),
    "cards with a tag each": Kind(8_000, _cards(lambda n: _question(n, f"    tags: [tag-{n}]\n"))),
    "tags of one card": Kind(
        20_000,
        lambda size: _deck(_question(0, "    tags: [" + ", ".join(f"t{n}" for n in range(size)) + "]\n")),
    ),
    "tags of a topic": Kind(
        2_000,
        lambda size: _deck(
            "".join(map(_question, range(size))), "tags: [" + ", ".join(f"t{n}" for n in range(size)) + "]\n"
        ),
    ),
    "nested tags": Kind(
        20_000,
        lambda size: _deck(_question(0, "    tags: [" + "::".join(f"t{n}" for n in range(size)) + "]\n")),
    ),
    "topics": Kind(8_000, _cards(lambda n: _question(n, f"    topic: Topic {n}\n"))),
    "sources": Kind(
        8_000,
        _cards(
            lambda n: _question(n, f"    source: s{n}\n"),
            lambda size: (
                "sources:\n" + "".join(f"  s{n}: {{title: Book {n}, author: A}}\n" for n in range(size))
            ),
        ),
    ),
    "unused sources": Kind(
        8_000,
        lambda size: _deck(
            _question(0),
            "sources:\n" + "".join(f"  s{n}: {{title: Book {n}, author: A}}\n" for n in range(size)),
        ),
    ),
    "unknown sources": Kind(
        2_000,
        _cards(
            lambda n: _question(n, f"    source: x{n}\n"),
            lambda size: (
                "sources:\n" + "".join(f"  s{n}: {{title: Book {n}, author: A}}\n" for n in range(size))
            ),
        ),
    ),
    "sources of one card": Kind(
        4_000,
        lambda size: _deck(
            _question(0, "    source: [" + ", ".join(f"s{n}" for n in range(size)) + "]\n"),
            "sources:\n" + "".join(f"  s{n}: {{title: Book {n}, author: A}}\n" for n in range(size)),
        ),
    ),
    "citations with pages": Kind(
        8_000,
        _cards(
            lambda n: _question(n, f"    source: {{ref: s, pages: {n}}}\n"),
            lambda _: "sources: {s: {title: Book}}\n",
        ),
    ),
    "sub-decks": Kind(4_000, _cards(lambda n: _question(n, f"    subdeck: Part {n}\n"))),
    "depth of a sub-deck": Kind(
        400,
        lambda size: _deck(_question(0, "    subdeck: " + "::".join(f"p{n}" for n in range(size)) + "\n")),
    ),
    "sub-decks in each other": Kind(
        30,
        _cards(lambda n: _question(n, "    subdeck: " + "::".join(f"p{m}" for m in range(n + 1)) + "\n")),
    ),
    "suppressions": Kind(8_000, _cards(lambda n: _question(n, "    allow: [long-answer]\n"))),
    "suppressions that are used": Kind(
        4_000,
        _cards(
            lambda n: (
                f"  - id: c{n}\n    q: Is it {n}?\n    a: Yes\n    allow: [yes-no-question, same-question]\n"
            )
        ),
    ),
    "findings that one topic allows": Kind(
        4_000,
        _cards(
            lambda n: f"  - id: c{n}\n    q: Is it {n}?\n    a: Yes\n", lambda _: "allow: [yes-no-question]\n"
        ),
    ),
    "suppressions of one card": Kind(
        8_000, lambda size: _deck(_question(0, "    allow: [" + ", ".join(["long-answer"] * size) + "]\n"))
    ),
    # Kinds of cards that make several notes.
    "items of a list": Kind(
        4_000,
        lambda size: _deck(
            "  - id: l\n    list: Which?\n    items:\n"
            + "".join(f"      i{n}: Item {n}\n" for n in range(size))
        ),
    ),
    "items that are asked alone": Kind(
        4_000,
        lambda size: _deck(
            "  - id: l\n    list: Which?\n    show: none\n    items:\n"
            + "".join(f"      i{n}: Item {n}\n" for n in range(size))
        ),
    ),
    "lists": Kind(
        1_000,
        _cards(
            lambda n: f"  - id: l{n}\n    list: Which are {n}?\n    items: {{a: A{n}, b: B{n}, c: C{n}}}\n"
        ),
    ),
    "rows of a table": Kind(4_000, lambda size: _table(size, 2)),
    "columns of a table": Kind(4_000, lambda size: _table(size, max(1, size // 2))),
    "labels of a diagram": Kind(400, _labels),
    "too many labels": Kind(8_000, lambda size: _labels(max(size, 600))),
    "diagrams": Kind(1_000, _diagrams),
    # Decks and files.
    "files of a deck": Kind(2_000, _many_files),
    "listed files of a deck": Kind(2_000, _listed_files),
    "decks": Kind(240, _many_decks),
    "pictures": Kind(1_000, _pictures),
    "unused pictures": Kind(2_000, _unused_pictures),
    # Custom note types.
    "note types": Kind(200, _note_types),
    "fields of a note type": Kind(
        800,
        _note_type(
            fields=lambda size: "A, B, " + ", ".join(f"F{n}" for n in range(size)),
            values=lambda size: "A: This, B: That, " + ", ".join(f"F{n}: Value {n}" for n in range(size)),
            back=lambda size: " ".join(f"{{{{F{n}}}}}" for n in range(size)),
        ),
    ),
    "templates of a note type": Kind(
        200,
        _note_type(
            templates=lambda size: "".join(
                f'      T{n}: {{front: "{{{{A}}}} number {n}", back: "{{{{B}}}}"}}\n' for n in range(size)
            )
        ),
    ),
    "sections of a template": Kind(2_000, _note_type(back=lambda size: "{{#A}}x{{/A}}" * size)),
    "elements of a template": Kind(2_000, _note_type(back=lambda size: '<b class="x">x</b>' * size)),
    "rules of a style": Kind(
        2_000,
        _note_type(
            css=lambda size: "".join(f".x{n} {{ color: red }} " for n in range(size)),
            back=lambda _: "<b class=x1>{{B}}</b>",
        ),
    ),
    "rules and elements": Kind(
        1_000,
        _note_type(
            css=lambda size: "".join(f".x{n} {{ color: red }} " for n in range(size)),
            back=lambda size: "".join(f"<b class=x{n}>x</b>" for n in range(size)),
        ),
    ),
    "selectors of descendants": Kind(
        400,
        _note_type(
            css=lambda size: " ".join(["b"] * size) + " { color: red }", back=lambda _: "<b>{{B}}</b>"
        ),
    ),
    "declarations of a rule": Kind(
        4_000, _note_type(css=lambda size: ".card {" + "color: red;" * size + "}")
    ),
    # One long text.
    "letters": Kind(200_000, _repeated("a")),
    "words": Kind(40_000, _numbered(_words)),
    "paragraphs": Kind(8_000, _repeated("word\n\n")),
    "lines": Kind(20_000, _repeated("word\n")),
    "entries": Kind(8_000, _repeated("- entry\n")),
    "numbered entries": Kind(8_000, _numbered(lambda n: f"{n + 1}. entry\n")),
    "loose entries": Kind(8_000, _repeated("- entry\n\n")),
    "nested entries": Kind(400, _numbered(lambda n: "  " * n + "- entry\n")),
    "quotations": Kind(8_000, _repeated("> quoted\n\n")),
    "nested quotations": Kind(4_000, _text(lambda size: "> " * size + "x")),
    "headings": Kind(8_000, _repeated("# heading\n\n")),
    "lines of code": Kind(20_000, _repeated("    line of code\n")),
    "lines of fenced code": Kind(20_000, _text(lambda size: "```\n" + "line\n" * size + "```")),
    "one line of code": Kind(200_000, _text(lambda size: "```\n" + "x" * size + "\n```")),
    "fences": Kind(8_000, _repeated("```\nx\n```\n")),
    "rows of a table in a text": Kind(
        8_000, _text(lambda size: "| a | b |\n|---|---|\n" + "| c | d |\n" * size)
    ),
    "columns of a table in a text": Kind(
        4_000, _text(lambda size: "| a " * size + "|\n" + "|---" * size + "|\n" + "| c " * size + "|\n")
    ),
    "tables in a text": Kind(2_000, _repeated("| a | b |\n|---|---|\n| c | d |\n\n")),
    "rules across": Kind(8_000, _repeated("---\n\n")),
    "emphasis": Kind(20_000, _repeated("*a* ")),
    "strong": Kind(20_000, _repeated("**a** ")),
    "emphasis without spaces": Kind(20_000, _repeated("*a*")),
    "emphasis that opens": Kind(40_000, _repeated("*a ")),
    "emphasis that closes": Kind(40_000, _repeated("a* ")),
    "strong that opens": Kind(40_000, _repeated("**a ")),
    "mixed emphasis": Kind(20_000, _repeated("*a _b **c ")),
    "emphasis in each other": Kind(8_000, _text(lambda size: "*a " * size + "b*" * size)),
    "stars": Kind(100_000, _repeated("*")),
    "stars and letters": Kind(40_000, _repeated("a*b**c")),
    "underscores": Kind(40_000, _repeated("a_b ")),
    "strikes": Kind(20_000, _repeated("~~a~~ ")),
    "tildes": Kind(40_000, _repeated("~~a ")),
    "code spans": Kind(20_000, _repeated("`a` ")),
    "backquotes": Kind(40_000, _repeated("`a ")),
    "backquotes of many lengths": Kind(400, _numbered(lambda n: "`" * (n + 1) + " ")),
    "brackets": Kind(40_000, _repeated("[")),
    "brackets and letters": Kind(40_000, _repeated("[a ")),
    "closed brackets": Kind(40_000, _repeated("[a]")),
    "brackets that close": Kind(40_000, _repeated("]")),
    "links": Kind(8_000, _repeated("[a](https://example.org/) ")),
    "links without ends": Kind(20_000, _repeated("[a](")),
    "links in angles": Kind(20_000, _repeated("[a](<b")),
    "titles of links": Kind(20_000, _repeated('[a](b "')),
    "references of links": Kind(8_000, _numbered(lambda n: f"[a{n}]: https://example.org/\n\n")),
    "used references": Kind(
        4_000,
        _text(
            lambda size: (
                "".join(f"[a{n}] " for n in range(size))
                + "\n\n"
                + "".join(f"[a{n}]: x\n" for n in range(size))
            )
        ),
    ),
    "pictures in a text": Kind(4_000, _repeated("![it](media/p.svg) ")),
    "pictures that are missing": Kind(2_000, _repeated("![it](media/q.svg) ")),
    "picture signs": Kind(40_000, _repeated("![")),
    "pictures without ends": Kind(20_000, _repeated("![a](")),
    "picture widths": Kind(4_000, _repeated("![it](media/p.svg){width=50%} ")),
    "addresses": Kind(8_000, _repeated("https://example.org/ ")),
    "addresses in angles": Kind(8_000, _repeated("<https://example.org/> ")),
    "mail addresses": Kind(8_000, _repeated("<a@example.org> ")),
    "tags": Kind(20_000, _repeated("<b>a</b> ")),
    "tags that open": Kind(8_000, _repeated("<b>a ")),
    "tags that close": Kind(8_000, _repeated("a</b> ")),
    "tags in each other": Kind(8_000, _text(lambda size: "<b>" * size + "x" + "</b>" * size)),
    "tags without ends": Kind(8_000, _repeated("<b ")),
    "angles": Kind(40_000, _repeated("<")),
    "angles that close": Kind(40_000, _repeated("a > ")),
    "attributes": Kind(20_000, _text(lambda size: "<span " + "a=b " * size + ">x</span>")),
    "styles": Kind(8_000, _repeated('<span style="color: red">a</span> ')),
    "declarations of a style": Kind(
        8_000, _text(lambda size: '<span style="' + "color: red;" * size + '">x</span>')
    ),
    "unknown tags": Kind(4_000, _repeated("<foo>a</foo> ")),
    "different unknown tags": Kind(2_000, _numbered(lambda n: f"<foo{n}>a</foo{n}> ")),
    "comments": Kind(8_000, _repeated("<!-- a --> ")),
    "comments without ends": Kind(20_000, _repeated("<!-- ")),
    "processing instructions": Kind(20_000, _repeated("<?")),
    "declarations": Kind(20_000, _repeated("<!A ")),
    "CDATA": Kind(20_000, _repeated("<![CDATA[")),
    "blocks of tags": Kind(4_000, _repeated("<div>a</div>\n\n")),
    "blocks in each other": Kind(4_000, _text(lambda size: "<div>" * size + "x" + "</div>" * size)),
    "lists of tags": Kind(4_000, _text(lambda size: "<ul>" + "<li>a</li>" * size + "</ul>")),
    "tables of tags": Kind(4_000, _text(lambda size: "<table>" + "<tr><td>a</td></tr>" * size + "</table>")),
    "line breaks": Kind(20_000, _repeated("a<br>")),
    "readings of tags": Kind(4_000, _repeated("<ruby>漢<rt>かん</rt></ruby>")),
    "readings": Kind(8_000, _repeated(" 漢字[かんじ]")),
    "entities": Kind(40_000, _repeated("&amp; ")),
    "numeric entities": Kind(40_000, _repeated("&#65; ")),
    "ampersands": Kind(40_000, _repeated("&a ")),
    "backslashes": Kind(40_000, _repeated("\\* ")),
    "backslashes alone": Kind(40_000, _repeated("\\")),
    "backslashes at ends": Kind(20_000, _repeated("a\\\n")),
    "spaces": Kind(200_000, _text(lambda size: "a" + " " * size + "b")),
    "spaces at ends": Kind(20_000, _repeated("a  \n")),
    "tabs": Kind(100_000, _text(lambda size: "a" + "\t" * size + "b")),
    "East Asian letters": Kind(40_000, _repeated("漢字")),
    "East Asian emphasis": Kind(8_000, _repeated("漢**字**漢")),
    "East Asian signs": Kind(20_000, _repeated("漢、「字」。")),
    "Hebrew": Kind(20_000, _repeated("שלום ")),
    "Hebrew and Latin": Kind(20_000, _repeated("שלום abc ")),
    "Arabic letters": Kind(40_000, _repeated("ب")),
    "Arabic words": Kind(8_000, _repeated("كتاب ")),
    "letters of India": Kind(20_000, _repeated("कि")),
    "combining marks": Kind(40_000, _text(lambda size: "a" + "\u0301" * size)),
    "emoji": Kind(8_000, _repeated("👨\u200d👩\u200d👧 ")),
    "joined emoji": Kind(20_000, _text(lambda size: "👨\u200d" * size + "👨")),
    "soft hyphens": Kind(40_000, _repeated("a\u00ad")),
    "zero-width spaces": Kind(40_000, _repeated("a\u200b")),
    "isolates": Kind(8_000, _repeated("\u2068a\u2069 ")),
    "isolates that open": Kind(8_000, _repeated("\u2068a ")),
    "unprintable characters": Kind(
        2_000, _text(lambda size: "".join(chr(0x16A0 + n % 80) for n in range(size)))
    ),
    "private characters": Kind(2_000, _repeated("\ue000")),
    "look-alikes": Kind(2_000, _repeated("a\uff1ab ")),
    "signs of mathematics": Kind(20_000, _repeated("2*x + 3*y ")),
    "names with underscores": Kind(20_000, _repeated("__init__ ")),
    "dashes and quotes": Kind(40_000, _repeated('"a" -- ')),
    "formulas": Kind(3_000, _numbered(lambda n: f"\\(x_{{{n}}}\\) ")),
    "formulas that are the same": Kind(8_000, _repeated("\\(x^2\\) ")),
    "set-off formulas": Kind(2_000, _repeated("\\[x^2\\]\n\n")),
    "formulas that open": Kind(20_000, _repeated("\\(x ")),
    "formulas that close": Kind(20_000, _repeated("x\\) ")),
    "set-off formulas that open": Kind(20_000, _repeated("\\[x ")),
    "dollars": Kind(20_000, _repeated("$x$ ")),
    "terms of a formula": Kind(800, _text(lambda size: "\\(" + "x+" * size + "y\\)")),
    "groups of a formula": Kind(400, _text(lambda size: "\\(" + "{" * size + "x" + "}" * size + "\\)")),
    "fractions": Kind(200, _text(lambda size: "\\(" + "\\frac{a}{b}" * size + "\\)")),
    "rows of a matrix": Kind(
        400, _text(lambda size: "\\(\\begin{matrix}" + "a&b\\\\" * size + "\\end{matrix}\\)")
    ),
    "too long formulas": Kind(40_000, _text(lambda size: "\\(" + "x+" * size + "y\\)")),
    "deletions": Kind(3_000, _repeated("{{c1::a}} ", "cloze")),
    "deletions of many numbers": Kind(400, _numbered(lambda n: f"{{{{c{n + 1}::a{n}}}}} ", "cloze")),
    "too many deletions": Kind(8_000, _numbered(lambda n: f"{{{{c{n + 1}::a{n}}}}} ", "cloze")),
    "deletions with hints": Kind(3_000, _repeated("{{c1::a::b}} ", "cloze")),
    "deletions in each other": Kind(
        4_000, _text(lambda size: "{{c1::a " * size + "b" + "}}" * size, "cloze")
    ),
    "deletions that open": Kind(8_000, _repeated("{{c1::a ", "cloze")),
    "deletions with paragraphs": Kind(2_000, _repeated("{{c1::a\n\nb}}\n\n", "cloze")),
    "ends of deletions": Kind(20_000, _text(lambda size: "{{c1::a}} " + "}} " * size, "cloze")),
    "braces in deletions": Kind(20_000, _text(lambda size: "{{c1::" + "{ " * size + "}}", "cloze")),
    "closed braces in deletions": Kind(20_000, _text(lambda size: "{{c1::" + "{}" * size + "}}", "cloze")),
    "colons in deletions": Kind(20_000, _text(lambda size: "{{c1::a" + "::b" * size + "}}", "cloze")),
    "deletions in formulas": Kind(400, _text(lambda size: "\\(" + "{{c1::x}}+" * size + "y\\)", "cloze")),
    "deletions in code": Kind(3_000, _text(lambda size: "```\n" + "{{c1::x}}\n" * size + "```", "cloze")),
    "formulas in deletions": Kind(2_000, _repeated("{{c1::\\(x\\)}} ", "cloze")),
    "numbers of one deletion": Kind(
        400, _text(lambda size: "{{c" + ",".join(str(n + 1) for n in range(size)) + "::a}}", "cloze")
    ),
    "deletions in a question": Kind(8_000, _repeated("{{c1::a}} ")),
    # YAML.
    "comments of YAML": Kind(40_000, lambda size: _deck("  # comment\n" * size + _question(0))),
    "anchors": Kind(
        4_000,
        lambda size: _deck(
            "".join(f"  - id: c{n}\n    q: &a{n} What {n}?\n    a: *a{n}\n" for n in range(size))
        ),
    ),
    "aliases of one anchor": Kind(
        4_000,
        lambda size: _deck(
            "  - id: x\n    q: &a What is it?\n    a: A\n"
            + "".join(f"  - id: c{n}\n    q: Which {n}?\n    a: *a\n" for n in range(size))
        ),
    ),
    "brackets of YAML": Kind(20_000, lambda size: {"cards_source/bench.yaml": f"{_HEAD}tags: {'[' * size}"}),
    "nested lists of YAML": Kind(
        4_000, lambda size: {"cards_source/bench.yaml": f"{_HEAD}tags: {'- ' * size}"}
    ),
    "unknown keys": Kind(2_000, _cards(lambda n: _question(n, f"    key{n}: x\n"))),
    "unknown keys of one card": Kind(
        2_000, lambda size: _deck(_question(0) + "".join(f"    key{n}: x\n" for n in range(size)))
    ),
    "duplicate keys": Kind(2_000, lambda size: _deck(_question(0) + "    extra: x\n" * size)),
    "duplicate ids": Kind(2_000, _cards(lambda _: "  - id: c\n    q: What is it?\n    a: B\n")),
    "ids that are none": Kind(2_000, _cards(lambda n: _question(n).replace("id: c", "id: c c"))),
    "ids that differ in case": Kind(
        2_000, _cards(lambda n: f"  - id: {'c' if n % 2 else 'C'}{n // 2}\n    q: What {n}?\n    a: B\n")
    ),
    "tags that are none": Kind(
        2_000,
        lambda size: _deck(_question(0, "    tags: [" + ", ".join(f'"t {n}"' for n in range(size)) + "]\n")),
    ),
    "unknown kinds": Kind(2_000, _cards(lambda n: f"  - id: c{n}\n    qq: What {n}?\n    a: B\n")),
    "unknown rules": Kind(
        2_000,
        lambda size: _deck(
            _question(0, "    allow: [" + ", ".join(f"rule-{n}" for n in range(size)) + "]\n")
        ),
    ),
    "files that are missing": Kind(
        2_000,
        lambda size: {
            "cards_source/bench/deck.yaml": f"{_HEAD}{_file_list(size)}",
            "cards_source/bench/g.yaml": f"cards:\n{_question(0)}",
        },
    ),
    "NULs": Kind(2_000, lambda size: _deck("  - id: c\n    q: What?\n    a: A" + "\0" * size + "\n")),
    "control characters": Kind(
        2_000, lambda size: _deck('  - id: c\n    q: What?\n    a: "A' + "\\a" * size + '"\n')
    ),
    "long keys": Kind(100_000, lambda size: _deck(f"  - id: c\n    q{'q' * size}: What?\n    a: A\n")),
    "long ids": Kind(100_000, lambda size: _deck(f"  - id: {'c' * size}\n    q: What?\n    a: A\n")),
    "long topics": Kind(100_000, lambda size: _deck(_question(0, f"    topic: {'to ' * size}\n"))),
    # Drawings.
    "shapes": Kind(4_000, _svg(lambda size: '<rect x="1" y="1" width="9" height="9"/>' * size)),
    "groups in each other": Kind(800, _svg(lambda size: "<g>" * size + "</g>" * size)),
    "points of a path": Kind(40_000, _svg(lambda size: '<path d="M0 0' + "L1 1" * size + '"/>')),
    "texts in a drawing": Kind(2_000, _svg(lambda size: '<text x="1" y="20">word</text>' * size)),
    "shapes with styles": Kind(
        1_000,
        _svg(
            lambda size: (
                "<style>"
                + "".join(f".a{n} {{ fill: red }}" for n in range(size))
                + "</style>"
                + "".join(f'<rect class="a{n}" x="1" y="1" width="9" height="9"/>' for n in range(size))
            )
        ),
    ),
    "uses": Kind(
        2_000,
        _svg(lambda size: '<defs><rect id="r" width="9" height="9"/></defs>' + '<use href="#r"/>' * size),
    ),
    # History.
    "former ids": Kind(
        4_000,
        _cards(lambda n: _question(n).replace(f"id: c{n}", f"id: d{n}\n    was: c{n}")),
        (BUILD,),
        _plain,
    ),
    "former ids that changed before": Kind(
        4_000, _cards(lambda n: _question(n).replace(f"id: c{n}", f"id: d{n}\n    was: c{n}"))
    ),
    "former ids of one card": Kind(
        4_000,
        lambda size: _deck(_question(0, "    was: [" + ", ".join(f"d{n}" for n in range(size)) + "]\n")),
    ),
    "ids that changed": Kind(
        4_000, _cards(lambda n: _question(n).replace(f"id: c{n}", f"id: d{n}")), (BUILD,), _plain
    ),
    "other cards": Kind(
        4_000,
        _cards(
            lambda n: f"  - id: d{n}\n    q: How many of {n} are there today, then?\n    a: Plenty or {n}\n"
        ),
        (BUILD,),
        _plain,
    ),
    "cards with the same text that changed ids": Kind(
        4_000,
        _cards(lambda n: f"  - id: d{n}\n    q: What is that?\n    a: It is the thing\n"),
        (BUILD,),
        _cards(lambda n: f"  - id: c{n}\n    q: What is that?\n    a: It is the thing\n"),
    ),
    "retired cards": Kind(8_000, _no_cards, (BUILD,), _plain),
    "moved cards": Kind(
        8_000, lambda size: _deck("".join(map(_question, reversed(range(size))))), (BUILD,), _plain
    ),
    "cards that went to other sub-decks": Kind(
        8_000, _cards(lambda n: _question(n, "    subdeck: X\n")), (BUILD,), _plain
    ),
    "changed cards": Kind(
        8_000, _cards(lambda n: _question(n, answer=f"Something else than before {n}")), (BUILD,), _plain
    ),
    "exchanged ids": Kind(
        4_000,
        lambda size: _deck(
            "".join(_question(n).replace(f"id: c{n}\n", f"id: c{n ^ 1}\n") for n in range(size))
        ),
        (BUILD,),
        _plain,
    ),
    "renamed items": Kind(
        2_000,
        lambda size: _deck(
            "  - id: l\n    list: Which?\n    items:\n"
            + "".join(f"      j{n}: Item {n}\n" for n in range(size))
        ),
        (BUILD,),
        lambda size: _deck(
            "  - id: l\n    list: Which?\n    items:\n"
            + "".join(f"      i{n}: Item {n}\n" for n in range(size))
        ),
    ),
    "words of a changed text": Kind(
        8_000,
        _text(lambda size: "".join(f"w{n} " for n in range(1, size, 2))),
        (BUILD,),
        _numbered(lambda n: f"w{n} "),
    ),
    "words of a new text": Kind(
        8_000, _numbered(lambda n: f"v{n} "), (BUILD,), _numbered(lambda n: f"w{n} ")
    ),
    "repeated words of a changed text": Kind(
        8_000, _text(lambda size: "a b " * (size // 3)), (BUILD,), _text(lambda size: "b a a " * (size // 3))
    ),
}
