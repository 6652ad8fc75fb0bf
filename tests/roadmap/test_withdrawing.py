"""Anna withdraws an order in force: what is not accepted is cancelled with her reason, what was accepted stays."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.fan_out import reconcile
from obligations.models import Obligation, Requirement, ReviewStep
from obligations.states import Act, State
from obligations.workflow import advance
from roadmap.actions import RoadmapRefused, approve, correct_item, preview_withdrawal, withdraw
from roadmap.models import Roadmap, RoadmapState
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in, words_of
from tests.roadmap.test_levels import own_draft
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
ROWS = (
    ("3.1", "Диагностика готовности школы", "До 20.11.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.12.2023 г.", SCHOOLS),
)


@pytest.fixture
def in_force(
    ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization, elena: User, boris: User
) -> Roadmap:
    """Two items, two schools; one of the four is accepted, one handed in."""
    roadmap = draft_of(ministry.region, order_of(*ROWS))
    approve(roadmap=roadmap, by=None, now=NOW)
    for number in ("3.1", "3.2"):
        hand_in(Obligation.objects.get(requirement__number=number, organization=bondarskaya), elena)
    accepted = Obligation.objects.get(requirement__number="3.1", organization=bondarskaya)
    advance(obligation=accepted, act=Act.ACCEPT, by=boris, at=NOW)
    return roadmap


def page_of(roadmap: Roadmap) -> str:
    return reverse("roadmap:withdraw", args=[roadmap.pk])


def test_the_page_counts_and_writes_nothing(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    page = body(browser_of(anna).get(page_of(in_force)))
    assert "3 будет снято" in page
    assert "1 из них сдано и ждёт проверки" in page
    assert "1 принято и останется принятым" in page
    assert "2 организации узнают об этом" in page
    assert Roadmap.objects.get().is_in_force


def test_anna_withdraws_with_a_reason(in_force: Roadmap, anna: User, elena: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    assert client.post(page_of(in_force), {"reason": " "}).status_code == 422
    response = client.post(page_of(in_force), {"reason": "Утверждена по ошибке"}, follow=True)
    page = body(response)
    assert "Дорожная карта отозвана. Снято: 3 поручения." in page
    assert "Эта редакция отозвана" in page
    assert "Причина: Утверждена по ошибке" in page
    in_force.refresh_from_db()
    assert (in_force.state, in_force.withdrawn_by) == (RoadmapState.WITHDRAWN, anna)
    assert sorted(Obligation.objects.values_list("state", flat=True)) == ["accepted", *["cancelled"] * 3]
    comments = ReviewStep.objects.filter(to_state=State.CANCELLED).values_list("comment", flat=True)
    assert set(comments) == {"Приказ отозван: Утверждена по ошибке"}
    assert client.get(page_of(in_force)).status_code == 403, "there is nothing to withdraw any more"
    assert reconcile(requirements=list(Requirement.objects.all()), by=None, at=NOW) == (0, 0)


def test_a_withdrawn_order_may_be_approved_again(in_force: Roadmap, anna: User) -> None:
    withdraw(roadmap=in_force, reason="Ошибка", by=anna, now=NOW)
    again = draft_of(in_force.region, order_of(*ROWS))
    assert again.edition == 2
    assert approve(roadmap=again, by=anna, now=NOW).created == 4


def test_two_people_withdraw_once(in_force: Roadmap, anna: User) -> None:
    withdraw(roadmap=in_force, reason="Ошибка", by=anna, now=NOW)
    with pytest.raises(RoadmapRefused, match="уже не действует"):
        withdraw(roadmap=in_force, reason="Ошибка", by=anna, now=NOW)


def test_what_derives_from_it_goes_only_with_it(
    in_force: Roadmap, bondarsky: Organization, boris: User, anna: User, browser_of: Browser
) -> None:
    own = own_draft(in_force, bondarsky, boris)
    approve(roadmap=own, by=boris, now=NOW)
    with pytest.raises(RoadmapRefused, match="Отзовите их вместе с ней"):
        withdraw(roadmap=in_force, reason="Ошибка", by=anna, now=NOW)
    assert preview_withdrawal(roadmap=in_force).derived == [own]
    client = browser_of(anna)
    assert client.post(page_of(in_force), {"reason": "Ошибка"}).status_code == 422
    client.post(page_of(in_force), {"reason": "Ошибка", "with_derived": "on"})
    assert set(Roadmap.objects.values_list("state", flat=True)) == {RoadmapState.WITHDRAWN}


def test_boris_withdraws_his_own_and_the_earlier_date_goes_back(
    in_force: Roadmap, bondarsky: Organization, bondarskaya: Organization, boris: User, elena: User, browser_of: Browser
) -> None:
    own = own_draft(in_force, bondarsky, boris)
    item = item_of(own, "3.2")
    correct_item(item=item, words=words_of(item, dates=[(None, date(2023, 12, 1))]), by=boris)
    Obligation.objects.filter(requirement__number="3.2").update(state=State.OPEN)
    approve(roadmap=own, by=boris, now=NOW)
    owed = Obligation.objects.filter(requirement__number="3.2", organization=bondarskaya)
    assert owed.get().due_on == date(2023, 12, 1)
    assert browser_of(elena).get(page_of(own)).status_code == 403
    browser_of(boris).post(page_of(own), {"reason": "Не нужна"})
    own.refresh_from_db()
    assert own.state == RoadmapState.WITHDRAWN
    assert owed.get().due_on == date(2023, 12, 20)
    assert owed.get().state == State.OPEN


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_is_drawn_in_the_same_number_of_queries(
    ministry: Organization,
    bondarskaya: Organization,
    anna: User,
    browser_of: Browser,
    count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "До 25.10.2023 г.", SCHOOLS) for n in range(1, count + 1)]
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=None, now=NOW)
    client = browser_of(anna)
    # session, person, memberships, edition; derived, cancelled, handed in, accepted, organizations; bell, extensions
    with django_assert_num_queries(11):  # type: ignore[attr-defined]
        assert client.get(page_of(roadmap)).status_code == 200
