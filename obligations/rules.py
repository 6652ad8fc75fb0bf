"""Yes/no questions about obligations. No rule reads the clock or writes."""

from datetime import date

from accounts import russian
from accounts.models import Organization, OrganizationKind, User
from accounts.roles import Role
from obligations.models import Obligation
from obligations.states import AT_REVIEWER, TRANSITIONS, WITH_OWNER, Act, Side, State


def owns(user: User, obligation: Obligation) -> bool:
    """Tell whether the user answers for the organization that owes."""
    return user.acts_for(obligation.organization)


def reviews(user: User, obligation: Obligation) -> bool:
    """Tell whether the user reviews what the organization owes: they serve its parent in the tree.

    The ministry has no parent; its own obligations are decided by the ministry.
    """
    reviewer_id = obligation.organization.parent_id or obligation.organization_id
    return any(
        membership.organization_id == reviewer_id and membership.role in (Role.MINISTRY, Role.COORDINATOR)
        for membership in user.active_memberships
    )


def governs(user: User, obligation: Obligation) -> bool:
    """Tell whether the user steers the region's roadmap: they serve its ministry."""
    return any(
        membership.role == Role.MINISTRY
        and membership.organization.kind == OrganizationKind.MINISTRY
        and membership.organization.region_id == obligation.organization.region_id
        for membership in user.active_memberships
    )


def may_hand_to(user: User, obligation: Obligation, organization: Organization) -> bool:
    """Tell whether the user may move the duty to the organization.

    It is another open one of the same region; the ministry chooses freely, a coordinator among the
    municipality and its schools.
    """
    if organization.pk == obligation.organization_id or not organization.is_active:
        return False
    if organization.region_id != obligation.organization.region_id:
        return False
    return governs(user, obligation) or any(
        membership.role == Role.COORDINATOR and membership.organization_id in (organization.pk, organization.parent_id)
        for membership in user.active_memberships
    )


def may(user: User, act: Act, obligation: Obligation) -> bool:
    """Tell whether the move is this user's to make, whatever state the obligation is in."""
    match TRANSITIONS[act].side:
        case Side.OWNER:
            return owns(user, obligation)
        case Side.REVIEWER:
            return reviews(user, obligation)
        case Side.REGION:
            return governs(user, obligation)
        case Side.REVIEWER_OR_REGION:
            return reviews(user, obligation) or governs(user, obligation)
        case Side.REGISTRY:
            return False


def can(user: User, act: Act, obligation: Obligation) -> bool:
    """Tell whether the user may make the move now: the state allows it and the move is theirs."""
    return obligation.state in TRANSITIONS[act].sources and may(user, act, obligation)


def fault_of_new_date(obligation: Obligation, due_on: date, *, today: date) -> str:
    """Say why the obligation cannot be extended to a date, or nothing.

    The new date is later than the present one, has not passed, and lies in the academic year of the roadmap.
    """
    if due_on <= obligation.due_on:
        return f"Новый срок должен быть позже нынешнего, {russian.day(obligation.due_on)}"
    if due_on < today:
        return "Новый срок не может быть в прошлом."
    last = obligation.requirement.year.end
    if due_on > last:
        return f"Продлить можно не дальше конца учебного года, {russian.day(last)}"
    return ""


def can_edit(user: User, obligation: Obligation) -> bool:
    """Tell whether the user may change evidence and note: what is handed in is locked."""
    return obligation.state in WITH_OWNER and owns(user, obligation)


def can_decide(user: User, obligation: Obligation) -> bool:
    """Tell whether the obligation waits for this user's decision."""
    return obligation.state in AT_REVIEWER and reviews(user, obligation)


def is_locked(obligation: Obligation) -> bool:
    """Tell whether the obligation is read-only for its owner."""
    return obligation.state in (*AT_REVIEWER, State.ACCEPTED, State.CANCELLED)


def is_reviewer(user: User) -> bool:
    """Tell whether the user reviews anybody at all, and so has an inbox."""
    return user.has_role(Role.MINISTRY, Role.COORDINATOR)
