"""Writing sheets once more as they stood in somebody's file, with colours and words of ours added: .xlsx."""

import io
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sheets.cells import XLSXWRITER_OPTIONS, excel_text, looks_like_formula
from sheets.spreadsheets import RawSheet
from sheets.text import clean_text

# Above this many cells rows go to the disk as they are written, and merged cells, which need them all, are left out.
_CELLS_IN_MEMORY = 300_000
_WIDEST = 50
_MEASURED_ROWS = 100
_WORDS_WIDTH = 70
_A4 = 9
_LINE = 15
_MOST_LINES = 12
_NAME_LENGTH = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
# From here on whole numbers are not what they were any more.
_EXACT = 1e15
Cell = str | float | bool


@dataclass(frozen=True)
class SheetCopy:
    """A sheet to be written once more: its head (rows, from 1), coloured cells and words beside its rows.

    Colours are by row (from 1) and column (from 0), words by row; they stand in `column`, under `title`.
    """

    sheet: RawSheet
    head: range = range(0)
    colours: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    words: Mapping[int, Sequence[str]] = field(default_factory=dict)
    column: int = 0
    title: str = ""


def write_copies(copies: Sequence[SheetCopy], *, notes: Sequence[str], notes_name: str) -> bytes:
    """A workbook of these sheets and, where there is something to say of the file as a whole, a sheet of that."""
    cells = sum(len(row) for copy in copies for _, row in copy.sheet.rows)
    in_memory = cells <= _CELLS_IN_MEMORY
    output = io.BytesIO()
    with xlsxwriter.Workbook(
        output, {**XLSXWRITER_OPTIONS, "in_memory": True, "constant_memory": not in_memory}
    ) as book:
        style = _Style(book)
        names: set[str] = set()
        shown = None
        for copy in copies:
            sheet = book.add_worksheet(_free_name(copy.sheet.name, names))
            if copy.sheet.is_hidden:
                sheet.hide()
            shown = shown or (None if copy.sheet.is_hidden else sheet)
            if in_memory:
                _merge(sheet, copy, style)
            _Writer(sheet, copy, style).write()
        if notes or shown is None:
            sheet = book.add_worksheet(_free_name(notes_name, names))
            shown = shown or sheet
            sheet.set_column(0, 0, 2 * _WORDS_WIDTH)
            for at, words in enumerate(notes):
                sheet.write_string(at, 0, excel_text(words), style.of(wrapped=True))
        shown.activate()
        shown.set_first_sheet()
    return output.getvalue()


