"""From sheets to the rows of a list, each with its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.imports.columns import COLUMNS, SCHOOLS
from schools.imports.reading import SchoolList, from_sheets, read_list, read_list_file
from sheets.headings import heading_key
from sheets.spreadsheets import Sheet, SheetRow
from sheets.text import clean_text
from tests.schools.lists import book, school, workbook

HEAD = ("Муниципалитет", "Наименование", "ИНН", "Уровень")


def sheet(name: str, *rows: tuple[str, ...]) -> Sheet:
    return Sheet(name, tuple(SheetRow(number, row) for number, row in enumerate(rows, start=1)))


def messages(read: SchoolList) -> list[str]:
    return [str(problem) for problem in read.problems]


def test_no_title_belongs_to_two_columns() -> None:
    keys = [heading_key(title) for titles in SCHOOLS.synonyms.values() for title in titles]
    repeated = {key for key in keys if keys.count(key) > 1}
    # «E-mail» and «Email», «Ё» and «е» are one title in two spellings, within one column.
    for key in repeated:
        assert len({name for name, titles in SCHOOLS.synonyms.items() if key in map(heading_key, titles)}) == 1


def test_rows_keep_their_places_whatever_stands_above_and_below() -> None:
    read = from_sheets(
        (
            sheet(
                "Школы",
                ("Перечень школ", "", "", ""),
                ("№ п/п", *HEAD),
                ("1", "2", "3", "4", "5"),
                ("1", "Бондарский", "Школа", "6899000017", "60"),
                ("2", "", "", "", ""),
                ("Итого", "1 школа", "", "", ""),
            ),
        )
    )
    (row,) = read.rows
    assert (row.sheet, row.number, row.cells["municipality"], row.cells["site"]) == ("Школы", 4, "Бондарский", None)
    assert row.problem("inn", "Ошибка").place == "лист «Школы», строка 4, столбец D"
    assert not read.problems
    assert not read.remarks


def test_sheets_without_a_head_are_named_and_passed_over() -> None:
    read = from_sheets((sheet("Пояснения", ("Заполнять до 1 сентября",)), sheet("Школы", HEAD, ("Бондарский",) * 4)))
    assert len(read.rows) == 1
    assert read.remarks == ("Лист «Пояснения» пропущен: на нём нет таблицы школ.",)


def test_columns_that_are_not_read_are_named() -> None:
    read = from_sheets((sheet("Школы", (*HEAD, "ИНН", "Заметки"), ("А", "Б", "В", "Г", "Д", "Е")),))
    assert read.remarks == ("Лист «Школы»: не читаем столбцы «ИНН» (E), «Заметки» (F).",)


def test_a_book_without_any_head_is_refused() -> None:
    read = from_sheets((sheet("Лист1", ("Яблоки", "Груши"), ("1", "2")),))
    assert not read.is_readable
    assert "Не нашли строку заголовков" in messages(read)[0]


def test_missing_columns_are_all_named_at_their_sheet() -> None:
    read = from_sheets((sheet("Школы", ("Название школы", "Телефон"), ("Школа", "1")),))
    told = [
        f"лист «Школы», строка 1: Нет столбца «{title}». Добавьте его или назовите так имеющийся."
        for title in ("Муниципалитет", "ИНН", "Уровень")
    ]
    assert [message[: len(start)] for message, start in zip(messages(read), told, strict=True)] == told
    assert "можно назвать его именем лист" in messages(read)[0]
    assert {problem.column for problem in read.problems} == {None}


def test_a_head_with_nothing_below_is_refused() -> None:
    assert messages(from_sheets((sheet("Школы", HEAD),))) == ["Под строкой заголовков нет ни одной школы."]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "schools.xlsx", "Файл пустой"),
        (b"%PDF-1.7\n", "schools.xlsx", "Это не таблица"),
        (b"%PDF-1.7\n", "schools.pdf", "не принимаем"),
        (b"PK\x03\x04 broken", "schools.xlsx", "повреждён"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_a_problem_and_no_exception(data: bytes, name: str, words: str) -> None:
    read = read_list(data, name)
    assert not read.is_readable
    (problem,) = read.problems
    assert words in problem.message
    assert (problem.sheet, problem.row, problem.column) == (None, None, None)


def test_a_missing_file_is_a_problem_like_any_other(tmp_path: Path) -> None:
    assert "не удалось открыть" in read_list_file(tmp_path / "nowhere.xlsx").problems[0].message


def test_numbers_in_cells_come_as_people_see_them() -> None:
    read = read_list(workbook(school(1)), "schools.xlsx")
    assert read.rows[0].cells["inn"] == school(1)["inn"]
    data = book({"Школы": [list(HEAD), ["Бондарский", "Школа № 1", int(school(1)["inn"]), 60]]})
    numbers = read_list(data, "schools.xlsx").rows[0].cells
    assert (numbers["inn"], numbers["level"]) == (school(1)["inn"], "60")


CELLS = st.text(max_size=40).map(clean_text)
TITLES = st.sampled_from([column.title for column in COLUMNS])


@given(st.lists(st.lists(st.one_of(CELLS, TITLES), min_size=3, max_size=6).map(tuple), max_size=6))
def test_reading_never_raises_and_always_says_something(rows: list[tuple[str, ...]]) -> None:
    read = from_sheets((Sheet("Лист", tuple(SheetRow(n, row) for n, row in enumerate(rows, start=1) if any(row))),))
    assert read.rows or read.problems
    assert all(problem.message for problem in read.problems)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.pdf", "a"]))
def test_any_bytes_are_rows_or_a_problem(data: bytes, name: str) -> None:
    read = read_list(data, name)
    assert read.rows or read.problems
