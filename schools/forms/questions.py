"""Editing the questions of the self-check."""

from typing import Any

from django import forms

from schools.actions.questions import Wording
from schools.models import MOST_WEIGHT, QuestionKind, SelfCheckForm, SelfCheckQuestion


class QuestionForm(forms.Form):
    """One question of a draft."""

    section = forms.CharField(
        label="Раздел",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "sections"}),
        help_text="Один из имеющихся или новый. Вопросы одного раздела стоят вместе.",
        error_messages={"required": "Назовите раздел."},
    )
    text = forms.CharField(
        label="Вопрос",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Утверждением, на которое отвечают «да», «частично» или «нет»: «Издан приказ о…».",
        error_messages={"required": "Напишите вопрос."},
    )
    hint = forms.CharField(label="Подсказка", max_length=500, required=False)
    kind = forms.ChoiceField(label="Ответ", choices=QuestionKind.choices, widget=forms.RadioSelect)
    is_required = forms.BooleanField(label="Без ответа самодиагностику не сдать", required=False)
    weight = forms.IntegerField(
        label="Вес",
        min_value=0,
        max_value=MOST_WEIGHT,
        help_text=(
            "Сколько баллов даёт «да»; «частично» даёт половину. 0 — в готовность не входит. "
            "Число, текст и ссылка не оцениваются."
        ),
    )
    wants_why = forms.BooleanField(label="Ответ «нет» нужно пояснить", required=False)
    place = forms.IntegerField(label="Место по порядку", min_value=1, max_value=500)

    def __init__(self, data: Any = None, *, form: SelfCheckForm, question: SelfCheckQuestion | None = None) -> None:
        rows = list(form.questions.all())
        self.sections = list(dict.fromkeys(one.section for one in rows))
        initial: dict[str, Any] = {
            "kind": QuestionKind.YES_PARTLY_NO,
            "is_required": True,
            "weight": 1,
            "wants_why": True,
            "place": len(rows) + 1,
            "section": self.sections[-1] if self.sections else "",
        }
        if question is not None:
            initial = {
                name: getattr(question, name)
                for name in ("section", "text", "hint", "kind", "is_required", "weight", "wants_why")
            } | {"place": question.position}
        super().__init__(data, initial=initial)

    def wording(self) -> Wording:
        """What was filled in."""
        said = self.cleaned_data
        return Wording(
            section=said["section"].strip(),
            text=said["text"].strip(),
            hint=said["hint"].strip(),
            kind=QuestionKind(said["kind"]),
            is_required=said["is_required"],
            weight=said["weight"],
            wants_why=said["wants_why"],
            place=said["place"],
        )


class PublishForm(forms.Form):
    """What a new edition changes and why: what its history says."""

    basis = forms.CharField(
        label="Что изменилось и почему",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Напишите, что изменилось: это останется в истории редакций."},
    )


class PrepareForm(forms.Form):
    """For which academic year an edition is prepared."""

    year = forms.TypedChoiceField(label="Учебный год", coerce=int)

    def __init__(self, data: Any = None, *, years: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["year"].choices = years  # type: ignore[attr-defined]
