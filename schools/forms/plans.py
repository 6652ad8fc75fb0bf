"""The plan of a school as people fill it in: level, lines by direction, agreements, explanations, hours held."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as day
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from obligations.forms import SeenForm
from schools.actions.plans import AgreementContent, LineContent, PlanContent
from schools.models import Level, Plan
from schools.models.plans import MOST_HOURS
from schools.planning.grades import FIRST_GRADE, LAST_GRADE, grades_label, parse_grades
from schools.planning.months import MONTHS, TEACHING_MONTHS, place_of
from schools.planning.norms import LevelNorms
from schools.planning.totals import Weighing, weigh
from schools.reference import model_plan

MOST_LINES, MOST_AGREEMENTS = 120, 10
MAX_EXPLANATION = 2_000
_LINE_FIELDS = ("pk", "direction", "what", "grades", "hours", "first_month", "last_month", "who", "item")
_AGREEMENT_FIELDS = ("partner", "number", "date", "classes")
Raw = dict[str, str]


class HoursField(forms.IntegerField):
    """Whole academic hours, at least one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=1,
            max_value=MOST_HOURS,
            # A text field with digits on the phone: a browser's own number field hides what was wrong.
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
            error_messages={
                "required": "Назовите часы.",
                "invalid": "Часы — целое число без дробей, например 4.",
                "min_value": "Часов должно быть не меньше одного.",
                "max_value": f"Больше {MOST_HOURS}\u00a0часов на одну строку не бывает.",
            },
            **kwargs,
        )


