"""The empty school list: the right head, formats that keep an INN whole, choices where there are any."""

import io

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Organization, Region
from schools.imports.columns import CHOICES_SHEET, COLUMNS
from schools.imports.places import REGIONAL
from schools.models import Level
from sheets.cells import put_text

FILENAME = "Список школ — шаблон.xlsx"
ROWS = 2000
_LINE = Side(style="thin", color="9AA5B1")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def build_template(region: Region) -> bytes:
    """The workbook's bytes. Municipalities and levels are those of today; two queries."""
    book = openpyxl.Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("A new workbook begins with a worksheet.")
    sheet.title = "Школы"
    _write_head(sheet)
    municipalities = Organization.objects.filter(region=region).active().municipalities().order_by("short_name")
    choices = {
        "municipality": [*municipalities.values_list("short_name", flat=True), REGIONAL],
        "level": [str(level).replace("\u00a0", " ") for level in Level.objects.all()],
        "ticket": ["да", "нет"],
    }
    # Hidden, the lists are there for the drop-downs and are no sheet of schools to the reader.
    listed = book.create_sheet(CHOICES_SHEET)
    listed.sheet_state = Worksheet.SHEETSTATE_HIDDEN
    for at, (name, values) in enumerate(choices.items(), start=1):
        for row, value in enumerate(values, start=1):
            put_text(listed.cell(row, at), value)
        _offer(sheet, name, f"{CHOICES_SHEET}!${get_column_letter(at)}$1:${get_column_letter(at)}${len(values)}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_head(sheet: Worksheet) -> None:
    for at, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        # As numbers, taxpayer numbers lose a leading zero and phones become 4.75E+10.
        sheet.column_dimensions[letter].number_format = "@"
        cell = sheet.cell(1, at)
        put_text(cell, column.title)
        cell.font = Font(name="Arial", size=10, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F2" if column.required else "F1F4F8")
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.border = _BORDER
        if column.hint:
            _explain(sheet, letter, column.title, column.hint)
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _explain(sheet: Worksheet, letter: str, title: str, hint: str) -> None:
    """Show the hint when the head's cell is chosen."""
    note = DataValidation(allow_blank=True, showInputMessage=True, promptTitle=title[:32], prompt=hint[:255])
    note.add(f"{letter}1")
    sheet.add_data_validation(note)


def _offer(sheet: Worksheet, name: str, source: str) -> None:
    """Offer a list of values; another value may still be typed, the import will check it."""
    at = next(index for index, column in enumerate(COLUMNS, start=1) if column.field == name)
    letter = get_column_letter(at)
    choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(choice)
