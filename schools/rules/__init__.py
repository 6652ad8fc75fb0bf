"""Yes/no questions about schools."""

from schools.rules.plans import can_edit_plan, can_note_hours, is_year_over, may_set_norms
from schools.rules.posts import PostVerdict, Standing, judge_post
from schools.rules.registry import (
    OWN_SECTIONS,
    YEARLY_SECTIONS,
    Section,
    importable_regions,
    keeps_registry,
    kept_region_ids,
    may_change_status,
    may_edit,
    may_import,
)
from schools.rules.years import FIRST_YEAR, is_open_year, year_asked, years_to_show

__all__ = [
    "FIRST_YEAR",
    "OWN_SECTIONS",
    "YEARLY_SECTIONS",
    "PostVerdict",
    "Section",
    "Standing",
    "can_edit_plan",
    "can_note_hours",
    "importable_regions",
    "is_open_year",
    "is_year_over",
    "judge_post",
    "keeps_registry",
    "kept_region_ids",
    "may_change_status",
    "may_edit",
    "may_import",
    "may_set_norms",
    "year_asked",
    "years_to_show",
]
