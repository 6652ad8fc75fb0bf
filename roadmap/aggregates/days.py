"""What is due when: the year as a line, and month by month."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from accounts.models import User
from obligations.aggregates import Tally, countable, tallies_by
from obligations.models import Obligation
from obligations.states import State
from roadmap.aggregates.items import ITEM, items_of, own_obligations
from roadmap.models import Item, Occurrence, Roadmap


@dataclass(frozen=True)
class Due:
    """One dated occurrence of an item: a span or a day, and how its obligations stand in the person's sight."""

    item: Item
    start_on: date | None
    due_on: date
    tally: Tally
    own: Obligation | None = None

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


def timeline_of(user: User, *, roadmap: Roadmap, today: date) -> list[tuple[Item, list[Due]]]:
    """Return every item of an edition with its dated occurrences, in the order of the roadmap."""
    tallies = _tallies(user, roadmap, today)
    return [
        (item, [_due(item, occurrence, tallies) for occurrence in item.occurrences.all()]) for item in items_of(roadmap)
    ]


def month_of(user: User, *, roadmap: Roadmap, first: date, only_own: bool, today: date) -> Month:
    """Return what is due in the month that begins on ``first``: all the person sees, or what they owe themselves.

    One's own obligations stand on their own dates, which an extension may have moved.
    """
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    month = Month(first, weeks, {})
    found = _own(user, roadmap, month, today) if only_own else _all(user, roadmap, month, today)
    for due in sorted(found, key=lambda due: (due.due_on, due.item.section.position, due.item.position)):
        month.dues.setdefault(due.due_on, []).append(due)
    return month


def _tallies(user: User, roadmap: Roadmap, today: date) -> dict[int, Tally]:
    """Tally each requirement of an edition in the person's sight."""
    counted = countable(user, roadmap.region).filter(Q(**{f"{ITEM}__section__roadmap": roadmap}))
    return tallies_by(counted, "requirement", region=roadmap.region, today=today)


def _due(item: Item, occurrence: Occurrence, tallies: dict[int, Tally]) -> Due:
    """Put an occurrence and its tally together."""
    tally = tallies.get(occurrence.requirement_id or 0, Tally())
    return Due(item, occurrence.start_on, occurrence.due_on, tally)


def _all(user: User, roadmap: Roadmap, month: Month, today: date) -> list[Due]:
    """Everything due in the month, whoever owes it."""
    tallies = _tallies(user, roadmap, today)
    occurrences = Occurrence.objects.filter(
        item__section__roadmap=roadmap, due_on__gte=month.first, due_on__lte=month.last
    ).select_related("item__section")
    return [_due(occurrence.item, occurrence, tallies) for occurrence in occurrences]


def _tally_of(obligation: Obligation, today: date) -> Tally:
    """Tally one obligation."""
    return Tally(
        obligations=1,
        accepted=int(obligation.state == State.ACCEPTED),
        under_review=int(obligation.is_at_reviewer),
        open=int(obligation.is_with_owner),
        overdue=int(obligation.is_overdue(today)),
    )


def _own(user: User, roadmap: Roadmap, month: Month, today: date) -> list[Due]:
    """What the person's organizations owe in the month."""
    owed = own_obligations(user, roadmap=roadmap).filter(due_on__gte=month.first, due_on__lte=month.last)
    return [
        Due(
            obligation.requirement.occurrence.item,
            obligation.requirement.start_on,
            obligation.due_on,
            _tally_of(obligation, today),
            obligation,
        )
        for obligation in owed.select_related("requirement__occurrence__item__section")
    ]
