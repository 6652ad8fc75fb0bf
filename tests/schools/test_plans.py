"""The plan of a school: from an empty form to the level of the year, with the hours held afterwards."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from obligations import workflow
from obligations.models import Obligation, Remark
from obligations.states import Act, ReturnReason, State
from schools.actions.plans import AgreementContent, LineContent, PlanConflict, PlanContent, hand_in_plan, save_plan
from schools.forms.plans import model_lines
from schools.models import DoneHours, Level, Plan, RegistryChange, SchoolYear
from tests.conftest import NOW
from tests.schools.plans import address, changed, plan_asked, sent

SignIn = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("_in_october")


@pytest.fixture
def _in_october() -> object:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owed(bondarskaya: Organization) -> Obligation:
    """Item 3.6 owed by Школа Бондарская."""
    return plan_asked(bondarskaya)


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def step_of(obligation: Obligation) -> int:
    return workflow.last_step_id(obligation)


def test_from_an_empty_form_over_a_return_to_the_level_of_the_year(
    owed: Obligation, elena: User, boris: User, sign_in: SignIn
) -> None:
    elena_s = sign_in(elena)
    assert address(owed) in text(elena_s.get(owed.get_absolute_url()))
    filled = elena_s.post(address(owed), {"do": "model", "level": "main", "version": "0"})
    assert "Часы уровня «Основной» набраны" in text(filled)
    assert not Plan.objects.exists()

    lines = changed(changed(model_lines("main"), 0, hours="1"), 5, hours="6")
    short = elena_s.post(address(owed), sent("submit", lines=lines))
    assert short.status_code == 422
    assert "не хватает 2 ч" in text(short)
    lines = changed(lines, 5, hours="8")
    unexplained = text(elena_s.post(address(owed), sent("submit", lines=lines)))
    assert "«Урочная деятельность»: 5 ч вместо рекомендованных 9 ч" in unexplained
    assert not Plan.objects.exists()
    why = {"why-lessons": "Учитель технологии в отпуске", "why-parents": "лишнее"}
    answer = elena_s.post(address(owed), sent("submit", lines=lines, **why))
    assert answer.status_code == 302
    owed.refresh_from_db()
    assert owed.state == State.SUBMITTED

    boris_s = Client()
    boris_s.force_login(boris)
    page = text(boris_s.get(owed.get_absolute_url()))
    assert "Учитель технологии в отпуске" in page
    assert "лишнее" not in page
    chosen = boris_s.post(reverse("obligations:accept_many"), {"chosen": f"{owed.pk}-{step_of(owed)}"})
    owed.refresh_from_db()
    assert (chosen.status_code, owed.state) == (302, State.SUBMITTED)
    plan = Plan.objects.get()
    first = plan.lines.order_by("position").first()
    assert first is not None
    boris_s.post(
        reverse("obligations:return", args=[owed.pk]),
        {
            "seen": step_of(owed),
            "reason": ReturnReason.WRONG_FIGURES,
            "comment": "Проверьте уроки.",
            "remark-part-1": f"line-{first.pk}",
            "remark-part-1-text": "Одного часа мало.",
        },
    )
    remark = Remark.objects.get(part=f"line-{first.pk}")

    opened = text(elena_s.get(address(owed)))
    assert "Одного часа мало." in opened
    rows = [{**row, "pk": str(line.pk)} for row, line in zip(lines, plan.lines.order_by("position"), strict=True)]
    again = sent("submit", version=1, lines=changed(rows, 0, hours="5"), seen=str(step_of(owed)))
    again |= {f"remark-{remark.pk}-mended": "on", f"remark-{remark.pk}-answer": "Исправили"}
    assert elena_s.post(address(owed), again).status_code == 302
    remark.refresh_from_db()
    assert remark.is_resolved
    page = text(boris_s.get(owed.get_absolute_url()))
    assert "Изменено в форме" in page
    assert "Часы:" in page
    boris_s.post(reverse("obligations:accept", args=[owed.pk]), {"seen": step_of(owed)})

    year = SchoolYear.objects.get(organization=owed.organization, academic_year=2023)
    assert year.level is not None
    assert year.level.code == "main"
    assert RegistryChange.objects.filter(organization=owed.organization, source="plan").exists()
    locked = elena_s.post(address(owed), sent("save", version=2))
    assert locked.status_code == 409
    assert "закрыто для изменений" in text(locked)


def test_hours_that_are_none_are_refused_at_their_field(owed: Obligation, elena: User, sign_in: SignIn) -> None:
    rows = model_lines("main")
    for place, (hours, grades) in enumerate([("-3", "6"), ("1,5", "12"), ("много", "9–7"), ("2.5", "")]):
        rows = changed(rows, place, hours=hours, grades=grades)
    rows = changed(rows, 4, first_month="5", last_month="9")
    rows = changed(rows, 5, pk="x", item="77", direction="nowhere")
    rows = changed(rows, 6, pk="x", item="77")

    page = text(sign_in(elena).post(address(owed), sent("save", lines=rows, seen="then")))

    assert "Часов должно быть не меньше одного." in page
    assert page.count("Часы — целое число без дробей") >= 3
    assert "Профминимум — для 5–11 классов" in page
    assert "в обратном порядке" in page
    assert "Последний месяц раньше первого." in page
    assert 'value="1,5"' in page
    assert "Страница устарела" in page
    assert not Plan.objects.exists()


def test_two_tabs_lose_nothing(owed: Obligation, elena: User, sign_in: SignIn) -> None:
    browser = sign_in(elena)
    browser.post(address(owed), sent("save", level="basic"))

    second = browser.post(address(owed), sent("save", level="main", version=0))

    assert second.status_code == 409
    assert "Ваши изменения не записаны" in text(second)
    assert Plan.objects.get().level == Level.objects.get(code="basic")
    assert 'name="version" value="1"' in text(second)
    assert browser.post(address(owed), sent("save", level="main", version=1)).status_code == 302


def test_buttons_without_a_script_rearrange_the_lines_and_save_nothing(
    owed: Obligation, elena: User, sign_in: SignIn
) -> None:
    browser = sign_in(elena)

    def whats(do: str) -> list[str]:
        page = browser.post(address(owed), sent(do, lines=model_lines("basic")[:3])).context["editor"]
        return [f"{line['what'].value()[:9]}{line['hours'].value()}" for line in page.lines]

    first, second, third = whats("recount")
    assert whats("copy-0") == [first, first, second, third]
    assert whats("delete-1") == [first, third]
    assert whats("down-0") == [second, first, third]
    assert whats("up-2") == [first, second, third]
    assert len(whats("add-parents")) == 4
    assert whats("delete-77") == [first, second, third]
    assert not Plan.objects.exists()


def test_a_year_that_is_over_and_what_last_year_leaves(
    owed: Obligation, elena: User, sign_in: SignIn, bondarskaya: Organization
) -> None:
    browser = sign_in(elena)
    browser.post(address(owed), sent("save"))
    with time_machine.travel(datetime(2024, 9, 1, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))):
        sign_in(elena)
        late = browser.post(address(owed), sent("submit", version=1))
        assert late.status_code == 409
        assert "Учебный год завершён" in text(late)
        assert "Учебный год завершён" in text(browser.get(address(owed)))
        following = plan_asked(bondarskaya, academic_year=2024, due_on=date(2024, 10, 1))
        begun = browser.post(address(following), {"do": "last", "level": "main", "version": "0"})

    assert len(begun.context["editor"].lines) == len(model_lines("main"))
    assert all(not line["pk"].value() for line in begun.context["editor"].lines)
    assert owed.plan.version == 1


def content(level: str = "main", **more: Any) -> PlanContent:
    lines = [
        LineContent(row["direction"], row["what"], (6, 7), int(row["hours"]), 9, 5, who="Педагог")
        for row in model_lines(level)
    ]
    return PlanContent(level=Level.objects.get(code=level), lines=lines, **more)


def test_the_advanced_level_names_the_agreement_behind_its_classes(owed: Obligation, elena: User) -> None:
    with pytest.raises(workflow.TransitionRefused, match="партнёрское соглашение"):
        hand_in_plan(obligation=owed, content=content("advanced"), version=0, by=elena, at=NOW)
    assert not Plan.objects.exists()

    agreement = AgreementContent("Колледж связи", "12", date(2023, 9, 4), "10 «А», инженерный")
    hand_in_plan(obligation=owed, content=content("advanced", agreements=[agreement]), version=0, by=elena, at=NOW)

    assert owed.plan.agreements.get().partner == "Колледж связи"


def test_a_plan_with_nothing_to_explain_may_be_accepted_with_others(
    owed: Obligation, elena: User, boris: User, sign_in: SignIn
) -> None:
    hand_in_plan(obligation=owed, content=content(), version=0, by=elena, at=NOW)
    browser = sign_in(boris)

    assert "Без вопросов" in text(browser.get(reverse("obligations:inbox")))
    browser.post(reverse("obligations:accept_many"), {"chosen": f"{owed.pk}-{step_of(owed)}"})

    owed.refresh_from_db()
    assert owed.state == State.ACCEPTED
    assert SchoolYear.objects.get(organization=owed.organization).level == Level.objects.get(code="main")


def test_hours_held_are_noted_after_acceptance_and_say_what_will_be_missing(
    owed: Obligation, elena: User, boris: User, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hand_in_plan(obligation=owed, content=content(), version=0, by=elena, at=NOW)
    line = owed.plan.lines.order_by("position")[6]
    browser = sign_in(elena)
    browser.post(reverse("schools:plan_hours", args=[line.pk]), {"hours": "4", "on": "2023-10-10"})
    assert not DoneHours.objects.exists()
    workflow.advance(obligation=owed, act=Act.ACCEPT, by=boris, at=NOW)

    ahead = browser.post(reverse("schools:plan_hours", args=[line.pk]), {"hours": "4", "on": "2023-11-10"})
    assert "не позже сегодняшнего" in text(ahead)
    done = browser.post(
        reverse("schools:plan_hours", args=[line.pk]), {"hours": "4", "on": "2023-10-10", "note": "6 «А»"}
    )
    assert done.status_code == 302
    page = text(browser.get(address(owed)))
    assert "План и факт по направлениям" in page
    assert "проведено 4 ч" in page.lower()
    assert "К маю не хватит" in page
    noted = DoneHours.objects.get()
    strangers = Client()
    strangers.force_login(boris)
    assert strangers.post(reverse("schools:plan_hours_back", args=[noted.pk])).status_code == 403
    browser.post(reverse("schools:plan_hours_back", args=[noted.pk]))
    assert "проведено 0 ч" in text(browser.get(address(owed))).lower()


def test_a_line_with_hours_held_stays(owed: Obligation, elena: User, boris: User) -> None:
    hand_in_plan(obligation=owed, content=content(), version=0, by=elena, at=NOW)
    workflow.advance(obligation=owed, act=Act.ACCEPT, by=boris, at=NOW)
    line = owed.plan.lines.all()[0]
    DoneHours.objects.create(line=line, hours=2, on=date(2023, 10, 2), by=elena, at=NOW)
    workflow.advance(obligation=owed, act=Act.REOPEN, by=boris, at=NOW, comment="Дополните")

    with pytest.raises(Exception, match="отмечены проведённые часы"):
        save_plan(obligation=owed, content=content(), version=1, by=elena, at=NOW)
    with pytest.raises(PlanConflict):
        save_plan(obligation=owed, content=content(), version=0, by=elena, at=NOW)

    assert owed.plan.lines.count() == len(model_lines("main"))
