"""Setting the norms of a year: a set is added, none is rewritten."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import Region, User
from schools.models import Direction, Level, Norm, NormSet

log = structlog.get_logger(__name__)


class NormsChanged(Exception):
    """Somebody set the norms since the person opened the page; the message is for them."""


def set_norms(
    *,
    region: Region,
    academic_year: int,
    basis: str,
    totals: Mapping[str, int],
    asked: Mapping[tuple[str, str], int | bool],
    seen: int | None,
    by: User,
    at: datetime,
) -> NormSet:
    """Set the norms of a region for a year, over those that were in force; those stay in the history.

    ``totals`` are hours of the year by level, ``asked`` what a level asks of a direction: hours, or True where it
    must be there. ``seen`` is the set the person had before them, None if there was none. Raises NormsChanged when it
    is not the one in force any more. Plans handed in by now keep their state.
    """
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=region.pk)
        now = NormSet.objects.for_region(region, academic_year).first()
        if (now.pk if now else None) != seen:
            raise NormsChanged(
                "Пока страница была открыта, нормы изменили. Ваши значения не записаны: сверьте и сохраните снова."
            )
        norms = NormSet.objects.create(region=region, academic_year=academic_year, basis=basis.strip(), by=by, at=at)
        directions = {direction.code: direction for direction in Direction.objects.all()}
        rows = []
        for level in Level.objects.filter(code__in=totals):
            rows.append(Norm(norms=norms, level=level, hours=totals[level.code]))
            for (code, direction), hours in asked.items():
                if code == level.code and hours:
                    is_required = hours is True
                    rows.append(
                        Norm(
                            norms=norms,
                            level=level,
                            direction=directions[direction],
                            hours=0 if is_required else int(hours),
                            is_required=is_required,
                        )
                    )
        Norm.objects.bulk_create(rows)
    log.info("norms set", region=region.code, year=academic_year, by=by.pk)
    return norms
