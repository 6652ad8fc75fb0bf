"""A list comes in: what is created, changed, left; what is refused; what newcomers owe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization, OrganizationTrait, Region, Trait, User
from obligations.models import Obligation, Requirement, RequirementBody, ReviewStep
from schools.apps import add_missing_levels
from schools.imports import ImportOutcome, import_school_list
from schools.imports.columns import COLUMNS
from schools.imports.places import REGIONAL
from schools.imports.plan import FieldChange
from schools.imports.reading import SchoolList
from schools.models import ImportRevision, Level, Norm, SchoolImport, SchoolProfile, SchoolYear
from sheets.text import clean_text
from tests import factories
from tests.schools.conftest import Import
from tests.schools.lists import book, inn, listed, school, workbook

pytestmark = pytest.mark.usefixtures("bondarsky", "morshansky")


@dataclass(frozen=True)
class Snapshot:
    """Every row of every table, and where the database's counters stand."""

    tables: dict[str, list[Any]]
    counters: list[Any]


def snapshot() -> Snapshot:
    with connection.cursor() as cursor:
        tables = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            tables[name] = sorted(cursor.fetchall(), key=repr)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1")
        return Snapshot(tables, cursor.fetchall())


def counts(outcome: ImportOutcome) -> tuple[int, int, int]:
    return outcome.created, outcome.changed, outcome.unchanged


def complaints(outcome: ImportOutcome) -> list[str]:
    return [str(problem) for problem in outcome.problems]


def test_a_new_school_comes_with_all_that_the_list_says(
    bring_in: Import, bondarsky: Organization, region: Region, zoya: User, now: datetime
) -> None:
    outcome = bring_in(listed(school(1), school(2, ticket="нет", level="80")), by=zoya)
    assert counts(outcome) == (2, 0, 0)
    first, second = Organization.objects.schools().order_by("inn")
    assert (first.parent, first.name, first.short_name, first.inn, first.site) == (
        bondarsky,
        "Муниципальное бюджетное учреждение «Школа № 1»",
        "Школа № 1",
        inn(1),
        "https://school1.example.test",
    )
    profile = first.school_profile
    assert (profile.contact_name, profile.contact_post) == ("Петрова Анна 1", "Заместитель директора")
    assert (profile.contact_email, profile.contact_phone) == ("school1@example.test", "+7 (475) 000-00-01")
    assert [(year.academic_year, year.level.hours) for year in first.school_years.all() if year.level] == [(2023, 60)]
    assert [(year.academic_year, year.level.hours) for year in second.school_years.all() if year.level] == [(2023, 80)]
    assert list(OrganizationTrait.objects.values_list("organization", "academic_year", "trait")) == [
        (first.pk, 2023, Trait.TICKET_TO_FUTURE)
    ]
    record = SchoolImport.objects.get()
    assert record == outcome.record
    assert (record.region, record.academic_year, record.by, record.at) == (region, 2023, zoya, now)
    assert (record.created, record.changed, record.unchanged, record.filename) == (2, 0, 0, "schools.xlsx")


def test_the_same_list_again_changes_nothing_but_is_recorded(bring_in: Import) -> None:
    rows = listed(school(1), school(2))
    bring_in(rows)
    before = snapshot()
    outcome = bring_in(rows)
    assert counts(outcome) == (0, 0, 2)
    after = snapshot()
    changed = {name for name in after.tables if after.tables[name] != before.tables[name]}
    assert changed == {SchoolImport._meta.db_table, ImportRevision._meta.db_table}


def test_a_known_school_changes_where_the_list_says_otherwise(
    bring_in: Import, morshansky: Organization, region: Region
) -> None:
    bring_in(listed(school(1), school(2)))
    moved = school(
        1,
        municipality="Моршанский район",
        level="Базовый",
        ticket="нет",
        contact_name="Новикова Мария",
        name="Лицей № 1",
    )
    outcome = bring_in(listed(moved, school(2)))
    assert counts(outcome) == (0, 1, 1)
    assert outcome.to_change[0].changes == (
        FieldChange("Муниципалитет", "Бондарский", "Моршанский"),
        FieldChange("Полное наименование ОО", "Муниципальное бюджетное учреждение «Школа № 1»", "Лицей № 1"),
        FieldChange("Уровень", "Основной (60\u00a0ч)", "Базовый (40\u00a0ч)"),
        FieldChange("Участник «Билет в будущее»", "да", "нет"),
        FieldChange("Ответственный (ФИО)", "Петрова Анна 1", "Новикова Мария"),
    )
    first = Organization.objects.get(inn=inn(1))
    assert (first.parent, first.name, first.region) == (morshansky, "Лицей № 1", region)
    assert "новикова" in first.school_profile.search_text
    assert "лицей" in first.school_profile.search_text
    level = SchoolYear.objects.get(organization=first).level
    assert level is not None
    assert level.hours == 40
    assert not first.traits.exists()


