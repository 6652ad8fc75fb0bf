"""Filling in a school's card, part by part."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.academic_years import AcademicYear
from accounts.models import Organization, User
from schools import rules
from schools.actions import cards
from schools.forms import ContactsForm, DetailsForm, EnrolmentForm, LevelForm, class_formset, known_classes
from schools.forms.classes import BaseClassFormSet
from schools.models import RegistryChange
from schools.querysets import schools
from schools.rules import Section

Filled = forms.Form | BaseClassFormSet


@dataclass(frozen=True)
class Sheet:
    """A part of the card on its way: the school, the year it is about, who fills it in and when."""

    school: Organization
    year: AcademicYear
    user: User
    now: datetime


@dataclass(frozen=True)
class Editor:
    """How a part is filled in: its title, its template, its form, its act."""

    title: str
    template: str
    form: Callable[[Sheet, Any], Filled]
    save: Callable[[Sheet, Any], list[RegistryChange]]


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Fill in one part of the card."""
    user = cast("User", request.user)
    school = get_object_or_404(schools().visible_to(user).select_related("parent", "region"), pk=pk)
    if section not in EDITORS:
        raise Http404
    part = Section(section)
    if not rules.may_edit(user, school, part):
        raise PermissionDenied
    today = school.region.today()
    year = rules.year_asked(request.GET.get("year"), today=today)
    if part in rules.YEARLY_SECTIONS and not rules.is_open_year(year.start_year, today=today):
        return _closed_year(request, school, year)
    sheet, editor = Sheet(school, year, user, timezone.now()), EDITORS[part]
    form = editor.form(sheet, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changes = editor.save(sheet, form)
        messages.success(request, "Сохранено." if changes else "Ничего не изменилось.")
        return _back(school, year)
    context = {
        "school": school,
        "year": year,
        "form": form,
        "editor": editor,
        "is_yearly": part in rules.YEARLY_SECTIONS,
        "years": _open_years(today),
        "section": section,
    }
    return render(request, editor.template, context, status=422 if request.method == "POST" else 200)


def _closed_year(request: HttpRequest, school: Organization, year: AcademicYear) -> HttpResponseRedirect:
    """Say that the figures of the year stand."""
    messages.error(request, f"{year} учебный год закрыт для изменений: его сведения можно только посмотреть.")
    return _back(school, year)


def _back(school: Organization, year: AcademicYear) -> HttpResponseRedirect:
    """Lead back to the card of the year."""
    return redirect(f"{reverse('schools:detail', args=[school.pk])}?year={year.start_year}")


def _open_years(today: date) -> list[AcademicYear]:
    """The years that may be filled in."""
    current = AcademicYear.of(today).start_year
    return [
        year for year in map(AcademicYear, (current, current + 1)) if rules.is_open_year(year.start_year, today=today)
    ]


def _contacts(sheet: Sheet, sent: Any) -> ContactsForm:
    return ContactsForm(sent, initial=ContactsForm.known(sheet.school))


def _save_contacts(sheet: Sheet, form: ContactsForm) -> list[RegistryChange]:
    people = {name: value for name, value in form.cleaned_data.items() if name != "site"}
    site = form.cleaned_data["site"]
    return cards.save_contacts(school=sheet.school, site=site, people=people, by=sheet.user, now=sheet.now)


def _enrolment(sheet: Sheet, sent: Any) -> EnrolmentForm:
    return EnrolmentForm(sent, initial=EnrolmentForm.known(sheet.school, sheet.year.start_year))


def _save_enrolment(sheet: Sheet, form: EnrolmentForm) -> list[RegistryChange]:
    return cards.save_enrolment(
        school=sheet.school,
        academic_year=sheet.year.start_year,
        figures=form.figures(),
        by=sheet.user,
        now=sheet.now,
    )


def _classes(sheet: Sheet, sent: Any) -> BaseClassFormSet:
    return class_formset(sent, initial=known_classes(sheet.school, sheet.year.start_year))


def _save_classes(sheet: Sheet, form: BaseClassFormSet) -> list[RegistryChange]:
    return cards.save_classes(
        school=sheet.school,
        academic_year=sheet.year.start_year,
        classes=form.drafts(),
        by=sheet.user,
        now=sheet.now,
    )


def _level(sheet: Sheet, sent: Any) -> LevelForm:
    return LevelForm(sent, initial=LevelForm.known(sheet.school, sheet.year.start_year))


def _save_level(sheet: Sheet, form: LevelForm) -> list[RegistryChange]:
    return cards.save_level(
        school=sheet.school,
        academic_year=sheet.year.start_year,
        by=sheet.user,
        now=sheet.now,
        **form.cleaned_data,
    )


def _details(sheet: Sheet, sent: Any) -> DetailsForm:
    return DetailsForm(sent, initial=dict(DetailsForm.known(sheet.school)), school=sheet.school)


def _save_details(sheet: Sheet, form: DetailsForm) -> list[RegistryChange]:
    return cards.save_details(school=sheet.school, details=form.details(), by=sheet.user, now=sheet.now)


_PLAIN = "schools/edit.html"
EDITORS: dict[Section, Editor] = {
    Section.CONTACTS: Editor("Руководитель и ответственный", _PLAIN, _contacts, _save_contacts),
    Section.ENROLMENT: Editor("Контингент 5–11 классов", "schools/edit_enrolment.html", _enrolment, _save_enrolment),
    Section.CLASSES: Editor("Профильные классы", "schools/edit_classes.html", _classes, _save_classes),
    Section.LEVEL: Editor("Уровень и «Билет в будущее»", _PLAIN, _level, _save_level),
    Section.DETAILS: Editor("Наименование и реквизиты", _PLAIN, _details, _save_details),
}
