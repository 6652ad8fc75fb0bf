"""Counting attempts to sign in, and opening the door again."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import lockout
from accounts.actions.journal import record
from accounts.models import AccessEvent, AccessEventKind, SignInAttempt, User

# What is older counts nowhere.
KEPT = timedelta(days=7)


def closed_until(*, email: str, address: str | None, now: datetime) -> datetime | None:
    """Return when the account may be tried again from the address, None when it may be now."""
    attempts = SignInAttempt.objects.filter(at__gt=now - lockout.LONGEST).filter(
        Q(email=email) | (Q(address=address) if address else Q(pk=None))
    )
    known = AccessEvent.objects.filter(
        user__email=email,
        kind=AccessEventKind.SIGNED_IN,
        address=address,
        at__gt=now - lockout.KNOWN_FOR,
    )
    return lockout.closed_until(
        [lockout.Attempt(*row) for row in attempts.values_list("email", "address", "at")],
        email=email,
        address=address,
        is_known=address is not None and known.exists(),
        now=now,
    )


def closed_anywhere(*, person: User, now: datetime) -> datetime | None:
    """Return until when some place or other finds the person's door closed, for those who help them."""
    failures = SignInAttempt.objects.filter(email=person.email, at__gt=now - lockout.LONGEST)
    places = set(failures.values_list("address", flat=True))
    waits = [closed_until(email=person.email, address=place, now=now) for place in places]
    return max((wait for wait in waits if wait), default=None)


def begin_attempt(*, email: str, address: str | None, now: datetime) -> datetime | None:
    """Count an attempt before its password is looked at; return when to come back if there were too many.

    What is refused is not counted: knocking on a closed door does not keep it closed.
    """
    if until := closed_until(email=email, address=address, now=now):
        return until
    SignInAttempt.objects.create(email=email[:254], address=address, at=now)
    return None


def note_lock(*, email: str, address: str | None, now: datetime) -> None:
    """Write into the journal of the account, if there is one, that this failure has closed the door."""
    person = User.objects.filter(email=email).first()
    if person and closed_until(email=email, address=address, now=now):
        record(person, AccessEventKind.LOCKED, at=now, address=address)


def forget_attempts(*, email: str, address: str | None) -> None:
    """The password was right: the failures of this account from this address no longer count."""
    SignInAttempt.objects.filter(email=email, address=address).delete()


def unlock(*, person: User, by: User | None, now: datetime, address: str | None = None) -> int:
    """Open the door to an account from everywhere; return how many failures were forgotten."""
    with transaction.atomic():
        forgotten, _ = SignInAttempt.objects.filter(email=person.email).delete()
        if by is not None:
            record(person, AccessEventKind.UNLOCKED, at=now, by=by, address=address)
    return forgotten


def forget_old_attempts(*, now: datetime) -> None:
    """Remove what no limit counts any more."""
    SignInAttempt.objects.filter(at__lt=now - KEPT).delete()
