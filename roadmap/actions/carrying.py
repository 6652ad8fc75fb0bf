"""Carrying an edition over to another academic year, or into its own next edition."""

import re
from collections.abc import Iterable
from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.models import Region, User
from accounts.working_days import is_working_day
from roadmap.actions.drafts import next_edition
from roadmap.actions.items import LONGEST_NOTE
from roadmap.actions.refusal import RoadmapRefused
from roadmap.deadlines import Carried, carry_to_year, move_text_to_year
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, RoadmapState, Section

log = structlog.get_logger(__name__)


def carry_over(
    *, roadmap: Roadmap, academic_year: int, order_number: str, order_date: date, by: User | None, now: datetime
) -> Roadmap:
    """Start an academic year from an earlier edition: a draft with every date and year moved.

    With the edition's own year it is the draft of its next edition. Raises RoadmapRefused when such
    a draft is there already: it is the one to go on with.
    """
    with transaction.atomic():
        # The region's row is locked so that a double click cannot start two drafts.
        Region.objects.select_for_update().get(pk=roadmap.region_id)
        started = Roadmap.objects.regional().filter(
            region=roadmap.region_id, academic_year=academic_year, order_number=order_number, state=RoadmapState.DRAFT
        )
        if started.exists():
            raise RoadmapRefused("Проект по этому приказу на этот учебный год уже есть: продолжите работу в нём.")
        from_year = roadmap.academic_year
        copy = Roadmap.objects.create(
            region=roadmap.region,
            academic_year=academic_year,
            order_number=order_number,
            order_date=order_date,
            title=shift_years(roadmap.title, from_year, academic_year),
            edition=next_edition(roadmap.region, academic_year, order_number),
            carried_from=roadmap,
            is_demonstration=roadmap.is_demonstration,
            created_by=by,
            created_at=now,
        )
        for section in roadmap.sections.prefetch_related(
            "items__occurrences__requirement__level_dues", "items__bodies"
        ):
            new_section = Section.objects.create(
                roadmap=copy,
                number=section.number,
                title=shift_years(section.title, from_year, academic_year),
                position=section.position,
            )
            for item in section.items.all():
                _carry_item(item, new_section, from_year, academic_year)
    log.info("roadmap carried over", roadmap=copy.pk, source=roadmap.pk, by=by.pk if by else None)
    return copy


def shift_years(text: str, from_year: int, to_year: int) -> str:
    """Move the years of an academic year named in a text: «в 2023/2024 уч. году» by 3 is «в 2026/2027 уч. году».

    Only the two calendar years of the academic year move: «приказ от 31.05.2021» and «2000 школьников»
    stay what they are.
    """
    years = re.compile(rf"(?<!\d)(?:{from_year}|{from_year + 1})(?:[/\-–—]\d\d(?!\d))?(?!\d)")
    return years.sub(lambda found: move_text_to_year(found.group(), from_year, to_year), text)


def occurrences_of(item: Item, carried: Iterable[Carried]) -> list[Occurrence]:
    """Make the dates of an item carried to another year, each knowing where it comes from."""
    return [
        Occurrence(
            item=item,
            start_on=one.after.start,
            due_on=one.after.due,
            moved_from=one.before.due if one.before else None,
            moved_why=one.why.value,
        )
        for one in carried
    ]


def same_occurrences(item: Item, before: Iterable[Occurrence]) -> list[Occurrence]:
    """Make the dates of an item of the same year's next edition: those it had, with the dates of levels in force."""
    anew = []
    for one in before:
        same = Occurrence(item=item, start_on=one.start_on, due_on=one.due_on)
        in_force = {level.level: level.due_on for level in one.requirement.level_dues.all()} if one.requirement else {}
        in_force = {level: due for level, due in in_force.items() if due <= one.due_on}
        if in_force or one.levels_decided:
            same.decide_levels(in_force or one.levels)
        anew.append(same)
    return anew


def _carry_item(item: Item, section: Section, from_year: int, to_year: int) -> None:
    """Copy one item into a section of another year's edition."""
    schedule, carried = item.schedule, tuple[Carried, ...]()
    if from_year != to_year:
        schedule, carried = carry_to_year(schedule, from_year, to_year, is_working_day)
    copy = Item.objects.create(
        section=section,
        number=item.number,
        position=item.position,
        title=shift_years(item.title, from_year, to_year),
        deadline_text=schedule.text,
        schedule_kind=schedule.kind.value,
        schedule_note=schedule.note[:LONGEST_NOTE],
        expected_result=shift_years(item.expected_result, from_year, to_year),
        form=item.form,
    )
    Occurrence.objects.bulk_create(
        occurrences_of(copy, carried) if from_year != to_year else same_occurrences(copy, item.occurrences.all())
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
