"""Approving an edition: what it will mean, and doing it."""

import difflib
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import Region, User
from obligations.fan_out import BodyReach, fan_out, organizations_of, reach, reconcile
from obligations.models import Obligation, Requirement, RequirementBody
from obligations.states import TRANSITIONS, WITH_OWNER, Act
from obligations.workflow import cancel_many
from roadmap.actions.items import lock_draft
from roadmap.actions.refusal import RoadmapRefused
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, RoadmapState
from roadmap.querysets import RoadmapQuerySet

log = structlog.get_logger(__name__)

# Titles at least this much alike, under one number, are one item in another wording.
ALIKE = 0.6


@dataclass(frozen=True)
class ItemReach:
    """What approving means for one item: how many obligations, of whom, on which dates."""

    item: Item
    bodies: Sequence[BodyReach]
    unresolved: Sequence[str]
    occurrences: int
    organizations: int

    @property
    def obligations(self) -> int:
        """One for each date and organization."""
        return self.occurrences * self.organizations


@dataclass(frozen=True)
class Succession:
    """What becomes of the edition in force: its requirements go on in the new one or are dropped."""

    superseded: Roadmap
    kept: dict[int, Requirement]
    """By the id of the new occurrence."""
    dropped: Sequence[Requirement]


@dataclass(frozen=True)
class ApprovalPreview:
    """What approving an edition will create, shown before anything is written."""

    items: Sequence[ItemReach]
    reaches: Sequence[BodyReach]
    supersedes: Roadmap | None
    kept: int
    cancelled: int
    dropped: Sequence[str]
    refusals: Sequence[str]
    fingerprint: str

    @property
    def obligations(self) -> int:
        """How many obligations the edition asks for."""
        return sum(row.obligations for row in self.items)

    @property
    def undated(self) -> list[Item]:
        """Items without a date: they ask nothing until a person names one."""
        return [row.item for row in self.items if not row.occurrences]

    @property
    def unresolved(self) -> list[ItemReach]:
        """Items some of whose bodies nobody has mapped."""
        return [row for row in self.items if row.unresolved]


@dataclass(frozen=True)
class Approval:
    """What approving did: counts of obligations."""

    created: int
    kept: int
    cancelled: int


def preview_approval(*, roadmap: Roadmap) -> ApprovalPreview:
    """Count what approving would create. Reads only; as many queries as there are different sets of bodies."""
    items = _items(roadmap)
    reaches: dict[tuple[int | None, str], BodyReach] = {}
    unions: dict[frozenset[tuple[int | None, str]], int] = {}
    rows = []
    for item in items:
        bodies = {(body.organization_id, body.group): body for body in item.bodies.all() if body.is_resolved}
        for key, body in bodies.items():
            if key not in reaches:
                reaches[key] = _reach(roadmap, body)
        union = frozenset(bodies)
        if union not in unions:
            unions[union] = _count(roadmap, union, reaches)
        rows.append(
            ItemReach(
                item=item,
                bodies=[reaches[key] for key in bodies],
                unresolved=[body.text for body in item.bodies.all() if not body.is_resolved],
                occurrences=len(item.occurrences.all()),
                organizations=unions[union],
            )
        )
    succession = _succession(roadmap, items)
    kept = Obligation.objects.in_force().filter(requirement__in=_ids(succession.kept.values()) if succession else [])
    dropped = Obligation.objects.filter(
        requirement__in=_ids(succession.dropped) if succession else [], state__in=TRANSITIONS[Act.LEAVE].sources
    )
    return ApprovalPreview(
        items=rows,
        reaches=list(reaches.values()),
        supersedes=succession.superseded if succession else None,
        kept=kept.count(),
        cancelled=dropped.count(),
        dropped=_names(succession.dropped) if succession else [],
        refusals=reasons_against(items),
        fingerprint=fingerprint(roadmap),
    )


