"""Steps one and two: from bytes to the rows of a list, each with its place in the file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from schools.imports.columns import SCHOOLS, Layout
from schools.imports.problems import ImportProblem
from sheets.headings import Heading, UnknownColumn, find_heading
from sheets.spreadsheets import Limits, Sheet, SheetRow, SpreadsheetError, read_spreadsheet, read_spreadsheet_file

_TOTAL = re.compile(r"(?:итого|всего)\b", re.IGNORECASE)


class ListRow(NamedTuple):
    """A row of the list: its place and the text of each field; None where the sheet has no such column."""

    sheet: str
    number: int
    cells: Mapping[str, str | None]
    heading: Heading
    layout: Layout = SCHOOLS

    def problem(self, name: str, message: str) -> ImportProblem:
        """Put a message at the cell of a field, or at the row where it has no cell."""
        return ImportProblem(
            message,
            sheet=self.sheet,
            row=self.number,
            column=self.heading.letter(name) or None,
            heading=self.layout.titles.get(name),
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


def read_list(data: bytes, filename: str, *, layout: Layout = SCHOOLS) -> SchoolList:
    """Read an uploaded list. Never raises: what is wrong with the file is among the problems."""
    try:
        return from_sheets(read_spreadsheet(data, filename, limits=_limits()), layout=layout)
    except SpreadsheetError as error:
        return SchoolList(problems=(ImportProblem(error.message),))


def read_list_file(path: Path, *, layout: Layout = SCHOOLS) -> SchoolList:
    """Read a list from disk; a file that is missing is a problem like any other."""
    try:
        return from_sheets(read_spreadsheet_file(path, limits=_limits()), layout=layout)
    except SpreadsheetError as error:
        return SchoolList(problems=(ImportProblem(error.message),))


def from_sheets(sheets: tuple[Sheet, ...], *, layout: Layout = SCHOOLS) -> SchoolList:
    """Find the rows of a list in the sheets of a book."""
    found = _Found()
    for sheet in sheets:
        _read_sheet(sheet, found, layout)
    read = len(sheets) - len(found.headless)
    if not read:
        wanted = ", ".join(f"«{layout.titles[name]}»" for name in layout.required)
        names = ", ".join(f"«{name}»" for name in found.headless)
        found.problems.append(
            ImportProblem(
                f"Не нашли строку заголовков таблицы (листы: {names}). Нужны столбцы {wanted}. "
                "Возьмите за образец шаблон со страницы загрузки."
            )
        )
    else:
        found.remarks += [f"Лист «{name}» пропущен: на нём нет таблицы {layout.of_what}." for name in found.headless]
    if not found.rows and not found.problems:
        found.problems.append(ImportProblem(f"Под строкой заголовков нет {layout.none_of}."))
    return SchoolList(tuple(found.rows), tuple(found.problems), tuple(found.remarks))


def _limits() -> Limits:
    return Limits(file_size=settings.SHEET_MAX_BYTES)


def _read_sheet(sheet: Sheet, found: _Found, layout: Layout) -> None:
    heading = find_heading(sheet.rows, layout.synonyms, required=layout.required)
    if heading is None:
        if sheet.rows:
            found.headless.append(sheet.name)
        return
    if heading.missing:
        for name in heading.missing:
            found.problems.append(
                ImportProblem(
                    f"Нет столбца «{layout.titles[name]}». Добавьте его или назовите так имеющийся.",
                    sheet=sheet.name,
                    row=heading.row_number,
                    heading=layout.titles[name],
                )
            )
        return
    if unused := [_shown(column) for column in (*heading.repeated, *heading.unknown)]:
        word = "столбец" if len(unused) == 1 else "столбцы"
        found.remarks.append(f"Лист «{sheet.name}»: не читаем {word} {', '.join(unused)}.")
    found.rows += _data_rows(sheet, heading, layout)


def _data_rows(sheet: Sheet, heading: Heading, layout: Layout) -> Iterator[ListRow]:
    fields = layout.fields
    places = [heading.columns.get(name) for name in fields]
    for row in heading.data_rows(sheet.rows):
        width = len(row.cells)
        texts = [None if index is None else row.cells[index] if index < width else "" for index in places]
        cells = dict(zip(fields, texts, strict=True))
        if any(texts) and not _is_total(row, cells[layout.key]):
            yield ListRow(sheet.name, row.number, cells, heading, layout)


def _is_total(row: SheetRow, key: str | None) -> bool:
    """«Итого: 25 школ» under the table is no school."""
    return not key and bool(_TOTAL.match(next((cell for cell in row.cells if cell), "")))


def _shown(column: UnknownColumn) -> str:
    title = column.title if len(column.title) <= 40 else column.title[:39] + "…"
    return f"«{title}» ({column.letter})"
