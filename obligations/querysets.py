"""Scope and the questions asked of obligations; overdue and late are queries, never states."""

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import BooleanField, Case, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.utils.text import Truncator

from accounts.models import Organization, Region, User
from accounts.roles import Role
from accounts.russian import by_name
from obligations import closing
from obligations.states import AT_REVIEWER, QUIET, SOON_DAYS, WITH_OWNER, State, Urgency

if TYPE_CHECKING:
    from obligations.models import Evidence, Extension, Obligation, ReviewStep, TallyEntry


def _model(name: str) -> Any:
    """Return a model of this app, which is defined after its querysets."""
    return apps.get_model("obligations", name)


def _is_clean(time_zone: str) -> Q:
    """The condition behind ``clean``."""
    kept = _model("Evidence").objects.filter(obligation=OuterRef("pk"), removed_at=None)
    handed_in_on = TruncDate("first_submitted_at", tzinfo=ZoneInfo(time_zone))
    return (
        Q(state=State.SUBMITTED, submitted_at=F("first_submitted_at"))
        & closing.clean(Q(Exists(kept)) | ~Q(note=""))
        & Q(LessThanOrEqual(handed_in_on, F("due_on")))
    )


def order_named() -> Case:
    """What an obligation is asked by, where several orders of the region are in force that year; else ''.

    A requirement that nobody is asked any more belongs to an order out of force.
    """
    asked = _model("RequirementBody").objects.filter(requirement=OuterRef("pk"))
    of_year = _model("Requirement").objects.filter(
        Exists(asked),
        issuer=None,
        region=OuterRef("requirement__region"),
        academic_year=OuterRef("requirement__academic_year"),
    )
    others = of_year.exclude(basis=OuterRef("requirement__basis"))
    return Case(When(Exists(others), requirement__issuer=None, then=F("requirement__basis")), default=Value(""))


