"""Roadmaps of municipalities and schools: derived from the edition above, brought up when that one changes."""

from collections.abc import Sequence
from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.models import Organization, OrganizationKind, Region, User
from accounts.working_days import is_working_day
from obligations.models import sortable_number
from roadmap.actions.above import above_for, edition_above, own_roadmaps
from roadmap.actions.carrying import occurrences_of, same_occurrences, shift_years
from roadmap.actions.drafts import next_edition, plain
from roadmap.actions.items import create_item
from roadmap.actions.plans import EditionPlan, plan_edition
from roadmap.actions.refusal import RoadmapRefused
from roadmap.comparison import pair
from roadmap.deadlines import Carried, carry_to_year, move_date_to_year, move_text_to_year, nearest_working_day
from roadmap.imports.drafts import RoadmapDraft
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, Section

log = structlog.get_logger(__name__)

# What tells an added item from an inherited one of the same number: «М1.1», «Ш3».
PREFIXES = {OrganizationKind.MUNICIPALITY: "М", OrganizationKind.SCHOOL: "Ш"}
LONGEST_NUMBER = 20


def derive(
    *,
    parent: Roadmap,
    owner: Organization,
    order_number: str,
    order_date: date,
    title: str,
    by: User | None,
    now: datetime,
    plan: RoadmapDraft | None = None,
    source_text: str = "",
    is_demonstration: bool = False,
) -> Roadmap:
    """Start the roadmap of a municipality or a school: a draft that inherits every item of the edition in force.

    ``plan`` is the organization's own plan as it was read: its sections and items are added. Raises
    RoadmapRefused when ``parent`` is not what the owner derives from, when the owner has such a roadmap
    already, or when the plan cannot be saved.
    """
    with transaction.atomic():
        # The region's row is locked so that a double click cannot start two drafts.
        Region.objects.select_for_update().get(pk=parent.region_id)
        order = (parent.parent or parent).order_number
        above = above_for(owner, order_number=order, academic_year=parent.academic_year)
        if above is None:
            raise RoadmapRefused("Эта редакция больше не действует, а другой ещё нет.")
        if above != parent:
            raise RoadmapRefused(f"Начните с редакции «{above.order_label}»: ваша дорожная карта строится на ней.")
        if own_roadmaps(owner, order_number=order, academic_year=parent.academic_year):
            raise RoadmapRefused(
                "На основе этого приказа дорожная карта у организации уже есть: изменения вносят её новой редакцией."
            )
        own = _create(
            parent=parent,
            owner=owner,
            order_number=order_number,
            order_date=order_date,
            title=title,
            by=by,
            now=now,
            source_text=source_text,
            is_demonstration=is_demonstration,
        )
        inherit(own, parent)
        if plan is not None:
            _add_plan(own, plan)
    log.info("roadmap derived", roadmap=own.pk, parent=parent.pk, owner=owner.pk, by=by.pk if by else None)
    return own


def derive_once(
    *,
    parent: Roadmap,
    owner: Organization,
    order_number: str,
    order_date: date,
    plan: RoadmapDraft,
    source_text: str,
    by: User | None,
    now: datetime,
) -> tuple[Roadmap, bool]:
    """Do as ``derive`` unless the owner's roadmap was made of the very same text; tell which it was."""
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=parent.region_id)
        order = (parent.parent or parent).order_number
        for known in own_roadmaps(owner, order_number=order, academic_year=parent.academic_year):
            if (known.order_number, known.source_text) == (order_number, plain(source_text)):
                return known, False
        own = derive(
            parent=parent,
            owner=owner,
            order_number=order_number,
            order_date=order_date,
            title=plan.title or "Дорожная карта",
            by=by,
            now=now,
            plan=plan,
            source_text=source_text,
        )
    return own, True


def plan_own(
    *, owner: Organization, draft: RoadmapDraft, academic_year: int, order_date: date | None = None
) -> EditionPlan:
    """Resolve the dates and bodies of an organization's own plan; nobody outside its scope is known there."""
    return plan_edition(
        region=owner.region, draft=draft, academic_year=academic_year, owner=owner, order_date=order_date
    )


