"""A list as people really send it, in every format.

The samples .xls and .ods beside this file are the workbook that `workbook()` builds, saved by LibreOffice.
"""

import csv
import io
from pathlib import Path

import xlsxwriter

from sheets.cells import XLSXWRITER_OPTIONS
from tests.schools.lists import inn, ogrn

SAMPLES = Path(__file__).parent / "samples"
# Where a tax office's number begins with a zero, spreadsheets eat it: nine digits are left of ten.
LOST_ZERO = "199900001"
TOP = ("№", "Уровень", "ИНН", "Полное  наименование", "ОГРН", "Ответственный", "", "Директор", "")
LOW = ("", "", "", "", "", "ФИО", "Тел.", "ФИО", "Тел.")
DIRECTOR = ("Иванов Пётр", "+7 (475) 000-99-99")
ROWS: tuple[tuple[str | float, ...], ...] = (
    (1, 60, float(inn(1)), "МБОУ «Дубровская  СОШ»", ogrn(1), "Петрова Анна", "8 (475) 000-00-01", *DIRECTOR),
    (2, "Основной (60 ч.)", inn(2), 'МБОУ "Ольховская СОШ"', float(ogrn(2)), "Орлова Ольга", "84750000002", *DIRECTOR),
    (3, "базовый", float(LOST_ZERO), "МБОУ «Ясеневская CОШ»", "", "", 84750000003.0, *DIRECTOR),
)
TOTAL = ("", "Итого:", "3 школы", "", "", "", "", "", "")


def workbook() -> bytes:
    """Titles above, a head over two rows with merged cells, a hidden row, a total, formulas; sheets by municipality."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, XLSXWRITER_OPTIONS) as book:
        sheet = book.add_worksheet("Бондарский")
        sheet.merge_range(0, 0, 0, 8, "Перечень общеобразовательных организаций")
        sheet.write_row(2, 0, TOP)
        sheet.write_row(3, 0, LOW)
        for at in range(5):
            sheet.merge_range(2, at, 3, at, TOP[at])
        sheet.merge_range(2, 5, 2, 6, "Ответственный")
        sheet.merge_range(2, 7, 2, 8, "Директор")
        sheet.write_row(4, 0, range(1, 10))
        for number, cells in enumerate(ROWS, start=5):
            sheet.write_row(number, 0, cells)
        sheet.set_row(6, options={"hidden": True})
        sheet.write_row(8, 0, TOTAL)
        other = book.add_worksheet("Моршанский р-н")
        other.write_row(0, 0, ("Наименование ОО", "ИНН", "Уровень"))
        other.write_row(1, 0, ("МБОУ «Моршанская СОШ»", inn(11)))
        other.write_formula(1, 2, "=40+40", None, 80)
        hidden = book.add_worksheet("Черновик")
        hidden.write_row(0, 0, ("Наименование ОО", "ИНН", "Уровень"))
        hidden.write_row(1, 0, ("Черновая школа", inn(12), "80"))
        hidden.hide()
    return output.getvalue()


def delimited(delimiter: str, encoding: str) -> bytes:
    """The first sheet as .csv, which has no merged cells and no second sheet."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["Перечень общеобразовательных организаций"])
    writer.writerow([])
    writer.writerows([TOP, LOW, list(range(1, 10))])
    writer.writerows([f"{cell:.0f}" if isinstance(cell, float) else cell for cell in row] for row in (*ROWS, TOTAL))
    return text.getvalue().encode(encoding)
