"""The production calendar: what the decrees of 2023–2027 say, and the law alone where there is no decree yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.working_days import (
    add_working_days,
    is_calendar_final,
    is_working_day,
    next_working_day,
    previous_working_day,
    working_days_between,
)

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 10, 16),  # a plain Monday
        date(2024, 4, 27),  # Saturdays worked in exchange for other days
        date(2024, 11, 2),
        date(2024, 12, 28),
        date(2025, 11, 1),
        date(2027, 2, 20),
        date(2024, 5, 2),  # between the holidays, and worked all the same
        date(2026, 1, 12),
    ],
)
def test_people_work(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 10, 21),  # a plain Saturday and Sunday
        date(2023, 10, 22),
        date(2023, 2, 24),  # transferred
        date(2023, 5, 8),
        date(2023, 11, 6),  # 4 November was a Saturday
        date(2024, 1, 8),
        date(2024, 4, 29),
        date(2024, 4, 30),
        date(2024, 5, 10),
        date(2024, 12, 30),
        date(2024, 12, 31),
        date(2025, 5, 2),
        date(2025, 5, 8),
        date(2025, 6, 13),
        date(2025, 11, 3),
        date(2025, 12, 31),
        date(2026, 1, 9),
        date(2026, 3, 9),
        date(2026, 5, 11),
        date(2026, 12, 31),
    ],
)
def test_people_rest(day: date) -> None:
    assert not is_working_day(day)


@pytest.mark.parametrize(("year", "working"), [(2023, 247), (2024, 248), (2025, 247), (2026, 247)])
def test_a_year_has_as_many_working_days_as_the_ministry_of_labour_counts(year: int, working: int) -> None:
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == working


def test_the_nearest_working_days_around_the_may_holidays() -> None:
    assert next_working_day(date(2024, 4, 28)) == date(2024, 5, 2)
    assert previous_working_day(date(2024, 5, 1)) == date(2024, 4, 27)
    assert next_working_day(date(2024, 5, 2)) == previous_working_day(date(2024, 5, 2)) == date(2024, 5, 2)


def test_counting_over_the_new_year() -> None:
    assert add_working_days(date(2025, 12, 30), 1) == date(2026, 1, 12)
    assert add_working_days(date(2026, 1, 12), -2) == date(2025, 12, 29)
    assert add_working_days(date(2026, 1, 3), 0) == date(2026, 1, 3)
    assert working_days_between(date(2025, 12, 30), date(2026, 1, 13)) == 2
    assert working_days_between(date(2026, 1, 13), date(2025, 12, 30)) == -2


def test_where_no_decree_is_known_the_law_stands_alone_and_says_so() -> None:
    assert is_calendar_final(2023)
    assert is_calendar_final(2026)
    assert not is_calendar_final(2040)
    assert not is_calendar_final(1980)
    # 23 February 2041 is a Saturday: the law itself moves the day off to Monday …
    assert date(2041, 2, 23).weekday() == 5
    assert not is_working_day(date(2041, 2, 25))
    # … but says nothing of the weekends in the New Year holidays.
    assert date(2039, 1, 8).weekday() == 5
    assert is_working_day(date(2039, 1, 10))


@given(DAYS)
def test_the_nearest_working_days_enclose_the_day(day: date) -> None:
    before, after = previous_working_day(day), next_working_day(day)

    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    assert (before == day == after) == is_working_day(day)
    # The longest holidays with their weekends stay below a fortnight.
    assert after - before < timedelta(days=14)


@given(DAYS, st.integers(min_value=-60, max_value=60))
def test_counting_there_and_back_agrees(day: date, count: int) -> None:
    counted = add_working_days(day, count)

    assert count == 0 or is_working_day(counted)
    if count > 0:
        assert working_days_between(day, counted) == count
    # Seen from a working day, the way back is as long.
    if is_working_day(day):
        assert add_working_days(counted, -count) == day
