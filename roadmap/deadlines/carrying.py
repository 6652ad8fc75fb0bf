"""Carrying a schedule to another academic year so that nothing is due on a day off."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from roadmap.deadlines.days import month_end
from roadmap.deadlines.reading import parse
from roadmap.deadlines.schedule import Occurrence, Schedule, ScheduleKind
from roadmap.deadlines.shifting import move_to_year

IsWorking = Callable[[dt.date], bool]
#: The longest run of days off is ten days at New Year.
_FARTHEST = 20


class Why(StrEnum):
    """Why a carried date is the one it is."""

    SAME_DAY = "same_day"
    DAY_OFF = "day_off"
    WEEKDAY = "weekday"
    MONTH_END = "month_end"


@dataclass(frozen=True)
class Carried:
    """A date in the new year, the one it comes from (None when the new year has more of them), and why."""

    before: Occurrence | None
    after: Occurrence
    why: Why


def carry_to_year(
    schedule: Schedule, from_year: int, to_year: int, is_working: IsWorking
) -> tuple[Schedule, tuple[Carried, ...]]:
    """The schedule for another academic year, and how each of its dates came about.

    Every date moves by whole years. What repeats by weekday keeps its weekdays; whole months and the whole year
    keep their ends, whatever day that is. Any other due date that falls on a day off moves to the nearest working
    day, the earlier of two equally near ones, and never into another academic year. Words that name such a date
    name the new one.
    """
    moved = move_to_year(schedule, from_year, to_year)
    by_weekday = schedule.kind is ScheduleKind.RECURRING and parse(schedule.text, from_year) == schedule
    same_number = len(moved.occurrences) == len(schedule.occurrences)
    carried: list[Carried] = []
    taken = {one.due for one in moved.occurrences}
    for place, after in enumerate(moved.occurrences):
        before = schedule.occurrences[place] if same_number else None
        if by_weekday or _is_whole(after, moved.kind):
            carried.append(Carried(before, after, _why_fixed(after, moved.kind)))
            continue
        due = nearest_working_day(after.due, is_working)
        if due == after.due or due in taken or (after.start and due < after.start):
            carried.append(Carried(before, after, Why.SAME_DAY))
        else:
            taken.add(due)
            carried.append(Carried(before, Occurrence(after.start, due), Why.DAY_OFF))
    occurrences = tuple(sorted((one.after for one in carried), key=lambda one: one.due))
    text = moved.text
    for one in carried:
        if one.before is not None and not by_weekday:
            text = _retold(text, one.before.due, to_year - from_year, one.after.due)
    anew = parse(text, to_year)
    if anew.occurrences != occurrences:
        # The words cannot tell it: they stay, and the dates stand over them.
        text = moved.text
    return replace(moved, text=text, occurrences=occurrences), tuple(carried)


def nearest_working_day(day: dt.date, is_working: IsWorking) -> dt.date:
    """The day itself when it is worked; else the nearest one that is, the earlier of two, in its academic year."""
    for distance in range(_FARTHEST):
        for there in (day - dt.timedelta(distance), day + dt.timedelta(distance)):
            if is_working(there) and _academic_year(there) == _academic_year(day):
                return there
    return day


def retold(text: str, before: dt.date, after: dt.date) -> str:
    """The text with one date in figures replaced: «До 25.07.2026 г.» to «До 24.07.2026 г.»."""
    return _retold(text, before, 0, after)


def _retold(text: str, before: dt.date, years: int, after: dt.date) -> str:
    """Replace a date whose year has been moved in the text already: 29.02.2025 is none, and is found all the same."""
    named = rf"(?<!\d)0?{before.day}\.\s*{before:%m}\.\s*{before.year + years}(?!\d)"
    if (before.day, before.month, before.year + years) == (after.day, after.month, after.year):
        return text
    return re.sub(named, f"{after:%d.%m.%Y}", text)


def _is_whole(one: Occurrence, kind: ScheduleKind) -> bool:
    """The whole year, or whole months."""
    if kind is ScheduleKind.YEAR_ROUND:
        return True
    return one.start is not None and one.start.day == 1 and one.due == month_end(one.due.year, one.due.month)


def _why_fixed(one: Occurrence, kind: ScheduleKind) -> Why:
    return Why.MONTH_END if _is_whole(one, kind) else Why.WEEKDAY


def _academic_year(day: dt.date) -> int:
    return day.year if day.month >= 9 else day.year - 1
