"""Scope: who sees which organizations. Every other ``visible_to`` is built on this one."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.roles import REGION_WIDE, Role

if TYPE_CHECKING:
    from accounts.models import (
        Invitation,
        InvitationBatch,
        Membership,
        Organization,
        PersonSession,
        Region,
        User,
    )


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

    def staffed_by(self, user: "User | AnonymousUser") -> Self:
        """Organizations whose people the user appoints and invites.

        An administrator does so for the whole region, a coordinator for the organizations right below
        the municipal authority.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(Q(region__in=user.administered_region_ids) | Q(parent__in=user.coordinated_organization_ids))

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

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Memberships, past ones too, in organizations whose people the user appoints."""
        return self.filter(organization__in=_organizations_staffed_by(user))

    def in_force(self) -> Self:
        """Memberships that have not ended, whether or not their holders may sign in."""
        return self.filter(ended_on=None)


class PersonSessionQuerySet(models.QuerySet["PersonSession"]):
    """Browsers in which people are signed in."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """A person's own sessions."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class InvitationBatchQuerySet(models.QuerySet["InvitationBatch"]):
    """Bulk sends of invitations."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those one has started oneself; an administrator sees all of the region."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(by=user) | Q(region__in=user.administered_region_ids))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations to serve an organization."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Invitations to organizations whose people the user appoints."""
        return self.filter(organization__in=_organizations_staffed_by(user))

    def pending(self) -> Self:
        """Neither accepted nor withdrawn; expired ones too: their letter can be sent again."""
        return self.filter(state__in=["queued", "sent", "opened", "failed"])

    def unsent(self) -> Self:
        """Letters that wait to be sent."""
        return self.filter(state="queued")

    def expired(self, now: datetime) -> Self:
        """Links that ran out before anybody used them."""
        return self.filter(state__in=["sent", "opened"], expires_at__lte=now)

    def not_expired(self, now: datetime) -> Self:
        """The rest of ``expired``."""
        return self.exclude(state__in=["sent", "opened"], expires_at__lte=now)


def _organizations_staffed_by(user: "User | AnonymousUser") -> "models.QuerySet[Organization]":
    """The organizations behind the scopes of this module: the model is defined after its querysets."""
    organizations: models.QuerySet[Organization] = apps.get_model("accounts", "Organization").objects.staffed_by(user)
    return organizations
