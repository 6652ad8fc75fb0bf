"""What an administrator does for a person who cannot get in."""

from datetime import datetime

import structlog
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import letters
from accounts.actions import sessions
from accounts.actions.journal import record
from accounts.models import AccessEventKind, User

logger = structlog.get_logger(__name__)


def reset_second_factor(*, person: User, by: User, now: datetime, note: str = "") -> bool:
    """Take a lost second factor away; False when there was none.

    Every session of the person ends; the next sign-in is by password alone and, where the role
    demands it, leads straight to setting up a new one.
    """
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=person).delete()
        if removed:
            sessions.end_all(person)
            record(person, AccessEventKind.FACTOR_RESET, at=now, by=by, note=note)
    return bool(removed)


def tell_of_reset(*, person: User, by: User, now: datetime) -> str:
    """Write to the person that their second factor was taken away; return why the letter did not leave, or ''.

    Whoever did not ask for it learns so that somebody has talked an administrator into it.
    """
    message = letters.letter(
        "factor_reset",
        to=person.email,
        subject=f"{settings.PORTAL_NAME}: подтверждение входа сброшено",
        identity=f"factor-reset-{person.pk}-{now:%Y%m%d%H%M%S%f}",
        context={"user": person, "by": by, "url": settings.PORTAL_URL + reverse("accounts:profile")},
    )
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - the factor is gone: whoever did it has to call instead
        logger.warning("factor_reset_not_told", person=person.pk, error=repr(error))
        return letters.reason(error)
    return ""


def end_sessions(*, person: User, by: User, now: datetime) -> int:
    """Sign a person out everywhere; return in how many browsers they were signed in."""
    with transaction.atomic():
        ended = sessions.end_all(person)
        record(person, AccessEventKind.SESSIONS_ENDED, at=now, by=by)
    return ended
