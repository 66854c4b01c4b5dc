"""Joins PDF files of Typst's to one, as if it had drawn all of their pages at once.

Pages, bookmarks and the structure that screen readers need become one of each. A picture that is in several
files is kept once; of each font, every file has its own part. Objects are compressed, which Typst doesn't do.

Source: ISO 32000-1, 7.5.7 (object streams), 7.5.8 (cross-reference streams), 12.3.3 (outline), 14.7
(structure).
"""

import base64
import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, count
from typing import NamedTuple

# The numbers of the objects of which a file has one each; all others follow.
_CATALOG, _INFO, _METADATA, _PAGES, _OUTLINE, _STRUCTURE, _DOCUMENT = range(1, 8)

_REFERENCE = re.compile(rb"(\d+) 0 R")
_DIGITS = b"0123456789"
_PARENTHESIS = re.compile(rb"\\.|[()]")
_STRUCTURE_KEY = re.compile(rb"(/StructParents? )(\d+)")
_HEADING = b"<</Type/StructElem/S/H1/"
_PARAGRAPH = b"<</Type/StructElem/S/P/"
# Between objects that are rewritten at once; Typst writes it nowhere but in streams.
_SEPARATOR = b"\0"
# Higher levels take longer to make files a twentieth smaller.
_COMPRESSION = 3


class _Bookmark(NamedTuple):
    """An entry of the outline. title: as the file has it. target: a reference. children: those below it."""

    title: bytes
    target: bytes
    children: "list[_Bookmark]"


def join_pdfs(pdfs: Sequence[bytes]) -> bytes:
    """Return one PDF with the pages of several, which Typst has drawn of one deck.

    A first-level bookmark that begins a file and repeats the last one of the file before goes on with it, and
    its heading becomes a paragraph.
    """
    identifier = base64.b64encode(hashlib.sha256(b"".join(pdfs)).digest()[:16])
    first = _TypstFile(pdfs[0])
    joining = _Joining(first.start)
    for index, pdf in enumerate(pdfs):
        joining.add(_TypstFile(pdf) if index else first, b"(%d." % index)
    return joining.finish(first, identifier)


