"""What people write without cardwright: yaml.load, genanki notes for each card, one package.

Arguments: `plain`, `markdown` or `whole`, the package to write, the file with the `sources` of the deck, and
the files with `cards`. With `markdown`, texts are rendered by markdown-it; formulas are left to MathJax. With
`whole`, the script also does what every build has to do: it compresses the package, and writes a line for
each note with the digests of its fields and of what is printed of it.
"""

import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import genanki
import yaml
from markdown_it import MarkdownIt

SHARED_FIELDS = ["Hint", "Extra", "Source", "Topic", "Key"]
FIELDS = ["Question", "Answer", "Reverse", "Reverse Answer", *SHARED_FIELDS]
CLOZE_FIELDS = ["Text", *SHARED_FIELDS]
BACK = "<hr>{{Answer}}{{Extra}}<small>{{Hint}} {{Source}} {{Topic}}</small>"
QUESTIONS = genanki.Model(
    1607392319,
    "Plain",
    fields=[{"name": name} for name in FIELDS],
    templates=[
        {"name": "Card 1", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}" + BACK},
        {"name": "Card 2", "qfmt": "{{Reverse}}", "afmt": "{{FrontSide}}<hr>{{Reverse Answer}}"},
    ],
)
CLOZES = genanki.Model(
    1607392320,
    "Plain cloze",
    fields=[{"name": name} for name in CLOZE_FIELDS],
    templates=[{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}{{Extra}}{{Source}}"}],
    model_type=genanki.Model.CLOZE,
)

Fields = dict[str, str]
Render = Callable[[str], str]


def markdown_renderer() -> Render:
    """Return a function that renders the Markdown of a text around its formulas."""
    markdown = MarkdownIt()

    def render(text: str) -> str:
        if "\\(" not in text:
            return str(markdown.renderInline(text))
        parts = re.split(r"(\\\(.*?\\\))", text)
        return "".join(
            part if number % 2 else markdown.renderInline(part) for number, part in enumerate(parts)
        )

    return render


def question_notes(card: dict[str, Any], render: Render) -> Iterator[tuple[str, Fields]]:
    """Yield the name of the part and the fields of each note of a card that is no cloze."""
    if "q" in card:
        question, answer = render(card["q"]), render(card["a"])
        fields = {"Question": question, "Answer": answer}
        if "reverse" in card:
            fields |= {"Reverse": answer, "Reverse Answer": question}
        yield "", fields
    elif "list" in card:
        question, items = render(card["list"]), {key: render(text) for key, text in card["items"].items()}
        for key, item in items.items():
            shown = ('<span class="blank">[…]</span>' if other == key else items[other] for other in items)
            lines = "".join(f"<li>{text}</li>" for text in shown)
            yield f"/{key}", {"Question": f"<p>{question}</p><ul>{lines}</ul>", "Answer": item}
    else:
        asked = card["table"]["ask"].items()
        columns = {key: ask if isinstance(ask, dict) else {"q": ask} for key, ask in asked}
        for row_key, row in card["table"]["rows"].items():
            for key, column in columns.items():
                answer = render(row[key])
                fields = {"Question": render(column["q"].replace("{row}", row["row"])), "Answer": answer}
                if "reverse" in column:
                    fields |= {"Reverse": answer, "Reverse Answer": render(row["row"])}
                yield f"/{row_key}/{key}", fields


def source_text(source: str | dict[str, str] | None, titles: dict[str, str]) -> str:
    if isinstance(source, dict):
        return "; ".join(f"{titles[key]} § {place}" for key, place in source.items())
    return titles[source] if source else ""


def main(syntax: str, target: str, main_file: str, *paths: str) -> None:
    render = str if syntax == "plain" else markdown_renderer()
    titles: dict[str, str] = {}
    deck = genanki.Deck(2059400110, "Plain")
    for path in dict.fromkeys((main_file, *paths)):
        with Path(path).open(encoding="utf-8") as file:
            topic = yaml.load(file, yaml.CSafeLoader)
        titles |= {key: source["title"] for key, source in topic.get("sources", {}).items()}
        for card in topic.get("cards", ()):
            topic_name = card.get("topic") or topic.get("topic", "")
            shared = {
                "Hint": render(card.get("hint", "")),
                "Extra": render(card.get("extra", "")),
                "Source": source_text(card.get("source") or topic.get("source"), titles),
                "Topic": topic_name,
            }
            tags = [*topic.get("tags", ()), *card.get("tags", ())]
            if topic_name:
                tags.append("bench::" + topic_name.lower().replace(" ", "-"))
            if "cloze" in card:
                model, names = CLOZES, CLOZE_FIELDS
                notes: Iterator[tuple[str, Fields]] = iter([("", {"Text": render(card["cloze"])})])
            else:
                model, names = QUESTIONS, FIELDS
                notes = question_notes(card, render)
            for part, fields in notes:
                key = card["id"] + part
                fields |= {**shared, "Key": key}
                values = [fields.get(name, "") for name in names]
                deck.add_note(genanki.Note(model=model, fields=values, guid=key, tags=tags))
    genanki.Package(deck).write_to_file(target)
    if syntax == "whole":
        finish(deck, Path(target))


def finish(deck: genanki.Deck, package: Path) -> None:
    """Compress a package, and write the digests of its notes beside it."""
    with zipfile.ZipFile(package) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    lines = []
    for note in sorted(deck.notes, key=lambda note: note.guid):
        texts = "\x1f".join([*note.fields, *note.tags])
        digest = hashlib.sha256(texts.encode()).hexdigest()[:16]
        printed = hashlib.sha256("\x1f".join(note.fields[:-1]).encode()).hexdigest()[:8]
        lines.append(json.dumps({"key": note.guid, "digest": digest, "printed": printed}) + "\n")
    package.with_suffix(".lock").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
