"""Due dates that move: the region's, and the earlier ones that municipalities and schools set below it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models import F, Q

from accounts.models import Organization, User
from obligations.levels import level_by_kind, level_of, on_level
from obligations.models import LevelDue, Obligation, Requirement, Tightening
from obligations.querysets import ObligationQuerySet
from obligations.states import TRANSITIONS, WITH_OWNER, Act
from obligations.workflow import move_due_many

log = structlog.get_logger(__name__)

LEVELS_SET = "Министерство установило сроки по уровням, чтобы осталось время на проверку."


@dataclass(frozen=True)
class Shift:
    """An obligation whose due date would become another."""

    requirement_id: int
    before: date
    after: date
    is_with_owner: bool
    """It still has to be carried out: an earlier date may make it late."""

    def makes_late(self, today: date) -> bool:
        """It is in time now and would be overdue at once."""
        return self.is_with_owner and self.after < today <= self.before


def tighten(
    *,
    issuer: Organization,
    dues: Mapping[int, date],
    among: Collection[int],
    by: User | None,
    at: datetime,
    comment: str,
    basis: str = "",
) -> int:
    """Set the earlier dates of an organization and those below it; return how many obligations moved.

    ``basis`` is the order that names them, for those who ask where their date comes from.

    ``dues`` gives dates by the id of a requirement; those ``among`` the requirements that it leaves out lose
    theirs, so that what is owed goes back to the date from above. Nothing ever gets later than that date.
    """
    moved = 0
    with transaction.atomic():
        requirements = Requirement.objects.select_for_update().in_bulk(sorted({*among, *dues}))
        known = dict(
            Tightening.objects.filter(organization=issuer, requirement__in=requirements).values_list(
                "requirement", "due_on"
            )
        )
        for pk, requirement in requirements.items():
            due = dues.get(pk)
            if due == known.get(pk):
                # The next edition of the order names the same date again.
                Tightening.objects.filter(organization=issuer, requirement=requirement).update(basis=basis)
                continue
            Tightening.objects.filter(organization=issuer, requirement=requirement).delete()
            if due is not None:
                Tightening.objects.create(organization=issuer, requirement=requirement, due_on=due, basis=basis)
            moved += _settle_below(requirement, issuer, by=by, at=at, comment=comment)
    log.info("due dates tightened", organization=issuer.pk, requirements=len(dues), moved=moved)
    return moved


def shifts_under(*, issuer: Organization, dues: Mapping[int, date], among: Collection[int]) -> list[Shift]:
    """Say what ``tighten`` would move, obligation by obligation. Reads only, in four queries however many there are."""
    below = Q(organization=issuer) | Q(organization__parent=issuer)
    requirements = Requirement.objects.in_bulk(sorted({*among, *dues}))
    levels = {
        (requirement, level): due
        for requirement, level, due in LevelDue.objects.filter(requirement__in=requirements).values_list(
            "requirement", "level", "due_on"
        )
    }
    known = {
        (requirement, organization): due
        for requirement, organization, due in Tightening.objects.filter(
            below | Q(organization=issuer.parent_id), requirement__in=requirements
        ).values_list("requirement", "organization", "due_on")
    }
    rows = Obligation.objects.filter(
        below, requirement__in=requirements, state__in=TRANSITIONS[Act.MOVE_DUE].sources
    ).values_list(
        "requirement",
        "organization",
        "organization__kind",
        "organization__parent__kind",
        "due_on",
        "state",
        "extended_from",
    )
    shifts = []
    for pk, organization, kind, parent_kind, before, state, extended_from in rows:
        if dues.get(pk) == known.get((pk, issuer.pk)):
            continue
        holding = [
            requirements[pk].due_on,
            dues.get(pk),
            known.get((pk, issuer.parent_id or 0)),
            levels.get((pk, level_by_kind(kind, parent_kind) or "")),
        ]
        if organization != issuer.pk:
            holding.append(known.get((pk, organization)))
        after = min(due for due in holding if due is not None)
        is_with_owner = state in WITH_OWNER
        if before < after or (after < before and is_with_owner and extended_from is None):
            shifts.append(Shift(pk, before, after, is_with_owner))
    return shifts


def move_due(
    *,
    requirement: Requirement,
    start_on: date | None,
    due_on: date,
    by: User | None,
    at: datetime,
    comment: str,
    levels: Mapping[str, date | None] | None = None,
) -> int:
    """Move a requirement, and what is owed under it, to another date; return how many obligations moved.

    Where an organization has set an earlier date, that one stands as long as it is the earlier. ``levels`` are the
    dates of levels that come with it (None is the requirement's own), as ``set_level_dues`` takes them; without them
    those that are set stand.
    """
    with transaction.atomic():
        changed = bool(levels) and write_level_dues(requirement, levels or {})
        if requirement.due_on == due_on:
            return _settle_all(requirement, by=by, at=at, comment=LEVELS_SET) if changed else 0
        requirement.start_on, requirement.due_on = start_on, due_on
        Requirement.objects.filter(pk=requirement.pk).update(start_on=start_on, due_on=due_on)
        return _settle_all(requirement, by=by, at=at, comment=comment)


def set_level_dues(*, requirement: Requirement, dues: Mapping[str, date | None], by: User | None, at: datetime) -> int:
    """Set by when organizations of each level owe the requirement, None being its own date; return how many moved."""
    with transaction.atomic():
        locked = Requirement.objects.select_for_update().get(pk=requirement.pk)
        write_level_dues(locked, dues)
        moved = _settle_all(locked, by=by, at=at, comment=LEVELS_SET)
    log.info("due dates of levels set", requirement=requirement.pk, moved=moved, by=by.pk if by else None)
    return moved


def write_level_dues(requirement: Requirement, dues: Mapping[str, date | None]) -> bool:
    """Keep the dates of levels, None being the requirement's own; tell whether any of them is new.

    What is owed already moves only with ``set_level_dues`` or ``move_due``.
    """
    known = dict(LevelDue.objects.filter(requirement=requirement).values_list("level", "due_on"))
    changed = {level: due for level, due in dues.items() if known.get(level) != due}
    LevelDue.objects.filter(requirement=requirement, level__in=changed).delete()
    LevelDue.objects.bulk_create(
        LevelDue(requirement=requirement, level=level, due_on=due) for level, due in changed.items() if due is not None
    )
    return bool(changed)


def due_for(requirement: Requirement, organization: Organization) -> date:
    """Return the date by which the organization owes the requirement: the earliest of all that were set for it."""
    own = requirement.tightenings.filter(organization__in=[organization.pk, organization.parent_id])
    level = requirement.level_dues.filter(level=level_of(organization) or "")
    return min([requirement.due_on, *own.values_list("due_on", flat=True), *level.values_list("due_on", flat=True)])


def earlier_date_of(obligation: Obligation) -> Tightening | None:
    """Return the earlier date below the region that the obligation's due date comes from, None where it is none.

    An extension counts from it: what is looked for is the date before any extension.
    """
    organization = obligation.organization
    return (
        Tightening.objects.filter(
            requirement=obligation.requirement_id,
            organization__in=[organization.pk, organization.parent_id],
            due_on=obligation.extended_from or obligation.due_on,
            requirement__due_on__gt=F("due_on"),
        )
        .select_related("organization")
        .first()
    )


def _settle_all(requirement: Requirement, *, by: User | None, at: datetime, comment: str) -> int:
    """Bring everything owed under the requirement to the dates that hold now."""
    stricter = requirement.tightenings.filter(due_on__lt=requirement.due_on).select_related("organization__parent")
    tightening = sorted(stricter, key=lambda one: one.organization_id)
    shielded = {one.organization_id for one in tightening}
    rows = Obligation.objects.filter(requirement=requirement).exclude(
        Q(organization__in=shielded) | Q(organization__parent__in=shielded)
    )
    moved = _move(requirement, rows, requirement.due_on, by=by, at=at, comment=comment)
    for one in tightening:
        if one.organization.parent_id not in shielded:
            moved += _settle_below(requirement, one.organization, by=by, at=at, comment=comment)
    return moved


def _settle_below(
    requirement: Requirement, issuer: Organization, *, by: User | None, at: datetime, comment: str
) -> int:
    """Bring what the organization and those below it owe to the dates that hold there now."""
    set_above = requirement.tightenings.filter(organization__in=[issuer.pk, issuer.parent_id])
    due = min([requirement.due_on, *set_above.values_list("due_on", flat=True)])
    own = dict(
        requirement.tightenings.filter(organization__parent=issuer, due_on__lt=due).values_list(
            "organization", "due_on"
        )
    )
    rows = Obligation.objects.filter(requirement=requirement)
    below = rows.filter(Q(organization=issuer) | Q(organization__parent=issuer)).exclude(organization__in=own)
    moved = _move(requirement, below, due, by=by, at=at, comment=comment)
    for organization, earlier in own.items():
        moved += _move(requirement, rows.filter(organization=organization), earlier, by=by, at=at, comment=comment)
    return moved


def _move(
    requirement: Requirement,
    obligations: ObligationQuerySet,
    due_on: date,
    *,
    by: User | None,
    at: datetime,
    comment: str,
) -> int:
    """Move obligations of the requirement to a date, those of a level with an earlier one to theirs.

    What was handed in moves to a later date only: nobody becomes late for a date that was named afterwards. An
    extension that was granted stands as long as it is the later date.
    """
    levels = dict(requirement.level_dues.filter(due_on__lt=due_on).values_list("level", "due_on"))
    parts = [(obligations.filter(on_level(level)), due) for level, due in levels.items()]
    others = obligations.filter(*(~on_level(level) for level in levels))
    moved = 0
    for part, due in [*parts, (others, due_on)]:
        movable = Q(due_on__lt=due) | Q(state__in=WITH_OWNER, extended_from=None)
        moved += move_due_many(obligations=part.filter(movable), due_on=due, by=by, at=at, comment=comment)
    return moved
