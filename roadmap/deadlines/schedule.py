"""What the words of a deadline mean: the kind and the dated occurrences."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass


class ScheduleKind(enum.StrEnum):
    """How a deadline binds; the values are stored and sent to the interface as they are."""

    BY_DATE = "by_date"
    ON_DATES = "on_dates"
    PERIOD = "period"
    RECURRING = "recurring"
    YEAR_ROUND = "year_round"
    SEPARATE_PLAN = "separate_plan"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time something is due.

    ``due`` is inclusive: overdue starts the day after. ``start`` is ``None`` when only the last
    day matters («до 28 февраля», «18 октября»).
    """

    start: dt.date | None
    due: dt.date

    def __post_init__(self) -> None:
        if self.start is not None and self.start > self.due:
            raise ValueError(f"occurrence ends before it starts: {self.start} > {self.due}")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A deadline as written (``text``, untouched) and as understood.

    ``occurrences`` are in the order of their due dates and empty for ``separate_plan`` and
    ``unresolved``; ``note`` keeps words that bind nobody to a date («по отдельному плану» behind a
    month).
    """

    text: str
    kind: ScheduleKind
    occurrences: tuple[Occurrence, ...] = ()
    note: str = ""

    @property
    def is_dated(self) -> bool:
        """Whether obligations can be made of it without a person naming the dates first."""
        return bool(self.occurrences)


class Unreadable(Exception):
    """The words mean no dates we are sure of; ``parse`` turns it into ``unresolved``."""
