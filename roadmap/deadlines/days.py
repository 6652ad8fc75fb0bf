"""From the sense of a deadline to days of the calendar: the academic year, months, weeks, parts of the year."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Iterator

from roadmap.deadlines.phrases import Edge, NthWeekday
from roadmap.deadlines.schedule import Unreadable
from roadmap.deadlines.words import LAST, Unit

Days = tuple[dt.date, dt.date]
"""First and last day of a stretch, both in it."""

_DAY = dt.timedelta(days=1)

# Parts of the year by number, from one month's beginning to another's end. School terms and trimesters end
# with months here: the real holidays differ from school to school.
TERMS = {1: (9, 10), 2: (11, 12), 3: (1, 3), 4: (4, 5)}
TRIMESTERS = {1: (9, 11), 2: (12, 2), 3: (3, 5)}
SCHOOL_HALVES = {1: (9, 12), 2: (1, 5)}
CALENDAR_HALVES = {1: (1, 6), 2: (7, 12)}
QUARTERS = {1: (1, 3), 2: (4, 6), 3: (7, 9), 4: (10, 12)}


def academic_year_days(start_year: int) -> Days:
    """1 September to 31 August."""
    return dt.date(start_year, 9, 1), dt.date(start_year + 1, 8, 31)


def teaching_days(start_year: int) -> Days:
    """1 September to 31 May: what «ежемесячно» and «еженедельно» mean in a school's documents."""
    return dt.date(start_year, 9, 1), dt.date(start_year + 1, 5, 31)


def month_end(year: int, month: int) -> dt.date:
    """The last day of the month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def nth_weekday(year: int, month: int, wanted: NthWeekday) -> dt.date:
    """The day that «последняя пятница» of this month is; a fifth one that isn't there is unreadable."""
    last = month_end(year, month)
    if wanted.nth == LAST:
        return last - dt.timedelta(days=(last.weekday() - wanted.weekday) % 7)
    first = dt.date(year, month, 1)
    day = first + dt.timedelta(days=(wanted.weekday - first.weekday()) % 7 + 7 * (wanted.nth - 1))
    if day > last:
        raise Unreadable("the month has no fifth such weekday")
    return day


def first_day(edge: Edge, year: int) -> dt.date:
    """Where a stretch that begins with this edge begins."""
    if edge.nth_weekday is not None:
        return nth_weekday(year, edge.month, edge.nth_weekday)
    return _date(year, edge.month, edge.day or 1)


def last_day(edge: Edge, year: int) -> dt.date:
    """Where a stretch that ends with this edge ends."""
    if edge.nth_weekday is not None:
        return nth_weekday(year, edge.month, edge.nth_weekday)
    return month_end(year, edge.month) if edge.day is None else _date(year, edge.month, edge.day)


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise Unreadable(str(error)) from error


def units_within(unit: Unit, bounds: Days) -> list[Days]:
    """The weeks, months, terms … of the calendar that lie in the bounds, cut off at them.

    A quarter of the calendar counts when its last day lies within: its result is due then.
    """
    start, end = bounds
    match unit:
        case Unit.WEEK:
            stretches = _weeks(bounds)
        case Unit.MONTH:
            stretches = ((dt.date(y, m, 1), month_end(y, m)) for y, m in _months(bounds))
        case Unit.QUARTER:
            ends = (month_end(y, m) for y, m in _months(bounds) if m % 3 == 0)
            stretches = ((dt.date(last.year, last.month - 2, 1), last) for last in ends if last <= end)
        case Unit.TERM:
            stretches = _school_parts(TERMS, bounds)
        case Unit.TRIMESTER:
            stretches = _school_parts(TRIMESTERS, bounds)
        case Unit.HALF:
            stretches = _school_parts(SCHOOL_HALVES, bounds)
        case Unit.YEAR:
            stretches = iter([bounds])
    return [(max(first, start), min(last, end)) for first, last in stretches if last >= start and first <= end]


def _months(bounds: Days) -> Iterator[tuple[int, int]]:
    start, end = bounds
    for index in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield index // 12, index % 12 + 1


def _weeks(bounds: Days) -> Iterator[Days]:
    start, end = bounds
    monday = start - dt.timedelta(days=start.weekday())
    while monday <= end:
        yield monday, monday + 6 * _DAY
        monday += 7 * _DAY


def _school_parts(parts: dict[int, tuple[int, int]], bounds: Days) -> Iterator[Days]:
    start, end = bounds
    for start_year in range(start.year - 1, end.year + 1):
        for first, last in parts.values():
            last_year = start_year + (last < 9)
            yield dt.date(last_year - (first > last), first, 1), month_end(last_year, last)


def split(stretch: Days, parts: int) -> list[Days]:
    """The stretch in equal parts, by whole months where they come out even, otherwise by days."""
    start, end = stretch
    if parts == 1:
        return [stretch]
    months = list(_months(stretch))
    whole = start.day == 1 and end == month_end(end.year, end.month) and len(months) > 1
    if whole and len(months) % parts == 0:
        size = len(months) // parts
        groups = (months[at : at + size] for at in range(0, len(months), size))
        return [(dt.date(*group[0], 1), month_end(*group[-1])) for group in groups]
    length = (end - start).days + 1
    if parts > length:
        raise Unreadable("more times than days")
    edges = [start + dt.timedelta(days=length * part // parts) for part in range(parts + 1)]
    return [(first, after - _DAY) for first, after in itertools.pairwise(edges)]


def days_on(weekdays: set[int], bounds: Days) -> list[dt.date]:
    """Every day within the bounds that is one of the weekdays."""
    start, end = bounds
    count = (end - start).days + 1
    days = (start + dt.timedelta(days=ahead) for ahead in range(count))
    return [day for day in days if day.weekday() in weekdays]


def day_of_month(year: int, month: int, day: int) -> dt.date:
    """That day of the month, or its last when it is shorter: «до 30 числа» is 28 or 29 February."""
    return min(dt.date(year, month, 1) + dt.timedelta(days=day - 1), month_end(year, month))
