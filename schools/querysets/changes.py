"""Scope of the registry's history and of reorganizations."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Organization, User

if TYPE_CHECKING:
    from schools.models import RegistryChange, Reorganization, ReorganizationParty


class RegistryChangeQuerySet(models.QuerySet["RegistryChange"]):
    """What changed in the registry."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Changes of the organizations the user may know of."""
        return self.filter(organization__in=Organization.objects.visible_to(user))


class ReorganizationQuerySet(models.QuerySet["Reorganization"]):
    """Schools renamed, joined, parted, closed."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those in which a school takes part that the user may know of."""
        seen = Organization.objects.visible_to(user)
        return self.filter(models.Exists(self._parties().filter(organization__in=seen)))

    def planned(self) -> Self:
        """Neither carried out nor called off."""
        return self.filter(carried_out_at=None, called_off_at=None)

    def due(self, today: date) -> Self:
        """Planned ones whose day has come."""
        return self.planned().filter(on__lte=today)

    def of(self, organization: Organization) -> Self:
        """Those in which the school takes part."""
        return self.filter(models.Exists(self._parties().filter(organization=organization)))

    def _parties(self) -> "models.QuerySet[ReorganizationParty]":
        """The parties of an outer reorganization; their model is defined after its querysets."""
        parties: models.QuerySet[ReorganizationParty] = apps.get_model("schools", "ReorganizationParty").objects.all()
        return parties.filter(reorganization=models.OuterRef("pk"))
