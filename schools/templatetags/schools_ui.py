"""What templates ask of the registry: ``{% load schools_ui %}``."""

from collections.abc import Mapping
from typing import Any

from django import template

from accounts.models import Organization
from schools.aggregates.summaries import Summary
from schools.filters import SchoolFilters
from schools.imports.places import REGIONAL
from schools.models import Level

register = template.Library()


@register.simple_tag
def parent_name(school: Any, filters: SchoolFilters) -> str:
    """Whom a listed school answered to in the year shown; the ministry by what it means."""
    known = filters.parents.get(school.parent_then)
    if known:
        return known
    parent: Organization = school.parent
    return REGIONAL if school.is_on_regional_budget else parent.short_name


@register.simple_tag
def at_level(summary: Summary, level: Level) -> int:
    """How many schools of a summary work at the level."""
    return summary.at(level)


@register.filter
def at(names: Mapping[Any, str], key: Any) -> str:
    """The name that stands under the key."""
    return names.get(key, "")
