"""The journal of access."""

from datetime import datetime

import structlog

from accounts.models import AccessEvent, AccessEventKind, User

logger = structlog.get_logger(__name__)


def record(
    user: User,
    kind: AccessEventKind,
    *,
    at: datetime,
    by: User | None = None,
    address: str | None = None,
    note: str = "",
) -> AccessEvent:
    """Write a line about a person's access; ``by`` is whoever did it when not the person."""
    by = by if by != user else None
    event = AccessEvent.objects.create(user=user, kind=kind, at=at, by=by, address=address, note=note[:300])
    logger.info("access", person=user.pk, kind=str(kind), by=by.pk if by else None, address=address)
    return event
