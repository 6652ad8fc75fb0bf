"""Yes/no questions about the registry of schools."""

from enum import StrEnum

from accounts.models import Organization, Region, User
from accounts.querysets import RegionQuerySet
from accounts.roles import Role


def importable_regions(user: User) -> RegionQuerySet:
    """Regions whose school lists the user may import: where they are administrator; the host's own, everywhere."""
    if user.is_superuser:
        return Region.objects.order_by("name")
    regions = {one.organization.region_id for one in user.active_memberships if one.role == Role.ADMINISTRATOR}
    return Region.objects.filter(pk__in=regions).order_by("name")


def kept_region_ids(user: User) -> set[int]:
    """Regions whose registry the user keeps, by id: the ministry and the administrators; the host's own, all."""
    if user.is_superuser:
        return set(Region.objects.values_list("pk", flat=True))
    keepers = (Role.MINISTRY, Role.ADMINISTRATOR)
    return {one.organization.region_id for one in user.active_memberships if one.role in keepers}


def keeps_registry(user: User, school: Organization) -> bool:
    """Tell whether the user may change everything the registry says of the school."""
    return user.is_superuser or school.region_id in kept_region_ids(user)


class Section(StrEnum):
    """A part of a school's card that is filled in by itself."""

    CONTACTS = "contacts"
    ENROLMENT = "enrolment"
    CLASSES = "classes"
    LEVEL = "level"
    DETAILS = "details"


# What the school itself and its municipality fill in; the rest is for those who keep the registry.
OWN_SECTIONS = frozenset({Section.CONTACTS, Section.ENROLMENT, Section.CLASSES})
# What a school tells anew for each academic year.
YEARLY_SECTIONS = frozenset({Section.ENROLMENT, Section.CLASSES, Section.LEVEL})


def may_edit(user: User, school: Organization, section: Section) -> bool:
    """Tell whether the user fills in the part: keepers all, the school's deputy and its coordinator their own."""
    if keeps_registry(user, school):
        return True
    if section not in OWN_SECTIONS or not school.is_active:
        return False
    return any(
        (one.role == Role.DEPUTY and one.organization_id == school.pk)
        or (one.role == Role.COORDINATOR and one.organization_id == school.parent_id)
        for one in user.active_memberships
    )


def may_change_status(user: User, school: Organization) -> bool:
    """Tell whether the user may close and open the school: they keep the registry of its region."""
    return keeps_registry(user, school)


def may_import(user: User) -> bool:
    """Tell whether the user keeps the registry of any region."""
    return user.is_superuser or user.has_role(Role.ADMINISTRATOR)
