"""What the native reader doesn't tell of a sheet: hidden rows, cells without a value, merges of .ods.

Loaded by `child.py` from its path, so it imports nothing of the project. A file that cannot be understood here has no
marks: the reader itself decides whether it is broken.
"""

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

CELLS_AT_MOST = 10_000
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_XLSX_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_CELL = rb"<(?:\w+:)?c\b([^>]*)(?<!/)>\s*"
_FORMULA = rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*(?<!/)>[^<]*</(?:\w+:)?f>)\s*"
_NO_VALUE = rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_UNVALUED = re.compile(_CELL + _FORMULA + _NO_VALUE)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:[^<]|<(?!/?(?:\w+:)?[cv]\b)[^>]*>)*<(?:\w+:)?v>([^<]{1,20})<'
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_BIFF_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_ODS_MARKS = re.compile(rb'visibility="(?:collapse|filter)"|-spanned="(?:[2-9]|1\d)|value-type="error"|:formula="')
_UNREADABLE = (
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
)


class Marks:
    """Of one sheet, rows and columns counted from 1: hidden rows, cells without a value and why, merged ranges.

    A fault is row, column and the error's name («#REF!»), no name where a formula has never been calculated; a merge is
    first row, first column, last row, last column.
    """

    # Not a dataclass: importing that would make the start of the reader's process a quarter longer.
    def __init__(self) -> None:
        self.hidden_rows: list[int] = []
        self.faults: list[tuple[int, int, str]] = []
        self.merges: list[tuple[int, int, int, int]] = []


def read_marks(data: bytes) -> dict[str, Marks] | None:
    """The marks of each sheet that has any by its name; ``None`` of a file that cannot be understood here."""
    try:
        if data.startswith(_OLE_MAGIC):
            return dict(_xls(_Compound(data).stream("Workbook", "Book")))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "content.xml" in archive.namelist():
                return _ods(archive.read("content.xml"))
            return dict(_xlsx(archive))
    except (*_UNREADABLE, struct.error, zipfile.BadZipFile, zipfile.LargeZipFile):
        return None


def _xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[str, Marks]]:
    names = {name.lower(): name for name in archive.namelist()}
    book = next(name for name in names.values() if re.fullmatch(r"xl/workbook\d*\.xml", name, re.IGNORECASE))
    related = posixpath.join("xl/_rels", posixpath.basename(book) + ".rels")
    targets = {
        one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/").lower()
        for one in ET.fromstring(archive.read(related))  # noqa: S314 - see below
    }
    for one in ET.fromstring(archive.read(book)).iter():  # noqa: S314 - see below
        if one.tag.endswith("}sheet") and one.get("name") is not None:
            linked = next((value for key, value in one.items() if key.endswith("}id")), None)
            part = names.get(targets.get(linked, ""))
            if part is not None:
                yield str(one.get("name")), _xlsx_sheet(archive.read(part))


def _xlsx_sheet(xml: bytes) -> Marks:
    marks = Marks()
    if b"hidden=" in xml:
        rows = (row[0] for row in _XLSX_ROW.finditer(xml))
        numbers = (_NUMBER.search(row) for row in rows if _HIDDEN.search(row))
        marks.hidden_rows = [int(number[1]) for number in numbers if number]
    if b"<f" in xml or b":f" in xml:
        for cell in _UNVALUED.finditer(xml):
            # A formula that gave an empty text says so by its type and has an empty value.
            if not (cell[2] and b't="str"' in cell[1]):
                _add_fault(marks, cell[1], "")
    if b't="e"' in xml:
        for cell in _ERROR.finditer(xml):
            _add_fault(marks, cell[1], cell[2].decode("ascii", "replace"))
    return marks


def _add_fault(marks: Marks, attributes: bytes, name: str) -> None:
    place = _PLACE.search(attributes)
    if place and len(marks.faults) < CELLS_AT_MOST:
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        marks.faults.append((int(place[2]), column, name))


