"""Reading text pasted from a table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets.pasted import PastedRow, read_pasted


def cells(text: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read_pasted(text)]


def test_cells_are_parted_by_tabs_and_rows_know_their_lines() -> None:
    assert read_pasted("№\tМероприятие\n\n\n1.1\tОтчёт\t\n") == (
        PastedRow(1, ("№", "Мероприятие")),
        PastedRow(4, ("1.1", "Отчёт", "")),
    )


def test_empty_cells_are_kept_and_empty_rows_left_out() -> None:
    assert cells("\t\t\t\n\tпродолжение\t\t\n \t\u00a0\t\u200b\n") == [("", "продолжение", "", "")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_any_line_end_ends_a_row(end: str) -> None:
    rows = read_pasted(f"1.1\tа{end}1.2\tб{end}{end}1.3\tв")
    assert [(row.line, row.cells[0]) for row in rows] == [(1, "1.1"), (2, "1.2"), (4, "1.3")]


def test_left_over_tags_and_entities_are_taken_out() -> None:
    assert cells(
        "24.\t<p>Центр&nbsp;подготовки</p>\t<p>ПАО &laquo;Пигмент&raquo;<br/>вуз</p>\t<a href='x'>сайт</a>"
    ) == [("24.", "Центр подготовки", "ПАО «Пигмент» вуз", "сайт")]


@pytest.mark.parametrize("text", ["доля < 5 и > 3", "a<b", "<<Россия>>", "&c", "AT&T", "x <5 человек>"])
def test_words_that_only_look_like_tags_stay(text: str) -> None:
    assert cells(text) == [(text,)]


def test_hard_and_doubled_spaces_and_invisible_marks_are_normalised() -> None:
    assert cells("\ufeffДо\u00a030.08. \u2009 2023\u200b г.\tпроф\u00adминимум") == [
        ("До 30.08. 2023 г.", "профминимум")
    ]


def test_a_quoted_cell_of_excel_goes_on_over_several_lines() -> None:
    text = '1.1\t"Проект ""Билет\nв будущее"""\t"Школы\n\nКолледжи"\n1.2\tдальше\t'
    assert read_pasted(text) == (
        PastedRow(1, ("1.1", 'Проект "Билет в будущее"', "Школы Колледжи")),
        PastedRow(5, ("1.2", "дальше", "")),
    )


@pytest.mark.parametrize(
    "line",
    [
        '"Билет в будущее" для всех\tшколы',
        '"Билет"\tшколы',
        '"незакрытая кавычка\tшколы',
        'проект "Билет"\tшколы',
        '"\tшколы',
    ],
)
def test_quotes_of_the_words_themselves_swallow_nothing(line: str) -> None:
    rows = cells(f'{line}\nвторая строка\t"конец')
    assert rows == [tuple(line.split("\t")), ("вторая строка", '"конец')]


def test_a_row_as_running_text() -> None:
    assert read_pasted("\tСводный\t\tплан")[0].text == "Сводный план"


SIGNS = st.sampled_from(
    ["\t", "\n", "\r\n", '"', '""', "а", "Б", " ", "\u00a0", "<p>", "</p>", "<", ">", "&nbsp;", "&", "1.1"]
)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(SIGNS, max_size=40).map("".join)))
def test_any_text_is_read_into_clean_cells_on_lines_of_the_text(text: str) -> None:
    rows = read_pasted(text)
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))
    assert all(1 <= line <= len(text) + 1 for line in lines)
    for row in rows:
        assert any(row.cells)
        for cell in row.cells:
            assert cell == " ".join(cell.split())
            assert "\u00a0" not in cell
            assert "</p>" not in cell


@settings(deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(["", "1.1", "Школы", "До 1 мая", "«Билет»"]), min_size=2, max_size=5), max_size=6)
)
def test_a_plain_table_comes_back_as_it_was(table: list[list[str]]) -> None:
    text = "\n".join("\t".join(row) for row in table)
    assert cells(text) == [tuple(row) for row in table if any(row)]
