"""«Перечень общеобразовательных организаций с уровнями» (item 1.2) as a document: totals, chart, the list itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from exports.documents import Cell, Column, ColumnKind, CountBars, Document, Figure, Row, RowKind, Table
from exports.naming import file_name
from exports.registry import Progress, Report, ReportUnavailable, Request
from reporting.aggregates.school_levels import SchoolLevels, school_levels
from reporting.selection import municipality_sent
from schools import rules
from schools.aggregates.summaries import Summary

TITLE = "Перечень общеобразовательных организаций с уровнями профминимума"
# On paper a longer list is left to Excel: nobody reads three hundred pages, and they take minutes to set.
MOST_ON_PAPER = 2_000
DEFINITIONS = (
    "Школы — действующие на дату перечня; наименования и подчинённость — какими были на эту дату.",
    "Уровень — определённый на учебный год: базовый, основной или продвинутый; рядом приказ, если он внесён.",
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: the year, perhaps a municipality within the person's sight."""
    region = Region.objects.visible_to(user).first()
    if region is None:
        raise ReportUnavailable("Портал не знает, по какому субъекту РФ составить перечень.")
    municipality = municipality_sent(user, region.pk, sent)
    asked = str(sent.get("year") or "")[:4]
    return Request(
        region=region,
        parameters={"year": asked, "municipality": municipality.pk if municipality else None},
        title=TITLE,
    )


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Count and lay out; reads only what ``user`` may see."""
    today = region.local(now).date()
    year = rules.year_asked(str(parameters.get("year") or ""), today=today)
    progress(10, "Считаем школы")
    counted = school_levels(
        user=user,
        region=region,
        year=year,
        today=today,
        municipality=municipality_sent(user, region.pk, parameters),
    )
    progress(40, "Составляем перечень")
    return document(counted, cut_off=region.local(now))


def document(counted: SchoolLevels, *, cut_off: datetime) -> Document:
    """Lay the list out."""
    listed = _schools(counted)
    unnamed = [row for row in listed.rows if row.kind is RowKind.DATA and not row.cells[4]]
    tables = [by_municipality(counted), listed]
    if unnamed:
        tables.append(Table("Уровень не указан", listed.columns, unnamed, sheet_only=len(unnamed) > MOST_ON_PAPER))
    notes = list(DEFINITIONS)
    if listed.sheet_only:
        notes.append("Поимённый перечень — в файле Excel: для печати он слишком длинный.")
    return Document(
        title=TITLE,
        subtitle=f"{counted.year} учебный год",
        facts=(("Охват", counted.scope), ("На дату", f"{counted.day:%d.%m.%Y}")),
        figures=figures(counted),
        charts=(chart(counted),),
        tables=tables,
        cut_off=cut_off,
        filename=file_name(f"Перечень школ с уровнями, {_years(counted.year)}, {counted.scope}, {cut_off:%d.%m.%Y}"),
        notes=notes,
    )


def figures(counted: SchoolLevels) -> tuple[Figure, ...]:
    """The headline figures."""
    total = counted.total
    return (
        Figure("Школ", total.schools),
        *(Figure(str(level), total.at(level)) for level in counted.levels),
        Figure("Уровень не указан", total.without_level),
        Figure("Обучающихся 5–11 классов", total.pupils),
        Figure("из них с ОВЗ", total.with_disabilities),
    )


def chart(counted: SchoolLevels) -> CountBars:
    """Schools by level."""
    total = counted.total
    bars = [(str(level), total.at(level)) for level in counted.levels]
    return CountBars("Школы по уровням", [*bars, ("Уровень не указан", total.without_level)])


def by_municipality(counted: SchoolLevels) -> Table:
    """Totals by municipality and altogether."""
    columns = (
        Column("Муниципалитет", width=34),
        Column("Школ", ColumnKind.NUMBER, 10),
        *(Column(str(level), ColumnKind.NUMBER, 14) for level in counted.levels),
        Column("Не указан", ColumnKind.NUMBER, 12),
        Column("«Билет в будущее»", ColumnKind.NUMBER, 12),
        Column("Обучающихся 5–11 классов", ColumnKind.NUMBER, 14),
        Column("из них с ОВЗ", ColumnKind.NUMBER, 12),
    )
    rows = [Row(_totals(counted, part)) for part in counted.parts]
    rows.append(Row(["Всего", *_totals(counted, counted.total)[1:]], RowKind.TOTAL))
    return Table("По муниципалитетам", columns, rows)


def _totals(counted: SchoolLevels, part: Summary) -> list[Cell]:
    levels: Sequence[int] = [part.at(level) for level in counted.levels]
    return [
        part.name,
        part.schools,
        *levels,
        part.without_level,
        part.with_ticket,
        part.pupils,
        part.with_disabilities,
    ]


def _schools(counted: SchoolLevels) -> Table:
    """The list, a group of rows for each municipality."""
    columns = (
        Column("№", ColumnKind.NUMBER, 6),
        Column("Полное наименование", width=58),
        Column("Краткое наименование", width=28),
        Column("ИНН", width=14),
        Column("Уровень", width=20),
        Column("Приказ об уровне", width=24),
        Column("«Билет в будущее»", width=12),
    )
    rows: list[Row] = []
    part = None
    for number, school in enumerate(counted.schools(), start=1):
        if school.part != part:
            part = school.part
            rows.append(Row([part], RowKind.GROUP))
        ticket = "да" if school.has_ticket else "нет"
        rows.append(Row([number, school.name, school.short_name, school.inn, school.level, school.order, ticket]))
    return Table("Перечень школ", columns, rows, sheet_only=counted.total.schools > MOST_ON_PAPER)


def _years(year: AcademicYear) -> str:
    """The year as a file's name can bear it."""
    return f"{year.start_year}-{year.start_year + 1}"


SCHOOL_LEVELS = Report(name="school_levels", title=TITLE, clean=clean, build=build)
