"""Filters about people and invitations: ``{% load people %}``."""

from datetime import datetime

from django import template

from accounts.models import Invitation, InvitationState

register = template.Library()


@register.filter
def has_expired(invitation: Invitation, now: datetime) -> bool:
    """``{{ invitation|has_expired:now }}`` → the link ran out unused."""
    return invitation.is_expired(now)


@register.filter
def invitation_state(value: str) -> str:
    """``{{ post.invitation_state|invitation_state }}`` → «отправлено»."""
    return str(InvitationState(value).label).lower() if value in InvitationState.values else ""
