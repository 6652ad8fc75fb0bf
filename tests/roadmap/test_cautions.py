"""What a clerk should look at twice: swapped columns, dates before the order, bodies named twice, numbers repeated."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, Region, User
from roadmap.actions import EditionPlan, RoadmapRefused, plan_edition, remember_alias
from roadmap.imports.reader import read_roadmap
from tests.roadmap.documents import HEAD, workbook
from tests.roadmap.stories import MINISTRY, MUNICIPALITIES, SCHOOLS, draft_of, order_of, row_counts
from tests.roadmap.test_views_import import body

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
IMPORT = reverse("roadmap:import")
ORDERED = date(2023, 8, 25)


def plan(region: Region, text: str, order_date: date | None = ORDERED) -> EditionPlan:
    return plan_edition(region=region, draft=read_roadmap(text), academic_year=2023, order_date=order_date)


def said(problems: object) -> str:
    return str(problems).replace("\\xa0", " ")


def test_a_deadline_before_the_order_is_pointed_out_at_its_cell_and_once_for_all(region: Region) -> None:
    text = order_of(
        ("3.1", "Отчёт", "До 10.07.2023 г.", SCHOOLS),
        ("3.2", "План", "До 25.08.2023 г.", SCHOOLS),
        ("3.3", "Сбор", "Июнь-сентябрь 2023 г.", SCHOOLS),
    )
    read = plan(region, text)
    assert [[notice["message"] for notice in item.notices] for item in read.items] == [
        ["Раньше даты приказа (25.08.2023)"],
        [],
        [],
    ]
    assert "У 1 мероприятия срок наступает раньше даты приказа (25.08.2023): 3.1." in said(read.problems)
    assert not read.refusals
    assert read.doubtful == 0, "an order may name what is done already"
    assert not plan(region, text, None).problems


def test_the_draft_shows_the_same_note(anna: User, region: Region, browser_of: Browser) -> None:
    roadmap = draft_of(region, order_of(("3.1", "Отчёт", "До 10.07.2023 г.", SCHOOLS)))
    assert "Раньше даты приказа (25.08.2023)" in body(browser_of(anna).get(reverse("roadmap:draft", args=[roadmap.pk])))


def test_columns_with_bodies_and_results_swapped_are_noticed(region: Region) -> None:
    head = "\t".join([*HEAD[:3], HEAD[4], HEAD[3]])
    rows = [f"3.{at}\tОтчёт\tМай\t{SCHOOLS}\tОтчёты сданы" for at in (1, 2, 3)]
    assert "переставлены столбцы «Ответственный» и «Ожидаемые результаты»" in said(
        plan(region, "\n".join([head, "3. Школы\t\t\t\t", *rows])).problems
    )


def test_columns_swapped_with_their_heads_are_read_as_they_are(region: Region) -> None:
    head = "\t".join([HEAD[4], HEAD[3], HEAD[2], HEAD[1], HEAD[0]])
    read = plan(region, f"{head}\nОтчёты\t{SCHOOLS}\tМай\tОтчёт\t3.1")
    assert (read.items[0].number, read.items[0].title, read.items[0].bodies[0].group) == ("3.1", "Отчёт", "schools")


def test_a_body_that_is_also_in_a_named_group_is_doubtful(region: Region, bondarsky: Organization) -> None:
    cell = f"{MUNICIPALITIES}; {bondarsky.name}"
    read = plan(region, order_of(("3.1", "Отчёт", "Май", cell), ("3.2", "План", "Май", f"{MINISTRY}; {SCHOOLS}")))
    doubt = f"«{bondarsky.short_name}» уже входит в группу «{MUNICIPALITIES}»: поручение будет одно"
    assert [said(item.doubts) for item in read.items] == [
        said([{"field": "bodies_text", "message": doubt}]),
        "[]",
    ]


@pytest.mark.parametrize("text", ["Общеобразовательные организации", "образовательные  организации", "ОО"])
def test_the_name_of_a_group_cannot_come_to_mean_one_organization(
    region: Region, anna: User, bondarsky: Organization, text: str
) -> None:
    before = row_counts()
    with pytest.raises(RoadmapRefused, match="Так называется группа «Общеобразовательные организации»"):
        remember_alias(region=region, text=text, organization=bondarsky, group="", by=anna)
    assert row_counts() == before


def test_two_items_with_one_number_are_marked_in_both_rows(anna: User, browser_of: Browser) -> None:
    text = order_of(("3.1", "Отчёт", "Май", SCHOOLS), ("3.1", "План", "Май", SCHOOLS))
    client = browser_of(anna)
    before = row_counts()
    page = body(client.post(IMPORT, {"text": text}))
    assert page.count("Номер 3.1 встречается не один раз") == 2
    assert "Номер 3.1 стоит у нескольких пунктов (строки 3, 4)" in page
    assert row_counts() == before


@pytest.mark.parametrize("name", ["список.xlsx", "список.docx", "список.txt"])
def test_a_workbook_that_is_no_roadmap_says_what_was_expected(anna: User, browser_of: Browser, name: str) -> None:
    book = workbook("Школы", ["Школа", "ИНН", "Телефон"], ["СОШ № 1", "6800000000", "-"])
    client = browser_of(anna)
    before = row_counts()
    response = client.post(IMPORT, {"document": SimpleUploadedFile(name, book)})
    assert response.status_code == 422
    assert "Не нашли в тексте таблицу дорожной карты" in body(response)
    assert row_counts() == before


def test_dates_of_another_academic_year_are_doubted_and_summer_before_it_is_not(ministry: Organization) -> None:
    rows = (
        ("3.1", "А", "До 10.07.2023 г.", SCHOOLS),
        ("3.2", "Б", "До 01.06.2024 г.", SCHOOLS),
        ("3.3", "В", "До 31.08.2025 г.", SCHOOLS),
        ("3.4", "Г", "До 31.05.2024 г.", SCHOOLS),
    )
    plan = plan_edition(region=ministry.region, draft=read_roadmap(order_of(*rows)), academic_year=2024)
    doubts = {item.number: [doubt["message"] for doubt in item.doubts] for item in plan.items}
    assert doubts == {
        "3.1": ["Срок 10.07.2023 вне 2024/2025 учебного года: проверьте год"],
        "3.2": [],
        "3.3": [],
        "3.4": ["Срок 31.05.2024 вне 2024/2025 учебного года: проверьте год"],
    }
