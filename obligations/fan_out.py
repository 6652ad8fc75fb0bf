"""Fan-out: from requirements to obligations of organizations, set-based and idempotent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from accounts import russian
from accounts.models import (
    GROUP_KIND,
    GROUP_WITHOUT_TRAIT,
    BodyGroup,
    Organization,
    OrganizationKind,
    OrganizationTrait,
    User,
)
from accounts.querysets import OrganizationQuerySet
from obligations import notices, workflow
from obligations.levels import Level
from obligations.models import LevelDue, Obligation, Requirement, RequirementBody, ReviewStep, Tightening
from obligations.querysets import ObligationQuerySet
from obligations.states import Act, State

log = structlog.get_logger(__name__)

# The level of the row called ``organization``: ``obligations.levels.level_by_kind`` in SQL. Where none is, no date is.
_LEVEL = (
    f"CASE WHEN organization.kind = '{OrganizationKind.SCHOOL}' AND EXISTS"  # noqa: S608 - names of our own only
    f" (SELECT 1 FROM {Organization._meta.db_table} parent"
    f" WHERE parent.id = organization.parent_id AND parent.kind = '{OrganizationKind.MINISTRY}')"
    f" THEN '{Level.REGIONAL_SCHOOL}' ELSE organization.kind END"
)


@dataclass(frozen=True)
class BodyReach:
    """How many organizations a body reaches, and how many of its kind it leaves out and why."""

    label: str
    reached: int
    closed: int = 0
    with_trait: int = 0
    trait_unrecorded: bool = False
    """A characteristic should narrow the group, and nobody has recorded it for the year."""

    @property
    def is_empty_kind(self) -> bool:
        """The registry holds no organization of the kind at all."""
        return not (self.reached or self.closed or self.with_trait)


def organizations_of(
    *, region_id: int, academic_year: int, organization_id: int | None, group: str, issuer_id: int | None = None
) -> OrganizationQuerySet:
    """Return the open organizations that a body stands for in a region and year.

    What an ``issuer`` asks, it asks of itself and of those directly below it.
    """
    organizations = Organization.objects.filter(region=region_id).active()
    if issuer_id:
        organizations = organizations.filter(Q(pk=issuer_id) | Q(parent=issuer_id))
    if organization_id:
        return organizations.filter(pk=organization_id)
    organizations = organizations.filter(kind=GROUP_KIND[group])
    if trait := GROUP_WITHOUT_TRAIT.get(group):
        holders = OrganizationTrait.objects.filter(academic_year=academic_year, trait=trait)
        organizations = organizations.exclude(pk__in=holders.values("organization"))
    return organizations


def reach(
    *,
    region_id: int,
    academic_year: int,
    organization: Organization | None,
    group: str,
    issuer_id: int | None = None,
) -> BodyReach:
    """Count whom a body reaches, for the preview of a fan-out."""
    reached = organizations_of(
        region_id=region_id,
        academic_year=academic_year,
        organization_id=organization.pk if organization else None,
        group=group,
        issuer_id=issuer_id,
    ).count()
    if organization:
        return BodyReach(organization.short_name, reached, closed=1 - reached)
    kind = Organization.objects.filter(region=region_id, kind=GROUP_KIND[group])
    if issuer_id:
        kind = kind.filter(Q(pk=issuer_id) | Q(parent=issuer_id))
    counts = kind.aggregate(closed=Count("pk", filter=Q(is_active=False)), open=Count("pk", filter=Q(is_active=True)))
    trait = GROUP_WITHOUT_TRAIT.get(group)
    recorded = OrganizationTrait.objects.filter(
        organization__region=region_id, academic_year=academic_year, trait=trait
    )
    return BodyReach(
        BodyGroup(group).label,
        reached,
        closed=counts["closed"],
        with_trait=counts["open"] - reached,
        trait_unrecorded=bool(trait) and reached == counts["open"] and not recorded.exists(),
    )


def fan_out(
    *,
    requirements: Sequence[Requirement],
    by: User | None,
    at: datetime,
    joined_on: date | None = None,
    organizations: Collection[int] | None = None,
) -> int:
    """Create what organizations owe under the requirements and return how many rows are new.

    With ``joined_on`` those that come after others of their kind owe what is due on that day or later.
    ``organizations`` narrows it to some of them, by id; None is everybody.

    One ``INSERT … SELECT`` per body group, however many organizations there are. Run again, it adds
    only organizations that came later and never resets a state.
    """
    created = 0
    with transaction.atomic():
        ids = [requirement.pk for requirement in requirements]
        tightened = Tightening.objects.filter(requirement__in=ids).exists()
        levelled = LevelDue.objects.filter(requirement__in=ids).exists()
        for group in ["", *BodyGroup.values]:
            created += _insert(
                requirements,
                group,
                at,
                tightened=tightened,
                levelled=levelled,
                joined_on=joined_on,
                organizations=organizations,
            )
        if created:
            notices.tell_assigned(requirements=requirements, by=by, at=at)
    log.info("obligations fanned out", requirements=len(requirements), created=created, by=by.pk if by else None)
    return created


def reconcile(
    *,
    requirements: Sequence[Requirement],
    by: User | None,
    at: datetime,
    joined_on: date | None = None,
    organizations: Collection[int] | None = None,
    note: str = "",
) -> tuple[int, int]:
    """Bring obligations in step with the registry: add newcomers, cancel those that left.

    What a person cancelled stays cancelled; only what an earlier reconciliation took away comes
    back. With ``joined_on`` newcomers owe what is due on that day or later, and what fell due while an
    organization was away does not come back (docs/adr/0016); each history says why. ``organizations``
    narrows it to some, by id; ``note`` is told with the reason. All are of one region.
    Returns (added or restored, cancelled).
    """
    if not requirements:
        return 0, 0
    zone = ZoneInfo(requirements[0].region.time_zone)
    with transaction.atomic():
        owed = Obligation.objects.filter(requirement__in=[requirement.pk for requirement in requirements])
        if organizations is not None:
            owed = owed.filter(organization__in=organizations)
        added = _add_newcomers(requirements, by=by, at=at, joined_on=joined_on, organizations=organizations, note=note)
        cancelled = workflow.cancel_many(
            obligations=owed.filter(organization__is_active=False),
            by=by,
            at=at,
            comment=f"Организация закрыта. {note}".strip(),
        )
        cancelled += workflow.cancel_many(
            obligations=owed.exclude(_is_asked()),
            by=by,
            at=at,
            comment="Организация больше не входит в число исполнителей мероприятия.",
        )
        restored = workflow.restore_many(
            obligations=_taken_away(owed, joined_on, zone).filter(_is_asked(), organization__is_active=True),
            by=by,
            at=at,
            comment=f"Организация снова в числе исполнителей. {note}".strip(),
        )
    return added + restored, cancelled


def _add_newcomers(
    requirements: Sequence[Requirement],
    *,
    by: User | None,
    at: datetime,
    joined_on: date | None,
    organizations: Collection[int] | None,
    note: str,
) -> int:
    """Create what newcomers owe; those that came to the registry get a note of it in the history."""
    if joined_on is None:
        return fan_out(requirements=requirements, by=by, at=at, organizations=organizations)
    before = Obligation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    added = fan_out(requirements=requirements, by=by, at=at, joined_on=joined_on, organizations=organizations)
    if added:
        fresh = Obligation.objects.filter(
            pk__gt=before, created_at=at, requirement__in=[one.pk for one in requirements]
        )
        comment = f"Организация вошла в число исполнителей {russian.day(joined_on)} {note}".strip()
        workflow.join_many(obligations=fresh, by=by, at=at, comment=comment)
    return added


def _is_asked() -> Q:
    """The condition under which an obligation's organization is among the bodies of its requirement."""
    bodies = RequirementBody.objects.filter(requirement=OuterRef("requirement"))
    asked = Q(Exists(bodies.filter(organization=OuterRef("organization"))))
    for group, kind in GROUP_KIND.items():
        in_group = Q(Exists(bodies.filter(group=group)), organization__kind=kind)
        if trait := GROUP_WITHOUT_TRAIT.get(group):
            holders = OrganizationTrait.objects.filter(
                organization=OuterRef("organization"),
                academic_year=OuterRef("requirement__academic_year"),
                trait=trait,
            )
            in_group &= ~Q(Exists(holders))
        asked |= in_group
    below_issuer = (
        Q(requirement__issuer=None)
        | Q(organization=F("requirement__issuer"))
        | Q(organization__parent=F("requirement__issuer"))
    )
    # What a person moved here is owed, whomever the requirement names.
    received = Q(Exists(ReviewStep.objects.filter(obligation=OuterRef("pk"), act=Act.RECEIVE)))
    return (asked & below_issuer) | received


