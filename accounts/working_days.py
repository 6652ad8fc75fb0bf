"""Working days of Russia: the five-day week, public holidays and the transfers the government orders each year.

A year's transfers are decided in the autumn before it. The library knows them up to some year; from
there on the statutory holidays stand alone (Labour Code, article 112), and ``is_calendar_final`` says
so, for pages to tell people. Pure functions; no clock is read.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
# Public holidays since 2013, (month, day). Those of January don't move a weekend by themselves: the
# government says each year where their weekends go, so without its decree they just fall away.
_NEW_YEAR = tuple((1, day) for day in range(1, 9))
_THROUGH_THE_YEAR = ((2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4))


@dataclass(frozen=True)
class _YearCalendar:
    """What makes a year differ from plain weeks: days off among its weekdays, days worked among its weekends."""

    days_off: frozenset[date]
    days_worked: frozenset[date]


def is_working_day(day: date) -> bool:
    """Tell whether people work on the day: «27 апреля 2024», a Saturday, is worked, «29 апреля», a Monday, is not."""
    calendar = _calendar(day.year)
    return day in calendar.days_worked or (not _is_weekend(day) and day not in calendar.days_off)


def next_working_day(day: date) -> date:
    """Return the day itself when it is worked, else the first working day after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def previous_working_day(day: date) -> date:
    """Return the day itself when it is worked, else the last working day before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after the day; before it, when negative; 0 gives the day itself."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end``; negative when ``end`` comes first."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=ahead)) for ahead in range(1, (end - start).days + 1))


def is_calendar_final(year: int) -> bool:
    """Tell whether the transfers of weekends in the calendar year are known; if not, days may yet be moved."""
    known = _known_transfers()
    return min(known) <= year <= max(known)


@lru_cache(maxsize=64)
def _calendar(year: int) -> _YearCalendar:
    """Return the year's deviations from plain weeks, kept because every reminder asks for them."""
    if not is_calendar_final(year):
        return _YearCalendar(_statutory_days_off(year), frozenset())
    calendar = holidays.country_holidays("RU", years=year)
    return _YearCalendar(
        frozenset(day for day in calendar if day.year == year),
        frozenset(day for day in calendar.weekend_workdays if day.year == year),
    )


def _statutory_days_off(year: int) -> frozenset[date]:
    """Public holidays of a year whose transfers are not decided; a holiday on a weekend moves it to the next day."""
    days_off = {date(year, month, day) for month, day in (*_NEW_YEAR, *_THROUGH_THE_YEAR)}
    for month, day in _THROUGH_THE_YEAR:
        holiday = date(year, month, day)
        if _is_weekend(holiday):
            moved = holiday
            while _is_weekend(moved) or moved in days_off:
                moved += ONE_DAY
            days_off.add(moved)
    return frozenset(days_off)


@lru_cache(maxsize=1)
def _known_transfers() -> frozenset[int]:
    """Years with a decree on transfers, as far as the library has read them."""
    return frozenset(holidays.country_holidays("RU").special_public_holidays)


def _is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= 5
