"""One shape for the rows of two tables: what was just read from a document, and what stands in a draft."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from obligations.models import RequirementForm
from roadmap import rules
from roadmap.actions import EditionPlan, ItemPlan, ReadBody, early_notices
from roadmap.deadlines import ScheduleKind
from roadmap.models import Item, ItemBody, Section

UNREAD_DEADLINE = {"field": "deadline", "message": "Срок не распознан: поправьте слова или укажите даты."}
NO_BODIES = {"field": "bodies_text", "message": "Ответственный не указан: поручать некому."}


@dataclass(frozen=True)
class ItemRow:
    """One item as the table shows it."""

    number: str
    title: str
    deadline_text: str
    reading: str
    is_dated: bool
    bodies: Sequence[ReadBody | ItemBody]
    expected_result: str
    doubts: Sequence[dict[str, str]]
    is_doubtful: bool
    can_settle: bool = False
    item: Item | None = None
    #: Worth knowing, and no cause for doubt: like ``doubts``.
    notices: Sequence[dict[str, str]] = ()
    #: What closes it, where that is not evidence.
    closed_by: str = ""


@dataclass(frozen=True)
class SectionRows:
    """One section of the table."""

    number: str
    title: str
    rows: Sequence[ItemRow]
    section: Section | None = field(default=None)

    @property
    def doubtful(self) -> list[ItemRow]:
        """The rows that a person should look at."""
        return [row for row in self.rows if row.is_doubtful]

    @property
    def sure(self) -> list[ItemRow]:
        """The others."""
        return [row for row in self.rows if not row.is_doubtful]


def rows_of_plan(plan: EditionPlan) -> list[SectionRows]:
    """Lay out a document that was read."""
    return [
        SectionRows(section.number, section.title, [_planned(item) for item in section.items])
        for section in plan.sections
    ]


def rows_of_draft(sections: Sequence[Section]) -> list[SectionRows]:
    """Lay out a draft; ``sections`` come with their items, dates and bodies prefetched."""
    return [
        SectionRows(
            section.number,
            section.title,
            [_saved(item, section.roadmap.order_date) for item in section.items.all()],
            section,
        )
        for section in sections
    ]


def _planned(item: ItemPlan) -> ItemRow:
    return ItemRow(
        number=item.number,
        title=item.title,
        deadline_text=item.deadline_text,
        reading=item.reading,
        is_dated=item.is_dated,
        bodies=item.bodies,
        expected_result=item.expected_result,
        doubts=_doubts(item.doubts, item.schedule.kind, bool(item.bodies), is_dated=item.is_dated),
        is_doubtful=item.is_doubtful,
        notices=item.notices,
        closed_by=_closed_by(item.form),
    )


def _saved(item: Item, order_date: date) -> ItemRow:
    bodies = list(item.bodies.all())
    return ItemRow(
        number=item.number,
        title=item.title,
        deadline_text=item.deadline_text,
        reading=item.reading,
        is_dated=item.is_dated,
        bodies=bodies,
        expected_result=item.expected_result,
        doubts=_doubts(item.doubts, item.schedule_kind, bool(bodies), is_dated=item.is_dated),
        is_doubtful=rules.is_doubtful(item),
        can_settle=rules.can_settle(item),
        notices=early_notices([row.due_on for row in item.occurrences.all()], order_date),
        item=item,
        closed_by=_closed_by(item.form),
    )


def _closed_by(form: str) -> str:
    """Name the form that closes an item; nothing where it is evidence, as everywhere."""
    return "" if form == RequirementForm.EVIDENCE else RequirementForm(form).label


def _doubts(named: Sequence[dict[str, str]], kind: str, has_bodies: bool, *, is_dated: bool) -> list[dict[str, str]]:
    """Add what follows from the reading to what the reader doubted, one for each field."""
    doubts = list(named)
    fields = {doubt["field"] for doubt in doubts}
    if kind == ScheduleKind.UNRESOLVED and not is_dated and "deadline" not in fields:
        doubts.append(UNREAD_DEADLINE)
    if not has_bodies and "bodies_text" not in fields:
        doubts.append(NO_BODIES)
    return doubts
