"""What people typed stays text in a workbook and in a .csv."""

import csv
import io

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sheets.cells import MAX_CELL_LENGTH, XLSXWRITER_OPTIONS, csv_text, excel_text, looks_like_formula, put_text

FORMULAS = ["=1+1", "+7 (475) 000-00-01", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "＝1"]
PLAIN = ["Школа № 1", "a=b", "-5", "+5,2", "2023-09-01", "", "«=»", "— тире"]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_disarmed(text: str) -> None:
    assert looks_like_formula(text)
    assert csv_text(text).startswith("'")


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_left_alone(text: str) -> None:
    assert not looks_like_formula(text)
    assert csv_text(text) == excel_text(text) == text


def test_characters_that_xml_forbids_are_dropped() -> None:
    assert excel_text("а\x00б\x0bв\ufffeг\ud800д\te\r\nё\rж\u2028з") == "абвгд\te\nё\nж\nз"


def test_formula_hidden_behind_a_forbidden_character() -> None:
    assert csv_text("\x00=1+1") == "'=1+1"


def test_long_text_is_cut_to_what_excel_keeps() -> None:
    assert excel_text("я" * MAX_CELL_LENGTH) == "я" * MAX_CELL_LENGTH
    assert excel_text("я" * (MAX_CELL_LENGTH + 1)) == "я" * (MAX_CELL_LENGTH - 1) + "…"
    # A character outside the first plane takes two units and is never cut in half.
    cut = excel_text("🎓" * MAX_CELL_LENGTH)
    assert len(cut.encode("utf-16-le")) <= MAX_CELL_LENGTH * 2
    assert set(cut) == {"🎓", "…"}
    assert len(csv_text("=" + "я" * MAX_CELL_LENGTH)) == MAX_CELL_LENGTH


@pytest.mark.parametrize("text", [*FORMULAS, "#N/A", "#REF!", "12", "https://example.test"])
def test_openpyxl_keeps_a_string(text: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    put_text(sheet["A1"], text)
    out = io.BytesIO()
    book.save(out)
    written = openpyxl.load_workbook(out).active
    assert written is not None
    assert written["A1"].data_type == "s"
    assert written["A1"].value == excel_text(text)
    assert bool(written["A1"].quotePrefix) is looks_like_formula(text)


def test_writing_under_a_merged_cell_is_a_mistake_of_the_programmer() -> None:
    sheet = openpyxl.Workbook().active
    assert sheet is not None
    sheet.merge_cells("A1:B1")
    with pytest.raises(TypeError, match="B1"):
        put_text(sheet["B1"], "x")


@pytest.mark.parametrize("text", FORMULAS)
def test_xlsxwriter_keeps_a_string(text: str) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, XLSXWRITER_OPTIONS) as book:
        book.add_worksheet().write(0, 0, excel_text(text))
    written = openpyxl.load_workbook(out).active
    assert written is not None
    assert written["A1"].data_type == "s"


@given(st.text(st.characters() | st.sampled_from("=+-@\t\r\n\x00'\" ")))
def test_no_text_becomes_a_formula_or_breaks_the_file(text: str) -> None:
    safe = csv_text(text)
    assert safe.startswith("'") or not looks_like_formula(safe)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(["x", safe])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";")) == ["x", safe]


@given(st.lists(st.text(st.characters() | st.sampled_from("=+-@\t\x0b\ufffe")), min_size=1, max_size=5))
def test_any_text_can_be_saved_by_openpyxl(texts: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, text in enumerate(texts, start=1):
        put_text(sheet.cell(row, 1), text)
    out = io.BytesIO()
    book.save(out)
    written = openpyxl.load_workbook(out).active
    assert written is not None
    assert [written.cell(row, 1).data_type for row in range(1, len(texts) + 1)] != ["f"] * len(texts)
    for row, text in enumerate(texts, start=1):
        assert (written.cell(row, 1).value or "") == excel_text(text)
