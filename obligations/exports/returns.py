"""«Причины возвратов» as a document: the counts laid out in figures, a chart and two tables."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from accounts import russian
from accounts.models import Region, User
from exports.documents import Cell, Column, ColumnKind, CountBars, Document, Figure, Row, RowKind, Table
from exports.registry import OutOfScope, Progress, Report, ReportUnavailable, Request
from obligations.returns import ReturnRow, Returns, count_returns
from obligations.states import ReturnReason

TITLE = "Причины возвратов на доработку"
NOTES = (
    "Сдано — сколько раз за период сдавали на проверку или заявляли, что отчитаться не о чем.",
    "Возвращено — сколько раз за период возвращали на доработку; одно поручение могли вернуть не раз.",
    "Доля — возвращено от сданного за период.",
)
_COUNTS = (
    Column("Сдано", ColumnKind.NUMBER, 10),
    Column("Возвращено", ColumnKind.NUMBER, 12),
    Column("Доля", ColumnKind.SHARE, 9),
    *(Column(label, ColumnKind.NUMBER, 17) for label in ReturnReason.labels),
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: ``since`` and ``until`` as ISO dates, the region the person works in."""
    if not user.active_memberships:
        raise OutOfScope("Отчёт доступен тем, кто представляет организацию.")
    region = user.active_memberships[0].organization.region
    since, until = _period(sent)
    return Request(
        region=region,
        parameters={"since": since.isoformat(), "until": until.isoformat()},
        title=f"{TITLE}, {since:%d.%m.%Y}–{until:%d.%m.%Y}",
    )


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Count and lay out; reads only what ``user`` may see."""
    since, until = _period(parameters)
    progress(10, "Считаем возвраты")
    counted = count_returns(user=user, region=region, since=since, until=until, now=now)
    progress(80, "Составляем таблицы")
    return document(counted)


def document(counted: Returns) -> Document:
    """Lay the counts out."""
    period = f"с {russian.day(counted.since)} по {russian.day(counted.until)}"
    return Document(
        title=TITLE,
        subtitle=period,
        facts=(("Охват", counted.scope), ("Период", period)),
        figures=figures(counted),
        charts=(chart(counted),) if counted.total.returned else (),
        tables=(
            Table(
                "По муниципалитетам",
                (Column("Муниципалитет", width=44), *_COUNTS),
                [*(Row([row.label, *_cells(row)]) for row in counted.by_authority), _total(counted.total, ())],
            ),
            Table(
                "По мероприятиям",
                (Column("№", width=8), Column("Мероприятие", width=60), *_COUNTS),
                [
                    *(Row([row.number, row.label, *_cells(row)]) for row in counted.by_item),
                    _total(counted.total, ("",)),
                ],
            ),
        ),
        cut_off=counted.cut_off,
        filename=f"Причины возвратов {counted.since:%d.%m.%Y}-{counted.until:%d.%m.%Y}",
        notes=NOTES,
    )


def figures(counted: Returns) -> tuple[Figure, ...]:
    """The headline figures."""
    return (
        Figure("Сдано", counted.total.handed_in),
        Figure("Возвращено", counted.total.returned),
        Figure("Доля возвратов", counted.total.share, ColumnKind.SHARE),
    )


def chart(counted: Returns) -> CountBars:
    """Reasons by how often they were given."""
    return CountBars("Возвраты по причинам", counted.reasons)


def _cells(row: ReturnRow) -> list[Cell]:
    return [row.handed_in, row.returned, row.share, *row.cells]


def _total(row: ReturnRow, before: Sequence[Cell]) -> Row:
    return Row([*before, row.label, *_cells(row)], RowKind.TOTAL)


def _period(sent: Mapping[str, Any]) -> tuple[date, date]:
    """Read the two days; raises ReportUnavailable."""
    try:
        since, until = (date.fromisoformat(str(sent.get(name, ""))) for name in ("since", "until"))
    except ValueError:
        raise ReportUnavailable("Назовите период двумя датами.") from None
    if until < since or until.year > 9000:
        raise ReportUnavailable("Начало периода позже его конца.")
    return since, until


RETURNS = Report(name="returns", title=TITLE, clean=clean, build=build)
