"""Scope of what the portal tells people."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import Organization, User

if TYPE_CHECKING:
    from obligations.models import CallNote, Notice


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices behind the bell."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own notices and nobody else's, whatever their role."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unread(self) -> Self:
        """Notices nobody has looked at."""
        return self.filter(read_at=None)

    def for_list(self) -> Self:
        """Join what the list shows of each."""
        return self.select_related(
            "step__obligation__requirement",
            "step__obligation__organization",
            "step__by",
            "obligation__requirement",
            "obligation__organization",
        )

    def read_before(self, moment: datetime) -> Self:
        """Notices that were looked at before a moment."""
        return self.filter(read_at__lt=moment)

    def mark_read(self, at: datetime) -> int:
        """Mark the unread among these as read; return how many there were."""
        return self.unread().update(read_at=at)


class CallNoteQuerySet(models.QuerySet["CallNote"]):
    """Notes of calls."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Calls to the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(organization__in=Organization.objects.visible_to(user))
