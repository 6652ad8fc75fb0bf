"""Moves that need nothing but words: one page that explains, asks for them and confirms."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from obligations import workflow
from obligations.forms import CommentForm
from obligations.models import Obligation
from obligations.states import TRANSITIONS, Act
from obligations.views.page import CONFLICT, INVALID
from obligations.views.scope import get_obligation, person
from obligations.workflow import TransitionRefused


@dataclass(frozen=True)
class WordedMove:
    """A move and how its page speaks of it."""

    act: Act
    heading: str
    text: str
    label: str
    button: str
    done: str
    danger: bool = False


def make_worded_move(request: HttpRequest, obligation: Obligation, move: WordedMove) -> HttpResponse:
    """Show the page of the move, or make the move with the words that were sent."""
    if request.method != "POST":
        if obligation.state not in TRANSITIONS[move.act].sources:
            messages.error(request, workflow.refusal_of(obligation, move.act))
            return redirect(obligation)
        form = CommentForm(initial={"seen": workflow.last_step_id(obligation)})
        return _page(request, obligation, move, form)
    form = CommentForm(request.POST)
    if not form.is_valid():
        closed = workflow.refusal_if_closed(obligation, move.act)
        return _page(request, obligation, move, form, refusal=closed, status=CONFLICT if closed else INVALID)
    try:
        workflow.advance(
            obligation=obligation,
            act=move.act,
            by=person(request),
            at=timezone.now(),
            comment=form.cleaned_data["comment"],
            seen=form.cleaned_data["seen"],
        )
    except TransitionRefused as refusal:
        obligation = get_obligation(request, obligation.pk)
        form.bring_up_to_date(workflow.last_step_id(obligation))
        return _page(request, obligation, move, form, refusal=str(refusal), status=CONFLICT)
    messages.success(request, move.done)
    return redirect(obligation)


def _page(
    request: HttpRequest,
    obligation: Obligation,
    move: WordedMove,
    form: CommentForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    form.fields["comment"].label = move.label
    context = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "move": move,
        "form": form,
        "refusal": refusal,
        "possible": obligation.state in TRANSITIONS[move.act].sources,
        "today": obligation.organization.region.today(),
    }
    return render(request, "obligations/worded_move.html", context, status=status)
