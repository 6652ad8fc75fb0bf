"""Yes/no questions about schools."""

from schools.rules.registry import importable_regions, may_change_status, may_import

__all__ = ["importable_regions", "may_change_status", "may_import"]
