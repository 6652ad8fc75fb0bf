"""What the owner fills in: the answer, a new version of a file, what was mended."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from accounts.russian import file_size
from obligations import evidence
from obligations.actions import Answer, Mended
from obligations.evidence import Accepted, Link
from obligations.models import Remark

MAX_NOTE = 10_000
MAX_ANSWER = 2_000


class ManyFilesInput(forms.ClearableFileInput):
    """A file field in which several files may be chosen."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several uploaded files; cleans to those that passed, or tells all that is wrong with all of them."""

    widget: type[forms.FileInput] = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Look at each file."""
        uploads: Sequence[UploadedFile[bytes]] = [upload for upload in data or [] if upload]
        accepted, errors = evidence.accept_files(uploads, max_bytes=settings.EVIDENCE_MAX_BYTES)
        if errors:
            raise ValidationError([ValidationError(error) for error in errors])
        return accepted


class OneFileField(ManyFilesField):
    """One uploaded file, looked at like all evidence."""

    widget: type[forms.FileInput] = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Look at the file; None when there is none."""
        if not data and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        accepted: list[Accepted] = super().clean([data])
        return accepted[0] if accepted else None


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

    # No field is required and none is merely optional: the page says above them that one will do.
    needs_are_told = True

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

    def answer(self, *, remove: Sequence[int] = (), mended: Mapping[int, Mended] | None = None) -> Answer:
        """Return what was filled in; a note that was not on the page stays as it is."""
        files: list[Accepted] = self.cleaned_data["attachments"]
        return Answer(
            note=self.cleaned_data["note"] if "note" in self.data else None,
            files=files,
            links=self.cleaned_data["links"],
            remove=remove,
            mended=mended or {},
        )


class VersionForm(SeenForm):
    """A new version of a file or of a link."""

    attachment = OneFileField(label="Новый файл", widget=forms.FileInput(attrs={"accept": evidence.ACCEPT_ATTRIBUTE}))
    link = forms.CharField(
        label="Новая ссылка",
        max_length=1_300,
        help_text="После адреса через пробел можно написать название.",
        widget=forms.TextInput(attrs={"placeholder": "https://"}),
    )

    def __init__(self, *args: Any, of_file: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["link" if of_file else "attachment"]
        if of_file:
            self.fields[
                "attachment"
            ].help_text = f"Принимаются {evidence.ALLOWED}, до {file_size(settings.EVIDENCE_MAX_BYTES)}."

    def clean_link(self) -> Link:
        """Read the one line."""
        try:
            links = evidence.read_links(self.cleaned_data["link"])
        except evidence.LinksRefused as refusal:
            raise ValidationError([ValidationError(error) for error in refusal.errors]) from refusal
        return links[0]


class RemarkForm(forms.Form):
    """What the owner says of one remark. It is drawn at the remark's place and sent with the answer."""

    mended = forms.BooleanField(label="Исправлено", required=False)
    answer = forms.CharField(
        label="Ответ на замечание", required=False, max_length=MAX_ANSWER, widget=forms.Textarea(attrs={"rows": 1})
    )

    def __init__(self, remark: Remark, data: Any = None) -> None:
        self.remark = remark
        super().__init__(
            data, prefix=f"remark-{remark.pk}", initial={"mended": remark.is_resolved, "answer": remark.answer}
        )
        for field in self.fields.values():
            # Some places lie outside the form of the answer.
            field.widget.attrs["form"] = "answer"

    @classmethod
    def read(cls, remarks: Sequence[Remark], data: Any) -> "list[RemarkForm]":
        """Read what was sent of those remarks that stood on the page."""
        return [cls(remark, data) for remark in remarks if f"remark-{remark.pk}-answer" in data]

    @property
    def said(self) -> Mended:
        """What was sent."""
        return Mended(self.cleaned_data["mended"], self.cleaned_data["answer"].replace("\r\n", "\n"))
