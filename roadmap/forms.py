"""What people fill in on their way from a document to an approved edition."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.academic_years import AcademicYear
from accounts.models import BodyGroup, Organization, OrganizationKind, Region
from obligations.models import RequirementForm
from roadmap.actions import ItemText
from roadmap.deadlines import parse
from roadmap.document_forms import DocumentForm
from roadmap.imports.documents import LONGEST_DOCUMENT
from roadmap.models import Item, Occurrence, Roadmap

# The minimum was introduced in September 2022: no roadmap is older.
FIRST_YEAR = 2022
YEARS_AHEAD = 2
# Days outside of this century are slips of the finger.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
MOST_DATES = 60
_MOST_NAMED = 4
_SPAN = re.compile(r"\s*[—–]\s*|\s+-\s+")


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: str, **options: Any) -> forms.DateField:
    """Make a field for one day; a year mistyped as 0023 is told as such."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        localize=False,
        validators=[
            MinValueValidator(FIRST_DAY, "Проверьте год: он раньше 2000-го."),
            MaxValueValidator(LAST_DAY, "Проверьте год: он позже 2099-го."),
        ],
        **options,
    )


def year_choices(today: date, *others: int | None) -> list[tuple[str, str]]:
    """List the academic years to choose from, the newest first; ``others`` are added to them."""
    years = {
        *range(FIRST_YEAR, AcademicYear.of(today).start_year + YEARS_AHEAD + 1),
        *(year for year in others if year),
    }
    return [(str(year), str(AcademicYear(year))) for year in sorted(years, reverse=True)]


class YearField(forms.TypedChoiceField):
    """A field for an academic year, cleaned to its first calendar year; None when left out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label="Учебный год", coerce=int, empty_value=None, **options)


class ImportForm(DocumentForm):
    """The document of a region's order."""

    region = forms.ModelChoiceField(label="Субъект РФ", queryset=Region.objects.none(), empty_label=None)

    def __init__(self, *args: Any, regions: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = list(regions)
        _choose_region(self, self.regions)

    def clean(self) -> dict[str, Any]:
        """There must be a document."""
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("text") or "").strip():
            self.add_error("text", "Вставьте текст таблицы или выберите файл.")
        return cleaned

    @property
    def region_chosen(self) -> Region:
        """The region the document is for."""
        region: Region = self.cleaned_data.get("region") or self.regions[0]
        return region


