"""The one door through which an obligation changes its state: move by move, or many at once."""

from obligations.workflow.moves import advance, hand_over, last_step_id, lock
from obligations.workflow.refusals import TransitionRefused, refusal_if_closed, refusal_of
from obligations.workflow.sets import PastMove, cancel_many, join_many, move_due_many, replay_many, restore_many

__all__ = [
    "PastMove",
    "TransitionRefused",
    "advance",
    "cancel_many",
    "hand_over",
    "join_many",
    "last_step_id",
    "lock",
    "move_due_many",
    "refusal_if_closed",
    "refusal_of",
    "replay_many",
    "restore_many",
]
