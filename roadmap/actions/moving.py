"""Correcting the dates of a draft that was started from another year, all on one page."""

from collections.abc import Mapping
from datetime import date

import structlog
from django.db import transaction

from accounts.models import User
from roadmap.actions.items import lock_draft
from roadmap.actions.refusal import RoadmapRefused
from roadmap.deadlines import parse, retold
from roadmap.models import DateOrigin, Item, Occurrence, Roadmap

log = structlog.get_logger(__name__)

#: (start or none, due)
Span = tuple[date | None, date]


def correct_dates(*, roadmap: Roadmap, dates: Mapping[int, Span], by: User) -> int:
    """Set dates of a draft by the ids of its occurrences and return how many changed.

    Words that name a corrected date in figures name the new one, unless they would mean something else then.
    Raises RoadmapRefused when a date is gone meanwhile, is named twice, or is later than the edition above allows;
    then nothing has changed.
    """
    with transaction.atomic():
        locked = lock_draft(roadmap)
        occurrences = {
            one.pk: one
            for one in Occurrence.objects.filter(item__section__roadmap=locked).select_related("item").order_by("pk")
        }
        if set(dates) - set(occurrences):
            raise RoadmapRefused("Пока страница была открыта, проект изменился. Проверьте сроки ещё раз.")
        changed = {pk: span for pk, span in dates.items() if (occurrences[pk].start_on, occurrences[pk].due_on) != span}
        if refusals := _refusals(occurrences, changed):
            raise RoadmapRefused(" ".join(refusals))
        before = {pk: occurrences[pk].due_on for pk in changed}
        touched = {occurrences[pk].item_id for pk in changed}
        for pk, (start, due) in changed.items():
            one = occurrences[pk]
            one.start_on, one.due_on, one.moved_why = start, due, DateOrigin.BY_HAND
            # What was decided for the levels was decided below the date that has gone.
            one.decide_levels(None)
        # Two dates of one item may change places: all of them are written anew.
        anew = [one for one in occurrences.values() if one.item_id in touched]
        Occurrence.objects.filter(pk__in=[one.pk for one in anew]).delete()
        Occurrence.objects.bulk_create(anew)
        for pk in changed:
            _retell(occurrences[pk].item, before[pk], occurrences[pk].due_on, locked, anew)
    log.info("roadmap dates corrected", roadmap=roadmap.pk, changed=len(changed), by=by.pk)
    return len(changed)


def _refusals(occurrences: Mapping[int, Occurrence], changed: Mapping[int, Span]) -> list[str]:
    """Say what is wrong with the dates, all at once."""
    refusals = []
    dues: dict[tuple[int, date], int] = {}
    for pk, one in occurrences.items():
        due = changed[pk][1] if pk in changed else one.due_on
        dues[one.item_id, due] = dues.get((one.item_id, due), 0) + 1
        if dues[one.item_id, due] == 2:
            refusals.append(f"Мероприятие {one.item.number}: срок {due:%d.%m.%Y} назван дважды.")
        if one.latest_on and due > one.latest_on:
            refusals.append(
                f"Мероприятие {one.item.number}: срок {due:%d.%m.%Y} позже установленного"
                f" вышестоящей дорожной картой ({one.latest_on:%d.%m.%Y})."
            )
    return refusals


def _retell(item: Item, before: date, after: date, roadmap: Roadmap, anew: list[Occurrence]) -> None:
    """Let the words name the new date where they named the old one, if they then mean just the item's dates."""
    text = retold(item.deadline_text, before, after)
    dates = sorted(one.due_on for one in anew if one.item_id == item.pk)
    if (
        text != item.deadline_text
        and sorted(one.due for one in parse(text, roadmap.academic_year).occurrences) == dates
    ):
        Item.objects.filter(pk=item.pk).update(deadline_text=text)
        item.deadline_text = text
