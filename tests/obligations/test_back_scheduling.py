"""From the region's date to the school's: proposed, taken, and kept to by whoever comes later."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization, User
from accounts.working_days import is_working_day, working_days_between
from obligations.back_scheduling import Ladder, back_schedule
from obligations.fan_out import fan_out
from obligations.levels import Level
from obligations.models import LevelDue, Obligation, Requirement, RequirementBody, Tightening
from obligations.states import Act
from obligations.tightening import due_for, move_due, set_level_dues, tighten
from obligations.workflow import advance
from tests import factories

Browser = Callable[[User], Client]
SCHOOL, MUNICIPALITY = Level.SCHOOL, Level.MUNICIPALITY


@pytest.fixture
def asked(
    requirement: Requirement,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    lyceum: Organization,
    bondarsky: Organization,
    morshansky: Organization,
    anna: User,
    now: datetime,
) -> Requirement:
    """Item 3.2, due on Friday 20 October, asked of all schools and municipalities."""
    for group in ("schools", "municipalities"):
        RequirementBody.objects.create(requirement=requirement, group=group)
    fan_out(requirements=[requirement], by=anna, at=now)
    return requirement


def dues() -> dict[str, date]:
    return dict(Obligation.objects.values_list("organization__short_name", "due_on"))


def test_reviews_are_counted_in_working_days() -> None:
    assert back_schedule(date(2023, 10, 20)) == Ladder(date(2023, 10, 10), date(2023, 10, 17), date(2023, 10, 20))
    # Over the long holidays of 2026 and a date that is a day off itself.
    assert back_schedule(date(2026, 1, 11), regional_review=2, municipal_review=1) == Ladder(
        date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 11)
    )
    assert not back_schedule(date(2045, 5, 5)).is_settled


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)), st.integers(0, 30), st.integers(0, 30))
def test_every_level_has_its_time(due_on: date, regional: int, municipal: int) -> None:
    ladder = back_schedule(due_on, regional_review=regional, municipal_review=municipal)
    assert ladder.school <= ladder.municipality <= ladder.region == due_on
    assert is_working_day(ladder.school)
    assert is_working_day(ladder.municipality)
    assert working_days_between(ladder.municipality, due_on) == regional
    assert working_days_between(ladder.school, ladder.municipality) == municipal


def test_dates_of_levels_move_what_is_open_and_nothing_else(
    asked: Requirement, bondarskaya: Organization, elena: User, anna: User, now: datetime
) -> None:
    handed_in = Obligation.objects.get(organization=bondarskaya)
    advance(obligation=handed_in, act=Act.SUBMIT, by=elena, at=now, note="Готово")
    moved = set_level_dues(
        requirement=asked, dues={SCHOOL: date(2023, 10, 17), MUNICIPALITY: date(2023, 10, 18)}, by=anna, at=now
    )
    assert moved == 3
    assert dues() == {
        "Школа Бондарская": date(2023, 10, 20),
        "Школа Пахотная": date(2023, 10, 17),
        "Лицей областной": date(2023, 10, 20),
        "Бондарский": date(2023, 10, 18),
        "Моршанский": date(2023, 10, 18),
    }
    # Taken back, all owe by the region's date again.
    assert set_level_dues(requirement=asked, dues={SCHOOL: None, MUNICIPALITY: None}, by=anna, at=now) == 3
    assert set(dues().values()) == {date(2023, 10, 20)}
    assert not LevelDue.objects.exists()


def test_whoever_comes_later_owes_by_the_date_of_their_level(
    asked: Requirement, bondarsky: Organization, anna: User, now: datetime
) -> None:
    set_level_dues(requirement=asked, dues={SCHOOL: date(2023, 10, 17), MUNICIPALITY: None}, by=anna, at=now)
    newcomer = factories.SchoolFactory(parent=bondarsky, short_name="Школа Новая")
    stricter = factories.SchoolFactory(parent=bondarsky, short_name="Школа Строгая")
    Tightening.objects.create(requirement=asked, organization=stricter, due_on=date(2023, 10, 12))
    fan_out(requirements=[asked], by=anna, at=now + timedelta(hours=1))
    assert dues()["Школа Новая"] == due_for(asked, newcomer) == date(2023, 10, 17)
    assert dues()["Школа Строгая"] == due_for(asked, stricter) == date(2023, 10, 12)


def test_a_school_on_the_regional_budget_has_a_date_of_its_own(
    asked: Requirement, ministry: Organization, lyceum: Organization, anna: User, now: datetime
) -> None:
    ladder = back_schedule(asked.due_on)
    assert ladder.regional_school == ladder.municipality > ladder.school
    set_level_dues(requirement=asked, dues=ladder.dues, by=anna, at=now)
    assert dues() == {
        "Школа Бондарская": date(2023, 10, 10),
        "Школа Пахотная": date(2023, 10, 10),
        "Лицей областной": date(2023, 10, 17),
        "Бондарский": date(2023, 10, 17),
        "Моршанский": date(2023, 10, 17),
    }
    newcomer = factories.SchoolFactory(parent=ministry, short_name="Гимназия областная")
    college = factories.OrganizationFactory(region=ministry.region, kind="college", parent=ministry)
    RequirementBody.objects.create(requirement=asked, group="colleges")
    fan_out(requirements=[asked], by=anna, at=now + timedelta(hours=1))
    assert dues()["Гимназия областная"] == due_for(asked, newcomer) == date(2023, 10, 17)
    assert dues()[college.short_name] == due_for(asked, college) == date(2023, 10, 20)


def test_stricter_dates_of_a_municipality_and_a_moved_regional_date_respect_the_levels(
    asked: Requirement, bondarsky: Organization, anna: User, boris: User, now: datetime
) -> None:
    set_level_dues(
        requirement=asked, dues={SCHOOL: date(2023, 10, 17), MUNICIPALITY: date(2023, 10, 18)}, by=anna, at=now
    )
    tighten(issuer=bondarsky, dues={asked.pk: date(2023, 10, 18)}, among=[asked.pk], by=boris, at=now, comment="Раньше")
    assert dues()["Школа Пахотная"] == date(2023, 10, 17)
    tighten(issuer=bondarsky, dues={asked.pk: date(2023, 10, 13)}, among=[asked.pk], by=boris, at=now, comment="Раньше")
    assert dues()["Школа Пахотная"] == dues()["Бондарский"] == date(2023, 10, 13)
    move_due(requirement=asked, start_on=None, due_on=date(2023, 11, 20), by=anna, at=now, comment="Новая редакция")
    assert dues() == {
        "Школа Бондарская": date(2023, 10, 13),
        "Школа Пахотная": date(2023, 10, 13),
        "Бондарский": date(2023, 10, 13),
        "Моршанский": date(2023, 10, 18),
        "Лицей областной": date(2023, 11, 20),
    }


class TestThePage:
    @pytest.fixture(autouse=True)
    def _early(self, time_machine: Any) -> None:
        time_machine.move_to(datetime.fromisoformat("2023-10-02T12:00+03:00"))

    def test_the_ministry_takes_what_is_proposed(self, asked: Requirement, anna: User, browser_of: Browser) -> None:
        client, address = browser_of(anna), reverse("obligations:back_schedule", args=[asked.pk])
        page = client.get(address)
        assert (
            "Школы муниципалитетов — до 10 октября 2023 г., муниципалитеты и школы регионального подчинения — до"
            " 17 октября 2023 г."
        ) in page.content.decode().replace("\u00a0", " ")
        taken = {level: page.context["form"][level].value() for level in Level}
        answer = client.post(address, taken, follow=True)
        assert "Срок перенесён у 5 поручений" in answer.content.decode().replace("\u00a0", " ")
        assert dues()["Школа Пахотная"] == date(2023, 10, 10)
        assert dues()["Лицей областной"] == date(2023, 10, 17)
        assert client.get(address).context["form"]["school"].value() == date(2023, 10, 10)

    def test_other_review_times_give_other_dates(self, asked: Requirement, anna: User, browser_of: Browser) -> None:
        address = reverse("obligations:back_schedule", args=[asked.pk])
        page = browser_of(anna).get(address, {"municipal_review": "1", "regional_review": "1"})
        assert (page.context["ladder"].school, page.context["ladder"].municipality) == (
            date(2023, 10, 18),
            date(2023, 10, 19),
        )
        page = browser_of(anna).get(address, {"municipal_review": "много", "regional_review": "999"})
        assert page.status_code == 200
        assert page.context["ladder"] == back_schedule(asked.due_on)

    def test_all_that_is_wrong_is_said_at_once(self, asked: Requirement, anna: User, browser_of: Browser) -> None:
        address = reverse("obligations:back_schedule", args=[asked.pk])
        answer = browser_of(anna).post(address, {"school": "2023-10-21", "municipality": "2023-09-30"})
        assert answer.status_code == 422
        errors = answer.context["form"].errors
        assert errors["school"] == [
            "Укажите день не позже срока региона.",
            "Этот день — выходной. Укажите рабочий день.",
        ]
        assert len(errors["municipality"]) == 2
        answer = browser_of(anna).post(address, {"school": "2023-10-18", "municipality": "2023-10-17"})
        assert answer.context["form"].errors["school"] == ["Школы сдают не позже муниципалитетов."]
        assert not LevelDue.objects.exists()
