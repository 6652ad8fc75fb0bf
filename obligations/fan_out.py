"""Fan-out: from requirements to obligations of organizations, set-based and idempotent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Q

from accounts.models import (
    GROUP_KIND,
    GROUP_WITHOUT_TRAIT,
    BodyGroup,
    Organization,
    OrganizationTrait,
    User,
)
from accounts.querysets import OrganizationQuerySet
from obligations import workflow
from obligations.models import Obligation, Requirement, RequirementBody
from obligations.states import State


@dataclass(frozen=True)
class BodyReach:
    """How many organizations a body reaches, and how many of its kind it leaves out and why."""

    label: str
    reached: int
    closed: int = 0
    with_trait: int = 0


def organizations_of(
    *, region_id: int, academic_year: int, organization_id: int | None, group: str
) -> OrganizationQuerySet:
    """Return the open organizations that a body stands for in a region and year."""
    organizations = Organization.objects.filter(region=region_id).active()
    if organization_id:
        return organizations.filter(pk=organization_id)
    organizations = organizations.filter(kind=GROUP_KIND[group])
    if trait := GROUP_WITHOUT_TRAIT.get(group):
        holders = OrganizationTrait.objects.filter(academic_year=academic_year, trait=trait)
        organizations = organizations.exclude(pk__in=holders.values("organization"))
    return organizations


def reach(*, region_id: int, academic_year: int, organization: Organization | None, group: str) -> BodyReach:
    """Count whom a body reaches, for the preview of a fan-out."""
    reached = organizations_of(
        region_id=region_id,
        academic_year=academic_year,
        organization_id=organization.pk if organization else None,
        group=group,
    ).count()
    if organization:
        return BodyReach(organization.short_name, reached, closed=1 - reached)
    holder = Q()
    if trait := GROUP_WITHOUT_TRAIT.get(group):
        holder = Q(traits__academic_year=academic_year, traits__trait=trait)
    kind = Organization.objects.filter(region=region_id, kind=GROUP_KIND[group])
    counts = kind.aggregate(
        closed=Count("pk", filter=Q(is_active=False), distinct=True),
        holders=Count("pk", filter=Q(is_active=True) & holder, distinct=True) if holder else Count("pk", filter=Q(pk=None)),
    )
    return BodyReach(BodyGroup(group).label, reached, closed=counts["closed"], with_trait=counts["holders"])


def fan_out(*, requirements: Sequence[Requirement], by: User | None, at: datetime) -> int:
    """Create what organizations owe under the requirements and return how many rows are new.

    One ``INSERT … SELECT`` per body group, however many organizations there are. Run again, it adds
    only organizations that came later and never resets a state.
    """
    created = 0
    with transaction.atomic():
        for group in ["", *BodyGroup.values]:
            created += _insert(requirements, group, at)
    return created


def reconcile(*, requirements: Sequence[Requirement], by: User | None, at: datetime) -> tuple[int, int]:
    """Bring obligations in step with the registry: add newcomers, cancel those that left.

    Returns (added or restored, cancelled).
    """
    with transaction.atomic():
        owed = Obligation.objects.filter(requirement__in=[requirement.pk for requirement in requirements])
        added = fan_out(requirements=requirements, by=by, at=at)
        closed = owed.filter(organization__is_active=False)
        cancelled = workflow.cancel_many(obligations=closed, by=by, at=at, comment="Организация закрыта")
        back = owed.filter(organization__is_active=True, state=State.CANCELLED)
        restored = workflow.restore_many(obligations=back, by=by, at=at, comment="Организация снова действует")
    return added + restored, cancelled


def _insert(requirements: Sequence[Requirement], group: str, at: datetime) -> int:
    """Insert the obligations of one kind of body ('' = named organizations) for the requirements."""
    ids = [requirement.pk for requirement in requirements]
    if not ids:
        return 0
    parameters: list[object] = [State.OPEN.value, at]
    if group:
        join, where = "organization.kind = %s", f"body.organization_id IS NULL AND body.{_quote('group')} = %s"
        parameters += [GROUP_KIND[group].value, group]
    else:
        join, where = "organization.id = body.organization_id", "body.organization_id IS NOT NULL"
    if trait := GROUP_WITHOUT_TRAIT.get(group):
        where += (
            f" AND NOT EXISTS (SELECT 1 FROM {_table(OrganizationTrait)} trait"
            " WHERE trait.organization_id = organization.id"
            " AND trait.academic_year = requirement.academic_year AND trait.trait = %s)"
        )
        parameters.append(trait.value)
    statement = (
        f"INSERT INTO {_table(Obligation)} (requirement_id, organization_id, state, due_on, note, created_at)"
        " SELECT requirement.id, organization.id, %s, requirement.due_on, '', %s"
        f" FROM {_table(Requirement)} requirement"
        f" JOIN {_table(RequirementBody)} body ON body.requirement_id = requirement.id"
        f" JOIN {_table(Organization)} organization ON {join}"
        " AND organization.region_id = requirement.region_id AND organization.is_active"
        f" WHERE {where} AND requirement.id IN ({', '.join(['%s'] * len(ids))})"
        " ON CONFLICT (requirement_id, organization_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, *ids])
        return max(cursor.rowcount, 0)


def _table(model: type[Obligation | Requirement | RequirementBody | Organization | OrganizationTrait]) -> str:
    """Return the model's table, quoted for the database in use."""
    return _quote(model._meta.db_table)


def _quote(name: str) -> str:
    """Quote an identifier for the database in use."""
    return connection.ops.quote_name(name)
