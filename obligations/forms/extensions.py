"""What is filled in about more time: the request and the decision."""

from typing import Any

from django import forms

from obligations import evidence
from obligations.forms.answers import OneFileField

MAX_GROUNDS = 4_000
_DATE_ERRORS = {"required": "Назовите дату.", "invalid": "Напишите дату так: 15.10.2023."}


class ExtensionForm(forms.Form):
    """Until when, and on what grounds."""

    wanted_on = forms.DateField(
        label="До какого числа продлить",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=_DATE_ERRORS,
    )
    grounds = forms.CharField(
        label="Основание",
        max_length=MAX_GROUNDS,
        help_text="Почему нужен новый срок: проверяющий решает по этим словам.",
        error_messages={"required": "Напишите основание: без него продлить срок нельзя."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachment = OneFileField(
        label="Файл",
        required=False,
        help_text="Приказ или письмо, если есть.",
        widget=forms.FileInput(attrs={"accept": evidence.ACCEPT_ATTRIBUTE}),
    )


class ExtensionDecisionForm(forms.Form):
    """Grant or refuse; which of the two is the button that was pressed."""

    # Below each field stands when it is needed.
    needs_are_told = True

    due_on = forms.DateField(
        label="Другой срок",
        required=False,
        help_text="Если не заполнить, срок продлевается до запрошенного.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=_DATE_ERRORS,
    )
    comment = forms.CharField(
        label="Комментарий",
        required=False,
        max_length=MAX_GROUNDS,
        help_text="Нужен, если отказываете: напишите почему.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    decision = forms.ChoiceField(
        choices=[("grant", "Продлить"), ("refuse", "Отказать")],
        widget=forms.HiddenInput,
        error_messages={"required": "Нажмите «Продлить» или «Отказать»."},
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("decision") == "refuse" and not cleaned.get("comment"):
            self.add_error("comment", "Напишите, почему отказано.")
        return cleaned

    @property
    def grants(self) -> bool:
        """«Продлить» was pressed."""
        return bool(self.cleaned_data["decision"] == "grant")
