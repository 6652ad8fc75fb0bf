"""What the owner does: look, keep a draft, take an attachment back, hand in, declare nil."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from obligations import actions, workflow
from obligations.actions import AnswerRefused
from obligations.forms import AnswerForm
from obligations.models import Evidence, Obligation
from obligations.states import Act
from obligations.views.page import CONFLICT, INVALID, render_page
from obligations.views.scope import get_obligation, person
from obligations.views.words import WordedMove, make_worded_move
from obligations.workflow import TransitionRefused

DECLARE_NIL = WordedMove(
    act=Act.DECLARE_NIL,
    heading="Нечего отчитаться?",
    text=(
        "Так отвечают, когда мероприятия у вас не было и быть не могло: например, в школе нет 9–11 классов. "
        "Ответ уйдёт на проверку; если он не подойдёт, поручение вернут с замечанием."
    ),
    label="Почему отчитываться не о чем",
    button="Подтвердить: нечего отчитаться",
    done="Ответ «нечего отчитаться» передан на проверку.",
)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one obligation to whoever may know of it."""
    return render_page(request, get_obligation(request, pk))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answer as a draft."""
    return _keep(
        request, get_obligation(request, pk, Act.SUBMIT), done="Черновик сохранён. Он ещё не сдан на проверку."
    )


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the answer and hand it in."""
    obligation = get_obligation(request, pk, Act.SUBMIT)
    return _keep(request, obligation, hand_in=True, done="Поручение сдано на проверку.")


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one attachment back; whatever else stands in the form is kept as a draft with it."""
    piece = get_object_or_404(Evidence.objects.visible_to(request.user).kept(), pk=pk)
    obligation = get_obligation(request, piece.obligation_id, Act.SUBMIT)
    return _keep(request, obligation, remove=piece, done=f"«{piece.title}» больше не приложено.")


@require_http_methods(["GET", "POST"])
def declare_nil(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why there is nothing to report, and hand that in."""
    return make_worded_move(request, get_obligation(request, pk, Act.DECLARE_NIL), DECLARE_NIL)


def _keep(
    request: HttpRequest, obligation: Obligation, *, done: str, hand_in: bool = False, remove: Evidence | None = None
) -> HttpResponse:
    """Read the answer, keep it or hand it in, and say what came of it."""
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        closed = workflow.refusal_if_closed(obligation, Act.SUBMIT)
        status = CONFLICT if closed else INVALID
        return render_page(request, obligation, answer_form=form, refusal=closed, status=status)
    act = actions.hand_in if hand_in else actions.save_draft
    try:
        act(
            obligation=obligation,
            answer=form.answer(remove=[remove.pk] if remove else []),
            by=person(request),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except AnswerRefused as refusal:
        for error in refusal.errors:
            form.add_error(None, error)
        return render_page(request, obligation, answer_form=form, status=INVALID)
    except TransitionRefused as refusal:
        obligation = get_obligation(request, obligation.pk)
        return render_page(request, obligation, answer_form=form, refusal=str(refusal), status=CONFLICT)
    messages.success(request, done)
    return redirect(obligation)
