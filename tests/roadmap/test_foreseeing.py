"""What the page before approving foresees: dates gone by, older orders, what an own roadmap's next edition changes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Organization, User
from obligations.models import Obligation
from obligations.states import Act
from obligations.tightening import set_level_dues
from obligations.workflow import advance
from roadmap.actions import ItemText, add_item, approve, preview_approval, renew
from roadmap.models import Roadmap
from tests.conftest import NOW, TODAY
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_levels import own_draft, stricter
from tests.roadmap.test_views_approval import page_of, seen_on
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
REGIONAL = (
    ("3.1", "Диагностика готовности школы", "До 30.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.11.2023 г.", SCHOOLS),
)


@pytest.fixture
def regional(
    ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization, morshanskaya: Organization
) -> Roadmap:
    """The region's roadmap in force: two schools of Бондарский owe it and one of another municipality."""
    roadmap = draft_of(ministry.region, order_of(*REGIONAL))
    approve(roadmap=roadmap, by=None, now=NOW)
    return roadmap


@pytest.fixture
def own(regional: Roadmap, bondarsky: Organization, boris: User) -> Roadmap:
    """The draft of Бондарский's own roadmap."""
    return own_draft(regional, bondarsky, boris)


def overdue() -> int:
    return Obligation.objects.in_force().filter(due_on__lt=TODAY).count()


def test_an_earlier_date_gone_by_is_approved_with_a_ticked_box_alone(
    own: Roadmap, boris: User, browser_of: Browser
) -> None:
    stricter(own, "3.1", "До 10.10.2023 г.", boris)
    client = browser_of(boris)
    response = client.get(page_of(own))
    assert "panel-danger" in response.content.decode()
    assert "Срок уже прошёл: 2 поручения сразу станут просроченными." in body(response)
    response = client.post(page_of(own), {"seen": seen_on(response)})
    assert response.status_code == 422
    assert "Отметьте, что утверждаете прошедший срок" in body(response)
    assert overdue() == 0
    client.post(page_of(own), {"seen": seen_on(response), "late_known": "on"})
    assert overdue() == 2


def test_new_obligations_gone_by_count_and_those_handed_in_do_not(own: Roadmap, boris: User, elena: User) -> None:
    handed_in = Obligation.objects.get(requirement__number="3.1", organization__short_name="Школа Бондарская")
    advance(obligation=handed_in, act=Act.SUBMIT, by=elena, at=NOW, note="Исполнено")
    stricter(own, "3.1", "До 10.10.2023 г.", boris)
    added = ItemText("М1", "Районный конкурс", "До 02.10.2023 г.", SCHOOLS, "")
    add_item(section=item_of(own, "3.1").section, words=added, by=boris)
    assert preview_approval(roadmap=own).late(TODAY) == 1 + 2
    approve(roadmap=own, by=boris, now=NOW)
    assert overdue() == 3


def test_a_date_to_come_asks_for_no_tick(own: Roadmap, boris: User, browser_of: Browser) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    response = browser_of(boris).get(page_of(own))
    assert "Срок уже прошёл" not in body(response)
    assert 'name="late_known"' not in response.content.decode()


def renewed(own: Roadmap, by: User) -> Roadmap:
    return renew(roadmap=own, academic_year=2023, order_number="15", order_date=own.order_date, by=by, now=NOW)


def test_the_next_edition_is_compared_with_what_is_in_force(own: Roadmap, boris: User, browser_of: Browser) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    added = ItemText("М1", "Районный конкурс", "До 01.12.2023 г.", SCHOOLS, "")
    add_item(section=item_of(own, "3.1").section, words=added, by=boris)
    approve(roadmap=own, by=boris, now=NOW)
    second = renewed(own, boris)
    page = body(browser_of(boris).get(page_of(second)))
    assert "0 новых поручений" in page
    assert "2 продолжают действовать" in page
    assert "0 с новым сроком" in page
    assert "Сроки этих поручений останутся как сейчас." in page
    stricter(second, "3.1", "До 18.10.2023 г.", boris)
    stricter(second, "М1", "До 24.11.2023 г.", boris)
    response = browser_of(boris).get(page_of(second))
    page = body(response)
    assert "[сейчас: 20.10.2023 ] → [станет: 18.10.2023 ] — 2 поручения" in page
    assert "4 с новым сроком" in page
    preview = preview_approval(roadmap=second)
    done = approve(roadmap=second, by=boris, now=NOW)
    assert (done.created, done.kept, done.moved) == (preview.fresh, preview.kept, preview.moving) == (0, 2, 4)