class _Joining:
    """One file while others are added to it. start: what it begins with."""

    def __init__(self, start: bytes) -> None:
        self._numbers = count(_DOCUMENT + 1)
        self._writer = _Writer(start, self._numbers)
        self._known_pictures: dict[bytes, int] = {}
        self._bookmarks: list[_Bookmark] = []
        # What is in the arrays of the objects of which there is one: pages, elements, parents, and ids.
        self._page_count = self._next_key = 0
        self._pages: list[bytes] = []
        self._elements: list[bytes] = []
        self._parents: list[bytes] = []
        self._ids: list[bytes] = []

    def add(self, file: "_TypstFile", id_start: bytes) -> None:
        """Add a file. id_start: as in `_TypstFile.renumbered`, another one for each file."""
        known = {
            number: self._known_pictures[digest]
            for number, digest in file.pictures.items()
            if digest in self._known_pictures
        }
        new_numbers = file.common_numbers | known
        own = [number for number in file.texts if number not in new_numbers and number not in file.outline]
        new_numbers |= {number: next(self._numbers) for number in own}
        self._known_pictures |= {digest: new_numbers[number] for number, digest in file.pictures.items()}
        texts = file.renumbered(new_numbers, self._next_key, id_start)

        bookmarks = file.bookmarks(texts)
        if self._bookmarks and bookmarks[0].title == self._bookmarks[-1].title:
            self._bookmarks[-1].children.extend(bookmarks.pop(0).children)
            heading = next(number for number in own if texts[number].startswith(_HEADING))
            texts[heading] = texts[heading].replace(_HEADING, _PARAGRAPH, 1)
        self._bookmarks += bookmarks

        pages, structure = texts[file.pages], texts[file.structure]
        self._page_count += _number(pages, b"/Count")
        self._pages.append(_array(pages, b"/Kids"))
        self._elements.append(_array(texts[file.document], b"/K"))
        for key, parent in re.findall(rb"(\d+) (\d+ 0 R)", _array(structure, b"/ParentTree<</Nums")):
            self._parents.append(b"%d %s" % (self._next_key + int(key), parent))
        self._next_key += _number(structure, b"/ParentTreeNextKey")
        self._ids += re.findall(rb"\([^()]*\)\d+ 0 R", _array(structure, b"/IDTree<</Names"))
        self._writer.add((new_numbers[number], texts[number], file.streams.get(number)) for number in own)

    def finish(self, first: "_TypstFile", identifier: bytes) -> bytes:
        """Add what there is one of, and return the file. first: the file whose title and language it has."""
        texts = first.renumbered(first.common_numbers, 0, b"(")
        metadata = first.streams[first.metadata]
        for name, value in (
            (b"xmpTPg:NPages", b"%d" % self._page_count),
            (b"xmpMM:InstanceID", identifier),
            (b"xmpMM:DocumentID", identifier),
        ):
            before, start, _ = metadata.partition(b"<%s>" % name)
            metadata = before + start + value + metadata[metadata.index(b"</%s>" % name) :]
        parent_tree = b"/ParentTree<</Nums[%s]>>" % b" ".join(self._parents)
        id_tree = b"/IDTree<</Names[%s]>>" % b"".join(sorted(self._ids)) if self._ids else b""
        structure = (
            texts[first.structure].partition(b"/K[")[0],
            b"/K[%d 0 R]" % _DOCUMENT,
            parent_tree,
            id_tree,
            b"/ParentTreeNextKey %d>>" % self._next_key,
        )
        document = texts[first.document].partition(b"/K[")[0]
        self._writer.add(
            [
                (_CATALOG, texts[first.catalog], None),
                (_INFO, texts[first.info], None),
                (_METADATA, b"<</Length %d/Type/Metadata/Subtype/XML>>" % len(metadata), metadata),
                (
                    _PAGES,
                    b"<</Type/Pages/Count %d/Kids[%s]>>" % (self._page_count, b" ".join(self._pages)),
                    None,
                ),
                (_STRUCTURE, b"".join(structure), None),
                (_DOCUMENT, b"%s/K[%s]>>" % (document, b" ".join(self._elements)), None),
                *_outline_objects(self._bookmarks, self._numbers),
            ]
        )
        return self._writer.finish(identifier)


