"""Keeping obligations in step with the registry of organizations: who came owes, who left is released."""

from collections.abc import Collection
from datetime import datetime

import structlog

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from obligations.fan_out import reconcile
from obligations.models import Requirement

log = structlog.get_logger(__name__)


def reconcile_region(
    *,
    region: Region,
    by: User | None,
    at: datetime,
    academic_year: int | None = None,
    organizations: Collection[int] | None = None,
    note: str = "",
) -> tuple[int, int]:
    """Give organizations that came later what they owe, and release those that left; return (added, cancelled).

    Concerned are the academic year that runs in the region at the moment and later ones; of those that are over,
    ``academic_year`` alone, the others are history. ``organizations`` narrows it to some, by id; ``note`` is told in
    the histories. Run again, it changes nothing.
    """
    today = region.local(at).date()
    current = AcademicYear.of(today).start_year
    asked = Requirement.objects.filter(region=region).select_related("region")
    added, cancelled = reconcile(
        requirements=list(asked.filter(academic_year__gte=current)),
        by=by,
        at=at,
        joined_on=today,
        organizations=organizations,
        note=note,
    )
    if academic_year is not None and academic_year < current:
        # A year that is over is filled in from its papers: nobody joins it late.
        archive = list(asked.filter(academic_year=academic_year))
        filled, taken = reconcile(requirements=archive, by=by, at=at, organizations=organizations, note=note)
        added, cancelled = added + filled, cancelled + taken
    log.info("region reconciled", region=region.code, added=added, cancelled=cancelled, by=by.pk if by else None)
    return added, cancelled
