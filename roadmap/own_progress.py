"""How far a municipality's or a school's roadmap has come: what it inherits, counted in its scope, and what it adds."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from obligations.aggregates import Tally, tallies_by
from obligations.querysets import ObligationQuerySet
from roadmap.models import Item, Occurrence, Roadmap


def own_progress(
    obligations: ObligationQuerySet, *, roadmap: Roadmap, items: Sequence[Item], today: date
) -> dict[int, Tally]:
    """Count in one query what the owner and those below it owe for each item, by the item's id."""
    items_of: dict[int, int] = {}
    for item in items:
        for occurrence in item.occurrences.all():
            one: Occurrence | None = occurrence
            while one is not None:
                if one.requirement_id:
                    items_of[one.requirement_id] = item.pk
                one = one.inherited_from
    counted = obligations.filter(requirement__in=items_of).filter(
        Q(organization=roadmap.owner_id) | Q(organization__parent=roadmap.owner_id)
    )
    sums: defaultdict[int, Tally] = defaultdict(Tally)
    for requirement, tally in tallies_by(counted, "requirement", region=roadmap.region, today=today).items():
        sums[items_of[requirement]] += tally
    return dict(sums)
