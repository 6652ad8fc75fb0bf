"""Counts of obligations. Each takes a scoped queryset and asks the database once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from accounts.models import Organization, OrganizationKind, Region, User
from accounts.russian import NBSP
from obligations.models import Obligation, TallyEntry
from obligations.querysets import ObligationQuerySet, TallyEntryQuerySet
from obligations.states import AT_REVIEWER, SOON_DAYS, WITH_OWNER, State

REGIONAL_SCHOOLS = "Школы на региональном бюджете"
OTHER_BODIES = "Другие организации региона"


@dataclass(frozen=True)
class OwnCounts:
    """What the owner still has to do this academic year, and what already waits for others.

    Overdue are all overdue ones and returned all that were sent back: an obligation may be both.
    """

    overdue: int
    returned: int
    returned_overdue: int
    """Counted among the overdue and among the returned."""
    soon: int
    later: int
    under_review: int
    accepted: int
    earlier: int

    @property
    def returned_note(self) -> str:
        """What is to be known of the returned beside the overdue, in Russian; empty when no obligation is both."""
        return f"из них просрочено{NBSP}{self.returned_overdue}" if self.returned_overdue else ""

    @property
    def to_do(self) -> int:
        """Everything of this year on which the owner has the next move, each once."""
        return self.overdue + self.returned - self.returned_overdue + self.soon + self.later


@dataclass(frozen=True)
class InboxCounts:
    """What waits for a decision, by the kind of those who handed in."""

    total: int
    municipalities: int
    schools: int
    own: int = 0
    """The ministry's own: nobody stands above it, and it answers to itself."""

    @property
    def institutions(self) -> int:
        """From all other bodies: the operator, institutes, partners."""
        return self.total - self.municipalities - self.schools - self.own


@dataclass(frozen=True)
class OverdueCount:
    """How much one organization, or one municipality with its schools, is behind; a row of several has no id."""

    name: str
    overdue: int
    organization: int | None = None


def own_counts(obligations: ObligationQuerySet, *, today: date, academic_year: int) -> OwnCounts:
    """Count what the queryset's owners have to do on that day.

    What was sent back and is overdue by now counts as both; soon and later leave out what was sent back.
    ``earlier`` counts what was never closed in academic years before.
    """
    this_year = Q(requirement__academic_year=academic_year)
    owner = this_year & Q(state__in=WITH_OWNER)
    in_time = owner & Q(due_on__gte=today)
    again = Q(state__in=(State.RETURNED, State.REOPENED))
    week = today + timedelta(days=SOON_DAYS)
    counts = obligations.aggregate(
        overdue=Count("pk", filter=owner & Q(due_on__lt=today)),
        returned=Count("pk", filter=owner & again),
        returned_overdue=Count("pk", filter=owner & again & Q(due_on__lt=today)),
        soon=Count("pk", filter=in_time & ~again & Q(due_on__lte=week)),
        later=Count("pk", filter=in_time & ~again & Q(due_on__gt=week)),
        under_review=Count("pk", filter=this_year & Q(state__in=AT_REVIEWER)),
        accepted=Count("pk", filter=this_year & Q(state=State.ACCEPTED)),
        earlier=Count("pk", filter=Q(requirement__academic_year__lt=academic_year, state__in=WITH_OWNER)),
    )
    return OwnCounts(**counts)


def inbox_counts(obligations: ObligationQuerySet) -> InboxCounts:
    """Count what waits for a decision."""
    return InboxCounts(
        **obligations.at_reviewer().aggregate(
            total=Count("pk"),
            municipalities=Count("pk", filter=Q(organization__kind=OrganizationKind.MUNICIPALITY)),
            schools=Count("pk", filter=Q(organization__kind=OrganizationKind.SCHOOL)),
            own=Count("pk", filter=Q(organization__kind=OrganizationKind.MINISTRY)),
        )
    )


def most_overdue(obligations: ObligationQuerySet, *, today: date, limit: int) -> list[OverdueCount]:
    """Return the organizations that are behind the most, the worst first."""
    rows = (
        obligations.overdue(today)
        .order_by()
        .values("organization", name=F("organization__short_name"))
        .annotate(overdue=Count("pk"))
        .order_by("-overdue", "name", "organization")
    )
    return [OverdueCount(row["name"], row["overdue"], row["organization"]) for row in rows[:limit]]


def most_overdue_municipalities(entries: TallyEntryQuerySet, *, today: date, limit: int) -> list[OverdueCount]:
    """Return the municipalities that are behind the most, each with its schools, the worst first.

    Schools on the regional budget stand as one row beside the municipalities, all other bodies as another.
    """
    rows = (
        entries.by_authority()
        .filter(state__in=WITH_OWNER, due_on__lt=today)
        .order_by()
        .values("authority", "authority__kind", "authority__short_name", "kind")
        .annotate(overdue=Sum("amount"))
    )
    sums: Counter[tuple[int, str]] = Counter()
    for row in rows:
        if row["authority__kind"] == OrganizationKind.MUNICIPALITY:
            sums[row["authority"], row["authority__short_name"]] += row["overdue"]
        elif row["kind"] == OrganizationKind.SCHOOL:
            sums[-1, REGIONAL_SCHOOLS] += row["overdue"]
        else:
            sums[-2, OTHER_BODIES] += row["overdue"]
    worst = sorted((-overdue, name, organization) for (organization, name), overdue in sums.items() if overdue)
    return [
        OverdueCount(name, -overdue, organization if organization > 0 else None)
        for overdue, name, organization in worst[:limit]
    ]


