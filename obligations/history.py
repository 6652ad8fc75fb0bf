"""What happened to one obligation, which versions were handed in, and what changed since the last look. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from obligations.closing import PartChange, compare, form_of, from_json
from obligations.differences import TextPart, differences
from obligations.models import Evidence, Extension, FormCopy, Obligation, Remark, RemarkField, ReviewStep
from obligations.states import Act


@dataclass(frozen=True)
class Version:
    """A piece of evidence in the history: which version it is and which submissions it belonged to."""

    piece: Evidence
    number: int
    submissions: tuple[int, ...] = ()
    accepted_in: int | None = None
    """The submission in which it was accepted."""


@dataclass(frozen=True)
class Submission:
    """One handing-in: its number, its step, and the evidence that lay before the reviewer."""

    number: int
    step: ReviewStep
    evidence: tuple[Evidence, ...]
    is_accepted: bool = False


@dataclass(frozen=True)
class Changes:
    """What the owner changed between their previous handing-in and the one that waits for a decision."""

    since: datetime
    added: list[Evidence]
    removed: list[Evidence]
    replaced: list[tuple[Evidence, Evidence]]
    note_before: str
    note_after: str
    remarks: list[Remark] = field(default_factory=list)
    form: list[PartChange] = field(default_factory=list)
    """Parts of the form that closes the obligation, where it has one."""

    @property
    def note_changed(self) -> bool:
        """The owner's note reads differently."""
        return self.note_before != self.note_after

    @cached_property
    def note_parts(self) -> list[TextPart]:
        """The note word by word: what stayed, came and went."""
        return differences(self.note_before, self.note_after)

    @property
    def nothing(self) -> bool:
        """The same was handed in again."""
        return not (self.added or self.removed or self.replaced or self.note_changed or self.form)


@dataclass(frozen=True)
class History:
    """The steps of an obligation, its evidence in all versions, remarks, requests for time, and what changed."""

    steps: list[ReviewStep]
    evidence: list[Evidence]
    every_evidence: list[Evidence]
    submissions: list[Submission]
    versions: dict[int, Version]
    remarks: list[Remark]
    extensions: list[Extension]
    changes: Changes | None

    @property
    def handed_in_at(self) -> datetime | None:
        """When the owner handed in the last time."""
        return self.submissions[-1].step.at if self.submissions else None

    @property
    def last_step_id(self) -> int:
        """The version a page is drawn from; the same number that ``workflow.last_step_id`` reads."""
        return max((step.pk for step in self.steps if step.moves_state), default=0)

    @property
    def last_return(self) -> ReviewStep | None:
        """The remark that the owner has to answer: the latest return or reopening."""
        return next((step for step in reversed(self.steps) if step.sends_back), None)

    @property
    def last_nil(self) -> ReviewStep | None:
        """The declaration that stands, if the owner's latest handing-in was «нечего отчитаться»."""
        latest = next((step for step in reversed(self.steps) if step.is_handing_in), None)
        return latest if latest and latest.is_nil else None

    @property
    def open_extension(self) -> Extension | None:
        """The request for more time that waits for a decision."""
        return next((extension for extension in self.extensions if extension.is_open), None)

    @property
    def last_extension(self) -> Extension | None:
        """The latest request for more time, whatever came of it."""
        return self.extensions[-1] if self.extensions else None

    @property
    def decided_by_asker(self) -> frozenset[int]:
        """Steps, by id, that decided a request for more time of the very person who asked."""
        found, asked_by = set(), None
        for step in self.steps:
            if step.act == Act.ASK_EXTENSION:
                asked_by = step.by_id
            elif step.act in (Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION) and asked_by and step.by_id == asked_by:
                found.add(step.pk)
        return frozenset(found)

    @property
    def current_remarks(self) -> list[Remark]:
        """Remarks of the latest return: what the owner mends now, or mended for the submission under review."""
        step = self.last_return
        return [remark for remark in self.remarks if step and remark.step_id == step.pk]

    @property
    def moved_to(self) -> ReviewStep | None:
        """The step by which the duty went to another organization, if that is how things stand."""
        latest = next((step for step in reversed(self.steps) if step.moves_state), None)
        return latest if latest and latest.act == Act.REASSIGN else None

    @property
    def received(self) -> ReviewStep | None:
        """The step by which the duty came from another organization, the latest of them."""
        return next((step for step in reversed(self.steps) if step.act == Act.RECEIVE), None)


def read_history(obligation: Obligation) -> History:
    """Read the history of an obligation in four queries, one more for a form that was handed in again."""
    steps = list(obligation.steps.select_related("by", "counterpart__organization"))
    every = list(obligation.evidence.select_related("added_by", "removed_by"))
    remarks = list(obligation.remarks.select_related("evidence", "resolved_by", "step__by"))
    submissions = list(_submissions(steps, every))
    return History(
        steps=steps,
        evidence=[piece for piece in every if piece.removed_at is None],
        every_evidence=every,
        submissions=submissions,
        versions=_versions(every, submissions),
        remarks=remarks,
        extensions=list(obligation.extensions.select_related("asked_by", "ended_by")),
        changes=_changes(obligation, submissions, every, remarks),
    )


