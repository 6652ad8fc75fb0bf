"""Writes around an obligation: the draft of an answer, handing it in, accepting many at once."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage
from django.db import transaction

from accounts.models import User
from obligations import rules, workflow
from obligations.evidence import Accepted, Link
from obligations.models import Evidence, EvidenceKind, Obligation, ReviewStep
from obligations.querysets import ObligationQuerySet
from obligations.states import Act
from obligations.workflow import TransitionRefused

MAX_EVIDENCE = 30


class AnswerRefused(Exception):
    """The answer cannot be kept as it is; ``errors`` are for the person who wrote it."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(" ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Answer:
    """What the owner puts on the page: a note (None = leave it), new files and links, and what to take back."""

    note: str | None = None
    files: Sequence[Accepted] = ()
    links: Sequence[Link] = ()
    remove: Collection[int] = ()


@dataclass
class BulkDecision:
    """What came of deciding many at once: accepted ones, and the others with the reason of each."""

    accepted: list[Obligation] = field(default_factory=list)
    refused: list[tuple[Obligation, str]] = field(default_factory=list)


def save_draft(
    *, obligation: Obligation, answer: Answer, by: User, at: datetime, seen: int | None = None
) -> Obligation:
    """Keep the owner's answer without handing it in.

    Raises TransitionRefused when the obligation is locked or has moved since ``seen``, AnswerRefused
    when the evidence doesn't fit; then neither rows nor files have changed.
    """
    with _stored_files() as stored, transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.SUBMIT, seen=seen)
        if not rules.can_edit(by, locked):
            raise PermissionDenied
        _take_back(locked, answer.remove, at)
        _check_fits(locked, answer)
        _attach(locked, answer, by, at, stored)
        if answer.note is not None:
            locked.note = answer.note
            locked.save(update_fields=["note"])
    obligation.refresh_from_db()
    return obligation


def hand_in(*, obligation: Obligation, answer: Answer, by: User, at: datetime, seen: int | None = None) -> ReviewStep:
    """Keep the owner's answer and hand it in, both or neither. Raises what ``save_draft`` and ``advance`` raise."""
    with _stored_files() as stored, transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.SUBMIT, seen=seen)
        _check_fits(locked, answer)
        _attach(locked, answer, by, at, stored)
        return workflow.advance(obligation=obligation, act=Act.SUBMIT, by=by, at=at, note=answer.note)


def accept_many(*, obligations: ObligationQuerySet, seen: dict[int, int], by: User, at: datetime) -> BulkDecision:
    """Accept every obligation of the queryset that is still as it was seen and clean; name the others.

    ``seen`` gives for each id the step the reviewer had before their eyes. Each row is its own
    transaction: one that has moved meanwhile stops nobody else's.
    """
    decision = BulkDecision()
    chosen = obligations.filter(pk__in=seen)
    clean = set(chosen.clean().values_list("pk", flat=True))
    for obligation in chosen.for_page().order_by("submitted_at", "pk"):
        if obligation.is_at_reviewer and obligation.pk not in clean:
            decision.refused.append((obligation, "Откройте и посмотрите: одной галочкой такие не принимают."))
            continue
        try:
            workflow.advance(obligation=obligation, act=Act.ACCEPT, by=by, at=at, seen=seen[obligation.pk])
        except TransitionRefused as refusal:
            decision.refused.append((obligation, str(refusal)))
        else:
            decision.accepted.append(obligation)
    return decision


@contextmanager
def _stored_files() -> Iterator[list[tuple[Storage, str]]]:
    """Collect files put into storage, and take them out again when the transaction fails."""
    stored: list[tuple[Storage, str]] = []
    try:
        yield stored
    except BaseException:
        for storage, name in stored:
            storage.delete(name)
        raise


def _take_back(obligation: Obligation, ids: Collection[int], at: datetime) -> None:
    """Remove pieces of evidence: for good while nobody was given them, out of force once they were handed in."""
    handed_in_at = max((step.at for step in obligation.steps.all() if step.is_handing_in), default=None)
    for piece in obligation.evidence.kept().filter(pk__in=ids):
        if handed_in_at and piece.added_at <= handed_in_at:
            piece.removed_at = at
            piece.save(update_fields=["removed_at"])
            continue
        if piece.file:
            transaction.on_commit(partial(piece.file.storage.delete, str(piece.file.name)))
        piece.delete()


def _check_fits(obligation: Obligation, answer: Answer) -> None:
    """Refuse evidence that is there already, or too much of it; all errors at once."""
    kept = list(obligation.evidence.kept())
    titles = {piece.checksum: piece.title for piece in kept if piece.checksum}
    addresses = {piece.url for piece in kept if piece.url}
    errors = [
        f"«{file.title}»: этот файл уже приложен под названием «{titles[file.checksum]}»."
        for file in answer.files
        if file.checksum in titles
    ]
    errors += [f"Ссылка {link.url} уже приложена." for link in answer.links if link.url in addresses]
    if len(kept) + len(answer.files) + len(answer.links) > MAX_EVIDENCE:
        errors.append(f"К одному поручению можно приложить не больше {MAX_EVIDENCE} файлов и ссылок.")
    if errors:
        raise AnswerRefused(errors)


def _attach(obligation: Obligation, answer: Answer, by: User, at: datetime, stored: list[tuple[Storage, str]]) -> None:
    """Write new files and links. In storage a file gets a random name: what people call it proves nothing."""
    for file in answer.files:
        piece = Evidence(
            obligation=obligation,
            kind=EvidenceKind.FILE,
            title=file.title,
            size=file.size,
            checksum=file.checksum,
            added_by=by,
            added_at=at,
        )
        piece.file.save(f"{uuid.uuid4().hex}.{file.extension}", file.content, save=False)
        stored.append((piece.file.storage, piece.file.name or ""))
        piece.save()
    Evidence.objects.bulk_create(
        Evidence(
            obligation=obligation, kind=EvidenceKind.LINK, title=link.title, url=link.url, added_by=by, added_at=at
        )
        for link in answer.links
    )