def renew(
    *, roadmap: Roadmap, academic_year: int, order_number: str, order_date: date, by: User, now: datetime
) -> Roadmap:
    """Prepare the next edition of an own roadmap over the edition above that is in force now; nothing is lost.

    What it inherits is taken anew; its earlier dates and added bodies are put on again wherever the item is still
    there, its added items are copied. An item that the edition above has dropped, but of which the organization
    asked others as well, stays as its own, with a doubt. Another academic year moves all dates to it. Raises
    RoadmapRefused when there is nothing in force above, or a draft already.
    """
    if roadmap.owner is None:
        raise TypeError("Only a roadmap of a municipality or a school is derived from another.")
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=roadmap.region_id)
        parent = _parent_in(roadmap, academic_year)
        if parent is None:
            raise RoadmapRefused("Вышестоящая дорожная карта на этот учебный год ещё не утверждена.")
        order = (parent.parent or parent).order_number
        if any(one.is_draft for one in own_roadmaps(roadmap.owner, order_number=order, academic_year=academic_year)):
            raise RoadmapRefused("Проект новой редакции уже есть: продолжите работу в нём.")
        copy = _create(
            parent=parent,
            owner=roadmap.owner,
            order_number=order_number,
            order_date=order_date,
            title=shift_years(roadmap.title, roadmap.academic_year, academic_year),
            by=by,
            now=now,
            is_demonstration=roadmap.is_demonstration,
            carried_from=roadmap,
        )
        Renewal(roadmap, copy, inherit(copy, parent)).carry()
    log.info("roadmap renewed", roadmap=copy.pk, source=roadmap.pk, parent=parent.pk, by=by.pk)
    return copy


def inherit(own: Roadmap, parent: Roadmap) -> list[Item]:
    """Copy sections, items, dates and bodies of the edition above, each leading back to where it comes from."""
    sections = list(parent.sections.prefetch_related("items__occurrences", "items__bodies__organization"))
    copies = Section.objects.bulk_create(
        Section(roadmap=own, number=section.number, title=section.title, position=section.position)
        for section in sections
    )
    items = [(item, copy) for section, copy in zip(sections, copies, strict=True) for item in section.items.all()]
    heirs = Item.objects.bulk_create(
        Item(
            section=copy,
            number=item.number,
            number_sort=sortable_number(item.number),
            position=item.position,
            title=item.title,
            deadline_text=item.deadline_text,
            schedule_kind=item.schedule_kind,
            schedule_note=item.schedule_note,
            expected_result=item.expected_result,
            form=item.form,
            inherited_from=item,
        )
        for item, copy in items
    )
    pairs = [(item, heir) for (item, _), heir in zip(items, heirs, strict=True)]
    Occurrence.objects.bulk_create(
        Occurrence(
            item=heir,
            start_on=occurrence.start_on,
            due_on=occurrence.due_on,
            inherited_from=occurrence,
            latest_on=occurrence.due_on,
        )
        for item, heir in pairs
        for occurrence in item.occurrences.all()
    )
    ItemBody.objects.bulk_create(
        ItemBody(item=heir, text=body.text, position=body.position, organization=body.organization, group=body.group)
        for item, heir in pairs
        for body in item.bodies.all()
    )
    return heirs


class Renewal:
    """Brings what an organization has added and made stricter over to its next edition."""

    def __init__(self, before: Roadmap, after: Roadmap, heirs: Sequence[Item]) -> None:
        self.before, self.after = before, after
        self._heirs = heirs

    def carry(self) -> None:
        """Carry everything over."""
        items = (
            Item.objects.filter(section__roadmap=self.before)
            .select_related("section", "inherited_from")
            .prefetch_related("occurrences__requirement__level_dues", "bodies__organization", "inherited_from__bodies")
        )
        inherited = [item for item in items if item.is_inherited]
        found = {old.pk: heir for old, heir in pair(inherited, self._heirs)}
        for old in items:
            if not old.is_inherited:
                self._copy(old, list(old.bodies.all()))
                continue
            added = _added_bodies(old)
            if heir := found.get(old.pk):
                self._tighten(old, heir)
                _add_bodies(heir, added)
            elif added:
                self._copy(old, added, doubt="Из вышестоящей дорожной карты исключено: решите, оставить ли своим.")

    def _tighten(self, old: Item, heir: Item) -> None:
        """Put earlier dates on again where they are still the earlier; the words go with them."""
        before = sorted(old.occurrences.all(), key=lambda one: one.due_on)
        after = sorted(heir.occurrences.all(), key=lambda one: one.due_on)
        if len(before) != len(after) or not any(one.is_stricter for one in before):
            return
        for was, now in zip(before, after, strict=True):
            due = self._moved(was.due_on)
            if was.is_stricter and now.latest_on and due < now.latest_on:
                start = self._moved(was.start_on) if was.start_on else None
                now.start_on, now.due_on = (start if start and start <= due else None), due
                now.save(update_fields=["start_on", "due_on"])
        heir.deadline_text = move_text_to_year(old.deadline_text, self.before.academic_year, self.after.academic_year)
        heir.save()

    def _copy(self, old: Item, bodies: Sequence[ItemBody], doubt: str = "") -> None:
        """Copy an item of the organization's own into the section of the same name, or into one made for it."""
        section = self._section(old.section)
        last = section.items.order_by("-position").values_list("position", flat=True).first() or 0
        from_year, to_year = self.before.academic_year, self.after.academic_year
        schedule, carried = old.schedule, tuple[Carried, ...]()
        if from_year != to_year:
            schedule, carried = carry_to_year(schedule, from_year, to_year, is_working_day)
        copy = Item.objects.create(
            section=section,
            number=old.number,
            position=last + 1,
            title=shift_years(old.title, from_year, to_year),
            deadline_text=schedule.text,
            schedule_kind=schedule.kind.value,
            schedule_note=old.schedule_note,
            expected_result=shift_years(old.expected_result, from_year, to_year),
            form=old.form,
            doubts=[{"field": "title", "message": doubt}] if doubt else [],
        )
        Occurrence.objects.bulk_create(
            occurrences_of(copy, carried) if from_year != to_year else same_occurrences(copy, old.occurrences.all())
        )
        _add_bodies(copy, bodies)

    def _section(self, old: Section) -> Section:
        found = next((one for one in self.after.sections.all() if one.title == old.title), None)
        if found:
            return found
        last = self.after.sections.order_by("-position").values_list("position", flat=True).first() or 0
        return Section.objects.create(roadmap=self.after, number=old.number, title=old.title, position=last + 1)

    def _moved(self, day: date) -> date:
        from_year, to_year = self.before.academic_year, self.after.academic_year
        if from_year == to_year:
            return day
        return nearest_working_day(move_date_to_year(day, from_year, to_year), is_working_day)


