"""Yes/no questions about roadmaps. No rule reads the clock or writes."""

from accounts.models import Organization, OrganizationKind, Region, User
from accounts.roles import Role
from roadmap.deadlines import ScheduleKind
from roadmap.models import Item, Roadmap
from roadmap.querysets import KEEPERS


def may_manage(user: User, region: Region) -> bool:
    """Tell whether the user reads orders in and approves them: they serve the region's ministry."""
    return any(
        membership.role == Role.MINISTRY and membership.organization.region_id == region.pk
        for membership in user.active_memberships
    )


def keeps(user: User, roadmap: Roadmap) -> bool:
    """Tell whether the roadmap is the user's to correct and approve.

    The region's are the ministry's, a municipality's its coordinator's, a school's its deputy's.
    """
    if roadmap.owner_id is None:
        return may_manage(user, roadmap.region)
    return any(organization.pk == roadmap.owner_id for organization in own_organizations(user))


def managed_regions(user: User) -> list[Region]:
    """Return the regions whose roadmaps the user keeps; mostly one, mostly none."""
    regions = {
        membership.organization.region_id: membership.organization.region
        for membership in user.active_memberships
        if membership.role == Role.MINISTRY
    }
    return list(regions.values())


def own_organizations(user: User) -> list[Organization]:
    """Return the municipalities and schools whose own roadmaps the user keeps."""
    organizations = {
        membership.organization_id: membership.organization
        for membership in user.active_memberships
        if membership.role in KEEPERS
        and membership.organization.kind in (OrganizationKind.MUNICIPALITY, OrganizationKind.SCHOOL)
    }
    return list(organizations.values())


def may_derive(user: User, roadmap: Roadmap) -> list[Organization]:
    """Return the organizations for which the user may derive a roadmap from this edition in force.

    A municipality derives from the region's, a school from its municipality's or the region's.
    """
    if not roadmap.is_in_force:
        return []
    return [
        organization
        for organization in own_organizations(user)
        if organization.region_id == roadmap.region_id
        and (roadmap.owner_id is None or organization.parent_id == roadmap.owner_id)
    ]


def can_correct(user: User, roadmap: Roadmap) -> bool:
    """Tell whether the user may change the edition now: a draft of theirs."""
    return roadmap.is_draft and keeps(user, roadmap)


def can_date(user: User, item: Item) -> bool:
    """Tell whether the user may name dates for an item in force that its order left without any."""
    roadmap = item.section.roadmap
    return roadmap.is_in_force and not item.is_dated and not item.is_inherited and keeps(user, roadmap)


def can_set_form(user: User, item: Item) -> bool:
    """Tell whether the user may say what closes an item: it is in force and their own, not the edition's above."""
    roadmap = item.section.roadmap
    return roadmap.is_in_force and not item.is_inherited and keeps(user, roadmap)


def can_carry_over(user: User, roadmap: Roadmap) -> bool:
    """Tell whether the user may start another edition from this one: it was approved once."""
    return not roadmap.is_draft and keeps(user, roadmap)


def can_withdraw(user: User, roadmap: Roadmap) -> bool:
    """Tell whether the user may take the edition out of force: it is in force and theirs to keep."""
    return roadmap.is_in_force and keeps(user, roadmap)


def can_settle(item: Item) -> bool:
    """Tell whether the doubts of an item may be waved through as they are: nothing in it is missing or unread."""
    bodies = item.bodies.all()
    return (
        bool(item.doubts)
        and bool(item.number and item.title)
        and (item.schedule_kind != ScheduleKind.UNRESOLVED or item.is_dated)
        and bool(bodies)
        and all(body.is_resolved for body in bodies)
    )


def is_doubtful(item: Item) -> bool:
    """Tell whether a person should look at the item before approving."""
    return (
        bool(item.doubts)
        or (item.schedule_kind == ScheduleKind.UNRESOLVED and not item.is_dated)
        or any(not body.is_resolved for body in item.bodies.all())
    )
