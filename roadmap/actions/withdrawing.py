"""Taking an edition in force out of force with nothing in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from accounts.models import Region, User
from obligations.models import Obligation, RequirementBody
from obligations.querysets import ObligationQuerySet
from obligations.states import TRANSITIONS, Act, State
from obligations.tightening import tighten
from obligations.workflow import cancel_many
from roadmap.actions.refusal import RoadmapRefused
from roadmap.actions.succession import edition_items, requirements_above
from roadmap.models import Roadmap, RoadmapState

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing an edition means: counts of obligations and organizations, and what derives from it."""

    cancelled: int
    handed_in: int
    """Of the cancelled, those that wait for a decision."""
    accepted: int
    """What was accepted stays accepted."""
    organizations: int
    derived: Sequence[Roadmap]
    """Roadmaps of municipalities and schools in force that were derived from the edition."""


def preview_withdrawal(*, roadmap: Roadmap) -> Withdrawal:
    """Count what withdrawing the edition, and what derives from it, would do. Reads only."""
    derived = derived_in_force(roadmap)
    owed = _owed([roadmap, *derived])
    cancelled = owed.filter(state__in=TRANSITIONS[Act.LEAVE].sources)
    return Withdrawal(
        cancelled=cancelled.count(),
        handed_in=cancelled.at_reviewer().count(),
        accepted=owed.filter(state=State.ACCEPTED).count(),
        organizations=cancelled.order_by().values("organization").distinct().count(),
        derived=derived,
    )


def withdraw(*, roadmap: Roadmap, reason: str, by: User, now: datetime, with_derived: bool = False) -> int:
    """Withdraw an edition in force: cancel what is not accepted, with the reason; return how many obligations.

    What municipalities and schools derived from it has nothing to stand on without it: RoadmapRefused unless
    ``with_derived`` withdraws that too. Dates that a derived roadmap had brought forward go back to those above.
    """
    with transaction.atomic():
        Region.objects.select_for_update().get(pk=roadmap.region_id)
        editions = Roadmap.objects.select_for_update(of=("self",)).select_related("owner")
        locked = editions.get(pk=roadmap.pk)
        if not locked.is_in_force:
            raise RoadmapRefused("Эта редакция уже не действует: отзывать нечего.")
        derived = derived_in_force(locked)
        if derived and not with_derived:
            named = "; ".join(one.order_label for one in derived)
            raise RoadmapRefused(
                f"На основе этой редакции действуют дорожные карты: {named}. Отзовите их вместе с ней."
            )
        cancelled = sum(_withdraw_one(one, reason, by, now) for one in [locked, *derived])
    log.info("roadmap withdrawn", roadmap=roadmap.pk, derived=len(derived), cancelled=cancelled, by=by.pk)
    roadmap.refresh_from_db()
    return cancelled


def derived_in_force(roadmap: Roadmap) -> list[Roadmap]:
    """Return the roadmaps in force that derive from the edition, from an earlier one of it, or from such a one."""
    line = Roadmap.objects.siblings_of(roadmap)
    below = Q(parent__in=line) | Q(parent__parent__in=line)
    replaced = Q(parent__replaced_by__in=line) | Q(parent__parent__replaced_by__in=line)
    return list(
        Roadmap.objects.approved().filter(below | replaced).select_related("owner", "region").order_by("owner__name")
    )


def _withdraw_one(roadmap: Roadmap, reason: str, by: User, now: datetime) -> int:
    """Withdraw one edition; return how many obligations were cancelled."""
    instrument = "Приказ отозван" if roadmap.edition == 1 else f"Редакция №\u00a0{roadmap.edition} отозвана"
    cancelled = cancel_many(obligations=_owed([roadmap]), by=by, at=now, comment=f"{instrument}: {reason}")
    # Asked of nobody any more, so that reconciling with the registry cannot bring it back.
    RequirementBody.objects.filter(requirement__occurrence__item__section__roadmap=roadmap).delete()
    if roadmap.owner is not None:
        tighten(
            issuer=roadmap.owner,
            dues={},
            among=requirements_above(edition_items(roadmap)),
            by=by,
            at=now,
            comment=f"Дорожная карта отозвана: {roadmap.order_label}",
        )
    roadmap.state, roadmap.withdrawal_reason = RoadmapState.WITHDRAWN, reason
    roadmap.withdrawn_by, roadmap.withdrawn_at = by, now
    roadmap.save(update_fields=["state", "withdrawal_reason", "withdrawn_by", "withdrawn_at"])
    return cancelled


def _owed(roadmaps: Sequence[Roadmap]) -> ObligationQuerySet:
    """What is owed under the requirements that these editions hold."""
    return Obligation.objects.in_force().filter(requirement__occurrence__item__section__roadmap__in=roadmaps)
