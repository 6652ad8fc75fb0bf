"""Scope and search of schools."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Organization, User

if TYPE_CHECKING:
    from schools.models import SchoolProfile


class SchoolProfileQuerySet(models.QuerySet["SchoolProfile"]):
    """Profiles of schools."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Profiles of the schools the user may know of."""
        return self.filter(organization__in=Organization.objects.visible_to(user))
