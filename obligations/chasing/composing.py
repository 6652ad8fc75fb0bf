"""Writes the day's digests of a region: a fixed number of queries for each chunk of people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, islice

import structlog
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q

from accounts import contacts
from accounts.academic_years import AcademicYear
from accounts.models import Membership, Region, User
from accounts.querysets import MembershipQuerySet
from accounts.roles import ACTING
from obligations import notices
from obligations.chasing import wording
from obligations.chasing.content import (
    CHASED_PAST_YEARS,
    Content,
    Debtor,
    Owed,
    Seat,
    digest_content,
    named_with_contact,
    with_contacts,
)
from obligations.chasing.rules import Schedules, read_schedules
from obligations.chasing.schedules import covered_daily, covered_weekly, is_weekly_day
from obligations.models import Digest, MailFrequency, Obligation
from obligations.querysets import ObligationQuerySet, order_names
from obligations.states import State

log = structlog.get_logger(__name__)

# People whose obligations are in memory at once: a region of 40,000 schools is read in a dozen strides.
CHUNK = 4000
# Letters written at once, each of them some pages of text.
LETTERS = 200


@dataclass
class Recipient:
    """A person in force with everything they serve in the region, and how they want to hear of it."""

    person: wording.Person
    by_mail: bool = True
    is_weekly: bool = False
    seats: list[Seat] = field(default_factory=list)

    def covered(self, today: date) -> tuple[date, ...]:
        """The days whose reminders the person is told today."""
        return covered_weekly(today) if self.is_weekly and is_weekly_day(today) else covered_daily(today)

    def wants(self, content: Content, today: date) -> bool:
        """Tell whether the person is to be told today: of a duty always, of the rest when they asked for it."""
        return content.is_duty or (bool(content) and (not self.is_weekly or is_weekly_day(today)))


@dataclass(frozen=True)
class Told:
    """What one person is told on one day, and whether a letter carries it or the portal alone."""

    person: wording.Person
    content: Content
    by_mail: bool


def compose_digests(*, region: Region, today: date, at: datetime) -> int:
    """Write a row for everybody in the region who has to be told something and has no row for the day yet.

    All rows of a run appear together or not at all, so that a day with any row is a day that was
    composed. Returns how many people were told anything by this run.
    """
    composed = 0
    with transaction.atomic():
        # An approval holds the same lock: half of the letters from before it, half from after it would
        # be a lie. Rows of the region may still be added beside it.
        Region.objects.select_for_update(no_key=True).get(pk=region.pk)
        told = chain.from_iterable(who_is_told_what(region=region, today=today))
        while some := list(islice(told, LETTERS)):
            digests = [_digest(one, region, today, at) for one in _with_contacts(some)]
            # A run at the same moment may have written some of them: its rows are as good.
            Digest.objects.bulk_create(digests, ignore_conflicts=True)
            composed += len(digests)
        notices.tell_digests(region=region, day=today, at=at)
    log.info("digests composed", region=region.code, day=today.isoformat(), composed=composed)
    return composed


def who_is_told_what(*, region: Region, today: date) -> Iterator[list[Told]]:
    """Select, in chunks of people, what each is told on the day who has no digest for it yet. Reads only."""
    schedules = read_schedules(region)
    debtors = _by_superior(_debtors(region, today, schedules))
    # Once for some hundred requirements, not for each of a million obligations.
    orders = order_names(region=region, since=_first_year(today))
    for recipients in _recipients(region, today):
        owed = _owed_by_organization(region, recipients, today, schedules, orders)
        yield list(_contents(recipients, owed, debtors, today, schedules))


def is_composed(*, region: Region, today: date) -> bool:
    """Tell whether the day's digests of the region have been written."""
    return Digest.objects.filter(region=region, day=today).exists()


def seats_in_force(region: Region) -> MembershipQuerySet:
    """Memberships whose holders are written to: in force, in an open organization, with a duty of their own."""
    return Membership.objects.active().filter(
        organization__region=region, organization__is_active=True, role__in=[role.value for role in ACTING]
    )


def _contents(
    recipients: Collection[Recipient],
    owed: dict[int, list[Owed]],
    debtors: dict[int, list[Debtor]],
    today: date,
    schedules: Schedules,
) -> Iterator[Told]:
    """Decide what to say to each; who has nothing to be told, or not today, is left out."""
    for recipient in recipients:
        organizations = dict.fromkeys(seat.organization_id for seat in recipient.seats)
        # One debtor may stand below two of the person's organizations, and is told of once.
        below = {one.organization_id: one for organization in organizations for one in debtors.get(organization, ())}
        content = digest_content(
            seats=recipient.seats,
            owed=[one for organization in organizations for one in owed.get(organization, ())],
            debtors=below.values(),
            today=today,
            covered=recipient.covered(today),
            ladder=schedules.general,
            has_own_ladders=bool(schedules.own),
        )
        if recipient.wants(content, today):
            yield Told(recipient.person, content, by_mail=recipient.by_mail or content.is_duty)


