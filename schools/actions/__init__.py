"""Writes beside the import: uploads, work asked for, what columns mean, schools that close and open again."""

from schools.actions.mappings import forget_mapping, remember_mapping
from schools.actions.status import SchoolUnchanged, close_school, note_status_changes, reopen_school
from schools.actions.uploads import drop_file, forget_uploads, keep_upload
from schools.actions.work import ask_for, requeue_lost

__all__ = [
    "SchoolUnchanged",
    "ask_for",
    "close_school",
    "drop_file",
    "forget_mapping",
    "forget_uploads",
    "keep_upload",
    "note_status_changes",
    "remember_mapping",
    "reopen_school",
    "requeue_lost",
]
