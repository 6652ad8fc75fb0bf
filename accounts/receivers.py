"""What the framework and allauth tell about signing in, written down."""

import re
from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django_structlog.signals import (
    bind_extra_request_failed_metadata,
    bind_extra_request_finished_metadata,
    bind_extra_request_metadata,
)

from accounts import second_factor
from accounts.actions import sessions
from accounts.actions.journal import record
from accounts.clients import client_address
from accounts.middleware import SEEN_KEY
from accounts.models import AccessEventKind, User


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Begin the row of the session and write the journal."""
    now, address = timezone.now(), client_address(request)
    request.session[SEEN_KEY] = now.timestamp()
    if request.session.session_key:
        sessions.begin(
            user=user,
            session_key=request.session.session_key,
            address=address,
            agent=request.headers.get("User-Agent", ""),
            now=now,
        )
    record(user, AccessEventKind.SIGNED_IN, at=now, address=address)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, **_: Any) -> None:
    """End the row of the session."""
    if request.session.session_key:
        sessions.forget(request.session.session_key)


@receiver(authenticator_used)
def factor_shown(request: HttpRequest, user: User, **_: Any) -> None:
    """Remember that this session has shown its second factor."""
    second_factor.mark_shown(request, user)


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    """Whoever set it up has it in hand; every other session began without it and ends."""
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        return
    second_factor.mark_shown(request, user)
    # allauth tells of it after the commit: where a transaction spans the request, after the session was stored.
    request.session.save()
    sessions.end_all(user, except_key=request.session.session_key)
    record(
        user,
        AccessEventKind.FACTOR_ADDED,
        at=timezone.now(),
        address=client_address(request),
        note=FACTOR_NAMES[authenticator.type],
    )


@receiver(authenticator_removed)
def factor_removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    """Write the journal; without any factor left the session has none to have shown."""
    if authenticator.type == authenticator.Type.RECOVERY_CODES:
        return
    if not second_factor.is_set_up(user):
        request.session.pop(second_factor.SESSION_KEY, None)
    record(
        user,
        AccessEventKind.FACTOR_REMOVED,
        at=timezone.now(),
        address=client_address(request),
        note=FACTOR_NAMES[authenticator.type],
    )


@receiver([bind_extra_request_metadata, bind_extra_request_finished_metadata, bind_extra_request_failed_metadata])
def secrets_stay_out_of_the_log(log_kwargs: dict[str, Any], **_: Any) -> None:
    """Hide the tokens of one-time links: who reads the log must not be able to use them."""
    line = log_kwargs.get("request")
    if isinstance(line, str):
        log_kwargs["request"] = SECRET_PATH.sub(r"\1***", line)


SECRET_PATH = re.compile(r"(/invitation/|/password/new/)[^?\s]+")
FACTOR_NAMES = {"totp": "приложение с кодами", "webauthn": "ключ безопасности"}
