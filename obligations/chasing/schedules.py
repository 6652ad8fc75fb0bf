"""When one is reminded, and when others hear of it. Pure: no query, no clock.

Thresholds count calendar days, as people do («осталась неделя»); letters go out on working days. A
reminder whose day is a day off comes on the last working day before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from accounts.working_days import ONE_DAY, add_working_days, is_working_day, next_working_day, previous_working_day

# Beyond a quarter of a year a reminder is no reminder any more.
MOST_DAYS = 90
MOST_REMINDERS = 6


@dataclass(frozen=True)
class ReminderSchedule:
    """How many days before the due date one is reminded, the largest first, and when overdue climbs the ladder."""

    days: tuple[int, ...] = (7, 3, 1, 0)
    coordinator_after: int = 3
    """Overdue by more than this many days, an obligation is told to the one who reviews it …"""
    ministry_after: int = 7
    """… and, where that is a municipality, by more than this many to the ministry as well."""

    def reminds_on(self, due_on: date, covered: Iterable[date]) -> bool:
        """Tell whether a reminder of what is due falls on one of the days."""
        distances = {(due_on - day).days for day in covered}
        return not distances.isdisjoint(self.days)

    def due_dates(self, covered: Iterable[date]) -> set[date]:
        """Return the due dates that are reminded of on the days."""
        return {day + timedelta(days=ahead) for day in covered for ahead in self.days}

    def dates(self, due_on: date) -> list[date]:
        """Return the working days on which one is reminded of what is due, each once."""
        return sorted({previous_working_day(due_on - timedelta(days=ahead)) for ahead in self.days})

    def coordinator_on(self, due_on: date) -> date:
        """Return the working day on which the reviewer first hears of it, if it is overdue."""
        return next_working_day(due_on + timedelta(days=self.coordinator_after + 1))

    def ministry_on(self, due_on: date) -> date:
        """Return the working day on which the ministry first hears of it, if it is overdue."""
        return next_working_day(due_on + timedelta(days=self.ministry_after + 1))


DEFAULT_SCHEDULE = ReminderSchedule()


# Asked for every person of a region: the answer of a day is kept.
@lru_cache(maxsize=8)
def covered_daily(today: date) -> tuple[date, ...]:
    """Return the days whose reminders a letter of today tells: today, and the days off right after it.

    A day off has no letters of its own by schedule; sent by hand, its letter tells of that day alone.
    """
    if not is_working_day(today):
        return (today,)
    return _days(today, add_working_days(today, 1))


@lru_cache(maxsize=8)
def covered_weekly(today: date) -> tuple[date, ...]:
    """Return the days whose reminders a weekly letter of today tells: up to the next weekly letter."""
    monday_after = today + (7 - today.weekday()) * ONE_DAY
    return _days(today, next_working_day(monday_after))


@lru_cache(maxsize=8)
def is_weekly_day(today: date) -> bool:
    """Tell whether weekly letters go out: the first working day of a week."""
    monday = today - today.weekday() * ONE_DAY
    return today == next_working_day(monday)


def _days(first: date, end: date) -> tuple[date, ...]:
    """Return the days from the first up to, not including, the end."""
    return tuple(first + timedelta(days=ahead) for ahead in range((end - first).days))
