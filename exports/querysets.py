"""Scope of exports."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from exports.models import Export

# A message unanswered for this long is taken for lost: a worker that died keeps no promise.
QUEUED_PATIENCE = timedelta(minutes=3)
RUNNING_PATIENCE = timedelta(minutes=10)


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports: files being built or ready."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """A person's own exports: a file holds what its author was allowed to see."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(created_by=user)

    def lost(self, now: datetime) -> Self:
        """Exports whose message or worker got lost."""
        return self.filter(
            Q(state="queued", queued_at__lt=now - QUEUED_PATIENCE)
            | Q(state="running", started_at__lt=now - RUNNING_PATIENCE)
        )
