"""Approving an edition: doing what its preview says."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import Region, User
from obligations import notices
from obligations.fan_out import fan_out, reconcile
from obligations.models import NoticeKind, Obligation, Requirement, RequirementBody
from obligations.tightening import move_due, tighten, write_level_dues
from obligations.workflow import cancel_many
from roadmap.actions.items import lock_draft
from roadmap.actions.refusal import RoadmapRefused
from roadmap.actions.succession import (
    Succession,
    asked_bodies,
    edition_items,
    fingerprint,
    orders_beside,
    reasons_against,
    requirements_above,
    succession_of,
    tightened_dues,
)
from roadmap.models import Item, Occurrence, Roadmap, RoadmapState

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Approval:
    """What approving did: counts of obligations."""

    created: int
    kept: int
    cancelled: int
    moved: int = 0


def approve(
    *,
    roadmap: Roadmap,
    by: User | None,
    now: datetime,
    seen: str | None = None,
    replaces: int | None = None,
    beside: bool = False,
) -> Approval:
    """Approve a draft edition and create what it asks.

    An edition in force for the same order, year and owner is superseded: what both ask keeps its
    obligations and their state (with a moved date, if the date has moved), the rest of the old is
    cancelled with the reason; what was accepted stays accepted. A roadmap of a municipality or a school asks
    only what it adds, and brings what it inherits to its earlier dates. ``seen`` is the fingerprint of the
    draft the person had before their eyes; None asks nothing. Where another order is in force for the year,
    ``replaces`` names the one (by id) that this takes the place of, as an edition would, or ``beside`` says that
    they are in force side by side. Raises RoadmapRefused when the draft
    was changed or approved meanwhile, or cannot be approved as it is; then nothing has changed.
    """
    with transaction.atomic():
        # The region's row is locked so that two people cannot approve two editions side by side.
        region = Region.objects.select_for_update().get(pk=roadmap.region_id)
        locked = lock_draft(roadmap)
        if seen is not None and seen != fingerprint(locked):
            raise RoadmapRefused(
                "Пока страница была открыта, проект изменился. Проверьте, что получится теперь, и утвердите."
            )
        items = edition_items(locked)
        if refusals := reasons_against(items, locked):
            raise RoadmapRefused(" ".join(refusals))
        succession = succession_of(locked, items, _replaced(locked, replaces, beside=beside))
        fresh, kept, moved = _require_all(locked, items, succession, by, now)
        cancelled = _drop(succession, locked, by, now) if succession else 0
        locked.state = RoadmapState.APPROVED
        locked.approved_by, locked.approved_at = by, now
        locked.save()
        created = fan_out(requirements=fresh, by=by, at=now)
        added, left = reconcile(requirements=kept, by=by, at=now) if kept else (0, 0)
        on = Obligation.objects.in_force().filter(requirement__in=[one.pk for one in kept]).count() - added
        moved += _tighten(locked, items, by, now)
        notices.tell_region(
            region=region,
            kind=NoticeKind.ROADMAP,
            text=f"на {locked.year} учебный год, {locked.order_label}",
            url=locked.get_absolute_url(),
            by=by,
            at=now,
        )
    log.info("roadmap approved", region=region.code, roadmap=locked.pk, created=created + added, cancelled=cancelled)
    roadmap.refresh_from_db()
    return Approval(created=created + added, kept=on, cancelled=cancelled + left, moved=moved)


def _replaced(roadmap: Roadmap, replaces: int | None, *, beside: bool) -> Roadmap | None:
    """Return the edition of another order that the draft takes the place of; RoadmapRefused when that is open."""
    others = {other.pk: other for other in orders_beside(roadmap)}
    if not others and replaces is None:
        return None
    if replaces is not None and not beside:
        if replaces in others:
            return others[replaces]
        raise RoadmapRefused("Приказ, который нужно заменить, больше не действует. Выберите ещё раз.")
    if beside and replaces is None:
        return None
    named = ", ".join(other.order_label for other in others.values())
    raise RoadmapRefused(
        f"На {roadmap.year} учебный год уже действует {named}. Выберите: заменить его или добавить к нему."
    )


def require(
    roadmap: Roadmap,
    item: Item,
    occurrence: Occurrence,
    inherited: Requirement | None,
    *,
    by: User | None,
    now: datetime,
    moved_by: str = "",
) -> tuple[Requirement, int]:
    """Turn an occurrence into a requirement, or hand it the one it inherits; return it and how many due dates moved.

    ``moved_by`` tells the histories what moved a date: «редакцией № 2».
    """
    moved = 0
    # Where nobody decided on them, the dates of levels that are in force go on.
    levels = occurrence.levels if occurrence.levels_decided else None
    if inherited:
        Occurrence.objects.filter(requirement=inherited).update(requirement=None)
        inherited.bodies.all().delete()
        days = f"{inherited.due_on:%d.%m.%Y}\u00a0→ {occurrence.due_on:%d.%m.%Y}"
        moved = move_due(
            requirement=inherited,
            start_on=occurrence.start_on,
            due_on=occurrence.due_on,
            by=by,
            at=now,
            comment=f"Срок перенесён {moved_by}: {days}",
            levels=levels,
        )
    requirement = inherited or Requirement(
        region=roadmap.region, issuer=roadmap.owner, academic_year=roadmap.academic_year
    )
    requirement.number = item.number
    requirement.title = item.title
    requirement.section_title = item.section.title
    requirement.expected_result = item.expected_result
    requirement.form = item.form
    requirement.basis = roadmap.order_label
    requirement.deadline_text = item.deadline_text
    requirement.start_on, requirement.due_on = occurrence.start_on, occurrence.due_on
    requirement.save()
    RequirementBody.objects.bulk_create(
        RequirementBody(requirement=requirement, organization_id=organization_id, group=group)
        for organization_id, group in sorted(asked_bodies(item), key=str)
    )
    if levels and not inherited:
        write_level_dues(requirement, levels)
    occurrence.requirement = requirement
    occurrence.save(update_fields=["requirement"])
    return requirement, moved


def _require_all(
    roadmap: Roadmap, items: list[Item], succession: Succession | None, by: User | None, now: datetime
) -> tuple[list[Requirement], list[Requirement], int]:
    """Make or hand on the requirement of every date of every item that asks anybody anything of its own."""
    fresh: list[Requirement] = []
    kept: list[Requirement] = []
    moved, moved_by = 0, _instrument(roadmap, succession)
    for item in items:
        if item.is_inherited and not asked_bodies(item):
            continue
        for occurrence in item.occurrences.all():
            inherited = succession.kept.get(occurrence.pk) if succession else None
            requirement, times = require(roadmap, item, occurrence, inherited, by=by, now=now, moved_by=moved_by)
            (kept if inherited else fresh).append(requirement)
            moved += times
    return fresh, kept, moved


def _tighten(roadmap: Roadmap, items: list[Item], by: User | None, now: datetime) -> int:
    """Bring what organizations owe under the edition above to the earlier dates of this one."""
    if roadmap.owner is None:
        return 0
    return tighten(
        issuer=roadmap.owner,
        dues=tightened_dues(items),
        among=requirements_above(items),
        by=by,
        at=now,
        comment=f"Срок уточнён дорожной картой: {roadmap.order_label}",
        basis=roadmap.order_label,
    )


def _drop(succession: Succession, roadmap: Roadmap, by: User | None, now: datetime) -> int:
    """Take the edition in force out of force and cancel what the new one asks no more; return how many."""
    dropped = [requirement.pk for requirement in succession.dropped]
    cancelled = cancel_many(
        obligations=Obligation.objects.filter(requirement__in=dropped),
        by=by,
        at=now,
        comment=f"Исключено {_instrument(roadmap, succession)}",
    )
    # Asked of nobody any more, so that reconciling with the registry cannot bring it back.
    RequirementBody.objects.filter(requirement__in=dropped).delete()
    old = succession.superseded
    old.state = RoadmapState.SUPERSEDED
    old.replaced_by = roadmap if old.order_number != roadmap.order_number else None
    old.save(update_fields=["state", "replaced_by"])
    return cancelled


def _instrument(roadmap: Roadmap, succession: Succession | None) -> str:
    """Say for the histories what moved a date or left an item out: a new edition, or another order."""
    if succession is None or succession.superseded.order_number == roadmap.order_number:
        return f"редакцией №\u00a0{roadmap.edition}"
    return f"приказом №\u00a0{roadmap.order_number} от\u00a0{roadmap.order_date:%d.%m.%Y}"
