"""Doubts waved through in the list, warnings before approving, and orders named where a year has two."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import BodyGroup, Organization, OrganizationTrait, Trait, User
from obligations.chasing.composing import who_is_told_what
from obligations.models import Obligation
from obligations.states import State
from roadmap.actions import approve, correct_item
from roadmap.models import Roadmap
from tests.conftest import NOW, TODAY
from tests.roadmap.stories import HEAD, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in, words_of
from tests.roadmap.test_views_approval import page_of
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
#: Three items share one result: the reader marks the second and the third; the fourth cannot be read.
SHARED = f"""{HEAD}
3. Школы\t\t\t\t
3.1\tПервое\tДо 20.10.2023 г.\t{SCHOOLS}\tИсполнено
3.2\tВторое\tДо 20.10.2023 г.\t{SCHOOLS}\t
3.3\tТретье\tДо 20.10.2023 г.\t{SCHOOLS}\t
3.4\tЧетвёртое\tКогда получится\t{SCHOOLS}\t
"""


@pytest.fixture
def draft(ministry: Organization, bondarskaya: Organization) -> Roadmap:
    """The draft of the order whose items share a result."""
    return draft_of(ministry.region, SHARED)


def settle(client: Client, roadmap: Roadmap, number: str) -> str:
    """Press «Всё верно» and return where that leads."""
    response = client.post(reverse("roadmap:item_settle", args=[item_of(roadmap, number).pk]))
    return str(response["Location"])


def test_a_doubt_is_waved_through_in_the_list(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    page = client.get(reverse("roadmap:draft", args=[draft.pk])).content.decode()
    assert page.count("Всё верно<span") == 2, "what cannot be read has to be opened"
    assert settle(client, draft, "3.2").endswith(f"/{draft.pk}/draft/#item-3.3")
    assert item_of(draft, "3.2").doubts == []
    assert item_of(draft, "3.2").expected_result == "Исполнено"
    assert settle(client, draft, "3.3").endswith("#item-3.4")
    assert settle(client, draft, "3.4").endswith("/edit/")
    assert item_of(draft, "3.4").doubts != []


def test_an_approved_edition_has_nothing_to_wave_through(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    approve(roadmap=draft, by=None, now=NOW)
    assert settle(browser_of(anna), draft, "3.2") == draft.get_absolute_url()
    assert item_of(draft, "3.2").doubts != []


def test_approving_names_what_still_wants_attention(draft: Roadmap, anna: User, browser_of: Browser) -> None:
    page = body(browser_of(anna).get(page_of(draft)))
    assert "Ещё требуют внимания 3.2 Второе : Результат общий с п. 3.1 3.3 Третье : Результат общий с п. 3.1" in page


def test_a_group_narrowed_by_what_nobody_recorded_is_told(
    ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization, anna: User, browser_of: Browser
) -> None:
    narrowed = "Образовательные организации, не являющиеся участниками проекта «Билет в будущее»"
    roadmap = draft_of(ministry.region, order_of(("3.1", "Занятия", "До 20.10.2023 г.", SCHOOLS)))
    item = item_of(roadmap, "3.1")
    correct_item(item=item, words=words_of(item, bodies_text=narrowed), by=anna)
    item.bodies.update(group=BodyGroup.SCHOOLS_OUTSIDE_TICKET, organization=None)
    client = browser_of(anna)
    said = "на 2023/2024 учебный год не внесены, поручения получат все 2 организации."
    assert said in body(client.get(page_of(roadmap)))
    OrganizationTrait.objects.create(organization=bondarskaya, academic_year=2023, trait=Trait.TICKET_TO_FUTURE)
    assert said not in body(client.get(page_of(roadmap)))


def test_a_body_that_stands_for_nobody_says_why(
    ministry: Organization, bondarskaya: Organization, anna: User, browser_of: Browser
) -> None:
    rows = (
        ("3.1", "Первое", "До 20.10.2023 г.", "Профессиональные образовательные организации"),
        ("3.2", "Второе", "До 20.10.2023 г.", SCHOOLS),
    )
    roadmap = draft_of(ministry.region, order_of(*rows))
    client = browser_of(anna)
    assert "никто ничего не получит — в реестре нет таких организаций." in body(client.get(page_of(roadmap)))
    Organization.objects.filter(pk=bondarskaya.pk).update(is_active=False)
    assert "никто ничего не получит — все такие организации закрыты." in body(client.get(page_of(roadmap)))


def test_where_a_year_has_two_orders_each_duty_names_its_own(
    ministry: Organization, bondarskaya: Organization, elena: User, boris: User, browser_of: Browser
) -> None:
    row = ("3.1", "Занятия", "До 20.10.2023 г.", SCHOOLS)
    approve(roadmap=draft_of(ministry.region, order_of(row)), by=None, now=NOW)
    pages = [(elena, "obligations:todo"), (elena, "home"), (boris, "obligations:inbox")]
    hand_in(Obligation.objects.get(), elena)
    for person, page in pages:
        assert "приказ № 2381" not in body(browser_of(person).get(reverse(page)))
    second = draft_of(ministry.region, order_of(row), order_number="400")
    approve(roadmap=second, by=None, now=NOW, beside=True)
    hand_in(Obligation.objects.get(requirement__basis__contains="400"), elena)
    for person, page in (pages[0], pages[2]):
        said = body(browser_of(person).get(reverse(page)))
        assert "приказ № 2381 от 25.08.2023" in said
        assert "приказ № 400 от 25.08.2023" in said
    Obligation.objects.update(state=State.OPEN, due_on=TODAY)
    assert "приказ № 400 от 25.08.2023" in body(browser_of(elena).get(reverse("home")))
    told = [one for chunk in who_is_told_what(region=ministry.region, today=TODAY) for one in chunk]
    orders = {owed.order for one in told for group in one.content.due for owed in group.owed}
    assert orders == {"приказ №\u00a02381 от\u00a025.08.2023", "приказ №\u00a0400 от\u00a025.08.2023"}
