"""«Вопросы самодиагностики»: the editions of a region, the draft of the next one, question by question."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from accounts.roles import Role
from schools.actions import questions as actions
from schools.actions.questions import QuestionsRefused
from schools.aggregates.questions import changes_of, outline
from schools.forms.questions import PrepareForm, PublishForm, QuestionForm
from schools.models import SelfCheckForm, SelfCheckQuestion
from schools.rules.self_checks import edition_in_force, edits_questions

INVALID = 422


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """List the editions, the newest first, with what is in force and who put it there."""
    user = cast("User", request.user)
    region = _region_of(user)
    year = AcademicYear.of(region.today() if region else timezone.localdate())
    shown = SelfCheckForm.objects.visible_to(user).select_related("region", "created_by", "published_by")
    context = {
        "editions": shown,
        "in_force": edition_in_force(region, year.start_year) if region else None,
        "year": year,
        "form": PrepareForm(years=_years(year)),
        "edits": edits_questions(user, region),
    }
    return render(request, "schools/questions.html", context)


@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Lead to the draft of a year, made of the questions in force where there is none."""
    user = cast("User", request.user)
    region = _region_of(user)
    if region is None or not edits_questions(user, region):
        raise PermissionDenied
    form = PrepareForm(request.POST, years=_years(AcademicYear.of(region.today())))
    if not form.is_valid():
        messages.error(request, "Выберите учебный год из списка.")
        return redirect("schools:editions")
    year = form.cleaned_data["year"]
    draft = actions.prepare_edition(region=region, academic_year=year, by=user, now=timezone.now())
    return redirect("schools:edition", draft.pk)


@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an edition with what it changed; a draft with the ways to change it."""
    form = _edition(request, pk)
    context = {
        "edition": form,
        "blocks": outline(form),
        "changes": changes_of(form),
        "edits": form.is_draft and edits_questions(cast("User", request.user), form.region),
        "publish_form": PublishForm(),
    }
    return render(request, "schools/edition.html", context)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what has changed and put the draft into force."""
    draft, user = _draft(request, pk), cast("User", request.user)
    is_sent = request.method == "POST"
    form = PublishForm(request.POST if is_sent else None)
    if not (is_sent and form.is_valid()):
        context = {"edition": draft, "form": form, "changes": changes_of(draft)}
        return render(request, "schools/edition_publish.html", context, status=INVALID if is_sent else 200)
    try:
        actions.publish_edition(form=draft, basis=form.cleaned_data["basis"], by=user, now=timezone.now())
    except QuestionsRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Редакция введена в действие. Кто ещё не сдал самодиагностику, ответит по ней.")
    return redirect("schools:edition", draft.pk)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    draft = _draft(request, pk)
    try:
        actions.discard_edition(form=draft)
    except QuestionsRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("schools:edition", pk)
    messages.success(request, "Проект удалён. Действующая редакция не изменилась.")
    return redirect("schools:editions")


@require_http_methods(["GET", "POST"])
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a new question of a draft."""
    return _question(request, _draft(request, pk), None)


@require_http_methods(["GET", "POST"])
def question_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a question of a draft."""
    found = _found_question(request, pk)
    return _question(request, found.form, found)


@require_POST
def question_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question out of a draft."""
    found = _found_question(request, pk)
    try:
        actions.remove_question(question=found)
    except QuestionsRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Вопрос убран: «{found.text}».")
    return redirect("schools:edition", found.form_id)


def _question(request: HttpRequest, draft: SelfCheckForm, found: SelfCheckQuestion | None) -> HttpResponse:
    """Draw the form of a question or keep what it says."""
    is_sent = request.method == "POST"
    form = QuestionForm(request.POST if is_sent else None, form=draft, question=found)
    if is_sent and form.is_valid():
        try:
            actions.save_question(form=draft, question=found, wording=form.wording())
        except QuestionsRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Вопрос сохранён.")
            return redirect("schools:edition", draft.pk)
    context = {"edition": draft, "question": found, "form": form}
    return render(request, "schools/question.html", context, status=INVALID if form.errors else 200)


def _region_of(user: User) -> Region | None:
    """Where the person works, as the ministry first."""
    seats = sorted(user.active_memberships, key=lambda seat: seat.role != Role.MINISTRY)
    return seats[0].organization.region if seats else None


def _years(year: AcademicYear) -> list[tuple[int, str]]:
    """Academic years for which questions may be prepared: the one that runs and the next."""
    return [(start, str(AcademicYear(start))) for start in (year.start_year, year.start_year + 1)]


def _edition(request: HttpRequest, pk: int) -> SelfCheckForm:
    """Fetch an edition in the person's sight, or answer 404."""
    visible = SelfCheckForm.objects.visible_to(cast("User", request.user))
    found: SelfCheckForm = get_object_or_404(visible.select_related("region", "created_by", "published_by"), pk=pk)
    return found


def _draft(request: HttpRequest, pk: int) -> SelfCheckForm:
    """Fetch an edition that the person may change; what is in force is refused by the action."""
    found = _edition(request, pk)
    if not edits_questions(cast("User", request.user), found.region):
        raise PermissionDenied
    return found


def _found_question(request: HttpRequest, pk: int) -> SelfCheckQuestion:
    """Fetch a question whose edition the person may change."""
    user = cast("User", request.user)
    visible = SelfCheckQuestion.objects.visible_to(user).select_related("form__region")
    found: SelfCheckQuestion = get_object_or_404(visible, pk=pk)
    if not edits_questions(user, found.form.region):
        raise PermissionDenied
    return found