def _by_superior(debtors: Iterable[Debtor]) -> dict[int, list[Debtor]]:
    """Sort debtors by who hears of them, so that nobody's content is looked for among the whole region's."""
    superiors: dict[int, list[Debtor]] = defaultdict(list)
    for debtor in debtors:
        for superior in (debtor.parent_id, debtor.grandparent_id):
            if superior is not None:
                superiors[superior].append(debtor)
    return superiors


def _with_contacts(letters: Sequence[Told]) -> list[Told]:
    """Look up whom to call, of those alone whom these letters name; it is no part of deciding who is told what."""
    named = chain.from_iterable(named_with_contact(one.content, wording.MAX_LINES) for one in letters)
    known = contacts.known_to_registries(sorted({debtor.organization_id for debtor in named}))
    return [replace(one, content=with_contacts(one.content, known)) for one in letters]


def _digest(told: Told, region: Region, today: date, at: datetime) -> Digest:
    """Make the row of one letter."""
    letter = wording.letter(content=told.content, person=told.person, region=region, today=today)
    return Digest(
        user_id=told.person.pk,
        region=region,
        day=today,
        subject=letter.subject,
        body=letter.text,
        html=letter.html,
        by_mail=told.by_mail,
        created_at=at,
    )


def _recipients(region: Region, today: date) -> Iterator[list[Recipient]]:
    """Yield people in force who have no digest for the day, in chunks, each with all their seats."""
    in_force = seats_in_force(region).filter(user=OuterRef("pk"))
    told = Digest.objects.filter(user=OuterRef("pk"), region=region, day=today)
    people = User.objects.filter(Exists(in_force), ~Exists(told)).order_by("pk")
    last = 0
    while chunk := list(
        people.filter(pk__gt=last).values_list(
            "pk", "first_name", "patronymic", "mail_preference__by_mail", "mail_preference__frequency"
        )[:CHUNK]
    ):
        recipients = {
            pk: Recipient(
                wording.Person(pk, first, patronymic),
                by_mail=by_mail is not False,  # none where the person has chosen nothing
                is_weekly=frequency == MailFrequency.WEEKLY,
            )
            for pk, first, patronymic, by_mail, frequency in chunk
        }
        first, last = chunk[0][0], chunk[-1][0]
        of_chunk = _seats_between(region, first, last).order_by("pk")
        for user_id, organization_id, role in of_chunk.values_list("user_id", "organization_id", "role"):
            # Between them stands, at times, who has been told already.
            if user_id in recipients:
                recipients[user_id].seats.append(Seat(organization_id, role))
        yield list(recipients.values())
        if len(chunk) < CHUNK:
            return


def _seats_between(region: Region, first: int, last: int) -> MembershipQuerySet:
    """Seats of the people with these ids and all between: two numbers say what thousands would."""
    return seats_in_force(region).filter(user__gte=first, user__lte=last)


def _chased(region: Region, today: date) -> ObligationQuerySet:
    """Obligations of the region on which the owner has the next move, archives of past years left out."""
    return Obligation.objects.with_owner().filter(
        organization__region=region,
        organization__is_active=True,
        requirement__academic_year__gte=_first_year(today),
    )


def _first_year(today: date) -> int:
    """The first academic year whose debts are still chased."""
    return AcademicYear.of(today).start_year - CHASED_PAST_YEARS


def _owed_by_organization(
    region: Region, recipients: Sequence[Recipient], today: date, schedules: Schedules, orders: Mapping[int, str]
) -> dict[int, list[Owed]]:
    """Read what the recipients' organizations are told of, in one query, by organization."""
    seats = _seats_between(region, recipients[0].person.pk, recipients[-1].person.pk)
    covered = {day for recipient in recipients for day in recipient.covered(today)}
    rows = (
        _chased(region, today)
        .filter(
            Q(due_on__lt=today) | schedules.reminded(covered) | Q(state__in=[State.RETURNED, State.REOPENED]),
            organization__in=seats.values("organization"),
        )
        .order_by("due_on", "requirement__number_sort", "pk")
        .values_list(
            "pk",
            "organization_id",
            "organization__short_name",
            "requirement__number",
            "requirement__title",
            "due_on",
            "state",
            "requirement_id",
        )
    )
    owed: dict[int, list[Owed]] = defaultdict(list)
    for pk, organization, name, number, title, due_on, state, requirement in rows.iterator():
        schedule, order = schedules.of(requirement), orders.get(requirement, "")
        owed[organization].append(Owed(pk, organization, name, number, title, due_on, state, schedule, order))
    return owed


def _debtors(region: Region, today: date, schedules: Schedules) -> list[Debtor]:
    """Count what reviewers and the ministry are told of: a row for each overdue organization."""
    for_ministry = schedules.over_ministry(today)
    rows = (
        _chased(region, today)
        .filter(schedules.over_coordinator(today), organization__parent__isnull=False)
        .order_by("organization__short_name", "organization_id")
        .values_list(
            "organization_id",
            "organization__short_name",
            "organization__kind",
            "organization__phone",
            "organization__email",
            "organization__parent_id",
            "organization__parent__short_name",
            "organization__parent__parent_id",
        )
        .annotate(over_reviewer=Count("pk"), over_ministry=Count("pk", filter=for_ministry), oldest=Min("due_on"))
    )
    return [Debtor(*row) for row in rows]
