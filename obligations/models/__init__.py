"""What is owed: requirements, obligations, steps of their review, evidence, extensions, remarks, tallies, notices."""

from obligations.models.copies import FormCopy
from obligations.models.digests import Digest
from obligations.models.evidence import Evidence, EvidenceKind
from obligations.models.extensions import Extension, ExtensionState
from obligations.models.levels import LevelDue
from obligations.models.notices import Notice, NoticeKind
from obligations.models.obligations import Obligation, ReviewStep
from obligations.models.remarks import Remark, RemarkField
from obligations.models.reminders import CallNote, MailFrequency, MailPreference, ReminderRule
from obligations.models.requirements import (
    Requirement,
    RequirementBody,
    RequirementForm,
    Tightening,
    sortable_number,
)
from obligations.models.tallies import TallyEntry

__all__ = [
    "CallNote",
    "Digest",
    "Evidence",
    "EvidenceKind",
    "Extension",
    "ExtensionState",
    "FormCopy",
    "LevelDue",
    "MailFrequency",
    "MailPreference",
    "Notice",
    "NoticeKind",
    "Obligation",
    "Remark",
    "RemarkField",
    "ReminderRule",
    "Requirement",
    "RequirementBody",
    "RequirementForm",
    "ReviewStep",
    "TallyEntry",
    "Tightening",
    "sortable_number",
]
