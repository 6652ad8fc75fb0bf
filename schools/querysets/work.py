"""Work that was asked for and lost its message or its worker."""

from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

_Row = TypeVar("_Row", bound=models.Model)

# A message unanswered for this long is taken for lost: a worker that died keeps no promise.
QUEUED_PATIENCE = timedelta(minutes=3)
# The longest list of all, forty thousand schools with their obligations, takes a few minutes.
RUNNING_PATIENCE = timedelta(minutes=15)


class WorkQuerySet(models.QuerySet[_Row]):
    """Rows whose work a worker does."""

    def lost(self, now: datetime) -> Self:
        """Work whose message or worker got lost."""
        return self.filter(
            Q(state="queued", queued_at__lt=now - QUEUED_PATIENCE)
            | Q(state="running", started_at__lt=now - RUNNING_PATIENCE)
        )
