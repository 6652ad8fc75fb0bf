"""What the reviewer fills in: a return with remarks, a comment, another organization."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from accounts.models import Organization
from accounts.querysets import OrganizationQuerySet
from obligations.actions import NewRemark
from obligations.closing import FormPart
from obligations.forms.answers import SeenForm
from obligations.models import Evidence, RemarkField
from obligations.states import ReturnReason

MAX_COMMENT = 4_000
_NOTE = "remark-note"
# A form may have forty parts: a remark chooses its part from a list, so many of them at a time.
_PART_REMARKS = 5


class ReturnForm(SeenForm):
    """Why a submission goes back and what to mend, at the note and at each piece of evidence too."""

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

    def __init__(
        self, *args: Any, pieces: Sequence[Evidence], has_note: bool, parts: Sequence[FormPart] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {part.key: part for part in parts}
        for number in range(1, min(_PART_REMARKS, len(parts)) + 1):
            self.fields[f"remark-part-{number}"] = forms.ChoiceField(
                label=f"К какой строке — замечание {number}",
                required=False,
                choices=[("", "Не выбрано"), *((part.key, part.label) for part in parts)],
                error_messages={"invalid_choice": "Этой строки в форме уже нет: выберите из списка."},
            )
            self.fields[f"remark-part-{number}-text"] = _remark_field(f"Замечание {number}")
        self.pieces = {f"remark-{piece.pk}": piece for piece in pieces}
        if has_note:
            self.fields[_NOTE] = _remark_field("К пояснению")
        for name, piece in self.pieces.items():
            self.fields[name] = _remark_field(f"К материалу «{piece.title}»")

    def remarks(self) -> list[NewRemark]:
        """The remarks to parts of the submission; the comment is the remark to the whole."""
        made = [NewRemark(RemarkField.NOTE, self.cleaned_data.get(_NOTE, ""))]
        made += [
            NewRemark(RemarkField.EVIDENCE, self.cleaned_data[name], piece.pk) for name, piece in self.pieces.items()
        ]
        made += [
            NewRemark(RemarkField.PART, self.cleaned_data[f"{name}-text"], part=self.parts[self.cleaned_data[name]])
            for name in self._part_names
            if self.cleaned_data.get(name)
        ]
        return [remark for remark in made if remark.text]

    def clean(self) -> dict[str, Any]:
        """A remark to a part names both: the part and what to mend in it."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._part_names:
            part, text = cleaned.get(name), cleaned.get(f"{name}-text")
            if text and not part and name not in self.errors:
                self.add_error(name, "Выберите, к какой строке относится замечание.")
            if part and not text and f"{name}-text" not in self.errors:
                self.add_error(f"{name}-text", "Напишите, что исправить в этой строке.")
        return cleaned

    @property
    def _part_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("remark-part-") and not name.endswith("-text")]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """Reason and comment."""
        return [self["reason"], self["comment"]]

    @property
    def remark_fields(self) -> list[forms.BoundField]:
        """A field for each part of the submission."""
        return [self[name] for name in self.fields if name.startswith("remark-")]

    @property
    def has_remarks(self) -> bool:
        """Something was written to a part, so that its fields are to be seen."""
        return any(field.value() for field in self.remark_fields)


def _remark_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=MAX_COMMENT, widget=forms.Textarea(attrs={"rows": 1})
    )


class CommentForm(SeenForm):
    """A move that needs nothing but words."""

    comment = forms.CharField(
        label="Комментарий",
        max_length=MAX_COMMENT,
        error_messages={"required": "Напишите комментарий: без него решение не будет понятно другой стороне."},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class _OrganizationField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of organizations, grouped by whom they answer to."""

    def group(self, organizations: OrganizationQuerySet) -> None:
        """Offer the organizations."""
        self.queryset = organizations
        groups: dict[str, list[tuple[int, str]]] = {}
        for one in organizations:
            above = one.parent.short_name if one.parent else "Регион"
            groups.setdefault(above, []).append((one.pk, one.short_name))
        self.choices = [("", "Выберите организацию"), *groups.items()]


class ReassignForm(SeenForm):
    """To whom a duty moves, by when, and why."""

    organization = _OrganizationField(
        label="Кому передать",
        queryset=Organization.objects.none(),
        error_messages={
            "required": "Выберите организацию.",
            "invalid_choice": "Этой организации передать поручение нельзя: выберите из списка.",
        },
    )
    due_on = forms.DateField(
        label="Срок для новой организации",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Назовите срок.", "invalid": "Напишите дату так: 15.10.2023."},
    )
    comment = forms.CharField(
        label="Почему передаётся",
        max_length=MAX_COMMENT,
        error_messages={"required": "Напишите, почему поручение передаётся: обе организации это увидят."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, organizations: OrganizationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("_OrganizationField", self.fields["organization"]).group(organizations)
