"""Anna approves a draft and everybody has their obligations; the next edition and the next year follow."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation
from obligations.states import State
from roadmap.actions import approve, correct_item, preview_approval
from roadmap.models import Roadmap, RoadmapState
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of, row_counts
from tests.roadmap.test_actions import FIRST, hand_in, words_of
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]


@pytest.fixture
def draft(ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization) -> Roadmap:
    """The small order in a region of two schools."""
    return draft_of(ministry.region)


def page_of(roadmap: Roadmap) -> str:
    """Address of the page that asks before approving."""
    return reverse("roadmap:approve", args=[roadmap.pk])


def seen_on(response: object) -> str:
    """The version of the draft that the page was drawn from."""
    assert isinstance(response, HttpResponse)
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', response.content.decode())
    assert found
    return found[1]


def test_the_page_says_what_will_happen_and_does_nothing(
    draft: Roadmap, bondarsky: Organization, anna: User, browser_of: Browser
) -> None:
    factories.SchoolFactory(parent=bondarsky, short_name="Школа Закрытая", is_active=False)
    client = browser_of(anna)
    before = row_counts()
    page = body(client.get(page_of(draft)))
    assert row_counts() == before
    assert "Общеобразовательные организации 2 организации закрыты — 1" in page
    assert "1.2 Совещания с координаторами — По отдельному графику" in page
    assert "3.1: «Все школы области»" in page
    assert "3.2 Приказ о реализации профминимума 1 2 2" in page
    assert "Всего 3" in page


def test_anna_approves_and_elena_has_her_obligation(
    draft: Roadmap, anna: User, elena: User, bondarskaya: Organization, browser_of: Browser
) -> None:
    client = browser_of(anna)
    response = client.post(page_of(draft), {"seen": seen_on(client.get(page_of(draft)))}, follow=True)
    assert "Дорожная карта утверждена. Создано: 3 поручения." in body(response)
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == (RoadmapState.APPROVED, anna)
    owed = Obligation.objects.owed_by(elena).get()
    assert (owed.requirement.number, owed.organization, owed.state) == ("3.2", bondarskaya, State.OPEN)
    todo = body(browser_of(elena).get(reverse("obligations:todo")))
    assert "3.2 Приказ о реализации профминимума" in todo


def test_of_two_people_at_once_the_second_is_told(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    seen = seen_on(client.get(page_of(draft)))
    approve(roadmap=draft, by=None, now=NOW)
    count = Obligation.objects.count()
    response = client.post(page_of(draft), {"seen": seen}, follow=True)
    assert "Эта редакция уже утверждена." in body(response)
    assert Obligation.objects.count() == count


def test_a_draft_changed_meanwhile_is_shown_again(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    seen = seen_on(client.get(page_of(draft)))
    item = item_of(draft, "3.3")
    correct_item(item=item, words=words_of(item, deadline_text="До 25.10.2023 г."), by=anna)
    response = client.post(page_of(draft), {"seen": seen})
    assert response.status_code == 409
    assert "Пока страница была открыта, проект изменился." in body(response)
    assert not Obligation.objects.exists()
    client.post(page_of(draft), {"seen": seen_on(response)})
    assert Obligation.objects.count() == 5


def test_without_the_version_that_was_seen_nothing_is_approved(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    assert browser_of(anna).post(page_of(draft)).status_code == 409
    assert not Obligation.objects.exists()


def test_repeated_numbers_leave_no_button(ministry: Organization, anna: User, browser_of: Browser) -> None:
    text = order_of(("3.1", "Первое", "Июль 2023 г.", SCHOOLS), ("3.1", "Второе", "Июль 2023 г.", SCHOOLS))
    roadmap = draft_of(ministry.region, text)
    client = browser_of(anna)
    response = client.get(page_of(roadmap))
    assert "Номера повторяются: 3.1." in body(response)
    assert 'name="seen"' not in response.content.decode()
    seen = preview_approval(roadmap=roadmap).fingerprint
    assert client.post(page_of(roadmap), {"seen": seen}).status_code == 409


def test_the_second_edition_names_what_it_keeps_and_leaves_out(
    ministry: Organization, bondarskaya: Organization, anna: User, elena: User, browser_of: Browser
) -> None:
    first = draft_of(ministry.region, order_of(*FIRST))
    approve(roadmap=first, by=anna, now=NOW)
    hand_in(Obligation.objects.get(requirement__number="3.2"), elena)
    second = draft_of(ministry.region, order_of(*FIRST[:2]))
    client = browser_of(anna)
    response = client.get(page_of(second))
    page = body(response)
    assert "Заменит действующую редакцию" in page
    assert "Сохранят состояние и подтверждения — 2 поручения." in page
    assert "Снимем с пометкой «Исключено редакцией № 2» — 1 поручение." in page
    assert "3.3 Рабочая группа в школе" in page
    response = client.post(page_of(second), {"seen": seen_on(response)}, follow=True)
    said = "Создано: 0 поручений. Продолжают действовать из прежней редакции: 2 поручения. Снято: 1 поручение."
    assert said in body(response)
    old = body(client.get(first.get_absolute_url()))
    assert "Эта редакция заменена" in old
    history = body(browser_of(elena).get(Obligation.objects.get(requirement__number="3.3").get_absolute_url()))
    assert "Исключено редакцией № 2" in history


def test_a_year_is_started_from_the_last_one(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    approve(roadmap=draft, by=anna, now=NOW)
    client, page = browser_of(anna), reverse("roadmap:carry_over", args=[draft.pk])
    assert '<option value="2024" selected>' in client.get(page).content.decode()
    fields = {"academic_year": "2024", "order_number": "1900", "order_date": "2024-08-20"}
    response = client.post(page, fields, follow=True)
    assert "Проект подготовлен: годы и даты сдвинуты." in body(response)
    copy = Roadmap.objects.get(state="draft")
    assert (copy.academic_year, copy.order_number) == (2024, "1900")
    assert item_of(copy, "3.2").occurrences.get().due_on == date(2024, 10, 21), "the twentieth is a Sunday"
    assert "в 2024/2025 учебном году" in copy.title
    again = client.post(page, fields)
    assert again.status_code == 422
    assert "Проект по этому приказу на этот учебный год уже есть" in body(again)
    assert client.post(page, fields | {"order_date": ""}).status_code == 422


def test_a_draft_is_not_carried_over(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    assert browser_of(anna).get(reverse("roadmap:carry_over", args=[draft.pk])).status_code == 403


def test_anna_dates_what_the_order_left_to_a_plan(
    draft: Roadmap, bondarsky: Organization, anna: User, boris: User, browser_of: Browser
) -> None:
    item = item_of(draft, "1.2")
    approve(roadmap=draft, by=anna, now=NOW)
    client, page = browser_of(anna), reverse("roadmap:item_dates", args=[item.pk])
    assert page in client.get(item.get_absolute_url()).content.decode()
    assert page not in browser_of(boris).get(item.get_absolute_url()).content.decode()
    assert client.post(page, {"dates": "скоро"}).status_code == 422
    response = client.post(page, {"dates": "07.11.2023\n07.12.2023"}, follow=True)
    assert "Сроки назначены. Роздано: 2 поручения." in body(response)
    assert Obligation.objects.owed_by(boris).count() == 2
    response = client.post(page, {"dates": "08.11.2023"}, follow=True)
    assert "уже назначены" in body(response)
    assert Obligation.objects.owed_by(boris).count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_question_is_asked_in_the_same_number_of_queries(
    ministry: Organization,
    anna: User,
    browser_of: Browser,
    count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "Ежемесячно", SCHOOLS) for n in range(count)]
    page = page_of(draft_of(ministry.region, order_of(*rows)))
    client = browser_of(anna)
    # session, person, memberships; edition; items, occurrences, bodies; two counts of the one group, one by level;
    # the edition in force; four for the fingerprint; extensions
    with django_assert_num_queries(19):  # type: ignore[attr-defined]
        assert client.get(page).status_code == 200


def test_what_would_be_overdue_from_the_start_is_counted(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    assert "Из них сразу просрочены: 1." in body(browser_of(anna).get(page_of(draft)))


def test_of_what_goes_on_only_what_is_still_owed_counts_as_overdue(
    draft: Roadmap, bondarskaya: Organization, anna: User, elena: User
) -> None:
    approve(roadmap=draft, by=anna, now=NOW)
    today = max(Obligation.objects.values_list("due_on", flat=True)) + timedelta(days=1)
    again = draft_of(draft.region)
    everything = Obligation.objects.count()
    assert preview_approval(roadmap=again).overdue(today) == everything
    hand_in(Obligation.objects.filter(organization=bondarskaya)[0], elena)
    assert preview_approval(roadmap=again).overdue(today) == everything - 1
