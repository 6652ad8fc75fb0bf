"""How ready schools say they are: three of four have answered, one of them not the whole of it."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region, User
from exports.documents import Document
from exports.registry import OutOfScope
from exports.writers.pdf import write_pdf
from exports.writers.xlsx import write_xlsx
from obligations.models import Requirement
from reporting.exports.readiness import READINESS
from schools.models import Said
from tests import factories
from tests.conftest import NOW
from tests.schools.self_checks import checked, self_check_asked

URL = "reporting:readiness"
SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _october() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asked(
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    elena: User,
    ivan: User,
    pavel: User,
) -> Requirement:
    """Бондарская and the lyceum are ready, Пахотная has half a plan and no site; Моршанская is silent."""
    no_site = Said(choice="no", why="Сайт переезжает")
    checked(bondarskaya, elena)
    checked(pakhotnaya, ivan, plan=Said(choice="partly"), site=no_site)
    checked(lyceum, pavel)
    return self_check_asked(morshanskaya).requirement


def built(user: User, requirement: Requirement, now: datetime, **sent: Any) -> Document:
    request = READINESS.clean(user=user, sent={"requirement": requirement.pk, **sent})
    return READINESS.build(
        user=user, region=request.region, parameters=request.parameters, now=now, progress=lambda *_: None
    )


def rows_of(content: bytes, sheet: str) -> dict[str, list[Any]]:
    rows = load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True)
    return {str(row[0] or row[1]): list(row) for row in rows if any(row)}


@pytest.mark.usefixtures("bondarsky")
def test_the_ministry_reads_every_question_of_how_many_and_who_is_silent(
    asked: Requirement, anna: User, now: datetime, sign_in: SignIn
) -> None:
    # 34 of 34 twice; the plan half of three and the site none of two: 30.5 of 34. Sum over sum: 98.5 of 102.
    share = 98.5 / 102
    document = built(anna, asked, now)
    content = write_xlsx(document)
    questions = rows_of(content, "Вопросы")
    assert questions["1.4"][2:] == [2, 1, 0, 3, 1, 4, pytest.approx(2.5 / 3), None]
    assert questions["2.3"][2:] == [None, None, None, 3, 1, 4, "—", 9]
    assert questions["Всего: ответы 3 из 4\u00a0школ"][5:9] == [3, 1, 4, pytest.approx(share)]
    parts = rows_of(content, "Муниципалитеты")
    assert parts["Бондарский"][1:] == [2, 2, 0, 0, pytest.approx(64.5 / 68)]
    assert parts["Моршанский"][1:] == [1, 0, 0, 1, "—"]
    assert parts["Региональное подчинение"][1:] == [1, 1, 0, 0, 1]
    silent = rows_of(content, "Не сдали")
    assert silent["Моршанский"][1:3] == ["Школа Моршанская", "К исполнению"]
    written = rows_of(content, "Пояснения и ответы")
    assert written["6.1 На сайте школы есть раздел о профориентации"][1:] == [
        "Бондарский",
        "Школа Пахотная",
        "Нет",
        "Сайт переезжает",
    ]
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(write_pdf(document))).pages)
    assert "ответы 3 из 4\u00a0школ" in printed.replace("4 школ", "4\u00a0школ")
    assert "Школа Моршанская" in printed

    page = sign_in(anna).get(reverse(URL), {"question": "plan"}).content.decode()
    assert "96,6\u00a0%" in page
    assert "1.4 План профориентационной работы" in page.partition('id="question"')[2]
    assert "Не сдали: 1\u00a0школа" in page


def test_a_coordinator_reads_their_schools_one_by_one_and_no_others(
    asked: Requirement, boris: User, morshansky: Organization, viktor: User, now: datetime, sign_in: SignIn
) -> None:
    content = write_xlsx(built(boris, asked, now))
    schools = rows_of(content, "Школы")
    assert schools["Школа Пахотная"][1:] == [1, 1, 0, 0, pytest.approx(30.5 / 34)]
    assert "Школа Моршанская" not in schools
    page = sign_in(boris).get(reverse(URL)).content.decode()
    assert "Школа Пахотная" in page
    assert "Моршанская" not in page
    assert sign_in(boris).get(reverse(URL), {"municipality": morshansky.pk}).status_code == 404
    with pytest.raises(OutOfScope):
        built(viktor, asked, now)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_schools(
    region: Region,
    ministry: Organization,
    anna: User,
    sign_in: SignIn,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        municipality = factories.MunicipalityFactory(parent=ministry)
        for place in range(2):
            school = factories.SchoolFactory(parent=municipality)
            deputy = factories.person(f"deputy{number}{place}", "deputy", school)
            if place:
                checked(school, deputy)
            else:
                self_check_asked(school)
    browser = sign_in(anna)
    # Session, person, memberships; self-checks to begin with, the chosen one; answers, edition, questions, who owes,
    # municipalities, who is silent; the two lists of choices, one of them read twice; extensions, the bell.
    with django_assert_num_queries(16):
        assert browser.get(reverse(URL)).status_code == 200
