"""Write the rows of a table as the sources of a deck."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from cardwright.diagnostics import Diagnostic, Report, Severity
from cardwright.formats.anki.foreign_html import ForeignText
from cardwright.formats.anki.render import RenderedDeck
from cardwright.formats.outputs import Environment
from cardwright.importing.card_sources import ConvertField, text_for_id, text_value
from cardwright.importing.collection import AnkiMedia
from cardwright.importing.deck_plan import NoteSummary, PlannedDeck, PlannedFile
from cardwright.importing.findings import Findings, FindingsOfCard
from cardwright.importing.media_folder import MediaFolder
from cardwright.importing.row_media import with_media_of_html, with_media_of_markdown
from cardwright.importing.rows import Row, RowTable, RowType
from cardwright.importing.source_folder import MakeConverter, SourceFolder
from cardwright.importing.tags import count_taken_tags, usable_tags
from cardwright.source.yaml_writing import Value

# In the order in which people write them.
_CARD_KEYS = ("q", "cloze", "a", "extra", "hint")


def summarize_rows(table: RowTable) -> list[NoteSummary]:
    """Return what decides where each row goes; its number is its place in the table."""
    return [
        NoteSummary(number, row.deck, usable_tags(row.tags, is_own_type=True), number)
        for number, row in enumerate(table.rows)
    ]


class RowFolder(SourceFolder):
    """The folder of a deck of rows while it is being written. It has no lock: nobody studies these notes yet.

    kinds: numbers of cards by the key that says their kind.
    """

    def __init__(
        self,
        folder: Path,
        path: str,
        plan: PlannedDeck,
        deck_id: str,
        table: RowTable,
        media: Mapping[str, AnkiMedia],
    ) -> None:
        """See `SourceFolder`. table: has the rows of the plan. media: see `row_media.py`."""
        rows = [table.rows[note.number] for note in plan.notes]
        super().__init__(folder, path, plan, MediaFolder(folder, media), [row.id for row in rows if row.id])
        self._deck_id = deck_id
        self._table = table
        self._media_by_name = media
        names = {row.note_type for row in rows}
        self._types = [row_type for name, row_type in table.types.items() if name in names]
        self.kinds: Counter[str] = Counter()
        self._without_flags: set[int] = set()

    def head(self) -> Mapping[str, Value]:
        """See `SourceFolder`."""
        entries: dict[str, Value] = {"deck": self.plan.name, "id": self._deck_id}
        if self._types:
            entries["note_types"] = {row_type.name: _declaration(row_type) for row_type in self._types}
        return entries

    def head_of_file(self, _file: PlannedFile) -> Mapping[str, Value]:
        """See `SourceFolder`."""
        return {}

    def lock_before_build(self, _notes: Collection[int]) -> bytes | None:
        """See `SourceFolder`."""
        return None

    def keep_rendered(self, _rendered: RenderedDeck) -> Mapping[int, str]:
        """See `SourceFolder`."""
        return {}

    def write(
        self, make_converter: MakeConverter, environment: Environment, findings: Findings, report: Report
    ) -> Iterator[int]:
        """Write all rows, and yield how many were converted or written since.

        What can't be a card is reported, and left out.
        """
        found = FindingsOfCard(findings)
        convert = make_converter(self.media, found)
        for note in self.plan.notes:
            count_taken_tags(self._table.rows[note.number].tags, found, is_own_type=True)
            found.close(self._add(note.number, convert))
            yield 1
        yield from self.write_files(environment)
        self._try_without_flags(make_converter(self.media, Findings()), environment, findings)
        if not self._table.is_markdown:
            for number in self.unreadable:
                self._add(number, lambda html, *_: ForeignText(html, is_html=True))
        while self.unreadable and list(self.write_files(environment)):
            for number, message in self.unreadable.items():
                help_ = f"the row is left out; the mistake is: {message}"
                span = self._table.rows[number].span
                headline = "the row makes a card that cannot be built"
                report.add(Diagnostic("unfit-row", headline, span, Severity.WARNING, help=help_))
                self.leave_out(number)
        if not self.card_numbers:
            span = self._table.rows[self.plan.notes[0].number].span
            report.add(Diagnostic("no-rows", "no row of the deck can be a card", span))
        self.write_deck_file()
        self._count(findings)

    def _try_without_flags(self, convert: ConvertField, environment: Environment, findings: Findings) -> None:
        """Write cards that can't be built again, without `typed` and `reverse`, which not all texts allow."""
        self._without_flags = {number for number in self.unreadable if self._table.rows[number].flags}
        for number in self._without_flags:
            self._add(number, convert)
        if self._without_flags:
            list(self.write_files(environment))
        for number in sorted(self._without_flags - self.unreadable.keys()):
            for flag in self._table.rows[number].flags:
                text = f"cards without `{flag}`, which their texts don't allow"
                findings.add(text, self.key_of(number))

    def _count(self, findings: Findings) -> None:
        """Count the cards of each kind, and what a table can't say of them."""
        for name in self.media.missing:
            findings.add("files that texts show, and that aren't there; `--media` names their folder", name)
        for row_type in self._types:
            findings.add(
                "note types without their card templates, which a table hasn't; deck.yaml has one that asks "
                "for the first field, and you may add others before anybody studies the deck",
                row_type.name,
            )
        for number in self.card_numbers:
            row = self._table.rows[number]
            self.kinds["type" if row.note_type else "cloze" if "cloze" in row.texts else "q"] += 1
            if row.guid:
                findings.add(
                    "cards with a GUID; who has studied these notes with another note type gets no update of "
                    "them, so import their package (.apkg) instead if there is one"
                )

    def _add(self, number: int, convert: ConvertField) -> str:
        """Add the card of a row. Return its id."""
        row = self._table.rows[number]
        texts: dict[str, ForeignText] = {}
        for key, text in row.texts.items():
            if self._table.is_markdown:
                markdown = with_media_of_markdown(text, self._media_by_name, self.media.shown_path)
                texts[key] = ForeignText(markdown)
            else:
                html = with_media_of_html(text, self._media_by_name)
                texts[key] = convert(html, key == "cloze", None)
        entries = _entries(row, texts, () if number in self._without_flags else row.flags)
        # Of Markdown, the signs are no words either.
        asked, *others = sorted(row.texts, key=lambda key: key not in ("q", "cloze"))
        id_text = text_for_id([row.texts[asked]]) or text_for_id([row.texts[key] for key in others])
        return self.add_card(number, entries, id_text=id_text, key=row.id)


def _entries(row: Row, texts: Mapping[str, ForeignText], flags: Sequence[str]) -> dict[str, Value]:
    """Return what a card says besides its id, tags and sub-deck."""
    entries: dict[str, Value]
    if row.note_type:
        fields = {name: text_value(text) for name, text in texts.items()}
        entries = {"type": row.note_type, "fields": fields}
    else:
        entries = {key: text_value(texts[key]) for key in _CARD_KEYS if key in texts}
        entries |= dict.fromkeys(flags, "true")
    return {**entries, "guid": row.guid} if row.guid else entries


def _declaration(row_type: RowType) -> Mapping[str, Value]:
    """Return a note type whose only card asks for the first field, and shows the others on its back."""
    first, *others = row_type.fields
    back = "".join(f"{{{{#{name}}}}}<div>{{{{{name}}}}}</div>{{{{/{name}}}}}\n" for name in others)
    template = {"front": f"{{{{{first}}}}}", "back": f"{{{{FrontSide}}}}\n<hr id=answer>\n{back}"}
    return {"fields": list(row_type.fields), "templates": {"Card 1": template}}
