"""Background work of schools. Safe to run twice, safe to kill."""

from celery import shared_task
from django.utils import timezone

from schools.actions import forget_uploads


@shared_task  # type: ignore[untyped-decorator]
def sweep_uploads() -> None:
    """Delete the school lists that were uploaded and not imported within a day."""
    forget_uploads(now=timezone.now())
