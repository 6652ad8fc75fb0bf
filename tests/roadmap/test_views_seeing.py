"""Choosing what to see: filters and orders that live in the address, on the roadmap's page and on the item's."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation
from obligations.workflow import advance
from roadmap.actions import approve
from roadmap.models import Item, Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MINISTRY, MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]

ROWS = (
    ("3.1", "Самодиагностика готовности", "До 10.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации", "До 20.10.2023 г.", SCHOOLS),
    ("3.3", "Отчёт о ПРОФОРИЕНТАЦИИ", "Март 2024 г.", MUNICIPALITIES),
    ("3.4", "Совещание с ёлкой", "По отдельному графику", MINISTRY),
    ("3.10", "Расписание", "Октябрь 2023 г.", SCHOOLS),
)


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
    """Five items; Елена's order is accepted, her timetable waits; what was due on 10 October nobody handed in."""
    roadmap = draft_of(ministry.region, order_of(*ROWS))
    approve(roadmap=roadmap, by=anna, now=NOW)
    done = Obligation.objects.get(requirement__number="3.2", organization=bondarskaya)
    hand_in(done, elena)
    advance(obligation=done, act="accept", by=boris, at=NOW)  # type: ignore[arg-type]
    hand_in(Obligation.objects.get(requirement__number="3.10", organization=bondarskaya), elena)
    return roadmap


def numbers(client: Client, roadmap: Roadmap, query: str = "") -> list[str]:
    """The numbers of the items that are shown, in their order."""
    html = client.get(f"{roadmap.get_absolute_url()}?{query}").content.decode()
    return re.findall(r'<th scope="row"><a href="/roadmaps/items/\d+/"><strong>([\d.]+)</strong>', html)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["3.1", "3.2", "3.3", "3.4", "3.10"]),
        ("q=профориентации", ["3.3"]),
        ("q=ОТЧЕТ", ["3.3"]),
        ("q=елк", ["3.4"]),
        ("q=3.1", ["3.1", "3.10"]),
        ("q=приказ+ничего", []),
        ("body=schools", ["3.1", "3.2", "3.10"]),
        ("body=municipalities", ["3.3"]),
        ("state=overdue", ["3.1"]),
        ("state=review", ["3.10"]),
        ("state=open", ["3.1", "3.2", "3.3", "3.10"]),
        ("state=done", []),
        ("state=undated", ["3.4"]),
        ("period=past", ["3.1"]),
        ("period=soon", ["3.2", "3.10"]),
        ("period=2023-10", ["3.1", "3.2", "3.10"]),
        ("period=2024-03", ["3.3"]),
        ("sort=due", ["3.1", "3.2", "3.10", "3.3", "3.4"]),
        ("sort=-due", ["3.3", "3.10", "3.2", "3.1", "3.4"]),
        ("sort=-accepted", ["3.2", "3.1", "3.3", "3.10", "3.4"]),
        ("sort=-overdue", ["3.1", "3.2", "3.3", "3.4", "3.10"]),
        ("state=overdue&body=municipalities", []),
        ("state=nonsense&period=1999-01&sort=moon&body=x&section=y", ["3.1", "3.2", "3.3", "3.4", "3.10"]),
    ],
)
def test_an_address_says_what_is_shown(
    in_force: Roadmap, anna: User, browser_of: Browser, query: str, shown: list[str]
) -> None:
    assert numbers(browser_of(anna), in_force, query) == shown


def test_nothing_found_says_so_and_leads_back(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    response = browser_of(anna).get(in_force.get_absolute_url(), {"q": "такого нет"})
    assert "Таких мероприятий нет" in body(response)
    assert "Сбросить отбор" in body(response)
    assert 'value="такого нет"' in response.content.decode()


def test_a_status_bar_tells_readers_what_it_shows(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    html = browser_of(anna).get(in_force.get_absolute_url()).content.decode()
    assert 'aria-label="принято 1 из 4, в работе 3"' in html
    assert 'aria-label="принято 0 из 4, просрочено 4"' in html
    assert 'aria-label="принято 0 из 4, на проверке 1, в работе 3"' in html


def test_the_filters_offer_what_the_roadmap_has(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    html = browser_of(anna).get(in_force.get_absolute_url()).content.decode()
    assert re.search(r'<option value="2023-10">Октябрь 2023</option>', html)
    assert '<option value="schools">Общеобразовательные организации</option>' in html
    assert "2024-02" not in html


def test_a_long_roadmap_comes_in_pages_that_keep_the_filters(
    ministry: Organization, anna: User, browser_of: Browser
) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "До 20.10.2023 г.", MINISTRY) for n in range(1, 53)]
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    client = browser_of(anna)
    assert len(numbers(client, roadmap)) == 50
    assert numbers(client, roadmap, "page=2") == ["3.51", "3.52"]
    html = client.get(f"{roadmap.get_absolute_url()}?state=open").content.decode()
    assert "?state=open&amp;page=2" in html


# --- the item ----------------------------------------------------------------------------------


def cells(client: Client, item: Item, query: str = "") -> list[list[str]]:
    """The rows of the item's table, tags left out."""
    html = client.get(f"{item.get_absolute_url()}?{query}").content.decode()
    table = html.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL)
        ]
        for row in rows
    ]


