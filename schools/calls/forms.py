"""What is chosen and filled in around calls and letters."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.working_days import is_working_day
from schools.calls.overdue import CallFilters

LONGER = ((0, "любая"), (3, "более 3 дней"), (7, "более 7 дней"), (30, "более 30 дней"))
# A letter that gives more than a quarter of a year is no letter about something overdue.
LATEST_ACT_BY = timedelta(days=90)


class CallFilterForm(forms.Form):
    """The filters above the list; nonsense in the address is left out, not complained of."""

    parent = forms.TypedChoiceField(label="Кому подотчётна", required=False, coerce=int, empty_value=None)
    longer_than = forms.TypedChoiceField(
        label="Просрочка", required=False, coerce=int, empty_value=None, choices=LONGER
    )
    number = forms.CharField(label="Номер мероприятия", required=False, max_length=20)
    not_called = forms.BooleanField(label="Только те, кому не звонили последние 3 рабочих дня", required=False)

    def __init__(self, data: Any, *, parents: Sequence[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["parent"].choices = [("", "Все"), *parents]  # type: ignore[attr-defined]
        if len(parents) < 2:
            del self.fields["parent"]

    def chosen(self) -> CallFilters:
        """The filters as far as they make sense."""
        self.is_valid()
        cleaned = self.cleaned_data
        return CallFilters(
            parent=cleaned.get("parent"),
            longer_than=cleaned.get("longer_than") or 0,
            number=cleaned.get("number") or "",
            not_called=bool(cleaned.get("not_called")),
        )


class CallNoteForm(forms.Form):
    """What came of a call."""

    note = forms.CharField(
        label="О чём договорились",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "сдадут к пятнице"}),
    )


class LetterForm(forms.Form):
    """What a letter says beside its table; kept for the next letter."""

    addressee = forms.CharField(
        label="Кому",
        required=False,
        max_length=500,
        help_text="Как в письме, по строкам, в дательном падеже. Если пусто — полное наименование организации.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signatory_post = forms.CharField(label="Должность подписывающего", required=False, max_length=180)
    signatory_name = forms.CharField(label="Инициалы и фамилия подписывающего", required=False, max_length=100)
    postal_address = forms.CharField(label="Почтовый адрес министерства", required=False, max_length=300)
    executor_phone = forms.CharField(
        label="Ваш телефон — исполнителя письма",
        required=False,
        max_length=40,
        help_text="Внизу письма, рядом с вашим именем.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    act_by = forms.DateField(
        label="Исполнить до",
        help_text="Рабочий день; предложен третий от сегодняшнего.",
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, data: QueryDict | None = None, *, today: date, with_addressee: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        if not with_addressee:
            del self.fields["addressee"]

    def clean_act_by(self) -> date:
        """A day that is worked, ahead, and not too far."""
        act_by: date = self.cleaned_data["act_by"]
        if not self.today < act_by <= self.today + LATEST_ACT_BY:
            raise ValidationError("Укажите день не раньше завтрашнего и не позже чем через три месяца.")
        if not is_working_day(act_by):
            raise ValidationError("Этот день — выходной. Укажите рабочий день.")
        return act_by
