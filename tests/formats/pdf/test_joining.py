"""A file of sheets is drawn in batches and joined; nothing but its size and its bytes tells."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from cardwright.collection import content as c
from cardwright.collection.note import Note
from cardwright.formats.pdf.sheets import CardSheets
from tests.formats.pdf.test_content import SVG, png
from tests.support.print_decks import bookmarks, deck, lay_out_cards, note, page_words

_ALL_AT_ONCE = 10_000
# What the syntax of PDF could be mixed up with.
_HOSTILE = (
    "12 0 R (a (b) 7 0 R) /ID(U1x0y0)",
    "/Title(x)/Dest 9 0 R",
    "\\) endobj ((",
    ") /Next 3 0 R (",
    "/StructParents 4",
    "xref trailer stream",
)


def _cell(text: str) -> c.Content:
    return (c.Paragraph((c.Text(text),)),)


def _rich(number: int) -> c.Content:
    """Return a content with everything that has objects of its own in a PDF."""
    table = c.Table(
        ("", "right"),
        (_cell("Head"), _cell("(Count")),
        ((_cell("row"), _cell(str(number))), (_cell("a"), _cell("b"))),
    )
    picture = c.Image(c.MediaFile("dot.png", "media/dot.png", png(60, 40)), f"dot ({number}", "20px")
    drawing = c.Image(c.MediaFile("circle.svg", "media/circle.svg", SVG), "circle", "20px")
    link = c.Link("https://example.org/5 0 R?(", (c.Text(_HOSTILE[number % len(_HOSTILE)]),))
    inlines = (picture, c.Text(" "), drawing, c.Text(" "), c.Math("x^2"), c.Text(" "), link)
    blocks: tuple[c.Content, ...] = (
        (table,),
        (c.BulletList((_cell("one"), _cell("two"))),),
        (c.Paragraph((c.Strong((c.Text("strong"),)), c.Text(" é "), *inlines)),),
        (c.CodeBlock((c.Verbatim("if (a:"),)), c.Quote(_cell("quoted"))),
    )
    return blocks[number % len(blocks)]


def _cards(count: int) -> list[Note]:
    return [
        note(
            f"card-{number}",
            f"{_HOSTILE[number % 6]} {number}?",
            _rich(number),
            topic=f"Topic ({number // 30}",
        )
        for number in range(count)
    ]


def _check_structure(file: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Check that the structure holds together. Returns the type of each element, below its depth."""
    root: Any = file.Root.StructTreeRoot
    parents = {
        int(root.ParentTree.Nums[i]): root.ParentTree.Nums[i + 1]
        for i in range(0, len(root.ParentTree.Nums), 2)
    }
    assert sorted(parents) == list(range(int(root.ParentTreeNextKey)))
    elements: list[tuple[int, str]] = []
    ids: dict[str, Any] = {}

    def walk(element: Any, depth: int) -> None:
        elements.append((depth, str(element.S)))
        if "/ID" in element:
            assert str(element.ID) not in ids
            ids[str(element.ID)] = element
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                page_parents = parents[int(element.Pg.StructParents)]
                assert page_parents[kid].objgen == element.objgen
            elif str(kid.get("/Type", "")) == "/OBJR":
                assert parents[int(kid.Obj.StructParent)].objgen == element.objgen
                assert kid.Obj.objgen in {annotation.objgen for annotation in kid.Pg.Annots}
            else:
                assert kid.P.objgen == element.objgen
                walk(kid, depth + 1)

    (document,) = root.K
    walk(document, 0)
    names: Any = root.IDTree.Names if "/IDTree" in root else []
    assert [str(name) for name in names[::2]] == sorted(ids)
    assert [element.objgen for element in names[1::2]] == [ids[name].objgen for name in sorted(ids)]
    for element in ids.values():
        for attributes in element.get("/A", []):
            assert all(str(name) in ids for name in attributes.get("/Headers", []))
    return elements


def _headings(elements: list[tuple[int, str]]) -> list[str]:
    return [kind for _, kind in elements if kind in ("/H1", "/H2")]


def _pictures(pdf: bytes, folder: Path) -> list[bytes]:
    """Return how each page looks. folder: for files."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["pdftoppm", "-r", "40", "-", str(folder / "page")], input=pdf, check=True)
    pictures = sorted(folder.iterdir())
    return [picture.read_bytes() for picture in pictures]


def _texts(sheets: CardSheets, sides_per_batch: int) -> Iterator[bytes]:
    for drawn in sheets.draw(sides_per_batch):
        yield drawn.data


@pytest.mark.parametrize("mode", ["duplex", "split", "fold"])
def test_a_joined_file_is_like_one_that_is_drawn_at_once(mode: str, tmp_path: Path) -> None:
    """Pages, bookmarks and what screen readers get are the same, whatever authors write."""
    sheets = lay_out_cards(deck(_cards(70), mode=mode, order="stacks"), tmp_path)

    for joined, whole in zip(_texts(sheets, 16), _texts(sheets, _ALL_AT_ONCE), strict=True):
        assert joined != whole
        assert _pictures(joined, tmp_path / "joined") == _pictures(whole, tmp_path / "whole") != []
        assert list(page_words(joined)) == list(page_words(whole))
        assert bookmarks(joined) == bookmarks(whole)
        with pikepdf.open(io.BytesIO(joined)) as one, pikepdf.open(io.BytesIO(whole)) as other:
            assert one.check_pdf_syntax() == []
            elements, expected = _check_structure(one), _check_structure(other)
            assert _headings(elements) == _headings(expected)
            for kind in ("/L", "/LI", "/Table", "/TH", "/TD", "/Link", "/Formula", "/Figure", "/Code"):
                count = sum(element == kind for _, element in elements)
                assert count == sum(element == kind for _, element in expected)
            for key in ("/Lang", "/MarkInfo", "/ViewerPreferences"):
                assert str(one.Root[key]) == str(other.Root[key])
            assert str(one.docinfo) == str(other.docinfo)
            metadata = [
                re.sub(rb"ID>[^<]*", b"ID>", file.Root.Metadata.read_bytes()) for file in (one, other)
            ]
            assert metadata[0] == metadata[1]


def test_a_picture_on_many_cards_is_in_the_file_once(tmp_path: Path) -> None:
    """A large photograph that ten batches share would otherwise make the file ten times as large."""
    picture = c.Image(c.MediaFile("dot.png", "media/dot.png", png(600, 400)), "dot", "20px")
    cards = [note(f"card-{number}", (c.Paragraph((picture,)),)) for number in range(60)]
    (drawn,) = lay_out_cards(deck(cards), tmp_path).draw(16)

    with pikepdf.open(io.BytesIO(drawn.data)) as file:
        images = [item for item in file.objects if isinstance(item, pikepdf.Stream) and "/Width" in item]
    assert len(images) == 1


def test_equal_decks_are_equal_bytes_and_another_text_changes_the_identifier(tmp_path: Path) -> None:
    """Nobody prints again what has not changed; and what has changed is another file to a viewer."""
    (first,), (again,) = (lay_out_cards(deck(_cards(40)), tmp_path).draw() for _ in range(2))
    assert first == again
    cards = [*_cards(39), note("card-39", "Another?")]
    (other,) = lay_out_cards(deck(cards), tmp_path).draw()

    identifiers = set()
    for drawn in (first, other):
        with pikepdf.open(io.BytesIO(drawn.data)) as file:
            identifiers |= {bytes(part) for part in file.trailer.ID}
    assert len(identifiers) == 2
