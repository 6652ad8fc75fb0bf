"""What a workbook hides and what its formulas lack is told alike of every format."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.spreadsheets import Merge, SpreadsheetError, Trouble, read_book, read_raw
from sheets.spreadsheets.marks import read_marks

SAMPLES = Path(__file__).parent / "samples"


def with_member(data: bytes, name: str, content: bytes = b"") -> bytes:
    """The same package with one more part."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("extension", ["xlsx", "xls", "ods"])
def test_hidden_rows_merges_and_errors(extension: str) -> None:
    data = (SAMPLES / f"marked.{extension}").read_bytes()
    book = read_book(data, f"marked.{extension}")
    (sheet,) = book.sheets
    assert book.hidden_sheets == ("Скрытый",)
    assert not book.has_links
    assert sheet.hidden_rows == {4}
    assert set(sheet.merges) == {Merge(1, 1, 2, 1), Merge(1, 2, 1, 3)}
    assert sheet.faults[3, 1] == "#REF!"
    # LibreOffice calculates what it saves; openpyxl leaves that to Excel.
    assert sheet.faults.get((2, 4)) == ("" if extension == "xlsx" else None)


@pytest.mark.parametrize("extension", ["xlsx", "xls", "ods"])
def test_the_raw_file_has_everything_as_it_stands(extension: str) -> None:
    shown, hidden = read_raw((SAMPLES / f"marked.{extension}").read_bytes(), f"marked.{extension}")
    assert (shown.is_hidden, hidden.is_hidden) == (False, True)
    assert [list(cells) for _, cells in hidden.rows] == [["a"]]
    cells = {number: list(row) for number, row in shown.rows}
    assert cells[6][:3] == [1600000000.0, 6899000017.0, "6899000017"]
    assert cells[2][1:3] == ["ФИО", "Тел."]


def test_a_formula_that_gave_nothing_is_no_fault() -> None:
    xml = b'<row r="2"><c r="A2" t="str"><f>IF(1,"","")</f><v></v></c><c r="AB2"><f t="shared" si="0"/><v/></c></row>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<w xmlns:r="r"><x:sheet xmlns:x="s" name="Л" r:id="rId1"/></w>')
        archive.writestr("xl/_rels/workbook.xml.rels", '<R><a Id="rId1" Target="worksheets/s.xml"/></R>')
        archive.writestr("xl/worksheets/s.xml", b"<sheetData>" + xml + b"</sheetData>")
    told = read_marks(out.getvalue())
    assert told is not None
    assert told["Л"].faults == [(2, 28, "")]


def test_links_to_other_files_are_told_and_macros_refused() -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["ИНН"])
    book.save(out)
    data = out.getvalue()
    assert read_book(with_member(data, "xl/externalLinks/externalLink1.xml"), "a.xlsx").has_links
    with pytest.raises(SpreadsheetError) as refused:
        read_book(with_member(data, "xl/vbaProject.bin", b"\xd0\xcf"), "a.xlsx")
    assert refused.value.trouble is Trouble.MACROS
    assert "без макросов" in refused.value.message


@given(st.data())
def test_whatever_the_bytes_marks_never_raise(data: st.DataObject) -> None:
    whole = bytearray((SAMPLES / f"marked.{data.draw(st.sampled_from(['xlsx', 'xls', 'ods']))}").read_bytes())
    for _ in range(data.draw(st.integers(0, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read_marks(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
