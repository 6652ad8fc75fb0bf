"""«О готовности школ» as a document: the counts laid out in figures, a chart and tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Region, User
from accounts.russian import counted
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
from reporting.aggregates.readiness import (
    DEFINITIONS,
    Answers,
    InWords,
    Part,
    Question,
    Readiness,
    in_words,
    readiness,
)
from reporting.selection import select_self_check

TITLE = "О готовности школ к реализации профминимума"

_ANSWER_COLUMNS = (
    Column("Да", ColumnKind.NUMBER, 8),
    Column("Частично", ColumnKind.NUMBER, 10),
    Column("Нет", ColumnKind.NUMBER, 8),
    Column("Ответили", ColumnKind.NUMBER, 11),
    Column("Не ответили", ColumnKind.NUMBER, 11),
    Column("Всего школ", ColumnKind.NUMBER, 9),
    Column("Готовность", ColumnKind.SHARE, 12),
    Column("Сумма чисел", ColumnKind.NUMBER, 10),
)
_PART_COLUMNS = (
    Column("Должны ответить", ColumnKind.NUMBER, 12),
    Column("Сдали", ColumnKind.NUMBER, 9),
    Column("из них принято", ColumnKind.NUMBER, 11),
    Column("Не сдали", ColumnKind.NUMBER, 10),
    Column("Готовность", ColumnKind.SHARE, 12),
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: ``requirement`` and perhaps ``municipality``, by id, both within the person's sight."""
    chosen = select_self_check(user=user, sent=sent)
    return Request(
        region=chosen.requirement.region,
        parameters={
            "requirement": chosen.requirement.pk,
            "municipality": chosen.municipality.pk if chosen.municipality else None,
        },
        title=f"{TITLE}, {chosen.requirement.year} учебный год. {chosen.scope.label}"[:300],
    )


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Count and lay out; reads only what ``user`` may see. Raises ReportUnavailable."""
    chosen = select_self_check(user=user, sent=parameters)
    if chosen.requirement.region_id != region.pk:
        raise ReportUnavailable("Поручение относится к другому субъекту РФ.")
    progress(10, "Считаем ответы")
    found = readiness(requirement=chosen.requirement, scope=chosen.scope, user=user, now=now)
    progress(80, "Составляем таблицы")
    return document(found, in_words(found, user=user))


def document(told: Readiness, written: Sequence[InWords] = ()) -> Document:
    """Lay the counts out: summary and chart, questions, parts, who is silent; what schools wrote on a sheet alone."""
    requirement, scope = told.requirement, told.scope
    tables = [_questions(told), _parts(told)]
    if not told.by_school:
        tables.append(_by_question(told))
    if told.silent:
        tables.append(_silent(told))
    if written:
        tables.append(_in_words(written))
    return Document(
        title=TITLE,
        subtitle=f"{requirement.year} учебный год, учтены {coverage(told.totals)}",
        facts=(
            ("Основание", requirement.basis),
            ("Поручение", f"{requirement.number} {requirement.title}"),
            ("Охват", scope.label),
        ),
        figures=figures(told),
        charts=(chart(told),) if told.totals.handed_in else (),
        tables=tables,
        cut_off=told.cut_off,
        filename=file_name(f"Готовность школ {requirement.academic_year}, {scope.label}, {told.cut_off:%d.%m.%Y}"),
        notes=DEFINITIONS,
    )


def coverage(part: Part) -> str:
    """Say how many of how many schools the totals count: «ответы 480 из 497 школ»."""
    return f"ответы {part.handed_in} из {counted(part.owed, 'школы', 'школ', 'школ')}"


def figures(told: Readiness) -> tuple[Figure, ...]:
    """The headline figures."""
    return (
        Figure("Школ должны ответить", told.totals.owed),
        Figure("Сдали", told.totals.handed_in, note=f"из них принято {told.totals.accepted}"),
        Figure("Не сдали", told.totals.silent),
        Figure("Готовность", told.totals.whole.share, ColumnKind.SHARE, note=coverage(told.totals)),
    )


def chart(told: Readiness) -> StackedBars:
    """Answers by section; the four series add up to schools × questions answered by yes or no."""
    bars = []
    for title, questions in told.sections:
        asked = [question for question in questions if question.is_choice]
        if asked:
            whole = told.section(asked)
            silent = told.totals.owed * len(asked) - whole.yes - whole.partly - whole.no
            bars.append(Bar(title, (whole.yes, whole.partly, whole.no, max(silent, 0))))
    return StackedBars(
        "Ответы по разделам: все школы и все вопросы раздела",
        (
            ("Да", SeriesRole.DONE),
            ("Частично", SeriesRole.REVIEW),
            ("Нет", SeriesRole.OVERDUE),
            ("Не ответили", SeriesRole.OPEN),
        ),
        bars,
    )


def _answer_cells(question: Question, answers: Answers, part: Part) -> list[Cell]:
    """The cells of ``_ANSWER_COLUMNS``."""
    given: list[Cell] = [answers.yes, answers.partly, answers.no] if question.is_choice else [None, None, None]
    return [*given, answers.answered, part.owed - answers.answered, part.owed, answers.share, answers.total]


def _questions(told: Readiness) -> Table:
    rows = []
    for number, (title, questions) in enumerate(told.sections, start=1):
        rows.append(Row([f"{number}. {title}"], RowKind.GROUP))
        rows += [
            Row([one.number, one.text, *_answer_cells(one, told.totals.to(one), told.totals)]) for one in questions
        ]
    totals = told.totals
    total: list[Cell] = [None, f"Всего: {coverage(totals)}", None, None, None, totals.handed_in, totals.silent]
    rows.append(Row([*total, totals.owed, totals.whole.share, None], RowKind.TOTAL))
    return Table("Вопросы", (Column("№", width=7), Column("Вопрос", width=60), *_ANSWER_COLUMNS), rows)


def _part_cells(part: Part) -> list[Cell]:
    """The cells of ``_PART_COLUMNS``."""
    return [part.owed, part.handed_in, part.accepted, part.silent, part.whole.share]


def _parts(told: Readiness) -> Table:
    head = "Школа" if told.by_school else "Муниципалитет"
    rows = [Row([part.label, *_part_cells(part)]) for part in told.parts]
    rows.append(Row([f"Всего: {coverage(told.totals)}", *_part_cells(told.totals)], RowKind.TOTAL))
    return Table("Школы" if told.by_school else "Муниципалитеты", (Column(head, width=52), *_PART_COLUMNS), rows)


def _by_question(told: Readiness) -> Table:
    """Each question municipality by municipality: a sheet to filter, too long for paper."""
    rows = []
    for _, questions in told.sections:
        for question in questions:
            rows.append(Row([f"{question.number} {question.text}"], RowKind.GROUP))
            rows += [Row([part.label, *_answer_cells(question, part.to(question), part)]) for part in told.parts]
            rows.append(Row(["Всего", *_answer_cells(question, told.totals.to(question), told.totals)], RowKind.TOTAL))
    columns = (Column("Муниципалитет", width=40), *_ANSWER_COLUMNS)
    return Table("Вопросы по муниципалитетам", columns, rows, sheet_only=True)


def _silent(told: Readiness) -> Table:
    rows = [Row([one.part, one.organization, one.state, one.due_on, one.overdue_days or None]) for one in told.silent]
    return Table(
        "Не сдали",
        (
            Column("Муниципалитет", width=34),
            Column("Школа", width=52),
            Column("Состояние", width=20),
            Column("Срок", ColumnKind.DATE, 13),
            Column("Просрочено, дней", ColumnKind.NUMBER, 13),
        ),
        rows,
    )


def _in_words(written: Sequence[InWords]) -> Table:
    """What schools wrote, to be read and filtered; too long for paper."""
    columns = (
        Column("Вопрос", width=50),
        Column("Муниципалитет", width=28),
        Column("Школа", width=40),
        Column("Ответ", width=36),
        Column("Пояснение", width=50),
    )
    rows = [Row([one.question, one.part, one.organization, one.answer, one.why or None]) for one in written]
    return Table("Пояснения и ответы", columns, rows, sheet_only=True)


READINESS = Report(name="readiness", title=TITLE, clean=clean, build=build)
