"""Writing what people typed into cells so that it stays text.

A name like «=HYPERLINK(…)» must not become a formula on the desk of the clerk who opens the sheet. In a
workbook a cell is text when its type says so; in a .csv nothing says so, and only a mark in front helps.
"""

import re

from openpyxl.cell.cell import Cell, MergedCell

MAX_CELL_LENGTH = 32_767
"""How many UTF-16 units Excel keeps in a cell."""

XLSXWRITER_OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
"""For `xlsxwriter.Workbook(path, XLSXWRITER_OPTIONS)`: a string stays a string even through `write()`."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x85]")
# Full-width signs count too: Excel of East Asian settings reads them as ordinary ones.
_FORMULA = re.compile("[\\s'\"]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might take this text for a formula; a plain number like −5 is none."""
    return bool(_FORMULA.match(text)) and not _PLAIN_NUMBER.fullmatch(text)


def excel_text(text: str) -> str:
    """Text fit for a workbook's cell: no characters that XML forbids, one kind of line break, not too long.

    Write it as a string: `put_text` for openpyxl, `worksheet.write_string` for xlsxwriter.
    """
    text = _ILLEGAL.sub("", _BREAKS.sub("\n", text))
    return _shortened(text, MAX_CELL_LENGTH)


def csv_text(text: str) -> str:
    """Text fit for a .csv field: as `excel_text`, with an apostrophe before whatever looks like a formula."""
    safe = excel_text(text)
    # What looked like a formula before cleaning counts as well: a tab or a return may have been the first sign.
    if looks_like_formula(safe) or looks_like_formula(text):
        return "'" + _shortened(safe, MAX_CELL_LENGTH - 1)
    return safe


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Put text from a person into an openpyxl cell as a string, whatever it begins with.

    What looks like a formula gets Excel's own mark of text, so that it stays text when the cell is edited.
    """
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} lies under a merged cell: write to the first cell of the range")
    cell.value = excel_text(text)
    cell.data_type = "s"
    if looks_like_formula(text):
        cell.quotePrefix = True


def _shortened(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, an ellipsis in the last place of a text that was cut."""
    if len(text) * 2 <= limit:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= limit * 2:
        return text
    return units[: (limit - 1) * 2].decode("utf-16-le", "ignore") + "…"
