"""A second order for a year in which one is in force: Anna says whether it replaces the first or stands beside it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organization, User
from obligations.models import Obligation, ReviewStep
from obligations.states import State
from roadmap.actions import RoadmapRefused, above_for, approve, preview_approval, renew
from roadmap.models import Roadmap, RoadmapState
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, order_of
from tests.roadmap.test_actions import hand_in, states
from tests.roadmap.test_levels import own_draft
from tests.roadmap.test_views_approval import page_of, seen_on
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]

FIRST = (
    ("3.1", "Диагностика готовности школы", "До 20.09.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.10.2023 г.", SCHOOLS),
)
SECOND = (
    ("3.1", "Приказ о реализации профминимума", "До 25.10.2023 г.", SCHOOLS),
    ("3.2", "Рабочая группа", "До 01.12.2023 г.", SCHOOLS),
)


@pytest.fixture
def first(ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization) -> Roadmap:
    """Order 2381, in force: two items, two schools."""
    roadmap = draft_of(ministry.region, order_of(*FIRST))
    approve(roadmap=roadmap, by=None, now=NOW)
    return roadmap


@pytest.fixture
def second(first: Roadmap) -> Roadmap:
    """Order 400 for the same year, a draft."""
    return draft_of(first.region, order_of(*SECOND), order_number="400")


def test_without_a_choice_nothing_is_approved(first: Roadmap, second: Roadmap) -> None:
    with pytest.raises(RoadmapRefused, match="уже действует приказ №\u00a02381"):
        approve(roadmap=second, by=None, now=NOW)
    with pytest.raises(RoadmapRefused, match="больше не действует"):
        approve(roadmap=second, by=None, now=NOW, replaces=second.pk)
    assert Obligation.objects.count() == 4
    second.refresh_from_db()
    assert second.is_draft


def test_the_page_counts_both_choices_and_preselects_none(
    first: Roadmap, second: Roadmap, anna: User, elena: User, browser_of: Browser
) -> None:
    hand_in(Obligation.objects.get(requirement__number="3.1", organization__memberships__user=elena), elena)
    response = browser_of(anna).get(page_of(second))
    page = body(response)
    assert "На 2023/2024 учебный год уже действует приказ № 2381 от 25.08.2023" in page
    replace = "Заменить его: новых поручений — 2, сохранят состояние — 2, из них с новым сроком — 2, снимем — 2,"
    assert f"{replace} из них уже сдано и ждёт проверки — 1" in page
    assert "Добавить: действуют оба. К прежним прибавится 4 поручения" in page
    radios = re.findall(r'<input type="radio"[^>]*>', response.content.decode())
    assert len(radios) == 2
    assert not any("checked" in radio for radio in radios)
    assert all("required" in radio for radio in radios)


def test_a_form_sent_without_the_choice_comes_back(
    first: Roadmap, second: Roadmap, anna: User, browser_of: Browser
) -> None:
    client = browser_of(anna)
    response = client.post(page_of(second), {"seen": seen_on(client.get(page_of(second)))})
    assert response.status_code == 422
    assert "Выберите, заменяет ли новый приказ действующий." in body(response)
    response = client.post(page_of(second), {"seen": seen_on(response), "beside": "999"})
    assert response.status_code == 422
    assert Obligation.objects.count() == 4


def test_replacing_carries_what_both_ask_and_cancels_the_rest(
    first: Roadmap, second: Roadmap, anna: User, elena: User, bondarskaya: Organization, browser_of: Browser
) -> None:
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=bondarskaya), elena)
    client = browser_of(anna)
    seen = seen_on(client.get(page_of(second)))
    response = client.post(page_of(second), {"seen": seen, "beside": str(first.pk)}, follow=True)
    assert "Создано: 2 поручения. Продолжают действовать из прежней редакции: 2 поручения." in body(response)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.replaced_by, second.state) == (RoadmapState.SUPERSEDED, second, RoadmapState.APPROVED)
    owed = {k: v for k, v in states().items() if str(bondarskaya) in k}
    assert sorted(owed.values()) == [State.CANCELLED, State.OPEN, State.SUBMITTED]
    dropped = ReviewStep.objects.filter(obligation__state=State.CANCELLED).values_list("comment", flat=True)
    assert set(dropped) == {"Исключено приказом №\u00a0400 от\u00a025.08.2023"}
    moved = ReviewStep.objects.exclude(due_after=None).values_list("comment", flat=True)
    assert set(moved) == {"Срок перенесён приказом №\u00a0400 от\u00a025.08.2023: 20.10.2023\u00a0→ 25.10.2023"}
    assert "Действует приказ № 400 от 25.08.2023" in body(client.get(first.get_absolute_url()))


def test_added_beside_the_first_both_are_in_force_and_their_next_editions_ask_nothing(
    first: Roadmap, second: Roadmap, anna: User, browser_of: Browser
) -> None:
    client = browser_of(anna)
    seen = seen_on(client.get(page_of(second)))
    client.post(page_of(second), {"seen": seen, "beside": "add"})
    assert Roadmap.objects.approved().count() == 2
    assert Obligation.objects.in_force().count() == 8
    third = draft_of(first.region, order_of(*FIRST[:1]))
    assert not preview_approval(roadmap=third).beside
    assert approve(roadmap=third, by=anna, now=NOW).cancelled == 2
    assert Roadmap.objects.approved().count() == 2


def test_an_order_approved_meanwhile_is_shown_before_anything_is_done(
    first: Roadmap, ministry: Organization, anna: User, browser_of: Browser
) -> None:
    client = browser_of(anna)
    second = draft_of(ministry.region, order_of(*SECOND), order_number="400")
    seen = seen_on(client.get(page_of(second)))
    third = draft_of(ministry.region, order_of(*SECOND), order_number="500")
    approve(roadmap=third, by=None, now=NOW, beside=True)
    response = client.post(page_of(second), {"seen": seen, "beside": "add"})
    assert response.status_code == 409
    assert "Заменить приказ № 500 от 25.08.2023:" in body(response)
    assert "Добавить: действуют все." in body(response)


def test_who_derived_from_the_replaced_order_follows_the_new_one(
    first: Roadmap, second: Roadmap, bondarsky: Organization, boris: User
) -> None:
    own = own_draft(first, bondarsky, boris)
    approve(roadmap=own, by=boris, now=NOW)
    approve(roadmap=second, by=None, now=NOW, replaces=first.pk)
    assert above_for(bondarsky, order_number="2381", academic_year=2023) == second
    with pytest.raises(RoadmapRefused, match="уже есть"):
        own_draft(second, bondarsky, boris)
    renewed = renew(roadmap=own, academic_year=2023, order_number="15", order_date=own.order_date, by=boris, now=NOW)
    assert renewed.parent == second
    approve(roadmap=renewed, by=boris, now=NOW)
    own.refresh_from_db()
    assert own.state == RoadmapState.SUPERSEDED


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_is_drawn_in_the_same_number_of_queries(
    first: Roadmap, anna: User, browser_of: Browser, count: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "До 25.10.2023 г.", SCHOOLS) for n in range(1, count + 1)]
    draft = draft_of(first.region, order_of(*rows), order_number="400")
    client = browser_of(anna)
    with django_assert_num_queries(27):  # type: ignore[attr-defined]
        assert client.get(page_of(draft)).status_code == 200
