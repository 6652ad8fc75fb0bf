"""The sense of a deadline before its years are settled: what the grammar hands to the calendar."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from roadmap.deadlines.words import Unit


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """«Последняя пятница», «третий четверг»: ``nth`` counts from 1, -1 is the last."""

    nth: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a stretch. No ``day`` means the month's first day at the start, its last at the end."""

    month: int
    day: int | None = None
    year: int | None = None
    nth_weekday: NthWeekday | None = None

    @property
    def is_day(self) -> bool:
        """Whether a single day is named, not just the month it lies in."""
        return self.day is not None or self.nth_weekday is not None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first day of ``first`` to the last day of ``last``; a single day has both the same."""

    first: Edge
    last: Edge

    @property
    def is_day(self) -> bool:
        """Whether it is one named day."""
        return self.first == self.last and self.first.is_day


class Limit(enum.Enum):
    """How the words in front bind a date or stretch."""

    NONE = "сам срок"
    #: «до сентября», «к сентябрю», «до начала …»: the day before the stretch; of a day, the day itself.
    BEFORE = "до"
    #: «не позднее сентября», «до конца сентября»: the last day of the stretch.
    WITHIN = "не позднее"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date or stretch with what binds it."""

    stretch: Stretch
    limit: Limit = Limit.NONE


@dataclass(frozen=True, slots=True)
class MonthDays:
    """«До 10 и 25 числа»: days of each repeating month, short months ending earlier."""

    days: tuple[int, ...]
    #: «месяца, следующего за отчётным»
    next_month: bool = False
    #: «последнего месяца квартала»
    last_month: bool = False
    #: «числа каждого месяца» says by itself that it comes every month.
    of_month: bool = False


@dataclass(frozen=True, slots=True)
class Frequency:
    """«2 раза в месяц», «раз в две недели»: ``times`` in each run of ``every`` units."""

    unit: Unit
    times: int = 1
    every: int = 1


@dataclass(slots=True)
class Phrase:
    """Everything a deadline's words said."""

    dated: list[Dated] = field(default_factory=list)
    frequency: Frequency | None = None
    #: «ежегодно до 25 мая»: the dates come again each year.
    is_annual: bool = False
    weekdays: set[int] = field(default_factory=set)
    nth_weekdays: list[NthWeekday] = field(default_factory=list)
    month_days: MonthDays | None = None
    #: «ежемесячно с октября»: what repeats begins then.
    since: Stretch | None = None
    is_year_round: bool = False
    #: «2023/2024 уч. год» names its year; otherwise the year the deadline is read for.
    academic_year: int | None = None
    #: «…, далее в течение года», «с 1 сентября постоянно»: the dates only say when it begins.
    runs_on: bool = False
    has_plan: bool = False
    notes: list[str] = field(default_factory=list)
