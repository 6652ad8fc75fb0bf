"""The list a person uploads."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings

from accounts.academic_years import AcademicYear
from accounts.models import Region
from accounts.russian import file_size
from schools.imports.listings import RESOURCES
from schools.imports.reading import read_list
from schools.models import ListKind
from schools.rules import FIRST_YEAR
from sheets.text import clean_text

LONGEST_FILENAME = 255


class UploadForm(forms.Form):
    """A list and, where it speaks of one, the academic year."""

    academic_year = forms.TypedChoiceField(label="Учебный год", coerce=int)
    region = forms.ModelChoiceField(label="Субъект РФ", queryset=Region.objects.none(), empty_label=None)
    list_file = forms.FileField(
        label="Файл со списком",
        error_messages={
            "required": "Выберите файл.",
            "missing": "Выберите файл.",
            "empty": "Файл пустой (0 байт). Проверьте, что выбран нужный файл.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def __init__(self, *args: Any, regions: Sequence[Region], today: date, listing: ListKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = list(regions)
        self.listing = listing
        current = AcademicYear.of(today).start_year
        years = range(current + 1, FIRST_YEAR - 1, -1)
        choice = cast("forms.ChoiceField", self.fields["academic_year"])
        choice.choices = [(year, str(AcademicYear(year))) for year in years]
        choice.initial = self.current_year = current
        if not listing.is_by_year:
            del self.fields["academic_year"]
        self.fields[
            "list_file"
        ].help_text = f"Таблица .xlsx, .xls, .ods или .csv, до {file_size(settings.SHEET_MAX_BYTES)}."
        if len(self.regions) > 1:
            known = Region.objects.filter(pk__in=[region.pk for region in self.regions])
            cast("forms.ModelChoiceField[Region]", self.fields["region"]).queryset = known
        else:
            del self.fields["region"]

    def clean_list_file(self) -> bytes:
        """Read the file; one that holds no table at all is refused here, before it is kept."""
        upload = self.cleaned_data["list_file"]
        if upload.size > settings.SHEET_MAX_BYTES:
            raise forms.ValidationError(
                f"Файл слишком большой: {file_size(upload.size)}, а принимаем не более "
                f"{file_size(settings.SHEET_MAX_BYTES)}. Уберите из таблицы картинки и лишние листы "
                "или разделите её на части."
            )
        data: bytes = upload.read()
        listed = read_list(data, upload.name, layout=RESOURCES[self.listing].layout)
        if not (listed.is_readable or listed.may_be_explained):
            raise forms.ValidationError([str(problem) for problem in listed.problems])
        self.cleaned_data["filename"] = clean_text(upload.name)[-LONGEST_FILENAME:]
        return data

    @property
    def year_chosen(self) -> int:
        """The academic year of the list; of one that has none the year that runs."""
        year: int = self.cleaned_data.get("academic_year", self.current_year)
        return year

    @property
    def region_chosen(self) -> Region:
        """The region the list is for."""
        region: Region = self.cleaned_data.get("region") or self.regions[0]
        return region


class SeenForm(forms.Form):
    """The counts the person had before their eyes when pressing the button."""

    created = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    changed = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    unchanged = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
