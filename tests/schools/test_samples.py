"""The municipalities and the sample school lists: true to the region, made up where people are named, repeatable."""

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest

from fixtures import make_school_lists
from sheets.cells import looks_like_formula
from sheets.checks import (
    CheckError,
    check_alphabet,
    inn_is_valid,
    parse_email,
    parse_inn,
    parse_level,
    parse_phone,
    parse_yes_no,
    restored_inn,
)
from sheets.headings import find_heading
from sheets.spreadsheets import Sheet, read_spreadsheet_file

FIXTURES = Path(make_school_lists.__file__).parent
FIELDS = list(make_school_lists.School.__dataclass_fields__)
SYNONYMS = {
    field: (title, *(other for other, name in make_school_lists.SECOND_SHEET_ORDER if name == field))
    for field, title in zip(FIELDS, make_school_lists.HEAD, strict=True)
}
Row = dict[str, str]


def table(sheet: Sheet) -> list[Row]:
    heading = find_heading(sheet.rows, SYNONYMS)
    assert heading is not None
    return [{field: heading.cell(row, field) for field in FIELDS} for row in heading.data_rows(sheet.rows)]


@pytest.fixture(scope="module")
def municipalities() -> list[Row]:
    found: list[Row] = json.loads((FIXTURES / "municipalities.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def schools() -> list[Row]:
    (sheet,) = read_spreadsheet_file(FIXTURES / make_school_lists.SAMPLE)
    return table(sheet)


def test_thirty_municipalities(municipalities: list[Row]) -> None:
    assert Counter(municipality["kind"] for municipality in municipalities) == {
        "municipal_okrug": 23,
        "city_okrug": 7,
    }
    for key in ("code", "name", "short_name", "genitive", "authority"):
        assert len({municipality[key] for municipality in municipalities}) == 30, key
    for municipality in municipalities:
        assert re.fullmatch("[a-z]+", municipality["code"])
        assert municipality["authority"].endswith(f"администрации {municipality['genitive']}")
        for key in ("name", "short_name", "genitive", "authority"):
            check_alphabet(municipality[key])
            # A no-break space here would keep the name from being found.
            assert "\u00a0" not in municipality[key]


def test_sample_spreads_500_schools_over_the_region(schools: list[Row], municipalities: list[Row]) -> None:
    assert [school["number"] for school in schools] == [str(number) for number in range(1, 501)]
    counts = Counter(school["municipality"] for school in schools)
    assert set(counts) == {municipality["short_name"] for municipality in municipalities} | {"Региональное подчинение"}
    assert counts["г. Тамбов"] == 60
    assert counts["Региональное подчинение"] == 12
    assert min(counts.values()) >= 6


def test_sample_has_no_fault(schools: list[Row]) -> None:
    for school in schools:
        assert parse_inn(school["inn"]) == school["inn"]
        assert parse_email(school["email"]) == school["email"]
        assert parse_phone(school["phone"]) == school["phone"]
        parse_level(school["level"])
        parse_yes_no(school["takes_part"])
        assert all(school.values())
        for field in ("name", "short_name", "contact", "post", "level"):
            check_alphabet(school[field])
            assert not looks_like_formula(school[field])
    for field in ("name", "short_name", "inn", "email", "phone", "site"):
        assert len({school[field] for school in schools}) == 500, field


def test_sample_points_to_nobody_real(schools: list[Row]) -> None:
    for school in schools:
        assert school["inn"].startswith("6899")
        assert school["email"].endswith("@example.test")
        assert school["phone"].startswith("+7 (475) 000-")
        assert (urlsplit(school["site"]).hostname or "").endswith(".example.test")


def test_sample_has_all_levels_and_both_answers(schools: list[Row]) -> None:
    levels = Counter(parse_level(school["level"]) for school in schools)
    assert set(levels) == {40, 60, 80}
    assert levels[60] > levels[40] > levels[80] > 50
    assert 100 < sum(parse_yes_no(school["takes_part"]) for school in schools) < 450


def problem(field: str, row: Row, seen: set[str], known: set[str]) -> str:
    """The field's fault as the checks see it; empty where they see none."""
    value = row[field]
    try:
        match field:
            case "inn":
                if parse_inn(value) in seen:
                    return "repeated"
            case "municipality":
                return "" if value in known else "unknown"
            case "name":
                check_alphabet(value)
                return "name" if not value or looks_like_formula(value) or len(value) > 500 else ""
            case "level":
                parse_level(value)
            case "takes_part":
                parse_yes_no(value)
            case "email":
                parse_email(value)
            case "phone":
                parse_phone(value)
            case "site":
                return "" if urlsplit(value).scheme == "https" or not value else "site"
    except CheckError as error:
        return str(error)
    return ""


def test_faulty_list_has_just_the_faults_it_names(municipalities: list[Row]) -> None:
    sheets = read_spreadsheet_file(FIXTURES / make_school_lists.FAULTY)
    assert [sheet.name for sheet in sheets] == ["Муниципальные ОО", "Областные и прочие"]
    known = {municipality["short_name"] for municipality in municipalities} | {make_school_lists.REGIONAL}
    seen: set[str] = set()
    for sheet, faults in zip(sheets, make_school_lists.make_faulty(), strict=True):
        heading = find_heading(sheet.rows, SYNONYMS)
        assert heading is not None
        assert [column.title for column in heading.unknown] == ["Примечание"]
        rows = table(sheet)
        assert len(rows) == len(faults)
        for row, fault in zip(rows, faults, strict=True):
            wrong = {field for field in heading.columns if problem(field, row, seen, known)}
            assert wrong == ({fault.field} if fault.field else set()), fault.remark
            seen.add(row["inn"])


def test_faulty_list_has_a_repairable_number_and_faults_in_every_kind_of_field() -> None:
    first, second = make_school_lists.make_faulty()
    assert {fault.field for fault in first + second} == {
        "",
        "inn",
        "municipality",
        "name",
        "level",
        "takes_part",
        "email",
        "phone",
        "site",
    }
    lost = [fault for fault in first if fault.school.inn and restored_inn(str(fault.school.inn))]
    assert [fault.remark for fault in lost] == ["ИНН введён числом и потерял ноль в начале"]
    assert not inn_is_valid(str(lost[0].school.inn))


def test_formula_like_name_is_kept_as_text() -> None:
    book = openpyxl.load_workbook(FIXTURES / make_school_lists.FAULTY)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_lists_open_with_a_frozen_head_and_filters() -> None:
    for name in (make_school_lists.SAMPLE, make_school_lists.FAULTY):
        for sheet in openpyxl.load_workbook(FIXTURES / name).worksheets:
            assert sheet.freeze_panes == "A7"
            assert sheet.auto_filter.ref is not None
            assert sheet.print_title_rows == "$5:$6"


def test_generator_repeats_itself_and_the_committed_lists_are_its_work(tmp_path: Path) -> None:
    for folder in (tmp_path / "once", tmp_path / "again"):
        folder.mkdir()
        make_school_lists.write(folder)
    for name in (make_school_lists.SAMPLE, make_school_lists.FAULTY):
        once = (tmp_path / "once" / name).read_bytes()
        assert once == (tmp_path / "again" / name).read_bytes()
        # Cells, not bytes: another build of zlib may pack the same workbook differently.
        assert read_spreadsheet_file(tmp_path / "once" / name) == read_spreadsheet_file(FIXTURES / name)