class PlanHeadForm(SeenForm):
    """The level and the version a plan was opened at; explanations are fields of their own, by direction."""

    needs_are_told = True

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    level = forms.ChoiceField(label="Уровень профминимума", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, norms: Mapping[str, LevelNorms], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.title}\u00a0— от {one.total}\u00a0ч") for one in norms.values()
        ]
        self.codes = [direction.code for one in list(norms.values())[:1] for direction in one.directions]
        for code in self.codes:
            self.fields[f"why-{code}"] = forms.CharField(
                label="Почему часов меньше рекомендованного",
                required=False,
                max_length=MAX_EXPLANATION,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def bring_version(self, version: int) -> None:
        """Let what was refused be sent again against the plan that is saved now."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data

    def explanations(self) -> dict[str, str]:
        """What was explained, by the code of the direction."""
        texts = {code: self.cleaned_data[f"why-{code}"].replace("\r\n", "\n") for code in self.codes}
        return {code: text for code, text in texts.items() if text}


class PlanLineForm(forms.Form):
    """One activity."""

    needs_are_told = True

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    direction = forms.CharField(widget=forms.HiddenInput, max_length=30)
    what = forms.CharField(
        label="Мероприятие",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Назовите мероприятие."},
    )
    grades = forms.CharField(
        label="Классы", max_length=40, error_messages={"required": "Назовите классы, например: 5–7, 9."}
    )
    hours = HoursField(label="Часы")
    first_month = forms.TypedChoiceField(label="С месяца", choices=TEACHING_MONTHS, coerce=int)
    last_month = forms.TypedChoiceField(label="По месяц", choices=TEACHING_MONTHS, coerce=int)
    who = forms.CharField(label="Ответственный", max_length=200, required=False)
    item = forms.TypedChoiceField(label="Мероприятие дорожной карты", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, items: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", "не связано"), *items]  # type: ignore[attr-defined]

    def clean_what(self) -> str:
        """One line of words, however it was typed."""
        return " ".join(str(self.cleaned_data["what"]).split())

    def clean_grades(self) -> tuple[int, ...]:
        """Read the grades."""
        try:
            return parse_grades(self.cleaned_data["grades"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """The months go forward in the academic year."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and place_of(first) > place_of(last):
            self.add_error("last_month", "Последний месяц раньше первого.")
        return cleaned

    def content(self) -> LineContent:
        """What was filled in."""
        cleaned = dict(self.cleaned_data)
        return LineContent(item_id=cleaned.pop("item"), **cleaned)

    @property
    def direction_code(self) -> str:
        """The direction the line stands in."""
        return str(self["direction"].value() or "")

    @property
    def key(self) -> str:
        """What remarks to the line are kept under."""
        return f"line-{self['pk'].value()}"


class AgreementForm(forms.Form):
    """One partnership agreement; left blank, there is none."""

    needs_are_told = True

    partner = forms.CharField(label="Партнёр (колледж, вуз, предприятие)", max_length=300)
    number = forms.CharField(label="Номер соглашения", max_length=60)
    date = forms.DateField(
        label="Дата соглашения",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Напишите дату так: 15.10.2023."},
    )
    classes = forms.CharField(label="Классы и профиль", max_length=200, required=False)

    def clean_date(self) -> day:
        """Years outside of this century are slips of the finger."""
        named: day = self.cleaned_data["date"]
        if not 2000 <= named.year <= 2099:
            raise ValidationError("Проверьте год в дате соглашения.")
        return named


@dataclass
class PlanEditor:
    """The whole form: head, lines, agreements, against the norms of the year."""

    head: PlanHeadForm
    lines: list[PlanLineForm]
    agreements: list[AgreementForm]
    norms: Mapping[str, LevelNorms]

    @classmethod
    def of_plan(
        cls, plan: Plan | None, *, norms: Mapping[str, LevelNorms], items: Sequence[tuple[int, str]], seen: int
    ) -> "PlanEditor":
        """Show what is saved."""
        initial: dict[str, Any] = {"seen": seen, "version": plan.version if plan else 0}
        rows: list[Raw] = []
        agreements: list[dict[str, Any]] = []
        if plan:
            initial["level"] = plan.level.code if plan.level else ""
            initial |= {f"why-{row.direction.code}": row.text for row in plan.explanations.select_related("direction")}
            rows = lines_of(plan)
            agreements = list(plan.agreements.values(*_AGREEMENT_FIELDS))
        return cls(
            PlanHeadForm(initial=initial, norms=norms),
            [_line(number, row, items) for number, row in enumerate(rows)],
            [AgreementForm(initial=row, prefix=f"agreement-{number}") for number, row in enumerate([*agreements, {}])],
            norms,
        )

    @classmethod
    def of_data(cls, data: Any, *, norms: Mapping[str, LevelNorms], items: Sequence[tuple[int, str]]) -> "PlanEditor":
        """Read what was sent; lines nothing was typed into are left out, and those of no direction the portal knows."""
        codes = {one.code for norms_of in list(norms.values())[:1] for one in norms_of.directions if one.has_hours}
        lines = [
            PlanLineForm(data, prefix=f"line-{number}", items=items)
            for number in _numbers(data, "line", MOST_LINES)
            if data.get(f"line-{number}-direction") in codes
            and any(data.get(f"line-{number}-{name}", "").strip() for name in ("what", "hours", "who"))
        ]
        agreements = [
            AgreementForm(
                data,
                prefix=f"agreement-{number}",
                empty_permitted=True,
                use_required_attribute=False,
            )
            for number in _numbers(data, "agreement", MOST_AGREEMENTS)
        ]
        return cls(PlanHeadForm(data, norms=norms), lines, agreements, norms)

    def redrawn(self, data: Any, rows: Sequence[Raw], *, items: Sequence[tuple[int, str]]) -> "PlanEditor":
        """Show what was typed with other lines, unsaved and without asking whether it is right."""
        head = {name: data.get(name, "") for name in self.head.fields}
        agreements = [
            {name: data.get(f"agreement-{number}-{name}", "") for name in _AGREEMENT_FIELDS}
            for number in _numbers(data, "agreement", MOST_AGREEMENTS)
        ]
        filled = [row for row in agreements if any(row.values())]
        return PlanEditor(
            PlanHeadForm(initial=head, norms=self.norms),
            [_line(number, row, items) for number, row in enumerate(rows)],
            [AgreementForm(initial=row, prefix=f"agreement-{number}") for number, row in enumerate([*filled, {}])],
            self.norms,
        )

    def is_valid(self) -> bool:
        """Look at everything, so that all that is wrong is told at once."""
        answers = [form.is_valid() for form in (self.head, *self.lines, *self.agreements)]
        return all(answers)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Everything that is wrong, each with the place where it is put right; nothing in a form just opened."""
        found = []
        for form in (self.head, *self.lines, *self.agreements):
            if not form.is_bound:
                continue
            for field in form:
                name = str(form["what"].value() or "новая строка") if "what" in form.fields else ""
                if field.is_hidden and field.errors:
                    found.append(("Страница устарела: скопируйте введённое и откройте план заново.", "answer"))
                    continue
                where = f"«{name[:60]}», {str(field.label).lower()}" if name else str(field.label)
                found += [(f"{where}: {error}", field.id_for_label) for error in field.errors]
        return found

    def content(self) -> PlanContent:
        """What was filled in."""
        code = self.head.cleaned_data["level"]
        return PlanContent(
            level=Level.objects.get(code=code) if code else None,
            lines=[line.content() for line in self.lines],
            agreements=[AgreementContent(**form.cleaned_data) for form in self.agreements if form.cleaned_data],
            explanations=self.head.explanations(),
        )

    @property
    def chosen(self) -> LevelNorms | None:
        """The norms of the level that is chosen now."""
        return self.norms.get(str(self.head["level"].value() or ""))

    @property
    def weighing(self) -> Weighing | None:
        """What stands in the form now against the norms; what is no number counts as nothing."""
        if self.chosen is None:
            return None
        has_agreement = any(form["partner"].value() for form in self.agreements)
        return weigh(self.chosen, self.hours, has_agreement=has_agreement)

    @property
    def hours(self) -> dict[str, int]:
        """Hours by the code of the direction, as far as they can be read."""
        sums: dict[str, int] = {}
        for line in self.lines:
            told = str(line["hours"].value() or "").strip()
            if told.isdecimal() and len(told) <= 4:
                sums[line.direction_code] = sums.get(line.direction_code, 0) + int(told)
        return sums


def lines_of(plan: Plan) -> list[Raw]:
    """Return the lines of a plan as they are typed."""
    return [
        {
            "pk": str(line.pk),
            "direction": line.direction.code,
            "what": line.what,
            "grades": line.grades_label,
            "hours": str(line.hours),
            "first_month": str(line.first_month),
            "last_month": str(line.last_month),
            "who": line.who,
            "item": str(line.item_id or ""),
        }
        for line in plan.lines.select_related("direction")
    ]


def as_new(rows: Iterable[Raw]) -> list[Raw]:
    """Return lines as lines of another plan: the same words, no rows and no roadmap of another year behind them."""
    return [{**row, "pk": "", "item": ""} for row in rows]


def model_lines(level: str) -> list[Raw]:
    """Return the lines of the model plan of a level as they are typed."""
    return [
        {
            **blank_line(line.direction),
            "what": line.what,
            "grades": line.grades,
            "hours": str(line.hours),
            "first_month": str(line.first_month),
            "last_month": str(line.last_month),
            "who": line.who,
        }
        for line in model_plan(level)
    ]


def blank_line(direction: str) -> Raw:
    """Return a line nobody has filled in: all grades, the whole year."""
    every = grades_label(range(FIRST_GRADE, LAST_GRADE + 1))
    months = {"first_month": str(MONTHS[0]), "last_month": str(MONTHS[-1])}
    return {**dict.fromkeys(_LINE_FIELDS, ""), "direction": direction, "grades": every, **months}


def sent_lines(data: Any) -> list[Raw]:
    """Return the lines that were sent, in their order, whatever stands in them."""
    return [
        {name: data.get(f"line-{number}-{name}", "") for name in _LINE_FIELDS}
        for number in _numbers(data, "line", MOST_LINES)
    ]


class DoneHoursForm(forms.Form):
    """Hours of a line that were held."""

    hours = HoursField(label="Сколько часов проведено")
    on = forms.DateField(
        label="Когда",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Назовите день.", "invalid": "Напишите дату так: 15.10.2023."},
    )
    note = forms.CharField(
        label="Примечание", required=False, max_length=300, help_text="Например: какие классы, где, кто провёл."
    )


def _line(number: int, row: Raw, items: Sequence[tuple[int, str]]) -> PlanLineForm:
    return PlanLineForm(initial=row, prefix=f"line-{number}", items=items)


def _numbers(data: Any, kind: str, most: int) -> list[int]:
    """Numbers of the forms of a kind that were sent; a form is there with its first field."""
    first = {"line": "what", "agreement": "partner"}[kind]
    return [number for number in range(most) if f"{kind}-{number}-{first}" in data]
