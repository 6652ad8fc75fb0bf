"""Scope of self-checks and of the editions of their questions."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from accounts.models import Organization, Region, User
from accounts.roles import Role

if TYPE_CHECKING:
    from schools.models import SelfCheck, SelfCheckForm, SelfCheckQuestion


def _asked_by(user: User | AnonymousUser, path: str = "") -> Q:
    """The condition on an edition, reached by ``path``, that the user may know of it.

    What is in force or was stands open to the region, the federal one to everybody; a draft is the ministry's alone.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    ministries = {one.organization.region_id for one in user.active_memberships if one.role == Role.MINISTRY}
    published = Q(**{f"{path}published_at__isnull": False}) & (
        Q(**{f"{path}region": None}) | Q(**{f"{path}region__in": Region.objects.visible_to(user)})
    )
    return published | Q(**{f"{path}region__in": ministries})


class SelfCheckFormQuerySet(models.QuerySet["SelfCheckForm"]):
    """Editions of the questions of the self-check."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Editions the user may know of; a draft is the ministry's alone."""
        return self.filter(_asked_by(user))

    def published(self) -> Self:
        """Editions that are, or were, in force."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> Self:
        """Editions that are being prepared."""
        return self.filter(published_at=None)

    def for_region(self, region: Region, academic_year: int) -> Self:
        """Published editions that bind the region in the year, the one in force first.

        The newest year wins, within a year the region's own, of those the latest: as with the norms of hours.
        """
        mine = self.published().filter(Q(region=region) | Q(region=None), academic_year__lte=academic_year)
        return mine.order_by("-academic_year", F("region").asc(nulls_last=True), "-edition")


class SelfCheckQuestionQuerySet(models.QuerySet["SelfCheckQuestion"]):
    """Questions of the self-check."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Questions of the editions the user may know of."""
        return self.filter(_asked_by(user, "form__"))


class SelfCheckQuerySet(models.QuerySet["SelfCheck"]):
    """Self-checks of schools."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Self-checks of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(obligation__organization__in=Organization.objects.visible_to(user))
