"""Writes on roadmaps: saving a draft edition, correcting it, approving it, carrying it over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import BodyAlias, BodyGroup, Organization, Region, User
from obligations.fan_out import BodyReach, fan_out, reach
from obligations.models import Obligation, Requirement, RequirementBody
from obligations.workflow import cancel_many
from roadmap.deadlines import Schedule, ScheduleKind, move_to_year, parse
from roadmap.imports.bodies import BodyMatch, BodyName, normalise_body, split_bodies
from roadmap.imports.reader import ItemDraft, RoadmapDraft
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, RoadmapState, Section

BODY_KEYS = {"organization", "group"}
YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")


class RoadmapRefused(Exception):
    """The edition cannot be saved or approved; the message is for the person who tried."""


@dataclass(frozen=True)
class BodyKey:
    """What a body's name stands for: one organization or a group."""

    organization_id: int | None = None
    group: str = ""


def body_directory(region: Region) -> list[BodyName]:
    """Every name by which the region's documents may call a body: aliases and organizations' own names."""
    names: dict[str, BodyKey] = {}
    institutions = Organization.objects.filter(region=region).active().exclude(kind="school")
    for organization in institutions:
        for text in (organization.name, organization.short_name):
            names.setdefault(text, BodyKey(organization_id=organization.pk))
    for group in BodyGroup:
        names[group.label] = BodyKey(group=group.value)
    for alias in BodyAlias.objects.filter(region=region):
        names[alias.text] = BodyKey(alias.organization_id, alias.group)
    return [BodyName(text=text, key=key) for text, key in names.items()]


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
    """Save what was read from a document as a draft edition; raises RoadmapRefused if nothing was read."""
    if not draft.sections:
        raise RoadmapRefused("В тексте нет ни одного раздела дорожной карты: сохранять нечего.")
    directory = body_directory(region)
    with transaction.atomic():
        roadmap = Roadmap.objects.create(
            region=region,
            academic_year=academic_year,
            order_number=order_number,
            order_date=order_date,
            title=draft.title or "Дорожная карта",
            edition=_next_edition(region, academic_year, order_number),
            source_text=source_text,
            is_demonstration=is_demonstration,
            created_by=by,
            created_at=now,
        )
        for position, section_draft in enumerate(draft.sections, start=1):
            section = Section.objects.create(
                roadmap=roadmap, number=section_draft.number, title=section_draft.title, position=position
            )
            for item_position, item_draft in enumerate(section_draft.items, start=1):
                _create_item(section, item_position, item_draft, directory)
    return roadmap


def _create_item(section: Section, position: int, draft: ItemDraft, directory: Sequence[BodyName]) -> Item:
    """Save one item as it was read, with its dates and bodies."""
    schedule = parse(draft.deadline, section.roadmap.academic_year)
    item = Item.objects.create(
        section=section,
        number=draft.number,
        position=position,
        title=draft.title,
        deadline_text=draft.deadline,
        schedule_kind=schedule.kind.value,
        schedule_note=schedule.note,
        expected_result=draft.expected_result,
        doubts=[{"field": doubt.field, "message": doubt.message} for doubt in draft.doubts],
    )
    _write_occurrences(item, schedule)
    _write_bodies(item, split_bodies(draft.bodies_text, directory))
    return item


def _write_occurrences(item: Item, schedule: Schedule) -> None:
    """Replace the item's dated occurrences by those of the schedule."""
    item.occurrences.all().delete()
    by_due = {occurrence.due: occurrence for occurrence in schedule.occurrences}
    Occurrence.objects.bulk_create(
        Occurrence(item=item, start_on=occurrence.start, due_on=occurrence.due) for occurrence in by_due.values()
    )


def _write_bodies(item: Item, matches: Sequence[BodyMatch]) -> None:
    """Replace the item's responsible bodies by the matches of its cell."""
    item.bodies.all().delete()
    rows = []
    for position, match in enumerate(matches, start=1):
        key = match.key if isinstance(match.key, BodyKey) else BodyKey()
        rows.append(
            ItemBody(
                item=item,
                position=position,
                text=match.text,
                organization_id=key.organization_id,
                group=key.group,
            )
        )
    ItemBody.objects.bulk_create(rows)


def correct_item(*, item: Item, changes: Mapping[str, Any], by: User) -> Item:
    """Correct an item of a draft.

    ``changes`` may hold number, title, deadline_text, expected_result, bodies_text and ``dates``, a
    list of due dates that a person sets over the words. Raises RoadmapRefused on an approved edition.
    """
    with transaction.atomic():
        roadmap = Roadmap.objects.select_for_update().get(pk=item.section.roadmap_id)
        if not roadmap.is_draft:
            raise RoadmapRefused("Редакция утверждена и закрыта для правки.")
        deadline_before = item.deadline_text
        for name in ("number", "title", "deadline_text", "expected_result"):
            if name in changes:
                setattr(item, name, changes[name])
        if "dates" in changes:
            item.occurrences.all().delete()
            Occurrence.objects.bulk_create(Occurrence(item=item, due_on=due) for due in sorted(set(changes["dates"])))
        elif item.deadline_text != deadline_before:
            schedule = parse(item.deadline_text, roadmap.academic_year)
            item.schedule_kind, item.schedule_note = schedule.kind.value, schedule.note
            _write_occurrences(item, schedule)
        if "bodies_text" in changes:
            _write_bodies(item, split_bodies(changes["bodies_text"], body_directory(roadmap.region)))
        item.doubts = []
        item.save()
    return item


