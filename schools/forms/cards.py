"""The parts of a school's card: contacts, enrolment, level, official details."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms

from accounts.models import Organization, OrganizationKind, OrganizationTrait, Trait
from schools.actions.cards import Details, Pupils
from schools.imports import values
from schools.models import GRADES, Enrolment, Level, SchoolProfile, SchoolYear
from schools.rules import judge_post
from sheets.checks import CheckError, parse_email, parse_inn, parse_ogrn
from sheets.text import clean_text

# No school of the country is half as large.
MOST_PUPILS = 5_000


class CheckedField(forms.CharField):
    """Words that pass the same check as a cell of a school list, so that what is typed comes back by an import."""

    def __init__(self, check: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._check = check

    def clean(self, value: Any) -> str:
        """Return the value in its one form."""
        text = clean_text(cast("str", super().clean(value)))
        if not text:
            return ""
        try:
            return self._check(text)
        except CheckError as error:
            raise forms.ValidationError(error.message) from None


def _phone_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})


class ContactsForm(forms.Form):
    """Who heads the school, who answers for the minimum, where its site is."""

    contact_name = CheckedField(
        values.words_of("Ответственный", values.CONTACT_LENGTH),
        label="Ответственный за профминимум",
        help_text="Фамилия, имя и отчество.",
        error_messages={"required": "Назовите ответственного."},
    )
    contact_post = CheckedField(
        values.words_of("Должность", values.CONTACT_LENGTH),
        label="Должность ответственного",
        help_text="Не ниже заместителя директора: приказ №\u00a02381, п.\u00a03.3.",
        error_messages={"required": "Укажите должность: ответственный — не ниже заместителя директора."},
    )
    contact_email = CheckedField(parse_email, label="Эл. почта ответственного", required=False, max_length=254)
    contact_phone = CheckedField(
        values.parse_contact_phone, label="Телефон ответственного", required=False, widget=_phone_widget()
    )
    head_name = CheckedField(
        values.words_of("Руководитель", values.CONTACT_LENGTH),
        label="Руководитель школы",
        required=False,
        help_text="Фамилия, имя и отчество.",
    )
    head_post = CheckedField(
        values.words_of("Должность", values.CONTACT_LENGTH),
        label="Должность руководителя",
        required=False,
        help_text="Как в подписи: «Директор», «И.\u00a0о. директора».",
    )
    site = CheckedField(values.parse_site, label="Сайт школы", required=False, help_text="Полный адрес: https://…")

    @staticmethod
    def known(school: Organization) -> dict[str, Any]:
        """What the registry has."""
        people = SchoolProfile.objects.filter(organization=school).values(*CONTACT_FIELDS).first() or {}
        return {**people, "site": school.site}

    def clean_contact_post(self) -> str:
        """Refuse a post that is known to be below deputy head; of others the card says that they are doubtful."""
        post: str = self.cleaned_data["contact_post"]
        verdict = judge_post(post)
        if verdict.is_refused:
            raise forms.ValidationError(verdict.reason)
        return post


CONTACT_FIELDS = ("contact_name", "contact_post", "contact_email", "contact_phone", "head_name", "head_post")


class EnrolmentForm(forms.Form):
    """Pupils of grades 5 to 11; an empty grade is one nobody has told of, which is not zero."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade in GRADES:
            self.fields[f"pupils_{grade}"] = _count(f"{grade} класс: обучающихся")
            self.fields[f"disabled_{grade}"] = _count(f"{grade} класс: из них с ОВЗ")

    @staticmethod
    def known(school: Organization, academic_year: int) -> dict[str, Any]:
        """What has been told of the year."""
        told = Enrolment.objects.filter(organization=school, academic_year=academic_year)
        return {
            f"{name}_{one.grade}": value
            for one in told
            for name, value in (("pupils", one.pupils), ("disabled", one.with_disabilities))
        }

    def rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """The grades with their two fields."""
        return [(grade, self[f"pupils_{grade}"], self[f"disabled_{grade}"]) for grade in GRADES]

    def clean(self) -> None:
        """Both numbers of a grade belong together, and those with disabilities are among all."""
        for grade in GRADES:
            names = f"pupils_{grade}", f"disabled_{grade}"
            if any(name in self.errors for name in names):
                continue
            pupils, disabled = (self.cleaned_data.get(name) for name in names)
            if pupils is None and disabled is not None:
                self.add_error(names[0], "Укажите, сколько всего обучающихся.")
            elif pupils is not None and disabled is None:
                self.add_error(names[1], "Укажите, сколько из них с ОВЗ; если таких нет — 0.")
            elif pupils is not None and disabled is not None and disabled > pupils:
                self.add_error(names[1], f"С ОВЗ {disabled}, а всего {pupils}. Проверьте числа.")

    def figures(self) -> dict[int, Pupils]:
        """The grades that were told of."""
        told = self.cleaned_data
        return {
            grade: Pupils(told[f"pupils_{grade}"], told[f"disabled_{grade}"])
            for grade in GRADES
            if told.get(f"pupils_{grade}") is not None
        }