def order_names(*, region: Region, since: int) -> dict[int, str]:
    """The same by requirement, from an academic year on, for who reads obligations by the hundred thousand."""
    asked = _model("RequirementBody").objects.filter(requirement=OuterRef("pk"))
    requirements = _model("Requirement").objects.filter(issuer=None, region=region, academic_year__gte=since)
    rows = list(requirements.annotate(is_asked=Exists(asked)).values_list("pk", "academic_year", "basis", "is_asked"))
    in_force: dict[int, set[str]] = defaultdict(set)
    for _, year, basis, is_asked in rows:
        if is_asked:
            in_force[year].add(basis)
    return {pk: basis for pk, year, basis, _ in rows if in_force[year] - {basis}}


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations: one requirement owed by one organization."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Obligations of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def owed_by(self, user: User) -> Self:
        """Obligations of the organizations in whose name the user works now (see ``working_memberships``)."""
        return self.filter(organization__in=user.acting_organization_ids)

    def reviewed_by(self, user: User) -> Self:
        """Obligations that the user's organizations review.

        The reviewer is the parent in the tree; the ministry, having no parent, answers to itself.
        """
        coordinated, ministries = set(), set()
        for membership in user.working_memberships:
            if membership.role == Role.COORDINATOR:
                coordinated.add(membership.organization_id)
            elif membership.role == Role.MINISTRY:
                ministries.add(membership.organization_id)
        return self.filter(
            Q(organization__parent__in=coordinated | ministries)
            | Q(organization__in=ministries, organization__parent=None)
        )

    def with_owner(self) -> Self:
        """Obligations on which the owner has the next move."""
        return self.filter(state__in=WITH_OWNER)

    def sent_back(self) -> Self:
        """Waiting for rework, overdue by now or not."""
        return self.filter(state__in=(State.RETURNED, State.REOPENED))

    def at_reviewer(self) -> Self:
        """Obligations that wait for a decision."""
        return self.filter(state__in=AT_REVIEWER)

    def in_force(self) -> Self:
        """Everything that was not cancelled."""
        return self.exclude(state=State.CANCELLED)

    def overdue(self, today: date) -> Self:
        """Not handed in though the due date, an inclusive one, has passed."""
        return self.with_owner().filter(due_on__lt=today)

    def with_urgency(self, today: date) -> Self:
        """Annotate each with ``urgency``: its group in the to-do list on that day."""
        owner = Q(state__in=WITH_OWNER)
        return self.annotate(
            urgency=Case(
                When(owner & Q(due_on__lt=today), then=Value(Urgency.OVERDUE)),
                When(state__in=(State.RETURNED, State.REOPENED), then=Value(Urgency.RETURNED)),
                When(owner & Q(due_on__lte=today + timedelta(days=SOON_DAYS)), then=Value(Urgency.SOON)),
                When(owner, then=Value(Urgency.LATER)),
                When(state__in=AT_REVIEWER, then=Value(Urgency.AT_REVIEWER)),
                When(state=State.ACCEPTED, then=Value(Urgency.ACCEPTED)),
                default=Value(Urgency.CANCELLED),
                output_field=IntegerField(),
            )
        )

    def by_urgency(self, today: date) -> Self:
        """What burns first: overdue, returned, due soon, later, and then what waits for others."""
        return self.with_urgency(today).order_by("urgency", "due_on", "requirement__number_sort", "pk")

    def of_urgency(self, urgency: Urgency) -> Self:
        """One group of the to-do list; asked of a queryset that went through ``with_urgency``."""
        return self.filter(Q(urgency=urgency))

    def clean(self, *, time_zone: str) -> Self:
        """What may be accepted without being opened: the first submission, in time, with evidence or a note.

        What was declared nil, came late or came back with remarks has to be read first. Days are those of
        ``time_zone``, the region's.
        """
        return self.filter(_is_clean(time_zone))

    def for_inbox(self, *, time_zone: str) -> Self:
        """Oldest first, each with ``is_clean`` and with ``last_step``, the version a decision is made on."""
        latest = _model("ReviewStep").objects.moving().filter(obligation=OuterRef("pk")).order_by("-pk")
        latest = latest.values("pk")[:1]
        return (
            self.for_page()
            .annotate(
                is_clean=Case(
                    When(_is_clean(time_zone), then=Value(True)), default=Value(False), output_field=BooleanField()
                ),
                last_step=Coalesce(Subquery(latest), Value(0)),
            )
            .order_by("submitted_at", "pk")
        )

    def with_asked_until(self) -> Self:
        """Annotate each with ``asked_until``: the date of a request for more time that waits for a decision."""
        waiting = _model("Extension").objects.open().filter(obligation=OuterRef("pk")).values("wanted_on")[:1]
        return self.annotate(asked_until=Subquery(waiting))

    def with_order(self) -> Self:
        """Annotate each with ``order``: what it is asked by, '' where nothing else is in force that year."""
        return self.annotate(order=order_named())

    def item_choices(self) -> list[tuple[str, str]]:
        """Numbers of the items among these with their titles, for a filter; one title for each number."""
        # Requirements are few: to ask which of them occur is quicker than to tell the rows of obligations apart.
        asked = _model("Requirement").objects.filter(pk__in=self.order_by().values("requirement"))
        titles: dict[str, str] = {}
        for number, title in asked.order_by("number_sort", "title").values_list("number", "title"):
            titles.setdefault(number, f"{number} {Truncator(title).chars(70)}")
        return list(titles.items())

    def organization_choices(self) -> list[tuple[int, str]]:
        """Organizations among these, for a filter."""
        rows = self.order_by().values_list("organization", "organization__short_name")
        return by_name(rows.distinct())

    def academic_years(self) -> list[int]:
        """Academic years that these fall in, by their first calendar year."""
        return list(self.order_by().values_list("requirement__academic_year", flat=True).distinct())

    def in_year(self, academic_year: int) -> Self:
        """Obligations of one academic year, given by its first calendar year."""
        return self.filter(requirement__academic_year=academic_year)

    def for_page(self) -> Self:
        """Join what every list of obligations shows of each."""
        return self.select_related("requirement", "organization__parent", "organization__region")


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence: what closes an obligation."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Evidence of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(obligation__organization__in=Organization.objects.visible_to(user))

    def kept(self) -> Self:
        """Evidence in force: attached and not taken back."""
        return self.filter(removed_at=None)


class ReviewStepQuerySet(models.QuerySet["ReviewStep"]):
    """Steps: what happened to obligations."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Steps of the obligations of organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(obligation__organization__in=Organization.objects.visible_to(user))

    def moving(self) -> Self:
        """Steps that took an obligation from one state into another."""
        return self.exclude(act__in=QUIET)


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Requests for more time."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Requests of the organizations the user may know of."""
        if user.is_authenticated and user.is_superuser:
            return self
        return self.filter(obligation__organization__in=Organization.objects.visible_to(user))

    def open(self) -> Self:
        """Requests that wait for a decision."""
        return self.filter(state="open")

    def decided_by(self, user: User) -> Self:
        """Requests whose obligations the user reviews."""
        return self.filter(obligation__in=_model("Obligation").objects.reviewed_by(user))

    def waiting_for(self, user: User) -> int:
        """How many requests wait for the user's decision."""
        return self.open().decided_by(user).count()

    def for_page(self) -> Self:
        """Join what every list of requests shows of each."""
        return self.select_related(
            "obligation__requirement",
            "obligation__organization__parent",
            "obligation__organization__region",
            "asked_by",
        )


class TallyEntryQuerySet(models.QuerySet["TallyEntry"]):
    """Entries of the tallies: each obligation is in them twice, under its authority and under its region."""

    def of_region(self) -> Self:
        """Entries that add up to whole regions."""
        return self.filter(authority=None)

    def by_authority(self) -> Self:
        """Entries kept apart by who reviews: a municipality with its schools, the ministry with all the rest."""
        return self.filter(authority__isnull=False)
