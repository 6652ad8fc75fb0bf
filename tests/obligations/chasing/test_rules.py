"""The ministry sets when one is reminded; letters and pages follow."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region, User
from obligations.chasing.rules import read_schedules
from obligations.chasing.schedules import DEFAULT_SCHEDULE, ReminderSchedule
from obligations.chasing.sending import chase
from obligations.chasing.settings import set_region_rule, set_requirement_rules
from obligations.models import Obligation, ReminderRule, Requirement
from tests import factories
from tests.conftest import TODAY
from tests.obligations.chasing.samples import clock, letters

OFTEN = ReminderSchedule((14, 7, 2, 0), coordinator_after=1, ministry_after=2)
Browser = Callable[[User], Client]


def test_without_a_rule_the_default_stands(region: Region) -> None:
    assert read_schedules(region).of(7) == DEFAULT_SCHEDULE
    assert ReminderSchedule((7, 3, 1, 0), 3, 7) == DEFAULT_SCHEDULE


def test_the_newest_rule_stands_and_the_others_are_history(
    region: Region, requirement: Requirement, anna: User, now: datetime
) -> None:
    assert set_region_rule(region=region, schedule=OFTEN, by=anna, at=now)
    assert not set_region_rule(region=region, schedule=OFTEN, by=anna, at=now)
    assert read_schedules(region).of(requirement.pk) == OFTEN
    rare = ReminderSchedule((1, 0), 10, 20)
    assert set_requirement_rules(requirements=[requirement], schedule=rare, by=anna, at=now) == 1
    assert read_schedules(region).of(requirement.pk) == rare
    assert read_schedules(region, requirement).own == {requirement.pk: rare}
    assert set_requirement_rules(requirements=[requirement], schedule=None, by=anna, at=now) == 1
    assert set_requirement_rules(requirements=[requirement], schedule=None, by=anna, at=now) == 0
    assert read_schedules(region).of(requirement.pk) == OFTEN
    assert ReminderRule.objects.count() == 3


def test_letters_follow_the_rule_of_their_requirement(
    region: Region,
    anna: User,
    boris: User,
    elena: User,
    bondarskaya: Organization,
    owe: Callable[..., Obligation],
    now: datetime,
) -> None:
    in_a_fortnight, tomorrow, late = owe(bondarskaya, 14), owe(bondarskaya, 1), owe(bondarskaya, -2)
    set_requirement_rules(
        requirements=[one.requirement for one in (in_a_fortnight, tomorrow, late)], schedule=OFTEN, by=anna, at=now
    )
    owe(bondarskaya, -2)
    chase(region=region, today=TODAY, clock=clock)
    told = {name: text.replace("\u00a0", " ") for name, text in letters().items()}
    assert set(told) == {"elena@example.test", "boris@example.test"}
    assert "Срок через 14 дней" in told["elena@example.test"]
    assert "Срок завтра" not in told["elena@example.test"]
    # One of the two overdue for two days has a rule by which the coordinator hears after one.
    assert "свой порядок) — 1 поручение" in told["boris@example.test"]


def test_a_region_may_be_told_at_once(
    region: Region,
    anna: User,
    boris: User,
    elena: User,
    bondarskaya: Organization,
    owe: Callable[..., Obligation],
    now: datetime,
) -> None:
    owe(bondarskaya, -1)
    set_region_rule(region=region, schedule=ReminderSchedule((0,), 0, 0), by=anna, at=now)
    chase(region=region, today=TODAY, clock=clock)
    told = letters()["anna@example.test"].replace("\u00a0", " ")
    assert "Школы муниципалитетов: просрочено — 1 поручение" in told
    assert "boris@example.test" in letters()


def test_before_a_weekend_the_letter_tells_of_what_the_weekend_would(
    region: Region, elena: User, bondarskaya: Organization, owe: Callable[..., Obligation]
) -> None:
    friday = date(2023, 10, 20)
    for days in (4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14):  # from Friday on: 0 … 10
        owe(bondarskaya, days)
    chase(region=region, today=friday, clock=clock)
    told = letters()["elena@example.test"].replace("\u00a0", " ")
    assert [days for days in range(2, 11) if f"Срок через {days} д" in told] == [2, 3, 4, 5, 7, 8, 9]
    assert "Срок сегодня" in told
    assert "Срок завтра" in told


class TestThePages:
    def test_the_ministry_changes_the_order_and_sees_who_did(
        self, region: Region, requirement: Requirement, anna: User, browser_of: Browser
    ) -> None:
        address, client = reverse("obligations:reminders"), browser_of(anna)
        filled = {"days": "10; 5 1", "coordinator_after": "2", "ministry_after": "4"}
        assert client.post(address, filled).status_code == 302
        assert read_schedules(region).general == ReminderSchedule((10, 5, 1, 0), 2, 4)
        shown = client.get(address)
        assert shown.context["form"]["days"].value() == "10, 5, 1"
        assert "за 10, 5, 1, 0 дн." in shown.content.decode()
        assert str(anna) in shown.content.decode()

    def test_all_that_is_wrong_is_said_at_once(self, region: Region, anna: User, browser_of: Browser) -> None:
        wrong = {"days": "7, завтра, 400", "coordinator_after": "9", "ministry_after": "2"}
        answer = browser_of(anna).post(reverse("obligations:reminders"), wrong)
        page = answer.content.decode().replace("\u00a0", " ")
        assert answer.status_code == 422
        for said in ("«завтра» — не число дней", "400 дней — слишком рано", "не раньше проверяющего"):
            assert said in page
        assert not ReminderRule.objects.exists()
        many = {"days": "1 2 3 4 5 6", "coordinator_after": "-1", "ministry_after": ""}
        answer = browser_of(anna).post(reverse("obligations:reminders"), many)
        assert set(answer.context["form"].errors) == {"days", "coordinator_after", "ministry_after"}

    def test_one_item_with_three_dates_gets_its_own_order_at_a_stroke(
        self,
        region: Region,
        requirement: Requirement,
        anna: User,
        browser_of: Browser,
        time_machine: Any,
        now: datetime,
    ) -> None:
        time_machine.move_to(now)
        for month in (11, 12):
            factories.RequirementFactory(region=region, number="3.2", due_on=date(2023, month, 20))
        factories.RequirementFactory(region=region, number="3.3")
        address, client = reverse("obligations:requirement_reminders", args=[requirement.pk]), browser_of(anna)
        filled = {"order": "own", "days": "2", "coordinator_after": "1", "ministry_after": "1", "whole_item": "on"}
        assert client.post(address, filled).status_code == 302
        assert len(read_schedules(region).own) == 3
        assert "свой" in client.get(reverse("obligations:reminders"), {"number": "3.2"}).content.decode()
        # The region's order again, whatever nonsense stands in the other fields.
        assert client.post(address, {"order": "general", "days": "чушь"}).status_code == 302
        assert len(read_schedules(region).own) == 2
        assert "Возвращён общий порядок" in client.get(address).content.decode()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list_takes_the_same_queries(
        self,
        rows: int,
        region: Region,
        anna: User,
        browser_of: Browser,
        time_machine: Any,
        now: datetime,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        time_machine.move_to(now)
        for one in factories.RequirementFactory.create_batch(rows, region=region):
            set_requirement_rules(requirements=[one], schedule=OFTEN, by=anna, at=now)
            set_region_rule(region=region, schedule=ReminderSchedule((one.pk % 80, 0)), by=anna, at=now)
        client = browser_of(anna)
        # Session, person, memberships; rules; count, requirements; changes; the bell and requests for more time.
        with django_assert_num_queries(9):
            assert len(client.get(reverse("obligations:reminders")).context["rows"]) == rows

    def test_the_obligation_says_when_its_owner_is_reminded(
        self,
        obligation: Obligation,
        bondarsky: Organization,
        elena: User,
        anna: User,
        browser_of: Browser,
        time_machine: Any,
        now: datetime,
    ) -> None:
        time_machine.move_to(now)
        page = browser_of(elena).get(obligation.get_absolute_url()).content.decode()
        assert "письмом 17.10.2023, 19.10.2023, 20.10.2023." in page
        assert (
            f"Если не сдать, с&nbsp;24.10.2023 об этом узнаёт {bondarsky.name}, с&nbsp;30.10.2023 — министерство."
            in page
        )
        assert "Изменить порядок напоминаний" not in page
        assert "Изменить порядок напоминаний" in browser_of(anna).get(obligation.get_absolute_url()).content.decode()
        time_machine.move_to(now + timedelta(days=9))
        page = browser_of(elena).get(obligation.get_absolute_url()).content.decode()
        assert "Писем об этом поручении ещё не было. Пока поручение не сдано, портал пишет" in page
        assert f"Об этом уже знает: {bondarsky.name}. Если не сдать, с&nbsp;30.10.2023 об этом узнаёт" in page
        chase(region=obligation.organization.region, today=date(2023, 10, 24), clock=lambda: now + timedelta(days=8))
        time_machine.move_to(now + timedelta(days=15))
        page = browser_of(elena).get(obligation.get_absolute_url()).content.decode()
        assert "Отправлено 1\u00a0письмо, последнее — 24.10.2023." in page
        assert f"Об этом уже знают: {bondarsky.name}, министерство." in page
        assert "Если не сдать" not in page

    def test_a_year_whose_transfers_are_not_decided_says_so(
        self, obligation: Obligation, elena: User, browser_of: Browser
    ) -> None:
        Obligation.objects.update(due_on=date(2045, 3, 1))
        page = browser_of(elena).get(obligation.get_absolute_url()).content.decode()
        assert "Переносы выходных на 2045 год ещё не утверждены" in page
