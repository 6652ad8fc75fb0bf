"""What a report may be about: whose obligations, of which roadmap, for this person."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import Organization, User
from accounts.querysets import OrganizationQuerySet
from roadmap.models import Roadmap
from roadmap.querysets import RoadmapQuerySet


def reportable_roadmaps(user: User) -> RoadmapQuerySet:
    """Editions in force of the regions the person serves: a draft owes nothing yet."""
    return Roadmap.objects.visible_to(user).regional().approved().select_related("region")


def reportable_municipalities(user: User, region_id: int) -> OrganizationQuerySet:
    """Municipal authorities of the region to which a report may be narrowed."""
    return Organization.objects.visible_to(user).municipalities().filter(region=region_id)


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
