"""«Перечень школ с уровнями» (item 1.2): the same figures on the page, in Excel and in PDF, as of the year."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region, User
from exports.registry import OutOfScope
from exports.writers.pdf import write_pdf
from exports.writers.xlsx import write_xlsx
from reporting.exports.school_levels import SCHOOL_LEVELS
from schools.models import Enrolment, Level, RegistryChange, SchoolProfile, SchoolYear
from sheets.spreadsheets import Limits, read_spreadsheet
from tests import factories
from tests.conftest import NOW

SignIn = Callable[[User], Client]
PAGE = "reporting:school_levels"


@pytest.fixture(autouse=True)
def _that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def levels(
    bondarskaya: Organization, morshanskaya: Organization, lyceum: Organization, pakhotnaya: Organization
) -> None:
    """Бондарская at 60 h by an order, Моршанская at 60, the lyceum at 80; Пахотная says nothing."""
    for school, hours, number in ((bondarskaya, 60, "15-о"), (morshanskaya, 60, ""), (lyceum, 80, "")):
        SchoolYear.objects.create(
            organization=school,
            academic_year=2023,
            level=Level.objects.get(hours=hours),
            order_number=number,
            order_date=date(2023, 9, 1) if number else None,
        )
    Enrolment.objects.create(organization=bondarskaya, academic_year=2023, grade=5, pupils=30, with_disabilities=2)
    Enrolment.objects.create(organization=bondarskaya, academic_year=2023, grade=6, pupils=20, with_disabilities=1)


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def built(user: User, region: Region, now: datetime, **sent: Any) -> Any:
    order = SCHOOL_LEVELS.clean(user=user, sent=sent)
    return SCHOOL_LEVELS.build(user=user, region=region, parameters=order.parameters, now=now, progress=lambda *_: None)


def test_page_excel_and_pdf_say_the_same(
    levels: None, region: Region, anna: User, sign_in: SignIn, now: datetime
) -> None:
    document = built(anna, region, now)
    assert [(figure.label, figure.value) for figure in document.figures] == [
        ("Школ", 4),
        ("Базовый (40\u00a0ч)", 0),
        ("Основной (60\u00a0ч)", 2),
        ("Продвинутый (80\u00a0ч)", 1),
        ("Уровень не указан", 1),
        ("Обучающихся 5–11 классов", 50),
        ("из них с ОВЗ", 3),
    ]
    totals = [row.cells for row in document.tables[0].rows]
    assert totals == [
        ["Бондарский", 2, 0, 1, 0, 1, 0, 50, 3],
        ["Моршанский", 1, 0, 1, 0, 0, 0, 0, 0],
        ["Региональное подчинение", 1, 0, 0, 1, 0, 0, 0, 0],
        ["Всего", 4, 0, 2, 1, 1, 0, 50, 3],
    ]
    page = text(sign_in(anna).get(reverse(PAGE)))
    for words in (
        "Школы, у которых уровень не указан: 1",
        "№ 15-о от 01.09.2023",
        ">Бондарский</a>",
        "Лицей областной",
    ):
        assert words in page, words

    sheets = {one.name: one for one in read_spreadsheet(write_xlsx(document), "l.xlsx", limits=Limits())}
    listed = [row.cells for row in sheets["Перечень школ"].rows]
    assert any("Школа Бондарская" in row and "Основной (60 ч)" in row for row in listed)
    assert any("Школа Пахотная" in row for row in (one.cells for one in sheets["Уровень не указан"].rows))
    assert write_pdf(document).startswith(b"%PDF")


def test_everybody_gets_the_schools_of_their_scope(
    levels: None, region: Region, boris: User, galina: User, morshansky: Organization, sign_in: SignIn, now: datetime
) -> None:
    assert built(boris, region, now).figures[0].value == 2
    assert "Школа Бондарская" not in text(sign_in(galina).get(reverse(PAGE)))
    with pytest.raises(OutOfScope):
        SCHOOL_LEVELS.clean(user=boris, sent={"municipality": morshansky.pk})
    assert sign_in(boris).get(reverse(PAGE), {"municipality": morshansky.pk}).status_code == 404


def test_a_year_that_is_over_is_told_as_it_was(
    levels: None, bondarskaya: Organization, pakhotnaya: Organization, region: Region, anna: User, now: datetime
) -> None:
    """Since then Бондарская was renamed, Пахотная opened; what was counted stays what it was."""
    SchoolYear.objects.create(organization=bondarskaya, academic_year=2022, level=Level.objects.get(hours=40))
    before = built(anna, region, now, year="2022")
    SchoolProfile.objects.create(organization=pakhotnaya, since=date(2023, 9, 1))
    RegistryChange.objects.create(
        organization=bondarskaya, field="name", was="Прежнее имя", on=date(2023, 9, 2), source="reorganization", at=now
    )
    after = built(anna, region, now, year="2022")
    assert before.figures[0].value == 4
    assert after.figures[0].value == 3
    assert after.figures[1] == before.figures[1]
    assert any("Прежнее имя" in row.cells for row in after.tables[1].rows)
    assert "31.08.2023" in dict(after.facts).values()


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_three_schools_as_for_one(
    bondarsky: Organization,
    boris: User,
    sign_in: SignIn,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        factories.SchoolFactory(parent=bondarsky)
    client = sign_in(boris)
    # Session, person, memberships; region; totals, their names, levels, who may be seen; count, rows; bell, extensions.
    with django_assert_num_queries(12):
        client.get(reverse(PAGE))
    # The same without the list, with coordinators and obligations.
    with django_assert_num_queries(11):
        client.get(reverse("schools:municipality", args=[bondarsky.pk]))


def test_a_municipality_is_summed_up_and_leads_to_its_lists(
    levels: None, bondarsky: Organization, bondarskaya: Organization, boris: User, obligation: Any, sign_in: SignIn
) -> None:
    obligation.due_on = date(2023, 10, 1)
    obligation.save()
    client = sign_in(boris)
    page = text(client.get(reverse("schools:municipality", args=[bondarsky.pk])))
    for words in ("Петрова Boris", "без ответственного", "поручений просрочено", "Основной (60 ч)"):
        assert words in page, words
    main = Level.objects.get(hours=60)
    link = f"{reverse('schools:list')}?municipality={bondarsky.pk}&amp;year=2023&amp;level={main.pk}"
    assert link in page
    listed = text(client.get(link.replace("&amp;", "&")))
    assert "Школа Бондарская" in listed
    assert "Школа Пахотная" not in listed
