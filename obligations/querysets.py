"""Scope and the questions asked of obligations; overdue and late are queries, never states."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When

from accounts.models import Organization, User
from accounts.roles import Role
from obligations.states import AT_REVIEWER, WITH_OWNER, State

if TYPE_CHECKING:
    from obligations.models import Evidence, Obligation


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations: one requirement owed by one organization."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Obligations of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def owed_by(self, user: User) -> Self:
        """Obligations of the organizations in whose name the user answers."""
        return self.filter(organization__in=user.acting_organization_ids)

    def reviewed_by(self, user: User) -> Self:
        """Obligations that the user's organizations review.

        The reviewer is the parent in the tree; the ministry, having no parent, answers to itself.
        """
        coordinated, ministries = set(), set()
        for membership in user.active_memberships:
            if membership.role == Role.COORDINATOR:
                coordinated.add(membership.organization_id)
            elif membership.role == Role.MINISTRY:
                ministries.add(membership.organization_id)
        return self.filter(
            Q(organization__parent__in=coordinated | ministries)
            | Q(organization__in=ministries, organization__parent=None)
        )

    def with_owner(self) -> Self:
        """Obligations on which the owner has the next move."""
        return self.filter(state__in=WITH_OWNER)

    def at_reviewer(self) -> Self:
        """Obligations that wait for a decision."""
        return self.filter(state__in=AT_REVIEWER)

    def in_force(self) -> Self:
        """Everything that was not cancelled."""
        return self.exclude(state=State.CANCELLED)

    def overdue(self, today: date) -> Self:
        """Not handed in though the due date, an inclusive one, has passed."""
        return self.with_owner().filter(due_on__lt=today)

    def by_urgency(self, today: date) -> Self:
        """What burns first: returned and overdue, then by due date."""
        return self.annotate(
            urgency=Case(
                When(state__in=WITH_OWNER, due_on__lt=today, then=Value(0)),
                When(state=State.RETURNED, then=Value(1)),
                When(state__in=WITH_OWNER, then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            )
        ).order_by("urgency", F("due_on").asc(), "requirement__number_sort", "pk")

    def for_page(self) -> Self:
        """Join what every list of obligations shows of each."""
        return self.select_related("requirement", "organization__parent", "organization__region")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence: what closes an obligation."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Evidence of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(obligation__organization__in=Organization.objects.visible_to(user))

    def kept(self) -> Self:
        """Evidence in force: attached and not taken back."""
        return self.filter(removed_at=None)
