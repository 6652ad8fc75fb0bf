"""A list as people really send it comes in whole from every format, and a hostile file is answered in words."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from accounts.models import Organization, Region
from schools.imports import ImportOutcome
from schools.imports.habits import Habits
from schools.imports.reading import SchoolList, read_list
from tests.schools.conftest import Import
from tests.schools.lists import book, inn, ogrn, school
from tests.schools.lists import listed as listed_rows
from tests.schools.wild import LOST_ZERO, SAMPLES, delimited, workbook

Read = Callable[[bytes, str], SchoolList]


@pytest.fixture
def read(region: Region, bondarsky: Organization, morshansky: Organization) -> Read:
    """Read a file of Tambov region."""

    def _read(data: bytes, name: str) -> SchoolList:
        return read_list(data, name, habits=Habits.of(region))

    return _read


def looked_at(bring_in: Import, listed: SchoolList) -> ImportOutcome:
    return bring_in(listed, repair=True, dry_run=True)


@pytest.mark.parametrize("extension", ["xlsx", "xls", "ods"])
def test_a_wild_workbook_comes_in(read: Read, bring_in: Import, extension: str) -> None:
    data = workbook() if extension == "xlsx" else (SAMPLES / f"wild.{extension}").read_bytes()
    listed = read(data, f"Список.{extension}")
    assert [(row.sheet, row.number) for row in listed.rows] == [
        ("Бондарский", 6),
        ("Бондарский", 7),
        ("Бондарский", 8),
        ("Моршанский р-н", 2),
    ]
    assert listed.remarks == (
        "Лист «Бондарский»: не читаем столбцы «Директор / ФИО» (H), «Директор / Тел.» (I).",
        "Лист «Бондарский»: прочитаны и скрытые строки (7). Если они лишние, удалите их и загрузите файл снова.",
        "Скрытый лист «Черновик» не читаем. Если на нём есть строки списка, откройте лист и загрузите файл снова.",
    )
    outcome = bring_in(listed, repair=True)
    assert [str(problem) for problem in outcome.problems] == []
    assert {(one.was, one.becomes) for one in outcome.repairs} == {
        (LOST_ZERO, f"0{LOST_ZERO}"),
        ("МБОУ «Ясеневская CОШ»", "МБОУ «Ясеневская СОШ»"),
    }
    schools = {one.inn: one for one in Organization.objects.schools().select_related("parent", "school_profile")}
    assert set(schools) == {inn(1), inn(2), f"0{LOST_ZERO}", inn(11)}
    first, last = schools[inn(1)], schools[inn(11)]
    assert (first.name, first.ogrn, str(first.parent)) == ("МБОУ «Дубровская СОШ»", ogrn(1), "Бондарский")
    assert (first.school_profile.contact_name, first.school_profile.contact_phone) == (
        "Петрова Анна",
        "+7 (475) 000-00-01",
    )
    assert schools[inn(2)].ogrn == ogrn(2)
    assert (last.name, str(last.parent)) == ("МБОУ «Моршанская СОШ»", "Моршанский")
    again = bring_in(listed, repair=True)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 4)


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "cp1251"), ("\t", "utf-8-sig"), (",", "utf-8")],
)
def test_a_wild_text_comes_in(read: Read, bring_in: Import, delimiter: str, encoding: str) -> None:
    listed = read(delimited(delimiter, encoding), "Бондарский.csv")
    outcome = bring_in(listed, repair=True)
    assert [str(problem) for problem in outcome.problems] == []
    assert set(Organization.objects.schools().values_list("inn", flat=True)) == {inn(1), inn(2), f"0{LOST_ZERO}"}


def test_a_cell_merged_over_its_schools_holds_for_each(read: Read, bring_in: Import) -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.append(["Район", "Название", "ИНН", "Уровень"])
    for number in range(1, 4):
        sheet.append(["Бондарский" if number == 1 else None, f"Школа № {number}", inn(number), 40])
    sheet.merge_cells("A2:A4")
    out = io.BytesIO()
    made.save(out)
    assert looked_at(bring_in, read(out.getvalue(), "a.xlsx")).created == 3


def test_a_formula_without_its_value_and_an_error_are_told_at_their_cells(read: Read, bring_in: Import) -> None:
    rows: list[list[object]] = [HEAD, ["Бондарский", "=B9", inn(1), 60]]
    listed = read(
        book({"Школы": [*rows, ["Бондарский", "Школа", inn(2), "=1/0"], ["Бондарский", "Ш", inn(3), 40]]}), "a.xlsx"
    )
    outcome = looked_at(bring_in, listed)
    assert [(problem.row, problem.column) for problem in outcome.problems] == [(2, "B"), (3, "D")]
    assert "откройте" in outcome.problems[0].message.lower()
    assert outcome.good_rows == 1


HEAD: list[object] = ["Муниципалитет", "Название", "ИНН", "Уровень"]


def test_two_hundred_columns_are_refused_in_words(read: Read) -> None:
    listed = read(book({"Школы": [[*HEAD, *(f"Показатель {n}" for n in range(196))]]}), "a.xlsx")
    (problem,) = listed.problems
    assert problem.message.startswith("На листе «Школы» данные доходят до столбца 200, а читаем не более 100 столбцов.")


def test_an_empty_sheet_is_no_obstacle_and_nothing_but_empty_sheets_is_one(read: Read) -> None:
    row = ["Бондарский", "Школа", inn(1), 40]
    assert len(read(book({"Пусто": [], "Школы": [HEAD, row]}), "a.xlsx").rows) == 1
    assert "нет ни одной заполненной строки" in read(book({"Пусто": []}), "a.xlsx").problems[0].message


def test_megabytes_in_every_cell_are_short_messages(bring_in: Import, bondarsky: Organization) -> None:
    long = "Ж1 " * 100_000
    outcome = bring_in(listed_rows(school(1) | dict.fromkeys(school(1), long)), dry_run=True)
    assert len(outcome.problems) == len(school(1))
    assert {problem.message for problem in outcome.problems} == {
        "В ячейке 300\u00a0000\u00a0знаков: столько здесь не бывает. Проверьте, что в неё вписано."
    }


def test_ten_megabytes_of_a_real_file(read: Read, bring_in: Import) -> None:
    data = book({"Школы": [HEAD, ["Бондарский", "x", inn(1), 40]]})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"<t>x</t>", b"<t>" + b"z" * 10 * 1024 * 1024 + b"</t>"))
    (problem,) = looked_at(bring_in, read(out.getvalue(), "a.xlsx")).problems
    assert "столько здесь не бывает" in problem.message


def test_a_program_and_macros_are_refused_in_words(read: Read) -> None:
    macros = io.BytesIO(book({"Школы": [HEAD]}))
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf")
    program, with_macros = (
        read(data, "Школы.xlsx").problems[0].message for data in (b"MZ\x90\x00" + b"\0" * 600, macros.getvalue())
    )
    assert "внутри файла программа" in program
    assert "есть макросы" in with_macros


def test_a_book_that_leans_on_other_books_says_so(read: Read) -> None:
    data = io.BytesIO(book({"Школы": [HEAD, ["Бондарский", "Школа", inn(1), 40]]}))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<x/>")
    listed = read(data.getvalue(), "a.xlsx")
    assert len(listed.rows) == 1
    assert "ссылается на другие файлы" in listed.remarks[0]
