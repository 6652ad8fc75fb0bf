"""The demonstration's plans of schools: the model plans, each a little of its own, with hours held by now."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from accounts.academic_years import AcademicYear
from accounts.models import OrganizationKind, User
from obligations import closing
from obligations.closing import FormPart
from obligations.models import FormCopy, Obligation, RequirementForm, ReviewStep
from obligations.states import Act, State
from roadmap.models import Roadmap
from schools.models import (
    Direction,
    DoneHours,
    Level,
    Plan,
    PlanAgreement,
    PlanExplanation,
    PlanLine,
    SchoolYear,
)
from schools.planning.grades import parse_grades
from schools.planning.months import months_between, place_of
from schools.reference import ModelLine, model_plan

_PARTNERS = ("Политехнический колледж", "Государственный технический университет", "АО «Станкостроитель»")
_WHY = "Часы перенесены в воспитательную работу: профессиональные пробы проходят на площадке колледжа."
_DRAFTS = 0.4


@dataclass
class _Rows:
    """Rows of every plan, written at the end all at once."""

    plans: list[Plan] = field(default_factory=list)
    lines: list[PlanLine] = field(default_factory=list)
    explanations: list[PlanExplanation] = field(default_factory=list)
    agreements: list[PlanAgreement] = field(default_factory=list)
    done: list[DoneHours] = field(default_factory=list)

    def write(self) -> None:
        """Write everything, what others lead to first."""
        Plan.objects.bulk_create(self.plans, batch_size=1000)
        PlanLine.objects.bulk_create(self.lines, batch_size=1000)
        PlanExplanation.objects.bulk_create(self.explanations, batch_size=1000)
        PlanAgreement.objects.bulk_create(self.agreements, batch_size=1000)
        DoneHours.objects.bulk_create(self.done, batch_size=1000)


def write_plans(roadmap: Roadmap, *, until: datetime, by: dict[int, User]) -> int:
    """Write the plans behind what schools have handed in, and drafts of some that have not; return how many."""
    levels = {level.pk: level for level in Level.objects.all()}
    directions = {direction.code: direction for direction in Direction.objects.all()}
    chosen = dict(SchoolYear.objects.filter(academic_year=roadmap.academic_year).values_list("organization", "level"))
    owed = Obligation.objects.filter(
        requirement__occurrence__item__section__roadmap=roadmap,
        requirement__form=RequirementForm.PLAN,
        organization__kind=OrganizationKind.SCHOOL,
    ).select_related("requirement", "organization__region")
    rows, today = _Rows(), roadmap.region.local(until).date()
    for obligation in owed.order_by("pk"):
        dice = random.Random(f"plan:{obligation.organization.inn}:{roadmap.academic_year}")
        if obligation.state in (State.CANCELLED, State.DECLARED_NIL):
            continue
        if obligation.submitted_at is None and dice.random() > _DRAFTS:
            continue
        level = levels.get(chosen.get(obligation.organization_id) or 0) or dice.choice(list(levels.values()))
        author = by.get(obligation.organization_id)
        _plan(rows, obligation, level, directions, dice, today=today, at=obligation.submitted_at or until, by=author)
    rows.write()
    _keep_copies(rows)
    return len(rows.plans)


def _plan(
    rows: _Rows,
    obligation: Obligation,
    level: Level,
    directions: dict[str, Direction],
    dice: random.Random,
    *,
    today: date,
    at: datetime,
    by: User | None,
) -> None:
    """Make one plan up from the model plan of its level."""
    plan = Plan(obligation=obligation, level=level, version=1, saved_at=at, saved_by=by)
    rows.plans.append(plan)
    is_explained = dice.random() < 0.12
    model = list(model_plan(level.code))
    if obligation.submitted_at is None:
        # A draft that somebody left halfway.
        model = model[: dice.randint(3, 8)]
    pace = dice.uniform(0.55, 1.1)
    for place, one in enumerate(model, start=1):
        line = _line(plan, place, one, directions[one.direction], _hours(one, place, is_explained))
        rows.lines.append(line)
        if obligation.state == State.ACCEPTED:
            rows.done += _held(line, obligation.requirement.year, today, pace, by=by)
    if is_explained and obligation.submitted_at and level.code != "basic":
        rows.explanations.append(PlanExplanation(plan=plan, direction=directions["lessons"], text=_WHY))
    if level.code == "advanced" and obligation.submitted_at:
        number = str(dice.randint(3, 90))
        signed = obligation.requirement.year.start + timedelta(days=dice.randint(-90, 20))
        rows.agreements.append(
            PlanAgreement(plan=plan, partner=dice.choice(_PARTNERS), number=number, date=signed, classes="10 «А»")
        )


def _hours(one: ModelLine, place: int, is_explained: bool) -> int:
    """The hours of the model plan; who explains moved two of the lessons to the practical trials."""
    if is_explained and place == 1:
        return max(one.hours - 2, 1)
    if is_explained and one.what.startswith("Профессиональные пробы"):
        return one.hours + 2
    return one.hours


def _line(plan: Plan, place: int, one: ModelLine, direction: Direction, hours: int) -> PlanLine:
    return PlanLine(
        plan=plan,
        direction=direction,
        position=place,
        what=one.what,
        grades=",".join(str(grade) for grade in parse_grades(one.grades)),
        hours=hours,
        first_month=one.first_month,
        last_month=one.last_month,
        who=one.who,
    )


def _held(line: PlanLine, year: AcademicYear, today: date, pace: float, *, by: User | None) -> Iterator[DoneHours]:
    """Make up what was held by today: as much as the months gone by ask, at the school's own pace."""
    months = months_between(line.first_month, line.last_month)
    last = min(today, year.end)
    gone = sum(place_of(month) < place_of(last.month) for month in months)
    asked = Fraction(line.hours * gone, len(months)) * Fraction(pace).limit_denominator(100)
    hours = min(int(asked + Fraction(1, 2)), line.hours)
    if hours < 1:
        return
    month = months[max(gone - 1, 0)]
    on = date(year.start_year + (month < 9), month, 20)
    at = datetime.combine(min(on, today), datetime.min.time(), tzinfo=line.plan.saved_at.tzinfo) + timedelta(hours=15)
    yield DoneHours(line=line, hours=hours, on=min(on, today), note="6–9 классы", by=by, at=at)


def _keep_copies(rows: _Rows) -> None:
    """Keep what was handed in of the plans that wait for a second look: the first time with fewer hours."""
    waiting = {plan.obligation_id: plan for plan in rows.plans if plan.obligation.state == State.SUBMITTED}
    steps: dict[int, list[ReviewStep]] = {}
    for step in ReviewStep.objects.filter(obligation__in=waiting, act=Act.SUBMIT).order_by("at", "pk"):
        steps.setdefault(step.obligation_id, []).append(step)
    copies = []
    for owed, handed_in in steps.items():
        if len(handed_in) < 2:
            continue
        parts = closing.parts_of(waiting[owed].obligation)
        copies += [
            FormCopy(step=handed_in[-2], parts=closing.as_json(_before(parts))),
            FormCopy(step=handed_in[-1], parts=closing.as_json(parts)),
        ]
    FormCopy.objects.bulk_create(copies)


def _before(parts: Sequence[FormPart]) -> list[FormPart]:
    """The same plan before its remarks were mended: the first activity had one hour, the last was not there."""
    first = parts[1]
    values = tuple((name, "1" if name == "Часы" else text) for name, text in first.values)
    return [parts[0], FormPart(first.key, first.label, values), *parts[2:-1]]
