"""Writes on school plans: keeping a draft, handing it in, what acceptance fixes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from obligations import rules, workflow
from obligations.actions import Answer, Mended, hand_in, save_draft
from obligations.models import Obligation, ReviewStep
from obligations.states import Act
from schools.actions.changes import facts_of, tell_changes
from schools.models import (
    ChangeSource,
    Direction,
    DoneHours,
    Level,
    Plan,
    PlanAgreement,
    PlanExplanation,
    PlanLine,
    SchoolYear,
)
from schools.planning.totals import weigh
from schools.querysets import level_norms
from schools.rules import is_year_over

log = structlog.get_logger(__name__)
YEAR_IS_OVER = "Учебный год завершён: план этого года больше не меняют."


class PlanRefused(Exception):
    """The plan cannot be kept as it is; the message is for the person who wrote it."""


class PlanConflict(PlanRefused):
    """Somebody saved the plan since the person opened it."""


@dataclass(frozen=True)
class LineContent:
    """A line as a person wrote it; ``pk`` of the line it was before, if it was one."""

    direction: str
    what: str
    grades: tuple[int, ...]
    hours: int
    first_month: int
    last_month: int
    who: str = ""
    item_id: int | None = None
    pk: int | None = None


@dataclass(frozen=True)
class AgreementContent:
    """A partnership agreement as a person wrote it."""

    partner: str
    number: str
    date: date
    classes: str = ""


@dataclass(frozen=True)
class PlanContent:
    """A whole plan as a person wrote it; explanations by the code of the direction."""

    level: Level | None
    lines: Sequence[LineContent] = ()
    agreements: Sequence[AgreementContent] = ()
    explanations: Mapping[str, str] = field(default_factory=dict)


def save_plan(
    *,
    obligation: Obligation,
    content: PlanContent,
    version: int,
    by: User,
    at: datetime,
    seen: int | None = None,
    mended: Mapping[int, Mended] | None = None,
) -> Plan:
    """Keep a plan without handing it in.

    Raises PlanConflict when somebody saved it since the ``version`` the person had before them, PlanRefused when the
    year is over or a line with hours held would go, TransitionRefused when the obligation is locked or has moved
    since ``seen``. Then nothing has changed.
    """
    with transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.SUBMIT, seen=seen)
        if not rules.can_edit(by, locked):
            raise PermissionDenied
        if is_year_over(locked, locked.organization.region.local(at).date()):
            raise PlanRefused(YEAR_IS_OVER)
        plan, _ = Plan.objects.get_or_create(obligation=locked, defaults={"saved_at": at, "saved_by": by})
        if plan.version != version:
            raise PlanConflict(_who_saved(plan))
        plan.level, plan.version, plan.saved_at, plan.saved_by = content.level, version + 1, at, by
        plan.save()
        directions = {direction.code: direction for direction in Direction.objects.all()}
        _write_lines(plan, content.lines, directions)
        plan.agreements.all().delete()
        PlanAgreement.objects.bulk_create(
            PlanAgreement(plan=plan, partner=one.partner, number=one.number, date=one.date, classes=one.classes)
            for one in content.agreements
        )
        plan.explanations.all().delete()
        PlanExplanation.objects.bulk_create(
            PlanExplanation(plan=plan, direction=directions[code], text=text)
            for code, text in content.explanations.items()
            if text.strip()
        )
        if mended:
            save_draft(obligation=locked, answer=Answer(mended=mended), by=by, at=at)
    log.info("plan saved", plan=plan.pk, version=plan.version, lines=len(content.lines), by=by.pk)
    return plan


def hand_in_plan(
    *,
    obligation: Obligation,
    content: PlanContent,
    version: int,
    by: User,
    at: datetime,
    seen: int | None = None,
    mended: Mapping[int, Mended] | None = None,
) -> ReviewStep:
    """Keep a plan and hand it in, both or neither. Raises what ``save_plan`` and ``workflow.advance`` raise."""
    with transaction.atomic():
        plan = save_plan(obligation=obligation, content=content, version=version, by=by, at=at, seen=seen)
        # Explained once and mended since: the reviewer is not asked to read it.
        _forget_explanations(plan, obligation)
        return hand_in(obligation=obligation, answer=Answer(mended=mended or {}), by=by, at=at)


def fix_level(step: ReviewStep) -> None:
    """Make the level of an accepted plan the school's level of the year, and tell the registry's history."""
    obligation = step.obligation
    plan = Plan.objects.select_related("level").filter(obligation=obligation).first()
    if plan is None or plan.level is None:
        return
    school, year = obligation.organization, obligation.requirement.year
    known = SchoolYear.objects.select_for_update().filter(organization=school, academic_year=year.start_year).first()
    if known and known.level_id == plan.level_id:
        return
    before = facts_of(school)
    SchoolYear.objects.update_or_create(
        organization=school, academic_year=year.start_year, defaults={"level": plan.level}
    )
    on = school.region.local(step.at).date()
    tell_changes(school, before, by=step.by, at=step.at, source=ChangeSource.PLAN, on=on, note="План школы принят")


def note_hours(*, line: PlanLine, hours: int, on: date, note: str, by: User, at: datetime) -> DoneHours:
    """Note hours of a line that were held on a day of the plan's year up to today; raises PlanRefused."""
    obligation = line.plan.obligation
    year, today = obligation.requirement.year, obligation.organization.region.local(at).date()
    if is_year_over(obligation, today):
        raise PlanRefused(YEAR_IS_OVER)
    if not year.start <= on <= min(today, year.end):
        raise PlanRefused(f"День — не раньше {year.start:%d.%m.%Y} и не позже сегодняшнего.")
    done = DoneHours.objects.create(line=line, hours=hours, on=on, note=note.strip(), by=by, at=at)
    log.info("plan hours noted", line=line.pk, hours=hours, by=by.pk)
    return done


