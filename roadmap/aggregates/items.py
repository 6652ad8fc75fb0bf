"""How far the items of a roadmap have come in a person's sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from obligations.aggregates import Tally, tally_of
from obligations.models import Obligation
from obligations.querysets import ObligationQuerySet
from obligations.states import State
from roadmap.aggregates.coverage import Coverage, Origin, under
from roadmap.models import Item


@dataclass(frozen=True)
class OwnWork:
    """What the person's own organizations owe for one item, and the obligation to look at first."""

    first: Obligation
    total: int
    accepted: int


@dataclass(frozen=True)
class ItemRow:
    """An item with how far it has come in the person's sight, and what they owe for it themselves."""

    item: Item
    tally: Tally
    own: OwnWork | None
    origin: Origin | None = None
    """In an own roadmap only."""
    school_dates: Sequence[date] = ()
    """By when schools owe it, where the municipality itself owes it later."""

    @property
    def asks_more(self) -> bool:
        """It is inherited, and others are asked as well."""
        own = self.origin not in (None, Origin.ADDED)
        return own and any(occurrence.requirement_id for occurrence in self.item.occurrences.all())

    @property
    def shows_tally(self) -> bool:
        """The person sees more than what they owe themselves."""
        return self.tally.obligations > (self.own.total if self.own else 0)

    def next_due(self, today: date) -> date | None:
        """The nearest due date from today on; past them all the last one; None without dates."""
        dues = sorted(occurrence.due_on for occurrence in self.item.occurrences.all())
        return next((due for due in dues if due >= today), dues[-1] if dues else None)


def item_rows(user: User, *, coverage: Coverage, today: date) -> list[ItemRow]:
    """Return every item of an edition, in its order; the number of queries is the same for any number of schools."""
    tallies = coverage.tallies(user, today=today)
    own = own_work(user, coverage=coverage, today=today)
    return [
        ItemRow(
            item,
            tallies.get(item.pk, Tally()),
            own.get(item.pk),
            coverage.origin_of(item),
            [coverage.school_dates[one.pk] for one in item.occurrences.all() if one.pk in coverage.school_dates],
        )
        for item in coverage.items
    ]


def item_tally(user: User, *, coverage: Coverage, today: date) -> Tally:
    """Tally in the person's sight everything that is covered together."""
    return tally_of(coverage.counted(user), region=coverage.roadmap.region, today=today)


def own_work(user: User, *, coverage: Coverage, today: date) -> dict[int, OwnWork]:
    """Gather what the person's organizations owe for each item, by the item's id: what burns comes first."""
    rows: dict[int, list[Obligation]] = {}
    for obligation in own_obligations(user, coverage=coverage).by_urgency(today):
        rows.setdefault(coverage.item_of(obligation.requirement_id), []).append(obligation)
    return {
        item_id: OwnWork(
            first=owned[0],
            total=len(owned),
            accepted=sum(obligation.state == State.ACCEPTED for obligation in owned),
        )
        for item_id, owned in rows.items()
    }


def own_obligations(user: User, *, coverage: Coverage) -> ObligationQuerySet:
    """Return what the person's own organizations owe of what an edition covers."""
    owed = Obligation.objects.owed_by(user).in_force().filter(requirement__in=coverage.requirements())
    owner = coverage.roadmap.owner
    return (owed.filter(under(owner)) if owner else owed).for_page()