def _ods(xml: bytes) -> dict[str, Marks]:
    """Walked through only where a glance finds something to tell."""
    found: dict[str, Marks] = {}
    if not _ODS_MARKS.search(xml):
        return found
    marks, row, column, repeated = Marks(), 1, 1, 1
    # In a process of its own under limits of memory and time, so a hostile document ends nothing but that process.
    for event, one in ET.iterparse(io.BytesIO(xml), events=("start", "end")):  # noqa: S314
        if event == "start":
            if one.tag == f"{_TABLE}table":
                marks, row = found.setdefault(one.get(f"{_TABLE}name", ""), Marks()), 1
            elif one.tag == f"{_TABLE}table-row":
                column, repeated = 1, int(one.get(f"{_TABLE}number-rows-repeated", "1"))
                if one.get(f"{_TABLE}visibility") in ("collapse", "filter") and repeated <= CELLS_AT_MOST:
                    marks.hidden_rows += range(row, row + repeated)
        elif one.tag == f"{_TABLE}table-row":
            row += repeated
            one.clear()
        elif one.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            _add_ods_cell(marks, one, row, column)
            column += int(one.get(f"{_TABLE}number-columns-repeated", "1"))
    return found


def _add_ods_cell(marks: Marks, cell: ET.Element, row: int, column: int) -> None:
    down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
    right = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
    if down > 1 or right > 1:
        marks.merges.append((row, column, row + down - 1, column + right - 1))
    is_error = cell.get(f"{_CALC}value-type") == "error"
    never = cell.get(f"{_TABLE}formula") is not None and cell.get(f"{_OFFICE}value-type") is None
    if (is_error or never) and len(marks.faults) < CELLS_AT_MOST:
        marks.faults.append((row, column, "".join(cell.itertext())[:20]))


class _Compound:
    """The little file system inside an .xls: enough of it to get one stream."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        tables = list(struct.unpack_from("<109I", data, 76))
        more, left = struct.unpack_from("<II", data, 68)
        while left and more < 0xFFFFFFFA and len(tables) < len(data) // self._size + 109:
            *part, more = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            tables += part
            left -= 1
        self._next: list[int] = []
        for table in tables:
            if table < 0xFFFFFFFA:
                self._next += struct.unpack(f"<{self._size // 4}I", self._sector(table))
        self._directory = self._chain(struct.unpack_from("<I", data, 48)[0])

    def stream(self, *names: str) -> bytes:
        """The first stream with one of these names; those of under 4096 bytes lie in a stream of their own."""
        small = b""
        for at in range(0, len(self._directory) - 127, 128):
            length = struct.unpack_from("<H", self._directory, at + 64)[0]
            name = self._directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", self._directory, at + 116)
            if at == 0:
                small = self._chain(start)
            elif name in names:
                return (self._chain(start) if size >= 4096 else self._small(small, start))[:size]
        return b""

    def _small(self, stream: bytes, number: int) -> bytes:
        table = self._chain(struct.unpack_from("<I", self._data, 60)[0])
        parts: list[bytes] = []
        while (number + 1) * 4 <= len(table) and len(parts) <= len(table):
            parts.append(stream[number * 64 : number * 64 + 64])
            number = struct.unpack_from("<I", table, number * 4)[0]
        return b"".join(parts)

    def _chain(self, sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < len(self._next) and len(parts) <= len(self._next):
            parts.append(self._sector(sector))
            sector = self._next[sector]
        return b"".join(parts)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size].ljust(self._size, b"\0")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, without those of charts within."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == 0x0809) - (kind == 0x000A)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _xls(stream: bytes) -> Iterator[tuple[str, Marks]]:
    for kind, body in _records(stream, 0):
        if kind == 0x0085 and len(body) > 8:
            wide = body[7] & 1
            name = body[8 : 8 + body[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
            yield name, _xls_sheet(stream, struct.unpack_from("<I", body)[0])


def _xls_sheet(stream: bytes, at: int) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, at):
        code = None
        if kind == 0x0208 and len(body) >= 16 and body[12] & 0x20:
            marks.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
        elif kind == 0x0205 and len(body) >= 8 and body[7]:
            code = body[6]
        elif kind == 0x0006 and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        if code is not None and len(marks.faults) < CELLS_AT_MOST:
            row, column = struct.unpack_from("<HH", body)
            marks.faults.append((row + 1, column + 1, _BIFF_ERRORS.get(code, "#")))
    return marks
