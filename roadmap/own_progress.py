"""How far a municipality's or a school's roadmap has come: what it inherits, counted in its scope, and what it adds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q

from obligations.aggregates import Progress
from obligations.querysets import ObligationQuerySet
from obligations.states import AT_REVIEWER, WITH_OWNER, State
from roadmap.models import Item, Occurrence, Roadmap


def own_progress(
    obligations: ObligationQuerySet, *, roadmap: Roadmap, items: Sequence[Item], today: date
) -> dict[int, Progress]:
    """Count in one query what the owner and those below it owe for each item, by the item's id."""
    items_of: dict[int, int] = {}
    for item in items:
        for occurrence in item.occurrences.all():
            one: Occurrence | None = occurrence
            while one is not None:
                if one.requirement_id:
                    items_of[one.requirement_id] = item.pk
                one = one.inherited_from
    owner = Q(state__in=WITH_OWNER)
    rows = (
        obligations.in_force()
        .filter(requirement__in=items_of)
        .filter(Q(organization=roadmap.owner_id) | Q(organization__parent=roadmap.owner_id))
        .order_by()
        .values("requirement")
        .annotate(
            total=Count("pk"),
            accepted=Count("pk", filter=Q(state=State.ACCEPTED)),
            under_review=Count("pk", filter=Q(state__in=AT_REVIEWER)),
            open=Count("pk", filter=owner & Q(due_on__gte=today)),
            overdue=Count("pk", filter=owner & Q(due_on__lt=today)),
        )
    )
    sums: dict[int, Progress] = defaultdict(lambda: Progress(0, 0, 0, 0, 0))
    for row in rows:
        pk = items_of[row["requirement"]]
        sums[pk] = Progress(
            total=sums[pk].total + row["total"],
            accepted=sums[pk].accepted + row["accepted"],
            under_review=sums[pk].under_review + row["under_review"],
            open=sums[pk].open + row["open"],
            overdue=sums[pk].overdue + row["overdue"],
        )
    return dict(sums)