def _count(label: str) -> forms.IntegerField:
    wrong = f"Целое число от 0 до {MOST_PUPILS}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_PUPILS,
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class LevelForm(forms.Form):
    """The year's level, the order that fixed it, «Билет в будущее»."""

    level = forms.ModelChoiceField(
        label="Уровень", queryset=Level.objects.all(), required=False, empty_label="не определён"
    )
    order_number = CheckedField(
        str, label="Номер приказа об уровне", required=False, max_length=60, help_text="Например: 145-о."
    )
    order_date = forms.DateField(
        label="Дата приказа",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Напишите дату так: 01.09.2023."},
    )
    has_ticket = forms.BooleanField(
        label="Участвует в проекте «Билет в будущее»",
        required=False,
        help_text="От участия зависит, какие мероприятия дорожной карты поручены школе.",
    )

    @staticmethod
    def known(school: Organization, academic_year: int) -> dict[str, Any]:
        """What the registry has for the year."""
        year = SchoolYear.objects.filter(organization=school, academic_year=academic_year).first()
        ticket = OrganizationTrait.objects.filter(
            organization=school, academic_year=academic_year, trait=Trait.TICKET_TO_FUTURE
        )
        return {
            "level": year.level_id if year else None,
            "order_number": year.order_number if year else "",
            "order_date": year.order_date if year else None,
            "has_ticket": ticket.exists(),
        }

    def clean(self) -> None:
        """An order has number and date, and fixes a level."""
        number, day, level = (self.cleaned_data.get(name) for name in ("order_number", "order_date", "level"))
        if number and not day and "order_date" not in self.errors:
            self.add_error("order_date", "Укажите дату приказа.")
        if day and not number and "order_number" not in self.errors:
            self.add_error("order_number", "Укажите номер приказа.")
        if number and not level:
            self.add_error("level", "Выберите уровень, который определён приказом.")


class DetailsForm(forms.Form):
    """Names and numbers of a school, and whom it answers to."""

    name = CheckedField(
        values.words_of("Наименование", values.NAME_LENGTH),
        label="Полное наименование",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Укажите полное наименование."},
    )
    short_name = CheckedField(
        values.words_of("Краткое наименование", values.SHORT_NAME_LENGTH),
        label="Краткое наименование",
        error_messages={"required": "Укажите краткое наименование."},
    )
    inn = CheckedField(parse_inn, label="ИНН", required=False, help_text="10 цифр.")
    ogrn = CheckedField(parse_ogrn, label="ОГРН", required=False, help_text="13 цифр.")
    parent = forms.ModelChoiceField(
        label="Кому подотчётна", queryset=Organization.objects.none(), error_messages={"required": "Выберите."}
    )

    def __init__(self, *args: Any, school: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        field = cast("forms.ModelChoiceField[Organization]", self.fields["parent"])
        field.queryset = parents_of(school)

    @staticmethod
    def known(school: Organization) -> Mapping[str, Any]:
        """What the registry has."""
        names = ("name", "short_name", "inn", "ogrn")
        return {**{name: getattr(school, name) for name in names}, "parent": school.parent_id}

    def clean(self) -> None:
        """Nobody else in the region has the numbers."""
        others = Organization.objects.filter(region=self.school.region_id).exclude(pk=self.school.pk)
        for field, label in (("inn", "ИНН"), ("ogrn", "ОГРН")):
            number = self.cleaned_data.get(field)
            if number and (owner := others.filter(**{field: number}).first()):
                self.add_error(field, f"{label} {number} принадлежит организации «{owner.short_name}».")

    def details(self) -> Details:
        """What was filled in."""
        return Details(**self.cleaned_data)


def parents_of(school: Organization) -> Any:
    """Whom schools of the region may answer to: its municipalities and its ministry."""
    kinds = [OrganizationKind.MINISTRY, OrganizationKind.MUNICIPALITY]
    return Organization.objects.filter(region=school.region_id, kind__in=kinds).active().order_by("kind", "short_name")
