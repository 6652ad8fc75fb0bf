"""Background work of obligations: ids in, an action called. Safe to run twice, safe to kill."""

from datetime import date, datetime

from celery import shared_task
from django.utils import timezone

from accounts.models import Region
from obligations import notices, tallies
from obligations.chasing.sending import chase_once_a_day
from obligations.reconciling import reconcile_region

# The hour of the region's own clock at which people get their digests.
CHASE_HOUR = 8


def regions_to_chase(now: datetime) -> list[tuple[int, date]]:
    """Return the regions where it is past the hour, each with its own day.

    Not only those where it has just struck: a beat that was down at eight, or a letter that failed
    then, is made good at the next full hour.
    """
    local = [(region.pk, region.local(now)) for region in Region.objects.order_by("pk")]
    return [(pk, moment.date()) for pk, moment in local if moment.hour >= CHASE_HOUR]


@shared_task  # type: ignore[untyped-decorator]
def chase_regions() -> None:
    """Each full hour: start the chase of every region where the morning hour has come."""
    for region_id, day in regions_to_chase(timezone.now()):
        chase_region.delay(region_id, day.isoformat())


@shared_task  # type: ignore[untyped-decorator]
def reconcile_regions() -> None:
    """Each night: whatever door the registry was changed by, obligations follow it; what was read long ago goes."""
    for region_id in Region.objects.order_by("pk").values_list("pk", flat=True):
        reconcile_one_region.delay(region_id)
    notices.sweep_read(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def reconcile_one_region(region_id: int) -> None:
    """Bring the obligations of one region in step with its registry."""
    reconcile_region(region=Region.objects.get(pk=region_id), by=None, at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def chase_region(region_id: int, day: str) -> None:
    """Send the digests of one region and day that are not sent yet."""
    region = Region.objects.get(pk=region_id)
    chase_once_a_day(region=region, today=date.fromisoformat(day), clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def fold_tallies() -> None:
    """Put one entry in place of many, so that sums stay quick."""
    tallies.fold()
