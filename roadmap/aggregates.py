"""How far the items of a roadmap have come. Each count takes a scoped queryset and asks the database once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from accounts.models import User
from obligations.aggregates import Progress
from obligations.models import Obligation
from obligations.querysets import ObligationQuerySet
from obligations.states import AT_REVIEWER, WITH_OWNER, State
from roadmap.models import Item, Roadmap

NOTHING = Progress(total=0, accepted=0, under_review=0, open=0, overdue=0)


@dataclass(frozen=True)
class OwnWork:
    """What the person's own organizations owe for one item, and the obligation to look at first."""

    first: Obligation
    total: int
    accepted: int


def item_progress(obligations: ObligationQuerySet, *, roadmap: Roadmap, today: date) -> dict[int, Progress]:
    """Count the obligations of each item of a roadmap that has any, by the item's id."""
    return _progress_by(
        obligations.filter(requirement__occurrence__item__section__roadmap=roadmap),
        "requirement__occurrence__item",
        today,
    )


def item_counts(roadmaps: Iterable[Roadmap]) -> dict[int, int]:
    """Count the items of each roadmap that has any, by the roadmap's id."""
    rows = (
        Item.objects.filter(section__roadmap__in=[roadmap.pk for roadmap in roadmaps])
        .order_by()
        .values("section__roadmap")
        .annotate(items=Count("pk"))
    )
    return {row["section__roadmap"]: row["items"] for row in rows}


def roadmap_progress(
    obligations: ObligationQuerySet, *, roadmaps: Iterable[Roadmap], today: date
) -> dict[int, Progress]:
    """Count the obligations of each roadmap that has any, by the roadmap's id."""
    ids = [roadmap.pk for roadmap in roadmaps]
    return _progress_by(
        obligations.filter(requirement__occurrence__item__section__roadmap__in=ids),
        "requirement__occurrence__item__section__roadmap",
        today,
    )


def total_of(parts: Iterable[Progress]) -> Progress:
    """Add up parts that share no obligation."""
    total = NOTHING
    for part in parts:
        total = Progress(
            total=total.total + part.total,
            accepted=total.accepted + part.accepted,
            under_review=total.under_review + part.under_review,
            open=total.open + part.open,
            overdue=total.overdue + part.overdue,
        )
    return total


def own_work(user: User, *, roadmap: Roadmap, today: date) -> dict[int, OwnWork]:
    """Gather what the person's organizations owe for each item, by the item's id: what burns comes first."""
    rows: dict[int, list[Obligation]] = {}
    owed = Obligation.objects.owed_by(user).in_force().by_urgency(today)
    for obligation in (
        owed.filter(requirement__occurrence__item__section__roadmap=roadmap)
        .for_page()
        .select_related("requirement__occurrence")
    ):
        rows.setdefault(obligation.requirement.occurrence.item_id, []).append(obligation)
    return {
        item_id: OwnWork(
            first=owned[0],
            total=len(owned),
            accepted=sum(obligation.state == State.ACCEPTED for obligation in owned),
        )
        for item_id, owned in rows.items()
    }


def _progress_by(obligations: ObligationQuerySet, key: str, today: date) -> dict[int, Progress]:
    """Count in one query, grouped by a path that leads from an obligation to an id."""
    owner = Q(state__in=WITH_OWNER)
    rows = (
        obligations.in_force()
        .order_by()
        .values(group_id=F(key))
        .annotate(
            total=Count("pk"),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            under_review=Count("pk", filter=Q(state__in=AT_REVIEWER)),
            open=Count("pk", filter=owner & Q(due_on__gte=today)),
            overdue=Count("pk", filter=owner & Q(due_on__lt=today)),
        )
    )
    return {
        row["group_id"]: Progress(
            total=row["total"],
            accepted=row["accepted"],
            under_review=row["under_review"],
            open=row["open"],
            overdue=row["overdue"],
        )
        for row in rows
    }
