"""The one GROUP BY behind a report on a roadmap.

Cancelled obligations are not counted. Overdue is an open obligation whose due date, an inclusive one, is
before the day of the cut-off. Due is what was handed in already or whose due date has passed; on time is
what was first handed in on the due date or before, by the region's calendar.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Count, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import TruncDate

from accounts.models import OrganizationKind, User
from obligations.models import Obligation
from obligations.states import AT_REVIEWER, WITH_OWNER, State
from reporting.aggregates.figures import Tally
from reporting.scopes import ScopeKind
from roadmap.models import Roadmap

# Tallies by the item's id.
ByItem = Mapping[int, Tally]
# A part of a region: a municipality by its id, or one of the parts that are no municipality.
Part = int | ScopeKind

_Key = TypeVar("_Key", bound=Hashable)
_TALLIED = [field.name for field in fields(Tally)]


def by_part(*, roadmap: Roadmap, user: User, today: date) -> dict[Part, ByItem]:
    """Tally items for each part of a region: municipalities, schools on the regional budget, regional level."""
    rows = _owed(roadmap, user, today).values(
        item=F("requirement__occurrence__item"),
        municipality=Case(
            When(organization__kind=OrganizationKind.MUNICIPALITY, then=F("organization_id")),
            When(organization__parent__kind=OrganizationKind.MUNICIPALITY, then=F("organization__parent_id")),
            output_field=IntegerField(),
        ),
        is_on_regional_budget=_flag(
            Q(organization__kind=OrganizationKind.SCHOOL, organization__parent__kind=OrganizationKind.MINISTRY)
        ),
    )

    def part_of(row: Mapping[str, Any]) -> Part:
        if row["municipality"]:
            return int(row["municipality"])
        return ScopeKind.REGIONAL_BUDGET if row["is_on_regional_budget"] else ScopeKind.REGIONAL_LEVEL

    return _tally(rows, part_of)


def by_organization(
    *, roadmap: Roadmap, user: User, today: date, municipality_id: int | None = None
) -> dict[int, ByItem]:
    """Tally items for each organization; ``municipality_id`` leaves that municipality and what is below it."""
    owed = _owed(roadmap, user, today)
    if municipality_id:
        owed = owed.filter(Q(organization=municipality_id) | Q(organization__parent=municipality_id))
    return _tally(
        owed.values("organization", item=F("requirement__occurrence__item")), lambda row: int(row["organization"])
    )


def _owed(roadmap: Roadmap, user: User, today: date) -> QuerySet[Obligation]:
    """What is owed under the roadmap, as far as the person may see it, with what the counts ask of each."""
    return (
        Obligation.objects.visible_to(user)
        .in_force()
        .filter(requirement__occurrence__item__section__roadmap=roadmap)
        .annotate(
            # A due date is a day on the region's clocks, whatever the server's are.
            handed_in_on=TruncDate("first_submitted_at", tzinfo=ZoneInfo(roadmap.region.time_zone)),
            is_overdue_by_then=_flag(Q(state__in=WITH_OWNER, due_on__lt=today)),
            is_due=_flag(Q(first_submitted_at__isnull=False) | Q(due_on__lt=today)),
        )
        .order_by()
    )


def _flag(condition: Q) -> Case:
    """The condition as a yes-or-no column."""
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def _tally(rows: QuerySet[Obligation, Any], key_of: Callable[[Mapping[str, Any]], _Key]) -> dict[_Key, ByItem]:
    """Group, count, and sort the answer by key and item."""
    counted: Iterable[Mapping[str, Any]] = rows.annotate(
        obligations=Count("pk"),
        accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
        under_review=Count("pk", filter=Q(state__in=AT_REVIEWER)),
        open=Count("pk", filter=Q(state__in=WITH_OWNER)),
        overdue=Count("pk", filter=Q(is_overdue_by_then=True)),
        due=Count("pk", filter=Q(is_due=True)),
        on_time=Count("pk", filter=Q(handed_in_on__lte=F("due_on"))),
    )
    tallies: defaultdict[_Key, defaultdict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for row in counted:
        tallies[key_of(row)][row["item"]] += Tally(**{name: row[name] for name in _TALLIED})
    return dict(tallies)


def sum_by_item(parts: Iterable[ByItem]) -> ByItem:
    """Add the parts up, item by item."""
    whole: defaultdict[int, Tally] = defaultdict(Tally)
    for part in parts:
        for item, tally in part.items():
            whole[item] += tally
    return whole