@dataclass(frozen=True)
class Tally:
    """Counts of obligations that were not cancelled. Accepted, under review and open add up to the obligations.

    Overdue are those of the open whose due date, an inclusive one, has passed. Due is what was handed in
    already or whose due date has passed; on time is what was first handed in on the due date or before, by
    the region's calendar.
    """

    obligations: int = 0
    accepted: int = 0
    under_review: int = 0
    open: int = 0
    overdue: int = 0
    due: int = 0
    on_time: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Add up two parts."""
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @staticmethod
    def total(parts: Iterable["Tally"]) -> "Tally":
        """Add up any number of parts that share no obligation."""
        return sum(parts, Tally())

    @property
    def in_progress(self) -> int:
        """Open and not overdue: there is still time."""
        return self.open - self.overdue

    @property
    def on_time_rate(self) -> float | None:
        """The share, 0..1, of what was handed in on time among what is due; None when nothing is due."""
        return self.on_time / self.due if self.due else None

    @property
    def accepted_rate(self) -> float | None:
        """The share, 0..1, of accepted obligations; None when there are none."""
        return self.accepted / self.obligations if self.obligations else None


# What tallies are counted from: entries kept by the database, or the obligations themselves.
Countable = ObligationQuerySet | TallyEntryQuerySet


def countable(user: User, region: Region) -> Countable:
    """Return what to count for the person in a region: the cheapest that gives just what they may see.

    Whole regions and municipalities are summed up from entries, however many schools they have; who serves
    anything smaller sees so little that it is counted as it is.
    """
    if user.sees_whole_region(region.pk):
        return TallyEntry.objects.of_region()
    served = _served(user, region.pk)
    if served and set(served.values()) == {OrganizationKind.MUNICIPALITY}:
        return TallyEntry.objects.by_authority().filter(authority__in=served)
    return Obligation.objects.visible_to(user)


def countable_under(user: User, organization: Organization) -> Countable:
    """Return what to count for the person of an organization and those right below it, the cheapest that will do."""
    if is_summed_up(user, organization):
        return TallyEntry.objects.by_authority().filter(authority=organization)
    visible = Obligation.objects.visible_to(user)
    return visible.filter(Q(organization=organization) | Q(organization__parent=organization))


def is_summed_up(user: User, organization: Organization) -> bool:
    """Tell whether entries give what the person may see of an organization and those below: a whole municipality."""
    region = organization.region_id
    return organization.kind == OrganizationKind.MUNICIPALITY and (
        user.sees_whole_region(region) or organization.pk in _served(user, region)
    )


def _served(user: User, region_id: int) -> dict[int, str]:
    """Organizations of a region that the person serves: their kinds by their ids."""
    return {
        membership.organization_id: membership.organization.kind
        for membership in user.active_memberships
        if membership.organization.region_id == region_id
    }


def tally_rows(counted: Countable, *, by: tuple[str, ...], region: Region, today: date) -> Iterable[dict[str, Any]]:
    """Group by paths that begin at an obligation (or an entry), in one query; a row holds them and ``tally``.

    Paths through ``requirement`` are the same for both kinds of source.
    """
    due = Q(is_handed_in=True) | Q(due_on__lt=today)
    on_time = Q(is_on_time=True)
    if isinstance(counted, ObligationQuerySet):
        due = Q(first_submitted_at__isnull=False) | Q(due_on__lt=today)
        # A due date is a day on the region's clocks, whatever the server's are.
        on_time = Q(handed_in_on__lte=F("due_on"))
        counted = counted.in_force().annotate(
            handed_in_on=TruncDate("first_submitted_at", tzinfo=ZoneInfo(region.time_zone))
        )
    owner = Q(state__in=WITH_OWNER)
    conditions = {
        "obligations": Q(),
        "accepted": Q(state=State.ACCEPTED),
        "under_review": Q(state__in=AT_REVIEWER),
        "open": owner,
        "overdue": owner & Q(due_on__lt=today),
        "due": due,
        "on_time": on_time,
    }
    if isinstance(counted, ObligationQuerySet):
        sums: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    else:
        sums = {name: Sum("amount", filter=condition, default=0) for name, condition in conditions.items()}
    rows = counted.order_by().values(*by).annotate(**{f"of_{name}": total for name, total in sums.items()})
    for row in rows:
        tally = Tally(**{name: row.pop(f"of_{name}") for name in conditions})
        if tally.obligations:
            yield {**row, "tally": tally}


def tallies_by(counted: Countable, path: str, *, region: Region, today: date) -> dict[int, Tally]:
    """Tally by one path that leads to an id, in one query; what has no obligation is left out."""
    found: defaultdict[int, Tally] = defaultdict(Tally)
    for row in tally_rows(counted, by=(path,), region=region, today=today):
        found[row[path]] += row["tally"]
    return dict(found)


def tally_of(counted: Countable, *, region: Region, today: date) -> Tally:
    """Tally everything together, in one query."""
    rows = tally_rows(counted, by=("requirement__academic_year",), region=region, today=today)
    return Tally.total(row["tally"] for row in rows)
