"""The items of a roadmap as a file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from accounts.models import Region, User
from exports.documents import Cell, Column, ColumnKind, Document, Row, RowKind, Table
from exports.registry import Progress, Report, Request
from obligations.aggregates import Tally
from roadmap.aggregates import ItemRow, coverage_of, item_rows
from roadmap.drawings import ORIGIN_WORDS
from roadmap.exports.common import (
    TALLY_COLUMNS,
    bars,
    document,
    in_region,
    request_for,
    roadmap_of,
    tally_cells,
)
from roadmap.filters import ItemFilters

TITLE = "Мероприятия дорожной карты"
COLUMNS = (
    Column("№", width=7),
    Column("Мероприятие", width=52),
    Column("Срок исполнения", width=17),
    Column("Ближайший срок", ColumnKind.DATE, 13),
    Column("Ответственные", width=36),
    *TALLY_COLUMNS,
)
# An own roadmap says of each item where it comes from, and by when the edition above asks what is stricter here.
OWN_COLUMNS = (*COLUMNS, Column("Откуда", width=14), Column("Срок выше", ColumnKind.DATE, 13))


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: an edition in the person's sight; filters fall back to their defaults."""
    return request_for(roadmap_of(user, sent), title=TITLE, sent=sent, filters=ItemFilters)


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Lay out what the page shows under the same filters."""
    roadmap = roadmap_of(user, parameters)
    in_region(roadmap, region)
    today = roadmap.region.local(now).date()
    progress(10, "Считаем поручения")
    rows = item_rows(user, coverage=coverage_of(roadmap), today=today)
    filters = ItemFilters(parameters, rows=rows, today=today, first=roadmap.year.start)
    shown = filters.apply(rows)
    total = Tally.total(row.tally for row in shown)
    laid_out: list[Row] = []
    by_section: list[tuple[str, Tally]] = []
    for section, group in _groups(shown, in_order=not filters.chosen("sort")):
        if section:
            laid_out.append(Row([section], RowKind.GROUP))
            by_section.append((section, Tally.total(row.tally for row in group)))
        laid_out += [
            Row(
                [
                    row.item.number,
                    row.item.title,
                    row.item.deadline_text,
                    row.next_due(today),
                    "; ".join(body.label for body in row.item.bodies.all()),
                    *tally_cells(row.tally),
                    *(_origin_cells(row) if roadmap.is_own else []),
                ]
            )
            for row in group
        ]
    nothing: list[Cell] = [None, None] if roadmap.is_own else []
    laid_out.append(Row([None, "Всего", None, None, None, *tally_cells(total), *nothing], RowKind.TOTAL))
    charts = [bars("Исполнение по разделам", by_section)] if by_section else []
    table = Table("Мероприятия", OWN_COLUMNS if roadmap.is_own else COLUMNS, laid_out)
    return document(roadmap, title=TITLE, now=now, tables=[table], total=total, chosen=filters.words(), charts=charts)


def _origin_cells(row: ItemRow) -> list[Cell]:
    """Where an item of an own roadmap comes from, and the first of the dates above that it brings forward."""
    above = [one.latest_on for one in row.item.occurrences.all() if one.is_stricter]
    return [ORIGIN_WORDS[row.origin].capitalize() if row.origin else None, above[0] if above else None]


def _groups(rows: list[ItemRow], *, in_order: bool) -> Iterable[tuple[str, list[ItemRow]]]:
    """Part the rows by section, or leave them in the order they were sorted into."""
    if not in_order:
        return [("", rows)]
    return [(str(section), list(group)) for section, group in groupby(rows, key=lambda row: row.item.section)]


ITEMS = Report(name="roadmap_items", title=TITLE, clean=clean, build=build)
