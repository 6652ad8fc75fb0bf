"""Fan-out: from requirements to obligations of organizations, set-based and idempotent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from accounts.models import (
    GROUP_KIND,
    GROUP_WITHOUT_TRAIT,
    BodyGroup,
    Organization,
    OrganizationTrait,
    User,
)
from accounts.querysets import OrganizationQuerySet
from obligations import notices, workflow
from obligations.models import Obligation, Requirement, RequirementBody, ReviewStep, Tightening
from obligations.querysets import ObligationQuerySet
from obligations.states import Act, State

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class BodyReach:
    """How many organizations a body reaches, and how many of its kind it leaves out and why."""

    label: str
    reached: int
    closed: int = 0
    with_trait: int = 0


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
    return BodyReach(BodyGroup(group).label, reached, closed=counts["closed"], with_trait=counts["open"] - reached)


def fan_out(*, requirements: Sequence[Requirement], by: User | None, at: datetime) -> int:
    """Create what organizations owe under the requirements and return how many rows are new.

    One ``INSERT … SELECT`` per body group, however many organizations there are. Run again, it adds
    only organizations that came later and never resets a state.
    """
    created = 0
    with transaction.atomic():
        tightened = Tightening.objects.filter(requirement__in=[requirement.pk for requirement in requirements]).exists()
        for group in ["", *BodyGroup.values]:
            created += _insert(requirements, group, at, tightened=tightened)
        if created:
            notices.tell_assigned(requirements=requirements, by=by, at=at)
    log.info("obligations fanned out", requirements=len(requirements), created=created, by=by.pk if by else None)
    return created


def reconcile(*, requirements: Sequence[Requirement], by: User | None, at: datetime) -> tuple[int, int]:
    """Bring obligations in step with the registry: add newcomers, cancel those that left.

    What a person cancelled stays cancelled; only what an earlier reconciliation took away comes
    back. Returns (added or restored, cancelled).
    """
    with transaction.atomic():
        owed = Obligation.objects.filter(requirement__in=[requirement.pk for requirement in requirements])
        added = fan_out(requirements=requirements, by=by, at=at)
        cancelled = workflow.cancel_many(
            obligations=owed.filter(organization__is_active=False), by=by, at=at, comment="Организация закрыта."
        )
        cancelled += workflow.cancel_many(
            obligations=owed.exclude(_is_asked()),
            by=by,
            at=at,
            comment="Организация больше не входит в число исполнителей мероприятия.",
        )
        restored = workflow.restore_many(
            obligations=_taken_away(owed).filter(_is_asked(), organization__is_active=True),
            by=by,
            at=at,
            comment="Организация снова в числе исполнителей.",
        )
    return added + restored, cancelled


def _is_asked() -> Q:
    """The condition under which an obligation's organization is among the bodies of its requirement."""
    bodies = RequirementBody.objects.filter(requirement=OuterRef("requirement"))
    asked = Q(Exists(bodies.filter(organization=OuterRef("organization"))))
    # What a person moved here is owed, whomever the requirement names.
    asked |= Q(Exists(ReviewStep.objects.filter(obligation=OuterRef("pk"), act=Act.RECEIVE)))
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
    return asked & below_issuer


def _taken_away(obligations: ObligationQuerySet) -> ObligationQuerySet:
    """Return those whose latest step took them away because the organization had left."""
    latest = ReviewStep.objects.filter(obligation=OuterRef("pk")).order_by("-pk").values("act")[:1]
    return obligations.filter(state=State.CANCELLED).alias(last_act=Subquery(latest)).filter(last_act=Act.LEAVE)


def _insert(requirements: Sequence[Requirement], group: str, at: datetime, *, tightened: bool) -> int:
    """Insert the obligations of one kind of body ('' = named organizations) for the requirements."""
    ids = [requirement.pk for requirement in requirements]
    if not ids:
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
    if tightened:
        # The earliest date that the organization or the one above it has set counts, if it is earlier at all.
        due = (
            f"COALESCE((SELECT MIN(tightening.due_on) FROM {_table(Tightening)} tightening"  # noqa: S608
            " WHERE tightening.requirement_id = requirement.id AND tightening.due_on < requirement.due_on"
            " AND tightening.organization_id IN (organization.id, organization.parent_id)), requirement.due_on)"
        )
    # Only names of our own tables and placeholders are put into the text; every value is a parameter.
    statement = (
        f"INSERT INTO {_table(Obligation)} (requirement_id, organization_id, state, due_on, note, created_at)"  # noqa: S608
        f" SELECT requirement.id, organization.id, %s, {due}, '', %s"
        f" FROM {_table(Requirement)} requirement"
        f" JOIN {_table(RequirementBody)} body ON body.requirement_id = requirement.id"
        f" JOIN {_table(Organization)} organization ON {join}"
        " AND organization.region_id = requirement.region_id AND organization.is_active"
        " AND (requirement.issuer_id IS NULL OR requirement.issuer_id IN (organization.id, organization.parent_id))"
        f" WHERE {where} AND requirement.id IN ({', '.join(['%s'] * len(ids))})"
        " ON CONFLICT (requirement_id, organization_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *ids])
        return max(int(cursor.rowcount), 0)


def _table(
    model: type[Obligation | Requirement | RequirementBody | Organization | OrganizationTrait | Tightening],
) -> str:
    """Return the model's table, quoted for the database in use."""
    return _quote(model._meta.db_table)


def _quote(name: str) -> str:
    """Quote an identifier for the database in use."""
    return connection.ops.quote_name(name)
