"""Browsers in which a person is signed in: begun, seen, ended."""

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.models import PersonSession, User

MAX_AGENT = 400


def begin(*, user: User, session_key: str, address: str | None, agent: str, now: datetime) -> PersonSession:
    """Write down that the person is signed in here."""
    session, _ = PersonSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user": user,
            "address": address,
            "agent": agent[:MAX_AGENT],
            "signed_in_at": now,
            "seen_at": now,
        },
    )
    return session


def touch(*, session_key: str, address: str | None, now: datetime) -> bool:
    """Note that something was done here; False when no such session is known."""
    return bool(PersonSession.objects.filter(session_key=session_key).update(seen_at=now, address=address))


def forget(session_key: str) -> None:
    """The person has signed out here."""
    PersonSession.objects.filter(session_key=session_key).delete()


def rename(*, old_key: str | None, new_key: str | None) -> None:
    """The framework has given a session a new key; it is still the same browser."""
    if old_key and new_key:
        PersonSession.objects.filter(session_key=old_key).update(session_key=new_key)


def end(session: PersonSession) -> None:
    """Sign the person out in that browser, at once."""
    with transaction.atomic():
        _store(session.session_key).delete()
        session.delete()


def end_all(user: User, *, except_key: str | None = None) -> int:
    """Sign the person out everywhere, or everywhere but here; return in how many browsers."""
    ended = 0
    with transaction.atomic():
        for session in PersonSession.objects.filter(user=user):
            if session.session_key != except_key:
                end(session)
                ended += 1
    return ended


def forget_expired() -> None:
    """Remove the rows of sessions that ran out by themselves."""
    expired = [one.pk for one in PersonSession.objects.all() if not _store().exists(one.session_key)]
    PersonSession.objects.filter(pk__in=expired).delete()


def _store(session_key: str | None = None) -> SessionBase:
    """The store in which the framework keeps sessions, whichever is configured."""
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return store
