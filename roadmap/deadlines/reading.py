"""``parse``: from a deadline's words to its schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from roadmap.deadlines import days as calendar
from roadmap.deadlines.days import Days
from roadmap.deadlines.figures import EARLIEST_YEAR, LATEST_YEAR
from roadmap.deadlines.grammar import read_phrase
from roadmap.deadlines.phrases import Dated, Frequency, Limit, MonthDays, Phrase, Stretch
from roadmap.deadlines.plans import says_nothing_more
from roadmap.deadlines.schedule import Occurrence, Schedule, ScheduleKind, Unreadable
from roadmap.deadlines.words import Unit
from roadmap.deadlines.years import settle

LONGEST_TEXT = 300
_LONGEST_SPAN = dt.timedelta(days=3 * 366)
_DAY = dt.timedelta(days=1)


def parse(text: str, academic_year: int) -> Schedule:
    """Read a deadline as a careful clerk would, for the academic year that begins in ``academic_year``.

    Pure and total: whatever the text, a schedule comes back and nothing is raised. A date without a
    year falls into the academic year; one that names its own year stays as written. Words that are not
    understood to the last one, and dates that do not exist, give ``unresolved`` without occurrences.
    Occurrences are in order and no two of them are due on the same day.
    """
    if len(text) > LONGEST_TEXT or not EARLIEST_YEAR <= academic_year <= LATEST_YEAR:
        return Schedule(text, ScheduleKind.UNRESOLVED)
    try:
        phrase = read_phrase(text)
        kind, occurrences = _understand(phrase, academic_year)
    except Unreadable:
        return Schedule(text, ScheduleKind.UNRESOLVED)
    notes = [note for note in phrase.notes if kind is not ScheduleKind.SEPARATE_PLAN or not says_nothing_more(note)]
    return Schedule(text, kind, _in_order(occurrences), "; ".join(dict.fromkeys(notes)))


def _in_order(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """By due date, one for each: of two due on one day the one that starts earlier tells more."""
    by_due: dict[dt.date, Occurrence] = {}
    for occurrence in sorted(occurrences, key=lambda one: (one.due, one.start is None, one.start or one.due)):
        by_due.setdefault(occurrence.due, occurrence)
    return tuple(by_due.values())


def _understand(phrase: Phrase, asked_year: int) -> tuple[ScheduleKind, list[Occurrence]]:
    year = phrase.academic_year if phrase.academic_year is not None else asked_year
    frequency = _frequency(phrase)
    if frequency is not None:
        repeated = _repeated(phrase, frequency, year)
        if not repeated:
            raise Unreadable("not once within the stretch")
        return ScheduleKind.RECURRING, repeated
    if phrase.since is not None:
        raise Unreadable("from then on, but how often?")
    if phrase.dated:
        if phrase.runs_on:
            return ScheduleKind.YEAR_ROUND, [_running_on(phrase, year)]
        if phrase.is_year_round:
            raise Unreadable("both dates and the whole year")
        kind = ScheduleKind.RECURRING if phrase.is_annual else _kind_of_dates(phrase.dated)
        occurrences = _dated(phrase.dated, year)
        if phrase.weekdays and {one.due.weekday() for one in occurrences} != phrase.weekdays:
            raise Unreadable("the day and its weekday disagree")
        return kind, occurrences
    if phrase.is_annual:
        return ScheduleKind.RECURRING, [Occurrence(*calendar.academic_year_days(year))]
    if phrase.is_year_round:
        return ScheduleKind.YEAR_ROUND, [Occurrence(*calendar.academic_year_days(year))]
    if phrase.has_plan:
        return ScheduleKind.SEPARATE_PLAN, []
    raise Unreadable("nothing said about time")


# Dates and periods


def _kind_of_dates(dated: list[Dated]) -> ScheduleKind:
    """A mixture counts as what needs most room: a period, then a limit, then single days."""
    if any(one.limit is Limit.NONE and not one.stretch.is_day for one in dated):
        return ScheduleKind.PERIOD
    if any(one.limit is not Limit.NONE for one in dated):
        return ScheduleKind.BY_DATE
    return ScheduleKind.ON_DATES


def _dated(dated: list[Dated], year: int) -> list[Occurrence]:
    spans = settle([one.stretch for one in dated], year)
    if any(not _begins_in_reach(one, days, year) for one, days in zip(dated, spans, strict=True)):
        raise Unreadable("which year it begins in is not said")
    return [_occurrence(one, days) for one, days in zip(dated, spans, strict=True)]


def _begins_in_reach(one: Dated, days: Days, year: int) -> bool:
    """A stretch without a year may begin in the summer before the school year; «январь–декабрь» is of which year?"""
    is_open = one.stretch.first.year is None and one.stretch.last.year is None
    return not is_open or days[0] >= dt.date(year, 6, 1)


def _occurrence(one: Dated, days: Days) -> Occurrence:
    first, last = days
    if first > last or last - first > _LONGEST_SPAN:
        raise Unreadable("ends before it starts, or years later")
    if one.stretch.is_day:
        return Occurrence(None, last)
    match one.limit:
        case Limit.WITHIN:
            return Occurrence(None, last)
        case Limit.BEFORE:
            if one.stretch.first.is_day:
                raise Unreadable("before which day of the span?")
            return Occurrence(None, first - _DAY)
        case Limit.NONE:
            return Occurrence(first, last)


def _running_on(phrase: Phrase, year: int) -> Occurrence:
    """«Август 2023 г., далее в течение года»: one, from the first date named to the year's end."""
    if any(one.limit is not Limit.NONE for one in phrase.dated):
        raise Unreadable("until a date and on through the year")
    first = min(days[0] for days in settle([one.stretch for one in phrase.dated], year))
    end = calendar.academic_year_days(year)[1]
    if first > end:
        raise Unreadable("begins after the year's end")
    return Occurrence(first, end)


