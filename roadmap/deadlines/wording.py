"""A schedule in Russian words, to stand beside the text it was read from."""

from __future__ import annotations

import datetime as dt

from roadmap.deadlines.schedule import Occurrence, Schedule, ScheduleKind

_NBSP = "\u00a0"
_ALL_SHOWN_UP_TO = 4


def explain(schedule: Schedule) -> str:
    """The reading for people: «срок: 28.02.2024 и 31.03.2024»."""
    words = _words(schedule)
    return f"{words} (примечание: {schedule.note})" if schedule.note else words


def _words(schedule: Schedule) -> str:
    occurrences = schedule.occurrences
    several = len(occurrences) > 1
    match schedule.kind:
        case ScheduleKind.BY_DATE:
            return f"срок: {_list(occurrences)}"
        case ScheduleKind.ON_DATES:
            return f"{'даты' if several else 'дата'}: {_list(occurrences)}"
        case ScheduleKind.PERIOD:
            return f"{'периоды' if several else 'период'}: {_list(occurrences)}"
        case ScheduleKind.RECURRING:
            return f"повторяется, {_count(len(occurrences))}: {_list(occurrences)}"
        case ScheduleKind.YEAR_ROUND:
            return f"в{_NBSP}течение года: {_list(occurrences)}"
        case ScheduleKind.SEPARATE_PLAN:
            return "дат в тексте нет (отдельный план): их нужно указать вручную"
        case ScheduleKind.UNRESOLVED:
            return "срок не распознан: даты нужно указать вручную"


def _list(occurrences: tuple[Occurrence, ...]) -> str:
    """«A», «A и B», «A, B и C»; of a long row the first two and the last."""
    labels = [_label(one) for one in occurrences]
    if not labels:
        return "без дат"
    if len(labels) > _ALL_SHOWN_UP_TO:
        return f"{labels[0]}, {labels[1]}, …, {labels[-1]}"
    *head, tail = labels
    return f"{', '.join(head)} и{_NBSP}{tail}" if head else tail


def _label(one: Occurrence) -> str:
    if one.start is None or one.start == one.due:
        return _day(one.due)
    return f"{_day(one.start)}{_NBSP}— {_day(one.due)}"


def _day(day: dt.date) -> str:
    return f"{day:%d.%m.}{day.year:04d}"


def _count(number: int) -> str:
    """«1 раз, 2 раза, 5 раз»."""
    few = number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}
    return f"{number}{_NBSP}{'раза' if few else 'раз'}"
