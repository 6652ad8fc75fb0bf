"""Filling in the self-check: a form whose fields are the questions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from obligations.models import Remark
from schools.models import QuestionKind, Said
from schools.rules.self_checks import Row, Sheet, sheet_of

MOST_NUMBER = 1_000_000
MOST_TEXT = 4_000
ANSWER_THIS = "Ответьте на этот вопрос."
SAY_WHY = "Поясните ответ «нет»: чего не хватает и когда это появится."


@dataclass(frozen=True)
class AskedQuestion:
    """A question with the fields it is answered in."""

    row: Row
    answer: forms.BoundField
    why: forms.BoundField | None
    remarks: Sequence[Remark] = ()
    """What the reviewer wrote to it when they sent the self-check back."""


@dataclass(frozen=True)
class AskedBlock:
    """A section with its questions."""

    title: str
    questions: list[AskedQuestion]


class SelfCheckAnswersForm(forms.Form):
    """The answers. Whatever is filled in must make sense; that all is filled in is asked on handing in alone."""

    needs_are_told = True

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, sheet: Sheet, seen: int, remarks: Mapping[str, Sequence[Remark]] | None = None
    ) -> None:
        super().__init__(data, initial={"edition": sheet.form.pk, "version": sheet.version, "seen": seen})
        self.sheet, self.remarks = sheet, remarks or {}
        for row in sheet.rows:
            name, said = _name(row), row.said
            self.fields[name] = field = _field(row)
            field.initial = said.number if row.question.kind == QuestionKind.NUMBER else said.choice or said.text
            if row.question.wants_why:
                self.fields[_why(row)] = forms.CharField(
                    label="Пояснение",
                    required=False,
                    max_length=MOST_TEXT,
                    initial=said.why,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    help_text="Нужно, если ответ «нет»; при ответе «частично» — по желанию.",
                )

    def bring_up_to_date(self, sheet: Sheet, seen: int) -> "SelfCheckAnswersForm":
        """Return the form over the questions and the version there are now, with what was typed into this one."""
        data = {name: self.data.get(name) for name in self.data}
        data |= {"edition": sheet.form.pk, "version": sheet.version, "seen": seen}
        return SelfCheckAnswersForm(data, sheet=sheet, seen=seen, remarks=self.remarks)

    @property
    def blocks(self) -> Iterator[AskedBlock]:
        """The questions with their fields, section by section."""
        for block in self.sheet.blocks:
            yield AskedBlock(
                block.title,
                [
                    AskedQuestion(
                        row,
                        self[_name(row)],
                        self[_why(row)] if row.question.wants_why else None,
                        self.remarks.get(row.question.key, ()),
                    )
                    for row in block.rows
                ],
            )

    def said(self) -> dict[str, Said]:
        """The answers by the keys of their questions."""
        return {row.question.key: self._said(row) for row in self.sheet.rows}

    def add_lacking(self) -> int:
        """Name at its field what keeps the answers from being handed in; return how many there are."""
        filled = sheet_of(self.sheet.form, [row.question for row in self.sheet.rows], self.said())
        for row in filled.lacking:
            if row.lacks_answer:
                self.add_error(_name(row), ANSWER_THIS)
            else:
                self.add_error(_why(row), SAY_WHY)
        return len(filled.lacking)

    def _said(self, row: Row) -> Said:
        answer = self.cleaned_data.get(_name(row))
        why = self.cleaned_data.get(_why(row), "").strip() if row.question.wants_why else ""
        if row.question.is_choice:
            return Said(choice=answer or "", why=why)
        if row.question.kind == QuestionKind.NUMBER:
            return Said(number=answer)
        return Said(text=(answer or "").strip())


def _name(row: Row) -> str:
    return f"q-{row.question.key}"


def _why(row: Row) -> str:
    return f"why-{row.question.key}"


def _field(row: Row) -> forms.Field:
    """The field that a question of its kind is answered in."""
    question = row.question
    common: dict[str, Any] = {
        "label": row.title + ("" if question.is_required else " (необязательно)"),
        "required": False,
        "help_text": question.hint,
    }
    if question.is_choice:
        return forms.ChoiceField(
            choices=[(choice.value, choice.label) for choice in question.choices],
            widget=forms.RadioSelect,
            **common,
        )
    if question.kind == QuestionKind.NUMBER:
        return forms.IntegerField(
            min_value=0,
            max_value=MOST_NUMBER,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            error_messages={"invalid": "Напишите целое число, например 3."},
            **common,
        )
    if question.kind == QuestionKind.LINK:
        return forms.URLField(
            max_length=1000,
            assume_scheme="https",
            error_messages={"invalid": "Напишите адрес страницы, например https://school.example/prof."},
            **common,
        )
    return forms.CharField(max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), **common)
