"""Plans of a region or a municipality: levels and hours by part, how many of how many, who is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.academic_years import AcademicYear
from accounts.models import OrganizationKind, Region, User
from accounts.russian import natural_key
from obligations.models import Obligation, RequirementForm
from obligations.querysets import ObligationQuerySet
from obligations.states import State
from roadmap.aggregates.parts import REGIONAL_BUDGET, REGIONAL_BUDGET_LABEL
from schools.models import DoneHours, Level, PlanLine

_PARENT = ("organization__parent", "organization__parent__kind", "organization__parent__short_name")


@dataclass(frozen=True)
class PlanCounts:
    """Plans of one part: how many are owed and accepted, schools by level, hours of the accepted ones.

    ``levels`` counts accepted plans in the order of ``titles``, the levels; only what was accepted is counted in hours.
    """

    key: str
    name: str
    owed: int
    accepted: int
    waiting: int
    titles: tuple[str, ...]
    levels: tuple[int, ...]
    planned: int
    done: int

    @property
    def missing(self) -> int:
        """Plans not accepted yet."""
        return self.owed - self.accepted

    @property
    def by_level(self) -> list[tuple[str, int]]:
        """The levels with how many accepted plans each has."""
        return list(zip(self.titles, self.levels, strict=True))

    @property
    def share(self) -> float | None:
        """Accepted of owed, 0..1."""
        return self.accepted / self.owed if self.owed else None

    @property
    def done_share(self) -> float | None:
        """Hours held of hours planned, 0..1."""
        return self.done / self.planned if self.planned else None

    @property
    def mean_hours(self) -> float | None:
        """Planned hours of an accepted plan on the average."""
        return round(self.planned / self.accepted, 1) if self.accepted else None


@dataclass(frozen=True)
class PlanProgress:
    """Plans of everything a person sees of a region in a year."""

    region: Region
    year: AcademicYear
    scope: str
    levels: tuple[str, ...]
    parts: tuple[PlanCounts, ...]
    total: PlanCounts
    missing: tuple["MissingPlan", ...]
    cut_off: datetime


@dataclass(frozen=True)
class MissingPlan:
    """A school whose plan is not accepted, and where it stands."""

    obligation_id: int
    school: str
    part: str
    state: str


def plans_owed(user: User, *, region: Region) -> ObligationQuerySet:
    """Return the plans that schools in the person's sight owe, of all years."""
    return (
        Obligation.objects.visible_to(user)
        .in_force()
        .filter(
            organization__region=region,
            organization__kind=OrganizationKind.SCHOOL,
            requirement__form=RequirementForm.PLAN,
        )
    )


def plan_progress(user: User, *, region: Region, year: AcademicYear, now: datetime) -> PlanProgress:
    """Count plans, levels and hours by municipality in four queries, and name those that are missing in a fifth."""
    owed = plans_owed(user, region=region).in_year(year.start_year)
    levels = list(Level.objects.values_list("pk", "title"))
    accepted = owed.filter(state=State.ACCEPTED)
    rows = list(
        owed.order_by()
        .values(*_PARENT)
        .annotate(
            owed=Count("pk"),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            waiting=Count("pk", filter=Q(state__in=(State.SUBMITTED, State.DECLARED_NIL))),
            **{f"level_{pk}": Count("pk", filter=Q(state=State.ACCEPTED, plan__level=pk)) for pk, _ in levels},
        )
    )
    parent = "plan__obligation__organization__parent"
    lines = PlanLine.objects.filter(plan__obligation__in=accepted).order_by()
    planned = dict(lines.values_list(parent).annotate(Sum("hours")))
    done_rows = DoneHours.objects.kept().filter(line__plan__obligation__in=accepted).order_by()
    done = dict(done_rows.values_list(f"line__{parent}").annotate(Sum("hours")))
    parts = sorted((_counts(row, levels, planned, done) for row in rows), key=_order)
    return PlanProgress(
        region=region,
        year=year,
        scope=_scope(user, region, parts),
        levels=tuple(title for _, title in levels),
        parts=tuple(parts),
        total=_total(parts, tuple(title for _, title in levels)),
        missing=tuple(_missing(owed)),
        cut_off=region.local(now),
    )


