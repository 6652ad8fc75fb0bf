"""Draft editions: saving a document that was read, correcting its head, dropping it."""

from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models import Max

from accounts.models import Organization, Region, User
from roadmap.actions.items import create_item, lock_draft
from roadmap.actions.plans import plan_edition
from roadmap.actions.refusal import RoadmapRefused
from roadmap.imports.drafts import RoadmapDraft
from roadmap.models import Roadmap, RoadmapState, Section

log = structlog.get_logger(__name__)


def create_draft(
    *,
    region: Region,
    draft: RoadmapDraft,
    academic_year: int,
    order_number: str,
    order_date: date,
    source_text: str,
    by: User | None,
    now: datetime,
    is_demonstration: bool = False,
) -> Roadmap:
    """Save what was read from a document as a draft edition; raises RoadmapRefused if it cannot be saved."""
    plan = plan_edition(region=region, draft=draft, academic_year=academic_year)
    if plan.refusals:
        raise RoadmapRefused(" ".join(plan.refusals))
    with transaction.atomic():
        roadmap = Roadmap.objects.create(
            region=region,
            academic_year=academic_year,
            order_number=order_number,
            order_date=order_date,
            title=plan.title or "Дорожная карта",
            edition=next_edition(region, academic_year, order_number),
            source_text=plain(source_text),
            is_demonstration=is_demonstration,
            created_by=by,
            created_at=now,
        )
        for position, planned in enumerate(plan.sections, start=1):
            section = Section.objects.create(
                roadmap=roadmap, number=planned.number, title=planned.title, position=position
            )
            for item_position, item_plan in enumerate(planned.items, start=1):
                create_item(section, item_position, item_plan)
    log.info("roadmap draft saved", roadmap=roadmap.pk, items=len(plan.items), by=by.pk if by else None)
    return roadmap


def save_draft_once(
    *,
    region: Region,
    draft: RoadmapDraft,
    academic_year: int,
    order_number: str,
    order_date: date,
    source_text: str,
    by: User | None,
    now: datetime,
) -> tuple[Roadmap, bool]:
    """Save a document unless the very same text was saved for that order and year; tell which it was.

    An edition that is out of force doesn't count: going back to it is a new edition.
    """
    with transaction.atomic():
        # The region's row is locked so that a double click cannot save two editions side by side.
        Region.objects.select_for_update().get(pk=region.pk)
        same = Roadmap.objects.filter(
            region=region,
            owner=None,
            academic_year=academic_year,
            order_number=order_number,
            source_text=plain(source_text),
        ).exclude(state__in=(RoadmapState.SUPERSEDED, RoadmapState.WITHDRAWN))
        if existing := same.order_by("-edition").first():
            return existing, False
        created = create_draft(
            region=region,
            draft=draft,
            academic_year=academic_year,
            order_number=order_number,
            order_date=order_date,
            source_text=source_text,
            by=by,
            now=now,
        )
    return created, True


def next_edition(region: Region, academic_year: int, order_number: str, *, owner: Organization | None = None) -> int:
    """Return the number of the next edition of an order in a year."""
    editions = Roadmap.objects.filter(
        region=region, owner=owner, academic_year=academic_year, order_number=order_number
    )
    last: int | None = editions.aggregate(last=Max("edition"))["last"]
    return (last or 0) + 1


def correct_header(*, roadmap: Roadmap, order_number: str, order_date: date, title: str, by: User) -> Roadmap:
    """Correct the order's number and date and the title of a draft."""
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=roadmap.region_id)
        locked = lock_draft(roadmap)
        if locked.order_number != order_number:
            locked.edition = next_edition(locked.region, locked.academic_year, order_number, owner=locked.owner)
        locked.order_number, locked.order_date, locked.title = order_number, order_date, title
        locked.save()
    log.info("roadmap header corrected", roadmap=locked.pk, by=by.pk)
    return locked


def delete_draft(*, roadmap: Roadmap, by: User) -> None:
    """Drop a draft with everything in it; raises RoadmapRefused when it was approved meanwhile."""
    with transaction.atomic():
        locked = lock_draft(roadmap)
        log.info("roadmap draft deleted", roadmap=locked.pk, by=by.pk)
        locked.delete()


def plain(text: str) -> str:
    """Return the text with one kind of line break and nothing at its ends, for telling two texts apart."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