def test_what_only_people_have_written_survives_an_import(bring_in: Import) -> None:
    bring_in(listed(school(1)))
    Organization.objects.filter(inn=inn(1)).update(code="shown", email="office@example.test", phone="+7 1")
    bring_in(listed(school(1, name="Лицей № 1")))
    first = Organization.objects.get(inn=inn(1))
    assert (first.name, first.code, first.email, first.phone) == ("Лицей № 1", "shown", "office@example.test", "+7 1")


def test_an_empty_cell_and_a_missing_column_leave_what_is_known(bring_in: Import) -> None:
    bring_in(listed(school(1)))
    empty = school(1, contact_name="", contact_phone="", ticket="", short_name="", site="")
    assert counts(bring_in(listed(empty))) == (0, 0, 1)
    short = {name: school(1)[name] for name in ("municipality", "name", "inn", "level")}
    assert counts(bring_in(listed(short))) == (0, 0, 1)
    assert SchoolProfile.objects.get().contact_name == "Петрова Анна 1"


def test_another_academic_year_has_levels_and_traits_of_its_own(bring_in: Import) -> None:
    bring_in(listed(school(1)))
    outcome = bring_in(listed(school(1, level="80", ticket="нет")), academic_year=2024)
    assert counts(outcome) == (0, 1, 0)
    levels = SchoolYear.objects.order_by("academic_year").values_list("academic_year", "level__hours")
    assert list(levels) == [(2023, 60), (2024, 80)]
    assert list(OrganizationTrait.objects.values_list("academic_year", flat=True)) == [2023]


def test_schools_on_the_regional_budget_answer_to_the_ministry(bring_in: Import, ministry: Organization) -> None:
    bring_in(listed(school(1, municipality=REGIONAL)))
    first = Organization.objects.schools().get()
    assert first.parent == ministry
    assert first.is_on_regional_budget


def test_a_school_without_a_short_name_goes_by_its_full_one(bring_in: Import) -> None:
    long = "Школа имени выдающегося педагога " * 9
    bring_in(listed(school(1, short_name=""), school(2, short_name="", name=long.strip())))
    first, second = Organization.objects.schools().order_by("inn")
    assert first.short_name == first.name
    assert len(second.short_name) == 200
    assert second.short_name.endswith("…")


def test_a_closed_school_that_stands_in_a_list_is_open_again(bring_in: Import) -> None:
    bring_in(listed(school(1)))
    Organization.objects.schools().update(is_active=False)
    outcome = bring_in(listed(school(1)))
    assert outcome.to_change[0].changes == (FieldChange("Действует", "нет", "да"),)
    school_now = Organization.objects.schools().get()
    assert school_now.is_active
    change = school_now.status_changes.get()
    assert (change.is_open, change.reason) == (True, "Загружен список школ «schools.xlsx».")


def test_a_school_made_by_hand_gets_the_profile_it_lacked(bring_in: Import, bondarskaya: Organization) -> None:
    Organization.objects.filter(pk=bondarskaya.pk).update(inn=inn(1), name="Школа", short_name="Школа")
    row = {"municipality": "Бондарский", "name": "Школа", "inn": inn(1), "level": "40"}
    SchoolYear.objects.create(organization=bondarskaya, academic_year=2023, level=Level.objects.get(hours=40))
    assert counts(bring_in(listed(row))) == (0, 0, 1)
    assert SchoolProfile.objects.get().search_text == f" школа школа {inn(1)} "


def test_schools_of_another_region_with_the_same_number_are_left_alone(
    bring_in: Import, stranger_ministry: Organization
) -> None:
    other = factories.SchoolFactory(parent=stranger_ministry, inn=inn(1), name="Школа Липецкая")
    assert counts(bring_in(listed(school(1)))) == (1, 0, 0)
    other.refresh_from_db()
    assert other.name == "Школа Липецкая"


