"""Who appoints whom, and who looks after whose access. Pure: nothing is written, no clock is read."""

from accounts.models import Membership, Organization, User, roles_for
from accounts.roles import Role

# Roles that have anything to do with other people's access.
STAFFING = (Role.ADMINISTRATOR, Role.COORDINATOR)


def staffs_anyone(user: User) -> bool:
    """Tell whether pages about people are the user's business at all."""
    return user.is_superuser or user.has_role(*STAFFING)


def administers_anyone(user: User) -> bool:
    """Tell whether the user is an administrator anywhere."""
    return user.is_superuser or user.has_role(Role.ADMINISTRATOR)


def staffs(user: User, organization: Organization) -> bool:
    """Tell whether the user appoints the people of the organization: see ``OrganizationQuerySet.staffed_by``."""
    return (
        user.is_superuser
        or organization.region_id in user.administered_region_ids
        or organization.parent_id in user.coordinated_organization_ids
    )


def may_invite(user: User, organization: Organization, role: str) -> bool:
    """Tell whether the user may ask somebody into that role of that organization."""
    return organization.is_active and role in roles_for(organization.kind) and staffs(user, organization)


def administers(user: User, person: User) -> bool:
    """Tell whether the user may unlock the person, end their sessions and reset their second factor.

    An administrator does so for whoever serves or has served in the region, save themselves: for
    one's own access the profile asks who one is. The host's own administrators are out of a
    region's reach.
    """
    if user.pk == person.pk:
        return False
    if user.is_superuser:
        return True
    regions = user.administered_region_ids
    return (
        not person.is_superuser
        and bool(regions)
        and Membership.objects.filter(user=person, organization__region__in=regions).exists()
    )
