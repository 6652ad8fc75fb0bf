"""The same document as Excel and as PDF: read back, the files say what the document said."""

import socket
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from exports.documents import Column, ColumnKind, Row, Table
from exports.writers.pdf import to_pdf, write_pdf
from exports.writers.xlsx import MAX_SHEET_NAME, sheet_names, write_xlsx
from exports.writers.xlsx_cells import MAX_TEXT
from tests.exports.conftest import ATTACK, sample_document


def workbook() -> Workbook:
    """The sample as Excel, read back."""
    return load_workbook(BytesIO(write_xlsx(sample_document())))


def sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet by its name."""
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def pages(content: bytes) -> list[str]:
    """The text of each page of a PDF, with plain spaces."""
    return [" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in PdfReader(BytesIO(content)).pages]


def fonts(content: bytes) -> dict[str, bool]:
    """Names of a PDF's fonts, and whether each is embedded."""
    found = {}
    for page in PdfReader(BytesIO(content)).pages:
        resources = cast("DictionaryObject", page["/Resources"].get_object())
        for reference in cast("DictionaryObject", resources.get("/Font", DictionaryObject())).values():
            font = cast("DictionaryObject", reference.get_object())
            descendant = cast("DictionaryObject", cast("Any", font.get("/DescendantFonts", [font]))[0].get_object())
            descriptor = cast("DictionaryObject", descendant["/FontDescriptor"].get_object())
            found[str(font["/BaseFont"])] = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


# --- Excel ------------------------------------------------------------------------------------
def test_cells_are_numbers_shares_and_dates_not_texts() -> None:
    row = sheet(workbook(), "Школы")[5]
    assert [cell.value for cell in row] == ["Школа № 1", 1234, 0.875, datetime(2023, 10, 20)]  # noqa: DTZ001
    assert [cell.number_format for cell in row][1:] == ["#,##0", "0.0%", "dd.mm.yyyy"]


def test_an_empty_share_is_a_dash_and_an_empty_date_is_empty() -> None:
    assert [cell.value for cell in sheet(workbook(), "Школы")[6]][1:] == [0, "—", None]


def test_a_name_that_looks_like_a_formula_is_a_text() -> None:
    cell = sheet(workbook(), "Школы")["A6"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (ATTACK, "s", None)
    with zipfile.ZipFile(BytesIO(write_xlsx(sample_document()))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in content for content in sheets)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://evil.test", "{=1}", "0012"])
def test_texts_stay_texts_whatever_they_begin_with(text: str) -> None:
    table = Table(text, [Column(text)], [Row([text])], note=text)
    document = sample_document(title=text, subtitle=text, facts=((text, text),), tables=(table,), notes=(text,))
    book = load_workbook(BytesIO(write_xlsx(document)))
    for found in book.worksheets:
        for row in found.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (found.title, cell.coordinate)
    assert sheet(book, book.sheetnames[1])["A4"].value == text


def test_a_table_is_ready_for_the_screen() -> None:
    found = sheet(workbook(), "Школы")
    assert found.freeze_panes == "A4"
    assert found.auto_filter.ref == "A3:D6", "the closing total is no part of what is sorted"
    assert [found.column_dimensions[letter].width for letter in "ABD"] == pytest.approx([40, 10, 12], abs=1)
    assert [cell.value for cell in found[3]] == ["Школа", "Сдано", "В срок", "Срок"]


def test_a_table_is_ready_for_paper() -> None:
    found = sheet(workbook(), "Школы")
    setup = found.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, None, 0)
    assert found.sheet_properties.pageSetUpPr is not None
    assert found.sheet_properties.pageSetUpPr.fitToPage
    assert found.print_title_rows == "$3:$3"
    footer = cast("HeaderFooterItem", found.oddFooter)
    parts = [str(part.text) for part in (footer.right, footer.center) if part]
    assert parts == ["Стр. &P из &N", "по состоянию на 16.10.2023 12:00 (МСК)"]


def test_an_ampersand_in_the_title_is_no_code_of_the_footer() -> None:
    content = write_xlsx(sample_document(title="Отчёт &P &A"))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "Отчёт &amp;&amp;P &amp;&amp;A" in archive.read("xl/worksheets/sheet2.xml").decode()


def test_the_summary_tells_facts_figures_and_definitions() -> None:
    found = sheet(workbook(), "Сводка")
    values = [[cell.value for cell in row if cell.value is not None] for row in found.iter_rows()]
    assert ["Основание", "приказ № 2381"] in values
    assert ["По состоянию на", datetime(2023, 10, 16, 12, 0), "МСК"] in values  # noqa: DTZ001
    assert ["В срок", 0.875, "из наступивших"] in values
    assert ["I. Первый раздел", 900, 334, 1234] in values
    assert ["Просрочка начинается на следующий день."] in values


def test_the_chart_is_excels_own_and_draws_the_numbers_of_the_sheet() -> None:
    with zipfile.ZipFile(BytesIO(write_xlsx(sample_document()))) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    assert '<c:barDir val="bar"/>' in chart
    rows = {cell.value: cell.row for cell in sheet(workbook(), "Сводка")["A"]}
    first, last = rows["I. Первый раздел"], rows["II. Второй раздел"]
    assert f"Сводка!$B${first}:$B${last}" in chart.replace("'", "")