def parts_owing(owed: ObligationQuerySet) -> list[tuple[str, str]]:
    """Name the parts whose schools are among these, for a filter."""
    rows = owed.order_by().values(*_PARENT).distinct()
    found = {part_label(row) for row in rows}
    return sorted(found, key=lambda part: (part[0] == REGIONAL_BUDGET, natural_key(part[1])))


def part_label(row: dict[str, Any]) -> tuple[str, str]:
    """Key and name of the part that a school's parent stands for."""
    if row["organization__parent__kind"] == OrganizationKind.MUNICIPALITY:
        return str(row["organization__parent"]), row["organization__parent__short_name"]
    return REGIONAL_BUDGET, REGIONAL_BUDGET_LABEL


def _counts(
    row: dict[str, Any], levels: Sequence[tuple[int, str]], planned: dict[int, int], done: dict[int, int]
) -> PlanCounts:
    key, name = part_label(row)
    parent = row["organization__parent"]
    return PlanCounts(
        key=key,
        name=name,
        owed=row["owed"],
        accepted=row["accepted"],
        waiting=row["waiting"],
        titles=tuple(title for _, title in levels),
        levels=tuple(row[f"level_{pk}"] for pk, _ in levels),
        planned=planned.get(parent, 0),
        done=done.get(parent, 0),
    )


def _order(part: PlanCounts) -> tuple[bool, Any]:
    return part.key == REGIONAL_BUDGET, natural_key(part.name)


def _total(parts: Iterable[PlanCounts], titles: tuple[str, ...]) -> PlanCounts:
    """Add the parts up: the sum can be nothing else."""
    sums: defaultdict[str, int] = defaultdict(int)
    by_level = [0] * len(titles)
    for part in parts:
        for name in ("owed", "accepted", "waiting", "planned", "done"):
            sums[name] += getattr(part, name)
        by_level = [one + more for one, more in zip(by_level, part.levels, strict=True)]
    return PlanCounts(
        key="",
        name="Всего",
        owed=sums["owed"],
        accepted=sums["accepted"],
        waiting=sums["waiting"],
        titles=titles,
        levels=tuple(by_level),
        planned=sums["planned"],
        done=sums["done"],
    )


def _missing(owed: ObligationQuerySet) -> Iterable[MissingPlan]:
    """Name the schools whose plans are not accepted, by municipality."""
    waiting = owed.exclude(state=State.ACCEPTED).select_related("organization__parent")
    found = []
    for obligation in waiting:
        parent = obligation.organization.parent
        is_municipal = parent is not None and parent.kind == OrganizationKind.MUNICIPALITY
        part = parent.short_name if parent is not None and is_municipal else REGIONAL_BUDGET_LABEL
        found.append(MissingPlan(obligation.pk, obligation.organization.short_name, part, obligation.state_label))
    return sorted(found, key=lambda one: (natural_key(one.part), natural_key(one.school)))


def _scope(user: User, region: Region, parts: Sequence[PlanCounts]) -> str:
    if user.sees_whole_region(region.pk):
        return region.name
    return ", ".join(part.name for part in parts) or region.name


def plan_rows(owed: ObligationQuerySet) -> ObligationQuerySet:
    """Annotate each with its level and hours, planned and held, for a list of schools; one query."""
    return (
        owed.select_related("organization__parent", "organization__region", "requirement")
        .annotate(
            level_title=F("plan__level__title"),
            planned=Coalesce(_sum(PlanLine.objects.all(), "plan__obligation"), 0),
            held=Coalesce(_sum(DoneHours.objects.kept(), "line__plan__obligation"), 0),
        )
        .order_by("organization__short_name", "pk")
    )


def _sum(rows: Any, owner: str) -> Any:
    """The hours of rows that belong to an obligation; ``owner`` leads there."""
    sums = rows.filter(**{owner: OuterRef("pk")}).order_by().values(owner).annotate(sum=Sum("hours")).values("sum")
    return Subquery(sums)
