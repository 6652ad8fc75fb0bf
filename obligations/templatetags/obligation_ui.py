"""What templates ask of an obligation: ``{% load obligation_ui %}``."""

from datetime import date

from django import template

from obligations.models import Obligation

register = template.Library()


@register.filter
def is_overdue(obligation: Obligation, today: date) -> bool:
    """``{% if obligation|is_overdue:today %}``: not handed in, and its time is up."""
    return obligation.is_overdue(today)


@register.filter
def was_late(obligation: Obligation) -> bool:
    """``{% if obligation|was_late %}``: first handed in after the due date, on the region's clocks."""
    first = obligation.first_submitted_at
    return first is not None and obligation.organization.region.local(first).date() > obligation.due_on
