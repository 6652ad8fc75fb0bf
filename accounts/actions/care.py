"""What an administrator does for a person who cannot get in."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.actions import sessions
from accounts.actions.journal import record
from accounts.models import AccessEventKind, User


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


def end_sessions(*, person: User, by: User, now: datetime) -> int:
    """Sign a person out everywhere; return in how many browsers they were signed in."""
    with transaction.atomic():
        ended = sessions.end_all(person)
        record(person, AccessEventKind.SESSIONS_ENDED, at=now, by=by)
    return ended
