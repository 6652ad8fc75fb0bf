"""Yes/no questions about plans and norms. No rule reads the clock or writes."""

from datetime import date

from accounts.models import Region, User
from accounts.roles import Role
from obligations import rules
from obligations.models import Obligation
from obligations.states import State


def may_set_norms(user: User, region: Region) -> bool:
    """Tell whether the user sets the norms of the region: they serve its ministry."""
    return any(
        membership.role == Role.MINISTRY and membership.organization.region_id == region.pk
        for membership in user.active_memberships
    )


def is_year_over(obligation: Obligation, today: date) -> bool:
    """Tell whether the academic year of a plan has ended: nothing of it is changed any more."""
    return today > obligation.requirement.year.end


def can_edit_plan(user: User, obligation: Obligation, *, today: date) -> bool:
    """Tell whether the user may change the plan now: it is theirs, not handed in, and its year is not over."""
    return rules.can_edit(user, obligation) and not is_year_over(obligation, today)


def can_note_hours(user: User, obligation: Obligation, *, today: date) -> bool:
    """Tell whether the user may note hours held: the plan is theirs and accepted, its year is not over."""
    return obligation.state == State.ACCEPTED and rules.owns(user, obligation) and not is_year_over(obligation, today)
