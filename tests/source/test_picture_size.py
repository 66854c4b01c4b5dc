"""The sizes of pictures, read from their first bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwright.source.picture_size import picture_size, with_explicit_size

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><path d="M0 0"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 100_000, 7)
GIF = b"GIF89a" + struct.pack("<HH", 640, 480)
# An application segment lies before the frame, as a camera writes it.
JPEG = b"\xff\xd8\xff\xe0\0\4ab\xff\xff\xc2\0\x11\x08" + struct.pack(">HH", 300, 400) + bytes(12)
WEBP = {
    "lossy": b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 400, 300),
    "lossless": b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 399 | 299 << 14),
    "extended": b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0" + b"\x8f\1\0" + b"\x2b\1\0",
}


def svg(attributes: str) -> bytes:
    return SVG.format(attributes).encode()


def test_a_bitmap_is_measured_without_being_decoded() -> None:
    assert picture_size(PNG) == (100_000, 7)
    assert picture_size(GIF) == (640, 480)
    assert picture_size(JPEG) == (400, 300)
    assert {kind: picture_size(data) for kind, data in WEBP.items()} == dict.fromkeys(WEBP, (400, 300))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_a_photo_has_the_size_with_which_it_is_shown(byte_order: str, orientation: int) -> None:
    """Cameras only note how they were held, and browsers and Typst turn the picture."""
    start = struct.pack(f"{byte_order}2sHI", {"<": b"II", ">": b"MM"}[byte_order], 42, 10) + b"ab"
    other, entry = ((tag, 3, 1, value, 0) for tag, value in ((0x100, 400), (0x112, orientation)))
    exif = start + struct.pack(f"{byte_order}HHHIHHHHIHH", 2, *other, *entry)
    size = (300, 400) if orientation > 4 else (400, 300)
    segment = b"Exif\0\0" + exif
    jpeg = JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + JPEG[2:]
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 400, 300) + bytes(9)
    png = header + struct.pack(">I", len(exif)) + b"eXIf" + exif + bytes(4) + b"\0\0\0\0IDAT"
    assert [picture_size(jpeg), picture_size(png)] == [size, size]
    # What is damaged turns nothing.
    assert picture_size(jpeg.replace(exif, exif[:10].ljust(len(exif), b"\xff"))) == (400, 300)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="400"', (300, 400)),
        ("width='30mm' height='1in'", (30 * 96 / 25.4, 96)),
        ('viewBox="-10 -10 300 400"', (300, 400)),
        ('viewBox="0,0,300,400" width="100%" height="100%"', (300, 400)),
        ('viewBox="0 0 300 400" width="150"', (150, 200)),
        ('viewBox="0 0 300 400" height="200px"', (150, 200)),
        ('data-note="a > b" width="1e2" height=".5e2"', (100, 50)),
        ('width="300"', None),
        ('viewBox="0 0 0 400"', None),
        ('width="2em" height="2em"', None),
        ("", None),
    ],
)
def test_a_drawing_has_the_size_of_its_root(attributes: str, size: tuple[float, float] | None) -> None:
    """The root has lengths in absolute units, or else a view box."""
    assert picture_size(svg(attributes)) == (size if size is None else pytest.approx(size))


def test_a_comment_is_no_root() -> None:
    assert picture_size(b'<!-- <svg width="1" height="1"> -->' + svg('width="3" height="4"')) == (3, 4)


def test_a_drawing_without_a_size_gets_that_of_its_view_box() -> None:
    """It replaces a size that is relative to the page; nothing else changes."""
    result = with_explicit_size(svg('viewBox="0 0 300 400" width="100%"'))
    expected = SVG.replace("<svg ", '<svg width="300" height="400" ').format('viewBox="0 0 300 400"')

    assert result == expected.encode()
    assert with_explicit_size(result) == result


def test_a_drawing_with_a_size_stays_the_same_to_the_byte() -> None:
    for attributes in ('width="300" height="400"', 'width="3cm" height="4cm" viewBox="0 0 1 1"', ""):
        assert with_explicit_size(svg(attributes)) == svg(attributes)


@given(st.sampled_from([PNG, GIF, JPEG, *WEBP.values(), svg('viewBox="0 0 3 4"')]), st.data())
def test_a_picture_cut_off_anywhere_has_a_size_or_none(picture: bytes, data: st.DataObject) -> None:
    size = picture_size(picture[: data.draw(st.integers(0, len(picture)))])

    assert size is None or min(size) > 0
