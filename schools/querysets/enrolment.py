"""Scope of what schools tell of each academic year."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Organization, User

if TYPE_CHECKING:
    from schools.models import Enrolment, ProfileClass


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Pupils by school, year and grade."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the organizations the user may know of."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def in_year(self, academic_year: int) -> Self:
        """Those of one academic year."""
        return self.filter(academic_year=academic_year)


class ProfileClassQuerySet(models.QuerySet["ProfileClass"]):
    """Pre-professional classes by school and year."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the organizations the user may know of."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def in_year(self, academic_year: int) -> Self:
        """Those of one academic year."""
        return self.filter(academic_year=academic_year)
