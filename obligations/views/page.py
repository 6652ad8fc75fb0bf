"""The page of one obligation: what is asked, what was done, what happened, what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.academic_years import AcademicYear
from accounts.models import OrganizationKind, User
from obligations import closing, rules
from obligations.forms import AnswerForm, RemarkForm, ReturnForm, SeenForm
from obligations.history import read_history
from obligations.models import Obligation
from obligations.states import Act
from obligations.tightening import earlier_date_of
from obligations.views.pieces import parts_of
from obligations.views.scope import person

CONFLICT = 409
INVALID = 422


def render_page(
    request: HttpRequest,
    obligation: Obligation,
    *,
    answer_form: AnswerForm | None = None,
    return_form: ReturnForm | None = None,
    remark_forms: Sequence[RemarkForm] = (),
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the page; forms that were refused come back with what was typed into them.

    The obligation is shown as it is now, so the forms are sent next time against this version.
    """
    user = person(request)
    history = read_history(obligation)
    for form in (answer_form, return_form):
        if form is not None:
            form.bring_up_to_date(history.last_step_id)
    can_edit, can_decide = rules.can_edit(user, obligation), rules.can_decide(user, obligation)
    by_form = closing.form_of(obligation)
    context: dict[str, Any] = {
        "obligation": obligation,
        "requirement": obligation.requirement,
        "reviewer": obligation.organization.parent or obligation.organization,
        "earlier_date": earlier_date_of(obligation),
        "history": history,
        "parts": parts_of(history, forms=remark_forms, is_answered=can_edit and by_form is None),
        "today": obligation.organization.region.today(),
        "owns": rules.owns(user, obligation),
        "reviews": rules.reviews(user, obligation),
        "of_school": obligation.organization.kind == OrganizationKind.SCHOOL,
        "can_edit": can_edit,
        "can_decide": can_decide,
        "can": {act.value: rules.can(user, act, obligation) for act in Act},
        "answer_form": answer_form or AnswerForm(initial={"note": obligation.note, "seen": history.last_step_id}),
        "return_form": return_form
        or ReturnForm(
            initial={"seen": history.last_step_id},
            pieces=history.evidence,
            has_note=bool(obligation.note),
            parts=closing.parts_of(obligation) if can_decide else (),
        ),
        "closing": by_form,
        "may_decide_extension": history.open_extension is not None and rules.can(user, Act.GRANT_EXTENSION, obligation),
        "following": None if obligation.is_with_owner else next_to_do(user, obligation),
        "seen_form": SeenForm(initial={"seen": history.last_step_id}),
        "refusal": refusal,
        "faults": faults_of(answer_form, return_form, *remark_forms) if status == INVALID else [],
        "unsaved": [] if can_edit or can_decide else _typed(answer_form, return_form),
    }
    if by_form:
        context |= by_form.context(obligation)
    return render(request, "obligations/detail.html", context, status=status)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what was sent, and the id of the place where it is put right."""

    text: str
    anchor: str


def faults_of(*sent: forms.Form | None) -> list[Fault]:
    """Gather everything that is wrong, to be named at the head of the page with a link to its field."""
    faults = []
    for form in sent:
        if form is None or not form.is_bound:
            continue
        first = form.visible_fields()[0].id_for_label
        faults += [Fault(str(error), first) for error in form.non_field_errors()]
        for field in form:
            anchor = first if field.is_hidden else field.id_for_label
            faults += [Fault(f"{field.label}: {error}", anchor) for error in field.errors]
    return faults


def next_to_do(user: User, done: Obligation) -> Obligation | None:
    """Return what burns most of the rest that the owner of ``done`` has to do this year; None for anybody else."""
    if not rules.owns(user, done):
        return None
    today = done.organization.region.today()
    owed = Obligation.objects.owed_by(user).in_year(AcademicYear.of(today).start_year).with_owner()
    return owed.exclude(pk=done.pk).by_urgency(today).for_page().first()


def _typed(*typed: forms.Form | None) -> list[tuple[str, str]]:
    """Return label and text of what was typed into forms that have no place on the page any more."""
    return [
        (str(form.fields[name].label), form.data.get(name, ""))
        for form in typed
        if form is not None
        for name in ("note", "links", "comment")
        if name in form.fields and form.data.get(name, "").strip()
    ]
