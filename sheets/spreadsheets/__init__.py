"""Reading .xlsx, .xls, .ods and .csv files from strangers into rows of clean text."""

from sheets.spreadsheets.errors import SpreadsheetError, Trouble
from sheets.spreadsheets.model import Limits, Sheet, SheetRow, column_letter
from sheets.spreadsheets.reading import read_spreadsheet, read_spreadsheet_file

__all__ = [
    "Limits",
    "Sheet",
    "SheetRow",
    "SpreadsheetError",
    "Trouble",
    "column_letter",
    "read_spreadsheet",
    "read_spreadsheet_file",
]
