"""Comparing two editions in the browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from roadmap.actions import approve
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MINISTRY, SCHOOLS, draft_of, order_of

BrowserOf = Callable[[User], Client]
FIRST = (
    ("3.1", "Диагностика готовности школы", "До 10.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.10.2023 г.", SCHOOLS),
    ("3.3", "Рабочая группа в школе", "До 30.10.2023 г.", SCHOOLS),
)
SECOND = (
    ("3.1", "Диагностика готовности школы", "До 16.10.2023 г.", f"{SCHOOLS} {MINISTRY}"),
    ("3.2", "Договор с работодателем", "До 01.12.2023", MINISTRY),
    ("3.3", "Приказ о реализации профминимума в школе", "До 20.10.2023", SCHOOLS),
)


@pytest.fixture
def compared(ministry: Organization, anna: User) -> str:
    """The address of the comparison of two editions in Anna's sight."""
    first = draft_of(ministry.region, order_of(*FIRST))
    approve(roadmap=first, by=anna, now=NOW)
    return reverse("roadmap:compare", args=[first.pk, draft_of(ministry.region, order_of(*SECOND)).pk])


def test_two_chosen_editions_have_an_address_of_their_own(browser_of: BrowserOf, compared: str, anna: User) -> None:
    browser = browser_of(anna)
    _, _, before, _, after, _ = compared.split("/")
    choose = reverse("roadmap:compare_choose")
    assert browser.get(choose).status_code == 200
    chosen = browser.get(choose, {"before": before, "after": after})
    assert chosen.headers["Location"] == compared
    missing = browser.get(choose, {"before": before})
    assert missing.status_code == 422
    assert "Обязательное поле" in missing.content.decode()


def test_words_and_dates_are_marked_for_eyes_and_ears(browser_of: BrowserOf, compared: str, anna: User) -> None:
    page = " ".join(browser_of(anna).get(compared).content.decode().split())
    assert '<del><span class="visually-hidden">[было: </span>10.10.2023' in page
    assert '<ins><span class="visually-hidden">[стало: </span>16.10.2023' in page
    assert "Договор с работодателем" in page
    assert "Рабочая группа в школе" in page


def test_one_kind_of_change_is_shown_alone(browser_of: BrowserOf, compared: str, anna: User) -> None:
    page = browser_of(anna).get(compared, {"kind": "removed"}).content.decode()
    assert "Рабочая группа в школе" in page
    assert "Договор с работодателем" not in page
    assert 'aria-current="page">Исключено <strong>' in page
    everything = browser_of(anna).get(compared, {"kind": "нет такого"}).content.decode()
    assert "Договор с работодателем" in everything


def test_dates_come_first_and_mere_spelling_last_and_folded(
    browser_of: BrowserOf, ministry: Organization, anna: User
) -> None:
    rows = (
        ("3.1", "Приказ  о реализации профминимума", "До 20 октября 2023 г.", SCHOOLS),
        ("3.2", "Договор с работодателем", "До 01.12.2023 г.", SCHOOLS),
        ("3.3", "Рабочая группа в школе", "До 30.10.2023 г.", SCHOOLS),
    )
    later = (
        ("3.1", "Приказ о реализации профминимума", "до 20 октября 2023 г", SCHOOLS),
        ("3.2", "Договор с работодателем", "До 01.12.2023 г.", MINISTRY),
        ("3.3", "Рабочая группа в школе", "До 16.10.2023 г.", SCHOOLS),
    )
    first, second = (draft_of(ministry.region, order_of(*each)) for each in (rows, later))
    address = reverse("roadmap:compare", args=[first.pk, second.pk])
    browser = browser_of(anna)
    page = browser.get(address).content.decode()
    order = [page.index(f"<h3>{number} ") for number in ("3.3", "3.2")]
    folded = page.index('<details class="panel"><summary>Только оформление: 1\u00a0отличие')
    assert order == sorted(order)
    assert order[-1] < folded < page.index("<h3>3.1 ")
    alone = browser.get(address, {"kind": "editorial"}).content.decode()
    assert '<details class="panel" open><summary>Только оформление' in alone
    assert "Таких изменений" not in alone


def test_an_edition_compared_with_itself_says_so(browser_of: BrowserOf, compared: str, anna: User) -> None:
    pk = int(compared.split("/")[2])
    page = browser_of(anna).get(reverse("roadmap:compare", args=[pk, pk])).content.decode()
    assert "Редакции совпадают" in page


def test_a_draft_is_compared_by_those_who_see_it(browser_of: BrowserOf, compared: str, boris: User) -> None:
    assert browser_of(boris).get(compared).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions(
    browser_of: BrowserOf,
    ministry: Organization,
    anna: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first = draft_of(ministry.region, order_of(*FIRST[:rows]))
    second = draft_of(ministry.region, order_of(*SECOND[:rows]))
    factories.RoadmapFactory(region=ministry.region, edition=7)
    browser = browser_of(anna)
    with django_assert_num_queries(18):
        browser.get(reverse("roadmap:compare", args=[first.pk, second.pk]))
