"""Scope of roadmaps."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import Region, User
from accounts.roles import REGION_WIDE, Role

if TYPE_CHECKING:
    from roadmap.models import Item, Roadmap

# Who keeps a roadmap of their own organization: makes, edits and approves it.
KEEPERS = frozenset({Role.COORDINATOR, Role.DEPUTY})


def roadmaps_visible_to(user: User | AnonymousUser, prefix: str = "") -> Q:
    """The condition under which a roadmap is visible; ``prefix`` leads to it from another model.

    Everybody sees the region's editions. A municipality's are seen by the region, by itself and by its schools, a
    school's by the region, its municipality and itself. A draft is seen by those alone who keep it.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()

    def that(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    ministries, region_wide, served, above, keepers = set(), set(), set(), set(), set()
    for membership in user.active_memberships:
        organization = membership.organization
        if membership.role == Role.MINISTRY:
            ministries.add(organization.region_id)
        if membership.role in REGION_WIDE:
            region_wide.add(organization.region_id)
        else:
            served.add(organization.pk)
            above.add(organization.parent_id)
        if membership.role in KEEPERS:
            keepers.add(organization.pk)
    of_region = that(owner=None, region__in=Region.objects.visible_to(user)) & (
        ~that(state="draft") | that(region__in=ministries)
    )
    of_others = ~that(state="draft") & (
        that(owner__isnull=False, region__in=region_wide)
        | that(owner__in=served | (above - {None}))
        | that(owner__parent__in=served)
    )
    return of_region | of_others | that(owner__in=keepers)


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    """Editions of roadmaps."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Editions the user may see."""
        return self.filter(roadmaps_visible_to(user))

    def regional(self) -> Self:
        """Editions of the region itself, not those that municipalities and schools derived from them."""
        return self.filter(owner=None)

    def siblings_of(self, roadmap: "Roadmap") -> Self:
        """Every edition of the same order, year and owner, the given one among them."""
        return self.filter(
            region=roadmap.region_id,
            owner=roadmap.owner_id,
            academic_year=roadmap.academic_year,
            order_number=roadmap.order_number,
        )

    def approved(self) -> Self:
        """Editions in force."""
        return self.filter(state="approved")

    def out_of_force(self) -> Self:
        """Editions that were in force once and ask nothing any more."""
        return self.filter(state__in=("superseded", "withdrawn"))


class ItemQuerySet(models.QuerySet["Item"]):
    """Items of roadmaps."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Items of the editions the user may see."""
        return self.filter(roadmaps_visible_to(user, "section__roadmap__"))
