"""How the year will end if everything still planned is held. Pure.

The rule: hours of a line are spread evenly over its months. By the end of May there will have been what was held
already, and what was planned for the months to come; of the present month what it still lacks. A line never
promises more than was planned for it: what was held ahead of time will not be held again, and what was not held in
a month gone by is not made up for by itself. Parts of an hour are kept until the sum, which is rounded to whole hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from accounts.academic_years import AcademicYear
from schools.planning.months import MONTHS, months_between, place_of


@dataclass(frozen=True)
class LineHours:
    """Hours of one line: planned for its months, held so far, of these in the present month."""

    direction: str
    planned: int
    first_month: int
    last_month: int
    done: int = 0
    done_this_month: int = 0


@dataclass(frozen=True)
class Outlook:
    """Planned, held and expected by the end of May, in whole hours."""

    planned: int
    done: int
    expected: int

    @property
    def short(self) -> int:
        """How many planned hours will not be held by the end of May."""
        return max(self.planned - self.expected, 0)

    @property
    def left(self) -> int:
        """Planned and not held yet."""
        return max(self.planned - self.done, 0)

    @property
    def beyond(self) -> int:
        """Held beyond what was planned."""
        return max(self.done - self.planned, 0)

    def short_of(self, hours: int) -> int:
        """How many hours will be missing to a minimum."""
        return max(hours - self.expected, 0)


def foresee(lines: Iterable[LineHours], *, today: date, year: AcademicYear) -> Outlook:
    """Add up lines of one direction, or of a whole plan."""
    planned, done, expected = 0, 0, Fraction(0)
    for line in lines:
        planned += line.planned
        done += line.done
        expected += _expected(line, today, year)
    return Outlook(planned, done, int(expected + Fraction(1, 2)))


def _expected(line: LineHours, today: date, year: AcademicYear) -> Fraction:
    """What a line will have come to by the end of May."""
    months = months_between(line.first_month, line.last_month)
    share = Fraction(line.planned, len(months))
    if today < year.start:
        ahead = Fraction(line.planned)
    elif today > year.end or today.month not in MONTHS:
        ahead = Fraction(0)
    else:
        now = place_of(today.month)
        ahead = share * sum(place_of(month) > now for month in months)
        if today.month in months:
            ahead += max(share - line.done_this_month, Fraction(0))
    return max(Fraction(line.done), min(Fraction(line.planned), line.done + ahead))
