"""More time: Elena asks, Boris grants or refuses, the date moves and everybody sees why."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.actions import ExtensionRefused, ask_extension, decide_extension, withdraw_extension
from obligations.models import Extension, ExtensionState, Obligation, Requirement, ReviewStep
from obligations.states import Act, State
from obligations.workflow import TransitionRefused, advance, cancel_many, hand_over, last_step_id, move_due_many
from tests import factories
from tests.obligations.samples import EXE, upload

Browser = Callable[[User], Client]
Ask = Callable[..., Extension]
pytestmark = pytest.mark.usefixtures("october")
WANTED = date(2023, 10, 30)


def url(name: str, *args: int) -> str:
    return reverse(f"obligations:{name}", args=args)


def shown(browser: Client, name: str, *args: int, **query: str) -> str:
    answer = browser.get(url(name, *args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def ask(now: datetime) -> Ask:
    def _ask(obligation: Obligation, by: User, wanted_on: date = WANTED) -> Extension:
        return ask_extension(
            obligation=obligation, wanted_on=wanted_on, grounds="Приказ на подписи у директора", by=by, at=now
        )

    return _ask


# --- the story --------------------------------------------------------------------------------
def test_elena_asks_for_more_time_and_boris_grants_it(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, october: Callable[[], None]
) -> None:
    at_elena, at_boris = browser_of(elena), browser_of(boris)
    assert "Запросить продление срока" in shown(at_elena, "detail", obligation.pk)
    sent = {"wanted_on": "2023-10-30", "grounds": "Директор в отпуске", "attachment": upload("Приказ об отпуске.pdf")}
    assert at_elena.post(url("ask_extension", obligation.pk), sent)["Location"] == obligation.get_absolute_url()
    asked = Extension.objects.get()
    assert (asked.due_before, asked.wanted_on, asked.asked_by) == (date(2023, 10, 20), WANTED, elena)
    assert "Запрошено продление срока" in shown(at_elena, "detail", obligation.pk)
    assert "запрошено продление до 30\u00a0октября\u00a02023\u00a0г." in shown(at_elena, "todo")

    october()
    listed = shown(at_boris, "extensions")
    assert 'class="nav-count"' in listed
    assert "Ждёт решения 1\u00a0запрос о продлении" in listed
    assert "Директор в отпуске" in listed
    letter = at_boris.get(url("extension_file", asked.pk))
    assert b"".join(letter.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    opened = shown(at_boris, "extension", asked.pk)
    assert opened.count("btn-primary") == 1
    at_boris.post(url("decide_extension", asked.pk), {"decision": "grant", "comment": "Последний раз"})

    obligation.refresh_from_db()
    asked.refresh_from_db()
    assert (obligation.due_on, obligation.extended_from) == (WANTED, date(2023, 10, 20))
    assert (asked.state, asked.granted_on, asked.ended_by) == (ExtensionState.GRANTED, WANTED, boris)
    assert "срок 20.10.2023, продлён до" in shown(at_elena, "todo")
    page = shown(at_elena, "detail", obligation.pk)
    assert "первоначально 20\u00a0октября" in page
    history = page.partition("История</h2>")[2]
    assert history.index("Запрошено продление срока") < history.index("Срок продлён")
    assert "Последний раз" in history
    assert 'class="nav-count"' not in shown(at_boris, "extensions")


def test_who_grants_their_own_request_is_marked(
    requirement: Requirement, ministry: Organization, anna: User, now: datetime, ask: Ask, browser_of: Browser
) -> None:
    own = factories.ObligationFactory(requirement=requirement, organization=ministry)
    asked = ask(own, anna)
    decide_extension(extension=asked, grant=True, by=anna, at=now)
    client, mark = browser_of(anna), "Просил и решил один и тот же человек"
    assert mark in shown(client, "extension", asked.pk)
    assert mark in shown(client, "history", own.pk)
    page = shown(client, "detail", own.pk)
    assert mark in page
    assert "просил и продлил один и тот же человек" in page


def test_an_extended_obligation_is_overdue_and_late_by_its_new_date(
    obligation: Obligation, elena: User, boris: User, ask: Ask, now: datetime
) -> None:
    decide_extension(extension=ask(obligation, elena), grant=True, by=boris, at=now)
    obligation.refresh_from_db()
    assert not Obligation.objects.overdue(date(2023, 10, 30)).exists()
    assert Obligation.objects.overdue(date(2023, 10, 31)).exists()
    in_time = now + timedelta(days=10)
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=in_time, note="Готово")
    assert Obligation.objects.clean(time_zone="Europe/Moscow").exists()


def test_a_second_extension_keeps_the_first_date(
    obligation: Obligation, elena: User, boris: User, ask: Ask, now: datetime
) -> None:
    decide_extension(extension=ask(obligation, elena), grant=True, by=boris, at=now)
    later = ask(obligation, elena, date(2023, 11, 20))
    decide_extension(extension=later, grant=True, due_on=date(2023, 11, 10), by=boris, at=now)
    obligation.refresh_from_db()
    assert (obligation.due_on, obligation.extended_from) == (date(2023, 11, 10), date(2023, 10, 20))
    dates = ReviewStep.objects.filter(act=Act.GRANT_EXTENSION).values_list("due_before", "due_after")
    assert list(dates) == [(date(2023, 10, 20), WANTED), (WANTED, date(2023, 11, 10))]


def test_boris_refuses_and_says_why(
    obligation: Obligation, elena: User, boris: User, ask: Ask, browser_of: Browser
) -> None:
    asked = ask(obligation, elena)
    browser = browser_of(boris)
    wordless = browser.post(url("decide_extension", asked.pk), {"decision": "refuse"})
    assert wordless.status_code == 422
    assert "Напишите, почему отказано." in wordless.content.decode()
    browser.post(url("decide_extension", asked.pk), {"decision": "refuse", "comment": "Срок назван приказом"})
    asked.refresh_from_db()
    obligation.refresh_from_db()
    assert (asked.state, obligation.due_on) == (ExtensionState.REFUSED, date(2023, 10, 20))
    page = shown(browser_of(elena), "detail", obligation.pk)
    assert "В продлении срока отказано" in page
    assert "Срок назван приказом" in page
    assert "Запросить продление срока" in page


def test_an_overdue_obligation_may_still_be_extended(
    obligation: Obligation, elena: User, boris: User, ask: Ask, now: datetime
) -> None:
    Obligation.objects.update(due_on=date(2023, 10, 2))
    obligation.refresh_from_db()
    decide_extension(extension=ask(obligation, elena), grant=True, by=boris, at=now)
    assert not Obligation.objects.overdue(date(2023, 10, 16)).exists()


# --- what is refused --------------------------------------------------------------------------
def test_there_is_one_open_request_at_a_time(obligation: Obligation, elena: User, ask: Ask) -> None:
    asked = ask(obligation, elena)
    with pytest.raises(ExtensionRefused, match="уже ждёт решения"):
        ask(obligation, elena)
    asked.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        asked.save(force_insert=True)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (date(2023, 10, 20), "позже нынешнего"),
        (date(2023, 10, 1), "позже нынешнего"),
        (date(2024, 9, 1), "не дальше конца учебного года"),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_and_no_file_is_left(
    obligation: Obligation,
    elena: User,
    browser_of: Browser,
    settings: LazySettings,
    wanted: date,
    said: str,
) -> None:
    sent = {"wanted_on": wanted.isoformat(), "grounds": "Так вышло", "attachment": upload("Письмо.pdf")}
    answer = browser_of(elena).post(url("ask_extension", obligation.pk), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Extension.objects.exists()
    assert not ReviewStep.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_date_in_the_past_is_refused_even_when_later_than_the_due_date(
    obligation: Obligation, elena: User, ask: Ask
) -> None:
    Obligation.objects.update(due_on=date(2023, 10, 2))
    with pytest.raises(ExtensionRefused, match="в прошлом"):
        ask(obligation, elena, date(2023, 10, 10))


def test_a_program_is_no_grounds(obligation: Obligation, elena: User, browser_of: Browser) -> None:
    sent = {"wanted_on": "2023-10-30", "grounds": "", "attachment": upload("Письмо.pdf", EXE)}
    answer = browser_of(elena).post(url("ask_extension", obligation.pk), sent).content.decode()
    assert "Напишите основание" in answer
    assert "не соответствует расширению" in answer


def test_what_is_handed_in_needs_no_more_time(
    obligation: Obligation, elena: User, browser_of: Browser, now: datetime
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Готово")
    answer = browser_of(elena).get(url("ask_extension", obligation.pk), follow=True)
    assert "продлевать срок уже не нужно" in answer.content.decode()


# --- how a request ends by itself -------------------------------------------------------------
def test_elena_takes_her_request_back(
    obligation: Obligation, elena: User, boris: User, ask: Ask, browser_of: Browser, now: datetime
) -> None:
    asked = ask(obligation, elena)
    browser_of(elena).post(url("withdraw_extension", asked.pk))
    asked.refresh_from_db()
    assert asked.state == ExtensionState.WITHDRAWN
    with pytest.raises(ExtensionRefused, match="«Отозвано»"):
        decide_extension(extension=asked, grant=True, by=boris, at=now)
    with pytest.raises(ExtensionRefused):
        withdraw_extension(extension=asked, by=elena, at=now)
    assert ask(obligation, elena).is_open


@pytest.mark.parametrize("how", ["submit", "nil", "cancel", "leave", "move"])
def test_a_request_closes_with_its_obligation(
    obligation: Obligation,
    elena: User,
    boris: User,
    anna: User,
    pakhotnaya: Organization,
    ask: Ask,
    now: datetime,
    how: str,
) -> None:
    asked = ask(obligation, elena)
    match how:
        case "submit":
            advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Готово")
        case "nil":
            advance(obligation=obligation, act=Act.DECLARE_NIL, by=elena, at=now, comment="Нет классов")
        case "cancel":
            advance(obligation=obligation, act=Act.CANCEL, by=anna, at=now, comment="Не нужно")
        case "leave":
            cancel_many(obligations=Obligation.objects.all(), by=None, at=now, comment="Закрыта")
        case _:
            hand_over(obligation=obligation, to=pakhotnaya, due_on=WANTED, by=boris, at=now, comment="Передано")
    asked.refresh_from_db()
    assert (asked.state, asked.ended_at) == (ExtensionState.CLOSED, now)
    assert not Extension.objects.decided_by(boris).open().exists()
    with pytest.raises((ExtensionRefused, TransitionRefused)):
        decide_extension(extension=asked, grant=True, by=boris, at=now)


def test_a_page_opened_before_the_extension_may_still_be_sent(
    obligation: Obligation, elena: User, boris: User, ask: Ask, browser_of: Browser, now: datetime
) -> None:
    """The date alone has moved: the answer being written is not out of date."""
    seen = last_step_id(obligation)
    decide_extension(extension=ask(obligation, elena), grant=True, by=boris, at=now)
    browser_of(elena).post(url("submit", obligation.pk), {"note": "Готово", "seen": seen})
    obligation.refresh_from_db()
    assert obligation.state == State.SUBMITTED


def test_a_new_date_for_everybody_takes_the_place_of_an_extension(
    obligation: Obligation, elena: User, boris: User, ask: Ask, now: datetime
) -> None:
    decide_extension(extension=ask(obligation, elena), grant=True, by=boris, at=now)
    due = date(2023, 11, 15)
    moved = move_due_many(obligations=Obligation.objects.all(), due_on=due, by=None, at=now, comment="Редакция № 2")
    obligation.refresh_from_db()
    assert (moved, obligation.due_on, obligation.extended_from) == (1, due, None)
    step = obligation.steps.latest("pk")
    assert (step.act, step.due_before, step.due_after) == (Act.MOVE_DUE, WANTED, due)
    assert move_due_many(obligations=Obligation.objects.all(), due_on=due, by=None, at=now, comment="Ещё раз") == 0


# --- many at once -----------------------------------------------------------------------------
def test_boris_decides_several_at_once_and_is_told_who_was_quicker(
    elena: User, ivan: User, boris: User, bondarskaya: Organization, pakhotnaya: Organization, ask: Ask,
    browser_of: Browser, now: datetime,
) -> None:  # fmt: skip
    made = [
        ask(factories.ObligationFactory(organization=school, requirement__region=school.region), by)
        for school, by in ((bondarskaya, elena), (bondarskaya, elena), (pakhotnaya, ivan))
    ]
    withdraw_extension(extension=made[2], by=ivan, at=now)
    sent = {"chosen": [one.pk for one in made], "decision": "grant", "due_on": "2023-11-03"}
    told = browser_of(boris).post(url("decide_extensions"), sent, follow=True).content.decode()
    assert "Срок продлён: 2\u00a0поручения." in told
    assert f"Не решено — {made[2].obligation.requirement.number}, Школа Пахотная" in told
    assert sorted(Obligation.objects.values_list("due_on", flat=True)) == [
        date(2023, 10, 20),
        date(2023, 11, 3),
        date(2023, 11, 3),
    ]


def test_nothing_ticked_and_nothing_said_are_told_together(
    obligation: Obligation, elena: User, boris: User, ask: Ask, browser_of: Browser
) -> None:
    ask(obligation, elena)
    answer = browser_of(boris).post(url("decide_extensions"), {"decision": "refuse", "chosen": ["x", "-1"]})
    assert answer.status_code == 422
    for said in ("Отметьте хотя бы один запрос.", "Напишите, почему отказано."):
        assert said in answer.content.decode()


def test_a_foreign_request_is_not_even_named(
    obligation: Obligation, elena: User, galina: User, ask: Ask, browser_of: Browser
) -> None:
    asked = ask(obligation, elena)
    browser = browser_of(galina)
    assert obligation.requirement.title not in shown(browser, "extensions")
    told = browser.post(url("decide_extensions"), {"decision": "grant", "chosen": asked.pk}, follow=True)
    assert obligation.requirement.number not in told.content.decode().partition("<main")[2]
    asked.refresh_from_db()
    assert asked.is_open


def test_the_list_is_narrowed_by_item_and_organization(
    elena: User, ivan: User, boris: User, bondarskaya: Organization, pakhotnaya: Organization, ask: Ask,
    browser_of: Browser,
) -> None:  # fmt: skip
    for school, by in ((bondarskaya, elena), (pakhotnaya, ivan)):
        ask(factories.ObligationFactory(organization=school, requirement__region=school.region), by)
    of_one = shown(browser_of(boris), "extensions", organization=str(bondarskaya.pk))
    rows = of_one.partition("<tbody")[2]
    assert "Школа Бондарская" in rows
    assert "Школа Пахотная" not in rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_however_long(
    elena: User, boris: User, bondarskaya: Organization, ask: Ask, browser_of: Browser, rows: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for _ in range(rows):
        ask(factories.ObligationFactory(organization=bondarskaya, requirement__region=bondarskaya.region), elena)
    browser = browser_of(boris)
    # session, user, memberships; items, organizations; how many; the rows; the count of the navigation, bell
    with django_assert_num_queries(9):
        shown(browser, "extensions")
