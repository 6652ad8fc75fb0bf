"""The page «О ходе исполнения дорожной карты»."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region, User
from roadmap.models import Occurrence, Roadmap
from tests import factories

SignIn = Callable[[User], Client]
URL = "reporting:roadmap_progress"


@pytest.fixture(autouse=True)
def _that_day(now: datetime) -> Iterator[None]:
    """Pages are opened on the day on which the stories play."""
    with time_machine.travel(now, tick=False):
        yield


def words(html: str) -> str:
    """What a reader sees, with plain spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").split())


def test_the_ministry_reads_order_scope_cut_off_and_definitions(
    road: Roadmap, story: dict[str, Occurrence], anna: User, sign_in: SignIn
) -> None:
    page = sign_in(anna).get(reverse(URL)).content.decode()
    text = words(page)
    assert "2023/2024 учебный год, приказ № 2381 от 25.08.2023. Тамбовская область." in text
    assert "По состоянию на 16.10.2023 12:00 (МСК)" in text
    assert "Снятые поручения не учитываются." in text
    assert "1.3 Мероприятие 1.3 По отдельному плану · Образовательные организации срок не определён 0 0 0 0 0 —" in text
    assert page.count("<h1") == 1
    assert 'role="img"' in page
    assert " style=" not in page


def test_municipalities_lead_to_their_own_figures(
    road: Roadmap, story: dict[str, Occurrence], anna: User, bondarsky: Organization, sign_in: SignIn
) -> None:
    browser = sign_in(anna)
    page = browser.get(reverse(URL)).content.decode()
    link = f"?roadmap={road.pk}&amp;municipality={bondarsky.pk}"
    assert f'<a href="{link}">Бондарский</a>' in page
    narrowed = browser.get(reverse(URL) + unescape(link)).content.decode()
    assert "Школа Пахотная" in narrowed
    assert "Школа Моршанская" not in narrowed
    assert f'<input type="hidden" name="municipality" value="{bondarsky.pk}">' in narrowed


def test_a_coordinator_has_no_choice_of_municipalities_and_a_deputy_no_table_of_them(
    road: Roadmap, story: dict[str, Occurrence], boris: User, elena: User, sign_in: SignIn
) -> None:
    page = sign_in(boris).get(reverse(URL)).content.decode()
    assert 'name="municipality"' not in page
    assert "Моршанский" not in page
    page = sign_in(elena).get(reverse(URL)).content.decode()
    assert "Школа Бондарская" in page
    assert "Пахотная" not in page


def test_who_coordinates_two_may_choose_between_them(
    road: Roadmap, story: dict[str, Occurrence], boris: User, galina: User, morshansky: Organization, sign_in: SignIn
) -> None:
    galina.memberships.update(user=boris)
    browser = sign_in(boris)
    assert f'<option value="{morshansky.pk}">Моршанский</option>' in browser.get(reverse(URL)).content.decode()
    page = browser.get(reverse(URL), {"municipality": morshansky.pk}).content.decode()
    assert "Школа Моршанская" in page
    assert "Школа Бондарская" not in page


def test_the_current_year_is_shown_until_another_is_chosen(
    road: Roadmap, region: Region, anna: User, sign_in: SignIn, now: datetime
) -> None:
    past = factories.RoadmapFactory(region=region, academic_year=2022, state="approved", approved_at=now)
    factories.RoadmapFactory(region=region, academic_year=2024, state="approved", approved_at=now)
    browser = sign_in(anna)
    assert "2023/2024 учебный год, приказ" in words(browser.get(reverse(URL)).content.decode()).split("Показать")[0]
    page = words(browser.get(reverse(URL), {"roadmap": past.pk}).content.decode())
    assert "дорожной карты 2022/2023 учебный год" in page


@pytest.mark.parametrize(("years", "shown"), [([2021, 2022], 2022), ([2025, 2024], 2024)])
def test_without_a_current_roadmap_the_nearest_is_shown(
    region: Region, anna: User, sign_in: SignIn, now: datetime, years: list[int], shown: int
) -> None:
    for year in years:
        factories.RoadmapFactory(region=region, academic_year=year, state="approved", approved_at=now)
    page = words(sign_in(anna).get(reverse(URL)).content.decode())
    assert f"дорожной карты {shown}/{shown + 1} учебный год" in page


def test_before_anything_is_approved_the_page_says_what_comes_next(region: Region, anna: User, sign_in: SignIn) -> None:
    factories.RoadmapFactory(region=region)
    page = sign_in(anna).get(reverse(URL)).content.decode()
    assert "Считать пока нечего" in page
    assert reverse("roadmap:list") in page


@pytest.mark.parametrize("wanted", [{"roadmap": "99999"}, {"roadmap": "x"}, {"municipality": "99999"}])
def test_what_is_not_there_is_404(road: Roadmap, anna: User, sign_in: SignIn, wanted: dict[str, str]) -> None:
    assert sign_in(anna).get(reverse(URL), wanted).status_code == 404


def test_what_is_anothers_is_404(
    road: Roadmap, boris: User, viktor: User, morshansky: Organization, sign_in: SignIn
) -> None:
    assert sign_in(viktor).get(reverse(URL), {"roadmap": road.pk}).status_code == 404
    assert sign_in(boris).get(reverse(URL), {"municipality": morshansky.pk}).status_code == 404


def test_without_signing_in_there_is_nothing_to_see(road: Roadmap, client: Client) -> None:
    assert client.get(reverse(URL)).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_schools(
    road: Roadmap,
    anna: User,
    crowd: Callable[[int], None],
    sign_in: SignIn,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    crowd(count)
    browser = sign_in(anna)
    # Session, person, memberships; roadmaps to begin with, the chosen one; six of the count; the two lists of
    # choices, one of them read twice: Django looks at its first choice before drawing it; extensions.
    with django_assert_num_queries(16):
        browser.get(reverse(URL))
