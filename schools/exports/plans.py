"""The plan of a school as a document: for the head's signature, and as a workbook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Organization, Region, User
from accounts.russian import day
from exports.documents import (
    Approval,
    Cell,
    Chart,
    Column,
    ColumnKind,
    Document,
    Figure,
    Row,
    RowKind,
    Table,
)
from exports.registry import OutOfScope, Progress, Report, ReportUnavailable, Request
from obligations.models import Obligation
from obligations.states import State
from schools.aggregates.plans import PlanSheet, plan_of, plan_sheet
from schools.exports.plan_charts import plan_chart
from schools.models import SchoolProfile

TITLE = "План профориентационной работы"
_COLUMNS = (
    Column("№", width=6),
    Column("Мероприятие", width=60),
    Column("Классы", width=12),
    Column("Когда", width=22),
    Column("Ответственный", width=30),
    Column("Часы", ColumnKind.NUMBER, 9),
)
_DONE = Column("Проведено", ColumnKind.NUMBER, 12)
_STANDING = (
    Column("Направление", width=56),
    Column("Рекомендовано, ч", ColumnKind.NUMBER, 17),
    Column("По плану, ч", ColumnKind.NUMBER, 13),
    Column("Проведено, ч", ColumnKind.NUMBER, 14),
    Column("Ожидается к маю, ч", ColumnKind.NUMBER, 18),
    Column("Пояснение школы", width=60),
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: the obligation whose plan is wanted."""
    told = str(sent.get("obligation", ""))
    visible = Obligation.objects.visible_to(user).for_page()
    obligation = visible.filter(pk=int(told)).first() if told.isdecimal() and len(told) < 19 else None
    if obligation is None:
        raise OutOfScope("Такого плана нет.")
    if plan_of(obligation) is None:
        raise ReportUnavailable("План ещё не заполнен: печатать нечего.")
    return Request(
        region=obligation.organization.region,
        parameters={"obligation": obligation.pk},
        title=f"{TITLE}: {obligation.organization}, {obligation.requirement.year}"[:300],
    )


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Read and lay out; reads only what ``user`` may see."""
    obligation = Obligation.objects.visible_to(user).for_page().filter(pk=parameters["obligation"]).first()
    plan = plan_of(obligation) if obligation else None
    if obligation is None or plan is None:
        raise ReportUnavailable("План больше не доступен.")
    progress(20, "Читаем план")
    cut_off = region.local(now)
    sheet = plan_sheet(plan, today=cut_off.date())
    if sheet is None:
        raise ReportUnavailable("В плане ещё не выбран уровень: печатать нечего.")
    return document(sheet, cut_off)


def document(sheet: PlanSheet, cut_off: datetime) -> Document:
    """Lay a plan out: the form for signature, its totals; once it runs, plan against fact."""
    obligation = sheet.plan.obligation
    school, year = obligation.organization, obligation.requirement.year
    is_running = obligation.state == State.ACCEPTED
    facts = [
        ("Организация", school.short_name),
        ("Учебный год", str(year)),
        ("Уровень профминимума", f"{sheet.norms.title}, не менее {sheet.norms.total}\u00a0часов в год"),
        ("Состояние", _state(obligation)),
        *(("Партнёрское соглашение", f"{one}{f', {one.classes}' if one.classes else ''}") for one in sheet.agreements),
    ]
    charts: tuple[Chart, ...] = (plan_chart(sheet),) if is_running else ()
    return Document(
        title=TITLE,
        subtitle=f"на {year} учебный год",
        facts=facts,
        figures=_figures(sheet, is_running=is_running),
        charts=charts,
        tables=(_lines(sheet, is_running=is_running), _directions(sheet, is_running=is_running)),
        cut_off=cut_off,
        filename=f"План {school.short_name} {year.start_year}-{year.start_year + 1}",
        approval=_approval(school),
    )


def _figures(sheet: PlanSheet, *, is_running: bool) -> tuple[Figure, ...]:
    planned = (
        Figure("По плану, ч", sheet.weighing.hours),
        Figure("Не меньше, ч", sheet.norms.total, note=f"уровень «{sheet.norms.title}»"),
    )
    if not is_running:
        return planned
    short = sheet.short_of_level
    return (
        *planned,
        Figure("Проведено, ч", sheet.outlook.done),
        Figure("Ожидается к маю, ч", sheet.outlook.expected, note=f"не хватит {short}\u00a0ч" if short else "хватит"),
    )


def _lines(sheet: PlanSheet, *, is_running: bool) -> Table:
    """Every activity under its direction, with the direction's sum."""
    rows: list[Row] = []
    number = 0
    for direction in sheet.shown:
        if not direction.standing.norm.has_hours:
            continue
        rows.append(Row([direction.standing.norm.title], RowKind.GROUP))
        for one in direction.lines:
            number, line = number + 1, one.line
            cells: list[Cell] = [str(number), line.what, line.grades_label, line.months_label, line.who, line.hours]
            rows.append(Row([*cells, one.done] if is_running else cells))
        total: list[Cell] = ["", "Итого по направлению", "", "", "", direction.standing.hours]
        rows.append(Row([*total, direction.outlook.done] if is_running else total, RowKind.TOTAL))
    whole: list[Cell] = ["", "Всего по плану", "", "", "", sheet.weighing.hours]
    rows.append(Row([*whole, sheet.outlook.done] if is_running else whole, RowKind.TOTAL))
    return Table("Мероприятия", (*_COLUMNS, _DONE) if is_running else _COLUMNS, rows, sheet_name="План")


def _directions(sheet: PlanSheet, *, is_running: bool) -> Table:
    """Directions against the recommendation, with what the school explains."""
    columns = _STANDING if is_running else (*_STANDING[:3], _STANDING[-1])
    rows = []
    for direction in sheet.shown:
        standing, outlook = direction.standing, direction.outlook
        asked = standing.norm.hours if standing.norm.has_hours else None
        planned = standing.hours if standing.norm.has_hours else None
        held: list[Cell] = [outlook.done, outlook.expected] if standing.norm.has_hours else [None, None]
        told = direction.explanation if standing.norm.has_hours else _told(standing.is_there)
        rows.append(Row([standing.norm.title, asked, planned, *(held if is_running else ()), told]))
    sums: list[Cell] = [sheet.outlook.done, sheet.outlook.expected] if is_running else []
    rows.append(Row(["Всего", sheet.norms.total, sheet.weighing.hours, *sums, ""], RowKind.TOTAL))
    return Table(
        "Итоги по направлениям",
        columns,
        rows,
        sheet_name="Итоги",
        note="В строке «Всего» рекомендованное — обязательный минимум часов уровня.",
    )


def _told(is_there: bool) -> str:
    return "есть партнёрское соглашение" if is_there else ""


def _approval(school: Organization) -> Approval:
    """The head signs; who drew the plan up stands below. What the registry does not know is left to a pen."""
    profile = SchoolProfile.objects.filter(organization=school).first()
    return Approval(
        organization=school.short_name,
        post=(profile.head_post if profile else "") or "Руководитель",
        name=profile.head_name if profile else "",
        prepared_by=", ".join(filter(None, [profile.contact_post, profile.contact_name])) if profile else "",
    )


def _state(obligation: Obligation) -> str:
    if obligation.state == State.ACCEPTED and obligation.decided_at:
        return f"принят {day(obligation.organization.region.local(obligation.decided_at).date())}"
    return str(obligation.state_label).lower()


PLAN_REPORT = Report(name="plan", title=TITLE, clean=clean, build=build)
