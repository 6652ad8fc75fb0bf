"""«Планы школ» as a document: levels and hours by municipality, who is missing by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from exports.documents import Cell, Column, ColumnKind, Document, Figure, Row, RowKind, Table
from exports.registry import OutOfScope, Progress, Report, ReportUnavailable, Request
from schools.aggregates.plan_progress import PlanCounts, PlanProgress, plan_progress
from schools.exports.plan_charts import levels_chart, on_paper
from schools.rules import year_asked

TITLE = "Планы школ: уровни и часы"
NOTES = (
    "Уровни и часы считаются по принятым планам; сколько их из всех, сказано в каждой строке.",
    "Часов на школу — часы принятых планов, делённые на их число.",
    "Проведено — часы, которые школы отметили по принятым планам.",
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: the academic year."""
    if not user.active_memberships:
        raise OutOfScope("Отчёт доступен тем, кто представляет организацию.")
    region = user.active_memberships[0].organization.region
    year = year_asked(str(sent.get("year") or ""), today=region.today())
    return Request(region=region, parameters={"year": year.start_year}, title=f"{TITLE}, {year}")


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Count and lay out; reads only what ``user`` may see."""
    year = AcademicYear(int(parameters["year"]))
    progress(10, "Считаем планы")
    counted = plan_progress(user, region=region, year=year, now=now)
    if not counted.parts:
        raise ReportUnavailable(f"На {year} учебный год планы ещё никому не поручены.")
    progress(80, "Составляем таблицы")
    return document(counted)


def document(counted: PlanProgress) -> Document:
    """Lay the counts out."""
    levels = [Column(title, ColumnKind.NUMBER, 13) for title in counted.levels]
    columns = (
        Column("Муниципалитет", width=40),
        Column("Школ", ColumnKind.NUMBER, 9),
        Column("Принято планов", ColumnKind.NUMBER, 12),
        Column("Доля", ColumnKind.SHARE, 9),
        Column("На проверке", ColumnKind.NUMBER, 12),
        *levels,
        Column("Часов по плану", ColumnKind.NUMBER, 13),
        Column("Часов на школу", ColumnKind.NUMBER, 13),
        Column("Проведено, ч", ColumnKind.NUMBER, 12),
        Column("Доля проведённых", ColumnKind.SHARE, 14),
    )
    missing = (Column("Муниципалитет", width=40), Column("Школа", width=60), Column("План", width=24))
    return Document(
        title=TITLE,
        subtitle=f"{counted.year} учебный год",
        facts=(("Охват", counted.scope), ("Учебный год", str(counted.year))),
        figures=figures(counted),
        charts=on_paper(levels_chart(counted)),
        tables=(
            Table(
                "По муниципалитетам",
                columns,
                [
                    *(Row(_cells(part)) for part in counted.parts),
                    Row(_cells(counted.total), RowKind.TOTAL),
                ],
            ),
            Table(
                "Чьи планы не приняты",
                missing,
                [Row([one.part, one.school, one.state]) for one in counted.missing],
                note=f"Всего: {len(counted.missing)}.",
            ),
        ),
        cut_off=counted.cut_off,
        filename=f"Планы школ {counted.year.start_year}-{counted.year.start_year + 1}",
        notes=NOTES,
    )


def figures(counted: PlanProgress) -> tuple[Figure, ...]:
    """The headline figures."""
    total = counted.total
    return (
        Figure("Принято планов", total.accepted, note=f"из {total.owed}"),
        Figure("Доля принятых", total.share, ColumnKind.SHARE),
        Figure("Часов по принятым планам", total.planned),
        Figure("Проведено часов", total.done),
    )


def _cells(part: PlanCounts) -> list[Cell]:
    return [
        part.name,
        part.owed,
        part.accepted,
        part.share,
        part.waiting,
        *part.levels,
        part.planned,
        part.mean_hours,
        part.done,
        part.done_share,
    ]


PLANS_REPORT = Report(name="plans", title=TITLE, clean=clean, build=build)
