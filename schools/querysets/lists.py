"""Scope of imported and uploaded lists."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from schools.querysets.work import WorkQuerySet

if TYPE_CHECKING:
    from schools.models import ColumnMapping, SchoolImport, SchoolUpload

UPLOAD_KEPT_FOR = timedelta(days=1)


def administered_regions(user: User | AnonymousUser) -> Q:
    """The condition on ``region`` that the user keeps its registry."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    regions = {one.organization.region_id for one in user.active_memberships if one.role == Role.ADMINISTRATOR}
    return Q(region__in=regions)


class SchoolImportQuerySet(WorkQuerySet["SchoolImport"]):
    """Imports of school lists."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Imports into the regions whose registry the user keeps."""
        return self.filter(administered_regions(user))


class SchoolUploadQuerySet(WorkQuerySet["SchoolUpload"]):
    """School lists that were uploaded and wait to be imported."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The user's own uploads into the regions whose registry they keep."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(administered_regions(user), by=user)

    def outdated(self, now: datetime) -> Self:
        """Uploads nobody came back for within a day; what is being imported waits for its end."""
        return self.filter(at__lt=now - UPLOAD_KEPT_FOR).exclude(state__in=["queued", "running"])


class ColumnMappingQuerySet(models.QuerySet["ColumnMapping"]):
    """What the portal remembers of other people's columns."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What is remembered for the regions whose registry the user keeps."""
        return self.filter(administered_regions(user))
