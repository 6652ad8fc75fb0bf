"""Schools: levels, what the registry keeps of each, lists that were imported."""

from schools.models.levels import Level
from schools.models.lists import SchoolImport, SchoolUpload, stored_name
from schools.models.registry import SchoolProfile, SchoolStatusChange, SchoolYear

__all__ = [
    "Level",
    "SchoolImport",
    "SchoolProfile",
    "SchoolStatusChange",
    "SchoolUpload",
    "SchoolYear",
    "stored_name",
]