class _TypstFile:
    """The objects of a PDF of Typst's, by number: their texts, and the streams of those that have one."""

    def __init__(self, pdf: bytes) -> None:
        start, end = pdf.rindex(b"\nxref\n0 "), pdf.rindex(b"\ntrailer\n")
        self.start = pdf[: pdf.index(b"1 0 obj")]
        entries = pdf[start:end].splitlines()[4:]  # behind the head, and the entry of no object
        offsets = sorted((int(entry[:10]), number) for number, entry in enumerate(entries, start=1))
        self.texts: dict[int, bytes] = {}
        self.streams: dict[int, bytes] = {}
        for (offset, number), (next_offset, _) in zip(offsets, [*offsets[1:], (start, 0)], strict=True):
            text = pdf[pdf.index(b"\n", offset) + 1 : pdf.rindex(b"\nendobj", offset, next_offset + 1)]
            if text.endswith(b"\nendstream"):
                text, _, stream = text.partition(b"\nstream\n")
                self.streams[number] = stream.removesuffix(b"\nendstream")
            self.texts[number] = text
        trailer = pdf[end:]
        self.catalog, self.info = _target(trailer, b"/Root"), _target(trailer, b"/Info")
        catalog = self.texts[self.catalog]
        self.pages, self.metadata = _target(catalog, b"/Pages"), _target(catalog, b"/Metadata")
        self.structure, self._outline = _target(catalog, b"/StructTreeRoot"), _target(catalog, b"/Outlines")
        self.document = int(_array(self.texts[self.structure], b"/K").removesuffix(b" 0 R"))

    @property
    def common_numbers(self) -> dict[int, int]:
        """The numbers of the objects of which a file has one each, and what they become."""
        return {
            self.catalog: _CATALOG,
            self.info: _INFO,
            self.metadata: _METADATA,
            self.pages: _PAGES,
            self._outline: _OUTLINE,
            self.structure: _STRUCTURE,
            self.document: _DOCUMENT,
        }

    @cached_property
    def outline(self) -> Mapping[int, Sequence[int]]:
        """The number of each entry of the outline, and those of the entries below it; 0 for the outline."""

        def below(parent: int) -> Iterator[int]:
            number = _target(_links(self.texts[parent]), b"/First")
            while number:
                yield number
                number = _target(_links(self.texts[number]), b"/Next")

        topics = list(below(self._outline))
        outline = {topic: list(below(topic)) for topic in topics}
        return {0: topics} | outline | {card: [] for cards in outline.values() for card in cards}

    @cached_property
    def pictures(self) -> Mapping[int, bytes]:
        """The numbers of what is drawn as a whole, such as pictures, and of all that it needs, with digests.

        Equal digests mean that the objects look alike, however they are numbered.
        """
        digests: dict[int, bytes] = {}

        def digest(number: int) -> bytes:
            if number not in digests:
                text = self.texts[number]
                parts = [_REFERENCE.sub(b"R", text), self.streams.get(number, b"")]
                parts += [digest(int(reference)) for reference in _REFERENCE.findall(text)]
                digests[number] = hashlib.sha256(b"".join(parts)).digest()
            return digests[number]

        for number in self.streams:
            if b"/Type/XObject" in self.texts[number]:
                digest(number)
        return digests

    def renumbered(self, new_numbers: Mapping[int, int], first_key: int, id_start: bytes) -> dict[int, bytes]:
        """Return the texts of the objects with other numbers.

        first_key: what keys into the structure's tree of parents begin with.
        id_start: what replaces the parenthesis before an id of the structure.
        """
        outside, strings = _split_at_strings(_SEPARATOR.join(self.texts.values()))
        *parts, end = b"(".join(outside).split(b" 0 R")
        before = [part.rstrip(_DIGITS) for part in parts]
        references = {b"%d" % number: b"%d 0 R" % new_numbers.get(number, 0) for number in self.texts}
        after = [references[part[len(start) :]] for part, start in zip(parts, before, strict=True)]
        text = b"".join([*chain.from_iterable(zip(before, after, strict=True)), end])
        text = _STRUCTURE_KEY.sub(lambda match: b"%s%d" % (match[1], first_key + int(match[2])), text)
        outside = text.split(b"(")
        is_id = False
        for index, string in enumerate(strings):
            start = outside[index]
            is_id = start.endswith((b"/ID", b"/Headers[", b"/Names[")) or (
                is_id and (not start or _REFERENCE.fullmatch(start) is not None)
            )
            if is_id:
                strings[index] = id_start + string[1:]
        text = b"".join(chain.from_iterable(zip(outside, [*strings, b""], strict=True)))
        return dict(zip(self.texts, text.split(_SEPARATOR), strict=True))

    def bookmarks(self, texts: Mapping[int, bytes]) -> list[_Bookmark]:
        """Return the outline. texts: as `renumbered` returns them."""

        def bookmark(number: int) -> _Bookmark:
            title, _, target = texts[number].partition(b"/Title")[2].rpartition(b"/Dest ")
            return _Bookmark(title, target.removesuffix(b">>"), list(map(bookmark, self.outline[number])))

        return list(map(bookmark, self.outline[0]))


