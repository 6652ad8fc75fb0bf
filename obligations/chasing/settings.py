"""Writes of how people and regions want reminding to be done."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import Region, User
from obligations.chasing.rules import read_schedules
from obligations.chasing.schedules import ReminderSchedule
from obligations.models import MailFrequency, MailPreference, ReminderRule, Requirement

log = structlog.get_logger(__name__)


def prefer(*, user: User, by_mail: bool, frequency: MailFrequency) -> MailPreference:
    """Keep how a person wants to hear of what is no duty."""
    preference, _ = MailPreference.objects.update_or_create(
        user=user, defaults={"by_mail": by_mail, "frequency": frequency}
    )
    return preference


def set_region_rule(*, region: Region, schedule: ReminderSchedule, by: User, at: datetime) -> bool:
    """Set when the region reminds where nothing else is said; False when that is so already."""
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).get(pk=region.pk)
        if read_schedules(region).general == schedule:
            return False
        _write(region, None, schedule, by, at).save()
    log.info("reminders of a region set", region=region.code, by=by.pk)
    return True


def set_requirement_rules(
    *, requirements: Sequence[Requirement], schedule: ReminderSchedule | None, by: User, at: datetime
) -> int:
    """Give requirements of one region a schedule of their own, or, by None, the region's again.

    Each change is a row, so that the rows before it tell the history. Returns how many have changed.
    """
    region = requirements[0].region
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).get(pk=region.pk)
        schedules = read_schedules(region)
        changed = [one for one in requirements if schedules.own.get(one.pk) != schedule]
        ReminderRule.objects.bulk_create(
            _write(region, one, schedule or schedules.general, by, at, is_general=schedule is None) for one in changed
        )
    log.info("reminders of requirements set", region=region.code, requirements=len(changed), by=by.pk)
    return len(changed)


def _write(
    region: Region,
    requirement: Requirement | None,
    schedule: ReminderSchedule,
    by: User,
    at: datetime,
    *,
    is_general: bool = False,
) -> ReminderRule:
    """Make the row of a rule."""
    return ReminderRule(
        region=region,
        requirement=requirement,
        is_general=is_general,
        days=list(schedule.days),
        coordinator_after=schedule.coordinator_after,
        ministry_after=schedule.ministry_after,
        by=by,
        at=at,
    )
