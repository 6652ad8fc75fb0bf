"""Scope of a report: the part of the region that its figures are about."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.models import Organization, OrganizationKind, Region, User
from obligations.aggregates import is_summed_up


class ScopeKind(StrEnum):
    """What part of the region a scope is."""

    REGION = "region"
    MUNICIPALITY = "municipality"
    REGIONAL_BUDGET = "regional_budget"  # schools that answer to the region itself (ОГОО)
    REGIONAL_LEVEL = "regional_level"  # the ministry, the operator, institutions, partners
    ORGANIZATIONS = "organizations"  # those the person serves


@dataclass(frozen=True)
class Scope:
    """A part of the region under the name people know it by."""

    kind: ScopeKind
    label: str
    municipality_id: int | None = None


def scope_under(*, user: User, owner: Organization) -> Scope:
    """Name whom the person's figures are about in the own roadmap of a municipality or a school."""
    if is_summed_up(user, owner):
        return Scope(ScopeKind.MUNICIPALITY, owner.short_name, owner.pk)
    if owner.kind == OrganizationKind.MUNICIPALITY:
        # One of its schools looks at it, and sees itself.
        return scope_for(user=user, region=owner.region, municipality=None)
    return Scope(ScopeKind.ORGANIZATIONS, owner.short_name)


def scope_for(*, user: User, region: Region, municipality: Organization | None) -> Scope:
    """Name the part of the region that the person's figures are about, narrowed where they asked for it.

    It only names: what is counted is what ``visible_to`` lets through.
    """
    if municipality:
        return Scope(ScopeKind.MUNICIPALITY, municipality.short_name, municipality.pk)
    if user.sees_whole_region(region.pk):
        return Scope(ScopeKind.REGION, region.name)
    served = {
        membership.organization_id: membership.organization
        for membership in user.active_memberships
        if membership.organization.region_id == region.pk
    }
    if len(served) == 1:
        (organization,) = served.values()
        if organization.kind == OrganizationKind.MUNICIPALITY:
            return Scope(ScopeKind.MUNICIPALITY, organization.short_name, organization.pk)
    return Scope(ScopeKind.ORGANIZATIONS, ", ".join(organization.short_name for organization in served.values()))
