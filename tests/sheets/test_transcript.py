"""Documents written down as text: tables between marks, and back to rows with their places."""

from hypothesis import given
from hypothesis import strategies as st

from sheets.pasted import read_pasted
from sheets.text import clean_text
from sheets.transcript import is_transcript, write_table


def test_paragraphs_and_rows_know_where_they_stood() -> None:
    text = "\n".join(["Приказ", "", write_table("таблица 1", [["1", "а"], [], ["2", ""]]), "Подпись"])
    assert is_transcript(text)
    assert [(row.line, row.cells, row.table, row.place) for row in read_pasted(text)] == [
        (1, ("Приказ",), 0, ""),
        (4, ("1", "а"), 1, "таблица 1, строка 1"),
        (6, ("2", ""), 1, "таблица 1, строка 3"),
        (8, ("Подпись",), 0, ""),
    ]


def test_what_a_clipboard_gives_is_no_transcript() -> None:
    assert not is_transcript("[таблица 1]\n1\tа")


NO_MARKUP = str.maketrans("<&[", "(((")
CELLS = st.lists(st.lists(st.text(max_size=8).map(clean_text), min_size=3, max_size=3), max_size=6)


@given(CELLS)
def test_any_table_reads_back(rows: list[list[str]]) -> None:
    plain = [[cell.translate(NO_MARKUP) for cell in row] for row in rows]
    read = [list(row.cells) for row in read_pasted(write_table("лист «План»", plain))]
    assert read == [row for row in plain if any(row)]
