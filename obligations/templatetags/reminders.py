"""When one is reminded of an obligation: ``{% load reminders %}{% reminders_of obligation today is_ministry %}``."""

from datetime import date
from typing import Any

from django import template

from accounts.academic_years import AcademicYear
from accounts.models import OrganizationKind
from accounts.working_days import is_calendar_final
from obligations.chasing.content import CHASED_PAST_YEARS
from obligations.chasing.rules import read_schedules
from obligations.models import Obligation
from obligations.timeline import letters_about

register = template.Library()


@register.inclusion_tag("obligations/_reminders.html")
def reminders_of(obligation: Obligation, today: date, may_change: bool = False) -> dict[str, Any]:
    """Say on which working days the owner is reminded and when others hear of it."""
    organization = obligation.organization
    schedule = read_schedules(organization.region, obligation.requirement).of(obligation.requirement_id)
    dates = schedule.dates(obligation.due_on)
    past = any(day < today for day in dates)
    sent_on = sorted(set(letters_about(obligation).order_by().values_list("day", flat=True))) if past else []
    is_chased = obligation.requirement.academic_year >= AcademicYear.of(today).start_year - CHASED_PAST_YEARS
    told_by_municipality = organization.parent is not None and organization.parent.kind == OrganizationKind.MUNICIPALITY
    told = []
    if organization.parent and is_chased:
        told.append((organization.parent.name, schedule.coordinator_on(obligation.due_on)))
        if told_by_municipality:
            told.append(("министерство", schedule.ministry_on(obligation.due_on)))
    return {
        "obligation": obligation,
        "dates": [day for day in dates if day >= today],
        "past": past,
        "sent_on": sent_on,
        "is_pressed": obligation.due_on < today and is_chased,
        "known": [name for name, day in told if day <= today],
        "will_know": [(name, day) for name, day in told if day > today],
        "unsettled": sorted({day.year for day in dates if not is_calendar_final(day.year)}),
        "may_change": may_change,
    }
