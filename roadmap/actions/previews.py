"""What approving an edition will mean, counted before anything is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery

from obligations.fan_out import BodyReach, reach
from obligations.levels import Level, level_by_kind, on_level
from obligations.models import Obligation, Requirement, Tightening
from obligations.querysets import ObligationQuerySet
from obligations.states import TRANSITIONS, WITH_OWNER, Act
from obligations.tightening import Shift, shifts_under
from roadmap.actions.level_dates import proposed_dues
from roadmap.actions.reaching import Deadline, Reaching, shares_of
from roadmap.actions.succession import (
    BodyOf,
    Succession,
    asked_bodies,
    edition_items,
    fingerprint,
    orders_beside,
    reasons_against,
    requirements_above,
    succession_of,
    succession_over,
    tightened_dues,
)
from roadmap.models import Item, ItemBody, Roadmap


@dataclass(frozen=True)
class ItemReach:
    """What approving means for one item: how many obligations, of whom, on which dates."""

    item: Item
    bodies: Sequence[BodyReach]
    unresolved: Sequence[str]
    occurrences: int
    organizations: int
    fresh: Sequence[date] = ()
    """Those of its dates that do not go on from the edition in force."""
    deadlines: Sequence[Deadline] = ()

    @property
    def obligations(self) -> int:
        """One for each date and organization."""
        return self.occurrences * self.organizations


@dataclass(frozen=True)
class MovedDate:
    """A date of an item in force that moves with the new edition."""

    requirement: Requirement
    before: date
    after: date


@dataclass(frozen=True)
class ShiftedDate:
    """A due date under an item from above that becomes another with an own roadmap, and for how many obligations."""

    requirement: Requirement
    before: date
    after: date
    obligations: int


@dataclass(frozen=True)
class Affected:
    """What becomes of the obligations of the edition in force, and how many organizations it touches."""

    kept: int = 0
    moved: int = 0
    cancelled: int = 0
    handed_in: int = 0
    """Of the cancelled, those that wait for a decision."""
    organizations: int = 0
    """Whose obligations move or are cancelled."""
    owed_by: Mapping[date, int] = field(default_factory=dict)
    """Of the kept, those still to be carried out, by the due date they will have."""


@dataclass(frozen=True)
class Replacement:
    """What would become of another order in force for the year, if the draft took its place."""

    roadmap: Roadmap
    affected: Affected
    fresh: int
    """Obligations that would be new."""


@dataclass(frozen=True)
class ApprovalPreview:
    """What approving an edition will create, shown before anything is written."""

    roadmap: Roadmap
    items: Sequence[ItemReach]
    reaches: Sequence[BodyReach]
    supersedes: Roadmap | None
    beside: Sequence[Replacement]
    """Other orders in force for the year: each may be replaced, or stay in force beside this one."""
    affected: Affected
    moved: Sequence[MovedDate]
    dropped: Sequence[str]
    shifts: Sequence[Shift]
    """Of an own roadmap: every obligation that gets another date, from above or its own."""
    shifted: Sequence[ShiftedDate]
    inherited: int
    refusals: Sequence[str]
    fingerprint: str

    @property
    def obligations(self) -> int:
        """How many obligations the edition asks for."""
        return sum(row.obligations for row in self.items)

    @property
    def fresh(self) -> int:
        """How many obligations would be new."""
        return sum(row.organizations * len(row.fresh) for row in self.items)

    @property
    def kept(self) -> int:
        """How many obligations go on from the edition in force."""
        return self.affected.kept

    @property
    def tightened(self) -> int:
        """How many obligations under items from above get another date."""
        return sum(row.obligations for row in self.shifted)

    @property
    def moving(self) -> int:
        """How many obligations get another date."""
        return len(self.shifts) if self.roadmap.is_own else self.affected.moved

    @property
    def cancelled(self) -> int:
        """How many obligations of the edition in force are cancelled."""
        return self.affected.cancelled

    @property
    def undated(self) -> list[Item]:
        """Items without a date: they ask nothing until a person names one."""
        return [row.item for row in self.items if not row.occurrences]

    def overdue(self, today: date) -> int:
        """How many obligations would be overdue at once: new ones, and those going on that nobody has handed in."""
        deadlines = [deadline for row in self.items for deadline in row.deadlines]
        return sum(one.overdue(today) for one in deadlines if one.is_fresh) + self.overdue_kept(today)

    def overdue_kept(self, today: date) -> int:
        """How many of those that go on from the edition in force would be overdue by the dates they get."""
        return sum(number for due, number in self.affected.owed_by.items() if due < today)

    def late(self, today: date) -> int:
        """How many obligations an own roadmap makes overdue at once: new ones, and those it gives a date gone by."""
        fresh = sum(row.organizations * sum(due < today for due in row.fresh) for row in self.items)
        return fresh + sum(shift.makes_late(today) for shift in self.shifts)

    def newer(self) -> list[Roadmap]:
        """Orders in force that the draft would or could supersede although its own order is older."""
        others = [*([self.supersedes] if self.supersedes else []), *(one.roadmap for one in self.beside)]
        return [other for other in others if self.roadmap.order_date < other.order_date]

    def unaccepted(self, today: date) -> int:
        """For how many dates of a regional draft earlier ones of levels are proposed that nobody has decided on."""
        if self.roadmap.is_own:
            return 0
        undecided = [
            deadline
            for row in self.items
            for deadline in row.deadlines
            if not deadline.occurrence.levels_decided and not deadline.is_split
        ]
        return sum(
            bool(proposed_dues(one.occurrence, [Level(share.level) for share in one.shares if share.level], today, {}))
            for one in undecided
        )

    @property
    def split(self) -> list[ItemReach]:
        """Items that some level owes by a day of its own."""
        return [row for row in self.items if any(deadline.is_split for deadline in row.deadlines)]

    @property
    def empty(self) -> list[BodyReach]:
        """Bodies that stand for nobody now: the registry has none, or all are closed."""
        return [reach for reach in self.reaches if not reach.reached]

    @property
    def untold(self) -> list[BodyReach]:
        """Groups that a characteristic should narrow, while nobody has recorded it for the year."""
        return [reach for reach in self.reaches if reach.trait_unrecorded]

    @property
    def doubtful(self) -> list[Item]:
        """Items somebody should still look at for a reason that no other warning names."""
        named = {item.pk for item in self.undated} | {row.item.pk for row in self.unresolved}
        return [row.item for row in self.items if row.item.doubts and row.item.pk not in named]

    @property
    def unresolved(self) -> list[ItemReach]:
        """Items some of whose bodies nobody has mapped."""
        return [row for row in self.items if row.unresolved]


def preview_approval(*, roadmap: Roadmap) -> ApprovalPreview:
    """Count what approving would create. Reads only; as many queries as there are different sets of bodies."""
    items = edition_items(roadmap)
    succession = succession_of(roadmap, items)
    counting = _Counting(roadmap)
    rows = [
        counting.row(item, succession)
        for item in items
        if not item.is_inherited or asked_bodies(item) or not roadmap.is_own
    ]
    above = _shifts_from_above(roadmap, items)
    return ApprovalPreview(
        roadmap=roadmap,
        items=rows,
        reaches=list(counting.reaches.values()),
        supersedes=succession.superseded if succession else None,
        beside=[_replacement(items, rows, other) for other in orders_beside(roadmap)],
        affected=_affected(succession) if succession else Affected(),
        moved=_moved(succession) if succession else [],
        dropped=_names(succession.dropped) if succession else [],
        shifts=[*above, *(_own_shifts(succession) if succession and roadmap.is_own else [])],
        shifted=_shifted(above),
        inherited=sum(item.is_inherited for item in items),
        refusals=reasons_against(items, roadmap),
        fingerprint=fingerprint(roadmap),
    )


class _Counting:
    """Counts whom bodies reach, each set of bodies once."""

    def __init__(self, roadmap: Roadmap) -> None:
        self.roadmap = roadmap
        self.reaches: dict[BodyOf, BodyReach] = {}
        self._reaching = Reaching(roadmap)

    def row(self, item: Item, succession: Succession | None) -> ItemReach:
        """Count one item."""
        asked = asked_bodies(item)
        bodies = {
            (body.organization_id, body.group): body
            for body in item.bodies.all()
            if (body.organization_id, body.group) in asked
        }
        for key, body in bodies.items():
            if key not in self.reaches:
                self.reaches[key] = self._reach(body)
        by_level = self._reaching.of(item)
        occurrences = item.occurrences.all()
        kept = succession.kept if succession else {}
        return ItemReach(
            item=item,
            bodies=[self.reaches[key] for key in bodies],
            unresolved=[body.text for body in item.bodies.all() if not body.is_resolved],
            occurrences=len(occurrences),
            organizations=sum(by_level.values()),
            fresh=[one.due_on for one in occurrences if one.pk not in kept],
            deadlines=[
                Deadline(one, shares_of(one, by_level, kept.get(one.pk)), is_fresh=one.pk not in kept)
                for one in occurrences
            ],
        )

    def _reach(self, body: ItemBody) -> BodyReach:
        return reach(
            region_id=self.roadmap.region_id,
            academic_year=self.roadmap.academic_year,
            organization=body.organization,
            group=body.group,
            issuer_id=self.roadmap.owner_id,
        )


def _replacement(items: list[Item], rows: Sequence[ItemReach], other: Roadmap) -> Replacement:
    """Count what would become of another order in force."""
    succession = succession_over(other, items)
    fresh = sum(
        row.organizations * sum(one.pk not in succession.kept for one in row.item.occurrences.all()) for row in rows
    )
    return Replacement(other, _affected(succession), fresh)


def _affected(succession: Succession) -> Affected:
    """Count what becomes of the obligations of the edition in force."""
    owed = Obligation.objects.in_force()
    kept = owed.filter(requirement__in=[requirement.pk for requirement in succession.kept.values()])
    moved = owed.filter(Q(requirement__in=succession.moved) | _relevelled(succession))
    dropped = owed.filter(
        requirement__in=[requirement.pk for requirement in succession.dropped],
        state__in=TRANSITIONS[Act.LEAVE].sources,
    )
    touched = owed.filter(Q(pk__in=moved.values("pk")) | Q(pk__in=dropped.values("pk")))
    return Affected(
        kept=kept.count(),
        moved=moved.count(),
        cancelled=dropped.count(),
        handed_in=dropped.at_reviewer().count(),
        organizations=touched.order_by().values("organization").distinct().count(),
        owed_by=_owed_by(kept, succession),
    )


def _owed_by(kept: ObligationQuerySet, succession: Succession) -> Mapping[date, int]:
    """Count what is kept and not handed in by the date it will be due: by the rules of ``move_due``, in one query."""
    stricter = Tightening.objects.filter(
        Q(organization=OuterRef("organization")) | Q(organization=OuterRef("organization__parent")),
        requirement=OuterRef("requirement"),
    )
    rows = kept.with_owner().order_by().annotate(below=Subquery(stricter.order_by("due_on").values("due_on")[:1]))
    groups = rows.values_list(
        "requirement", "due_on", "extended_from", "below", "organization__kind", "organization__parent__kind"
    ).annotate(Count("pk"))
    owed: Counter[date] = Counter()
    for requirement, due_on, extended_from, below, kind, parent_kind, number in groups:
        due = due_on
        if requirement in succession.moved or requirement in succession.relevelled:
            of_level = succession.levels[requirement].get(level_by_kind(kind, parent_kind) or "")
            due = min(one for one in (succession.dues[requirement], below, of_level) if one)
            due = max(due, due_on) if extended_from else due
        owed[due] += number
    return owed


def _relevelled(succession: Succession) -> Q:
    """The condition under which an obligation stands on a level that gets another date."""
    condition = Q(pk__in=())
    for level in Level:
        ids = [pk for pk, levels in succession.relevelled.items() if level in levels]
        if ids:
            condition |= Q(requirement__in=ids) & on_level(level)
    return condition


def _moved(succession: Succession) -> list[MovedDate]:
    """Name the dates that move, in the order of the items."""
    by_id = {requirement.pk: requirement for requirement in succession.kept.values()}
    rows = [MovedDate(by_id[pk], before, after) for pk, (before, after) in succession.moved.items()]
    return sorted(rows, key=lambda row: (row.requirement.number_sort, row.before))


def _shifts_from_above(roadmap: Roadmap, items: list[Item]) -> list[Shift]:
    """What an own roadmap moves of what its organizations owe under the editions above."""
    if roadmap.owner is None:
        return []
    return shifts_under(issuer=roadmap.owner, dues=tightened_dues(items), among=requirements_above(items))


def _own_shifts(succession: Succession) -> list[Shift]:
    """What the next edition of an own roadmap moves of what it asks itself."""
    rows = Obligation.objects.in_force().filter(requirement__in=succession.moved)
    found = rows.values_list("requirement", "due_on", "state", "extended_from")
    shifts = [
        (Shift(pk, before, succession.moved[pk][1], state in WITH_OWNER), extended_from)
        for pk, before, state, extended_from in found
    ]
    return [
        shift
        for shift, extended_from in shifts
        if shift.before < shift.after or (shift.after < shift.before and shift.is_with_owner and not extended_from)
    ]


def _shifted(shifts: Sequence[Shift]) -> list[ShiftedDate]:
    """Put the obligations that move from one day to another together, in the order of the items."""
    if not shifts:
        return []
    counts = Counter((shift.requirement_id, shift.before, shift.after) for shift in shifts)
    requirements = Requirement.objects.in_bulk(sorted({pk for pk, _, _ in counts}))
    rows = [ShiftedDate(requirements[pk], before, after, number) for (pk, before, after), number in counts.items()]
    return sorted(rows, key=lambda row: (row.requirement.number_sort, row.before, row.after))


def _names(requirements: Sequence[Requirement]) -> list[str]:
    """Name each item once, in the order of their numbers: «3.2 Разработка приказа…»."""
    ordered = sorted(requirements, key=lambda requirement: requirement.number_sort)
    return list(dict.fromkeys(str(requirement) for requirement in ordered))
