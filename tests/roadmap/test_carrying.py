"""A new academic year out of last year's edition: no due date on a day off, every moved date on one page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from accounts.working_days import is_calendar_final, is_working_day
from roadmap.actions import RoadmapRefused, approve, carry_over, correct_dates
from roadmap.deadlines import Schedule, Why, carry_to_year, nearest_working_day, parse
from roadmap.models import Occurrence, Roadmap
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of

BrowserOf = Callable[[User], Client]


def carried(text: str, to_year: int) -> tuple[Schedule, list[Why]]:
    schedule, dates = carry_to_year(parse(text, 2023), 2023, to_year, is_working_day)
    return schedule, [one.why for one in dates]


# --- the rule ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "year", "moved", "due", "why"),
    [
        # Tuesday stays, Saturday becomes Friday, Sunday becomes Monday.
        ("До 28.07.2023 г.", 2026, "До 28.07.2026 г.", date(2026, 7, 28), Why.SAME_DAY),
        ("До 25.07.2023 г.", 2026, "До 24.07.2026 г.", date(2026, 7, 24), Why.DAY_OFF),
        ("До 30.08. 2023 г.", 2026, "До 31.08.2026 г.", date(2026, 8, 31), Why.DAY_OFF),
        # Never into another academic year: 31 August 2025 is a Sunday.
        ("До 31.08.2024 г.", 2024, "До 29.08.2025 г.", date(2025, 8, 29), Why.DAY_OFF),
        # Unity Day, and the long New Year holidays.
        ("До 04.11.2023 г.", 2024, "До 05.11.2024 г.", date(2024, 11, 5), Why.DAY_OFF),
        ("Сентябрь 2023 г.", 2024, "Сентябрь 2024 г.", date(2024, 9, 30), Why.MONTH_END),
        ("В течение года", 2024, "В течение года", date(2025, 8, 31), Why.MONTH_END),
    ],
)  # fmt: skip
def test_a_due_date_lands_on_a_working_day(text: str, year: int, moved: str, due: date, why: Why) -> None:
    schedule, reasons = carried(text, year)
    assert (schedule.text, schedule.occurrences[-1].due, reasons) == (moved, due, [why])


def test_thursdays_stay_thursdays() -> None:
    schedule, reasons = carried("Еженедельно, четверг", 2026)
    assert {one.due.isoweekday() for one in schedule.occurrences} == {4}
    assert set(reasons) == {Why.WEEKDAY}


def test_two_dates_never_fall_together() -> None:
    schedule, _ = carried("24.07.2023 г. и 25.07.2023 г.", 2026)
    assert [one.due for one in schedule.occurrences] == [date(2026, 7, 24), date(2026, 7, 25)]


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2023, 1, 1), date(2030, 12, 31)))
def test_the_nearest_working_day_has_none_nearer(day: date) -> None:
    found = nearest_working_day(day, is_working_day)
    distance = abs((found - day).days)
    assert is_working_day(found)
    year = day.year if day.month >= 9 else day.year - 1
    assert date(year, 9, 1) <= found <= date(year + 1, 8, 31)
    for nearer in range(distance):
        for there in (day - timedelta(nearer), day + timedelta(nearer)):
            assert not is_working_day(there) or not date(year, 9, 1) <= there <= date(year + 1, 8, 31)


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2023, 9, 1), date(2024, 8, 31)), st.integers(2024, 2028))
def test_words_and_dates_never_part(day: date, year: int) -> None:
    schedule, _ = carried(f"До {day:%d.%m.%Y} г.", year)
    assert parse(schedule.text, year).occurrences == schedule.occurrences


# --- the page ---------------------------------------------------------------------------------


@pytest.fixture
def draft(ministry: Organization, anna: User) -> Roadmap:
    """Next year's draft: one date moved off a Saturday, one period, one Thursday a month."""
    text = order_of(
        ("3.1", "Приказ", "До 25.07.2023 г.", SCHOOLS),
        ("3.2", "Неделя профессий", "16.10.2023 – 20.10.2023 г.", SCHOOLS),
        ("3.3", "Отчёт", "До 20.05.2024 г.", SCHOOLS),
    )
    archive = draft_of(ministry.region, text)
    approve(roadmap=archive, by=anna, now=NOW)
    return carry_over(
        roadmap=archive, academic_year=2026, order_number="1900", order_date=date(2026, 8, 20), by=anna, now=NOW
    )


