"""Writes beside the import itself: uploaded lists, schools that close and open again."""

from schools.actions.status import SchoolUnchanged, close_school, reopen_school
from schools.actions.uploads import drop_file, forget_uploads, keep_upload

__all__ = ["SchoolUnchanged", "close_school", "drop_file", "forget_uploads", "keep_upload", "reopen_school"]