def _taken_away(obligations: ObligationQuerySet, back_on: date | None, zone: ZoneInfo) -> ObligationQuerySet:
    """Return those whose latest step took them away because the organization had left.

    With ``back_on``, the day it returned in its region, without those that fell due while it was away.
    """
    latest = ReviewStep.objects.filter(obligation=OuterRef("pk")).order_by("-pk")
    taken = (
        obligations.filter(state=State.CANCELLED)
        .alias(last_act=Subquery(latest.values("act")[:1]))
        .filter(last_act=Act.LEAVE)
    )
    if back_on is None:
        return taken
    left_at = Subquery(latest.values("at")[:1], output_field=DateTimeField())
    return taken.alias(left_on=TruncDate(left_at, tzinfo=zone)).filter(
        Q(due_on__gte=back_on) | Q(due_on__lt=F("left_on"))
    )


def _insert(
    requirements: Sequence[Requirement],
    group: str,
    at: datetime,
    *,
    tightened: bool,
    levelled: bool,
    joined_on: date | None,
    organizations: Collection[int] | None,
) -> int:
    """Insert the obligations of one kind of body ('' = named organizations) for the requirements."""
    ids = [requirement.pk for requirement in requirements]
    if not ids or (organizations is not None and not organizations):
        return 0
    # SQLite keeps moments as text in UTC: only the database's own adapter writes them comparably.
    parameters: list[str | int | datetime | None] = [State.OPEN.value, connection.ops.adapt_datetimefield_value(at)]
    if group:
        join, where = "organization.kind = %s", f"body.organization_id IS NULL AND body.{_quote('group')} = %s"
        parameters += [GROUP_KIND[group].value, group]
    else:
        join, where = "organization.id = body.organization_id", "body.organization_id IS NOT NULL"
    if trait := GROUP_WITHOUT_TRAIT.get(group):
        where += (
            f" AND NOT EXISTS (SELECT 1 FROM {_table(OrganizationTrait)} trait"  # noqa: S608
            " WHERE trait.organization_id = organization.id"
            " AND trait.academic_year = requirement.academic_year AND trait.trait = %s)"
        )
        parameters.append(trait.value)
    due = "requirement.due_on"
    if levelled:
        due = (
            f"COALESCE((SELECT level_due.due_on FROM {_table(LevelDue)} level_due"  # noqa: S608
            f" WHERE level_due.requirement_id = requirement.id AND level_due.level = {_LEVEL}"
            " AND level_due.due_on < requirement.due_on), requirement.due_on)"
        )
    if tightened:
        # The earliest date that the organization or the one above it has set counts, if it is earlier at all.
        due = (
            f"COALESCE((SELECT MIN(tightening.due_on) FROM {_table(Tightening)} tightening"  # noqa: S608
            f" WHERE tightening.requirement_id = requirement.id AND tightening.due_on < {due}"
            f" AND tightening.organization_id IN (organization.id, organization.parent_id)), {due})"
        )
    narrowed, last = "", list[str | int]()
    if joined_on is not None:
        # The first of their kind are no newcomers: the registry is being filled.
        narrowed += (
            " AND (requirement.due_on >= %s OR NOT EXISTS"  # noqa: S608
            f" (SELECT 1 FROM {_table(Obligation)} other JOIN {_table(Organization)} owes"
            " ON owes.id = other.organization_id AND owes.kind = organization.kind"
            " WHERE other.requirement_id = requirement.id))"
        )
        last.append(joined_on.isoformat())
    if organizations is not None:
        narrowed += f" AND organization.id IN ({', '.join(['%s'] * len(organizations))})"
        last += organizations
    # Only names of our own tables and placeholders are put into the text; every value is a parameter.
    statement = (
        f"INSERT INTO {_table(Obligation)} (requirement_id, organization_id, state, due_on, note, created_at)"  # noqa: S608
        f" SELECT requirement.id, organization.id, %s, {due}, '', %s"
        f" FROM {_table(Requirement)} requirement"
        f" JOIN {_table(RequirementBody)} body ON body.requirement_id = requirement.id"
        f" JOIN {_table(Organization)} organization ON {join}"
        " AND organization.region_id = requirement.region_id AND organization.is_active"
        " AND (requirement.issuer_id IS NULL OR requirement.issuer_id IN (organization.id, organization.parent_id))"
        f" WHERE {where} AND requirement.id IN ({', '.join(['%s'] * len(ids))}){narrowed}"
        " ON CONFLICT (requirement_id, organization_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *ids, *last])
        return max(int(cursor.rowcount), 0)


def _table(
    model: type[Obligation | Requirement | RequirementBody | Organization | OrganizationTrait | Tightening | LevelDue],
) -> str:
    """Return the model's table, quoted for the database in use."""
    return _quote(model._meta.db_table)


def _quote(name: str) -> str:
    """Quote an identifier for the database in use."""
    return connection.ops.quote_name(name)
