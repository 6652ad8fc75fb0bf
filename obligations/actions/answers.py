"""The owner's answer: its draft, its versions of files, what was mended, handing it in."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage
from django.db import transaction

from accounts.models import User
from obligations import rules, workflow
from obligations.actions.storing import stored_files
from obligations.evidence import Accepted, Link
from obligations.models import Evidence, EvidenceKind, Obligation, ReviewStep
from obligations.states import Act

MAX_EVIDENCE = 30


class AnswerRefused(Exception):
    """The answer cannot be kept as it is; ``errors`` are for the person who wrote it."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__(" ".join(errors))
        self.errors = errors


@dataclass(frozen=True)
class Mended:
    """What the owner says of one remark: whether it is mended, and an answer or none."""

    is_mended: bool
    answer: str = ""


@dataclass(frozen=True)
class Answer:
    """What the owner puts on the page: a note (None = leave it), new files and links, what to take back.

    ``mended`` says of remarks, by id, what came of them; those it doesn't name stay as they are.
    """

    note: str | None = None
    files: Sequence[Accepted] = ()
    links: Sequence[Link] = ()
    remove: Collection[int] = ()
    mended: Mapping[int, Mended] = field(default_factory=dict)


def save_draft(
    *, obligation: Obligation, answer: Answer, by: User, at: datetime, seen: int | None = None
) -> Obligation:
    """Keep the owner's answer without handing it in.

    Raises TransitionRefused when the obligation is locked or has moved since ``seen``, AnswerRefused
    when the evidence doesn't fit; then neither rows nor files have changed.
    """
    with stored_files() as stored, transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.SUBMIT, seen=seen)
        if not rules.can_edit(by, locked):
            raise PermissionDenied
        _take_back(locked, answer.remove, by, at)
        _check_fits(locked, answer)
        _attach(locked, answer, by, at, stored)
        _mark_mended(locked, answer.mended, by, at)
        if answer.note is not None:
            locked.note = answer.note
            locked.save(update_fields=["note"])
    obligation.refresh_from_db()
    return obligation


def hand_in(*, obligation: Obligation, answer: Answer, by: User, at: datetime, seen: int | None = None) -> ReviewStep:
    """Keep the owner's answer and hand it in, both or neither. Raises what ``save_draft`` and ``advance`` raise."""
    with stored_files() as stored, transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.SUBMIT, seen=seen)
        _check_fits(locked, answer)
        _attach(locked, answer, by, at, stored)
        _mark_mended(locked, answer.mended, by, at)
        return workflow.advance(obligation=obligation, act=Act.SUBMIT, by=by, at=at, note=answer.note)


def replace_evidence(
    *,
    piece: Evidence,
    file: Accepted | None = None,
    link: Link | None = None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Evidence:
    """Put a new version, a file or a link, in place of a piece of evidence; the earlier one stays in the history.

    Raises TransitionRefused and AnswerRefused like ``save_draft``; then nothing has changed.
    """
    with stored_files() as stored, transaction.atomic():
        locked = workflow.lock(obligation=piece.obligation, act=Act.SUBMIT, seen=seen)
        if not rules.can_edit(by, locked):
            raise PermissionDenied
        earlier = locked.evidence.kept().filter(pk=piece.pk).first()
        if earlier is None:
            raise AnswerRefused([f"«{piece.title}» уже заменён или убран. Обновите страницу."])
        answer = Answer(files=[file] if file else [], links=[link] if link else [])
        _check_fits(locked, answer, leaves=1)
        earlier.removed_at, earlier.removed_by = at, by
        earlier.save(update_fields=["removed_at", "removed_by"])
        [version] = _attach(locked, answer, by, at, stored)
        version.replaces = earlier
        version.save(update_fields=["replaces"])
    return version


def _take_back(obligation: Obligation, ids: Collection[int], by: User, at: datetime) -> None:
    """Remove pieces of evidence: for good while nobody was given them, out of force once they were handed in."""
    handed_in_at = max((step.at for step in obligation.steps.all() if step.is_handing_in), default=None)
    for piece in obligation.evidence.kept().filter(pk__in=ids):
        if handed_in_at and piece.added_at <= handed_in_at:
            piece.removed_at, piece.removed_by = at, by
            piece.save(update_fields=["removed_at", "removed_by"])
            continue
        if piece.file:
            transaction.on_commit(partial(piece.file.storage.delete, str(piece.file.name)))
        piece.delete()


def _check_fits(obligation: Obligation, answer: Answer, *, leaves: int = 0) -> None:
    """Refuse evidence that is there already, or too much of it, ``leaves`` of it going; all errors at once."""
    kept = list(obligation.evidence.kept())
    titles = {piece.checksum: piece.title for piece in kept if piece.checksum}
    addresses = {piece.url for piece in kept if piece.url}
    errors = [
        f"«{file.title}»: этот файл уже приложен{_under(titles[file.checksum], file.title)}: замените его или уберите."
        for file in answer.files
        if file.checksum in titles
    ]
    errors += [f"Ссылка {link.url} уже приложена." for link in answer.links if link.url in addresses]
    if len(kept) - leaves + len(answer.files) + len(answer.links) > MAX_EVIDENCE:
        errors.append(f"К одному поручению можно приложить не больше {MAX_EVIDENCE} файлов и ссылок.")
    if errors:
        raise AnswerRefused(errors)


def _attach(
    obligation: Obligation, answer: Answer, by: User, at: datetime, stored: list[tuple[Storage, str]]
) -> list[Evidence]:
    """Write new files and links. In storage a file gets a random name: what people call it proves nothing."""
    attached = []
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
        attached.append(piece)
    links = [
        Evidence(
            obligation=obligation, kind=EvidenceKind.LINK, title=link.title, url=link.url, added_by=by, added_at=at
        )
        for link in answer.links
    ]
    return attached + Evidence.objects.bulk_create(links)


def _under(title: str, now: str) -> str:
    """Name the piece that holds the same file, where it bears another name."""
    return "" if title == now else f" под названием «{title}»"


def _mark_mended(obligation: Obligation, mended: Mapping[int, Mended], by: User, at: datetime) -> None:
    """Keep what the owner says of the remarks; a mark may be taken back until the obligation is handed in."""
    for remark in obligation.remarks.filter(pk__in=mended):
        said = mended[remark.pk]
        if said.is_mended != remark.is_resolved:
            remark.resolved_at, remark.resolved_by = (at, by) if said.is_mended else (None, None)
        remark.answer = said.answer.strip()
        remark.save(update_fields=["resolved_at", "resolved_by", "answer"])