def _are_days(dated: list[Dated]) -> bool:
    return bool(dated) and all(one.stretch.is_day for one in dated)


# Repetition


def _frequency(phrase: Phrase) -> Frequency | None:
    """How often, also where only «25 числа каждого месяца» or «последняя пятница месяца» says so."""
    if phrase.frequency is not None:
        return phrase.frequency
    if phrase.month_days is not None and phrase.month_days.of_month:
        return Frequency(Unit.MONTH)
    if phrase.weekdays and phrase.month_days is None and not phrase.nth_weekdays and _are_days(phrase.dated):
        # «25 октября 2023 г. (среда)»: the weekday only says once more which day it is.
        return None
    if phrase.month_days is not None or phrase.weekdays or phrase.nth_weekdays:
        raise Unreadable("days of which week or month?")
    return None


def _repeated(phrase: Phrase, frequency: Frequency, year: int) -> list[Occurrence]:
    if len(phrase.dated) > 1:
        return _each_named(phrase, frequency, year)
    given = _bounds(phrase, year)
    unit = frequency.unit
    if given is not None:
        bounds = given
    elif phrase.since is not None:
        bounds = _since(phrase.since, year)
    elif unit in {Unit.YEAR, Unit.QUARTER}:
        bounds = calendar.academic_year_days(year)
    else:
        bounds = calendar.teaching_days(year)
    if phrase.month_days is not None:
        if phrase.weekdays or phrase.nth_weekdays or frequency.times > 1 or frequency.every > 1:
            raise Unreadable("both days of the month and something else")
        return _on_month_days(phrase.month_days, unit, bounds)
    if phrase.nth_weekdays:
        if unit is not Unit.MONTH or phrase.weekdays or frequency.every > 1:
            raise Unreadable("a numbered weekday of what?")
        return _on_nth_weekdays(phrase, bounds)
    if phrase.weekdays:
        if unit is not Unit.WEEK or frequency.every > 1 or frequency.times not in {1, len(phrase.weekdays)}:
            raise Unreadable("weekdays of what?")
        return [Occurrence(None, day) for day in calendar.days_on(phrase.weekdays, bounds)]
    if unit is Unit.YEAR and given is None:
        return _times_a_year(frequency.times, year)
    units = calendar.units_within(unit, bounds)
    runs = [units[at : at + frequency.every] for at in range(0, len(units), frequency.every)]
    stretches = [(run[0][0], run[-1][1]) for run in runs]
    return [Occurrence(*part) for stretch in stretches for part in _split_unit(stretch, frequency.times)]


