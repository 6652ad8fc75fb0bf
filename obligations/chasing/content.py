"""What a digest says, decided from what is owed on a given day. Pure: no query, no clock, no words of letters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from accounts.contacts import Contact
from accounts.models import OrganizationKind
from accounts.roles import ACTING, Role
from obligations.chasing.schedules import DEFAULT_SCHEDULE, ReminderSchedule, covered_daily
from obligations.states import State

# An academic year's debts are chased through the year after it; what is older is the archive.
CHASED_PAST_YEARS = 1


@dataclass(frozen=True)
class Seat:
    """One membership in force: where a person serves, and as what."""

    organization_id: int
    role: str


@dataclass(frozen=True)
class Owed:
    """An obligation with its owner, as a letter tells of it."""

    pk: int
    organization_id: int
    organization: str
    number: str
    title: str
    due_on: date
    state: str
    schedule: ReminderSchedule = DEFAULT_SCHEDULE
    order: str = ""
    """What it is asked by, where several orders are in force that year."""

    @property
    def sent_back(self) -> bool:
        """The reviewer has sent it back: a remark waits to be worked in."""
        return self.state in (State.RETURNED, State.REOPENED)


@dataclass(frozen=True)
class Debtor:
    """An organization with what it is overdue on, as its reviewer hears of it."""

    organization_id: int
    name: str
    kind: str
    phone: str
    email: str
    parent_id: int | None
    parent_name: str
    grandparent_id: int | None
    over_reviewer: int
    """Obligations overdue for longer than their schedule gives the owner alone."""
    over_ministry: int
    """Of these, overdue for so long that the ministry hears of a municipality's school."""
    oldest_due_on: date
    contact: str = ""
    """Who answers for the organization according to its registry."""


@dataclass(frozen=True)
class DueGroup:
    """What is due in so many days."""

    days: int
    owed: tuple[Owed, ...]


@dataclass(frozen=True)
class MunicipalityDebts:
    """A municipality and those of its schools whose overdue obligations have come up to the ministry."""

    name: str
    debtors: tuple[Debtor, ...]

    @property
    def count(self) -> int:
        """Overdue obligations of the municipality's schools."""
        return sum(debtor.over_ministry for debtor in self.debtors)


@dataclass(frozen=True)
class Content:
    """Everything that one person is told on one day; burning things first."""

    overdue: tuple[Owed, ...] = ()
    due: tuple[DueGroup, ...] = ()
    sent_back: tuple[Owed, ...] = ()
    """Waiting for rework, neither overdue nor reminded of today: those stand above."""
    debtors: tuple[Debtor, ...] = ()
    """Organizations a coordinator reviews."""
    municipalities: tuple[MunicipalityDebts, ...] = ()
    regional_schools: tuple[Debtor, ...] = ()
    municipal_authorities: tuple[Debtor, ...] = ()
    institutions: tuple[Debtor, ...] = ()
    ladder: ReminderSchedule = field(default=DEFAULT_SCHEDULE, compare=False)
    """The region's general order, by which the letter says how long is too long."""
    has_own_ladders: bool = field(default=False, compare=False)
    """Some requirements have an order of their own."""
    is_duty: bool = field(default=False, compare=False)
    """Something is overdue, or its last day to be told of is today: nobody can silence that."""
    several_own: bool = field(default=False, compare=False)
    several_reviewed: bool = field(default=False, compare=False)

    @property
    def due_count(self) -> int:
        """Obligations due on one of the reminder days."""
        return sum(len(group.owed) for group in self.due)

    @property
    def reviewed_count(self) -> int:
        """Overdue obligations of others that the person is told of."""
        direct = (*self.debtors, *self.regional_schools, *self.municipal_authorities, *self.institutions)
        return sum(debtor.over_reviewer for debtor in direct) + sum(group.count for group in self.municipalities)

    @property
    def has_own(self) -> bool:
        """Something is told of the person's own organizations."""
        return bool(self.overdue or self.due or self.sent_back)

    def __bool__(self) -> bool:
        return bool(self.has_own or self.reviewed_count)


