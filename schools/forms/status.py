"""Closing and opening a school."""

from datetime import date
from typing import Any

from django import forms


class StatusForm(forms.Form):
    """From which day a school is closed or open again, and why."""

    on = forms.DateField(
        label="С какого дня",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Назовите дату.", "invalid": "Напишите дату так: 15.10.2023."},
    )
    reason = forms.CharField(
        label="Причина",
        max_length=1_000,
        help_text="Например: реорганизация, приказ и его номер. Эти слова останутся в истории каждого поручения.",
        error_messages={"required": "Напишите причину."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        """A day that has not come yet changes nothing today."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError("Этот день ещё не наступил. Внесите изменение в сам день.")
        if on < date(self.today.year - 1, 9, 1):
            raise forms.ValidationError("Слишком давний день: укажите дату не раньше прошлого учебного года.")
        return on