def approve(*, roadmap: Roadmap, by: User | None, now: datetime, seen: str | None = None) -> Approval:
    """Approve a draft edition and create what it asks.

    An edition in force for the same order and year is superseded: what both ask keeps its
    obligations and their state (with a moved date, if the date has moved), the rest of the old is
    cancelled with the reason; what was accepted stays accepted. ``seen`` is the fingerprint of the
    draft the person had before their eyes; None asks nothing. Raises RoadmapRefused when the draft
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
        items = _items(locked)
        if refusals := reasons_against(items):
            raise RoadmapRefused(" ".join(refusals))
        succession = _succession(locked, items)
        fresh: list[Requirement] = []
        kept: list[Requirement] = []
        for item in items:
            for occurrence in item.occurrences.all():
                inherited = succession.kept.get(occurrence.pk) if succession else None
                requirement = require(locked, item, occurrence, inherited)
                (kept if inherited else fresh).append(requirement)
        cancelled = _drop(succession, locked, by, now) if succession else 0
        locked.state = RoadmapState.APPROVED
        locked.approved_by, locked.approved_at = by, now
        locked.save()
        created = fan_out(requirements=fresh, by=by, at=now)
        added, left = reconcile(requirements=kept, by=by, at=now) if kept else (0, 0)
        on = Obligation.objects.in_force().filter(requirement__in=_ids(kept)).count() - added
    log.info("roadmap approved", region=region.code, roadmap=locked.pk, created=created + added, cancelled=cancelled)
    roadmap.refresh_from_db()
    return Approval(created=created + added, kept=on, cancelled=cancelled + left)


def require(roadmap: Roadmap, item: Item, occurrence: Occurrence, inherited: Requirement | None) -> Requirement:
    """Turn an occurrence into a requirement, or hand it the one it inherits."""
    requirement = inherited or Requirement(region=roadmap.region, academic_year=roadmap.academic_year)
    if inherited:
        Occurrence.objects.filter(requirement=inherited).update(requirement=None)
        inherited.bodies.all().delete()
        _move_due(inherited, occurrence.due_on)
    requirement.number = item.number
    requirement.title = item.title
    requirement.section_title = item.section.title
    requirement.expected_result = item.expected_result
    requirement.basis = roadmap.order_label
    requirement.deadline_text = item.deadline_text
    requirement.start_on, requirement.due_on = occurrence.start_on, occurrence.due_on
    requirement.save()
    RequirementBody.objects.bulk_create(
        RequirementBody(requirement=requirement, organization_id=organization_id, group=group)
        for organization_id, group in sorted(
            {(body.organization_id, body.group) for body in item.bodies.all() if body.is_resolved}, key=str
        )
    )
    occurrence.requirement = requirement
    occurrence.save(update_fields=["requirement"])
    return requirement


def fingerprint(roadmap: Roadmap) -> str:
    """Return a checksum of everything that decides what approving the edition does."""
    items = Item.objects.filter(section__roadmap=roadmap).order_by("pk")
    occurrences = Occurrence.objects.filter(item__section__roadmap=roadmap).order_by("item", "due_on")
    bodies = ItemBody.objects.filter(item__section__roadmap=roadmap).order_by("item", "position")
    parts = [
        list(items.values_list("pk", "number", "title", "deadline_text", "expected_result")),
        list(occurrences.values_list("item", "start_on", "due_on")),
        list(bodies.values_list("item", "organization", "group")),
        list(_in_force(roadmap).values_list("pk")),
        [(roadmap.order_number, roadmap.order_date, roadmap.title)],
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _items(roadmap: Roadmap) -> list[Item]:
    """Read the items of an edition with their dates and bodies."""
    return list(
        Item.objects.filter(section__roadmap=roadmap)
        .select_related("section__roadmap")
        .prefetch_related("occurrences", "bodies__organization")
    )


def _in_force(roadmap: Roadmap) -> RoadmapQuerySet:
    """Return the edition that ``roadmap`` would supersede, as a queryset of at most one."""
    return Roadmap.objects.approved().filter(
        region=roadmap.region_id, academic_year=roadmap.academic_year, order_number=roadmap.order_number
    )


def reasons_against(items: Sequence[Item]) -> list[str]:
    """Say why the edition cannot be approved as it is."""
    if not items:
        return ["В редакции нет ни одного мероприятия."]
    numbers = [item.number for item in items]
    repeated = sorted({number for number in numbers if numbers.count(number) > 1})
    if repeated:
        return [f"Номера повторяются: {', '.join(repeated)}. Исправьте нумерацию: по номеру мероприятия различают."]
    return []


def _reach(roadmap: Roadmap, body: ItemBody) -> BodyReach:
    """Count whom one body reaches."""
    return reach(
        region_id=roadmap.region_id,
        academic_year=roadmap.academic_year,
        organization=body.organization,
        group=body.group,
    )


def _count(
    roadmap: Roadmap,
    bodies: frozenset[tuple[int | None, str]],
    reaches: dict[tuple[int | None, str], BodyReach],
) -> int:
    """Count the different organizations that bodies reach together: one may be named and be in a group as well."""
    if len(bodies) < 2:
        return sum(reaches[body].reached for body in bodies)
    reached: set[int] = set()
    for organization_id, group in bodies:
        reached.update(
            organizations_of(
                region_id=roadmap.region_id,
                academic_year=roadmap.academic_year,
                organization_id=organization_id,
                group=group,
            ).values_list("pk", flat=True)
        )
    return len(reached)


def _succession(roadmap: Roadmap, items: Sequence[Item]) -> Succession | None:
    """Work out which requirements of the edition in force go on in the new one; None when there is none."""
    superseded = _in_force(roadmap).exclude(pk=roadmap.pk).first()
    if superseded is None:
        return None
    old_items = _items(superseded)
    requirements = Requirement.objects.in_bulk(
        [row.requirement_id for item in old_items for row in item.occurrences.all() if row.requirement_id]
    )
    left = dict(requirements)
    kept: dict[int, Requirement] = {}
    for old, new in _pairs(old_items, items):
        for before, after in _same_times(old, new):
            if requirement := left.pop(before.requirement_id or 0, None):
                kept[after.pk] = requirement
    return Succession(superseded, kept, list(left.values()))


def _pairs(old_items: Sequence[Item], new_items: Sequence[Item]) -> Iterable[tuple[Item, Item]]:
    """Pair items of two editions: by the same words first, then by number where the words are alike.

    A number alone is not trusted: one item put in between moves all that follow, and what a school
    has done for one item must not count for its neighbour.
    """
    by_title: dict[str, list[Item]] = {}
    for old in old_items:
        by_title.setdefault(_spelling(old.title), []).append(old)
    rest = []
    for new in new_items:
        same = by_title.get(_spelling(new.title), [])
        found = next((old for old in same if old.number == new.number), same[0] if same else None)
        if found:
            same.remove(found)
            yield found, new
        else:
            rest.append(new)
    by_number = {old.number: old for same in by_title.values() for old in same}
    for new in rest:
        old_item = by_number.get(new.number)
        if old_item and difflib.SequenceMatcher(None, old_item.title, new.title).ratio() >= ALIKE:
            yield old_item, new


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


def _move_due(requirement: Requirement, due_on: date) -> None:
    """Move the obligations of a requirement to its new date.

    What was handed in keeps the earlier date only if that is the later one: nobody becomes late for
    a date that was named afterwards.
    """
    if requirement.due_on != due_on:
        Obligation.objects.filter(requirement=requirement, due_on=requirement.due_on).filter(
            Q(state__in=WITH_OWNER) | Q(due_on__lt=due_on)
        ).update(due_on=due_on)


def _drop(succession: Succession, roadmap: Roadmap, by: User | None, now: datetime) -> int:
    """Take the edition in force out of force and cancel what the new one asks no more; return how many."""
    cancelled = cancel_many(
        obligations=Obligation.objects.filter(requirement__in=_ids(succession.dropped)),
        by=by,
        at=now,
        comment=f"Исключено редакцией № {roadmap.edition}",
    )
    # Asked of nobody any more, so that reconciling with the registry cannot bring it back.
    RequirementBody.objects.filter(requirement__in=_ids(succession.dropped)).delete()
    succession.superseded.state = RoadmapState.SUPERSEDED
    succession.superseded.save(update_fields=["state"])
    return cancelled


def _names(requirements: Sequence[Requirement]) -> list[str]:
    """Name each item once, in the order of their numbers: «3.2 Разработка приказа…»."""
    ordered = sorted(requirements, key=lambda requirement: requirement.number_sort)
    return list(dict.fromkeys(str(requirement) for requirement in ordered))


def _ids(requirements: Iterable[Requirement]) -> list[int]:
    """Return the ids of requirements."""
    return [requirement.pk for requirement in requirements]


def _spelling(title: str) -> str:
    """Return a title without what two typists do differently."""
    return " ".join(title.lower().replace("ё", "е").split()).strip(" .;")
