"""What the reviewer and the ministry decide: accept, return, reopen, cancel, restore."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from obligations import actions, closing, workflow
from obligations.forms import ReturnForm, SeenForm
from obligations.states import Act
from obligations.views.inbox import next_in_inbox
from obligations.views.page import CONFLICT, INVALID, render_page
from obligations.views.scope import get_obligation, person
from obligations.views.words import WordedMove, make_worded_move
from obligations.workflow import TransitionRefused

REOPEN = WordedMove(
    act=Act.REOPEN,
    heading="Открыть принятое поручение повторно?",
    text="Решение о приёмке будет снято, и исполнитель снова сможет вносить изменения. Прежние материалы сохранятся.",
    label="Что нужно исправить или дополнить",
    button="Открыть повторно",
    done="Поручение открыто повторно и ждёт исполнителя.",
)
CANCEL = WordedMove(
    act=Act.CANCEL,
    heading="Снять поручение с организации?",
    text="Поручение перестанет считаться в отчётах и исчезнет из списка исполнителя. История сохранится.",
    label="Почему поручение снимается",
    button="Снять поручение",
    done="Поручение снято.",
    danger=True,
)
RESTORE = WordedMove(
    act=Act.RESTORE,
    heading="Восстановить снятое поручение?",
    text="Поручение снова появится в списке исполнителя с прежним сроком.",
    label="Почему поручение восстанавливается",
    button="Восстановить",
    done="Поручение восстановлено.",
)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a submission and go on to the next."""
    obligation = get_obligation(request, pk, Act.ACCEPT)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    try:
        workflow.advance(obligation=obligation, act=Act.ACCEPT, by=person(request), at=timezone.now(), seen=seen)
    except TransitionRefused as refusal:
        return render_page(request, get_obligation(request, pk), refusal=str(refusal), status=CONFLICT)
    messages.success(request, f"Принято: {obligation.requirement.number}, {obligation.organization}.")
    return redirect(next_in_inbox(person(request), request.GET, after=obligation))


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a submission with a reason and a remark, and go on to the next."""
    obligation = get_obligation(request, pk, Act.RETURN)
    form = ReturnForm(
        request.POST,
        pieces=list(obligation.evidence.kept()),
        has_note=bool(obligation.note),
        parts=closing.parts_of(obligation),
    )
    if not form.is_valid():
        closed = workflow.refusal_if_closed(obligation, Act.RETURN)
        status = CONFLICT if closed else INVALID
        return render_page(request, obligation, return_form=form, refusal=closed, status=status)
    said = {name: form.cleaned_data[name] for name in ("reason", "comment", "seen")}
    try:
        actions.send_back(obligation=obligation, remarks=form.remarks(), by=person(request), at=timezone.now(), **said)
    except TransitionRefused as refusal:
        fresh = get_obligation(request, pk)
        return render_page(request, fresh, return_form=form, refusal=str(refusal), status=CONFLICT)
    messages.success(request, f"Возвращено на доработку: {obligation.requirement.number}, {obligation.organization}.")
    return redirect(next_in_inbox(person(request), request.GET, after=obligation))


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an acceptance back."""
    return make_worded_move(request, get_obligation(request, pk, Act.REOPEN), REOPEN)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an obligation off its organization; the ministry's alone."""
    return make_worded_move(request, get_obligation(request, pk, Act.CANCEL), CANCEL)


@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a cancelled obligation back; the ministry's alone."""
    return make_worded_move(request, get_obligation(request, pk, Act.RESTORE), RESTORE)
