"""What the home page tells a person: what is asked of them and where to begin."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from accounts.academic_years import AcademicYear
from accounts.models import Membership, Organization, Region, User
from accounts.roles import Role
from obligations import aggregates
from obligations.models import Obligation, TallyEntry
from roadmap.models import Roadmap, RoadmapState

SHOWN = 5


@dataclass(frozen=True)
class Step:
    """The one obvious thing to do next."""

    url_name: str
    label: str
    symbol: str


@dataclass(frozen=True)
class RegistryCounts:
    """The registry in figures: open schools, how many answer to the region, how many nobody answers for."""

    schools: int
    on_regional_budget: int
    without_deputy: int


@dataclass(frozen=True)
class Home:
    """Everything on the home page; a part that is not the person's business is None or empty."""

    today: date
    year: AcademicYear
    step: Step
    own: aggregates.OwnCounts | None = None
    first: list[Obligation] = field(default_factory=list)
    inbox: aggregates.InboxCounts | None = None
    progress: aggregates.Tally | None = None
    overdue: list[aggregates.OverdueCount] = field(default_factory=list)
    drafts: list[Roadmap] = field(default_factory=list)
    registry: RegistryCounts | None = None


def compose(user: User, *, region: Region, today: date) -> Home:
    """Put the home page together for a person who serves in the region."""
    year = AcademicYear.of(today)
    own, first = None, []
    if acting := user.acting_organization_ids:
        owed = Obligation.objects.filter(organization__in=acting)
        own = aggregates.own_counts(owed, today=today, academic_year=year.start_year)
        if own.to_do:
            first = list(owed.in_year(year.start_year).with_owner().by_urgency(today).for_page().with_order()[:SHOWN])
    inbox = None
    if user.has_role(Role.MINISTRY, Role.COORDINATOR):
        inbox = aggregates.inbox_counts(Obligation.objects.reviewed_by(user))
    registry = registry_counts(user, region) if user.has_role(Role.ADMINISTRATOR) else None
    whole_region = user.has_role(Role.MINISTRY, Role.OPERATOR)
    overdue: list[aggregates.OverdueCount] = []
    if whole_region:
        asked = TallyEntry.objects.filter(requirement__region=region, requirement__academic_year=year.start_year)
        overdue = aggregates.most_overdue_municipalities(asked, today=today, limit=SHOWN)
    elif inbox is not None:
        below = Obligation.objects.reviewed_by(user).in_year(year.start_year)
        overdue = aggregates.most_overdue(below, today=today, limit=SHOWN)
    drafts: list[Roadmap] = []
    if user.has_role(Role.MINISTRY):
        drafts = list(Roadmap.objects.visible_to(user).filter(state=RoadmapState.DRAFT, region=region)[:SHOWN])
    return Home(
        today=today,
        year=year,
        step=next_step(own=own, inbox=inbox, registry=registry),
        own=own,
        first=first,
        inbox=inbox,
        progress=_progress(user, region, year, today) if whole_region else None,
        overdue=overdue,
        drafts=drafts,
        registry=registry,
    )


def _progress(user: User, region: Region, year: AcademicYear, today: date) -> aggregates.Tally:
    """Tally what the region owes in an academic year, in the person's sight."""
    counted = aggregates.countable(user, region)
    of_year = Q(requirement__region=region, requirement__academic_year=year.start_year)
    return aggregates.tally_of(counted.filter(of_year), region=region, today=today)


def next_step(
    *, own: aggregates.OwnCounts | None, inbox: aggregates.InboxCounts | None, registry: RegistryCounts | None
) -> Step:
    """Choose what to begin with: what others wait for, then one's own work, then the registry."""
    if inbox and inbox.total:
        return Step("obligations:inbox", "Проверить сданное", "inbox")
    if own and own.to_do:
        return Step("obligations:todo", "Перейти к поручениям", "tasks")
    if registry:
        return Step("schools:import", "Загрузить список школ", "upload")
    return Step("reporting:roadmap_progress", "Посмотреть ход исполнения", "chart")


def registry_counts(user: User, region: Region) -> RegistryCounts:
    """Count the open schools that the person sees."""
    served = Membership.objects.active().filter(organization=OuterRef("pk"))
    counts = (
        Organization.objects.visible_to(user)
        .filter(region=region)
        .active()
        .schools()
        .annotate(served=Exists(served))
        .aggregate(
            schools=Count("pk"),
            on_regional_budget=Count("pk", filter=Q(parent__kind="ministry")),
            without_deputy=Count("pk", filter=Q(served=False)),
        )
    )
    return RegistryCounts(**counts)
