"""Returns counted: for which reasons, in whose district, under which item. One query, plain frozen values."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, IntegerField, Min, Q, Value, When

from accounts.models import OrganizationKind, Region, User
from obligations.aggregates import OTHER_BODIES, REGIONAL_SCHOOLS
from obligations.models import ReviewStep
from obligations.states import Act, ReturnReason

_HANDED_IN = (Act.SUBMIT, Act.DECLARE_NIL)


@dataclass(frozen=True)
class ReturnRow:
    """One line of the report: how much was handed in, and how often it was returned for each reason."""

    label: str
    handed_in: int
    by_reason: Mapping[str, int]
    number: str = ""

    @property
    def returned(self) -> int:
        """Returns for all reasons."""
        return sum(self.by_reason.values())

    @property
    def share(self) -> float | None:
        """Returns per handing-in, 0 to 1; a paper may have been handed in before the period. None without any."""
        return min(1.0, self.returned / self.handed_in) if self.handed_in else None

    @property
    def cells(self) -> list[int]:
        """Returns by reason, in the order of the list of reasons."""
        return [self.by_reason.get(reason, 0) for reason in ReturnReason.values]

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """The same with the names of the reasons."""
        return list(zip(ReturnReason.labels, self.cells, strict=True))


@dataclass(frozen=True)
class Returns:
    """Returns of a period within one person's sight."""

    region: Region
    scope: str
    since: date
    until: date
    cut_off: datetime
    total: ReturnRow
    by_authority: list[ReturnRow]
    by_item: list[ReturnRow]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reasons with their counts, the most frequent first."""
        counted = [(reason.label, self.total.by_reason.get(reason.value, 0)) for reason in ReturnReason]
        return sorted(counted, key=lambda pair: -pair[1])


def count_returns(*, user: User, region: Region, since: date, until: date, now: datetime) -> Returns:
    """Count what the user may see of a region's returns from ``since`` to ``until``, both days inclusive."""
    zone = ZoneInfo(region.time_zone)
    start = datetime.combine(since, time(), zone)
    end = datetime.combine(until + timedelta(days=1), time(), zone)
    organization = "obligation__organization__"
    own = Q(**{f"{organization}kind": OrganizationKind.MUNICIPALITY})
    below = Q(**{f"{organization}parent__kind": OrganizationKind.MUNICIPALITY})
    school = Q(**{f"{organization}kind": OrganizationKind.SCHOOL})
    rows = (
        ReviewStep.objects.visible_to(user)
        .filter(
            act__in=[Act.RETURN, *_HANDED_IN],
            at__gte=start,
            at__lt=end,
            obligation__organization__region=region,
        )
        .order_by()
        .values(
            "reason",
            is_return=Case(When(act=Act.RETURN, then=True), default=False),
            number=F("obligation__requirement__number"),
            sort=F("obligation__requirement__number_sort"),
            authority=Case(
                When(own, then=F(f"{organization}short_name")),
                When(below, then=F(f"{organization}parent__short_name")),
                When(school, then=Value(REGIONAL_SCHOOLS)),
                default=Value(OTHER_BODIES),
                output_field=CharField(),
            ),
            # Districts first, then what stands beside them.
            place=Case(When(own | below, then=0), When(school, then=1), default=2, output_field=IntegerField()),
        )
        .annotate(count=Count("pk"), title=Min("obligation__requirement__title"))
    )
    counted = list(rows)
    [total] = _rows(counted, lambda _row: (), lambda _row: ("Всего", "")) or [ReturnRow("Всего", 0, {})]
    return Returns(
        region=region,
        scope=_scope(user, region),
        since=since,
        until=until,
        cut_off=region.local(now),
        total=total,
        by_authority=_rows(counted, lambda row: (row["place"], row["authority"]), lambda row: (row["authority"], "")),
        by_item=_rows(counted, lambda row: (row["sort"],), lambda row: (row["title"], row["number"])),
    )


def _rows(
    counted: Iterable[Mapping[str, Any]],
    key_of: Callable[[Mapping[str, Any]], tuple[Any, ...]],
    name_of: Callable[[Mapping[str, Any]], tuple[str, str]],
) -> list[ReturnRow]:
    """Add the counts up by a key, in its order."""
    names: dict[tuple[Any, ...], tuple[str, str]] = {}
    handed_in: Counter[tuple[Any, ...]] = Counter()
    returned: dict[tuple[Any, ...], Counter[str]] = {}
    for row in counted:
        key = key_of(row)
        names[key] = min(names.get(key, name_of(row)), name_of(row))
        reasons = returned.setdefault(key, Counter())
        if row["is_return"]:
            reasons[row["reason"]] += row["count"]
        else:
            handed_in[key] += row["count"]
    return [ReturnRow(names[key][0], handed_in[key], returned[key], names[key][1]) for key in sorted(names)]


def _scope(user: User, region: Region) -> str:
    """Name the part of the region that the person sees."""
    if user.sees_whole_region(region.pk):
        return region.name
    served = [one.organization for one in user.active_memberships if one.organization.region_id == region.pk]
    return ", ".join(dict.fromkeys(organization.short_name for organization in served)) or region.name
