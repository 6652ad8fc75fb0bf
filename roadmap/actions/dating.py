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
from roadmap.actions.succession import asked_bodies
from roadmap.models import Item, Occurrence, Roadmap, RoadmapState

log = structlog.get_logger(__name__)


def date_item(*, item: Item, dates: Sequence[tuple[date | None, date]], by: User, now: datetime) -> int:
    """Name the dates of an undated item of the edition in force and create what it asks; return how many.

    ``dates`` are (start or none, due). Raises RoadmapRefused when the item has dates by now: changing
    those takes a new edition.
    """
    with transaction.atomic():
        editions = Roadmap.objects.select_for_update(of=("self",)).select_related("region", "owner")
        roadmap = editions.get(pk=item.section.roadmap_id)
        fresh = Item.objects.select_related("section").prefetch_related("bodies").get(pk=item.pk)
        if fresh.is_inherited:
            raise RoadmapRefused("Сроки назначит тот, кто установил мероприятие: они появятся здесь сами.")
        if not roadmap.is_in_force:
            raise RoadmapRefused("Сроки назначают мероприятиям действующей редакции.")
        if fresh.occurrences.exists():
            raise RoadmapRefused(
                "Сроки этого мероприятия уже назначены. Чтобы изменить их, создайте новую редакцию дорожной карты."
            )
        write_occurrences(fresh, dates)
        requirements = [
            require(roadmap, fresh, occurrence, None, by=by, now=now)[0] for occurrence in fresh.occurrences.all()
        ]
        created = fan_out(requirements=requirements, by=by, at=now)
        follow_dates(fresh, by=by, now=now)
    log.info("roadmap item dated", roadmap=roadmap.pk, item=item.pk, created=created, by=by.pk)
    return created


def follow_dates(item: Item, *, by: User, now: datetime) -> None:
    """Give the dates just named for an item in force to every item that inherits it, and ask what those add."""
    heirs = (
        Item.objects.filter(inherited_from=item)
        .exclude(section__roadmap__state__in=(RoadmapState.SUPERSEDED, RoadmapState.WITHDRAWN))
        .select_related("section__roadmap__region", "section__roadmap__owner", "inherited_from")
        .prefetch_related("bodies", "inherited_from__bodies")
    )
    for heir in heirs:
        dated = Occurrence.objects.bulk_create(
            Occurrence(
                item=heir,
                start_on=occurrence.start_on,
                due_on=occurrence.due_on,
                inherited_from=occurrence,
                latest_on=occurrence.due_on,
            )
            for occurrence in item.occurrences.all()
        )
        roadmap = heir.section.roadmap
        if roadmap.is_in_force and asked_bodies(heir):
            asked = [require(roadmap, heir, occurrence, None, by=by, now=now)[0] for occurrence in dated]
            fan_out(requirements=asked, by=by, at=now)
        follow_dates(heir, by=by, now=now)
