"""Tables with their cells one under another, as text extractors write them."""

from hypothesis import given
from hypothesis import strategies as st

from sheets.pasted import read_pasted

HEAD = "\t№\n\tДело\n\tСрок\n\n"


def rows(text: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read_pasted(text)]


def test_cells_under_one_another_are_rows() -> None:
    text = f"План\n\n{HEAD}\t1\n\tОтчёт\n\tмай\n\n\t2\n\t\n\tиюнь\n\n\nПодпись"
    assert rows(text) == [("План",), ("№", "Дело", "Срок"), ("1", "Отчёт", "май"), ("2", "", "июнь"), ("Подпись",)]
    assert [(row.line, row.table) for row in read_pasted(text)] == [(1, 0), (3, 1), (7, 1), (11, 1), (16, 0)]


def test_blank_lines_inside_a_cell_do_not_end_the_row() -> None:
    text = f"{HEAD}\t1\n\tОтчёт\n\nсводный\n\n\tмай\n\n\t2\n\tПлан\n\tиюнь"
    assert rows(text)[1:] == [("1", "Отчёт сводный", "май"), ("2", "План", "июнь")]


def test_a_merged_row_is_filled_up_with_empty_cells() -> None:
    text = f"{HEAD}\tI. Раздел\n\n\t1\n\tОтчёт\n\tмай"
    assert rows(text)[1:] == [("I. Раздел", "", ""), ("1", "Отчёт", "май")]


def test_rows_of_one_line_each_are_left_as_they_are() -> None:
    text = "№\tДело\tСрок\n\tодно\n\tдва\n\tтри"
    assert rows(text) == [("№", "Дело", "Срок"), ("", "одно"), ("", "два"), ("", "три")]


@given(st.lists(st.sampled_from(["\tа", "\t", "", "абзац", " ", "\tб\n\tв\n\tг"]), max_size=20).map("\n".join))
def test_every_word_is_kept_in_order(text: str) -> None:
    assert "".join(row.text for row in read_pasted(text)).replace(" ", "") == "".join(text.split())
