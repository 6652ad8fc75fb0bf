"""One plan read whole: what its page, its files and its reviewer are shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from obligations.models import Obligation
from schools.models import Plan, PlanAgreement, PlanLine
from schools.planning.forecast import LineHours, Outlook, foresee
from schools.planning.norms import LevelNorms
from schools.planning.totals import DirectionStanding, PlanFault, Weighing, faults_of, weigh
from schools.querysets import level_norms


@dataclass(frozen=True)
class LineSheet:
    """A line with the hours that were held."""

    line: PlanLine
    done: int
    done_this_month: int

    @property
    def hours(self) -> LineHours:
        """The line as the forecast wants it."""
        line = self.line
        return LineHours(
            line.direction.code, line.hours, line.first_month, line.last_month, self.done, self.done_this_month
        )


@dataclass(frozen=True)
class DirectionSheet:
    """A direction of a plan: how it stands, its lines, what is explained, what is to be expected."""

    standing: DirectionStanding
    lines: tuple[LineSheet, ...]
    explanation: str
    outlook: Outlook

    @property
    def is_shown(self) -> bool:
        """The level asks for it or the plan has something there."""
        return self.standing.norm.is_asked or bool(self.lines)


@dataclass(frozen=True)
class PlanSheet:
    """A whole plan of a level against its norms."""

    plan: Plan
    weighing: Weighing
    directions: tuple[DirectionSheet, ...]
    agreements: tuple[PlanAgreement, ...]
    outlook: Outlook

    @property
    def norms(self) -> LevelNorms:
        """The norms of the level."""
        return self.weighing.norms

    @property
    def lines(self) -> list[LineSheet]:
        """All lines in order."""
        return [line for direction in self.directions for line in direction.lines]

    @property
    def shown(self) -> list[DirectionSheet]:
        """The directions worth showing."""
        return [direction for direction in self.directions if direction.is_shown]

    @property
    def explained(self) -> list[DirectionSheet]:
        """Directions below the recommendation that its author explained."""
        return [direction for direction in self.directions if direction.explanation and direction.standing.short]

    @cached_property
    def faults(self) -> list[PlanFault]:
        """What keeps the plan from being handed in."""
        found = faults_of(self.weighing, {direction.standing.norm.code for direction in self.explained})
        nameless = [sheet.line.what for sheet in self.lines if not sheet.line.who]
        if nameless:
            named = "; ".join(f"«{what}»" for what in nameless[:3]) + (" и\u00a0др." if len(nameless) > 3 else "")
            found.append(PlanFault(f"Не указан ответственный: {named}.", "lines"))
        return found

    @property
    def short_of_level(self) -> int:
        """How many hours of the level's minimum will be missing by the end of May."""
        return self.outlook.short_of(self.norms.total)


def plan_of(obligation: Obligation) -> Plan | None:
    """Return the plan of an obligation, if anybody began one."""
    return Plan.objects.select_related("level", "saved_by").filter(obligation=obligation).first()


def plan_sheet(plan: Plan, *, today: date, norms: Mapping[str, LevelNorms] | None = None) -> PlanSheet | None:
    """Read a plan whole in a fixed number of queries; None while no level is chosen.

    ``today`` is the day of the forecast. ``norms`` spares reading those of the region and the year.
    """
    if plan.level is None:
        return None
    obligation = plan.obligation
    if norms is None:
        norms = level_norms(obligation.organization.region, obligation.requirement.academic_year)
    lines = _lines(plan, today)
    agreements = tuple(plan.agreements.all())
    explained = {row.direction.code: row.text for row in plan.explanations.select_related("direction")}
    by_direction: defaultdict[str, list[LineSheet]] = defaultdict(list)
    for sheet in lines:
        by_direction[sheet.line.direction.code].append(sheet)
    hours = {code: sum(sheet.line.hours for sheet in sheets) for code, sheets in by_direction.items()}
    weighing = weigh(norms[plan.level.code], hours, has_agreement=bool(agreements))
    year = obligation.requirement.year
    return PlanSheet(
        plan=plan,
        weighing=weighing,
        directions=tuple(
            DirectionSheet(
                standing,
                tuple(by_direction[standing.norm.code]),
                explained.get(standing.norm.code, ""),
                foresee([sheet.hours for sheet in by_direction[standing.norm.code]], today=today, year=year),
            )
            for standing in weighing.directions
        ),
        agreements=agreements,
        outlook=foresee([sheet.hours for sheet in lines], today=today, year=year),
    )


def _lines(plan: Plan, today: date) -> Sequence[LineSheet]:
    """Lines with hours held, all of them and those of the present month, in one query."""
    kept = Q(done__removed_at=None)
    this_month = kept & Q(done__on__year=today.year, done__on__month=today.month)
    lines = plan.lines.select_related("direction", "item").annotate(
        held=Coalesce(Sum("done__hours", filter=kept), 0),
        held_this_month=Coalesce(Sum("done__hours", filter=this_month), 0),
    )
    return [LineSheet(line, line.held, line.held_this_month) for line in lines]


def last_years_plan(obligation: Obligation) -> Plan | None:
    """Return the plan of the same school for the nearest year before, mostly the last one."""
    earlier = Plan.objects.filter(
        obligation__organization=obligation.organization_id,
        obligation__requirement__academic_year__lt=obligation.requirement.academic_year,
    )
    joined = earlier.select_related("level", "obligation__requirement")
    return joined.order_by("-obligation__requirement__academic_year", "-saved_at").first()