def _create(
    *,
    parent: Roadmap,
    owner: Organization,
    order_number: str,
    order_date: date,
    title: str,
    by: User | None,
    now: datetime,
    source_text: str = "",
    is_demonstration: bool = False,
    carried_from: Roadmap | None = None,
) -> Roadmap:
    return Roadmap.objects.create(
        region=parent.region,
        owner=owner,
        parent=parent,
        academic_year=parent.academic_year,
        order_number=order_number,
        order_date=order_date,
        title=title,
        edition=next_edition(parent.region, parent.academic_year, order_number, owner=owner),
        source_text=plain(source_text),
        carried_from=carried_from,
        is_demonstration=is_demonstration,
        created_by=by,
        created_at=now,
    )


def _parent_in(roadmap: Roadmap, academic_year: int) -> Roadmap | None:
    """The edition in force above a roadmap, in its own academic year or in another."""
    if academic_year == roadmap.academic_year:
        return edition_above(roadmap)
    if roadmap.owner is None or roadmap.parent is None:
        return None
    order = (roadmap.parent.parent or roadmap.parent).order_number
    same = above_for(roadmap.owner, order_number=order, academic_year=academic_year)
    if same:
        return same
    # The new year's order mostly has a number of its own; with several there is nothing to choose by.
    regional = Roadmap.objects.regional().approved().filter(region=roadmap.region_id, academic_year=academic_year)
    numbers = list(regional.values_list("order_number", flat=True)[:2])
    if len(numbers) != 1:
        return None
    return above_for(roadmap.owner, order_number=numbers[0], academic_year=academic_year)


def _add_plan(own: Roadmap, draft: RoadmapDraft) -> None:
    """Add the organization's own sections and items, numbered apart from what is inherited."""
    assert own.owner is not None  # noqa: S101 - it was just made for one
    planned = plan_own(owner=own.owner, draft=draft, academic_year=own.academic_year)
    if planned.refusals:
        raise RoadmapRefused(" ".join(planned.refusals))
    prefix = PREFIXES.get(OrganizationKind(own.owner.kind), "")
    last = own.sections.count()
    for place, section in enumerate(planned.sections, start=1):
        added = Section.objects.create(
            roadmap=own, number=f"{prefix}{section.number}"[:LONGEST_NUMBER], title=section.title, position=last + place
        )
        for position, item in enumerate(section.items, start=1):
            create_item(added, position, item, number=f"{prefix}{item.number}"[:LONGEST_NUMBER])


def _added_bodies(item: Item) -> list[ItemBody]:
    """Those whom the organization asks over and above the edition above."""
    above = item.inherited_from.bodies.all() if item.inherited_from else []
    known = {(body.organization_id, body.group) for body in above if body.is_resolved}
    texts = {body.text for body in above}
    return [
        body
        for body in item.bodies.all()
        if (body.organization_id, body.group) not in known and (body.is_resolved or body.text not in texts)
    ]


def _add_bodies(item: Item, bodies: Sequence[ItemBody]) -> None:
    last = item.bodies.count()
    ItemBody.objects.bulk_create(
        ItemBody(item=item, text=body.text, position=last + place, organization=body.organization, group=body.group)
        for place, body in enumerate(bodies, start=1)
    )
