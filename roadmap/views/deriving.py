"""Starting a roadmap of one's own: its order, its own plan if there is one, a look at how that was read, the draft."""

from dataclasses import dataclass
from typing import Self

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization, User
from obligations.views.scope import person
from roadmap import rules
from roadmap.actions import RoadmapRefused, derive, own_roadmaps, plan_own
from roadmap.edition_forms import DeriveForm, OwnPlanForm
from roadmap.imports.drafts import RoadmapDraft
from roadmap.imports.reader import read_roadmap
from roadmap.models import Roadmap
from roadmap.views.access import INVALID, get_roadmap
from roadmap.views.importing import preview_of


@dataclass(frozen=True)
class Derivation:
    """For whom a person may still derive a roadmap from an edition, and the roadmaps derived already."""

    open_to: list[Organization]
    derived: list[Roadmap]

    @classmethod
    def of(cls, user: User, parent: Roadmap) -> Self:
        """Look it up; a query for each organization whose own roadmap the person keeps, mostly one."""
        order = (parent.parent or parent).order_number
        open_to, derived = [], []
        for owner in rules.may_derive(user, parent):
            # What is in force comes before the draft of its next edition.
            editions = own_roadmaps(owner, order_number=order, academic_year=parent.academic_year)
            if editions:
                derived.append(min(editions, key=lambda edition: edition.is_draft))
            else:
                open_to.append(owner)
        return cls(open_to, derived)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the order and the plan; a plan is shown as it was read, without one the draft is there at once."""
    parent = get_roadmap(request, pk)
    derivation = Derivation.of(person(request), parent)
    if not derivation.open_to:
        return _led_on(request, derivation)
    if request.method != "POST":
        return _ask(request, parent, DeriveForm(owners=derivation.open_to))
    form = DeriveForm(request.POST, request.FILES, owners=derivation.open_to)
    if not form.is_valid():
        return _ask(request, parent, form)
    text = form.cleaned_data["text"]
    if not text.strip():
        return _save(request, parent, form, None) or _ask(request, parent, form)
    draft = read_roadmap(text)
    if not draft.items:
        form.refuse_reading(draft.problems)
        return _ask(request, parent, form)
    header = form.header()
    if "title" not in form.changed_data and draft.title:
        header["title"] = draft.title
    shown = OwnPlanForm(initial=header | {"text": text}, owners=derivation.open_to)
    return _show(request, parent, shown, header["owner"], draft)


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the plan that was looked at with all that is inherited, or show it again with what is missing."""
    parent = get_roadmap(request, pk)
    derivation = Derivation.of(person(request), parent)
    if not derivation.open_to:
        return _led_on(request, derivation)
    form = OwnPlanForm(request.POST, owners=derivation.open_to)
    complete = form.is_valid()
    draft = read_roadmap(form.cleaned_data.get("text", ""))
    if not draft.items:
        messages.error(request, "Текст не дошёл целиком. Вставьте его ещё раз.")
        return redirect("roadmap:derive", pk=parent.pk)
    owner = form.cleaned_data.get("owner") or derivation.open_to[0]
    saved = _save(request, parent, form, draft) if complete else None
    return saved or _show(request, parent, form, owner, draft, status=INVALID)


def _led_on(request: HttpRequest, derivation: Derivation) -> HttpResponse:
    """Lead those who have a roadmap of their own to it; everybody else has no business here."""
    if not derivation.derived:
        raise PermissionDenied
    messages.info(request, "Ваша дорожная карта по этому приказу уже есть. Изменения вносят её новой редакцией.")
    return redirect(derivation.derived[0])


def _ask(request: HttpRequest, parent: Roadmap, form: DeriveForm) -> HttpResponse:
    status = INVALID if form.is_bound else 200
    return render(request, "roadmap/derive.html", {"form": form, "parent": parent}, status=status)


def _show(
    request: HttpRequest,
    parent: Roadmap,
    form: OwnPlanForm,
    owner: Organization,
    draft: RoadmapDraft,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show how the plan was read for the year of the edition above."""
    dated = form.cleaned_data.get("order_date") if form.is_bound else form.initial.get("order_date")
    plan = plan_own(owner=owner, draft=draft, academic_year=parent.academic_year, order_date=dated)
    context = preview_of(form, plan) | {
        "parent": parent,
        "save_url": reverse("roadmap:derive_save", args=[parent.pk]),
        "again_url": reverse("roadmap:derive", args=[parent.pk]),
    }
    return render(request, "roadmap/preview.html", context, status=status)


def _save(request: HttpRequest, parent: Roadmap, form: DeriveForm, draft: RoadmapDraft | None) -> HttpResponse | None:
    """Make the draft and lead to it; refused, say so on the form."""
    text = form.cleaned_data["text"] if draft else ""
    try:
        own = derive(
            parent=parent, plan=draft, source_text=text, by=person(request), now=timezone.now(), **form.header()
        )
    except RoadmapRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "Проект подготовлен. Уточните сроки, добавьте свои мероприятия и утвердите.")
    return redirect("roadmap:draft", pk=own.pk)
