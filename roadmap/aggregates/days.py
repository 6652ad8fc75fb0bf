"""What is due when: the year as a line, and month by month."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from obligations.aggregates import Tally
from obligations.models import Obligation
from obligations.states import State
from roadmap.aggregates.coverage import Coverage
from roadmap.aggregates.items import own_obligations
from roadmap.models import Item, Occurrence


@dataclass(frozen=True)
class Due:
    """One dated occurrence of an item: a span or a day, and how its obligations stand in the person's sight.

    Once everybody who still owes it has more time, it is due on the nearest of their dates; ``planned_on`` keeps
    the one that the roadmap names.
    """

    item: Item
    start_on: date | None
    planned_on: date
    due_on: date
    tally: Tally
    own: Obligation | None = None

    @property
    def is_extended(self) -> bool:
        """Whoever still owes it has been given more time."""
        return self.due_on > self.planned_on

    @property
    def standing(self) -> str:
        """The one word for it: overdue before all, then done, review, open; «none» when nobody owes it."""
        if not self.tally.obligations:
            return "none"
        if self.tally.overdue:
            return "overdue"
        if self.tally.accepted == self.tally.obligations:
            return "done"
        if not self.tally.open:
            return "review"
        return "open"


@dataclass(frozen=True)
class Day:
    """A day of a month's sheet."""

    date: date
    is_inside: bool
    is_today: bool
    dues: Sequence[Due]


@dataclass(frozen=True)
class Month:
    """A month of the calendar: its weeks, and what is due on each of its days."""

    first: date
    weeks: Sequence[Sequence[date]]
    dues: dict[date, list[Due]]

    def sheet(self, today: date) -> list[list[Day]]:
        """Lay the weeks out day by day; days of the neighbouring months stay empty."""
        return [
            [Day(day, day.month == self.first.month, day == today, self.dues.get(day, [])) for day in week]
            for week in self.weeks
        ]

    @property
    def last(self) -> date:
        """The last day."""
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def previous(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def following(self) -> date:
        """The first day of the month after."""
        return self.last + timedelta(days=1)

    @property
    def count(self) -> int:
        """How many things are due."""
        return sum(len(dues) for dues in self.dues.values())


def timeline_of(user: User, *, coverage: Coverage, today: date) -> list[tuple[Item, list[Due]]]:
    """Return every item of an edition with its dated occurrences, in the order of the roadmap."""
    tallies = coverage.tallies_by_date(user, today=today)
    return [
        (item, [_due(item, occurrence, tallies.get(occurrence.pk, {})) for occurrence in item.occurrences.all()])
        for item in coverage.items
    ]


def month_of(user: User, *, coverage: Coverage, first: date, only_own: bool, today: date) -> Month:
    """Return what is due in the month that begins on ``first``: all the person sees, or what they owe themselves.

    One's own obligations stand on their own dates, which an extension may have moved.
    """
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    month = Month(first, weeks, {})
    if only_own:
        found = _own(user, coverage, month, today)
    else:
        found = [due for _, dues in timeline_of(user, coverage=coverage, today=today) for due in dues]
    inside = [due for due in found if month.first <= due.due_on <= month.last]
    for due in sorted(inside, key=lambda due: (due.due_on, due.item.section.position, due.item.position)):
        month.dues.setdefault(due.due_on, []).append(due)
    return month


def _due(item: Item, occurrence: Occurrence, tallies: Mapping[date, Tally]) -> Due:
    """Put an occurrence and what is owed on its dates together."""
    planned = occurrence.due_on
    nearest = min((day for day, tally in tallies.items() if tally.open), default=planned)
    return Due(item, occurrence.start_on, planned, max(planned, nearest), Tally.total(tallies.values()))


def _tally_of(obligation: Obligation, today: date) -> Tally:
    """Tally one obligation."""
    return Tally(
        obligations=1,
        accepted=int(obligation.state == State.ACCEPTED),
        under_review=int(obligation.is_at_reviewer),
        open=int(obligation.is_with_owner),
        overdue=int(obligation.is_overdue(today)),
    )


def _start(obligation: Obligation) -> date | None:
    """When what is owed may begin; nothing where an earlier due date has left the span behind."""
    start = obligation.requirement.start_on
    return start if start and start <= obligation.due_on else None


def _own(user: User, coverage: Coverage, month: Month, today: date) -> list[Due]:
    """What the person's organizations owe in the month."""
    items = {item.pk: item for item in coverage.items}
    owed = own_obligations(user, coverage=coverage).filter(due_on__gte=month.first, due_on__lte=month.last)
    return [
        Due(
            items[coverage.item_of(obligation.requirement_id)],
            _start(obligation),
            obligation.extended_from or obligation.due_on,
            obligation.due_on,
            _tally_of(obligation, today),
            obligation,
        )
        for obligation in owed
    ]
