"""Scope of school plans."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Organization, User
from obligations.states import State

if TYPE_CHECKING:
    from schools.models import DoneHours, Plan


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans of schools."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Plans of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(obligation__organization__in=Organization.objects.visible_to(user))

    def in_year(self, academic_year: int) -> Self:
        """Plans of an academic year, given by its first calendar year."""
        return self.filter(obligation__requirement__academic_year=academic_year)

    def accepted(self) -> Self:
        """Plans that were accepted."""
        return self.filter(obligation__state=State.ACCEPTED)


class DoneHoursQuerySet(models.QuerySet["DoneHours"]):
    """Hours that were held."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Hours of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(line__plan__obligation__organization__in=Organization.objects.visible_to(user))

    def kept(self) -> Self:
        """Hours not taken back."""
        return self.filter(removed_at=None)
