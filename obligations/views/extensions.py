"""More time: asking for it, taking the request back, deciding one or several, the list of what waits."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import russian
from obligations import actions, rules
from obligations.actions import ExtensionRefused
from obligations.evidence import content_type_of
from obligations.forms import ExtensionDecisionForm, ExtensionForm, InboxFilters
from obligations.models import Extension, Obligation
from obligations.states import TRANSITIONS, Act
from obligations.views.page import CONFLICT, INVALID
from obligations.views.scope import get_obligation, person, reviewer, today_of
from obligations.workflow import TransitionRefused, refusal_of

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a later due date."""
    obligation = get_obligation(request, pk, Act.ASK_EXTENSION)
    if obligation.state not in TRANSITIONS[Act.ASK_EXTENSION].sources:
        messages.error(request, refusal_of(obligation, Act.ASK_EXTENSION))
        return redirect(obligation)
    is_sent = request.method == "POST"
    form = ExtensionForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        data = form.cleaned_data
        try:
            actions.ask_extension(
                obligation=obligation,
                wanted_on=data["wanted_on"],
                grounds=data["grounds"],
                file=data["attachment"],
                by=person(request),
                at=timezone.now(),
            )
        except (ExtensionRefused, TransitionRefused) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Запрос о продлении передан проверяющему. Пока он решает, прежний срок в силе.")
            return redirect(obligation)
    context = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "reviewer": obligation.organization.parent or obligation.organization,
        "form": form,
        "today": obligation.organization.region.today(),
    }
    return render(request, "obligations/extension_ask.html", context, status=INVALID if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    extension = _extension(request, pk)
    if not rules.owns(person(request), extension.obligation):
        raise PermissionDenied
    try:
        actions.withdraw_extension(extension=extension, by=person(request), at=timezone.now())
    except (ExtensionRefused, TransitionRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Запрос о продлении отозван.")
    return redirect(extension.obligation)


@require_GET
def extensions(request: HttpRequest) -> HttpResponse:
    """List the requests that wait for the person, oldest first."""
    return _list(request, ExtensionDecisionForm())


@require_POST
def decide_chosen(request: HttpRequest) -> HttpResponse:
    """Grant or refuse everything ticked; name what could not be."""
    user = reviewer(request)
    form = ExtensionDecisionForm(request.POST)
    chosen = {int(pk) for pk in request.POST.getlist("chosen")[:PAGE_SIZE] if re.fullmatch(r"[0-9]{1,18}", pk)}
    if not form.is_valid() or not chosen:
        if not chosen:
            form.add_error(None, "Отметьте хотя бы один запрос.")
        return _list(request, form, chosen=chosen, status=INVALID)
    decision = actions.decide_extensions(
        extensions=Extension.objects.decided_by(user),
        chosen=chosen,
        grant=form.grants,
        due_on=form.cleaned_data["due_on"],
        comment=form.cleaned_data["comment"],
        by=user,
        at=timezone.now(),
    )
    if decision.accepted:
        count = russian.counted(len(decision.accepted), "поручение", "поручения", "поручений")
        messages.success(request, f"{'Срок продлён' if form.grants else 'Отказано'}: {count}.")
    for obligation, reason in decision.refused:
        messages.warning(request, f"Не решено — {obligation.requirement.number}, {obligation.organization}. {reason}")
    return redirect("obligations:extensions")


@require_GET
def extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request to whoever sees the obligation; its reviewer finds the decision there."""
    return _page(request, _extension(request, pk), ExtensionDecisionForm())


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse one request."""
    asked, user = _extension(request, pk), person(request)
    if not rules.reviews(user, asked.obligation):
        raise PermissionDenied
    form = ExtensionDecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form, status=INVALID)
    due_on, comment = form.cleaned_data["due_on"], form.cleaned_data["comment"]
    try:
        actions.decide_extension(
            extension=asked, grant=form.grants, due_on=due_on, comment=comment, by=user, at=timezone.now()
        )
    except (ExtensionRefused, TransitionRefused) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, _extension(request, pk), form, status=CONFLICT)
    messages.success(request, "Срок продлён." if form.grants else "В продлении отказано.")
    return redirect("obligations:extensions")


@require_safe
@never_cache
def extension_file(request: HttpRequest, pk: int) -> FileResponse:
    """Stream the file that was attached to a request."""
    asked = _extension(request, pk)
    if not asked.file:
        raise Http404("No file was attached.")
    try:
        content = asked.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is not in storage.") from error
    response = FileResponse(
        content, as_attachment=True, filename=asked.title, content_type=content_type_of(asked.title)
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _extension(request: HttpRequest, pk: int) -> Extension:
    """Fetch a request in the person's sight, or answer 404."""
    visible = Extension.objects.visible_to(person(request)).for_page().select_related("ended_by")
    return get_object_or_404(visible, pk=pk)


def _page(request: HttpRequest, asked: Extension, form: ExtensionDecisionForm, *, status: int = 200) -> HttpResponse:
    """Draw the page of one request."""
    user, obligation = person(request), asked.obligation
    context = {
        "extension": asked,
        "obligation": obligation,
        "requirement": obligation.requirement,
        "form": form,
        "reviews": rules.reviews(user, obligation),
        "owns": rules.owns(user, obligation),
        "today": obligation.organization.region.today(),
    }
    return render(request, "obligations/extension.html", context, status=status)


def _list(
    request: HttpRequest,
    form: ExtensionDecisionForm,
    *,
    chosen: frozenset[int] | set[int] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    """Draw the list with the form that decides what is ticked."""
    user = reviewer(request)
    waiting = Extension.objects.decided_by(user).open()
    asked_of = Obligation.objects.filter(pk__in=waiting.values("obligation"))
    filters = InboxFilters(request.GET, waiting=asked_of)
    shown = waiting.filter(obligation__in=filters.apply(asked_of)) if filters.address else waiting
    page = Paginator(shown.for_page().order_by("asked_at", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": filters,
        "form": form,
        "chosen": chosen,
        "today": today_of(user),
        "list_url": reverse("obligations:extensions"),
    }
    return render(request, "obligations/extensions.html", context, status=status)
