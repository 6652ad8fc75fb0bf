"""The whole history of one obligation as one line of events. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Membership, User
from obligations.history import History, Version
from obligations.models import Digest, Evidence, Extension, Obligation, Remark, ReviewStep


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what, by whom, and whatever belongs to it."""

    at: datetime
    title: str
    by: User | None = None
    step: ReviewStep | None = None
    text: str = ""
    evidence: tuple[Version, ...] = ()
    remarks: tuple[Remark, ...] = ()
    extension: Extension | None = None
    to: tuple[str, ...] = field(default_factory=tuple)
    """To whom a letter went."""


def timeline(obligation: Obligation, history: History) -> list[Event]:
    """Return everything that happened, the oldest first; two queries on top of the history."""
    events = [Event(obligation.created_at, "Поручено", text=obligation.requirement.basis)]
    events += _evidence(history)
    events += _answers(history)
    events += _steps(history)
    events += _closed(history)
    events += _letters(obligation)
    # What was attached and handed in by one press of a button bears one moment: kept in the order above.
    return sorted(events, key=lambda event: event.at)


def _steps(history: History) -> Iterator[Event]:
    """The moves, a handing-in with its number and files, a return with its remarks."""
    numbers = {one.step.pk: one for one in history.submissions}
    for step in history.steps:
        submission = numbers.get(step.pk)
        title = f"{step.done_label} (сдача № {submission.number})" if submission else step.done_label
        yield Event(
            step.at,
            title,
            by=step.by,
            step=step,
            evidence=tuple(history.versions[piece.pk] for piece in submission.evidence) if submission else (),
            remarks=tuple(remark for remark in history.remarks if remark.step_id == step.pk and remark.evidence_id)
            + tuple(remark for remark in history.remarks if remark.step_id == step.pk and remark.field == "note"),
        )


def _evidence(history: History) -> Iterator[Event]:
    """What came, was replaced and taken back."""
    titles = {piece.pk: piece.title for piece in history.every_evidence}
    successors = {piece.replaces_id for piece in history.every_evidence if piece.replaces_id}
    for piece in history.every_evidence:
        version = history.versions[piece.pk]
        if piece.replaces_id:
            title = f"Заменено: «{titles[piece.replaces_id]}», теперь версия {version.number}"
        else:
            title = f"Приложено: {_kind(piece)}"
        yield Event(piece.added_at, title, by=piece.added_by, evidence=(version,))
        if piece.removed_at and piece.pk not in successors:
            yield Event(piece.removed_at, f"Убрано: {_kind(piece)}", by=piece.removed_by, evidence=(version,))


def _answers(history: History) -> Iterator[Event]:
    """Remarks that the owner marked mended."""
    for remark in history.remarks:
        if remark.resolved_at:
            yield Event(
                remark.resolved_at,
                f"Исправлено замечание: {remark.place}",
                by=remark.resolved_by,
                text=remark.answer,
            )


def _closed(history: History) -> Iterator[Event]:
    """Requests for more time that closed by themselves; the others have their steps."""
    for extension in history.extensions:
        if extension.state == "closed" and extension.ended_at:
            yield Event(extension.ended_at, "Запрос о продлении закрыт без решения", extension=extension)


def letters_about(obligation: Obligation) -> QuerySet[Digest]:
    """Reminders that were sent and named this obligation to those who answer for its organization."""
    people = Membership.objects.filter(organization=obligation.organization_id).values("user")
    address = reverse("obligations:detail", args=[obligation.pk])
    return Digest.objects.filter(
        Q(body__contains=f"{address}\n") | Q(body__endswith=address), user__in=people, sent_at__isnull=False
    )


def _letters(obligation: Obligation) -> Iterator[Event]:
    """Reminders of this obligation, those of one day together."""
    days: dict[date, list[Digest]] = {}
    for letter in letters_about(obligation).select_related("user").order_by("sent_at", "pk"):
        days.setdefault(letter.day, []).append(letter)
    for of_day in days.values():
        if sent_at := of_day[0].sent_at:
            names = tuple(dict.fromkeys(str(letter.user) for letter in of_day))
            yield Event(sent_at, "Отправлено письмо-напоминание", text=of_day[0].subject, to=names)


def _kind(piece: Evidence) -> str:
    return piece.get_kind_display().lower()
