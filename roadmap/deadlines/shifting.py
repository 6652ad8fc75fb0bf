"""Carrying deadlines over to another academic year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from roadmap.deadlines.days import month_end
from roadmap.deadlines.reading import parse
from roadmap.deadlines.schedule import Occurrence, Schedule, ScheduleKind

_YEAR = re.compile(r"(?<![0-9])(19[0-9]{2}|20[0-9]{2})(?:([/\-–—])([0-9]{2})(?![0-9]))?(?![0-9])")


def move_to_year(schedule: Schedule, from_year: int, to_year: int) -> Schedule:
    """The schedule for another academic year: years in the text and all dates moved by whole years.

    29 February becomes 28 February; a period of whole months stays one (February ends on its last day).
    What repeats by weekday is read anew, so that Thursdays stay Thursdays; dates a person has overruled are
    shifted as they are.
    """
    text = move_text_to_year(schedule.text, from_year, to_year)
    if schedule.kind is ScheduleKind.RECURRING and parse(schedule.text, from_year) == schedule:
        anew = parse(text, to_year)
        if anew.kind is ScheduleKind.RECURRING:
            return anew
    moved = tuple(_moved(one, to_year - from_year) for one in schedule.occurrences)
    return replace(schedule, text=text, occurrences=moved)


def move_date_to_year(day: dt.date, from_year: int, to_year: int) -> dt.date:
    """The same day of another academic year; 29 February becomes 28 February. Years end at 1 and 9999."""
    year = min(max(day.year + to_year - from_year, dt.MINYEAR), dt.MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def move_text_to_year(text: str, from_year: int, to_year: int) -> str:
    """The text with its calendar years moved: «До 10.07.2023 г.» to «До 10.07.2026 г.», «2023/24» to «2026/27»."""
    years = to_year - from_year

    def moved(match: re.Match[str]) -> str:
        year = int(match[1])
        if match[2] is None:
            return str(year + years)
        # «2023/24» only: in «2023-10» the ten is no year.
        if (year + 1) % 100 != int(match[3]):
            return f"{year + years}{match[2]}{match[3]}"
        return f"{year + years}{match[2]}{(year + 1 + years) % 100:02d}"

    return _YEAR.sub(moved, text)


def _moved(one: Occurrence, years: int) -> Occurrence:
    due = move_date_to_year(one.due, 0, years)
    start = None if one.start is None else move_date_to_year(one.start, 0, years)
    whole_months = one.start is not None and one.start.day == 1 and one.due == month_end(one.due.year, one.due.month)
    if whole_months:
        due = month_end(due.year, due.month)
    return Occurrence(start, due)
