"""What the stories of plans share: item 3.6, and a plan as a browser sends it."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from obligations.models import Obligation, Requirement, RequirementForm
from obligations.states import State
from schools.forms.plans import model_lines
from schools.models import Direction, DoneHours, Level, Plan, PlanLine
from tests import factories


def plan_asked(school: Organization, *, academic_year: int = 2023, due_on: date = date(2023, 10, 20)) -> Obligation:
    """Item 3.6 owed by a school; one requirement serves all schools of a year."""
    known = Requirement.objects.filter(region=school.region, number="3.6", academic_year=academic_year).first()
    requirement = known or factories.RequirementFactory(
        region=school.region,
        number="3.6",
        title="Разработка плана профориентационной работы",
        academic_year=academic_year,
        due_on=due_on,
        form=RequirementForm.PLAN,
    )
    return factories.ObligationFactory(requirement=requirement, organization=school)


def address(obligation: Obligation) -> str:
    """Where the plan is filled in."""
    return reverse("schools:plan", args=[obligation.pk])


def sent(do: str, *, level: str = "main", version: int | str = 0, lines: Any = None, **more: Any) -> dict[str, str]:
    """A plan as a browser sends it; by default the model plan of the level."""
    data = {"do": do, "level": level, "version": str(version), **more}
    for number, row in enumerate(model_lines(level) if lines is None else lines):
        data |= {f"line-{number}-{name}": value for name, value in row.items()}
    return data


def changed(rows: list[dict[str, str]], place: int, **fields: str) -> list[dict[str, str]]:
    """The same lines with one of them written otherwise."""
    return [{**row, **fields} if number == place else row for number, row in enumerate(rows)]


def accepted_plan(school: Organization) -> Obligation:
    """A plan of one line that was accepted, with an hour held."""
    owed = plan_asked(school, academic_year=AcademicYear.of(timezone.localdate()).start_year)
    at = timezone.now()
    owed.state, owed.first_submitted_at, owed.submitted_at, owed.decided_at = State.ACCEPTED, at, at, at
    owed.save()
    plan = Plan.objects.create(obligation=owed, level=Level.objects.get(code="basic"), version=1, saved_at=at)
    line = PlanLine.objects.create(
        plan=plan,
        direction=Direction.objects.get(code="lessons"),
        position=1,
        what="Урок",
        grades="9",
        hours=2,
        first_month=9,
        last_month=5,
    )
    DoneHours.objects.create(line=line, hours=1, on=at.date(), at=at)
    return owed
