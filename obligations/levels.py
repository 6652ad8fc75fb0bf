"""Levels of the ladder: who hands in to whom, and so by when.

A school of a municipality hands in to it, a municipality to the ministry. A school on the regional budget answers to
the ministry directly: it needs no municipal review, so its date is another one (docs/adr/0021).
"""

from django.db.models import Q, TextChoices

from accounts.models import Organization, OrganizationKind


class Level(TextChoices):
    """A level below the region; whoever stands on none owes by the region's own date."""

    MUNICIPALITY = "municipality", "Муниципалитеты"
    SCHOOL = "school", "Школы муниципалитетов"
    REGIONAL_SCHOOL = "regional_school", "Школы регионального подчинения"


def level_by_kind(kind: str, parent_kind: str | None) -> Level | None:
    """Return the level of an organization of one kind below one of another; None where it stands on none."""
    if kind == OrganizationKind.MUNICIPALITY:
        return Level.MUNICIPALITY
    if kind == OrganizationKind.SCHOOL:
        return Level.REGIONAL_SCHOOL if parent_kind == OrganizationKind.MINISTRY else Level.SCHOOL
    return None


def level_of(organization: Organization) -> Level | None:
    """Return the level of an organization; its parent should be at hand."""
    return level_by_kind(organization.kind, organization.parent.kind if organization.parent else None)


def on_level(level: str, path: str = "organization__") -> Q:
    """Return the condition under which an organization, reached by ``path``, stands on the level."""
    if level == Level.MUNICIPALITY:
        return Q(**{f"{path}kind": OrganizationKind.MUNICIPALITY})
    is_regional = Q(**{f"{path}parent__kind": OrganizationKind.MINISTRY})
    return Q(**{f"{path}kind": OrganizationKind.SCHOOL}) & (
        is_regional if level == Level.REGIONAL_SCHOOL else ~is_regional
    )