def test_all_errors_come_at_once_each_with_its_place(bring_in: Import, operator: Organization) -> None:
    Organization.objects.filter(pk=operator.pk).update(inn=inn(7))
    before = snapshot()
    outcome = bring_in(
        listed(
            school(1),
            school(2, inn=inn(1)),
            school(3, inn=inn(7)),
            school(4, municipality="Заречье", level="50", contact_email="нет"),
            school(5, name="=1+1", contact_phone="2-11-11"),
        )
    )
    assert complaints(outcome) == [
        f"лист «Школы», строка 3, столбец D: ИНН {inn(1)} уже указан: лист «Школы», строка 2. Оставьте одну строку.",
        (
            f"лист «Школы», строка 4, столбец D: ИНН {inn(7)} принадлежит организации "
            "«ИПК работников образования», а она не школа."
        ),
        (
            "лист «Школы», строка 5, столбец A: Муниципалитета «Заречье» нет в регионе. "
            "Сверьте название со справочником портала."
        ),
        (
            "лист «Школы», строка 5, столбец E: Неизвестный уровень «50». "
            "Возможны: базовый (40 ч); основной (60 ч); продвинутый (80 ч)."
        ),
        "лист «Школы», строка 5, столбец I: В адресе электронной почты «нет» нет знака @.",
        "лист «Школы», строка 6, столбец B: Наименование: текст похож на формулу («=1+1»). Впишите обычный текст.",
        "лист «Школы», строка 6, столбец J: В номере телефона «2-11-11» нет кода города: нужен вид +7 (475) 000-00-00.",
    ]
    assert counts(outcome) == (0, 0, 0)
    assert len(outcome.to_create) == 1
    assert outcome.record is None
    assert snapshot() == before


def test_a_list_with_an_unreadable_sheet_is_refused_whole(bring_in: Import, region: Region, now: datetime) -> None:
    head = [column.title for column in COLUMNS]
    row = [school(1)[column.field] for column in COLUMNS]
    data = book({"Школы": [head, row], "Ещё": [["Название", "Телефон"], ["Школа", "1"]]})
    outcome = import_school_list(region=region, data=data, filename="a.xlsx", academic_year=2023, by=None, now=now)
    assert [(problem.sheet, problem.row) for problem in outcome.problems] == [("Ещё", 1)] * 3
    assert not Organization.objects.schools().exists()


