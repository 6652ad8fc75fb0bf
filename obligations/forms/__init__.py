"""What people fill in."""

from obligations.forms.answers import AnswerForm, RemarkForm, SeenForm, VersionForm
from obligations.forms.decisions import CommentForm, ReassignForm, ReturnForm
from obligations.forms.extensions import ExtensionDecisionForm, ExtensionForm
from obligations.forms.filters import InboxFilters, TodoFilters

__all__ = [
    "AnswerForm",
    "CommentForm",
    "ExtensionDecisionForm",
    "ExtensionForm",
    "InboxFilters",
    "ReassignForm",
    "RemarkForm",
    "ReturnForm",
    "SeenForm",
    "TodoFilters",
    "VersionForm",
]
