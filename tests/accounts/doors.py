"""The doors of people and of access, for ``tests/test_permissions.py``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts import rules
from accounts.models import Invitation, InvitationBatch, Membership, Organization, PersonSession, User
from accounts.roles import Role
from tests.accounts.stories import invited

# Whoever stands before these has not signed in yet.
PUBLIC = {
    "account_login",
    "accounts:password_reset",
    "accounts:password_reset_sent",
    "accounts:password_reset_confirm",
    "accounts:invitation",
    "accounts:invitation_accept",
    "mfa_authenticate",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
}
# They ask who one is once more before they look at anything: tests/accounts/test_second_factor.py tries them.
ASKED_AGAIN = {
    "account_logout",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def furnish(people: Mapping[str, User], now: datetime) -> None:
    """Write invitations into every organization of the cast, a bulk send and a session for everybody."""
    for person in people.values():
        for membership in person.active_memberships:
            invited(membership.organization, by=person, now=now, role=Role(membership.role))
        PersonSession.objects.create(
            user=person, session_key=f"key-{person.pk}", signed_in_at=now, seen_at=now, address="192.0.2.1"
        )
    for name in ("zoya", "boris"):
        region = people[name].active_memberships[0].organization.region
        InvitationBatch.objects.create(region=region, by=people[name], at=now)


def _staffs(user: User, _thing: Any) -> bool:
    return rules.staffs_anyone(user)


def _hands_over(user: User, membership: Membership) -> bool:
    return membership.user_id != user.pk


def _door(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": f"accounts:{name}", **fields}


def _of(model: Any, visible: Any, *methods: str, **fields: Any) -> dict[str, Any]:
    return {"objects": lambda _world: model.objects.all(), "visible": visible, "methods": methods, **fields}


_PERSON = (User, User.objects.visible_to)
_POST = (Membership, Membership.objects.visible_to)
_ORGANIZATION = (Organization, Organization.objects.staffed_by)
_INVITATION = (Invitation, Invitation.objects.visible_to)
_BATCH = (InvitationBatch, InvitationBatch.objects.visible_to)

DOORS: list[dict[str, Any]] = [
    _door("act_for", methods=("post",)),
    _door("session_end", **_of(PersonSession, PersonSession.objects.visible_to, "post")),
    _door("session_end_others", methods=("post",)),
    _door("people", may=_staffs),
    _door("invite_schools", may=_staffs, methods=("get", "post")),
    _door("invitations", may=_staffs),
    _door("person", **_of(*_PERSON, "get")),
    _door("unlock", **_of(*_PERSON, "post", may=rules.administers)),
    _door("factor_reset", **_of(*_PERSON, "post", may=rules.administers)),
    _door("sessions_end", **_of(*_PERSON, "post", may=rules.administers)),
    _door("hand_over", **_of(*_POST, "get", "post", may=_hands_over)),
    _door("remind", **_of(*_POST, "post")),
    _door("organization", **_of(*_ORGANIZATION, "get")),
    _door("invite", **_of(*_ORGANIZATION, "get", "post")),
    _door("invitation_resend", **_of(*_INVITATION, "post")),
    _door("invitation_withdraw", **_of(*_INVITATION, "post")),
    _door("batch", **_of(*_BATCH, "get")),
    _door("batch_status", **_of(*_BATCH, "get")),
    *(
        {"name": name}
        for name in (
            "account_reauthenticate",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_generate_recovery_codes",
        )
    ),
]
