"""The timeline and the calendar as files: what is due when."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import Region, User
from exports.documents import Column, ColumnKind, Document, Row, RowKind, Table
from exports.registry import Progress, Report, Request
from obligations.aggregates import Tally
from roadmap.aggregates import Due, coverage_of, month_of, timeline_of
from roadmap.drawings import STANDINGS
from roadmap.exports.common import TALLY_COLUMNS, document, in_region, request_for, roadmap_of, tally_cells
from roadmap.filters import MonthFilters, TimelineFilters, month_label

TIMELINE_TITLE, CALENDAR_TITLE = "Лента года дорожной карты", "Календарь дорожной карты"
COLUMNS = (
    Column("Срок", ColumnKind.DATE, 12),
    Column("Начало", ColumnKind.DATE, 12),
    Column("Продлён до", ColumnKind.DATE, 12),
    Column("№", width=7),
    Column("Мероприятие", width=56),
    Column("Раздел", width=36),
    Column("Состояние", width=19),
    *TALLY_COLUMNS,
)


def clean_timeline(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: an edition in the person's sight."""
    return request_for(roadmap_of(user, sent), title=TIMELINE_TITLE, sent=sent, filters=TimelineFilters)


def build_timeline(
    *, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress
) -> Document:
    """List every due date of the year, the earliest first."""
    roadmap = roadmap_of(user, parameters)
    in_region(roadmap, region)
    today = roadmap.region.local(now).date()
    progress(10, "Считаем поручения")
    rows = timeline_of(user, coverage=coverage_of(roadmap), today=today)
    filters = TimelineFilters(parameters, items=[item for item, _ in rows])
    dues = sorted((due for _, dues in filters.apply(rows) for due in dues), key=lambda due: due.due_on)
    total = Tally.total(due.tally for due in dues)
    return document(
        roadmap,
        title=TIMELINE_TITLE,
        now=now,
        tables=[Table("Сроки года", COLUMNS, _rows(dues, total))],
        total=total,
        chosen=filters.words(),
    )


def clean_calendar(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: an edition in the person's sight."""
    return request_for(roadmap_of(user, sent), title=CALENDAR_TITLE, sent=sent, filters=MonthFilters)


def build_calendar(
    *, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress
) -> Document:
    """List what is due in a month, day by day."""
    roadmap = roadmap_of(user, parameters)
    in_region(roadmap, region)
    today = roadmap.region.local(now).date()
    filters = MonthFilters(parameters, roadmap=roadmap, user=user, today=today)
    progress(10, "Считаем поручения")
    month = month_of(user, coverage=coverage_of(roadmap), first=filters.first, only_own=filters.only_own, today=today)
    dues = [due for day in sorted(month.dues) for due in month.dues[day]]
    total = Tally.total(due.tally for due in dues)
    label = month_label(month.first)
    return document(
        roadmap,
        title=CALENDAR_TITLE,
        now=now,
        tables=[Table(label, COLUMNS, _rows(dues, total))],
        total=total,
        facts=[("Месяц", label), ("Что показано", "Мои поручения" if filters.only_own else "Все мероприятия")],
    )


def _rows(dues: Iterable[Due], total: Tally) -> list[Row]:
    """A row for each due date."""
    rows = [
        Row(
            [
                due.planned_on,
                due.start_on,
                due.due_on if due.is_extended else None,
                due.item.number,
                due.item.title,
                str(due.item.section),
                STANDINGS[due.standing].capitalize(),
                *tally_cells(due.tally),
            ]
        )
        for due in dues
    ]
    nothing: list[date | None] = [None, None, None]
    return [*rows, Row([*nothing, None, "Всего", None, None, *tally_cells(total)], RowKind.TOTAL)]


TIMELINE = Report(name="roadmap_timeline", title=TIMELINE_TITLE, clean=clean_timeline, build=build_timeline)
CALENDAR = Report(name="roadmap_calendar", title=CALENDAR_TITLE, clean=clean_calendar, build=build_calendar)
