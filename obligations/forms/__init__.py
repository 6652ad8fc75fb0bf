"""What people fill in."""

from obligations.forms.answers import AnswerForm, RemarkForm, SeenForm, VersionForm
from obligations.forms.decisions import CommentForm, ReassignForm, ReturnForm
from obligations.forms.extensions import ExtensionDecisionForm, ExtensionForm
from obligations.forms.filters import InboxFilters, PeriodForm, TodoFilters

__all__ = [
    "AnswerForm",
    "CommentForm",
    "ExtensionDecisionForm",
    "ExtensionForm",
    "InboxFilters",
    "PeriodForm",
    "ReassignForm",
    "RemarkForm",
    "ReturnForm",
    "SeenForm",
    "TodoFilters",
    "VersionForm",
]
