"""Finding the head of a table: title rows above, other wordings, unknown and repeated columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets.headings import (
    REMARKS,
    Heading,
    UnknownColumn,
    column_keys,
    find_heading,
    head_key,
    heading_key,
    likely_heading,
)
from sheets.spreadsheets import Merge, SheetRow

SYNONYMS = {
    "number": ("№", "№ п/п"),
    "name": ("Полное наименование ОО", "Наименование организации"),
    "inn": ("ИНН",),
    "contact": ("Ответственный",),
    "email": ("Эл. почта", "E-mail", "Адрес электронной почты"),
}


def rows(*lines: str) -> list[SheetRow]:
    """Rows drawn as «а | б»; an empty line is a blank row, which takes a number and is left out."""
    return [
        SheetRow(number, tuple(cell.strip() for cell in line.split("|")))
        for number, line in enumerate(lines, start=1)
        if line
    ]


def found(*lines: str, required: tuple[str, ...] = ()) -> Heading:
    heading = find_heading(rows(*lines), SYNONYMS, required=required)
    assert heading is not None
    return heading


def test_title_rows_above_the_head_are_skipped() -> None:
    heading = found(
        "Перечень организаций",
        "ИНН указывается по выписке из ЕГРЮЛ",
        "",
        "№ п/п | Полное наименование ОО | ИНН | Ответственный (ФИО) | Эл. почта",
        "1 | Школа № 1 | 6899000011 | Иванова | a@example.test",
    )
    assert heading.row_number == 4
    assert heading.columns == {"number": 0, "name": 1, "inn": 2, "contact": 3, "email": 4}
    assert (heading.unknown, heading.missing, heading.repeated) == ((), (), ())


@pytest.mark.parametrize(
    "title",
    [
        "ПОЛНОЕ НАИМЕНОВАНИЕ ОО",
        " полное  наименование-оо: ",
        "Полное наименованиe OO",  # Latin e and OO
        "Наименование организации (по уставу)",
        "Наименование организации [полностью]",
    ],
)
def test_wordings_of_one_title(title: str) -> None:
    assert found(f"{title} | ИНН").columns == {"name": 0, "inn": 1}


def test_yo_is_no_difference_and_latin_titles_fit() -> None:
    assert heading_key("Учёный") == heading_key("УЧЕНЫЙ")
    assert found("e-mail | Инн").columns == {"email": 0, "inn": 1}


def test_whole_title_goes_before_one_with_brackets() -> None:
    heading = found("Ответственный (телефон) | Ответственный | ИНН")
    assert heading.columns["contact"] == 1
    assert heading.repeated == (UnknownColumn(0, "Ответственный (телефон)"),)


def test_missing_unknown_and_repeated_columns_are_named() -> None:
    heading = found("ИНН | Эл. почта | Примечание | E-mail | ", required=("name", "inn"))
    assert heading.missing == ("name",)
    assert heading.unknown == (UnknownColumn(2, "Примечание"),)
    assert heading.unknown[0].letter == "C"
    assert heading.repeated == (UnknownColumn(3, "E-mail"),)


def test_cells_and_letters_by_field() -> None:
    heading = found("Примечание | ИНН | Эл. почта")
    row = SheetRow(2, ("x", "6899000011"))
    assert heading.cell(row, "inn") == "6899000011"
    assert heading.cell(row, "email") == ""
    assert heading.cell(row, "name") == ""
    assert (heading.letter("inn"), heading.letter("name")) == ("B", "")


def test_data_rows_leave_out_column_numbers_and_repeated_heads() -> None:
    table = rows(
        "Перечень",
        "№ | Наименование организации | ИНН",
        "1 | 2 | 3",
        "1 | Школа № 1 | 6899000011",
        "№ | Наименование организации | ИНН",
        "1 | 2 | 3",
        "2 | ИНН | 6899000029",
    )
    heading = find_heading(table, SYNONYMS)
    assert heading is not None
    # Column numbers count as such right under the head alone: later «1 2 3» could be somebody's data.
    assert [row.number for row in heading.data_rows(table)] == [4, 6, 7]


@pytest.mark.parametrize("lines", [("Просто текст",), ("ИНН", "6899000011"), ()])
def test_table_without_a_head(lines: tuple[str, ...]) -> None:
    assert find_heading(rows(*lines), SYNONYMS) is None


def test_single_field_is_enough_where_only_one_is_asked() -> None:
    heading = find_heading(rows("Список", "ИНН"), {"inn": ("ИНН",)})
    assert heading is not None
    assert heading.row_number == 2


TITLES = st.sampled_from([title for wordings in SYNONYMS.values() for title in wordings])


@given(st.lists(st.lists(TITLES | st.text(max_size=10), max_size=6), max_size=8))
def test_every_titled_column_is_claimed_unknown_or_repeated(table: list[list[str]]) -> None:
    sheet = [SheetRow(number, tuple(cells)) for number, cells in enumerate(table, start=1)]
    heading = find_heading(sheet, SYNONYMS, required=tuple(SYNONYMS))
    if heading is None:
        return
    head = heading.titles
    left = [column.index for column in (*heading.unknown, *heading.repeated)]
    assert sorted([*heading.columns.values(), *left]) == sorted(index for index, title in enumerate(head) if title)
    assert set(heading.missing) == set(SYNONYMS) - set(heading.columns)
    assert all(row.number > heading.row_number for row in heading.data_rows(sheet))


TALL = (
    "Школа | | Ответственный | | Директор |",
    "ИНН | Наименование организации | ФИО | Тел. | ФИО | Тел.",
    "6899000011 | Школа № 1 | Иванова | 1 | Петрова | 2",
)
TALL_SYNONYMS = {**SYNONYMS, "contact": ("Ответственный (ФИО)", "ФИО"), "phone": ("Тел.", "Телефон")}


@pytest.mark.parametrize(
    "merges",
    [(), (Merge(1, 1, 1, 2), Merge(1, 3, 1, 4), Merge(1, 5, 1, 6))],
    ids=["as .csv has it", "with merged cells"],
)
def test_a_head_over_two_rows_gives_each_column_both_its_titles(merges: tuple[Merge, ...]) -> None:
    heading = find_heading(rows(*TALL), TALL_SYNONYMS, merges=merges)
    assert heading is not None
    assert heading.columns == {"inn": 0, "name": 1, "contact": 2, "phone": 3}
    # The phone of the headmaster is not that of the responsible deputy.
    assert [column.title for column in heading.unknown] == ["Директор / ФИО", "Директор / Тел."]
    assert (heading.top_row, heading.row_number) == (1, 2)
    assert [row.number for row in heading.data_rows(rows(*TALL, TALL[0], TALL[1], "1 | Школа № 2 | | 3 | |"))] == [3, 6]


def test_titles_merged_downwards_make_two_rows_one_head() -> None:
    lines = ("ИНН | Наименование организации | Ответственный", " | | ФИО", "6899000011 | Школа № 1 | Иванова")
    merges = (Merge(1, 1, 2, 1), Merge(1, 2, 2, 2), Merge(1, 3, 1, 4))
    heading = find_heading([SheetRow(row.number, (*row.cells, "")) for row in rows(*lines)], SYNONYMS, merges=merges)
    assert heading is not None
    assert heading.row_number == 1  # one column under «Ответственный» is no group
    wide = [SheetRow(row.number, (*row.cells, "Тел." if row.number == 2 else "")) for row in rows(*lines)]
    heading = find_heading(wide, SYNONYMS, merges=merges)
    assert heading is not None
    assert (heading.row_number, heading.columns["contact"]) == (1, 2)


def test_a_head_that_was_explained_is_read_as_it_was_whatever_its_words_and_their_order() -> None:
    table = rows("Список за год", "Код | Кто | Кто | ", "6899000011 | Школа № 1 | Иванова | x")
    titles = ("Код", "Кто", "Кто", "")
    assert column_keys(titles) == ("код", "кто", "кто#2", "@3")
    known = {head_key(titles): {"код": "inn", "кто": "name", "кто#2": "", "@3": "email", "нет": "contact"}}
    heading = find_heading(table, SYNONYMS, required=("inn", "contact"), remembered=known)
    assert heading is not None
    assert heading.is_remembered
    assert heading.columns == {"inn": 0, "name": 1, "email": 3}
    assert heading.missing == ("contact",)
    assert not heading.unknown
    assert head_key(("Кто", "КОД:", "Кто", REMARKS)) == head_key(titles)
    assert find_heading(table, SYNONYMS) is None
    likely = likely_heading(table)
    assert likely is not None
    assert (likely.row_number, [column.letter for column in likely.unknown]) == (2, ["A", "B", "C"])
