"""People counted and listed: who serves where, who has never signed in, which schools nobody answers for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Invitation, Membership, Organization, Region, User
from accounts.roles import Role


@dataclass(frozen=True)
class Coverage:
    """How many of the open schools have somebody who answers for them."""

    schools: int
    with_deputy: int
    signed_in: int
    """Of these, with one who has signed in at least once."""
    invited: int
    """Of the rest, with an invitation under way."""

    @property
    def vacant(self) -> int:
        """Schools without a deputy in force."""
        return self.schools - self.with_deputy


def coverage(user: User, *, now: datetime, region: Region | None = None) -> Coverage:
    """Count the schools whose people the user appoints."""
    schools = Organization.objects.staffed_by(user).active().schools()
    if region is not None:
        schools = schools.filter(region=region)
    counts = schools.annotate(
        deputy=Exists(_deputies()),
        entered=Exists(_deputies().filter(user__last_login__isnull=False)),
        asked=Exists(
            Invitation.objects.pending().not_expired(now).filter(organization=OuterRef("pk"), role=Role.DEPUTY)
        ),
    ).aggregate(
        schools=Count("pk"),
        with_deputy=Count("pk", filter=Q(deputy=True)),
        signed_in=Count("pk", filter=Q(entered=True)),
        invited=Count("pk", filter=Q(deputy=False, asked=True)),
    )
    return Coverage(**counts)


def vacant_schools(user: User) -> QuerySet[Organization]:
    """Open schools without a deputy in force, whose people the user appoints."""
    return (
        Organization.objects.staffed_by(user)
        .active()
        .schools()
        .filter(~Exists(_deputies()))
        .select_related("parent", "region")
        .order_by("parent__short_name", "short_name", "pk")
    )


def people(user: User) -> QuerySet[Membership]:
    """Posts in force that the user fills, with who holds them and the state of their last invitation."""
    latest = Invitation.objects.filter(
        organization=OuterRef("organization"), role=OuterRef("role"), email=OuterRef("user__email")
    ).order_by("-created_at", "-pk")
    return (
        Membership.objects.visible_to(user)
        .active()
        .select_related("user", "organization__parent", "organization__region")
        .annotate(invitation_state=Subquery(latest.values("state")[:1]))
        .order_by("organization__short_name", "organization", "user__last_name", "user__first_name", "pk")
    )


def any_case(field: str, text: str) -> Q:
    """The field holds the text in whatever case; SQLite folds the case of Latin letters only."""
    return Q(
        *(
            (f"{field}__icontains", form)
            for form in {text, text.lower(), text.upper(), text.capitalize(), text.title()}
        ),
        _connector=Q.OR,
    )


def never_signed_in(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those whose holders have not signed in once."""
    return memberships.filter(user__last_login=None)


def by_last_sign_in(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those first who were here longest ago, or never."""
    return memberships.order_by(F("user__last_login").asc(nulls_first=True), "pk")


def _deputies() -> QuerySet[Membership]:
    """Deputies in force of an outer organization."""
    return Membership.objects.active().filter(organization=OuterRef("pk"), role=Role.DEPUTY)
