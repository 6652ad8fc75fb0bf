"""By when each level is to hand in: proposed for every date of a regional draft, accepted or changed by a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from django.db import transaction

from accounts.models import User
from obligations.back_scheduling import back_schedule, wrong_with
from obligations.levels import Level
from roadmap.actions.items import lock_draft
from roadmap.actions.reaching import Reaching
from roadmap.actions.refusal import RoadmapRefused
from roadmap.actions.succession import edition_items
from roadmap.models import Item, Occurrence, Roadmap

log = structlog.get_logger(__name__)

LEVEL_FIELDS = ("levels_decided", "municipality_due_on", "school_due_on", "regional_school_due_on")


@dataclass(frozen=True)
class LevelDates:
    """One date of an item: which levels owe it, and by when each hands in, as decided or as proposed."""

    item: Item
    occurrence: Occurrence
    asked: Sequence[Level]
    proposed: Mapping[str, date]

    @property
    def is_decided(self) -> bool:
        """A person has accepted or changed the dates."""
        return self.occurrence.levels_decided

    @property
    def dues(self) -> Mapping[str, date | None]:
        """The dates as decided; until then those proposed."""
        return self.occurrence.levels if self.is_decided else self.proposed

    @property
    def shown(self) -> list[tuple[Level, date | None]]:
        """Each level that owes it with its date; None is the region's own."""
        return [(level, self.dues.get(level)) for level in self.asked]

    @property
    def cells(self) -> list[tuple[Level, bool, date | None]]:
        """Every level, whether it owes it at all, and its date."""
        return [(level, level in self.asked, self.dues.get(level)) for level in Level]


def level_dates(
    roadmap: Roadmap, *, today: date, item: Item | None = None, review: Mapping[str, int] | None = None
) -> list[LevelDates]:
    """Return the dates of a regional draft that any level owes, in the order of the items; of one item, if given.

    ``review`` are the working days that each level has to review (``regional_review``, ``municipal_review``). Where
    any level would have to hand in before ``today``, or before the work begins, nothing is proposed. Reads only,
    as many queries as there are different sets of bodies.
    """
    if roadmap.is_own:
        return []
    reaching = Reaching(roadmap)
    found = []
    for one in [item] if item else edition_items(roadmap):
        if asked := reaching.levels(one):
            found += [
                LevelDates(one, occurrence, asked, proposed_dues(occurrence, asked, today, review or {}))
                for occurrence in one.occurrences.all()
            ]
    return found


def accept_levels(*, roadmap: Roadmap, today: date, review: Mapping[str, int], by: User) -> int:
    """Take every proposed date of a draft that nobody has decided on; return for how many dates of items.

    Raises RoadmapRefused when the draft is gone or approved meanwhile.
    """
    with transaction.atomic():
        locked = lock_draft(roadmap)
        open_dates = [row for row in level_dates(locked, today=today, review=review) if not row.is_decided]
        taken = [row for row in open_dates if row.proposed]
        for row in taken:
            row.occurrence.decide_levels(row.proposed)
        _save(row.occurrence for row in taken)
    log.info("proposed dates of levels accepted", roadmap=roadmap.pk, dates=len(taken), by=by.pk)
    return len(taken)


def drop_levels(*, roadmap: Roadmap, by: User) -> int:
    """Take back what was decided for the levels of a draft, so that all is proposed anew; return of how many dates."""
    with transaction.atomic():
        locked = lock_draft(roadmap)
        decided = list(Occurrence.objects.filter(item__section__roadmap=locked, levels_decided=True))
        for occurrence in decided:
            occurrence.decide_levels(None)
        _save(decided)
    log.info("dates of levels dropped", roadmap=roadmap.pk, dates=len(decided), by=by.pk)
    return len(decided)


def decide_levels(*, item: Item, dues: Mapping[int, Mapping[str, date | None]], by: User) -> int:
    """Set the dates of levels of an item of a draft by the ids of its dates; return how many dates that were.

    Raises RoadmapRefused when a date is gone or has moved meanwhile, so that a level would owe it later than the
    region.
    """
    with transaction.atomic():
        roadmap = lock_draft(item.section.roadmap)
        if roadmap.is_own:
            raise RoadmapRefused("Сроки по уровням назначает министерство в региональной дорожной карте.")
        occurrences = Occurrence.objects.filter(item=item).in_bulk()
        for pk, levels in dues.items():
            if pk not in occurrences or any(due and due > occurrences[pk].due_on for due in levels.values()):
                raise RoadmapRefused("Пока страница была открыта, сроки мероприятия изменились. Проверьте их ещё раз.")
            occurrences[pk].decide_levels(levels)
        _save(occurrences[pk] for pk in dues)
    log.info("dates of levels decided", roadmap=roadmap.pk, item=item.pk, dates=len(dues), by=by.pk)
    return len(dues)


def proposed_dues(
    occurrence: Occurrence, asked: Sequence[Level], today: date, review: Mapping[str, int]
) -> dict[str, date]:
    """What is proposed to the levels that owe a date; nothing where the time is too short for any of them."""
    dues = back_schedule(occurrence.due_on, **review).dues
    proposed: dict[str, date] = {level: dues[level] for level in asked}
    due, start = occurrence.due_on, occurrence.start_on
    is_too_late = any(wrong_with(day, region_due=due, start_on=start, today=today) for day in proposed.values())
    return {} if is_too_late else proposed


def _save(occurrences: Iterable[Occurrence]) -> None:
    Occurrence.objects.bulk_update(list(occurrences), LEVEL_FIELDS, batch_size=200)
