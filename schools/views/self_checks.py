"""The self-check of a school: filled in, kept as a draft, handed in."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import russian
from accounts.models import User
from obligations import closing, workflow
from obligations import rules as obligation_rules
from obligations.history import read_history, remarks_to_parts
from obligations.models import Obligation, RequirementForm
from obligations.workflow import TransitionRefused
from schools.actions.self_checks import SelfCheckRefused, hand_in_self_check, save_self_check
from schools.aggregates.self_checks import read_sheet
from schools.closing.self_check import NO_QUESTIONS
from schools.forms.self_checks import SelfCheckAnswersForm
from schools.rules.self_checks import Sheet

CONFLICT, INVALID = 409, 422


@require_http_methods(["GET", "POST"])
@never_cache
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the questions; keep the answers or hand them in. To whoever does not answer, the obligation shows them."""
    obligation = _obligation(request, pk)
    owns = obligation_rules.owns(cast("User", request.user), obligation)
    if request.method == "POST" and not owns:
        raise PermissionDenied
    sheet = read_sheet(obligation)
    if sheet is None:
        messages.info(request, NO_QUESTIONS)
        return redirect(obligation)
    if request.method == "POST":
        return _keep(request, obligation, sheet)
    if not (owns and obligation.is_with_owner):
        return redirect(obligation)
    return _render(request, obligation, _form(obligation, sheet))


def _keep(request: HttpRequest, obligation: Obligation, sheet: Sheet) -> HttpResponse:
    """Read the answers, keep them or hand them in, and say what came of it."""
    form = _form(obligation, sheet, request.POST)
    if not form.is_valid():
        return _render(request, obligation, form, status=INVALID)
    hands_in = request.POST.get("act") == "submit"
    lacking = form.add_lacking() if hands_in else 0
    act = hand_in_self_check if hands_in and not lacking else save_self_check
    try:
        act(
            obligation=obligation,
            edition=form.cleaned_data["edition"],
            said=form.said(),
            version=form.cleaned_data["version"] or 0,
            by=cast("User", request.user),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
        )
    except (SelfCheckRefused, TransitionRefused) as refusal:
        return _refused(request, obligation, form, str(refusal))
    if lacking:
        counted = russian.counted(lacking, "вопрос", "вопроса", "вопросов")
        told = f"Черновик сохранён. Чтобы сдать самодиагностику, ответьте ещё на {counted}."
        return _refused(request, obligation, form, told, status=INVALID)
    messages.success(
        request,
        "Самодиагностика сдана на проверку." if hands_in else "Черновик сохранён. Он ещё не сдан на проверку.",
    )
    return redirect(obligation if hands_in else request.path)


def _refused(
    request: HttpRequest, obligation: Obligation, form: SelfCheckAnswersForm, told: str, *, status: int = CONFLICT
) -> HttpResponse:
    """Draw the form again over what is there by now, with everything that was typed."""
    obligation = _obligation(request, obligation.pk)
    sheet = read_sheet(obligation)
    if sheet is None:
        raise Http404(NO_QUESTIONS)
    fresh = form.bring_up_to_date(sheet, workflow.last_step_id(obligation))
    if fresh.is_valid() and status == INVALID:
        fresh.add_lacking()
    return _render(request, obligation, fresh, refusal=told, status=status)


def _form(obligation: Obligation, sheet: Sheet, data: QueryDict | None = None) -> SelfCheckAnswersForm:
    """The form over what stands there, each question with the remarks of the latest return to it."""
    past = read_history(obligation)
    return SelfCheckAnswersForm(data, sheet=sheet, seen=past.last_step_id, remarks=remarks_to_parts(past))


def _render(
    request: HttpRequest,
    obligation: Obligation,
    form: SelfCheckAnswersForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "form": form,
        "sheet": form.sheet,
        "refusal": refusal,
        "may_save": obligation.is_with_owner,
        "today": obligation.organization.region.today(),
    }
    return render(request, "schools/self_check.html", context, status=status)


def _obligation(request: HttpRequest, pk: int) -> Obligation:
    """Fetch an obligation that a self-check closes, or answer 404."""
    visible = Obligation.objects.visible_to(cast("User", request.user)).for_page()
    obligation: Obligation = get_object_or_404(visible, pk=pk)
    form = closing.form_of(obligation)
    if form is None or form.form != RequirementForm.SELF_CHECK:
        raise Http404("No self-check closes this obligation.")
    return obligation
