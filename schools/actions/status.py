"""Schools that close and open again."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count

from accounts import russian
from accounts.models import Organization, User
from obligations.models import ReviewStep
from obligations.reconciling import reconcile_region
from obligations.states import Act
from schools.actions.changes import facts_of, tell_changes
from schools.models import ChangeSource, SchoolStatusChange


class SchoolUnchanged(Exception):
    """The school is already what it was to become; the message is for the person who tried."""


def close_school(
    *,
    school: Organization,
    on: date,
    reason: str,
    by: User,
    now: datetime,
    source: ChangeSource = ChangeSource.PAGE,
) -> SchoolStatusChange:
    """Close a school and release it from what it owes. Raises SchoolUnchanged when it is closed already."""
    return _change_status(school, is_open=False, on=on, reason=reason, by=by, now=now, source=source)


def reopen_school(*, school: Organization, on: date, reason: str, by: User, now: datetime) -> SchoolStatusChange:
    """Open a school again and give it what it owes from now on. Raises SchoolUnchanged when it is open."""
    return _change_status(school, is_open=True, on=on, reason=reason, by=by, now=now)


def _change_status(
    school: Organization,
    *,
    is_open: bool,
    on: date,
    reason: str,
    by: User,
    now: datetime,
    source: ChangeSource = ChangeSource.PAGE,
) -> SchoolStatusChange:
    """Change the school, keep who did it and why, and let its obligations follow, all or nothing."""
    with transaction.atomic():
        locked = Organization.objects.select_for_update(of=("self",)).select_related("region").get(pk=school.pk)
        if locked.is_active == is_open:
            raise SchoolUnchanged(f"Школа уже {'открыта' if is_open else 'закрыта'}.")
        before = facts_of(locked)
        locked.is_active = is_open
        locked.save(update_fields=["is_active"])
        tell_changes(locked, before, by=by, at=now, source=source, on=on, note=reason.strip())
        opened = "открыта вновь" if is_open else "закрыта"
        added, cancelled = reconcile_region(
            region=locked.region,
            by=by,
            at=now,
            organizations=[locked.pk],
            note=f"Школа {opened} с {russian.day(on)}: {reason.strip()}",
        )
        change = SchoolStatusChange.objects.create(
            organization=locked,
            is_open=is_open,
            on=on,
            reason=reason.strip(),
            obligations_added=added,
            obligations_cancelled=cancelled,
            by=by,
            at=now,
        )
    school.refresh_from_db()
    return change


def note_status_changes(
    *, changed: Mapping[int, bool], reason: str, on: date, by: User | None, now: datetime
) -> list[SchoolStatusChange]:
    """Keep of many schools, by id, that an import closed them or opened them again; True is open.

    Their obligations have followed at the moment ``now`` already; each change tells how many.
    """
    steps = ReviewStep.objects.filter(obligation__organization__in=changed, at=now).order_by()
    counts = {
        (organization, act): number
        for organization, act, number in steps.values_list("obligation__organization", "act").annotate(Count("pk"))
    }
    return SchoolStatusChange.objects.bulk_create(
        SchoolStatusChange(
            organization_id=pk,
            is_open=is_open,
            on=on,
            reason=reason,
            obligations_added=sum(counts.get((pk, act), 0) for act in (Act.JOIN, Act.RESTORE)),
            obligations_cancelled=counts.get((pk, Act.LEAVE), 0),
            by=by,
            at=now,
        )
        for pk, is_open in changed.items()
    )
