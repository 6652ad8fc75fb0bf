"""What the owner does: look, keep a draft, take an attachment back, hand in, declare nil."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from obligations import actions, workflow
from obligations.actions import AnswerRefused
from obligations.forms import AnswerForm, RemarkForm, VersionForm
from obligations.history import read_history
from obligations.models import Evidence, Obligation
from obligations.states import Act
from obligations.timeline import timeline
from obligations.views.page import CONFLICT, INVALID, render_page
from obligations.views.scope import get_obligation, person
from obligations.views.words import WordedMove, make_worded_move
from obligations.workflow import TransitionRefused

DECLARE_NIL = WordedMove(
    act=Act.DECLARE_NIL,
    heading="Сообщить, что отчитаться не о чем",
    text=(
        "Так отвечают, когда мероприятия у вас не было и быть не могло: например, в школе нет 9–11 классов. "
        "Ответ уйдёт на проверку; если он не подойдёт, поручение вернут с замечанием."
    ),
    label="Почему отчитываться не о чем",
    button="Сообщить, что отчитаться не о чем",
    done="Ответ «отчитаться не о чем» передан на проверку.",
)


@require_GET
def whole_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything that happened to an obligation on one page, fit to be printed."""
    obligation = get_obligation(request, pk)
    past = read_history(obligation)
    context = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "reviewer": obligation.organization.parent or obligation.organization,
        "history": past,
        "events": timeline(obligation, past),
        "today": obligation.organization.region.today(),
    }
    return render(request, "obligations/history.html", context)


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
def evidence_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a new version of a piece of evidence and put it in the place of the earlier one."""
    piece = get_object_or_404(Evidence.objects.visible_to(request.user).kept(), pk=pk)
    obligation = get_obligation(request, piece.obligation_id, Act.SUBMIT)
    if request.method == "GET" and not obligation.is_with_owner:
        messages.error(request, workflow.refusal_of(obligation, Act.SUBMIT))
        return redirect(obligation)
    seen, is_sent = {"seen": workflow.last_step_id(obligation)}, request.method == "POST"
    form = VersionForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, of_file=piece.is_file, initial=seen
    )
    refusal, status = "", INVALID if is_sent else 200
    if is_sent and form.is_valid():
        file, link = form.cleaned_data.get("attachment"), form.cleaned_data.get("link")
        seen_step, at = form.cleaned_data["seen"], timezone.now()
        try:
            actions.replace_evidence(piece=piece, file=file, link=link, by=person(request), at=at, seen=seen_step)
        except AnswerRefused as refused:
            form.add_error(None, refused.errors)
        except TransitionRefused as refused:
            refusal, status = str(refused), CONFLICT
        else:
            messages.success(request, f"«{piece.title}» заменено. Прежняя версия осталась в истории.")
            return redirect(obligation)
    context = {"piece": piece, "obligation": obligation, "form": form, "refusal": refusal}
    return render(request, "obligations/evidence_replace.html", context, status=status)


@require_http_methods(["GET", "POST"])
def declare_nil(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why there is nothing to report, and hand that in."""
    return make_worded_move(request, get_obligation(request, pk, Act.DECLARE_NIL), DECLARE_NIL)


def _keep(
    request: HttpRequest, obligation: Obligation, *, done: str, hand_in: bool = False, remove: Evidence | None = None
) -> HttpResponse:
    """Read the answer, keep it or hand it in, and say what came of it."""
    form = AnswerForm(request.POST, request.FILES)
    remarks = RemarkForm.read(read_history(obligation).current_remarks, request.POST)
    if not all([form.is_valid(), *(one.is_valid() for one in remarks)]):
        closed = workflow.refusal_if_closed(obligation, Act.SUBMIT)
        status = CONFLICT if closed else INVALID
        return render_page(request, obligation, answer_form=form, remark_forms=remarks, refusal=closed, status=status)
    act = actions.hand_in if hand_in else actions.save_draft
    try:
        act(
            obligation=obligation,
            answer=form.answer(
                remove=[remove.pk] if remove else [], mended={one.remark.pk: one.said for one in remarks}
            ),
            by=person(request),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except AnswerRefused as refusal:
        for error in refusal.errors:
            form.add_error(None, error)
        return render_page(request, obligation, answer_form=form, remark_forms=remarks, status=INVALID)
    except TransitionRefused as refusal:
        obligation = get_obligation(request, obligation.pk)
        return render_page(
            request, obligation, answer_form=form, remark_forms=remarks, refusal=str(refusal), status=CONFLICT
        )
    messages.success(request, done)
    return redirect(obligation)
