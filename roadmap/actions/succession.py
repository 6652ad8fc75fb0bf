"""What goes on from one edition to the next, and what a derived edition adds to the one above. Reads only."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists

from obligations.models import Requirement
from roadmap.actions.above import edition_above
from roadmap.comparison import pair
from roadmap.models import Item, ItemBody, Occurrence, Roadmap
from roadmap.querysets import RoadmapQuerySet

BodyOf = tuple[int | None, str]


@dataclass(frozen=True)
class Succession:
    """What becomes of the edition in force: its requirements go on in the new one or are dropped."""

    superseded: Roadmap
    kept: dict[int, Requirement]
    """By the id of the new occurrence."""
    dropped: Sequence[Requirement]
    moved: dict[int, tuple[date, date]]
    """Dates that move, (old, new), by the id of the requirement."""
    relevelled: dict[int, list[str]]
    """Levels that get another date, by the id of the requirement."""
    dues: dict[int, date]
    """The dates that will hold, by the id of the requirement."""
    levels: dict[int, dict[str, date]]
    """The earlier dates of levels that will hold, by the id of the requirement."""


def edition_items(roadmap: Roadmap) -> list[Item]:
    """Read the items of an edition with their dates and bodies, and what they inherit."""
    items = (
        Item.objects.filter(section__roadmap=roadmap)
        .select_related("section__roadmap")
        .prefetch_related("occurrences", "bodies__organization")
    )
    if roadmap.is_own:
        items = items.select_related("section__roadmap", "inherited_from__inherited_from").prefetch_related(
            "inherited_from__bodies",
            "occurrences__inherited_from__inherited_from",
        )
    return list(items)


def asked_bodies(item: Item) -> set[BodyOf]:
    """Return whom the item asks itself: its bodies, without those whom the edition above asks already."""
    bodies = {(body.organization_id, body.group) for body in item.bodies.all() if body.is_resolved}
    if item.inherited_from is not None:
        bodies -= {(body.organization_id, body.group) for body in item.inherited_from.bodies.all()}
    return bodies


def tightened_dues(items: Iterable[Item]) -> dict[int, date]:
    """Return the earlier dates of a derived edition by the ids of the requirements above that they bring forward."""
    return {
        requirement: occurrence.due_on
        for item in items
        for occurrence in item.occurrences.all()
        if occurrence.is_stricter
        for requirement in _above(occurrence)
    }


def requirements_above(items: Iterable[Item]) -> set[int]:
    """Return the ids of the requirements that a derived edition inherits."""
    occurrences = [occurrence for item in items for occurrence in item.occurrences.all()]
    return {requirement for occurrence in occurrences for requirement in _above(occurrence)}


def _above(occurrence: Occurrence) -> list[int]:
    """The requirements of the dates that an occurrence inherits, from the edition above and from the one above that."""
    found, above = [], occurrence.inherited_from
    while above is not None:
        if above.requirement_id:
            found.append(above.requirement_id)
        above = above.inherited_from
    return found


def orders_beside(roadmap: Roadmap) -> RoadmapQuerySet:
    """Return the other orders of the region in force for the year that nobody has settled ``roadmap`` with.

    Once an edition of its own order is in force beside them, that was settled when it came. What municipalities and
    schools set for themselves stands beside anything.
    """
    if roadmap.owner_id is not None:
        return Roadmap.objects.none()
    in_force = Roadmap.objects.regional().approved().exclude(pk=roadmap.pk)
    return in_force.filter(
        ~Exists(edition_in_force(roadmap)), region=roadmap.region_id, academic_year=roadmap.academic_year
    )


def edition_in_force(roadmap: Roadmap) -> RoadmapQuerySet:
    """Return the edition that ``roadmap`` would supersede, as a queryset of at most one."""
    return Roadmap.objects.approved().siblings_of(roadmap)


def reasons_against(items: Sequence[Item], roadmap: Roadmap) -> list[str]:
    """Say why the edition cannot be approved as it is."""
    if not items:
        return ["В редакции нет ни одного мероприятия."]
    numbers = [item.number for item in items]
    reasons = []
    if repeated := sorted({number for number in numbers if numbers.count(number) > 1}):
        reasons.append(
            f"Номера повторяются: {', '.join(repeated)}. Исправьте нумерацию: по номеру мероприятия различают."
        )
    if roadmap.is_own and roadmap.parent != edition_above(roadmap):
        reasons.append(
            "Редакция, на основе которой подготовлен проект, больше не действует. Удалите проект и обновите"
            " дорожную карту по действующей редакции."
        )
    elif (
        roadmap.parent is not None and roadmap.parent.is_own and roadmap.parent.parent != edition_above(roadmap.parent)
    ):
        reasons.append(
            f"Дорожная карта «{roadmap.parent.order_label}» ещё не обновлена по действующей региональной редакции:"
            " утвердить свою можно будет после её обновления."
        )
    return reasons


def fingerprint(roadmap: Roadmap) -> str:
    """Return a checksum of everything that decides what approving the edition does."""
    items = Item.objects.filter(section__roadmap=roadmap).order_by("pk")
    occurrences = Occurrence.objects.filter(item__section__roadmap=roadmap).order_by("item", "due_on")
    bodies = ItemBody.objects.filter(item__section__roadmap=roadmap).order_by("item", "position")
    parts = [
        list(items.values_list("pk", "number", "title", "deadline_text", "expected_result", "form")),
        list(
            occurrences.values_list(
                "item",
                "start_on",
                "due_on",
                "latest_on",
                "levels_decided",
                "municipality_due_on",
                "school_due_on",
                "regional_school_due_on",
            )
        ),
        list(bodies.values_list("item", "organization", "group")),
        list(edition_in_force(roadmap).values_list("pk")),
        list(orders_beside(roadmap).values_list("pk")),
        [(roadmap.order_number, roadmap.order_date, roadmap.title)],
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def succession_of(roadmap: Roadmap, items: Sequence[Item], over: Roadmap | None = None) -> Succession | None:
    """Work out which requirements of the edition in force go on in the new one; None when there is none.

    ``over`` is the edition of another order that the new one is to replace.
    """
    superseded = over or edition_in_force(roadmap).exclude(pk=roadmap.pk).first()
    return None if superseded is None else succession_over(superseded, items)


def succession_over(superseded: Roadmap, items: Sequence[Item]) -> Succession:
    """Work out which requirements of an edition in force go on in one with these items."""
    old_items = edition_items(superseded)
    requirements = Requirement.objects.prefetch_related("level_dues").in_bulk(
        [row.requirement_id for item in old_items for row in item.occurrences.all() if row.requirement_id]
    )
    left = dict(requirements)
    kept: dict[int, Requirement] = {}
    moved: dict[int, tuple[date, date]] = {}
    relevelled: dict[int, list[str]] = {}
    dues: dict[int, date] = {}
    holding: dict[int, dict[str, date]] = {}
    for old, new in pair(old_items, items):
        if new.is_inherited and not asked_bodies(new):
            continue
        for before, after in _same_times(old, new):
            if requirement := left.pop(before.requirement_id or 0, None):
                kept[after.pk] = requirement
                if before.due_on != after.due_on:
                    moved[requirement.pk] = (before.due_on, after.due_on)
                dues[requirement.pk], holding[requirement.pk] = after.due_on, level_dues(after, requirement)
                if after.levels_decided and (levels := _changed_levels(requirement, after)):
                    relevelled[requirement.pk] = levels
    return Succession(superseded, kept, list(left.values()), moved, relevelled, dues, holding)


def _changed_levels(requirement: Requirement, after: Occurrence) -> list[str]:
    """The levels whose date in force is not the one that was decided in the draft."""
    in_force = {one.level: one.due_on for one in requirement.level_dues.all()}
    return [level for level, due in after.levels.items() if in_force.get(level) != due]


def level_dues(occurrence: Occurrence, inherited: Requirement | None) -> dict[str, date]:
    """Return the earlier dates that levels will owe by once approved: those decided, else those in force already."""
    if occurrence.levels_decided:
        return {level: due for level, due in occurrence.levels.items() if due is not None}
    if inherited is None:
        return {}
    return {one.level: one.due_on for one in inherited.level_dues.all() if one.due_on <= occurrence.due_on}


def _same_times(old: Item, new: Item) -> Iterable[tuple[Occurrence, Occurrence]]:
    """Pair the dates of one item: the same day; and if just one is left on each side, it has moved."""
    by_due = {occurrence.due_on: occurrence for occurrence in old.occurrences.all()}
    moved = []
    for after in new.occurrences.all():
        if before := by_due.pop(after.due_on, None):
            yield before, after
        else:
            moved.append(after)
    if len(by_due) == len(moved) == 1:
        yield next(iter(by_due.values())), moved[0]
