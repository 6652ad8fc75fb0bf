"""Background work of access: rows are the work, every task is safe to run twice and safe to kill."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import attempts, resets, sending, sessions


@shared_task  # type: ignore[untyped-decorator]
def send_invitations() -> None:
    """Send the letters of invitations that wait."""
    sending.send_waiting(clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def send_resets() -> None:
    """Answer requests for a new password."""
    resets.send_waiting(clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def sweep_letters() -> None:
    """Send what lost its message or its worker."""
    sending.send_waiting(clock=timezone.now)
    resets.send_waiting(clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def sweep_access() -> None:
    """Forget what no longer counts: ended sessions, old attempts, old requests."""
    now = timezone.now()
    call_command("clearsessions")
    sessions.forget_expired()
    attempts.forget_old_attempts(now=now)
    resets.forget_old(now=now)
