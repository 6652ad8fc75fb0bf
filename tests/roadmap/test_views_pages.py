"""The list, the roadmap and the item: each sees the progress of what is theirs to see."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation
from obligations.states import State
from obligations.workflow import advance
from roadmap.actions import approve, remember_alias
from roadmap.models import Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
LIST = reverse("roadmap:list")


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
    """The small order among four schools; Elena's submission is accepted, Ivan's waits, the others owe."""
    remember_alias(region=ministry.region, text="Все школы области", organization=None, group="schools", by=anna)
    roadmap = draft_of(ministry.region)
    approve(roadmap=roadmap, by=anna, now=NOW)
    done = Obligation.objects.get(requirement__number="3.2", organization=bondarskaya)
    hand_in(done, elena)
    advance(obligation=done, act="accept", by=boris, at=NOW)  # type: ignore[arg-type]
    return roadmap


def test_everybody_sees_the_count_of_their_own_scope(
    in_force: Roadmap, anna: User, boris: User, galina: User, elena: User, browser_of: Browser
) -> None:
    item = item_of(in_force, "3.2")
    said = {}
    for name, person in {"anna": anna, "boris": boris, "galina": galina, "elena": elena}.items():
        page = body(browser_of(person).get(item.get_absolute_url()))
        said[name] = page[page.index("Исполнение") :][:200]
    assert "4 поручения: принято 1, на проверке 0, в работе 3, просрочено 0" in said["anna"]
    assert "2 поручения: принято 1, на проверке 0, в работе 1" in said["boris"]
    assert "1 поручение: принято 0, на проверке 0, в работе 1" in said["galina"]
    assert "1 поручение: принято 1" in said["elena"]


def test_the_list_of_organizations_ends_at_the_scope(
    in_force: Roadmap, anna: User, boris: User, elena: User, browser_of: Browser
) -> None:
    page = item_of(in_force, "3.2").get_absolute_url() + "?by=organizations"
    of_anna, of_boris, of_elena = (body(browser_of(person).get(page)) for person in (anna, boris, elena))
    assert all(name in of_anna for name in ("Бондарская", "Пахотная", "Моршанская", "Лицей областной"))
    assert "Пахотная" in of_boris
    assert "Моршанская" not in of_boris
    assert "Бондарская" in of_elena
    assert "Пахотная" not in of_elena


def test_a_school_reads_its_own_state_beside_each_item(in_force: Roadmap, elena: User, browser_of: Browser) -> None:
    page = body(browser_of(elena).get(in_force.get_absolute_url()))
    third = page[page.index("3.1 Диагностика") :]
    assert "Просрочено" in third[: third.index("3.2 Приказ")]
    assert "Принято" in third[third.index("3.2 Приказ") : third.index("3.3 Рабочая")]
    assert "Мои поручения" in page
    assert "из 4" not in page


def test_a_roadmap_shows_its_sections_words_and_dates(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    response = browser_of(anna).get(in_force.get_absolute_url())
    page, html = body(response), response.content.decode()
    assert "Приказ № 2381 от 25.08.2023" in page
    assert 'href="#section-2"' in html
    assert 'id="section-2"' in html
    assert "Июль 2023 г. период: 01.07.2023 — 31.07.2023" in page
    assert "По отдельному графику сроки не назначены" in page
    assert "1 из 4" in page
    assert reverse("roadmap:carry_over", args=[in_force.pk]) in html
    assert f"Утверждена 16 октября 2023 г., 12:00, {anna}" in page


def test_the_list_of_an_item_is_narrowed_by_state_and_date(
    in_force: Roadmap, pakhotnaya: Organization, ivan: User, anna: User, browser_of: Browser
) -> None:
    client = browser_of(anna)
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=pakhotnaya), ivan)

    def shown(number: str, query: str) -> set[str]:
        page = body(client.get(f"{item_of(in_force, number).get_absolute_url()}?by=organizations&{query}"))
        listed = page.partition("Решение")[2]
        return {name for name in ("Бондарская", "Пахотная", "Моршанская", "Лицей") if name in listed}

    assert shown("3.2", f"state={State.ACCEPTED}") == {"Бондарская"}
    assert shown("3.2", f"state={State.SUBMITTED}") == {"Пахотная"}
    assert shown("3.2", "state=overdue") == set()
    assert shown("3.1", "state=overdue") == {"Бондарская", "Пахотная", "Моршанская", "Лицей"}
    assert shown("3.2", "state=nonsense&due=2023-99-99") == {"Бондарская", "Пахотная", "Моршанская", "Лицей"}


def test_each_date_of_a_recurring_item_has_its_own_list(
    ministry: Organization, bondarskaya: Organization, anna: User, elena: User, browser_of: Browser
) -> None:
    roadmap = draft_of(ministry.region, order_of(("4.3", "Освещение", "Ежемесячно", SCHOOLS)))
    approve(roadmap=roadmap, by=anna, now=NOW)
    hand_in(Obligation.objects.get(due_on="2023-09-30"), elena)
    item = item_of(roadmap, "4.3").get_absolute_url()
    client = browser_of(anna)
    assert "9 поручений: принято 0, на проверке 1, в работе 8, просрочено 0" in body(client.get(item))
    october = body(client.get(f"{item}?by=organizations&due=2023-10-31"))
    assert october.count("срок 31 октября 2023 г.") == 1
    assert "срок 30 сентября" not in october
    own = body(browser_of(elena).get(roadmap.get_absolute_url()))
    assert "принято 0 из 9" in own


def test_the_list_says_how_far_each_edition_has_come(
    in_force: Roadmap, anna: User, elena: User, browser_of: Browser
) -> None:
    draft_of(in_force.region, order_number="2400")
    page = body(browser_of(anna).get(LIST))
    assert "2023/2024 учебный год — приказ № 2381 от 25.08.2023" in page
    assert "5 мероприятий, 9 поручений, просрочено 5" in page
    assert "приказ № 2400" in page
    assert "Проект" in page
    assert "Загрузить дорожную карту" in page
    of_elena = body(browser_of(elena).get(LIST))
    assert "5 мероприятий, 2 поручения, просрочено 1" in of_elena
    assert "2400" not in of_elena, "a draft is the ministry's alone"
    assert "Загрузить" not in of_elena


def test_an_empty_list_says_what_to_do(anna: User, elena: User, browser_of: Browser) -> None:
    assert "Загрузите приложение к приказу" in body(browser_of(anna).get(LIST))
    assert "Они появятся, когда министерство утвердит первую." in body(browser_of(elena).get(LIST))


def test_a_stranger_finds_nothing(in_force: Roadmap, viktor: User, browser_of: Browser) -> None:
    client = browser_of(viktor)
    assert client.get(in_force.get_absolute_url()).status_code == 404
    assert client.get(item_of(in_force, "3.2").get_absolute_url()).status_code == 404
    assert "2381" not in body(client.get(LIST))


def test_a_draft_leads_to_its_own_page(ministry: Organization, anna: User, browser_of: Browser) -> None:
    draft = draft_of(ministry.region)
    client = browser_of(anna)
    assert client.get(draft.get_absolute_url()).headers["Location"] == reverse("roadmap:draft", args=[draft.pk])
    item = item_of(draft, "3.2")
    edit = reverse("roadmap:item_edit", args=[item.pk])
    assert client.get(item.get_absolute_url()).headers["Location"] == edit


def test_an_item_without_obligations_says_so(in_force: Roadmap, elena: User, browser_of: Browser) -> None:
    page = body(browser_of(elena).get(item_of(in_force, "1.1").get_absolute_url()))
    assert "Поручений по этому мероприятию у вас нет" in page


def test_a_long_list_of_organizations_comes_in_pages(
    ministry: Organization, bondarsky: Organization, anna: User, browser_of: Browser
) -> None:
    for number in range(51):
        factories.SchoolFactory(parent=bondarsky, short_name=f"Школа {number:02}")
    roadmap = draft_of(ministry.region, order_of(("3.1", "Приказ", "До 20.10.2023 г.", SCHOOLS)))
    approve(roadmap=roadmap, by=anna, now=NOW)
    page = item_of(roadmap, "3.1").get_absolute_url()
    client = browser_of(anna)
    first, second = body(client.get(f"{page}?by=organizations")), body(client.get(f"{page}?page=2&state=open"))
    assert "Школа 49" in first
    assert "Школа 50" not in first
    assert "Школа 50" in second
    assert "Школа 49" not in second


# --- query counts -----------------------------------------------------------------------------


def of_rows(ministry: Organization, count: int, anna: User) -> Roadmap:
    """An approved edition of so many items."""
    rows = [(f"3.{n}", f"Мероприятие {n}", "Ежемесячно", f"{SCHOOLS} {MUNICIPALITIES}") for n in range(count)]
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    return roadmap


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["anna", "boris", "elena"])
def test_a_roadmap_is_drawn_in_the_same_number_of_queries(
    ministry: Organization,
    bondarskaya: Organization,
    anna: User,
    name: str,
    request: pytest.FixtureRequest,
    browser_of: Browser,
    count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    client = browser_of(request.getfixturevalue(name))
    page = of_rows(ministry, count, anna).get_absolute_url()
    # session, person, memberships, bell; edition; tallies, own work; items with sections, occurrences, bodies;
    # for reviewers the requests for more time; for who may have a roadmap of their own, whether there is one
    with django_assert_num_queries(10 + (name in ("anna", "boris")) + (name in ("boris", "elena"))):  # type: ignore[attr-defined]
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_an_item_is_drawn_in_the_same_number_of_queries(
    ministry: Organization,
    bondarsky: Organization,
    anna: User,
    browser_of: Browser,
    count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for _ in range(count):
        factories.SchoolFactory(parent=bondarsky)
    page = item_of(of_rows(ministry, 1, anna), "3.0").get_absolute_url()
    client = browser_of(anna)
    # session, person, memberships; item, occurrences, bodies; progress; count, organizations; extensions
    with django_assert_num_queries(11):  # type: ignore[attr-defined]
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_drawn_in_the_same_number_of_queries(
    ministry: Organization,
    bondarskaya: Organization,
    anna: User,
    browser_of: Browser,
    count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for number in range(count):
        approve(roadmap=draft_of(ministry.region, order_number=str(number)), by=anna, now=NOW, beside=bool(number))
    client = browser_of(anna)
    # session, person, memberships; count, editions, progress, items; extensions
    with django_assert_num_queries(9):  # type: ignore[attr-defined]
        assert client.get(LIST).status_code == 200
