"""What a report may be about: whose obligations, of which roadmap, for this person."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Organization, Region, User
from accounts.querysets import OrganizationQuerySet
from obligations.models import Requirement, RequirementBody, RequirementForm
from roadmap.models import Roadmap
from roadmap.querysets import RoadmapQuerySet


def reportable_roadmaps(user: User) -> RoadmapQuerySet:
    """Editions in force in the person's sight, the region's before those of municipalities and schools.

    A draft owes nothing yet.
    """
    visible = Roadmap.objects.visible_to(user).approved().select_related("region", "owner__parent", "owner__region")
    return visible.order_by(F("owner").asc(nulls_first=True), *(Roadmap._meta.ordering or ()))


def reportable_municipalities(user: User, region_id: int) -> OrganizationQuerySet:
    """Municipal authorities of the region to which a report may be narrowed."""
    return Organization.objects.visible_to(user).municipalities().filter(region=region_id)


def reportable_self_checks(user: User) -> QuerySet[Requirement]:
    """Self-checks that the regions the person serves ask of their schools, the newest first."""
    asked = RequirementBody.objects.filter(requirement=OuterRef("pk"))
    return (
        Requirement.objects.filter(
            Exists(asked), form=RequirementForm.SELF_CHECK, issuer=None, region__in=Region.objects.visible_to(user)
        )
        .select_related("region")
        .order_by("-academic_year", "due_on", "number_sort", "pk")
    )


def roadmap_of_year(roadmaps: Iterable[Roadmap], year: int) -> Roadmap | None:
    """Choose the region's edition to begin with: of the given year, else of the nearest before, else of the next one.

    ``roadmaps`` come newest first, as the model orders them.
    """
    candidates = [roadmap for roadmap in roadmaps if not roadmap.is_own]
    past = [roadmap for roadmap in candidates if roadmap.academic_year <= year]
    return past[0] if past else candidates[-1] if candidates else None


def owed_below(municipality_id: int) -> Q:
    """The condition of an obligation that the municipal authority, or what answers to it, owes."""
    return Q(organization=municipality_id) | Q(organization__parent=municipality_id)


def organizations_below(municipality_id: int) -> Q:
    """The municipal authority itself and everything that answers to it."""
    return Q(pk=municipality_id) | Q(parent=municipality_id)
