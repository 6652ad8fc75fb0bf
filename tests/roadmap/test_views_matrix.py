"""The matrix: who beside what, each in their own sight."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation
from roadmap.actions import approve
from roadmap.models import Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MINISTRY, MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]


@pytest.fixture
def in_force(
    ministry: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    anna: User,
    boris: User,
    elena: User,
) -> Roadmap:
    """Three items, of schools, municipalities and the ministry; Елена's school is through with hers."""
    rows = (
        ("3.1", "Самодиагностика", "До 10.10.2023 г.", SCHOOLS),
        ("3.2", "План", "До 20.10.2023 г.", MUNICIPALITIES),
        ("3.3", "Перечень", "До 01.10.2023 г.", MINISTRY),
    )
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    done = Obligation.objects.get(requirement__number="3.1", organization=bondarskaya)
    hand_in(done, elena)
    Obligation.objects.filter(pk=done.pk).update(state="accepted", decided_at=NOW)
    return roadmap


def address(roadmap: Roadmap, query: str = "") -> str:
    """The matrix of an edition."""
    return f"{reverse('roadmap:matrix', args=[roadmap.pk])}?{query}"


def rows_of(client: Client, roadmap: Roadmap, query: str = "") -> list[list[str]]:
    """The rows of the matrix with the total below, tags left out."""
    html = client.get(address(roadmap, query)).content.decode().partition('<table class="matrix">')[2]
    rows = re.findall(r"<tr>.*?</tr>", html.partition("<tbody>")[2], flags=re.DOTALL)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_the_ministry_sees_municipalities_and_the_parts_beside_them(
    in_force: Roadmap, anna: User, browser_of: Browser
) -> None:
    assert rows_of(browser_of(anna), in_force) == [
        ["Бондарский", "33,3\u00a0%", "50\u00a0%", "0\u00a0%", "—"],
        ["Моршанский", "0\u00a0%", "0\u00a0%", "0\u00a0%", "—"],
        ["Региональное подчинение", "0\u00a0%", "0\u00a0%", "—", "—"],
        ["Региональный уровень", "0\u00a0%", "—", "—", "0\u00a0%"],
        ["Всего", "14,3\u00a0%", "25\u00a0%", "0\u00a0%", "0\u00a0%"],
    ]


