"""What is asked about a reorganization, by its kind."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms

from accounts.models import Organization, User
from schools.actions.reorganizations import Draft, NewSchool
from schools.forms.cards import CheckedField, parents_of
from schools.imports import values
from schools.models import ReorganizationKind
from schools.querysets import SchoolQuerySet, schools
from sheets.checks import parse_inn

_MOST_NEW = 4
_LATEST_YEARS = 2
_MOST_JOINED = 20
# How many new schools a kind opens: how many rows there are, how many of them must be filled in.
NEW_SCHOOLS: Mapping[ReorganizationKind, tuple[int, int]] = {
    ReorganizationKind.RENAME: (1, 1),
    ReorganizationKind.MERGER: (1, 1),
    ReorganizationKind.SPLIT: (_MOST_NEW, 2),
    ReorganizationKind.SPIN_OFF: (_MOST_NEW, 1),
}
_HAS_HEIR = frozenset({ReorganizationKind.MERGER, ReorganizationKind.ACCESSION, ReorganizationKind.SPLIT})
_PARTS = ("name", "short_name", "inn", "parent")
_HOW_NAMED = "ИНН или название так, чтобы школа нашлась одна."


class ReorganizationForm(forms.Form):
    """The order, its day, and the schools that the kind of reorganization is about."""

    needs_are_told = True

    on = forms.DateField(
        label="С какого дня",
        help_text="День в будущем портал запомнит и исполнит сам; до него можно отменить.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Назовите дату.", "invalid": "Напишите дату так: 15.10.2023."},
    )
    order_number = CheckedField(
        str, label="Номер приказа (постановления)", max_length=60, error_messages={"required": "Укажите номер."}
    )
    order_date = forms.DateField(
        label="Дата приказа (постановления)",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Укажите дату.", "invalid": "Напишите дату так: 15.10.2023."},
    )

    def __init__(
        self, *args: Any, school: Organization, kind: ReorganizationKind, user: User, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.school, self.kind, self.user, self.today = school, kind, user, today
        if kind == ReorganizationKind.MERGER:
            self.fields["others"] = forms.CharField(
                label="С какими школами сливается",
                help_text=f"Каждую с новой строки: {_HOW_NAMED}",
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": "Назовите хотя бы одну школу."},
            )
        if kind == ReorganizationKind.ACCESSION:
            self.fields["into"] = forms.CharField(
                label="К какой школе присоединяется",
                help_text=_HOW_NAMED,
                max_length=200,
                error_messages={"required": "Назовите школу."},
            )
        rows, needed = NEW_SCHOOLS.get(kind, (0, 0))
        for number in range(1, rows + 1):
            self._add_school(number, is_needed=number <= needed)
        if kind in _HAS_HEIR:
            self.fields["moves_people"] = forms.BooleanField(
                label="Ответственные переходят в школу-преемник",
                required=False,
                help_text="При разделении — в первую из новых школ. Иначе их доступ прекратится вместе со школой.",
            )
        self.fields["reason"] = forms.CharField(
            label="Пояснение (необязательно)",
            required=False,
            max_length=1_000,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def _add_school(self, number: int, *, is_needed: bool) -> None:
        whose = "Новое" if self.kind == ReorganizationKind.RENAME else f"Новая школа{self._which(number)}:"
        label = "Новое {}" if self.kind == ReorganizationKind.RENAME else f"{whose} {{}}"
        self.fields[f"new{number}_name"] = CheckedField(
            values.words_of("Наименование", values.NAME_LENGTH),
            label=label.format("полное наименование"),
            required=is_needed,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": "Укажите полное наименование."},
        )
        self.fields[f"new{number}_short_name"] = CheckedField(
            values.words_of("Краткое наименование", values.SHORT_NAME_LENGTH),
            label=label.format("краткое наименование"),
            required=is_needed,
            error_messages={"required": "Укажите краткое наименование."},
        )
        if self.kind == ReorganizationKind.RENAME:
            return
        self.fields[f"new{number}_inn"] = CheckedField(
            parse_inn,
            label=label.format("ИНН"),
            required=False,
            help_text="Если ещё не присвоен, оставьте пустым и впишите потом.",
        )
        self.fields[f"new{number}_parent"] = forms.ModelChoiceField(
            label=label.format("кому подотчётна"),
            queryset=parents_of(self.school),
            initial=self.school.parent_id,
            required=is_needed,
            empty_label=None,
        )

    def _which(self, number: int) -> str:
        return f" {number}" if NEW_SCHOOLS[self.kind][0] > 1 else ""

    def clean_on(self) -> date:
        """Neither so long ago that the year is closed, nor so far ahead that nobody can know."""
        on: date = self.cleaned_data["on"]
        if on < date(self.today.year - 1, 9, 1):
            raise forms.ValidationError("Слишком давний день: укажите дату не раньше прошлого учебного года.")
        if on > date(self.today.year + _LATEST_YEARS, 12, 31):
            raise forms.ValidationError("Слишком далёкий день. Проверьте год.")
        return on

    def clean_order_date(self) -> date:
        """An order is signed before anybody enters it."""
        day: date = self.cleaned_data["order_date"]
        if day > self.today:
            raise forms.ValidationError("Приказ ещё не подписан: его дата в будущем.")
        return day

    def clean_others(self) -> list[Organization]:
        """Find the other schools of a merger."""
        lines = [line for line in self.cleaned_data["others"].splitlines() if line.strip()][: _MOST_JOINED + 1]
        if len(lines) > _MOST_JOINED:
            raise forms.ValidationError(f"Не больше {_MOST_JOINED} школ сразу.")
        found: dict[int, Organization] = {}
        wrong = []
        for line in lines:
            try:
                one = self._find(line)
                found[one.pk] = one
            except forms.ValidationError as error:
                wrong += error.messages
        if wrong:
            raise forms.ValidationError(wrong)
        return list(found.values())

    def clean_into(self) -> Organization:
        """Find the school that goes on."""
        return self._find(self.cleaned_data["into"])

    def _find(self, text: str) -> Organization:
        """The one open school that the words mean; raises ValidationError for none or several."""
        words = " ".join(text.split())
        within: SchoolQuerySet = schools().visible_to(self.user).active()
        within = within.filter(region=self.school.region_id).exclude(pk=self.school.pk)
        found = list(within.filter(inn=words)[:1]) or list(within.matching(words).order_by("short_name")[:4])
        exact = [one for one in found if one.short_name.casefold() == words.casefold()]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError(f"Школа «{words}» не нашлась среди действующих. Проверьте ИНН или название.")
        names = ", ".join(f"«{one.short_name}» (ИНН {one.inn or 'не указан'})" for one in found[:3])
        raise forms.ValidationError(f"По словам «{words}» нашлось несколько школ: {names}… Укажите ИНН.")

    def clean(self) -> None:
        """New schools are filled in whole, and no two have one INN."""
        rows, needed = NEW_SCHOOLS.get(self.kind, (0, 0))
        seen = {self.school.inn} if self.kind != ReorganizationKind.RENAME else set()
        for number in range(1, rows + 1):
            name, short_name, inn = (f"new{number}_{part}" for part in ("name", "short_name", "inn"))
            told = [one for one in (name, short_name, inn) if self.cleaned_data.get(one)]
            if told and number > needed:
                for one, words in ((name, "полное"), (short_name, "краткое")):
                    if one not in told and one not in self.errors:
                        self.add_error(one, f"Укажите {words} наименование.")
            own = self.cleaned_data.get(inn)
            taken = Organization.objects.filter(region=self.school.region_id, inn=own) if own else None
            if own and (own in seen or (taken is not None and taken.exists())):
                self.add_error(inn, f"ИНН {own} уже принадлежит другой организации.")
            seen.add(own or "")

    def draft(self) -> Draft:
        """What was filled in."""
        told = self.cleaned_data
        rows, _ = NEW_SCHOOLS.get(self.kind, (0, 0))
        new = [
            NewSchool(
                name=told[f"new{number}_name"],
                short_name=told[f"new{number}_short_name"],
                inn=told.get(f"new{number}_inn", self.school.inn),
                parent=told.get(f"new{number}_parent") or cast("Organization", self.school.parent),
            )
            for number in range(1, rows + 1)
            if told.get(f"new{number}_name")
        ]
        return Draft(
            kind=self.kind,
            on=told["on"],
            order_number=told["order_number"],
            order_date=told["order_date"],
            reason=told["reason"],
            predecessors=[self.school, *told.get("others", [])],
            successor=told.get("into"),
            new=new,
            moves_people=bool(told.get("moves_people")),
        )
