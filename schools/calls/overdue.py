"""What organizations are overdue on: grouped in the database, told in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery

from accounts.academic_years import AcademicYear
from accounts.models import Membership, Organization, Region, User
from accounts.roles import Role
from accounts.russian import by_name
from accounts.working_days import add_working_days
from obligations.chasing.content import CHASED_PAST_YEARS
from obligations.models import CallNote, Obligation
from obligations.querysets import ObligationQuerySet, order_names
from schools.models import SchoolProfile

# Who was called within so many working days is not called again by the next one.
CALLED_DAYS = 3
# So many debts of one organization stand open in the list, the others are folded.
SHOWN_DEBTS = 3


@dataclass(frozen=True)
class Contact:
    """Whom one calls: a name, a telephone as people write it, a post."""

    name: str
    phone: str
    post: str = ""

    @property
    def dial(self) -> str:
        """The telephone as a machine dials it: «+74752000000»; nothing where there are too few digits."""
        digits = "".join(sign for sign in self.phone.split("доб")[0] if sign.isdigit())
        if len(digits) == 11 and digits[0] in "78":
            return f"+7{digits[1:]}"
        return digits if len(digits) >= 5 else ""


@dataclass(frozen=True)
class Debt:
    """One obligation that is overdue."""

    pk: int
    number: str
    title: str
    due_on: date
    basis: str
    days: int
    """Calendar days since the due date."""
    order: str = ""
    """What it is asked by, where several orders are in force that year."""

    @property
    def label(self) -> str:
        """Its number, with the order where there are several: «3.2 (приказ № 2381 от 25.08.2023)»."""
        return f"{self.number} ({self.order})" if self.order else self.number


@dataclass(frozen=True)
class Debtor:
    """An organization with all that it is overdue on, the oldest first."""

    organization: Organization
    debts: Sequence[Debt]
    contacts: Sequence[Contact]
    last_call: CallNote | None = None

    @property
    def shown(self) -> Sequence[Debt]:
        """The oldest debts, which the list of calls shows at once."""
        return self.debts[:SHOWN_DEBTS]

    @property
    def folded(self) -> Sequence[Debt]:
        """The rest, which it folds away."""
        return self.debts[SHOWN_DEBTS:]

    @property
    def longest(self) -> int:
        """For how many days the oldest debt has been overdue."""
        return max((debt.days for debt in self.debts), default=0)


@dataclass(frozen=True)
class CallFilters:
    """What part of the list is wanted; as it stands in the address."""

    parent: int | None = None
    longer_than: int = 0
    number: str = ""
    not_called: bool = False


def overdue_of(user: User, region: Region, today: date) -> ObligationQuerySet:
    """Overdue obligations that the user may call about: the chased years, not their own organizations'."""
    return (
        Obligation.objects.visible_to(user)
        .overdue(today)
        .filter(
            organization__region=region,
            organization__is_active=True,
            requirement__academic_year__gte=_first_year(today),
        )
        .exclude(organization__in=user.acting_organization_ids)
    )


def debtors(
    overdue: ObligationQuerySet, *, region: Region, today: date, filters: CallFilters
) -> QuerySet[Organization]:
    """Return the organizations with ``overdue_count`` and ``oldest_due``, those overdue longest first."""
    wanted = overdue.filter(due_on__lt=today - timedelta(days=filters.longer_than))
    if filters.number:
        wanted = wanted.filter(requirement__number=filters.number)
    # Joined and grouped once; asked for each of ten thousand organizations by itself it takes ten times as long.
    found = Organization.objects.filter(obligations__in=wanted.order_by())
    if filters.parent:
        found = found.filter(parent=filters.parent)
    if filters.not_called:
        called = CallNote.objects.filter(organization=OuterRef("pk"), at__gte=_called_since(region, today))
        found = found.filter(~Exists(called))
    return (
        found.annotate(overdue_count=Count("obligations"), oldest_due=Min("obligations__due_on"))
        .select_related("parent", "region")
        .order_by("oldest_due", "-overdue_count", "short_name", "pk")
    )


