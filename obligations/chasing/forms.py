"""Forms of chasing: how one wants to hear, when the region reminds."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import russian
from obligations.back_scheduling import (
    LONGEST_REVIEW,
    MUNICIPAL_REVIEW,
    REGIONAL_REVIEW,
    SCHOOLS_FIRST,
    is_out_of_order,
    wrong_with,
)
from obligations.chasing.schedules import MOST_DAYS, MOST_REMINDERS, ReminderSchedule
from obligations.levels import Level
from obligations.models import MailFrequency, Requirement

BY_MAIL, IN_PORTAL = "mail", "portal"
GENERAL, OWN = "general", "own"
# A year's debts are chased through the next year; nobody waits longer to be told of them.
LONGEST_PATIENCE = 365
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]


def _day_input() -> forms.DateInput:
    """A calendar of the browser's own."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class NoticesReadForm(forms.Form):
    """Which notices are read: one, or all up to the newest on the page."""

    notice = forms.IntegerField(required=False, min_value=1)
    latest = forms.IntegerField(required=False, min_value=1)


class MailPreferenceForm(forms.Form):
    """Channel and frequency of what is no duty."""

    channel = forms.ChoiceField(
        label="Где напоминать",
        choices=[(BY_MAIL, "Письмом и в портале"), (IN_PORTAL, "Только в портале")],
        widget=forms.RadioSelect,
    )
    frequency = forms.ChoiceField(label="Как часто", choices=MailFrequency.choices, widget=forms.RadioSelect)


class ReminderRuleForm(forms.Form):
    """When one is reminded and who hears of what is overdue; every error is told at once."""

    days = forms.CharField(
        label="За сколько дней до срока напоминать",
        max_length=60,
        required=False,
        help_text="Числа через запятую, например: 7, 3, 1. В день срока портал напоминает всегда.",
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )
    coordinator_after = forms.IntegerField(
        label="Проверяющему — при просрочке более, дней",
        min_value=0,
        max_value=LONGEST_PATIENCE,
        help_text="Муниципальный координатор, а для школ регионального подчинения — министерство.",
    )
    ministry_after = forms.IntegerField(
        label="Министерству о школах муниципалитетов — при просрочке более, дней",
        min_value=0,
        max_value=LONGEST_PATIENCE,
    )

    def clean_days(self) -> tuple[int, ...]:
        """Read the numbers; each that is none is named."""
        parts = [part for part in re.split(r"[\s,;]+", self.cleaned_data["days"]) if part]
        errors = [f"«{part}» — не число дней." for part in parts if not re.fullmatch(r"[0-9]{1,4}", part)]
        days = {0, *(int(part) for part in parts if re.fullmatch(r"[0-9]{1,4}", part))}
        errors += [
            f"{russian.days(day)} — слишком рано: не больше {MOST_DAYS}." for day in sorted(days) if day > MOST_DAYS
        ]
        if len(days) > MOST_REMINDERS:
            most = russian.counted(MOST_REMINDERS, "напоминание", "напоминания", "напоминаний")
            errors.append(f"На один срок — не больше {most}, считая день срока.")
        if errors:
            raise ValidationError([ValidationError(error) for error in errors])
        return tuple(sorted(days, reverse=True))

    def clean(self) -> dict[str, Any]:
        """The ministry hears of a school no sooner than the one who reviews it."""
        cleaned = super().clean() or {}
        coordinator, ministry = cleaned.get("coordinator_after"), cleaned.get("ministry_after")
        if coordinator is not None and ministry is not None and ministry < coordinator:
            self.add_error("ministry_after", "Министерство узнаёт не раньше проверяющего: укажите не меньше.")
        return cleaned

    def schedule(self) -> ReminderSchedule:
        """What was filled in."""
        return ReminderSchedule(
            self.cleaned_data["days"], self.cleaned_data["coordinator_after"], self.cleaned_data["ministry_after"]
        )


class RequirementRuleForm(ReminderRuleForm):
    """The same for one requirement: the region's order of things, or one of its own."""

    order = forms.ChoiceField(
        label="Порядок напоминаний",
        choices=[(GENERAL, "Общий для региона"), (OWN, "Свой для этого мероприятия")],
        widget=forms.RadioSelect,
    )
    whole_item = forms.BooleanField(label="Для всех сроков этого мероприятия в учебном году", required=False)
    field_order = ["order", "days", "coordinator_after", "ministry_after", "whole_item"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if data is not None and data.get("order") == GENERAL:
            # What stands in the other fields doesn't matter then.
            for name in ("days", "coordinator_after", "ministry_after"):
                self.fields[name].required = False
                self.fields[name].disabled = True

    def schedule_or_general(self) -> ReminderSchedule | None:
        """The schedule filled in; None for the region's."""
        return self.schedule() if self.cleaned_data["order"] == OWN else None


def initial_of(schedule: ReminderSchedule) -> dict[str, Any]:
    """Write a schedule as the form reads it."""
    return {
        "days": ", ".join(str(day) for day in schedule.days if day),
        "coordinator_after": schedule.coordinator_after,
        "ministry_after": schedule.ministry_after,
    }


class ReviewTimeForm(forms.Form):
    """How many working days each level has to review."""

    municipal_review = forms.IntegerField(
        label="Муниципалитету, рабочих дней", min_value=0, max_value=LONGEST_REVIEW, initial=MUNICIPAL_REVIEW
    )
    regional_review = forms.IntegerField(
        label="Региону, рабочих дней", min_value=0, max_value=LONGEST_REVIEW, initial=REGIONAL_REVIEW
    )

    def chosen(self) -> dict[str, int]:
        """The days as far as they make sense, the usual ones otherwise."""
        usual = {"municipal_review": MUNICIPAL_REVIEW, "regional_review": REGIONAL_REVIEW}
        if not self.is_bound:
            return usual
        self.is_valid()
        return usual | {name: days for name, days in self.cleaned_data.items() if days is not None}


class LevelDueForm(forms.Form):
    """By when organizations of each level hand in; empty is the region's date."""

    school = forms.DateField(
        label="Школы муниципалитетов — до", required=False, input_formats=DAY_FORMATS, widget=_day_input()
    )
    municipality = forms.DateField(
        label="Муниципалитеты — до", required=False, input_formats=DAY_FORMATS, widget=_day_input()
    )
    regional_school = forms.DateField(
        label="Школы регионального подчинения — до",
        required=False,
        input_formats=DAY_FORMATS,
        help_text="Сдают сразу министерству: время на проверку в муниципалитете им не нужно.",
        widget=_day_input(),
    )

    def __init__(self, *args: Any, requirement: Requirement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requirement, self.today = requirement, today

    def clean(self) -> dict[str, Any]:
        """Look at each date, and at all together; every error is told at once."""
        cleaned = super().clean() or {}
        for level in Level:
            for said in wrong_with(
                cleaned.get(level),
                region_due=self.requirement.due_on,
                start_on=self.requirement.start_on,
                today=self.today,
            ):
                self.add_error(level, said)
        if is_out_of_order(cleaned):
            self.add_error("school", SCHOOLS_FIRST)
        return cleaned

    def dues(self) -> dict[str, date | None]:
        """The dates by level."""
        return {level: self.cleaned_data[level] for level in Level}
