"""Forms for working with whole editions: choosing two to compare, starting one's own."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from obligations.back_scheduling import SCHOOLS_FIRST, is_out_of_order, wrong_with
from obligations.levels import Level
from roadmap.actions import LevelDates
from roadmap.document_forms import DocumentForm
from roadmap.forms import day_field
from roadmap.imports.documents import LONGEST_DOCUMENT
from roadmap.models import Occurrence, Roadmap
from roadmap.querysets import RoadmapQuerySet


class EditionChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among editions, each told apart by year, order and state."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the edition: «2023/2024, приказ № 2381 от 25.08.2023 — Действует»."""
        roadmap: Roadmap = obj
        return f"{roadmap.year}, {roadmap.order_label}\u00a0— {roadmap.get_state_display()}"


class ComparedForm(forms.Form):
    """Two editions to compare: the earlier and the later one."""

    before = EditionChoiceField(label="Было", queryset=Roadmap.objects.none(), empty_label="Выберите редакцию")
    after = EditionChoiceField(label="Стало", queryset=Roadmap.objects.none(), empty_label="Выберите редакцию")

    def __init__(self, *args: Any, editions: RoadmapQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].queryset = editions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Only editions of one region have anything to do with each other."""
        cleaned = super().clean() or self.cleaned_data
        before, after = cleaned.get("before"), cleaned.get("after")
        if before and after and before.region_id != after.region_id:
            self.add_error("after", "Сравнивают редакции одного субъекта РФ.")
        return cleaned


class DeriveForm(DocumentForm):
    """The order by which a municipality or a school sets a roadmap of its own, with its own plan if it has one."""

    owner = forms.ModelChoiceField(label="Чья дорожная карта", queryset=Organization.objects.none(), empty_label=None)
    order_number = forms.CharField(label="Номер приказа", max_length=40)
    order_date = day_field("Дата приказа")
    title = forms.CharField(
        label="Наименование", max_length=2_000, initial="Дорожная карта", widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("owner", "order_number", "order_date", "title", "text", "document")

    def __init__(self, *args: Any, owners: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Свой план, если он есть"
        self.fields["text"].help_text = (
            "Скопируйте таблицу плана из документа Word вместе с заголовком и вставьте сюда: её мероприятия добавятся"
            " к унаследованным. Можно оставить пустым и добавить мероприятия потом."
        )
        self.owners = list(owners)
        if len(self.owners) > 1:
            self.fields["owner"].queryset = Organization.objects.filter(  # type: ignore[attr-defined]
                pk__in=[owner.pk for owner in self.owners]
            )
        else:
            del self.fields["owner"]

    def header(self) -> dict[str, Any]:
        """Return what the form says of the roadmap itself."""
        cleaned = self.cleaned_data
        return {
            "owner": cleaned.get("owner") or self.owners[0],
            "order_number": cleaned["order_number"],
            "order_date": cleaned["order_date"],
            "title": cleaned["title"],
        }


class OwnPlanForm(DeriveForm):
    """The same once more below the plan as it was read: the plan travels with the form."""

    text = forms.CharField(max_length=LONGEST_DOCUMENT, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, owners=owners, **kwargs)
        del self.fields["document"]


class WithdrawalForm(forms.Form):
    """Why an edition is withdrawn, and that what derives from it goes with it."""

    reason = forms.CharField(
        label="Почему отзываете",
        max_length=500,
        help_text="Эту причину увидят организации: «Приказ отменён приказом № …», «Утверждена по ошибке».",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    with_derived = forms.BooleanField(
        label="Отозвать и дорожные карты, подготовленные на её основе",
        error_messages={"required": "Без неё они действовать не могут: подтвердите, что отзываете и их."},
    )

    def __init__(self, *args: Any, derived: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not derived:
            del self.fields["with_derived"]


class CarriedDatesForm(forms.Form):
    """Every carried date of a draft, each in fields of its own: ``due_5`` and, for a period, ``start_5``."""

    def __init__(self, *args: Any, occurrences: Sequence[Occurrence], year: AcademicYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occurrences = list(occurrences)
        # A roadmap is drawn up in the summer before its year, and may be closed in the autumn after it.
        self.earliest, self.latest = date(year.start_year, 1, 1), date(year.start_year + 1, 12, 31)
        for one in self.occurrences:
            number = one.item.number
            if one.start_on:
                self.fields[f"start_{one.pk}"] = day_field(f"Начало, мероприятие {number}", initial=one.start_on)
            self.fields[f"due_{one.pk}"] = day_field(f"Срок, мероприятие {number}", initial=one.due_on)

    def clean(self) -> dict[str, Any]:
        """Hold every date against its neighbours and against the year; all that is wrong is named."""
        cleaned = super().clean() or self.cleaned_data
        for one in self.occurrences:
            start, due = cleaned.get(f"start_{one.pk}"), cleaned.get(f"due_{one.pk}")
            if due and not self.earliest <= due <= self.latest:
                span = f"с {self.earliest:%d.%m.%Y} по {self.latest:%d.%m.%Y}"
                self.add_error(f"due_{one.pk}", f"Срок вне учебного года: ждём дату {span}.")
            elif start and due and start > due:
                self.add_error(f"start_{one.pk}", "Период кончается раньше, чем начинается.")
        return cleaned

    def dates(self) -> dict[int, tuple[date | None, date]]:
        """Return what stands in the fields by the id of each date."""
        cleaned = self.cleaned_data
        return {one.pk: (cleaned.get(f"start_{one.pk}"), cleaned[f"due_{one.pk}"]) for one in self.occurrences}


class LevelDatesForm(forms.Form):
    """By when each level owes each date of an item of a draft: ``school_5``; empty is the region's own date."""

    def __init__(self, *args: Any, rows: Sequence[LevelDates], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.today = list(rows), today
        for row in self.rows:
            for level in row.asked:
                label = f"{level.label} — до"
                if len(self.rows) > 1:
                    label = f"{level.label} (срок региона {row.occurrence.due_on:%d.%m.%Y}) — до"
                self.fields[self.name(level, row)] = day_field(label, required=False, initial=row.dues.get(level))

    @staticmethod
    def name(level: Level, row: LevelDates) -> str:
        """The name of the field for a level that owes a date."""
        return f"{level.value}_{row.occurrence.pk}"

    def clean(self) -> dict[str, Any]:
        """Hold every date against the region's and against the other levels'; all that is wrong is named."""
        cleaned = super().clean() or self.cleaned_data
        for row in self.rows:
            due, start = row.occurrence.due_on, row.occurrence.start_on
            for level in row.asked:
                name = self.name(level, row)
                for said in wrong_with(cleaned.get(name), region_due=due, start_on=start, today=self.today):
                    self.add_error(name, said)
            if is_out_of_order({level: cleaned.get(self.name(level, row)) for level in row.asked}):
                self.add_error(self.name(Level.SCHOOL, row), SCHOOLS_FIRST)
        return cleaned

    def dues(self) -> dict[int, dict[str, date | None]]:
        """The dates of the levels by the id of each date of the item."""
        return {
            row.occurrence.pk: {level: self.cleaned_data[self.name(level, row)] for level in row.asked}
            for row in self.rows
        }


class ApprovalForm(forms.Form):
    """The version of the draft that the person had before their eyes; and what they have to decide or to confirm.

    ``beside`` are other orders in force, if there are any: which of them the draft replaces, or that it is added, is
    the person's to say. Nothing is chosen for them. ``late`` is how many obligations would be overdue at once,
    ``newer`` are orders in force of a later date than the draft's: both go on with a ticked box alone.
    """

    ADD = "add"

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    beside = forms.ChoiceField(
        label="Что с действующим приказом",
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите, заменяет ли новый приказ действующий."},
    )
    late_known = forms.BooleanField(
        label="Утвердить, хотя поручения сразу станут просроченными",
        error_messages={"required": "Отметьте, что утверждаете прошедший срок, или исправьте его в проекте."},
    )
    older_known = forms.BooleanField(label="Да, более старый приказ заменяет действующий", required=False)

    def __init__(
        self,
        *args: Any,
        beside: Sequence[tuple[str, str]],
        late: int = 0,
        newer: Sequence[Roadmap] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.newer = {str(roadmap.pk) for roadmap in newer}
        if beside:
            self.fields["beside"].choices = beside  # type: ignore[attr-defined]
        else:
            del self.fields["beside"]
        if not late:
            del self.fields["late_known"]
        if not newer:
            del self.fields["older_known"]

    def clean(self) -> dict[str, Any]:
        """An older order takes the place of a newer one only knowingly; beside it, it may stand without a word."""
        cleaned = super().clean() or self.cleaned_data
        replaces = cleaned.get("beside") in self.newer if "beside" in self.fields else bool(self.newer)
        if replaces and not cleaned.get("older_known"):
            self.add_error("older_known", "Отметьте, что более старый приказ заменяет действующий.")
        return cleaned

    def choice(self) -> dict[str, Any]:
        """Return what was chosen, as ``approve`` takes it."""
        chosen = self.cleaned_data.get("beside")
        if not chosen:
            return {}
        return {"beside": True} if chosen == self.ADD else {"replaces": int(chosen)}
