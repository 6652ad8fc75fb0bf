"""More time: asked for by the owner, granted or refused by the reviewer, one by one or several at once."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from accounts import russian
from accounts.models import User
from obligations import rules, workflow
from obligations.actions.deciding import BulkDecision
from obligations.actions.storing import stored_files
from obligations.evidence import Accepted
from obligations.models import Extension, ExtensionState, Obligation
from obligations.querysets import ExtensionQuerySet
from obligations.states import Act
from obligations.workflow import TransitionRefused


class ExtensionRefused(Exception):
    """More time cannot be asked for or granted like this; the message is for the person who tried."""


def ask_extension(
    *,
    obligation: Obligation,
    wanted_on: date,
    grounds: str,
    file: Accepted | None = None,
    by: User,
    at: datetime,
) -> Extension:
    """Ask for a later due date, before the present one or after it.

    Raises TransitionRefused when the obligation is not with its owner, ExtensionRefused when a request is
    open already or the date makes no sense; then nothing has changed.
    """
    extension = Extension(wanted_on=wanted_on, grounds=grounds.strip(), asked_by=by, asked_at=at)
    with stored_files() as stored, transaction.atomic():
        locked = workflow.lock(obligation=obligation, act=Act.ASK_EXTENSION)
        if locked.extensions.open().exists():
            raise ExtensionRefused("Запрос о продлении уже ждёт решения. Чтобы изменить его, отзовите прежний.")
        if fault := rules.fault_of_new_date(locked, wanted_on, today=_today(locked, at)):
            raise ExtensionRefused(fault)
        extension.obligation, extension.due_before = locked, locked.due_on
        if file is not None:
            extension.title, extension.size = file.title, file.size
            extension.file.save(f"{uuid.uuid4().hex}.{file.extension}", file.content, save=False)
            stored.append((extension.file.storage, extension.file.name or ""))
        extension.save()
        workflow.advance(obligation=obligation, act=Act.ASK_EXTENSION, by=by, at=at, comment=_request(extension))
    return extension


def withdraw_extension(*, extension: Extension, by: User, at: datetime) -> None:
    """Take a request back. Raises TransitionRefused or ExtensionRefused when it is open no more."""
    with transaction.atomic():
        workflow.lock(obligation=extension.obligation, act=Act.WITHDRAW)
        request = _still_open(extension)
        workflow.advance(obligation=extension.obligation, act=Act.WITHDRAW, by=by, at=at)
        _end(request, ExtensionState.WITHDRAWN, by, at)
    extension.refresh_from_db()


def decide_extension(
    *, extension: Extension, grant: bool, due_on: date | None = None, comment: str = "", by: User, at: datetime
) -> None:
    """Grant a request, by the date asked for or by ``due_on``, or refuse it with a comment.

    Raises TransitionRefused or ExtensionRefused when somebody was quicker or the date makes no sense.
    """
    with transaction.atomic():
        locked = workflow.lock(
            obligation=extension.obligation, act=Act.GRANT_EXTENSION if grant else Act.REFUSE_EXTENSION
        )
        request = _still_open(extension)
        if grant:
            granted_on = due_on or request.wanted_on
            if fault := rules.fault_of_new_date(locked, granted_on, today=_today(locked, at)):
                raise ExtensionRefused(fault)
            if granted_on <= request.due_before:
                raise ExtensionRefused("Новый срок должен быть позже того, который был на день запроса.")
            workflow.advance(
                obligation=extension.obligation,
                act=Act.GRANT_EXTENSION,
                by=by,
                at=at,
                comment=comment,
                due_on=granted_on,
            )
            request.granted_on = granted_on
            _end(request, ExtensionState.GRANTED, by, at, comment)
        else:
            workflow.advance(obligation=extension.obligation, act=Act.REFUSE_EXTENSION, by=by, at=at, comment=comment)
            _end(request, ExtensionState.REFUSED, by, at, comment)
    extension.refresh_from_db()


def decide_extensions(
    *,
    extensions: ExtensionQuerySet,
    chosen: Collection[int],
    grant: bool,
    due_on: date | None = None,
    comment: str = "",
    by: User,
    at: datetime,
) -> BulkDecision:
    """Decide several requests alike, each in a transaction of its own, and name those that could not be."""
    decision = BulkDecision()
    for extension in extensions.filter(pk__in=chosen).for_page().order_by("asked_at", "pk"):
        try:
            decide_extension(extension=extension, grant=grant, due_on=due_on, comment=comment, by=by, at=at)
        except (TransitionRefused, ExtensionRefused) as refusal:
            decision.refused.append((extension.obligation, str(refusal)))
        else:
            decision.accepted.append(extension.obligation)
    return decision


def _still_open(extension: Extension) -> Extension:
    """Return the request as it is now; its obligation's lock is held. Raises ExtensionRefused when it has ended."""
    request = Extension.objects.select_related("ended_by").get(pk=extension.pk)
    if not request.is_open:
        who = f" ({request.ended_by})" if request.ended_by else ""
        raise ExtensionRefused(f"Запрос о продлении уже не ждёт решения: «{request.get_state_display()}»{who}.")
    return request


def _end(request: Extension, state: ExtensionState, by: User, at: datetime, comment: str = "") -> None:
    request.state, request.ended_by, request.ended_at, request.comment = state, by, at, comment.strip()
    request.save()


def _request(extension: Extension) -> str:
    """Tell a request in the history: the date asked for and the grounds."""
    return f"До {russian.day(extension.wanted_on)}: {extension.grounds}"


def _today(obligation: Obligation, at: datetime) -> date:
    """The day of a moment in the region of the obligation."""
    return obligation.organization.region.local(at).date()
