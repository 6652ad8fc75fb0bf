"""How far the items of a roadmap have come in a person's sight."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from accounts.models import User
from obligations.aggregates import Tally, countable, tallies_by
from obligations.models import Obligation
from obligations.querysets import ObligationQuerySet
from obligations.states import State
from roadmap.models import Item, ItemBody, Roadmap

ITEM = "requirement__occurrence__item"


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

    @property
    def shows_tally(self) -> bool:
        """The person sees more than what they owe themselves."""
        return self.tally.obligations > (self.own.total if self.own else 0)

    def next_due(self, today: date) -> date | None:
        """The nearest due date from today on; past them all the last one; None without dates."""
        dues = sorted(occurrence.due_on for occurrence in self.item.occurrences.all())
        return next((due for due in dues if due >= today), dues[-1] if dues else None)


def item_rows(user: User, *, roadmap: Roadmap, today: date) -> list[ItemRow]:
    """Return every item of an edition, in its order; the number of queries is the same for any number of schools."""
    tallies = item_tallies(user, roadmap=roadmap, today=today)
    own = own_work(user, roadmap=roadmap, today=today)
    return [ItemRow(item, tallies.get(item.pk, Tally()), own.get(item.pk)) for item in items_of(roadmap)]


def items_of(roadmap: Roadmap) -> list[Item]:
    """Read the items of an edition with their sections, dates and bodies, in the order of the roadmap."""
    bodies = Prefetch("bodies", ItemBody.objects.select_related("organization"))
    items = Item.objects.filter(section__roadmap=roadmap).select_related("section")
    return list(items.prefetch_related("occurrences", bodies))


def item_tallies(user: User, *, roadmap: Roadmap, today: date) -> dict[int, Tally]:
    """Tally, in the person's sight, each item of an edition that has any obligation."""
    counted = countable(user, roadmap.region).filter(Q(**{f"{ITEM}__section__roadmap": roadmap}))
    return tallies_by(counted, ITEM, region=roadmap.region, today=today)


def item_tally(user: User, item: Item, *, today: date) -> Tally:
    """Tally one item in the person's sight."""
    region = item.section.roadmap.region
    counted = countable(user, region).filter(Q(**{ITEM: item}))
    return tallies_by(counted, ITEM, region=region, today=today).get(item.pk, Tally())


def own_work(user: User, *, roadmap: Roadmap, today: date) -> dict[int, OwnWork]:
    """Gather what the person's organizations owe for each item, by the item's id: what burns comes first."""
    rows: dict[int, list[Obligation]] = {}
    for obligation in own_obligations(user, roadmap=roadmap).by_urgency(today):
        rows.setdefault(obligation.requirement.occurrence.item_id, []).append(obligation)
    return {
        item_id: OwnWork(
            first=owned[0],
            total=len(owned),
            accepted=sum(obligation.state == State.ACCEPTED for obligation in owned),
        )
        for item_id, owned in rows.items()
    }


def own_obligations(user: User, *, roadmap: Roadmap) -> ObligationQuerySet:
    """Return what the person's own organizations owe under an edition."""
    owed = Obligation.objects.owed_by(user).in_force()
    return owed.filter(Q(**{f"{ITEM}__section__roadmap": roadmap})).for_page().select_related("requirement__occurrence")
