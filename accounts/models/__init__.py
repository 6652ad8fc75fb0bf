"""Who is who: regions, the tree of organizations, people, the roles they hold, and how they get in."""

from accounts.models.access import (
    AccessEvent,
    AccessEventKind,
    PasswordReset,
    PersonSession,
    SignInAttempt,
)
from accounts.models.invitations import Invitation, InvitationBatch, InvitationState
from accounts.models.organizations import (
    GROUP_KIND,
    GROUP_WITHOUT_TRAIT,
    Body,
    BodyAlias,
    BodyGroup,
    Organization,
    OrganizationKind,
    OrganizationTrait,
    Region,
    Trait,
    validate_time_zone,
)
from accounts.models.people import Membership, User, UserManager, roles_for

__all__ = [
    "GROUP_KIND",
    "GROUP_WITHOUT_TRAIT",
    "AccessEvent",
    "AccessEventKind",
    "Body",
    "BodyAlias",
    "BodyGroup",
    "Invitation",
    "InvitationBatch",
    "InvitationState",
    "Membership",
    "Organization",
    "OrganizationKind",
    "OrganizationTrait",
    "PasswordReset",
    "PersonSession",
    "Region",
    "SignInAttempt",
    "Trait",
    "User",
    "UserManager",
    "roles_for",
    "validate_time_zone",
]