def test_a_preview_writes_nothing_at_all_and_counts_the_same(bring_in: Import) -> None:
    bring_in(listed(school(1), school(2)))
    rows = listed(school(1), school(2, name="Лицей", ticket="нет", level="80"), school(3))
    before = snapshot()
    with CaptureQueriesContext(connection) as queries:
        preview = bring_in(rows, dry_run=True)
    assert snapshot() == before
    written = [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert not written
    outcome = bring_in(rows)
    assert counts(preview) == counts(outcome) == (1, 1, 1)
    assert [one.changes for one in preview.to_change] == [one.changes for one in outcome.to_change]


@pytest.mark.parametrize("dry_run", [True, False])
def test_thirty_schools_take_as_many_queries_as_three(bring_in: Import, dry_run: bool) -> None:
    def queries(*rows: dict[str, str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert not bring_in(listed(*rows), dry_run=dry_run).is_refused
        return len(captured)

    def change(number: int) -> dict[str, str]:
        return school(number, name=f"Лицей № {number}", level="80", ticket="нет", contact_name="Иванова Ольга")

    bring_in(listed(*(school(number) for number in range(100, 133))))
    few, many = range(3), range(50, 80)
    assert queries(*map(school, few)) == queries(*map(school, many))
    changed = queries(*(change(number) for number in range(100, 103)))
    assert changed == queries(*(change(number) for number in range(103, 133)))


class TestObligations:
    """What schools owe follows the registry."""

    @pytest.fixture
    def asked_of_schools(self, requirement: Requirement) -> Requirement:
        RequirementBody.objects.create(requirement=requirement, group="schools")
        return requirement

    def test_a_newcomer_owes_what_the_year_asks(
        self, bring_in: Import, asked_of_schools: Requirement, zoya: User
    ) -> None:
        outcome = bring_in(listed(school(1), school(2)), by=zoya)
        assert outcome.record is not None
        assert outcome.record.obligations_added == 2
        assert set(Obligation.objects.values_list("organization__inn", "requirement")) == {
            (inn(1), asked_of_schools.pk),
            (inn(2), asked_of_schools.pk),
        }

    def test_the_year_of_the_list_counts_even_when_it_is_over(
        self, bring_in: Import, region: Region, asked_of_schools: Requirement
    ) -> None:
        old = factories.RequirementFactory(region=region, academic_year=2022, due_on=date(2022, 10, 20))
        RequirementBody.objects.create(requirement=old, group="schools")
        bring_in(listed(school(1)))
        assert Obligation.objects.get().requirement == asked_of_schools
        bring_in(listed(school(2)), academic_year=2022)
        assert Obligation.objects.filter(organization__inn=inn(2)).count() == 2

    def test_joining_the_project_takes_away_what_the_others_owe(
        self, bring_in: Import, requirement: Requirement
    ) -> None:
        RequirementBody.objects.create(requirement=requirement, group="schools_outside_ticket")
        bring_in(listed(school(1, ticket="нет")))
        assert Obligation.objects.get().state == "open"
        outcome = bring_in(listed(school(1, ticket="да")))
        assert outcome.record is not None
        assert (outcome.record.obligations_added, outcome.record.obligations_cancelled) == (0, 1)
        assert Obligation.objects.get().state == "cancelled"
        assert list(ReviewStep.objects.values_list("act", flat=True)) == ["join", "leave"]

    def test_a_preview_gives_nobody_anything(self, bring_in: Import, asked_of_schools: Requirement) -> None:
        bring_in(listed(school(1)), dry_run=True)
        assert not Obligation.objects.exists()


def test_bytes_of_a_file_come_in_with_their_checksum(region: Region, ministry: Organization, now: datetime) -> None:
    data = workbook(school(1))
    outcome = import_school_list(region=region, data=data, filename="s.xlsx", academic_year=2023, by=None, now=now)
    assert outcome.record is not None
    assert len(outcome.record.checksum) == 64
    assert outcome.as_json() == {"created": 1, "changed": 0, "unchanged": 0, "errors": []}


CELLS = {
    column.field: st.one_of(st.just(school(1)[column.field]), st.text(max_size=30).map(clean_text))
    for column in COLUMNS
}


@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_cells_is_taken_or_refused_with_its_place(
    bring_in: Import, rows: list[dict[str, str]]
) -> None:
    read = listed(*rows)
    outcome = bring_in(read, dry_run=True)
    planned = len(outcome.to_create) + len(outcome.to_change) + len(outcome.to_keep)
    assert outcome.problems or planned == len(read.rows)
    for problem in outcome.problems:
        if read.rows:
            assert (problem.sheet, problem.column, problem.heading) != (None, None, None)
            assert problem.row is not None
        assert problem.message


def test_levels_are_there_after_a_flush_and_are_not_forced_upon_an_installation(db: None) -> None:
    Norm.objects.all().delete()
    Level.objects.all().delete()
    add_missing_levels(using="default")
    assert list(Level.objects.values_list("hours", flat=True)) == [40, 60, 80]
    Level.objects.filter(hours=80).delete()
    add_missing_levels(using="default")
    assert Level.objects.count() == 2


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let threads work on one database: SQLite's needs a file for that, not memory."""
    if connection.vendor != "sqlite":
        yield
        return
    file = tmp_path / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    with monkeypatch.context() as patched:
        # What new threads connect to; the connection of this thread stays where it is.
        patched.setitem(connection.settings_dict, "NAME", str(file))
        yield


def test_two_imports_at_once_come_in_one_after_the_other(
    transactional_db: None, bondarsky: Organization, shared_database: None, bring_in: Import
) -> None:
    outcomes: list[ImportOutcome] = []
    barrier = Barrier(2)

    def attempt(rows: SchoolList) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes.append(bring_in(rows))
        finally:
            connections.close_all()

    # The same schools in opposite orders: unlocked, the two would collide or wait for each other for ever.
    forth, back = [school(number) for number in range(1, 40)], [school(number) for number in range(39, 0, -1)]
    threads = [Thread(target=attempt, args=[listed(*rows)]) for rows in (forth, back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(map(counts, outcomes)) == [(0, 0, 39), (39, 0, 0)]
