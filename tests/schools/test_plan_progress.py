"""What the region sees of plans, and the norms it sets."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from exports import registry
from exports.writers.pdf import write_pdf
from exports.writers.xlsx import write_xlsx
from obligations import workflow
from obligations.models import Obligation
from obligations.states import Act
from schools.actions.plans import LineContent, PlanContent, hand_in_plan, save_plan
from schools.aggregates.plan_progress import plan_progress
from schools.forms.plans import model_lines
from schools.models import DoneHours, Level, NormSet, SchoolProfile
from schools.querysets import level_norms
from tests import factories
from tests.conftest import NOW
from tests.schools.plans import plan_asked

SignIn = Callable[[User], Client]
YEAR = AcademicYear(2023)

pytestmark = pytest.mark.usefixtures("_in_october")


@pytest.fixture
def _in_october() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def accepted(owed: Obligation, author: User, reviewer: User, level: str) -> Obligation:
    """A plan as the model has it, handed in and accepted, with two hours held."""
    lines = [
        LineContent(row["direction"], row["what"], (6, 7), int(row["hours"]), 9, 5, who="Педагог")
        for row in model_lines(level)
    ]
    content = PlanContent(level=Level.objects.get(code=level), lines=lines)
    hand_in_plan(obligation=owed, content=content, version=0, by=author, at=NOW)
    workflow.advance(obligation=owed, act=Act.ACCEPT, by=reviewer, at=NOW)
    DoneHours.objects.create(line=owed.plan.lines.all()[0], hours=2, on=date(2023, 10, 2), at=NOW)
    return owed


@pytest.fixture
def owed(
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    elena: User,
    ivan: User,
    pavel: User,
    anna: User,
    boris: User,
) -> dict[str, Obligation]:
    """Plans of four schools: two of Бондарский accepted, the lyceum's handed in, Моршанская's not begun."""
    found = {school.short_name: plan_asked(school) for school in (bondarskaya, pakhotnaya, morshanskaya, lyceum)}
    accepted(found["Школа Бондарская"], elena, boris, "main")
    accepted(found["Школа Пахотная"], ivan, boris, "basic")
    content = PlanContent(level=Level.objects.get(code="main"))
    save_plan(obligation=found["Лицей областной"], content=content, version=0, by=pavel, at=NOW)
    return found


def test_the_region_adds_up_what_was_accepted_and_names_who_is_missing(
    owed: dict[str, Obligation], region: Region, anna: User, galina: User, sign_in: SignIn
) -> None:
    counted = plan_progress(anna, region=region, year=YEAR, now=NOW)

    rows = {part.name: (part.owed, part.accepted, part.levels, part.planned, part.done) for part in counted.parts}
    assert rows == {
        "Бондарский": (2, 2, (1, 1, 0), 102, 4),
        "Моршанский": (1, 0, (0, 0, 0), 0, 0),
        "Региональное подчинение": (1, 0, (0, 0, 0), 0, 0),
    }
    assert (counted.total.owed, counted.total.accepted, counted.total.planned, counted.total.done) == (4, 2, 102, 4)
    assert [one.school for one in counted.missing] == ["Школа Моршанская", "Лицей областной"]
    browser = sign_in(anna)
    page = text(browser.get(reverse("schools:plans")))
    assert "Принято 2 из 4 планов" in page
    down = text(browser.get(reverse("schools:plans"), {"part": str(owed["Школа Пахотная"].organization.parent_id)}))
    assert "Школа Пахотная" in down
    assert "Школа Моршанская" not in down
    theirs = text(sign_in(galina).get(reverse("schools:plans")))
    assert "Принято 0 из 1 плана" in theirs
    assert "Бондарский" not in theirs


def test_a_deputy_finds_the_plan_of_the_own_school_not_sums(
    owed: dict[str, Obligation], elena: User, sign_in: SignIn
) -> None:
    page = text(sign_in(elena).get(reverse("schools:plans")))
    assert reverse("schools:plan", args=[owed["Школа Бондарская"].pk]) in page
    assert "По муниципалитетам" not in page
    assert "Школа Пахотная" not in page


def test_pages_ask_the_same_of_one_school_and_of_three(
    owed: dict[str, Obligation], bondarsky: Organization, anna: User, elena: User, boris: User, sign_in: SignIn
) -> None:
    browser = sign_in(anna)
    addresses = [
        reverse("schools:plans"),
        reverse("schools:plans") + "?state=accepted",
        reverse("schools:plan", args=[owed["Школа Бондарская"].pk]),
    ]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    asked()
    few = asked()
    for name in ("Третья", "Четвёртая"):
        school = factories.SchoolFactory(parent=bondarsky, short_name=name)
        accepted(plan_asked(school), factories.person(f"deputy{name}", "deputy", school), boris, "main")
    for line in owed["Школа Бондарская"].plan.lines.all():
        DoneHours.objects.create(line=line, hours=1, on=date(2023, 10, 3), at=NOW)

    assert asked() == few


def test_files_say_what_the_pages_say_and_run_no_formula(
    owed: dict[str, Obligation], region: Region, anna: User, elena: User
) -> None:
    plan = owed["Школа Бондарская"]
    plan.plan.lines.filter(position=1).update(what='=HYPERLINK("http://evil.example")')
    SchoolProfile.objects.create(
        organization=plan.organization, head_name="Иванов И. И.", head_post="Директор школы", contact_name="Ершова Е."
    )

    def made(name: str, sent: dict[str, str]) -> Any:
        report = registry.get(name)
        order = report.clean(user=anna, sent=sent)
        return report.build(user=anna, region=region, parameters=order.parameters, now=NOW, progress=lambda *_: None)

    document = made("plan", {"obligation": str(plan.pk)})
    assert document.approval.name == "Иванов И. И."
    book = load_workbook(BytesIO(write_xlsx(document)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "УТВЕРЖДАЮ" in {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert write_pdf(document).startswith(b"%PDF")
    whole = made("plans", {"year": "2023"})
    totals = {figure.label: figure.value for figure in whole.figures}
    assert (totals["Принято планов"], totals["Часов по принятым планам"]) == (2, 102)
    assert [row.cells[1] for row in whole.tables[1].rows] == ["Школа Моршанская", "Лицей областной"]
    assert write_pdf(whole).startswith(b"%PDF")
    with pytest.raises(registry.OutOfScope):
        registry.get("plan").clean(user=elena, sent={"obligation": str(owed["Школа Моршанская"].pk)})


def test_the_ministry_sets_the_norms_of_a_year_over_those_of_the_last(
    region: Region, ministry: Organization, anna: User, boris: User, sign_in: SignIn
) -> None:
    browser = sign_in(anna)
    address = reverse("schools:norms_edit", args=[2024])
    form = browser.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value is not None and value is not False}

    wrong = text(browser.post(address, {**sent, "total-main": "-5", "basic-lessons": "1,5"}))
    assert "Основной: всего часов: Не меньше 1." in wrong
    assert "Базовый: урочная деятельность: Нужно целое число часов." in wrong
    assert browser.post(address, {**sent, "total-main": "68", "basis": "Письмо № 1"}).status_code == 302

    assert level_norms(region, 2023)["main"].total == 60
    assert level_norms(region, 2024)["main"].total == 68
    assert level_norms(region, 2025)["main"].total == 68
    assert {one.code for one in level_norms(region, 2024)["advanced"].directions if one.is_required} == {
        "profile_classes"
    }
    assert browser.post(address, {**sent, "total-main": "70"}).status_code == 409
    page = text(browser.get(reverse("schools:norms"), {"year": "2024"}))
    assert "Письмо № 1" in page
    assert NormSet.objects.filter(region=region).count() == 1
    assert sign_in(boris).get(address).status_code == 403
