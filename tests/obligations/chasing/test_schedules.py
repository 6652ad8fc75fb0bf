"""When one is reminded: calendar days counted, working days written on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.working_days import is_working_day
from obligations.chasing.schedules import (
    DEFAULT_SCHEDULE,
    ReminderSchedule,
    covered_daily,
    covered_weekly,
    is_weekly_day,
)

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
SCHEDULES = st.builds(
    ReminderSchedule, st.sets(st.integers(0, 90), min_size=1, max_size=6).map(lambda days: tuple(sorted(days)))
)


def test_a_reminder_of_a_day_off_comes_on_the_working_day_before() -> None:
    # Due on Monday 6 November 2023, itself a day off moved from the 4th.
    assert DEFAULT_SCHEDULE.dates(date(2023, 11, 6)) == [date(2023, 10, 30), date(2023, 11, 3)]
    # Due on Friday 20 October: a week before is a Friday as well.
    assert DEFAULT_SCHEDULE.dates(date(2023, 10, 20)) == [
        date(2023, 10, 13),
        date(2023, 10, 17),
        date(2023, 10, 19),
        date(2023, 10, 20),
    ]


def test_the_ladder_is_climbed_on_working_days() -> None:
    # Overdue by more than 3 days on Tuesday 24 October, by more than 7 on Saturday 28: told on Monday.
    assert DEFAULT_SCHEDULE.coordinator_on(date(2023, 10, 20)) == date(2023, 10, 24)
    assert DEFAULT_SCHEDULE.ministry_on(date(2023, 10, 20)) == date(2023, 10, 30)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2023, 10, 16), date(2023, 10, 16)),  # Monday: itself
        (date(2023, 10, 20), date(2023, 10, 22)),  # Friday: the weekend too
        (date(2023, 11, 3), date(2023, 11, 6)),  # before the long weekend
        (date(2024, 4, 26), date(2024, 4, 26)),  # a Friday before a worked Saturday
        (date(2025, 12, 30), date(2026, 1, 11)),  # the last day of the year that is worked
        (date(2023, 10, 21), date(2023, 10, 21)),  # sent by hand on a Saturday: that day alone
    ],
)
def test_a_daily_letter_covers_the_days_off_after_it(today: date, last: date) -> None:
    assert covered_daily(today)[0] == today
    assert covered_daily(today)[-1] == last


def test_a_weekly_letter_covers_all_up_to_the_next_one() -> None:
    assert is_weekly_day(date(2023, 10, 16))
    assert not is_weekly_day(date(2023, 10, 17))
    assert covered_weekly(date(2023, 10, 16))[-1] == date(2023, 10, 22)
    # Monday 6 November is a day off: the week's letter comes on Tuesday.
    assert not is_weekly_day(date(2023, 11, 6))
    assert is_weekly_day(date(2023, 11, 7))
    assert covered_weekly(date(2023, 10, 30))[-1] == date(2023, 11, 6)


@given(due_on=DAYS, schedule=SCHEDULES)
def test_every_reminder_is_told_by_exactly_the_letters_the_page_promises(
    due_on: date, schedule: ReminderSchedule
) -> None:
    promised = schedule.dates(due_on)
    first = due_on - timedelta(days=110)
    days = [first + timedelta(days=ahead) for ahead in range(112)]
    told = [
        day for day in days if is_working_day(day) and day <= due_on and schedule.reminds_on(due_on, covered_daily(day))
    ]
    assert told == promised
    assert all(due_on in schedule.due_dates(covered_daily(day)) for day in promised)


@given(today=DAYS)
def test_weekly_letters_leave_no_day_uncovered(today: date) -> None:
    if not is_weekly_day(today):
        return
    following = today + timedelta(days=1)
    while not is_weekly_day(following):
        following += timedelta(days=1)
    covered = covered_weekly(today)
    assert covered[0] == today
    assert covered[-1] + timedelta(days=1) == following
