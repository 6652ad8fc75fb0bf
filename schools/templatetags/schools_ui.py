"""What templates ask of the registry: ``{% load schools_ui %}``."""

from typing import Any

from django import template

from accounts.models import Organization
from schools.filters import SchoolFilters
from schools.imports.places import REGIONAL

register = template.Library()


@register.simple_tag
def parent_name(school: Any, filters: SchoolFilters) -> str:
    """Whom a listed school answered to in the year shown; the ministry by what it means."""
    known = filters.parents.get(school.parent_then)
    if known:
        return known
    parent: Organization = school.parent
    return REGIONAL if school.is_on_regional_budget else parent.short_name