def _each_named(phrase: Phrase, frequency: Frequency, year: int) -> list[Occurrence]:
    """«2 раза в год (октябрь, апрель)»: as many dates as times, so these are the times."""
    occurrences = _dated(phrase.dated, year)
    if len(occurrences) != len(_repeated(replace(phrase, dated=[]), frequency, year)):
        raise Unreadable("another number of dates than of times")
    return occurrences


def _split_unit(stretch: Days, times: int) -> list[Days]:
    """Equal parts of a unit; of a week cut off by the year's edge as many as it has days."""
    length = (stretch[1] - stretch[0]).days + 1
    if length < 7:
        return calendar.split(stretch, min(times, length))
    return calendar.split(stretch, times)


def _times_a_year(times: int, year: int) -> list[Occurrence]:
    """Twice a year means the halves of the school year, four times its terms, nine times its months."""
    by_unit = {2: Unit.HALF, 3: Unit.TRIMESTER, 4: Unit.TERM, 9: Unit.MONTH}
    teaching = calendar.teaching_days(year)
    if times in by_unit:
        return [Occurrence(*days) for days in calendar.units_within(by_unit[times], teaching)]
    whole = calendar.academic_year_days(year) if times in {1, 12} else teaching
    return [Occurrence(*days) for days in calendar.split(whole, times)]


def _bounds(phrase: Phrase, year: int) -> Days | None:
    """«ежемесячно с октября по апрель»: between which days it comes again; ``None`` if nothing is said."""
    if not phrase.dated:
        return None
    if len(phrase.dated) > 1 or phrase.dated[0].limit is not Limit.NONE or phrase.dated[0].stretch.is_day:
        raise Unreadable("repeats within which stretch?")
    if phrase.runs_on or phrase.is_year_round:
        raise Unreadable("two stretches at once")
    first, last = settle([phrase.dated[0].stretch], year)[0]
    if first > last or last - first > _LONGEST_SPAN:
        raise Unreadable("ends before it starts, or years later")
    return first, last


def _since(since: Stretch, year: int) -> Days:
    """«ежемесячно с октября»: from its first day to the end of the teaching year."""
    first, end = settle([since], year)[0][0], calendar.teaching_days(year)[1]
    if first > end:
        raise Unreadable("begins after the year's end")
    return first, end


def _on_month_days(wanted: MonthDays, unit: Unit, bounds: Days) -> list[Occurrence]:
    if unit not in {Unit.MONTH, Unit.QUARTER}:
        raise Unreadable("days of which month?")
    occurrences = []
    for _, last in calendar.units_within(unit, bounds):
        # A quarter's report is due in the month after it unless its own last month is named.
        after = wanted.next_month or (unit is Unit.QUARTER and not wanted.last_month)
        index = last.year * 12 + last.month - 1 + after
        for day in wanted.days:
            due = calendar.day_of_month(index // 12, index % 12 + 1, day)
            if after or bounds[0] <= due <= bounds[1]:
                occurrences.append(Occurrence(None, due))
    return occurrences


def _on_nth_weekdays(phrase: Phrase, bounds: Days) -> list[Occurrence]:
    occurrences = []
    for first, _ in calendar.units_within(Unit.MONTH, bounds):
        for wanted in phrase.nth_weekdays:
            day = calendar.nth_weekday(first.year, first.month, wanted)
            if bounds[0] <= day <= bounds[1]:
                occurrences.append(Occurrence(None, day))
    return occurrences