class _Writer:
    """Writes a PDF file. start: what it begins with. numbers: gives those of objects of its own."""

    def __init__(self, start: bytes, numbers: Iterator[int]) -> None:
        self._parts = [start]
        self._size = len(start)
        self._numbers = numbers
        # Where each object is: 1 and its offset; or 2, the number of its stream, and its index there.
        self._places = {0: (0, 0, 0xFFFF)}

    def add(self, objects: Iterable[tuple[int, bytes, bytes | None]]) -> None:
        """Write objects: number, text, and stream, if it has one. The others are compressed together."""
        plain = list[tuple[int, bytes]]()
        for number, text, stream in objects:
            if stream is None:
                plain.append((number, text))
            else:
                self._write(number, text, stream)
        stream_number = next(self._numbers)
        offsets = accumulate((len(text) + 1 for _, text in plain), initial=0)
        pairs = zip((number for number, _ in plain), offsets, strict=False)
        head = b" ".join(b"%d %d" % pair for pair in pairs)
        keys = b"/Type/ObjStm/N %d/First %d" % (len(plain), len(head) + 1)
        self._write_compressed(stream_number, keys, b"\n".join([head, *(text for _, text in plain)]))
        for index, (number, _) in enumerate(plain):
            self._places[number] = (2, stream_number, index)

    def finish(self, identifier: bytes) -> bytes:
        """Write where the objects are, and return the file."""
        number, offset = next(self._numbers), self._size
        self._places[number] = (1, offset, 0)
        places = b"".join(struct.pack(">BIH", *self._places[number]) for number in range(number + 1))
        root = b"/Root %d 0 R/Info %d 0 R/ID[(%s)(%s)]" % (_CATALOG, _INFO, identifier, identifier)
        self._write_compressed(number, b"/Type/XRef/Size %d/W[1 4 2]%s" % (number + 1, root), places)
        return b"".join([*self._parts, b"startxref\n%d\n%%%%EOF\n" % offset])

    def _write_compressed(self, number: int, keys: bytes, data: bytes) -> None:
        compressed = zlib.compress(data, _COMPRESSION)
        self._write(number, b"<<%s/Filter/FlateDecode/Length %d>>" % (keys, len(compressed)), compressed)

    def _write(self, number: int, text: bytes, stream: bytes) -> None:
        part = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, text, stream)
        self._places[number] = (1, self._size, 0)
        self._parts.append(part)
        self._size += len(part)


def _outline_objects(bookmarks: Sequence[_Bookmark], numbers: Iterator[int]) -> list[tuple[int, bytes, None]]:
    """Return the objects of the outline; its entries are closed, as Typst has them."""
    objects = list[tuple[int, bytes, None]]()

    def add_below(parent: int, bookmarks: Sequence[_Bookmark]) -> bytes:
        """Add the entries below one. Returns the keys that tell the one above where they are."""
        own_numbers = [next(numbers) for _ in bookmarks]
        for index, (number, bookmark) in enumerate(zip(own_numbers, bookmarks, strict=True)):
            links = b"/Parent %d 0 R" % parent
            if index + 1 < len(own_numbers):
                links += b"/Next %d 0 R" % own_numbers[index + 1]
            if index:
                links += b"/Prev %d 0 R" % own_numbers[index - 1]
            if bookmark.children:
                links += add_below(number, bookmark.children) + b"/Count -%d" % len(bookmark.children)
            objects.append(
                (number, b"<<%s/Title%s/Dest %s>>" % (links, bookmark.title, bookmark.target), None)
            )
        return b"/First %d 0 R/Last %d 0 R" % (own_numbers[0], own_numbers[-1])

    ends = add_below(_OUTLINE, bookmarks)
    return [*objects, (_OUTLINE, b"<</Type/Outlines%s/Count %d>>" % (ends, len(bookmarks)), None)]


def _split_at_strings(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return what is before, between and after literal strings, and the strings."""
    outside, strings = list[bytes](), list[bytes]()
    depth = start = 0
    for match in _PARENTHESIS.finditer(text):
        if match[0] == b"(":
            if depth == 0:
                outside.append(text[start : match.start()])
                start = match.start()
            depth += 1
        elif match[0] == b")":
            depth -= 1
            if depth == 0:
                strings.append(text[start : match.end()])
                start = match.end()
    return [*outside, text[start:]], strings


def _links(text: bytes) -> bytes:
    """Return what an entry of the outline has before its title, which may hold anything."""
    return text.partition(b"/Title")[0]


def _target(text: bytes, key: bytes) -> int:
    """Return the number of the object that a key refers to; 0 if there is no such key."""
    match = re.search(re.escape(key) + rb" (\d+) 0 R", text)
    return int(match[1]) if match else 0


def _number(text: bytes, key: bytes) -> int:
    """Return the number that a key has."""
    return int(text.partition(key + b" ")[2].split(b"/")[0].split(b">")[0])


def _array(text: bytes, key: bytes) -> bytes:
    """Return what is in the array that a key has, which has no arrays in it."""
    return text.partition(key + b"[")[2].partition(b"]")[0]