def remember_alias(*, region: Region, text: str, organization: Organization | None, group: str, by: User) -> int:
    """Remember what a body's name stands for and apply it to the drafts; return how many cells it resolved."""
    with transaction.atomic():
        BodyAlias.objects.filter(region=region, text__iexact=text).delete()
        BodyAlias.objects.create(region=region, text=text, organization=organization, group=group)
        unresolved = ItemBody.objects.filter(
            item__section__roadmap__region=region,
            item__section__roadmap__state=RoadmapState.DRAFT,
            organization=None,
            group="",
        )
        same = [body.pk for body in unresolved if normalise_body(body.text) == normalise_body(text)]
        return ItemBody.objects.filter(pk__in=same).update(organization=organization, group=group)


@dataclass(frozen=True)
class ItemReach:
    """What approving means for one item: how many obligations, of whom, on which dates."""

    item: Item
    bodies: Sequence[BodyReach]
    unresolved: Sequence[str]
    occurrences: int
    obligations: int


@dataclass(frozen=True)
class ApprovalPreview:
    """What approving an edition will create, shown before anything is written."""

    items: Sequence[ItemReach]
    obligations: int
    supersedes: Roadmap | None
    undated: Sequence[Item] = field(default_factory=tuple)


def preview_approval(*, roadmap: Roadmap) -> ApprovalPreview:
    """Count what approving would create. Reads only."""
    reaches: dict[tuple[int | None, str], BodyReach] = {}
    rows = []
    items = (
        Item.objects.filter(section__roadmap=roadmap)
        .select_related("section")
        .prefetch_related("occurrences", "bodies__organization")
    )
    for item in items:
        bodies = {(body.organization_id, body.group): body for body in item.bodies.all() if body.is_resolved}
        for key, body in bodies.items():
            if key not in reaches:
                reaches[key] = reach(
                    region_id=roadmap.region_id,
                    academic_year=roadmap.academic_year,
                    organization=body.organization,
                    group=body.group,
                )
        reached = [reaches[key] for key in bodies]
        dates = len(item.occurrences.all())
        rows.append(
            ItemReach(
                item=item,
                bodies=reached,
                unresolved=[body.text for body in item.bodies.all() if not body.is_resolved],
                occurrences=dates,
                obligations=dates * sum(body.reached for body in reached),
            )
        )
    return ApprovalPreview(
        items=rows,
        obligations=sum(row.obligations for row in rows),
        supersedes=_in_force(roadmap).first(),
        undated=[row.item for row in rows if not row.occurrences],
    )


def approve(*, roadmap: Roadmap, by: User | None, now: datetime) -> int:
    """Approve a draft edition and create what it asks; return how many obligations are new.

    An edition in force for the same order and year is superseded: what both ask by the same date
    keeps its obligations and their state, the rest of the old is cancelled with the reason. Raises
    RoadmapRefused when the edition is no draft any more (somebody was faster) or lacks an item.
    """
    with transaction.atomic():
        # The region's row is locked so that two people cannot approve two editions side by side.
        Region.objects.select_for_update().get(pk=roadmap.region_id)
        roadmap = Roadmap.objects.select_for_update().get(pk=roadmap.pk)
        if not roadmap.is_draft:
            raise RoadmapRefused("Эта редакция уже утверждена.")
        items = list(
            Item.objects.filter(section__roadmap=roadmap)
            .select_related("section__roadmap")
            .prefetch_related("occurrences", "bodies")
        )
        if not items:
            raise RoadmapRefused("В редакции нет ни одного мероприятия.")
        _refuse_repeated_numbers(items)
        inherited = _supersede(roadmap)
        requirements = []
        for item in items:
            for occurrence in item.occurrences.all():
                kept = inherited.pop((item.number, occurrence.due_on), None)
                requirements.append(_require(roadmap, item, occurrence, kept))
        cancel_many(
            obligations=Obligation.objects.filter(requirement__in=[dropped.pk for dropped in inherited.values()]),
            by=by,
            at=now,
            comment=f"Исключено редакцией № {roadmap.edition}",
        )
        roadmap.state = RoadmapState.APPROVED
        roadmap.approved_by, roadmap.approved_at = by, now
        roadmap.save()
        return fan_out(requirements=requirements, by=by, at=now)


