"""The year as a line and month by month: dates, standings, today, each in their own sight."""

import re
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation
from roadmap.actions import approve
from roadmap.models import Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MINISTRY, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]


@pytest.fixture
def in_force(
    ministry: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    lyceum: Organization,
    anna: User,
    elena: User,
) -> Roadmap:
    """A span, a day that has passed, a day ahead, an item without dates; Елена has handed in the day ahead."""
    rows = (
        ("3.1", "Самодиагностика", "До 10.10.2023 г.", SCHOOLS),
        ("3.2", "Приказ", "До 20.10.2023 г.", SCHOOLS),
        ("3.3", "Обучение", "Март 2024 г.", SCHOOLS),
        ("3.4", "Совещание", "По отдельному графику", MINISTRY),
    )
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    hand_in(Obligation.objects.get(requirement__number="3.2", organization__short_name="Школа Бондарская"), elena)
    return roadmap


def timeline(roadmap: Roadmap, query: str = "") -> str:
    """The timeline of an edition."""
    return f"{reverse('roadmap:timeline', args=[roadmap.pk])}?{query}"


def calendar(roadmap: Roadmap, query: str = "") -> str:
    """The calendar of an edition."""
    return f"{reverse('roadmap:calendar', args=[roadmap.pk])}?{query}"


def test_the_line_of_the_year_tells_what_stands_how(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    html = browser_of(anna).get(timeline(in_force)).content.decode()
    assert "3.1, срок 10.10.2023: есть просрочка; принято 0 из 3, просрочено 3" in html
    assert "3.2, срок 20.10.2023: в работе; принято 0 из 3" in html
    item = item_of(in_force, "3.3").get_absolute_url()
    assert f'href="{item}?due=2024-03-31#organizations"' in html
    assert "01.03.2024 — 31.03.2024" in html
    assert "Без сроков" in html
    assert "сегодня, 16.10.2023" in html
    assert [month for month in ("сен 23", "янв 24", "авг") if month in html] == ["сен 23", "янв 24", "авг"]


def test_the_drawing_keeps_the_order_of_the_days(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    svg = browser_of(anna).get(timeline(in_force)).content.decode().partition("<svg xmlns")[2].partition("</svg>")[0]
    passed, ahead, march = (float(x) for x in re.findall(r'transform="translate\(([\d.]+) ', svg))
    today = float(re.findall(r'<path d="M([\d.]+) 18V', svg)[0])
    assert passed < today < ahead < march
    span = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert len(span) == 1
    assert ahead < float(span[0][0]) < march


def test_today_beyond_the_year_has_no_line(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    with time_machine.travel("2026-01-15T12:00:00+03:00", tick=False):
        client.force_login(anna)
        html = client.get(timeline(in_force)).content.decode()
    assert "сегодня, " not in html


def test_the_line_is_narrowed_by_section_and_words(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    assert "3.2 Приказ" in body(client.get(timeline(in_force, "q=ПРИКАЗ")))
    assert "3.1 Самодиагностика" not in body(client.get(timeline(in_force, "q=ПРИКАЗ")))
    assert "Таких мероприятий нет" in body(client.get(timeline(in_force, "q=нет такого")))


def test_a_month_shows_its_days_and_leads_to_its_neighbours(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    response = browser_of(anna).get(calendar(in_force))
    page, html = body(response), response.content.decode()
    assert "Октябрь 2023" in page
    assert "в этом месяце — 2 срока" in page
    assert "16 октября, Понедельник 16 сегодня" in page
    assert "3.1 Самодиагностика принято 0 из 3, просрочено 3" in page
    assert 'rel="prev" href="?month=2023-09"' in html
    assert 'rel="next" href="?month=2023-11"' in html
    assert '<option value="2023-10" selected>' in html
    assert f"{item_of(in_force, '3.1').get_absolute_url()}?due=2023-10-10" in html


def test_the_months_end_with_the_academic_year(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    assert 'rel="next"' not in client.get(calendar(in_force, "month=2024-08")).content.decode()
    assert 'rel="prev"' not in client.get(calendar(in_force, "month=2023-06")).content.decode()
    assert "В этом месяце сроков нет" in body(client.get(calendar(in_force, "month=2024-08")))
    for nonsense in ("month=2030-01", "month=x", "whose=theirs"):
        assert "Октябрь 2023" in body(client.get(calendar(in_force, nonsense)))


def test_an_archive_opens_on_its_first_month(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    with time_machine.travel("2026-01-15T12:00:00+03:00", tick=False):
        client.force_login(anna)
        assert "Сентябрь 2023" in body(client.get(calendar(in_force)))


def test_who_owes_sees_their_own_duties_with_their_own_dates(
    in_force: Roadmap, anna: User, elena: User, browser_of: Browser
) -> None:
    own = Obligation.objects.get(requirement__number="3.1", organization__short_name="Школа Бондарская")
    Obligation.objects.filter(pk=own.pk).update(due_on=date(2023, 10, 30))
    response = browser_of(elena).get(calendar(in_force))
    page = body(response)
    assert "Ваши поручения по срокам: в этом месяце — 2 срока" in page
    assert "Школа Бондарская: На проверке" in page
    assert "30 октября, Понедельник 30 3.1 Самодиагностика" in page
    assert own.get_absolute_url() in response.content.decode()
    assert "Что показать" not in page
    of_anna = body(browser_of(anna).get(calendar(in_force, "whose=own")))
    assert "Ваши поручения по срокам: в этом месяце — 0 сроков" in of_anna


def test_a_stranger_finds_no_year(in_force: Roadmap, viktor: User, browser_of: Browser) -> None:
    client = browser_of(viktor)
    assert client.get(timeline(in_force)).status_code == 404
    assert client.get(calendar(in_force)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("view", "queries"), [("timeline", 10), ("calendar", 10)])
@pytest.mark.parametrize("name", ["anna", "boris"])
def test_the_year_asks_the_same_for_any_number_of_schools(
    ministry: Organization,
    bondarsky: Organization,
    anna: User,
    count: int,
    view: str,
    queries: int,
    name: str,
    request: pytest.FixtureRequest,
    browser_of: Browser,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    client = browser_of(request.getfixturevalue(name))
    for _ in range(count):
        factories.SchoolFactory(parent=bondarsky)
    roadmap = draft_of(
        ministry.region, order_of(*((f"3.{n}", f"Мероприятие {n}", "Ежемесячно", SCHOOLS) for n in range(count)))
    )
    approve(roadmap=roadmap, by=anna, now=NOW)
    # session, person, memberships, bell, requests for more time; edition; tallies;
    # items, occurrences, bodies
    with django_assert_num_queries(queries):  # type: ignore[attr-defined]
        assert client.get(reverse(f"roadmap:{view}", args=[roadmap.pk])).status_code == 200