class EditionForm(forms.Form):
    """The order's number and date and the academic year, with the text that was previewed."""

    order_number = forms.CharField(label="Номер приказа", max_length=40)
    order_date = day_field("Дата приказа")
    academic_year = YearField()
    text = forms.CharField(max_length=LONGEST_DOCUMENT, strip=False, widget=forms.HiddenInput)
    shown_year = forms.IntegerField(required=False, widget=forms.HiddenInput)
    region = forms.ModelChoiceField(
        label="Субъект РФ", queryset=Region.objects.none(), empty_label=None, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, regions: Sequence[Region], today: date, suggested: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.regions = list(regions)
        _choose_region(self, self.regions)
        self.fields["academic_year"].choices = year_choices(today, suggested)  # type: ignore[attr-defined]

    @property
    def region_chosen(self) -> Region:
        """The region the document is for."""
        region: Region = self.cleaned_data.get("region") or self.regions[0]
        return region

    @property
    def year_has_changed(self) -> bool:
        """The dates on the page were read for another academic year than is asked for now."""
        return self.cleaned_data.get("academic_year") != self.cleaned_data.get("shown_year")


class HeaderForm(forms.ModelForm):  # type: ignore[type-arg]
    """The order's number and date and the title of a draft."""

    order_date = day_field("Дата приказа")

    class Meta:
        model = Roadmap
        fields = ("order_number", "order_date", "title")
        widgets = {"title": forms.Textarea(attrs={"rows": 3})}


class DatesField(forms.CharField):
    """Dates a person sets, one a line: «20.10.2023» or «01.10.2023 — 31.10.2023»; cleans to (start, due) pairs."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "По одной в строке: 20.10.2023 или период 01.10.2023 — 31.10.2023.")
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), max_length=4_000, **options)

    def clean(self, value: Any) -> Any:
        """Read the lines; every wrong one is named."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_DATES:
            raise ValidationError(f"Слишком много дат: не больше {MOST_DATES}.")
        dates, errors = [], []
        for line in lines:
            try:
                dates.append(_read_span(line))
            except ValueError as error:
                errors.append(ValidationError(str(error)))
        dues = [due for _, due in dates]
        errors += [
            ValidationError(f"Срок {due:%d.%m.%Y} назван дважды.")
            for due in sorted({d for d in dues if dues.count(d) > 1})
        ]
        if errors:
            raise ValidationError(errors)
        return dates


def closing_field() -> forms.ChoiceField:
    """Ask what closes the obligations of an item."""
    return forms.ChoiceField(
        label="Чем закрывается",
        choices=RequirementForm.choices,
        initial=RequirementForm.EVIDENCE,
        required=False,
        help_text=(
            "Подтверждающие материалы — файлы, ссылки и пояснение. План и самодиагностику школы заполняют в"
            " портале; остальные организации отвечают материалами."
        ),
    )


class ItemForm(forms.Form):
    """The words of one item of a draft."""

    number = forms.CharField(label="Номер", max_length=20)
    title = forms.CharField(label="Мероприятие", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}))
    deadline_text = forms.CharField(
        label="Срок исполнения",
        required=False,
        max_length=300,
        help_text="Как в документе: «До 30.08.2023 г.», «Июль 2023 г.», «Ежемесячно», «В течение года».",
    )
    dates = DatesField(
        label="Даты, если из слов они не следуют",
        required=False,
        help_text=(
            "По одной в строке: 20.10.2023 или период 01.10.2023 — 31.10.2023."
            " Указанные здесь даты важнее слов; пусто — даты читаются из срока исполнения."
        ),
    )
    bodies_text = forms.CharField(
        label="Ответственные",
        required=False,
        max_length=5_000,
        help_text="По одному в строке.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    expected_result = forms.CharField(
        label="Ожидаемые результаты", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    form = closing_field()

    def __init__(self, *args: Any, item: Item | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def clean(self) -> dict[str, Any]:
        """Words that were changed to say other dates than those left standing in their own field are refused."""
        cleaned = super().clean() or self.cleaned_data
        if self.item is not None and not self.errors and cleaned["dates"]:
            year = self.item.section.roadmap.academic_year
            before, read = (_dues(text, year) for text in (self.item.deadline_text, cleaned["deadline_text"]))
            stand = sorted(due for _, due in cleaned["dates"])
            left = stand == sorted(occurrence.due_on for occurrence in self.item.occurrences.all())
            if left and read and read not in (before, stand):
                self.add_error(
                    "dates",
                    f"По словам срок {_named(read)}, в\u00a0поле «Даты» {_named(stand)}: исправьте одно из\u00a0них.",
                )
        return cleaned

    @staticmethod
    def initial_of(item: Item, *, set_by_person: bool) -> dict[str, str]:
        """Return what the form shows of an item; dates only if a person set them over the words."""
        return {
            "number": item.number,
            "title": item.title,
            "deadline_text": item.deadline_text,
            "dates": dates_as_text(item.occurrences.all()) if set_by_person else "",
            "bodies_text": "\n".join(body.text for body in item.bodies.all()),
            "expected_result": item.expected_result,
            "form": item.form,
        }

    def words(self) -> ItemText:
        """Return what was filled in."""
        cleaned = self.cleaned_data
        return ItemText(
            number=cleaned["number"],
            title=cleaned["title"],
            deadline_text=cleaned["deadline_text"],
            bodies_text=cleaned["bodies_text"],
            expected_result=cleaned["expected_result"],
            dates=cleaned["dates"],
            form=RequirementForm(cleaned["form"]) if cleaned["form"] else None,
        )


class ClosingFormForm(forms.Form):
    """What closes the obligations of an item in force."""

    form = closing_field()


class DatesForm(forms.Form):
    """Dates for an item that its order left to a separate plan."""

    dates = DatesField(label="Сроки")


class BodyForm(forms.Form):
    """What a body's name stands for: a group, or one organization that is no school."""

    text = forms.CharField(max_length=5_000, strip=False, widget=forms.HiddenInput)
    target = forms.ChoiceField(label="Кому соответствует")

    def __init__(self, *args: Any, organizations: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organizations = {str(organization.pk): organization for organization in organizations}
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            ("", "Выберите"),
            ("Группы", [(f"group:{code}", label) for code, label in BodyGroup.choices]),
            (
                "Организации",
                [(f"organization:{pk}", organization.name) for pk, organization in self.organizations.items()],
            ),
        ]

    @staticmethod
    def organizations_of(region: Region) -> list[Organization]:
        """Return the organizations of a region that a document may name one by one."""
        return list(
            Organization.objects.filter(region=region).active().exclude(kind=OrganizationKind.SCHOOL).order_by("name")
        )

    @property
    def organization(self) -> Organization | None:
        """The organization chosen, if one was."""
        kind, _, pk = self.cleaned_data["target"].partition(":")
        return self.organizations[pk] if kind == "organization" else None

    @property
    def group(self) -> str:
        """The group chosen, '' if none."""
        kind, _, code = self.cleaned_data["target"].partition(":")
        return code if kind == "group" else ""


class CarryOverForm(forms.Form):
    """The order that brings an edition into another academic year."""

    academic_year = YearField(
        help_text="Даты и годы в тексте сдвинутся. Оставьте прежний год, чтобы подготовить новую редакцию."
    )
    order_number = forms.CharField(label="Номер приказа", max_length=40)
    order_date = day_field("Дата приказа")

    def __init__(self, *args: Any, roadmap: Roadmap, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["academic_year"].choices = year_choices(  # type: ignore[attr-defined]
            today, roadmap.academic_year, roadmap.academic_year + 1
        )


def dates_as_text(occurrences: Sequence[Occurrence] | Any) -> str:
    """Write occurrences as ``DatesField`` reads them."""
    return "\n".join(occurrence.label for occurrence in occurrences)


def _dues(text: str, academic_year: int) -> list[date]:
    """The days by which the words of a deadline ask."""
    return [occurrence.due for occurrence in parse(text, academic_year).occurrences]


def _named(days: Sequence[date]) -> str:
    """«20.10.2023, 20.11.2023 и ещё 3»."""
    named = ", ".join(f"{day:%d.%m.%Y}" for day in days[:_MOST_NAMED])
    return named if len(days) <= _MOST_NAMED else f"{named} и\u00a0ещё {len(days) - _MOST_NAMED}"


def _choose_region(form: forms.Form, regions: Sequence[Region]) -> None:
    """Ask for the region only where there is a choice."""
    if len(regions) > 1:
        form.fields["region"].queryset = Region.objects.filter(  # type: ignore[attr-defined]
            pk__in=[region.pk for region in regions]
        )
    else:
        del form.fields["region"]


def _read_span(line: str) -> tuple[date | None, date]:
    """Read one line of dates; raises ValueError with a message for the person."""
    parts = [part for part in _SPAN.split(line.replace("\u00a0", " ")) if part]
    if len(parts) not in (1, 2):
        raise ValueError(f"«{line}» — не дата. Напишите так: 20.10.2023 или 01.10.2023 — 31.10.2023.")
    days = [_read_day(part, line) for part in parts]
    if len(days) == 1:
        return None, days[0]
    if days[0] > days[1]:
        raise ValueError(f"«{line}»: период кончается раньше, чем начинается.")
    return days[0], days[1]


def _read_day(text: str, line: str) -> date:
    """Read «20.10.2023»; raises ValueError with a message for the person."""
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(20\d{2})(?:\s*г\.?)?", text.strip())
    if match is None:
        raise ValueError(f"«{line}» — не дата. Напишите так: 20.10.2023 или 01.10.2023 — 31.10.2023.")
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError as error:
        raise ValueError(f"«{line}»: такого дня в календаре нет.") from error
