"""Writes beside the import itself: uploaded lists, what their columns mean, schools that close and open again."""

from schools.actions.mappings import forget_mapping, remember_mapping
from schools.actions.status import SchoolUnchanged, close_school, reopen_school
from schools.actions.uploads import drop_file, forget_uploads, keep_upload

__all__ = [
    "SchoolUnchanged",
    "close_school",
    "drop_file",
    "forget_mapping",
    "forget_uploads",
    "keep_upload",
    "remember_mapping",
    "reopen_school",
]