def digest_content(
    *,
    seats: Sequence[Seat],
    owed: Iterable[Owed],
    debtors: Iterable[Debtor],
    today: date,
    covered: Collection[date] | None = None,
    ladder: ReminderSchedule = DEFAULT_SCHEDULE,
    has_own_ladders: bool = False,
) -> Content:
    """Decide what a person with these seats is told on the day.

    ``owed`` holds what the organizations of the seats have still to hand in, ``debtors`` the
    organizations below them; what concerns nobody here is left out. ``covered`` are the days whose
    reminders today's letter tells, by default those of a daily one. An empty Content is false: then
    there is nothing to say and no letter.
    """
    covered = covered_daily(today) if covered is None else covered
    acting = {seat.organization_id for seat in seats if seat.role in ACTING}
    coordinated = {seat.organization_id for seat in seats if seat.role == Role.COORDINATOR}
    governed = {seat.organization_id for seat in seats if seat.role == Role.MINISTRY}
    own = sorted((one for one in owed if one.organization_id in acting), key=lambda one: one.due_on)
    reminded = [one for one in own if one.due_on >= today and one.schedule.reminds_on(one.due_on, covered)]
    told = {one.pk for one in reminded}
    overdue = tuple(one for one in own if one.due_on < today)
    late = [debtor for debtor in debtors if debtor.over_reviewer]
    direct = by_count(debtor for debtor in late if debtor.parent_id in governed)
    last_call = set(covered_daily(today))
    return Content(
        overdue=overdue,
        due=_by_distance(reminded, today),
        sent_back=tuple(one for one in own if one.sent_back and one.due_on >= today and one.pk not in told),
        debtors=by_count(debtor for debtor in late if debtor.parent_id in coordinated),
        municipalities=_by_municipality(debtor for debtor in late if debtor.grandparent_id in governed),
        regional_schools=tuple(one for one in direct if one.kind == OrganizationKind.SCHOOL),
        municipal_authorities=tuple(one for one in direct if one.kind == OrganizationKind.MUNICIPALITY),
        institutions=tuple(
            one for one in direct if one.kind not in (OrganizationKind.SCHOOL, OrganizationKind.MUNICIPALITY)
        ),
        ladder=ladder,
        has_own_ladders=has_own_ladders,
        is_duty=bool(overdue) or any(one.due_on in last_call for one in reminded),
        several_own=len(acting) > 1,
        several_reviewed=len(coordinated) > 1,
    )


def named_with_contact(content: Content, most: int) -> tuple[Debtor, ...]:
    """Whom a letter of this content tells to call: the first of each part, at most so many."""
    return tuple(chain.from_iterable(part[:most] for part in _called(content)))


def with_contacts(content: Content, known: Mapping[int, Contact]) -> Content:
    """The same with who answers for each debtor, by id, before its general telephone and address."""
    if not known:
        return content
    debtors, schools, authorities, institutions = (
        tuple(_with_contact(one, known) for one in part) for part in _called(content)
    )
    return replace(
        content,
        debtors=debtors,
        regional_schools=schools,
        municipal_authorities=authorities,
        institutions=institutions,
    )


def _called(content: Content) -> tuple[tuple[Debtor, ...], ...]:
    """The parts whose debtors are named with whom to call."""
    return content.debtors, content.regional_schools, content.municipal_authorities, content.institutions


def _with_contact(debtor: Debtor, known: Mapping[int, Contact]) -> Debtor:
    contact = known.get(debtor.organization_id)
    if contact is None:
        return debtor
    return replace(
        debtor,
        phone=contact.phone or debtor.phone,
        email=contact.email or debtor.email,
        contact=contact.full_name,
    )


def by_count(debtors: Iterable[Debtor]) -> tuple[Debtor, ...]:
    """Put those first who owe most, then those who have owed longest."""
    return tuple(sorted(debtors, key=lambda one: (-one.over_reviewer, one.oldest_due_on, one.name)))


def _by_distance(reminded: Iterable[Owed], today: date) -> tuple[DueGroup, ...]:
    """Group what is due by the days left, the fewest first."""
    groups: dict[int, list[Owed]] = defaultdict(list)
    for one in reminded:
        groups[(one.due_on - today).days].append(one)
    return tuple(DueGroup(days, tuple(group)) for days, group in sorted(groups.items()))


def _by_municipality(debtors: Iterable[Debtor]) -> tuple[MunicipalityDebts, ...]:
    """Group schools by their municipality, those first whose schools owe most."""
    groups: dict[tuple[int | None, str], list[Debtor]] = defaultdict(list)
    for debtor in debtors:
        if debtor.over_ministry:
            groups[debtor.parent_id, debtor.parent_name].append(debtor)
    municipalities = [
        MunicipalityDebts(name, tuple(sorted(group, key=lambda one: (-one.over_ministry, one.name))))
        for (_, name), group in groups.items()
    ]
    return tuple(sorted(municipalities, key=lambda one: (-one.count, one.name)))
