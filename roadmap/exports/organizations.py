"""One item with its municipalities and organizations as a file."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.text import Truncator

from accounts.models import Region, User
from exports.documents import Column, ColumnKind, Document, Row, RowKind, Table
from exports.registry import Progress, Report, ReportUnavailable, Request
from obligations.aggregates import Tally
from roadmap.aggregates import Coverage, PartRow, coverage_of_item, item_parts, item_tally, parts_of
from roadmap.exports.common import TALLY_COLUMNS, document, in_region, item_of, request_for, tally_cells
from roadmap.filters import OrganizationFilters

TITLE = "Исполнение мероприятия"
# What one sheet holds and a person may still read; an item of a federal host asks forty thousand schools.
MOST_ROWS = 100_000
COLUMNS = (
    Column("Организация", width=46),
    Column("Кому подотчётна", width=28),
    Column("ИНН", width=14),
    Column("Срок", ColumnKind.DATE, 12),
    Column("Состояние", width=20),
    Column("Сдано", ColumnKind.DATE, 12),
    Column("Решение", ColumnKind.DATE, 12),
    Column("Просрочено, дней", ColumnKind.NUMBER, 13),
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: an item in the person's sight."""
    item = item_of(user, sent)
    title = f"{TITLE} {item.number}"
    return request_for(item.section.roadmap, title=title, sent=sent, filters=OrganizationFilters)


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Lay out what the page shows: municipalities to who sees the region, and every organization under the filters."""
    item = item_of(user, parameters)
    roadmap = item.section.roadmap
    in_region(roadmap, region)
    today = roadmap.region.local(now).date()
    coverage = coverage_of_item(item)
    parts = parts_of(user, region_id=roadmap.region_id) if coverage.is_parted(user) else []
    filters = OrganizationFilters(parameters, occurrences=list(item.occurrences.all()), parts=parts)
    progress(10, "Считаем поручения")
    tables = []
    if parts and not filters.by_organization:
        rows = filters.in_order(item_parts(coverage, parts, due_on=filters.due_chosen, today=today))
        tables.append(_parts(rows))
    progress(30, "Собираем организации")
    tables.append(_organizations(user, coverage, filters, today))
    return document(
        roadmap,
        title=f"{TITLE} {item.number}",
        now=now,
        tables=tables,
        total=item_tally(user, coverage=coverage, today=today),
        facts=[("Мероприятие", Truncator(str(item)).chars(140))],
        chosen=filters.words(),
    )


def _parts(rows: list[PartRow]) -> Table:
    """Municipalities side by side."""
    laid_out = [Row([row.part.name, *tally_cells(row.tally)]) for row in rows]
    laid_out.append(Row(["Всего", *tally_cells(Tally.total(row.tally for row in rows))], RowKind.TOTAL))
    return Table("Муниципалитеты", (Column("Муниципалитет", width=52), *TALLY_COLUMNS), laid_out)


def _organizations(user: User, coverage: Coverage, filters: OrganizationFilters, today: date) -> Table:
    """Every organization with its state; raises ReportUnavailable where a sheet would not hold them."""
    visible = coverage.obligations(user, due_on=filters.due_chosen)
    wanted = filters.apply(visible, today=today).for_page()
    if wanted.count() > MOST_ROWS:
        raise ReportUnavailable("Под отбор попало слишком много поручений: выберите муниципалитет или состояние.")
    region = coverage.roadmap.region

    def day(moment: datetime | None) -> date | None:
        return region.local(moment).date() if moment else None

    rows = [
        Row(
            [
                obligation.organization.short_name,
                obligation.organization.parent.short_name if obligation.organization.parent else None,
                obligation.organization.inn,
                obligation.due_on,
                obligation.state_label,
                day(obligation.submitted_at),
                day(obligation.decided_at),
                (today - obligation.due_on).days if obligation.is_overdue(today) else None,
            ]
        )
        for obligation in wanted.iterator(chunk_size=2000)
    ]
    return Table("Организации", COLUMNS, rows)


ORGANIZATIONS = Report(name="roadmap_item", title=TITLE, clean=clean, build=build)