def take_hours_back(*, done: DoneHours, by: User, at: datetime) -> None:
    """Take back hours noted by mistake; the note stays with who took it back. Twice does nothing more."""
    DoneHours.objects.kept().filter(pk=done.pk).update(removed_at=at, removed_by=by)
    log.info("plan hours taken back", done=done.pk, by=by.pk)


def _forget_explanations(plan: Plan, obligation: Obligation) -> None:
    """Drop what is explained of directions that meet the recommendation."""
    if plan.level is None:
        return
    norms = level_norms(obligation.organization.region, obligation.requirement.academic_year)[plan.level.code]
    hours = dict(plan.lines.order_by().values_list("direction__code").annotate(Sum("hours")))
    enough = [one.norm.code for one in weigh(norms, hours, has_agreement=True).directions if not one.short]
    plan.explanations.filter(direction__code__in=enough).delete()


def _who_saved(plan: Plan) -> str:
    local = plan.obligation.organization.region.local(plan.saved_at)
    who = f", {plan.saved_by}" if plan.saved_by else ""
    return (
        f"Пока страница была открыта, план сохранили ещё раз ({local:%d.%m.%Y %H:%M}{who}). Ваши изменения не"
        " записаны: сверьте, что изменилось, и сохраните снова."
    )


def _write_lines(plan: Plan, lines: Sequence[LineContent], directions: Mapping[str, Direction]) -> None:
    """Make the lines of a plan those; a line that was there keeps its row, and with it remarks and hours held."""
    known = {line.pk: line for line in plan.lines.all()}
    fresh: list[PlanLine] = []
    changed: list[PlanLine] = []
    for position, content in enumerate(lines, start=1):
        line = known.pop(content.pk or 0, None) or PlanLine(plan=plan)
        line.direction, line.position = directions[content.direction], position
        line.what, line.hours, line.who = content.what, content.hours, content.who
        line.grades = ",".join(str(grade) for grade in content.grades)
        line.first_month, line.last_month = content.first_month, content.last_month
        line.item_id = content.item_id
        (changed if line.pk else fresh).append(line)
    held = DoneHours.objects.kept().filter(line__in=known).values_list("line__what", flat=True).distinct()
    if names := ", ".join(f"«{what}»" for what in held):
        raise PlanRefused(f"По строкам отмечены проведённые часы, удалить их нельзя: {names}. Сначала снимите отметки.")
    DoneHours.objects.filter(line__in=known).delete()
    plan.lines.filter(pk__in=known).delete()
    PlanLine.objects.bulk_update(
        changed,
        ["direction", "position", "what", "grades", "hours", "first_month", "last_month", "who", "item"],
    )
    PlanLine.objects.bulk_create(fresh)