def test_what_is_foreseen_of_dates_is_what_happens(
    own: Roadmap, bondarsky: Organization, bondarskaya: Organization, boris: User, elena: User
) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    stricter(own, "3.2", "До 10.11.2023 г.", boris)
    approve(roadmap=own, by=boris, now=NOW)
    school = own_draft(own, bondarskaya, elena)
    stricter(school, "3.1", "До 18.10.2023 г.", elena)
    approve(roadmap=school, by=elena, now=NOW)
    requirement = Obligation.objects.filter(requirement__number="3.2")[0].requirement
    set_level_dues(requirement=requirement, dues={"school": date(2023, 11, 15)}, by=None, at=NOW)
    second = renewed(own, boris)
    stricter(second, "3.1", "До 19.10.2023 г.", boris)
    stricter(second, "3.2", "До 20.11.2023 г.", boris)
    before = dict(Obligation.objects.values_list("pk", "due_on"))
    preview = preview_approval(roadmap=second)
    foreseen = sorted((shift.before, shift.after) for shift in preview.shifts)
    approve(roadmap=second, by=boris, now=NOW)
    after = dict(Obligation.objects.values_list("pk", "due_on"))
    assert foreseen == sorted((before[pk], after[pk]) for pk in before if before[pk] != after[pk])
    assert len(foreseen) == 3, "the school's own earlier date stands"


@pytest.mark.parametrize("rows", [1, 2])
def test_an_own_roadmap_is_asked_about_in_the_same_number_of_queries(
    ministry: Organization,
    bondarskaya: Organization,
    bondarsky: Organization,
    boris: User,
    browser_of: Browser,
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    above = draft_of(ministry.region, order_of(*REGIONAL[:rows]))
    approve(roadmap=above, by=None, now=NOW)
    draft = own_draft(above, bondarsky, boris)
    for number, _, _, _ in REGIONAL[:rows]:
        stricter(draft, number, "До 20.10.2023 г.", boris)
    client = browser_of(boris)
    with django_assert_num_queries(23):  # type: ignore[attr-defined]
        assert client.get(page_of(draft)).status_code == 200


def older(roadmap: Roadmap) -> None:
    Roadmap.objects.filter(pk=roadmap.pk).update(order_date=roadmap.order_date - timedelta(days=51))


def test_an_older_order_supersedes_a_newer_one_knowingly(regional: Roadmap, anna: User, browser_of: Browser) -> None:
    draft = draft_of(regional.region, order_of(*REGIONAL))
    older(draft)
    client = browser_of(anna)
    response = client.get(page_of(draft))
    assert "Приказ от 05.07.2023 старше действующего от 25.08.2023." in body(response)
    response = client.post(page_of(draft), {"seen": seen_on(response)})
    assert response.status_code == 422
    assert "Отметьте, что более старый приказ заменяет действующий." in body(response)
    assert Roadmap.objects.approved().get() == regional
    client.post(page_of(draft), {"seen": seen_on(response), "older_known": "on"})
    assert Roadmap.objects.approved().get() == draft


def test_an_older_order_stands_beside_a_newer_one_without_a_tick(
    regional: Roadmap, anna: User, browser_of: Browser
) -> None:
    draft = draft_of(regional.region, order_of(*REGIONAL), order_number="400")
    older(draft)
    client = browser_of(anna)
    seen = seen_on(client.get(page_of(draft)))
    assert client.post(page_of(draft), {"seen": seen, "beside": str(regional.pk)}).status_code == 422
    assert client.post(page_of(draft), {"seen": seen, "beside": "add"}).status_code == 302
    assert Roadmap.objects.approved().count() == 2
