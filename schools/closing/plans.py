"""The plan of a school as a form that closes an obligation."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import OrganizationKind
from obligations.closing import ClosingForm, FormPart
from obligations.models import Obligation, RequirementForm, ReviewStep
from obligations.states import Act
from schools.actions.plans import YEAR_IS_OVER, fix_level
from schools.aggregates.plans import plan_of, plan_sheet
from schools.models import Plan, PlanExplanation
from schools.rules import is_year_over


def context(obligation: Obligation) -> Mapping[str, Any]:
    """What the page of the obligation shows of the plan."""
    plan = plan_of(obligation)
    today = obligation.organization.region.today()
    return {"plan": plan, "sheet": plan_sheet(plan, today=today) if plan else None}


def fault(obligation: Obligation, today: date) -> str:
    """Say why the plan cannot be handed in."""
    if is_year_over(obligation, today):
        return YEAR_IS_OVER
    plan = plan_of(obligation)
    if plan is None:
        return "План ещё не заполнен: выберите уровень и внесите мероприятия."
    sheet = plan_sheet(plan, today=today)
    if sheet is None:
        return "Выберите уровень профминимума: без него план не сдать."
    return " ".join(found.text for found in sheet.faults)


def parts(obligation: Obligation) -> Sequence[FormPart]:
    """Level, lines, explanations and agreements: what is remarked on and compared."""
    plan = plan_of(obligation)
    if plan is None:
        return []
    found = [FormPart("level", "Уровень", (("Уровень", str(plan.level or "")),))]
    for place, line in enumerate(plan.lines.select_related("direction", "item"), start=1):
        values = (
            ("Направление", line.direction.title),
            ("Мероприятие", line.what),
            ("Классы", line.grades_label),
            ("Часы", str(line.hours)),
            ("Когда", line.months_label),
            ("Ответственный", line.who),
            ("Мероприятие дорожной карты", line.item.number if line.item else ""),
        )
        found.append(FormPart(f"line-{line.pk}", f"{place}. {line.what}", values))
    for row in plan.explanations.select_related("direction"):
        label = f"Пояснение: {row.direction.title}"
        found.append(FormPart(f"explanation-{row.direction.code}", label, (("Пояснение", row.text),)))
    if agreements := list(plan.agreements.all()):
        told = "; ".join(f"{one}{f', {one.classes}' if one.classes else ''}" for one in agreements)
        found.append(FormPart("agreements", "Партнёрские соглашения", (("Соглашения", told),)))
    return found


def clean() -> Q:
    """A plan that explains nothing meets every norm: it may be accepted with others."""
    explained = PlanExplanation.objects.filter(plan__obligation=OuterRef("pk"))
    plans = Plan.objects.filter(obligation=OuterRef("pk"))
    return Q(Exists(plans)) & ~Q(Exists(explained))


def after(step: ReviewStep) -> None:
    """Accepted, the level of the plan is the school's level of the year."""
    if step.act == Act.ACCEPT:
        fix_level(step)


PLAN = ClosingForm(
    form=RequirementForm.PLAN,
    url_name="schools:plan",
    kinds=frozenset({OrganizationKind.SCHOOL}),
    invitation=(
        "Составьте план профориентационной работы: выберите уровень, внесите часы по направлениям и сдайте на проверку."
    ),
    action="Открыть план школы",
    template="schools/_plan_sheet.html",
    context=context,
    fault=fault,
    parts=parts,
    clean=clean,
    after=after,
)
