"""The empty list of any kind: the right head, formats that keep an INN whole, choices where there are any."""

import io

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Organization, Region
from accounts.russian import natural_key
from schools.imports.columns import CHOICES_SHEET, Layout
from schools.imports.listings import RESOURCES
from schools.imports.organizations import INSTITUTIONS
from schools.imports.places import REGIONAL
from schools.models import Level, ListKind
from sheets.cells import put_text

FILENAMES = {kind: f"{kind.label} — шаблон.xlsx" for kind in ListKind}
ROWS = 2000
_LINE = Side(style="thin", color="9AA5B1")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def build_template(region: Region, listing: ListKind = ListKind.SCHOOLS) -> bytes:
    """The workbook's bytes. Municipalities and levels are those of today; two queries."""
    layout = RESOURCES[listing].layout
    book = openpyxl.Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("A new workbook begins with a worksheet.")
    sheet.title = listing.label
    _write_head(sheet, layout)
    choices = {name: values for name, values in _choices(region, listing).items() if name in layout.fields}
    # Hidden, the lists are there for the drop-downs and are no sheet of schools to the reader.
    listed = book.create_sheet(CHOICES_SHEET)
    listed.sheet_state = Worksheet.SHEETSTATE_HIDDEN
    for at, (name, values) in enumerate(choices.items(), start=1):
        for row, value in enumerate(values, start=1):
            put_text(listed.cell(row, at), value)
        _offer(
            sheet, layout, name, f"{CHOICES_SHEET}!${get_column_letter(at)}$1:${get_column_letter(at)}${len(values)}"
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _choices(region: Region, listing: ListKind) -> dict[str, list[str]]:
    """What may stand in cells of columns that have a choice at all."""
    municipalities = Organization.objects.filter(region=region).active().municipalities().order_by()
    places = sorted(municipalities.values_list("short_name", flat=True), key=natural_key)
    return {
        "municipality": [*places, REGIONAL] if listing == ListKind.SCHOOLS else places,
        "level": [str(level).replace("\u00a0", " ") for level in Level.objects.all()],
        "ticket": ["да", "нет"],
        "kind": [kind.label for kind in INSTITUTIONS],
    }


def _write_head(sheet: Worksheet, layout: Layout) -> None:
    for at, column in enumerate(layout.columns, start=1):
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


def _offer(sheet: Worksheet, layout: Layout, name: str, source: str) -> None:
    """Offer a list of values; another value may still be typed, the import will check it."""
    at = next(index for index, column in enumerate(layout.columns, start=1) if column.field == name)
    letter = get_column_letter(at)
    choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(choice)
