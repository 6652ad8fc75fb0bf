"""Writes around obligations: answers of the owner, decisions of the reviewer, more time."""

from obligations.actions.answers import (
    MAX_EVIDENCE,
    Answer,
    AnswerRefused,
    Mended,
    hand_in,
    replace_evidence,
    save_draft,
)
from obligations.actions.deciding import BulkDecision, NewRemark, accept_many, send_back
from obligations.actions.extending import (
    ExtensionRefused,
    ask_extension,
    decide_extension,
    decide_extensions,
    withdraw_extension,
)

__all__ = [
    "MAX_EVIDENCE",
    "Answer",
    "AnswerRefused",
    "BulkDecision",
    "ExtensionRefused",
    "Mended",
    "NewRemark",
    "accept_many",
    "ask_extension",
    "decide_extension",
    "decide_extensions",
    "hand_in",
    "replace_evidence",
    "save_draft",
    "send_back",
    "withdraw_extension",
]
