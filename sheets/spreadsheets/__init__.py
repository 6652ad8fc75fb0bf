"""Reading .xlsx, .xls, .ods and .csv files from strangers into rows of clean text."""

from sheets.spreadsheets.errors import SpreadsheetError, Trouble
from sheets.spreadsheets.model import Book, Limits, Merge, RawSheet, Sheet, SheetRow, column_letter
from sheets.spreadsheets.reading import read_book, read_book_file, read_raw, read_spreadsheet, read_spreadsheet_file

__all__ = [
    "Book",
    "Limits",
    "Merge",
    "RawSheet",
    "Sheet",
    "SheetRow",
    "SpreadsheetError",
    "Trouble",
    "column_letter",
    "read_book",
    "read_book_file",
    "read_raw",
    "read_spreadsheet",
    "read_spreadsheet_file",
]
