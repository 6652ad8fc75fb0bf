"""Notices behind the bell: written where something happens, in the transaction of what happened.

A single step of the workflow is its own notice: the row only says who is to hear of it. What touches
thousands of obligations at once is told to each person once, by a fixed number of statements.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import structlog
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.text import Truncator

from accounts import russian
from accounts.models import Membership, Region, User
from accounts.querysets import MembershipQuerySet
from accounts.roles import ACTING
from exports.models import Export, ExportState
from obligations.models import Digest, Notice, NoticeKind, Obligation, Requirement, ReviewStep
from obligations.states import Act

# Steps that the organization which owes has to hear of; its own it knows.
TOLD_ACTS: dict[str, NoticeKind] = {
    Act.ACCEPT: NoticeKind.ACCEPTED,
    Act.RETURN: NoticeKind.RETURNED,
    Act.REOPEN: NoticeKind.REOPENED,
    Act.CANCEL: NoticeKind.CANCELLED,
    Act.LEAVE: NoticeKind.CANCELLED,
    Act.RESTORE: NoticeKind.RESTORED,
    Act.REASSIGN: NoticeKind.REASSIGNED,
    Act.RECEIVE: NoticeKind.ASSIGNED,
    Act.MOVE_DUE: NoticeKind.DUE_MOVED,
    Act.GRANT_EXTENSION: NoticeKind.EXTENSION,
    Act.REFUSE_EXTENSION: NoticeKind.EXTENSION,
}
# Notices that count obligations rather than point to one step.
COUNTED = (NoticeKind.ASSIGNED, NoticeKind.CANCELLED, NoticeKind.RESTORED, NoticeKind.DUE_MOVED)
CHUNK = 1000
MAX_TEXT = 500
OBLIGATIONS = ("поручение", "поручения", "поручений")
ONE_ASSIGNED = "Новое поручение"
# How long a notice stays behind the bell once it was looked at.
KEPT_READ = timedelta(days=90)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Told:
    """A notice in words: what happened, and a line of detail."""

    headline: str
    detail: str


def in_words(notice: Notice) -> Told:
    """Put a notice into words; asked of rows that went through ``for_list``."""
    label = notice.get_kind_display()
    if notice.step:
        said = ". ".join(part for part in (notice.step.get_reason_display(), notice.step.comment) if part)
        return _about(notice.step.obligation, notice.step.done_label, said)
    if notice.obligation:
        return _about(notice.obligation, ONE_ASSIGNED if notice.kind == NoticeKind.ASSIGNED else label, notice.text)
    if notice.kind == NoticeKind.ASSIGNED:
        return Told(russian.counted(notice.count, "новое поручение", "новых поручения", "новых поручений"), notice.text)
    if notice.kind in COUNTED:
        return Told(f"{label}: {russian.counted(notice.count, *OBLIGATIONS)}", notice.text)
    return Told(f"{label}: {notice.text}" if notice.text else label, "")


def _about(obligation: Obligation, label: str, said: str) -> Told:
    """Name the item of a single obligation, and whose it is."""
    title = Truncator(str(obligation.requirement)).chars(120, truncate="…")
    return Told(f"{label}: {title}", Truncator(f"{obligation.organization}. {said}").chars(300, truncate="…"))


def sweep_read(*, now: datetime) -> int:
    """Forget what was looked at long ago; return how many notices that were. What is unread stays."""
    forgotten, _ = Notice.objects.read_before(now - KEPT_READ).delete()
    log.info("read notices swept", forgotten=forgotten)
    return forgotten


def tell_step(step: ReviewStep) -> None:
    """Let the other side know of a step: who owes hears of decisions, who reviews of a plea for more time."""
    organization = step.obligation.organization
    if step.act in TOLD_ACTS:
        people = _answering(by=step.by).filter(organization=organization)
        _for_each(people, kind=TOLD_ACTS[step.act], step=step)
    elif step.act == Act.ASK_EXTENSION:
        reviewer = organization.parent_id or organization.pk
        people = _but(Membership.objects.active().of_reviewers().filter(organization=reviewer), step.by)
        _for_each(people, kind=NoticeKind.ASKED, step=step)


def tell_moved(*, act: Act, moved: Sequence[tuple[int, int]], by: User | None, at: datetime, comment: str) -> None:
    """Let people know of a mass move, each once: ``moved`` are the ids of each obligation and of who owes it."""
    if act in TOLD_ACTS:
        _tell_counts(moved, kind=TOLD_ACTS[act], text=comment, by=by, at=at)


def tell_assigned(*, requirements: Sequence[Requirement], by: User | None, at: datetime) -> None:
    """Let people know of the obligations that a fan-out at that moment created, each once, in one statement."""
    bases = {requirement.basis for requirement in requirements}
    _insert(
        _answering(by=by)
        .filter(
            organization__obligations__requirement__in=[requirement.pk for requirement in requirements],
            organization__obligations__created_at=at,
        )
        .values("user")
        .annotate(told_count=Count("organization__obligations", distinct=True))
        .annotate(told_one=Case(When(told_count=1, then=Min("organization__obligations")), default=_nothing())),
        kind=NoticeKind.ASSIGNED,
        text=f"Основание: {bases.pop()}" if len(bases) == 1 else "",
        url=reverse("obligations:todo"),
        at=at,
    )


def tell_region(*, region: Region, kind: NoticeKind, text: str, url: str, by: User | None, at: datetime) -> None:
    """Let everybody in the region know who was told nothing else at that moment."""
    told = Notice.objects.filter(user=OuterRef("user"), at=at)
    people = Membership.objects.active().filter(~Exists(told), organization__region=region)
    _insert(_but(people, by).values("user").annotate(told_count=_one()), kind=kind, text=text, url=url, at=at)


def tell_digests(*, region: Region, day: date, at: datetime) -> None:
    """Put the digests composed at that moment behind the bell, each in place of the one before it."""
    composed = Digest.objects.filter(region=region, day=day, created_at=at)
    Notice.objects.filter(kind=NoticeKind.DIGEST, user__in=composed.values("user")).delete()
    url = reverse("obligations:digest", args=[day])
    _insert(
        composed.values("user").annotate(told_count=_one()), kind=NoticeKind.DIGEST, text=F("subject"), url=url, at=at
    )


def tell_export(export: Export) -> None:
    """Let a person know that their file is there, or will not come."""
    outcome = "не удалась" if export.state == ExportState.FAILED else "готова"
    text = f"«{export.title}» ({export.get_format_display()}) {outcome}"
    tell_person(
        user=export.created_by,
        kind=NoticeKind.EXPORT,
        text=text,
        url=export.get_absolute_url(),
        at=export.finished_at or export.created_at,
    )


def tell_person(*, user: User, kind: NoticeKind, text: str, url: str, at: datetime) -> None:
    """Let one person know of something of their own."""
    Notice.objects.create(user=user, kind=kind, text=text[:MAX_TEXT], url=url, at=at)


def _answering(*, by: User | None) -> MembershipQuerySet:
    """Memberships of those who answer for an organization, the actor left out."""
    return _but(Membership.objects.active().filter(role__in=[role.value for role in ACTING]), by)


def _but(people: MembershipQuerySet, by: User | None) -> MembershipQuerySet:
    """Leave out who did it."""
    return people.exclude(user=by) if by else people


def _for_each(people: MembershipQuerySet, *, kind: NoticeKind, step: ReviewStep) -> None:
    """Write one notice of the step to each person."""
    ids = people.order_by().values_list("user", flat=True).distinct()
    Notice.objects.bulk_create(Notice(user_id=pk, kind=kind, step=step, at=step.at) for pk in ids)


def _tell_counts(
    moved: Sequence[tuple[int, int]], *, kind: NoticeKind, text: str, by: User | None, at: datetime
) -> None:
    """Tell each person how many obligations of all their organizations it was, or which one."""
    counts = Counter(organization_id for _, organization_id in moved)
    latest = {organization_id: obligation_id for obligation_id, organization_id in moved}
    by_person: Counter[int] = Counter()
    one_of: dict[int, int] = {}
    for chunk in _chunks(counts):
        seats = _answering(by=by).filter(organization__in=chunk).order_by()
        for user_id, organization_id in seats.values_list("user", "organization").distinct():
            by_person[user_id] += counts[organization_id]
            one_of[user_id] = latest[organization_id]
    url = reverse("obligations:todo")
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=pk,
                kind=kind,
                obligation_id=one_of[pk] if count == 1 else None,
                text=text[:MAX_TEXT],
                url=url,
                count=count,
                at=at,
            )
            for pk, count in by_person.items()
        ),
        batch_size=CHUNK,
    )


def _chunks(counts: Mapping[int, int]) -> Iterator[list[int]]:
    """Cut the keys into pieces that fit into a statement."""
    keys = iter(counts)
    while chunk := list(islice(keys, CHUNK)):
        yield chunk


def _one() -> Value:
    """One, for a count in SQL."""
    return Value(1, output_field=IntegerField())


def _nothing() -> Cast:
    """No obligation, in SQL; a bare NULL would have no type there."""
    return Cast(Value(None), BigIntegerField())


def _insert(people: QuerySet[Any, Any], *, kind: NoticeKind, text: str | F, url: str, at: datetime) -> None:
    """``INSERT … SELECT``: a notice to each row of people, who come as ``user``, ``told_count`` and ``told_one``.

    ``told_one`` is the single obligation it is about; without the column there is none.

    However many there are, it is one statement; both databases group the rows by person.
    """
    if "told_one" not in people.query.annotations:
        people = people.annotate(told_one=_nothing())
    rows = (
        people.annotate(
            told_kind=Value(kind.value, output_field=CharField()),
            told_text=Value(text[:MAX_TEXT], output_field=CharField()) if isinstance(text, str) else text,
            told_url=Value(url, output_field=CharField()),
            told_at=Value(at, output_field=DateTimeField()),
        )
        .order_by()
        .values_list("user", "told_count", "told_one", "told_kind", "told_text", "told_url", "told_at")
        .distinct()
    )
    statement, parameters = rows.query.sql_with_params()
    table = connection.ops.quote_name(Notice._meta.db_table)
    columns = ", ".join(
        map(connection.ops.quote_name, ("user_id", "count", "obligation_id", "kind", "text", "url", "at"))
    )
    with connection.cursor() as cursor:
        # Django wrote the SELECT; every value in it is a parameter.
        cursor.execute(f"INSERT INTO {table} ({columns}) {statement}", parameters)
