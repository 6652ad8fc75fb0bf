"""«Кому позвонить»: the overdue by organization, calls noted, letters to municipalities."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organization, Region, User
from accounts.working_days import add_working_days
from exports.actions import order_export
from exports.models import ExportFormat
from schools.calls.actions import keep_letter_details, note_call, signatory_of
from schools.calls.documents import ACT_WITHIN, OVERDUE_LETTERS, clean_letters, ministry_of, region_to_call
from schools.calls.forms import CallFilterForm, CallNoteForm, LetterForm
from schools.calls.overdue import debtors, describe, municipalities_with_debts, overdue_of, parents_of

PAGE_SIZE = 20
INVALID = 422


@require_safe
def call_list(request: HttpRequest) -> HttpResponse:
    """List who is overdue, longest first, with whom to call and who has called."""
    user = cast("User", request.user)
    region = _region(user)
    today = region.today()
    overdue = overdue_of(user, region, today)
    form = CallFilterForm(request.GET, parents=parents_of(overdue))
    filters = form.chosen()
    page = Paginator(debtors(overdue, region=region, today=today, filters=filters), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": describe(list(page), overdue, today=today, filters=filters),
        "form": form,
        "filters": filters,
        "note_form": CallNoteForm(auto_id=False),
        "today": today,
        "may_write": ministry_of(user) is not None,
    }
    return render(request, "schools/calls.html", context)


@require_POST
def call_noted(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that somebody called the organization; lead back to the list as it was."""
    user = cast("User", request.user)
    organization = get_object_or_404(Organization.objects.visible_to(user), pk=pk)
    _region(user)
    if organization.pk in user.acting_organization_ids:
        raise PermissionDenied
    form = CallNoteForm(request.POST)
    if form.is_valid():
        note_call(organization=organization, note=form.cleaned_data["note"], by=user, at=timezone.now())
        messages.success(request, f"Звонок отмечен: {organization.name}.")
    else:
        messages.error(request, "Слишком длинная запись о звонке: не больше 500 знаков. Ничего не сохранено.")
    query = request.GET.urlencode()
    return redirect(f"{reverse('schools:calls')}{'?' if query else ''}{query}")


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """List the municipalities whose schools are overdue: to each a letter, or one file to all."""
    user, ministry = _writer(request)
    overdue = overdue_of(user, ministry.region, ministry.region.today())
    page = Paginator(municipalities_with_debts(overdue), 100).get_page(request.GET.get("page"))
    return render(request, "schools/letters.html", {"page": page, "today": ministry.region.today()})


@require_http_methods(["GET", "POST"])
def letter_to_all(request: HttpRequest) -> HttpResponse:
    """Ask for what all letters say alike, keep it, and order them."""
    return _letter(request, None)


@require_http_methods(["GET", "POST"])
def letter_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what the letter to one municipality says, keep it, and order it."""
    user = cast("User", request.user)
    municipality = get_object_or_404(Organization.objects.visible_to(user).municipalities(), pk=pk)
    return _letter(request, municipality)


def _letter(request: HttpRequest, municipality: Organization | None) -> HttpResponse:
    """Draw the form of a letter or order what it asks for."""
    user, ministry = _writer(request)
    today = ministry.region.today()
    form = LetterForm(
        request.POST if request.method == "POST" else None,
        today=today,
        with_addressee=municipality is not None,
        initial=_initial(user, ministry, municipality, today),
    )
    if form.is_valid():
        act_by: date = form.cleaned_data.pop("act_by")
        keep_letter_details(ministry=ministry, municipality=municipality, by=user, **form.cleaned_data)
        sent = {"municipality": municipality.pk if municipality else None, "act_by": act_by.isoformat()}
        wanted = clean_letters(user=user, sent=sent)
        return redirect(
            order_export(
                report=OVERDUE_LETTERS,
                file_format=ExportFormat.DOCX,
                parameters=wanted.parameters,
                title=wanted.title,
                by=user,
                region=wanted.region,
                now=timezone.now(),
            )
        )
    context = {"form": form, "municipality": municipality, "ministry": ministry}
    return render(request, "schools/letter.html", context, status=INVALID if form.errors else 200)


def _initial(user: User, ministry: Organization, municipality: Organization | None, today: date) -> dict[str, object]:
    """What the last letter said, the writer's telephone, and the third working day from today."""
    post, name = signatory_of(ministry)
    return {
        "addressee": municipality.addressee if municipality else "",
        "signatory_post": post,
        "signatory_name": name,
        "postal_address": ministry.postal_address,
        "executor_phone": user.phone,
        "act_by": add_working_days(today, ACT_WITHIN),
    }


def _region(user: User) -> Region:
    """Return where the person calls; only the ministry and coordinators do."""
    region = region_to_call(user)
    if region is None:
        raise PermissionDenied
    return region


def _writer(request: HttpRequest) -> tuple[User, Organization]:
    """Return the person and the ministry in whose name they write."""
    user = cast("User", request.user)
    ministry = ministry_of(user)
    if ministry is None:
        raise PermissionDenied
    return user, ministry
