"""Steps one and two: from bytes to the rows of a school list, each with its place in the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from schools.imports.columns import COLUMNS, REQUIRED, SYNONYMS, TITLES
from schools.imports.problems import ImportProblem
from sheets.headings import Heading, UnknownColumn, find_heading
from sheets.spreadsheets import Limits, Sheet, SheetRow, SpreadsheetError, read_spreadsheet, read_spreadsheet_file

_FIELDS = tuple(column.field for column in COLUMNS)
_TOTAL = re.compile(r"(?:итого|всего)\b", re.IGNORECASE)


class ListRow(NamedTuple):
    """A row of the list: its place and the text of each field; None where the sheet has no such column."""

    sheet: str
    number: int
    cells: Mapping[str, str | None]
    heading: Heading

    def problem(self, name: str, message: str) -> ImportProblem:
        """Put a message at the cell of a field, or at the row where it has no cell."""
        return ImportProblem(
            message,
            sheet=self.sheet,
            row=self.number,
            column=self.heading.letter(name) or None,
            heading=TITLES.get(name),
        )


@dataclass(frozen=True)
class SchoolList:
    """What was read of a file: rows, what keeps it from being read further, what was passed over."""

    rows: tuple[ListRow, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_readable(self) -> bool:
        """There is at least one row to look at."""
        return bool(self.rows)


@dataclass
class _Found:
    rows: list[ListRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    headless: list[str] = field(default_factory=list)


def read_list(data: bytes, filename: str) -> SchoolList:
    """Read an uploaded list. Never raises: what is wrong with the file is among the problems."""
    try:
        return from_sheets(read_spreadsheet(data, filename, limits=_limits()))
    except SpreadsheetError as error:
        return SchoolList(problems=(ImportProblem(error.message),))


def read_list_file(path: Path) -> SchoolList:
    """Read a list from disk; a file that is missing is a problem like any other."""
    try:
        return from_sheets(read_spreadsheet_file(path, limits=_limits()))
    except SpreadsheetError as error:
        return SchoolList(problems=(ImportProblem(error.message),))


def from_sheets(sheets: tuple[Sheet, ...]) -> SchoolList:
    """Find the rows of schools in the sheets of a book."""
    found = _Found()
    for sheet in sheets:
        _read_sheet(sheet, found)
    read = len(sheets) - len(found.headless)
    if not read:
        wanted = ", ".join(f"«{TITLES[name]}»" for name in REQUIRED)
        names = ", ".join(f"«{name}»" for name in found.headless)
        found.problems.append(
            ImportProblem(
                f"Не нашли строку заголовков таблицы (листы: {names}). Нужны столбцы {wanted}. "
                "Возьмите за образец шаблон со страницы загрузки."
            )
        )
    else:
        found.remarks += [f"Лист «{name}» пропущен: на нём нет таблицы школ." for name in found.headless]
    if not found.rows and not found.problems:
        found.problems.append(ImportProblem("Под строкой заголовков нет ни одной школы."))
    return SchoolList(tuple(found.rows), tuple(found.problems), tuple(found.remarks))


def _limits() -> Limits:
    return Limits(file_size=settings.SHEET_MAX_BYTES)


def _read_sheet(sheet: Sheet, found: _Found) -> None:
    heading = find_heading(sheet.rows, SYNONYMS, required=REQUIRED)
    if heading is None:
        if sheet.rows:
            found.headless.append(sheet.name)
        return
    if heading.missing:
        for name in heading.missing:
            found.problems.append(
                ImportProblem(
                    f"Нет столбца «{TITLES[name]}». Добавьте его или назовите так имеющийся.",
                    sheet=sheet.name,
                    row=heading.row_number,
                    heading=TITLES[name],
                )
            )
        return
    if unused := [_shown(column) for column in (*heading.repeated, *heading.unknown)]:
        word = "столбец" if len(unused) == 1 else "столбцы"
        found.remarks.append(f"Лист «{sheet.name}»: не читаем {word} {', '.join(unused)}.")
    found.rows += _data_rows(sheet, heading)


def _data_rows(sheet: Sheet, heading: Heading) -> Iterator[ListRow]:
    places = [heading.columns.get(name) for name in _FIELDS]
    for row in heading.data_rows(sheet.rows):
        width = len(row.cells)
        texts = [None if index is None else row.cells[index] if index < width else "" for index in places]
        cells = dict(zip(_FIELDS, texts, strict=True))
        if any(texts) and not _is_total(row, cells):
            yield ListRow(sheet.name, row.number, cells, heading)


def _is_total(row: SheetRow, cells: Mapping[str, str | None]) -> bool:
    """«Итого: 25 школ» under the table is no school."""
    return not cells["inn"] and bool(_TOTAL.match(next((cell for cell in row.cells if cell), "")))


def _shown(column: UnknownColumn) -> str:
    title = column.title if len(column.title) <= 40 else column.title[:39] + "…"
    return f"«{title}» ({column.letter})"