def in_force_at(evidence: Iterable[Evidence], moment: datetime) -> tuple[Evidence, ...]:
    """Return what was attached at a moment and not taken back by then."""
    return tuple(
        piece
        for piece in evidence
        if piece.added_at <= moment and (piece.removed_at is None or piece.removed_at > moment)
    )


def _submissions(steps: Sequence[ReviewStep], every: Sequence[Evidence]) -> Iterable[Submission]:
    """Number the times the owner handed in, each with its evidence and whether it was accepted."""
    handed_in = [place for place, step in enumerate(steps) if step.is_handing_in]
    for number, place in enumerate(handed_in, start=1):
        end = handed_in[number] if number < len(handed_in) else len(steps)
        accepted = any(step.act == Act.ACCEPT for step in steps[place + 1 : end])
        yield Submission(number, steps[place], in_force_at(every, steps[place].at), accepted)


def _versions(every: Sequence[Evidence], submissions: Sequence[Submission]) -> dict[int, Version]:
    """Say of each piece, by its id, which version it is and where it was handed in."""
    numbers: dict[int, int] = {}
    for piece in sorted(every, key=lambda piece: piece.pk):
        numbers[piece.pk] = numbers.get(piece.replaces_id or 0, 0) + 1
    versions = {}
    for piece in every:
        within = [one for one in submissions if piece in one.evidence]
        accepted = [one.number for one in within if one.is_accepted]
        versions[piece.pk] = Version(
            piece, numbers[piece.pk], tuple(one.number for one in within), accepted[-1] if accepted else None
        )
    return versions


def _changes(
    obligation: Obligation, submissions: Sequence[Submission], every: Sequence[Evidence], remarks: Sequence[Remark]
) -> Changes | None:
    """Compare what lies before the reviewer with what they saw the last time; None if this is the first."""
    if not obligation.is_at_reviewer or len(submissions) < 2:
        return None
    before, now = submissions[-2], submissions[-1]
    added = [piece for piece in now.evidence if piece not in before.evidence]
    removed = [piece for piece in before.evidence if piece not in now.evidence]
    replaced = _replaced(removed, added, every)
    gone, come = {old.pk for old, _ in replaced}, {new.pk for _, new in replaced}
    return Changes(
        since=before.step.at,
        added=[piece for piece in added if piece.pk not in come],
        removed=[piece for piece in removed if piece.pk not in gone],
        replaced=replaced,
        note_before=before.step.note,
        note_after=obligation.note,
        remarks=[remark for remark in remarks if before.step.at <= remark.step.at <= now.step.at],
        form=_form_changes(before.step, now.step) if form_of(obligation) else [],
    )


def _form_changes(before: ReviewStep, now: ReviewStep) -> list[PartChange]:
    """Compare the form as it was handed in by two steps; nothing to say where one of them left no copy."""
    copies = {copy.step_id: copy for copy in FormCopy.objects.filter(step__in=[before, now])}
    if not {before.pk, now.pk} <= copies.keys():
        return []
    return compare(from_json(copies[before.pk].parts), from_json(copies[now.pk].parts))


def _replaced(
    removed: Sequence[Evidence], added: Sequence[Evidence], every: Sequence[Evidence]
) -> list[tuple[Evidence, Evidence]]:
    """Pair what went with its latest version, however many versions lie between."""
    next_of = {piece.replaces_id: piece for piece in every if piece.replaces_id}
    pairs = []
    for old in removed:
        new = old
        while new.pk in next_of:
            new = next_of[new.pk]
        if new in added:
            pairs.append((old, new))
    return pairs


def earlier_versions(piece: Evidence, every: Iterable[Evidence]) -> list[Evidence]:
    """Return the versions that a piece replaced, the nearest first."""
    by_id = {one.pk: one for one in every}
    found = []
    while piece.replaces_id and piece.replaces_id in by_id:
        piece = by_id[piece.replaces_id]
        found.append(piece)
    return found


def remarks_to(piece: Evidence, history: History) -> list[Remark]:
    """Return the remarks of the latest return to a piece, or to a version that it replaced since."""
    ids = {piece.pk, *(earlier.pk for earlier in earlier_versions(piece, history.every_evidence))}
    return [remark for remark in history.current_remarks if remark.evidence_id in ids]


def remarks_to_field(remark_field: RemarkField, history: History) -> list[Remark]:
    """Return the remarks of the latest return to the whole or to the note."""
    return [remark for remark in history.current_remarks if remark.field == remark_field]


def remarks_to_parts(history: History) -> dict[str, list[Remark]]:
    """Return the remarks of the latest return to parts of the form, by the key of the part."""
    by_part: dict[str, list[Remark]] = {}
    for remark in remarks_to_field(RemarkField.PART, history):
        by_part.setdefault(remark.part, []).append(remark)
    return by_part


def remarks_to_gone(history: History) -> list[Remark]:
    """Return the remarks of the latest return to evidence that was taken back without another version."""
    placed = {remark.pk for piece in history.evidence for remark in remarks_to(piece, history)}
    return [
        remark for remark in history.current_remarks if remark.field == RemarkField.EVIDENCE and remark.pk not in placed
    ]
