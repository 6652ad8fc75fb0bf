"""Yes/no questions about roadmaps. No rule reads the clock or writes."""

from accounts.models import Region, User
from accounts.roles import Role
from roadmap.deadlines import ScheduleKind
from roadmap.models import Item, Roadmap


def may_manage(user: User, region: Region) -> bool:
    """Tell whether the user reads orders in and approves them: they serve the region's ministry."""
    return any(
        membership.role == Role.MINISTRY and membership.organization.region_id == region.pk
        for membership in user.active_memberships
    )


def managed_regions(user: User) -> list[Region]:
    """Return the regions whose roadmaps the user keeps; mostly one, mostly none."""
    regions = {
        membership.organization.region_id: membership.organization.region
        for membership in user.active_memberships
        if membership.role == Role.MINISTRY
    }
    return list(regions.values())


def can_correct(user: User, roadmap: Roadmap) -> bool:
    """Tell whether the user may change the edition now: a draft of their region."""
    return roadmap.is_draft and may_manage(user, roadmap.region)


def can_date(user: User, item: Item) -> bool:
    """Tell whether the user may name dates for an item in force that its order left without any."""
    roadmap = item.section.roadmap
    return roadmap.is_in_force and not item.is_dated and may_manage(user, roadmap.region)


def can_carry_over(user: User, roadmap: Roadmap) -> bool:
    """Tell whether the user may start another edition from this one: it was approved once."""
    return not roadmap.is_draft and may_manage(user, roadmap.region)


def is_doubtful(item: Item) -> bool:
    """Tell whether a person should look at the item before approving."""
    return (
        bool(item.doubts)
        or (item.schedule_kind == ScheduleKind.UNRESOLVED and not item.is_dated)
        or any(not body.is_resolved for body in item.bodies.all())
    )
