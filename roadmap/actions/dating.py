"""Naming dates for an item in force that its order left to a separate plan."""

from collections.abc import Sequence
from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.models import User
from obligations.fan_out import fan_out
from roadmap.actions.approval import require
from roadmap.actions.items import write_occurrences
from roadmap.actions.refusal import RoadmapRefused
from roadmap.models import Item, Roadmap

log = structlog.get_logger(__name__)


def date_item(*, item: Item, dates: Sequence[tuple[date | None, date]], by: User, now: datetime) -> int:
    """Name the dates of an undated item of the edition in force and create what it asks; return how many.

    ``dates`` are (start or none, due). Raises RoadmapRefused when the item has dates by now: changing
    those takes a new edition.
    """
    with transaction.atomic():
        roadmap = (
            Roadmap.objects.select_for_update(of=("self",)).select_related("region").get(pk=item.section.roadmap_id)
        )
        fresh = Item.objects.select_related("section").prefetch_related("bodies").get(pk=item.pk)
        if not roadmap.is_in_force:
            raise RoadmapRefused("Сроки назначают мероприятиям действующей редакции.")
        if fresh.occurrences.exists():
            raise RoadmapRefused("Сроки этого мероприятия уже назначены. Изменить их можно новой редакцией.")
        write_occurrences(fresh, dates)
        requirements = [
            require(roadmap, fresh, occurrence, None, by=by, now=now)[0] for occurrence in fresh.occurrences.all()
        ]
        created = fan_out(requirements=requirements, by=by, at=now)
    log.info("roadmap item dated", roadmap=roadmap.pk, item=item.pk, created=created, by=by.pk)
    return created
