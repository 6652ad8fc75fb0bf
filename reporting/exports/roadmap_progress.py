"""«О ходе исполнения дорожной карты» as a document: the aggregate laid out in figures, a chart and tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Region, User
from exports.documents import (
    Bar,
    Cell,
    Column,
    ColumnKind,
    Document,
    Figure,
    Row,
    RowKind,
    SeriesRole,
    StackedBars,
    Table,
)
from exports.naming import file_name
from exports.registry import Progress, Report, ReportUnavailable, Request
from reporting.aggregates import (
    DEFINITIONS,
    RoadmapProgress,
    SectionProgress,
    Tally,
    roadmap_progress,
)
from reporting.scopes import ScopeKind
from reporting.selection import select
from roadmap.exports import common

TITLE = "О ходе исполнения дорожной карты"

_TALLY_COLUMNS = (*common.COUNT_COLUMNS, Column("Сдано в срок", ColumnKind.SHARE, 11))
_ITEM_COLUMNS = (
    Column("№", width=7),
    Column("Мероприятие", width=52),
    Column("Срок исполнения", width=17),
    Column("Последний срок", ColumnKind.DATE, 13),
    Column("Ответственные", width=36),
    *_TALLY_COLUMNS,
    Column("Примечание", width=17),
)


# --- ordering and building --------------------------------------------------------------------
def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: ``roadmap`` and perhaps ``municipality``, by id, both within the person's sight."""
    chosen = select(user=user, sent=sent)
    return Request(
        region=chosen.roadmap.region,
        parameters={
            "roadmap": chosen.roadmap.pk,
            "municipality": chosen.municipality.pk if chosen.municipality else None,
        },
        title=f"{TITLE}, {chosen.roadmap.year} учебный год. {chosen.scope.label}"[:300],
    )


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Count and lay out; reads only what ``user`` may see. Raises ReportUnavailable."""
    chosen = select(user=user, sent=parameters)
    if chosen.roadmap.region_id != region.pk:
        raise ReportUnavailable("Дорожная карта относится к другому субъекту РФ.")
    progress(10, "Считаем поручения")
    counted = roadmap_progress(roadmap=chosen.roadmap, scope=chosen.scope, user=user, now=now)
    progress(80, "Составляем таблицы")
    return document(counted)


def document(counted: RoadmapProgress) -> Document:
    """Lay the figures out: summary and chart, items, then what the scope divides into."""
    roadmap, scope = counted.roadmap, counted.scope
    tables = [Table("Мероприятия", _ITEM_COLUMNS, _item_rows(counted.sections, counted.totals, "Всего"))]
    if counted.by_municipality:
        tables.append(_municipalities(counted))
        tables += [
            Table(
                f"Мероприятия: {part.scope.label}",
                _ITEM_COLUMNS,
                _item_rows(part.sections, part.totals, "Всего"),
                sheet_name=part.scope.label,
                sheet_only=True,
            )
            for part in counted.by_municipality
        ]
    if counted.organizations:
        tables.append(_organizations(counted))
    year = f"{roadmap.academic_year}-{roadmap.academic_year + 1}"
    return Document(
        title=TITLE,
        subtitle=f"{roadmap.year} учебный год",
        facts=(("Основание", roadmap.order_label), ("Субъект РФ", roadmap.region.name), ("Охват", scope.label))
        if scope.kind is not ScopeKind.REGION
        else (("Основание", roadmap.order_label), ("Охват", scope.label)),
        figures=figures(counted.totals),
        charts=(chart(counted.sections),),
        tables=tables,
        cut_off=counted.cut_off,
        filename=file_name(f"Дорожная карта {year}, {scope.label}, {counted.cut_off:%d.%m.%Y}"),
        notes=DEFINITIONS,
    )


def figures(totals: Tally) -> tuple[Figure, ...]:
    """The headline figures."""
    return (
        *common.figures(totals),
        Figure("Сдано в срок", totals.on_time_rate, ColumnKind.SHARE, note="из тех, чей срок наступил"),
    )


def chart(sections: Sequence[SectionProgress]) -> StackedBars:
    """Progress by section; the four series add up to all obligations."""
    return StackedBars(
        "Ход исполнения по разделам",
        (
            ("Принято", SeriesRole.DONE),
            ("На проверке", SeriesRole.REVIEW),
            ("Не сдано, срок не прошёл", SeriesRole.OPEN),
            ("Просрочено", SeriesRole.OVERDUE),
        ),
        [
            Bar(
                section.label,
                (section.tally.accepted, section.tally.under_review, section.tally.in_progress, section.tally.overdue),
            )
            for section in sections
        ],
    )


def _cells(tally: Tally) -> list[Cell]:
    """The cells of ``_TALLY_COLUMNS``."""
    return [*common.count_cells(tally), tally.on_time_rate]


def _item_rows(sections: Sequence[SectionProgress], totals: Tally, total_label: str) -> list[Row]:
    """Items under the heads of their sections, each section with its total, and the grand total."""
    rows = []
    for section in sections:
        rows.append(Row([section.label], RowKind.GROUP))
        rows += [
            Row(
                [
                    item.number,
                    item.title,
                    item.deadline_text,
                    item.last_due_on,
                    item.bodies,
                    *_cells(item.tally),
                    item.note,
                ]
            )
            for item in section.items
        ]
        label = f"Итого по разделу {section.number}".rstrip(". ")
        rows.append(Row([None, label, None, None, None, *_cells(section.tally), None], RowKind.TOTAL))
    rows.append(Row([None, total_label, None, None, None, *_cells(totals), None], RowKind.TOTAL))
    return rows


def _municipalities(counted: RoadmapProgress) -> Table:
    """Municipalities side by side, and beside them the schools on the regional budget and the region's own level."""
    rows = [Row([part.scope.label, *_cells(part.totals)]) for part in counted.by_municipality]
    rows.append(Row([counted.scope.label, *_cells(counted.totals)], RowKind.TOTAL))
    return Table(
        "Муниципалитеты",
        (Column("Муниципалитет", width=52), *_TALLY_COLUMNS),
        rows,
        note="«Региональное подчинение» — общеобразовательные организации на областном бюджете (ОГОО); "
        "«Региональный уровень» — министерство, региональный оператор и подведомственные учреждения.",
    )


def _organizations(counted: RoadmapProgress) -> Table:
    """Organizations of a municipality, or those the person serves, side by side."""
    rows = [Row([organization.name, *_cells(organization.tally)]) for organization in counted.organizations]
    rows.append(Row(["Всего", *_cells(counted.totals)], RowKind.TOTAL))
    return Table("Организации", (Column("Организация", width=52), *_TALLY_COLUMNS), rows)


ROADMAP_PROGRESS = Report(name="roadmap", title=TITLE, clean=clean, build=build)
