"""What happened to one obligation, and what changed since it was last looked at. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from obligations.models import Evidence, Obligation, ReviewStep


@dataclass(frozen=True)
class Changes:
    """What the owner changed between their previous handing-in and the one that waits for a decision."""

    since: datetime
    added: list[Evidence]
    removed: list[Evidence]
    note_before: str
    note_after: str

    @property
    def note_changed(self) -> bool:
        """The owner's note reads differently."""
        return self.note_before != self.note_after

    @property
    def nothing(self) -> bool:
        """The same was handed in again."""
        return not (self.added or self.removed or self.note_changed)


@dataclass(frozen=True)
class History:
    """The steps of an obligation, its evidence, and what changed since the last submission."""

    steps: list[ReviewStep]
    evidence: list[Evidence]
    changes: Changes | None
    handed_in_at: datetime | None

    @property
    def last_step_id(self) -> int:
        """The version a page is drawn from; the same number that ``workflow.last_step_id`` reads."""
        return max((step.pk for step in self.steps), default=0)

    @property
    def last_return(self) -> ReviewStep | None:
        """The remark that the owner has to answer: the latest return or reopening."""
        return next((step for step in reversed(self.steps) if step.sends_back), None)

    @property
    def last_nil(self) -> ReviewStep | None:
        """The declaration that stands, if the owner's latest handing-in was «нечего отчитаться»."""
        latest = next((step for step in reversed(self.steps) if step.is_handing_in), None)
        return latest if latest and latest.is_nil else None


def read_history(obligation: Obligation) -> History:
    """Read the history of an obligation in two queries."""
    steps = list(obligation.steps.select_related("by"))
    every = list(obligation.evidence.select_related("added_by"))
    submissions = [step for step in steps if step.is_handing_in]
    return History(
        steps=steps,
        evidence=[piece for piece in every if piece.removed_at is None],
        changes=_changes(obligation, submissions, every),
        handed_in_at=submissions[-1].at if submissions else None,
    )


def _changes(obligation: Obligation, submissions: Sequence[ReviewStep], every: Sequence[Evidence]) -> Changes | None:
    """Compare what lies before the reviewer with what they saw the last time; None if this is the first."""
    if not obligation.is_at_reviewer or len(submissions) < 2:
        return None
    before = submissions[-2]
    return Changes(
        since=before.at,
        added=[piece for piece in every if piece.added_at > before.at and piece.removed_at is None],
        removed=[
            piece
            for piece in every
            if piece.added_at <= before.at and piece.removed_at is not None and piece.removed_at > before.at
        ],
        note_before=before.note,
        note_after=obligation.note,
    )
