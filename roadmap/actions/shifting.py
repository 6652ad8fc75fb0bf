"""Moving the dates of a draft that speak of another academic year into its own, as succession does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import structlog
from django.db import transaction

from accounts.models import User
from accounts.working_days import is_working_day
from roadmap.actions.carrying import occurrences_of
from roadmap.actions.cautions import dates_outside, outside_year
from roadmap.actions.items import lock_draft
from roadmap.actions.refusal import RoadmapRefused
from roadmap.actions.succession import edition_items
from roadmap.deadlines import carry_to_year, parse
from roadmap.models import Item, Occurrence, Roadmap

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ForeignDates:
    """The academic year that dates of a draft speak of in place of its own, and how many of them do."""

    year: int
    dates: int


def foreign_dates(dues: Iterable[date], academic_year: int) -> ForeignDates | None:
    """Find the year that dates of a draft speak of in place of its own; None when all are its own. Pure.

    It is the year in which most of the dates from outside lie, the earliest of equally likely ones.
    """
    outside = dates_outside(dues, academic_year)
    if not outside:
        return None
    years = sorted({due.year + ahead for due in outside for ahead in (-1, 0)} - {academic_year})
    year = min(years, key=lambda one: len(dates_outside(outside, one)))
    return ForeignDates(year, len(outside) - len(dates_outside(outside, year)))


def shift_dates(*, roadmap: Roadmap, by: User) -> int:
    """Move the dates that speak of another year into the draft's own and return how many; all are marked as moved.

    Weekdays stay weekdays, what falls on a day off moves to the nearest working day, words in figures follow. What was
    read for the draft's own year already (no year in the words) stays. Only deadlines change: years in titles are the
    document's. Raises RoadmapRefused when there is nothing to move.
    """
    with transaction.atomic():
        locked = lock_draft(roadmap)
        items = [item for item in edition_items(locked) if not item.is_inherited]
        foreign = foreign_dates([due for item in items for due in _dues(item)], locked.academic_year)
        if foreign is None:
            raise RoadmapRefused("Сдвигать нечего: все сроки проекта — его учебного года.")
        moved = sum(_shift(item, foreign.year, locked.academic_year) for item in items)
    log.info("roadmap dates shifted", roadmap=roadmap.pk, from_year=foreign.year, moved=moved, by=by.pk)
    return moved


def _shift(item: Item, from_year: int, to_year: int) -> int:
    """Move those dates of an item that speak of one year into another; return how many."""
    schedule, dues = item.schedule, _dues(item)
    # Where the words name their years, a summer day that may belong to both years goes with the others.
    outside = set(dues if _names_years(item, from_year, to_year) else dates_outside(dues, to_year))
    strangers = set(dates_outside(dues, from_year))
    going = tuple(one for one in schedule.occurrences if one.due in outside - strangers)
    if not going:
        return 0
    moved, carried = carry_to_year(replace(schedule, occurrences=going), from_year, to_year, is_working_day)
    fresh = {one.due_on: one for one in occurrences_of(item, carried)}
    gone = {one.due for one in going}
    kept = [
        Occurrence(item=item, start_on=one.start, due_on=one.due)
        for one in schedule.occurrences
        if one.due not in gone and one.due not in fresh
    ]
    item.occurrences.all().delete()
    Occurrence.objects.bulk_create([*fresh.values(), *kept])
    said = list(outside_year(dues, to_year))
    doubts = [doubt for doubt in item.doubts if doubt["message"] not in said]
    left = [*fresh, *(one.due_on for one in kept)]
    doubts += [{"field": "deadline", "message": message} for message in outside_year(left, to_year)]
    Item.objects.filter(pk=item.pk).update(deadline_text=moved.text, doubts=doubts)
    return len(fresh)


def _dues(item: Item) -> list[date]:
    return [one.due_on for one in item.occurrences.all()]


def _names_years(item: Item, from_year: int, to_year: int) -> bool:
    """Whether the words mean the very dates of the item whichever year they are read for."""
    read = parse(item.deadline_text, from_year).occurrences
    return bool(read) and read == item.schedule.occurrences == parse(item.deadline_text, to_year).occurrences
