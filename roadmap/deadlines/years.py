"""Settling the years of dates that name none."""

from __future__ import annotations

from roadmap.deadlines import days as calendar
from roadmap.deadlines.days import Days
from roadmap.deadlines.phrases import Edge, Stretch


def settle(stretches: list[Stretch], academic_year: int) -> list[Days]:
    """First and last day of every stretch, in the order given; raises ``Unreadable`` for a day that isn't.

    A year stands for the dates before it in the list («сентябрь/ноябрь 2023 г.»), then for those behind
    it; with no year anywhere a stretch ends within the academic year. Dates go forward in time: «октябрь,
    март 2024 г.» begins in 2023.
    """
    years: list[int | None] = [_last_year(stretch) for stretch in stretches]
    for at in reversed(range(len(stretches) - 1)):
        following = years[at + 1]
        if years[at] is None and following is not None:
            years[at] = _year_before(stretches[at], stretches[at + 1], following, academic_year)
    for at in range(1, len(stretches)):
        preceding = years[at - 1]
        if years[at] is None and preceding is not None:
            years[at] = _year_after(stretches[at], stretches[at - 1], preceding)
    return [
        _days(stretch, _year_of(stretch.last.month, academic_year) if year is None else year)
        for stretch, year in zip(stretches, years, strict=True)
    ]


def _order(edge: Edge, *, at_end: bool) -> tuple[int, int]:
    return edge.month, edge.day or (31 if at_end else 1)


def _year_of(month: int, academic_year: int) -> int:
    return academic_year if month >= 9 else academic_year + 1


def _last_year(stretch: Stretch) -> int | None:
    """The year the stretch ends in, if either of its ends names one."""
    if stretch.last.year is None and stretch.first.year is not None:
        wraps = _order(stretch.first, at_end=False) > _order(stretch.last, at_end=True)
        return stretch.first.year + wraps
    return stretch.last.year


def _first_year(stretch: Stretch, last_year: int) -> int:
    if stretch.first.year is not None:
        return stretch.first.year
    return last_year - (_order(stretch.first, at_end=False) > _order(stretch.last, at_end=True))


def _year_before(stretch: Stretch, following: Stretch, last_year: int, academic_year: int) -> int:
    """The year of a stretch in front of a dated one: the same, unless it would then come after it."""
    year = _first_year(following, last_year)
    in_order = _order(stretch.last, at_end=False) <= _order(following.first, at_end=True)
    if in_order or year == _year_of(stretch.last.month, academic_year):
        return year
    return year - 1


def _year_after(stretch: Stretch, preceding: Stretch, last_year: int) -> int:
    """The year of a stretch behind a dated one: the first in which it does not come before it."""
    in_order = _order(stretch.last, at_end=True) >= _order(preceding.first, at_end=False)
    return last_year + (not in_order)


def _days(stretch: Stretch, last_year: int) -> Days:
    first_year = _first_year(stretch, last_year)
    return calendar.first_day(stretch.first, first_year), calendar.last_day(stretch.last, last_year)
