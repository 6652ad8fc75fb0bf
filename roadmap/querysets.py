"""Scope of roadmaps."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import Region, User
from accounts.roles import Role

if TYPE_CHECKING:
    from roadmap.models import Item, Roadmap


def roadmaps_visible_to(user: User | AnonymousUser, prefix: str = "") -> Q:
    """The condition under which a roadmap is visible; ``prefix`` leads to it from another model.

    Everybody sees the editions of their region; drafts are the ministry's alone.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    ministry_regions = {
        membership.organization.region_id for membership in user.active_memberships if membership.role == Role.MINISTRY
    }
    of_region = Q(**{f"{prefix}region__in": Region.objects.visible_to(user)})
    return of_region & (~Q(**{f"{prefix}state": "draft"}) | Q(**{f"{prefix}region__in": ministry_regions}))


class RoadmapQuerySet(models.QuerySet["Roadmap"]):
    """Editions of roadmaps."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Editions the user may see."""
        return self.filter(roadmaps_visible_to(user))

    def approved(self) -> Self:
        """Editions in force."""
        return self.filter(state="approved")


class ItemQuerySet(models.QuerySet["Item"]):
    """Items of roadmaps."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Items of the editions the user may see."""
        return self.filter(roadmaps_visible_to(user, "section__roadmap__"))
