"""What people fill in: the owner's answer, the reviewer's decision, the filters of the lists."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from accounts.russian import file_size
from obligations import evidence
from obligations.actions import Answer
from obligations.evidence import Accepted, Link
from obligations.querysets import ObligationQuerySet
from obligations.states import ReturnReason, Urgency

MAX_NOTE = 10_000
MAX_COMMENT = 4_000


class ManyFilesInput(forms.ClearableFileInput):
    """A file field in which several files may be chosen."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several uploaded files; cleans to those that passed, or tells all that is wrong with all of them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Look at each file."""
        uploads: Sequence[UploadedFile[bytes]] = [upload for upload in data or [] if upload]
        accepted, errors = evidence.accept_files(uploads, max_bytes=settings.EVIDENCE_MAX_BYTES)
        if errors:
            raise ValidationError([ValidationError(error) for error in errors])
        return accepted


class SeenForm(forms.Form):
    """A form drawn from one version of the obligation, which it brings back."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def bring_up_to_date(self, last_step_id: int) -> None:
        """Let a refused form be sent again against the version that is drawn around it now."""
        data = cast("QueryDict", self.data).copy()
        data["seen"] = str(last_step_id)
        self.data = data


class AnswerForm(SeenForm):
    """What the owner hands in: files, links, a note."""

    attachments = ManyFilesField(
        label="Файлы",
        required=False,
        widget=ManyFilesInput(attrs={"accept": evidence.ACCEPT_ATTRIBUTE, "multiple": True}),
    )
    links = forms.CharField(
        label="Ссылки",
        required=False,
        max_length=10_000,
        help_text="По одной в строке. После адреса через пробел можно написать название.",
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "https://"}),
    )
    note = forms.CharField(
        label="Пояснение",
        required=False,
        max_length=MAX_NOTE,
        help_text="Что сделано и на что обратить внимание. Если документов нет, достаточно пояснения.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attachments"].help_text = (
            "Можно выбрать несколько. PDF, Word, Excel, PowerPoint, ODF, JPG, PNG; "
            f"каждый до {file_size(settings.EVIDENCE_MAX_BYTES)}. "
            "Из фотографий удаляются сведения о месте и времени съёмки."
        )

    def clean_links(self) -> list[Link]:
        """Read the lines."""
        try:
            return evidence.read_links(self.cleaned_data["links"])
        except evidence.LinksRefused as refusal:
            raise ValidationError([ValidationError(error) for error in refusal.errors]) from refusal

    def clean_note(self) -> str:
        """Browsers send line breaks as two characters; kept as one, texts compare."""
        note: str = self.cleaned_data["note"]
        return note.replace("\r\n", "\n")

    def answer(self, *, remove: Sequence[int] = ()) -> Answer:
        """Return what was filled in; a note that was not on the page stays as it is."""
        files: list[Accepted] = self.cleaned_data["attachments"]
        return Answer(
            note=self.cleaned_data["note"] if "note" in self.data else None,
            files=files,
            links=self.cleaned_data["links"],
            remove=remove,
        )


class ReturnForm(SeenForm):
    """Why a submission goes back and what to mend."""

    reason = forms.ChoiceField(
        label="Причина",
        choices=[("", "Выберите причину"), *ReturnReason.choices],
        error_messages={"required": "Выберите причину возврата."},
    )
    comment = forms.CharField(
        label="Что исправить",
        max_length=MAX_COMMENT,
        error_messages={"required": "Напишите, что исправить: одной причины исполнителю недостаточно."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CommentForm(SeenForm):
    """A move that needs nothing but words."""

    comment = forms.CharField(
        label="Комментарий",
        max_length=MAX_COMMENT,
        error_messages={"required": "Напишите комментарий: без него решение не будет понятно другой стороне."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TodoFilters(forms.Form):
    """What of the to-do list to show; what makes no sense falls back to the default."""

    group = forms.ChoiceField(label="Что показать", required=False)
    year = forms.TypedChoiceField(label="Учебный год", coerce=int, required=False, empty_value=None)
    organization = forms.TypedChoiceField(label="Организация", coerce=int, required=False, empty_value=None)

    # The address names a group by a word; «всё» is no word at all.
    GROUPS: ClassVar[dict[str, Urgency]] = {urgency.name.lower(): urgency for urgency in Urgency}

    def __init__(
        self, data: Any, *, years: Iterable[int], organizations: Iterable[Organization], current_year: int
    ) -> None:
        self.current_year = current_year
        super().__init__(data)
        group, year, organization = (
            cast("forms.ChoiceField", self.fields[name]) for name in ("group", "year", "organization")
        )
        group.choices = [("", "Всё"), *((name, urgency.label) for name, urgency in self.GROUPS.items())]
        year.choices = [(value, str(AcademicYear(value))) for value in sorted({current_year, *years}, reverse=True)]
        self.initial["year"] = current_year
        served = [(one.pk, one.short_name) for one in organizations]
        organization.choices = [("", "Все организации"), *served]
        if len(served) < 2:
            del self.fields["organization"]
        self.is_valid()

    @property
    def chosen_year(self) -> int:
        """The academic year asked for, by default the one that runs."""
        year: int | None = self.cleaned_data.get("year")
        return self.current_year if year is None else year

    @property
    def chosen_group(self) -> Urgency | None:
        """The group asked for, or None for everything in force."""
        return self.GROUPS.get(self.cleaned_data.get("group", ""))

    def of_organization(self, owed: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the list to the organization asked for."""
        organization = self.cleaned_data.get("organization")
        return owed.filter(organization=organization) if organization else owed

    def apply(self, owed: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the list, with urgencies on it, to what was asked for; what was cancelled only when asked for."""
        owed = self.of_organization(owed).in_year(self.chosen_year)
        group = self.chosen_group
        return owed.in_force() if group is None else owed.of_urgency(group)


class InboxFilters(forms.Form):
    """What of the inbox to show: one item, one organization."""

    item = forms.ChoiceField(label="Мероприятие", required=False)
    organization = forms.TypedChoiceField(label="Кто сдал", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any, *, waiting: ObligationQuerySet) -> None:
        super().__init__(data)
        items, organizations = (cast("forms.ChoiceField", self.fields[name]) for name in ("item", "organization"))
        items.choices = [("", "Все мероприятия"), *waiting.item_choices()]
        organizations.choices = [("", "Все организации"), *waiting.organization_choices()]
        self.is_valid()

    def apply(self, waiting: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the inbox to what was asked for."""
        if item := self.cleaned_data.get("item"):
            waiting = waiting.filter(requirement__number=item)
        if organization := self.cleaned_data.get("organization"):
            waiting = waiting.filter(organization=organization)
        return waiting

    @property
    def address(self) -> str:
        """The filters as the tail of an address: «?item=3.2», or nothing."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""