class _Style:
    """Formats by what a cell needs: its colour, digits in full, the mark of text, lines that wrap."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[str, bool, bool, bool, bool], Format] = {}

    def of(
        self, colour: str = "", *, whole: bool = False, quoted: bool = False, wrapped: bool = False, bold: bool = False
    ) -> Format:
        """The format, made once."""
        key = (colour, whole, quoted, wrapped, bold)
        if key not in self._formats:
            made = self._book.add_format({"valign": "top", "text_wrap": wrapped, "bold": bold})
            if colour:
                made.set_bg_color(f"#{colour}")
            if whole:
                made.set_num_format("0")
            if quoted:
                made.set_quote_prefix()
            self._formats[key] = made
        return self._formats[key]


class _Writer:
    """One sheet, row by row."""

    def __init__(self, sheet: Worksheet, copy: SheetCopy, style: _Style) -> None:
        self._sheet = sheet
        self._copy = copy
        self._style = style
        self._widths = list(_widths(copy))

    def _lines(self, number: int, cells: Sequence[Cell]) -> int:
        """How many lines a row takes: our words beside it wrap, and the titles of the head."""
        lines = sum(math.ceil(len(words) / _WORDS_WIDTH) for words in self._copy.words.get(number, ()))
        if number in self._copy.head:
            wrapped = (math.ceil(len(str(cell)) / width) for cell, width in zip(cells, self._widths, strict=False))
            lines = max(lines, *wrapped, 1)
        return min(max(lines, 1), _MOST_LINES)

    def write(self) -> None:
        """Widths, rows, and the head that stays in sight."""
        copy = self._copy
        for at, width in enumerate(self._widths):
            self._sheet.set_column(at, at, width)
        if copy.title:
            self._sheet.set_column(copy.column, copy.column, _WORDS_WIDTH)
        for number, cells in copy.sheet.rows:
            # Excel would find the height by itself when the file is opened; LibreOffice would not.
            is_hidden = number in copy.sheet.hidden_rows and number not in copy.words
            self._sheet.set_row(number - 1, _LINE * self._lines(number, cells), options={"hidden": is_hidden})
            self._row(number, cells)
        if copy.head:
            self._sheet.freeze_panes(copy.head[-1], 0)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)

    def _row(self, number: int, cells: Sequence[Cell]) -> None:
        copy, style = self._copy, self._style
        colours = copy.colours.get(number, {})
        for at, value in enumerate(cells):
            if value != "" and not (copy.title and at == copy.column):
                self._cell((number - 1, at), value, colours.get(at, ""), bold=number in copy.head)
        for at, colour in colours.items():
            if at >= len(cells) or cells[at] == "":
                self._sheet.write_blank(number - 1, at, None, style.of(colour))
        if copy.title and copy.head and number == copy.head[-1]:
            self._sheet.write_string(number - 1, copy.column, copy.title, style.of(wrapped=True, bold=True))
        elif words := copy.words.get(number):
            self._sheet.write_string(number - 1, copy.column, excel_text("\n".join(words)), style.of(wrapped=True))

    def _cell(self, place: tuple[int, int], value: Cell, colour: str, *, bold: bool) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(*place, value, self._style.of(colour))
        elif isinstance(value, str):
            text, wrapped = excel_text(value), bold or "\n" in value
            quoted = looks_like_formula(value)
            self._sheet.write_string(*place, text, self._style.of(colour, quoted=quoted, wrapped=wrapped, bold=bold))
        else:
            # Thirteen digits would be shown as 1.02E+12 otherwise.
            whole = abs(value) < _EXACT and value == int(value)
            self._sheet.write_number(*place, value, self._style.of(colour, whole=whole))


def _merge(sheet: Worksheet, copy: SheetCopy, style: _Style) -> None:
    for merge in copy.sheet.merges:
        if (merge.top, merge.left) == (merge.low, merge.right):
            continue
        bold = style.of(bold=merge.top in copy.head, wrapped=True)
        try:
            sheet.merge_range(merge.top - 1, merge.left - 1, merge.low - 1, merge.right - 1, "", bold)
        except OverlappingRange:
            continue


def _widths(copy: SheetCopy) -> Iterator[int]:
    """As wide as the words of the first rows under the head ask for, within measure; titles above it reach over."""
    begin = copy.head[-1] if copy.head else 0
    rows = [(number, cells) for number, cells in copy.sheet.rows if number >= begin]
    widths: dict[int, int] = defaultdict(int)
    for number, cells in rows[:_MEASURED_ROWS]:
        for at, value in enumerate(cells):
            # A long title wraps instead.
            wanted = len(str(value)) if number > begin else min(len(str(value)), _WIDEST // 3)
            widths[at] = max(widths[at], min(wanted, _WIDEST))
    return (max(widths[at] + 2, 9) for at in range(max(widths, default=-1) + 1))


def _free_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may bear and no other sheet of the book does."""
    plain = excel_text(clean_text(name)).translate(_NOT_IN_NAMES).strip("'")[:_NAME_LENGTH] or "Лист"
    free, number = plain, 2
    while free.casefold() in taken or free.casefold() == "history":
        tail = f" ({number})"
        free, number = plain[: _NAME_LENGTH - len(tail)] + tail, number + 1
    taken.add(free.casefold())
    return free
