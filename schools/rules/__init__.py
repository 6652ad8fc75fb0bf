"""Yes/no questions about schools."""

from schools.rules.posts import PostVerdict, Standing, judge_post
from schools.rules.registry import importable_regions, may_change_status, may_import

__all__ = ["PostVerdict", "Standing", "importable_regions", "judge_post", "may_change_status", "may_import"]
