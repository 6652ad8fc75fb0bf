"""The same door for municipalities, institutions, coordinators and pupils by grade."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Invitation, Organization, Region, User
from obligations.models import Obligation, Requirement, RequirementBody
from schools.imports import ImportOutcome
from schools.imports.coordinators import COORDINATORS_LAYOUT
from schools.imports.enrolment import ENROLMENT_LAYOUT
from schools.imports.jobs import run_import, run_undo
from schools.imports.listings import RESOURCES
from schools.imports.organizations import INSTITUTIONS_LAYOUT, MUNICIPALITIES_LAYOUT
from schools.imports.plan import FieldChange
from schools.imports.reading import from_sheets, read_list
from schools.models import Enrolment, ListKind, RegistryChange, SchoolImport, SchoolUpload
from sheets.headings import heading_key
from sheets.spreadsheets import Sheet, SheetRow
from tests import factories
from tests.conftest import NOW
from tests.schools.conftest import Import
from tests.schools.lists import Row, inn, listed, school, table

LATER = NOW + timedelta(hours=1)
LAYOUTS = {kind: RESOURCES[kind].layout for kind in ListKind}


def complaints(outcome: ImportOutcome) -> list[str]:
    return [f"{problem.row} {problem.heading}: {problem.message}" for problem in outcome.problems]


def counts(outcome: ImportOutcome) -> tuple[int, int, int]:
    return outcome.created, outcome.changed, outcome.unchanged


def undo(outcome: ImportOutcome, by: User) -> SchoolImport:
    assert outcome.record is not None
    SchoolImport.objects.filter(pk=outcome.record.pk).update(state="queued", queued_at=timezone.now(), undo_asked_by=by)
    done = run_undo(import_id=outcome.record.pk, clock=lambda: LATER)
    assert done is not None
    return done


@pytest.mark.parametrize("kind", ListKind)
def test_no_title_leads_to_two_fields(kind: ListKind) -> None:
    keys: dict[str, str] = {}
    for name, titles in LAYOUTS[kind].synonyms.items():
        for title in titles:
            assert keys.setdefault(heading_key(title), name) == name, title


def test_a_list_without_its_columns_is_told_in_words_of_its_own(bring_in: Import) -> None:
    cells = (("Наименование МО", "ИНН", "Телефон"), ("Пичаевский", inn(900), ""))
    sheet = Sheet("Лист1", tuple(SheetRow(number, row) for number, row in enumerate(cells, start=1)))
    outcome = bring_in(from_sheets((sheet,), layout=MUNICIPALITIES_LAYOUT), listing=ListKind.MUNICIPALITIES)
    assert outcome.layout is MUNICIPALITIES_LAYOUT
    assert [problem.heading for problem in outcome.problems] == ["Орган управления образованием"]


class TestMunicipalities:
    """Authorities are found by code, by number or by name, and owe what their like owe."""

    def row(self, **cells: str) -> Row:
        return {
            "short_name": "Пичаевский",
            "name": "Отдел образования администрации Пичаевского округа",
            "inn": inn(900),
            "code": "pichaevsky",
            "head_name": "Ким Яна Львовна",
            "email": "pich@example.test",
            "phone": "8 (475) 000-00-01",
            "postal_address": "Тамбовская область, с. Пичаево, ул. Советская, д. 1",
        } | cells

    def bring(self, bring_in: Import, *rows: Row, **more: object) -> ImportOutcome:
        return bring_in(table(MUNICIPALITIES_LAYOUT, *rows), listing=ListKind.MUNICIPALITIES, **more)

    def test_they_come_change_stay_and_go_again(
        self, bring_in: Import, bondarsky: Organization, requirement: Requirement, zoya: User
    ) -> None:
        RequirementBody.objects.create(requirement=requirement, group="municipalities")
        known = {"short_name": "Бондарский", "name": bondarsky.name, "phone": "+7 (475) 000-00-09"}
        rows = (self.row(), known)
        before = list(Organization.objects.order_by("pk").values())
        preview = self.bring(bring_in, *rows, dry_run=True)
        assert preview.to_change[0].changes == (FieldChange("Телефон", bondarsky.phone or "—", "+7 (475) 000-00-09"),)
        outcome = self.bring(bring_in, *rows)
        assert counts(outcome) == (1, 1, 0)
        new = Organization.objects.get(code="pichaevsky")
        assert (new.kind, new.parent, new.head_name) == ("municipality", bondarsky.parent, "Ким Яна Львовна")
        assert Obligation.objects.filter(organization=new, requirement=requirement).exists()
        assert counts(self.bring(bring_in, *rows)) == (0, 0, 2)
        # By its number it is known under another name.
        renamed = self.bring(bring_in, self.row(short_name="Пичаево", code=""), at=LATER)
        assert counts(renamed) == (0, 1, 0)
        assert undo(renamed, zoya).failure == ""
        assert undo(outcome, zoya).failure == ""
        assert list(Organization.objects.order_by("pk").values()) == before

    def test_what_belongs_to_others_and_what_stands_twice_is_refused(
        self, bring_in: Import, bondarsky: Organization, bondarskaya: Organization
    ) -> None:
        Organization.objects.filter(pk=bondarskaya.pk).update(inn=inn(900))
        rows = (self.row(), self.row(inn=inn(901)), self.row(short_name="Ржаксинский", name="Отдел", code="ржакса"))
        assert complaints(self.bring(bring_in, *rows)) == [
            f"2 ИНН: ИНН {inn(900)} принадлежит организации «{bondarskaya}».",
            "3 Муниципалитет: Эта организация уже указана: лист «Лист1», строка 2. Оставьте одну строку.",
            "4 Код: Код «ржакса» не годится: нужны латинские буквы, цифры и дефис, не больше 60 знаков.",
        ]

    def test_the_name_of_an_authority_that_many_share_leads_to_none_of_them(
        self, bring_in: Import, bondarsky: Organization
    ) -> None:
        Organization.objects.filter(pk=bondarsky.pk).update(name="Отдел образования")
        outcome = self.bring(bring_in, {"short_name": "Новый", "name": "Отдел образования"})
        assert counts(outcome) == (1, 0, 0)
        factories.MunicipalityFactory(parent=bondarsky.parent, short_name="Новый")
        asked = self.bring(bring_in, {"short_name": "Новый", "name": "Отдел образования"})
        assert complaints(asked) == ["2 Муниципалитет: Организаций с таким названием несколько: укажите ИНН или код."]


def test_institutions_say_what_they_are(bring_in: Import, ministry: Organization) -> None:
    rows = [
        {"name": "Тамбовский колледж связи", "kind": "СПО", "inn": inn(910)},
        {"name": "Центр опережающей профессиональной подготовки", "short_name": "ЦОПП", "kind": "ЦОПП"},
        {"name": "Тамбовский государственный университет", "kind": "Вуз"},
    ]
    outcome = bring_in(table(INSTITUTIONS_LAYOUT, *rows), listing=ListKind.INSTITUTIONS)
    assert counts(outcome) == (3, 0, 0)
    kinds = Organization.objects.filter(parent=ministry).order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-3:] == ["college", "institution", "university"]
    wrong = bring_in(table(INSTITUTIONS_LAYOUT, {"name": "Баня", "kind": "Баня"}), listing=ListKind.INSTITUTIONS)
    assert complaints(wrong)[0].startswith(
        "2 Вид: Неизвестный вид организации «Баня». Возможны: Региональный оператор;"
    )


def test_coordinators_are_invited_and_those_who_are_there_are_told(
    bring_in: Import, bondarsky: Organization, morshansky: Organization, boris: User, zoya: User
) -> None:
    row = {"municipality": "Моршанский", "person": "Ким Яна Львовна", "email": "kim@example.test", "post": "Методист"}
    there = {
        "municipality": "Бондарский",
        "person": "Иванова Ольга",
        "email": boris.email,
        "phone": "+7 (475) 000-00-09",
    }
    rows = table(COORDINATORS_LAYOUT, row | {"phone": "84750000001"}, there)
    preview = bring_in(rows, listing=ListKind.COORDINATORS, by=zoya, dry_run=True)
    assert [fact for _, fact in preview.to_keep[0].facts] == ["Бондарский", boris.email, "уже работает на портале"]
    assert not Invitation.objects.exists()
    outcome = bring_in(rows, listing=ListKind.COORDINATORS, by=zoya)
    assert counts(outcome) == (1, 0, 1)
    asked = Invitation.objects.get()
    assert (asked.organization, asked.role, asked.person, asked.post, asked.phone, asked.state) == (
        morshansky,
        "coordinator",
        "Ким Яна Львовна",
        "Методист",
        "+7 (475) 000-00-01",
        "queued",
    )
    again = bring_in(rows, listing=ListKind.COORDINATORS, by=zoya)
    assert counts(again) == (0, 0, 2)
    assert Invitation.objects.count() == 1
    # Undone, the letter that has not left stays; one that has left is void.
    assert undo(outcome, zoya).undone_deleted == 1
    assert not Invitation.objects.exists()
    outcome = bring_in(rows, listing=ListKind.COORDINATORS, by=zoya, at=LATER)
    Invitation.objects.update(issue=2)
    undo(outcome, zoya)
    assert Invitation.objects.get().state == "withdrawn"
    boris.is_active = False
    boris.save()
    refused = bring_in(table(COORDINATORS_LAYOUT, there, row, row), listing=ListKind.COORDINATORS, by=zoya)
    assert [one.split(":")[0] for one in complaints(refused)] == ["2 Эл. почта", "4 Эл. почта"]


class TestEnrolment:
    """Figures by grade, checked against each other."""

    def bring(self, bring_in: Import, *rows: Row, **more: object) -> ImportOutcome:
        return bring_in(table(ENROLMENT_LAYOUT, *rows), listing=ListKind.ENROLMENT, **more)

    @pytest.fixture(autouse=True)
    def _schools(self, bring_in: Import, bondarsky: Organization) -> None:
        bring_in(listed(school(1), school(2), school(3, short_name="Школа № 2")))

    def test_they_come_by_number_or_name_and_go_again(self, bring_in: Import, zoya: User) -> None:
        first = {"name": "Школа №1", "grade_5": "25", "grade_5_disabled": "2", "grade_6": "0"}
        second = {"name": "Школа", "inn": inn(2), "grade_5": "30,0"}
        outcome = self.bring(bring_in, first, second)
        assert counts(outcome) == (0, 2, 0)
        figures = Enrolment.objects.order_by("organization", "grade")
        assert list(figures.values_list("organization__inn", "grade", "pupils", "with_disabilities")) == [
            (inn(1), 5, 25, 2),
            (inn(1), 6, 0, 0),
            (inn(2), 5, 30, 0),
        ]
        assert RegistryChange.objects.filter(field="enrolment", note="5 класс", becomes="25, с ОВЗ 2").count() == 1
        assert counts(self.bring(bring_in, first, second)) == (0, 0, 2)
        kept = list(figures.values())
        more = self.bring(bring_in, first | {"grade_5": "26", "grade_7": "20"}, at=LATER)
        changes = more.to_change[0].changes
        assert changes == (
            FieldChange("5 класс", "25", "26"),
            FieldChange("7 класс", "—", "20"),
            FieldChange("7 класс, из них ОВЗ", "—", "0"),
        )
        assert "изменены сведения: Школа № 1" in undo(outcome, zoya).failure
        assert undo(more, zoya).failure == ""
        assert list(figures.values()) == kept
        assert undo(outcome, zoya).failure == ""
        assert not Enrolment.objects.exists()

    def test_a_head_over_two_rows_and_a_sum_below_are_understood(self, bring_in: Import) -> None:
        rows = [
            ["Контингент на 1 сентября", "", "", ""],
            ["Наименование ОО", "5 класс", "", "6 класс"],
            ["", "всего", "из них ОВЗ", "всего"],
            ["Школа № 1", "25", "2", "30"],
            ["Итого", "25", "2", "30"],
        ]
        sheet = Sheet("Лист1", tuple(SheetRow(number, tuple(row)) for number, row in enumerate(rows, start=1)))
        outcome = bring_in(from_sheets((sheet,), layout=ENROLMENT_LAYOUT), listing=ListKind.ENROLMENT)
        assert complaints(outcome) == []
        told = Enrolment.objects.order_by("grade").values_list("grade", "pupils", "with_disabilities")
        assert list(told) == [(5, 25, 2), (6, 30, 0)]

    def test_all_that_is_wrong_comes_at_once(self, bring_in: Import) -> None:
        rows = (
            {"name": "Школа № 1", "grade_5": "2", "grade_5_disabled": "3", "grade_6_disabled": "1", "grade_7": "-4"},
            {"name": "Школа № 2", "grade_5": "2"},
            {"name": "Школа № 9", "grade_5": "2,5"},
            {"name": "Любая", "inn": inn(9)},
            {"name": "ШКОЛА № 1", "grade_5": "2"},
        )
        assert complaints(self.bring(bring_in, *rows)) == [
            "2 5 класс, из них ОВЗ: С ОВЗ 3, а всего в 5 классе 2: так быть не может.",
            "2 6 класс, из них ОВЗ: Указаны обучающиеся с ОВЗ, а сколько всего в 6 классе — нет.",
            "2 7 класс: Нужно целое число, а указано «-4». Если никого нет, впишите 0.",
            "3 Школа: Школ с названием «Школа № 2» несколько: укажите ИНН.",
            "4 Школа: Школы «Школа № 9» нет в реестре. Укажите ИНН или название, как в реестре.",
            "4 5 класс: Нужно целое число, а указано «2,5». Если никого нет, впишите 0.",
            f"5 ИНН: Школы с ИНН {inn(9)} нет в реестре. Сверьте номер или сначала загрузите список школ.",
            "6 Школа: Эта школа уже указана: лист «Лист1», строка 2. Оставьте одну строку.",
        ]
        assert not Enrolment.objects.exists()


def test_each_has_its_page_template_and_command(
    sign_in: Callable[[User], Client], zoya: User, region: Region, bondarsky: Organization, tmp_path: Path
) -> None:
    browser = sign_in(zoya)
    for kind in ListKind:
        query = {"list": kind}
        page = browser.get(reverse("schools:import"), query).content.decode()
        assert f'aria-current="page">{kind.label}' in page
        assert ('name="academic_year"' in page) == kind.is_by_year
        template = browser.get(reverse("schools:import_template"), query).content
        empty = read_list(template, "t.xlsx", layout=LAYOUTS[kind])
        assert [str(one) for one in empty.problems] == [f"Под строкой заголовков нет {LAYOUTS[kind].none_of}."]
    assert browser.get(reverse("schools:import"), {"list": "cats"}).status_code == 404

    text = "Вид;Полное наименование\nКолледж;Колледж связи\n"
    file = SimpleUploadedFile("Колледжи.csv", text.encode())
    browser.post(f"{reverse('schools:import')}?list=institutions", {"list_file": file})
    kept = SchoolUpload.objects.get()
    page = browser.get(kept.get_absolute_url()).content.decode()
    assert "Новые учреждения: 1" in page
    browser.post(reverse("schools:import_confirm", args=[kept.pk]))
    run_import(upload_id=kept.pk, clock=timezone.now)
    assert SchoolImport.objects.get().get_listing_display() == "Учреждения"

    path = tmp_path / "colleges.csv"
    path.write_text(text + "Колледж;Колледж леса\n", encoding="utf-8")
    out = io.StringIO()
    call_command("import_list", "institutions", str(path), stdout=out)
    assert out.getvalue() == "Создано: 1, изменено 0, без изменений 1.\n"
    with pytest.raises(CommandError, match="от чьего имени"):
        call_command("import_list", "coordinators", str(path))


CELLS = st.one_of(
    st.text(max_size=12), st.sampled_from(["Школа № 1", "Бондарский", "5", "СПО", "a@example.test", inn(1)])
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(list(ListKind)), st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=3))
def test_whatever_stands_in_the_cells_is_taken_or_refused(
    bring_in: Import, bondarsky: Organization, kind: ListKind, rows: list[list[str]]
) -> None:
    layout = LAYOUTS[kind]
    names = [*layout.required, *(name for name in layout.fields if name not in layout.required)][:4]
    read = (
        table(layout, *(dict(zip(names, cells, strict=True)) for cells in rows))
        if rows
        else table(layout, dict.fromkeys(names, ""))
    )
    outcome = bring_in(read, listing=kind, dry_run=True)
    planned = len(outcome.to_create) + len(outcome.to_change) + len(outcome.to_keep)
    assert planned == len(read.rows) or outcome.problems