def test_an_item_divides_into_municipalities(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    rows = cells(browser_of(anna), item_of(in_force, "3.2"))
    assert rows == [
        ["Бондарский", "50 %", "2", "1", "0", "1", "0"],
        ["Моршанский", "0 %", "1", "0", "0", "1", "0"],
        ["Региональное подчинение", "0 %", "1", "0", "0", "1", "0"],
    ]


def test_municipalities_come_in_the_order_asked_for(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client, item = browser_of(anna), item_of(in_force, "3.2")
    assert [row[0] for row in cells(client, item, "sort=accepted")][-1] == "Бондарский"
    assert next(row[0] for row in cells(client, item, "sort=-total")) == "Бондарский"
    assert next(row[0] for row in cells(client, item, "sort=nonsense")) == "Бондарский"
    assert cells(client, item_of(in_force, "3.1"), "sort=-overdue")[0][:1] == ["Бондарский"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("by=organizations", ["Лицей областной", "Школа Бондарская", "Школа Моршанская", "Школа Пахотная"]),
        ("q=БОНДАРСКАЯ", ["Школа Бондарская"]),
        ("q=лицей", ["Лицей областной"]),
        ("part=budget", ["Лицей областной"]),
        ("part=regional", []),
        ("state=accepted", ["Школа Бондарская"]),
        ("by=organizations&sort=-decided", ["Школа Бондарская"]),
        ("by=organizations&sort=-handed", ["Школа Бондарская"]),
        ("q=.*", []),
    ],
)
def test_organizations_are_found_and_ordered(
    in_force: Roadmap, anna: User, browser_of: Browser, query: str, shown: list[str]
) -> None:
    found = [row[0] for row in cells(browser_of(anna), item_of(in_force, "3.2"), query)]
    assert found[: len(shown)] == shown
    assert "sort" in query or len(found) == len(shown)


def test_a_municipality_drills_down_to_its_schools(
    in_force: Roadmap, bondarsky: Organization, anna: User, browser_of: Browser
) -> None:
    client, item = browser_of(anna), item_of(in_force, "3.2")
    assert f"?part={bondarsky.pk}#organizations" in client.get(item.get_absolute_url()).content.decode()
    rows = cells(client, item, f"part={bondarsky.pk}&sort=state")
    assert [row[:2] for row in rows] == [["Школа Бондарская", "Бондарский"], ["Школа Пахотная", "Бондарский"]]
    assert rows[0][3:] == ["Принято", "16 октября 2023 г., 12:00", "16 октября 2023 г., 12:00"]


def test_a_coordinator_sees_organizations_at_once_and_nobody_elses(
    in_force: Roadmap, morshansky: Organization, boris: User, browser_of: Browser
) -> None:
    client, item = browser_of(boris), item_of(in_force, "3.2")
    assert [row[0] for row in cells(client, item)] == ["Школа Бондарская", "Школа Пахотная"]
    assert [row[0] for row in cells(client, item, f"part={morshansky.pk}")] == ["Школа Бондарская", "Школа Пахотная"]


def test_letters_with_yo_are_found_without_it(
    ministry: Organization, bondarsky: Organization, anna: User, browser_of: Browser, now: datetime
) -> None:
    factories.SchoolFactory(parent=bondarsky, short_name="Берёзовская школа")
    factories.SchoolFactory(parent=bondarsky, short_name="Дубовая школа")
    roadmap = draft_of(ministry.region, order_of(("3.1", "Приказ", "До 20.10.2023 г.", SCHOOLS)))
    approve(roadmap=roadmap, by=anna, now=now)
    client, item = browser_of(anna), item_of(roadmap, "3.1")
    for words in ("березовская", "БЕРЁЗОВСКАЯ", "школа берез"):
        assert [row[0] for row in cells(client, item, f"q={words}")] == ["Берёзовская школа"]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("query", "queries"), [("", 11), ("by=organizations", 12)])
def test_an_item_asks_the_same_for_any_number_of_municipalities(
    ministry: Organization,
    anna: User,
    browser_of: Browser,
    count: int,
    query: str,
    queries: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for _ in range(count):
        factories.SchoolFactory(parent=factories.MunicipalityFactory(parent=ministry))
    roadmap = draft_of(ministry.region, order_of(("3.1", "Приказ", "До 20.10.2023 г.", SCHOOLS)))
    approve(roadmap=roadmap, by=anna, now=NOW)
    page = f"{item_of(roadmap, '3.1').get_absolute_url()}?{query}"
    client = browser_of(anna)
    # session, person, memberships, bell, requests for more time; item, occurrences, bodies; municipalities; tally;
    # then the tallies of municipalities, or the count and the organizations
    with django_assert_num_queries(queries):  # type: ignore[attr-defined]
        assert client.get(page).status_code == 200


def test_sorting_links_turn_round_and_keep_the_filters(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client, page = browser_of(anna), in_force.get_absolute_url()
    html = client.get(f"{page}?state=open&sort=due&page=1").content.decode()
    assert 'href="?state=open&amp;sort=-due"' in html
    assert 'aria-sort="ascending"><a href="?state=open&amp;sort=-due">' in html
    assert 'aria-sort="descending"' in client.get(f"{page}?sort=-due").content.decode()
    assert reverse("roadmap:matrix", args=[in_force.pk]) in html
