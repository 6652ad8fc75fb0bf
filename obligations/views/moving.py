"""Moving a duty to another organization."""

from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Organization, User
from accounts.querysets import OrganizationQuerySet
from accounts.roles import Role
from obligations import rules, workflow
from obligations.forms import ReassignForm
from obligations.models import Obligation
from obligations.states import TRANSITIONS, Act
from obligations.views.page import CONFLICT, INVALID
from obligations.views.scope import get_obligation, person
from obligations.workflow import TransitionRefused, refusal_of


@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to whom, by when and why, and move the duty there."""
    obligation = get_obligation(request, pk, Act.REASSIGN)
    if request.method == "GET" and obligation.state not in TRANSITIONS[Act.REASSIGN].sources:
        messages.error(request, refusal_of(obligation, Act.REASSIGN))
        return redirect(obligation)
    today, is_sent = obligation.organization.region.today(), request.method == "POST"
    initial = {"due_on": max(obligation.due_on, today), "seen": workflow.last_step_id(obligation)}
    form = ReassignForm(
        request.POST if is_sent else None, organizations=_offered(person(request), obligation), initial=initial
    )
    if request.method == "GET":
        return _page(request, obligation, form)
    if not (form.is_valid() and _is_date_possible(form, obligation, today)):
        return _page(request, obligation, form, status=INVALID)
    to, due_on, comment, seen = (form.cleaned_data[name] for name in ("organization", "due_on", "comment", "seen"))
    try:
        workflow.hand_over(
            obligation=obligation,
            to=to,
            due_on=due_on,
            by=person(request),
            at=timezone.now(),
            comment=comment,
            seen=seen,
        )
    except TransitionRefused as refused:
        obligation = get_obligation(request, pk)
        form.bring_up_to_date(workflow.last_step_id(obligation))
        return _page(request, obligation, form, refusal=str(refused), status=CONFLICT)
    messages.success(request, f"Поручение передано: {to}.")
    return redirect(obligation)


def _page(
    request: HttpRequest, obligation: Obligation, form: ReassignForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "form": form,
        "refusal": refusal,
        "possible": obligation.state in TRANSITIONS[Act.REASSIGN].sources,
        "today": obligation.organization.region.today(),
    }
    return render(request, "obligations/reassign.html", context, status=status)


def _is_date_possible(form: ReassignForm, obligation: Obligation, today: date) -> bool:
    """Refuse a date on which the new owner would be late from the first day, or that no longer is this year's."""
    due_on, last = form.cleaned_data["due_on"], obligation.requirement.year.end
    if due_on < today:
        form.add_error("due_on", "Срок не может быть в прошлом: новая организация не должна опоздать в первый же день.")
    elif due_on > max(last, obligation.due_on):
        form.add_error("due_on", f"Срок должен быть в пределах учебного года, не позднее {last:%d.%m.%Y}.")
    return not form.errors


def _offered(user: User, obligation: Obligation) -> OrganizationQuerySet:
    """Return the organizations to which this person may move the duty and that don't owe it already."""
    owing = Obligation.objects.in_force().filter(requirement=obligation.requirement_id).values("organization")
    offered = (
        Organization.objects.visible_to(user)
        .active()
        .filter(region=obligation.organization.region_id)
        .exclude(pk__in=owing)
        .exclude(pk=obligation.organization_id)
        .select_related("parent")
        .order_by("parent__short_name", "short_name", "pk")
    )
    if not rules.governs(user, obligation):
        coordinated = [one.organization_id for one in user.active_memberships if one.role == Role.COORDINATOR]
        offered = offered.filter(Q(pk__in=coordinated) | Q(parent__in=coordinated))
    return offered
