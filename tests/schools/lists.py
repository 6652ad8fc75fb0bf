"""School lists as people make them, for the stories of this folder."""

import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

from schools.imports.columns import SCHOOLS, Layout
from schools.imports.reading import SchoolList, from_sheets
from sheets.checks import inn_is_valid
from sheets.spreadsheets import Sheet, SheetRow

Row = Mapping[str, str]


def inn(number: int) -> str:
    """The number-th taxpayer number, check digit and all."""
    body = f"6899{number:05d}"
    return next(whole for digit in range(10) if inn_is_valid(whole := f"{body}{digit}"))


def ogrn(number: int) -> str:
    """The number-th state registration number, check digit and all."""
    body = f"10268{number:07d}"
    return f"{body}{int(body) % 11 % 10}"


def school(number: int, **cells: str) -> dict[str, str]:
    """A row in order, by field; what is named replaces what would stand there."""
    return {
        "municipality": "Бондарский",
        "name": f"Муниципальное бюджетное учреждение «Школа № {number}»",
        "short_name": f"Школа № {number}",
        "inn": inn(number),
        "level": "Основной",
        "ticket": "да",
        "contact_name": f"Петрова Анна {number}",
        "contact_post": "Заместитель директора",
        "contact_email": f"school{number}@example.test",
        "contact_phone": f"+7 (475) 000-{number // 100:02d}-{number % 100:02d}",
        "site": f"https://school{number}.example.test",
        "ogrn": ogrn(number),
    } | cells


def listed(*rows: Row, sheet: str = "Школы") -> SchoolList:
    """A list that has been read already: the head in row 1, a column for every field of the first row."""
    fields = list(rows[0])
    cells = [tuple(SCHOOLS.titles[name] for name in fields), *(tuple(row[name] for name in fields) for row in rows)]
    return from_sheets((Sheet(sheet, tuple(SheetRow(number, row) for number, row in enumerate(cells, start=1))),))


def table(layout: Layout, *rows: Row) -> SchoolList:
    """A list of another kind that has been read already: a column for every field that any row has."""
    fields = [name for name in layout.fields if any(name in row for row in rows)]
    cells = [
        tuple(layout.titles[name] for name in fields),
        *(tuple(row.get(name, "") for name in fields) for row in rows),
    ]
    sheet = Sheet("Лист1", tuple(SheetRow(number, row) for number, row in enumerate(cells, start=1)))
    return from_sheets((sheet,), layout=layout)


def workbook(*rows: Row, sheet: str = "Школы") -> bytes:
    """The same as the bytes of an .xlsx file."""
    fields = list(rows[0])
    return book({sheet: [[SCHOOLS.titles[name] for name in fields], *([row[name] for name in fields] for row in rows)]})


def book(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """An .xlsx file with these cells."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
