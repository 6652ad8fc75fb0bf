"""Items of a draft: saving them as read, correcting, adding, dropping them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from obligations.models import RequirementForm
from roadmap.actions.bodies import ReadBody, body_directory, read_bodies
from roadmap.actions.inheriting import looser, write_inherited_dates
from roadmap.actions.plans import ItemPlan
from roadmap.actions.refusal import RoadmapRefused
from roadmap.deadlines import ScheduleKind, parse
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, Section

log = structlog.get_logger(__name__)

# What the column holds; a note is a part of the deadline's words.
LONGEST_NOTE = 300


@dataclass(frozen=True)
class ItemText:
    """The words of an item as a person corrected them.

    ``bodies_text`` names one responsible body a line. ``dates`` are (start or none, due) pairs a
    person sets over the words; empty, the words of the deadline are read. ``form`` says what closes the item;
    None leaves it.
    """

    number: str
    title: str
    deadline_text: str
    bodies_text: str
    expected_result: str
    dates: Sequence[tuple[date | None, date]] = ()
    form: RequirementForm | None = None


def correct_item(*, item: Item, words: ItemText, by: User) -> Item:
    """Correct an item of a draft; its doubts are settled by that. Raises RoadmapRefused on an approved edition."""
    with transaction.atomic():
        roadmap = lock_draft(item.section.roadmap)
        _refuse_taken_number(roadmap, words.number, item)
        _write_words(item, words, roadmap)
    log.info("roadmap item corrected", roadmap=roadmap.pk, item=item.pk, by=by.pk)
    return item


def add_item(*, section: Section, words: ItemText, by: User) -> Item:
    """Add an item that the document or its reading lacks, at the end of a draft's section."""
    with transaction.atomic():
        roadmap = lock_draft(section.roadmap)
        _refuse_taken_number(roadmap, words.number, None)
        last: int | None = section.items.aggregate(last=Max("position"))["last"]
        item = Item(section=section, position=(last or 0) + 1)
        item.title = words.title
        item.save()
        _write_words(item, words, roadmap)
    log.info("roadmap item added", roadmap=roadmap.pk, item=item.pk, by=by.pk)
    return item


def delete_item(*, item: Item, by: User) -> None:
    """Take an item out of a draft: a line of the document that was no item."""
    with transaction.atomic():
        roadmap = lock_draft(item.section.roadmap)
        if item.is_inherited:
            raise RoadmapRefused(
                f"Мероприятие {item.number} установлено вышестоящей дорожной картой: исключить его нельзя."
            )
        log.info("roadmap item deleted", roadmap=roadmap.pk, number=item.number, by=by.pk)
        item.delete()


def settle_doubts(*, item: Item, by: User) -> None:
    """Say of an item of a draft that it was read rightly: its doubts go, nothing else changes."""
    with transaction.atomic():
        roadmap = lock_draft(item.section.roadmap)
        Item.objects.filter(pk=item.pk).update(doubts=[])
    log.info("roadmap item found right", roadmap=roadmap.pk, item=item.pk, by=by.pk)


def lock_draft(roadmap: Roadmap) -> Roadmap:
    """Lock a draft until the transaction ends; raises RoadmapRefused when it is none, or no more."""
    locked = (
        Roadmap.objects.select_for_update(of=("self",)).select_related("region", "owner").filter(pk=roadmap.pk).first()
    )
    if locked is None:
        raise RoadmapRefused("Проект удалён: его больше нельзя изменить.")
    if not locked.is_draft:
        raise RoadmapRefused("Редакция уже утверждена и закрыта для правки.")
    return locked


def create_item(section: Section, position: int, plan: ItemPlan, *, number: str = "") -> Item:
    """Save one item as it was read, with its dates and bodies; ``number`` stands in place of the one that was read."""
    item = Item.objects.create(
        section=section,
        number=number or plan.number,
        position=position,
        title=plan.title,
        deadline_text=plan.deadline_text,
        schedule_kind=plan.schedule.kind.value,
        schedule_note=plan.schedule.note[:LONGEST_NOTE],
        expected_result=plan.expected_result,
        form=plan.form,
        doubts=list(plan.doubts),
    )
    write_occurrences(item, [(occurrence.start, occurrence.due) for occurrence in plan.schedule.occurrences])
    _write_bodies(item, plan.bodies)
    return item


def _write_words(item: Item, words: ItemText, roadmap: Roadmap) -> None:
    """Set the words of an item and what they mean; raises RoadmapRefused when they would loosen what is inherited."""
    schedule = parse(words.deadline_text, roadmap.academic_year)
    read = [(occurrence.start, occurrence.due) for occurrence in schedule.occurrences]
    bodies = read_bodies(words.bodies_text, body_directory(roadmap.region, roadmap.owner))
    if item.is_inherited:
        # Whom the edition above asks may well be outside the owner's scope: there the whole region is known.
        bodies = read_bodies(words.bodies_text, body_directory(roadmap.region))
        refusals = looser(
            item,
            number=words.number,
            title=words.title,
            result=words.expected_result,
            dates=list(words.dates or read),
            bodies=bodies,
            unread_deadline=words.deadline_text if schedule.kind is ScheduleKind.UNRESOLVED and not words.dates else "",
        )
        if refusals:
            raise RoadmapRefused(" ".join(refusals))
    item.number, item.title = words.number, words.title
    item.deadline_text, item.expected_result = words.deadline_text, words.expected_result
    item.schedule_kind, item.schedule_note = schedule.kind.value, schedule.note[:LONGEST_NOTE]
    item.form = words.form or item.form
    item.doubts = []
    item.save()
    if item.is_inherited:
        write_inherited_dates(item, list(words.dates or read))
    else:
        write_occurrences(item, words.dates or read)
    _write_bodies(item, bodies)


def write_occurrences(item: Item, dates: Sequence[tuple[date | None, date]]) -> None:
    """Replace the item's dated occurrences; of two due on one day the earlier start stands.

    What was decided for the levels of a date stays with it as long as the date does.
    """
    decided = {(one.start_on, one.due_on): one.levels for one in item.occurrences.filter(levels_decided=True)}
    item.occurrences.all().delete()
    by_due: dict[date, date | None] = {}
    for start, due in dates:
        known = by_due.setdefault(due, start)
        if start and (known is None or start < known):
            by_due[due] = start
    anew = [Occurrence(item=item, start_on=start, due_on=due) for due, start in sorted(by_due.items())]
    for one in anew:
        one.decide_levels(decided.get((one.start_on, one.due_on)))
    Occurrence.objects.bulk_create(anew)


def _write_bodies(item: Item, bodies: Sequence[ReadBody]) -> None:
    """Replace the item's responsible bodies."""
    item.bodies.all().delete()
    ItemBody.objects.bulk_create(
        ItemBody(item=item, position=position, text=body.text, organization=body.organization, group=body.group)
        for position, body in enumerate(bodies, start=1)
    )


def _refuse_taken_number(roadmap: Roadmap, number: str, item: Item | None) -> None:
    """Two items with one number cannot be told apart in reports."""
    others = Item.objects.filter(section__roadmap=roadmap, number=number)
    if item is not None:
        # An item that shares its number already may be corrected in everything else first.
        if Item.objects.filter(pk=item.pk, number=number).exists():
            return
        others = others.exclude(pk=item.pk)
    if others.exists():
        raise RoadmapRefused(f"Мероприятие с номером {number} в этой редакции уже есть.")
