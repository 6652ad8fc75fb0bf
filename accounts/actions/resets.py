"""A forgotten password: asked for, and answered by a letter."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import letters, queue
from accounts.models import PasswordReset, User

logger = structlog.get_logger(__name__)

TASK = "accounts.tasks.send_resets"
WINDOW = timedelta(hours=1)
PER_EMAIL, PER_ADDRESS = 3, 30
# What could not be sent by then is of no use to anybody.
STALE = timedelta(hours=6)
KEPT = timedelta(days=7)


def ask(*, email: str, address: str | None, now: datetime) -> bool:
    """Write down that a new password is wanted for the address; False when it was wanted too often.

    Nothing here looks whether anybody has the address, so neither the answer nor its time tells.
    """
    recent = PasswordReset.objects.filter(asked_at__gt=now - WINDOW)
    if recent.filter(email=email).count() >= PER_EMAIL:
        return False
    if address and recent.filter(address=address).count() >= PER_ADDRESS:
        return False
    PasswordReset.objects.create(email=email, address=address, asked_at=now)
    transaction.on_commit(lambda: queue.send(TASK))
    return True


def send_waiting(*, clock: Callable[[], datetime]) -> int:
    """Answer every request that waits; return how many letters left. Safe to repeat, safe to kill."""
    sent = 0
    PasswordReset.objects.filter(done_at=None, asked_at__lt=clock() - STALE).update(done_at=clock())
    for pk in list(PasswordReset.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            waiting = PasswordReset.objects.filter(pk=pk, done_at=None).select_for_update(skip_locked=True)
            request = waiting.first()
            if request is None:
                continue
            user = User.objects.filter(email=request.email, is_active=True).first()
            if user is not None and user.has_usable_password():
                try:
                    _letter(user, request).send()
                except Exception as error:  # noqa: BLE001 - one letter must not stop the others
                    logger.warning("reset_not_sent", reset=pk, error=repr(error))
                    if not letters.is_refused(error):
                        continue
                else:
                    sent += 1
            request.done_at = clock()
            request.save(update_fields=["done_at"])
    return sent


def forget_old(*, now: datetime) -> None:
    """Remove requests that no throttle counts any more."""
    PasswordReset.objects.filter(asked_at__lt=now - KEPT).delete()


def _letter(user: User, request: PasswordReset) -> EmailMultiAlternatives:
    """The letter with the one-time link."""
    path = reverse(
        "accounts:password_reset_confirm",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    return letters.letter(
        "password_reset",
        to=user.email,
        subject=f"{settings.PORTAL_NAME}: новый пароль",
        identity=f"reset-{request.pk}",
        context={"user": user, "url": settings.PORTAL_URL + path, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600},
    )
