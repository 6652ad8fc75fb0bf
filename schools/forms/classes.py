"""Profile classes of a school in a year, a row each."""

from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory

from accounts.models import Organization
from schools.actions.cards import ClassDraft
from schools.forms.cards import MOST_PUPILS, CheckedField
from schools.imports import values
from schools.models import GRADES, ClassProfile, ProfileClass

EMPTY_ROWS = 3
MOST_CLASSES = 60


class ClassForm(forms.Form):
    """One profile class."""

    grade = forms.TypedChoiceField(
        label="Класс",
        coerce=int,
        choices=[("", "—"), *((grade, str(grade)) for grade in GRADES)],
        error_messages={"required": "Выберите класс.", "invalid_choice": "Выберите класс с 5-го по 11-й."},
    )
    letter = forms.CharField(label="Буква", required=False, max_length=10)
    profile = forms.ChoiceField(
        label="Профиль",
        choices=[("", "—"), *ClassProfile.choices],
        error_messages={"required": "Выберите профиль.", "invalid_choice": "Выберите профиль из списка."},
    )
    pupils = forms.IntegerField(
        label="Обучающихся",
        required=False,
        min_value=0,
        max_value=MOST_PUPILS,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"Целое число от 0 до {MOST_PUPILS}."),
    )
    partner = CheckedField(values.words_of("Партнёр", 300), label="Организация-партнёр", required=False)
    agreement = CheckedField(str, label="Договор (№ и дата)", required=False, max_length=200)

    def clean_letter(self) -> str:
        """«а» and «"А"» are the same class."""
        return str(self.cleaned_data["letter"]).strip(" «»\"'").upper()

    def clean(self) -> None:
        """An agreement is made with somebody."""
        if self.cleaned_data.get("agreement") and not self.cleaned_data.get("partner") and "partner" not in self.errors:
            self.add_error("partner", "Назовите организацию, с которой заключён договор.")


class BaseClassFormSet(BaseFormSet):  # type: ignore[type-arg]
    """The profile classes of a year."""

    def clean(self) -> None:
        """A class stands there once."""
        seen: set[tuple[Any, ...]] = set()
        for form in self.forms:
            told = getattr(form, "cleaned_data", {})
            if not told.get("grade") or told.get("DELETE"):
                continue
            key = (told["grade"], told.get("letter"), told.get("profile"))
            if key in seen:
                form.add_error("letter", "Этот класс уже есть в списке: различайте классы буквой.")
            seen.add(key)

    def drafts(self) -> list[ClassDraft]:
        """The classes that were filled in and not struck out."""
        names = ("grade", "letter", "profile", "pupils", "partner", "agreement")
        return [
            ClassDraft(**{name: form.cleaned_data[name] for name in names})
            for form in self.forms
            if form.cleaned_data.get("grade") and not form.cleaned_data.get("DELETE")
        ]


_ClassFormSet = formset_factory(
    ClassForm,
    formset=BaseClassFormSet,
    extra=EMPTY_ROWS,
    can_delete=True,
    max_num=MOST_CLASSES,
    absolute_max=MOST_CLASSES,
    validate_max=True,
)


def class_formset(sent: Any, *, initial: list[dict[str, Any]]) -> BaseClassFormSet:
    """The rows of a year as they were sent, or as they begin."""
    return cast("BaseClassFormSet", _ClassFormSet(sent, initial=initial))


def known_classes(school: Organization, academic_year: int) -> list[dict[str, Any]]:
    """The classes the registry has for the year, as the rows begin with."""
    names = ("grade", "letter", "profile", "pupils", "partner", "agreement")
    return list(ProfileClass.objects.filter(organization=school, academic_year=academic_year).values(*names))