def test_what_burns_can_be_counted_and_put_on_top(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    rows = rows_of(client, in_force, "measure=overdue&sort=overdue")
    assert [row[:3] for row in rows] == [
        ["Моршанский", "1", "1"],
        ["Региональное подчинение", "1", "1"],
        ["Региональный уровень", "1", "—"],
        ["Бондарский", "1", "1"],
        ["Всего", "4", "3"],
    ]
    assert rows_of(client, in_force, "sort=accepted")[-2][0] == "Бондарский"
    assert rows_of(client, in_force, "sort=moon&measure=x&section=0")[0][0] == "Бондарский"


def test_a_cell_leads_to_what_is_behind_it_and_says_its_words(
    in_force: Roadmap, bondarsky: Organization, anna: User, browser_of: Browser
) -> None:
    html = browser_of(anna).get(address(in_force)).content.decode()
    item = item_of(in_force, "3.1").get_absolute_url()
    assert f'href="{item}?part={bondarsky.pk}#organizations"' in html
    assert 'aria-label="50\u00a0% — 3.1, Бондарский: принято 1 из 2, просрочено 1"' in html
    assert f'href="{item}?part=budget#organizations"' in html
    assert 'role="region" aria-label="Матрица исполнения" tabindex="0"' in html


def test_a_coordinator_sees_schools_and_a_deputy_their_own(
    in_force: Roadmap, bondarskaya: Organization, boris: User, elena: User, browser_of: Browser
) -> None:
    client = browser_of(boris)
    assert rows_of(client, in_force) == [
        ["Бондарский", "0\u00a0%", "—", "0\u00a0%", "—"],
        ["Школа Бондарская", "100\u00a0%", "100\u00a0%", "—", "—"],
        ["Школа Пахотная", "0\u00a0%", "0\u00a0%", "—", "—"],
        ["Всего", "33,3\u00a0%", "50\u00a0%", "0\u00a0%", "—"],
    ]
    drill = f"{item_of(in_force, '3.1').get_absolute_url()}?organization={bondarskaya.pk}"
    assert drill in client.get(address(in_force)).content.decode()
    listed = body(client.get(drill)).partition("Решение")[2]
    assert "Школа Бондарская" in listed
    assert "Школа Пахотная" not in listed
    assert [row[0] for row in rows_of(browser_of(elena), in_force)] == ["Школа Бондарская", "Всего"]


def test_one_section_narrows_the_columns_and_the_sums(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    other = factories.SectionFactory(roadmap=in_force, number="4", title="Информирование", position=9)
    factories.ItemFactory(section=other, number="4.1")
    section = in_force.sections.order_by("position")[0]
    client = browser_of(anna)
    assert len(rows_of(client, in_force)[0]) == 6
    assert len(rows_of(client, in_force, f"section={section.pk}")[0]) == 5
    assert rows_of(client, in_force, f"section={other.pk}")[-1] == ["Всего", "—", "—"]


def test_many_rows_come_in_pages_and_the_sum_is_of_all(ministry: Organization, anna: User, browser_of: Browser) -> None:
    for number in range(1, 41):
        factories.MunicipalityFactory(parent=ministry, short_name=f"Район № {number}")
    roadmap = draft_of(ministry.region, order_of(("3.1", "План", "До 20.10.2023 г.", MUNICIPALITIES)))
    approve(roadmap=roadmap, by=anna, now=NOW)
    client = browser_of(anna)
    first, second = rows_of(client, roadmap, "measure=overdue"), rows_of(client, roadmap, "measure=overdue&page=2")
    assert [row[0] for row in first[:3]] == ["Район № 1", "Район № 2", "Район № 3"]
    assert len(first) == 33
    assert [row[0] for row in second[-3:]] == ["Региональное подчинение", "Региональный уровень", "Всего"]
    html = client.get(address(roadmap)).content.decode()
    assert "3.1, Всего: принято 0 из 40" in html


def test_a_coordinator_turns_pages_and_finds_what_burns_on_the_first(
    ministry: Organization, bondarsky: Organization, anna: User, boris: User, browser_of: Browser
) -> None:
    for number in range(1, 24):
        factories.SchoolFactory(parent=bondarsky, short_name=f"Школа № {number}")
    rows = (("3.1", "План", "До 01.08.2023 г.", SCHOOLS), ("3.2", "Отчёт", "До 02.08.2023 г.", SCHOOLS))
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    owed = Obligation.objects.filter(organization__parent=bondarsky)
    owed.exclude(organization__short_name__in=["Школа № 3", "Школа № 20"]).update(due_on=date(2024, 5, 1))
    owed.filter(organization__short_name="Школа № 22", requirement__number="3.2").update(due_on=date(2023, 8, 2))
    client = browser_of(boris)
    first, second = rows_of(client, roadmap), rows_of(client, roadmap, "page=2")
    assert [row[0] for row in first[:3]] == ["Бондарский", "Школа № 1", "Школа № 2"]
    assert len(first) == 21
    assert [row[0] for row in second] == ["Школа № 20", "Школа № 21", "Школа № 22", "Школа № 23", "Всего"]
    behind = rows_of(client, roadmap, "measure=overdue&sort=overdue")
    assert [row[:2] for row in behind[:5]] == [
        ["Школа № 3", "2"],
        ["Школа № 20", "2"],
        ["Школа № 22", "1"],
        ["Бондарский", "—"],
        ["Школа № 1", "0"],
    ]
    assert behind[-1][:2] == ["Всего", "5"]
    section = factories.SectionFactory(roadmap=roadmap, number="4", title="Информирование", position=9)
    factories.ItemFactory(section=section, number="4.1")
    narrowed = rows_of(client, roadmap, f"sort=overdue&section={section.pk}")
    assert [row[0] for row in narrowed[:2]] == ["Бондарский", "Школа № 1"]


def test_a_stranger_finds_no_matrix_and_a_draft_has_none(
    in_force: Roadmap, anna: User, viktor: User, browser_of: Browser
) -> None:
    assert browser_of(viktor).get(address(in_force)).status_code == 404
    draft = draft_of(in_force.region, order_number="2400")
    for view in ("matrix", "timeline", "calendar"):
        response = browser_of(anna).get(reverse(f"roadmap:{view}", args=[draft.pk]))
        assert response.headers["Location"] == reverse("roadmap:draft", args=[draft.pk])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("anna", 13), ("boris", 13), ("elena", 12)])
def test_a_matrix_asks_the_same_for_any_number_of_rows(
    ministry: Organization,
    bondarskaya: Organization,
    bondarsky: Organization,
    anna: User,
    count: int,
    name: str,
    queries: int,
    request: pytest.FixtureRequest,
    browser_of: Browser,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    client = browser_of(request.getfixturevalue(name))
    for _ in range(count):
        factories.MunicipalityFactory(parent=ministry)
        factories.SchoolFactory(parent=bondarsky)
    rows = [(f"3.{n}", f"Мероприятие {n}", "Ежемесячно", f"{SCHOOLS} {MUNICIPALITIES}") for n in range(count)]
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    # session, person, memberships, bell; edition; sections; items, occurrences, bodies; rows; tallies, sums;
    # and for reviewers the requests for more time
    with django_assert_num_queries(queries):  # type: ignore[attr-defined]
        assert client.get(address(roadmap)).status_code == 200
    # put in another order, what every row sums up to; what is overdue in organizations is counted as they are named
    with django_assert_num_queries(queries + (name == "anna")):  # type: ignore[attr-defined]
        assert client.get(address(roadmap, "sort=overdue")).status_code == 200
    with django_assert_num_queries(queries + 1):  # type: ignore[attr-defined]
        assert client.get(address(roadmap, "sort=accepted")).status_code == 200
