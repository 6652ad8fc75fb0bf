"""Background work of schools. Safe to run twice, safe to kill."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.models import Region
from schools.actions import forget_uploads, requeue_lost
from schools.actions.reorganizations import carry_out_due
from schools.imports.jobs import run_import, run_undo
from schools.models import Reorganization


@shared_task  # type: ignore[untyped-decorator]
def import_list(upload_id: str) -> None:
    """Import one uploaded list."""
    run_import(upload_id=UUID(upload_id), clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def undo_list(import_id: str) -> None:
    """Undo one import."""
    run_undo(import_id=int(import_id), clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def sweep_lists() -> None:
    """Send again the imports and undoings that lost their message or their worker."""
    requeue_lost(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def sweep_uploads() -> None:
    """Delete the lists that were uploaded and not imported within a day."""
    forget_uploads(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def carry_out_reorganizations() -> None:
    """Each hour: carry out the reorganizations whose day has come, by each region's own calendar."""
    now = timezone.now()
    planned = Reorganization.objects.planned().order_by().values("region").distinct()
    for region in Region.objects.filter(pk__in=planned).order_by("pk"):
        carry_out_due(region=region, now=now)
