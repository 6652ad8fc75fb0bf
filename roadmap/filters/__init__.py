"""What of a roadmap to show, and in what order: read alike from the address of a page and from the order of a file.

What makes no sense falls back to the default: an address that was shared never fails.
"""

from roadmap.filters.base import Filters, month_label
from roadmap.filters.days import MonthFilters, TimelineFilters
from roadmap.filters.items import ItemFilters
from roadmap.filters.matrix import MatrixFilters
from roadmap.filters.organizations import OrganizationFilters

__all__ = [
    "Filters",
    "ItemFilters",
    "MatrixFilters",
    "MonthFilters",
    "OrganizationFilters",
    "TimelineFilters",
    "month_label",
]
