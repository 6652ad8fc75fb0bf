"""What a report may be about: whose obligations, of which roadmap, for this person."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organization, Region, User
from accounts.querysets import OrganizationQuerySet
from obligations.models import Requirement, RequirementBody, RequirementForm
from roadmap.models import Roadmap
from roadmap.querysets import RoadmapQuerySet


def reportable_roadmaps(user: User) -> RoadmapQuerySet:
    """Editions in force of the regions the person serves: a draft owes nothing yet."""
    return Roadmap.objects.visible_to(user).regional().approved().select_related("region")


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
    """Choose the edition to begin with: of the given year, else of the nearest before, else of the next one.

    ``roadmaps`` come newest first, as the model orders them.
    """
    candidates = list(roadmaps)
    past = [roadmap for roadmap in candidates if roadmap.academic_year <= year]
    return past[0] if past else candidates[-1] if candidates else None


def organizations_below(municipality_id: int) -> Q:
    """The municipal authority itself and everything that answers to it."""
    return Q(pk=municipality_id) | Q(parent=municipality_id)
