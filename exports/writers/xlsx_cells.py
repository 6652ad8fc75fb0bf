"""Cells of a workbook: their formats, texts written as texts, marked words, how high a row is.

Every text goes in as a text: what people typed never becomes a formula or a link.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from textwrap import wrap
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from exports.cells import NOTHING
from exports.documents import Cell, ColumnKind, Ink, Marked, RowKind

MAX_TEXT = 32767
# What XML cannot hold, and half of a surrogate pair.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# On every desk; the fonts of our pages and PDF are not.
FONT = "Arial"
FONT_SIZE = 10
LINE_HEIGHT = 13.0
_MAX_HEIGHT = 409.0
_NUMBER_FORMATS = {ColumnKind.NUMBER: "#,##0", ColumnKind.SHARE: "0.0%", ColumnKind.DATE: "dd.mm.yyyy"}
_BORDER = {"border_color": "#ADB5BD"}
_INKS: dict[Ink, dict[str, Any]] = {
    Ink.PLAIN: {},
    Ink.ADDED: {"font_color": "#0F5132", "underline": 1},
    Ink.REMOVED: {"font_color": "#A50E1C", "font_strikeout": True},
}


class Styles:
    """Formats of cells, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.title = self.get(bold=True, font_size=16)
        self.heading = self.get(bold=True, font_size=12)
        self.label = self.get(font_color="#565E64", valign="top")
        self.value = self.get(valign="top")
        self.note = self.get(font_color="#565E64", valign="top", align="left", indent=1)
        self.text = self.get(text_wrap=True, valign="top")
        self.head = self.get(
            bold=True, text_wrap=True, valign="vcenter", align="center", bg_color="#DDE6F2", border=1, **_BORDER
        )
        self.link = self.get(font_color="#0A58CA", underline=1)

    def get(self, **properties: Any) -> Format:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"font_name": FONT, "font_size": FONT_SIZE, **properties})
        return self._made[key]

    def ink(self, ink: Ink) -> Format:
        """Return the format of a run of words."""
        return self.get(**_INKS[ink])

    def inked_cell(self, ink: Ink) -> Format:
        """Return the format of a cell whose words are all marked alike."""
        return self.get(border=1, valign="top", text_wrap=True, **_BORDER, **_INKS[ink])

    def cell(self, kind: ColumnKind, row: RowKind) -> Format:
        """Return the format of a table cell."""
        properties: dict[str, Any] = {"border": 1, "valign": "top", **_BORDER}
        if kind is ColumnKind.TEXT:
            properties["text_wrap"] = row is not RowKind.GROUP
        else:
            properties |= {"num_format": _NUMBER_FORMATS[kind], "align": "right"}
        if row is RowKind.GROUP:
            properties |= {"bold": True, "bg_color": "#EEF2F7", "border": 0, "top": 1, "bottom": 1}
        elif row is RowKind.TOTAL:
            properties |= {"bold": True, "bg_color": "#F8F4E3"}
        return self.get(**properties)


def writable(text: str) -> str:
    """Leave out what the file format cannot hold."""
    return _UNWRITABLE.sub("", text)


def cut(text: str, size: int) -> str:
    """Keep as much of the text as fits ``size`` of Excel's signs: it counts those beyond the basic plane twice."""
    while len(text.encode("utf-16-le")) > 2 * size:
        text = text[: min(size, len(text) - 1)]
    return text


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Write a text as a text, whatever it begins with; cut what Excel would refuse."""
    text = writable(text)
    if len(kept := cut(text, MAX_TEXT)) < len(text):
        text = cut(kept, MAX_TEXT - 1) + "…"
    sheet.write_string(row, column, text, style)


def write_marked(sheet: Worksheet, at: tuple[int, int], value: Marked, styles: Styles, style: Format) -> None:
    """Write a text with its marked words: what went is red and struck through, what came green and underlined."""
    runs = [(writable(text), ink) for text, ink in value.runs if writable(text)]
    text = "".join(run for run, _ in runs)
    # A text that has to be cut loses its marks; one of a single run is no mixture, and is marked as a whole.
    if len(runs) < 2 or cut(text, MAX_TEXT) != text:
        write_text(sheet, *at, text, styles.inked_cell(runs[0][1]) if len(runs) == 1 else style)
        return
    fragments: list[Any] = []
    for run, ink in runs:
        fragments += [styles.ink(ink), run]
    sheet.write_rich_string(*at, *fragments, style)


def write_cell(sheet: Worksheet, at: tuple[int, int], value: Cell, kind: ColumnKind, style: Format) -> None:
    """Write a value as what it is: a text, a number, a date."""
    match value:
        case None if kind is ColumnKind.SHARE:
            sheet.write_string(*at, NOTHING, style)
        case None:
            sheet.write_blank(*at, None, style)
        case str():
            write_text(sheet, *at, value, style)
        case datetime():
            sheet.write_datetime(*at, value.replace(tzinfo=None), style)
        case date():
            sheet.write_datetime(*at, value, style)
        case _:
            sheet.write_number(*at, value, style)


def height_of(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height, in points, of a row that shows each text wrapped in a column of that many signs."""
    # Columns are measured in digits, and a sign of a Russian text is about as wide.
    lines = max((len(wrap(text, max(4, width))) for text, width in texts), default=1)
    return min(_MAX_HEIGHT, 3 + LINE_HEIGHT * max(lines, 1))
