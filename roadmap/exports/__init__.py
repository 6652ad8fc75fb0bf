"""What is seen of a roadmap, as files: each view a report of the registry, under the filters of its page."""

from roadmap.exports.comparison import COMPARISON
from roadmap.exports.days import CALENDAR, TIMELINE
from roadmap.exports.items import ITEMS
from roadmap.exports.matrix import MATRIX
from roadmap.exports.organizations import ORGANIZATIONS

REPORTS = (ITEMS, ORGANIZATIONS, MATRIX, TIMELINE, CALENDAR, COMPARISON)

__all__ = ["REPORTS"]
