"""When one is reminded of an obligation: ``{% load reminders %}{% reminders_of obligation today is_ministry %}``."""

from datetime import date
from typing import Any

from django import template

from accounts.models import OrganizationKind
from accounts.working_days import is_calendar_final
from obligations.chasing.rules import read_schedules
from obligations.models import Obligation

register = template.Library()


@register.inclusion_tag("obligations/_reminders.html")
def reminders_of(obligation: Obligation, today: date, may_change: bool = False) -> dict[str, Any]:
    """Say on which working days the owner is reminded and when others hear of it."""
    organization = obligation.organization
    schedule = read_schedules(organization.region, obligation.requirement).of(obligation.requirement_id)
    dates = schedule.dates(obligation.due_on)
    told_by_municipality = organization.parent is not None and organization.parent.kind == OrganizationKind.MUNICIPALITY
    return {
        "obligation": obligation,
        "dates": [day for day in dates if day >= today],
        "past": len([day for day in dates if day < today]),
        "coordinator_on": schedule.coordinator_on(obligation.due_on) if organization.parent else None,
        "reviewer": organization.parent,
        "ministry_on": schedule.ministry_on(obligation.due_on) if told_by_municipality else None,
        "unsettled": sorted({day.year for day in dates if not is_calendar_final(day.year)}),
        "may_change": may_change,
    }
