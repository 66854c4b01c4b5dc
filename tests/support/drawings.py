"""Pictures of drawings, as a browser shows them and as the PDF has them, to be compared."""

import base64
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import typst
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cardwright.collection.content import MediaFile
from tests.support.browser import browser_command

SIDE = 160
"""Width and height of each drawing, in px."""
_SCALE = 2  # dots to the px
_COLUMNS = 8


def svg(body: str, attributes: str = 'viewBox="0 0 160 160"') -> bytes:
    """Return a drawing. attributes: of its root, beside namespaces and size."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{SIDE}" height="{SIDE}" {attributes}>{body}</svg>'
    ).encode()


def drawing(data: bytes) -> MediaFile:
    """Return the file of a drawing."""
    return MediaFile(f"drawing-{hash(data)}.svg", "media/drawing.svg", data)


def pictures_in_browser(drawings: Mapping[str, bytes], folder: Path) -> dict[str, Image.Image]:
    """Return what a page shows where it names each drawing, as Anki's cards do. folder: an empty one."""
    images = "".join(
        f'<img src="data:image/svg+xml;base64,{base64.b64encode(data).decode()}" style="position:absolute;'
        f"left:{SIDE * (n % _COLUMNS)}px;top:{SIDE * (n // _COLUMNS)}px;width:{SIDE}px;height:{SIDE}px"
        '">'
        for n, data in enumerate(drawings.values())
    )
    page, screenshot = folder / "page.html", folder / "page.png"
    page.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{images}', encoding="utf-8")
    command = browser_command(
        folder,
        f"--screenshot={screenshot}",
        f"--window-size={SIDE * _COLUMNS},{SIDE * _rows(drawings) + 200}",
        f"--force-device-scale-factor={_SCALE}",
        "--hide-scrollbars",
    )
    subprocess.run([*command, page.as_uri()], capture_output=True, check=True)
    with Image.open(screenshot) as sheet:
        whole = sheet.convert("RGB")
    return _cut(whole, drawings)


def pictures_on_paper(
    drawings: Mapping[str, bytes], folder: Path, *, system_fonts: bool = False
) -> dict[str, Image.Image]:
    """Return what the PDF engine draws, all on one page. folder: an empty one.

    system_fonts: whether it has those beside its own.
    """
    side = SIDE * 72 / 96
    pictures = []
    for n, data in enumerate(drawings.values()):
        (folder / f"{n}.svg").write_bytes(data)
        left, top = side * (n % _COLUMNS), side * (n // _COLUMNS)
        pictures.append(f'#place(dx: {left}pt, dy: {top}pt, image("{n}.svg", width: {side}pt))')
    page = f"#set page(width: {side * _COLUMNS}pt, height: {side * _rows(drawings)}pt, margin: 0pt)"
    (folder / "main.typ").write_text("\n".join([page, *pictures]), encoding="utf-8")
    pdf = typst.compile(folder / "main.typ", root=folder, ignore_system_fonts=not system_fonts)
    sheet: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=_SCALE * 96 / 72).to_pil()
    return _cut(sheet.convert("RGB"), drawings)


def _rows(drawings: Mapping[str, bytes]) -> int:
    return -(-len(drawings) // _COLUMNS)


def _cut(sheet: Image.Image, drawings: Mapping[str, bytes]) -> dict[str, Image.Image]:
    side = SIDE * _SCALE
    corners = ((side * (n % _COLUMNS), side * (n // _COLUMNS)) for n in range(len(drawings)))
    return {
        name: sheet.crop((left, top, left + side, top + side))
        for name, (left, top) in zip(drawings, corners, strict=True)
    }


def difference(first: Image.Image, second: Image.Image) -> int:
    """Return how much two pictures differ where they do most, from 0 to 255; up to about 40 nobody sees.

    An area of another colour counts three times; a soft or shifted edge hardly counts.
    """
    details = ImageChops.difference(first.reduce(4 * _SCALE), second.reduce(4 * _SCALE))
    areas = ImageChops.difference(first, second).filter(ImageFilter.MinFilter(7))
    largest: int = max(*details.tobytes(), *(3 * value for value in set(areas.tobytes())))
    return largest


def ink_width(picture: Image.Image) -> int:
    """Return how wide what is drawn on white is, in dots."""
    box = ImageChops.invert(picture.convert("L")).point(lambda value: 255 * (value > 60)).getbbox()
    assert box is not None
    return box[2] - box[0]


def contact_sheet(rows: Mapping[str, tuple[Image.Image, ...]], columns: int = 4) -> Image.Image:
    """Return all pictures on one, each row's beside each other below its name."""
    each = max(map(len, rows.values()))
    width, height = each * SIDE + 20, SIDE + 20
    sheet = Image.new("RGB", (width * columns, height * -(-len(rows) // columns)), "#dde")
    draw = ImageDraw.Draw(sheet)
    for n, (name, pictures) in enumerate(rows.items()):
        left, top = width * (n % columns), height * (n // columns)
        draw.text((left, top + 2), name, fill="black")
        for place, picture in enumerate(pictures):
            sheet.paste(picture.resize((SIDE, SIDE)), (left + place * (SIDE + 4), top + 16))
    return sheet
