"""All counting of reports: a scope in, frozen figures out."""

from obligations.aggregates import Tally
from reporting.aggregates.figures import (
    DEFINITIONS,
    ItemProgress,
    OrganizationProgress,
    RoadmapProgress,
    ScopeProgress,
    SectionProgress,
)
from reporting.aggregates.roadmap import roadmap_progress

__all__ = [
    "DEFINITIONS",
    "ItemProgress",
    "OrganizationProgress",
    "RoadmapProgress",
    "ScopeProgress",
    "SectionProgress",
    "Tally",
    "roadmap_progress",
]