def test_sheets_of_a_workbook_are_linked_from_the_summary() -> None:
    found = sheet(workbook(), "Сводка")
    links = {cell.hyperlink.location for cell in found["A"] if cell.hyperlink}
    assert links == {"'Школы'!A1", "'Бондарский'!A1"}


def test_the_same_document_gives_the_same_bytes() -> None:
    assert write_xlsx(sample_document()) == write_xlsx(sample_document())


def test_a_text_longer_than_a_cell_holds_is_cut_and_not_lost() -> None:
    table = Table("Школы", [Column("Название")], [Row(["я" * (MAX_TEXT + 5)])])
    book = load_workbook(BytesIO(write_xlsx(sample_document(tables=(table,)))))
    value = sheet(book, "Школы")["A4"].value
    assert isinstance(value, str)
    assert (len(value), value[-1]) == (MAX_TEXT, "…")


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=40))
@example(["Сводка", "сводка", "СВОДКА"])
@example(["'", "[]:*?/\\", "", "History", "x" * 31 + "'", "Петровский/Первомайский"])
@example(["Староюрьевский муниципальный округ"] * 12)
def test_names_of_sheets_are_such_as_excel_takes(wanted: Sequence[str]) -> None:
    names = sheet_names(wanted)
    assert len(names) == len(wanted)
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 2 * MAX_SHEET_NAME
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
@example("2023")
@example("\x00\x1f\ud800&")
def test_any_name_whatever_can_be_written(text: str) -> None:
    table = Table(text, [Column(text or "x")], [Row([text])])
    content = write_xlsx(sample_document(title=text, tables=(table, table)))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
    assert len(load_workbook(BytesIO(content)).sheetnames) == 3


# --- PDF --------------------------------------------------------------------------------------
def test_a_pdf_says_what_the_document_says() -> None:
    first, second = pages(write_pdf(sample_document()))
    for text in (
        "О сдаче",
        "приказ № 2381",
        "Тамбовская область",
        "16.10.2023 12:00 (МСК)",
        "1 234",
        "87,5 %",
        "Просрочка начинается на следующий день.",
        "II. Второй раздел",
    ):
        assert text in first
    assert "Школа № 1 1 234 87,5 % 20.10.2023" in second
    assert ATTACK in second
    assert "Снятые не считаются." in second


def test_a_table_for_the_workbook_alone_is_not_printed() -> None:
    assert "Бондарский" not in " ".join(pages(write_pdf(sample_document())))


def test_a_pdf_is_a4_lying_down_with_numbered_pages_and_repeated_heads() -> None:
    columns = [Column("Школа", width=40), Column("Сдано", ColumnKind.NUMBER)]
    table = Table("Школы", columns, [Row([f"Школа № {number}", number]) for number in range(100)])
    content = write_pdf(sample_document(tables=(table,)))
    texts = pages(content)
    assert len(texts) > 3
    for number, text in enumerate(texts, start=1):
        assert f"Стр. {number} из {len(texts)}" in text
    for text in texts[1:]:
        assert "Школа Сдано" in text
        assert "приказ № 2381; Тамбовская область; по состоянию на 16.10.2023 12:00 (МСК)" in text
    box = PdfReader(BytesIO(content)).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (842, 595)


def test_cyrillic_fonts_are_embedded() -> None:
    found = fonts(write_pdf(sample_document()))
    assert found
    assert all(found.values()), found
    assert any("PT-Sans" in name or "Liberation-Sans" in name for name in found)


def test_a_page_reaches_for_nothing_outside(tmp_path: Path) -> None:
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]

        def listen() -> None:
            try:
                server.accept()[0].close()
                calls.append("called")
            except TimeoutError:
                pass

        listener = threading.Thread(target=listen)
        listener.start()
        secret = tmp_path / "secret.svg"
        secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>тайна</text></svg>')
        content = to_pdf(
            f'<p>Отчёт</p><img src="http://127.0.0.1:{port}/x.png"><img src="{secret.as_uri()}">'
            f'<link rel="stylesheet" href="http://127.0.0.1:{port}/x.css">'
            f'<link rel="attachment" href="{secret.as_uri()}">'
        )
        listener.join()
    assert calls == []
    assert pages(content)[0].startswith("Отчёт")
    assert not PdfReader(BytesIO(content)).attachments


def test_markup_in_a_name_is_text() -> None:
    table = Table("Школы", [Column("Название")], [Row(["<script>x</script><b>Школа</b> & К°"])])
    assert "<script>x</script><b>Школа</b> & К°" in pages(write_pdf(sample_document(tables=(table,))))[1]


def test_an_empty_table_is_no_obstacle() -> None:
    document = sample_document(charts=(), notes=(), tables=(Table("Школы", [Column("Школа")], []),))
    assert len(pages(write_pdf(document))) == 2
    book = load_workbook(BytesIO(write_xlsx(document)))
    assert sheet(book, "Школы").auto_filter.ref == "A3"


def test_the_moment_is_told_on_the_clocks_of_the_region() -> None:
    vladivostok = datetime.fromisoformat("2023-10-16T19:00:00+10:00")
    assert "16.10.2023 19:00 (МСК+7)" in pages(write_pdf(replace(sample_document(), cut_off=vladivostok)))[0]
