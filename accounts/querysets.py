"""Scope: who sees which organizations. Every other ``visible_to`` is built on this one."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.roles import REGION_WIDE, Role

if TYPE_CHECKING:
    from accounts.models import Membership, Organization, Region, User


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions hosted by this installation."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Regions in which the user serves any organization; a superuser sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(pk__in={membership.organization.region_id for membership in user.active_memberships})


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations: the nodes of the regional tree."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Organizations the user may know of.

        Region-wide roles (ministry, operator, administrator) see their region; everybody else sees
        the organizations they serve and those directly below them in the tree.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        regions, nodes = set(), set()
        for membership in user.active_memberships:
            if membership.role in REGION_WIDE:
                regions.add(membership.organization.region_id)
            else:
                nodes.add(membership.organization_id)
        return self.filter(Q(region__in=regions) | Q(pk__in=nodes) | Q(parent__in=nodes))

    def active(self) -> Self:
        """Organizations that are open."""
        return self.filter(is_active=True)

    def schools(self) -> Self:
        """General-education schools."""
        return self.filter(kind="school")

    def municipalities(self) -> Self:
        """Municipal education authorities."""
        return self.filter(kind="municipality")

    def on_regional_budget(self) -> Self:
        """Schools that answer to the region itself (ОГОО): their parent is the ministry."""
        return self.filter(kind="school", parent__kind="ministry")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Who serves which organization in which role."""

    def active(self) -> Self:
        """Memberships in force: not ended, of a user who may sign in."""
        return self.filter(ended_on=None, user__is_active=True)

    def of_reviewers(self) -> Self:
        """Memberships whose holders review what the organizations below them owe."""
        return self.filter(role__in=[Role.MINISTRY, Role.COORDINATOR])
