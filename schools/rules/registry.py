"""Yes/no questions about the registry of schools."""

from accounts.models import Organization, Region, User
from accounts.querysets import RegionQuerySet
from accounts.roles import Role


def importable_regions(user: User) -> RegionQuerySet:
    """Regions whose school lists the user may import: where they are administrator; the host's own, everywhere."""
    if user.is_superuser:
        return Region.objects.order_by("name")
    regions = {one.organization.region_id for one in user.active_memberships if one.role == Role.ADMINISTRATOR}
    return Region.objects.filter(pk__in=regions).order_by("name")


def may_change_status(user: User, school: Organization) -> bool:
    """Tell whether the user may close and open the school: they keep the registry of its region."""
    return importable_regions(user).filter(pk=school.region_id).exists()


def may_import(user: User) -> bool:
    """Tell whether the user keeps the registry of any region."""
    return user.is_superuser or user.has_role(Role.ADMINISTRATOR)
