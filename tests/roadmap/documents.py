"""Documents as offices make them, built from the text of the real order: Word, Excel, OpenDocument."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import openpyxl
from docx.document import Document
from docx.table import Table, _Cell

from sheets.pasted import read_pasted

FIXTURES = Path(__file__).parents[2] / "fixtures"
ORDER = (FIXTURES / "roadmap_2381.txt").read_text(encoding="utf-8")
MUNICIPAL = (FIXTURES / "municipal_plan_tambov.txt").read_text(encoding="utf-8")
HEAD = ["№ п/п", "Мероприятие", "Срок исполнения", "Ответственный", "Ожидаемые результаты"]
WIDTH = len(HEAD)


def split_order(text: str = ORDER) -> tuple[list[str], list[list[str]]]:
    """The paragraphs in front of the table, and its rows as the pages cut them."""
    place = text.index("№ п/п\t")
    rows = [line.split("\t") for line in text[place:].splitlines() if line.strip("\t")]
    return text[:place].splitlines(), [row + [""] * (WIDTH - len(row)) for row in rows]


def bytes_of(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_table(document: Document, rows: Sequence[Sequence[str]]) -> Table:
    """A table as Word keeps it: heads of sections merged across, results of several items merged down."""
    table: Table = document.add_table(rows=len(rows), cols=len(rows[0]))
    # The cells are asked for once: each look-up through the table costs as much as the whole grid.
    grid = [list(row.cells) for row in table.rows]
    result = None
    for texts, cells in zip(rows, grid, strict=True):
        if texts[0] and not any(texts[1:]):
            cells[0].merge(cells[-1]).text = texts[0]
            result = None
            continue
        for cell, text in zip(cells, texts, strict=True):
            cell.text = text
        if texts[-1]:
            result = cells[-1]
        elif texts[0] and result is not None:
            result.merge(cells[-1])
    return table


def word_order(*, repeated_heads: bool = True) -> bytes:
    """The order with its annex as a Word document."""
    before, rows = split_order()
    document = docx.Document()
    for line in before:
        document.add_paragraph(line)
    if repeated_heads:
        rows = [*rows[:20], HEAD, *rows[20:50], HEAD, *rows[50:]]
    add_table(document, rows)
    document.add_paragraph("Министр образования и науки")
    document.add_paragraph("Приложение 2 к приказу")
    add_table(document, [[*HEAD[:4], "Участники"], ["1.", "Урок", "Май 2024 г.", "Школы", "Дети"]])
    return bytes_of(document)


def spans(rows: Sequence[Sequence[str]]) -> dict[int, int]:
    """How many rows a result cell reaches over, by its row: results of several items are merged down."""
    found: dict[int, int] = {}
    holder = None
    for number, texts in enumerate(rows):
        if texts[0] and not any(texts[1:]):
            holder = None
        elif texts[-1]:
            holder = number
        elif texts[0] and holder is not None:
            found[holder] = number - holder + 1
    return found


def municipal_plan() -> bytes:
    """The plan of Tambov district as a Word document: its deadlines and bodies merged down within a section."""
    rows = read_pasted(MUNICIPAL)
    document = docx.Document()
    for row in rows:
        if not row.table:
            document.add_paragraph(row.text)
    lines = [row.cells for row in rows if row.table]
    table = document.add_table(rows=len(lines), cols=WIDTH)
    grid = [list(row.cells) for row in table.rows]
    holders: dict[int, _Cell] = {}
    for texts, cells in zip(lines, grid, strict=True):
        for cell, text in zip(cells, texts, strict=True):
            cell.text = text
        if not any(texts[1:]):
            holders = {}
        for place in (3, 4):
            if texts[place]:
                holders[place] = cells[place]
            elif texts[0] and any(texts[1:]) and place in holders:
                holders[place].merge(cells[place])
    return bytes_of(document)


def excel_order() -> bytes:
    """The order's annex as a workbook: title rows, a second sheet in front, merged heads of sections and results."""
    before, rows = split_order()
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.append(["Для служебного пользования"])
    sheet = book.create_sheet("Дорожная карта")
    for line in before:
        sheet.append([line])
    for row in rows:
        sheet.append(row)
        if row[0] and not any(row[1:]):
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=WIDTH)
    for number, height in spans(rows).items():
        top = len(before) + number + 1
        sheet.merge_cells(start_row=top, end_row=top + height - 1, start_column=WIDTH, end_column=WIDTH)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(title: str, *rows: Sequence[str], merged: str = "") -> bytes:
    """A workbook of one sheet; ``merged`` is a range of cells made one."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_document_order() -> bytes:
    """The same as an OpenDocument sheet."""
    before, rows = split_order()
    shifted = {len(before) + number: height for number, height in spans(rows).items()}
    return open_document([[line] for line in before] + rows, shifted)


def open_document(rows: Sequence[Sequence[str]], heights: Mapping[int, int]) -> bytes:
    """An OpenDocument sheet whose last cells reach over several rows: ``heights`` says over how many, by their row."""
    covered = {number + below for number, height in heights.items() for below in range(1, height)}
    lines = []
    for number, row in enumerate(rows):
        cells = [_ods_cell(text) for text in row]
        if number in covered:
            cells[-1] = "<table:covered-table-cell/>"
        elif number in heights:
            cells[-1] = _ods_cell(row[-1], heights[number])
        lines.append(cells)
    body = "".join(f"<table:table-row>{''.join(cells)}</table:table-row>" for cells in lines)
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="План">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def _ods_cell(text: str, height: int = 1) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    spanned = f' table:number-rows-spanned="{height}"' if height > 1 else ""
    return f'<table:table-cell{spanned} office:value-type="string"><text:p>{escaped}</text:p></table:table-cell>'
