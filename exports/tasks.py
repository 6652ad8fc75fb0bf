"""Background work of exports: ids in, an action called. Safe to run twice, safe to kill."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from exports.actions import requeue_lost
from exports.building import run_export


@shared_task  # type: ignore[untyped-decorator]
def build_export(export_id: str) -> None:
    """Build the file of one export."""
    run_export(export_id=UUID(export_id), clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def sweep_exports() -> None:
    """Send again the exports that lost their message or their worker."""
    requeue_lost(now=timezone.now())
