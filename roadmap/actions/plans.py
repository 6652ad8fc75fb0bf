"""What a document was understood to say, before anything of it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import Organization, Region
from obligations.models import RequirementForm
from roadmap.actions.bodies import ReadBody, body_directory, read_bodies
from roadmap.actions.cautions import doubly_named, early_items, early_notices, outside_year, swapped_bodies
from roadmap.deadlines import Schedule, ScheduleKind, explain, parse
from roadmap.imports.bodies import BodyName
from roadmap.imports.closing import suggest_form
from roadmap.imports.drafts import ItemDraft, RoadmapDraft, place_label

# What the table holds; a longer cell means that the columns of the document have slipped.
LONGEST_DEADLINE = 300
MOST_ITEMS = 500


@dataclass(frozen=True)
class ItemPlan:
    """One row of the document as it was understood: what saving would write."""

    number: str
    title: str
    deadline_text: str
    schedule: Schedule
    bodies: Sequence[ReadBody]
    expected_result: str
    doubts: Sequence[dict[str, str]]
    line: int
    #: What is worth knowing and casts no doubt on the reading, like ``doubts``.
    notices: Sequence[dict[str, str]] = ()
    #: What closes it, guessed from the title.
    form: RequirementForm = RequirementForm.EVIDENCE

    @property
    def reading(self) -> str:
        """The deadline as the portal understands it."""
        return explain(self.schedule)

    @property
    def is_dated(self) -> bool:
        """The words name at least one date."""
        return bool(self.schedule.occurrences)

    @property
    def is_doubtful(self) -> bool:
        """A person should look at the row."""
        return (
            bool(self.doubts)
            or self.schedule.kind == ScheduleKind.UNRESOLVED
            or any(not body.is_resolved for body in self.bodies)
        )


@dataclass(frozen=True)
class SectionPlan:
    """One section of the document."""

    number: str
    title: str
    items: Sequence[ItemPlan]


@dataclass(frozen=True)
class EditionPlan:
    """The whole document as it was understood; the preview shows it, ``create_draft`` writes it.

    ``refusals`` say why it cannot be saved; there are none when it can.
    """

    title: str
    academic_year: int
    sections: Sequence[SectionPlan]
    problems: Sequence[str]
    refusals: Sequence[str]

    @property
    def items(self) -> list[ItemPlan]:
        """The items of all sections in order."""
        return [item for section in self.sections for item in section.items]

    @property
    def doubtful(self) -> int:
        """How many rows a person should look at."""
        return sum(item.is_doubtful for item in self.items)

    @property
    def undated(self) -> int:
        """How many items name no date."""
        return sum(not item.is_dated for item in self.items)


def plan_edition(
    *,
    region: Region,
    draft: RoadmapDraft,
    academic_year: int,
    owner: Organization | None = None,
    order_date: date | None = None,
) -> EditionPlan:
    """Resolve the dates and the bodies of a document that was read. Reads the database, writes nothing.

    With the date of the order, what falls due before it is pointed out.
    """
    problems = [str(problem) for problem in draft.problems]
    if refusal := _refusal_by_size(len(draft.items)):
        return EditionPlan(draft.title, academic_year, [], problems, [refusal])
    directory = body_directory(region, owner)
    sections = [
        SectionPlan(
            section.number,
            section.title,
            [_plan_item(item, academic_year, directory, order_date) for item in section.items],
        )
        for section in draft.sections
    ]
    items = [item for section in sections for item in section.items]
    known = [any(body.is_resolved for body in item.bodies) for item in items]
    problems += swapped_bodies(draft.items, known, directory)
    problems += early_items([item.number for item in items if item.notices], order_date)
    refusals = [
        f"{place_label(item.line, item.place)}, мероприятие {item.number}: срок длиннее {LONGEST_DEADLINE} знаков —"
        " похоже, ячейки сдвинулись."
        for item in draft.items
        if len(item.deadline) > LONGEST_DEADLINE
    ]
    return EditionPlan(draft.title, academic_year, sections, problems, refusals)


def _plan_item(item: ItemDraft, academic_year: int, directory: list[BodyName], order_date: date | None) -> ItemPlan:
    """Resolve one row."""
    schedule, bodies = parse(item.deadline, academic_year), read_bodies(item.bodies_text, directory)
    doubts = [{"field": doubt.field, "message": doubt.message} for doubt in item.doubts]
    doubts += [{"field": "bodies_text", "message": message} for message in doubly_named(bodies)]
    dues = [one.due for one in schedule.occurrences]
    doubts += [{"field": "deadline", "message": message} for message in outside_year(dues, academic_year)]
    return ItemPlan(
        number=item.number,
        title=item.title,
        deadline_text=item.deadline,
        schedule=schedule,
        bodies=bodies,
        expected_result=item.expected_result,
        doubts=doubts,
        line=item.line,
        notices=early_notices(dues, order_date),
        form=suggest_form(item.title),
    )


def _refusal_by_size(items: int) -> str:
    """Say why so many items are no roadmap; '' when they may be one."""
    if not items:
        return "В тексте нет ни одного мероприятия дорожной карты: сохранять нечего."
    if items > MOST_ITEMS:
        return f"В тексте {items} мероприятий: больше {MOST_ITEMS} в одной дорожной карте не бывает."
    return ""
