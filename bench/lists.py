"""School lists as ministries send them, as long as one likes; the same call gives the same rows."""

import io
import json
from pathlib import Path

import xlsxwriter
from django.conf import settings

from fixtures.make_school_lists import HEAD, MADE_ON
from sheets.cells import XLSXWRITER_OPTIONS
from sheets.checks import inn_is_valid

LEVELS = ("Базовый", "Основной", "Продвинутый")


def school_list(schools: int) -> bytes:
    """Write a workbook with one sheet of so many made-up schools of the region in ``fixtures/``."""
    places = json.loads((Path(settings.BASE_DIR) / "fixtures" / "municipalities.json").read_text(encoding="utf-8"))
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {**XLSXWRITER_OPTIONS, "constant_memory": True}) as book:
        book.set_properties({"created": MADE_ON})
        sheet = book.add_worksheet("Школы")
        sheet.write_row(0, 0, HEAD)
        for number in range(1, schools + 1):
            sheet.write_row(number, 0, _row(number, places[number % len(places)]["short_name"]))
    return output.getvalue()


def _row(number: int, municipality: str) -> tuple[str | int, ...]:
    """One school, in the order of HEAD."""
    return (
        number,
        municipality,
        f"Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № {number}»",
        f"МБОУ «СОШ № {number}» {municipality}",
        _inn(number),
        LEVELS[number % len(LEVELS)],
        "да" if number % 4 else "нет",
        f"Иванова Анна Петровна {number}",
        "Заместитель директора",
        f"school{number}@example.test",
        f"+7 (475) {number // 10000:03d}-{number // 100 % 100:02d}-{number % 100:02d}",
        f"https://school{number}.example.test",
    )


def _inn(number: int) -> str:
    """A taxpayer number with the right check digit, of an office that does not exist."""
    body = f"6899{number:05d}"
    return next(inn for digit in range(10) if inn_is_valid(inn := f"{body}{digit}"))
