"""A duty moves from one organization to another; each keeps what is its own."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.fan_out import fan_out, reconcile
from obligations.models import Obligation, Requirement
from obligations.states import Act, State
from obligations.workflow import TransitionRefused, advance, hand_over
from tests import factories

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("october")
LATER = date(2023, 11, 1)


def move(obligation: Obligation, to: Organization, by: User, at: datetime) -> Obligation:
    return hand_over(obligation=obligation, to=to, due_on=LATER, by=by, at=at, comment="Дети переведены")


def page(browser: Client, obligation: Obligation) -> str:
    answer = browser.get(obligation.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_boris_moves_a_duty_and_both_schools_see_why(
    obligation: Obligation,
    elena: User,
    ivan: User,
    boris: User,
    pakhotnaya: Organization,
    browser_of: Browser,
    now: datetime,
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Сделали половину")
    browser = browser_of(boris)
    url = reverse("obligations:reassign", args=[obligation.pk])
    assert "Школа Пахотная" in browser.get(url).content.decode()
    sent = {"organization": pakhotnaya.pk, "due_on": LATER.isoformat(), "comment": "9 класс переведён"}
    assert browser.post(url, sent)["Location"] == obligation.get_absolute_url()

    obligation.refresh_from_db()
    received = Obligation.objects.get(organization=pakhotnaya)
    assert (obligation.state, received.state, received.due_on) == (State.CANCELLED, State.OPEN, LATER)
    assert received.note == ""
    at_elena = page(browser_of(elena), obligation)
    assert "Поручение передано" in at_elena
    assert "Теперь его исполняет Школа Пахотная" in at_elena
    assert "Сделали половину" in at_elena
    assert received.get_absolute_url() not in at_elena
    at_ivan = page(browser_of(ivan), received)
    assert "Передано от другой организации" in at_ivan
    assert "9 класс переведён" in at_ivan
    assert "Сделали половину" not in at_ivan
    assert obligation.get_absolute_url() not in at_ivan
    at_boris = page(browser_of(boris), received)
    assert obligation.get_absolute_url() in at_boris
    assert browser_of(ivan).get(obligation.get_absolute_url()).status_code == 404


def test_who_owes_it_already_is_not_given_it_twice(
    obligation: Obligation, boris: User, pakhotnaya: Organization, browser_of: Browser, now: datetime
) -> None:
    factories.ObligationFactory(requirement=obligation.requirement, organization=pakhotnaya)
    with pytest.raises(TransitionRefused, match="уже исполняет"):
        move(obligation, pakhotnaya, boris, now)
    obligation.refresh_from_db()
    assert obligation.state == State.OPEN
    assert not obligation.steps.exists()
    offered = browser_of(boris).get(reverse("obligations:reassign", args=[obligation.pk])).content.decode()
    assert "Школа Пахотная" not in offered


@pytest.mark.parametrize("where", ["foreign", "itself", "closed", "elsewhere"])
def test_boris_moves_it_within_his_own_municipality_only(
    obligation: Obligation,
    boris: User,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    stranger_ministry: Organization,
    now: datetime,
    where: str,
) -> None:
    pakhotnaya.is_active = False
    pakhotnaya.save()
    to = {"foreign": morshanskaya, "itself": bondarskaya, "closed": pakhotnaya, "elsewhere": stranger_ministry}[where]
    with pytest.raises(TransitionRefused):
        move(obligation, to, boris, now)
    assert Obligation.objects.count() == 1


def test_anna_moves_it_to_any_organization_of_the_region(
    obligation: Obligation, anna: User, morshanskaya: Organization, now: datetime
) -> None:
    assert move(obligation, morshanskaya, anna, now).organization == morshanskaya


def test_a_duty_moved_back_begins_anew_and_tells_the_whole_way(
    obligation: Obligation, elena: User, boris: User, bondarskaya: Organization, pakhotnaya: Organization, now: datetime
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Сделано")
    there = move(obligation, pakhotnaya, boris, now)
    back = move(there, bondarskaya, boris, now + timedelta(hours=1))
    assert back == obligation
    assert (back.state, back.submitted_at, back.first_submitted_at) == (State.OPEN, None, None)
    acts = list(back.steps.values_list("act", flat=True))
    assert acts == [Act.SUBMIT, Act.REASSIGN, Act.RECEIVE]
    assert list(there.steps.values_list("act", flat=True)) == [Act.RECEIVE, Act.REASSIGN]


def test_reconciling_keeps_what_a_person_moved(
    requirement: Requirement,
    boris: User,
    bondarsky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    now: datetime,
) -> None:
    """Neither does the old owner get it back, nor does the new one, whom nobody named, lose it."""
    requirement.bodies.create(organization=bondarskaya)
    fan_out(requirements=[requirement], by=None, at=now)
    received = move(Obligation.objects.get(), pakhotnaya, boris, now)
    assert reconcile(requirements=[requirement], by=None, at=now) == (0, 0)
    received.refresh_from_db()
    assert received.state == State.OPEN
    pakhotnaya.is_active = False
    pakhotnaya.save()
    assert reconcile(requirements=[requirement], by=None, at=now) == (0, 1)


def test_the_form_says_all_that_is_wrong_at_once(
    obligation: Obligation, boris: User, pakhotnaya: Organization, browser_of: Browser
) -> None:
    url = reverse("obligations:reassign", args=[obligation.pk])
    empty = browser_of(boris).post(url, {}).content.decode()
    for said in ("Выберите организацию.", "Назовите срок.", "Напишите, почему поручение передаётся"):
        assert said in empty
    past = {"organization": pakhotnaya.pk, "due_on": "2023-10-15", "comment": "Так надо"}
    answer = browser_of(boris).post(url, past)
    assert answer.status_code == 422
    assert "Срок не может быть в прошлом" in answer.content.decode()


def test_a_page_grown_old_moves_nothing_and_keeps_the_words(
    obligation: Obligation, elena: User, boris: User, pakhotnaya: Organization, browser_of: Browser, now: datetime
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Готово")
    sent = {"organization": pakhotnaya.pk, "due_on": LATER.isoformat(), "comment": "Класс переведён", "seen": 0}
    answer = browser_of(boris).post(reverse("obligations:reassign", args=[obligation.pk]), sent)
    assert answer.status_code == 409
    assert "поручение изменилось" in answer.content.decode()
    assert "Класс переведён" in answer.content.decode()
    assert Obligation.objects.count() == 1