def one_of(roadmap: Roadmap, number: str) -> Occurrence:
    return item_of(roadmap, number).occurrences.get()


def sent(roadmap: Roadmap, **changes: str) -> dict[str, str]:
    """What the browser sends with the page as it stands, some fields changed («due_3.1»)."""
    data = {}
    for one in Occurrence.objects.filter(item__section__roadmap=roadmap).select_related("item"):
        data[f"due_{one.pk}"] = changes.get(f"due_{one.item.number}", f"{one.due_on:%Y-%m-%d}")
        if one.start_on:
            data[f"start_{one.pk}"] = changes.get(f"start_{one.item.number}", f"{one.start_on:%Y-%m-%d}")
    return data


def test_every_carried_date_stands_beside_last_years(browser_of: BrowserOf, draft: Roadmap, anna: User) -> None:
    page = browser_of(anna).get(reverse("roadmap:moved_dates", args=[draft.pk])).content.decode()
    assert "25.07.2023" in page
    assert 'value="2026-07-24"' in page
    assert "выходной или праздник: ближайший рабочий день" in page
    undecided = not all(is_calendar_final(year) for year in (2026, 2027))
    assert ("Производственный календарь ещё не утверждён" in page) == undecided


def test_dates_are_corrected_in_place_and_the_words_follow(browser_of: BrowserOf, draft: Roadmap, anna: User) -> None:
    url = reverse("roadmap:moved_dates", args=[draft.pk])
    response = browser_of(anna).post(url, sent(draft, **{"due_3.1": "2026-07-27", "due_3.3": "2027-05-19"}))
    assert response.status_code == 302
    assert (one_of(draft, "3.1").due_on, one_of(draft, "3.1").moved_why) == (date(2026, 7, 27), "by_hand")
    assert item_of(draft, "3.1").deadline_text == "До 27.07.2026 г."
    assert one_of(draft, "3.3").due_on == date(2027, 5, 19)
    assert one_of(draft, "3.2").moved_why != "by_hand"


def test_all_errors_come_at_once_and_nothing_typed_is_lost(browser_of: BrowserOf, draft: Roadmap, anna: User) -> None:
    url = reverse("roadmap:moved_dates", args=[draft.pk])
    wrong = {"due_3.1": "2036-07-27", "start_3.2": "2026-12-01", "due_3.3": "2027-05-18"}
    response = browser_of(anna).post(url, sent(draft, **wrong))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Срок вне учебного года" in page
    assert "Период кончается раньше, чем начинается." in page
    for typed in wrong.values():
        assert f'value="{typed}"' in page
    assert one_of(draft, "3.3").due_on == date(2027, 5, 20)


def test_a_date_named_twice_or_gone_meanwhile_is_refused(draft: Roadmap, anna: User) -> None:
    item = item_of(draft, "3.3")
    second = Occurrence.objects.create(item=item, due_on=date(2027, 5, 27), moved_why="same_day")
    with pytest.raises(RoadmapRefused, match=r"3\.3: срок 20\.05\.2027 назван дважды"):
        correct_dates(roadmap=draft, dates={second.pk: (None, date(2027, 5, 20))}, by=anna)
    with pytest.raises(RoadmapRefused, match="проект изменился"):
        correct_dates(roadmap=draft, dates={second.pk + 99: (None, date(2027, 5, 20))}, by=anna)
    first = one_of(draft, "3.1")
    swapped = {
        pk: (None, due)
        for pk, due in ((second.pk, date(2027, 5, 20)), (item.occurrences.all()[0].pk, date(2027, 5, 27)))
    }
    assert correct_dates(roadmap=draft, dates={first.pk: (None, first.due_on), **swapped}, by=anna) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_dates_asks_the_same_number_of_questions(
    browser_of: BrowserOf,
    ministry: Organization,
    anna: User,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    items = [(f"3.{n}", f"Дело {n}", f"До {10 + n}.10.2023 г.", SCHOOLS) for n in range(rows)]
    archive = draft_of(ministry.region, order_of(*items))
    approve(roadmap=archive, by=anna, now=NOW)
    copy = carry_over(
        roadmap=archive, academic_year=2024, order_number="1900", order_date=date(2024, 8, 20), by=anna, now=NOW
    )
    browser = browser_of(anna)
    with django_assert_num_queries(7):
        browser.get(reverse("roadmap:moved_dates", args=[copy.pk]))