def describe(
    organizations: Sequence[Organization], overdue: ObligationQuerySet, *, today: date, filters: CallFilters
) -> list[Debtor]:
    """Tell of each organization what it owes, whom to call and who called last: five queries for all of them."""
    ids = [organization.pk for organization in organizations]
    orders = order_names(region=organizations[0].region, since=_first_year(today)) if organizations else {}
    debts = _debts(overdue.filter(organization__in=ids), today, filters, orders)
    contacts = _contacts(ids)
    calls = _last_calls(ids)
    return [
        Debtor(one, debts.get(one.pk, ()), _known(one, contacts.get(one.pk, ())), calls.get(one.pk))
        for one in organizations
    ]


def municipalities_with_debts(overdue: ObligationQuerySet) -> QuerySet[Organization]:
    """Return the municipal authorities whose schools are overdue, with ``overdue_count`` and ``school_count``."""
    below = overdue.filter(organization__parent=OuterRef("pk")).order_by().values("organization__parent")
    return (
        Organization.objects.municipalities()
        .filter(pk__in=overdue.order_by().values("organization__parent"))
        .annotate(
            overdue_count=Subquery(below.annotate(found=Count("pk")).values("found")),
            school_count=Subquery(below.annotate(found=Count("organization", distinct=True)).values("found")),
        )
        .select_related("region")
        .order_by("short_name", "pk")
    )


def _first_year(today: date) -> int:
    """The earliest academic year whose debts are still called about, by its first calendar year."""
    return AcademicYear.of(today).start_year - CHASED_PAST_YEARS


def parents_of(overdue: ObligationQuerySet) -> list[tuple[int, str]]:
    """Whom those who are overdue answer to, for the filter."""
    rows = overdue.filter(organization__parent__isnull=False).order_by()
    pairs = rows.values_list("organization__parent", "organization__parent__short_name").distinct()
    return by_name((pk, name) for pk, name in pairs if pk is not None)


def _debts(
    overdue: ObligationQuerySet, today: date, filters: CallFilters, orders: Mapping[int, str]
) -> dict[int, list[Debt]]:
    """Read what is owed, by organization; ``orders`` names orders by requirement where there are several."""
    wanted = overdue.filter(due_on__lt=today - timedelta(days=filters.longer_than))
    if filters.number:
        wanted = wanted.filter(requirement__number=filters.number)
    rows = wanted.order_by("due_on", "requirement__number_sort", "pk").select_related("requirement")
    found: dict[int, list[Debt]] = defaultdict(list)
    for one in rows.only("organization", "due_on", *(f"requirement__{name}" for name in ("number", "title", "basis"))):
        asked, order = one.requirement, orders.get(one.requirement_id, "")
        days = (today - one.due_on).days
        found[one.organization_id].append(Debt(one.pk, asked.number, asked.title, one.due_on, asked.basis, days, order))
    return found


def _contacts(ids: Collection[int]) -> dict[int, list[Contact]]:
    """Read whom to call: the school's responsible person first, then those who act for the organization."""
    found: dict[int, list[Contact]] = defaultdict(list)
    for profile in SchoolProfile.objects.filter(organization__in=ids):
        if profile.contact_name or profile.contact_phone:
            found[profile.organization_id].append(
                Contact(profile.contact_name, profile.contact_phone, profile.contact_post)
            )
    seats = Membership.objects.active().exclude(role=Role.ADMINISTRATOR).filter(organization__in=ids)
    for seat in seats.select_related("user").order_by("pk"):
        person = Contact(seat.user.get_full_name(), seat.user.phone, seat.post)
        if person.name and person.name not in {one.name for one in found[seat.organization_id]}:
            found[seat.organization_id].append(person)
    return found


def _known(organization: Organization, contacts: Sequence[Contact]) -> list[Contact]:
    """Put the organization's own telephone after the people's, unless it is one of theirs."""
    known = list(contacts)
    if organization.phone and organization.phone not in {one.phone for one in known}:
        known.append(Contact("", organization.phone, "общий телефон"))
    return known


def _last_calls(ids: Collection[int]) -> dict[int, CallNote]:
    """Read who called each organization last."""
    latest = CallNote.objects.filter(organization=OuterRef("organization")).order_by("-at", "-pk").values("pk")[:1]
    notes = CallNote.objects.filter(organization__in=ids, pk=Subquery(latest)).select_related(
        "by", "organization__region"
    )
    return {note.organization_id: note for note in notes}


def _called_since(region: Region, today: date) -> datetime:
    """The moment since which a call counts as recent."""
    return datetime.combine(add_working_days(today, -CALLED_DAYS), time(), ZoneInfo(region.time_zone))
