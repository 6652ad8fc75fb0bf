"""Counts of obligations. Each takes a scoped queryset and asks the database once."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, F, IntegerField, Q, Value, When

from accounts.models import OrganizationKind
from obligations.querysets import ObligationQuerySet
from obligations.states import AT_REVIEWER, SOON_DAYS, WITH_OWNER, State

REGIONAL_SCHOOLS = "Школы на региональном бюджете"
OTHER_BODIES = "Другие организации региона"


@dataclass(frozen=True)
class OwnCounts:
    """What the owner still has to do this academic year, and what already waits for others."""

    overdue: int
    returned: int
    soon: int
    later: int
    under_review: int
    accepted: int
    earlier: int

    @property
    def to_do(self) -> int:
        """Everything of this year on which the owner has the next move."""
        return self.overdue + self.returned + self.soon + self.later


@dataclass(frozen=True)
class InboxCounts:
    """What waits for a decision, by the kind of those who handed in."""

    total: int
    municipalities: int
    schools: int


@dataclass(frozen=True)
class Progress:
    """How far a set of obligations has come; the four states add up to the total."""

    total: int
    accepted: int
    under_review: int
    open: int
    overdue: int


@dataclass(frozen=True)
class OverdueCount:
    """How much one organization, or one municipality with its schools, is behind."""

    name: str
    overdue: int


def own_counts(obligations: ObligationQuerySet, *, today: date, academic_year: int) -> OwnCounts:
    """Count what the queryset's owners have to do on that day.

    Each obligation counts once: overdue before returned, returned before due soon, as in the to-do list.
    ``earlier`` counts what was never closed in academic years before.
    """
    this_year = Q(requirement__academic_year=academic_year)
    owner = this_year & Q(state__in=WITH_OWNER)
    in_time = owner & Q(due_on__gte=today)
    again = Q(state__in=(State.RETURNED, State.REOPENED))
    week = today + timedelta(days=SOON_DAYS)
    counts = obligations.aggregate(
        overdue=Count("pk", filter=owner & Q(due_on__lt=today)),
        returned=Count("pk", filter=in_time & again),
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
        )
    )


def progress(obligations: ObligationQuerySet, *, today: date) -> Progress:
    """Count how far the obligations have come on that day."""
    owner = Q(state__in=WITH_OWNER)
    return Progress(
        **obligations.in_force().aggregate(
            total=Count("pk"),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            under_review=Count("pk", filter=Q(state__in=AT_REVIEWER)),
            open=Count("pk", filter=owner & Q(due_on__gte=today)),
            overdue=Count("pk", filter=owner & Q(due_on__lt=today)),
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
    return [OverdueCount(row["name"], row["overdue"]) for row in rows[:limit]]


def most_overdue_municipalities(obligations: ObligationQuerySet, *, today: date, limit: int) -> list[OverdueCount]:
    """Return the municipalities that are behind the most, each with its schools, the worst first.

    Schools on the regional budget stand as one row beside the municipalities, all other bodies as another.
    """
    own, above = (
        Q(organization__kind=OrganizationKind.MUNICIPALITY),
        Q(organization__parent__kind=OrganizationKind.MUNICIPALITY),
    )
    rows = (
        obligations.overdue(today)
        .order_by()
        .annotate(
            authority=Case(
                When(own, then=F("organization_id")),
                When(above, then=F("organization__parent_id")),
                When(organization__kind=OrganizationKind.SCHOOL, then=Value(-1)),
                default=Value(-2),
                output_field=IntegerField(),
            ),
            name=Case(
                When(own, then=F("organization__short_name")),
                When(above, then=F("organization__parent__short_name")),
                When(organization__kind=OrganizationKind.SCHOOL, then=Value(REGIONAL_SCHOOLS)),
                default=Value(OTHER_BODIES),
                output_field=CharField(),
            ),
        )
        .values("authority", "name")
        .annotate(overdue=Count("pk"))
        .order_by("-overdue", "name", "authority")
    )
    return [OverdueCount(row["name"], row["overdue"]) for row in rows[:limit]]