def carry_over(
    *, roadmap: Roadmap, academic_year: int, order_number: str, order_date: date, by: User | None, now: datetime
) -> Roadmap:
    """Start an academic year from an earlier edition: a draft with every date and year moved."""
    shift = academic_year - roadmap.academic_year
    with transaction.atomic():
        copy = Roadmap.objects.create(
            region=roadmap.region,
            academic_year=academic_year,
            order_number=order_number,
            order_date=order_date,
            title=shift_years(roadmap.title, shift),
            edition=_next_edition(roadmap.region, academic_year, order_number),
            is_demonstration=roadmap.is_demonstration,
            created_by=by,
            created_at=now,
        )
        for section in roadmap.sections.prefetch_related("items__occurrences", "items__bodies"):
            new_section = Section.objects.create(
                roadmap=copy, number=section.number, title=section.title, position=section.position
            )
            for item in section.items.all():
                _carry_item(item, new_section, roadmap.academic_year, academic_year)
    return copy


def _carry_item(item: Item, section: Section, from_year: int, to_year: int) -> None:
    """Copy one item into a section of another year's edition."""
    shift = to_year - from_year
    copy = Item.objects.create(
        section=section,
        number=item.number,
        position=item.position,
        title=shift_years(item.title, shift),
        deadline_text=shift_years(item.deadline_text, shift),
        schedule_kind=item.schedule_kind,
        schedule_note=item.schedule_note,
        expected_result=shift_years(item.expected_result, shift),
    )
    Occurrence.objects.bulk_create(
        Occurrence(
            item=copy,
            start_on=move_to_year(occurrence.start_on, from_year, to_year) if occurrence.start_on else None,
            due_on=move_to_year(occurrence.due_on, from_year, to_year),
        )
        for occurrence in item.occurrences.all()
    )
    ItemBody.objects.bulk_create(
        ItemBody(
            item=copy,
            text=body.text,
            position=body.position,
            organization_id=body.organization_id,
            group=body.group,
        )
        for body in item.bodies.all()
    )


def shift_years(text: str, years: int) -> str:
    """Move every year named in a text: «в 2023/2024 учебном году» by 3 is «в 2026/2027 учебном году»."""
    return YEAR.sub(lambda found: str(int(found.group()) + years), text)


def _next_edition(region: Region, academic_year: int, order_number: str) -> int:
    """Return the number of the next edition of an order in a year."""
    editions = Roadmap.objects.filter(region=region, academic_year=academic_year, order_number=order_number)
    last: int | None = editions.aggregate(last=Max("edition"))["last"]
    return (last or 0) + 1


def _in_force(roadmap: Roadmap) -> "Any":
    """Return the edition that ``roadmap`` would supersede, as a queryset of at most one."""
    return Roadmap.objects.approved().filter(
        region=roadmap.region_id, academic_year=roadmap.academic_year, order_number=roadmap.order_number
    )


def _supersede(roadmap: Roadmap) -> dict[tuple[str, date], Requirement]:
    """Take the edition in force out of force; return its requirements by item number and due date."""
    inherited: dict[tuple[str, date], Requirement] = {}
    old = Occurrence.objects.filter(item__section__roadmap__in=_in_force(roadmap)).exclude(requirement=None)
    for occurrence in old.select_related("item", "requirement"):
        if occurrence.requirement is not None:
            inherited[(occurrence.item.number, occurrence.due_on)] = occurrence.requirement
    _in_force(roadmap).update(state=RoadmapState.SUPERSEDED)
    return inherited


def _require(roadmap: Roadmap, item: Item, occurrence: Occurrence, kept: Requirement | None) -> Requirement:
    """Turn an occurrence into a requirement, or hand it the one it inherits."""
    requirement = kept or Requirement(region=roadmap.region, academic_year=roadmap.academic_year)
    requirement.number = item.number
    requirement.title = item.title
    requirement.section_title = item.section.title
    requirement.expected_result = item.expected_result
    requirement.basis = roadmap.order_label
    requirement.deadline_text = item.deadline_text
    requirement.start_on, requirement.due_on = occurrence.start_on, occurrence.due_on
    requirement.save()
    if kept:
        Occurrence.objects.filter(requirement=kept).update(requirement=None)
        requirement.bodies.all().delete()
    RequirementBody.objects.bulk_create(
        RequirementBody(requirement=requirement, organization_id=organization_id, group=group)
        for organization_id, group in {
            (body.organization_id, body.group) for body in item.bodies.all() if body.is_resolved
        }
    )
    occurrence.requirement = requirement
    occurrence.save(update_fields=["requirement"])
    return requirement


def _refuse_repeated_numbers(items: Sequence[Item]) -> None:
    """Two items with one number cannot be told apart in reports."""
    numbers = [item.number for item in items]
    repeated = sorted({number for number in numbers if numbers.count(number) > 1})
    if repeated:
        raise RoadmapRefused(f"Номера повторяются: {', '.join(repeated)}. Исправьте нумерацию и утвердите снова.")


def is_doubtful(item: Item) -> bool:
    """Tell whether a person should look at the item before approving."""
    return (
        bool(item.doubts)
        or item.schedule_kind == ScheduleKind.UNRESOLVED.value
        or any(not body.is_resolved for body in item.bodies.all())
    )
